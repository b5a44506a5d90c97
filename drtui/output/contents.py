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

FEW = 3
"""Up to so many things are told in full, with every restore point that holds them; of more there is a list."""

THING = (
    "NAME", "FORMER NAMES", "KIND", "ID", "STATE", "RESTORE POINT COUNT", "RESTORE POINT TOTAL", "USABLE", "FIRST",
    "LAST", "LAST USABLE", "LAST USABLE EXPIRES", "NOTE",
)  # fmt: skip
"""What a spreadsheet has of each thing."""

HOLDER = ("RESTORE POINT", "STORE", "VERDICT", "STARTED", "EXPIRES", "UNTIL")
"""What is said of each restore point that holds it."""


def contents_table(entries: Sequence[Item], found: ContentIndex, view: DisplayContext) -> str:
    """The answer for people."""
    if len(entries) > FEW or not entries:
        return as_table(items_table(entries, found, view))
    return "\n".join(_answer(each, found, view) for each in entries)


def _answer(content: Item, found: ContentIndex, view: DisplayContext) -> str:
    """One thing in sentences, then the restore points that hold it, newest first."""
    said = "".join(f"{each.text}\n" for each in describe_item(content, found, view))
    held = [_held(each, view) for each in found.holders(content)]
    return f"{said}\n{as_table(Table('', HOLDER, held, []))}" if held else said


def items_table(entries: Sequence[Item], found: ContentIndex, view: DisplayContext) -> Table:
    """What was found, a row each; for machines with every restore point that holds it."""
    columns = ("NAME", "KIND", "STATE", "IN", "USABLE", "FIRST", "LAST", "LAST USABLE EXPIRES", "NOTE")
    texts = [
        (
            item_label(each, found),
            KIND_WORDS[each.kind],
            item_state(each, view)[0],
            f"{each.holder_count} of {len(found.points)}",
            str(each.usable_count),
            format_full(each.first_seen, view.zone),
            format_full(each.last_seen, view.zone),
            last_expiry_text(each, found, view)[0],
            item_warning(each, found, view),
        )
        for each in entries
    ]
    # Thousands of things may be in the same restore points: each of these is made once.
    holders = [_holder(each, view) for each in found.points] if entries else []
    return Table("items", columns, texts, [_object(each, found, view, holders) for each in entries])


def holders_table(entries: Sequence[Item], found: ContentIndex, view: DisplayContext) -> Table:
    """Each restore point that holds one of these things, beside what is said of the thing: for spreadsheets."""
    nobody = ("-",) * len(HOLDER)
    texts = [
        (*_thing(each, found, view), *(_held(point, view) if point else nobody))
        for each in entries
        for point in found.holders(each) or (None,)
    ]
    cells = (
        (*_thing_values(each, found, view), *(_holder_values(point, view) if point else (None,) * len(HOLDER)))
        for each in entries
        for point in found.holders(each) or (None,)
    )
    return Table("items", (*THING, *HOLDER), texts, [], cells=cells)


def _thing_values(content: Item, found: ContentIndex, view: DisplayContext) -> tuple[Cell, ...]:
    keeper = content.last_to_expire
    return (
        content.name,
        ", ".join(content.names[1:]) or None,
        content.kind,
        content.identity or None,
        csv_word(content.presence.value),
        content.holder_count,
        len(found.points),
        content.usable_count,
        csv_time(content.first_seen, view.zone),
        csv_time(content.last_seen, view.zone),
        keeper.backup.name if keeper else None,
        csv_retention(keeper.backup.retention, view.zone) if keeper else None,
        item_warning(content, found, view) or None,
    )


def _holder_values(point: RestorePoint, view: DisplayContext) -> tuple[Cell, ...]:
    backup = point.backup
    return (
        backup.name,
        backup.store,
        csv_word(level_label(point.verdict.level).word),
        csv_time(backup.start, view.zone),
        csv_seconds_left(backup.retention, view.now),
        csv_retention(backup.retention, view.zone),
    )


def _thing(content: Item, found: ContentIndex, view: DisplayContext) -> tuple[str, ...]:
    keeper = content.last_to_expire
    return (
        content.name,
        ", ".join(content.names[1:]),
        content.kind,
        content.identity,
        content.presence.value,
        str(content.holder_count),
        str(len(found.points)),
        str(content.usable_count),
        format_full(content.first_seen, view.zone),
        format_full(content.last_seen, view.zone),
        keeper.backup.name if keeper else "-",
        (_until(keeper, view) if keeper else last_expiry_text(content, found, view)[0]),
        item_warning(content, found, view),
    )


def _held(point: RestorePoint, view: DisplayContext) -> tuple[str, ...]:
    return (
        point.backup.name,
        point.backup.store,
        level_label(point.verdict.level).text(plain=view.plain),
        format_full(point.backup.start, view.zone),
        expiry_text(point.backup, view.now),
        _until(point, view),
    )


def _until(point: RestorePoint, view: DisplayContext) -> str:
    """When it may be cleaned up: a moment, or a word."""
    end = point.backup.retention
    return "unknown" if end is None else "never" if end == NEVER else format_full(end, view.zone)


def _object(content: Item, found: ContentIndex, view: DisplayContext, holders: Sequence[Row]) -> Row:
    keeper = content.last_to_expire
    return {
        "kind": content.kind,
        "id": content.identity,
        "names": list(content.names),
        "state": content.presence.value,
        "restore_point_count": content.holder_count,
        "restore_point_total": len(found.points),
        "usable": content.usable_count,
        "first": moment_object(content.first_seen, view.zone),
        "last": moment_object(content.last_seen, view.zone),
        "last_usable": {"name": keeper.backup.name, "store": keeper.backup.store} if keeper else None,
        "last_usable_expires": _expires(keeper, view) if keeper else None,
        "note": item_warning(content, found, view),
        "restore_points": [holders[at] for at in iter_backwards(content.ranges)],
        "deleted_restore_points": [deleted_object(each, view) for each in found.deleted_holders(content)],
    }


def _holder(point: RestorePoint, view: DisplayContext) -> Row:
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
