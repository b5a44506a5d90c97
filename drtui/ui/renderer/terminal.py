"""What the terminal is known to do, beyond what every descendant of the VT100 does."""

import os
from typing import NamedTuple


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
