"""The headless commands: stdout is data, stderr is talk."""

import argparse
from collections.abc import Callable, Iterator
from typing import TypeVar

from drtui.cli.commands.restore_points import run_before, run_show
from drtui.cli.exit_codes import FINDINGS, FINE
from drtui.cli.loading import load, require
from drtui.cli.output import print_data, print_message, report_failures
from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import DAY
from drtui.core.model.site import State
from drtui.core.schedules.gaps import WINDOWS
from drtui.core.summary.labels import failure_word
from drtui.output.assessment import NONE_WHOLE, gaps_table
from drtui.output.formats import Table
from drtui.output.schedules import NO_SCHEDULE, relevant_schedules, schedules_table
from drtui.output.site_tables import status_table, stores_table

T = TypeVar("T")


def run(arguments: argparse.Namespace) -> int:
    """Carry out a command; its exit code.

    Raises:
        CommandError: it cannot be carried out.
    """
    return COMMANDS[arguments.command](arguments)


def _stores(arguments: argparse.Namespace) -> int:
    found, judged = load(arguments)
    sheet = stores(judged, found.view)
    print_data(sheet, found, judged, arguments.format)
    return report_failures(judged.site_state, "stores", "backups of") or (FINE if sheet.texts else FINDINGS)


def _status(arguments: argparse.Namespace) -> int:
    found, judged = load(arguments)
    print_data(status(judged, found.view), found, judged, arguments.format)
    went = judged.operation
    return report_failures(judged.site_state, "status") or (
        FINE if went is None or went.outcome in {State.GOOD, State.IN_PROGRESS} else FINDINGS
    )


def _schedules(arguments: argparse.Namespace) -> int:
    found, judged = load(arguments)
    sheet = schedules(judged, found.view)
    print_data(sheet, found, judged, arguments.format)
    exists = any(each.makes_backups for each in require(judged.site_state.schedules))
    if not exists:
        print_message(NO_SCHEDULE)
    for each in unknown_runs(judged):
        print_message(each)
    return report_failures(judged.site_state, "schedules") or (FINE if exists else FINDINGS)


def _gaps(arguments: argparse.Namespace) -> int:
    context, judged = load(arguments)
    print_data(gaps(judged, context.view), context, judged, arguments.format)
    found = judged.schedules
    for each in unknown_notes(judged):
        print_message(each)
    return report_failures(judged.site_state, "stores", "backups of") or (
        FINDINGS
        if found.gaps or found.missed_runs or found.failed_runs or found.has_no_complete_backup or _vanished(judged)
        else FINE
    )


def _vanished(judged: Assessment) -> bool:
    return bool(judged.site_state.history.early_deletions(judged.now - WINDOWS[-1] * DAY))


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "show": run_show,
    "stores": _stores,
    "status": _status,
    "schedules": _schedules,
    "gaps": _gaps,
    "before": run_before,
}


def stores(judged: Assessment, view: DisplayContext) -> Table:
    """The backup stores.

    Raises:
        CommandError: which there are is not known.
    """
    known, answers = require(judged.site_state.stores), judged.site_state.backups
    failed = {name: failure_word(answer.failure) for name, answer in answers.items() if answer.failure}
    return stores_table(known, judged.points, failed, view)


def status(judged: Assessment, view: DisplayContext) -> Table:
    """The last operation.

    Raises:
        CommandError: it is not known.
    """
    return status_table(require(judged.site_state.status), judged.operation, view)


def schedules(judged: Assessment, view: DisplayContext) -> Table:
    """The schedules that make backups, and the cleaner.

    Raises:
        CommandError: which there are is not known.
    """
    known = require(judged.site_state.schedules)
    return schedules_table(relevant_schedules(known), judged.schedules.schedules, view)


def gaps(judged: Assessment, view: DisplayContext) -> Table:
    """Gaps and missed runs.

    Raises:
        CommandError: no list is known that could have any.
    """
    require(judged.site_state.stores)
    return gaps_table(judged, view)


def unknown_notes(judged: Assessment) -> Iterator[str]:
    """What cannot be told of gaps and missed runs, or of these only by their names."""
    if judged.schedules.has_no_complete_backup:
        yield NONE_WHOLE
    yield from unknown_runs(judged)


def unknown_runs(judged: Assessment) -> Iterator[str]:
    """Yield what is not known of the runs of schedules, or known only by the names of their backups."""
    for plan in judged.schedules.schedules:
        if plan.unknown_reason:
            yield f"runs of {plan.title} cannot be told: {plan.unknown_reason}"
        if plan.learned_because:
            yield f"runs of {plan.title} are learned from the names of its backups: {plan.learned_because}"
        if plan.end_doubt:
            yield f"not known if {plan.title} has ended: {plan.end_doubt}"
