"""Files of ours: for nobody else to read, and replaced as a whole or not at all; and reading within bounds."""

import codecs
import os
import select
import stat
import time
from pathlib import Path

PRIVATE = 0o600
"""The mode of everything that is for its owner alone."""
PUBLIC = 0o644
"""The mode of what another program has to read: metrics, which hold names and numbers only."""


def write_atomic(path: Path, body: bytes, mode: int = PRIVATE, *, sync: bool = False) -> None:
    """Put a new file that holds `body` in the place of what is at `path`, if anything is: a link is not followed.

    With `sync` it is on the disk before it takes that place: a power cut leaves one of the two, whole.

    Raises:
        OSError: it cannot be written; what was there is still there.
    """
    import tempfile  # noqa: PLC0415 - not needed to read

    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:32]}-")  # 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            if mode != PRIVATE:
                os.fchmod(file.fileno(), mode)
            if sync:
                file.flush()
                os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def write_output(path: Path, body: bytes, mode: int = PRIVATE) -> None:
    """Write the file that an option names: a new file, or into the device or pipe that is there, which stays as it is.

    Raises:
        OSError: it cannot be written; a file that was there is still there.
    """
    if not is_device(path):
        write_atomic(path, body, mode, sync=True)
        return
    with os.fdopen(open_device(path), "wb") as file:
        file.write(body)


def is_device(path: Path) -> bool:
    """True if `path` leads to a device, a pipe or a socket, or is a name of an open file such as /dev/stderr."""
    where = path.absolute()
    if where.parts[:2] == ("/", "proc") or str(where.parent) in {"/dev", "/dev/fd"}:
        return True
    try:
        mode = where.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def open_device(path: Path) -> int:
    """Open a device or a pipe for writing; its mode is not ours to change.

    Raises:
        OSError: it cannot be opened, or is a pipe that nobody reads.
    """
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOCTTY | os.O_NONBLOCK)
    os.set_blocking(handle, True)
    return handle


def read_within(handle: int, largest: int, seconds: float, *, line: bool = False) -> bytes:
    """Read an open file to its end, which may be a pipe that nobody has written into yet.

    Args:
        handle: of the file.
        largest: bytes; one more is returned where there are more.
        seconds: for all of it.
        line: only up to the end of the first line, or somewhat more.

    Raises:
        OSError: it cannot be read.
        TimeoutError: it had not ended by then.
    """
    end, body = time.monotonic() + seconds, bytearray()
    ready = select.poll()
    ready.register(handle, select.POLLIN)
    while len(body) <= largest and not (line and b"\n" in body):
        if not ready.poll(max(0, end - time.monotonic()) * 1000):
            raise TimeoutError
        piece = os.read(handle, largest + 1 - len(body))
        if not piece:
            break
        body += piece
    return bytes(body)


def decode_utf8(body: bytes) -> str:
    """Return UTF-8 as text, without a byte order mark.

    Raises:
        ValueError: it is something else; the message never holds any of it.
    """
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ValueError("it is UTF-16: save it as UTF-8")
    if b"\0" in body:
        raise ValueError("it holds NUL bytes, as UTF-16 does: save it as UTF-8")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not text in UTF-8 (byte {error.start + 1})") from None
