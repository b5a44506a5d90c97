"""What is in one slot of a timeline, a row each."""

from collections.abc import Hashable

from drtui.core.formatting.display import View
from drtui.core.formatting.times import age_at, clock, short_age, short_remaining, took
from drtui.core.summary.labels import expiry_of
from drtui.core.timeline.describe import mark_of_event, moment_of, name_of
from drtui.core.timeline.lanes import Event
from drtui.core.verdict.restore_points import RestorePoint
from drtui.ui.widgets.virtual_table import Column


def identity(event: Event) -> Hashable:
    """What the cursor stays on."""
    return event.id


def columns(view: View) -> tuple[Column[Event], ...]:
    """Sign and verdict, name, when, how long it took, and how long it stays."""

    def age(event: Event) -> str:
        moment = moment_of(event)
        if moment is None:
            return "-"
        if isinstance(event, RestorePoint):
            old = age_at(moment, view.now)
            return "future?" if old is None else short_age(old)
        return short_age(view.now - moment) if moment <= view.now else f"in {short_remaining(moment - view.now)}"

    return (
        Column("name", "WHAT", 20, name_of, flexible=True),
        Column("verdict", "VERDICT", 13, lambda each: mark_of_event(each).text(plain=view.plain), _tone),
        Column("age", "AGE", 7, age, right=True),
        Column("started", "STARTED, DUE", 16, lambda each: clock(moment_of(each), view.zone), rank=1),
        Column("took", "TOOK", 9, _took, right=True, rank=2),
        Column("expires", "EXPIRES", 10, lambda each: _expires(each, view), right=True),
    )


def _tone(event: Event) -> str:
    return mark_of_event(event).tone


def _took(event: Event) -> str:
    return took(event.backup.took) if isinstance(event, RestorePoint) else "-"


def _expires(event: Event, view: View) -> str:
    return expiry_of(event.backup, view.now) if isinstance(event, RestorePoint) else "-"
