"""What is asked of all restore points again and again, found out once: there may be very many of them."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from drtui.core.formatting.durations import CLOCK_SKEW
from drtui.core.listing.catalog import RestorePoint, started


class Held(Struct):
    """What a store holds."""

    number: int = 0
    newest: int | None = None
    """When the newest usable one started, epoch ms."""


class Overview(Struct, frozen=True):
    """All restore points, as of a moment."""

    stores: Mapping[str, Held]
    last: RestorePoint | None
    """The one that started last, whatever is thought of it."""
    turns: int | None
    """When time alone next makes a verdict another one, epoch ms; None for never."""
    near: tuple[int, ...]
    """The last moment at which one started or ended, and the next one, epoch ms."""


def overview(points: Sequence[RestorePoint], now: int) -> Overview:
    """All of them as of `now`, epoch ms."""
    return Overview(
        stores=_by_store(points),
        last=max(points, key=started, default=None),
        turns=min(_turns(points, now), default=None),
        near=_near(points, now),
    )


def _by_store(points: Sequence[RestorePoint]) -> dict[str, Held]:
    stores: dict[str, Held] = {}
    for point in points:
        held = stores.get(point.backup.store) or stores.setdefault(point.backup.store, Held())
        held.number += 1
        if point.verdict.usable:
            held.newest = max(held.newest or 0, point.backup.start or 0)
    return stores


def _turns(points: Sequence[RestorePoint], now: int) -> Iterator[int]:
    """The moments after `now` at which a verdict turns: it expires, or is no longer dated in the future."""
    for point in points:
        backup = point.backup
        for moment in (
            backup.retention or 0,
            (backup.start or 0) - CLOCK_SKEW,
            (backup.complete or 0) - CLOCK_SKEW,
        ):
            if moment > now:
                yield moment
        if any(reason.code == "part-in-future" for reason in point.verdict.reasons):
            yield from (moment - CLOCK_SKEW for moment in backup.part_moments if moment - CLOCK_SKEW > now)


def _near(points: Sequence[RestorePoint], now: int) -> tuple[int, ...]:
    moments = [moment for p in points for moment in (p.backup.start, p.backup.retention) if moment is not None]
    past = max((each for each in moments if each <= now), default=None)
    coming = min((each for each in moments if each > now), default=None)
    return tuple(each for each in (past, coming) if each is not None)
