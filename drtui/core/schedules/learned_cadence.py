"""Learn the cadence of a schedule from its earlier backups, if no readable task says when runs are due."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from drtui.core.formatting.durations import DAY
from drtui.core.model.backup import Backup
from drtui.core.schedules.failed_runs import Outcome, Run, listed_at, make_run
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
from drtui.core.verdict.rules import SiteFacts

LOOK_BACK = 90 * DAY
"""Milliseconds before now in which expected runs are searched."""

MAX_RUNS = 5_000
"""Maximum number of runs of one schedule; of more, only the newest are used."""

MIN_BACKUPS = 3
"""Minimum number of backups from which a cadence can be learned."""

GIVEN_UP_AFTER = 30 * DAY
"""Milliseconds, plus one period, after which a learned cadence is no longer expected."""


def learned_runs(facts: SiteFacts, prefix: str, family: Family, reason: str) -> ScheduleRuns:
    """Return a schedule learned from the starts of its backups; `family` has at least one.

    Each backup is a run, so that failed ones are reported. Missed runs are only inferred from enough regular backups.
    `reason` says why the schedule has to be learned.
    """
    now, starts = facts.now, [start_time(backup) for backup in family]
    store, tolerance = family[-1].store, start_tolerance(family)
    schedule = ScheduleRuns(prefix, store, prefix, None, ScheduleState.UNKNOWN, tolerance, learned_because=reason)
    period = regular_period(starts) if len(starts) > 1 else 0
    if now - starts[-1] > GIVEN_UP_AFTER + period:
        return replace(schedule, unknown_reason="no recent backup: may be abandoned")
    listed = listed_at(facts, store)
    read_at = now if listed is None else listed
    first, until = now - LOOK_BACK, read_at - tolerance
    backup_runs = (
        make_run(facts, start_time(backup), (backup,), read_at)
        for backup in family
        if first <= start_time(backup) <= read_at
    )
    runs = [run for run in backup_runs if run.at <= until or run.outcome is not Outcome.RUNNING]
    if len(starts) < MIN_BACKUPS:
        unknown = "too few backups to infer due times"
    elif not is_regular(starts, period):
        unknown = "backups too irregular to infer due times"
    else:
        unknown = ""
        runs += [Run(moment) for moment in infer_missed_runs(starts, period, first, until, MAX_RUNS)]
        runs.sort(key=lambda run: run.at)
    return replace(schedule, runs=tuple(runs[-MAX_RUNS:]), is_truncated=len(runs) > MAX_RUNS, unknown_reason=unknown)


def is_taken_over(family: Sequence[Backup], schedule: ScheduleRuns, families: Iterable[Sequence[Backup]]) -> bool:
    """True if another family took over from this one, because the schedule was renamed.

    The successor has the same store, began after the last backup of this family, and has at least as many complete
    backups as this family has missed runs since, but no fewer than `MIN_BACKUPS`.
    """
    last, enough = start_time(family[-1]), max(MIN_BACKUPS, len(schedule.streak))
    successors = (
        other
        for other in families
        if other[-1].store == family[-1].store and start_time(other[0]) > last and other is not family
    )
    return any(sum(map(is_complete, other)) >= enough for other in successors)
