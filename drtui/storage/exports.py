"""Write exported files: readable only by their owner, complete or not at all, and never over another file."""

import os
from pathlib import Path

from drtui.storage.file_io import write_atomic
from drtui.storage.paths import exports_folder, private_folder


class ExportError(Exception):
    """A file that could not be written; the message says where and why."""


def free_path(name: str) -> Path:
    """Return an unused path in the exports folder: `name`, with a number before the suffix if `name` is taken."""
    first = exports_folder() / name
    path, number = first, 1
    while path.exists():
        number += 1
        path = first.with_stem(f"{first.stem}-{number}")
    return path


def write_export(destination: str, name: str, text: str) -> Path:
    """Write a new file at `destination`, or as `name` in `destination` if that is a folder; return its path.

    Raises:
        ExportError: the file exists, or cannot be written.
    """
    try:
        path = Path(destination).expanduser().absolute()
        path = path / name if path.is_dir() else path
        if path.parent == exports_folder():
            private_folder(path.parent)
        # An empty file reserves the name; then the complete text replaces it at once.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            write_atomic(path, text.encode())
        except (OSError, ValueError):
            path.unlink(missing_ok=True)
            raise
    except FileExistsError:
        raise ExportError(f"'{path}' already exists. Choose another name.") from None
    except (OSError, RuntimeError, ValueError) as error:  # also for ~unknown-user or NUL
        reason = error.strerror if isinstance(error, OSError) else error
        raise ExportError(f"cannot write {destination!r}: {reason}") from None
    return path
