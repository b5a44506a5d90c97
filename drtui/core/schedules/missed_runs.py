"""Find the runs of schedules that were missed or failed, and the next runs (docs/rules.md).

A run that never started leaves no record. Only the schedule, or the names of earlier backups, show that it was due.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from msgspec.structs import replace

from drtui.core.formatting.durations import DAY
from drtui.core.formatting.text import cut
from drtui.core.model.backup import Backup
from drtui.core.model.site import Schedule
from drtui.core.model.site_state import SiteHistory
from drtui.core.schedules.failed_runs import Outcome, Run, listed_at, make_run
from drtui.core.schedules.inference import (
    MAX_EARLY,
    Family,
    group_by_prefix,
    match_runs,
    split_by_store,
    start_time,
    start_tolerance,
)
from drtui.core.schedules.learned_cadence import (
    GIVEN_UP_AFTER,
    LOOK_BACK,
    MAX_RUNS,
    MIN_BACKUPS,
    is_taken_over,
    learned_runs,
)
from drtui.core.schedules.run_times import Limited, Times, TimetableError, latest_runs, run_times_of
from drtui.core.schedules.schedule_runs import ScheduleRuns, ScheduleState
from drtui.core.verdict.rules import SiteFacts

MAX_COUNTED = 20_000
"""Maximum number of runs that are counted to find out if a schedule has reached its number of runs."""

MAX_AHEAD = 400 * DAY
"""Milliseconds after now in which the end of a schedule is searched."""

MAX_VALUE_CELLS = 60
"""Maximum width of a value from the site in a sentence, in cells."""


def check_schedules(facts: SiteFacts) -> tuple[ScheduleRuns, ...]:
    """Return the schedules of a site with their runs. Never raises."""
    state = facts.state
    by_prefix = group_by_prefix([*state.all_backups, *state.history.deleted_backups])
    tasks = [task for task in (state.schedules and state.schedules.value) or () if task.makes_backups]
    families = [_family(task, tasks, by_prefix) for task in tasks]
    planned = [_schedule_of_task(facts, *task_family, by_prefix) for task_family in zip(tasks, families, strict=True)]
    planned = [replace(schedule, is_replaced=_is_replaced(schedule, planned)) for schedule in planned]
    return (*planned, *_learned_schedules(facts, planned, families, by_prefix))


def _learned_schedules(
    facts: SiteFacts, planned: Sequence[ScheduleRuns], families: Sequence[Family], by_prefix: Mapping[str, Family]
) -> Iterator[ScheduleRuns]:
    """Yield the schedules learned from backups that no known task makes."""
    answer = facts.state.schedules
    if answer is None and not facts.state.is_complete:
        return  # the tasks may still arrive
    unread = ""
    if answer is None:
        unread = "schedules not read"
    elif answer.value is None:
        unread = "schedules not readable"
    elif answer.incomplete_reason:
        unread = "schedules only partly readable"
    for prefix, family in by_prefix.items():
        for part in split_by_store(family):
            if any(part[-1] in planned_family for planned_family in families):
                continue
            schedule = learned_runs(facts, prefix, part, unread or "no schedule creates these any more")
            if unread:
                is_reported = len(part) >= MIN_BACKUPS or bool(schedule.streak)
            else:
                schedule = replace(schedule, is_orphaned=True, is_replaced=_is_replaced(schedule, planned))
                is_reported = _is_reported(schedule)
            if is_reported and not is_taken_over(part, schedule, by_prefix.values()):
                yield schedule


def _is_reported(schedule: ScheduleRuns) -> bool:
    """True if a learned schedule is reported although the tasks were read and none of them makes its backups.

    The schedule may have been deleted or renamed, or its task changed to another type. As with unreadable tasks, a
    cadence is expected for 30 days and one period after its last backup, unless backups of another name took over.
    If no cadence can be learned, the schedule is only reported if its last backup failed, or if no other schedule will
    make backups in its store: one or two backups may have been a test.
    """
    return bool(schedule.runs) and (bool(schedule.streak) or not schedule.is_replaced or not schedule.unknown_reason)


def _is_replaced(schedule: ScheduleRuns, schedules: Sequence[ScheduleRuns]) -> bool:
    """True if another schedule will make backups in the same store, or in a store that it does not name."""
    others = (other for other in schedules if other is not schedule and other.store in {"", schedule.store})
    return any(other.next_run is not None and other.state is not ScheduleState.NOT_BEGUN for other in others)


def _family(task: Schedule, tasks: Sequence[Schedule], by_prefix: Mapping[str, Family]) -> Family:
    """Return the backups of a task: those with its prefix, and with its store if that is what tells schedules apart.

    Another schedule has the same prefix, or had it: backups went to several stores in the same period.
    """
    family = by_prefix.get(task.prefix, [])
    in_store = [backup for backup in family if task.store in {backup.store, backup.recorded_store}]
    has_namesake = sum(other.prefix == task.prefix for other in tasks) > 1
    return in_store if has_namesake or (in_store and len(split_by_store(family)) > 1) else family


_STATES = {"active": True, "paused": False, "inactive": False}


def schedule_state(task: Schedule) -> ScheduleState:
    """Return the state of a schedule from the fields `taskState` and `active` of its task (rule R54)."""
    flag = _flag_of_state(task)
    flags = {value for value in (flag, task.active) if value is not None}
    if len(flags) == 2:
        return ScheduleState.DISAGREES
    if not flags or (task.state and flag is None):
        return ScheduleState.UNKNOWN
    return ScheduleState.ACTIVE if flags == {True} else ScheduleState.PAUSED


def _flag_of_state(task: Schedule) -> bool | None:
    """Return True if `taskState` says that the task runs, False if it is paused, None for another text."""
    return _STATES.get(task.state.strip().lower())


def _schedule_of_task(
    facts: SiteFacts, task: Schedule, family: Family, by_prefix: Mapping[str, Family]
) -> ScheduleRuns:
    """Return the schedule of a task with its runs, which are learned from backups if the task does not define them."""
    title = task.title or task.prefix or task.id
    schedule = ScheduleRuns(task.prefix, task.store, title, task, schedule_state(task), start_tolerance(family))
    try:
        schedule, times = _with_end(schedule, task, family, facts.now)
    except TimetableError as error:
        if task.ends is not None and task.ends <= facts.now:
            schedule = replace(schedule, state=ScheduleState.ENDED, ended_at=task.ends)
        else:
            schedule = replace(schedule, unknown_reason=str(error))
        return _with_learned_runs(schedule, facts, family, by_prefix)
    read_at = listed_at(facts, task.store)
    if read_at is None:
        return replace(schedule, unknown_reason="backups of its store not read")
    if not task.prefix:
        return replace(schedule, unknown_reason="prefix of its backup names unknown")
    start = _known_since(task, family, facts.now, schedule.tolerance, facts.state.history)
    if start is None:
        return replace(schedule, unknown_reason="creation time unknown, no backups known")
    schedule = _with_runs(schedule, times, family, facts, start, read_at)
    schedule = _with_learned_runs(schedule, facts, family, by_prefix)
    return _with_late_backups(schedule, family, facts, read_at)


def _with_end(schedule: ScheduleRuns, task: Schedule, family: Family, now: int) -> tuple[ScheduleRuns, Times]:
    """Return the schedule with its next run and its end, as far as they are known, and the run times up to that end.

    A schedule ends on its last day, or when it reaches its number of runs. That number has been reached if there are
    as many backups, and has not been reached if there were fewer run times.

    Raises:
        TimetableError: the run times are missing or unreadable.
    """
    begins = max((time for time in (task.created, task.starts) if time is not None), default=0)
    doubts = [f"unreadable {cut(limit, MAX_VALUE_CELLS)}" for limit in task.unread_limits]
    ends = task.ends
    if ends is not None and ends < begins:
        doubts.append("endDate is before startDate")
        ends = None
    times = run_times_of(replace(task, ends=ends))
    until = None
    if task.max_occurrences is not None:
        count = task.max_occurrences
        until = _last_occurrence(times, count, begins, now)
        counted = [backup for backup in family if start_time(backup) >= begins - MAX_EARLY]
        if until is not None and until <= now and len(counted) == count:
            ends = min(start_time(counted[-1]), ends or now)
            times = Limited(times, None, ends)
        elif until is None or until <= now:
            doubts.append(f"it runs {count:,} times, runs so far unknown")
    next_run = times.after(now)
    if next_run is None:
        ended = ends if ends is not None and ends <= now else None
        return replace(schedule, state=ScheduleState.ENDED, ended_at=ended), times
    doubt = "; ".join(doubts)
    if schedule.state is ScheduleState.ACTIVE and (task.starts or 0) > now:
        schedule = replace(schedule, state=ScheduleState.NOT_BEGUN)
    if doubt or False in {_flag_of_state(task), task.active}:
        next_run = None
    return replace(schedule, next_run=next_run, certain_until=until, end_doubt=doubt), times


def _last_occurrence(times: Times, count: int, begins: int, now: int) -> int | None:
    """Return the time of the last of `count` runs of a schedule that began at `begins`, all epoch ms.

    It is None if there were more than `MAX_COUNTED` runs.
    """
    past = list(islice(times.between(begins, now), min(count, MAX_COUNTED)))
    if len(past) == count:
        return past[-1]
    if len(past) == MAX_COUNTED:
        return None
    future = list(islice(times.between(now + 1, now + MAX_AHEAD), min(count - len(past), MAX_COUNTED)))
    return future[-1] if len(past) + len(future) == count else now + MAX_AHEAD


def _with_learned_runs(
    schedule: ScheduleRuns, facts: SiteFacts, family: Family, by_prefix: Mapping[str, Family]
) -> ScheduleRuns:
    """Return the schedule with runs learned from its backups, if its task does not define them.

    This is the case if its run times are unreadable; after it has ended; and, if it has not been due since it was made
    or changed, for the time before, because a new task does not undo missed runs. An ended schedule is expected as
    long as a learned one would be.
    """
    has_ended = schedule.state is ScheduleState.ENDED
    if schedule.task is None or (schedule.runs and not has_ended):
        return schedule
    learned = learned_runs(facts, schedule.prefix, family, "") if family else None
    if has_ended:
        if learned is None:
            recent = schedule.ended_at is not None and facts.now - schedule.ended_at <= GIVEN_UP_AFTER
            return schedule if recent else replace(schedule, runs=())
        if not learned.runs or is_taken_over(family, learned, by_prefix.values()):
            return replace(schedule, runs=())
        last = schedule.runs[-1] if schedule.runs else Run(0)
        ended = max(last.at, start_time(last.backup) if last.backup is not None else 0)
        reason, since, before = "schedule has ended", ended, facts.now
    elif schedule.unknown_reason:
        reason, since, before = schedule.unknown_reason, 0, facts.now
    else:
        times = (schedule.task.created, schedule.task.updated, schedule.task.starts)
        reason, since = "no run due since it was created or changed", 0
        before = max((time for time in times if time is not None and time <= facts.now), default=0)
    if learned is None:
        return schedule
    if schedule.state is ScheduleState.NOT_BEGUN:
        schedule = replace(schedule, has_lapsed=bool(learned.streak))
    new_runs = [run for run in learned.runs if since < run.at <= before]
    if not new_runs:
        return schedule
    return replace(
        schedule,
        runs=(*schedule.runs, *new_runs),
        learned_because=reason,
        is_truncated=schedule.is_truncated or learned.is_truncated,
    )


def _known_since(
    task: Schedule, family: Sequence[Backup], now: int, tolerance: int, history: SiteHistory
) -> int | None:
    """Return the time since which a run without a backup was missed, epoch ms; None if unknown.

    Before, the schedule may not have existed, or the backup may have been cleaned up.
    """
    limits = [time for time in (task.created, task.starts) if time is not None]
    if family:
        limits.append(start_time(family[0]) - tolerance)
    if not limits:
        return None
    if task.retention_offset is not None and task.retention_offset > 0:
        cleaned = history.known_since(task.retention_offset, now)
        # After the last start there was no backup that could have been cleaned up.
        limits.append(cleaned if task.last_start is None else min(cleaned, task.last_start + MAX_EARLY))
    return max(*limits, now - LOOK_BACK)


def _with_runs(
    schedule: ScheduleRuns, times: Times, family: Sequence[Backup], facts: SiteFacts, start: int, read_at: int
) -> ScheduleRuns:
    """Return the schedule with its past runs: since `start`, as far as the list read at `read_at` shows; epoch ms."""
    due = latest_runs(times, start, read_at - schedule.tolerance, MAX_RUNS)
    past = due[-MAX_RUNS:]
    # A backup belongs to the latest run before it, even if that run is still within the tolerance.
    recent = list(times.between(max(start, read_at - schedule.tolerance + 1), read_at))
    matches = match_runs([*past, *recent], family, schedule.tolerance)
    runs = [make_run(facts, moment, matches.get(moment, ()), read_at) for moment in past]
    recent_runs = [make_run(facts, moment, matches[moment], read_at) for moment in recent if moment in matches]
    runs += [run for run in recent_runs if run.outcome is not Outcome.RUNNING]
    updated = schedule.task.updated if schedule.task else None
    return replace(schedule, runs=_since_update(tuple(runs), family, updated), is_truncated=len(due) > MAX_RUNS)


def _with_late_backups(schedule: ScheduleRuns, family: Family, facts: SiteFacts, read_at: int) -> ScheduleRuns:
    """Return the schedule with runs for backups that started after its last run, although none was due.

    The task may have been changed since, or the backup was repeated after the tolerance. Its outcome is then the
    latest one of the schedule.
    """
    if schedule.state is ScheduleState.ENDED:
        return schedule
    last = schedule.runs[-1].at + schedule.tolerance if schedule.runs else facts.now - LOOK_BACK
    late_runs = (
        make_run(facts, start_time(backup), (backup,), read_at)
        for backup in family
        if last < start_time(backup) <= read_at
    )
    later = [run for run in late_runs if run.outcome is not Outcome.RUNNING]
    return replace(schedule, runs=(*schedule.runs, *later)) if later else schedule


def _since_update(runs: tuple[Run, ...], family: Sequence[Backup], updated: int | None) -> tuple[Run, ...]:
    """Return the runs since the schedule was changed at `updated` (epoch ms).

    Earlier runs are kept if their backups show that the schedule was due at the same times before.
    """
    if updated is None or not family or start_time(family[0]) >= updated:
        return runs
    before = bisect_left(runs, updated, key=lambda run: run.at)
    matched = [index for index, run in enumerate(runs[:before]) if run.backup is not None]
    if len(matched) > 1 and 2 * (len(matched) - 1) >= matched[-1] - matched[0]:
        return runs
    return runs[before:]
