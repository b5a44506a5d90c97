"""A program in a terminal, measured from outside: when what is on the screen, and how many bytes that took."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pyte

WIDTH, HEIGHT = 120, 40
QUIET = 0.15
"""Seconds without a byte after which a program is taken to be done."""
PATIENCE = 60.0
"""Seconds after which what is waited for will not come."""
TICKS = os.sysconf("SC_CLK_TCK")


class Line(NamedTuple):
    """What lies between a person and the program."""

    delay: float = 0.0
    """Seconds that each way takes."""
    rate: float = 0.0
    """Bytes a second that come through; 0 for any number."""


class Pressed(NamedTuple):
    """What came of a key."""

    milliseconds: float
    """From the key to the last byte."""
    size: int
    """Bytes."""


class Program:
    """One run of a program."""

    def __init__(self, process: subprocess.Popen[bytes], master: int, line: Line) -> None:
        self._process, self._master, self._line = process, master, line
        self._screen = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.ByteStream(self._screen)
        self._began = time.perf_counter()
        self._next = self._began
        self.written = 0

    def _read(self, timeout: float) -> bool:
        """Take in what the program writes, no faster than the line lets through; whether anything came in time."""
        if not select.select([self._master], [], [], max(0.0, timeout))[0]:
            return False
        if self._line.rate:
            time.sleep(max(0.0, self._next - time.perf_counter()))
        try:
            data = os.read(self._master, 1024 if self._line.rate else 1 << 16)
        except OSError:
            return False
        if self._line.rate:
            self._next = max(self._next, time.perf_counter()) + len(data) / self._line.rate
        self.written += len(data)
        self._stream.feed(data)
        return bool(data)

    def until(self, words: str) -> float:
        """Milliseconds from the start until the screen shows what the expression means."""
        end = time.perf_counter() + PATIENCE
        while not re.search(words, "\n".join(self._screen.display)):
            if time.perf_counter() > end or not self._read(PATIENCE):
                raise TimeoutError(f"{words!r} did not come:\n" + "\n".join(self._screen.display))
        return (time.perf_counter() - self._began) * 1000

    def settle(self, quiet: float = QUIET) -> float:
        """Read until nothing comes any more; the moment of the last byte."""
        last = time.perf_counter()
        while self._read(quiet):
            last = time.perf_counter()
        return last

    def press(self, keys: bytes) -> Pressed:
        """Press a key, and wait for all that it brings about."""
        before, pressed = self.written, time.perf_counter()
        os.write(self._master, keys)
        last = self.settle()
        return Pressed(max(0.0, last - pressed) * 1000, self.written - before)

    def hold(self, key: bytes, times: int, every: float) -> float:
        """Hold a key down; milliseconds that the screen still moves after its release, beyond the line's own delay."""
        for number in range(times):
            due = time.perf_counter() + every
            os.write(self._master, key)
            while (left := due - time.perf_counter()) > 0:
                self._read(left)
            if number == times - 1:
                break
        released = time.perf_counter()
        return max(0.0, self.settle(0.5) - released) * 1000

    def idle(self, seconds: float) -> tuple[float, float]:
        """Bytes a second and per cent of a processor while nothing is done."""
        bytes_before, cpu_before, end = self.written, self._cpu(), time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._read(left)
        return (self.written - bytes_before) / seconds, (self._cpu() - cpu_before) / seconds * 100

    def _cpu(self) -> float:
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    @property
    def memory(self) -> float:
        """The most that it has held so far, MiB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+)", status)
        return int(found[1]) / 1024 if found else 0.0


def surroundings() -> dict[str, str]:
    """The environment without what differs between terminals, and without what Python is told by who measures.

    A program that is installed has been compiled; where that is switched off, each start compiles all of it anew.
    """
    telling = {"COLUMNS", "LINES", "COLORTERM"}
    return {name: value for name, value in os.environ.items() if name not in telling and not name.startswith("PYTHON")}


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str] | None = None, line: Line | None = None
) -> Iterator[Program]:
    """Run a program in a terminal of its own; it is ended with the block."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
    process = subprocess.Popen(
        command,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0) and None,  # noqa: PLW1509 - the terminal has to be its own
        env={**surroundings(), "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **(environment or {})},
    )
    os.close(slave)
    try:
        yield Program(process, master, line or Line())
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)
        os.close(master)


def whole(command: Sequence[str], environment: Mapping[str, str] | None = None) -> float:
    """Milliseconds that a program takes from start to end."""
    began = time.perf_counter()
    subprocess.run(
        command, check=False, capture_output=True, timeout=PATIENCE, env={**surroundings(), **(environment or {})}
    )
    return (time.perf_counter() - began) * 1000
