"""Recover readable rows of a damaged history into a new one, table by table, around the damaged pages."""

# ruff: noqa: S608 - names of tables and columns in these statements are constants

import contextlib
import functools
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from drtui.core.formatting.text import plural
from drtui.core.model.address import Address, AddressError
from drtui.core.wire import responses
from drtui.core.wire.backups import BackupDecoder
from drtui.core.wire.history_archive import ANSWERS
from drtui.core.wire.lenient import WireError
from drtui.storage import sqlite_pages
from drtui.storage.history_db import TABLES

MAX_STATEMENTS = 100_000
"""Limit of statements for reading one table; heavier damage is not worked around."""

Row = tuple[Any, ...]
"""A row of a damaged table."""


class RecoveredRows(NamedTuple):
    """Counts of recovered rows, and of rows that the damaged history is known to have contained."""

    records: int
    of_records: int
    refreshes: int
    of_refreshes: int
    notes: int = 0
    has_lost_notes: bool = False
    """True if the table of notes could not be read whole; how many it had is not known."""

    @property
    def is_empty(self) -> bool:
        """True if nothing was recovered."""
        return not (self.records or self.refreshes or self.notes)

    def __str__(self) -> str:
        """Return, for example, `388 of 400 restore points and 97 of 97 refreshes, with 3 notes`."""
        notes = f", with {plural(self.notes, 'note', 'notes')}" if self.notes else ""
        lost = f"; {'other notes' if self.notes else 'notes'} may be lost" if self.has_lost_notes else ""
        records = f"{self.records:,} of {plural(self.of_records, 'restore point', 'restore points')}"
        return f"{records} and {self.refreshes:,} of {plural(self.of_refreshes, 'refresh', 'refreshes')}{notes}{lost}"


def salvage(damaged: Path, into: sqlite3.Connection) -> RecoveredRows:
    """Copy every readable row of a damaged history into an empty one.

    Args:
        damaged: the file, out of reach of other programs.
        into: the new history, within a transaction.

    Raises:
        sqlite3.Error: the new history cannot be written.
        OSError: the damaged file cannot be read at all.
    """
    recovered, notes, has_lost_notes = RecoveredRows(0, 0, 0, 0), 0, False
    for source in _open_damaged(damaged):
        with contextlib.closing(source):
            source.execute("PRAGMA trusted_schema = OFF")
            source.execute("PRAGMA cell_size_check = ON")
            source.text_factory = sqlite_pages.decode_text
            recovered = _copy(source, into, damaged)
        notes, has_lost_notes = notes + recovered.notes, has_lost_notes or recovered.has_lost_notes
        if recovered.records or recovered.refreshes:
            break
    return recovered._replace(notes=notes, has_lost_notes=has_lost_notes)


def _open_damaged(damaged: Path) -> Iterator[sqlite3.Connection]:
    """Yield connections to a damaged file: with its log, without it, and with a new schema."""
    uri = damaged.absolute().as_uri()
    for mode in ("mode=ro", "mode=ro&immutable=1"):
        db = sqlite3.connect(f"{uri}?{mode}", uri=True, isolation_level=None)
        try:
            db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            db.close()
        else:
            yield db
    with contextlib.closing(sqlite3.connect(":memory:")) as fresh:
        fresh.executescript(TABLES)
        first = fresh.serialize()[: fresh.execute("PRAGMA page_size").fetchone()[0]]
    # Unless a site was deleted, the tables of a history are on the same pages as those of a new one.
    body, pages = damaged.read_bytes(), damaged.stat().st_size // len(first)
    if pages > 1:
        grafted = sqlite3.connect(":memory:", isolation_level=None)
        grafted.deserialize(first[:28] + pages.to_bytes(4, "big") + first[32:] + body[len(first) : pages * len(first)])
        yield grafted


def _copy(source: sqlite3.Connection, into: sqlite3.Connection, damaged: Path) -> RecoveredRows:
    """Copy row by row, and skip rows that are not as they were written."""
    sites = _copy_sites(source, into)
    records, of_records, stores = _copy_records(source, into, damaged)
    for site in sites:
        for name, at, body in _site_rows(source, "name, at, body", "answer", "name", site, ANSWERS):
            with contextlib.suppress(WireError, KeyError):
                ANSWERS[name](responses.parse_document(body))
                _insert(into, "answer", (site, name, at, body))
        for store, at in _site_rows(source, "store, at", "list", "store", site, stores):
            _insert(into, "list", (site, store, at))
    return RecoveredRows(records, of_records, *_copy_looks(source, into, sites), *_copy_notes(source, into, sites))


def _copy_sites(source: sqlite3.Connection, into: sqlite3.Connection) -> list[int]:
    """Copy the sites, from the table and from the index of their addresses; return their ids."""
    sites = []
    rows = [*_from_both_ends(source, "SELECT id, url FROM site INDEXED BY sqlite_autoindex_site_1", ("url",))]
    for site, url in (*rows, *_from_both_ends(source, "SELECT id, url FROM site", ("id",))):
        with contextlib.suppress(AddressError, AttributeError):
            if Address.parse(url, allow_http=True).url == url and _insert(into, "site", (site, url)):
                sites.append(site)
    return sites


