"""Recovery point objective: the age of the newest usable restore point against the target, and time limits."""

import statistics
from collections.abc import Sequence
from heapq import nlargest

from msgspec import Struct

from drtui.core.formatting.durations import HOUR, age_at
from drtui.core.model.backup import NEVER
from drtui.core.model.site import Store
from drtui.core.model.site_state import SiteState, all_lists_known
from drtui.core.verdict.restore_points import RestorePoint, deleted_restore_points, start_time
from drtui.core.verdict.rules import Level, SiteFacts
from drtui.core.wire.pagination import MORE

RECENT_COUNT = 14
"""The number of newest durations that count as recent."""


NEAR_TIMEOUT_SHARE = 0.8
"""Share of the time limit above which one slow run may be cancelled."""


TREND_MINIMUM = 6
"""The minimum number of durations for a trend."""


class RetentionMargin(Struct, frozen=True):
    """The times at which usable restore points may be cleaned up if no new one is made (rules R40, R46)."""

    last_expiry: int | None
    """Expiry of the last usable restore point, epoch ms; None if one is kept forever or has no retention date."""
    next_to_expire: RestorePoint | None
    """The usable restore point that expires first; None if none has a retention date."""
    is_newest_next: bool
    """True if the newest usable restore point expires first; the cleaner may delete it (rule R46)."""


class TimeoutMargin(Struct, frozen=True):
    """Durations of recent backups compared with the limit after which the site cancels a backup (rule R29)."""

    longest: RestorePoint
    """The recent backup with the longest duration."""
    duration: int
    """Duration of `longest`, milliseconds."""
    limit: int
    """Time limit, milliseconds."""
    is_limit_assumed: bool
    """True if the limit is the documented default, because the settings contain none or could not be read."""
    trend: float | None
    """Median duration of the newer half divided by that of the older half; None for too few backups."""

    @property
    def share(self) -> float:
        """The longest recent duration as a share of the limit."""
        return self.duration / self.limit

    @property
    def is_near(self) -> bool:
        """True if the longest duration is so near to the limit that views should warn."""
        return self.share >= NEAR_TIMEOUT_SHARE


def measure_retention(usable: Sequence[RestorePoint]) -> RetentionMargin | None:
    """Return when usable restore points expire; None if there are none."""
    if not usable:
        return None
    dated = [point for point in usable if point.backup.retention not in {None, NEVER}]
    newest = max(usable, key=start_time)
    last = max(point.backup.retention or 0 for point in dated) if len(dated) == len(usable) else None
    first = min(dated, key=lambda point: point.backup.retention or 0, default=None)
    return RetentionMargin(last, first, first is newest)


def measure_timeout(points: Sequence[RestorePoint], facts: SiteFacts) -> TimeoutMargin | None:
    """Return the durations of recent backups against the time limit, cancelled backups included; None if unknown."""
    timed = (point for point in points if point.backup.duration is not None)
    recent = nlargest(RECENT_COUNT, timed, key=start_time)
    if not recent:
        return None
    durations = [point.backup.duration or 0 for point in recent]
    longest = max(durations)
    slowest = recent[durations.index(longest)]
    return TimeoutMargin(slowest, longest, facts.limit, facts.is_limit_assumed, measure_trend(durations))


SIMILAR_PERCENT = 5
"""Change of durations, in percent, below which they count as equal."""

MANY_TIMES = 2.0
"""Factor from which the trend of durations is a multiple rather than a percentage."""


def measure_trend(newest_first: Sequence[int]) -> float | None:
    """Return the median of the newer half of durations divided by that of the older half; None for too few."""
    if len(newest_first) < TREND_MINIMUM:
        return None
    half = len(newest_first) // 2
    older = statistics.median(newest_first[half:])
    return statistics.median(newest_first[:half]) / older if older else None


def trend_text(trend: float) -> str:
    """Return the trend of durations in words: `10% slower lately`, `3.1x slower lately`, `as fast as before`."""
    percent = round(abs(trend - 1) * 100)
    if percent < SIMILAR_PERCENT:
        return "as fast as before"
    if trend >= MANY_TIMES:
        return f"{trend:,.1f}x slower lately"
    return f"{percent}% {'slower' if trend > 1 else 'faster'} lately"


FALLBACK_LEVELS = (Level.DOUBTFUL, Level.CANNOT_TELL, Level.EXPIRED)
"""Levels of restore points that may restore although they are not usable."""

DEFAULT_TARGET = 24 * HOUR
"""The default recovery point objective, milliseconds."""


