"""Where something is, as rows: the things that were found, and the restore points that hold them."""

from collections.abc import Sequence

from drtui.core.contents.describe import KIND_WORDS, alarm, expiry_of_last, label_of, state_of, told
from drtui.core.contents.index import Content, Contents, backwards
from drtui.core.formatting.display import View
from drtui.core.formatting.times import stamp
from drtui.core.listing.csv_values import Cell, left, until, when, word
from drtui.core.model.backup import NEVER
from drtui.core.summary.labels import expiry_of, mark_of
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.assessment import vanished
from drtui.output.formats import Row, Sheet, as_table, moment

FEW = 3
"""Up to so many things are told in full, with every restore point that holds them; of more there is a list."""

THING = (
    "NAME", "FORMER NAMES", "KIND", "ID", "STANDING", "IN", "OF", "USABLE", "FIRST", "LAST", "LAST USABLE",
    "LAST USABLE EXPIRES", "NOTE",
)  # fmt: skip
"""What a spreadsheet has of each thing."""

HOLDER = ("RESTORE POINT", "STORE", "VERDICT", "STARTED", "EXPIRES", "UNTIL")
"""What is said of each restore point that holds it."""


def as_answer(entries: Sequence[Content], found: Contents, view: View) -> str:
    """The answer for people."""
    if len(entries) > FEW or not entries:
        return as_table(of_contents(entries, found, view))
    return "\n".join(_answer(each, found, view) for each in entries)


def _answer(content: Content, found: Contents, view: View) -> str:
    """One thing in sentences, then the restore points that hold it, newest first."""
    said = "".join(f"{each.text}\n" for each in told(content, found, view))
    held = [_held(each, view) for each in found.holders(content)]
    return f"{said}\n{as_table(Sheet('', HOLDER, held, []))}" if held else said


def of_contents(entries: Sequence[Content], found: Contents, view: View) -> Sheet:
    """What was found, a row each; for machines with every restore point that holds it."""
    columns = ("NAME", "KIND", "STATE", "IN", "USABLE", "FIRST", "LAST", "LAST USABLE EXPIRES", "NOTE")
    texts = [
        (
            label_of(each, found),
            KIND_WORDS[each.kind],
            state_of(each, view)[0],
            f"{each.count} of {len(found.points)}",
            str(each.usable),
            stamp(each.first, view.zone),
            stamp(each.last, view.zone),
            expiry_of_last(each, found, view)[0],
            alarm(each, found, view),
        )
        for each in entries
    ]
    # Thousands of things may be in the same restore points: each of these is made once.
    holders = [_holder(each, view) for each in found.points] if entries else []
    return Sheet("found", columns, texts, [_object(each, found, view, holders) for each in entries])


def of_holders(entries: Sequence[Content], found: Contents, view: View) -> Sheet:
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
    return Sheet("found", (*THING, *HOLDER), texts, [], cells=cells)


def _thing_values(content: Content, found: Contents, view: View) -> tuple[Cell, ...]:
    keeper = content.keeper
    return (
        content.name,
        ", ".join(content.names[1:]) or None,
        content.kind,
        content.identity or None,
        word(content.standing.value),
        content.count,
        len(found.points),
        content.usable,
        when(content.first, view.zone),
        when(content.last, view.zone),
        keeper.backup.name if keeper else None,
        until(keeper.backup.retention, view.zone) if keeper else None,
        alarm(content, found, view) or None,
    )


def _holder_values(point: RestorePoint, view: View) -> tuple[Cell, ...]:
    backup = point.backup
    return (
        backup.name,
        backup.store,
        word(mark_of(point.verdict.level).word),
        when(backup.start, view.zone),
        left(backup.retention, view.now),
        until(backup.retention, view.zone),
    )


def _thing(content: Content, found: Contents, view: View) -> tuple[str, ...]:
    keeper = content.keeper
    return (
        content.name,
        ", ".join(content.names[1:]),
        content.kind,
        content.identity,
        content.standing.value,
        str(content.count),
        str(len(found.points)),
        str(content.usable),
        stamp(content.first, view.zone),
        stamp(content.last, view.zone),
        keeper.backup.name if keeper else "-",
        (_until(keeper, view) if keeper else expiry_of_last(content, found, view)[0]),
        alarm(content, found, view),
    )


def _held(point: RestorePoint, view: View) -> tuple[str, ...]:
    return (
        point.backup.name,
        point.backup.store,
        mark_of(point.verdict.level).text(plain=view.plain),
        stamp(point.backup.start, view.zone),
        expiry_of(point.backup, view.now),
        _until(point, view),
    )


def _until(point: RestorePoint, view: View) -> str:
    """When it may be cleaned up: a moment, or a word."""
    end = point.backup.retention
    return "unknown" if end is None else "never" if end == NEVER else stamp(end, view.zone)


def _object(content: Content, found: Contents, view: View, holders: Sequence[Row]) -> Row:
    keeper = content.keeper
    return {
        "kind": content.kind,
        "id": content.identity,
        "names": list(content.names),
        "standing": content.standing.value,
        "in": content.count,
        "of": len(found.points),
        "usable": content.usable,
        "first": moment(content.first, view.zone),
        "last": moment(content.last, view.zone),
        "last_usable": {"name": keeper.backup.name, "store": keeper.backup.store} if keeper else None,
        "last_usable_expires": _expires(keeper, view) if keeper else None,
        "note": alarm(content, found, view),
        "restore_points": [holders[at] for at in backwards(content.runs)],
        "gone_restore_points": [vanished(each, view) for each in found.remembered(content)],
    }


def _holder(point: RestorePoint, view: View) -> Row:
    return {
        "name": point.backup.name,
        "store": point.backup.store,
        "verdict": mark_of(point.verdict.level).word,
        "started": moment(point.backup.start, view.zone),
        "expires": _expires(point, view),
    }


def _expires(point: RestorePoint, view: View) -> Row | str:
    """When it may be cleaned up, for machines."""
    end = point.backup.retention
    return "never" if end == NEVER else moment(end, view.zone) or "unknown"
