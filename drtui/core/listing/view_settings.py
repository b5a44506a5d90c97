"""How a person looks at the list of a site: what is remembered from one run to the next. Never the filter."""

import msgspec
from msgspec import Struct

from drtui.core.formatting.text import sanitize
from drtui.core.listing.catalog import SORT_KEYS, Order
from drtui.core.listing.columns import DEFAULT_SCREEN_COLUMNS, normalize_columns
from drtui.core.listing.grouping import Grouping

VERSION = 1
"""Of the file; one with a higher version was made by a newer drtui, and is left alone."""

MAX_FILE_BYTES = 1 << 14
"""Bytes of the file: of that many there is nothing that was written here."""


class ViewSettings(Struct, frozen=True):
    """Order, columns, groups, zone and store."""

    order: Order = Order()
    columns: tuple[str, ...] = DEFAULT_SCREEN_COLUMNS
    grouping: Grouping = Grouping.NONE
    utc: bool = False
    """Whether times are in UTC though the person's zone is another."""
    store: str | None = None
    """Only this store's restore points; None for all."""


class _File(Struct):
    """The same as it is written."""

    version: int
    site: str
    """Its address: what the file is called by tells nobody."""
    sort: str
    descending: bool
    columns: list[str]
    group: str
    utc: bool
    store: str | None


def to_json(site: str, arrangement: ViewSettings) -> bytes:
    """An arrangement as JSON."""
    order, columns = arrangement.order, list(arrangement.columns)
    store = arrangement.store
    found = _File(
        VERSION, site, order.key, order.descending, columns, arrangement.grouping.value, arrangement.utc, store
    )
    return msgspec.json.encode(found) + b"\n"


def from_json(body: bytes) -> ViewSettings | None:
    """The arrangement in a file; None if it is damaged. What this drtui does not know is as if it were not there."""
    try:
        found = msgspec.json.decode(body, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if found.version > VERSION:
        return None
    return ViewSettings(
        Order(found.sort, found.descending) if found.sort in SORT_KEYS else Order(),
        normalize_columns(found.columns),
        Grouping(found.group) if found.group in {each.value for each in Grouping} else Grouping.NONE,
        found.utc,
        None if found.store is None else sanitize(found.store),
    )


def is_newer(body: bytes) -> bool:
    """Whether a file was made by a newer drtui."""
    try:
        return msgspec.json.decode(body, type=_Versioned).version > VERSION
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


class _Versioned(Struct):
    version: int
