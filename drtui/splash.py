"""Show the site and its saved headline before the interface is loaded, where the interface will show them.

Loading Textual takes most of the time to the first picture. This module therefore imports nothing except what reads one
small file; a test counts the imports.
"""

import os
import signal
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from unicodedata import combining, east_asian_width

from drtui.core.summary.last_known import CANNOT_TELL_SYMBOL, CANNOT_TELL_WORD, LastKnown, saved_sentence
from drtui.storage import last_known as disk

POOR_TERMINALS = frozenset({"", "dumb", "unknown"})
"""Values of TERM without a movable cursor or a screen that can be cleared."""

ENTER, LEAVE = "\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J", "\x1b[?25h\x1b[?1049l"
"""Switch to the alternate screen without a cursor, and back (xterm's control sequences, DECSET 1049 and 25)."""

COLOURS = {"good": "\x1b[32m", "warn": "\x1b[33m", "bad": "\x1b[1;31m", "muted": "\x1b[2m"}

NAME_GAP = 3
"""Cells between the sentence and the name at the end of the line, as in the headline of the interface."""

ENDING = (signal.SIGTERM, signal.SIGHUP)
"""Signals that would end the process at once, with the terminal in the wrong mode."""


class Splash:
    """Two lines on the alternate screen, until the interface takes over."""

    def __init__(self) -> None:
        self._painted = False
        self._modes: list[int | list[bytes | int]] | None = None
        self._handlers: dict[int, object] = {}

    def begin(self, words: Sequence[str]) -> None:
        """Show the saved headline of the site that this command line opened before."""
        if _is_terminal():
            last_known = disk.last_known_of_command(words)
            if last_known is not None:
                self._paint_saved(last_known, _now_ms())

    def show_site(self, url: str | None, location: str, target: int, now: int, *, is_fetching: bool) -> None:
        """Show the saved headline of a site, or that it is being fetched; nothing if a line is shown already.

        `target` in milliseconds; `now` in epoch ms.
        """
        if self._painted or not _is_terminal():
            return
        last_known = disk.last_known_of_site(url) if url is not None else None
        if last_known is not None:
            self._paint_saved(last_known, now, target)
        elif is_fetching:
            self._paint(location, "", f"Asking {location} ...", "muted")

    def _paint_saved(self, last_known: LastKnown, now: int, target: int | None = None) -> None:
        """Paint the site and its saved headline, as long as there is room for."""
        state, room = f"{CANNOT_TELL_SYMBOL} {CANNOT_TELL_WORD}   ", _size()[0] - 2
        room -= len(state)
        for text in saved_sentence(last_known, now, target):
            for name in (last_known.newest, ""):
                if len(text) + (NAME_GAP + len(name) if name else 0) <= room:
                    self._paint(last_known.place, state, text + (name.rjust(room - len(text)) if name else ""), "warn")
                    return
        self._paint(last_known.place, state, text, "warn")

    def _paint(self, place: str, state: str, text: str, tone: str) -> None:
        cells = _size()[0] - 2
        visible_place, visible = _fit(place, cells), _fit(text, cells - len(state))
        colour, bold = ("", "") if os.environ.get("NO_COLOR") else (COLOURS.get(tone, ""), "\x1b[0;1m")
        if not state:
            bold = colour
        for number in ENDING:
            self._handlers[number] = signal.signal(number, self._handle_signal)
        self._turn_echo_off()
        self._painted = True
        _write(f"{ENTER} {bold}{visible_place}\x1b[0m\r\n {colour}{state}{bold}{visible}\x1b[0m")

    def _turn_echo_off(self) -> None:
        """Turn echo off: typed keys are kept for the interface, and not shown."""
        with suppress(termios.error):
            self._modes = termios.tcgetattr(0)
            quiet = termios.tcgetattr(0)
            quiet[3] &= ~termios.ECHO
            termios.tcsetattr(0, termios.TCSANOW, quiet)

    def release(self) -> bool:
        """Let the interface take over: it paints over the line, and leaves the alternate screen at the end.

        Return True if there is a line.
        """
        painted, self._painted = self._painted, False
        if self._modes is not None:
            with suppress(termios.error):
                termios.tcsetattr(0, termios.TCSANOW, self._modes)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
        self._modes, self._handlers = None, {}
        return painted

    def end(self) -> None:
        """Restore the terminal, if the interface has not taken over."""
        if self._painted:
            _write(LEAVE)
        self.release()

    def _handle_signal(self, number: int, _: object) -> None:
        self.end()
        os._exit(128 + number)


@contextmanager
def show_splash(words: Sequence[str]) -> Iterator[Splash]:
    """Show the splash during the block. However the block ends, the terminal is restored."""
    splash = Splash()
    try:
        splash.begin(words)
        yield splash
    finally:
        splash.end()


def _is_terminal() -> bool:
    """True if standard streams and terminal can show the interface."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream.isatty() for stream in streams) and os.environ.get("TERM", "") not in POOR_TERMINALS


def _size() -> tuple[int, int]:
    """Return columns and lines; 80 x 24 for a terminal without a size, such as a serial line."""
    with suppress(OSError):
        columns, lines = os.get_terminal_size(2)
        if columns and lines:
            return columns, lines
    return 80, 24


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _fit(text: str, cells: int) -> str:
    """Return as much of a text as fits into `cells`. Unprintable characters of a damaged file become `?`."""
    fitting, used = "", 0
    for character in text:
        used += 0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1
        if used > cells:
            break
        fitting += character if character.isprintable() else "?"
    return fitting


def _write(text: str) -> None:
    with suppress(OSError):
        os.write(2, text.encode(errors="replace"))
