"""View settings of each site, one small file per site, so that two programs do not overwrite each other's sites.

The files may be lost without harm. All functions block; call them in a thread.
"""

import contextlib
from hashlib import sha256
from pathlib import Path

from drtui.core.listing.view_settings import MAX_FILE_BYTES, ViewSettings, from_json, is_newer, to_json
from drtui.core.model.address import Address
from drtui.storage.file_io import write_atomic
from drtui.storage.paths import private_folder, state_folder

FOLDER = "views"
MAX_SITES = 200
"""Number of sites that are remembered, the last changed ones."""


def path_of(address: Address) -> Path:
    """Return the path of a site's file.

    The name is a hash, as an address may contain characters that no file name may.
    """
    return state_folder() / FOLDER / f"{sha256(address.url.encode()).hexdigest()[:32]}.json"


def load(address: Address) -> ViewSettings | None:
    """Return the saved view settings of a site; None if there are none, or they cannot be read."""
    body = _read(path_of(address))
    return None if body is None else from_json(body)


def save(address: Address, settings: ViewSettings) -> None:
    """Save the view settings of a site, unless a newer drtui has written them.

    Raises:
        OSError: the file cannot be written.
    """
    path = path_of(address)
    if is_newer(_read(path) or b""):
        return
    private_folder(path.parent.parent)
    private_folder(path.parent)
    write_atomic(path, to_json(address.url, settings))
    _prune(path.parent)


def forget(address: Address) -> None:
    """Delete the view settings of a site.

    Raises:
        OSError: the file cannot be removed.
    """
    path_of(address).unlink(missing_ok=True)


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            body = file.read(MAX_FILE_BYTES + 1)
    except OSError:
        return None
    return body if len(body) <= MAX_FILE_BYTES else None


def _prune(folder: Path) -> None:
    """Delete all but the newest files."""
    with contextlib.suppress(OSError):
        files = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
        for file in files[MAX_SITES:]:
            file.unlink(missing_ok=True)
