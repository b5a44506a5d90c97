"""Programs that tests start, and programs that are not installed."""

import ast
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests import processes
from tests.programs import untested_message

FAMILY = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""
"""Starts a child, names it, and waits."""

IN_BACKGROUND = """
import signal, subprocess, sys
from tests.processes import IGNORED_IN_BACKGROUND, give_children_default_signals, run
for number in IGNORED_IN_BACKGROUND:
    signal.signal(number, signal.SIG_IGN)
give_children_default_signals()
for number in IGNORED_IN_BACKGROUND:
    signal.raise_signal(number)
code = "import signal; print(*(signal.getsignal(each) is signal.SIG_IGN for each in (1, 2, 3)))"
print(run([sys.executable, "-c", code], check=True).stdout)
"""
"""Behaves as a test session that was started by nohup; starts a program and prints which signals that ignores."""


def is_running(pid: int) -> bool:
    """True if a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def ends(pid: int) -> bool:
    """True if a process ends soon."""
    end = time.monotonic() + processes.PATIENCE
    while is_running(pid) and time.monotonic() < end:
        os.sched_yield()
    return not is_running(pid)


def test_children_have_default_signals_when_the_session_ignores_them() -> None:
    assert processes.run([sys.executable, "-c", IN_BACKGROUND], check=True).stdout.split() == ["False"] * 3


def test_run_kills_the_program_and_its_children_when_the_time_is_up() -> None:
    with processes.started([sys.executable, "-c", FAMILY], timeout=1) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        assert process.stdout.read() == ""
        assert process.wait(processes.PATIENCE) == -signal.SIGKILL
    assert ends(child)


def test_started_kills_the_program_and_its_children_when_the_block_fails() -> None:
    children: list[int] = []

    def fail() -> None:
        with processes.started([sys.executable, "-c", FAMILY]) as process:
            assert process.stdout is not None
            children.append(int(process.stdout.readline()))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert ends(children[0])


def test_run_tells_what_the_program_wrote_when_it_fails() -> None:
    with pytest.raises(AssertionError, match="ended with 3:\nno"):
        processes.run([sys.executable, "-c", "import sys; sys.stderr.write('no'); sys.exit(3)"], check=True)


def test_run_fails_when_the_program_does_not_end() -> None:
    with pytest.raises(AssertionError, match="took longer than 0 s"):
        processes.run([sys.executable, "-c", "import time; time.sleep(600)"], timeout=0.1)


@pytest.mark.parametrize(
    ("reasons", "sentence"),
    [
        ([], ""),
        (["Skipped: root may write everywhere"], ""),
        (
            ["Skipped: zsh is not installed", "Skipped: OpenSSH's server is not installed"] * 2,
            "Not tested: completion in zsh, use over SSH. To test that too, install zsh openssh-server.",
        ),
    ],
)
def test_untested_message_names_subjects_and_packages_when_programs_are_missing(
    reasons: list[str], sentence: str
) -> None:
    assert untested_message(reasons) == sentence


STARTING = {"run", "Popen", "call", "check_call", "check_output"}
STARTS_PROGRAMS = {"processes.py", "e2e/terminal.py", "e2e/ssh.py", "bench/program.py"}
"""Files that start programs themselves: without a time limit, with a terminal, or with a socket for its input."""


def test_files_have_a_time_limit_when_they_start_programs() -> None:
    folder = Path(__file__).parent
    files = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in STARTING and ast.unparse(node.value) == "subprocess"
    }
    assert files == STARTS_PROGRAMS
