"""Tables and objects of schedules and their runs."""

from collections.abc import Sequence

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import format_duration, format_full, format_minutes
from drtui.core.listing.csv_values import Cell, csv_seconds, csv_time, csv_word
from drtui.core.model.site import Schedule
from drtui.core.schedules.failed_runs import Run
from drtui.core.schedules.schedule_runs import ScheduleRuns, ScheduleState
from drtui.output.formats import Row, Table, moment_object

NO_SCHEDULE = "There is no schedule that makes backups: the site says so itself."


GONE = "no schedule"
"""The state of a schedule that the site no longer has, while the names of its backups tell of it."""


def relevant_schedules(schedules: Sequence[Schedule]) -> list[Schedule]:
    """Of all that a site does regularly, what makes backups, and the cleaner."""
    return [each for each in schedules if each.makes_backups or each.is_cleaner]


def schedules_table(schedules: Sequence[Schedule], plans: Sequence[ScheduleRuns], view: DisplayContext) -> Table:
    """Schedules, and the cleaner that retention relies on, a row each."""
    columns = (
        "TITLE", "TASK", "STATE", "CRON (QUARTZ, UTC)", "NEXT RUN", "MISSED", "FAILED", "STORE", "PREFIX", "RETENTION",
        "LAST START",
    )  # fmt: skip
    planned = {plan.task.id: plan for plan in plans if plan.task is not None}
    orphans = [each for each in plans if each.is_orphaned]
    texts = [
        (
            each.title or each.id,
            each.task_type,
            _standing(each, planned.get(each.id), view),
            each.cron or "-",
            *_runs(planned.get(each.id), view),
            each.store or "-",
            each.prefix or "-",
            "-" if each.retention_offset is None else f"about {format_duration(each.retention_offset)}",
            format_full(each.last_start, view.zone),
        )
        for each in schedules
    ]
    texts += [
        (
            each.title,
            "-",
            f"{GONE}{_streak(each)}",
            "-",
            *_runs(each, view),
            each.store,
            each.prefix,
            "-",
            "-",
        )
        for each in orphans
    ]
    objects: list[Row] = [
        {
            "id": each.id,
            "title": each.title,
            "task": each.task_type,
            "state": each.state,
            "active": each.active,
            "cron": each.cron,
            "store": each.store,
            "prefix": each.prefix,
            "retention_ms": each.retention_offset,
            "last_start": moment_object(each.last_start, view.zone),
            "runs": schedule_runs_object(planned[each.id], view) if each.id in planned else None,
        }
        for each in schedules
    ]
    objects += [
        {"id": None, "title": each.title, "task": None, "state": GONE, "store": each.store, "prefix": each.prefix}
        | {
            "active": False,
            "cron": None,
            "retention_ms": None,
            "last_start": None,
            "runs": schedule_runs_object(each, view),
        }
        for each in orphans
    ]
    cells = [
        (
            each.title or each.id,
            each.task_type or None,
            _standing_value(each, planned.get(each.id)),
            each.cron or None,
            *_run_values(planned.get(each.id), view),
            each.store or None,
            each.prefix or None,
            csv_seconds(each.retention_offset),
            csv_time(each.last_start, view.zone),
        )
        for each in schedules
    ]
    cells += [
        (each.title, None, csv_word(GONE), None, *_run_values(each, view), each.store, each.prefix, None, None)
        for each in orphans
    ]
    return Table("schedules", columns, texts, objects, cells=cells)


def _standing_value(schedule: Schedule, plan: ScheduleRuns | None) -> str | None:
    """Return whether a schedule will run, in a word; for what is no schedule of backups the server's own."""
    return csv_word(plan.state.value) if plan is not None else schedule.state.lower() or None


def _run_values(found: ScheduleRuns | None, view: DisplayContext) -> tuple[Cell, Cell, Cell]:
    """Return the next run, how many were missed, and how many failed; `unknown` where that cannot be told."""
    if found is None:
        return None, None, None
    unknown = "unknown" if found.unknown_reason else 0
    return csv_time(found.next_run, view.zone), len(found.missed_runs) or unknown, len(found.failed_runs) or unknown


def _standing(schedule: Schedule, plan: ScheduleRuns | None, view: DisplayContext) -> str:
    """Return the state of a schedule, whether it has begun and not ended, and what its latest runs came to."""
    word = schedule_state_text(schedule)
    if plan is None:
        return word
    if plan.state is ScheduleState.ENDED:
        word = "ended" if plan.ended_at is None else f"ended {format_minutes(plan.ended_at, view.zone)}"
    elif plan.state is ScheduleState.NOT_BEGUN:
        word = f"{word} (begins {format_minutes(schedule.starts, view.zone)})"
    elif plan.end_doubt:
        word = f"{word} (end unknown)"
    return f"{word}{_streak(plan)}"


def _streak(plan: ScheduleRuns) -> str:
    """Return what became of the latest runs of a schedule if they left no usable backup: ` (last 3 failed)`."""
    outcomes = sorted({run.outcome.value for run in plan.streak})
    number = f" {len(plan.streak):,}" if len(plan.streak) > 1 else ""
    return f" (last{number} {' or '.join(outcomes)})" if outcomes else ""


def _runs(found: ScheduleRuns | None, view: DisplayContext) -> tuple[str, str, str]:
    """The next run, how many were missed, and how many failed."""
    if found is None:
        return "-", "-", "-"
    missed, failed = len(found.missed_runs), len(found.failed_runs)
    return (
        format_full(found.next_run, view.zone),
        str(missed) if missed or not found.unknown_reason else found.unknown_reason,
        str(failed) if failed or not found.unknown_reason else "unknown",
    )


def schedule_runs_object(found: ScheduleRuns, view: DisplayContext) -> Row:
    """A schedule's runs for machines."""
    return {
        "name": found.prefix,
        "store": found.store,
        "source": "task" if found.task is not None else "names",
        "inferred_reason": found.learned_because or None,
        "state": found.state.value,
        "next_run": moment_object(found.next_run, view.zone),
        "tolerance_ms": found.tolerance,
        "run_count": len(found.runs),
        "ended_at": moment_object(found.ended_at, view.zone),
        "end_unknown_reason": found.end_doubt or None,
        "overdue": found.is_overdue,
        "failing": found.is_failing,
        "consecutive_failures": len(found.streak),
        "missed": [moment_object(run.at, view.zone) for run in found.missed_runs],
        "failed": [failed_run_object(run, view) for run in found.failed_runs],
        "runs_unknown_reason": found.unknown_reason,
    }


def failed_run_object(run: Run, view: DisplayContext) -> Row:
    """Return a run that failed, for machines: when it was due, its backup, and why."""
    backup = None if run.backup is None else run.backup.name
    return {"due": moment_object(run.at, view.zone), "backup": backup, "reason": run.reason}


def schedule_state_text(schedule: Schedule) -> str:
    """Whether it will run, with a word where its two states disagree (rule R54)."""
    word = schedule.state or {True: "active", False: "paused"}.get(bool(schedule.active), "-")
    if schedule.active is None or not schedule.state:
        return word
    if (schedule.state.lower() == "active") != schedule.active:
        return f"{word}, but active is {str(schedule.active).lower()}"
    return word
