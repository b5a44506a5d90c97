"""Did the schedules run: expected runs, those that were missed, and how the next ones stand (RULES E).

A run that never started leaves no record, so that only the schedule, or the names of earlier runs, can tell of it.
"""

import enum
from bisect import bisect_left
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from drtui.model.backup import Backup
from drtui.model.catalog import RestorePoint
from drtui.model.exposure import is_whole
from drtui.model.families import EARLY, GRACE, Family, apart, families, matched, started, tolerance_of
from drtui.model.gaps import Gap, Worst, gaps, known_since, none_whole, worst
from drtui.model.moment import DAY
from drtui.model.quartz import Quartz
from drtui.model.reading import Past, Reading
from drtui.model.rhythm import is_regular, missing, period_of
from drtui.model.site import Schedule
from drtui.model.timetable import Interval, TimetableError, newest, timetable

LOOK_BACK = 90 * DAY
"""How far back expected runs are looked for, in milliseconds."""

MOST_RUNS = 5_000
"""Of one schedule; the newest, where there are more."""

ENOUGH = 3
"""Backups of one name that teach a cadence."""

GIVEN_UP = 30 * DAY
"""A cadence that is only known from names is no longer expected after this, in milliseconds."""


class Standing(enum.Enum):
    """Whether a schedule will run (RULES R54)."""

    ACTIVE = "active"
    PAUSED = "paused"
    DISAGREES = "disagrees"
    """Its state and its flag say different things."""
    UNKNOWN = "unknown"


class Run(Struct, frozen=True):
    """A moment at which a schedule had to run, and the backup that it made, whatever became of that."""

    at: int
    """Epoch ms."""
    backup: Backup | None


class Plan(Struct, frozen=True):
    """One backup schedule: as its task says, or as the names of its backups teach."""

    prefix: str
    """What the names of its backups begin with."""
    store: str
    title: str
    schedule: Schedule | None
    """None when it was learned from names (RULES R51)."""
    standing: Standing
    next: int | None
    """Its next run, epoch ms; None for one that is paused, or cannot be told."""
    tolerance: int
    """Milliseconds after its moment from which on a run counts as missed (RULES R52)."""
    runs: tuple[Run, ...]
    """Oldest first, those that are not over yet left out."""
    trouble: str = ""
    """Why its runs cannot be told."""
    cut: bool = False
    """Whether there were more runs than these newest ones."""

    @property
    def missed(self) -> tuple[Run, ...]:
        """Those that nothing came of."""
        return tuple(run for run in self.runs if run.backup is None)

    @property
    def overdue(self) -> bool:
        """Whether the latest run was missed."""
        return bool(self.runs) and self.runs[-1].backup is None


class Cadence(Struct, frozen=True):
    """The schedules, and how long there was nothing to restore from."""

    plans: tuple[Plan, ...]
    gaps: tuple[Gap, ...]
    """Those longer than the target by more than the grace that jitter is given, newest first (RULES R52)."""
    worst: tuple[Worst, ...]
    """The worst gap of the last 7, 30 and 90 days."""
    learned: bool
    """Whether the tasks could not be read, so that the plans are learned from names."""
    cleaner_paused: bool
    """Whether nothing will be cleaned up (RULES R45)."""
    none_whole: bool
    """Whether no whole backup is known: gaps are between whole ones, and there may be none to count."""

    @property
    def missed(self) -> tuple[tuple[Plan, Run], ...]:
        """Every run that was missed, newest first."""
        found = [(plan, run) for plan in self.plans for run in plan.missed]
        return tuple(sorted(found, key=lambda pair: -pair[1].at))

    @property
    def overdue(self) -> tuple[Plan, ...]:
        """The schedules whose latest run was missed."""
        return tuple(plan for plan in self.plans if plan.overdue)


def cadence(reading: Reading, points: Sequence[RestorePoint], now: int, target: int) -> Cadence:
    """The cadence of a site at `now` (epoch ms) against a target in milliseconds. Never raises."""
    backups = [*(point.backup for point in points), *reading.past.backups]
    by_prefix = families(backups)
    schedules = reading.schedules.value if reading.schedules else None
    if schedules is None and reading.schedules is None and not reading.complete:
        plans: tuple[Plan, ...] = ()  # they may still arrive
    elif schedules is None:
        alike = [(prefix, each) for prefix, family in by_prefix.items() for each in apart(family)]
        plans = tuple(_learned(reading, prefix, each, now) for prefix, each in alike if len(each) >= ENOUGH)
    else:
        ours = [each for each in schedules if each.makes_backups]
        plans = tuple(_planned(reading, each, _family(each, ours, by_prefix), now) for each in ours)
    since = known_since(backups, now, reading.past)
    found = gaps(backups, now, since)
    cleaners = [each for each in schedules or () if each.cleans]
    return Cadence(
        plans=plans,
        gaps=tuple(gap for gap in reversed(found) if gap.length > target + GRACE),
        worst=worst(found, now, since),
        learned=schedules is None and bool(plans),
        cleaner_paused=bool(cleaners) and all(standing(each) is Standing.PAUSED for each in cleaners),
        none_whole=none_whole(backups),
    )


def _family(schedule: Schedule, schedules: Sequence[Schedule], by_prefix: dict[str, Family]) -> Family:
    """Its backups: by their prefix, and by their store only if another schedule has the same prefix."""
    found = by_prefix.get(schedule.prefix, [])
    if sum(each.prefix == schedule.prefix for each in schedules) == 1:
        return found
    return [backup for backup in found if schedule.store in {backup.store, backup.recorded_store}]


