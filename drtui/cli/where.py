"""`drtui where NAME`: which restore points hold something of that name or id, and when the last of them expires."""

import argparse
import sys

from drtui.cli.errors import FINDINGS, FINE
from drtui.cli.telling import look, marked, put, say, told_troubles, wanted
from drtui.model.contents import Contents
from drtui.model.indexing import contents
from drtui.model.search import Found, search
from drtui.model.whereabouts import label_of
from drtui.report.where import as_answer, of_contents, of_holders

MOST_OTHERS = 5
"""Names beside the answer that are mentioned."""


def run(arguments: argparse.Namespace) -> int:
    """Look, and find; the exit code says whether anything was found."""
    found, judged = look(arguments)
    wanted(judged.reading.stores)
    index = contents(judged)
    matches = search(index, arguments.name)
    if arguments.format == "table":
        sys.stdout.write(marked(judged.reading, found) + as_answer(matches.answer, index, found.view))
    else:
        sheet = (of_holders if arguments.format == "csv" else of_contents)(matches.answer, index, found.view)
        put(sheet, found, judged, arguments.format)
    if not matches.answer:
        say(f"nothing in {len(index.points):,} restore points is called {arguments.name!r}")
    also = others(matches, index)
    if also:
        say(also)
    return told_troubles(judged.reading, "stores", "backups of") or (FINE if matches.answer else FINDINGS)


def others(matches: Found, index: Contents) -> str:
    """What else could have been meant; empty for nothing."""
    also = matches.holding if matches.exact else () if matches.holding else matches.near
    named = ", ".join(label_of(each, index) for each in also[:MOST_OTHERS])
    return f"others like it: {named}{', ...' if len(also) > MOST_OTHERS else ''}" if also else ""
