"""The restore points of one store and kind over time: which sign a slot has, and what is in it.

Everything is sorted once; what is in a slot is then found by bisection, however many restore points there are.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from drtui.core.formatting.times import LAST
from drtui.core.listing.rows import MissedRun
from drtui.core.schedules.schedule_runs import ScheduleRuns
from drtui.core.schedules.upcoming_runs import UpcomingRun, UpcomingRuns
from drtui.core.summary.labels import MISSED, StatusLabel, level_label
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.verdict import Level

NOT_READ = -LAST
"""When a list was read that was not, in milliseconds: before every slot."""

MISSED_SIGN = replace(MISSED, symbol="▫", ascii="_")
"""Alone in a cell it must not be taken for a doubtful restore point."""

WORST = (Level.USABLE, Level.EXPIRED, Level.RUNNING, Level.DOUBTFUL, Level.CANNOT_TELL, None, Level.NOT_USABLE)
"""What outweighs what within one slot, the worst last; None is a missed run. One that runs hides nothing bad."""

WEIGHTS = {level: weight for weight, level in enumerate(WORST)}
EXPECTED = StatusLabel("▹", ">", "expected", "muted")
UNREAD = StatusLabel("?", "?", "not read", "warn")
NOW_MARK = StatusLabel("╎", "|", "now", "muted")

Event = RestorePoint | MissedRun | UpcomingRun
"""What can be in a slot."""


def verdict_symbol(level: Level | None) -> StatusLabel:
    """A verdict, or with None a missed run, in one cell, which a word of two letters in ASCII is not."""
    if level is None:
        return MISSED_SIGN
    return replace(level_label(level), ascii="+") if level is Level.USABLE else level_label(level)


SIGNS = tuple(map(verdict_symbol, WORST))


class Lane(Struct, frozen=True):
    """The restore points of one store and kind, with the runs that left none; everything oldest first."""

    store: str
    kind: str
    """Empty for a store that has neither restore points nor a schedule."""
    now: int
    """Epoch ms."""
    points: tuple[RestorePoint, ...] = ()
    """Those that say when they started."""
    undated_count: int = 0
    """How many do not, and stand nowhere."""
    missed: tuple[MissedRun, ...] = ()
    plans: tuple[ScheduleRuns, ...] = ()
    """Its schedules."""
    upcoming: tuple[UpcomingRuns, ...] = ()
    """Those of them that will run."""
    read_at: int = NOT_READ
    """When its list was read, epoch ms: of what came after that it knows nothing."""
    note: str = ""
    """Why there is nothing in it: `none`, or why it could not be read."""
    starts: tuple[int, ...] = ()
    """Of the restore points, epoch ms."""
    weights: tuple[int, ...] = ()
    """Of their verdicts."""
    missed_times: tuple[int, ...] = ()
    """Of the missed runs, epoch ms."""

    @property
    def id(self) -> tuple[str, str]:
        """Store and kind."""
        return self.store, self.kind

    @property
    def name(self) -> str:
        """What stands before it."""
        named = " ".join(filter(None, (self.store or "(no store named)", self.kind)))
        return f"{named}, {self.note}" if self.note else named

    @property
    def retention(self) -> int | None:
        """Retention of its restore points, milliseconds; None if that is not known, or for ever.

        As its schedule says. Without one, as long as the newest is: that retention counts from when it was submitted,
        up to a minute before its start (rule R43).
        """
        if self.schedule_retention is not None:
            return self.schedule_retention
        newest = self.points[-1].backup if self.points else None
        if newest is None or newest.start is None or newest.retention is None or newest.retention <= newest.start:
            return None
        return newest.retention - newest.start

    @property
    def schedule_retention(self) -> int | None:
        """Retention named by its schedules, milliseconds; None if none names one, or two differ."""
        offsets = {plan.task.retention_offset for plan in self.plans if plan.task is not None}
        (offset,) = offsets if len(offsets) == 1 else (None,)
        return offset if offset is not None and offset > 0 else None

    @property
    def horizon(self) -> int | None:
        """How far back that reaches, epoch ms: what is older may have been cleaned up."""
        return None if self.retention is None else self.now - self.retention

    def marks(self, edges: Sequence[int]) -> list[StatusLabel | None]:
        """The worst of what is in each of the slots between these edges (epoch ms); None for nothing."""
        due = self._due_slots(edges)
        return [self._mark(start, end, due=start in due) for start, end in pairwise(edges)]

    def _mark(self, start: int, end: int, *, due: bool) -> StatusLabel | None:
        weights = self.weights[bisect_left(self.starts, start) : bisect_left(self.starts, end)]
        missed = bisect_left(self.missed_times, start) < bisect_left(self.missed_times, end)
        if weights or missed:
            return SIGNS[max(max(weights, default=0), WEIGHTS[None] if missed else 0)]
        if self.read_at <= start <= self.now and self.read_at < self.now:
            return UNREAD
        if due:
            return EXPECTED
        return NOW_MARK if start <= self.now < end else None

    def _due_slots(self, edges: Sequence[int]) -> set[int]:
        """Where the slots begin in which a run is to come; asks once for each slot, not for each run."""
        found: set[int] = set()
        for each in self.upcoming:
            moment = each.after(edges[0])
            while moment is not None and moment < edges[-1]:
                slot = bisect_right(edges, moment)
                found.add(edges[slot - 1])
                moment = each.after(edges[slot])
        return found

    def events_between(self, start: int, end: int) -> tuple[Event, ...]:
        """What is in the slot from `start` until `end` (epoch ms): the worst first, of two like ones the newer."""
        points = self.points[bisect_left(self.starts, start) : bisect_left(self.starts, end)]
        missed = self.missed[bisect_left(self.missed_times, start) : bisect_left(self.missed_times, end)]
        past: list[tuple[int, int, Event]] = [(WEIGHTS[p.verdict.level], p.backup.start or 0, p) for p in points]
        past += [(WEIGHTS[None], run.at, run) for run in missed]
        past.sort(key=lambda each: each[:2], reverse=True)
        due = sorted((run for each in self.upcoming for run in each.between(start, end)), key=lambda run: run.at)
        return (*(event for _, _, event in past), *due)

    def last_event_before(self, moment: int) -> int | None:
        """When something was last, before a moment; both epoch ms."""
        found = [times[at - 1] for times in (self.starts, self.missed_times) if (at := bisect_left(times, moment))]
        return max(found, default=None)

    def next_event_from(self, moment: int) -> int | None:
        """When something is next, from a moment on; both epoch ms."""
        dated = ((times, bisect_left(times, moment)) for times in (self.starts, self.missed_times))
        found = [times[at] for times, at in dated if at < len(times)]
        found += [at for each in self.upcoming if (at := each.after(moment)) is not None]
        return min(found, default=None)
