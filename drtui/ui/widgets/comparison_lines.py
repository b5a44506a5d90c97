"""Lines of the screen *compare*: the differences first, then times, and what is equal, folded."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from drtui.core.comparison.compare import Comparison
from drtui.core.comparison.layout import ComparisonLayout, Pieces
from drtui.core.comparison.rows import Sign
from drtui.core.formatting.text import cut_middle, pad, plural, width
from drtui.ui.widgets.styled_lines import Line, line

PROPERTIES = "properties"
"""Key of the fold with the equal properties."""

INDENT = "      "
GAP = "  "
MANY_COLUMNS = 99
"""As many columns as fit."""
MAX_NAME_CELLS = 40
"""Maximum width of a name in a list of names, in cells."""


class Fold(NamedTuple):
    """Equal items that are shown as one line, or below it."""

    key: str
    title: str
    names: Sequence[tuple[str, str]] = ()
    """Name and id of each item."""
    rows: Sequence[Pieces] = ()
    """Lines of equal properties."""


class FoldState(NamedTuple):
    """The folds that the user has not touched are open or closed, with their names in so many columns."""

    is_open: bool
    columns: int = MANY_COLUMNS


FOLD_STATES = (
    *(FoldState(is_open=True, columns=columns) for columns in (1, 2, 3, MANY_COLUMNS)),
    FoldState(is_open=False),
)
"""The roomiest first: the first one that fits the window is used."""


def build_comparison_lines(
    comparison: Comparison, layout: ComparisonLayout, state: FoldState, opened: Mapping[str, bool], cells: int
) -> list[Line]:
    """Return all lines for a window; `opened` are folds that the user has opened or closed."""
    differences = [lines for row, lines in layout.rows if row.is_difference]
    times = [lines for row, lines in layout.rows if row.sign is Sign.INFO]
    count = len(differences)
    title, tone = (plural(count, "difference", "differences"), "warn") if count else ("no differences", "good")
    lines = [Line(pieces) for pieces in layout.sentences]
    lines += [line(""), *_section_lines(title.upper(), tone, layout.heading), *_row_lines("difference", differences)]
    lines += [line(""), line("TIMES", "strong"), *_row_lines("time", times)]
    folds = list(find_folds(comparison, layout))
    lines += [line(""), line("EQUAL", "strong")] if folds else []
    for fold in folds:
        is_open = opened.get(fold.key, state.is_open)
        lines.append(_fold_line(fold, is_open=is_open))
        if is_open:
            lines += _open_lines(fold, cells, state.columns)
    return lines


def _row_lines(section: str, rows: Sequence[Sequence[Pieces]]) -> Iterator[Line]:
    for number, lines in enumerate(rows):
        for part, pieces in enumerate(lines):
            yield Line(pieces, (section, number, part))


def _section_lines(title: str, tone: str, heading: Pieces) -> Iterator[Line]:
    """Yield the title of the differences, in the line of the columns' headings if there are columns."""
    if not heading or width(title) >= width(heading[0][0]):
        yield line(title, tone)
        if heading:
            yield Line(heading)
        return
    (subject, _), *headings = heading
    yield Line(((title, tone), (" " * (width(subject) - width(title)), ""), *headings))


def find_folds(comparison: Comparison, layout: ComparisonLayout) -> Iterator[Fold]:
    """Yield what is equal: geodatabases, system databases, buckets, and properties."""
    if comparison.geodatabases is not None and comparison.geodatabases.unchanged:
        names = [(item.name or "(no name)", item.id) for item in comparison.geodatabases.unchanged]
        yield Fold("geodatabases", f"{plural(len(names), 'geodatabase', 'geodatabases')} equal", names)
    for key, items, noun in (
        ("databases", comparison.databases, "system database"),
        ("buckets", comparison.buckets, "bucket"),
    ):
        if items is not None and items.unchanged:
            names = [(name, "") for name in items.unchanged]
            yield Fold(key, f"{plural(len(names), noun, noun + 's')} equal", names)
    equal = [(row, lines) for row, lines in layout.rows if row.sign is Sign.SAME and not row.counts_equal_items]
    if equal:
        subjects = ", ".join(row.subject for row, _ in equal)
        title = f"{plural(len(equal), 'property', 'properties')} equal: {subjects}"
        yield Fold(PROPERTIES, title, rows=[pieces for _, lines in equal for pieces in lines])


def _fold_line(fold: Fold, *, is_open: bool) -> Line:
    hint = "  (enter hides)" if is_open else "  (enter shows)"
    title, _, rest = fold.title.partition(":")
    about = f":{rest}" if rest and not is_open else ""
    return Line(((f"= {title}", ""), (hint, "muted"), (about, "muted")), ("fold", fold.key))


def _open_lines(fold: Fold, cells: int, columns: int) -> Iterator[Line]:
    """Yield the items of an open fold, with their ids unless there are many columns."""
    for number, pieces in enumerate(fold.rows):
        yield Line(pieces, ("equal", number))
    name_cells = min(MAX_NAME_CELLS, max((width(name) for name, _ in fold.names), default=0))
    id_cells = (
        0 if columns == MANY_COLUMNS else min(MAX_NAME_CELLS, max((width(id_) for _, id_ in fold.names), default=0))
    )
    item_cells = name_cells + id_cells + 2 * len(GAP)
    count = max(1, min(columns, (cells - len(INDENT)) // item_cells))
    for start in range(0, len(fold.names), count):
        row: list[tuple[str, str]] = [(INDENT, "")]
        for name, id_ in fold.names[start : start + count]:
            row += [(pad(cut_middle(name, name_cells), name_cells) + GAP, "")]
            row += [(pad(cut_middle(id_, id_cells), id_cells) + GAP, "muted")] if id_cells else []
        yield Line(tuple(row), ("names", fold.key, start))
