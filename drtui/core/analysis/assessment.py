"""Everything that is to be thought of one reading: made once, shown by every view of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from drtui.core.analysis.capture_window import InstanceChange, instance_changes
from drtui.core.analysis.operation import OperationStatus, operation_status
from drtui.core.analysis.rpo import DEFAULT_TARGET, RpoStatus, measure_rpo
from drtui.core.formatting.durations import CLOCK_SKEW
from drtui.core.formatting.times import DAY, HOUR, MINUTE, age_at
from drtui.core.model.site_state import SiteState, all_lists_known
from drtui.core.schedules.missed_runs import ScheduleStatus, check_schedules
from drtui.core.verdict.restore_points import RestorePoint, restore_points, start_time


class StoreTotals(Struct):
    """What a store holds."""

    count: int = 0
    newest_start: int | None = None
    """When the newest usable one started, epoch ms."""


class Totals(Struct, frozen=True):
    """All restore points, as of a moment."""

    by_store: Mapping[str, StoreTotals]
    latest: RestorePoint | None
    """The one that started last, whatever is thought of it."""
    next_verdict_change: int | None
    """When time alone next makes a verdict another one, epoch ms; None for never."""
    nearest_moments: tuple[int, ...]
    """The last moment at which one started or ended, and the next one, epoch ms."""


def count_totals(points: Sequence[RestorePoint], now: int) -> Totals:
    """All of them as of `now`, epoch ms."""
    return Totals(
        by_store=_count_by_store(points),
        latest=max(points, key=start_time, default=None),
        next_verdict_change=min(_verdict_changes(points, now), default=None),
        nearest_moments=_nearest_moments(points, now),
    )


def _count_by_store(points: Sequence[RestorePoint]) -> dict[str, StoreTotals]:
    stores: dict[str, StoreTotals] = {}
    for point in points:
        totals = stores.get(point.backup.store) or stores.setdefault(point.backup.store, StoreTotals())
        totals.count += 1
        if point.verdict.is_usable:
            totals.newest_start = max(totals.newest_start or 0, point.backup.start or 0)
    return stores


def _verdict_changes(points: Sequence[RestorePoint], now: int) -> Iterator[int]:
    """The moments after `now` at which a verdict turns: it expires, or is no longer dated in the future."""
    for point in points:
        backup = point.backup
        for moment in (
            backup.retention or 0,
            (backup.start or 0) - CLOCK_SKEW,
            (backup.end or 0) - CLOCK_SKEW,
        ):
            if moment > now:
                yield moment
        if any(reason.code == "part-in-future" for reason in point.verdict.reasons):
            yield from (moment - CLOCK_SKEW for moment in backup.part_times if moment - CLOCK_SKEW > now)


def _nearest_moments(points: Sequence[RestorePoint], now: int) -> tuple[int, ...]:
    moments = [moment for p in points for moment in (p.backup.start, p.backup.retention) if moment is not None]
    past = max((each for each in moments if each <= now), default=None)
    coming = min((each for each in moments if each > now), default=None)
    return tuple(each for each in (past, coming) if each is not None)


class Assessment(Struct, frozen=True):
    """What a reading amounts to, as of a moment, against a target."""

    site_state: SiteState
    now: int
    """Epoch ms."""
    target: int
    """The recovery point objective, milliseconds."""
    points: tuple[RestorePoint, ...]
    totals: Totals
    rpo: RpoStatus
    schedules: ScheduleStatus
    instance_changes: tuple[InstanceChange, ...]
    operation: OperationStatus | None
    """None if no operation was ever submitted, or the status is not known."""

    @property
    def missed_count(self) -> int | None:
        """How many scheduled runs left no backup; None where that is not known."""
        return self._count_if_known(len(self.schedules.missed_runs))

    @property
    def failed_count(self) -> int | None:
        """The number of scheduled runs whose backup is not complete; None where that is not known."""
        return self._count_if_known(len(self.schedules.failed_runs))

    def _count_if_known(self, count: int) -> int | None:
        """Return a number of runs; None if it is not known, or if there is none among those that are known."""
        plans = self.schedules.schedules
        unread = not plans and not self._has_schedules
        untold = any(plan.unknown_reason and not plan.is_orphaned for plan in plans) and not count
        return None if unread or untold or not all_lists_known(self.site_state) else count

    @property
    def unknown_runs_reason(self) -> str:
        """The reason why missed and failed runs are not known, or only as far as names teach; empty if known."""
        schedules = self.site_state.schedules
        if not all_lists_known(self.site_state):
            return "not every list of backups was read"
        if schedules is None:
            return "schedules were not read"
        if schedules.problem is not None:
            return f"schedules could not be read: {schedules.problem.summary}"
        troubles = [
            f"{plan.title}: {plan.unknown_reason}"
            for plan in self.schedules.schedules
            if plan.unknown_reason and not plan.is_orphaned
        ]
        return f"runs of {'; '.join(troubles)}" if troubles else ""

    @property
    def _has_schedules(self) -> bool:
        """True if it is known which schedules there are."""
        schedules = self.site_state.schedules
        return schedules is not None and schedules.value is not None and not schedules.partial


def assess(site_state: SiteState, now: int, target: int = DEFAULT_TARGET) -> Assessment:
    """Judge a reading at `now` (epoch ms) against a target in milliseconds. Never raises, whatever was read."""
    points = restore_points(site_state, now)
    return Assessment(
        site_state=site_state,
        now=now,
        target=target,
        points=points,
        totals=count_totals(points, now),
        rpo=measure_rpo(site_state, points, now, target),
        schedules=check_schedules(site_state, points, now, target),
        instance_changes=instance_changes(points),
        operation=operation_status(site_state, now),
    )


def reassess_at(assessment: Assessment, now: int) -> Assessment:
    """The same reading at a later moment, epoch ms. As long as no verdict and no run has turned, only ages are new.

    The same points are then the same objects: whoever shows them need not look at each. The gaps of the cadence stay
    those of the moment at which all was judged.
    """
    if now < assessment.now or _has_verdict_changed(assessment, now):
        return assess(assessment.site_state, now, assessment.target)
    rpo = assessment.rpo
    if rpo.age is not None:
        rpo = replace(rpo, age=age_at(start_time(rpo.newest_usable), now) if rpo.newest_usable else None)
    operation = assessment.operation
    return replace(assessment, now=now, rpo=rpo, operation=None if operation is None else replace(operation, now=now))


def _has_verdict_changed(assessment: Assessment, now: int) -> bool:
    """Whether until `now` (epoch ms) time alone has made a verdict or a plan another one."""
    before, next_change = assessment.now, assessment.totals.next_verdict_change
    if next_change is not None and next_change <= now:
        return True
    operation = assessment.operation
    if operation is not None and replace(operation, now=now).is_over_limit != operation.is_over_limit:
        return True
    return any(before < (plan.next_run or 0) <= now for plan in assessment.schedules.schedules)


MINUTE_DISPLAY_LIMIT = 2 * DAY
"""Up to this age, minutes are said of it; milliseconds."""


def next_display_change(assessment: Assessment, other_moments: Iterable[int] = ()) -> int | None:
    """When time alone next changes what is said, epoch ms: at the most once a minute; None if nothing has an age.

    Args:
        assessment: the assessment on the screen.
        other_moments: other times on the screen, epoch ms.
    """
    moments, read = [*other_moments], assessment.site_state.listed_at
    if read is not None:
        moments.append(read)
    if not moments:
        return None
    now = assessment.now
    near = any(abs(now - each) < MINUTE_DISPLAY_LIMIT for each in moments) or _has_recent_event(assessment)
    return now + (MINUTE if near else HOUR)


def _has_recent_event(assessment: Assessment) -> bool:
    """Whether anything in the list began, ends or was missed within two days."""
    now = assessment.now
    missed = (run.at for _, run in assessment.schedules.missed_runs[:1])
    return any(abs(now - each) < MINUTE_DISPLAY_LIMIT for each in (*assessment.totals.nearest_moments, *missed))
