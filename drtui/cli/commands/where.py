"""`drtui where NAME`: the restore points that contain an item, and when the last of them expires."""

import argparse
from collections.abc import Iterator
from difflib import get_close_matches

from drtui.cli.loading import Site, require
from drtui.cli.output import Answer
from drtui.core.contents.builder import build_index
from drtui.core.contents.describe import describe_item, item_label, item_query
from drtui.core.contents.index import ContentIndex, Item
from drtui.core.contents.search import SearchResult, search
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import sanitize
from drtui.output.contents import MAX_FULL_ITEMS, contents_table, item_points_table, items_table
from drtui.output.formats import Table
from drtui.output.sentences import restore_point_sentence

MAX_SIMILAR = 5
"""The largest number of similar names that a message lists."""

MAX_NAME_LENGTH = 80
"""The longest name that is compared for similarity, characters: comparing long names is slow."""


MAX_SPOKEN_POINTS = 20
"""The largest number of restore points of an item that are named in sentences."""


def answer_where(site: Site, arguments: argparse.Namespace) -> Answer:
    """Return the items of that name, and the restore points that contain them; none is a finding.

    Raises:
        CommandError: the stores are unknown.
    """
    context, assessment, _ = site.load()
    require(assessment.site_state.stores)
    index, name = build_index(assessment), sanitize(arguments.name)
    matches = search(index, name)
    output: Table | str
    if arguments.format == "table":
        output = contents_table(matches.best, index, context.view)
    elif arguments.format == "sentences" and len(matches.best) <= MAX_FULL_ITEMS:
        output = "".join(f"{line}\n" for item in matches.best for line in _item_sentences(item, index, context.view))
    elif arguments.format == "csv":
        output = item_points_table(matches.best, index, context.view)
    else:
        output = items_table(matches.best, index, context.view)
    notes = []
    if not matches.best:
        but = f", but {index.incomplete_reason}" if index.incomplete_reason else ""
        notes.append(f"Nothing named {arguments.name!r} in {len(index.points):,} restore points{but}")
    similar = _similar_names(matches, index, name)
    return Answer(output, not matches.best, (*notes, similar) if similar else notes)


def _item_sentences(item: Item, index: ContentIndex, view: DisplayContext) -> Iterator[str]:
    """Yield an item in sentences, then the restore points that contain it, newest first."""
    yield from (sentence.text for sentence in describe_item(item, index, view))
    points = index.holders(item)
    yield from (f"  {restore_point_sentence(point, view)}" for point in points[:MAX_SPOKEN_POINTS])
    if len(points) > MAX_SPOKEN_POINTS:
        yield f"  {len(points) - MAX_SPOKEN_POINTS:,} more: filter {item_query(item, index)} lists them."


def _similar_names(matches: SearchResult, index: ContentIndex, typed: str) -> str:
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
