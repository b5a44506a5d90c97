"""Writes cells to a terminal in as few bytes as it takes."""

import os
from typing import NamedTuple

from drtui.ui.renderer.cells import Line, has_certain_width
from drtui.ui.renderer.sgr import PLAIN, CellStyle, blank_style, sgr_change


class Terminal(NamedTuple):
    """Abilities that not every terminal has."""

    fills: bool = False
    """Erases in the colour of the background (terminfo: bce), as xterm and linux do, but not screen."""
    undoes: bool = False
    """Takes one attribute off without the others (ISO 6429: 22, 24, 27, 39 and so on), as all but the VT100 do."""


def terminal() -> Terminal:
    """The one that `TERM` names; where nothing is known of it, no ability is expected."""
    try:
        import curses  # noqa: PLC0415 - some builds of Python do without

        curses.setupterm(os.environ.get("TERM", ""), 2)
        return Terminal(curses.tigetflag("bce") > 0, b"\x1b[24m" in (curses.tigetstr("rmul") or b""))
    except (ImportError, OSError, curses.error):
        return Terminal()


class AnsiWriter:
    """Collects one frame: knows where the cursor of the terminal is, as far as that is certain, and how it writes."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._out: list[str] = []
        self._x: int | None = None
        self._y: int | None = None
        self._look = PLAIN

    @property
    def text(self) -> str:
        """What was collected, ending in the plain look."""
        self._like(PLAIN)
        return "".join(self._out)

    def say(self, sequence: str) -> None:
        """Something that leaves the cursor no one knows where."""
        self._like(PLAIN)
        self._out.append(sequence)
        self._x = self._y = None

    def go(self, x: int, y: int) -> None:
        """Put the cursor there."""
        if y != self._y or self._x is None or x < self._x:
            self._out.append(self._way(x, y))
        elif x > self._x:
            self._out.append(move_right(x - self._x))
        self._x, self._y = x, y

    def _way(self, x: int, y: int) -> str:
        """The shortest to somewhere else than to the right."""
        direct = f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H" if y else "\x1b[H"
        if self._y is None or y < self._y:
            return direct
        down = y - self._y
        by_lines = "\r" + "\n" * down + move_right(x)
        # The terminal's driver adds a carriage return to each line feed, on the wire.
        return by_lines if len(by_lines) + down < len(direct) else direct

    def write(self, y: int, line: Line, start: int, end: int) -> None:
        """The cells of a line from `start` up to `end`."""
        chars, looks = line.chars, line.looks
        at = start
        while at < end:
            self.go(at, y)
            look = looks[at]
            stop = end if looks[at:end].count(look) == end - at else at + 1
            while stop < end and looks[stop] is look:
                stop += 1
            text = "".join(chars[at:stop])
            if text.strip(" ") or blank_style(self._look) is not blank_style(look):
                self._like(look)
            if text.isascii():
                self._out.append(text)
                self._x = stop
            else:
                self._unsteady(y, chars, at, stop)
            at = stop
        if end == len(chars):
            self._x = None  # at the margin, or just beyond it

    def _unsteady(self, y: int, chars: list[str], start: int, end: int) -> None:
        """Text on whose width terminals may disagree: after what is doubtful, the cursor goes where it belongs."""
        at = start
        while at < end:
            sure, stop = has_certain_width(chars[at]), at + 1
            while stop < end and (not chars[stop] or has_certain_width(chars[stop]) is sure):
                stop += 1
            self.go(at, y)
            if "" in chars[at:stop] and not sure:  # where it is drawn in one cell, the other shall be blank
                self._out.append(" " * (stop - at))
                self._x = None
                self.go(at, y)
            self._out.append("".join(chars[at:stop]))
            self._x = stop if sure else None
            at = stop

    def erase(self, y: int, x: int, look: CellStyle) -> bool:
        """Blank cells of that look to the end of the line; whether the terminal can do that."""
        wanted = blank_style(look)
        if wanted is not PLAIN and not (self._terminal.fills and wanted == CellStyle(paper=wanted.paper)):
            return False
        self.go(x, y)
        if blank_style(self._look) is not wanted:
            self._like(wanted)
        self._out.append("\x1b[K")
        return True

    def _like(self, look: CellStyle) -> None:
        if look is not self._look:
            self._out.append(sgr_change(self._look, look, undoes=self._terminal.undoes))
            self._look = look


def move_right(cells: int) -> str:
    """So many cells to the right."""
    return "" if cells == 0 else "\x1b[C" if cells == 1 else f"\x1b[{cells}C"
