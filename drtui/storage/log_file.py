"""The log: only when asked for, for nobody else to read, and never larger than a few files."""

import contextlib
import logging
import logging.handlers
import os
from io import TextIOWrapper
from pathlib import Path

from drtui.storage.file_io import PRIVATE, is_device, open_device, write_atomic
from drtui.storage.paths import log_file, private_folder

LOGGER = logging.getLogger("drtui")
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}

LARGEST = 1 << 20
"""Bytes of one file."""
KEPT = 3
"""Older files that are kept beside it."""


class Private(logging.handlers.RotatingFileHandler):
    """A log whose files, the rotated ones too, only their owner may read."""

    def _open(self) -> TextIOWrapper:
        path = Path(self.baseFilename)
        if path.is_symlink():
            write_atomic(path, b"")
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, PRIVATE)
        if os.fstat(handle).st_uid == os.geteuid():
            os.fchmod(handle, PRIVATE)
        return TextIOWrapper(os.fdopen(handle, "ab"), encoding="utf-8", errors="backslashreplace")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own
        """A full disk is no reason to write to the terminal."""


class Device(logging.Handler):
    """A log that goes to a device or a pipe: it is never rotated, and keeps its mode."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._handle = open_device(path)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, if somebody still reads."""
        with contextlib.suppress(OSError):
            os.write(self._handle, f"{self.format(record)}\n".encode("utf-8", "backslashreplace"))


def begin_log(path: Path | None, level: str) -> None:
    """Write what drtui does to `path`, or to the usual place, from `level` on.

    Raises:
        OSError: it cannot be written.
    """
    where = path or private_folder(log_file().parent) / log_file().name
    handler = Device(where) if is_device(where) else Private(where, maxBytes=LARGEST, backupCount=KEPT)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    LOGGER.addHandler(handler)
    LOGGER.setLevel(LEVELS[level])


def write_crash_report(report: str) -> Path:
    """Write the report of a crash; where it is.

    Raises:
        OSError: it cannot be written.
    """
    path = private_folder(log_file().parent) / "crash.txt"
    write_atomic(path, report.encode("utf-8", "backslashreplace"))
    return path
