"""A table that reads only the records it shows."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from rich.segment import Segment
from textual import events

from drtui.core.formatting.text import cut, cut_middle, pad, width
from drtui.core.query.highlight import Span, clip_spans, visible_spans
from drtui.ui.widgets.styles import split_segments
from drtui.ui.widgets.virtual_list import VirtualList

R = TypeVar("R")

LEAD_CELLS = 2
"""Cells at the start of a row, for the cursor and the mark of the record."""

WIDE_FLEXIBLE_CELLS = 12
"""Cells of the column that gives way, from which columns are two cells apart rather than one."""


class Column(NamedTuple, Generic[R]):
    """A column of a table."""

    key: str
    """Name of the value that the column shows and that records are sorted by."""
    label: str
    width: int
    """Width in cells. For the flexible column, the least width."""
    text: Callable[[R], str]
    tone: Callable[[R], str] | None = None
    shorter_texts: Callable[[R], Sequence[str]] | None = None
    """Returns texts to choose from if `text` does not fit, the longest first."""
    is_right_aligned: bool = False
    rank: int = 0
    """Columns with the highest rank are left out first in a narrow window; 0 is never left out."""
    is_flexible: bool = False
    """True if the column takes the cells that are left."""
    ample_width: int = 0
    """Width in cells that a flexible column has before columns of `is_minor` get any room; 0 for its least width."""
    is_minor: bool = False
    """True if the column is left out rather than that the flexible one gets less than its ample width."""
    can_shrink: bool = False
    """True if the column gives way if the columns of rank 0 do not fit."""
    is_prose: bool = False
    """True if a long text is cut at its end. Names are cut in the middle, because they often end with a date."""
    inverse_key: str = ""
    """Key of the column with the opposite order. If that column is left out, its sort arrow appears here."""


class VirtualTable(VirtualList, Generic[R]):
    """A table whose cursor marks one cell and the name, so that a step sends few bytes."""

    fixed_lines = 2
    skips_headings = True

    @dataclass
    class HeaderSelected(VirtualList.Highlighted):
        """The heading of a column was clicked."""

        key: str

    def __init__(
        self,
        identity: Callable[[R], Hashable],
        *,
        plain: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name for it
    ) -> None:
        super().__init__(plain=plain, id=id)
        self.records: Sequence[R] = ()
        self.columns: Sequence[Column[R]] = ()
        """All columns; some may not fit."""
        self.sorted_by, self.descending = "", False
        self.full_width_text: Callable[[R], tuple[str, str] | None] = lambda _: None
        """Returns the text and tone of a record that is shown as one line without columns, else None."""
        self.row_mark: Callable[[R], str] = lambda _: " "
        """Returns the character between the cursor and the record."""
        self.find_highlights: Callable[[str, str], tuple[Span, ...]] = lambda _, __: ()
        """Returns the parts of a column's text to highlight, from the key of the column and the text."""
        self._identity = identity
        self._empty_message: tuple[tuple[str, str], ...] = ()

    @property
    def count(self) -> int:
        """Number of records, or of lines of the message shown instead."""
        return len(self.records) or len(self._empty_message)

    def row_key(self, row: int) -> Hashable:
        """Return the identity of the record."""
        return self._identity(self.records[row]) if row < len(self.records) else None

    def show_heading(self) -> None:
        """Scroll until the group heading above the cursor is visible, if there are enough lines."""
        rows = range(self.cursor, max(-1, self.cursor - self.visible_row_count), -1)
        self.top = min(self.top, next((row for row in rows if self.row_key(row) is None), self.top))
        self.repaint()

    def _scroll_to_cursor(self) -> None:
        """Scroll so that the cursor, and a heading directly above it, are visible."""
        super()._scroll_to_cursor()
        if self.top == self.cursor > 0 and self.visible_row_count > 1 and self.row_key(self.cursor - 1) is None:
            self.top -= 1

    @property
    def record(self) -> R | None:
        """The record under the cursor."""
        return self.records[self.cursor] if self.cursor < len(self.records) else None

    @property
    def visible_columns(self) -> tuple[str, ...]:
        """Keys of the columns that fit, from left to right."""
        return tuple(column.key for column, _ in self._fit_columns()[0])

    @property
    def sort_arrow(self) -> tuple[str, bool]:
        """Key of the column with the sort arrow, and True if the arrow points down."""
        key = self.find_arrow_column(self.sorted_by)
        return key, self.descending if key == self.sorted_by else not self.descending

    def find_arrow_column(self, key: str) -> str:
        """Return the key of the column that shows the arrow when sorted by `key`; "" if none fits."""
        columns = [column for column, _ in self._fit_columns()[0]] if key else []
        if any(column.key == key for column in columns):
            return key
        return next((column.key for column in columns if column.inverse_key == key), "")

    def show(
        self,
        records: Sequence[R],
        *,
        sorted_by: str = "",
        descending: bool = False,
        empty_message: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Replace the records.

        The cursor stays on the first row until the user moves it, then on its record, or on the row number if the
        record is gone.

        Args:
            records: the records, already in order.
            sorted_by: key of the column to mark with the arrow.
            descending: True if the largest value comes first.
            empty_message: lines with their tones, shown if there are no records.
        """
        key, row, offset = (self.key, self.cursor, self.cursor - self.top) if self.has_user_moved else (None, 0, 0)
        self.records, self._empty_message = records, empty_message
        self.sorted_by, self.descending = sorted_by, descending
        self.restore_cursor(key, row, offset)

    def _fit_columns(self) -> tuple[list[tuple[Column[R], int]], int]:
        """Return the columns that fit, with their widths, and the gap between columns, in cells.

        Columns of rank 0 come first, then the sorted one unless one of them has its arrow, then those of the next
        ranks. Columns are one cell apart rather than two if only then the most important optional column fits.
        """
        has_arrow = any(column.rank == 0 and column.inverse_key == self.sorted_by for column in self.columns)
        sorted_by = "" if has_arrow else self.sorted_by
        ranked = sorted(self.columns, key=lambda c: (c.rank > 0 and c.key != sorted_by, c.rank))
        gap, first = LEAD_CELLS, next((column.key for column in ranked if column.rank), "")
        columns, spare = self._choose_columns(ranked, gap)
        if first and all(column.key != first for column in columns):
            dense_columns, dense_spare = self._choose_columns(ranked, 1)
            if any(column.key == first for column in dense_columns):
                columns, spare, gap = dense_columns, dense_spare, 1
        resized = next((column for column in columns if column.is_flexible or (column.can_shrink and spare < 0)), None)
        if gap > 1 and resized is not None and resized.width + spare < WIDE_FLEXIBLE_CELLS:
            gap, spare = 1, spare + len(columns) - 1
        return [(c, max(1, c.width + spare) if c is resized else c.width) for c in columns], gap

    def _choose_columns(self, ranked: Sequence[Column[R]], gap: int) -> tuple[list[Column[R]], int]:
        """Return the columns that fit if they are `gap` cells apart, in their order, and the cells that are left."""
        visible, spare = set(), self.size.width - LEAD_CELLS + gap
        reserved = max(
            (max(0, column.ample_width - column.width) for column in ranked if column.is_flexible), default=0
        )
        for column in ranked:
            if column.rank == 0 or column.width + gap <= spare - reserved * column.is_minor:
                visible.add(column.key)
                spare -= column.width + gap
        return [column for column in self.columns if column.key in visible], spare

    def draw_fixed_line(self, y: int) -> list[Segment]:  # noqa: ARG002 - the header is the only fixed line
        """Return the headings of the columns; the sorted one has an arrow."""
        columns, gap = self._fit_columns()
        sorts, down = self.sort_arrow
        arrow = ("v" if down else "^") if self.plain else "▾" if down else "▴"
        labels = (
            pad(
                f"{column.label} {arrow}" if column.key == sorts else column.label, cells, right=column.is_right_aligned
            )
            for column, cells in columns
        )
        return [Segment(" " * LEAD_CELLS + (" " * gap).join(labels), self.get_style("header"))]

    def draw(self, row: int, *, is_current: bool) -> list[Segment]:
        """Return the segments of a record. Neighbours of one style are one segment."""
        line = self.full_width_text(self.records[row]) if row < len(self.records) else self._empty_message[row]
        if line is not None:
            text, tone = line
            return [Segment(" " * LEAD_CELLS + cut(text, self.size.width - LEAD_CELLS), self.get_style(tone))]
        record = self.records[row]
        pieces: list[Segment] = []
        columns, gap = self._fit_columns()
        unstyled = self.row_mark(record)
        if is_current:
            pieces.append(self.draw_pointer())
        else:
            unstyled = " " + unstyled
        for position, (column, cells) in enumerate(columns):
            tone = column.tone(record) if column.tone else ""
            if is_current and position == 0 and self.has_focus:
                tone = "cursor"
            value = column.text(record)
            if column.shorter_texts is not None and width(value) > cells:
                value = next((text for text in column.shorter_texts(record) if width(text) <= cells), value)
            fitted = cut(value, cells) if column.is_prose else cut_middle(value, cells)
            text = pad(fitted, cells, right=column.is_right_aligned)
            highlights = self.find_highlights(column.key, value)
            if tone or highlights:
                # Blanks are not styled: otherwise every step of the cursor would send them.
                before, word = len(text) - len(text.lstrip()), text.strip()
                start = before - (len(text) - len(fitted) if column.is_right_aligned else 0)
                pieces.append(Segment(unstyled + text[:before], self.get_style("")))
                spans = clip_spans(visible_spans(highlights, value, fitted), start, start + len(word))
                pieces += split_segments(word, self.get_style(tone), spans)
                unstyled = text[before + len(word) :] + " " * gap
            else:
                unstyled += text + " " * gap
        return [*pieces, Segment(unstyled.rstrip() or " ", self.get_style(""))]

    def on_click(self, event: events.Click) -> None:
        """Ask to sort by the column whose heading was clicked. `VirtualList` handles clicks on rows."""
        if event.y != self.fixed_lines - 1:
            return
        columns, gap = self._fit_columns()
        end = LEAD_CELLS
        for column, cells in columns:
            end += cells + gap
            if event.x < end:
                self.post_message(self.HeaderSelected(self, column.key))
                return
