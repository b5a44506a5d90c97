"""Details of the restore point or missed run under the cursor: its facts and its parts beside one another.

A narrow window shows three columns, a small one a single column.
"""

import datetime as dt
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.containers import Horizontal

from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.text import cut, width
from drtui.core.listing.details import DetailLine, build_details
from drtui.core.listing.grouping import Row
from drtui.core.listing.rows import MissedRun
from drtui.core.model.note import Note
from drtui.core.query.highlight import Span, clip_spans
from drtui.core.query.query import Query
from drtui.core.verdict.restore_points import RestorePoint
from drtui.ui.widgets.restore_point_rows import build_missed_run_lines
from drtui.ui.widgets.styled_lines import Line, Lines, line

COLUMNS = {"facts": "", "relational": "Relational stores", "objects": "Object stores", "others": "Other parts"}
"""The columns, with the title of those that contain several parts."""

FOUR_COLUMNS_WIDTH = 140
"""Window width, in cells, from which other parts than the stores have a column of their own."""

TITLE = "4 Restore point"
"""Title where the cursor is on no restore point."""

MIN_TITLE_CELLS, TITLE_RULE_CELLS = 14, 7
"""Least width of a title beside what was found, and cells of the rule around both."""

Texts = tuple[Sequence[DetailLine], ...]


class DetailPane(Horizontal):
    """The fourth pane of the main screen."""

    def __init__(self, *, plain: bool, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._plain = plain
        self.has_whole_ids = False
        """True if ids are not cut."""
        self.columns = {name: Lines(plain=plain, id=name) for name in COLUMNS}

    def compose(self) -> ComposeResult:
        """Build the columns, left to right."""
        yield from self.columns.values()

    def fit(self, *, side_by_side: bool, cells: int) -> None:
        """Show as many columns as a window of `cells` cells has room for."""
        self.columns["others"].display = side_by_side and cells >= FOUR_COLUMNS_WIDTH

    def select_visible(self) -> None:
        """Put the cursor of the column with the focus on an item, if it is on none."""
        for column in self.columns.values():
            if column.has_focus:
                column.select_visible()

    def show(
        self,
        entry: Row | None,
        now: int,
        zone: dt.tzinfo,
        query: Query,
        *,
        side_by_side: bool,
        from_start: bool = False,
        notes: tuple[Note, ...] = (),
        assessment: Assessment | None = None,
        empty_texts: Sequence[str] = (),
    ) -> None:
        """Show a row as of `now` (epoch ms), times in `zone`, with the matches of `query` highlighted.

        `from_start`: scroll to the first line. Of `notes`, those about the restore point are shown; `assessment` tells
        what the site has beyond it. `empty_texts` are shown if there is no row.
        """
        texts: Texts = ((), (), (), ())
        if isinstance(entry, MissedRun):
            texts = (tuple(build_missed_run_lines(entry, now, zone, plain=self._plain)), (), (), ())
        elif isinstance(entry, RestorePoint):
            details = build_details(entry, now, zone, plain=self._plain, notes=notes, assessment=assessment)
            texts = (details.overview, details.relational, details.object_store, details.other_parts)
        title = Title(f"4 {texts[0][0].text}", texts[0][0].highlights(query), offset=2) if texts[0] else Title(TITLE)
        texts = (texts[0][1:], *texts[1:])
        if entry is None:
            texts = (tuple(DetailLine(text, depth=1) for text in empty_texts), (), (), ())
        if side_by_side:
            self._show_side_by_side(title, texts, query, from_start=from_start)
        else:
            self._show_column(self.columns["relational"], title, tuple(chain(*texts)), query, from_start=from_start)
        self.select_visible()

    def _show_side_by_side(self, title: "Title", texts: Texts, query: Query, *, from_start: bool) -> None:
        """Show the facts and the parts; other parts stand below the object store if they have no column."""
        has_others = self.columns["others"].display
        self._show_column(self.columns["facts"], title, texts[0], query, from_start=from_start)
        for (name, several), lines in zip(list(COLUMNS.items())[1:], texts[1:], strict=True):
            heading, shown = _split_title(lines, several, query)
            if name == "objects" and texts[3] and not has_others:
                shown = (*shown, DetailLine(""), *texts[3])
            self._show_column(self.columns[name], heading, shown, query, from_start=from_start)

    def _show_column(
        self, column: Lines, title: "Title", lines: Sequence[DetailLine], query: Query, *, from_start: bool
    ) -> None:
        cells = column.size.width or self.app.size.width
        found = describe_matches(lines, query)
        column.heading, column.note = (title.text, found) if found else _fit_title(title, cells - TITLE_RULE_CELLS)
        if found:  # what was found matters more than the name of the part
            column.heading = cut(title.text, max(MIN_TITLE_CELLS, cells - width(found) - TITLE_RULE_CELLS))
        spans = ((start + title.offset, end + title.offset) for start, end in title.highlights)
        column.heading_highlights = tuple(span for span in spans if span[1] <= len(column.heading))
        built = build_detail_lines(lines, cells, query, has_whole_ids=self.has_whole_ids)
        column.show(built, from_start=from_start)


class Title(NamedTuple):
    """The title of a column."""

    text: str = ""
    highlights: tuple[Span, ...] = ()
    """Parts to highlight, as positions in the text without its first `offset` characters."""
    note: str = ""
    offset: int = 0


def _split_title(lines: Sequence[DetailLine], several: str, query: Query) -> tuple[Title, Sequence[DetailLine]]:
    """Return the title of a column, and its lines without it: the name of a part, and the number of its items.

    If there are several parts, each keeps its heading under the title `several`.
    """
    if not lines:
        return Title(), lines
    if sum(line.depth == 0 for line in lines) > 1:
        return Title(several), lines
    groups = [line for line in lines if line.group]
    shown = [replace(line, depth=line.depth - 1) for line in lines[1:] if line not in groups[:1]]
    return Title(lines[0].text, lines[0].highlights(query), ", ".join(line.group for line in groups)), shown


def _fit_title(title: Title, cells: int) -> tuple[str, str]:
    """Return heading and note in `cells` cells, without a count that is cut: in short words, without id, one count."""
    short_note, kind = title.note.replace("geodatabase", "gdb").replace("database", "db"), title.text.rpartition(" ")[0]
    first_count = short_note.partition(", ")[0]
    forms = (
        (title.text, title.note),
        (title.text, short_note),
        (kind, short_note),
        (title.text, first_count),
        (kind, first_count),
    )
    fitting = (form for form in forms if width("".join(form)) <= cells)
    return next(fitting, (title.text, title.note))


def describe_matches(details: Iterable[DetailLine], query: Query) -> str:
    """Return the names that match the filter, because their lines may not be visible."""
    matches = (detail for detail in details if detail.key is not None and detail.highlights(query))
    names = dict.fromkeys(detail.searchable[0][1] for detail in matches)
    return f"found: {', '.join(names)}" if names else ""


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
