"""`drtui where NAME`: the restore points that contain an item, and when the last of them expires."""

import argparse
import sys
from difflib import get_close_matches

from drtui.cli.exit_codes import FINDINGS, FINE
from drtui.cli.loading import load_assessment, require
from drtui.cli.output import print_data, print_message, report_failures, stale_prefix
from drtui.core.contents.builder import build_index
from drtui.core.contents.describe import item_label
from drtui.core.contents.index import ContentIndex, Item
from drtui.core.contents.search import SearchResult, search
from drtui.core.formatting.text import sanitize
from drtui.output.contents import contents_table, item_points_table, items_table

MAX_SIMILAR = 5
"""The largest number of similar names that a message lists."""

MAX_NAME_LENGTH = 80
"""The longest name that is compared for similarity, characters: comparing long names is slow."""


def run(arguments: argparse.Namespace) -> int:
    """Find the items and print them; exit code 1 if none matches."""
    context, assessment = load_assessment(arguments)
    require(assessment.site_state.stores)
    index = build_index(assessment)
    matches = search(index, sanitize(arguments.name))
    if arguments.format == "table":
        sys.stdout.write(
            stale_prefix(assessment.site_state, context) + contents_table(matches.best, index, context.view)
        )
    else:
        table = (item_points_table if arguments.format == "csv" else items_table)(matches.best, index, context.view)
        print_data(table, context, assessment, arguments.format)
    if not matches.best:
        print_message(
            f"Nothing named {arguments.name!r} in {len(index.points):,} restore points{incomplete_list_note(index)}"
        )
    also = similar_names(matches, index, sanitize(arguments.name))
    if also:
        print_message(also)
    return report_failures(assessment.site_state, "stores", "backups of") or (FINE if matches.best else FINDINGS)


def incomplete_list_note(index: ContentIndex) -> str:
    """Return why an item that was not found may exist; empty if all lists are complete."""
    return f", but {index.incomplete_reason}" if index.incomplete_reason else ""


def similar_names(matches: SearchResult, index: ContentIndex, typed: str) -> str:
    """Return a sentence with similar names; empty if there are none."""
    also = (
        matches.partial
        if matches.exact
        else ()
        if matches.partial
        else matches.scattered or _similar_items(index, typed)
    )
    named = ", ".join(dict.fromkeys(item_label(item, index) for item in also[:MAX_SIMILAR]))
    return f"others like it: {named}{', ...' if len(also) > MAX_SIMILAR else ''}" if also else ""


def _similar_items(index: ContentIndex, typed: str) -> tuple[Item, ...]:
    """Return the items with names similar to `typed`, which may have letters too many: `old_zoning` for `zoning`."""
    names = {name.lower(): item for item in index.items for name in item.names if len(name) <= MAX_NAME_LENGTH}
    return tuple(names[near] for near in get_close_matches(typed.lower(), names, n=MAX_SIMILAR))
