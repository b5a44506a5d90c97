"""Tables and objects of schedules and their runs."""

from collections.abc import Sequence

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import format_duration
from drtui.core.formatting.times import format_full, format_minutes
from drtui.core.listing.csv_values import Cell, csv_seconds, csv_time, csv_word
from drtui.core.model.site import Schedule
from drtui.core.schedules.failed_runs import Run
from drtui.core.schedules.schedule_runs import ScheduleRuns, ScheduleState
from drtui.output.formats import Row, Table, moment_object

NO_SCHEDULE = "The site has no schedule that makes backups."


NO_TASK = "no schedule"
"""The state of a schedule that is known only from the names of its backups."""


def relevant_schedules(schedules: Sequence[Schedule]) -> list[Schedule]:
    """Return the schedules that make backups, and the cleaner."""
    return [schedule for schedule in schedules if schedule.makes_backups or schedule.is_cleaner]


def schedules_table(schedules: Sequence[Schedule], plans: Sequence[ScheduleRuns], view: DisplayContext) -> Table:
    """Return the schedules and the cleaner, one row each."""
    columns = (
        "TITLE", "TASK", "STATE", "CRON (QUARTZ, UTC)", "NEXT RUN", "MISSED", "FAILED", "STORE", "PREFIX", "RETENTION",
        "LAST START",
    )  # fmt: skip
    planned = {plan.task.id: plan for plan in plans if plan.task is not None}
    orphans = [schedule for schedule in plans if schedule.is_orphaned]
    texts = [
        (
            schedule.title or schedule.id,
            schedule.task_type,
            _state_text(schedule, planned.get(schedule.id), view),
            schedule.cron or "-",
            *_run_texts(planned.get(schedule.id), view),
            schedule.store or "-",
            schedule.prefix or "-",
            "-" if schedule.retention_offset is None else f"about {format_duration(schedule.retention_offset)}",
            format_full(schedule.last_start, view.zone),
        )
        for schedule in schedules
    ]
    texts += [
        (
            runs.title,
            "-",
            f"{NO_TASK}{_streak_text(runs)}",
            "-",
            *_run_texts(runs, view),
            runs.store,
            runs.prefix,
            "-",
            "-",
        )
        for runs in orphans
    ]
    objects: list[Row] = [
        {
            "id": schedule.id,
            "title": schedule.title,
            "task": schedule.task_type,
            "state": schedule.state,
            "active": schedule.active,
            "cron": schedule.cron,
            "store": schedule.store,
            "prefix": schedule.prefix,
            "retention_ms": schedule.retention_offset,
            "last_start": moment_object(schedule.last_start, view.zone),
            "runs": schedule_runs_object(planned[schedule.id], view) if schedule.id in planned else None,
        }
        for schedule in schedules
    ]
    objects += [
        {"id": None, "title": runs.title, "task": None, "state": NO_TASK, "store": runs.store, "prefix": runs.prefix}
        | {
            "active": False,
            "cron": None,
            "retention_ms": None,
            "last_start": None,
            "runs": schedule_runs_object(runs, view),
        }
        for runs in orphans
    ]
    cells = [
        (
            schedule.title or schedule.id,
            schedule.task_type or None,
            _state_value(schedule, planned.get(schedule.id)),
            schedule.cron or None,
            *_run_values(planned.get(schedule.id), view),
            schedule.store or None,
            schedule.prefix or None,
            csv_seconds(schedule.retention_offset),
            csv_time(schedule.last_start, view.zone),
        )
        for schedule in schedules
    ]
    cells += [
        (runs.title, None, csv_word(NO_TASK), None, *_run_values(runs, view), runs.store, runs.prefix, None, None)
        for runs in orphans
    ]
    return Table("schedules", columns, texts, objects, cells=cells)


def _state_value(schedule: Schedule, plan: ScheduleRuns | None) -> str | None:
    """Return the state of a schedule in a word; for other tasks the word of the server."""
    return csv_word(plan.state.value) if plan is not None else schedule.state.lower() or None


def _run_values(runs: ScheduleRuns | None, view: DisplayContext) -> tuple[Cell, Cell, Cell]:
    """Return the next run and the numbers of missed and failed runs; `unknown` where runs are unknown."""
    if runs is None:
        return None, None, None
    unknown = "unknown" if runs.unknown_reason else 0
    return csv_time(runs.next_run, view.zone), len(runs.missed_runs) or unknown, len(runs.failed_runs) or unknown


def _state_text(schedule: Schedule, plan: ScheduleRuns | None, view: DisplayContext) -> str:
    """Return the state of a schedule with its start or end, and the outcome of its latest runs."""
    word = schedule_state_text(schedule)
    if plan is None:
        return word
    if plan.state is ScheduleState.ENDED:
        word = "ended" if plan.ended_at is None else f"ended {format_minutes(plan.ended_at, view.zone)}"
    elif plan.state is ScheduleState.NOT_BEGUN:
        word = f"{word} (begins {format_minutes(schedule.starts, view.zone)})"
    elif plan.end_doubt:
        word = f"{word} (end unknown)"
    return f"{word}{_streak_text(plan)}"


def _streak_text(plan: ScheduleRuns) -> str:
    """Return the outcome of the latest runs if none left a usable backup: ` (last 3 failed)`; else empty."""
    outcomes = sorted({run.outcome.value for run in plan.streak})
    number = f" {len(plan.streak):,}" if len(plan.streak) > 1 else ""
    return f" (last{number} {' or '.join(outcomes)})" if outcomes else ""


def _run_texts(runs: ScheduleRuns | None, view: DisplayContext) -> tuple[str, str, str]:
    """Return the next run and the numbers of missed and failed runs as text."""
    if runs is None:
        return "-", "-", "-"
    missed, failed = len(runs.missed_runs), len(runs.failed_runs)
    return (
        format_full(runs.next_run, view.zone),
        str(missed) if missed or not runs.unknown_reason else runs.unknown_reason,
        str(failed) if failed or not runs.unknown_reason else "unknown",
    )


def schedule_runs_object(runs: ScheduleRuns, view: DisplayContext) -> Row:
    """Return the runs of a schedule as a JSON object."""
    return {
        "name": runs.prefix,
        "store": runs.store,
        "source": "task" if runs.task is not None else "names",
        "inferred_reason": runs.learned_because or None,
        "state": runs.state.value,
        "next_run": moment_object(runs.next_run, view.zone),
        "tolerance_ms": runs.tolerance,
        "run_count": len(runs.runs),
        "ended_at": moment_object(runs.ended_at, view.zone),
        "end_unknown_reason": runs.end_doubt or None,
        "overdue": runs.is_overdue,
        "failing": runs.is_failing,
        "consecutive_failures": len(runs.streak),
        "missed": [moment_object(run.at, view.zone) for run in runs.missed_runs],
        "failed": [failed_run_object(run, view) for run in runs.failed_runs],
        "runs_unknown_reason": runs.unknown_reason,
    }


def failed_run_object(run: Run, view: DisplayContext) -> Row:
    """Return a failed run as a JSON object: when it was due, its backup, and why it failed."""
    backup = None if run.backup is None else run.backup.name
    return {"due": moment_object(run.at, view.zone), "backup": backup, "reason": run.reason}


def schedule_state_text(schedule: Schedule) -> str:
    """Return the state of a schedule; with both states if they contradict each other (rule R54)."""
    word = schedule.state or {True: "active", False: "paused"}.get(bool(schedule.active), "-")
    if schedule.active is None or not schedule.state:
        return word
    if (schedule.state.lower() == "active") != schedule.active:
        return f"{word}, but active is {str(schedule.active).lower()}"
    return word
