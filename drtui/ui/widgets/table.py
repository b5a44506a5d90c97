"""The table: a sequence of records, of which only what is in sight is ever looked at."""

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, NamedTuple, TypeVar

from rich.segment import Segment

from drtui.model.text import cut, cut_middle, pad
from drtui.ui.widgets.rows import Rows

R = TypeVar("R")


class Column(NamedTuple, Generic[R]):
    """One column."""

    key: str
    """What it is sorted by."""
    label: str
    width: int
    """In cells; of the one that takes what is left, the least."""
    text: Callable[[R], str]
    tone: Callable[[R], str] | None = None
    right: bool = False
    rank: int = 0
    """Where the window is narrow, the column with the highest rank goes first; 0 stays."""
    flexible: bool = False


class Table(Rows, Generic[R]):
    """A table whose cursor marks one cell and the name, so that a step of it sends few bytes."""

    fixed = 2

    def __init__(
        self,
        columns: Sequence[Column[R]],
        identity: Callable[[R], Hashable],
        *,
        whole: Callable[[R], tuple[str, str] | None] = lambda _: None,
        plain: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name for it
    ) -> None:
        """`whole` gives text and tone of a record that is shown as one line, without columns."""
        super().__init__(plain=plain, id=id)
        self.records: Sequence[R] = ()
        self.columns = columns
        self.sorted_by, self.descending = "", False
        self._identity, self._whole = identity, whole
        self._instead: tuple[tuple[str, str], ...] = ()
        self._fitted: tuple[int, tuple[tuple[Column[R], int], ...]] = (-1, ())

    @property
    def count(self) -> int:
        """How many records there are, or lines of what is said instead."""
        return len(self.records) or len(self._instead)

    def stands_for(self, row: int) -> Hashable:
        """Which record it is."""
        return self._identity(self.records[row]) if row < len(self.records) else None

    @property
    def record(self) -> R | None:
        """The one under the cursor."""
        return self.records[self.cursor] if self.cursor < len(self.records) else None

    def show(
        self,
        records: Sequence[R],
        *,
        sorted_by: str = "",
        descending: bool = False,
        instead: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Replace the records, in order; `instead` is what to say, line by line with its tone, when there are none.

        The cursor stays on the record it is on; if that is gone, on the one that took its place.
        """
        # Until a person has moved it, the cursor is on the newest, however many are still to arrive above it.
        key, row, offset = (self.key, self.cursor, self.cursor - self.top) if self.moved else (None, 0, 0)
        self.records, self._instead = records, instead
        self.sorted_by, self.descending = sorted_by, descending
        self.placed(key, row, offset)

    def refit(self) -> None:
        """Lay the columns out anew: they are others."""
        self._fitted = (-1, ())

    def _fit(self) -> tuple[tuple[Column[R], int], ...]:
        """The columns that have room, with their widths in cells."""
        room = self.size.width - 2
        if self._fitted[0] == room:
            return self._fitted[1]
        spare = room + 2
        chosen = set()
        for column in sorted(self.columns, key=lambda c: c.rank):
            if column.rank == 0 or column.width + 2 <= spare:
                chosen.add(column.key)
                spare -= column.width + 2
        spare = max(0, spare)
        fitted = tuple((c, c.width + (spare if c.flexible else 0)) for c in self.columns if c.key in chosen)
        self._fitted = (room, fitted)
        return fitted

    def fixed_line(self, y: int) -> list[Segment]:  # noqa: ARG002 - there is only one
        """The names of the columns; the one that sorts has an arrow."""
        arrow = ("v" if self.descending else "^") if self.plain else "▾" if self.descending else "▴"
        labels = (
            pad(f"{column.label} {arrow}" if column.key == self.sorted_by else column.label, cells, right=column.right)
            for column, cells in self._fit()
        )
        return [Segment("  " + "  ".join(labels), self.style_of("header"))]

    def draw(self, row: int, *, here: bool) -> list[Segment]:
        """The cells of one record; neighbours of one style are one segment."""
        if row >= len(self.records):
            text, tone = self._instead[row]
            return [Segment("  " + text, self.style_of(tone))]
        record = self.records[row]
        if (said := self._whole(record)) is not None:
            return [Segment("  " + cut(said[0], self.size.width - 2), self.style_of(said[1]))]
        pieces: list[Segment] = []
        plain = ((">" if self.plain else "▸") if here else " ") + " "
        for position, (column, cells) in enumerate(self._fit()):
            text = pad(cut_middle(column.text(record), cells), cells, right=column.right)
            tone = column.tone(record) if column.tone else ""
            if here and position == 0:
                tone = "cursor" if self.has_focus else "cursor-blur"
            if tone:
                pieces += [Segment(plain, self.style_of("")), Segment(text, self.style_of(tone))]
                plain = "  "
            else:
                plain += text + "  "
        return [*pieces, Segment(plain.rstrip() or " ", self.style_of(""))]
