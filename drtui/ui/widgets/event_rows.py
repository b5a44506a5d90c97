"""Rows of the screen *timeline*: the events in one slot."""

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import age_at, format_elapsed, format_short_age, format_short_duration
from drtui.core.formatting.times import format_minutes
from drtui.core.summary.labels import expiry_text
from drtui.core.timeline.describe import event_label, event_name, event_time
from drtui.core.timeline.lanes import Event
from drtui.core.verdict.restore_points import RestorePoint
from drtui.ui.widgets.virtual_table import Column


def build_columns(view: DisplayContext) -> tuple[Column[Event], ...]:
    """Return the columns: name, verdict, age, start, duration, and time to expiry."""

    def format_event_age(event: Event) -> str:
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
        Column("name", "WHAT", 20, event_name, is_flexible=True),
        Column("verdict", "VERDICT", 13, lambda event: event_label(event).text(plain=view.plain), _get_tone),
        Column("age", "AGE", 7, format_event_age, is_right_aligned=True),
        Column("started", "STARTED, DUE", 16, lambda event: format_minutes(event_time(event), view.zone), rank=1),
        Column("took", "TOOK", 9, _format_duration, is_right_aligned=True, rank=2),
        Column("expires", "EXPIRES", 10, lambda event: _format_expiry(event, view), is_right_aligned=True),
    )


def _get_tone(event: Event) -> str:
    return event_label(event).tone


def _format_duration(event: Event) -> str:
    return format_elapsed(event.backup.duration) if isinstance(event, RestorePoint) else "-"


def _format_expiry(event: Event, view: DisplayContext) -> str:
    return expiry_text(event.backup, view.now) if isinstance(event, RestorePoint) else "-"
