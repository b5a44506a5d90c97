"""A cadence learned from the names of earlier backups, where no task that can be read says when they are due."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from drtui.core.formatting.times import DAY
from drtui.core.model.backup import Backup
from drtui.core.schedules.failed_runs import Evidence, Outcome, Run
from drtui.core.schedules.gaps import is_complete
from drtui.core.schedules.inference import (
    Family,
    infer_missed_runs,
    is_regular,
    regular_period,
    start_time,
    start_tolerance,
)
from drtui.core.schedules.schedule_runs import ScheduleRuns, ScheduleState

LOOK_BACK = 90 * DAY
"""Search range for expected runs, milliseconds back from now."""

MOST_RUNS = 5_000
"""Of one schedule; the newest, where there are more."""

ENOUGH = 3
"""Backups of one name that teach a cadence."""

GIVEN_UP = 30 * DAY
"""A cadence that is only known from names is no longer expected after this and one period, in milliseconds."""

UNREAD = "the schedules could not be read"
NOT_READ = "the schedules were not read"
PARTIAL = "only a part of the schedules could be read"
NO_SCHEDULE = "no schedule makes these any more"
"""Reasons to learn a cadence from names."""


def learned_runs(evidence: Evidence, prefix: str, family: Family, because: str) -> ScheduleRuns:
    """Return a cadence learned from when the backups of one name, at least one, started.

    Backups that are there are runs in any case, so that one that failed is told; runs that were missed are only
    learned from enough backups that come regularly.
    """
    now, starts = evidence.now, [start_time(backup) for backup in family]
    store, tolerance = family[-1].store, start_tolerance(family)
    plan = ScheduleRuns(
        prefix, store, prefix, None, ScheduleState.UNKNOWN, None, tolerance, (), learned_because=because
    )
    period = regular_period(starts) if len(starts) > 1 else 0
    if now - starts[-1] > GIVEN_UP + period:
        return replace(plan, unknown_reason="none of its backups is recent: it may have been given up")
    read = evidence.listed_at(store)
    read = now if read is None else read
    first, until = now - LOOK_BACK, read - tolerance
    made = (
        evidence.make_run(start_time(backup), (backup,), read)
        for backup in family
        if first <= start_time(backup) <= read
    )
    runs = [run for run in made if run.at <= until or run.outcome is not Outcome.RUNNING]
    if len(starts) < ENOUGH:
        trouble = "it has too few backups to say when one was due"
    elif not is_regular(starts, period):
        trouble = "its backups come too irregularly to say when one was due"
    else:
        trouble = ""
        runs += [Run(moment) for moment in infer_missed_runs(starts, period, first, until, MOST_RUNS)]
        runs.sort(key=lambda run: run.at)
    return replace(plan, runs=tuple(runs[-MOST_RUNS:]), is_truncated=len(runs) > MOST_RUNS, unknown_reason=trouble)


def is_taken_over(family: Sequence[Backup], plan: ScheduleRuns, families: Iterable[Sequence[Backup]]) -> bool:
    """True if backups of another name took over from those of this family: a schedule that was renamed.

    The other ones go to the same store, began after the last of these, and at least as many of them are complete as
    these have missed since, but no fewer than teach a cadence.
    """
    last, enough = start_time(family[-1]), max(ENOUGH, len(plan.streak))
    successors = (
        each
        for each in families
        if each[-1].store == family[-1].store and start_time(each[0]) > last and each is not family
    )
    return any(sum(map(is_complete, each)) >= enough for each in successors)
