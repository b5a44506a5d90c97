"""The interface over real SSH: terminal types, tmux, and a cut connection."""

import base64
import contextlib
import os
import shlex
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import processes
from tests.e2e.ssh import SSH, Server, server
from tests.e2e.terminal import PROGRAM, WAIT_SECONDS, Terminal, opened
from tests.programs import path_of, skip_without
from tests.suites import in_full

pytestmark = skip_without("sshd")

TMUX = path_of("tmux")
READY = "in all stores"
NOW = "2026-09-21T14:13:20Z"


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Server]:
    with server(tmp_path) as running:
        yield running


def demo(locale: str = "C.UTF-8", term: str = "xterm-256color") -> str:
    """Return the command that opens the demo at the other end, with a home of its own."""
    environment = {"TERM": term, "LC_ALL": locale, "TZ": "UTC"}
    words = ["env", *(f"{name}={value}" for name, value in environment.items()), PROGRAM, "--demo", "--now", NOW]
    return shlex.join(words)


def under_cursor(terminal: Terminal) -> str:
    """Return the line of the list under the cursor."""
    return next(line for line in terminal.text.splitlines() if line.startswith((" ▸", "▸", ">", " >")))


@pytest.mark.parametrize("locale", in_full(["C.UTF-8", "C"], but=["C.UTF-8"]))
@pytest.mark.parametrize(
    "term", in_full(["xterm-256color", "screen", "tmux-256color", "linux", "vt100"], but=["xterm-256color"])
)
def test_interface_works_over_ssh_in_every_terminal_type(remote: Server, term: str, locale: str) -> None:
    with opened(*remote.login(demo(locale, term)), program=SSH, environment={"TERM": term}) as terminal:
        terminal.wait_for(READY)
        terminal.press("/parcel")
        terminal.press("\r")
        terminal.wait_for("before-parcel-migration")
        terminal.resize(100, 30)
        terminal.wait_until_painted()
        terminal.press("\x1b")
        terminal.press("4")
        terminal.wait_for("hgdb_r4k2w")
        terminal.press("qq")
        assert terminal.wait_for_end() == 0
        assert terminal.modes()[3] == terminal.modes_at_first[3]


@pytest.mark.full
def test_interface_sends_few_bytes_over_ssh(remote: Server) -> None:
    with opened(*remote.login(demo()), program=SSH) as terminal:
        terminal.wait_for(READY)
        terminal.wait_until_painted()
        first = remote.wire.received
        assert first < 16_000
        terminal.wait_until_painted()
        assert remote.wire.received == first
        for _ in range(10):
            before = remote.wire.received
            terminal.press("j")
            terminal.wait_until_painted()
            assert 0 < remote.wire.received - before < 800
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def left_running(marker: str) -> list[str]:
    """Return the drtui processes with that file or folder in their environment."""
    processes = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (
                marker.encode() in (process / "environ").read_bytes()
                and PROGRAM.encode() in (process / "cmdline").read_bytes()
            ):
                processes.append(process.name)
    return processes


@pytest.mark.full
def test_interface_ends_when_the_ssh_connection_is_cut(remote: Server, tmp_path: Path) -> None:
    marker = str(tmp_path / "there")
    with opened(*remote.login(f"env XDG_STATE_HOME={marker} {demo()}"), program=SSH) as terminal:
        terminal.wait_for(READY)
        assert left_running(marker)
        remote.wire.cut()
        terminal.process.wait(timeout=WAIT_SECONDS)
        end = time.monotonic() + WAIT_SECONDS
        while left_running(marker) and time.monotonic() < end:
            os.sched_yield()
        assert not left_running(marker)


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[str]:
    """A tmux server that passes the clipboard on."""
    config = tmp_path / "tmux.conf"
    config.write_text("set -g set-clipboard on\nset -as terminal-features ',*:clipboard'\nset -g status off\n")
    socket = tmp_path / "tmux.sock"
    yield shlex.join([TMUX, "-S", str(socket), "-f", str(config)])
    processes.run([TMUX, "-S", str(socket), "kill-server"])


@pytest.mark.full
@skip_without("tmux")
def test_tmux_keeps_the_interface_when_the_ssh_connection_is_cut(remote: Server, tmux: str) -> None:
    run = f"env LC_ALL=C.UTF-8 TERM=xterm-256color {tmux}"
    with opened(
        *remote.login(f"{run} new-session -s drtui {shlex.quote(demo(term='tmux-256color'))}"), program=SSH
    ) as terminal:
        terminal.wait_for(READY)
        terminal.press("jj")
        terminal.wait_until_painted()
        chosen = under_cursor(terminal)
        remote.wire.cut()
        terminal.process.wait(timeout=WAIT_SECONDS)
    with opened(*remote.login(f"{run} attach -t drtui"), program=SSH) as terminal:
        terminal.wait_for(READY)
        terminal.settle()
        assert under_cursor(terminal) == chosen
        terminal.press("c")
        terminal.wait_for("Copied (")
        terminal.wait_until_painted()
        name = chosen.strip("▸> ").split()[0]
        assert b"\x1b]52;" in terminal.written
        assert base64.b64encode(name.encode()) in terminal.written
        terminal.press("q")
        terminal.wait_for_end()
