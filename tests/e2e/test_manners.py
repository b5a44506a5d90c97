"""Every way to end: the terminal is restored, nothing is left on the screen, and the exit code is right."""

import os
import shlex
import signal
import sys
import termios
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests import processes
from tests.e2e.terminal import PROGRAM, WAIT_SECONDS, Terminal, opened
from tests.planted import secrets_in
from tests.suites import in_full, rows_in_full

READY = "in all stores"
RESTORED = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?2004l")
"""Sequences for the main screen, a visible cursor, no mouse and no bracketed paste."""


def is_clean(terminal: Terminal, before: list[object]) -> bool:
    """True if the terminal was restored."""
    return all(sequence in terminal.written for sequence in RESTORED) and terminal.modes() == before


@pytest.mark.parametrize(
    ("number", "code"),
    rows_in_full([(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)], but=[(signal.SIGTERM, 143)]),
    ids=str,
)
def test_terminal_is_clean_when_a_signal_ends_the_interface(number: signal.Signals, code: int) -> None:
    with opened("--demo") as terminal:
        before = terminal.modes_at_first
        terminal.wait_for(READY)
        terminal.process.send_signal(number)
        assert terminal.wait_for_end() == code
        assert is_clean(terminal, before)
        assert "Traceback" not in terminal.text


def test_interface_ends_when_the_connection_drops() -> None:
    with opened("--demo") as terminal:
        terminal.wait_for(READY)
        terminal.drop()
        assert terminal.process.wait(timeout=WAIT_SECONDS) == 129


def test_interface_continues_when_it_was_stopped() -> None:
    with opened("--demo") as terminal:
        before = terminal.modes_at_first
        terminal.wait_for(READY)
        terminal.press("\x1a")
        terminal.wait_for_stop()
        assert is_clean(terminal, before)
        terminal.screen.reset()
        terminal.process.send_signal(signal.SIGCONT)
        terminal.wait_for(READY)
        terminal.press("q")
        assert terminal.wait_for_end() == 0


@pytest.mark.parametrize("name", in_full(["dumb", "", "unknown"], but=["dumb"]))
def test_interface_names_the_plain_mode_when_the_terminal_is_dumb(name: str) -> None:
    with opened("--demo", environment={"TERM": name}) as terminal:
        assert terminal.wait_for_end() == 2
        assert "Use --plain or a command such as drtui list" in terminal.text.replace("\n", " ")
        assert b"\x1b" not in terminal.written


