"""Find rows that only moved, so that the terminal can scroll them itself."""

from collections.abc import Mapping, Sequence
from itertools import compress, count
from operator import is_not, ne, or_, sub
from typing import NamedTuple

from drtui.ui.renderer.cells import CellRow

SCROLL_BYTES = 18
"""Bytes for setting the margins, moving the cursor to one of them and removing them."""

JUMP_BYTES = 5
"""Bytes for moving the cursor to another place."""

MIN_MOVED_FRACTION = 3
"""At least one row in this many must have moved; with fewer, scrolling seldom saves bytes."""


class Scroll(NamedTuple):
    """Rows `top` to `bottom` move up by `by` rows, or down if `by` is negative."""

    top: int
    bottom: int
    by: int

    def apply_to(self, rows: Sequence[CellRow]) -> list[CellRow]:
        """Return the rows from `top` to `bottom` after scrolling."""
        block = list(rows[self.top : self.bottom + 1])
        blank = [CellRow.blank(len(block[0].chars)) for _ in range(abs(self.by))]
        return [*block[self.by :], *blank] if self.by > 0 else [*blank, *block[: self.by]]


def find_scroll(current: Sequence[CellRow], changed: Mapping[int, CellRow]) -> Scroll | None:
    """Return the scroll that leaves the fewest bytes to write, or None if no scroll saves any."""
    candidate = _find_candidate(current, changed) if len(changed) >= 3 else None
    if candidate is None:
        return None
    top, bottom, by = candidate
    # The row with the cursor may have moved, too: its style differs, but few of its cells have to be written.
    wider = Scroll(top, bottom + 1, by) if by > 0 else Scroll(top - 1, bottom, by)
    candidates = [scroll for scroll in (candidate, wider) if scroll.top >= 0 and scroll.bottom < len(current)]
    target = {y: changed.get(y, current[y]) for scroll in candidates for y in range(scroll.top, scroll.bottom + 1)}
    costs = {y: _estimate_bytes(current[y], row) for y, row in target.items()}

    def saved_bytes(scroll: Scroll) -> int:
        """Return about how many bytes this scroll saves."""
        return sum(
            costs[y] - _estimate_bytes(moved, target[y]) for y, moved in enumerate(scroll.apply_to(current), scroll.top)
        )

    most, best = max((saved_bytes(scroll), scroll) for scroll in candidates)
    return best if most > SCROLL_BYTES + 2 * abs(by) else None


def _find_candidate(current: Sequence[CellRow], changed: Mapping[int, CellRow]) -> Scroll | None:
    """Return the scroll by which most of the changed rows have moved, or None."""
    row_of_text = {text: y for y in changed if (text := "".join(current[y].chars)) and not text.isspace()}
    votes: dict[int, list[int]] = {}
    for y, row in changed.items():
        old_row = row_of_text.get("".join(row.chars), y)
        if old_row != y:
            votes.setdefault(old_row - y, []).append(y)
    if not votes:
        return None
    by, rows = max(votes.items(), key=lambda vote: len(vote[1]))
    scroll = Scroll(min(rows) + min(by, 0), max(rows) + max(by, 0), by)
    return scroll if len(rows) * MIN_MOVED_FRACTION > scroll.bottom - scroll.top else None


def _estimate_bytes(old: CellRow, new: CellRow) -> int:
    """Return about how many bytes it takes to turn one row into the other."""
    if old == new:
        return 0
    cells = find_differing_cells(old, new)
    gaps = map(sub, cells[1:], cells)
    return len(cells) + JUMP_BYTES * (1 + sum(map(JUMP_BYTES.__lt__, gaps)))


def find_differing_cells(old: CellRow, new: CellRow) -> list[int]:
    """Return the cells whose character or style differs."""
    # The most frequent step of a frame, so there is no loop in Python.
    differs = map(ne, old.chars, new.chars)
    if old.styles != new.styles:
        differs = map(or_, differs, map(is_not, old.styles, new.styles))
    return list(compress(count(), differs))
