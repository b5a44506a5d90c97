"""Write cells to a terminal in as few bytes as possible."""

import os
from typing import NamedTuple

from drtui.ui.renderer.cells import CellRow, has_certain_width
from drtui.ui.renderer.sgr import PLAIN, CellStyle, build_sgr_change, get_blank_style


class Terminal(NamedTuple):
    """Abilities that some terminals lack."""

    can_erase_in_colour: bool = False
    """True if erased cells get the background colour (terminfo: bce). xterm and linux do, screen does not."""
    can_reset_attribute: bool = False
    """True if single attributes can be reset (ISO 6429: 22, 24, 27, 39 and so on). All terminals but the VT100 can."""


def detect_terminal() -> Terminal:
    """Return the abilities of the terminal that `TERM` names, or none if terminfo does not know that terminal."""
    try:
        import curses  # some builds of Python do without

        curses.setupterm(os.environ.get("TERM", ""), 2)
        return Terminal(curses.tigetflag("bce") > 0, b"\x1b[24m" in (curses.tigetstr("rmul") or b""))
    except (ImportError, OSError, curses.error):
        return Terminal()


class AnsiWriter:
    """Collects the output for one frame and tracks the terminal's cursor position and style."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._parts: list[str] = []
        self._x: int | None = None
        """Column of the terminal's cursor in cells; None if uncertain."""
        self._y: int | None = None
        """Row of the terminal's cursor; None if uncertain."""
        self._style = PLAIN

    @property
    def text(self) -> str:
        """The output so far, ending with the style reset."""
        self._set_style(PLAIN)
        return "".join(self._parts)

    def write_sequence(self, sequence: str) -> None:
        """Append a control sequence after which the cursor position is unknown."""
        self._set_style(PLAIN)
        self._parts.append(sequence)
        self._x = self._y = None

    def move_to(self, x: int, y: int) -> None:
        """Move the cursor to cell `x` of row `y`."""
        if y != self._y or self._x is None or x < self._x:
            self._parts.append(self._build_move(x, y))
        elif x > self._x:
            self._parts.append(move_right(x - self._x))
        self._x, self._y = x, y

    def _build_move(self, x: int, y: int) -> str:
        """Return the shortest sequence for any move that is not simply to the right."""
        direct = f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H" if y else "\x1b[H"
        if self._y is None or y < self._y:
            return direct
        down = y - self._y
        by_lines = "\r" + "\n" * down + move_right(x)
        # The terminal driver sends a carriage return with each line feed, which costs a byte more.
        return by_lines if len(by_lines) + down < len(direct) else direct

    def write_cells(self, y: int, row: CellRow, start: int, end: int) -> None:
        """Write the cells of `row` from `start` up to, but not including, `end`."""
        chars, styles = row.chars, row.styles
        x = start
        while x < end:
            self.move_to(x, y)
            style = styles[x]
            stop = end if styles[x:end].count(style) == end - x else x + 1
            while stop < end and styles[stop] is style:
                stop += 1
            text = "".join(chars[x:stop])
            if text.strip(" ") or get_blank_style(self._style) is not get_blank_style(style):
                self._set_style(style)
            if text.isascii():
                self._parts.append(text)
                self._x = stop
            else:
                self._write_uncertain(y, chars, x, stop)
            x = stop
        if end == len(chars):
            self._x = None  # terminals differ: at the margin, or just beyond it

    def _write_uncertain(self, y: int, chars: list[str], start: int, end: int) -> None:
        """Write text whose width terminals may disagree about, and set the cursor again after each doubtful part."""
        x = start
        while x < end:
            is_certain, stop = has_certain_width(chars[x]), x + 1
            while stop < end and (not chars[stop] or has_certain_width(chars[stop]) is is_certain):
                stop += 1
            self.move_to(x, y)
            if "" in chars[x:stop] and not is_certain:  # a terminal that draws one cell must leave the other blank
                self._parts.append(" " * (stop - x))
                self._x = None
                self.move_to(x, y)
            self._parts.append("".join(chars[x:stop]))
            self._x = stop if is_certain else None
            x = stop

    def erase(self, y: int, x: int, style: CellStyle) -> bool:
        """Erase row `y` from cell `x` to its end in the background of `style`; False if the terminal cannot."""
        blank = get_blank_style(style)
        if blank is not PLAIN and not (
            self._terminal.can_erase_in_colour and blank == CellStyle(background=blank.background)
        ):
            return False
        self.move_to(x, y)
        if get_blank_style(self._style) is not blank:
            self._set_style(blank)
        self._parts.append("\x1b[K")
        return True

    def _set_style(self, style: CellStyle) -> None:
        if style is not self._style:
            self._parts.append(
                build_sgr_change(self._style, style, can_reset_attribute=self._terminal.can_reset_attribute)
            )
            self._style = style


def move_right(cells: int) -> str:
    """Return the shortest sequence that moves the cursor `cells` cells to the right."""
    return "" if cells == 0 else "\x1b[C" if cells == 1 else f"\x1b[{cells}C"
