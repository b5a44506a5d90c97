"""One row of the terminal: the character and the style of every cell."""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len, split_graphemes

from drtui.ui.renderer.sgr import PLAIN, CellStyle

_CONTROL_CHARACTERS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)))
"""Control characters. They are removed from text because they would move the cursor."""

_JOINER, _WIDE_SELECTOR = "\N{ZERO WIDTH JOINER}", "\N{VARIATION SELECTOR-16}"
"""Invisible characters that, with nothing to join or widen, would change the character before or after them."""


class CellRow(NamedTuple):
    """Characters and styles of one row, cell by cell. The right half of a wide character is an empty string."""

    chars: list[str]
    styles: list[CellStyle]

    @classmethod
    def blank(cls, width: int) -> "CellRow":
        """Return a row of `width` blank cells."""
        return cls([" "] * width, [PLAIN] * width)

    def copy(self) -> "CellRow":
        """Return a copy that can be changed independently."""
        return CellRow(self.chars.copy(), self.styles.copy())

    def put(self, x: int, text: str, style: CellStyle) -> int:
        """Write `text` from cell `x` on, cut at the end of the row. Return the cell after the text."""
        chars = self.chars
        width = len(chars)
        if not 0 <= x < width:
            return x
        if chars[x] == "" and x:  # overwrites the right half of a wide character: remove its left half
            chars[x - 1] = " "
        if text.isascii() and text.isprintable():
            end = min(width, x + len(text))
            chars[x:end] = text[: end - x]
        else:
            end = self._put_clusters(x, text)
        self.styles[x:end] = [style] * (end - x)
        if end < width and chars[end] == "":
            chars[end] = " "
        return end

    def _put_clusters(self, x: int, text: str) -> int:
        chars = self.chars
        width = len(chars)
        for cluster, cells in split_clusters(text):
            if not cells:
                previous = x - 1 if x and chars[x - 1] else x - 2
                if previous >= 0:
                    chars[previous] += cluster
            elif x + cells > width:
                chars[x:] = " " * (width - x)
                return width
            else:
                chars[x : x + cells] = [cluster, *[""] * (cells - 1)]
                x += cells
        return x


@lru_cache(2048)
def split_clusters(text: str) -> tuple[tuple[str, int], ...]:
    """Split text into characters as a terminal draws them, each with its width in cells."""
    printable = text.translate(_CONTROL_CHARACTERS)
    spans = ((printable[start:end], cells) for start, end, cells in split_graphemes(printable)[0])
    return tuple(
        (cluster.rstrip(_JOINER) if cells else cluster.strip(_JOINER + _WIDE_SELECTOR), cells)
        for cluster, cells in spans
    )


@lru_cache(4096)
def has_certain_width(cell: str) -> bool:
    """True if all terminals agree on the width of the content of a cell.

    They disagree about characters of ambiguous width (UAX #11), emoji, and characters joined from several.
    """
    if len(cell) != 1:
        return cell == ""
    wide = unicodedata.east_asian_width(cell)
    return wide in {"Na", "N", "H"} or (wide in {"W", "F"} and not unicodedata.category(cell).startswith("S"))


@lru_cache(4096)
def get_widest_width(cell: str) -> int:
    """Return the width in cells on a terminal that draws joined characters next to each other."""
    return sum(map(cell_len, cell)) if len(cell) > 1 else 1
