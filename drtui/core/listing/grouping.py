"""The list in groups: by the day on which they started, by store, or by the schedule that made them."""

import datetime as dt
import enum
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence

from msgspec import Struct

from drtui.core.analysis.capture_window import InstanceChange
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import cut, plural
from drtui.core.formatting.times import format_age, to_zone
from drtui.core.listing.catalog import Order
from drtui.core.listing.rows import Entry, MissedRun
from drtui.core.model.backup import Backup
from drtui.core.schedules.inference import name_prefix
from drtui.core.schedules.schedule_runs import ScheduleRuns
from drtui.core.summary.labels import level_label, origin_text
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.verdict import Level


class Grouping(enum.Enum):
    """What the rows of a group have in common."""

    NONE = "none"
    DAY = "day"
    STORE = "store"
    SCHEDULE = "schedule"


class Group(Struct, frozen=True):
    """The heading of a group."""

    name: str
    point_count: int
    """Of its restore points."""
    missed_count: int
    """Runs of schedules that left none."""
    failed_count: int
    """Runs of schedules that failed."""
    worst_level: Level | None
    """None if there is no restore point in it."""
    newest_usable_start: int | None
    """When the newest usable one started, epoch ms."""


Row = Entry | Group
"""One row of the list in groups."""

MAX_NAME_CELLS = 40
"""Cells of a group's name in its heading: what is said of it has to have room."""

LEVELS_BY_SEVERITY = (Level.USABLE, Level.RUNNING, Level.DOUBTFUL, Level.CANNOT_TELL, Level.EXPIRED, Level.NOT_USABLE)
"""Which verdict of a group is worth a word: one that is still being made is no bad sign."""

GroupKey = tuple[int, str]
"""Where a group stands, and its name: those that have something in common only by lacking it come last."""


def group_rows(
    listed: Sequence[Entry], grouping: Grouping, order: Order, zone: dt.tzinfo, plans: Sequence[ScheduleRuns]
) -> tuple[Row, ...]:
    """The same rows in the same order, each group under its heading. Days are those of `zone`, the newest first."""
    if grouping is Grouping.NONE:
        return tuple(listed)
    place_of = _placing(grouping, zone, plans)
    groups: defaultdict[GroupKey, list[Entry]] = defaultdict(list)
    for each in listed:
        groups[place_of(each)].append(each)
    if grouping is Grouping.DAY:
        down = order.is_oldest_first is not True
    else:
        down = order.key == grouping.value and order.descending
    places = sorted(sorted(groups, reverse=down), key=lambda place: place[0])
    failed = {run.backup.id for plan in plans for run in plan.failed_runs if run.backup is not None}
    return tuple(row for place in places for row in (_headed(place[1], groups[place], failed), *groups[place]))


def _headed(name: str, listed: Sequence[Entry], failed: Collection[tuple[str, str]]) -> Group:
    points = [each for each in listed if isinstance(each, RestorePoint)]
    runs = [each for each in listed if isinstance(each, MissedRun)]
    return Group(
        name,
        point_count=len(points),
        missed_count=len(runs) - sum(bool(run.reason) for run in runs),
        failed_count=sum(bool(run.reason) for run in runs) + sum(point.id in failed for point in points),
        worst_level=max((each.verdict.level for each in points), key=LEVELS_BY_SEVERITY.index, default=None),
        newest_usable_start=max((each.backup.start or 0 for each in points if each.verdict.is_usable), default=None),
    )


def group_heading(group: Group, view: DisplayContext) -> str:
    """A group in one line: `nightly: 34 restore points, all usable, newest 6 h 12 min old`."""
    return f"{cut(group.name, MAX_NAME_CELLS)}: {', '.join(_said(group, view))}"


def _said(group: Group, view: DisplayContext) -> Iterator[str]:
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


def _placing(grouping: Grouping, zone: dt.tzinfo, plans: Sequence[ScheduleRuns]) -> Callable[[Entry], GroupKey]:
    """To which group an entry belongs."""
    match grouping:
        case Grouping.DAY:
            return lambda entry: _day(_started(entry), zone)
        case Grouping.STORE:
            return lambda entry: (0, entry.schedule.store if isinstance(entry, MissedRun) else _backup(entry).store)
        case _:
            return _Schedules(plans).place


def _backup(entry: RestorePoint | InstanceChange) -> Backup:
    """The restore point itself; a line about a change belongs to the one from which on there is another instance."""
    return entry.backup if isinstance(entry, RestorePoint) else entry.after.backup


def _started(entry: Entry) -> int | None:
    return entry.at if isinstance(entry, MissedRun) else _backup(entry).start


def _day(moment: int | None, zone: dt.tzinfo) -> GroupKey:
    return (1, "no date") if moment is None else (0, to_zone(moment, zone).date().isoformat())


class _Schedules:
    """The names of schedules: by the titles of their tasks, or what the names of their backups begin with."""

    def __init__(self, plans: Sequence[ScheduleRuns]) -> None:
        self._titles = Counter(plan.title for plan in plans)
        self._plans: defaultdict[str, list[ScheduleRuns]] = defaultdict(list)
        for plan in plans:
            self._plans[plan.prefix].append(plan)

    def place(self, entry: Entry) -> GroupKey:
        """Where an entry belongs."""
        return (0, self._title(entry.schedule)) if isinstance(entry, MissedRun) else self._of(_backup(entry))

    def _of(self, backup: Backup) -> GroupKey:
        if not backup.is_scheduled:
            kind = origin_text(backup)
            return 1, "of unknown kind" if kind == "-" else kind
        prefix = name_prefix(backup)
        if not prefix:
            return 1, "no schedule's name"
        plans = self._plans.get(prefix, [])
        if len(plans) > 1:
            plans = [plan for plan in plans if plan.store in {backup.store, backup.recorded_store}]
        return 0, self._title(plans[0]) if plans else prefix

    def _title(self, plan: ScheduleRuns) -> str:
        return plan.title if self._titles[plan.title] == 1 else f"{plan.title} in {plan.store}"
