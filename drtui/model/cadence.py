"""Did the schedules run: expected runs, those that were missed, and how the next ones stand (RULES E).

A run that never started leaves no record, so that only the schedule, or the names of earlier runs, can tell of it.
"""

import enum
import statistics
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from drtui.model.backup import Backup
from drtui.model.catalog import RestorePoint
from drtui.model.exposure import is_whole
from drtui.model.families import families, started
from drtui.model.gaps import Gap, Worst, gaps, worst
from drtui.model.moment import DAY, LAST, MINUTE, SECOND
from drtui.model.quartz import Quartz, QuartzError
from drtui.model.reading import Reading
from drtui.model.site import Schedule

LOOK_BACK = 90 * DAY
"""How far back expected runs are looked for, in milliseconds."""

MOST_RUNS = 5_000
"""Of one schedule; the newest, where there are more."""

GRACE = 30 * MINUTE
"""What jitter is given: after the longest usual duration, before a run counts as missed; milliseconds (RULES R52)."""

EARLY = MINUTE
"""How far a backup may start before its run: two clocks are never quite the same. Milliseconds."""

ENOUGH = 3
"""Backups of one name that teach a cadence."""

WEEK = 7 * DAY

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
    backups = [point.backup for point in points]
    by_prefix = families(backups)
    schedules = reading.schedules.value if reading.schedules else None
    if schedules is None and reading.schedules is None and not reading.complete:
        plans: tuple[Plan, ...] = ()  # they may still arrive
    elif schedules is None:
        plans = tuple(_learned(prefix, each, now) for prefix, each in by_prefix.items() if len(each) >= ENOUGH)
    else:
        plans = tuple(
            _planned(reading, each, by_prefix.get(each.prefix, []), now) for each in schedules if each.makes_backups
        )
    found = gaps(backups, now)
    cleaners = [each for each in schedules or () if each.cleans]
    return Cadence(
        plans=plans,
        gaps=tuple(gap for gap in reversed(found) if gap.length > target + GRACE),
        worst=worst(found, backups, now),
        learned=schedules is None and bool(plans),
        cleaner_paused=bool(cleaners) and all(standing(each) is Standing.PAUSED for each in cleaners),
    )


def _is_read(reading: Reading, store: str) -> bool:
    """Whether the list is known in which a schedule's backups would be: else none of its runs can be called missed."""
    answer = reading.backups.get(store)
    return answer.value is not None if answer is not None else is_whole(reading)


def standing(schedule: Schedule) -> Standing:
    """Whether a schedule will run, from its two states (RULES R54)."""
    named = {"active": True, "paused": False, "inactive": False}.get(schedule.state.strip().lower())
    known = {flag for flag in (named, schedule.active) if flag is not None}
    if len(known) == 2:
        return Standing.DISAGREES
    if not known or (schedule.state and named is None):
        return Standing.UNKNOWN
    return Standing.ACTIVE if known == {True} else Standing.PAUSED


