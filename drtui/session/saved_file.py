"""Read a file with a saved answer or an exported history as if it were a site."""

from collections.abc import Iterator
from pathlib import Path

from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import Store
from drtui.core.model.site_state import Fetched, SiteState, Source
from drtui.core.wire import history_archive, responses
from drtui.core.wire.lenient import WireError
from drtui.core.wire.pagination import why_incomplete
from drtui.core.wire.stream import PIECE, BackupStream

MAX_FILE_BYTES = 512 << 20
"""Limit for a file, bytes; equal to that of an answer."""


class FileError(Exception):
    """A file that could not be read; the message is the reason."""


def read_bytes(path: Path) -> bytes:
    """Return the content of a file up to the size limit.

    Raises:
        FileError: the file cannot be read, or is too large.
    """
    return b"".join(_pieces(path))


def _pieces(path: Path) -> Iterator[bytes]:
    """Yield the content of a file in pieces, up to the size limit.

    Raises:
        FileError: the file cannot be read, or is too large.
    """
    size = 0
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                size += len(piece)
                if size > MAX_FILE_BYTES:
                    raise FileError(f"larger than {MAX_FILE_BYTES >> 20} MiB")
                yield piece
    except OSError as error:
        raise FileError(error.strerror or "it cannot be read") from None


def read_file(path: Path, now: int) -> SiteState:
    """Return the state in a file: an exported history, or a saved answer with backups.

    A list of backups is decoded piece by piece, as it is when it arrives from a site.
    """
    stream = BackupStream(None)
    try:
        body = b"".join((*map(stream.feed, _pieces(path)), stream.end()))
        answer = responses.parse_document(body, history_archive.ENVELOPE, saved=history_archive.MARKER.encode() in body)
        if history_archive.is_archive(answer):
            archive = history_archive.without_future_times(history_archive.from_document(answer), now)
            return history_archive.site_state_of(archive, f"{archive.address} ({path.name})", Source.FILE)
        backups = stream.finish(answer)
        modified = int(path.stat().st_mtime * 1000)
    except (OSError, FileError, WireError) as error:
        return _unreadable_state(path, now, str(error))
    names = dict.fromkeys(backup.store for backup in backups)
    partial = why_incomplete(answer, len(backups))
    lists = {
        name: Fetched(
            modified,
            tuple(backup for backup in backups if backup.store == name),
            source=Source.FILE,
            incomplete_reason=partial,
        )
        for name in names
    }
    stores = Fetched(modified, tuple(map(Store, names)), source=Source.FILE, incomplete_reason=partial)
    return SiteState(str(path), stores=stores, backups=lists, is_complete=True)


def _unreadable_state(path: Path, now: int, reason: str) -> SiteState:
    failure = Failure(
        FailureKind.UNREADABLE,
        "file",
        f"cannot read '{path}' as a saved answer",
        reason,
        advice='A saved answer is a JSON object with a list "backups", or a file written by drtui history export.',
    )
    return SiteState(str(path), stores=Fetched(now, failure=failure, source=Source.FILE), is_complete=True)