@pytest.mark.parametrize(
    "environment",
    in_full(
        [
            {"TERM": "nonsense"},
            {"TERM": "vt100"},
            {"LC_ALL": "xx_YY"},
            {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        ],
        but=[{"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}],
    ),
    ids=str,
)
def test_interface_opens_when_terminal_or_locale_is_unusual(environment: dict[str, str]) -> None:
    with opened("--demo", environment=environment) as terminal:
        terminal.wait_for(READY)
        terminal.press("q")
        assert terminal.wait_for_end() == 0


@pytest.mark.parametrize(("width", "height"), rows_in_full([(0, 0), (1, 1), (20, 5)], but=[(1, 1)]))
def test_interface_continues_when_the_window_is_tiny(width: int, height: int) -> None:
    with opened("--demo", width=width, height=height) as terminal:
        terminal.wait_until_painted()
        terminal.resize(120, 40)
        terminal.wait_for(READY)
        terminal.resize(1, 1)
        terminal.resize(120, 40)
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def shell(command: str, **environment: str) -> CompletedProcess[str]:
    """Run a shell command with drtui in it."""
    line = f"set -o pipefail; {command.replace('drtui', shlex.quote(PROGRAM), 1)}"
    return processes.run(["/bin/bash", "-c", line], environment={**os.environ, **environment})


@pytest.mark.parametrize(
    ("command", "code", "expected_text"),
    rows_in_full(
        [
            ("drtui list --demo | head -1 >/dev/null", 0, ""),
            ("drtui list --demo >&-", 3, "standard output is closed"),
            ("drtui list --demo >/dev/full", 3, "No space left"),
            ("drtui stores --demo >/dev/full", 3, "No space left"),
            ("drtui list --demo 2>&- >/dev/null", 0, ""),
            ("drtui list --demo <&- >/dev/null", 0, ""),
            ("drtui --demo <&-", 2, "needs a terminal"),
            ("drtui --demo | cat", 2, "needs a terminal"),
        ],
        but=[
            ("drtui list --demo | head -1 >/dev/null", 0, ""),
            ("drtui list --demo >&-", 3, "standard output is closed"),
            ("drtui list --demo 2>&- >/dev/null", 0, ""),
            ("drtui --demo <&-", 2, "needs a terminal"),
        ],
    ),
)
def test_commands_report_in_one_line_when_a_stream_is_closed_or_full(
    command: str, code: int, expected_text: str
) -> None:
    ran = shell(command)
    assert ran.returncode == code
    assert expected_text in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.stderr.count("\n") == (1 if expected_text else 0)


LEVELS = (("check --demo", 0), ("check --demo=upgraded --json", 2), ("gaps --demo=paused", 1))
READERS = (
    ("| true", ""),
    ("| head -c 10 >/dev/null", ""),
    (">&-", "standard output is closed"),
    (">/dev/full", "No space left on device"),
)


@pytest.mark.parametrize(
    ("command", "code", "where", "expected_text"),
    rows_in_full(
        [(*level, *reader) for level in LEVELS for reader in READERS],
        but=[(*LEVELS[1], *READERS[3]), (*LEVELS[2], *READERS[0]), (*LEVELS[2], *READERS[2])],
    ),
)
def test_exit_code_is_the_level_when_stdout_is_closed_or_full(
    command: str, code: int, where: str, expected_text: str
) -> None:
    ran = shell(f"drtui {command} {where}; exit ${{PIPESTATUS[0]}}")
    assert ran.returncode == code
    assert expected_text in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "Broken pipe" not in ran.stderr


@pytest.mark.parametrize(
    "command",
    in_full(["list --demo=nothing", "check --demo=upgraded", "gaps --demo=paused"], but=["gaps --demo=paused"]),
)
def test_exit_code_stays_when_standard_error_is_full_or_closed(command: str) -> None:
    codes = {
        shell(f"drtui {command} >/dev/null {where}").returncode for where in ("2>/dev/null", "2>&-", "2>/dev/full")
    }
    assert len(codes) == 1
    assert codes < {1, 2, 3}


def test_list_prints_every_name_when_the_pipe_has_no_unicode() -> None:
    ran = shell("drtui list --demo=hostile", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert ran.returncode == 0
    assert ran.stdout.isascii()
    assert ran.stderr == ""


def test_log_file_is_private_and_lists_requests(tmp_path: Path) -> None:
    path = tmp_path / "log"
    assert shell(f"drtui list --demo --log-file {shlex.quote(str(path))} >/dev/null").returncode == 0
    assert path.stat().st_mode & 0o777 == 0o600
    assert "/admin/system/disasterrecovery/stores: 200 in" in path.read_text()
    refused = shell("drtui list --demo --log-file /nowhere/at/all")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)


CRASHING = """
import sys
from drtui import __main__ as entry
from drtui.demo import scenarios as planted
from drtui.core.model.auth import Secret
def fails(arguments, said):
    kept = Secret(planted.PASSWORD)
    typed = planted.TOKEN
    raise KeyError(planted.PASSCODE + typed)
entry._run = fails
sys.exit(entry.main(["list", planted.IDENTITY_KEY]))
"""


def test_crash_writes_a_report_without_secrets(tmp_path: Path) -> None:
    ran = processes.run([sys.executable, "-c", CRASHING])
    assert ran.returncode == 70
    assert ran.stderr.startswith("drtui: internal error: builtins.KeyError. The report, without secrets, is in")
    report = Path(ran.stderr.strip().rpartition(" is in ")[2])
    assert report.stat().st_mode & 0o777 == 0o600
    assert " in fails\n" in report.read_text()
    assert report.is_relative_to(tmp_path)
    assert not secrets_in(ran.stdout + ran.stderr, tmp_path)


def test_terminal_modes_differ_when_the_interface_runs() -> None:
    with opened("--demo") as terminal:
        terminal.wait_for(READY)
        assert terminal.modes() != terminal.modes_at_first
        assert not int(terminal.modes()[3]) & termios.ICANON  # type: ignore[call-overload]


def test_interface_repaints_when_another_program_wrote_on_the_screen() -> None:
    with opened("--demo") as terminal:
        terminal.wait_for(READY)
        terminal.settle()
        terminal.press("?")
        terminal.wait_for("keys here")
        terminal.settle()
        before = terminal.text
        terminal.screen.draw("a message of the system to everybody")
        assert terminal.text != before
        terminal.press("\x0c")
        terminal.wait_for(before)
