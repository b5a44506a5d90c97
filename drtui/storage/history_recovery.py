"""Copy what can still be read of a damaged history into a new one, table by table, around the damaged pages."""

# ruff: noqa: S608 - the names of tables and columns in these statements are our own

import contextlib
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from drtui.core.formatting.text import plural
from drtui.core.model.address import Address, AddressError
from drtui.core.wire import backups, responses
from drtui.core.wire.backup_schema import BackupDecoder
from drtui.core.wire.history_archive import ANSWERS
from drtui.core.wire.lenient import WireError
from drtui.storage import sqlite_pages

MOST_TRIES = 100_000
"""Statements with which one table is read: more damage than that is not worked around."""

Row = tuple[Any, ...]
"""Of a damaged table: numbers, and texts as bytes."""


class Saved(NamedTuple):
    """The rows that were copied, and the number that the damaged history is known to have held."""

    records: int
    of_records: int
    looks: int
    of_looks: int

    def __str__(self) -> str:
        """`388 of 400 restore points and 97 of 97 looks`."""
        records = f"{self.records:,} of {plural(self.of_records, 'restore point', 'restore points')}"
        return f"{records} and {self.looks:,} of {plural(self.of_looks, 'look', 'looks')}"


def salvage(damaged: Path, into: sqlite3.Connection, make: Callable[[sqlite3.Connection], object]) -> Saved:
    """Copy every readable row of a damaged history into an empty one.

    Args:
        damaged: the file, out of the way of every other program.
        into: the new history, within a transaction.
        make: makes the tables of an empty history: its schema serves where that of the file is what is damaged.

    Raises:
        sqlite3.Error: the new one cannot be written.
        OSError: the damaged one cannot be read at all.
    """
    saved = Saved(0, 0, 0, 0)
    for source in _opened(damaged, make):
        with contextlib.closing(source):
            source.execute("PRAGMA trusted_schema = OFF")
            source.execute("PRAGMA cell_size_check = ON")
            source.text_factory = bytes
            saved = _copied(source, into, damaged)
        if saved.records or saved.looks:
            break
    return saved


def _opened(damaged: Path, make: Callable[[sqlite3.Connection], object]) -> Iterator[sqlite3.Connection]:
    """Open a damaged file in each way in which it may be read: with its log, without it, with a new schema."""
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
        make(fresh)
        first = fresh.serialize()[: fresh.execute("PRAGMA page_size").fetchone()[0]]
    # Unless a site was forgotten, a history has its tables on the same pages as every new one.
    body, pages = damaged.read_bytes(), damaged.stat().st_size // len(first)
    if pages > 1:
        grafted = sqlite3.connect(":memory:", isolation_level=None)
        grafted.deserialize(first[:28] + pages.to_bytes(4, "big") + first[32:] + body[len(first) : pages * len(first)])
        yield grafted


def _copied(source: sqlite3.Connection, into: sqlite3.Connection, damaged: Path) -> Saved:
    """Copy row by row; what is not as it was written is left out."""
    sites = _copy_sites(source, into)
    records, of_records, stores = _copy_records(source, into, damaged)
    for site in sites:
        for name, at, body in _of_site(source, "name, at, body", "answer", "name", site, ANSWERS):
            with contextlib.suppress(WireError, KeyError, UnicodeDecodeError):
                ANSWERS[name.decode()](responses.parse_document(body))
                _put(into, "answer", (site, name.decode(), at, body))
        for store, at in _of_site(source, "store, at", "list", "store", site, stores):
            with contextlib.suppress(UnicodeDecodeError):
                _put(into, "list", (site, store.decode(), at))
    return Saved(records, of_records, *_copy_looks(source, into, sites))


def _copy_sites(source: sqlite3.Connection, into: sqlite3.Connection) -> list[int]:
    """Copy the sites, from the table and from the index of their addresses; return their ids."""
    sites = []
    rows = [*_from_both_ends(source, "SELECT id, url FROM site INDEXED BY sqlite_autoindex_site_1", ("url",))]
    for site, url in (*rows, *_from_both_ends(source, "SELECT id, url FROM site", ("id",))):
        with contextlib.suppress(AddressError, UnicodeDecodeError, AttributeError):
            address = Address.parse(url.decode(), allow_http=True).url
            if address == url.decode() and _put(into, "site", (site, address)):
                sites.append(site)
    return sites


