"""Which one do I restore: the newest usable restore point from before the damage, and why not the others."""

from collections.abc import Sequence
from itertools import takewhile

from msgspec import Struct

from drtui.core.analysis.rpo import lists_incomplete_reason
from drtui.core.model.site_state import SiteState
from drtui.core.verdict.restore_points import RestorePoint, start_time
from drtui.core.verdict.verdict import Level


class PointInTimeChoice(Struct, frozen=True):
    """What to restore to be back before a moment."""

    moment: int
    """Epoch ms."""
    point: RestorePoint | None
    """The newest usable one that had completed before the moment."""
    loss: int | None
    """Milliseconds from its start to the moment: what was written in between may be missing (rule R5)."""
    spanning: tuple[RestorePoint, ...]
    """Those under way at the moment: they may hold the damage in one part and not in another."""
    passed_over: tuple[RestorePoint, ...]
    """Newer than the chosen one and from before the moment, but not usable; newest first."""
    later_count: int
    """How many started at the moment or after it: they may hold the damage."""
    undated_count: int
    """How many do not say when they started."""
    unlisted_reason: str
    """The reason why a better restore point may exist that is not known; empty if all are known."""
    older_usable_count: int
    """How many older ones are usable as well, should the chosen one fail."""
    lists_read_at: int | None
    """From when on the lists know nothing, if that is before the moment; epoch ms."""
    is_in_future: bool
    """Whether the moment is still to come: a wrong date would recommend what holds the damage."""


def choose_before(site_state: SiteState, points: Sequence[RestorePoint], moment: int, now: int) -> PointInTimeChoice:
    """The choice for `moment` among these restore points, at `now` (both epoch ms)."""
    dated = sorted((p for p in points if p.backup.start is not None), key=start_time, reverse=True)
    earlier = [p for p in dated if start_time(p) < moment]
    spanning = tuple(p for p in earlier if _was_running_at(p, moment))
    finished = [p for p in earlier if not _was_running_at(p, moment)]
    # What has no completion is never usable (rule R7), but still worth a word.
    usable = [p for p in finished if p.verdict.is_usable]
    chosen = usable[0] if usable else None
    return PointInTimeChoice(
        moment=moment,
        point=chosen,
        loss=moment - start_time(chosen) if chosen else None,
        spanning=spanning,
        passed_over=tuple(takewhile(lambda p: p is not chosen, finished)),
        later_count=len(dated) - len(earlier),
        undated_count=len(points) - len(dated),
        unlisted_reason=lists_incomplete_reason(site_state),
        older_usable_count=max(len(usable) - 1, 0),
        lists_read_at=site_state.listed_at
        if site_state.listed_at is not None and site_state.listed_at < moment
        else None,
        is_in_future=moment > now,
    )


def _was_running_at(point: RestorePoint, moment: int) -> bool:
    """Whether one that started before the moment was not through at it; one that just failed may never be."""
    end = latest_end(point)
    return end >= moment if end is not None else point.verdict.level is Level.RUNNING


def latest_end(point: RestorePoint) -> int | None:
    """When it was through, to its last part: nothing promises that the whole says so no sooner than its parts."""
    complete = point.backup.end
    return None if complete is None else max(complete, *(part.end or 0 for part in point.backup.parts), 0)
