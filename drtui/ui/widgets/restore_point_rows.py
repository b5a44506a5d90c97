"""Rows of the list: restore points, missed runs, and separators; and its title."""

import datetime as dt
from collections.abc import Collection, Hashable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from drtui.core.analysis.changes import PreviousLists
from drtui.core.comparison.selection import Id
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import format_age, format_duration, format_short_age
from drtui.core.formatting.text import cut_middle
from drtui.core.formatting.text import width as cells
from drtui.core.formatting.times import format_full, format_minutes, to_zone, zone_name
from drtui.core.listing.catalog import Catalog, Order
from drtui.core.listing.column_widths import DEFAULT_RANKS, MIN_WHY_CELLS, RANKS_IF_NOT_USABLE, ColumnWidths
from drtui.core.listing.columns import COLUMNS_BY_KEY, DEFAULT_SCREEN_COLUMNS, ListColumn
from drtui.core.listing.details import DetailLine
from drtui.core.listing.grouping import Group, Grouping, Row, group_heading
from drtui.core.listing.rows import MissedRun, change_text
from drtui.core.model.site_state import SiteState, awaits_first_lists
from drtui.core.query.highlight import Span
from drtui.core.query.query import Query
from drtui.core.schedules.schedule_runs import ScheduleState
from drtui.core.summary.labels import FAILED, MISSED, level_label, why_texts
from drtui.core.verdict.restore_points import RestorePoint
from drtui.ui.widgets.virtual_table import Column


def get_row_key(entry: Row) -> Hashable:
    """Return the identity of a row. Separators and group headings have none, because they cannot be selected."""
    return entry.id if isinstance(entry, RestorePoint | MissedRun) else None


def get_row_mark(
    marks: Collection[Id], failed: Collection[Id], previous: PreviousLists, entry: Row, *, plain: bool
) -> str:
    """Return the character between cursor and name: marked, else a failed run, else new or changed."""
    if not isinstance(entry, RestorePoint):
        return " "
    if entry.id in marks:
        return "#" if plain else "▪"
    if entry.id in failed:
        return FAILED.ascii if plain else FAILED.symbol
    change = previous.classify(entry)
    return change.sign if change is not None else " "


def get_separator_text(view: DisplayContext, entry: Row) -> tuple[str, str] | None:
    """Return the text and tone of a row without columns, or None."""
    if isinstance(entry, RestorePoint | MissedRun):
        return None
    if isinstance(entry, Group):
        return group_heading(entry, view), "strong"
    return f"{'--' if view.plain else '╌╌'} {change_text(entry)}", "muted"


FILTER_FIELDS = {"clusters": "cluster"}
"""Filter field of a column whose names differ."""


def find_column_highlights(query: Query, column: str, text: str) -> tuple[Span, ...]:
    """Return the parts of a column's text that match the filter."""
    return query.spans(FILTER_FIELDS.get(column, column), text)


class ColumnLayout(NamedTuple):
    """Heading, width and alignment of a column."""

    width: int = 0
    """Width in cells of values that are not measured; 0 for others."""
    label: str = ""
    """Heading; the column's key if empty."""
    is_right_aligned: bool = False
    always_visible: bool = False
    """True if the column is never left out in a narrow window."""


DATE_COLUMNS = frozenset({"started", "completed", "until"})
"""Columns whose heading names the time zone."""

PROSE_COLUMNS = frozenset({"description", "reason"})
"""Columns that contain sentences."""

AMPLE_WHY_CELLS = 40
"""Cells of the column of reasons, if they matter most, before minor columns get any room."""

MINOR_COLUMNS = frozenset({"kind", "release"})
"""Columns whose values hardly differ within a list."""

ARROW_CELLS = 2
"""Cells of the sort arrow after a heading."""

LAYOUTS = {
    "name": ColumnLayout(always_visible=True),
    "verdict": ColumnLayout(always_visible=True),
    "age": ColumnLayout(is_right_aligned=True, always_visible=True),
    "started": ColumnLayout(16),
    "expires": ColumnLayout(is_right_aligned=True, always_visible=True),
    "took": ColumnLayout(is_right_aligned=True),
    "completed": ColumnLayout(16),
    "until": ColumnLayout(16),
    "geodatabases": ColumnLayout(4, "GDBS", is_right_aligned=True),
    "buckets": ColumnLayout(is_right_aligned=True),
    "clusters": ColumnLayout(14),
    "window": ColumnLayout(9, is_right_aligned=True),
    "reason": ColumnLayout(MIN_WHY_CELLS, "WHY"),
}
"""Layout of columns. Columns that are always visible are wide enough for all of their values."""


def build_columns(keys: Sequence[str], view: DisplayContext, widths: ColumnWidths) -> tuple[Column[Row], ...]:
    """Return the columns of the list, the name first.

    In a narrow window the least important are left out: of the default columns by their rank, else the last ones.
    """
    ranks = {key: position for position, key in enumerate(keys)}
    if set(keys) | {"store"} == set(DEFAULT_SCREEN_COLUMNS):
        ranks = DEFAULT_RANKS if widths.is_newest_usable else RANKS_IF_NOT_USABLE
    return tuple(_build_column(COLUMNS_BY_KEY[key], ranks[key], view, widths) for key in keys)


