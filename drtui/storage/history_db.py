"""What each site answered and when, in SQLite: the copy that opens when the site is down.

Every method opens the file, does its work in one transaction, and closes it: many programs share the file, each may be
killed at any moment, and none holds it for long. All of them block; call them in a thread.
"""

import contextlib
import functools
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from drtui.core.formatting.times import DAY, LAST
from drtui.core.model.address import Address, AddressError
from drtui.core.wire import backups
from drtui.core.wire.backup_schema import BackupDecoder, record_json
from drtui.core.wire.history_archive import Archive, SavedRefresh, SavedResponse, SeenBackup, without_future_times
from drtui.core.wire.lenient import WireError
from drtui.storage.paths import private_folder

if TYPE_CHECKING:
    from drtui.storage.history_recovery import Saved

T = TypeVar("T")

FILE = "history.sqlite3"
KIND = 0x64727475
"""The application id of the file ("drtu"), by which a foreign database is told."""
LAYOUT = 1
"""Of the tables; a file with a higher one was made by a newer drtui."""
PATIENCE = 10.0
"""Seconds to wait for another program that is writing."""
CACHE = 256
"""KiB of pages that are held at once; with SQLite's own 2 MiB, no look is read or written any sooner."""
KEEP_DAYS = 400
"""How long something is kept that is no longer seen: a year and its month."""

TABLES = f"""
PRAGMA application_id = {KIND};
PRAGMA user_version = {LAYOUT};
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
"""
"""The body of a record stands apart: at most looks only `last` changes, and few bytes are written."""

PUT_ANSWER = """
INSERT INTO answer VALUES (:site, :name, :at, :body)
ON CONFLICT DO UPDATE SET at = excluded.at, body = excluded.body WHERE excluded.at >= at"""
PUT_LIST = """
INSERT INTO list VALUES (:site, :store, :at) ON CONFLICT DO UPDATE SET at = max(at, excluded.at)"""
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
MARK_GONE = """
UPDATE record SET gone = list.at FROM list
WHERE record.site = :site AND list.site = :site AND list.store = record.store
  AND record.gone IS NULL AND record.last < list.at"""
NEWEST = """
SELECT max(at) FROM (
  SELECT max(at) AS at FROM answer WHERE site = :site UNION ALL SELECT max(at) FROM list WHERE site = :site
  UNION ALL SELECT max(at) FROM look WHERE site = :site)"""
CLEAR = (
    "DELETE FROM answer WHERE site = :site",
    "DELETE FROM list WHERE site = :site",
    "DELETE FROM record WHERE site = :site",
    "DELETE FROM look WHERE site = :site",
)
PUT_LOOK = "INSERT OR IGNORE INTO look VALUES (:site, :id, :at, :outcome)"
ALL_LOOKS = "SELECT id, at, outcome FROM look WHERE site = :site ORDER BY at, id"
DAILY_LOOKS = "SELECT id, max(at), outcome FROM look WHERE site = :site GROUP BY at / :day, outcome ORDER BY at"
"""Of the looks of a day the last one is enough to tell how far back everything was seen."""
PRUNE = (
    "DELETE FROM record WHERE site = :site AND coalesce(gone, last) < :before",
    "DELETE FROM look WHERE site = :site AND at < :before",
    "DELETE FROM list WHERE site = :site AND at < :before",
)


class HistoryError(Exception):
    """The history could not be read or written; the message says why, and what became of the file."""


class StoredSite(Struct, frozen=True):
    """What the history holds of one site."""

    address: Address
    looks: int
    here: int
    """Backups that were there at the last look."""
    gone: int
    """Backups that no longer are."""
    newest: int | None
    """When the list of a store was last read, epoch ms."""
    bytes: int
    """Of records and answers."""


