"""The table: a sequence of records, of which only what is in sight is ever looked at."""

from collections.abc import Callable, Hashable, Sequence
from itertools import chain
from typing import Generic, NamedTuple, TypeVar

from rich.segment import Segment
from textual import events

from drtui.core.formatting.text import cut, cut_middle, pad
from drtui.core.query.highlight import Span, clip_spans, visible_spans
from drtui.ui.widgets.virtual_list import VirtualList

R = TypeVar("R")

LEAD_CELLS = 2
"""Cells at the beginning of a row: the cursor, and the mark of the record."""

WIDE_FLEXIBLE_CELLS = 12
"""Cells that the flexible column has to have before columns are two cells apart, not one."""


class Column(NamedTuple, Generic[R]):
    """One column."""

    key: str
    """What it is sorted by."""
    label: str
    width: int
    """In cells; of the one that takes what is left, what it should have at least."""
    text: Callable[[R], str]
    tone: Callable[[R], str] | None = None
    right: bool = False
    rank: int = 0
    """Where the window is narrow, the column with the highest rank goes first; 0 stays."""
    flexible: bool = False
    is_prose: bool = False
    """Where it is too long, the end goes; of a name it is the middle, for the end is often a date."""
    inverse_key: str = ""
    """The column that sorts the other way round: where that one has no room, its arrow stands here."""


class FittedColumns(NamedTuple, Generic[R]):
    """The columns that have room, with their widths, and the cells between them."""

    columns: tuple[tuple[Column[R], int], ...]
    gap: int


class CursorPosition(NamedTuple):
    """Where among records something is."""

    key: Hashable
    """What that stands for."""
    row: int | None
    """None if it is not among them."""


class CursorAnchor(NamedTuple, Generic[R]):
    """What the cursor stays on when other records come."""

    key: Hashable
    """What that stands for; None if it stays on nothing."""
    record: R | None
    identity: Callable[[R], Hashable]

    def locate_in(self, records: Sequence[R]) -> CursorPosition:
        """Where it is; of many, it is found faster by itself than by what it stands for."""
        record, identity, key = self.record, self.identity, self.key
        if key is None:
            return CursorPosition(key, None)
        row = next((at for at, each in enumerate(records) if each is record), None)
        if row is None:
            row = next((at for at, each in enumerate(records) if identity(each) == key), None)
        return CursorPosition(key, row)


