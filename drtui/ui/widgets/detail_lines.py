"""Lines of an outline of details, wrapped to the width of a pane."""

import textwrap
from collections.abc import Iterator, Sequence

from drtui.core.formatting.text import cut, width
from drtui.core.listing.details import DetailLine
from drtui.core.query.highlight import clip_spans
from drtui.core.query.query import Query
from drtui.ui.widgets.styled_lines import Line, line

NO_FILTER = Query()

SHORT_ID_CELLS = 9
"""Cells of an id that is cut: enough to tell one from another."""


def build_detail_lines(
    details: Sequence[DetailLine], cells: int, query: Query = NO_FILTER, *, has_whole_ids: bool = False
) -> list[Line]:
    """Return the lines of an outline in `cells` cells. Text is wrapped, names are not; headings are bold.

    Ids are cut unless `has_whole_ids`, or if the query matches them.
    """
    return [
        built
        for detail in details
        for built in (
            _wrap_text(detail, cells, query)
            if detail.key is None
            else _build_item(detail, cells, query, has_whole_ids=has_whole_ids)
        )
    ]


def _build_item(detail: DetailLine, cells: int, query: Query, *, has_whole_ids: bool) -> Iterator[Line]:
    """Yield the line of an item; the id after its name is dim, and on a line of its own if it does not fit whole."""
    indent, highlights = "  " * detail.depth, detail.highlights(query)
    spans = clip_spans(highlights, 0, len(detail.text), len(indent))
    id_ = next((value for field, value in detail.searchable if field == "id"), "")
    name = detail.text.removesuffix(id_)
    is_matched = any(end > len(name) for _, end in highlights)
    if has_whole_ids and id_ and width(indent + detail.text) >= cells and not is_matched:
        yield Line(((indent + name.rstrip(), detail.tone),), detail.key, spans)
        yield line(" " * max(0, min(len(indent) + 2, cells - 1 - width(id_))) + id_, "muted")
        return
    shown = id_ if has_whole_ids or is_matched else cut(id_, SHORT_ID_CELLS)
    pieces = ((indent + name, detail.tone), (shown, "muted")) if id_ else ((indent + name, detail.tone),)
    yield Line(pieces, detail.key, spans)


def _wrap_text(detail: DetailLine, cells: int, query: Query) -> Iterator[Line]:
    highlights, end = detail.highlights(query), 0
    first = f"{detail.label:<10}" if detail.label else "  " * detail.depth
    tone = detail.tone or ("strong" if detail.depth == 0 and not detail.label else "")
    wrapped = textwrap.wrap(detail.text, max(10, cells - 1 - len(first))) or [""]
    for position, text in enumerate(wrapped):
        start = max(0, detail.text.find(text, end))
        end = start + len(text)
        prefix = first if position == 0 else " " * len(first)
        yield Line(((prefix, "muted"), (text, tone)), highlights=clip_spans(highlights, start, end, len(prefix)))
