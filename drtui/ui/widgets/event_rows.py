"""What is in one slot of a timeline, a row each."""

from collections.abc import Hashable

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import age_at, format_elapsed, format_minutes, format_short_age, format_short_duration
from drtui.core.summary.labels import expiry_text
from drtui.core.timeline.describe import event_label, event_name, event_time
from drtui.core.timeline.lanes import Event
from drtui.core.verdict.restore_points import RestorePoint
from drtui.ui.widgets.virtual_table import Column


def event_key(event: Event) -> Hashable:
    """What the cursor stays on."""
    return event.id


def build_columns(view: DisplayContext) -> tuple[Column[Event], ...]:
    """Sign and verdict, name, when, how long it took, and how long it stays."""

    def age(event: Event) -> str:
        moment = event_time(event)
        if moment is None:
            return "-"
        if isinstance(event, RestorePoint):
            old = age_at(moment, view.now)
            return "future?" if old is None else format_short_age(old)
        return (
            format_short_age(view.now - moment)
            if moment <= view.now
            else f"in {format_short_duration(moment - view.now)}"
        )

    return (
        Column("name", "WHAT", 20, event_name, flexible=True),
        Column("verdict", "VERDICT", 13, lambda each: event_label(each).text(plain=view.plain), _tone),
        Column("age", "AGE", 7, age, right=True),
        Column("started", "STARTED, DUE", 16, lambda each: format_minutes(event_time(each), view.zone), rank=1),
        Column("took", "TOOK", 9, _took, right=True, rank=2),
        Column("expires", "EXPIRES", 10, lambda each: _expires(each, view), right=True),
    )


def _tone(event: Event) -> str:
    return event_label(event).tone


def _took(event: Event) -> str:
    return format_elapsed(event.backup.duration) if isinstance(event, RestorePoint) else "-"


def _expires(event: Event, view: DisplayContext) -> str:
    return expiry_text(event.backup, view.now) if isinstance(event, RestorePoint) else "-"