class VirtualTable(VirtualList, Generic[R]):
    """A table whose cursor marks one cell and the name, so that a step of it sends few bytes."""

    fixed_lines = 2

    class HeaderSelected(VirtualList.Highlighted):
        """The heading of a column was clicked."""

        def __init__(self, source: VirtualList, key: str) -> None:
            super().__init__(source)
            self.key = key

    def __init__(
        self,
        columns: Sequence[Column[R]],
        identity: Callable[[R], Hashable],
        *,
        plain: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name for it
    ) -> None:
        super().__init__(plain=plain, id=id)
        self.records: Sequence[R] = ()
        self._columns = columns
        self.sorted_by, self.descending = "", False
        self.full_width_text: Callable[[R], tuple[str, str] | None] = lambda _: None
        """Text and tone of a record that is shown as one line, without columns."""
        self.row_mark: Callable[[R], str] = lambda _: " "
        """What stands in the cell between cursor and record."""
        self.find_highlights: Callable[[str, str], tuple[Span, ...]] = lambda _, __: ()
        """Where in the text of a column stands what is looked for."""
        self._identity = identity
        self._empty_message: tuple[tuple[str, str], ...] = ()
        self._fitted: tuple[int, FittedColumns[R]] | None = None

    @property
    def columns(self) -> Sequence[Column[R]]:
        """Those that there are; not all of them have room."""
        return self._columns

    @columns.setter
    def columns(self, columns: Sequence[Column[R]]) -> None:
        self._columns, self._fitted = columns, None

    @property
    def count(self) -> int:
        """How many records there are, or lines of what is said instead."""
        return len(self.records) or len(self._empty_message)

    def row_key(self, row: int) -> Hashable:
        """Which record it is."""
        return self._identity(self.records[row]) if row < len(self.records) else None

    def nearest_selectable(self, row: int) -> int:
        """The nearest record that can be chosen, rather below than above."""
        rows = chain(range(row, self.count), range(row, -1, -1))
        return next((each for each in rows if self.row_key(each) is not None), row)

    def show_heading(self) -> None:
        """Bring the heading that the cursor is under into sight, if both have room."""
        rows = range(self.cursor, max(-1, self.cursor - self.page), -1)
        self.top = min(self.top, next((row for row in rows if self.row_key(row) is None), self.top))
        self.repaint()

    def _scroll_to_cursor(self) -> None:
        """Scroll so that the cursor is in sight, and the heading right above it, too."""
        super()._scroll_to_cursor()
        if self.top == self.cursor > 0 and self.page > 1 and self.row_key(self.cursor - 1) is None:
            self.top -= 1

    @property
    def record(self) -> R | None:
        """The one under the cursor."""
        return self.records[self.cursor] if self.cursor < len(self.records) else None

    @property
    def cursor_anchor(self) -> CursorAnchor[R]:
        """What the cursor stays on: the newest until a person has moved it, however many come above that."""
        return CursorAnchor(self.key if self.has_user_moved else None, self.record, self._identity)

    @property
    def visible_columns(self) -> tuple[str, ...]:
        """The keys of the columns that have room, from left to right."""
        return tuple(column.key for column, _ in self._fitted_columns().columns)

    @property
    def sort_arrow(self) -> tuple[str, bool]:
        """The column that has it in its heading, and whether it points down."""
        key = self.find_arrow_column(self.sorted_by)
        return key, self.descending if key == self.sorted_by else not self.descending

    def find_arrow_column(self, key: str) -> str:
        """The column that has the arrow where one sorts by this one; none where neither has room."""
        columns = [column for column, _ in self._fitted_columns().columns] if key else []
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
        position: CursorPosition | None = None,
    ) -> None:
        """Replace the records, in order; `instead` is what to say, line by line with its tone, when there are none.

        The cursor stays on the record it is on, which may be known to be at `place`; if that is gone, on the one that
        took its place.
        """
        anchor = self.cursor_anchor
        row, offset = (self.cursor, self.cursor - self.top) if self.has_user_moved else (0, 0)
        if position is None or position.key != anchor.key:
            position = anchor.locate_in(records)
        if position.row is not None:
            row = position.row
        self.records, self._empty_message = records, empty_message
        self.sorted_by, self.descending = sorted_by, descending
        self._fitted = None
        self.restore_cursor(None if position.row is None else position.key, row, offset)

    def _fitted_columns(self) -> FittedColumns[R]:
        """The columns that have room: those that stay, the one that sorts, and as many others as there can be."""
        cells = self.size.width
        if self._fitted is None or self._fitted[0] != cells:
            self._fitted = cells, self._fit_columns(cells)
        return self._fitted[1]

    def _fit_columns(self, cells: int) -> FittedColumns[R]:
        visible, spare, gap = set(), cells, LEAD_CELLS
        for column in sorted(self.columns, key=lambda c: (c.rank > 0 and c.key != self.sorted_by, c.rank)):
            if column.rank == 0 or column.width + gap <= spare:
                visible.add(column.key)
                spare -= column.width + gap
        columns = [column for column in self.columns if column.key in visible]
        if any(column.flexible and column.width + spare < WIDE_FLEXIBLE_CELLS for column in columns):
            gap, spare = 1, spare + len(columns) - 1
        return FittedColumns(tuple((c, max(1, c.width + spare) if c.flexible else c.width) for c in columns), gap)

    def draw_fixed_line(self, y: int) -> list[Segment]:  # noqa: ARG002 - there is only one
        """The names of the columns; the one that sorts has an arrow."""
        columns, gap = self._fitted_columns()
        sorts, down = self.sort_arrow
        arrow = ("v" if down else "^") if self.plain else "▾" if down else "▴"
        labels = (
            pad(f"{column.label} {arrow}" if column.key == sorts else column.label, cells, right=column.right)
            for column, cells in columns
        )
        return [Segment(" " * LEAD_CELLS + (" " * gap).join(labels), self.style_of("header"))]

    def draw(self, row: int, *, is_current: bool) -> list[Segment]:
        """The cells of one record; neighbours of one style are one segment."""
        if row >= len(self.records):
            text, tone = self._empty_message[row]
            return [Segment(" " * LEAD_CELLS + cut(text, self.size.width - LEAD_CELLS), self.style_of(tone))]
        record = self.records[row]
        if (line := self.full_width_text(record)) is not None:
            return [Segment(" " * LEAD_CELLS + cut(line[0], self.size.width - LEAD_CELLS), self.style_of(line[1]))]
        pieces: list[Segment] = []
        columns, gap = self._fitted_columns()
        unstyled = ((">" if self.plain else "▸") if is_current else " ") + self.row_mark(record)
        for position, (column, cells) in enumerate(columns):
            tone = column.tone(record) if column.tone else ""
            if is_current and position == 0:
                tone = "cursor" if self.has_focus else "cursor-blur"
            value = column.text(record)
            fitted = cut(value, cells) if column.is_prose else cut_middle(value, cells)
            text = pad(fitted, cells, right=column.right)
            highlights = self.find_highlights(column.key, value)
            if tone or highlights:
                # Blanks are left plain: marked, the cursor would send them with every step.
                before, word = len(text) - len(text.lstrip()), text.strip()
                start = before - (len(text) - len(fitted) if column.right else 0)
                pieces.append(Segment(unstyled + text[:before], self.style_of("")))
                pieces += self.styled_pieces(
                    word, tone, clip_spans(visible_spans(highlights, value, fitted), start, start + len(word))
                )
                unstyled = text[before + len(word) :] + " " * gap
            else:
                unstyled += text + " " * gap
        return [*pieces, Segment(unstyled.rstrip() or " ", self.style_of(""))]

    def on_click(self, event: events.Click) -> None:
        """The heading of a column asks to be sorted by; what is below, `Rows` sees to."""
        if event.y != self.fixed_lines - 1:
            return
        columns, gap = self._fitted_columns()
        end = LEAD_CELLS
        for column, cells in columns:
            end += cells + gap
            if event.x < end:
                self.post_message(self.HeaderSelected(self, column.key))
                return
