"""The rows of the list of restore points: restore points, missed runs and changes of store instances."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import chain

from msgspec import Struct

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.capture_window import InstanceChange
from drtui.core.listing.catalog import Catalog
from drtui.core.model.site_state import SiteState
from drtui.core.schedules.schedule_runs import ScheduleRuns
from drtui.core.verdict.restore_points import RestorePoint, start_time
from drtui.core.verdict.rules import PART_NAMES


class MissedRun(Struct, frozen=True):
    """A run without a listed backup: a missed run, or a failed run whose backup was deleted."""

    schedule: ScheduleRuns
    at: int
    """The time when the run was due, epoch ms."""
    reason: str = ""
    """The reason why the backup failed; empty for a missed run."""

    @property
    def id(self) -> tuple[str, str, int]:
        """Store and prefix of the schedule, and the due time (epoch ms)."""
        return self.schedule.store, self.schedule.prefix, self.at

    @property
    def name(self) -> str:
        """The text in the name column."""
        return f"({self.schedule.title}: {'failed, no longer listed' if self.reason else 'no backup'})"


Entry = RestorePoint | MissedRun | InstanceChange
"""One row of the list."""


def list_rows(assessment: Assessment, catalog: Catalog) -> tuple[Entry, ...]:
    """Return the restore points of a catalog; if sorted by time and not filtered, with missed runs and changes.

    With a filter or another order, neighbouring rows are not consecutive in time.
    """
    is_oldest_first = catalog.order.is_oldest_first
    if is_oldest_first is None or catalog.filter:
        return catalog.points
    points, rows, begin = catalog.points, list[Entry](), 0
    dated_entries = sorted(_dated_entries(assessment, catalog.store), key=_time, reverse=not is_oldest_first)
    for moment, entry in dated_entries:
        if is_oldest_first:
            end = bisect_left(points, moment, begin, key=start_time)
        else:
            end = bisect_right(points, -moment, begin, key=lambda point: -start_time(point))
        rows += points[begin:end]
        rows.append(entry)
        begin = end
    return (*rows, *points[begin:]) if rows else points


def iter_unlisted_runs(schedule: ScheduleRuns, state: SiteState) -> Iterator[MissedRun]:
    """Yield the missed runs of a schedule, and its failed runs whose backups were deleted, unsorted."""
    yield from (MissedRun(schedule, run.at) for run in schedule.missed_runs)
    deleted = {deletion.backup.id for deletion in state.history.deletions}
    for run in schedule.failed_runs if deleted else ():
        if run.backup is not None and run.backup.id in deleted:
            yield MissedRun(schedule, run.at, run.reason)


def _dated_entries(assessment: Assessment, store: str | None) -> Iterator[tuple[int, Entry]]:
    """Yield missed runs and instance changes of a store, or of all stores, with their times (epoch ms)."""
    schedules = (schedule for schedule in assessment.schedules if store in {None, schedule.store})
    runs = (run for schedule in schedules for run in iter_unlisted_runs(schedule, assessment.site_state))
    changes = (change for change in assessment.instance_changes if store in {None, change.after.backup.store})
    return chain(((run.at, run) for run in runs), ((start_time(change.after), change) for change in changes))


def _time(dated_entry: tuple[int, Entry]) -> int:
    return dated_entry[0]


def change_text(change: InstanceChange) -> str:
    """Return the text of a row for an instance change: a hint, not a verdict (docs/rules.md)."""
    kinds = " and ".join(PART_NAMES.get(kind, kind) for kind in change.kinds)
    return f"another instance of the {kinds} from here on: rebuilt or restored in between?"
