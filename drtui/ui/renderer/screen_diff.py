"""Turns one picture of the terminal into the next."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import compress, count
from operator import sub

from drtui.ui.renderer.ansi_writer import AnsiWriter, Terminal, move_right
from drtui.ui.renderer.cells import Line, widest_width
from drtui.ui.renderer.scroll import Scroll, count_differing, find_scroll
from drtui.ui.renderer.sgr import blank_style

ERASE = 3
"""Bytes of the sequence that erases the rest of a line."""

MARGIN = 2
"""Blanks at the left that are written rather than jumped over: the beginning of a line is reached in fewer bytes."""

ADJACENT = 1
FAR = 4
"""Cells to the right that are never shorter written than jumped over, if there are more."""

CLEAR = "\x1b[m\x1b[r\x1b[2J"
"""No attributes, no margins, nothing on the screen."""


class ScreenDiff:
    """Keeps what the terminal shows."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._shown: list[Line] = []
        self._sure = False

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of what was painted last, in cells."""
        return len(self._shown[0].chars) if self._shown else 0, len(self._shown)

    def forget(self) -> None:
        """The terminal may show anything: paint all of it next time."""
        self._sure = False

    def line(self, y: int) -> Line:
        """A copy of what a line shows, to be changed and painted."""
        return self._shown[y].copy()

    def resize(self, width: int, height: int) -> None:
        """The size of what is painted next; on another size, nothing of what the terminal shows is known."""
        if self.size != (width, height):
            self._shown, self._sure = [Line.blank(width) for _ in range(height)], False

    def paint(self, lines: Mapping[int, Line], cursor: tuple[int, int] | None = None) -> str:
        """What makes the terminal show these lines, too, and leaves its cursor there; empty if it does already."""
        pen = AnsiWriter(self._terminal)
        if not self._sure:
            lines = dict(enumerate(self._shown)) | dict(lines)
            self._shown = [Line.blank(self.size[0]) for _ in self._shown]
            pen.say(CLEAR)
            self._sure = True
        changed = {y: line for y, line in sorted(lines.items()) if not line.same(self._shown[y])}
        moved = find_scroll(self._shown, changed)
        if moved is not None:
            changed = self._scroll(pen, moved, changed)
        for y, line in changed.items():
            _rewrite(pen, y, self._shown[y], line)
            self._shown[y] = line
        if cursor is not None and pen.text:
            pen.go(*cursor)
        return pen.text

    def _scroll(self, pen: AnsiWriter, moved: Scroll, changed: dict[int, Line]) -> dict[int, Line]:
        """Let the terminal move lines; what then is still to be written.

        Line feeds at a margin do it on every terminal; SU and SD (ECMA-48) are unknown to linux and the VT100.
        """
        top, bottom, by = moved
        at, step = (bottom, "\n" * by) if by > 0 else (top, "\x1bM" * -by)
        pen.say(f"\x1b[{top + 1};{bottom + 1}r\x1b[{at + 1}H{step}\x1b[r")
        wanted = {y: changed.get(y, self._shown[y]) for y in range(top, bottom + 1)}
        self._shown[top : bottom + 1] = moved.applied(self._shown)
        left = {y: line for y, line in wanted.items() if not line.same(self._shown[y])}
        return left | {y: line for y, line in changed.items() if not top <= y <= bottom}


def _rewrite(pen: AnsiWriter, y: int, old: Line, new: Line) -> None:
    """Write what differs; jump over what does not where that is shorter; erase the rest of the line if it is blank."""
    cells = _to_write(old, new)
    tail = _tail(new)
    blank = [x for x in cells if x >= tail]
    erased = len(blank) > ERASE and blank[-1] - blank[0] >= ERASE
    if erased:
        cells = [x for x in cells if x < tail]
    end = 0
    for start, end in _runs(cells, new) if cells else ():
        pen.write(y, new, start, end)
    if erased and not pen.erase(y, max(tail, end), new.looks[-1]):
        pen.write(y, new, blank[0], len(new.chars))


def _to_write(old: Line, new: Line) -> list[int]:
    """The cells that differ, those beside them over which some terminals would draw, and a short margin."""
    cells = count_differing(old, new)
    if max(map(len, new.chars)) > 1:
        beside = {each for x in cells for each in range(x + 1, x + widest_width(new.chars[x]))}
        cells = sorted({*cells, *(x for x in beside if x < len(new.chars))})
    margin = cells[0] if cells else 0
    if 0 < margin <= MARGIN and all(
        char == " " and blank_style(look) is blank_style(new.looks[margin])
        for char, look in zip(new.chars[:margin], new.looks, strict=False)
    ):
        cells = [*range(margin), *cells]
    return cells


def _tail(line: Line) -> int:
    """From which cell on there is nothing but blanks of one look."""
    look = blank_style(line.looks[-1])
    x = len(line.chars)
    while x and line.chars[x - 1] == " " and blank_style(line.looks[x - 1]) is look:
        x -= 1
    return x


def _runs(cells: Sequence[int], line: Line) -> Iterator[tuple[int, int]]:
    """Cells that are written together, from one up to another, whole characters only."""
    chars, width = line.chars, len(line.chars)
    first = 0
    start = end = -1
    for after in (*compress(count(1), map(ADJACENT.__lt__, map(sub, cells[1:], cells))), len(cells)):
        if start >= 0 and not _worth_writing(line, end, cells[first]):
            yield start, end
            start = -1
        start = cells[first] if start < 0 else start
        end = cells[after - 1] + 1
        while end < width and not chars[end]:
            end += 1
        first = after
    yield start, end


def _worth_writing(line: Line, start: int, end: int) -> bool:
    """Whether to write cells that need not be is shorter than to jump over them."""
    if end - start > FAR:
        return False
    jump = len(move_right(end - start))
    if len("".join(line.chars[start:end]).encode()) > jump:
        return False
    look = line.looks[start - 1]
    gap = zip(line.chars[start:end], line.looks[start:end], strict=True)
    return all(each is look or (char == " " and blank_style(each) is blank_style(look)) for char, each in gap)
