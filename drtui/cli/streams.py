"""Streams for the answer of a command, whose exit code does not depend on whether anybody can read it."""

import errno
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from drtui.cli.exit_codes import UNREACHABLE, CommandError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

CLOSED = "standard output is closed: there is nowhere to put the answer"


class TolerantStream(io.RawIOBase):
    """Bytes for an open file; once it takes no more they go nowhere, and why is kept."""

    def __init__(self, handle: int) -> None:
        super().__init__()
        self._handle = handle
        self.failure: OSError | None = None

    def writable(self) -> bool:
        """Return True: it can always be written to."""
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write, if that is still possible; the bytes that are done with."""
        size = memoryview(data).nbytes
        if self.failure is not None:
            return size
        try:
            return os.write(self._handle, data)
        except OSError as error:
            self.failure = error
            return size


def tolerant_stream(stream: TextIO, *, line_buffering: bool = False) -> tuple[TextIO, TolerantStream | None]:
    """Return a stream in the place of this one that never fails, and what keeps why; a terminal stays as it is."""
    try:
        handle = stream.fileno()
    except (OSError, ValueError):  # a test has put something simpler in its place
        return stream, None
    if stream.isatty():
        return stream, None
    stream.flush()
    raw = TolerantStream(handle)
    return io.TextIOWrapper(
        io.BufferedWriter(raw), stream.encoding, "backslashreplace", line_buffering=line_buffering
    ), raw


def run_command(command: Callable[[], int], *, graded: bool = False, closed: bool = False) -> int:
    """Carry out a command to its end, whatever becomes of standard output; the exit code.

    Args:
        command: it; its exit code says what it found.
        graded: True if that code stands even where nobody could read the answer.
        closed: True if there is no standard output.
    """
    before = sys.stdout
    sys.stdout, raw = tolerant_stream(before)
    try:
        code = command()
        sys.stdout.flush()
    finally:
        sys.stdout = before
    why = CLOSED if closed else _why(raw)
    if not why:
        return code
    sys.stderr.write(f"drtui: {why}\n")
    return code if graded else code or UNREACHABLE


def _why(raw: TolerantStream | None) -> str:
    """Return why the output could not be written; empty if it was, or if the reader closed the pipe."""
    if raw is None or raw.failure is None or raw.failure.errno == errno.EPIPE:
        return ""
    return f"the output could not be written: {raw.failure.strerror}"


def run_command_to_file(name: str, command: Callable[[], int], *, public: bool) -> int:
    """Carry out a command, and put what it prints into a file; the exit code.

    The file is written whole or not at all, and is the same whatever the encoding of the terminal. `public`: others may
    read it.

    Raises:
        CommandError: it could not be written.
    """
    before, body = sys.stdout, io.BytesIO()
    sys.stdout = written = io.TextIOWrapper(body, "utf-8", "backslashreplace", newline="\n")
    try:
        code = command()
        written.flush()
    finally:
        sys.stdout = before
        written.detach()
    from drtui.session.local_files import save_output  # noqa: PLC0415 - seldom needed

    try:
        save_output(Path(name), body.getvalue(), public=public)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise CommandError(f"{name!r} could not be written: {why}", code or UNREACHABLE) from None
    return code
