"""What the starts of earlier runs teach: a period, and the moments at which one should have been and is not."""

import statistics
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from drtui.core.formatting.times import DAY, MINUTE

WEEK = 7 * DAY

NEAR = 30 * MINUTE
"""How far from its usual hour a run may be, in milliseconds, or a tenth of the period, if that is more."""


def period_of(starts: Sequence[int]) -> int:
    """The median time from one to the next, milliseconds: holes do not make it longer."""
    return round(statistics.median(later - earlier for earlier, later in pairwise(starts)))


def is_regular(starts: Sequence[int], period: int) -> bool:
    """Whether most backups follow the one before after a period, give or take a tenth."""
    steps = [later - earlier for earlier, later in pairwise(starts)]
    return period >= MINUTE and sum(abs(step - period) <= period / 10 for step in steps) * 2 >= len(steps)


def missing(starts: Sequence[int], period: int, first: int, until: int, most: int) -> Iterator[int]:
    """The moments from `first` to `until` at which one should have been; the newest, where there are many at a time."""
    return (moment for moment in _holes(starts, period, first, until, most) if _was_usual(moment, starts, period))


def _holes(starts: Sequence[int], period: int, first: int, until: int, most: int) -> Iterator[int]:
    """The moments between the starts, and after the last, at which there is none."""
    end = until + period // 2
    for earlier, later in pairwise([*starts, end]):
        if later >= first:
            count = round((min(later, end) - earlier) / period)
            skip = max(1, -((earlier - first) // period), count - most)
            yield from (earlier + number * period for number in range(skip, count))


def _was_usual(moment: int, starts: Sequence[int], period: int) -> bool:
    """Whether it ran at that hour of the week before: a schedule of working days has no holes at weekends."""
    if starts[-1] - starts[0] < 2 * WEEK:
        return True
    near = max(period // 10, NEAR)
    for weeks in range(1, 13):
        position = bisect_right(starts, moment - weeks * WEEK + near) - 1
        if position >= 0 and abs(starts[position] - (moment - weeks * WEEK)) <= near:
            return True
    return False