def _copy_records(source: sqlite3.Connection, into: sqlite3.Connection, damaged: Path) -> tuple[int, int, set[str]]:
    """Copy the backups; return how many are whole, how many there were, and the stores that they are in."""
    keys = ("site", "store", "name", "start", "copy")
    indexed = "SELECT id FROM record INDEXED BY sqlite_autoindex_record_1"
    known = {identity for (identity,) in _from_both_ends(source, indexed, keys)}
    for select, key in (("SELECT id FROM record NOT INDEXED", "id"), ("SELECT record FROM body", "record")):
        known.update(identity for (identity,) in _from_both_ends(source, select, (key,)))
    last = max(known, default=0)
    stores: dict[int, str] = {}

    def put_record(identity: int, site: object, store: bytes, name: bytes, *rest: object) -> None:
        with contextlib.suppress(UnicodeDecodeError, AttributeError):
            if _put(into, "record", (identity, site, store.decode(), name.decode(), *rest)):
                stores[identity] = store.decode()

    columns = "id, site, store, name, start, copy, first, last, gone"
    for row in _by_number(source, columns, "record", "id", last):
        put_record(*row)
    for identity, values in _beyond(damaged, 9, known - stores.keys()):
        put_record(identity, *values[1:])
    readers = {store: BackupDecoder(store) for store in set(stores.values())}
    whole: set[int] = set()

    def put_body(identity: int, body: bytes) -> None:
        with contextlib.suppress(WireError, KeyError, TypeError):
            backups.decode_saved_record(body, readers[stores[identity]])
            if _put(into, "body", (identity, body)):
                whole.add(identity)

    for row in _by_number(source, "record, json", "body", "record", last):
        put_body(*row)
    for identity, values in _beyond(damaged, 2, stores.keys() - whole):
        put_body(identity, values[1])
    return len(whole), len(known | stores.keys()), set(stores.values())


def _beyond(damaged: Path, columns: int, missing: Collection[int]) -> Iterator[tuple[int, Row]]:
    """Return the rows of so many columns that are `missing`: the pages that lead to them may be what is damaged."""
    if missing:
        for identity, values in sqlite_pages.leaf_rows(damaged.read_bytes()):
            if identity in missing and len(values) == columns and values[0] is None:
                yield identity, values


def _copy_looks(source: sqlite3.Connection, into: sqlite3.Connection, sites: list[int]) -> tuple[int, int]:
    """Copy the looks; return how many were copied, and how many there were."""
    copied, known = 0, set()
    for site in sites:
        indexed = f"SELECT id FROM look INDEXED BY look_at WHERE site = {site}"
        names = {name for (name,) in _from_both_ends(source, indexed, ("at", "id"))}
        for name, at, outcome in _of_site(
            source, "id, at, outcome", "look", "id", site, [_text(each) for each in names]
        ):
            names.add(name)
            with contextlib.suppress(UnicodeDecodeError, AttributeError):
                copied += _put(into, "look", (site, name.decode(), at, outcome.decode()))
        known |= {(site, name) for name in names}
    return copied, len(known)


def _text(name: object) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else ""


def _of_site(
    source: sqlite3.Connection, columns: str, table: str, key: str, site: int, names: Iterable[str]
) -> Iterator[Row]:
    """Return the rows of a site: from both ends of the table, then each of `names` that lies between damaged pages."""
    select = f"SELECT {columns} FROM {table} WHERE site = {site}"
    found = set()
    for row in _from_both_ends(source, select, (key,)):
        if row[0] not in found:
            found.add(row[0])
            yield row
    for name in names:
        if name.encode() not in found:
            yield from _rows(source, f"{select} AND {key} = ?", (name,))


def _from_both_ends(source: sqlite3.Connection, select: str, keys: tuple[str, ...]) -> Iterator[Row]:
    """Return the rows up to the first damaged page and, if there is one, from the last one on."""
    failed: list[Exception] = []
    yield from _rows(source, f"{select} ORDER BY {', '.join(keys)}", (), failed)
    if failed:
        yield from _rows(source, f"{select} ORDER BY {', '.join(f'{key} DESC' for key in keys)}", ())


def _by_number(source: sqlite3.Connection, columns: str, table: str, key: str, last: int) -> Iterator[Row]:
    """Return the rows of a table whose keys are numbers up to `last`, around all of its damaged pages."""
    select = f"SELECT {columns} FROM {table} WHERE {key} BETWEEN ? AND ? ORDER BY {key}"
    ranges = [(1, last)]
    for _ in range(MOST_TRIES):
        if not ranges:
            return
        low, high = ranges.pop()
        failed: list[Exception] = []
        for row in _rows(source, select, (low, high), failed):
            low = row[0] + 1
            yield row
        if failed and low < high:
            middle = (low + high) // 2
            ranges += [(middle + 1, high), (low, middle)]


def _rows(source: sqlite3.Connection, select: str, values: Row, failed: list[Exception] | None = None) -> Iterator[Row]:
    """Return what a statement gives until it comes to a damaged page, which is noted in `failed`."""
    try:
        yield from source.execute(select, values)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # SQLite's own words may quote what is damaged
        if failed is not None:
            failed.append(error)


def _put(into: sqlite3.Connection, table: str, row: Row) -> bool:
    """Write a row, unless it is there or cannot be one; True if it was written."""
    try:
        return into.execute(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(row))})", row).rowcount > 0
    except sqlite3.IntegrityError:
        return False