class RpoStatus(Struct, frozen=True):
    """The restore points that would remain if the site were lost now, against the recovery point objective."""

    newest_usable: RestorePoint | None
    """The newest usable restore point; None if nothing is usable."""
    age: int | None
    """Milliseconds since `newest_usable` *started*; data written after its start may be missing (rule R5)."""
    target: int
    """The recovery point objective, milliseconds."""
    newest_completed: RestorePoint | None
    """The newest restore point whose own status is completed, whatever the status of its parts (rule R6)."""
    pipeline_choice: RestorePoint | None
    """The newest completed restore point of the default store, which a script restores by default (rules R6, R17)."""
    total_count: int
    usable_count: int
    retention: RetentionMargin | None
    """None if nothing is usable."""
    timeout: TimeoutMargin | None
    """None if no backup has a known duration."""
    kept_forever: tuple[RestorePoint, ...] = ()
    """Restore points that are kept forever, oldest first (rule R41)."""
    other_release_stores: tuple[Store, ...] = ()
    """Stores that were registered by another release than the one that the site runs (rule R15)."""
    fallback: RestorePoint | None = None
    """The newest restore point of the most promising level if none is usable; None if nothing can be restored."""
    default_stores: tuple[Store, ...] | None = None
    """The stores for backups that name none; None if no store says whether it is the default (rule R17)."""

    @property
    def is_met(self) -> bool:
        """True if the newest usable restore point is not older than the target."""
        return self.age is not None and self.age <= self.target

    @property
    def has_different_completed(self) -> bool:
        """True if `newest_completed` is neither the newest usable restore point nor the fallback (rule R6)."""
        best = self.newest_usable or self.fallback
        return self.newest_completed is not None and (best is None or self.newest_completed.id != best.id)

    def is_expiring_soon(self, now: int) -> bool:
        """True if the last usable restore point expires less than a target after `now` (epoch ms)."""
        last = self.retention.last_expiry if self.retention else None
        return last is not None and last - now < self.target


def measure_rpo(facts: SiteFacts, points: Sequence[RestorePoint], target: int = DEFAULT_TARGET) -> RpoStatus:
    """Return the RPO status of a site with these restore points, for a target in milliseconds."""
    usable = [point for point in points if point.verdict.is_usable]
    newest = max(usable, key=start_time, default=None)
    stores = (facts.state.stores and facts.state.stores.value) or ()
    default_stores, release = _find_default_stores(stores), facts.release
    completed = [point for point in points if point.backup.is_completed]
    # A script takes the first default store, or any store if it is not known which one is the default.
    names = None if default_stores is None else [store.name for store in default_stores[:1]]
    eligible = (point for point in completed if names is None or point.backup.store in names)
    return RpoStatus(
        newest_usable=newest,
        age=age_at(start_time(newest), facts.now) if newest else None,
        target=target,
        newest_completed=max(completed, key=start_time, default=None),
        pipeline_choice=max(eligible, key=start_time, default=None),
        total_count=len(points),
        usable_count=len(usable),
        retention=measure_retention(usable),
        timeout=measure_timeout((*points, *deleted_restore_points(facts)), facts),
        kept_forever=tuple(sorted((point for point in points if point.backup.retention == NEVER), key=start_time)),
        other_release_stores=tuple(s for s in stores if release and s.created_by and s.created_by.line != release.line),
        fallback=None if usable else _find_fallback(points),
        default_stores=default_stores,
    )


def _find_fallback(points: Sequence[RestorePoint]) -> RestorePoint | None:
    """Return the newest restore point of the most promising level that any has, if none is usable."""
    candidates = (point for point in points if point.verdict.level in FALLBACK_LEVELS)
    return min(candidates, key=lambda point: (point.verdict.level, -start_time(point)), default=None)


def _find_default_stores(stores: Sequence[Store]) -> tuple[Store, ...] | None:
    """Return the default stores, of which there may be none or several; None if no store is marked and one may be."""
    if any(store.default is None for store in stores) and not any(store.default for store in stores):
        return None
    return tuple(store for store in stores if store.default) if stores else None


UNREAD_STORES = "not every store could be read"
"""The reason why there may be unknown restore points, as a clause."""


def lists_incomplete_reason(site_state: SiteState) -> str:
    """Return the reason why there may be unknown restore points, as a clause; empty if all lists are complete."""
    if all_lists_known(site_state):
        return ""
    stores = site_state.stores and site_state.stores.value
    answers = [site_state.backups.get(store.name) for store in stores or ()]
    is_read = stores is not None and all(answer is not None and answer.value is not None for answer in answers)
    return MORE if is_read else UNREAD_STORES


def cannot_tell_text(reason: str) -> str:
    """Return that nothing usable was found in incomplete lists; `reason` is from `lists_incomplete_reason`."""
    read = "listed" if reason == MORE else "other"
    return f"Cannot tell: {reason}, and the {read} backups are not usable"
