"""How long things go on as they are: until the last usable restore point goes, and until a backup takes too long."""

import statistics
from collections.abc import Sequence
from heapq import nlargest

from msgspec import Struct

from drtui.core.listing.catalog import RestorePoint, started
from drtui.core.model.backup import NEVER
from drtui.core.model.site import DrSettings
from drtui.core.model.time_limit import limit_of

RECENT = 14
"""How many of the newest durations count as recent."""

NEAR_TIMEOUT = 0.8
"""From this share of the limit on a slow night may be enough to lose a backup."""

ENOUGH = 6
"""With fewer durations than these there is no trend to speak of."""


class ExpiryRunway(Struct, frozen=True):
    """When the usable restore points may be cleaned up if no new one is made (RULES R40, R46)."""

    last: int | None
    """When the last of them goes, epoch ms; None if one is kept forever, or says nothing of its retention."""
    next: RestorePoint | None
    """The one that goes first; None if none has a date."""
    newest_is_next: bool
    """Whether the newest goes before any other: nobody knows whether the cleaner spares it (RULES R46)."""


class TimeoutRunway(Struct, frozen=True):
    """How near the recent backups came to the limit after which they are cancelled (RULES R29)."""

    longest: RestorePoint
    """The one of the recent ones that took longest."""
    took: int
    """What it took, milliseconds."""
    limit: int
    """Milliseconds."""
    assumed: bool
    """Whether the limit is the documented default, because the settings name none or cannot be read."""
    trend: float | None
    """The newer half's median duration over the older half's; None for too few."""

    @property
    def share(self) -> float:
        """The longest recent duration as a share of the limit."""
        return self.took / self.limit

    @property
    def near(self) -> bool:
        """Whether it is worth saying unasked."""
        return self.share >= NEAR_TIMEOUT


def expiry_runway(usable: Sequence[RestorePoint]) -> ExpiryRunway | None:
    """When these usable restore points go; None when there are none."""
    if not usable:
        return None
    dated = [point for point in usable if point.backup.retention not in {None, NEVER}]
    newest = max(usable, key=started)
    last = max(map(_end, dated)) if len(dated) == len(usable) else None
    first = min(dated, key=_end, default=None)
    return ExpiryRunway(last, first, first is newest)


def _end(point: RestorePoint) -> int:
    return point.backup.retention or 0


def timeout_runway(points: Sequence[RestorePoint], settings: DrSettings | None) -> TimeoutRunway | None:
    """The timeout runway of the recent backups, whatever became of them: one that was cancelled counts as well."""
    timed = (point for point in points if point.backup.took is not None)
    recent = nlargest(RECENT, timed, key=started)
    if not recent:
        return None
    limit, assumed = limit_of(settings)
    taken = [point.backup.took or 0 for point in recent]
    took = max(taken)
    return TimeoutRunway(recent[taken.index(took)], took, limit, assumed, trend(taken))


def trend(newest_first: Sequence[int]) -> float | None:
    """How the newer half of some durations compares with the older one; None for too few."""
    if len(newest_first) < ENOUGH:
        return None
    half = len(newest_first) // 2
    older = statistics.median(newest_first[half:])
    return statistics.median(newest_first[:half]) / older if older else None