def _copy_records(source: sqlite3.Connection, into: sqlite3.Connection, damaged: Path) -> tuple[int, int, set[str]]:
    """Copy the backups; return the number of complete ones, the number known, and their stores."""
    keys = ("site", "store", "name", "start", "copy")
    indexed = "SELECT id FROM record INDEXED BY sqlite_autoindex_record_1"
    ids = {identity for (identity,) in _from_both_ends(source, indexed, keys)}
    for select, key in (("SELECT id FROM record NOT INDEXED", "id"), ("SELECT record FROM body", "record")):
        ids.update(identity for (identity,) in _from_both_ends(source, select, (key,)))
    stores: dict[int, str] = {}
    columns = "id, site, store, name, start, copy, first, last, gone"
    for identity, site, store, *rest in _by_number(source, damaged, columns, "record", ids, stores):
        if _insert(into, "record", (identity, site, store, *rest)):
            stores[identity] = store  # noqa: PERF403 - `_by_number` reads it meanwhile
    reader, complete = functools.cache(BackupDecoder), set[int]()
    for identity, body in _by_number(source, damaged, "record, json", "body", stores, complete):
        with contextlib.suppress(WireError, KeyError, TypeError, AttributeError):
            reader(stores[identity]).decode_saved(body)
            if _insert(into, "body", (identity, body)):
                complete.add(identity)
    return len(complete), len(ids | stores.keys()), set(stores.values())


def _copy_looks(source: sqlite3.Connection, into: sqlite3.Connection, sites: list[int]) -> tuple[int, int]:
    """Copy the refreshes; return the number copied and the number known."""
    copied = known = 0
    for site in sites:
        indexed = f"SELECT id FROM look INDEXED BY look_at WHERE site = {site}"
        names = {name for (name,) in _from_both_ends(source, indexed, ("at", "id"))}
        for name, at, outcome in _site_rows(source, "id, at, outcome", "look", "id", site, tuple(names)):
            names.add(name)
            copied += _insert(into, "look", (site, name, at, outcome))
        known += len(names)
    return copied, known


def _copy_notes(source: sqlite3.Connection, into: sqlite3.Connection, sites: list[int]) -> tuple[int, bool]:
    """Copy the notes; return the number copied, and True if others may be lost."""
    if not source.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'note'").fetchone()[0]:
        return 0, False  # the file is of version 1
    copied, has_lost = 0, False
    for site in sites:
        select = f"SELECT id, store, name, start, at, user, text FROM note WHERE site = {site}"
        errors: list[Exception] = []
        for row in _from_both_ends(source, select, ("id",), errors):
            copied += _insert(into, "note", (site, *row))
        has_lost = has_lost or bool(errors)
    return copied, has_lost


def _site_rows(
    source: sqlite3.Connection, columns: str, table: str, key: str, site: int, names: Iterable[str]
) -> Iterator[Row]:
    """Yield the rows of a site: from both ends of the table, then each of `names` between damaged pages."""
    select = f"SELECT {columns} FROM {table} WHERE site = {site}"
    names_read = set()
    for row in _from_both_ends(source, select, (key,)):
        if row[0] not in names_read:
            names_read.add(row[0])
            yield row
    for name in names:
        if name not in names_read:
            yield from _rows(source, f"{select} AND {key} = ?", (name,))


def _from_both_ends(
    source: sqlite3.Connection, select: str, keys: tuple[str, ...], errors: list[Exception] | None = None
) -> Iterator[Row]:
    """Yield the rows up to the first damaged page and, if there is one, from the end back to the last damaged page.

    Damage is recorded in `errors`.
    """
    errors = [] if errors is None else errors
    yield from _rows(source, f"{select} ORDER BY {', '.join(keys)}", (), errors)
    if errors:
        yield from _rows(source, f"{select} ORDER BY {', '.join(f'{key} DESC' for key in keys)}", ())


def _by_number(
    source: sqlite3.Connection, damaged: Path, columns: str, table: str, ids: Collection[int], copied: Collection[int]
) -> Iterator[Row]:
    """Yield the rows of a table with numeric keys, around all of its damaged pages.

    Rows with one of `ids` that are not in `copied` then are searched without the index pages, which may be damaged.
    """
    key = columns.partition(",")[0]
    select = f"SELECT {columns} FROM {table} WHERE {key} BETWEEN ? AND ? ORDER BY {key}"
    ranges = [(1, max(ids, default=0))]
    for _ in range(MAX_STATEMENTS):
        if not ranges:
            break
        low, high = ranges.pop()
        errors: list[Exception] = []
        for row in _rows(source, select, (low, high), errors):
            low = row[0] + 1
            yield row
        if errors and low < high:
            middle = (low + high) // 2
            ranges += [(middle + 1, high), (low, middle)]
    if missing := {identity for identity in ids if identity not in copied}:
        for identity, values in sqlite_pages.leaf_rows(damaged.read_bytes()):
            if identity in missing and len(values) == columns.count(",") + 1 and values[0] is None:
                yield (identity, *values[1:])


def _rows(source: sqlite3.Connection, select: str, values: Row, errors: list[Exception] | None = None) -> Iterator[Row]:
    """Yield the rows of a statement up to a damaged page, which is recorded in `errors`."""
    try:
        yield from source.execute(select, values)
    except (sqlite3.DatabaseError, UnicodeError) as error:  # SQLite's messages may quote damaged text
        if errors is not None:
            errors.append(error)


def _insert(into: sqlite3.Connection, table: str, row: Row) -> bool:
    """Insert a row unless it exists or violates a constraint; return True if it was inserted."""
    try:
        return into.execute(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(row))})", row).rowcount > 0
    except (sqlite3.IntegrityError, UnicodeEncodeError):  # of text that is not UTF-8
        return False
