"""`drtui diff A B`: what changed between two restore points, and what that means for a restore."""

import argparse
import sys

from drtui.cli.exit_codes import FINDINGS, FINE, USAGE
from drtui.cli.loading import find_restore_point, load, require
from drtui.cli.output import print_data, report_failures, stale_prefix
from drtui.core.analysis.rpo import lists_incomplete_reason
from drtui.core.comparison.compare import compare
from drtui.core.comparison.layout import comparison_text
from drtui.output.comparison import comparison_table


def run(arguments: argparse.Namespace) -> int:
    """Compare; the exit code says whether they differ.

    Raises:
        CommandError: one of the two is not there, or not to be told from another.
    """
    found, judged = load(arguments)
    require(judged.site_state.stores)
    code = report_failures(judged.site_state, "stores", "backups of")
    one, other = (
        find_restore_point(
            judged.points,
            typed,
            arguments.store,
            otherwise=code or USAGE,
            unlisted=lists_incomplete_reason(judged.site_state),
        )
        for typed in (arguments.a, arguments.b)
    )
    compared = compare(one, other)
    if arguments.format == "table":
        sys.stdout.write(stale_prefix(judged.site_state, found) + comparison_text(compared, found.view))
    else:
        print_data(comparison_table(compared, found.view), found, judged, arguments.format)
    return code or (FINDINGS if compared.has_differences else FINE)