class History:
    """The history of every site, in one file of a folder that nobody else may read.

    Args:
        folder: where the file is.
        keep_days: how long something is kept after it was last seen.
    """

    def __init__(self, folder: Path, keep_days: int = KEEP_DAYS) -> None:
        self.path = folder / FILE
        self.mended = ""
        """A sentence about a damaged file from which a new one was made; empty if there was none."""
        self._keep = keep_days * DAY

    @property
    def inode(self) -> int | None:
        """The inode of the file; None if there is none."""
        try:
            return self.path.stat().st_ino
        except OSError:
            return None

    def add(self, archive: Archive, now: int = LAST, before: int | None = None) -> None:
        """Add what a look found, or what another machine knows; nothing that is known already is lost.

        Args:
            archive: what is to be added.
            now: the present, epoch ms: later moments, in the archive and in the file, are brought down.
            before: a moment that everything in the file must precede, epoch ms; None if there is none.

        Raises:
            HistoryError: it could not be written.
        """
        self._mending(lambda: self._add(archive, now, before))

    def _add(self, archive: Archive, now: int, before: int | None) -> None:
        archive = without_future_times(archive, now)
        with self._open(write=True) as db:
            db.execute("INSERT OR IGNORE INTO site (url) VALUES (?)", (archive.address.url,))
            (site,) = db.execute("SELECT id FROM site WHERE url = ?", (archive.address.url,)).fetchone()
            _bring_down(db, site, archive.address, now, before)
            _put(db, site, archive)
            db.execute(MARK_GONE, {"site": site})
            for statement in PRUNE:
                db.execute(statement, {"site": site, "before": archive.newest_time - self._keep})

    def load(
        self, address: Address, now: int = LAST, *, every_look: bool = False, gone: bool = False
    ) -> Archive | None:
        """What is known of a site; None if it is nothing.

        Args:
            address: the site.
            now: the present, epoch ms: later moments are brought down.
            every_look: not only one look of each day.
            gone: of the backups only those that are no longer there.

        Raises:
            HistoryError: it could not be read.
        """
        if not self.path.exists():
            return None
        return self._mending(lambda: self._load(address, now, every_look=every_look, gone=gone))

    def _load(self, address: Address, now: int, *, every_look: bool, gone: bool) -> Archive | None:
        with self._open() as db:
            found = db.execute("SELECT id FROM site WHERE url = ?", (address.url,)).fetchone()
            if not found:
                return None
            if _newest(db, found[0]) <= now:
                return _loaded(db, found[0], address, every_look=every_look, gone=gone)
            whole = without_future_times(_loaded(db, found[0], address, every_look=True, gone=False), now)
        return replace(
            whole, records=tuple(seen for seen in whole.records if seen.missing_since is not None or not gone)
        )

    def sites(self, now: int = LAST) -> tuple[StoredSite, ...]:
        """What is held of each site as of `now` (epoch ms), the one looked at last first.

        Raises:
            HistoryError: it could not be read.
        """
        return self._mending(lambda: self._sites(now)) if self.path.exists() else ()

    def _sites(self, now: int) -> tuple[StoredSite, ...]:
        with self._open() as db:
            rows = db.execute("SELECT id, url FROM site").fetchall()
            held = [_held(db, site, Address.parse(url, allow_http=True), now) for site, url in rows]
        return tuple(sorted(held, key=lambda each: -(each.newest or 0)))

    def forget(self, address: Address) -> bool:
        """Forget a site, on the disk too; whether anything was known of it.

        Raises:
            HistoryError: it could not be written.
        """
        return self.path.exists() and self._mending(lambda: self._forget(address))

    def _forget(self, address: Address) -> bool:
        with self._open(write=True) as db:
            known = db.execute("DELETE FROM site WHERE url = ?", (address.url,)).rowcount > 0
        if known:
            with self._open() as db:
                db.execute("VACUUM")  # deleted rows stay readable in free pages and in the log
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return known

    @contextlib.contextmanager
    def _open(self, *, write: bool = False) -> Iterator[sqlite3.Connection]:
        """A connection; with `write` in one transaction.

        Raises:
            HistoryError: whatever SQLite or the disk says.
            Damaged: the file is damaged.
        """
        inode = None
        try:
            if write and not self.path.exists():
                _create(self.path)
            inode = self.path.stat().st_ino
            with contextlib.closing(self._connected()) as db:
                _check(db)
                if not write:
                    yield db
                    return
                db.execute("BEGIN IMMEDIATE")
                with db:
                    yield db
        except sqlite3.DatabaseError as error:
            raise self._explained(error, inode) from None
        except UnicodeDecodeError:  # Python decodes what SQLite says, and quotes of a damaged schema
            raise Damaged("its schema is not text", inode) from None
        except OSError as error:
            raise HistoryError(f"history in {self.path.parent} is not usable: {error.strerror or error}") from None

    def _connected(self) -> sqlite3.Connection:
        """A connection in which every statement is a transaction of its own until one is begun."""
        uri = self.path.absolute().as_uri()
        readable_only = not os.access(self.path.parent, os.W_OK) or not os.access(self.path, os.W_OK)
        # Without a place for its shared memory, SQLite reads a file in WAL mode only if told that nobody writes.
        mode = "mode=ro&immutable=1" if readable_only else "mode=rw"
        db = sqlite3.connect(f"{uri}?{mode}", uri=True, timeout=PATIENCE, isolation_level=None)
        # In WAL mode a killed program loses nothing with NORMAL; a power cut may take the last looks (sqlite.org/wal).
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute(f"PRAGMA cache_size = -{CACHE}")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("PRAGMA cell_size_check = ON")
        return db

    def _explained(self, error: sqlite3.DatabaseError, inode: int | None) -> HistoryError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB} or isinstance(error, _Foreign) or not code:
            return Damaged(str(error), inode)
        why = {
            sqlite3.SQLITE_FULL: "the disk is full",
            sqlite3.SQLITE_READONLY: "its folder cannot be written",
            sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
            sqlite3.SQLITE_BUSY: f"other programs have been writing for {PATIENCE:g} s",
            sqlite3.SQLITE_IOERR: "the disk reports an error",
        }.get(code, str(error))
        return HistoryError(f"the history in {self.path} is not usable: {why}")

    def _mending(self, use: Callable[[], T]) -> T:
        """Return what a use of the file gives; if it is damaged, once more with what could be saved of it.

        Raises:
            HistoryError: nothing could be saved.
        """
        inode = self.inode  # by the time damage is found, another program may have begun a new file
        try:
            return use()
        except Damaged as damage:
            self.mend(str(damage), damage.inode)
        except (WireError, AddressError) as error:
            self.mend(str(error), inode)
        try:
            return use()
        except (Damaged, WireError, AddressError) as error:
            raise HistoryError(f"the history in {self.path} is damaged ({error})") from None

    def mend(self, why: str, inode: int | None) -> None:
        """Set a damaged file aside, and begin a new one with what can be read of it; `mended` then says what is lost.

        Raises:
            HistoryError: nothing can be read of it, or it could not be set aside.
        """
        began = f"the history in {self.path} is damaged ({why}); "
        try:
            aside = self._aside(inode)
        except OSError as error:
            raise HistoryError(f"{began}it could not be set aside: {error.strerror or error}") from None
        if aside is None:
            self.mended = f"{began}another drtui has set it aside"
            return
        began += f"it was set aside as {aside.name}, and "
        try:
            saved = self._salvaged(aside)
        except (sqlite3.Error, OSError) as error:
            raise HistoryError(f"{began}a new one is begun, as nothing could be copied: {error}") from None
        if not saved.records and not saved.looks:
            raise HistoryError(f"{began}a new one is begun")
        self.mended = f"{began}a new one holds {saved}"

    def _salvaged(self, aside: Path) -> "Saved":
        """Put a new file in place with what can be read of the damaged one; return what that is.

        Raises:
            sqlite3.Error, OSError: it cannot be written.
        """
        from drtui.storage.history_recovery import salvage  # noqa: PLC0415 - seldom needed

        with _new_file(self.path.parent) as made:
            with contextlib.closing(sqlite3.connect(made, isolation_level=None)) as db:
                db.execute("PRAGMA foreign_keys = ON")
                db.execute("BEGIN")
                saved = salvage(aside, db, lambda fresh: fresh.executescript(TABLES))
                db.execute("COMMIT")
            if saved.records or saved.looks:
                try:
                    os.link(made, self.path)
                except FileExistsError:  # another program has begun a new one meanwhile
                    self._merge(made)
        return saved

    def _merge(self, made: Path) -> None:
        """Add all that the file `made` holds."""
        other = History(made.parent)
        other.path = made
        for held in other.sites():
            archive = other.load(held.address, every_look=True)
            if archive is not None:
                self._add(archive, LAST, None)

    def _aside(self, inode: int | None) -> Path | None:
        """Move a damaged file out of the way, with `inode` only if it is still that file; None if it is another one.

        Raises:
            OSError: it cannot be moved.
        """
        if inode is not None and self.inode != inode:
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
    """A file that is damaged, or that is none of ours, and the inode that it had."""

    def __init__(self, why: str, inode: int | None) -> None:
        self.inode = inode
        super().__init__(why)


