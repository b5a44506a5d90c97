"""`drtui diff A B`: the differences between two restore points, and their effect on a restore."""

import argparse

from drtui.cli.loading import Site, find_restore_point
from drtui.cli.output import Answer
from drtui.core.comparison.compare import compare
from drtui.core.comparison.layout import comparison_text
from drtui.output.comparison import comparison_table

NARROW = 60
"""The width of a comparison in sentences, cells: one column."""


def answer_diff(site: Site, arguments: argparse.Namespace) -> Answer:
    """Return the differences; they are findings.

    Raises:
        CommandError: a name matches no restore point, or more than one.
    """
    context, assessment, _ = site.load()
    first, second = (
        find_restore_point(assessment, typed, prefer=arguments.store) for typed in (arguments.a, arguments.b)
    )
    comparison = compare(first, second)
    if arguments.format == "table":
        return Answer(comparison_text(comparison, context.view), comparison.has_differences)
    if arguments.format == "sentences":
        return Answer(comparison_text(comparison, context.view, NARROW), comparison.has_differences)
    return Answer(comparison_table(comparison, context.view), comparison.has_differences)
