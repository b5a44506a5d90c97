"""Positions in a list, kept as runs of neighbours."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

Run = tuple[int, int]
"""From the first position up to before the second one."""

Runs = tuple[Run, ...]
"""In order, none touching another."""


def backwards(runs: Runs) -> Iterator[int]:
    """Every position in them, the last one first."""
    for start, stop in reversed(runs):
        yield from range(stop - 1, start - 1, -1)


def among(runs: Runs, position: int) -> bool:
    """Whether a position is in one of them."""
    before = bisect_right(runs, position, key=lambda run: run[0])
    return before > 0 and position < runs[before - 1][1]


def size(runs: Iterable[Run]) -> int:
    """How many positions there are in them."""
    return sum(stop - start for start, stop in runs)
