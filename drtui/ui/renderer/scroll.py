"""Finds lines that only moved, which the terminal can move itself."""

from collections.abc import Mapping, Sequence
from itertools import compress, count
from operator import is_not, ne, or_, sub
from typing import NamedTuple

from drtui.ui.renderer.cells import Line

SCROLL_BYTES = 18
"""Bytes of setting the margins, going to one of them, and taking them off again."""

JUMP_BYTES = 5
"""Bytes of going from one place to another."""

MIN_MOVED_FRACTION = 3
"""Where less than one line in so many only moved, it is not looked at any closer: it seldom pays."""


class Scroll(NamedTuple):
    """The lines from `top` to `bottom` move up by so many, down if it is negative."""

    top: int
    bottom: int
    by: int

    def apply_to(self, lines: Sequence[Line]) -> list[Line]:
        """What then stands from `top` to `bottom`."""
        block = list(lines[self.top : self.bottom + 1])
        blank = [Line.blank(len(block[0].chars)) for _ in range(abs(self.by))]
        return [*block[self.by :], *blank] if self.by > 0 else [*blank, *block[: self.by]]


def find_scroll(current: Sequence[Line], changed: Mapping[int, Line]) -> Scroll | None:
    """The one that leaves the least to be written; None where it would not pay."""
    candidate = _find_candidate(current, changed) if len(changed) >= 3 else None
    if candidate is None:
        return None
    top, bottom, by = candidate
    # The line with the cursor may have moved, too: it is no longer the same, but little of it is to be written.
    wider = Scroll(top, bottom + 1, by) if by > 0 else Scroll(top - 1, bottom, by)
    candidates = [each for each in (candidate, wider) if each.top >= 0 and each.bottom < len(current)]
    target = {y: changed.get(y, current[y]) for each in candidates for y in range(each.top, each.bottom + 1)}
    costs = {y: _estimate_bytes(current[y], line) for y, line in target.items()}

    def saved_bytes(each: Scroll) -> int:
        """Bytes that need not be written, more or less."""
        return sum(
            costs[y] - _estimate_bytes(moved, target[y]) for y, moved in enumerate(each.apply_to(current), each.top)
        )

    most, best = max((saved_bytes(each), each) for each in candidates)
    return best if most > SCROLL_BYTES + 2 * abs(by) else None


def _find_candidate(current: Sequence[Line], changed: Mapping[int, Line]) -> Scroll | None:
    """Where most of the texts that are wanted stood before, if they stood elsewhere."""
    row_of_text = {text: y for y in changed if (text := "".join(current[y].chars)) and not text.isspace()}
    votes: dict[int, list[int]] = {}
    for y, line in changed.items():
        old_row = row_of_text.get("".join(line.chars), y)
        if old_row != y:
            votes.setdefault(old_row - y, []).append(y)
    if not votes:
        return None
    by, rows = max(votes.items(), key=lambda vote: len(vote[1]))
    scroll = Scroll(min(rows) + min(by, 0), max(rows) + max(by, 0), by)
    return scroll if len(rows) * MIN_MOVED_FRACTION > scroll.bottom - scroll.top else None


def _estimate_bytes(old: Line, new: Line) -> int:
    if old.is_same_as(new):
        return 0
    cells = differing_cells(old, new)
    gaps = map(sub, cells[1:], cells)
    return len(cells) + JUMP_BYTES * (1 + sum(map(JUMP_BYTES.__lt__, gaps)))


def differing_cells(old: Line, new: Line) -> list[int]:
    """The cells that do not hold the same."""
    # In no frame is anything done as often as this, so none of it is done in Python.
    differs = map(ne, old.chars, new.chars)
    if old.styles != new.styles:
        differs = map(or_, differs, map(is_not, old.styles, new.styles))
    return list(compress(count(), differs))
