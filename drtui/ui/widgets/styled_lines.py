"""A list or text made of styled lines, some of which can be selected."""

from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple

from rich.segment import Segment

from drtui.core.formatting.text import cut, cut_middle, width, wrap_cells
from drtui.core.query.highlight import Span, clip_spans, visible_spans
from drtui.ui.widgets.styles import split_segments
from drtui.ui.widgets.virtual_list import VirtualList


class Line(NamedTuple):
    """Parts of a line, each with its tone. A line with a `key` can be selected."""

    pieces: tuple[tuple[str, str], ...]
    key: Hashable = None
    highlights: tuple[Span, ...] = ()
    """Parts to highlight, as positions in the joined text of all pieces."""


def line(text: str, tone: str = "", key: Hashable = None) -> Line:
    """Return a line of one piece."""
    return Line(((text, tone),), key)


def wrap_line(source: Line, cells: int) -> Iterator[Line]:
    """Wrap the last piece of a line to `cells` cells; continuation lines are indented to its start."""
    *before, (text, tone) = source.pieces
    indent = sum(width(piece) for piece, _ in before)
    if indent + width(text) <= cells:
        yield source
        return
    first, *more = wrap_cells(text, max(20, cells - indent))
    yield Line((*before, (first, tone)), source.key)
    yield from (line(" " * indent + part, tone) for part in more)


class Lines(VirtualList):
    """A list of styled lines. The cursor moves only to those with a key."""

    lines: Sequence[Line] = ()

    @property
    def count(self) -> int:
        """Number of lines."""
        return len(self.lines)

    def row_key(self, row: int) -> Hashable:
        """Return the key of the line."""
        return self.lines[row].key

    def show(self, lines: Sequence[Line], *, from_start: bool = False) -> None:
        """Replace the lines. The cursor stays on its key, or moves to the first line if `from_start`."""
        key, row, offset = (None, 0, 0) if from_start else (self.key, self.cursor, self.cursor - self.top)
        self.lines = lines
        self.restore_cursor(key, row, offset)

    def select_visible(self) -> None:
        """Put the cursor on the first visible line that can be selected, if it is on none."""
        visible = range(self.top, min(self.count, self.top + self.visible_row_count))
        row = next((row for row in visible if self.row_key(row) is not None), None)
        if self.key is None and row is not None:
            self._move_to(row)

    def draw(self, row: int, *, is_current: bool) -> list[Segment]:
        """Return the cursor mark and the pieces of a line."""
        is_selected = is_current and self.lines[row].key is not None
        pieces = [self.draw_pointer() if is_selected else Segment(" ", self.get_style(""))]
        cells, end, highlights = self.size.width - 1, 0, self.lines[row].highlights
        parts = self.lines[row].pieces
        for position, (text, tone) in enumerate(parts if highlights else _fit_pieces(parts, cells)):
            if cells <= 0:
                break
            fitted = cut(text, cells)
            cells -= width(fitted)
            part_tone = "cursor" if is_selected and position == 0 and self.has_focus else tone
            start, end = end, end + len(text)
            spans = visible_spans(clip_spans(highlights, start, end), text, fitted) if highlights else ()
            pieces += split_segments(fitted, self.get_style(part_tone), spans)
        return pieces


def _fit_pieces(pieces: Sequence[tuple[str, str]], cells: int) -> Sequence[tuple[str, str]]:
    """Shorten a name that takes more than half of the width, so that the text after it fits."""
    excess = sum(width(text) for text, _ in pieces) - cells
    if excess <= 0 or len(pieces) < 2 or width(pieces[0][0]) <= cells // 2:
        return pieces
    (name, tone), *rest = pieces
    return ((cut_middle(name, max(cells // 2, width(name) - excess)), tone), *rest)
