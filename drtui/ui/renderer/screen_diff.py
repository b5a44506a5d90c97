"""Work out the output that turns what the terminal shows into the next frame."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import compress, count
from operator import sub

from drtui.ui.renderer.ansi_writer import AnsiWriter, Terminal, move_right
from drtui.ui.renderer.cells import CellRow, get_widest_width
from drtui.ui.renderer.scroll import Scroll, find_differing_cells, find_scroll
from drtui.ui.renderer.sgr import get_blank_style

ERASE_BYTES = 3
"""Bytes of the sequence that erases the rest of a row."""

MARGIN_CELLS = 2
"""Blank cells at the left that are written rather than skipped: moving to the start of a row takes fewer bytes."""

ADJACENT_CELLS = 1
"""Distance of two neighbouring cells."""
MAX_GAP_CELLS = 4
"""Widest gap in cells that may be shorter to write than to skip."""

CLEAR = "\x1b[m\x1b[r\x1b[2J"
"""Resets attributes and margins and clears the screen."""


class ScreenDiff:
    """Remembers the rows that the terminal shows."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._rows: list[CellRow] = []
        self._is_known = False
        """False if the terminal may show something else than `_rows`."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the last painted frame, in cells."""
        return len(self._rows[0].chars) if self._rows else 0, len(self._rows)

    def forget(self) -> None:
        """Paint the whole screen next time, because the terminal may show anything."""
        self._is_known = False

    def copy_row(self, y: int) -> CellRow:
        """Return a copy of row `y`, to be changed and painted."""
        return self._rows[y].copy()

    def resize(self, width: int, height: int) -> None:
        """Set the size of the next frame in cells. If it differs, what the terminal shows is unknown."""
        if self.size != (width, height):
            self._rows, self._is_known = [CellRow.blank(width) for _ in range(height)], False

    def paint(self, rows: Mapping[int, CellRow], cursor: tuple[int, int] | None = None) -> str:
        """Return the output that shows these rows and leaves the cursor at `cursor`; "" if nothing changes."""
        writer = AnsiWriter(self._terminal)
        if not self._is_known:
            rows = dict(enumerate(self._rows)) | dict(rows)
            self._rows = [CellRow.blank(self.size[0]) for _ in self._rows]
            writer.write_sequence(CLEAR)
            self._is_known = True
        changed = {y: row for y, row in sorted(rows.items()) if row != self._rows[y]}
        scroll = find_scroll(self._rows, changed)
        if scroll is not None:
            changed = self._scroll(writer, scroll, changed)
        for y, row in changed.items():
            _rewrite_row(writer, y, self._rows[y], row)
            self._rows[y] = row
        if cursor is not None and writer.text:
            writer.move_to(*cursor)
        return writer.text

    def _scroll(self, writer: AnsiWriter, scroll: Scroll, changed: dict[int, CellRow]) -> dict[int, CellRow]:
        """Let the terminal scroll a block of rows. Return the rows that still have to be written.

        Line feeds at a margin scroll on every terminal; SU and SD (ECMA-48) are unknown to linux and the VT100.
        """
        top, bottom, by = scroll
        margin, step = (bottom, "\n" * by) if by > 0 else (top, "\x1bM" * -by)
        writer.write_sequence(f"\x1b[{top + 1};{bottom + 1}r\x1b[{margin + 1}H{step}\x1b[r")
        new_rows = {y: changed.get(y, self._rows[y]) for y in range(top, bottom + 1)}
        self._rows[top : bottom + 1] = scroll.apply_to(self._rows)
        remaining = {y: row for y, row in new_rows.items() if row != self._rows[y]}
        return remaining | {y: row for y, row in changed.items() if not top <= y <= bottom}


def _rewrite_row(writer: AnsiWriter, y: int, old: CellRow, new: CellRow) -> None:
    """Write the cells that differ: skip equal cells where that is shorter, and erase the row's end if it is blank."""
    cells = _find_cells_to_write(old, new)
    tail = _find_blank_tail(new)
    blank = [x for x in cells if x >= tail]
    can_erase = len(blank) > ERASE_BYTES and blank[-1] - blank[0] >= ERASE_BYTES
    if can_erase:
        cells = [x for x in cells if x < tail]
    end = 0
    for start, end in _join_runs(cells, new) if cells else ():
        writer.write_cells(y, new, start, end)
    if can_erase and not writer.erase(y, max(tail, end), new.styles[-1]):
        writer.write_cells(y, new, blank[0], len(new.chars))


def _find_cells_to_write(old: CellRow, new: CellRow) -> list[int]:
    """Return the cells that differ, neighbours that some terminals would overwrite, and a short left margin."""
    cells = find_differing_cells(old, new)
    if max(map(len, new.chars)) > 1:
        neighbours = {right for x in cells for right in range(x + 1, x + get_widest_width(new.chars[x]))}
        cells = sorted({*cells, *(x for x in neighbours if x < len(new.chars))})
    margin = cells[0] if cells else 0
    if 0 < margin <= MARGIN_CELLS and all(
        char == " " and get_blank_style(style) is get_blank_style(new.styles[margin])
        for char, style in zip(new.chars[:margin], new.styles, strict=False)
    ):
        cells = [*range(margin), *cells]
    return cells


def _find_blank_tail(row: CellRow) -> int:
    """Return the first cell from which on all cells are blank and of one style."""
    style = get_blank_style(row.styles[-1])
    x = len(row.chars)
    while x and row.chars[x - 1] == " " and get_blank_style(row.styles[x - 1]) is style:
        x -= 1
    return x


def _join_runs(cells: Sequence[int], row: CellRow) -> Iterator[tuple[int, int]]:
    """Yield runs of cells to write together, as (start, end) with `end` excluded. Never splits a wide character."""
    chars, width = row.chars, len(row.chars)
    first = 0
    start = end = -1
    for after in (*compress(count(1), map(ADJACENT_CELLS.__lt__, map(sub, cells[1:], cells))), len(cells)):
        if start >= 0 and not _is_shorter_to_write(row, end, cells[first]):
            yield start, end
            start = -1
        start = cells[first] if start < 0 else start
        end = cells[after - 1] + 1
        while end < width and not chars[end]:
            end += 1
        first = after
    yield start, end


def _is_shorter_to_write(row: CellRow, start: int, end: int) -> bool:
    """True if writing the unchanged cells from `start` to `end` takes no more bytes than skipping them."""
    if end - start > MAX_GAP_CELLS:
        return False
    jump = len(move_right(end - start))
    if len("".join(row.chars[start:end]).encode()) > jump:
        return False
    style = row.styles[start - 1]
    gap = zip(row.chars[start:end], row.styles[start:end], strict=True)
    return all(
        cell_style is style or (char == " " and get_blank_style(cell_style) is get_blank_style(style))
        for char, cell_style in gap
    )
