"""`drtui diff A B`: the differences between two restore points, and their effect on a restore."""

import argparse
import sys

from drtui.cli.exit_codes import FINDINGS, FINE, USAGE
from drtui.cli.loading import find_restore_point, load_assessment, require
from drtui.cli.output import print_data, report_failures, stale_prefix
from drtui.core.analysis.rpo import lists_incomplete_reason
from drtui.core.comparison.compare import compare
from drtui.core.comparison.layout import comparison_text
from drtui.output.comparison import comparison_table


def run(arguments: argparse.Namespace) -> int:
    """Print the differences; exit code 1 if there are any.

    Raises:
        CommandError: a name matches no restore point, or more than one.
    """
    context, assessment = load_assessment(arguments)
    require(assessment.site_state.stores)
    code = report_failures(assessment.site_state, "stores", "backups of")
    first, second = (
        find_restore_point(
            assessment.points,
            typed,
            arguments.store,
            exit_code=code or USAGE,
            incomplete_reason=lists_incomplete_reason(assessment.site_state),
        )
        for typed in (arguments.a, arguments.b)
    )
    comparison = compare(first, second)
    if arguments.format == "table":
        sys.stdout.write(stale_prefix(assessment.site_state, context) + comparison_text(comparison, context.view))
    else:
        print_data(comparison_table(comparison, context.view), context, assessment, arguments.format)
    return code or (FINDINGS if comparison.has_differences else FINE)
