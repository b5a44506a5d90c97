"""Show a text on the bare terminal, where the mouse can select it and where it stays after drtui has ended.

Without a frame, mouse reporting or cut lines: the terminal wraps, scrolls and selects as usual.
"""

import asyncio
import os
import sys
import termios
from typing import Protocol, cast

from textual.app import App

STDIN = 0

RETURN_HINT = "-- enter: back to drtui --"


class KeyHolder(Protocol):
    """An app that can queue keys."""

    def hold_keys(self) -> None:
        """Queue all keys from now on until `release_keys`."""

    async def release_keys(self) -> None:
        """Handle the queued keys, and stop queueing."""


def show_in_terminal(app: App[object], text: str) -> None:
    """Suspend the interface, show `text` on the terminal, and return after enter.

    Keys that are read before the text is shown are handled after the return. The app waits for enter, not the calling
    screen, because that screen may close meanwhile.
    """
    cast("KeyHolder", app).hold_keys()
    app.run_worker(_show(app, text), group="terminal")


async def _show(app: App[object], text: str) -> None:
    try:
        await _show_until_enter(app, text)
    finally:
        await cast("KeyHolder", app).release_keys()


async def _show_until_enter(app: App[object], text: str) -> None:
    # Nothing may be painted meanwhile: Textual's driver accepts thirty writes, and blocks on the next.
    with app.batch_update(), app.suspend():
        before = termios.tcgetattr(STDIN)
        try:
            _disable_signals_and_echo()
            sys.stdout.write(f"{text.rstrip()}\n\n{RETURN_HINT}\n")
            sys.stdout.flush()
            await _wait_for_enter()
        finally:
            termios.tcsetattr(STDIN, termios.TCSANOW, before)


def _disable_signals_and_echo() -> None:
    """Turn off echo, and signals from keys: many people press ctrl+c to copy a selection, which must not end drtui."""
    modes = termios.tcgetattr(STDIN)
    modes[3] &= ~(termios.ISIG | termios.ECHO)
    termios.tcsetattr(STDIN, termios.TCSANOW, modes)


async def _wait_for_enter() -> None:
    """Wait for a line without blocking the event loop: a signal still ends drtui."""
    loop, typed = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(STDIN, typed.set)
    try:
        await typed.wait()
        os.read(STDIN, 4096)
    finally:
        loop.remove_reader(STDIN)
