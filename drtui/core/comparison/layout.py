"""Lay out the comparison of two restore points as lines of text, for the interface and the command line."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from drtui.core.comparison.compare import Comparison
from drtui.core.comparison.impact import describe_impact
from drtui.core.comparison.rows import TONES, Difference, Sign, comparison_rows
from drtui.core.formatting.display import DisplayContext, StyledText
from drtui.core.formatting.durations import format_age
from drtui.core.formatting.text import cut_middle, pad, width
from drtui.core.formatting.times import format_full
from drtui.core.verdict.restore_points import RestorePoint

Pieces = tuple[tuple[str, str], ...]
"""One line as (text, tone) pairs."""

MIN_TABLE_CELLS = 96
"""Minimum line width for two columns side by side, in cells; narrower lines put the newer below the older."""
MAX_COLUMN_CELLS = 60
"""Maximum width of a column, in cells."""
MAX_LABEL_CELLS = 32
"""Maximum width of a row's label, in cells; the server chooses the names of undocumented parts."""
MIN_NOTE_CELLS = 20
"""Cells that the other columns leave for the note."""
GAP = "  "


class ComparisonLayout(NamedTuple):
    """The lines of a comparison, by section."""

    sentences: tuple[Pieces, ...]
    """Both restore points, and what their differences mean for a restore."""
    heading: Pieces
    """Headings of the two columns; empty if the lines have no columns. The first piece is that of the subject."""
    rows: tuple[tuple[Difference, tuple[Pieces, ...]], ...]
    """Each row with its lines: the differences first, the equal rows last."""


def lay_out(comparison: Comparison, view: DisplayContext, cells: int | None = None) -> ComparisonLayout:
    """Return the lines by section, `cells` cells wide; None means no limit, as in a pipe."""
    rows = comparison_rows(comparison, view)
    sentences = [*_headings(comparison, view), *describe_impact(comparison, plain=view.plain)]
    head = tuple(line for sentence in sentences for line in _wrap(sentence, cells))
    if cells is None or cells >= MIN_TABLE_CELLS:
        first, *sides = _column_widths(comparison, rows, cells)
        headings = (pad(label.upper(), n) for label, n in zip(comparison.labels, sides, strict=True))
        heading = ((" " * first + GAP, "header"), (GAP.join(headings), "header"))
        return ComparisonLayout(head, heading, tuple((row, (_table_line(row, first, sides),)) for row in rows))
    return ComparisonLayout(head, (), tuple((row, tuple(_stacked_lines(comparison, row, cells))) for row in rows))


def comparison_lines(comparison: Comparison, view: DisplayContext, cells: int | None = None) -> tuple[Pieces, ...]:
    """Return all lines, `cells` cells wide; None means no limit, as in a pipe."""
    layout = lay_out(comparison, view, cells)
    heading = [layout.heading] if layout.heading else []
    return (*layout.sentences, (("", ""),), *heading, *(line for _, lines in layout.rows for line in lines))


def comparison_text(comparison: Comparison, view: DisplayContext, cells: int | None = None) -> str:
    """Return the lines as text for a pipe, `cells` cells wide; None means no limit."""
    lines = comparison_lines(comparison, view, cells)
    return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)


def _headings(comparison: Comparison, view: DisplayContext) -> Iterator[StyledText]:
    """Yield the name, store and start of each restore point, the older first."""
    for label, point in zip(comparison.labels, (comparison.older, comparison.newer), strict=True):
        gap = comparison.time_apart
        later = f", {format_age(gap)} later" if gap and point is comparison.newer else ""
        yield StyledText(
            f"{label.capitalize()}: {_point_name(point)}, started {format_full(point.backup.start, view.zone)}{later}",
            "strong",
        )


def _point_name(point: RestorePoint) -> str:
    name = cut_middle(point.backup.name or "(no name)", MAX_COLUMN_CELLS)
    return f"{name} (store {cut_middle(point.backup.store, MAX_COLUMN_CELLS)})"


def _wrap(sentence: StyledText, cells: int | None) -> Iterator[Pieces]:
    """Wrap a sentence into as many lines as it needs."""
    texts = [sentence.text] if cells is None else textwrap.wrap(sentence.text, max(20, cells), subsequent_indent=GAP)
    yield from (((text, sentence.tone),) for text in texts)


def _label(row: Difference) -> str:
    return f"{row.sign.value} {cut_middle(row.subject, MAX_LABEL_CELLS)}"


def _table_line(row: Difference, first: int, sides: Sequence[int]) -> Pieces:
    """Return a row in four columns: subject, older, newer, note."""
    texts = zip((row.older, row.newer), sides, row.tones, strict=True)
    values = ((pad(cut_middle(text, n), n) + GAP, tone) for text, n, tone in texts)
    return (pad(_label(row), first) + GAP, TONES.get(row.sign, "")), *values, (row.note, "muted")


def _column_widths(comparison: Comparison, rows: Sequence[Difference], cells: int | None) -> tuple[int, int, int]:
    """Return the widths of the first three columns, in cells: as needed, or as much as `cells` allows."""
    first = max(width(_label(row)) for row in rows)
    older = min(MAX_COLUMN_CELLS, max(width(text) for text in (comparison.labels[0], *(row.older for row in rows))))
    newer = min(MAX_COLUMN_CELLS, max(width(text) for text in (comparison.labels[1], *(row.newer for row in rows))))
    if cells is not None:
        available = cells - first - 3 * len(GAP) - min(MIN_NOTE_CELLS, max(width(row.note) for row in rows))
        older = min(older, max(available // 2, available - newer))
        newer = min(newer, available - older)
    return first, older, newer


def _stacked_lines(comparison: Comparison, row: Difference, cells: int) -> Iterator[Pieces]:
    """Yield a row without columns: on one line if it fits, else the newer value below the older."""
    a, b = comparison.labels
    tone, note = TONES.get(row.sign, ""), (f"{GAP}{row.note}" if row.note else "", "muted")
    if row.older == row.newer or row.sign in {Sign.ADDED, Sign.REMOVED}:
        value = row.newer if row.sign is Sign.ADDED else row.older
        yield (f"{_label(row)}: ", tone), (value, ""), note
        return
    sides = ((f"{a} {row.older}", row.tones[0]), (", ", ""), (f"{b} {row.newer}", row.tones[1]))
    line = ((f"{_label(row)}: ", tone), *sides, note)
    if sum(width(text) for text, _ in line) <= cells:
        yield line
    else:
        yield (_label(row), tone), note
        yield (f"    {a:<7}", "muted"), (cut_middle(row.older, cells - 11), row.tones[0])
        yield (f"    {b:<7}", "muted"), (cut_middle(row.newer, cells - 11), row.tones[1])
