"""Responses of each site and their times, in SQLite. They are shown when the site is down.

Every method opens the file, works in one transaction, and closes it: several programs share the file, any of them may
be killed at any moment, and none holds it for long. All methods block; call them in a thread.
"""

import contextlib
import functools
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from drtui import __version__
from drtui.core.formatting.durations import DAY
from drtui.core.formatting.times import LAST
from drtui.core.model.address import Address, AddressError
from drtui.core.model.note import read_note
from drtui.core.wire.backup_schema import record_json
from drtui.core.wire.backups import BackupDecoder
from drtui.core.wire.history_archive import Archive, SavedRefresh, SavedResponse, SeenBackup, without_future_times
from drtui.core.wire.lenient import WireError
from drtui.storage.paths import private_folder

if TYPE_CHECKING:
    from drtui.storage.history_recovery import RecoveredRows

T = TypeVar("T")

FILE = "history.sqlite3"
APPLICATION_ID = 0x64727475
"""Application id of the file ("drtu"), which identifies it as a history."""
SCHEMA_VERSION = 3
"""Version of the tables; a higher one was written by a newer drtui. Version 1 had no notes, version 2 no digests."""
BUSY_TIMEOUT = 10.0
"""Seconds to wait for another program that is writing."""
CACHE_KIB = 256
"""Page cache in KiB. SQLite's default of 2 MiB makes no read or write of a refresh faster."""
KEEP_DAYS = 400
"""Days that records are kept after they were last seen: a year and one month."""

NOTE_TABLE = """
CREATE TABLE note (
  site INTEGER NOT NULL REFERENCES site ON DELETE CASCADE, id TEXT NOT NULL, store TEXT NOT NULL, name TEXT NOT NULL,
  start INTEGER NOT NULL, at INTEGER NOT NULL, user TEXT NOT NULL, text TEXT NOT NULL,
  PRIMARY KEY (site, id)) STRICT, WITHOUT ROWID"""
"""Notes refer to a backup by its name, not its row: they are kept when the record is pruned."""

DIGEST_TABLE = """
CREATE TABLE digest (
  site INTEGER NOT NULL REFERENCES site ON DELETE CASCADE, store TEXT NOT NULL, digest BLOB NOT NULL,
  PRIMARY KEY (site, store)) STRICT, WITHOUT ROWID"""
"""Digests of the last lists as they came. A list with the same digest changes nothing but its time: `record.last` is
not updated then, and a record that is not gone was last seen when its list was last read."""