def _read_at(reading: Reading, store: str, now: int) -> int | None:
    """When the list was read in which a schedule's backups would be: of what comes after, it knows nothing."""
    answer = reading.backups.get(store)
    if answer is None:
        read = reading.read if is_whole(reading) else None
    else:
        read = answer.at if answer.value is not None else None
    return None if read is None else min(read, now)


_STATES = {"active": True, "paused": False, "inactive": False}


def standing(schedule: Schedule) -> Standing:
    """Whether a schedule will run, from its two states (RULES R54)."""
    named = _named(schedule)
    known = {flag for flag in (named, schedule.active) if flag is not None}
    if len(known) == 2:
        return Standing.DISAGREES
    if not known or (schedule.state and named is None):
        return Standing.UNKNOWN
    return Standing.ACTIVE if known == {True} else Standing.PAUSED


def _named(schedule: Schedule) -> bool | None:
    return _STATES.get(schedule.state.strip().lower())


def _is_stopped(schedule: Schedule) -> bool:
    """Whether either of its states says that it will not run: no next run is promised then."""
    return _named(schedule) is False or schedule.active is False


def _planned(reading: Reading, schedule: Schedule, family: Sequence[Backup], now: int) -> Plan:
    """What a task says of itself, with its runs."""
    title = schedule.title or schedule.prefix or schedule.id
    plan = Plan(
        schedule.prefix, schedule.store, title, schedule, standing(schedule), None, tolerance_of(family), runs=()
    )
    try:
        due = timetable(schedule)
    except TimetableError as error:
        return replace(plan, trouble=str(error))
    if not _is_stopped(schedule):
        plan = replace(plan, next=due.after(max(now, (schedule.starts or 0) - 1)))
    read = _read_at(reading, schedule.store, now)
    if read is None:
        return replace(plan, trouble="the backups of its store are not read")
    if not schedule.prefix:
        return replace(plan, trouble="it does not say what the names of its backups begin with")
    start = _known_since(schedule, family, now, plan.tolerance, reading.past)
    return plan if start is None else _with_runs(plan, due, family, (start, read))


def _known_since(schedule: Schedule, family: Sequence[Backup], now: int, tolerance: int, past: Past) -> int | None:
    """From when on a run without a backup was missed: before, it may have been cleaned up, or not been planned."""
    limits = [each for each in (schedule.created, schedule.starts) if each is not None]
    if family:
        limits.append(started(family[0]) - tolerance)
    if not limits:
        return None
    if schedule.retention_offset is not None and schedule.retention_offset > 0:
        cleaned = past.known_since(schedule.retention_offset, now)
        # What did not start was not cleaned up either.
        limits.append(cleaned if schedule.last_start is None else min(cleaned, schedule.last_start + EARLY))
    return max(*limits, now - LOOK_BACK)


def _with_runs(plan: Plan, due: Quartz | Interval, family: Sequence[Backup], known: tuple[int, int]) -> Plan:
    """The plan with those of its runs that are over, within the span for which the list knows."""
    start, read = known
    found = newest(due, start, read - plan.tolerance, MOST_RUNS)
    over = found[-MOST_RUNS:]
    # A backup belongs to the latest run before it, even if that is not over yet.
    going = due.between(max(start, read - plan.tolerance + 1), read)
    made = matched([*over, *going], family, plan.tolerance)
    runs = tuple(Run(moment, made.get(moment)) for moment in over)
    updated = plan.schedule.updated if plan.schedule else None
    return replace(plan, runs=_as_planned_now(runs, family, updated), cut=len(found) > MOST_RUNS)


def _as_planned_now(runs: tuple[Run, ...], family: Sequence[Backup], updated: int | None) -> tuple[Run, ...]:
    """Without those from before it was edited, unless it was due at the same times then, as its backups show."""
    if updated is None or not family or started(family[0]) >= updated:
        return runs
    before = bisect_left(runs, updated, key=lambda run: run.at)
    made = [number for number, run in enumerate(runs[:before]) if run.backup is not None]
    if len(made) > 1 and 2 * (len(made) - 1) >= made[-1] - made[0]:
        return runs
    return runs[before:]


def _learned(reading: Reading, prefix: str, family: Sequence[Backup], now: int) -> Plan:
    """A cadence learned from when the backups of one name started."""
    starts = [started(backup) for backup in family]
    period, store, tolerance = period_of(starts), family[-1].store, tolerance_of(family)
    plan = Plan(prefix, store, prefix, None, Standing.UNKNOWN, None, tolerance, ())
    if now - starts[-1] > GIVEN_UP + period:
        return replace(plan, trouble="none of its backups is recent: it may have been given up")
    if not is_regular(starts, period):
        return replace(plan, trouble="its backups come too irregularly to say when one was due")
    read = _read_at(reading, store, now)
    first, until = now - LOOK_BACK, (now if read is None else read) - tolerance
    runs = [Run(started(backup), backup) for backup in family if first <= started(backup) <= until]
    runs += [Run(moment, None) for moment in missing(starts, period, first, until, MOST_RUNS)]
    runs.sort(key=lambda run: run.at)
    return replace(plan, runs=tuple(runs[-MOST_RUNS:]), cut=len(runs) > MOST_RUNS)
