"""`drtui diff A B`: what changed between two restore points, and what that means for a restore."""

import argparse
import sys

from drtui.cli.exit_codes import FINDINGS, FINE, USAGE
from drtui.cli.loading import look, point_named, wanted
from drtui.cli.output import marked, put, told_troubles
from drtui.core.analysis.rpo import why_not_whole
from drtui.core.comparison.compare import compare
from drtui.core.comparison.layout import as_text
from drtui.output.comparison import of_comparison


def run(arguments: argparse.Namespace) -> int:
    """Compare; the exit code says whether they differ.

    Raises:
        CommandError: one of the two is not there, or not to be told from another.
    """
    found, judged = look(arguments)
    wanted(judged.reading.stores)
    code = told_troubles(judged.reading, "stores", "backups of")
    one, other = (
        point_named(
            judged.points, typed, arguments.store, otherwise=code or USAGE, unlisted=why_not_whole(judged.reading)
        )
        for typed in (arguments.a, arguments.b)
    )
    compared = compare(one, other)
    if arguments.format == "table":
        sys.stdout.write(marked(judged.reading, found) + as_text(compared, found.view))
    else:
        put(of_comparison(compared, found.view), found, judged, arguments.format)
    return code or (FINDINGS if compared.differ else FINE)
