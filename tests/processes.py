"""Programs that tests start: each ends in time, and everything that it started ends with it."""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import IO

PATIENCE = 60
"""Seconds after which a program is killed."""

IGNORED_IN_BACKGROUND = (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP)
"""Signals that nohup, and a shell that runs a job in the background, let their programs ignore."""

Command = Sequence[str | Path]


def give_children_default_signals() -> None:
    """Replace each ignored signal by a handler that does nothing: a started program inherits the former only."""
    for number in IGNORED_IN_BACKGROUND:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, _do_nothing)


def _do_nothing(_number: int, _frame: FrameType | None) -> None:
    """Handle a signal that was ignored."""


@contextlib.contextmanager
def started(
    command: Command,
    *,
    timeout: float = PATIENCE,
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stderr: int | IO[str] = subprocess.DEVNULL,
) -> Iterator[subprocess.Popen[str]]:
    """Start a program without a terminal, its output in a pipe; kill it after `timeout` seconds or with the block.

    A read from the pipe therefore ends in time as well.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        env=environment,
        cwd=cwd,
        start_new_session=True,
    )
    too_late = threading.Timer(timeout, kill, [process])
    too_late.daemon = True
    too_late.start()
    try:
        with process:
            try:
                yield process
            finally:
                kill(process)
    finally:
        too_late.cancel()


def kill(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    """Kill a program that leads a session, and all programs of that session's group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def run(
    command: Command, *, timeout: float = PATIENCE, check: bool = False, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and return its exit code and what it wrote.

    Raises:
        AssertionError: it took longer than `timeout` seconds; or, with `check`, its exit code is not 0.
    """
    # The timer kills only what outlives the kill below: killed first, the program would seem to have ended by itself.
    with started(command, timeout=timeout + 5, environment=environment, stderr=subprocess.PIPE) as process:
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{command} took longer than {timeout:.0f} s") from None
    if check and process.returncode:
        raise AssertionError(f"{command} ended with {process.returncode}:\n{err}")
    return subprocess.CompletedProcess(command, process.returncode, out, err)
