"""The rows of the list of restore points: restore points, missed runs and changes of store instances."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import groupby
from typing import TypeVar

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
    others: tuple[int, ...] = ()
    """The times when further missed runs of this row were due, epoch ms; the row stands for the newest and these."""

    @property
    def id(self) -> tuple[str, str, int]:
        """Store and prefix of the schedule, and the due time (epoch ms)."""
        return self.schedule.store, self.schedule.prefix, self.at

    @property
    def count(self) -> int:
        """The number of runs that this row stands for."""
        return 1 + len(self.others)

    def includes(self, run_id: object) -> bool:
        """True if the row stands for the run with this `id`."""
        return any(run_id == (*self.id[:2], at) for at in (self.at, *self.others))

    @property
    def name(self) -> str:
        """The text in the name column."""
        if self.others:
            return f"({self.schedule.title}: {self.count:,} runs missed)"
        return f"({self.schedule.title}: {'failed, no longer listed' if self.reason else 'no backup'})"


T = TypeVar("T")

MAX_MISSED_ROWS = 3
"""Consecutive missed runs of a schedule that have rows of their own; more are folded, or they would fill the screen."""

Entry = RestorePoint | MissedRun | InstanceChange
"""One row of the list."""


def list_rows(assessment: Assessment, catalog: Catalog) -> tuple[Entry, ...]:
    """Return the restore points of a catalog; if sorted by time and not filtered, with missed runs and changes.

    With a filter or another order, neighbouring rows are not consecutive in time.
    """
    is_oldest_first = catalog.order.is_oldest_first
    if is_oldest_first is None or catalog.filter:
        return catalog.points
    others = sorted(_other_rows(assessment, catalog.store), key=row_time, reverse=not is_oldest_first)
    sides = (others, catalog.points) if is_oldest_first else (catalog.points, others)
    return tuple(merge(*sides, key=row_time, reverse=not is_oldest_first)) if others else catalog.points


def fold_missed_runs(rows: Sequence[T]) -> tuple[T | MissedRun, ...]:
    """Return the rows with more than `MAX_MISSED_ROWS` consecutive missed runs of a schedule in one row."""
    folded: list[T | MissedRun] = []
    for is_missed, grouped in groupby(rows, key=lambda row: isinstance(row, MissedRun) and not row.reason):
        block = tuple(grouped)
        folded += _fold_block(block) if is_missed else block
    return tuple(folded)


def _fold_block(block: Sequence[object]) -> Iterator[MissedRun]:
    """Yield the rows of consecutive missed runs: of each schedule one row, or one row a run if there are few."""
    runs: defaultdict[tuple[str, str], list[MissedRun]] = defaultdict(list)
    for entry in block:
        if isinstance(entry, MissedRun):
            runs[entry.id[:2]].append(entry)
    for entry in block:
        if not isinstance(entry, MissedRun):
            continue
        same = runs[entry.id[:2]]
        if len(same) <= MAX_MISSED_ROWS:
            yield entry
        elif entry is same[0]:
            newest, *older = sorted((run.at for run in same), reverse=True)
            yield MissedRun(entry.schedule, newest, others=tuple(older))


def iter_unlisted_runs(schedule: ScheduleRuns, state: SiteState) -> Iterator[MissedRun]:
    """Yield the missed runs of a schedule, and its failed runs whose backups were deleted, unsorted."""
    yield from (MissedRun(schedule, run.at) for run in schedule.missed_runs)
    deleted = {deletion.backup.id for deletion in state.history.deletions}
    for run in schedule.failed_runs if deleted else ():
        if run.backup is not None and run.backup.id in deleted:
            yield MissedRun(schedule, run.at, run.reason)


def _other_rows(assessment: Assessment, store: str | None) -> Iterator[Entry]:
    """Yield missed runs and instance changes of a store, or of all stores."""
    for schedule in assessment.schedules:
        if store in {None, schedule.store}:
            yield from iter_unlisted_runs(schedule, assessment.site_state)
    yield from (change for change in assessment.instance_changes if store in {None, change.after.backup.store})


def row_time(entry: Entry) -> int:
    """Return the due time of a missed run, or the start of a backup, epoch ms; 0 if unknown."""
    if isinstance(entry, MissedRun):
        return entry.at
    return start_time(entry.after if isinstance(entry, InstanceChange) else entry)


def change_text(change: InstanceChange) -> str:
    """Return the text of a row for an instance change: a hint, not a verdict (docs/rules.md)."""
    kinds = " and ".join(PART_NAMES.get(kind, kind) for kind in change.kinds)
    return f"another instance of the {kinds} from here on: rebuilt or restored in between?"
