"""`drtui report` and `drtui runbook`: documents for auditors and for a restore."""

import argparse

from drtui.cli.exit_codes import FINDINGS, CommandError
from drtui.cli.loading import Site, find_restore_point, require
from drtui.cli.output import Answer
from drtui.output.formats import Table
from drtui.output.report import AuditPeriod, as_markdown, report_json
from drtui.output.restore_points import restore_points_table
from drtui.output.runbook import as_runbook


def answer_report(site: Site, arguments: argparse.Namespace) -> Answer:
    """Return the audit report.

    Raises:
        CommandError: the stores are unknown, or the number of days is invalid.
    """
    if not 1 <= arguments.days <= 3660:
        raise CommandError("--days must be a number from 1 to 3660.")
    context, assessment, _ = site.load()
    require(assessment.site_state.stores)
    from drtui.session.journal import read_site_changes

    changes, problems = read_site_changes(assessment.site_state.address)
    period = AuditPeriod.last_days(assessment, arguments.days, changes)
    output: Table | str
    match arguments.format:
        case "md":
            output = as_markdown(period, context.view)
        case "html":
            from drtui.output.html import as_html

            output = as_html(as_markdown(period, context.view), period.title)
        case "csv":
            output = restore_points_table(period.points, context.view)
        case _:
            output = report_json(period, context.view)
    return Answer(output, period.has_findings, problems=problems)


def answer_runbook(site: Site, arguments: argparse.Namespace) -> Answer:
    """Return the runbook for restoring one restore point; it is a finding if that is not usable.

    Raises:
        CommandError: the name matches no restore point, or more than one.
    """
    context, assessment, _ = site.load()
    point = find_restore_point(assessment, arguments.backup, only_in=arguments.store, exit_code=FINDINGS)
    return Answer(as_runbook(assessment, point, context.view), not point.verdict.is_usable)
