"""Files of ours: for nobody else to read, and replaced as a whole or not at all."""

import os
import stat
from pathlib import Path

PRIVATE = 0o600
"""The mode of everything that is for its owner alone."""


def put(path: Path, body: bytes, mode: int = PRIVATE) -> None:
    """Put a new file that holds `body` in the place of what is at `path`, if anything is: a link is not followed.

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
        put(path, body, mode)
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
