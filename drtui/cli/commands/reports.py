"""What is handed to people: the report for auditors, the hand-over for a restore."""

import argparse
import sys
from collections.abc import Callable
from typing import TypeVar

from drtui.cli.exit_codes import FINDINGS, FINE, CommandError
from drtui.cli.loading import load, require, require_restore_point
from drtui.cli.output import report_failures, write_csv
from drtui.output.audit_report import AuditPeriod, as_report, report_json
from drtui.output.formats import as_csv
from drtui.output.restore_points import restore_points_table
from drtui.output.runbook import as_runbook

T = TypeVar("T")


def run(arguments: argparse.Namespace) -> int:
    """Carry out a command; its exit code.

    Raises:
        CommandError: it cannot be carried out.
    """
    return COMMANDS[arguments.command](arguments)


def _report(arguments: argparse.Namespace) -> int:
    found, judged = load(arguments)
    require(judged.site_state.stores)
    if not 1 <= arguments.days <= 3660:
        raise CommandError("--days is a number from 1 to 3660")
    view, period = found.view, AuditPeriod.of(judged, arguments.days)
    match arguments.format:
        case "md":
            sys.stdout.write(as_report(period, view))
        case "csv":
            write_csv(as_csv(restore_points_table(period.points, view)))
        case _:
            sys.stdout.write(report_json(period, view))
    return report_failures(judged.site_state, "stores", "backups of") or (FINDINGS if period.findings else FINE)


def _runbook(arguments: argparse.Namespace) -> int:
    found, judged = load(arguments)
    wanted, code = require_restore_point(arguments, judged)
    sys.stdout.write(as_runbook(judged, wanted, found.view))
    return code or (FINE if wanted.verdict.is_usable else FINDINGS)


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "report": _report,
    "runbook": _runbook,
}