def _tolerance(family: Sequence[Backup]) -> int:
    """The longest usual duration and half an hour more (RULES R52); the slowest tenth is not usual."""
    durations = sorted(each.took for each in family if each.took is not None)
    usual = durations[: max(1, len(durations) * 9 // 10)]
    return min((usual[-1] if usual else 0) + GRACE, DAY)


def _planned(reading: Reading, schedule: Schedule, family: Sequence[Backup], now: int) -> Plan:
    """What a task says of itself, with its runs."""
    if not _is_read(reading, schedule.store):
        return replace(_plan(schedule, family), trouble="the backups of its store are not read")
    how, plan = standing(schedule), _plan(schedule, family)
    start = _known_since(schedule, family, now, plan.tolerance)
    try:
        if schedule.cron:
            quartz = Quartz(schedule.cron)
            moments = _newest(quartz, start, now - plan.tolerance) if start is not None else []
            following = quartz.after(now)
        else:
            moments, following = _interval(schedule, start, now, plan.tolerance)
    except QuartzError as error:
        return replace(plan, trouble=f"its cron expression cannot be read: {error}")
    return replace(
        plan, runs=_matched(moments, family, plan.tolerance), next=None if how is Standing.PAUSED else following
    )


def _plan(schedule: Schedule, family: Sequence[Backup]) -> Plan:
    title = schedule.title or schedule.prefix or schedule.id
    trouble = "" if schedule.cron or schedule.interval_seconds else "it says neither cron expression nor interval"
    return Plan(
        schedule.prefix, schedule.store, title, schedule, standing(schedule), None, _tolerance(family), (), trouble
    )


def _known_since(schedule: Schedule, family: Sequence[Backup], now: int, tolerance: int) -> int | None:
    """From when on a run without a backup was missed: before, it may have been cleaned up, or not been planned."""
    limits = [schedule.created] if schedule.created is not None else []
    if family:
        limits.append(started(family[0]) - tolerance)
    if not limits:
        return None
    if schedule.retention_offset is not None and schedule.retention_offset > 0:
        limits.append(now - schedule.retention_offset)
    return max(*limits, now - LOOK_BACK)


def _newest(quartz: Quartz, start: int, end: int) -> list[int]:
    """The newest moments, as many as are worth looking at: one for every second must not take for ever."""
    found: list[int] = []
    for days in (1, 8, 90):
        found = list(quartz.between(max(start, end - days * DAY), end))
        if len(found) >= MOST_RUNS:
            break
    return found[-MOST_RUNS:]


def _interval(schedule: Schedule, start: int | None, now: int, tolerance: int) -> tuple[list[int], int | None]:
    """The runs of a schedule that repeats every so many seconds, counted from its last start; and the next."""
    period = (schedule.interval_seconds or 0) * SECOND
    if period <= 0 or period > LAST or schedule.last_start is None:
        return [], None
    phase = schedule.last_start % period
    following = now + period - (now - phase) % period
    if start is None:
        return [], following
    newest = now - tolerance - (now - tolerance - phase) % period
    count = min(MOST_RUNS, max(0, (newest - start) // period + 1))
    return [newest - number * period for number in reversed(range(count))], following


def _matched(moments: Sequence[int], family: Sequence[Backup], tolerance: int) -> tuple[Run, ...]:
    """Each run with the backup that started within the tolerance; a backup is of the latest run before it."""
    made: dict[int, Backup] = {}
    for backup in family:
        position = bisect_right(moments, started(backup) + EARLY) - 1
        if position >= 0 and started(backup) - moments[position] <= tolerance:
            made.setdefault(moments[position], backup)
    return tuple(Run(moment, made.get(moment)) for moment in moments)


def _learned(prefix: str, family: Sequence[Backup], now: int) -> Plan:
    """A cadence learned from when the backups of one name started."""
    starts = [started(backup) for backup in family]
    period = round(statistics.median(later - earlier for earlier, later in pairwise(starts)))
    tolerance = _tolerance(family)
    plan = Plan(prefix, family[-1].store, prefix, None, Standing.UNKNOWN, None, tolerance, ())
    if now - starts[-1] > GIVEN_UP + period:
        return replace(plan, trouble="none of its backups is recent: it may have been given up")
    if not _is_regular(starts, period):
        return replace(plan, trouble="its backups come too irregularly to say when one was due")
    until = now - tolerance
    runs = [Run(backup.start or 0, backup) for backup in family if started(backup) <= until]
    missed = (Run(moment, None) for moment in _holes(starts, period, until) if _was_usual(moment, starts, period))
    wanted = (run for run in (*runs, *missed) if run.at >= now - LOOK_BACK)
    return replace(plan, runs=tuple(sorted(wanted, key=lambda run: run.at)[-MOST_RUNS:]))


def _is_regular(starts: Sequence[int], period: int) -> bool:
    """Whether most backups follow the one before after a period, give or take a tenth."""
    steps = [later - earlier for earlier, later in pairwise(starts)]
    return period >= MINUTE and sum(abs(step - period) <= period / 10 for step in steps) * 2 >= len(steps)


def _holes(starts: Sequence[int], period: int, until: int) -> Iterator[int]:
    """The moments between the backups, and after the last, at which one is not there."""
    first = until - LOOK_BACK
    for earlier, later in zip(starts, [*starts[1:], until + period // 2], strict=False):
        if later >= first:
            count = round((min(later, until + period // 2) - earlier) / period)
            skip = max(1, (first - earlier) // period)
            yield from (earlier + number * period for number in range(skip, min(count, skip + MOST_RUNS)))


def _was_usual(moment: int, starts: Sequence[int], period: int) -> bool:
    """Whether it ran at that hour of the week before: a schedule of working days has no holes at weekends."""
    if starts[-1] - starts[0] < 2 * WEEK:
        return True
    near = max(period // 10, GRACE)
    for weeks in range(1, 13):
        position = bisect_right(starts, moment - weeks * WEEK + near) - 1
        if position >= 0 and abs(starts[position] - (moment - weeks * WEEK)) <= near:
            return True
    return False
