"""A terminal emulator that shows what Textual believes a terminal shows: pyte, with its gaps closed."""

import re
from typing import Any, NamedTuple

import pyte
from rich.cells import split_graphemes

LINK = re.compile(r"(\x1b\]8;[^;\x1b]*;[^\x1b]*\x1b\\)")
UNDONE = {22: {2}, 24: {21}, 28: {8}, 54: {51, 52}, 55: {53}}
"""What takes those attributes off that pyte does not know."""
KNOWN_TO_US = {2, 8, 21, 51, 52, 53}


class Cell(NamedTuple):
    """A cell as pyte keeps it, and what it leaves out: dim and other attributes, and the link."""

    data: str = " "
    fg: str = "default"
    bg: str = "default"
    bold: bool = False
    italics: bool = False
    underscore: bool = False
    strikethrough: bool = False
    reverse: bool = False
    blink: bool = False
    more: frozenset[int] = frozenset()
    link: str = ""

    @property
    def seen(self) -> tuple[object, ...]:
        """What a person sees: of a blank without lines only the colour behind it."""
        if self.data == " " and not (
            self.underscore or self.strikethrough or self.reverse or self.more & {21, 51, 52, 53}
        ):
            return (" ", self.bg, self.link)
        return self


class Emulator(pyte.Screen):
    """Differs from pyte where that has gaps or bugs.

    pyte 0.8.2 knows neither dim nor links; stops writing at a joiner; measures what is joined piece by piece; leaves
    half of a wide character where the other half is overwritten; and erases with every attribute instead of the
    background only.
    """

    cursor: Any
    buffer: Any
    """Of cells that have more than pyte's."""

    def __init__(self, columns: int, lines: int, *, fills: bool = True) -> None:
        super().__init__(columns, lines)
        self._fills = fills
        self._parser = pyte.Stream(self)
        self.feed("\x1b[?7l")  # as Textual does

    @property
    def default_char(self) -> Any:
        """An empty cell."""
        return Cell()

    def reset(self) -> None:
        """As it was at first."""
        super().reset()
        self.cursor.attrs = self.default_char

    def feed(self, text: str) -> None:
        """Take in what a program writes."""
        for part in LINK.split(text):
            if LINK.fullmatch(part):
                self.cursor.attrs = self.cursor.attrs._replace(link=part[2:-2].split(";", 2)[2])
            else:
                self._parser.feed(part)

    def draw(self, data: str) -> None:
        """Text, what is drawn as one in as many cells as Textual believes."""
        line = self.buffer[self.cursor.y]
        self.dirty.add(self.cursor.y)
        spans, _ = split_graphemes(data)
        for start, end, cells in spans:
            x = self.cursor.x = min(self.cursor.x, self.columns - max(cells, 1) + (cells == 0))
            if cells == 0:
                before = x - 1 if x and line[x - 1].data else x - 2
                line[before] = line[before]._replace(data=line[before].data + data[start:end])
                continue
            self._halve(x)
            self._halve(x + cells)
            for each in range(cells):
                line[x + each] = self.cursor.attrs._replace(data="" if each else data[start:end])
            self.cursor.x += cells

    def _halve(self, x: int) -> None:
        """A wide character of which only one half is left is gone."""
        line = self.buffer[self.cursor.y]
        if 0 < x < self.columns and line[x].data == "":
            line[x - 1], line[x] = line[x - 1]._replace(data=" "), line[x]._replace(data=" ")

    def select_graphic_rendition(self, *attrs: int) -> None:
        """Attributes and colours; links are apart from them."""
        more, link = self.cursor.attrs.more, self.cursor.attrs.link
        codes = iter(attrs or (0,))
        for code in codes:
            if code in {38, 48}:
                for _ in range(1 if next(codes) == 5 else 3):
                    next(codes)
            elif code in KNOWN_TO_US:
                more |= {code}
            else:
                more = frozenset() if code == 0 else more - UNDONE.get(code, set())
        super().select_graphic_rendition(*attrs)
        self.cursor.attrs = self.cursor.attrs._replace(more=more, link=link)

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        """Blank, in the background's colour where the terminal does that."""
        attrs = self.cursor.attrs
        self.cursor.attrs = Cell(bg=attrs.bg if self._fills else "default")
        super().erase_in_line(how, private)
        self.cursor.attrs = attrs

    def index(self) -> None:
        """Down; at the margin, what comes in takes the background, so there had better be none."""
        assert self.cursor.y != (self.margins.bottom if self.margins else self.lines - 1) or self.cursor.attrs == Cell()
        super().index()

    def reverse_index(self) -> None:
        """Up, likewise."""
        assert self.cursor.y != (self.margins.top if self.margins else 0) or self.cursor.attrs == Cell()
        super().reverse_index()

    def seen(self, y: int) -> list[object]:
        """What is seen of a line."""
        line = self.buffer[y]
        return [line[x].seen for x in range(self.columns)]

    def text(self, y: int) -> str:
        """A line, without its looks."""
        return "".join(self.buffer[y][x].data for x in range(self.columns))


def difference(ours: Emulator, theirs: Emulator) -> str:
    """The first cell that is not the same, on lines that were written since the last time; empty if there is none."""
    written = {y for y in ours.dirty | theirs.dirty if y < ours.lines}
    ours.dirty.clear()
    theirs.dirty.clear()
    for y in sorted(written):
        for x, (one, another) in enumerate(zip(ours.seen(y), theirs.seen(y), strict=True)):
            if one != another:
                return f"at {x}, {y}:\n{one} is\n{another}\n{ours.text(y)}\n{theirs.text(y)}"
    return ""
