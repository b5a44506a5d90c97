"""What a person takes along as a file: for nobody else to read, whole or not at all, and never over another file."""

import os
from pathlib import Path

from drtui.storage.file_io import write_atomic
from drtui.storage.paths import exports_folder, private_folder


class ExportError(Exception):
    """It could not be written; the message says where and why."""


def free_path(name: str) -> Path:
    """A path in the usual folder that nothing is at yet: `name`, else with a number before its suffix."""
    first = exports_folder() / name
    path, number = first, 1
    while path.exists():
        number += 1
        path = first.with_stem(f"{first.stem}-{number}")
    return path


def write_export(where: str, name: str, text: str) -> Path:
    """Write a new file at `where`, or as `name` in the folder that `where` is; its path.

    Raises:
        ExportError: there is something of that name already, or it could not be written.
    """
    try:
        path = Path(where).expanduser().absolute()
        path = path / name if path.is_dir() else path
        if path.parent == exports_folder():
            private_folder(path.parent)
        # The name is taken first, so that nobody else can take it; then the whole text comes there at once.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise ExportError(f"there is something at {path} already: give another name") from None
    except (OSError, RuntimeError, ValueError) as error:  # also: nobody of that name, no character of a path
        raise _unwritable(where, error) from None
    try:
        write_atomic(path, text.encode())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _unwritable(where, error) from None
    return path


def _unwritable(where: str, error: Exception) -> ExportError:
    why = error.strerror if isinstance(error, OSError) else error
    return ExportError(f"{where!r} could not be written: {why}")
