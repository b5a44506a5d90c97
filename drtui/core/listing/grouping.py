"""Group the list of restore points by day, store or schedule."""

import datetime as dt
import enum
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial

from msgspec import Struct

from drtui.core.analysis.capture_window import InstanceChange
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import format_age
from drtui.core.formatting.text import cut, plural
from drtui.core.formatting.times import to_zone
from drtui.core.listing.catalog import Order
from drtui.core.listing.rows import Entry, MissedRun, row_time
from drtui.core.model.backup import Backup
from drtui.core.schedules.inference import name_prefix
from drtui.core.schedules.schedule_runs import ScheduleRuns
from drtui.core.summary.labels import level_label, origin_text
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.rules import Level


class Grouping(enum.Enum):
    """The property that the rows of a group share."""

    NONE = "none"
    DAY = "day"
    STORE = "store"
    SCHEDULE = "schedule"


class Group(Struct, frozen=True):
    """A group heading with the figures of its rows."""

    name: str
    point_count: int
    """Number of restore points."""
    missed_count: int
    """Number of missed runs."""
    failed_count: int
    """Number of failed runs."""
    worst_level: Level | None
    """The worst verdict; None if the group has no restore point."""
    newest_usable_start: int | None
    """Start of the newest usable restore point, epoch ms; None if no restore point is usable."""


Row = Entry | Group
"""One row of the grouped list."""

MAX_NAME_CELLS = 40
"""Maximum width of a group's name in its heading, in cells."""

LEVELS_BY_SEVERITY = (Level.USABLE, Level.RUNNING, Level.DOUBTFUL, Level.CANNOT_TELL, Level.EXPIRED, Level.NOT_USABLE)
"""Levels from best to worst within a group: a backup that is still running is not a problem."""

GroupKey = tuple[int, str]
"""Rank and name of a group: rank 0, or 1 for rows without the property, which come last."""


def group_rows(
    entries: Sequence[Entry], grouping: Grouping, order: Order, zone: dt.tzinfo, schedules: Sequence[ScheduleRuns]
) -> tuple[Row, ...]:
    """Group entries under headings and keep their order within each group.

    Days are those of `zone`, the newest first unless the order is oldest first.
    """
    if grouping is Grouping.NONE:
        return tuple(entries)
    key_of: Callable[[Entry], GroupKey]
    match grouping:
        case Grouping.DAY:
            key_of = partial(_day_key, zone)
        case Grouping.STORE:
            key_of = _store_key
        case _:
            key_of = _ScheduleNames(schedules).group_key
    groups: defaultdict[GroupKey, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[key_of(entry)].append(entry)
    if grouping is Grouping.DAY:
        is_descending = order.is_oldest_first is not True
    else:
        is_descending = order.key == grouping.value and order.is_descending
    keys = sorted(sorted(groups, reverse=is_descending), key=lambda key: key[0])
    failed = {run.backup.id for schedule in schedules for run in schedule.failed_runs if run.backup is not None}
    return tuple(row for key in keys for row in (_make_group(key[1], groups[key], failed), *groups[key]))


def _make_group(name: str, entries: Sequence[Entry], failed: Collection[tuple[str, str]]) -> Group:
    points = [entry for entry in entries if isinstance(entry, RestorePoint)]
    runs = [entry for entry in entries if isinstance(entry, MissedRun)]
    return Group(
        name,
        point_count=len(points),
        missed_count=sum(not run.reason for run in runs),
        failed_count=sum(bool(run.reason) for run in runs) + sum(point.id in failed for point in points),
        worst_level=max((point.verdict.level for point in points), key=LEVELS_BY_SEVERITY.index, default=None),
        newest_usable_start=max((point.backup.start or 0 for point in points if point.verdict.is_usable), default=None),
    )


def group_heading(group: Group, view: DisplayContext) -> str:
    """Return a heading of one line: `nightly: 34 restore points, all usable, newest 6 h 12 min old`."""
    return f"{cut(group.name, MAX_NAME_CELLS)}: {', '.join(_heading_parts(group, view))}"


def _heading_parts(group: Group, view: DisplayContext) -> Iterator[str]:
    yield plural(group.point_count, "restore point", "restore points") if group.point_count else "no restore point"
    if group.worst_level is Level.USABLE:
        yield "all usable" if group.point_count > 1 else "usable"
    elif group.worst_level is not None:
        yield f"worst: {level_label(group.worst_level).text(plain=view.plain)}"
    if group.newest_usable_start is not None:
        which = "" if group.point_count == 1 else "newest " if group.worst_level is Level.USABLE else "newest usable "
        yield f"{which}{format_age(view.now - group.newest_usable_start)} old"
    elif group.point_count > 1:
        yield "nothing usable"
    if group.missed_count:
        yield f"{plural(group.missed_count, 'run', 'runs')} missed"
    if group.failed_count:
        yield f"{plural(group.failed_count, 'run', 'runs')} failed"


def _backup(entry: RestorePoint | InstanceChange) -> Backup:
    """Return the backup of a restore point, or the first backup of the new instance for an instance change."""
    return entry.backup if isinstance(entry, RestorePoint) else entry.after.backup


def _day_key(zone: dt.tzinfo, entry: Entry) -> GroupKey:
    moment = row_time(entry)
    return (0, to_zone(moment, zone).date().isoformat()) if moment else (1, "no date")


def _store_key(entry: Entry) -> GroupKey:
    return 0, entry.schedule.store if isinstance(entry, MissedRun) else _backup(entry).store


class _ScheduleNames:
    """The name of the schedule of each entry: the title of a task, or the prefix of the backups' names."""

    def __init__(self, schedules: Sequence[ScheduleRuns]) -> None:
        self._titles = Counter(schedule.title for schedule in schedules)
        self._by_prefix: defaultdict[str, list[ScheduleRuns]] = defaultdict(list)
        for schedule in schedules:
            self._by_prefix[schedule.prefix].append(schedule)

    def group_key(self, entry: Entry) -> GroupKey:
        """Return the group of an entry."""
        if isinstance(entry, MissedRun):
            return 0, self._title(entry.schedule)
        backup = _backup(entry)
        if not backup.is_scheduled:
            kind = origin_text(backup)
            return 1, "of unknown kind" if kind == "-" else kind
        prefix = name_prefix(backup)
        if not prefix:
            return 1, "no schedule's name"
        schedules = self._by_prefix.get(prefix, [])
        if len(schedules) > 1:
            stores = {backup.store, backup.recorded_store}
            schedules = [schedule for schedule in schedules if schedule.store in stores]
        return 0, self._title(schedules[0]) if schedules else prefix

    def _title(self, schedule: ScheduleRuns) -> str:
        return schedule.title if self._titles[schedule.title] == 1 else f"{schedule.title} in {schedule.store}"
