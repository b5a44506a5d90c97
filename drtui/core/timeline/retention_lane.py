"""The lane of retention dates: restore points that may be cleaned up, and usable ones left (rules R40, R46)."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from drtui.core.model.backup import NEVER
from drtui.core.summary.labels import StatusLabel
from drtui.core.timeline.lanes import NOW_MARK, Event, SortedEvents
from drtui.core.verdict.restore_points import RestorePoint

LAST_EXPIRY_MARK = StatusLabel("L", "L", "last usable expires", "bad")
MANY_SYMBOL = "*"
"""Symbol for ten or more restore points."""


class RetentionLane(SortedEvents, frozen=True):
    """The restore points of all stores that have a retention date, sorted by it."""

    usable_dates: tuple[int, ...] = ()
    """Retention dates of the usable restore points, epoch ms."""
    unexpiring_count: int = 0
    """Number of usable restore points that never expire or have no known retention date."""
    is_cleaner_active: bool = True
    """False if the retention cleaner is known to be paused: then nothing is cleaned up (rule R45)."""

    @property
    def id(self) -> tuple[str, str]:
        """An id that no `Lane` has."""
        return "", "expires"

    @property
    def name(self) -> str:
        """The label of the lane."""
        return "expires, all stores"

    @property
    def horizon(self) -> None:
        """None: only a `Lane` has a retention horizon."""

    @property
    def last_usable_expiry(self) -> int | None:
        """Expiry of the last usable restore point if no new one is made, epoch ms; None if one does not expire."""
        return self.usable_dates[-1] if self.usable_dates and not self.unexpiring_count else None

    def count_usable_at(self, moment: int) -> int:
        """Return the number of usable restore points left at a moment (epoch ms), if no new one is made."""
        return self.unexpiring_count + len(self.usable_dates) - bisect_right(self.usable_dates, moment)

    def marks(self, edges: Sequence[int]) -> list[StatusLabel | None]:
        """Return the symbol of each slot between `edges` (epoch ms): the number that may be cleaned up; None if 0."""
        return [self._mark(start, end) for start, end in pairwise(edges)]

    def _mark(self, start: int, end: int) -> StatusLabel | None:
        if self.last_usable_expiry is not None and start <= self.last_usable_expiry < end:
            return LAST_EXPIRY_MARK
        number = len(self.events_between(start, end))
        if number:
            digit = str(number) if number <= 9 else MANY_SYMBOL
            return StatusLabel(digit, digit, "expires", "")
        return NOW_MARK if start <= self.now < end else None

    def events_between(self, start: int, end: int) -> tuple[Event, ...]:
        """Return the restore points that may be cleaned up from `start` until `end` (epoch ms)."""
        return self.past_events_between(start, end)


def build_retention_lane(points: Sequence[RestorePoint], now: int, *, is_cleaner_active: bool = True) -> RetentionLane:
    """Build the lane of the retention dates of restore points."""
    dated = sorted((p for p in points if p.backup.retention not in {None, NEVER}), key=_retention_date)
    usable = tuple(_retention_date(point) for point in dated if point.verdict.is_usable)
    staying = sum(point.verdict.is_usable for point in points) - len(usable)
    return RetentionLane(now, tuple(dated), tuple(map(_retention_date, dated)), usable, staying, is_cleaner_active)


def _retention_date(point: RestorePoint) -> int:
    return point.backup.retention or 0