TABLES = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
CREATE TABLE site (id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE answer (
  site INTEGER NOT NULL REFERENCES site ON DELETE CASCADE, name TEXT NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (site, name)) STRICT, WITHOUT ROWID;
CREATE TABLE list (
  site INTEGER NOT NULL REFERENCES site ON DELETE CASCADE, store TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (site, store)) STRICT, WITHOUT ROWID;
CREATE TABLE record (
  id INTEGER PRIMARY KEY, site INTEGER NOT NULL REFERENCES site ON DELETE CASCADE,
  store TEXT NOT NULL, name TEXT NOT NULL, start INTEGER NOT NULL, copy INTEGER NOT NULL,
  first INTEGER NOT NULL, last INTEGER NOT NULL, gone INTEGER,
  UNIQUE (site, store, name, start, copy)) STRICT;
CREATE TABLE body (
  record INTEGER PRIMARY KEY REFERENCES record ON DELETE CASCADE, json BLOB NOT NULL) STRICT;
CREATE TABLE look (
  site INTEGER NOT NULL REFERENCES site ON DELETE CASCADE, id TEXT NOT NULL, at INTEGER NOT NULL, outcome TEXT NOT NULL,
  PRIMARY KEY (site, id)) STRICT, WITHOUT ROWID;
CREATE INDEX look_at ON look (site, at);
{NOTE_TABLE};
{DIGEST_TABLE};
"""
"""The JSON of a record is a table of its own: most refreshes change only `last`, so few bytes are written."""

PUT_ANSWER = """
INSERT INTO answer VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET at = excluded.at, body = excluded.body WHERE excluded.at >= at"""
PUT_LIST = """
INSERT INTO list VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET at = max(at, excluded.at)"""
PUT_RECORD = """
INSERT INTO record (site, store, name, start, copy, first, last, gone)
VALUES (:site, :store, :name, :start, :copy, :first, :last, :gone)
ON CONFLICT DO UPDATE SET
  first = min(first, excluded.first),
  last = max(last, excluded.last),
  gone = CASE
    WHEN gone > max(last, excluded.last) AND excluded.gone > max(last, excluded.last) THEN min(gone, excluded.gone)
    WHEN gone > max(last, excluded.last) THEN gone
    WHEN excluded.gone > max(last, excluded.last) THEN excluded.gone
  END"""
PUT_BODY = """
INSERT INTO body SELECT id, :body FROM record
WHERE site = :site AND store = :store AND name = :name AND start = :start AND copy = :copy AND last = :last
ON CONFLICT DO UPDATE SET json = excluded.json WHERE json <> excluded.json"""
CATCH_UP = """
UPDATE record SET last = list.at FROM list
WHERE record.site = :site AND list.site = :site AND list.store = record.store
  AND record.gone IS NULL AND record.last < list.at"""
"""Updates the records of lists that came again unchanged, before anything else is written."""
MARK_GONE = """
UPDATE record SET gone = list.at FROM list
WHERE record.site = :site AND list.site = :site AND list.store = record.store
  AND record.gone IS NULL AND record.last < list.at"""
NEWEST = """
SELECT max(at) FROM (
  SELECT max(at) AS at FROM answer WHERE site = :site UNION ALL SELECT max(at) FROM list WHERE site = :site
  UNION ALL SELECT max(at) FROM look WHERE site = :site)"""
SITES = """
SELECT url, (SELECT count(*) FROM look WHERE look.site = site.id),
  count(json) FILTER (WHERE gone IS NULL), count(json) FILTER (WHERE gone IS NOT NULL),
  (SELECT min(max(at), :now) FROM list WHERE list.site = site.id) AS newest,
  coalesce(sum(length(json)), 0) + (SELECT coalesce(sum(length(body)), 0) FROM answer WHERE answer.site = site.id)
FROM site LEFT JOIN record ON record.site = site.id LEFT JOIN body ON body.record = record.id
GROUP BY site.id ORDER BY newest DESC, site.id"""
"""Each site with the values of `StoredSite`, the last refreshed first."""
ALL_RECORDS = """
SELECT record.store, json, copy, first, iif(gone IS NULL, max(last, coalesce(list.at, 0)), last), gone
FROM record JOIN body ON record = id LEFT JOIN list ON list.site = record.site AND list.store = record.store
WHERE record.site = ? AND (gone IS NOT NULL OR NOT ?) ORDER BY id"""
PUT_NOTE = "INSERT OR IGNORE INTO note VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
ALL_NOTES = "SELECT id, store, name, start, at, user, text FROM note WHERE site = :site ORDER BY at DESC, id"
PUT_LOOK = "INSERT OR IGNORE INTO look VALUES (?, ?, ?, ?)"
ALL_LOOKS = "SELECT id, at, outcome FROM look WHERE site = :site ORDER BY at, id"
DAILY_LOOKS = "SELECT id, max(at), outcome FROM look WHERE site = :site GROUP BY at / :day, outcome ORDER BY at"
"""The last refresh of each day suffices to tell how far back everything was seen."""
PRUNE = (
    """
    DELETE FROM record WHERE site = :site AND (gone < :before OR gone IS NULL AND last < :before
      AND store NOT IN (SELECT store FROM list WHERE site = :site AND at >= :before))""",
    "DELETE FROM look WHERE site = :site AND at < :before",
    "DELETE FROM list WHERE site = :site AND at < :before",
)


class HistoryError(Exception):
    """The history could not be read or written; the message says why, and what happened to the file."""


class StoredSite(Struct, frozen=True):
    """Summary of what the history holds of one site."""

    address: Address
    refreshes: int
    listed: int
    """Number of backups that were listed at the last refresh."""
    gone: int
    """Number of backups that are no longer listed."""
    newest: int | None
    """Time of the last list of a store, epoch ms."""
    bytes: int
    """Size of records and answers."""


class History:
    """The history of every site, in one file of a folder that only its owner may read.

    Args:
        folder: folder of the file.
        keep_days: days that a record is kept after it was last seen.
    """

    def __init__(self, folder: Path, keep_days: int = KEEP_DAYS) -> None:
        self.path = folder / FILE
        self.recovery_message = ""
        """A sentence about a damaged file that was replaced; empty if there was none."""
        self._keep_ms = keep_days * DAY

    @property
    def _inode(self) -> int | None:
        """Inode of the file; None if there is no file."""
        try:
            return self.path.stat().st_ino
        except OSError:
            return None

    def add(self, archive: Archive, now: int = LAST, before: int | None = None) -> None:
        """Add the result of a refresh, or an imported history; nothing already stored is lost.

        Args:
            archive: what to add.
            now: the present, epoch ms; later times, in the archive and in the file, are set to it.
            before: time that everything in the file must precede, epoch ms; None for no limit.

        Raises:
            HistoryError: the file could not be written.
        """
        self.with_recovery(lambda: self._add(archive, now, before))

    def add_unchanged(self, archive: Archive, now: int) -> bool:
        """Add the result of a refresh whose lists are all known; return False, and add nothing, if one is not.

        Args:
            archive: what to add; it needs no records.
            now: the present, epoch ms.

        Raises:
            HistoryError: the file could not be written.
        """
        return self.path.exists() and self.with_recovery(lambda: self._add_unchanged(archive, now))

    def _add_unchanged(self, archive: Archive, now: int) -> bool:
        with self._open(write=True) as db:
            row = db.execute("SELECT id FROM site WHERE url = ?", (archive.address.url,)).fetchone()
            if row is None or max(_latest_time(db, row[0]), archive.newest_time) > now:
                return False
            site = row[0]
            if not _has_lists(db, site, archive):
                return False
            _write_archive(db, site, replace(archive, records=()))
            self._prune(db, site, archive)
        return True

    def _add(self, archive: Archive, now: int, before: int | None) -> None:
        archive = without_future_times(archive, now)
        with self._open(write=True) as db:
            db.execute("INSERT OR IGNORE INTO site (url) VALUES (?)", (archive.address.url,))
            (site,) = db.execute("SELECT id FROM site WHERE url = ?", (archive.address.url,)).fetchone()
            if _latest_time(db, site) > now:
                stored = _read_archive(db, site, archive.address, every_refresh=True, gone=False)
                db.execute("DELETE FROM site WHERE id = ?", (site,))  # with all that refers to it
                db.execute("INSERT INTO site VALUES (?, ?)", (site, archive.address.url))
                _write_archive(db, site, without_future_times(stored, now, before))
            db.execute(CATCH_UP, {"site": site})
            if archive.list_times or archive.records:
                db.execute("DELETE FROM digest WHERE site = ?", (site,))
            _write_archive(db, site, archive)
            _write_digests(db, site, archive)
            db.execute(MARK_GONE, {"site": site})
            self._prune(db, site, archive)

    def _prune(self, db: sqlite3.Connection, site: int, archive: Archive) -> None:
        """Delete what was seen last too long before this refresh."""
        for statement in PRUNE:
            db.execute(statement, {"site": site, "before": archive.newest_time - self._keep_ms})

    def load(
        self, address: Address, now: int = LAST, *, every_refresh: bool = False, gone: bool = False
    ) -> Archive | None:
        """Return what is known of a site; None if nothing is.

        Args:
            address: the site.
            now: the present, epoch ms; later times are set to it.
            every_refresh: include every refresh, not only the last of each day.
            gone: return only backups that are no longer listed.

        Raises:
            HistoryError: the file could not be read.
        """
        if not self.path.exists():
            return None
        return self.with_recovery(lambda: self._load(address, now, every_refresh=every_refresh, gone=gone))

    def _load(self, address: Address, now: int, *, every_refresh: bool, gone: bool) -> Archive | None:
        with self._open() as db:
            row = db.execute("SELECT id FROM site WHERE url = ?", (address.url,)).fetchone()
            if not row:
                return None
            if _latest_time(db, row[0]) <= now:
                return _read_archive(db, row[0], address, every_refresh=every_refresh, gone=gone)
            archive = without_future_times(_read_archive(db, row[0], address, every_refresh=True, gone=False), now)
        return replace(
            archive, records=tuple(record for record in archive.records if record.missing_since is not None or not gone)
        )

    def sites(self, now: int = LAST) -> tuple[StoredSite, ...]:
        """Return a summary of each site as of `now` (epoch ms), the last refreshed first.

        Raises:
            HistoryError: the file could not be read.
        """
        return self.with_recovery(lambda: self._sites(now)) if self.path.exists() else ()

    def read_sites(self, now: int) -> tuple[StoredSite, ...]:
        """Return the same as `sites`, without repairing a damaged file.

        Raises:
            HistoryError: the file is damaged or could not be read.
        """
        return self._sites(now) if self.path.exists() else ()

    def _sites(self, now: int) -> tuple[StoredSite, ...]:
        with self._open() as db:
            rows = db.execute(SITES, {"now": now}).fetchall()
        return tuple(StoredSite(Address.parse(url, allow_http=True), *values) for url, *values in rows)

    def forget(self, address: Address) -> bool:
        """Delete a site, on the disk too; return True if anything was known of it.

        Raises:
            HistoryError: the file could not be written.
        """
        return self.path.exists() and self.with_recovery(lambda: self._forget(address))

    def _forget(self, address: Address) -> bool:
        with self._open(write=True) as db:
            was_known = db.execute("DELETE FROM site WHERE url = ?", (address.url,)).rowcount > 0
            if was_known:
                db.commit()
                db.execute("VACUUM")  # deleted rows stay readable in free pages and in the write-ahead log
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return was_known

    @contextlib.contextmanager
    def _open(self, *, write: bool = False) -> Iterator[sqlite3.Connection]:
        """Open a connection for the block, which is one transaction.

        Raises:
            HistoryError: SQLite or the system reports an error.
            Damaged: the file is damaged.
        """
        try:
            if write and not self.path.exists():
                _create(self.path)
            self.path.stat()  # its error is clearer than that of SQLite
            with contextlib.closing(self._connect()) as db:
                _check_version(db)
                with db:
                    # A reading transaction sees one consistent state, whatever other programs write meanwhile.
                    db.execute("BEGIN IMMEDIATE" if write else "BEGIN")
                    if write:
                        _upgrade(db)
                    yield db
        except sqlite3.DatabaseError as error:
            raise self._history_error(error) from None
        except UnicodeDecodeError:  # Python decodes SQLite's error messages, which quote a damaged schema
            raise Damaged("its schema is not text") from None
        except OSError as error:
            raise HistoryError(f"cannot use the history in '{self.path.parent}': {error.strerror or error}") from None

    def _connect(self) -> sqlite3.Connection:
        """Open the file; every statement is a transaction of its own until one is begun."""
        uri = self.path.absolute().as_uri()
        readable_only = not os.access(self.path.parent, os.W_OK) or not os.access(self.path, os.W_OK)
        # In a folder that cannot be written, SQLite cannot create its shared memory, and reads a WAL file only as
        # immutable.
        mode = "mode=ro&immutable=1" if readable_only else "mode=rw"
        db = sqlite3.connect(f"{uri}?{mode}", uri=True, timeout=BUSY_TIMEOUT, isolation_level=None)
        # In WAL mode with NORMAL, a killed program loses nothing; a power cut may take the last refreshes
        # (sqlite.org/wal).
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("PRAGMA cell_size_check = ON")
        return db

    def _history_error(self, error: sqlite3.DatabaseError) -> HistoryError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB} or not code:
            return Damaged(str(error))
        reason = {
            sqlite3.SQLITE_FULL: "the disk is full",
            sqlite3.SQLITE_READONLY: "its folder cannot be written to",
            sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
            sqlite3.SQLITE_BUSY: f"another program has been writing for {BUSY_TIMEOUT:g} s",
            sqlite3.SQLITE_IOERR: "the disk reports an error",
        }.get(code, str(error))
        return HistoryError(f"cannot use the history '{self.path}': {reason}")

    def with_recovery(self, use: Callable[[], T]) -> T:
        """Return the result of `use`. If the file is damaged, recover what can be read, and call `use` again.

        Raises:
            HistoryError: nothing could be recovered.
        """
        inode = self._inode  # until damage is detected, another program may have created a new file
        try:
            return use()
        except (Damaged, WireError, AddressError) as error:
            self._recover(str(error), inode)
        try:
            return use()
        except (Damaged, WireError, AddressError) as error:
            raise HistoryError(f"the history '{self.path}' is damaged: {error}") from None

    def _recover(self, reason: str, inode: int | None) -> None:
        """Set the damaged file aside, and recover its rows into a new one; `recovery_message` then describes the loss.

        Raises:
            HistoryError: nothing can be read, or the file could not be set aside.
        """
        message = f"the history '{self.path}' is damaged ({reason}). "
        try:
            aside = self._set_aside(inode)
        except OSError as error:
            raise HistoryError(f"{message}It could not be moved aside: {error.strerror or error}") from None
        if aside is None:
            self.recovery_message = f"{message}Another drtui moved it aside."
            return
        message += f"It was moved to {aside.name}; "
        try:
            recovered = self._recover_rows(aside)
        except (sqlite3.Error, OSError) as error:
            raise HistoryError(f"{message}the new history is empty: nothing could be copied: {error}") from None
        if recovered.is_empty:
            raise HistoryError(f"{message}the new history is empty")
        self.recovery_message = f"{message}the new history contains {recovered}"

    def _recover_rows(self, aside: Path) -> "RecoveredRows":
        """Create a new file with what can be read of the damaged one; return the counts.

        Raises:
            sqlite3.Error, OSError: the new file cannot be written.
        """
        from drtui.storage.history_recovery import salvage

        with _new_file(self.path.parent) as new_path:
            with contextlib.closing(sqlite3.connect(new_path, isolation_level=None)) as db:
                db.execute("PRAGMA foreign_keys = ON")
                db.execute("BEGIN")
                recovered = salvage(aside, db)
                db.execute("COMMIT")
            if not recovered.is_empty:
                try:
                    os.link(new_path, self.path)
                except FileExistsError:  # another program has created a new file meanwhile
                    self._merge(new_path)
        return recovered

    def _merge(self, path: Path) -> None:
        """Add everything in the history file `path`."""
        history = History(path.parent)
        history.path = path
        for site in history.sites():
            archive = history.load(site.address, every_refresh=True)
            if archive is not None:
                self._add(archive, LAST, None)

    def _set_aside(self, inode: int | None) -> Path | None:
        """Rename the damaged file; return its new path, or None if the file no longer has `inode`.

        Raises:
            OSError: the file cannot be renamed.
        """
        if inode is not None and self._inode != inode:
            return None
        number = 1
        while (aside := self.path.with_name(f"{FILE}.damaged-{number}")).exists():
            number += 1
        self.path.rename(aside)
        for ending in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                self.path.with_name(FILE + ending).rename(aside.with_name(aside.name + ending))
        return aside


class Damaged(HistoryError):
    """A damaged file, or one of another program."""


def _check_version(db: sqlite3.Connection) -> None:
    """Raise a HistoryError unless the file is a history with a known version of the tables."""
    (kind,), (layout,) = (db.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version"))
    if kind != APPLICATION_ID:
        raise Damaged("a database of another program")
    if layout > SCHEMA_VERSION:
        raise HistoryError("the history was written by a newer drtui and is not used. Update drtui to use it.")


def _version(db: sqlite3.Connection) -> int:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    return int(version)


def _upgrade(db: sqlite3.Connection) -> None:
    """Add the tables that a file of an older drtui lacks, within the transaction that has begun."""
    if _version(db) < SCHEMA_VERSION:
        if _version(db) < 2:
            db.execute(NOTE_TABLE)
        db.execute(DIGEST_TABLE)
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _create(path: Path) -> None:
    """Create an empty history, complete or not at all: it is written under another name and then linked."""
    with _new_file(private_folder(path.parent)) as new_path, contextlib.suppress(FileExistsError):
        os.link(new_path, path)


@contextlib.contextmanager
def _new_file(folder: Path) -> Iterator[Path]:
    """Create an empty history under a temporary name, which is removed when the block ends.

    Switching a database to WAL in its final place would make other programs see it as locked.
    """
    import tempfile

    handle, name = tempfile.mkstemp(prefix=".history-", dir=folder)  # 0600
    os.close(handle)
    path = Path(name)
    try:
        with contextlib.closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(TABLES)
        yield path
    finally:
        path.unlink()


def _latest_time(db: sqlite3.Connection, site: int) -> int:
    """Return the latest time stored for a site, epoch ms.

    Backups need no check: none is seen later than its list was read.
    """
    (newest,) = db.execute(NEWEST, {"site": site}).fetchone()
    return newest or 0


def _write_archive(db: sqlite3.Connection, site: int, archive: Archive) -> None:
    """Write an archive; the newer of two values remains."""
    answers, lists, refreshes = archive.answers, archive.list_times, archive.refreshes
    db.executemany(PUT_ANSWER, [(site, name, saved.at, saved.answer) for name, saved in answers.items()])
    db.executemany(PUT_LIST, [(site, store, at) for store, at in lists.items()])
    for seen in archive.records:  # one at a time: the JSON of all together may not fit into memory
        row = {
            "site": site,
            "store": seen.backup.store,
            "name": seen.backup.name,
            "start": seen.start,
            "copy": seen.copy,
            "first": seen.first_seen,
            "last": seen.last_seen,
            "gone": seen.missing_since,
            "body": record_json(seen.backup),
        }
        db.execute(PUT_RECORD, row)
        db.execute(PUT_BODY, row)
    db.executemany(PUT_LOOK, [(site, refresh.id, refresh.at, refresh.outcome) for refresh in refreshes])
    db.executemany(PUT_NOTE, [(site, n.id, n.store, n.name, n.start, n.at, n.user, n.text) for n in archive.notes])


def _has_lists(db: sqlite3.Connection, site: int, archive: Archive) -> bool:
    """True if all lists of a refresh came before with the same content, and no list is newer."""
    digests = dict(db.execute("SELECT store, digest FROM digest WHERE site = ?", (site,)).fetchall())
    times = dict(db.execute("SELECT store, at FROM list WHERE site = ?", (site,)).fetchall())
    return bool(archive.list_times) and all(
        digests.get(store) == _stored_digest(archive.digests.get(store, b"")) and times.get(store, LAST) <= at
        for store, at in archive.list_times.items()
    )


def _write_digests(db: sqlite3.Connection, site: int, archive: Archive) -> None:
    """Write the digests of the lists of a refresh, unless a newer list is stored."""
    times = dict(db.execute("SELECT store, at FROM list WHERE site = ?", (site,)).fetchall())
    rows = [
        (site, store, _stored_digest(digest))
        for store, digest in archive.digests.items()
        if times.get(store) == archive.list_times.get(store)
    ]
    db.executemany("INSERT OR REPLACE INTO digest VALUES (?, ?, ?)", rows)


def _stored_digest(digest: bytes) -> bytes:
    """Return a digest with the version of drtui: another one may read more from the same list."""
    return f"{__version__} ".encode() + digest


def _read_archive(db: sqlite3.Connection, site: int, address: Address, *, every_refresh: bool, gone: bool) -> Archive:
    answers = db.execute("SELECT name, at, body FROM answer WHERE site = ?", (site,))
    lists = db.execute("SELECT store, at FROM list WHERE site = ?", (site,))
    records = db.execute(ALL_RECORDS, (site, gone))
    reader = functools.cache(BackupDecoder)
    refreshes = db.execute(ALL_LOOKS if every_refresh else DAILY_LOOKS, {"site": site, "day": DAY})
    return Archive(
        address,
        {name: SavedResponse(at, body) for name, at, body in answers},
        dict(lists.fetchall()),
        tuple(SeenBackup(reader(store).decode_saved(body), *times) for store, body, *times in records),
        tuple(SavedRefresh(*row) for row in refreshes),
        tuple(read_note(*row) for row in db.execute(ALL_NOTES, {"site": site})) if _version(db) > 1 else (),
    )
