"""Choice of the restore point for a point in time: the newest usable one from before a moment of damage."""

import enum
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from msgspec import Struct

from drtui.core.analysis.rpo import lists_incomplete_reason
from drtui.core.model.site_state import SiteState
from drtui.core.verdict.restore_points import RestorePoint, start_time
from drtui.core.verdict.rules import Level


class PointInTimeChoice(Struct, frozen=True):
    """The restore point to use for the state before a moment, and the alternatives."""

    moment: int
    """Epoch ms."""
    point: RestorePoint | None
    """The newest usable restore point that completed before the moment; None if none did."""
    loss: int | None
    """Milliseconds from the start of `point` to the moment; data written in between may be missing (rule R5)."""
    spanning: tuple[RestorePoint, ...]
    """Restore points that were running at the moment; some of their parts may contain the damage."""
    passed_over: tuple[RestorePoint, ...]
    """Restore points from before the moment that are newer than `point`, but not usable; newest first."""
    later_count: int
    """Number of restore points that started at the moment or later, and may contain the damage."""
    undated_count: int
    """Number of restore points without a start."""
    unlisted_reason: str
    """The reason why a better restore point may exist that was not read; empty if all lists are complete."""
    older_usable_count: int
    """Number of usable restore points older than `point`, for the case that it fails."""
    lists_read_at: int | None
    """Time of the lists, epoch ms, if that is before the moment and newer backups may exist; else None."""
    is_in_future: bool
    """True if the moment is in the future: a mistyped date could recommend a backup that contains the damage."""


class Role(enum.Enum):
    """The part of a restore point in the choice for a moment."""

    RECOMMENDED = "recommended"
    RUNNING = "was running"
    SKIPPED = "skipped"
    OLDER = "older"


class Candidate(NamedTuple):
    """A restore point that started before the moment."""

    point: RestorePoint
    role: Role
    loss: int
    """Milliseconds from its start to the moment; data written in between may be missing (rule R5)."""


def list_candidates(choice: PointInTimeChoice, points: Sequence[RestorePoint]) -> Iterator[Candidate]:
    """Yield the restore points that started before the moment of `choice`, newest first."""
    dated = (point for point in points if point.backup.start is not None)
    for point in sorted(dated, key=start_time, reverse=True):
        loss = choice.moment - start_time(point)
        if loss > 0:
            yield Candidate(point, _role_of(point, choice), loss)


def _role_of(point: RestorePoint, choice: PointInTimeChoice) -> Role:
    if point is choice.point:
        return Role.RECOMMENDED
    if any(point is running for running in choice.spanning):
        return Role.RUNNING
    return Role.SKIPPED if any(point is skipped for skipped in choice.passed_over) else Role.OLDER


def choose_before(site_state: SiteState, points: Sequence[RestorePoint], moment: int, now: int) -> PointInTimeChoice:
    """Return the choice among restore points for `moment`, as of `now` (both epoch ms)."""
    dated = sorted((point for point in points if point.backup.start is not None), key=start_time, reverse=True)
    earlier = [point for point in dated if start_time(point) < moment]
    spanning = tuple(point for point in earlier if _was_running_at(point, moment))
    finished = [point for point in earlier if not _was_running_at(point, moment)]
    # A restore point without a completion time is never usable (rule R7), but is reported as passed over.
    usable = [point for point in finished if point.verdict.is_usable]
    chosen = usable[0] if usable else None
    read_at = site_state.listed_at
    return PointInTimeChoice(
        moment=moment,
        point=chosen,
        loss=moment - start_time(chosen) if chosen else None,
        spanning=spanning,
        passed_over=tuple(takewhile(lambda point: point is not chosen, finished)),
        later_count=len(dated) - len(earlier),
        undated_count=len(points) - len(dated),
        unlisted_reason=lists_incomplete_reason(site_state),
        older_usable_count=max(len(usable) - 1, 0),
        lists_read_at=read_at if read_at is not None and read_at < moment else None,
        is_in_future=moment > now,
    )


def _was_running_at(point: RestorePoint, moment: int) -> bool:
    """True if a restore point that started before `moment` (epoch ms) was still running at it.

    Without a completion time only a running restore point counts: a failed one may never complete.
    """
    end = latest_end(point)
    return end >= moment if end is not None else point.verdict.level is Level.RUNNING


def latest_end(point: RestorePoint) -> int | None:
    """Return the latest end of the backup and its parts, epoch ms; None if it is not complete.

    The server may record the completion of a backup before the end of its last part.
    """
    end = point.backup.end
    return None if end is None else max(end, *(part.end or 0 for part in point.backup.parts), 0)
