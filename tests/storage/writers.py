"""Programs that write to one history: killed in the middle of a write, or all at once. Prints what was committed."""

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
from tests.storage.archives import look

NAMES = tuple(f"backup-{number}" for number in range(60))

RECORDS = 12
"""Backups in a look of a writer that is killed: enough statements for many different moments."""


class Stepping(History):
    """A history that counts the instructions of SQLite, and kills its process at one of them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.steps = 0
        self.last: int | None = None
        """The instruction at which the process is killed; None for not at all."""

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
    """The backups that a look of this identity lists: no other look lists any of them."""
    return tuple(f"{identity}-{number}" for number in range(RECORDS))


def add(history: History, identity: str, at: int, told: int) -> None:
    """Add a look whose backups nothing else names, and print its identity once it is committed."""
    history.add(look(at, *names_of(identity), identity=identity))
    os.write(told, f"{identity}\n".encode())


def killed_at(share: float, folder: Path, writer: int, told: int) -> None:
    """Commit one look, then be killed when this share of the instructions of a second one has been carried out."""
    history = Stepping(folder)
    add(history, f"w{writer}-whole", NOW + 2 * writer, told)
    history.last = history.steps + max(1, int(history.steps * share))
    add(history, f"w{writer}-torn", NOW + 2 * writer + 1, told)


def endless(folder: Path, writer: int, told: int) -> None:
    """Commit looks until somebody kills this process."""
    history = History(folder)
    number = 0
    while True:
        add(history, f"w{writer}-{number}", NOW + 1_000 * writer + number, told)
        number += 1


def write(folder: Path, writer: int, looks: range, told: int) -> None:
    """Add looks, and tell of each once it is committed."""
    history = History(folder)
    for number in looks:
        identity = f"w{writer}-{number}"
        history.add(look(NOW + number, *NAMES[number % 7 :], identity=identity))
        os.write(told, f"{identity}\n".encode())


def child(task: Callable[[int], None]) -> tuple[int, int]:
    """Start a process that carries out `task`; its id, and the pipe on which it prints what is committed."""
    hear, tell = os.pipe()
    process = os.fork()
    if not process:
        carry_out(task, tell)
    os.close(tell)
    return process, hear


def carry_out(task: Callable[[int], None], told: int) -> NoReturn:
    """Do what a child is for, and end it."""
    try:
        task(told)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent has to know
        sys.stderr.write(f"{error}\n")
        os._exit(1)
    os._exit(0)


def next_of(hear: int) -> bytes:
    """Return what is printed next on a pipe; end this program if the child has ended instead."""
    said = os.read(hear, 1_000)
    if not said:
        sys.exit("a writer ended before it was killed")
    return said


def rest_of(hear: int) -> bytes:
    """Return what is still printed on a pipe, and close it."""
    said = b""
    while more := os.read(hear, 1_000):
        said += more
    os.close(hear)
    return said


def kill(folder: Path, times: int) -> None:
    """Have as many writers killed, each after another share of a write."""
    for writer in range(times):
        share = (writer + 0.5) / times
        process, hear = child(partial(killed_at, share, folder, writer))
        said = rest_of(hear)
        _, status = os.waitpid(process, 0)
        if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
            sys.exit(f"writer {writer} was to be killed after {share:.0%} of a write, and ended with {status}")
        sys.stdout.write(said.decode())


def kill_by_the_clock(folder: Path, times: int) -> None:
    """Kill as many writers from outside, each after another share of the time that a write takes: commits included."""
    chance = random.Random(20_260_921)  # noqa: S311 - nothing to be kept secret
    for writer in range(times):
        process, hear = child(partial(endless, folder, writer))
        try:
            said = next_of(hear)
            began = time.monotonic()
            while said.count(b"\n") < 3:
                said += next_of(hear)
            took = (time.monotonic() - began) / 2
            until = time.monotonic() + chance.uniform(0, 2 * took)
            while (left := until - time.monotonic()) > 0:
                if select.select([hear], [], [], left)[0]:
                    said += next_of(hear)
        finally:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        sys.stdout.write((said + rest_of(hear)).decode())


def together(folder: Path, writers: int, looks: int) -> None:
    """As many writers at once, from a folder in which there is nothing yet."""
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
