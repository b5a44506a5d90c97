"""The log: only when asked for, for nobody else to read, and never larger than a few files."""

import logging
import logging.handlers
import os
from io import TextIOWrapper
from pathlib import Path

from drtui.disk.places import log_file, private_folder

LOGGER = logging.getLogger("drtui")
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}

LARGEST = 1 << 20
"""Bytes of one file."""
KEPT = 3
"""Older files that are kept beside it."""


class Private(logging.handlers.RotatingFileHandler):
    """A log whose files, the rotated ones too, only their owner may read."""

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.fchmod(handle, 0o600)
        return TextIOWrapper(os.fdopen(handle, "ab"), encoding="utf-8", errors="backslashreplace")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own
        """A full disk is no reason to write to the terminal."""


def begin(path: Path | None, level: str) -> None:
    """Write what drtui does to `path`, or to the usual place, from `level` on.

    Raises:
        OSError: it cannot be written.
    """
    where = path or private_folder(log_file().parent) / log_file().name
    handler = Private(where, maxBytes=LARGEST, backupCount=KEPT)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    LOGGER.addHandler(handler)
    LOGGER.setLevel(LEVELS[level])


def crashed(report: str) -> Path:
    """Write the report of a crash; where it is.

    Raises:
        OSError: it cannot be written.
    """
    path = private_folder(log_file().parent) / "crash.txt"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(report)
    return path
