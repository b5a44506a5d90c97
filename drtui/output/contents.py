"""Where something is, as rows: the things that were found, and the restore points that hold them."""

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
from drtui.core.listing.csv_values import Cell, csv_retention, csv_seconds_left, csv_time, csv_word
from drtui.core.model.backup import NEVER
from drtui.core.summary.labels import expiry_text, level_label
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.assessment import deleted_object
from drtui.output.formats import Row, Table, as_table, moment_object

MAX_FULL_ITEMS = 3
"""Up to so many things are told in full, with every restore point that holds them; of more there is a list."""

ITEM_COLUMNS = (
    "NAME", "FORMER NAMES", "KIND", "ID", "STATE", "RESTORE POINT COUNT", "RESTORE POINT TOTAL", "USABLE", "FIRST",
    "LAST", "LAST USABLE", "LAST USABLE EXPIRES", "NOTE",
)  # fmt: skip
"""What a spreadsheet has of each thing."""

POINT_COLUMNS = ("RESTORE POINT", "STORE", "VERDICT", "STARTED", "EXPIRES", "UNTIL")
"""What is said of each restore point that holds it."""


def contents_table(entries: Sequence[Item], index: ContentIndex, view: DisplayContext) -> str:
    """The answer for people."""
    if len(entries) > MAX_FULL_ITEMS or not entries:
        return as_table(items_table(entries, index, view))
    return "\n".join(_item_text(entry, index, view) for entry in entries)


def _item_text(content: Item, index: ContentIndex, view: DisplayContext) -> str:
    """One thing in sentences, then the restore points that hold it, newest first."""
    sentences = "".join(f"{sentence.text}\n" for sentence in describe_item(content, index, view))
    rows = [_point_cells(point, view) for point in index.holders(content)]
    return f"{sentences}\n{as_table(Table('', POINT_COLUMNS, rows, []))}" if rows else sentences


def items_table(entries: Sequence[Item], index: ContentIndex, view: DisplayContext) -> Table:
    """What was found, a row each; for machines with every restore point that holds it."""
    columns = ("NAME", "KIND", "STATE", "IN", "USABLE", "FIRST", "LAST", "LAST USABLE EXPIRES", "NOTE")
    texts = [
        (
            item_label(entry, index),
            KIND_WORDS[entry.kind],
            item_state(entry, view)[0],
            f"{entry.holder_count} of {len(index.points)}",
            str(entry.usable_count),
            format_full(entry.first_seen, view.zone),
            format_full(entry.last_seen, view.zone),
            last_expiry_text(entry, index, view)[0],
            item_warning(entry, index, view),
        )
        for entry in entries
    ]
    # Thousands of things may be in the same restore points: each of these is made once.
    holders = [_point_object(point, view) for point in index.points] if entries else []
    return Table("items", columns, texts, [_object(entry, index, view, holders) for entry in entries])


def item_points_table(entries: Sequence[Item], index: ContentIndex, view: DisplayContext) -> Table:
    """Each restore point that holds one of these things, beside what is said of the thing: for spreadsheets."""
    nobody = ("-",) * len(POINT_COLUMNS)
    texts = [
        (*_item_cells(entry, index, view), *(_point_cells(point, view) if point else nobody))
        for entry in entries
        for point in index.holders(entry) or (None,)
    ]
    cells = (
        (*_item_values(entry, index, view), *(_point_values(point, view) if point else (None,) * len(POINT_COLUMNS)))
        for entry in entries
        for point in index.holders(entry) or (None,)
    )
    return Table("items", (*ITEM_COLUMNS, *POINT_COLUMNS), texts, [], cells=cells)


def _item_values(content: Item, index: ContentIndex, view: DisplayContext) -> tuple[Cell, ...]:
    keeper = content.last_to_expire
    return (
        content.name,
        ", ".join(content.names[1:]) or None,
        content.kind,
        content.identity or None,
        csv_word(content.presence.value),
        content.holder_count,
        len(index.points),
        content.usable_count,
        csv_time(content.first_seen, view.zone),
        csv_time(content.last_seen, view.zone),
        keeper.backup.name if keeper else None,
        csv_retention(keeper.backup.retention, view.zone) if keeper else None,
        item_warning(content, index, view) or None,
    )


def _point_values(point: RestorePoint, view: DisplayContext) -> tuple[Cell, ...]:
    backup = point.backup
    return (
        backup.name,
        backup.store,
        csv_word(level_label(point.verdict.level).word),
        csv_time(backup.start, view.zone),
        csv_seconds_left(backup.retention, view.now),
        csv_retention(backup.retention, view.zone),
    )


def _item_cells(content: Item, index: ContentIndex, view: DisplayContext) -> tuple[str, ...]:
    keeper = content.last_to_expire
    return (
        content.name,
        ", ".join(content.names[1:]),
        content.kind,
        content.identity,
        content.presence.value,
        str(content.holder_count),
        str(len(index.points)),
        str(content.usable_count),
        format_full(content.first_seen, view.zone),
        format_full(content.last_seen, view.zone),
        keeper.backup.name if keeper else "-",
        (_expiry_text(keeper, view) if keeper else last_expiry_text(content, index, view)[0]),
        item_warning(content, index, view),
    )


def _point_cells(point: RestorePoint, view: DisplayContext) -> tuple[str, ...]:
    return (
        point.backup.name,
        point.backup.store,
        level_label(point.verdict.level).text(plain=view.plain),
        format_full(point.backup.start, view.zone),
        expiry_text(point.backup, view.now),
        _expiry_text(point, view),
    )


def _expiry_text(point: RestorePoint, view: DisplayContext) -> str:
    """When it may be cleaned up: a moment, or a word."""
    end = point.backup.retention
    return "unknown" if end is None else "never" if end == NEVER else format_full(end, view.zone)


def _object(content: Item, index: ContentIndex, view: DisplayContext, holders: Sequence[Row]) -> Row:
    keeper = content.last_to_expire
    return {
        "kind": content.kind,
        "id": content.identity,
        "names": list(content.names),
        "state": content.presence.value,
        "restore_point_count": content.holder_count,
        "restore_point_total": len(index.points),
        "usable": content.usable_count,
        "first": moment_object(content.first_seen, view.zone),
        "last": moment_object(content.last_seen, view.zone),
        "last_usable": {"name": keeper.backup.name, "store": keeper.backup.store} if keeper else None,
        "last_usable_expires": _expires(keeper, view) if keeper else None,
        "note": item_warning(content, index, view),
        "restore_points": [holders[at] for at in iter_backwards(content.ranges)],
        "deleted_restore_points": [deleted_object(deleted, view) for deleted in index.deleted_holders(content)],
    }


def _point_object(point: RestorePoint, view: DisplayContext) -> Row:
    return {
        "name": point.backup.name,
        "store": point.backup.store,
        "verdict": level_label(point.verdict.level).word,
        "started": moment_object(point.backup.start, view.zone),
        "expires": _expires(point, view),
    }


def _expires(point: RestorePoint, view: DisplayContext) -> Row | str:
    """When it may be cleaned up, for machines."""
    end = point.backup.retention
    return "never" if end == NEVER else moment_object(end, view.zone) or "unknown"
