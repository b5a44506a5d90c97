"""The log file: optional, readable only by its owner, and limited to a few files."""

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

MAX_FILE_BYTES = 1 << 20
"""Limit of one file, bytes."""
OLD_FILES = 3
"""Number of older files that are kept."""


class PrivateLogHandler(logging.handlers.RotatingFileHandler):
    """A log whose files, rotated ones included, only their owner may read."""

    def _open(self) -> TextIOWrapper:
        path = Path(self.baseFilename)
        if path.is_symlink():
            write_atomic(path, b"")
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, PRIVATE)
        if os.fstat(handle).st_uid == os.geteuid():
            os.fchmod(handle, PRIVATE)
        return TextIOWrapper(os.fdopen(handle, "ab"), encoding="utf-8", errors="backslashreplace")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - name of the base class
        """Ignore errors: a full disk is no reason to write to the terminal."""


class DeviceLogHandler(logging.Handler):
    """A log on a device or a pipe: never rotated, mode unchanged."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._handle = open_device(path)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line; ignored if nobody reads."""
        with contextlib.suppress(OSError):
            os.write(self._handle, f"{self.format(record)}\n".encode("utf-8", "backslashreplace"))

    def close(self) -> None:
        """Close the device."""
        os.close(self._handle)
        super().close()


def begin_log(path: Path | None, level: str) -> None:
    """Log at `level` and above to `path`, or to the default file, instead of an earlier log.

    Raises:
        OSError: the file cannot be written.
    """
    log_path = path or private_folder(log_file().parent) / log_file().name
    handler = (
        DeviceLogHandler(log_path)
        if is_device(log_path)
        else PrivateLogHandler(log_path, maxBytes=MAX_FILE_BYTES, backupCount=OLD_FILES)
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    for earlier in tuple(LOGGER.handlers):
        LOGGER.removeHandler(earlier)
        earlier.close()
    LOGGER.addHandler(handler)
    LOGGER.setLevel(LEVELS[level])


def write_crash_report(report: str) -> Path:
    """Write the report of a crash; return its path.

    Raises:
        OSError: the report cannot be written.
    """
    path = private_folder(log_file().parent) / "crash.txt"
    write_atomic(path, report.encode("utf-8", "backslashreplace"))
    return path
