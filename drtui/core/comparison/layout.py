"""Two restore points beside one another, as lines of text: the same on the screen and in a pipe."""

import textwrap
from collections.abc import Iterator, Sequence

from drtui.core.comparison.compare import Comparison
from drtui.core.comparison.impact import restore_impact
from drtui.core.comparison.rows import TONES, Difference, Sign, comparison_rows
from drtui.core.formatting.display import DisplayContext, StyledText
from drtui.core.formatting.text import cut_middle, pad, width
from drtui.core.formatting.times import format_age, format_full
from drtui.core.verdict.restore_points import RestorePoint

Pieces = tuple[tuple[str, str], ...]
"""One line: texts, each with its tone."""

MIN_TABLE_CELLS = 96
"""Cells from which the newer one stands beside the older one, and not below it."""
MAX_COLUMN_CELLS = 60
"""Cells of a column, where nothing else bounds it."""
MAX_LABEL_CELLS = 32
"""Cells of what a line is about: of a part never seen before the server chooses the name."""
MIN_NOTE_CELLS = 20
"""Cells that the other columns leave to a note."""
GAP = "  "


def comparison_lines(comparison: Comparison, view: DisplayContext, cells: int | None = None) -> tuple[Pieces, ...]:
    """The lines, in `cells` cells; None for a pipe, which has no edge."""
    rows = comparison_rows(comparison, view)
    said = [*_heads(comparison, view), *restore_impact(comparison, plain=view.plain)]
    table = (
        _columns(comparison, rows, cells)
        if cells is None or cells >= MIN_TABLE_CELLS
        else _stacked(comparison, rows, cells)
    )
    return (*(line for each in said for line in _folded(each, cells)), (("", ""),), *table)


def comparison_text(comparison: Comparison, view: DisplayContext) -> str:
    """The lines for a pipe."""
    return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in comparison_lines(comparison, view))


def _heads(found: Comparison, view: DisplayContext) -> Iterator[StyledText]:
    """Which two: always the older one first."""
    for label, point in zip(found.labels, (found.older, found.newer), strict=True):
        later = f", {format_age(found.time_apart)} later" if found.time_apart and point is found.newer else ""
        yield StyledText(
            f"{label.capitalize()}: {_named(point)}, started {format_full(point.backup.start, view.zone)}{later}",
            "strong",
        )


def _named(point: RestorePoint) -> str:
    name = cut_middle(point.backup.name or "(no name)", MAX_COLUMN_CELLS)
    return f"{name} (store {cut_middle(point.backup.store, MAX_COLUMN_CELLS)})"


def _folded(said: StyledText, cells: int | None) -> Iterator[Pieces]:
    """A sentence in as many lines as it needs."""
    texts = [said.text] if cells is None else textwrap.wrap(said.text, max(20, cells), subsequent_indent=GAP)
    yield from (((text, said.tone),) for text in texts)


def _label(row: Difference) -> str:
    return f"{row.sign.value} {cut_middle(row.subject, MAX_LABEL_CELLS)}"


def _columns(found: Comparison, rows: Sequence[Difference], cells: int | None) -> Iterator[Pieces]:
    """A table: what, the older one, the newer one, and a note."""
    first, *sides = _widths(found, rows, cells)
    heads = (pad(label.upper(), n) for label, n in zip(found.labels, sides, strict=True))
    yield ((GAP.join((" " * first, *heads)), "header"),)
    for row in rows:
        texts = zip((row.older, row.newer), sides, row.tones, strict=True)
        beside_it = ((pad(cut_middle(text, n), n) + GAP, tone) for text, n, tone in texts)
        yield (pad(_label(row), first) + GAP, TONES.get(row.sign, "")), *beside_it, (row.note, "muted")


def _widths(found: Comparison, rows: Sequence[Difference], cells: int | None) -> tuple[int, int, int]:
    """Of the first three columns: what they need, or where there is less, what there is."""
    first = max(width(_label(row)) for row in rows)
    older = min(MAX_COLUMN_CELLS, max(width(text) for text in (found.labels[0], *(row.older for row in rows))))
    newer = min(MAX_COLUMN_CELLS, max(width(text) for text in (found.labels[1], *(row.newer for row in rows))))
    if cells is not None:
        room = cells - first - 3 * len(GAP) - min(MIN_NOTE_CELLS, max(width(row.note) for row in rows))
        older = min(older, max(room // 2, room - newer))
        newer = min(newer, room - older)
    return first, older, newer


def _stacked(found: Comparison, rows: Sequence[Difference], cells: int) -> Iterator[Pieces]:
    """The same where there is no room for columns: in a line what fits into one, else one below the other."""
    a, b = found.labels
    for row in rows:
        tone, note = TONES.get(row.sign, ""), (f"{GAP}{row.note}" if row.note else "", "muted")
        if row.older == row.newer or row.sign in {Sign.ADDED, Sign.REMOVED}:
            only = row.newer if row.sign is Sign.ADDED else row.older
            yield (f"{_label(row)}: ", tone), (only, ""), note
            continue
        sides = ((f"{a} {row.older}", row.tones[0]), (", ", ""), (f"{b} {row.newer}", row.tones[1]))
        line = ((f"{_label(row)}: ", tone), *sides, note)
        if sum(width(text) for text, _ in line) <= cells:
            yield line
        else:
            yield (_label(row), tone), note
            yield (f"    {a:<7}", "muted"), (cut_middle(row.older, cells - 11), row.tones[0])
            yield (f"    {b:<7}", "muted"), (cut_middle(row.newer, cells - 11), row.tones[1])
