"""The assessment of a site state: verdicts, RPO, schedules, operation and totals, computed once for every view."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from drtui.core.analysis.capture_window import InstanceChange, find_instance_changes
from drtui.core.analysis.coverage import Coverage, assess_coverage
from drtui.core.analysis.operation import OperationStatus, assess_operation
from drtui.core.analysis.rpo import DEFAULT_TARGET, RpoStatus, measure_rpo
from drtui.core.formatting.durations import CLOCK_SKEW, DAY, HOUR, MINUTE, age_at
from drtui.core.model.site import Release
from drtui.core.model.site_state import SiteState, all_lists_known
from drtui.core.schedules.failed_runs import Run
from drtui.core.schedules.gaps import GapReport, measure_gaps
from drtui.core.schedules.missed_runs import check_schedules, schedule_state
from drtui.core.schedules.schedule_runs import ScheduleRuns, ScheduleState
from drtui.core.verdict.restore_points import RestorePoint, restore_points, start_time
from drtui.core.verdict.rules import SiteFacts


class StoreTotals(Struct):
    """Totals of the restore points of one store."""

    count: int = 0
    newest_start: int | None = None
    """Start of the newest usable restore point of the store, epoch ms; None if no restore point is usable."""


def _count_by_store(points: Sequence[RestorePoint]) -> dict[str, StoreTotals]:
    """Return number and newest usable start of the restore points by store."""
    stores: dict[str, StoreTotals] = {}
    for point in points:
        totals = stores.get(point.backup.store) or stores.setdefault(point.backup.store, StoreTotals())
        totals.count += 1
        if point.verdict.is_usable:
            totals.newest_start = max(totals.newest_start or 0, point.backup.start or 0)
    return stores


def _verdict_changes(points: Sequence[RestorePoint], now: int) -> Iterator[int]:
    """Yield the moments after `now` (epoch ms) at which a restore point expires or is no longer dated in the future."""
    for point in points:
        backup = point.backup
        moments = [backup.retention or 0, (backup.start or 0) - CLOCK_SKEW, (backup.end or 0) - CLOCK_SKEW]
        if any(reason.code == "part-in-future" for reason in point.verdict.reasons):
            moments += [moment - CLOCK_SKEW for moment in backup.part_times]
        yield from (moment for moment in moments if moment > now)


class Assessment(Struct, frozen=True):
    """The assessment of a site state, as of a moment and against a recovery point objective."""

    site_state: SiteState
    now: int
    """Epoch ms."""
    release: Release | None
    """Release of the site; None if it could not be read."""
    target: int
    """The recovery point objective, milliseconds."""
    points: tuple[RestorePoint, ...]
    by_store: Mapping[str, StoreTotals]
    next_verdict_change: int | None
    """The next moment at which a verdict changes only because time passes, epoch ms; None for never."""
    rpo: RpoStatus
    schedules: tuple[ScheduleRuns, ...]
    gaps: GapReport
    instance_changes: tuple[InstanceChange, ...]
    operation: OperationStatus | None
    """None if the site never ran an operation, or its status is unknown."""
    coverage: Coverage | None = None
    """None if the data stores are not known."""

    @property
    def missed_runs(self) -> tuple[tuple[ScheduleRuns, Run], ...]:
        """All missed runs with their schedules, newest first."""
        runs = [(schedule, run) for schedule in self.schedules for run in schedule.missed_runs]
        return tuple(sorted(runs, key=lambda pair: -pair[1].at))

    @property
    def failed_runs(self) -> tuple[tuple[ScheduleRuns, Run], ...]:
        """All failed runs with their schedules, newest first."""
        runs = [(schedule, run) for schedule in self.schedules for run in schedule.failed_runs]
        return tuple(sorted(runs, key=lambda pair: -pair[1].at))

    @property
    def failed_backup_ids(self) -> frozenset[tuple[str, str]]:
        """Ids (store and name) of the backups of failed runs."""
        return frozenset(run.backup.id for _, run in self.failed_runs if run.backup is not None)

    @property
    def is_cleaner_paused(self) -> bool:
        """True if the cleaner is paused, so that expired backups are not deleted (rule R45)."""
        tasks = (self.site_state.schedules and self.site_state.schedules.value) or ()
        states = {schedule_state(task) for task in tasks if task.is_cleaner}
        return states == {ScheduleState.PAUSED}

    @property
    def missed_count(self) -> int | None:
        """The number of scheduled runs that left no backup; None if unknown."""
        return self._count_if_known(len(self.missed_runs))

    @property
    def failed_count(self) -> int | None:
        """The number of scheduled runs whose backup is not complete; None if unknown."""
        return self._count_if_known(len(self.failed_runs))

    def _count_if_known(self, count: int) -> int | None:
        """Return `count`; None if a list or the schedules are unread, or if it is 0 and a schedule has unknown runs."""
        answer = self.site_state.schedules
        is_read = answer is not None and answer.value is not None and not answer.incomplete_reason
        is_undetermined = not count and bool(self._unknown_schedules)
        is_known = (is_read or self.schedules) and not is_undetermined and all_lists_known(self.site_state)
        return count if is_known else None

    @property
    def _unknown_schedules(self) -> list[ScheduleRuns]:
        """The schedules whose runs are unknown, without those that no task makes."""
        return [schedule for schedule in self.schedules if schedule.unknown_reason and not schedule.is_orphaned]

    @property
    def unknown_runs_reason(self) -> str:
        """The reason why missed and failed runs are unknown, or known only from backup names; empty if known."""
        schedules = self.site_state.schedules
        if not all_lists_known(self.site_state):
            return "not every list of backups was read"
        if schedules is None:
            return "schedules were not read"
        if schedules.problem is not None:
            return f"schedules could not be read: {schedules.problem.summary}"
        reasons = [f"{schedule.title}: {schedule.unknown_reason}" for schedule in self._unknown_schedules]
        return f"runs of {'; '.join(reasons)}" if reasons else ""


def assess(site_state: SiteState, now: int, target: int = DEFAULT_TARGET) -> Assessment:
    """Return the assessment of a site state at `now` (epoch ms) against a target in milliseconds; never raises."""
    facts = SiteFacts.of(site_state, now)
    points = restore_points(facts)
    return Assessment(
        site_state=site_state,
        now=now,
        release=facts.release,
        target=target,
        points=points,
        by_store=_count_by_store(points),
        next_verdict_change=min(_verdict_changes(points, now), default=None),
        rpo=measure_rpo(facts, points, target),
        schedules=check_schedules(facts),
        gaps=measure_gaps(facts, target),
        instance_changes=find_instance_changes(points),
        operation=assess_operation(facts),
        coverage=_coverage(site_state, points),
    )


def _coverage(site_state: SiteState, points: Sequence[RestorePoint]) -> Coverage | None:
    """Return the coverage; None if the data stores are not known."""
    data_stores = site_state.data.value if site_state.data is not None else None
    if data_stores is None:
        return None
    backup_stores = (site_state.stores and site_state.stores.value) or ()
    return assess_coverage(data_stores, points, backup_stores)


def reassess_at(assessment: Assessment, now: int) -> Assessment:
    """Return the assessment of the same site state at another moment, epoch ms.

    If no verdict, run or operation has changed since, only ages are updated and the restore points stay the same
    objects, so that views need not compare them. The gaps between backups are then not measured again.
    """
    if now < assessment.now or _has_verdict_changed(assessment, now):
        return assess(assessment.site_state, now, assessment.target)
    rpo = assessment.rpo
    if rpo.age is not None:
        rpo = replace(rpo, age=age_at(start_time(rpo.newest_usable), now) if rpo.newest_usable else None)
    operation = assessment.operation
    return replace(assessment, now=now, rpo=rpo, operation=None if operation is None else replace(operation, now=now))


def _has_verdict_changed(assessment: Assessment, now: int) -> bool:
    """True if a verdict, a schedule or the operation has changed until `now` (epoch ms), only because time passed."""
    previous, next_change = assessment.now, assessment.next_verdict_change
    if next_change is not None and next_change <= now:
        return True
    operation = assessment.operation
    if operation is not None and replace(operation, now=now).is_over_limit != operation.is_over_limit:
        return True
    return any(previous < (schedule.next_run or 0) <= now for schedule in assessment.schedules)


MINUTE_DISPLAY_LIMIT = 2 * DAY
"""Ages up to this limit are displayed in minutes; milliseconds."""


def next_display_change(assessment: Assessment, other_moments: Iterable[int] = ()) -> int | None:
    """Return when displayed ages should be updated next, epoch ms; None if no age is displayed.

    This is a minute after the assessment, or an hour if all displayed moments are older than two days.

    Args:
        assessment: the assessment on the screen.
        other_moments: other times on the screen, epoch ms.
    """
    moments, listed_at = [*other_moments], assessment.site_state.listed_at
    if listed_at is not None:
        moments.append(listed_at)
    if not moments:
        return None
    now = assessment.now
    is_recent = any(abs(now - moment) < MINUTE_DISPLAY_LIMIT for moment in moments) or _has_recent_event(assessment)
    return now + (MINUTE if is_recent else HOUR)


def _has_recent_event(assessment: Assessment) -> bool:
    """True if a backup started or expires, or a run was missed, within two days of the assessment."""
    backups = (point.backup for point in assessment.points)
    moments = (moment for backup in backups for moment in (backup.start, backup.retention) if moment is not None)
    missed = (run.at for _, run in assessment.missed_runs[:1])
    return any(abs(assessment.now - moment) < MINUTE_DISPLAY_LIMIT for moment in chain(missed, moments))
