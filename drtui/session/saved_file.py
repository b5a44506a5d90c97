"""A file with a saved answer or an exported history, read as if it were a site."""

from pathlib import Path

from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import Store
from drtui.core.model.site_state import Fetched, SiteState, Source
from drtui.core.wire import backups as wire_backups
from drtui.core.wire import history_archive, responses
from drtui.core.wire.lenient import WireError
from drtui.core.wire.pagination import why_incomplete

LARGEST = 512 << 20
"""Bytes of a file that are read at most: the same as of an answer."""


class FileError(Exception):
    """A file that could not be read; the message says why."""


def read_bytes(path: Path) -> bytes:
    """What is in a file, if it is not too large.

    Raises:
        FileError: it cannot be read, or does not end.
    """
    try:
        with path.open("rb") as file:
            body = file.read(LARGEST + 1)
    except OSError as error:
        raise FileError(error.strerror or "it cannot be read") from None
    if len(body) > LARGEST:
        raise FileError(f"it is larger than {LARGEST >> 20} MiB")
    return body


def read_file(path: Path, now: int) -> SiteState:
    """The reading that a file gives: an exported history, or the backups of a saved answer under their stores."""
    try:
        body = read_bytes(path)
        answer = responses.parse_document(body, history_archive.ENVELOPE, saved=history_archive.MARKER.encode() in body)
        if history_archive.is_archive(answer):
            found = history_archive.without_future_times(history_archive.from_document(answer), now)
            return history_archive.site_state_of(found, f"{found.address} ({path.name})", Source.FILE)
        backups = wire_backups.decode_backups(answer, None)
        at = int(path.stat().st_mtime * 1000)
    except (OSError, FileError, WireError) as error:
        return _unreadable(path, now, str(error))
    names = dict.fromkeys(each.store for each in backups)
    part = why_incomplete(answer, len(backups))
    listed = {
        name: Fetched(at, tuple(b for b in backups if b.store == name), source=Source.FILE, partial=part)
        for name in names
    }
    stores = Fetched(at, tuple(map(Store, names)), source=Source.FILE, partial=part)
    return SiteState(str(path), stores=stores, backups=listed, is_complete=True)


def _unreadable(path: Path, now: int, why: str) -> SiteState:
    trouble = Failure(
        FailureKind.UNREADABLE,
        "file",
        f"{path} could not be read as a saved answer",
        why,
        advice='A saved answer is a JSON object with a list under "backups", or what drtui history export wrote.',
    )
    return SiteState(str(path), stores=Fetched(now, failure=trouble, source=Source.FILE), is_complete=True)
