"""Programs that write to one history: killed during a write, or all at once. They print what was committed."""

import os
import random
import select
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NoReturn

from drtui.storage.history_db import History
from tests.conftest import NOW
from tests.storage.archives import refresh_archive

NAMES = tuple(f"backup-{number}" for number in range(60))

RECORDS = 12
"""Backups in a refresh of a writer that is killed: enough statements for many different moments."""


class Stepping(History):
    """A history that counts the instructions of SQLite, and kills its process at one of them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.steps = 0
        self.last: int | None = None
        """Instruction at which the process is killed; None for never."""

    def _connect(self) -> sqlite3.Connection:
        connection = super()._connect()
        connection.set_progress_handler(self._step, 1)
        return connection

    def _step(self) -> int:
        self.steps += 1
        if self.steps == self.last:
            os.kill(os.getpid(), signal.SIGKILL)
        return 0


def names_of(identity: str) -> tuple[str, ...]:
    """Return the names of the backups of this refresh; no other refresh lists any of them."""
    return tuple(f"{identity}-{number}" for number in range(RECORDS))


def add(history: History, identity: str, at: int, pipe: int) -> None:
    """Add a refresh whose backups occur nowhere else, and print its id once it is committed."""
    history.add(refresh_archive(at, *names_of(identity), identity=identity))
    os.write(pipe, f"{identity}\n".encode())


def killed_at(share: float, folder: Path, writer: int, pipe: int) -> None:
    """Commit one refresh, then get killed after this share of the instructions of a second one."""
    history = Stepping(folder)
    add(history, f"w{writer}-whole", NOW + 2 * writer, pipe)
    history.last = history.steps + max(1, int(history.steps * share))
    add(history, f"w{writer}-torn", NOW + 2 * writer + 1, pipe)


def endless(folder: Path, writer: int, pipe: int) -> None:
    """Commit refreshes until the process is killed."""
    history = History(folder)
    number = 0
    while True:
        add(history, f"w{writer}-{number}", NOW + 1_000 * writer + number, pipe)
        number += 1


def write(folder: Path, writer: int, looks: range, pipe: int) -> None:
    """Add refreshes, and report each once it is committed."""
    history = History(folder)
    for number in looks:
        identity = f"w{writer}-{number}"
        history.add(refresh_archive(NOW + number, *NAMES[number % 7 :], identity=identity))
        os.write(pipe, f"{identity}\n".encode())


def child(task: Callable[[int], None]) -> tuple[int, int]:
    """Start a child that runs `task`; return its process id, and the pipe on which it prints what is committed."""
    hear, tell = os.pipe()
    process = os.fork()
    if not process:
        carry_out(task, tell)
    os.close(tell)
    return process, hear


def carry_out(task: Callable[[int], None], pipe: int) -> NoReturn:
    """Run the task of a child, and exit."""
    try:
        task(pipe)
    except BaseException as error:  # noqa: BLE001 - reported to the parent, whatever it is
        sys.stderr.write(f"{error}\n")
        os._exit(1)
    os._exit(0)


def next_of(hear: int) -> bytes:
    """Return the next line of a pipe; exit if the child has ended instead."""
    line = os.read(hear, 1_000)
    if not line:
        sys.exit("a writer ended before it was killed")
    return line


def rest_of(hear: int) -> bytes:
    """Return the rest of a pipe, and close it."""
    lines = b""
    while more := os.read(hear, 1_000):
        lines += more
    os.close(hear)
    return lines


def kill(folder: Path, times: int) -> None:
    """Kill this number of writers, each after another share of a write."""
    for writer in range(times):
        share = (writer + 0.5) / times
        process, hear = child(partial(killed_at, share, folder, writer))
        committed = rest_of(hear)
        _, status = os.waitpid(process, 0)
        if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
            sys.exit(f"writer {writer} was to be killed after {share:.0%} of a write, and ended with {status}")
        sys.stdout.write(committed.decode())


def kill_by_the_clock(folder: Path, times: int) -> None:
    """Kill this number of writers from outside, each after another share of the time of a write, commit included."""
    chance = random.Random(20_260_921)  # noqa: S311 - no secret
    for writer in range(times):
        process, hear = child(partial(endless, folder, writer))
        try:
            committed = next_of(hear)
            began = time.monotonic()
            while committed.count(b"\n") < 3:
                committed += next_of(hear)
            took = (time.monotonic() - began) / 2
            until = time.monotonic() + chance.uniform(0, 2 * took)
            while (left := until - time.monotonic()) > 0:
                if select.select([hear], [], [], left)[0]:
                    committed += next_of(hear)
        finally:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        sys.stdout.write((committed + rest_of(hear)).decode())


def together(folder: Path, writers: int, looks: int) -> None:
    """Run this number of writers at once, starting from an empty folder."""
    children = [child(partial(write, folder, number, range(looks))) for number in range(writers)]
    for process, hear in children:
        sys.stdout.write(rest_of(hear).decode())
        _, status = os.waitpid(process, 0)
        if status:
            sys.exit(f"a writer ended with {status}")


if __name__ == "__main__":
    what, where, *counts = sys.argv[1:]
    if what == "kill":
        kill(Path(where), int(counts[0]))
    elif what == "kill-by-the-clock":
        kill_by_the_clock(Path(where), int(counts[0]))
    else:
        together(Path(where), int(counts[0]), int(counts[1]))
