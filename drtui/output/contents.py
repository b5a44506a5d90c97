"""Items of restore points and the restore points that contain them, as tables and JSON."""

from collections.abc import Sequence

from drtui.core.contents.describe import (
    KIND_WORDS,
    describe_item,
    item_label,
    item_state,
    item_warning,
    last_expiry_text,
)
from drtui.core.contents.index import ContentIndex, Item, iter_backwards
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import format_full
from drtui.core.listing.columns import COLUMNS_BY_KEY
from drtui.core.listing.csv_values import Cell, csv_retention, csv_time, csv_word
from drtui.core.summary.labels import level_label
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.assessment import deleted_object
from drtui.output.formats import Row, Table, as_table, moment_object, retention_object
from drtui.output.restore_points import restore_points_table

MAX_FULL_ITEMS = 3
"""The largest number of items that are printed with all their restore points; more are printed as a list."""

ITEM_COLUMNS = (
    "NAME", "FORMER NAMES", "KIND", "ID", "STATE", "RESTORE POINT COUNT", "RESTORE POINT TOTAL", "USABLE", "FIRST",
    "LAST", "LAST USABLE", "LAST USABLE EXPIRES", "NOTE",
)  # fmt: skip
"""The CSV columns about an item."""

POINT_KEYS = ("name", "store", "verdict", "started", "expires", "until")
"""The columns about a restore point that contains the item, by their names in lists of restore points."""

POINT_COLUMNS = ("RESTORE POINT", *map(str.upper, POINT_KEYS[1:]))
"""The headings of these columns."""


def contents_table(items: Sequence[Item], index: ContentIndex, view: DisplayContext) -> str:
    """Return the items as text."""
    if len(items) > MAX_FULL_ITEMS or not items:
        return as_table(items_table(items, index, view))
    return "\n".join(_item_text(item, index, view) for item in items)


def _item_text(item: Item, index: ContentIndex, view: DisplayContext) -> str:
    """Return an item in sentences, then the restore points that contain it, newest first."""
    sentences = "".join(f"{sentence.text}\n" for sentence in describe_item(item, index, view))
    holders = restore_points_table(index.holders(item), view, POINT_KEYS)._replace(columns=POINT_COLUMNS)
    return f"{sentences}\n{as_table(holders)}" if holders.texts else sentences


def items_table(items: Sequence[Item], index: ContentIndex, view: DisplayContext) -> Table:
    """Return the items, one row each; JSON objects also list the restore points that contain an item."""
    columns = ("NAME", "KIND", "STATE", "IN", "USABLE", "FIRST", "LAST", "LAST USABLE EXPIRES", "NOTE")
    texts = [
        (
            item_label(item, index),
            KIND_WORDS[item.kind],
            item_state(item, view)[0],
            f"{item.holder_count} of {len(index.points)}",
            str(item.usable_count),
            format_full(item.first_seen, view.zone),
            format_full(item.last_seen, view.zone),
            last_expiry_text(item, index, view)[0],
            item_warning(item, index, view),
        )
        for item in items
    ]
    # Thousands of items can share restore points: make each object once.
    holders = [_point_object(point, view) for point in index.points] if items else []
    return Table("items", columns, texts, [_object(item, index, view, holders) for item in items])


def item_points_table(items: Sequence[Item], index: ContentIndex, view: DisplayContext) -> Table:
    """Return CSV with one row for each pair of an item and a restore point that contains it, for spreadsheets."""
    fields = [COLUMNS_BY_KEY[key] for key in POINT_KEYS]
    cells = (
        (*_item_values(item, index, view), *(field.value(point, view) if point else None for field in fields))
        for item in items
        for point in index.holders(item) or (None,)
    )
    return Table("items", (*ITEM_COLUMNS, *POINT_COLUMNS), [], [], cells=cells)


def _item_values(item: Item, index: ContentIndex, view: DisplayContext) -> tuple[Cell, ...]:
    keeper = item.last_to_expire
    return (
        item.name,
        ", ".join(item.names[1:]) or None,
        item.kind,
        item.identity or None,
        csv_word(item.presence.value),
        item.holder_count,
        len(index.points),
        item.usable_count,
        csv_time(item.first_seen, view.zone),
        csv_time(item.last_seen, view.zone),
        keeper.backup.name if keeper else None,
        csv_retention(keeper.backup.retention, view.zone) if keeper else None,
        item_warning(item, index, view) or None,
    )


def _object(item: Item, index: ContentIndex, view: DisplayContext, point_objects: Sequence[Row]) -> Row:
    keeper = item.last_to_expire
    return {
        "kind": item.kind,
        "id": item.identity,
        "names": list(item.names),
        "state": item.presence.value,
        "restore_point_count": item.holder_count,
        "restore_point_total": len(index.points),
        "usable": item.usable_count,
        "first": moment_object(item.first_seen, view.zone),
        "last": moment_object(item.last_seen, view.zone),
        "last_usable": {"name": keeper.backup.name, "store": keeper.backup.store} if keeper else None,
        "last_usable_expires": retention_object(keeper.backup.retention, view.zone) or "unknown" if keeper else None,
        "note": item_warning(item, index, view),
        "restore_points": [point_objects[at] for at in iter_backwards(item.ranges)],
        "deleted_restore_points": [deleted_object(deleted, view) for deleted in index.deleted_holders(item)],
    }


def _point_object(point: RestorePoint, view: DisplayContext) -> Row:
    return {
        "name": point.backup.name,
        "store": point.backup.store,
        "verdict": level_label(point.verdict.level).word,
        "started": moment_object(point.backup.start, view.zone),
        "expires": retention_object(point.backup.retention, view.zone) or "unknown",
    }
