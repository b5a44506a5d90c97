"""Finds lines that only moved, which the terminal can move itself."""

from collections.abc import Mapping, Sequence
from itertools import compress, count
from operator import is_not, ne, or_, sub
from typing import NamedTuple

from drtui.ui.renderer.cells import Line

COST = 18
"""Bytes of setting the margins, going to one of them, and taking them off again."""

JUMP = 5
"""Bytes of going from one place to another."""

FEW = 3
"""Where less than one line in so many only moved, it is not looked at any closer: it seldom pays."""


class Scroll(NamedTuple):
    """The lines from `top` to `bottom` move up by so many, down if it is negative."""

    top: int
    bottom: int
    by: int

    def applied(self, lines: Sequence[Line]) -> list[Line]:
        """What then stands from `top` to `bottom`."""
        block = list(lines[self.top : self.bottom + 1])
        blank = [Line.blank(len(block[0].chars)) for _ in range(abs(self.by))]
        return [*block[self.by :], *blank] if self.by > 0 else [*blank, *block[: self.by]]


def find_scroll(shown: Sequence[Line], changed: Mapping[int, Line]) -> Scroll | None:
    """The one that leaves the least to be written; None where it would not pay."""
    found = _found(shown, changed) if len(changed) >= 3 else None
    if found is None:
        return None
    top, bottom, by = found
    # The line with the cursor may have moved, too: it is no longer the same, but little of it is to be written.
    wider = Scroll(top, bottom + 1, by) if by > 0 else Scroll(top - 1, bottom, by)
    possible = [each for each in (found, wider) if each.top >= 0 and each.bottom < len(shown)]
    wanted = {y: changed.get(y, shown[y]) for each in possible for y in range(each.top, each.bottom + 1)}
    now = {y: _cost(shown[y], line) for y, line in wanted.items()}

    def saved(each: Scroll) -> int:
        """Bytes that need not be written, more or less."""
        return sum(now[y] - _cost(moved, wanted[y]) for y, moved in enumerate(each.applied(shown), each.top))

    most, best = max((saved(each), each) for each in possible)
    return best if most > COST + 2 * abs(by) else None


def _found(shown: Sequence[Line], changed: Mapping[int, Line]) -> Scroll | None:
    """Where most of the texts that are wanted stood before, if they stood elsewhere."""
    where = {text: y for y in changed if (text := "".join(shown[y].chars)) and not text.isspace()}
    votes: dict[int, list[int]] = {}
    for y, line in changed.items():
        at = where.get("".join(line.chars), y)
        if at != y:
            votes.setdefault(at - y, []).append(y)
    if not votes:
        return None
    by, rows = max(votes.items(), key=lambda vote: len(vote[1]))
    found = Scroll(min(rows) + min(by, 0), max(rows) + max(by, 0), by)
    return found if len(rows) * FEW > found.bottom - found.top else None


def _cost(old: Line, new: Line) -> int:
    if old.same(new):
        return 0
    cells = count_differing(old, new)
    gaps = map(sub, cells[1:], cells)
    return len(cells) + JUMP * (1 + sum(map(JUMP.__lt__, gaps)))


def count_differing(old: Line, new: Line) -> list[int]:
    """The cells that do not hold the same."""
    # In no frame is anything done as often as this, so none of it is done in Python.
    other = map(ne, old.chars, new.chars)
    if old.looks != new.looks:
        other = map(or_, other, map(is_not, old.looks, new.looks))
    return list(compress(count(), other))
