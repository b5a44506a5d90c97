"""The help screen: sections in one column or two, of which `/` shows only what matches."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import ClassVar

from textual.binding import Binding, BindingType

from drtui.core.formatting.text import width, wrap_cells
from drtui.ui.screens.help import HelpRow, Section
from drtui.ui.screens.text_viewer import SearchableScreen
from drtui.ui.widgets.styled_lines import Line, line

TWO_COLUMNS_WIDTH = 100
"""Window width, in cells, from which the sections are in two columns."""
GAP_CELLS = 3
"""Cells between the columns."""
TERM_CELLS = 22
"""Largest width of the terms of a section, in cells."""
NO_MATCH = "Nothing in the help matches. esc ends the search."

Pieces = tuple[tuple[str, str], ...]


class HelpScreen(SearchableScreen):
    """Keys and words, the current pane or screen first."""

    hints = (("slash", "search"), ("c", "copy"), ("x", "save"), ("p", "plain text"), ("escape", "back"))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,q,question_mark,f1,h,left", "leave", "back", show=False),
    ]

    def __init__(self, sections: Sequence[Section], *, plain: bool, accent: str = "") -> None:
        super().__init__("Help", "", plain=plain, accent=accent)
        self.sections = sections

    def build_lines(self, width: int) -> Sequence[Line]:
        """Return the sections, or those that match what was typed, in the width of the window in cells."""
        sections = select_rows(self.sections, self.search_input.value)
        return lay_out(sections, width - 1) if sections else (line(""), line(f" {NO_MATCH}", "muted"))

    @property
    def export_text(self) -> str:
        """All sections as text, in one column."""
        rows = lay_out(self.sections, TWO_COLUMNS_WIDTH - 2)
        return "".join(f"{''.join(text for text, _ in row.pieces).rstrip()}\n" for row in rows)


def select_rows(sections: Sequence[Section], typed: str) -> list[Section]:
    """Return the rows that contain every typed word, and whole sections whose heading does."""
    words = typed.casefold().split()
    selected: list[Section] = []
    for section in sections:
        rows = tuple(row for row in section.rows if _matches(f"{section.heading} {row.term} {row.meaning}", words))
        if rows:
            selected.append(section._replace(rows=rows))
    return selected


def _matches(text: str, words: Sequence[str]) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)


def lay_out(sections: Sequence[Section], cells: int) -> list[Line]:
    """Return the lines of the sections: in two columns of about the same height if there is room."""
    if cells < TWO_COLUMNS_WIDTH - 1:
        return [Line(pieces) for section in sections for pieces in _section_lines(section, cells)]
    column_cells = (cells - GAP_CELLS) // 2
    blocks = [list(_section_lines(section, column_cells)) for section in sections]
    heights = [len(block) for block in blocks]
    split = min(range(1, len(blocks) + 1), key=lambda number: max(sum(heights[:number]), sum(heights[number:])))
    left = [pieces for block in blocks[:split] for pieces in block]
    right = [pieces for block in blocks[split:] for pieces in block]
    return [
        Line(_side_by_side(first, second, column_cells)) for first, second in zip_longest(left, right, fillvalue=())
    ]


def _side_by_side(left: Pieces, right: Pieces, column_cells: int) -> Pieces:
    filled = sum(width(text) for text, _ in left)
    return (*left, (" " * (column_cells - filled + GAP_CELLS), ""), *right) if right else left


def _section_lines(section: Section, cells: int) -> Iterator[Pieces]:
    """Yield a blank line, the heading and the rows, whose meanings are wrapped beside their terms."""
    yield (("", ""),)
    yield ((f" {section.heading}", "strong"),)
    term_cells = min(TERM_CELLS, max(width(row.term) for row in section.rows)) + 2
    for row in section.rows:
        yield from _row_lines(row, term_cells, cells)


def _row_lines(row: HelpRow, term_cells: int, cells: int) -> Iterator[Pieces]:
    indent = 2
    if not row.term:
        yield from (((" " * indent + text.strip(), "muted"),) for text in wrap_cells(row.meaning, cells - indent))
        return
    blank = " " * max(2, term_cells - width(row.term))
    used = indent + width(row.term) + len(blank)
    first, *more = wrap_cells(row.meaning, max(10, cells - used))
    yield ((" " * indent + row.term, row.tone), (blank, ""), (first, ""))
    for text in more:
        yield ((" " * (indent + term_cells), ""), (text.strip(), ""))
