"""`drtui report` and `drtui runbook`: documents for auditors and for a restore."""

import argparse
import sys
from collections.abc import Callable
from typing import TypeVar

from drtui.cli.exit_codes import FINDINGS, FINE, CommandError
from drtui.cli.loading import load_assessment, require, require_restore_point
from drtui.cli.output import report_failures, write_csv
from drtui.output.formats import as_csv
from drtui.output.report import AuditPeriod, as_markdown, report_json
from drtui.output.restore_points import restore_points_table
from drtui.output.runbook import as_runbook

T = TypeVar("T")


def run(arguments: argparse.Namespace) -> int:
    """Run a command and return its exit code.

    Raises:
        CommandError: the command failed.
    """
    return COMMANDS[arguments.command](arguments)


def _report(arguments: argparse.Namespace) -> int:
    context, assessment = load_assessment(arguments)
    require(assessment.site_state.stores)
    if not 1 <= arguments.days <= 3660:
        raise CommandError("--days must be a number from 1 to 3660.")
    view, period = context.view, AuditPeriod.last_days(assessment, arguments.days)
    match arguments.format:
        case "md":
            sys.stdout.write(as_markdown(period, view))
        case "csv":
            write_csv(as_csv(restore_points_table(period.points, view)))
        case _:
            sys.stdout.write(report_json(period, view))
    return report_failures(assessment.site_state, "stores", "backups of") or (FINDINGS if period.has_findings else FINE)


def _runbook(arguments: argparse.Namespace) -> int:
    context, assessment = load_assessment(arguments)
    point, code = require_restore_point(arguments, assessment)
    sys.stdout.write(as_runbook(assessment, point, context.view))
    return code or (FINE if point.verdict.is_usable else FINDINGS)


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "report": _report,
    "runbook": _runbook,
}
