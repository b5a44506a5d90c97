"""Write files privately and atomically; read files within limits of size and time."""

import codecs
import os
import select
import stat
import time
from pathlib import Path

PRIVATE = 0o600
"""Mode of files that only their owner may use."""
PUBLIC = 0o644
"""Mode of metrics, which another program has to read; they contain only names and numbers."""


def write_atomic(path: Path, body: bytes, mode: int = PRIVATE, *, sync: bool = False) -> None:
    """Replace `path` atomically by a new file with the content `body`. A link is replaced, not followed.

    With `sync` the data is on the disk before the replacement: after a power cut one of the two files is complete.

    Raises:
        OSError: the file cannot be written; the old one is unchanged.
    """
    import tempfile

    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:32]}-")  # 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            if mode != PRIVATE:
                os.fchmod(file.fileno(), mode)
            if sync:
                file.flush()
                os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_output(path: Path, body: bytes, mode: int = PRIVATE) -> None:
    """Write to the path that an option names: a new file, or into an existing device or pipe, which is kept.

    Raises:
        OSError: it cannot be written; an existing file is unchanged.
    """
    if not is_device(path):
        write_atomic(path, body, mode, sync=True)
        return
    with os.fdopen(open_device(path), "wb") as file:
        file.write(body)


def is_device(path: Path) -> bool:
    """True if `path` is a device, a pipe or a socket, or names an open file like /dev/stderr."""
    absolute = path.absolute()
    if absolute.parts[:2] == ("/", "proc") or str(absolute.parent) in {"/dev", "/dev/fd"}:
        return True
    try:
        mode = absolute.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def open_device(path: Path) -> int:
    """Open a device or a pipe for writing, without changing its mode.

    Raises:
        OSError: it cannot be opened, or is a pipe without a reader.
    """
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOCTTY | os.O_NONBLOCK)
    os.set_blocking(handle, True)
    return handle


def read_within(handle: int, largest: int, seconds: float, *, line: bool = False) -> bytes:
    """Read an open file to its end. It may be a pipe that has not been written to yet.

    Args:
        handle: file descriptor.
        largest: limit in bytes; one byte more is returned if the file is larger.
        seconds: time limit.
        line: stop after the first line, or soon after it.

    Raises:
        OSError: the file cannot be read.
        TimeoutError: the end was not reached in time.
    """
    end, body = time.monotonic() + seconds, bytearray()
    ready = select.poll()
    ready.register(handle, select.POLLIN)
    while len(body) <= largest and not (line and b"\n" in body):
        if not ready.poll(max(0, end - time.monotonic()) * 1000):
            raise TimeoutError
        chunk = os.read(handle, largest + 1 - len(body))
        if not chunk:
            break
        body += chunk
    return bytes(body)


def decode_utf8(body: bytes) -> str:
    """Decode UTF-8, without a byte order mark.

    Raises:
        ValueError: it is not UTF-8. The message never contains any of `body`.
    """
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ValueError("encoded as UTF-16. Save it as UTF-8.")
    if b"\0" in body:
        raise ValueError("contains NUL bytes, as UTF-16 does. Save it as UTF-8.")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 text (byte {error.start + 1})") from None
