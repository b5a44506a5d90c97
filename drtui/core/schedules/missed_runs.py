"""Did the schedules run: expected runs, those that were missed or failed, and how the next ones stand (docs/rules.md).

A run that never started leaves no record, so that only the schedule, or the names of earlier runs, can tell of it.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from drtui.core.formatting.text import cut
from drtui.core.formatting.times import DAY
from drtui.core.model.backup import Backup
from drtui.core.model.site import Schedule
from drtui.core.model.site_state import SiteHistory, SiteState
from drtui.core.schedules.failed_runs import Evidence, Outcome, Run
from drtui.core.schedules.gaps import Gap, WorstGap, find_gaps, known_since, no_complete_backup, worst_gaps
from drtui.core.schedules.inference import (
    EARLY,
    GRACE,
    Family,
    group_by_prefix,
    match_runs,
    split_by_store,
    start_time,
    start_tolerance,
)
from drtui.core.schedules.learned_cadence import (
    ENOUGH,
    GIVEN_UP,
    LOOK_BACK,
    MOST_RUNS,
    NO_SCHEDULE,
    NOT_READ,
    PARTIAL,
    UNREAD,
    is_taken_over,
    learned_runs,
)
from drtui.core.schedules.run_times import Limited, Times, TimetableError, latest_runs, run_times_of
from drtui.core.schedules.schedule_runs import ScheduleRuns, ScheduleState
from drtui.core.verdict.restore_points import RestorePoint

MOST_COUNTED = 20_000
"""Runs of one schedule that are counted to find out if it has run as often as it was to run."""

FAR = 400 * DAY
"""Search range for the end of a schedule, milliseconds from now."""

LONGEST = 60
"""Cells of a value of the server in a sentence."""


class ScheduleStatus(Struct, frozen=True):
    """The schedules, and how long there was nothing to restore from."""

    schedules: tuple[ScheduleRuns, ...]
    gaps: tuple[Gap, ...]
    """Those longer than the target by more than the grace that jitter is given, newest first (rule R52)."""
    worst_gaps: tuple[WorstGap, ...]
    """The worst gap of the last 7, 30 and 90 days."""
    is_cleaner_paused: bool
    """Whether nothing will be cleaned up (rule R45)."""
    has_no_complete_backup: bool
    """Whether no whole backup is known: gaps are between whole ones, and there may be none to count."""

    @property
    def missed_runs(self) -> tuple[tuple[ScheduleRuns, Run], ...]:
        """Every run that was missed, newest first."""
        found = [(plan, run) for plan in self.schedules for run in plan.missed_runs]
        return tuple(sorted(found, key=lambda pair: -pair[1].at))

    @property
    def failed_runs(self) -> tuple[tuple[ScheduleRuns, Run], ...]:
        """Every run that failed, newest first."""
        runs = [(plan, run) for plan in self.schedules for run in plan.failed_runs]
        return tuple(sorted(runs, key=lambda pair: -pair[1].at))

    @property
    def failed_backup_ids(self) -> frozenset[tuple[str, str]]:
        """Stores and names of the backups of runs that failed."""
        backups = (run.backup for plan in self.schedules for run in plan.failed_runs)
        return frozenset(backup.id for backup in backups if backup is not None)


def check_schedules(state: SiteState, points: Sequence[RestorePoint], now: int, target: int) -> ScheduleStatus:
    """The cadence of a site at `now` (epoch ms) against a target in milliseconds. Never raises."""
    backups = [*(point.backup for point in points), *state.history.deleted_backups]
    evidence, by_prefix = Evidence.from_state(state, now), group_by_prefix(backups)
    schedules = state.schedules.value if state.schedules else None
    ours = [each for each in schedules or () if each.makes_backups]
    planned = [_planned(evidence, each, by_prefix, _family(each, ours, by_prefix)) for each in ours]
    planned = [replace(plan, is_replaced=_is_replaced(plan, planned)) for plan in planned]
    plans = (*planned, *_unplanned(evidence, planned, ours, by_prefix))
    since = known_since(backups, now, state.history)
    found = find_gaps(backups, now, since)
    cleaners = [each for each in schedules or () if each.is_cleaner]
    return ScheduleStatus(
        schedules=plans,
        gaps=tuple(gap for gap in reversed(found) if gap.length > target + GRACE),
        worst_gaps=worst_gaps(found, now, since),
        is_cleaner_paused=bool(cleaners) and all(schedule_state(each) is ScheduleState.PAUSED for each in cleaners),
        has_no_complete_backup=no_complete_backup(backups),
    )


def _unplanned(
    evidence: Evidence, planned: Sequence[ScheduleRuns], ours: Sequence[Schedule], by_prefix: Mapping[str, Family]
) -> Iterator[ScheduleRuns]:
    """Yield the cadences learned from backups that no task makes, as far as tasks were read."""
    answer = evidence.state.schedules
    if answer is None and not evidence.state.is_complete:
        return  # the tasks may still arrive
    unread = NOT_READ if answer is None else UNREAD if answer.value is None else PARTIAL if answer.partial else ""
    for prefix, family in by_prefix.items():
        makers = [(each, _is_told_by_store(each, ours, family)) for each in ours if each.prefix == prefix]
        for part in split_by_store(family):
            if any(_makes(each, part[-1], by_store=by_store) for each, by_store in makers):
                continue
            plan = learned_runs(evidence, prefix, part, unread or NO_SCHEDULE)
            if not unread:
                plan = replace(plan, is_orphaned=True, is_replaced=_is_replaced(plan, planned))
            told = _is_told(plan) if plan.is_orphaned else len(part) >= ENOUGH or bool(plan.streak)
            if told and not is_taken_over(part, plan, by_prefix.values()):
                yield plan


def _is_told(plan: ScheduleRuns) -> bool:
    """True if a cadence that no task keeps up any more is still to be told of, though the tasks were read.

    The schedule may have been deleted or renamed, or its task turned into one of another type. As with tasks that
    could not be read, a cadence is expected for 30 days and one period after its last backup, and no longer once
    backups of another name took it over. Where the backups teach no cadence, one is only told of if a backup failed
    last, or if no other schedule will make backups for its store: what ran once or twice may have been a trial.
    """
    return bool(plan.runs) and (bool(plan.streak) or not plan.is_replaced or not plan.unknown_reason)


def _is_replaced(plan: ScheduleRuns, planned: Sequence[ScheduleRuns]) -> bool:
    """True if another schedule will make backups for the store of a plan, or for a store that it does not name."""
    others = (each for each in planned if each is not plan and each.state is not ScheduleState.NOT_BEGUN)
    return any(each.next_run is not None and each.store in {"", plan.store} for each in others)


def _family(schedule: Schedule, schedules: Sequence[Schedule], by_prefix: Mapping[str, Family]) -> Family:
    """Its backups: by their prefix, and by their store only where that tells two schedules of one prefix apart."""
    family = by_prefix.get(schedule.prefix, [])
    by_store = _is_told_by_store(schedule, schedules, family)
    return [backup for backup in family if _makes(schedule, backup, by_store=by_store)] if by_store else family


def _makes(schedule: Schedule, backup: Backup, *, by_store: bool) -> bool:
    """True if a schedule makes backups like this one of its prefix: by its store, if that matters."""
    return not by_store or schedule.store in {backup.store, backup.recorded_store}


def _is_told_by_store(schedule: Schedule, schedules: Sequence[Schedule], family: Family) -> bool:
    """True if only the store says which backups of its prefix are those of a schedule.

    Another schedule has the same prefix, or had it: backups came to its store and to another one at a time.
    """
    if sum(each.prefix == schedule.prefix for each in schedules) > 1:
        return True
    return len(split_by_store(family)) > 1 and any(
        schedule.store in {each.store, each.recorded_store} for each in family
    )


_STATES = {"active": True, "paused": False, "inactive": False}


def schedule_state(schedule: Schedule) -> ScheduleState:
    """Whether a schedule will run, from its two states (rule R54)."""
    named = _named(schedule)
    known = {flag for flag in (named, schedule.active) if flag is not None}
    if len(known) == 2:
        return ScheduleState.DISAGREES
    if not known or (schedule.state and named is None):
        return ScheduleState.UNKNOWN
    return ScheduleState.ACTIVE if known == {True} else ScheduleState.PAUSED


def _named(schedule: Schedule) -> bool | None:
    return _STATES.get(schedule.state.strip().lower())


def _is_stopped(schedule: Schedule) -> bool:
    """Whether either of its states says that it will not run: no next run is promised then."""
    return _named(schedule) is False or schedule.active is False


def _planned(evidence: Evidence, schedule: Schedule, by_prefix: Mapping[str, Family], family: Family) -> ScheduleRuns:
    """Return what a task says of itself, with its runs; where it does not say them, as its backups teach."""
    title = schedule.title or schedule.prefix or schedule.id
    plan = ScheduleRuns(
        schedule.prefix,
        schedule.store,
        title,
        schedule,
        schedule_state(schedule),
        None,
        start_tolerance(family),
        runs=(),
    )
    try:
        plan, due = _with_end(plan, schedule, family, evidence.now)
    except TimetableError as error:
        ended = schedule.ends is not None and schedule.ends <= evidence.now
        plan = (
            replace(plan, state=ScheduleState.ENDED, ended_at=schedule.ends)
            if ended
            else replace(plan, unknown_reason=str(error))
        )
        return _taught(plan, evidence, family, by_prefix)
    read = evidence.listed_at(schedule.store)
    if read is None:
        return replace(plan, unknown_reason="the backups of its store are not read")
    if not schedule.prefix:
        return replace(plan, unknown_reason="it does not say what the names of its backups begin with")
    start = _known_since(schedule, family, evidence.now, plan.tolerance, evidence.state.history)
    if start is None:
        return replace(plan, unknown_reason="it does not say since when it exists, and no backup of it is known")
    plan = _with_runs(plan, due, family, evidence, (start, read))
    return _with_strays(_taught(plan, evidence, family, by_prefix), family, evidence, read)


def _with_end(plan: ScheduleRuns, schedule: Schedule, family: Family, now: int) -> tuple[ScheduleRuns, Times]:
    """Return the plan with its next run and its end, as far as they are known, and the moments up to that end.

    A schedule ends on its last day, or when it has run as often as it was to run. How often it ran is known from its
    backups if there are just as many, and from its timetable if it has not even been due as often.

    Raises:
        TimetableError: it does not say when it is due.
    """
    begins = max((each for each in (schedule.created, schedule.starts) if each is not None), default=0)
    doubts = [f"its {cut(each, LONGEST)} cannot be read" for each in schedule.unread_limits]
    ends = schedule.ends
    if ends is not None and ends < begins:
        doubts.append("its endDate is before its beginning")
        ends = None
    due = run_times_of(replace(schedule, ends=ends))
    until = None
    if schedule.max_occurrences is not None:
        count = schedule.max_occurrences
        until = _due_as_often(due, count, begins, now)
        made = [backup for backup in family if start_time(backup) >= begins - EARLY]
        if until is not None and until <= now and len(made) == count:
            ends = min(start_time(made[-1]), ends or now)
            due = Limited(due, None, ends)
        elif until is None or until <= now:
            doubts.append(f"it is to run {count:,} times, and how often it ran is not known")
    following = due.after(now)
    if following is None:
        ended = ends if ends is not None and ends <= now else None
        return replace(plan, state=ScheduleState.ENDED, ended_at=ended), due
    doubt = "; ".join(doubts)
    if plan.state is ScheduleState.ACTIVE and (schedule.starts or 0) > now:
        plan = replace(plan, state=ScheduleState.NOT_BEGUN)
    return replace(
        plan, next_run=None if doubt or _is_stopped(schedule) else following, certain_until=until, end_doubt=doubt
    ), due


def _due_as_often(due: Times, count: int, begins: int, now: int) -> int | None:
    """Return when a schedule that began at `begins` was or is due for the last of `count` times, epoch ms.

    None if that is not known, because it was due too often since to be counted.
    """
    past = list(islice(due.between(begins, now), min(count, MOST_COUNTED)))
    if len(past) == count:
        return past[-1]
    if len(past) == MOST_COUNTED:
        return None
    coming = list(islice(due.between(now + 1, now + FAR), min(count - len(past), MOST_COUNTED)))
    return coming[-1] if len(past) + len(coming) == count else now + FAR


def _taught(plan: ScheduleRuns, evidence: Evidence, family: Family, by_prefix: Mapping[str, Family]) -> ScheduleRuns:
    """Return the plan with runs learned from the names of its backups, where its task does not say them.

    That is so if its timetable cannot be read, after it has ended, and for the time before it was made or changed if
    it has not been due since: what was missed until then is not made good by a new task. One that has ended is no
    longer expected once a cadence learned from names would not be.
    """
    has_ended = plan.state is ScheduleState.ENDED
    if plan.task is None or (plan.runs and not has_ended):
        return plan
    taught = learned_runs(evidence, plan.prefix, family, "") if family else None
    if has_ended:
        if taught is None:
            recent = plan.ended_at is not None and evidence.now - plan.ended_at <= GIVEN_UP
            return plan if recent else replace(plan, runs=())
        if not taught.runs or is_taken_over(family, taught, by_prefix.values()):
            return replace(plan, runs=())
        last = plan.runs[-1] if plan.runs else Run(0)
        ended = max(last.at, start_time(last.backup) if last.backup is not None else 0)
        because, since, before = "its schedule has ended", ended, evidence.now
    elif plan.unknown_reason:
        because, since, before = plan.unknown_reason, 0, evidence.now
    else:
        moments = (plan.task.created, plan.task.updated, plan.task.starts)
        because, since = "its schedule has not been due since it was made or changed", 0
        before = max((each for each in moments if each is not None and each <= evidence.now), default=0)
    if taught is None:
        return plan
    if plan.state is ScheduleState.NOT_BEGUN:
        plan = replace(plan, has_lapsed=bool(taught.streak))
    learned = [run for run in taught.runs if since < run.at <= before]
    if not learned:
        return plan
    return replace(
        plan,
        runs=(*plan.runs, *learned),
        learned_because=because,
        is_truncated=plan.is_truncated or taught.is_truncated,
    )


def _known_since(
    schedule: Schedule, family: Sequence[Backup], now: int, tolerance: int, past: SiteHistory
) -> int | None:
    """From when on a run without a backup was missed: before, it may have been cleaned up, or not been planned."""
    limits = [each for each in (schedule.created, schedule.starts) if each is not None]
    if family:
        limits.append(start_time(family[0]) - tolerance)
    if not limits:
        return None
    if schedule.retention_offset is not None and schedule.retention_offset > 0:
        cleaned = past.known_since(schedule.retention_offset, now)
        # What did not start was not cleaned up either.
        limits.append(cleaned if schedule.last_start is None else min(cleaned, schedule.last_start + EARLY))
    return max(*limits, now - LOOK_BACK)


def _with_runs(
    plan: ScheduleRuns, due: Times, family: Sequence[Backup], evidence: Evidence, known: tuple[int, int]
) -> ScheduleRuns:
    """The plan with those of its runs that are over, within the span for which the list knows."""
    start, read = known
    found = latest_runs(due, start, read - plan.tolerance, MOST_RUNS)
    over = found[-MOST_RUNS:]
    # A backup belongs to the latest run before it, even if that is not over yet.
    going = list(due.between(max(start, read - plan.tolerance + 1), read))
    made = match_runs([*over, *going], family, plan.tolerance)
    runs = [evidence.make_run(moment, made.get(moment, ()), read) for moment in over]
    lately = [evidence.make_run(moment, made[moment], read) for moment in going if moment in made]
    runs += [run for run in lately if run.outcome is not Outcome.RUNNING]
    updated = plan.task.updated if plan.task else None
    return replace(plan, runs=_as_planned_now(tuple(runs), family, updated), is_truncated=len(found) > MOST_RUNS)


def _with_strays(plan: ScheduleRuns, family: Family, evidence: Evidence, read: int) -> ScheduleRuns:
    """Return the plan with backups of its name that came later than all of its runs, though none was due.

    The task may have been changed since, or the backup have been repeated later than a run is waited for: whether it
    failed or not is then the latest news of this schedule.
    """
    if plan.state is ScheduleState.ENDED:
        return plan
    last = plan.runs[-1].at + plan.tolerance if plan.runs else evidence.now - LOOK_BACK
    strays = (evidence.make_run(start_time(each), (each,), read) for each in family if last < start_time(each) <= read)
    later = [run for run in strays if run.outcome is not Outcome.RUNNING]
    return replace(plan, runs=(*plan.runs, *later)) if later else plan


def _as_planned_now(runs: tuple[Run, ...], family: Sequence[Backup], updated: int | None) -> tuple[Run, ...]:
    """Without those from before it was edited, unless it was due at the same times then, as its backups show."""
    if updated is None or not family or start_time(family[0]) >= updated:
        return runs
    before = bisect_left(runs, updated, key=lambda run: run.at)
    made = [number for number, run in enumerate(runs[:before]) if run.backup is not None]
    if len(made) > 1 and 2 * (len(made) - 1) >= made[-1] - made[0]:
        return runs
    return runs[before:]
