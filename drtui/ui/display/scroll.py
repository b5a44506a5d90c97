"""Finds lines that only moved, which the terminal can move itself."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from drtui.ui.display.cells import Line

COST = 18
"""Bytes of setting the margins, going to one of them, and taking them off again."""


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
    if len(changed) < 3:
        return None
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
    return found if _saved(found, shown, changed) > COST + 2 * abs(by) else None


def _saved(found: Scroll, shown: Sequence[Line], changed: Mapping[int, Line]) -> int:
    """Cells that need not be written."""
    moved = found.applied(shown)
    wanted = [changed.get(y, shown[y]) for y in range(found.top, found.bottom + 1)]
    now = shown[found.top : found.bottom + 1]
    return sum(
        len(differing(was, line)) - len(differing(is_, line)) for was, is_, line in zip(now, moved, wanted, strict=True)
    )


def differing(old: Line, new: Line) -> list[int]:
    """The cells that do not hold the same."""
    cells = enumerate(zip(old.chars, new.chars, old.looks, new.looks, strict=True))
    return [x for x, (was, is_, before, after) in cells if before is not after or was != is_]