def _build_column(field: ListColumn, rank: int, view: DisplayContext, widths: ColumnWidths) -> Column[Row]:
    layout = LAYOUTS.get(field.key, ColumnLayout())
    label = layout.label or field.key.upper()
    if field.key in DATE_COLUMNS:
        label = f"{label} ({zone_name(view.now, view.zone)})"
    return Column(
        field.key,
        label,
        max(layout.width or widths.cells.get(field.key, 0), cells(label) + ARROW_CELLS),
        partial(_get_row_text, field, view),
        _get_row_tone if field.key == "verdict" else None,
        shorter_texts=_list_why_texts if field.key == "reason" else None,
        is_right_aligned=layout.is_right_aligned,
        rank=0 if layout.always_visible else rank,
        is_flexible=field.key == "reason",
        ample_width=0 if widths.is_newest_usable else AMPLE_WHY_CELLS,
        is_minor=field.key in MINOR_COLUMNS,
        can_shrink=field.key == "name",
        is_prose=field.key in PROSE_COLUMNS,
        inverse_key="started" if field.key == "age" else "",
    )


def _get_row_text(field: ListColumn, view: DisplayContext, entry: Row) -> str:
    """Return the text of a column for a row."""
    if isinstance(entry, RestorePoint):
        return field.short(entry, view)
    return _get_missed_run_text(field.key, entry, view) if isinstance(entry, MissedRun) else ""


def _list_why_texts(entry: Row) -> tuple[str, ...]:
    return why_texts(entry) if isinstance(entry, RestorePoint) else ()


def _get_missed_run_text(key: str, run: MissedRun, view: DisplayContext) -> str:
    """Return the text of a column for a missed run."""
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
        case "reason":
            return f"since {to_zone(run.others[-1], view.zone):%Y-%m-%d}" if run.others else run.reason
        case _:
            return "-"


def _get_row_tone(entry: Row) -> str:
    return level_label(entry.verdict.level).tone if isinstance(entry, RestorePoint) else MISSED.tone


def build_missed_run_lines(run: MissedRun, now: int, zone: dt.tzinfo, *, plain: bool) -> Iterator[DetailLine]:
    """Yield the details of a missed run. `now` is in epoch ms."""
    schedule = run.schedule
    yield DetailLine(run.name)
    yield DetailLine((FAILED if run.reason else MISSED).text(plain=plain), tone=MISSED.tone)
    default_reason = f"no scheduled backup of this name started within {format_duration(schedule.tolerance)}"
    yield DetailLine(run.reason or default_reason, depth=1, tone=MISSED.tone)
    if run.others:
        yield DetailLine(f"{run.count:,}", "runs")
        yield DetailLine(format_full(run.others[-1], zone), "first due")
    yield DetailLine(format_full(run.at, zone), "last due" if run.others else "was due")
    yield DetailLine(f"{format_age(now - run.at)} ago", "age")
    if schedule.learned_because:
        yield DetailLine(f"inferred from backup names: {schedule.learned_because}", "known by", tone="warn")
    if schedule.task is not None:
        yield DetailLine(f"{schedule.task.cron or 'an interval'} (Quartz, UTC)", "schedule")
    tone = "" if schedule.state is ScheduleState.ACTIVE else "warn"
    yield DetailLine(schedule.state.value, "state", tone=tone)
    yield DetailLine(format_full(schedule.next_run, zone), "next run")
    yield DetailLine(schedule.store or "-", "store")


MARKED_NAME_CELLS = 24
"""Cells for the name of a marked restore point in the list's title."""


def describe_list(
    state: SiteState, catalog: Catalog, grouping: Grouping, change_text: str = "", marks: Sequence[Id] = ()
) -> str:
    """Return the list's title: number of restore points, store, grouping, `change_text`, order, marked ones."""
    if state.stores is None or state.stores.value is None or awaits_first_lists(state):
        return ""
    shown_count, total, store = len(catalog.points), catalog.store_count, catalog.store
    scope = f"in {store}" if store is not None else "in all stores"
    scope += f", by {grouping.value}" if grouping is not Grouping.NONE else ""
    scope += f", {change_text}" if change_text else ""
    scope += f", {_describe_order(catalog.order)}"
    counts = f"{shown_count:,} of {total:,} {scope}" if catalog.filter else f"{total:,} {scope}"
    names = " and ".join(cut_middle(name or "(no name)", MARKED_NAME_CELLS) for _, name in marks)
    return f"{counts}, marked: {names}" if names else counts


def _describe_order(order: Order) -> str:
    """Return the order of the list: `newest first`, or the column and its direction."""
    if order.is_oldest_first is not None:
        return "oldest first" if order.is_oldest_first else "newest first"
    return f"by {order.key}{', descending' if order.is_descending else ''}"
