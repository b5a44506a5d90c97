"""Programs that write to one history: killed at random moments, or all at once. Prints what was committed."""

import os
import random
import signal
import sys
from pathlib import Path

from drtui.disk.history import History
from tests.conftest import NOW
from tests.disk.archives import look

NAMES = tuple(f"backup-{number}" for number in range(60))


def write(folder: Path, writer: int, looks: range, told: int) -> None:
    """Add looks, and tell of each once it is committed."""
    history = History(folder)
    for number in looks:
        identity = f"w{writer}-{number}"
        history.add(look(NOW + number, *NAMES[number % 7 :], identity=identity))
        os.write(told, f"{identity}\n".encode())


def child(folder: Path, writer: int, looks: range) -> tuple[int, int]:
    """A process that writes; its id, and where it tells what is committed."""
    hear, tell = os.pipe()
    process = os.fork()
    if process:
        os.close(tell)
        return process, hear
    try:
        write(folder, writer, looks, tell)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent has to know
        sys.stderr.write(f"{error}\n")
        os._exit(1)
    os._exit(0)


def kill(folder: Path, times: int) -> None:
    """Kill as many writers, each at another moment of a write."""
    chance = random.Random(20_260_921)  # noqa: S311 - nothing to be kept secret
    History(folder).add(look(NOW, identity="first"))
    for writer in range(times):
        process, hear = child(folder, writer, range(writer * 1_000, (writer + 1) * 1_000))
        said = b""
        while said.count(b"\n") < chance.randint(1, 4):
            said += os.read(hear, 1_000)
        for _ in range(chance.randint(0, 20_000)):
            pass
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        while more := os.read(hear, 1_000):
            said += more
        os.close(hear)
        sys.stdout.write(said.decode())


def together(folder: Path, writers: int, looks: int) -> None:
    """As many writers at once, from a folder in which there is nothing yet."""
    children = [child(folder, writer, range(looks)) for writer in range(writers)]
    for process, hear in children:
        while said := os.read(hear, 1_000):
            sys.stdout.write(said.decode())
        _, status = os.waitpid(process, 0)
        if status:
            sys.exit(f"a writer ended with {status}")


if __name__ == "__main__":
    what, where, *counts = sys.argv[1:]
    if what == "kill":
        kill(Path(where), int(counts[0]))
    else:
        together(Path(where), int(counts[0]), int(counts[1]))
