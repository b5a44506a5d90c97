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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyte

PROGRAM = str(Path(sys.executable).with_name("drtui"))
PATIENCE = 30
"""Seconds until what is waited for has to be on the screen."""


class Terminal:
    """A program, its keys and its screen."""

    def __init__(self, process: subprocess.Popen[bytes], master: int, width: int, height: int) -> None:
        self.process, self._master = process, master
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self.screen)
        self.written = b""

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def press(self, keys: str) -> None:
        """Send keys."""
        os.write(self._master, keys.encode())

    def wait_for(self, words: str) -> None:
        """Read until the screen shows these words; fails with the screen if it does not in time."""
        end = time.monotonic() + PATIENCE
        while words not in self.text:
            left = end - time.monotonic()
            if left <= 0 or not self._read(left):
                raise AssertionError(f"{words!r} did not come; the screen is:\n{self.text}")

    def wait_for_end(self) -> int:
        """Read until the program ends; its exit code."""
        end = time.monotonic() + PATIENCE
        while self._read(max(0, end - time.monotonic())):
            pass
        return self.process.wait(timeout=PATIENCE)

    def _read(self, timeout: float) -> bool:
        """Take in what the program writes; whether there was anything in time."""
        if not select.select([self._master], [], [], timeout)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # Linux: the other side of the pty is closed
            return False
        self.written += data
        self._stream.feed(data)
        return bool(data)


@contextmanager
def opened(*arguments: str, width: int = 120, height: int = 40, **environment: str) -> Iterator[Terminal]:
    """Run drtui with these arguments in a terminal; it is ended with the block."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    # The test runner sets these for its own workers, and they outweigh the size of the terminal.
    inherited = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
    process = subprocess.Popen(
        [PROGRAM, *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        env={**inherited, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **environment},
    )
    os.close(slave)
    try:
        yield Terminal(process, master, width, height)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=PATIENCE)
        os.close(master)


@contextmanager
def site(scenario: str, *options: str) -> Iterator[tuple[str, str]]:
    """`drtui demo serve --tls`: the address, and the file of the authority."""
    command = [PROGRAM, "demo", "serve", scenario, "--tls", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        if process.stdout is None:
            raise AssertionError("it was asked for")
        url = process.stdout.readline().strip()
        ca_file = process.stdout.readline().removeprefix("ca-file ").strip()
        yield url, ca_file
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
