"""The installed program in a terminal of its own: a pty, read by a terminal emulator."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import pyte

from tests import processes
from tests.starts import STARTS

PROGRAM = str(Path(sys.executable).with_name("drtui"))
PATIENCE = 30
"""Seconds until what is waited for has to be on the screen."""
QUIET = 0.5
"""Seconds without a byte after which nothing more is taken to come."""
STEP = 0.1
"""Seconds between two looks at what is waited for, if the program writes nothing."""


class Terminal:
    """A program, its keys and its screen."""

    def __init__(self, process: subprocess.Popen[bytes], master: int, width: int, height: int) -> None:
        self.process, self._master = process, master
        self.screen = pyte.Screen(max(width, 80), max(height, 24))
        self._stream = pyte.ByteStream(self.screen)
        self.written = b""
        self._closed = False
        """True once the program has closed its side of the terminal."""
        self.modes_at_first = self.modes()

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def press(self, keys: str) -> None:
        """Send keys."""
        os.write(self._master, keys.encode())

    def modes(self) -> list[object]:
        """Whether keys are echoed, lines are edited, and so on; speeds and all."""
        return list(termios.tcgetattr(self._master))

    def resize(self, width: int, height: int) -> None:
        """Another size of the window, of which the program is told."""
        self.screen.resize(height, width)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        os.killpg(self.process.pid, signal.SIGWINCH)

    def drop(self) -> None:
        """The line is gone."""
        os.close(self._master)
        self._master = -1

    def close(self) -> None:
        """Let go of the terminal."""
        if self._master >= 0:
            os.close(self._master)

    def wait_until_painted(self) -> None:
        """Read until something was painted and everything that comes at once."""
        self.wait_for_bytes(b"\x1b[?1049h")
        self.settle()

    def settle(self) -> None:
        """Read until nothing comes any more."""
        self._read_until(lambda: not self._read(QUIET), "an end of what it writes")

    def sent_by(self, *keys: str) -> list[int]:
        """Bytes written after each of these keys."""
        counted = []
        for key in keys:
            before = len(self.written)
            self.press(key)
            self.settle()
            counted.append(len(self.written) - before)
        return counted

    def wait_for_stop(self) -> None:
        """Read until the program is stopped."""
        self._read_until(self._has_stopped, "a stop")
        while self._read(0):  # what it wrote last, on a busy machine long after everything seemed to be still
            pass

    def wait_for(self, words: str) -> None:
        """Read until the screen shows these words; fails with the screen if it does not in time."""
        self._read_until(lambda: words in self.text, repr(words))

    def wait_for_bytes(self, data: bytes) -> None:
        """Read until these were written."""
        self._read_until(lambda: data in self.written, repr(data))

    def wait_for_end(self) -> int:
        """Read until the program ends; its exit code."""
        self._read_until(lambda: self._closed, "its end")
        return self.process.wait(timeout=PATIENCE)

    def _has_stopped(self) -> bool:
        """True if the program is stopped."""
        number, status = os.waitpid(self.process.pid, os.WUNTRACED | os.WNOHANG)
        if number and not os.WIFSTOPPED(status):
            raise AssertionError("it ended instead of stopping")
        return bool(number)

    def _read_until(self, is_reached: Callable[[], bool], awaited: str) -> None:
        """Read until something is so; fail with the screen if the program closes its terminal or takes too long."""
        end = time.monotonic() + PATIENCE
        while not is_reached():
            if self._closed or time.monotonic() > end:
                raise AssertionError(f"{awaited} did not come; the screen is:\n{self.text}")
            self._read(STEP)

    def _read(self, timeout: float) -> bool:
        """Take in what the program writes; return True if there was anything in time."""
        if self._closed or not select.select([self._master], [], [], timeout)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # Linux: the other side of the pty is closed
            self._closed = True
            return False
        self.written += data
        self._stream.feed(data)
        self._closed = not data
        return bool(data)


@contextmanager
def opened(
    *arguments: str,
    width: int = 120,
    height: int = 40,
    environment: Mapping[str, str] = MappingProxyType({}),
    program: str = PROGRAM,
) -> Iterator[Terminal]:
    """Run drtui, or another program, with these arguments in a terminal; it is ended with the block."""
    if program == PROGRAM:
        STARTS.add()
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    # The test runner sets these for its own workers, and they outweigh the size of the terminal.
    inherited = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
    process = subprocess.Popen(
        [program, *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0) and None,  # noqa: PLW1509 - the terminal has to be its own
        env={**inherited, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **environment},
    )
    terminal = Terminal(process, master, width, height)
    os.close(slave)
    try:
        yield terminal
    finally:
        processes.kill(process)
        process.wait(timeout=PATIENCE)
        terminal.close()


@contextmanager
def site(scenario: str, *options: str) -> Iterator[tuple[str, str]]:
    """`drtui demo serve --tls`: the address, and the file of the authority."""
    command = [PROGRAM, "demo", "serve", scenario, "--tls", *options]
    with processes.started(command, timeout=4 * PATIENCE) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        ca_file = process.stdout.readline().removeprefix("ca-file ").strip()
        try:
            yield url, ca_file
        finally:  # the certificate's folder goes only if the server ends by itself
            process.send_signal(signal.SIGINT)
            process.wait(timeout=PATIENCE)
