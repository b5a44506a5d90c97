"""`drtui where NAME`: which restore points hold something of that name or id, and when the last of them expires."""

import argparse
import sys
from difflib import get_close_matches

from drtui.cli.exit_codes import FINDINGS, FINE
from drtui.cli.loading import look, wanted
from drtui.cli.output import marked, put, say, told_troubles
from drtui.core.contents.builder import contents
from drtui.core.contents.describe import label_of
from drtui.core.contents.index import Content, Contents
from drtui.core.contents.search import Found, search
from drtui.core.formatting.text import clean
from drtui.output.contents import as_answer, of_contents, of_holders

MOST_OTHERS = 5
"""Names beside the answer that are mentioned."""

LONGEST = 80
"""Characters of a name that may be like another: to compare two long ones takes long."""


def run(arguments: argparse.Namespace) -> int:
    """Look, and find; the exit code says whether anything was found."""
    found, judged = look(arguments)
    wanted(judged.reading.stores)
    index = contents(judged)
    matches = search(index, clean(arguments.name))
    if arguments.format == "table":
        sys.stdout.write(marked(judged.reading, found) + as_answer(matches.answer, index, found.view))
    else:
        sheet = (of_holders if arguments.format == "csv" else of_contents)(matches.answer, index, found.view)
        put(sheet, found, judged, arguments.format)
    if not matches.answer:
        say(f"nothing in {len(index.points):,} restore points is called {arguments.name!r}{unlisted(index)}")
    also = others(matches, index, clean(arguments.name))
    if also:
        say(also)
    return told_troubles(judged.reading, "stores", "backups of") or (FINE if matches.answer else FINDINGS)


def unlisted(index: Contents) -> str:
    """Return that what was not found may exist, and why; empty if it cannot."""
    return f", but {index.unlisted}" if index.unlisted else ""


def others(matches: Found, index: Contents, typed: str) -> str:
    """What else could have been meant; empty for nothing."""
    also = matches.holding if matches.exact else () if matches.holding else matches.near or _alike(index, typed)
    named = ", ".join(dict.fromkeys(label_of(each, index) for each in also[:MOST_OTHERS]))
    return f"others like it: {named}{', ...' if len(also) > MOST_OTHERS else ''}" if also else ""


def _alike(index: Contents, typed: str) -> tuple[Content, ...]:
    """Those whose names are like what was typed, which may have a letter too many: `old_zoning` for `zoning`."""
    names = {name.lower(): each for each in index.entries for name in each.names if len(name) <= LONGEST}
    return tuple(names[near] for near in get_close_matches(typed.lower(), names, n=MOST_OTHERS))
