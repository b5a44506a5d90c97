"""The rows of the list: restore points, runs that left none, and lines between them."""

import datetime as dt
from collections.abc import Collection, Hashable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from drtui.core.analysis.changes import PreviousLists
from drtui.core.comparison.selection import Id
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import width as cells
from drtui.core.formatting.times import (
    format_age,
    format_duration,
    format_full,
    format_minutes,
    format_short_age,
    zone_name,
)
from drtui.core.listing.columns import COLUMNS_BY_KEY, ListColumn
from drtui.core.listing.details import DetailLine
from drtui.core.listing.grouping import Group, Row, group_heading
from drtui.core.listing.rows import MissedRun, change_text
from drtui.core.query.highlight import Span
from drtui.core.query.query import Query
from drtui.core.schedules.schedule_runs import ScheduleState
from drtui.core.summary.labels import FAILED, MISSED, level_label
from drtui.core.verdict.restore_points import RestorePoint
from drtui.ui.widgets.virtual_table import Column


def row_key(entry: Row) -> Hashable:
    """What the cursor stays on; a line between two restore points, or above a group, cannot be chosen."""
    return entry.id if isinstance(entry, RestorePoint | MissedRun) else None


def row_mark(marks: Collection[Id], failed: Collection[Id], previous: PreviousLists, entry: Row, *, plain: bool) -> str:
    """Return the sign between cursor and name: marked, else a failed run, else new or changed."""
    if not isinstance(entry, RestorePoint):
        return " "
    if entry.id in marks:
        return "*" if plain else "▪"
    if entry.id in failed:
        return "!"
    change = previous.classify(entry)
    return change.sign if change is not None else " "


def separator_text(view: DisplayContext, entry: Row) -> tuple[str, str] | None:
    """The text and tone of a row that has no columns."""
    if isinstance(entry, RestorePoint | MissedRun):
        return None
    if isinstance(entry, Group):
        return group_heading(entry, view), "strong"
    return f"{'--' if view.plain else '╌╌'} {change_text(entry)}", "muted"


FILTER_FIELDS = {"clusters": "cluster"}
"""Columns that the filter calls otherwise."""


def column_spans(query: Query, column: str, text: str) -> tuple[Span, ...]:
    """Where in the text of a column stands what is looked for."""
    return query.spans(FILTER_FIELDS.get(column, column), text)


class ColumnLayout(NamedTuple):
    """How a column stands in the list."""

    width: int
    label: str = ""
    """Its key, if it is not given."""
    is_right_aligned: bool = False
    always_visible: bool = False
    """Whether it never gives way, however narrow the window is."""


DATE_COLUMNS = frozenset({"started", "completed", "until"})
"""Columns whose heading names the zone."""

PROSE_COLUMNS = frozenset({"description", "reason"})
"""Columns of sentences."""

LAYOUTS = {
    "name": ColumnLayout(30, "RESTORE POINT", always_visible=True),
    "verdict": ColumnLayout(13, always_visible=True),
    "age": ColumnLayout(7, is_right_aligned=True, always_visible=True),
    "started": ColumnLayout(16),
    "expires": ColumnLayout(10, is_right_aligned=True, always_visible=True),
    "store": ColumnLayout(14),
    "took": ColumnLayout(9, is_right_aligned=True),
    "kind": ColumnLayout(9),
    "release": ColumnLayout(9),
    "completed": ColumnLayout(16),
    "until": ColumnLayout(16),
    "geodatabases": ColumnLayout(5, "GDB", is_right_aligned=True),
    "buckets": ColumnLayout(9, is_right_aligned=True),
    "clusters": ColumnLayout(14),
    "window": ColumnLayout(9, is_right_aligned=True),
    "site": ColumnLayout(14),
    "namespace": ColumnLayout(14),
    "type": ColumnLayout(8),
    "description": ColumnLayout(30),
    "reason": ColumnLayout(40),
}
"""Of every column that there is; what stays is wide enough for whatever it may have to say."""


def build_columns(keys: Sequence[str], view: DisplayContext) -> tuple[Column[Row], ...]:
    """The columns of the list, the name first; where there is no room for all, the last ones give way."""
    return tuple(_column(COLUMNS_BY_KEY[key], position, view) for position, key in enumerate(keys))


def _column(field: ListColumn, position: int, view: DisplayContext) -> Column[Row]:
    layout = LAYOUTS[field.key]
    label = layout.label or field.key.upper()
    width = layout.width
    if field.key in DATE_COLUMNS:
        label = f"{label} ({zone_name(view.now, view.zone)})"
        width = max(width, cells(label) + 2)
    return Column(
        field.key,
        label,
        width,
        partial(_row_text, field, view),
        _row_tone if field.key == "verdict" else None,
        right=layout.is_right_aligned,
        rank=0 if layout.always_visible else position,
        flexible=field.key == "name",
        is_prose=field.key in PROSE_COLUMNS,
        inverse_key="started" if field.key == "age" else "",
    )


def _row_text(field: ListColumn, view: DisplayContext, entry: Row) -> str:
    """What a column says of an entry."""
    if isinstance(entry, RestorePoint):
        return field.short(entry, view)
    return _missed_run_text(field.key, entry, view) if isinstance(entry, MissedRun) else ""


def _missed_run_text(key: str, run: MissedRun, view: DisplayContext) -> str:
    """What a column says of a run that left no backup."""
    match key:
        case "name":
            return run.name
        case "verdict":
            return (FAILED if run.reason else MISSED).text(plain=view.plain)
        case "age":
            return format_short_age(view.now - run.at)
        case "started":
            return format_minutes(run.at, view.zone)
        case "store":
            return run.schedule.store
        case "kind":
            return "scheduled"
        case _:
            return "-"


def _row_tone(entry: Row) -> str:
    return level_label(entry.verdict.level).tone if isinstance(entry, RestorePoint) else MISSED.tone


def missed_run_lines(run: MissedRun, now: int, zone: dt.tzinfo, *, plain: bool) -> Iterator[DetailLine]:
    """A run that left no backup, laid out for reading."""
    plan = run.schedule
    yield DetailLine(run.name)
    yield DetailLine((FAILED if run.reason else MISSED).text(plain=plain), tone=MISSED.tone)
    default_reason = f"no scheduled backup of this name started within {format_duration(plan.tolerance)}"
    yield DetailLine(run.reason or default_reason, depth=1, tone=MISSED.tone)
    yield DetailLine(format_full(run.at, zone), "was due")
    yield DetailLine(f"{format_age(now - run.at)} ago", "age")
    if plan.learned_because:
        yield DetailLine(f"learned from the names of its backups: {plan.learned_because}", "known by", tone="warn")
    if plan.task is not None:
        yield DetailLine(f"{plan.task.cron or 'an interval'} (Quartz, UTC)", "schedule")
    tone = "" if plan.state is ScheduleState.ACTIVE else "warn"
    yield DetailLine(plan.state.value, "state", tone=tone)
    yield DetailLine(format_full(plan.next_run, zone), "next run")
    yield DetailLine(plan.store or "-", "store")
