"""Tables and objects of schedules and their runs."""

from collections.abc import Sequence

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import format_duration
from drtui.core.formatting.times import format_minutes
from drtui.core.listing.csv_values import csv_seconds, csv_word
from drtui.core.model.site import Schedule
from drtui.core.schedules.failed_runs import Run
from drtui.core.schedules.schedule_runs import ScheduleRuns, ScheduleState
from drtui.output.formats import Field, Row, Table, moment_object

NO_SCHEDULE = "The site has no backup schedule."


NO_TASK = "no schedule"
"""The state of a schedule that is known only from the names of its backups."""


def schedules_table(schedules: Sequence[Schedule], plans: Sequence[ScheduleRuns], view: DisplayContext) -> Table:
    """Return the tasks that make backups and the cleaner, one row each, then schedules without a task."""
    columns = (
        "TITLE", "TASK", "STATE", "CRON (QUARTZ, UTC)", "NEXT RUN", "MISSED", "FAILED", "STORE", "PREFIX", "RETENTION",
        "LAST START",
    )  # fmt: skip
    planned = {plan.task.id: plan for plan in plans if plan.task is not None}
    relevant = [schedule for schedule in schedules if schedule.makes_backups or schedule.is_cleaner]
    rows = [(schedule, planned.get(schedule.id)) for schedule in relevant]
    objects = [_schedule_object(schedule, plan, view) for schedule, plan in rows]
    for orphan in plans:
        if orphan.is_orphaned:
            rows.append((Schedule("", "", orphan.title, orphan.prefix, orphan.store, NO_TASK), orphan))
            objects.append(_orphan_object(orphan, view))
    return Table.from_fields("schedules", columns, (_schedule_fields(*row, view) for row in rows), objects)


def _schedule_fields(schedule: Schedule, plan: ScheduleRuns | None, view: DisplayContext) -> tuple[Field, ...]:
    retention = schedule.retention_offset
    return (
        Field.from_text(schedule.title or schedule.id),
        Field.from_text(schedule.task_type),
        Field(_state_text(schedule, plan, view), _state_value(schedule, plan)),
        Field.from_text(schedule.cron),
        *_run_fields(plan, view),
        Field.from_text(schedule.store),
        Field.from_text(schedule.prefix),
        Field("-" if retention is None else f"about {format_duration(retention)}", csv_seconds(retention)),
        Field.from_time(schedule.last_start, view.zone),
    )


def _schedule_object(schedule: Schedule, plan: ScheduleRuns | None, view: DisplayContext) -> Row:
    return {
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
        "runs": None if plan is None else schedule_runs_object(plan, view),
    }


def _orphan_object(runs: ScheduleRuns, view: DisplayContext) -> Row:
    """Return a schedule that is known only from the names of its backups as a JSON object."""
    names = {"id": None, "title": runs.title, "task": None, "state": NO_TASK, "store": runs.store}
    unknown = {"active": False, "cron": None, "retention_ms": None, "last_start": None}
    return {**names, "prefix": runs.prefix, **unknown, "runs": schedule_runs_object(runs, view)}


def _state_value(schedule: Schedule, plan: ScheduleRuns | None) -> str | None:
    """Return the state of a schedule in a word; for other tasks the word of the server."""
    if plan is None:
        return schedule.state.lower() or None
    return csv_word(NO_TASK if plan.is_orphaned else plan.state.value)


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


def _run_fields(runs: ScheduleRuns | None, view: DisplayContext) -> tuple[Field, Field, Field]:
    """Return the next run and the numbers of missed and failed runs; `unknown` instead of 0 where runs are unknown."""
    if runs is None:
        return Field.from_text(None), Field.from_text(None), Field.from_text(None)
    missed, failed = (Field.from_count(len(outcome)) for outcome in (runs.missed_runs, runs.failed_runs))
    if runs.unknown_reason:
        missed = missed if runs.missed_runs else Field(runs.unknown_reason, "unknown")
        failed = failed if runs.failed_runs else Field.from_word("unknown")
    return Field.from_time(runs.next_run, view.zone), missed, failed


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
