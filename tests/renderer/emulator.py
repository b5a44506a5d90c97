"""A terminal emulator that shows what Textual expects a terminal to show: pyte without its gaps."""

import re
from typing import Any, NamedTuple

import pyte
from rich.cells import split_graphemes

LINK = re.compile(r"(\x1b\]8;[^;\x1b]*;[^\x1b]*\x1b\\)")
RESET_CODES = {22: {2}, 24: {21}, 28: {8}, 54: {51, 52}, 55: {53}}
"""SGR codes that reset attributes unknown to pyte."""
EXTRA_ATTRIBUTES = {2, 8, 21, 51, 52, 53}
"""SGR codes of attributes unknown to pyte."""


class Cell(NamedTuple):
    """A cell as in pyte, with the attributes and the link that pyte does not store."""

    data: str = " "
    fg: str = "default"
    bg: str = "default"
    bold: bool = False
    italics: bool = False
    underscore: bool = False
    strikethrough: bool = False
    reverse: bool = False
    blink: bool = False
    extra_attributes: frozenset[int] = frozenset()
    link: str = ""

    @property
    def visible(self) -> tuple[object, ...]:
        """The visible part of the cell. Of a blank without lines, that is only the background and the link."""
        if self.data == " " and not (
            self.underscore or self.strikethrough or self.reverse or self.extra_attributes & {21, 51, 52, 53}
        ):
            return (" ", self.bg, self.link)
        return self


class Emulator(pyte.Screen):
    """A pyte screen without its gaps and bugs.

    pyte 0.8.2 knows neither dim nor links; stops writing at a joiner; measures joined characters piece by piece;
    leaves half of a wide character when the other half is overwritten; and erases with all attributes instead of the
    background only.
    """

    cursor: Any
    buffer: Any
    """Rows of `Cell`, which has more fields than pyte's."""

    def __init__(self, columns: int, lines: int, *, can_erase_in_colour: bool = True) -> None:
        super().__init__(columns, lines)
        self._can_erase_in_colour = can_erase_in_colour
        self._parser = pyte.Stream(self)
        self.feed("\x1b[?7l")  # as Textual does

    @property
    def default_char(self) -> Any:
        """An empty cell."""
        return Cell()

    def reset(self) -> None:
        """Reset to the initial state."""
        super().reset()
        self.cursor.attrs = self.default_char

    def feed(self, text: str) -> None:
        """Process the output of a program."""
        for part in LINK.split(text):
            if LINK.fullmatch(part):
                self.cursor.attrs = self.cursor.attrs._replace(link=part[2:-2].split(";", 2)[2])
            else:
                self._parser.feed(part)

    def draw(self, data: str) -> None:
        """Write text. A joined character takes as many cells as Textual assumes."""
        line = self.buffer[self.cursor.y]
        self.dirty.add(self.cursor.y)
        spans, _ = split_graphemes(data)
        for start, end, cells in spans:
            x = self.cursor.x = min(self.cursor.x, self.columns - max(cells, 1) + (cells == 0))
            if cells == 0:
                before = x - 1 if x and line[x - 1].data else x - 2
                line[before] = line[before]._replace(data=line[before].data + data[start:end])
                continue
            self._clear_other_half(x)
            self._clear_other_half(x + cells)
            for offset in range(cells):
                line[x + offset] = self.cursor.attrs._replace(data="" if offset else data[start:end])
            self.cursor.x += cells

    def _clear_other_half(self, x: int) -> None:
        """Blank both cells of a wide character of which one half is overwritten."""
        line = self.buffer[self.cursor.y]
        if 0 < x < self.columns and line[x].data == "":
            line[x - 1], line[x] = line[x - 1]._replace(data=" "), line[x]._replace(data=" ")

    def select_graphic_rendition(self, *attrs: int) -> None:
        """Set attributes and colours. Links are separate from them."""
        extra, link = self.cursor.attrs.extra_attributes, self.cursor.attrs.link
        codes = iter(attrs or (0,))
        for code in codes:
            if code in {38, 48}:
                for _ in range(1 if next(codes) == 5 else 3):
                    next(codes)
            elif code in EXTRA_ATTRIBUTES:
                extra |= {code}
            else:
                extra = frozenset() if code == 0 else extra - RESET_CODES.get(code, set())
        super().select_graphic_rendition(*attrs)
        self.cursor.attrs = self.cursor.attrs._replace(extra_attributes=extra, link=link)

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        """Erase cells, in the background colour if the terminal can do that."""
        attrs = self.cursor.attrs
        self.cursor.attrs = Cell(bg=attrs.bg if self._can_erase_in_colour else "default")
        super().erase_in_line(how, private)
        self.cursor.attrs = attrs

    def index(self) -> None:
        """Move down. At the margin the new line takes the background, so it must be the default there."""
        assert self.cursor.y != (self.margins.bottom if self.margins else self.lines - 1) or self.cursor.attrs == Cell()
        super().index()

    def reverse_index(self) -> None:
        """Move up. At the margin the new line takes the background, so it must be the default there."""
        assert self.cursor.y != (self.margins.top if self.margins else 0) or self.cursor.attrs == Cell()
        super().reverse_index()

    def visible_cells(self, y: int) -> list[object]:
        """Return the visible part of each cell of row `y`."""
        line = self.buffer[y]
        return [line[x].visible for x in range(self.columns)]

    def text(self, y: int) -> str:
        """Return the text of row `y`."""
        return "".join(self.buffer[y][x].data for x in range(self.columns))


def find_difference(ours: Emulator, theirs: Emulator) -> str:
    """Describe the first visible difference in rows written since the last call, or return ""."""
    written_rows = {y for y in ours.dirty | theirs.dirty if y < ours.lines}
    ours.dirty.clear()
    theirs.dirty.clear()
    for y in sorted(written_rows):
        for x, (our_cell, their_cell) in enumerate(zip(ours.visible_cells(y), theirs.visible_cells(y), strict=True)):
            if our_cell != their_cell:
                return f"at {x}, {y}:\n{our_cell} is\n{their_cell}\n{ours.text(y)}\n{theirs.text(y)}"
    return ""
