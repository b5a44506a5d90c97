"""Output streams that keep the exit code of a command when stdout is closed or full."""

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

CLOSED = "Cannot write the output: standard output is closed"


class TolerantStream(io.RawIOBase):
    """A raw stream that discards bytes after the first write error and keeps that error."""

    def __init__(self, handle: int) -> None:
        super().__init__()
        self._handle = handle
        self.failure: OSError | None = None

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write the bytes, or discard them after an error; return their number."""
        size = memoryview(data).nbytes
        if self.failure is not None:
            return size
        try:
            return os.write(self._handle, data)
        except OSError as error:
            self.failure = error
            return size


def tolerant_stream(stream: TextIO, *, line_buffering: bool = False) -> tuple[TextIO, TolerantStream | None]:
    """Return a stream that never raises on write, and the raw stream with the error; a terminal stays as it is."""
    try:
        handle = stream.fileno()
    except (OSError, ValueError):  # tests replace the stream with one without a descriptor
        return stream, None
    if stream.isatty():
        return stream, None
    stream.flush()
    raw = TolerantStream(handle)
    return io.TextIOWrapper(
        io.BufferedWriter(raw), stream.encoding, "backslashreplace", line_buffering=line_buffering
    ), raw


def run_command(command: Callable[[], int], *, keeps_exit_code: bool = False, is_closed: bool = False) -> int:
    """Run a command to its end even if stdout fails; return the exit code.

    Args:
        command: the function to run; it returns an exit code.
        keeps_exit_code: True if the exit code stays the same when the output could not be written.
        is_closed: True if there is no standard output.
    """
    before = sys.stdout
    sys.stdout, raw = tolerant_stream(before)
    try:
        code = command()
        sys.stdout.flush()
    finally:
        sys.stdout = before
    why = CLOSED if is_closed else _write_error(raw)
    if not why:
        return code
    sys.stderr.write(f"drtui: {why}\n")
    return code if keeps_exit_code else code or UNREACHABLE


def _write_error(raw: TolerantStream | None) -> str:
    """Return why the output could not be written; empty if it was, or if the reader closed the pipe."""
    if raw is None or raw.failure is None or raw.failure.errno == errno.EPIPE:
        return ""
    return f"Cannot write the output: {raw.failure.strerror}"


def run_command_to_file(name: str, command: Callable[[], int], *, public: bool) -> int:
    """Run a command and write its output to a file; return the exit code.

    The file is replaced as a whole, in UTF-8. `public` makes it readable for other users.

    Raises:
        CommandError: the file could not be written.
    """
    before, body = sys.stdout, io.BytesIO()
    sys.stdout = written = io.TextIOWrapper(body, "utf-8", "backslashreplace", newline="\n")
    try:
        code = command()
        written.flush()
    finally:
        sys.stdout = before
        written.detach()
    from drtui.session.local_files import PRIVATE, PUBLIC, write_output

    try:
        write_output(Path(name), body.getvalue(), PUBLIC if public else PRIVATE)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise CommandError(f"Cannot write {name!r}: {why}", code or UNREACHABLE) from None
    return code