class _Foreign(sqlite3.DatabaseError):
    """A database of another program."""


def _check(db: sqlite3.Connection) -> None:
    """Refuse what is not a history of this layout."""
    (kind,), (layout,) = (db.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version"))
    if kind != KIND:
        raise _Foreign("it is a database of another program")
    if layout > LAYOUT:
        raise HistoryError("the history was made by a newer drtui and is left alone; this one goes on without it")


def _create(path: Path) -> None:
    """Make an empty history, whole or not at all: it is made beside its place and linked there."""
    with _new_file(private_folder(path.parent)) as made, contextlib.suppress(FileExistsError):
        os.link(made, path)


@contextlib.contextmanager
def _new_file(folder: Path) -> Iterator[Path]:
    """Make an empty history under a name of its own, which goes when the block ends.

    Switching a database to WAL under the eyes of others would tell them that it is locked.
    """
    import tempfile  # noqa: PLC0415 - once in the life of a history

    handle, name = tempfile.mkstemp(prefix=".history-", dir=folder)  # 0600
    os.close(handle)
    made = Path(name)
    try:
        with contextlib.closing(sqlite3.connect(made)) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(TABLES)
        yield made
    finally:
        made.unlink()


def _newest(db: sqlite3.Connection, site: int) -> int:
    """Return the latest moment that is known of a site, epoch ms: no backup was seen later than its list was read."""
    (newest,) = db.execute(NEWEST, {"site": site}).fetchone()
    return newest or 0


def _bring_down(db: sqlite3.Connection, site: int, address: Address, now: int, before: int | None) -> None:
    """Bring what is known of a site later than `now` down, to precede `before`; both epoch ms."""
    if _newest(db, site) <= now:
        return
    known = _loaded(db, site, address, every_look=True, gone=False)
    for statement in CLEAR:
        db.execute(statement, {"site": site})
    _put(db, site, without_future_times(known, now, before))


def _put(db: sqlite3.Connection, site: int, archive: Archive) -> None:
    """Write an archive over what is there: what is newer counts."""
    db.executemany(
        PUT_ANSWER,
        [{"site": site, "name": name, "at": kept.at, "body": kept.answer} for name, kept in archive.answers.items()],
    )
    db.executemany(PUT_LIST, [{"site": site, "store": store, "at": at} for store, at in archive.lists.items()])
    # Written one at a time: all records together may be more than there is room for.
    db.executemany(
        PUT_RECORD,
        ({**_row(site, seen), "first": seen.first_seen, "gone": seen.missing_since} for seen in archive.records),
    )
    db.executemany(PUT_BODY, ({**_row(site, seen), "body": record_json(seen.backup)} for seen in archive.records))
    looks: Iterable[SavedRefresh] = archive.refreshes
    db.executemany(PUT_LOOK, [{"site": site, "id": each.id, "at": each.at, "outcome": each.outcome} for each in looks])


def _row(site: int, seen: SeenBackup) -> dict[str, object]:
    """What a record is found by, and when it was last seen."""
    of = seen.backup
    return {
        "site": site,
        "store": of.store,
        "name": of.name,
        "start": seen.start,
        "copy": seen.copy,
        "last": seen.last_seen,
    }


def _loaded(db: sqlite3.Connection, site: int, address: Address, *, every_look: bool, gone: bool) -> Archive:
    if not db.in_transaction:
        db.execute("BEGIN")  # one state of the file, whatever others write meanwhile
    answers = db.execute("SELECT name, at, body FROM answer WHERE site = ?", (site,))
    lists = db.execute("SELECT store, at FROM list WHERE site = ?", (site,))
    records = db.execute(
        "SELECT store, json, copy, first, last, gone FROM record JOIN body ON record = id "
        "WHERE site = ? AND (gone IS NOT NULL OR NOT ?) ORDER BY id",
        (site, gone),
    )
    reader = functools.cache(functools.partial(BackupDecoder, saved=True))
    looks = db.execute(ALL_LOOKS if every_look else DAILY_LOOKS, {"site": site, "day": DAY})
    return Archive(
        address,
        {name: SavedResponse(at, body) for name, at, body in answers},
        dict(lists.fetchall()),
        tuple(SeenBackup(backups.decode_saved_record(body, reader(store)), *seen) for store, body, *seen in records),
        tuple(SavedRefresh(*row) for row in looks),
    )


def _held(db: sqlite3.Connection, site: int, address: Address, now: int) -> StoredSite:
    (looks,) = db.execute("SELECT count(*) FROM look WHERE site = ?", (site,)).fetchone()
    (newest,) = db.execute("SELECT max(at) FROM list WHERE site = ?", (site,)).fetchone()
    here, gone, size = db.execute(
        "SELECT coalesce(sum(gone IS NULL), 0), coalesce(sum(gone IS NOT NULL), 0), coalesce(sum(length(json)), 0) "
        "FROM record JOIN body ON record = id WHERE site = ?",
        (site,),
    ).fetchone()
    (answers,) = db.execute("SELECT coalesce(sum(length(body)), 0) FROM answer WHERE site = ?", (site,)).fetchone()
    return StoredSite(address, looks, here, gone, newest and min(newest, now), size + answers)
