"""A program in a terminal, measured from outside: times and bytes until something is on the screen."""

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
"""Seconds without a byte after which a program counts as finished."""
PATIENCE = 60.0
"""Seconds after which waiting fails."""
BUSY = 2.0
"""Per cent of a processor above which a program counts as busy."""
PIECE = 256
"""Bytes that a slow line transmits at a time."""
TICKS = os.sysconf("SC_CLK_TCK")


class Line(NamedTuple):
    """The line between user and program."""

    delay: float = 0.0
    """Seconds of delay in each direction."""
    rate: float = 0.0
    """Bytes per second; 0 for no limit."""


class Pressed(NamedTuple):
    """The result of a key."""

    milliseconds: float
    """Milliseconds from the key to the last byte."""
    size: int
    """Bytes of output."""
    cpu: float
    """Milliseconds of a processor, which hardly depend on other load."""


class Idle(NamedTuple):
    """Cost of an idle program."""

    size: float
    """Bytes per second."""
    cpu: float
    """Per cent of a processor."""
    woken: float
    """Wake-ups per second, of all its threads."""


class Program:
    """One run of a program."""

    def __init__(self, process: subprocess.Popen[bytes], master: int, line: Line) -> None:
        self._process, self._master, self._line = process, master, line
        self._screen = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.ByteStream(self._screen)
        self._began = self._arrived = time.perf_counter()
        self.written = 0

    def _read(self, timeout: float) -> bool:
        """Read the output of the program, no faster than the line transmits; return True if anything came in time."""
        if not select.select([self._master], [], [], max(0.0, timeout))[0]:
            return False
        try:
            data = os.read(self._master, PIECE if self._line.rate else 1 << 16)
        except OSError:
            return False
        now = time.perf_counter()
        if self._line.rate:
            self._arrived = max(self._arrived, now) + len(data) / self._line.rate
            time.sleep(max(0.0, self._arrived - now))
        else:
            self._arrived = now
        self.written += len(data)
        self._stream.feed(data)
        return bool(data)

    def until(self, words: str, since: float | None = None) -> float:
        """Return the milliseconds from the start, or from a moment, until the screen matches the expression."""
        end = time.perf_counter() + PATIENCE
        while not re.search(words, "\n".join(self._screen.display)):
            if time.perf_counter() > end or not self._read(PATIENCE):
                raise TimeoutError(f"{words!r} did not come:\n" + "\n".join(self._screen.display))
        return self._took(self._began if since is None else since)

    def _took(self, since: float) -> float:
        """Return the milliseconds from a moment to the last byte, both directions included."""
        return (max(0.0, self._arrived - since) + 2 * self._line.delay) * 1000

    def settle(self, quiet: float = QUIET) -> None:
        """Read until nothing more comes."""
        while self._read(quiet):
            pass

    def rest(self) -> None:
        """Read until the program is idle, invisible work included."""
        end = time.perf_counter() + PATIENCE
        while self.idle(1.0).cpu > BUSY and time.perf_counter() < end:
            pass

    def press(self, keys: bytes, patience: float = 1.0, quiet: float = QUIET) -> Pressed:
        """Press a key, and wait for its whole output, if any comes within `patience` seconds."""
        before, worked, pressed = self.written, self._worked(), time.perf_counter()
        os.write(self._master, keys)
        if self._read(patience):
            self.settle(quiet)
        return Pressed(self._took(pressed), self.written - before, self._worked() - worked)

    def answer(self, keys: bytes, words: str) -> float:
        """Press a key; return the milliseconds until the screen matches the expression."""
        pressed = time.perf_counter()
        os.write(self._master, keys)
        took = self.until(words, pressed)
        self.settle()
        return took

    def hold(self, key: bytes, times: int, every: float) -> float:
        """Hold a key down; return the milliseconds of movement after its release, without the delay of the line."""
        for number in range(times):
            due = time.perf_counter() + every
            os.write(self._master, key)
            while (left := due - time.perf_counter()) > 0:
                self._read(left)
            if number == times - 1:
                break
        released = time.perf_counter()
        self.settle(0.5)
        return max(0.0, self._arrived - released) * 1000

    def idle(self, seconds: float) -> Idle:
        """Return the cost while nothing is done."""
        before, cpu_before, woken_before = self.written, self._cpu(), self._woken()
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._read(left)
        return Idle(
            (self.written - before) / seconds,
            (self._cpu() - cpu_before) / seconds * 100,
            (self._woken() - woken_before) / seconds,
        )

    def _woken(self) -> int:
        """Return how often its threads have waited and were woken."""
        tasks = (thread.read_text() for thread in Path(f"/proc/{self._process.pid}/task").glob("*/status"))
        return sum(int(number) for task in tasks for number in re.findall(r"\nvoluntary_ctxt_switches:\s+(\d+)", task))

    def _worked(self) -> float:
        """Return the milliseconds of processor time of its threads."""
        tasks = Path(f"/proc/{self._process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6

    def _cpu(self) -> float:
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    @property
    def memory(self) -> float:
        """Return the peak of its memory, MiB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        match = re.search(r"VmHWM:\s+(\d+)", status)
        return int(match[1]) / 1024 if match else 0.0


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
    """Run a program in a terminal of its own, and end it with the block."""
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
    """Return the milliseconds of a program from start to end."""
    began = time.perf_counter()
    subprocess.run(
        command, check=False, capture_output=True, timeout=PATIENCE, env={**surroundings(), **(environment or {})}
    )
    return (time.perf_counter() - began) * 1000
