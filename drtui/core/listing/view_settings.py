"""The view settings of a site that drtui saves between runs. The filter is never saved."""

import msgspec
from msgspec import Struct

from drtui.core.formatting.text import sanitize
from drtui.core.listing.catalog import SORT_KEYS, Order
from drtui.core.listing.columns import DEFAULT_SCREEN_COLUMNS, normalize_columns
from drtui.core.listing.grouping import Grouping

VERSION = 1
"""Version of the file format; a file with a higher version was written by a newer drtui and is not changed."""

FORMER_COLUMNS = ("name", "verdict", "age", "started", "expires", "store", "took", "kind", "release")
"""Default columns before 1.0. A file with them was saved because something else was chosen."""

MAX_FILE_BYTES = 1 << 14
"""Maximum size of the file in bytes; drtui never writes a larger file."""


class ViewSettings(Struct, frozen=True):
    """The order, columns, grouping, time zone and store of the list."""

    order: Order = Order()
    columns: tuple[str, ...] = DEFAULT_SCREEN_COLUMNS
    grouping: Grouping = Grouping.NONE
    utc: bool = False
    """True if times are shown in UTC, although the person's zone is another."""
    store: str | None = None
    """The only store to list; None for all stores."""


class _File(Struct):
    """The content of the file."""

    version: int
    site: str
    """Address of the site, because the name of the file does not show it."""
    sort: str
    descending: bool
    columns: list[str]
    group: str
    utc: bool
    store: str | None


def to_json(site: str, settings: ViewSettings) -> bytes:
    """Return the content of the file for the view settings of a site."""
    file = _File(
        version=VERSION,
        site=site,
        sort=settings.order.key,
        descending=settings.order.is_descending,
        columns=list(settings.columns),
        group=settings.grouping.value,
        utc=settings.utc,
        store=settings.store,
    )
    return msgspec.json.encode(file) + b"\n"


def from_json(body: bytes) -> ViewSettings | None:
    """Return the view settings in a file; None if the file is damaged or newer. Unknown values become defaults."""
    try:
        file = msgspec.json.decode(body, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if file.version > VERSION:
        return None
    return ViewSettings(
        Order(file.sort, file.descending) if file.sort in SORT_KEYS else Order(),
        DEFAULT_SCREEN_COLUMNS if tuple(file.columns) == FORMER_COLUMNS else normalize_columns(file.columns),
        Grouping(file.group) if file.group in {grouping.value for grouping in Grouping} else Grouping.NONE,
        file.utc,
        None if file.store is None else sanitize(file.store),
    )


def is_newer(body: bytes) -> bool:
    """Return True if the file was written by a newer drtui."""
    try:
        return msgspec.json.decode(body, type=_Versioned).version > VERSION
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


class _Versioned(Struct):
    version: int
