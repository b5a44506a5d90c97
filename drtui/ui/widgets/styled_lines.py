"""A list or a text made of lines in tones, some of which can be chosen."""

from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple

from rich.segment import Segment

from drtui.core.formatting.text import cut, cut_middle, width, wrap_cells
from drtui.core.query.highlight import Span, clip_span, visible_spans
from drtui.ui.widgets.virtual_list import VirtualList


class Line(NamedTuple):
    """Pieces of text, each with a tone."""

    pieces: tuple[tuple[str, str], ...]
    key: Hashable = None
    found: tuple[Span, ...] = ()
    """Where in the pieces, one after another, stands what is looked for."""


def line(text: str, tone: str = "", key: Hashable = None) -> Line:
    """A line of one piece."""
    return Line(((text, tone),), key)


def in_cells(whole: Line, cells: int) -> Iterator[Line]:
    """A line in as many as it needs: the last piece is folded, and goes on below where it begins."""
    *before, (text, tone) = whole.pieces
    begin = sum(width(each) for each, _ in before)
    if begin + width(text) <= cells:
        yield whole
        return
    first, *more = wrap_cells(text, max(20, cells - begin))
    yield Line((*before, (first, tone)), whole.key)
    yield from (line(" " * begin + each, tone) for each in more)


class Lines(VirtualList):
    """Lines, drawn as they are; the cursor rests on those that can be chosen."""

    def __init__(self, title: str = "", *, plain: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(title, plain=plain, id=id)
        self.lines: Sequence[Line] = ()

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self.lines)

    def row_key(self, row: int) -> Hashable:
        """What a line stands for."""
        return self.lines[row].key

    def show(self, lines: Sequence[Line], *, anew: bool = False) -> None:
        """Replace the lines; the cursor stays on what it is on. `anew`: it is another text, read from its beginning."""
        key, row, offset = (None, 0, 0) if anew else (self.key, self.cursor, self.cursor - self.top)
        self.lines = lines
        self.placed(key, row, offset)

    def draw(self, row: int, *, here: bool) -> list[Segment]:
        """A mark where the cursor is, then the pieces."""
        current = here and self.lines[row].key is not None
        pieces = [Segment((">" if self.plain else "▸") if current else " ", self.style_of(""))]
        room, end, found = self.size.width - 1, 0, self.lines[row].found
        said = self.lines[row].pieces
        for position, (text, tone) in enumerate(said if found else _fitted(said, room)):
            if room <= 0:
                break
            shown = cut(text, room)
            room -= width(shown)
            marked = ("cursor" if self.has_focus else "cursor-blur") if current and position == 0 else tone
            start, end = end, end + len(text)
            pieces += self.pieces(
                shown, marked, visible_spans(clip_span(found, start, end), text, shown) if found else ()
            )
        return pieces


def _fitted(pieces: Sequence[tuple[str, str]], room: int) -> Sequence[tuple[str, str]]:
    """A name that takes more than half of the room gives way to what is said of it."""
    over = sum(width(text) for text, _ in pieces) - room
    if over <= 0 or len(pieces) < 2 or width(pieces[0][0]) <= room // 2:
        return pieces
    (name, tone), *said = pieces
    return ((cut_middle(name, max(room // 2, width(name) - over)), tone), *said)
