"""What was read of sites before: as a session uses it, and as a whole shelf. Everything here blocks."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from drtui.core.model.address import Address
from drtui.core.model.site_state import SiteHistory, SiteState, Source
from drtui.core.summary.last_known import LastKnown
from drtui.core.wire.history_archive import Archive, archive_of, from_json, site_history_of, site_state_of, to_json
from drtui.core.wire.lenient import WireError
from drtui.session.saved_file import FileError, read_bytes
from drtui.storage import last_known, view_settings
from drtui.storage.file_io import write_output
from drtui.storage.history_db import History, HistoryError, StoredSite
from drtui.storage.paths import state_folder


class SiteCache:
    """The history of one site, as a session uses it: a failure is told, and is never in the way."""

    def __init__(self, address: Address, keep_days: int) -> None:
        self._address, self._history = address, History(state_folder(), keep_days)
        self._not_read = self._not_written = ""

    @property
    def trouble(self) -> str:
        """What could not be read at first, and what could not be written the last time; empty if all is well."""
        said = (self._not_read, self._history.mended, self._not_written)
        return "; ".join(dict.fromkeys(filter(None, said)))

    def recall(self, place: str, now: int) -> SiteState | None:
        """The last that is known of the site at `now` (epoch ms); None if nothing is."""
        inode = self._history.inode  # by the time damage is found, another program may have begun a new file
        try:
            try:
                return self._recalled(place, now)
            except WireError as error:
                self._history.mend(str(error), inode)
                return self._recalled(place, now)
        except (HistoryError, WireError) as error:
            self._not_read = str(error)
        return None

    def _recalled(self, place: str, now: int) -> SiteState | None:
        archive = self._history.load(self._address, now)
        return None if archive is None else site_state_of(archive, place, Source.SAVED)

    def keep(self, reading: SiteState, now: int) -> SiteHistory:
        """Save what a look brought at `now` (epoch ms); what history then knows beyond it."""
        self._not_written = ""
        try:
            self._history.add(archive_of(reading, self._address), now, reading.listed_at)
            archive = self._history.load(self._address, now, gone=True)
            return reading.history if archive is None else site_history_of(archive)
        except HistoryError as error:
            self._not_written = str(error)
        return reading.history

    def keep_glance(self, told: LastKnown, words: Sequence[str] | None) -> None:
        """Save what is to be said first the next time; where that fails, it is said later."""
        with contextlib.suppress(OSError):
            last_known.save_last_known(self._address.url, told, words)


class HistoryStore:
    """The histories of all sites."""

    def __init__(self, keep_days: int) -> None:
        self._history = History(state_folder(), keep_days)

    @property
    def mended(self) -> str:
        """A sentence about a damaged file; empty if there was none."""
        return self._history.mended

    def sites(self, now: int) -> tuple[StoredSite, ...]:
        """What is held of each site as of `now` (epoch ms), the one looked at last first.

        Raises:
            HistoryError: it could not be read.
        """
        return self._history.sites(now)

    def exported(self, address: Address, now: int) -> bytes | None:
        """All that is known of a site at `now` (epoch ms), as a file; None if nothing is.

        Raises:
            HistoryError: it could not be read.
        """
        archive = self._history.load(address, now, every_look=True)
        return None if archive is None else to_json(archive)

    def imported(self, path: Path, now: int) -> Archive:
        """Add an exported history to what is known, and return what stands in it.

        Moments later than `now` (epoch ms) are brought down to it: a clock was wrong, there or here.

        Raises:
            HistoryError: it is none, or could not be written.
        """
        try:
            archive = from_json(read_bytes(path))
            self._history.add(archive, now)
        except (FileError, WireError) as error:
            raise HistoryError(f"{path} was not imported: {error}") from None
        return archive

    def forget(self, address: Address) -> bool:
        """Forget a site; whether anything was known of it.

        Raises:
            HistoryError: it could not be written.
        """
        with contextlib.suppress(OSError):
            last_known.forget(address.url)
        with contextlib.suppress(OSError):
            view_settings.forget(address)
        return self._history.forget(address)

    @staticmethod
    def write(path: Path, body: bytes) -> None:
        """Write an exported history, for nobody else to read.

        Raises:
            HistoryError: it could not be written.
        """
        try:
            write_output(path, body)
        except OSError as error:
            raise HistoryError(f"{path} could not be written: {error.strerror}") from None


__all__ = ["HistoryError", "HistoryStore", "SiteCache", "StoredSite"]
