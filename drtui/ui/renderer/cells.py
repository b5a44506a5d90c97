"""A line of the terminal: what each of its cells holds."""

import unicodedata
from functools import lru_cache

from rich.cells import cell_len, split_graphemes

from drtui.ui.renderer.sgr import PLAIN, CellStyle

_CONTROL_CHARACTERS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)))
"""Never sent as text: where there are any, they would move the cursor."""

_JOINER, _WIDE_SELECTOR = "\N{ZERO WIDTH JOINER}", "\N{VARIATION SELECTOR-16}"
"""Where they have nothing to join or to widen, a terminal would take what comes next, or came before."""


class Line:
    """Characters and looks, cell by cell. The right half of a wide character is an empty string."""

    __slots__ = ("chars", "styles")

    def __init__(self, chars: list[str], styles: list[CellStyle]) -> None:
        self.chars, self.styles = chars, styles

    @classmethod
    def blank(cls, width: int) -> "Line":
        """Nothing in so many cells."""
        return cls([" "] * width, [PLAIN] * width)

    def copy(self) -> "Line":
        """One to be changed."""
        return Line(self.chars.copy(), self.styles.copy())

    def is_same_as(self, other: "Line") -> bool:
        """Whether both look the same."""
        return self.chars == other.chars and self.styles == other.styles

    def put(self, x: int, text: str, style: CellStyle) -> int:
        """Write from cell `x` on, as far as there is room; the cell after it."""
        chars = self.chars
        width = len(chars)
        if not 0 <= x < width:
            return x
        if chars[x] == "" and x:  # the other half of what was overwritten goes, too
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
    """What is drawn as one, each with its width in cells."""
    printable = text.translate(_CONTROL_CHARACTERS)
    spans = ((printable[start:end], cells) for start, end, cells in split_graphemes(printable)[0])
    return tuple(
        (cluster.rstrip(_JOINER) if cells else cluster.strip(_JOINER + _WIDE_SELECTOR), cells)
        for cluster, cells in spans
    )


@lru_cache(4096)
def has_certain_width(cell: str) -> bool:
    """Whether all terminals agree on the width of what a cell holds.

    They do not for characters of ambiguous width (UAX #11), for emoji, and for what is joined of several.
    """
    if len(cell) != 1:
        return cell == ""
    wide = unicodedata.east_asian_width(cell)
    return wide in {"Na", "N", "H"} or (wide in {"W", "F"} and not unicodedata.category(cell).startswith("S"))


@lru_cache(4096)
def widest_width(cell: str) -> int:
    """How many cells it takes on a terminal that draws joined characters beside one another."""
    return sum(map(cell_len, cell)) if len(cell) > 1 else 1
