"""Tables as lines of text: aligned columns, of which the last are cut or left out in a narrow window."""

from collections.abc import Iterator, Sequence

from drtui.core.formatting.text import cut, cut_middle, pad, width
from drtui.output.formats import Table
from drtui.ui.widgets.styled_lines import Line, line

GAP = "  "

MAX_CELLS = 48
"""Maximum width of a column, in cells."""

MIN_LAST_CELLS = 16
"""Width to which the last column is cut rather than left out, in cells."""

Cell = tuple[str, str]
"""A text and its tone."""


def table_lines(columns: Sequence[str], rows: Sequence[Sequence[Cell]], cells: int, name: str = "") -> Iterator[Line]:
    """Yield the heading and the rows; with a `name` the cursor can be on the rows."""
    texts = [columns, *([text for text, _ in row] for row in rows)]
    widths = [min(MAX_CELLS, max(map(width, column))) for column in zip(*texts, strict=True)]
    while len(widths) > 1 and (excess := sum(widths) + len(GAP) * (len(widths) - 1) - cells) > 0:
        *others, last = widths
        widths = [*others, last - excess] if last - excess >= MIN_LAST_CELLS else others
    yield line(GAP.join(map(pad, columns, widths)).rstrip(), "header")
    for number, row in enumerate(rows):
        *most, (end, end_cells) = zip(row, widths, strict=False)
        pieces = [(pad(cut_middle(text, room), room) + GAP, tone) for (text, tone), room in most]
        yield Line((*pieces, (cut(end[0], end_cells), end[1])), (name, number) if name else None)


def choose_columns(table: Table, columns: Sequence[str]) -> list[list[Cell]]:
    """Return the cells of some columns of a table, without tones."""
    order = [table.columns.index(column) for column in columns]
    return [[(row[number], "") for number in order] for row in table.texts]
