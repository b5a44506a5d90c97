"""When restore points may be cleaned up, and what is left then (rules R40, R46)."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from drtui.core.model.backup import NEVER
from drtui.core.summary.labels import StatusLabel
from drtui.core.timeline.lanes import NOW_MARK
from drtui.core.verdict.restore_points import RestorePoint

LAST_GOES = StatusLabel("!", "!", "last usable one expires", "bad")
MANY = "*"
"""More than one digit can say."""


class RetentionLane(Struct, frozen=True):
    """The restore points of all stores that have a retention date, by that date."""

    now: int
    """Epoch ms."""
    points: tuple[RestorePoint, ...] = ()
    dates: tuple[int, ...] = ()
    """Theirs, epoch ms."""
    usable_dates: tuple[int, ...] = ()
    """Those of the usable ones."""
    unexpiring_count: int = 0
    """How many usable ones are kept for ever, or do not say until when."""
    is_cleaner_active: bool = True
    """Whether anything is cleaned up, as far as is known: the cleaner can be paused (rule R45)."""

    @property
    def id(self) -> tuple[str, str]:
        """No store, and a kind that no lane has."""
        return "", "expires"

    @property
    def name(self) -> str:
        """What stands before it."""
        return "expires, all stores"

    @property
    def horizon(self) -> None:
        """It has none of its own."""

    @property
    def last_usable_expiry(self) -> int | None:
        """When the last usable one goes, if no new one is made; epoch ms. None if one stays."""
        return self.usable_dates[-1] if self.usable_dates and not self.unexpiring_count else None

    def count_usable_at(self, moment: int) -> int:
        """How many of the usable ones are left at a moment (epoch ms), if no new one is made."""
        return self.unexpiring_count + len(self.usable_dates) - bisect_right(self.usable_dates, moment)

    def marks(self, edges: Sequence[int]) -> list[StatusLabel | None]:
        """How many may be cleaned up in each slot between these edges (epoch ms); None for none."""
        return [self._mark(start, end) for start, end in pairwise(edges)]

    def _mark(self, start: int, end: int) -> StatusLabel | None:
        if self.last_usable_expiry is not None and start <= self.last_usable_expiry < end:
            return LAST_GOES
        number = bisect_left(self.dates, end) - bisect_left(self.dates, start)
        if number:
            digit = str(number) if number <= 9 else MANY
            return StatusLabel(digit, digit, "expires", "")
        return NOW_MARK if start <= self.now < end else None

    def events_between(self, start: int, end: int) -> tuple[RestorePoint, ...]:
        """Those that may be cleaned up from `start` until `end`, epoch ms."""
        return self.points[bisect_left(self.dates, start) : bisect_left(self.dates, end)]

    def last_event_before(self, moment: int) -> int | None:
        """When one last went, before a moment; both epoch ms."""
        position = bisect_left(self.dates, moment)
        return self.dates[position - 1] if position else None

    def next_event_from(self, moment: int) -> int | None:
        """When the next one goes, from a moment on; both epoch ms."""
        position = bisect_left(self.dates, moment)
        return self.dates[position] if position < len(self.dates) else None


def build_retention_lane(points: Sequence[RestorePoint], now: int, *, is_cleaner_active: bool = True) -> RetentionLane:
    """When these restore points may be cleaned up, if anything is."""
    dated = sorted((p for p in points if p.backup.retention not in {None, NEVER}), key=_date)
    usable = tuple(_date(point) for point in dated if point.verdict.is_usable)
    staying = sum(point.verdict.is_usable for point in points) - len(usable)
    return RetentionLane(now, tuple(dated), tuple(map(_date, dated)), usable, staying, is_cleaner_active)


def _date(point: RestorePoint) -> int:
    return point.backup.retention or 0
