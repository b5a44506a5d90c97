"""How a person looks at each site: a small file for each, so that two programs that write at once write two files.

All of it can be lost without loss. Everything here blocks; call it in a thread.
"""

import contextlib
from hashlib import sha256
from pathlib import Path

from drtui.core.listing.view_settings import MAX_FILE_BYTES, ViewSettings, from_json, is_newer, to_json
from drtui.core.model.address import Address
from drtui.storage.file_io import write_atomic
from drtui.storage.paths import private_folder, state_folder

FOLDER = "views"
MOST = 200
"""Sites that are remembered, those that were changed last."""


def path_of(address: Address) -> Path:
    """Where the file of a site is; an address may hold what no name of a file may."""
    return state_folder() / FOLDER / f"{sha256(address.url.encode()).hexdigest()[:32]}.json"


def load(address: Address) -> ViewSettings | None:
    """How a site was looked at last; None if that is not known, or cannot be read."""
    body = _read(path_of(address))
    return None if body is None else from_json(body)


def save(address: Address, arrangement: ViewSettings) -> None:
    """Remember how a site is looked at, unless a newer drtui does so already.

    Raises:
        OSError: it cannot be written.
    """
    path = path_of(address)
    if is_newer(_read(path) or b""):
        return
    private_folder(path.parent.parent)
    private_folder(path.parent)
    write_atomic(path, to_json(address.url, arrangement))
    _prune(path.parent)


def forget(address: Address) -> None:
    """Forget how a site is looked at.

    Raises:
        OSError: it cannot be removed.
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
    """Keep the newest."""
    with contextlib.suppress(OSError):
        files = sorted(folder.glob("*.json"), key=lambda each: each.stat().st_mtime, reverse=True)
        for each in files[MOST:]:
            each.unlink(missing_ok=True)
