"""Copied text arrives at the terminal through real tmux and GNU screen; plain text stays there."""

import base64
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import processes
from tests.e2e.terminal import PROGRAM, Terminal, opened
from tests.programs import path_of, skip_without
from tests.suites import in_full, rows_in_full

NAME = "weekly-2026-09-21-08-00-16"
DEMO = (PROGRAM, "--demo", "--now", "2026-09-21T14:13:20Z")
READY = f"▸ {NAME}"
LOCAL: tuple[str, ...] = ()
OVER_SSH = ("env", "-u", "TMUX", "-u", "STY")
"""The environment at the other end of SSH, which has neither variable but TERM."""

TMUX, SCREEN = path_of("tmux"), path_of("screen")


@contextmanager
def in_tmux(folder: Path, settings: str, *command: str) -> Iterator[Terminal]:
    """Run a program in a tmux without user settings."""
    config, socket = folder / "tmux.conf", str(folder / "socket")
    config.write_text(settings)
    try:
        with opened("-S", socket, "-f", str(config), "new-session", *command, program=TMUX) as terminal:
            yield terminal
    finally:
        processes.run([TMUX, "-S", socket, "kill-server"])


@contextmanager
def in_screen(folder: Path, *command: str) -> Iterator[Terminal]:
    """Run a program in a GNU screen of its own."""
    folder.chmod(0o700)
    environment = {"SCREENDIR": str(folder)}
    try:
        with opened("-c", "/dev/null", "-U", *command, program=SCREEN, environment=environment) as terminal:
            yield terminal
    finally:
        processes.run([SCREEN, "-X", "quit"], environment={**os.environ, **environment})


def osc52(text: str) -> bytes:
    """Return the expected sequence without the letter of the clipboard, which tmux leaves out."""
    return b";" + base64.b64encode(text.encode()) + b"\a"


@skip_without("tmux")
@pytest.mark.parametrize(
    ("settings", "around"),
    rows_in_full(
        [
            ("", LOCAL),
            ("set -g set-clipboard on", OVER_SSH),
            ("set -g set-clipboard on\nset -g default-terminal screen-256color", OVER_SSH),
            ("set -g allow-passthrough on\nset -g default-terminal tmux-256color", OVER_SSH),
        ],
        but=[("", LOCAL)],
    ),
    ids=["as it comes", "set-clipboard on", "calls itself screen", "passthrough"],
)
def test_copy_arrives_through_tmux(tmp_path: Path, settings: str, around: tuple[str, ...]) -> None:
    with in_tmux(tmp_path, settings, *around, *DEMO) as terminal:
        terminal.wait_for(READY)
        terminal.press("c")
        terminal.wait_for_bytes(osc52(NAME))
        terminal.press("q")
        assert terminal.wait_for_end() == 0


@skip_without("screen")
@pytest.mark.parametrize("around", in_full([LOCAL, OVER_SSH], but=[LOCAL]), ids=["local", "over SSH"])
def test_copy_arrives_through_screen_without_stray_text(tmp_path: Path, around: tuple[str, ...]) -> None:
    with in_screen(tmp_path, *around, *DEMO) as terminal:
        terminal.wait_for(READY)
        terminal.press("c")
        terminal.wait_for_bytes(b"\x1b]52;c" + osc52(NAME))
        terminal.press("C")
        terminal.wait_for(f"Copy {NAME} as")
        terminal.press("o")
        terminal.wait_for_bytes(b"\x1b]52;c;" + base64.b64encode(b'{\n  "name": "')[:16])
        terminal.settle()
        record = terminal.written.rpartition(b"\x1b]52;c;")[2].partition(b"\a")[0]
        assert base64.b64decode(record, validate=True).startswith(b'{\n  "name": "%b"' % NAME.encode())
        assert record[:20].decode() not in terminal.text
        terminal.press("q")


@contextmanager
def open_plain_text() -> Iterator[Terminal]:
    """Open the runbook as plain text, outside the interface."""
    with opened(*DEMO[1:], width=80, height=24) as terminal:
        terminal.wait_for(READY)
        terminal.press("C")
        terminal.wait_for(f"Copy {NAME} as")
        terminal.press("Gp")
        terminal.wait_for("-- enter: back to drtui --")
        yield terminal


def test_plain_text_stays_on_the_terminal_until_enter() -> None:
    with open_plain_text() as terminal:
        displayed = terminal.written.rpartition(b"\x1b[?1049l")[2]
        assert b"# Restore hand-over: `%b`" % NAME.encode() in displayed
        assert b"\x1b[?1000h" not in displayed
        terminal.press("\x03")  # with which many copy what they have selected
        terminal.press("\r")
        terminal.wait_for_bytes(displayed + b"\x1b[?1049h")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert terminal.modes() == terminal.modes_at_first


@pytest.mark.full
def test_plain_text_ends_when_a_signal_arrives() -> None:
    with open_plain_text() as terminal:
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.wait_for_end() == 128 + signal.SIGTERM
        assert terminal.modes() == terminal.modes_at_first


@pytest.mark.parametrize("ahead", in_full(["\x1b", "q", "?"], but=["\x1b"]))
def test_keys_typed_ahead_wait_until_the_plain_text_is_left(ahead: str) -> None:
    with opened("--demo") as terminal:
        terminal.wait_for("nightly")
        terminal.settle()
        terminal.press(f"?p{ahead}")
        terminal.wait_for("enter: back to drtui")
        terminal.press("\r")
        terminal.wait_for("usable")
        terminal.settle()
        terminal.press("q")  # the key typed ahead has closed the help, so that this one leaves
        assert terminal.wait_for_end() == 0
