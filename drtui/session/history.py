"""History of sites: of one site for a session, and of all sites for commands. All functions block."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from drtui.core.model.address import Address
from drtui.core.model.site_state import SiteHistory, SiteState, Source
from drtui.core.summary.last_known import LastKnown
from drtui.core.wire.history_archive import Archive, archive_of, from_json, site_history_of, site_state_of, to_json
from drtui.core.wire.lenient import WireError
from drtui.session.saved_file import FileError, read_bytes
from drtui.storage import last_known, view_settings_file
from drtui.storage.history_db import History, HistoryError, StoredSite
from drtui.storage.paths import state_folder


class SiteCache:
    """The history of one site. Failures are reported, and never stop a refresh."""

    def __init__(self, address: Address, keep_days: int) -> None:
        self._address, self._history = address, History(state_folder(), keep_days)
        self._read_failure = self._write_failure = ""

    @property
    def failure(self) -> str:
        """Failures of the first read and the last write, joined; empty if there were none."""
        failures = (self._read_failure, self._history.recovery_message, self._write_failure)
        return "; ".join(dict.fromkeys(filter(None, failures)))

    def load(self, location: str, now: int) -> SiteState | None:
        """Return the last known state of the site at `now` (epoch ms); None if there is none."""
        try:
            return self._history.with_recovery(lambda: self._load(location, now))
        except HistoryError as error:
            self._read_failure = str(error)
        return None

    def _load(self, location: str, now: int) -> SiteState | None:
        archive = self._history.load(self._address, now)
        return None if archive is None else site_state_of(archive, location, Source.SAVED)

    def save(self, state: SiteState, now: int) -> SiteHistory:
        """Save the state of a refresh at `now` (epoch ms); return what history knows beyond it."""
        self._write_failure = ""
        try:
            if not self._history.add_unchanged(archive_of(state, self._address, with_records=False), now):
                self._history.add(archive_of(state, self._address), now, state.listed_at)
            archive = self._history.load(self._address, now, gone=True)
            return state.history if archive is None else site_history_of(archive)
        except HistoryError as error:
            self._write_failure = str(error)
        return state.history

    def save_last_known(self, headline: LastKnown, words: Sequence[str] | None) -> None:
        """Save the headline of the site for the next start. Failures are ignored: it is shown later then."""
        with contextlib.suppress(OSError):
            last_known.save_last_known(self._address.url, headline, words)


def open_history(keep_days: int) -> History:
    """Return the histories of all sites."""
    return History(state_folder(), keep_days)


def export_site(history: History, address: Address, now: int) -> bytes | None:
    """Return everything known of a site at `now` (epoch ms) as the content of an export file; None if nothing is.

    Raises:
        HistoryError: history could not be read.
    """
    archive = history.load(address, now, every_refresh=True)
    return None if archive is None else to_json(archive)


def import_file(history: History, path: Path, now: int) -> Archive:
    """Add an exported history to what is stored, and return its content.

    Times later than `now` (epoch ms) are set to it: a clock was wrong, on this machine or the other.

    Raises:
        HistoryError: the file is not an exported history, or history could not be written.
    """
    try:
        archive = from_json(read_bytes(path))
        history.add(archive, now)
    except (FileError, WireError) as error:
        raise HistoryError(f"cannot import '{path}': {error}") from None
    return archive


def forget_site(history: History, address: Address) -> bool:
    """Delete everything stored of a site; return True if there was anything.

    Raises:
        HistoryError: history could not be written.
    """
    with contextlib.suppress(OSError):
        last_known.forget(address.url)
    with contextlib.suppress(OSError):
        view_settings_file.forget(address)
    return history.forget(address)


__all__ = [
    "History",
    "HistoryError",
    "SiteCache",
    "StoredSite",
    "export_site",
    "forget_site",
    "import_file",
    "open_history",
]
