"""`drtui stores`, `status`, `schedules` and `gaps`: tables about one site."""

import argparse
from collections.abc import Callable, Iterator
from typing import TypeVar

from drtui.cli.commands.restore_points import run_before, run_show
from drtui.cli.exit_codes import FINDINGS, FINE
from drtui.cli.loading import load_assessment, require
from drtui.cli.output import print_data, print_message, report_failures
from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import DAY
from drtui.core.model.site import State
from drtui.core.schedules.gaps import WINDOWS
from drtui.core.summary.labels import failure_word
from drtui.output.assessment import NO_COMPLETE_BACKUP, gaps_table
from drtui.output.formats import Table
from drtui.output.schedules import NO_SCHEDULE, relevant_schedules, schedules_table
from drtui.output.site_tables import status_table, stores_table

T = TypeVar("T")


def run(arguments: argparse.Namespace) -> int:
    """Run a command and return its exit code.

    Raises:
        CommandError: the command failed.
    """
    return COMMANDS[arguments.command](arguments)


def _stores(arguments: argparse.Namespace) -> int:
    context, assessment = load_assessment(arguments)
    table = stores(assessment, context.view)
    print_data(table, context, assessment, arguments.format)
    return report_failures(assessment.site_state, "stores", "backups of") or (FINE if table.texts else FINDINGS)


def _status(arguments: argparse.Namespace) -> int:
    context, assessment = load_assessment(arguments)
    print_data(status(assessment, context.view), context, assessment, arguments.format)
    operation = assessment.operation
    return report_failures(assessment.site_state, "status") or (
        FINE if operation is None or operation.outcome in {State.GOOD, State.IN_PROGRESS} else FINDINGS
    )


def _schedules(arguments: argparse.Namespace) -> int:
    context, assessment = load_assessment(arguments)
    table = schedules(assessment, context.view)
    print_data(table, context, assessment, arguments.format)
    exists = any(task.makes_backups for task in require(assessment.site_state.schedules))
    if not exists:
        print_message(NO_SCHEDULE)
    for sentence in unknown_runs(assessment):
        print_message(sentence)
    return report_failures(assessment.site_state, "schedules") or (FINE if exists else FINDINGS)


def _gaps(arguments: argparse.Namespace) -> int:
    context, assessment = load_assessment(arguments)
    print_data(gaps(assessment, context.view), context, assessment, arguments.format)
    for sentence in unknown_notes(assessment):
        print_message(sentence)
    return report_failures(assessment.site_state, "stores", "backups of") or (
        FINDINGS
        if assessment.gaps.over_target
        or assessment.missed_runs
        or assessment.failed_runs
        or assessment.gaps.has_no_complete_backup
        or _has_early_deletions(assessment)
        else FINE
    )


def _has_early_deletions(assessment: Assessment) -> bool:
    return bool(assessment.site_state.history.early_deletions(assessment.now - WINDOWS[-1] * DAY))


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "show": run_show,
    "stores": _stores,
    "status": _status,
    "schedules": _schedules,
    "gaps": _gaps,
    "before": run_before,
}


def stores(assessment: Assessment, view: DisplayContext) -> Table:
    """Return the table of backup stores.

    Raises:
        CommandError: the stores are unknown.
    """
    stores_, answers = require(assessment.site_state.stores), assessment.site_state.backups
    failed = {name: failure_word(answer.failure) for name, answer in answers.items() if answer.failure}
    return stores_table(stores_, assessment.points, failed, view)


def status(assessment: Assessment, view: DisplayContext) -> Table:
    """Return the table of the last operation.

    Raises:
        CommandError: the operation is unknown.
    """
    return status_table(require(assessment.site_state.status), assessment.operation, view)


def schedules(assessment: Assessment, view: DisplayContext) -> Table:
    """Return the table of the backup schedules and the cleaner.

    Raises:
        CommandError: the schedules are unknown.
    """
    tasks = require(assessment.site_state.schedules)
    return schedules_table(relevant_schedules(tasks), assessment.schedules, view)


def gaps(assessment: Assessment, view: DisplayContext) -> Table:
    """Return the table of gaps, missed runs and failed runs.

    Raises:
        CommandError: the stores are unknown.
    """
    require(assessment.site_state.stores)
    return gaps_table(assessment, view)


def unknown_notes(assessment: Assessment) -> Iterator[str]:
    """Yield what is unknown about gaps and runs."""
    if assessment.gaps.has_no_complete_backup:
        yield NO_COMPLETE_BACKUP
    yield from unknown_runs(assessment)


def unknown_runs(assessment: Assessment) -> Iterator[str]:
    """Yield why runs of schedules are unknown, or inferred from names of backups."""
    for schedule in assessment.schedules:
        if schedule.unknown_reason:
            yield f"Runs of {schedule.title} are unknown: {schedule.unknown_reason}"
        if schedule.learned_because:
            yield f"Runs of {schedule.title} are inferred from the names of its backups: {schedule.learned_because}"
        if schedule.end_doubt:
            yield f"Unknown whether {schedule.title} has ended: {schedule.end_doubt}"
