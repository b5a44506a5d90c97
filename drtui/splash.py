"""What stands on the screen before the interface is loaded: the saved answer, or what is being asked.

Loading Textual takes most of the time until a first picture. What is imported here, and for this, is therefore counted:
nothing but what reads one small file.
"""

import os
import signal
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from unicodedata import combining, east_asian_width

from drtui.core.summary.last_known import headline_text
from drtui.storage import last_known as disk

POOR_TERMINALS = frozenset({"", "dumb", "unknown"})
"""Values of TERM that promise nothing: neither a cursor that moves nor a screen that can be cleared."""

ENTER, LEAVE = "\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J", "\x1b[?25h\x1b[?1049l"
"""To the alternate screen without a cursor, and back (xterm's control sequences, DECSET 1049 and 25)."""

COLOURS = {"good": "\x1b[32m", "warn": "\x1b[33m", "bad": "\x1b[1;31m", "muted": "\x1b[2m"}

ENDING = (signal.SIGTERM, signal.SIGHUP)
"""Signals that would end the program at once, and leave the terminal as it is."""


class Splash:
    """One sentence on the alternate screen, from when it is first known until the interface takes over."""

    def __init__(self) -> None:
        self._painted = False
        self._modes: list[int | list[bytes | int]] | None = None
        self._handlers: dict[int, object] = {}

    def begin(self, words: Sequence[str]) -> None:
        """Say what was saved of the site that these words of the command line opened before."""
        if _is_terminal():
            told = disk.last_known_of_command(words)
            if told is not None:
                self._paint(*headline_text(told, _present(), is_fetching="--offline" not in words))

    def show_site(self, url: str | None, place: str, target: int, now: int, *, asking: bool) -> None:
        """Say what was saved of a site against that target, else what is being asked; nothing if it was said already.

        `target` in milliseconds; `now` in epoch ms.
        """
        if self._painted or not _is_terminal():
            return
        told = disk.last_known_of_site(url) if url is not None else None
        said = headline_text(told, now, is_fetching=asking, target=target) if told else (f"Asking {place} ...", "muted")
        self._paint(*said)

    def _paint(self, text: str, tone: str) -> None:
        columns, lines = _size()
        # Where the panes are folded, the site has the first line.
        below = "\r\n" if columns < 100 or lines < 30 else ""
        shown = _fitting(text, columns - 2)
        colour = "" if os.environ.get("NO_COLOR") else COLOURS.get(tone, "")
        for number in ENDING:
            self._handlers[number] = signal.signal(number, self._ended)
        self._quiet()
        self._painted = True
        _write(f"{ENTER}{below} {colour}{shown}\x1b[0m")

    def _quiet(self) -> None:
        """What is typed meanwhile is kept for the interface, and not shown."""
        with suppress(termios.error):
            self._modes = termios.tcgetattr(0)
            quiet = termios.tcgetattr(0)
            quiet[3] &= ~termios.ECHO
            termios.tcsetattr(0, termios.TCSANOW, quiet)

    def release(self) -> bool:
        """The interface takes over: it paints over what is there, and leaves the screen in the end.

        Whether there is anything.
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
        """There will be no interface: give the terminal back as it was."""
        if self._painted:
            _write(LEAVE)
        self.release()

    def _ended(self, number: int, _: object) -> None:
        self.end()
        os._exit(128 + number)


@contextmanager
def show_splash(words: Sequence[str]) -> Iterator[Splash]:
    """What is said first; whatever happens before the interface takes over, the terminal is given back."""
    said = Splash()
    try:
        said.begin(words)
        yield said
    finally:
        said.end()


def _is_terminal() -> bool:
    """Whether the interface can be shown at all."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(each.isatty() for each in streams) and os.environ.get("TERM", "") not in POOR_TERMINALS


def _size() -> tuple[int, int]:
    """Columns and lines; a serial line has none until it is told."""
    with suppress(OSError):
        columns, lines = os.get_terminal_size(2)
        if columns and lines:
            return columns, lines
    return 80, 24


def _present() -> int:
    return time.time_ns() // 1_000_000


def _fitting(text: str, cells: int) -> str:
    """As much of a text as fits; whatever a damaged file may hold, the terminal gets only what can be printed."""
    shown, used = "", 0
    for character in text:
        used += 0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1
        if used > cells:
            break
        shown += character if character.isprintable() else "?"
    return shown


def _write(text: str) -> None:
    with suppress(OSError):
        os.write(2, text.encode(errors="replace"))
