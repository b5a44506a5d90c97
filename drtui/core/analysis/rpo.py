"""How much would be lost now: the newest usable restore point over all stores, and its age against the target."""

import statistics
from collections.abc import Iterable, Sequence
from heapq import nlargest

from msgspec import Struct

from drtui.core.formatting.times import HOUR, age_at
from drtui.core.model.backup import NEVER
from drtui.core.model.site import DrSettings, Store
from drtui.core.model.site_state import SiteState, all_lists_known
from drtui.core.model.time_limit import time_limit
from drtui.core.verdict.restore_points import RestorePoint, deleted_restore_points, start_time, verdict_context
from drtui.core.verdict.verdict import Level
from drtui.core.wire.pagination import MORE

RECENT_COUNT = 14
"""How many of the newest durations count as recent."""


NEAR_TIMEOUT_SHARE = 0.8
"""From this share of the limit on a slow night may be enough to lose a backup."""


TREND_MINIMUM = 6
"""With fewer durations than these there is no trend to speak of."""


class RetentionMargin(Struct, frozen=True):
    """When the usable restore points may be cleaned up if no new one is made (rules R40, R46)."""

    last_expiry: int | None
    """When the last of them goes, epoch ms; None if one is kept forever, or says nothing of its retention."""
    next_to_expire: RestorePoint | None
    """The one that goes first; None if none has a date."""
    is_newest_next: bool
    """Whether the newest goes before any other: nobody knows whether the cleaner spares it (rule R46)."""


class TimeoutMargin(Struct, frozen=True):
    """How near the recent backups came to the limit after which they are cancelled (rule R29)."""

    longest: RestorePoint
    """The one of the recent ones that took longest."""
    duration: int
    """What it took, milliseconds."""
    limit: int
    """Milliseconds."""
    is_limit_assumed: bool
    """Whether the limit is the documented default, because the settings name none or cannot be read."""
    trend: float | None
    """The newer half's median duration over the older half's; None for too few."""

    @property
    def share(self) -> float:
        """The longest recent duration as a share of the limit."""
        return self.duration / self.limit

    @property
    def is_near(self) -> bool:
        """Whether it is worth saying unasked."""
        return self.share >= NEAR_TIMEOUT_SHARE


def measure_retention(usable: Sequence[RestorePoint]) -> RetentionMargin | None:
    """When these usable restore points go; None when there are none."""
    if not usable:
        return None
    dated = [point for point in usable if point.backup.retention not in {None, NEVER}]
    newest = max(usable, key=start_time)
    last = max(map(_retention_end, dated)) if len(dated) == len(usable) else None
    first = min(dated, key=_retention_end, default=None)
    return RetentionMargin(last, first, first is newest)


def _retention_end(point: RestorePoint) -> int:
    return point.backup.retention or 0


def measure_timeout(points: Sequence[RestorePoint], settings: DrSettings | None) -> TimeoutMargin | None:
    """The timeout runway of the recent backups, whatever became of them: one that was cancelled counts as well."""
    timed = (point for point in points if point.backup.duration is not None)
    recent = nlargest(RECENT_COUNT, timed, key=start_time)
    if not recent:
        return None
    limit, assumed = time_limit(settings)
    durations = [point.backup.duration or 0 for point in recent]
    longest = max(durations)
    return TimeoutMargin(recent[durations.index(longest)], longest, limit, assumed, duration_trend(durations))


def duration_trend(newest_first: Sequence[int]) -> float | None:
    """How the newer half of some durations compares with the older one; None for too few."""
    if len(newest_first) < TREND_MINIMUM:
        return None
    half = len(newest_first) // 2
    older = statistics.median(newest_first[half:])
    return statistics.median(newest_first[:half]) / older if older else None


FALLBACK_LEVELS = (Level.DOUBTFUL, Level.CANNOT_TELL, Level.EXPIRED)
"""Levels of restore points that may restore although they are not usable; the most promising first."""

DEFAULT_TARGET = 24 * HOUR
"""The recovery point objective if none was named, in milliseconds."""


