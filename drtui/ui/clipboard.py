r"""Copy text to the clipboard of the user's terminal by OSC 52, also through tmux and GNU screen.

* xterm's control sequences (OSC 52, allowWindowOps) define the sequence; a terminal may refuse it.
* tmux copies the text itself (set-clipboard on), or passes on a sequence in `ESC P tmux; … ESC \` with every ESC
  doubled (allow-passthrough on; always before 3.3). By default it does neither, but `tmux load-buffer -w` works
  (since 3.2).
* GNU screen passes on a sequence in `ESC P … ESC \`, at most 768 bytes at a time (MAXSTR), so the sequence has to end
  in BEL. Of a longer sequence outside `ESC P`, screen prints the rest in the window.
"""

import asyncio
import base64
import contextlib
import subprocess
from collections.abc import Mapping
from enum import Enum

from textual.app import App

MAX_BYTES = 74_994
"""Largest text in bytes: 99,992 in base64, because terminals accept sequences of 100,000 (xterm, hterm, tmux)."""

SCREEN_CHUNK = 760
"""Bytes of a sequence sent to GNU screen at a time; screen passes on at most 768."""

TMUX_TIMEOUT = 2.0
"""Seconds to wait for `tmux load-buffer`."""


class Multiplexer(Enum):
    """The terminal multiplexer between drtui and the terminal."""

    NOTHING = "nothing"
    TMUX = "tmux"
    SCREEN = "screen"
    EITHER = "either"
    """tmux or screen: over SSH neither `TMUX` nor `STY` arrives, and tmux also sets TERM to screen."""


def detect_multiplexer(environment: Mapping[str, str]) -> Multiplexer:
    """Return the multiplexer that the environment names.

    If tmux and screen are nested, TERM is that of the inner one.
    """
    term = environment.get("TERM", "")
    tmux, screen = bool(environment.get("TMUX")), bool(environment.get("STY"))
    if tmux and screen:
        return Multiplexer.TMUX if term.startswith("tmux") else Multiplexer.SCREEN
    if tmux or screen:
        return Multiplexer.TMUX if tmux else Multiplexer.SCREEN
    if term.startswith("tmux"):
        return Multiplexer.TMUX
    return Multiplexer.EITHER if term.startswith("screen") else Multiplexer.NOTHING


def fits_clipboard(text: str) -> bool:
    """True if the text is small enough for a terminal's clipboard."""
    return count_bytes(text) <= MAX_BYTES


def count_bytes(text: str) -> int:
    """Return the length of a text in bytes."""
    return len(text.encode())


def build_osc52_sequence(text: str, environment: Mapping[str, str]) -> str:
    """Return the escape sequence that copies `text` to the clipboard; the text is in base64, so only ASCII."""
    sequence = f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\a"
    match detect_multiplexer(environment):
        case Multiplexer.TMUX:
            doubled = sequence.replace("\x1b", "\x1b\x1b")
            return f"{sequence}\x1bPtmux;{doubled}\x1b\\"
        case Multiplexer.SCREEN:
            return _wrap_for_screen(sequence)
        case Multiplexer.EITHER:
            # tmux ignores the chunks; screen ignores the bare sequence, unless it is too long.
            return (sequence if len(sequence) <= SCREEN_CHUNK else "") + _wrap_for_screen(sequence)
        case _:
            return sequence


def _wrap_for_screen(sequence: str) -> str:
    return "".join(
        f"\x1bP{sequence[start : start + SCREEN_CHUNK]}\x1b\\" for start in range(0, len(sequence), SCREEN_CHUNK)
    )


async def copy_to_tmux(text: str) -> None:
    """Copy `text` through the surrounding tmux, which passes it on to the terminal; errors are ignored."""
    command = ("tmux", "load-buffer", "-w", "-")
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        await asyncio.to_thread(
            subprocess.run, command, input=text.encode(), capture_output=True, timeout=TMUX_TIMEOUT, check=False
        )


def copy_text(app: App[object], text: str, plain_keys: str = "p") -> str:
    """Copy `text` if it fits, and return the status message, with the keys that show the text on the bare terminal."""
    if not fits_clipboard(text):
        size = count_bytes(text)
        return (
            f"Too large for the clipboard ({size:,} of at most {MAX_BYTES:,} bytes): {plain_keys} shows it, x saves it"
        )
    app.copy_to_clipboard(text)
    return f"Copied ({count_bytes(text):,} bytes); if paste is empty, your terminal blocks OSC 52: press {plain_keys}"
