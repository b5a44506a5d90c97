"""`drtui where NAME`: which restore points hold something of that name or id, and when the last of them expires."""

import argparse
import sys
from difflib import get_close_matches

from drtui.cli.exit_codes import FINDINGS, FINE
from drtui.cli.loading import load, require
from drtui.cli.output import print_data, print_message, report_failures, stale_prefix
from drtui.core.contents.builder import build_index
from drtui.core.contents.describe import item_label
from drtui.core.contents.index import ContentIndex, Item
from drtui.core.contents.search import SearchResult, search
from drtui.core.formatting.text import sanitize
from drtui.output.contents import contents_table, holders_table, items_table

MOST_OTHERS = 5
"""Names beside the answer that are mentioned."""

LONGEST = 80
"""Characters of a name that may be like another: to compare two long ones takes long."""


def run(arguments: argparse.Namespace) -> int:
    """Look, and find; the exit code says whether anything was found."""
    found, judged = load(arguments)
    require(judged.site_state.stores)
    index = build_index(judged)
    matches = search(index, sanitize(arguments.name))
    if arguments.format == "table":
        sys.stdout.write(stale_prefix(judged.site_state, found) + contents_table(matches.best, index, found.view))
    else:
        sheet = (holders_table if arguments.format == "csv" else items_table)(matches.best, index, found.view)
        print_data(sheet, found, judged, arguments.format)
    if not matches.best:
        print_message(
            f"nothing in {len(index.points):,} restore points is called {arguments.name!r}{incomplete_list_note(index)}"
        )
    also = similar_names(matches, index, sanitize(arguments.name))
    if also:
        print_message(also)
    return report_failures(judged.site_state, "stores", "backups of") or (FINE if matches.best else FINDINGS)


def incomplete_list_note(index: ContentIndex) -> str:
    """Return that what was not found may exist, and why; empty if it cannot."""
    return f", but {index.incomplete_reason}" if index.incomplete_reason else ""


def similar_names(matches: SearchResult, index: ContentIndex, typed: str) -> str:
    """What else could have been meant; empty for nothing."""
    also = matches.partial if matches.exact else () if matches.partial else matches.scattered or _alike(index, typed)
    named = ", ".join(dict.fromkeys(item_label(each, index) for each in also[:MOST_OTHERS]))
    return f"others like it: {named}{', ...' if len(also) > MOST_OTHERS else ''}" if also else ""


def _alike(index: ContentIndex, typed: str) -> tuple[Item, ...]:
    """Those whose names are like what was typed, which may have a letter too many: `old_zoning` for `zoning`."""
    names = {name.lower(): each for each in index.items for name in each.names if len(name) <= LONGEST}
    return tuple(names[near] for near in get_close_matches(typed.lower(), names, n=MOST_OTHERS))