class RpoStatus(Struct, frozen=True):
    """What would be left if the site were lost now."""

    newest_usable: RestorePoint | None
    """The newest usable restore point."""
    age: int | None
    """Milliseconds since it *started*: what was written after that may be missing (rule R5)."""
    target: int
    newest_completed: RestorePoint | None
    """The newest whose own status is completed, whatever its parts say (rule R6)."""
    pipeline_choice: RestorePoint | None
    """What a pipeline would take that names neither store nor backup: the same of the default store (rules R6, R17)."""
    total_count: int
    usable_count: int
    retention: RetentionMargin | None
    """None when nothing is usable."""
    timeout: TimeoutMargin | None
    """None when no backup has a known duration."""
    kept_forever: tuple[RestorePoint, ...] = ()
    """Those kept forever, oldest first (rule R41)."""
    other_release_stores: tuple[Store, ...] = ()
    """Registered by another release than the one that runs here (rule R15)."""
    fallback: RestorePoint | None = None
    """The newest restore point of the most promising level if none is usable; None if nothing can be restored."""
    default_stores: tuple[Store, ...] | None = None
    """Where backups go when no store is named; None when no store says so of itself (rule R17)."""

    @property
    def is_met(self) -> bool:
        """Whether the target is met."""
        return self.age is not None and self.age <= self.target

    @property
    def has_different_completed(self) -> bool:
        """True if the newest that calls itself completed is not the newest usable one, or the fallback (rule R6)."""
        best = self.newest_usable or self.fallback
        return self.newest_completed is not None and (best is None or self.newest_completed.id != best.id)

    def is_expiring_soon(self, now: int) -> bool:
        """Whether the last usable one may go before another target has passed, if no new one is made."""
        last = self.retention.last_expiry if self.retention else None
        return last is not None and last - now < self.target


def measure_rpo(
    site_state: SiteState, points: Sequence[RestorePoint], now: int, target: int = DEFAULT_TARGET
) -> RpoStatus:
    """The exposure of a site with these restore points at `now` (epoch ms), against a target in milliseconds."""
    usable = [point for point in points if point.verdict.is_usable]
    newest = max(usable, key=start_time, default=None)
    stores = site_state.stores.value or () if site_state.stores else ()
    settings = site_state.settings.value if site_state.settings else None
    return RpoStatus(
        newest_usable=newest,
        age=age_at(start_time(newest), now) if newest else None,
        target=target,
        newest_completed=_newest_completed(points),
        pipeline_choice=_newest_completed(_in_default_store(points, _find_default_stores(stores))),
        total_count=len(points),
        usable_count=len(usable),
        retention=measure_retention(usable),
        timeout=measure_timeout((*points, *deleted_restore_points(site_state, now)), settings),
        kept_forever=tuple(sorted((p for p in points if p.backup.retention == NEVER), key=start_time)),
        other_release_stores=_other_release_stores(site_state, stores, now),
        fallback=None if usable else _find_fallback(points),
        default_stores=_find_default_stores(stores),
    )


def _find_fallback(points: Sequence[RestorePoint]) -> RestorePoint | None:
    """Return the newest restore point of the most promising level that any has, if none is usable."""
    for level in FALLBACK_LEVELS:
        newest = max((point for point in points if point.verdict.level is level), key=start_time, default=None)
        if newest is not None:
            return newest
    return None


def _newest_completed(points: Iterable[RestorePoint]) -> RestorePoint | None:
    return max((point for point in points if point.backup.is_completed), key=start_time, default=None)


def _in_default_store(points: Sequence[RestorePoint], defaults: Sequence[Store] | None) -> Iterable[RestorePoint]:
    """Those of the store that is taken if none is named: the first that calls itself default; all if none says."""
    if defaults is None:
        return points
    return (point for store in defaults[:1] for point in points if point.backup.store == store.name)


def _other_release_stores(site_state: SiteState, stores: Sequence[Store], now: int) -> tuple[Store, ...]:
    """The stores that another release registered, as far as both are known."""
    here = verdict_context(site_state, now).release
    if here is None:
        return ()
    return tuple(store for store in stores if store.created_by is not None and store.created_by.line != here.line)


def _find_default_stores(stores: Sequence[Store]) -> tuple[Store, ...] | None:
    """The default stores; nothing promises that there is just one, and a store may not say."""
    if any(store.default is None for store in stores) and not any(store.default for store in stores):
        return None
    return tuple(store for store in stores if store.default) if stores else None


UNREAD_STORES = "not every store could be read"
"""In a sentence, why there may be restore points that are not known."""


def lists_incomplete_reason(site_state: SiteState) -> str:
    """Return in a clause why there may be restore points that are not known; empty if the lists are whole."""
    if all_lists_known(site_state):
        return ""
    read = site_state.stores is not None and site_state.stores.value is not None
    parts = read and all(
        (answer := site_state.backups.get(store.name)) is not None and answer.value is not None
        for store in (site_state.stores.value or () if site_state.stores is not None else ())
    )
    return MORE if parts else UNREAD_STORES


def cannot_tell_text(reason: str) -> str:
    """Return that nothing usable was found, where `why_not_whole` says why that proves nothing."""
    return (
        f"Cannot tell: {reason}, and {'what it listed holds' if reason == MORE else 'the others hold'} nothing usable"
    )
