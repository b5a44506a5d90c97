"""The installed program in a pty, read by a terminal emulator."""

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
WAIT_SECONDS = 30
"""The longest wait for text on the screen, seconds."""
QUIET_SECONDS = 0.5
"""The time without a byte after which the screen counts as settled, seconds."""
STEP_SECONDS = 0.1
"""The interval between two checks while the program writes nothing, seconds."""


class Terminal:
    """A program with its keyboard and screen."""

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
        """The text on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def press(self, keys: str) -> None:
        """Send keys."""
        os.write(self._master, keys.encode())

    def modes(self) -> list[object]:
        """Return the attributes of the terminal: echo, line editing, speeds and so on."""
        return list(termios.tcgetattr(self._master))

    def resize(self, width: int, height: int) -> None:
        """Change the size of the window and notify the program."""
        self.screen.resize(height, width)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        os.killpg(self.process.pid, signal.SIGWINCH)

    def drop(self) -> None:
        """Close the line, as a lost connection does."""
        os.close(self._master)
        self._master = -1

    def close(self) -> None:
        """Close the terminal."""
        if self._master >= 0:
            os.close(self._master)

    def wait_until_painted(self) -> None:
        """Read until something is painted and no more bytes follow."""
        self.wait_for_bytes(b"\x1b[?1049h")
        self.settle()

    def settle(self) -> None:
        """Read until no more bytes follow."""
        self._read_until(lambda: not self._read(QUIET_SECONDS), "an end of what it writes")

    def sent_by(self, *keys: str) -> list[int]:
        """Return the bytes written after each of these keys."""
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
        """Read until these bytes were written."""
        self._read_until(lambda: data in self.written, repr(data))

    def wait_for_end(self) -> int:
        """Read until the program ends; return its exit code."""
        self._read_until(lambda: self._closed, "its end")
        return self.process.wait(timeout=WAIT_SECONDS)

    def _has_stopped(self) -> bool:
        """True if the program is stopped."""
        number, status = os.waitpid(self.process.pid, os.WUNTRACED | os.WNOHANG)
        if number and not os.WIFSTOPPED(status):
            raise AssertionError("it ended instead of stopping")
        return bool(number)

    def _read_until(self, is_reached: Callable[[], bool], awaited: str) -> None:
        """Read until the condition is true; fail with the screen if the program ends or takes too long."""
        end = time.monotonic() + WAIT_SECONDS
        while not is_reached():
            if self._closed or time.monotonic() > end:
                raise AssertionError(f"{awaited} did not come; the screen is:\n{self.text}")
            self._read(STEP_SECONDS)

    def _read(self, timeout: float) -> bool:
        """Read the output of the program; return True if there was any in time."""
        if self._closed:
            return False
        poll = select.poll()  # unlike select, it takes the descriptors above 1,023 of a long session
        poll.register(self._master, select.POLLIN)
        if not poll.poll(timeout * 1000):
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
    """Run drtui, or another program, in a terminal until the end of the block."""
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
        process.wait(timeout=WAIT_SECONDS)
        terminal.close()


@contextmanager
def site(scenario: str, *options: str) -> Iterator[tuple[str, str]]:
    """Run `drtui demo serve --tls`; yield its address and its CA file."""
    command = [PROGRAM, "demo", "serve", scenario, "--tls", *options]
    with processes.started(command, timeout=4 * WAIT_SECONDS) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        ca_file = process.stdout.readline().removeprefix("ca-file ").strip()
        try:
            yield url, ca_file
        finally:  # the certificate's folder goes only if the server ends by itself
            process.send_signal(signal.SIGINT)
            process.wait(timeout=WAIT_SECONDS)
