"""Texts on the runs of a schedule, shared by the headline, the health check and the report."""

from collections.abc import Sequence

from drtui.core.formatting.durations import format_age, format_duration
from drtui.core.formatting.text import plural
from drtui.core.formatting.times import UTC, format_minutes
from drtui.core.schedules.failed_runs import Outcome, Run
from drtui.core.schedules.schedule_runs import STOPPED, ScheduleRuns, ScheduleState


def run_count_text(runs: Sequence[Run], failed: str = "failed") -> str:
    """Return how many runs failed or were missed, none of which left a usable backup; `failed` spells that word.

    `9 runs missed`, `3 runs failed (object store: failed)`, or of both kinds
    `no usable backup from 3 runs: 2 failed (object store: failed), 1 missed`.
    """
    text, count = outcome_text(runs, failed), plural(len(runs), "run", "runs")
    return f"no usable backup from {count}: {text}" if have_different_outcomes(runs) else f"{count} {text}"


def outcome_text(runs: Sequence[Run], failed: str = "failed") -> str:
    """Return the outcome of failed and missed runs: `missed`, `failed (REASON)` or `2 failed (REASON), 1 missed`.

    The reason is that of the last run that failed.
    """
    failures = [run for run in runs if run.outcome is Outcome.FAILED]
    if not failures:
        return "missed"
    text = f"{failed} ({failures[-1].reason})"
    missed = len(runs) - len(failures)
    return f"{len(failures):,} {text}, {missed:,} missed" if missed else text


def have_different_outcomes(runs: Sequence[Run]) -> bool:
    """True if some of the runs failed and others were missed."""
    return len({run.outcome for run in runs}) > 1


def is_minimum_count(schedule: ScheduleRuns) -> bool:
    """True if earlier runs are unknown and no known run left a usable backup, so that counts are a minimum."""
    return schedule.is_truncated and all(run.outcome is not Outcome.GOOD for run in schedule.runs)


def latest_runs_text(schedule: ScheduleRuns, failed: str = "failed") -> str:
    """Return the result of the latest runs of a schedule, none of which left a usable backup; "" if the last one did.

    `last 3 runs of nightly failed (object store: failed)`; `failed` is the spelling of that word.
    """
    runs = schedule.streak
    if not runs:
        return ""
    subject = f"last run of {schedule.title}" if len(runs) == 1 else f"last {len(runs):,} runs of {schedule.title}"
    if is_minimum_count(schedule):
        subject = f"at least the {subject}"
    text = outcome_text(runs, failed)
    return f"no usable backup from the {subject}: {text}" if have_different_outcomes(runs) else f"{subject} {text}"


def missed_since_text(schedule: ScheduleRuns) -> str:
    """Return when the first missed run of the latest ones was due, in UTC; "" if none was missed."""
    missed = [run for run in schedule.streak if run.outcome is Outcome.MISSED]
    if not missed:
        return ""
    due = f"{format_minutes(missed[0].at, UTC)} UTC"
    return f", due {due}" if len(schedule.streak) == 1 and schedule.state not in STOPPED else f" since {due}"


def is_stopped(schedule: ScheduleRuns) -> bool:
    """True if a schedule is deleted, paused, ended or has not begun, so that it makes no backups."""
    return schedule.is_orphaned or schedule.state in STOPPED


def is_stop_a_problem(schedule: ScheduleRuns) -> bool:
    """True if a stopped schedule is a problem although none of its runs was missed yet.

    A paused schedule is a problem, because somebody has to resume it. A deleted or ended schedule is one unless another
    schedule makes backups for its store; a schedule that has not begun only if it made regular backups before.
    """
    if schedule.state is ScheduleState.PAUSED and not schedule.is_orphaned:
        return True
    return not schedule.is_replaced and (
        schedule.has_lapsed if schedule.state is ScheduleState.NOT_BEGUN else bool(schedule.runs)
    )


def stopped_text(schedule: ScheduleRuns, now: int, title: str) -> str:
    """Return why the stopped schedule `title` makes no backups, as of `now` (epoch ms)."""
    if schedule.is_orphaned:
        return f"schedule {title} no longer exists"
    match schedule.state:
        case ScheduleState.NOT_BEGUN:
            first_run = (
                f" (first run in {format_duration(schedule.next_run - now)})" if schedule.next_run is not None else ""
            )
            return f"schedule {title} has not started{first_run}"
        case ScheduleState.ENDED:
            end = "has ended" if schedule.ended_at is None else f"ended {format_age(now - schedule.ended_at)} ago"
            return f"schedule {title} {end}"
        case _:
            return f"schedule {title} is paused"


def no_missed_runs_text(schedule: ScheduleRuns) -> str:
    """Return that a schedule has no missed runs, or why they are unknown."""
    return f"missed runs unknown: {schedule.unknown_reason}" if schedule.unknown_reason else "no run missed"


def source_text(schedule: ScheduleRuns) -> str:
    """Return ` (inferred from backup names: ...)` if the runs are not those of a task; else ""."""
    if not schedule.learned_because:
        return ""
    is_explained = schedule.is_orphaned or schedule.state is ScheduleState.ENDED
    return (
        " (inferred from backup names)"
        if is_explained
        else f" (inferred from backup names: {schedule.learned_because})"
    )
