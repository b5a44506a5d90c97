"""Finds lines that only moved, which the terminal can move itself."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from drtui.ui.display.cells import Line

COST = 18
"""Bytes of setting the margins, going to one of them, and taking them off again."""

JUMP = 5
"""Bytes of going from one place to another."""


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


def scroll(shown: Sequence[Line], changed: Mapping[int, Line]) -> Scroll | None:
    """The one that leaves the least to be written; None where it would not pay."""
    found = _found(shown, changed) if len(changed) >= 3 else None
    if found is None:
        return None
    top, bottom, by = found
    # The line with the cursor may have moved, too: it is no longer the same, but little of it is to be written.
    wider = Scroll(top, bottom + 1, by) if by > 0 else Scroll(top - 1, bottom, by)
    best, saved = max(
        ((each, _saved(each, shown, changed)) for each in (found, wider) if 0 <= each.top <= each.bottom < len(shown)),
        key=lambda pair: pair[1],
    )
    return best if saved > COST + 2 * abs(by) else None


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
    return Scroll(min(rows) + min(by, 0), max(rows) + max(by, 0), by)


def _saved(found: Scroll, shown: Sequence[Line], changed: Mapping[int, Line]) -> int:
    """Bytes that need not be written, more or less."""
    saved = 0
    for y, moved in enumerate(found.applied(shown), found.top):
        wanted = changed.get(y, shown[y])
        saved += _cost(shown[y], wanted) - _cost(moved, wanted)
    return saved


def _cost(old: Line, new: Line) -> int:
    if old.same(new):
        return 0
    cells = differing(old, new)
    return len(cells) + JUMP * (1 + sum(after - before > JUMP for before, after in pairwise(cells)))


def differing(old: Line, new: Line) -> list[int]:
    """The cells that do not hold the same."""
    cells = enumerate(zip(old.chars, new.chars, old.looks, new.looks, strict=True))
    return [x for x, (was, is_, before, after) in cells if before is not after or was != is_]
