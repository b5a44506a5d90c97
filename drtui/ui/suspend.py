"""A text on the terminal itself, outside the interface: to be selected with the mouse, and to stay when drtui has gone.

No box, no mouse reporting and no lines cut at the window: the terminal wraps, scrolls and selects as it always does.
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
    """An app that can keep keys back."""

    def hold_keys(self) -> None:
        """Keep the keys that come from now on until `release_keys`."""

    async def release_keys(self) -> None:
        """Handle the keys that were kept back, and those that come from now on."""


def show_in_terminal(app: App[object], text: str) -> None:
    """Leave the interface, show a text on the terminal, and come back after enter.

    Keys that are read before the text stands there are handled after it. The app waits for enter, not the screen that
    asked: such a screen may close in the meantime.
    """
    cast("KeyHolder", app).hold_keys()
    app.run_worker(_show(app, text), group="terminal")


async def _show(app: App[object], text: str) -> None:
    try:
        await _show_until_enter(app, text)
    finally:
        await cast("KeyHolder", app).release_keys()


async def _show_until_enter(app: App[object], text: str) -> None:
    # Whatever goes on meanwhile must not be painted: Textual's driver takes thirty writes, and waits with the next.
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
    """Ctrl+C, with which many would copy what they selected, is not to end drtui; nothing typed is to be shown."""
    modes = termios.tcgetattr(STDIN)
    modes[3] &= ~(termios.ISIG | termios.ECHO)
    termios.tcsetattr(STDIN, termios.TCSANOW, modes)


async def _wait_for_enter() -> None:
    """Wait for a line without stopping everything else: a signal still ends drtui."""
    loop, typed = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(STDIN, typed.set)
    try:
        await typed.wait()
        os.read(STDIN, 4096)
    finally:
        loop.remove_reader(STDIN)
