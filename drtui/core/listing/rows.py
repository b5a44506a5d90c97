"""What the list of restore points shows beside them: runs that were missed, and where a store's instance changed."""

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
from drtui.core.verdict.verdict import PART_NAMES


class MissedRun(Struct, frozen=True):
    """A run of which no backup is listed: it left none, or one that failed and is gone."""

    schedule: ScheduleRuns
    at: int
    """When it was due, epoch ms."""
    reason: str = ""
    """The reason why its backup failed; empty if it left none."""

    @property
    def id(self) -> tuple[str, str, int]:
        """Of which schedule it is, and when it was due."""
        return self.schedule.store, self.schedule.prefix, self.at

    @property
    def name(self) -> str:
        """What stands where a restore point has its name."""
        return f"({self.schedule.title}: {'failed, no longer listed' if self.reason else 'no backup'})"


Entry = RestorePoint | MissedRun | InstanceChange
"""One row of the list."""


def list_rows(judged: Assessment, catalog: Catalog) -> tuple[Entry, ...]:
    """The restore points of a catalog; in order of time also what is missing between them.

    Under a filter, or in another order, there is no *between*.
    """
    oldest_first = catalog.order.is_oldest_first
    if oldest_first is None or catalog.filter:
        return catalog.points
    points, rows, begin = catalog.points, list[Entry](), 0
    for moment, entry in sorted(_between(judged, catalog.store), key=_at, reverse=not oldest_first):
        if oldest_first:
            end = bisect_left(points, moment, begin, key=start_time)
        else:
            end = bisect_right(points, -moment, begin, key=lambda point: -start_time(point))
        rows += points[begin:end]
        rows.append(entry)
        begin = end
    return (*rows, *points[begin:]) if rows else points


def unlisted_runs(plan: ScheduleRuns, reading: SiteState) -> Iterator[MissedRun]:
    """Yield the runs of a schedule of which no backup is listed, in no order."""
    yield from (MissedRun(plan, run.at) for run in plan.missed_runs)
    gone = {each.backup.id for each in reading.history.deletions}
    for run in plan.failed_runs if gone else ():
        if run.backup is not None and run.backup.id in gone:
            yield MissedRun(plan, run.at, run.reason)


def _between(judged: Assessment, store: str | None) -> Iterator[tuple[int, Entry]]:
    """What is missing, and what changed, in one store or in all, and when; epoch ms."""
    plans = (plan for plan in judged.schedules.schedules if store in {None, plan.store})
    runs = (run for plan in plans for run in unlisted_runs(plan, judged.site_state))
    changes = (each for each in judged.instance_changes if store in {None, each.after.backup.store})
    return chain(((run.at, run) for run in runs), ((start_time(each.after), each) for each in changes))


def _at(dated: tuple[int, Entry]) -> int:
    return dated[0]


def change_text(change: InstanceChange) -> str:
    """What a line between two rows says (docs/rules.md): a hint, not a verdict."""
    kinds = " and ".join(PART_NAMES.get(kind, kind) for kind in change.kinds)
    return f"another instance of the {kinds} from here on: rebuilt or restored in between?"
