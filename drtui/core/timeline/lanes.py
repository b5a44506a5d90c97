"""A lane of a timeline: the restore points and missed runs of one store and kind.

Everything is sorted once; the events of a slot are found by bisection, however many restore points there are.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from drtui.core.formatting.times import LAST
from drtui.core.listing.rows import MissedRun, row_time
from drtui.core.schedules.schedule_runs import ScheduleRuns
from drtui.core.schedules.upcoming_runs import UpcomingRun, UpcomingRuns
from drtui.core.summary.labels import MISSED, StatusLabel, level_label
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.rules import Level

NOT_READ = -LAST
"""Value of `Lane.read_at` if the list was never read, in milliseconds: before every slot."""

MISSED_MARK = replace(MISSED, symbol="▫", ascii="_")
"""The label of a missed run in one cell; its usual symbol could be mistaken for a doubtful restore point."""

EVENT_LEVELS = (
    Level.USABLE,
    Level.EXPIRED,
    Level.RUNNING,
    Level.DOUBTFUL,
    Level.CANNOT_TELL,
    None,
    Level.NOT_USABLE,
)
"""Levels from best to worst: a slot shows the worst. None is a missed run.

A running backup ranks low so that it hides no problem.
"""

WEIGHTS = {level: weight for weight, level in enumerate(EVENT_LEVELS)}
EXPECTED_MARK = StatusLabel("▹", "o", "expected", "muted")
UNREAD_MARK = StatusLabel("░", ":", "not read", "warn")
NOW_MARK = StatusLabel("╎", "|", "now", "muted")

PastEvent = RestorePoint | MissedRun
Event = PastEvent | UpcomingRun
"""An event in a slot."""


def event_mark(level: Level | None) -> StatusLabel:
    """Return the label of a level (None: a missed run) with a symbol of one cell; "ok" needs two in ASCII."""
    if level is None:
        return MISSED_MARK
    return replace(level_label(level), ascii="+") if level is Level.USABLE else level_label(level)


EVENT_MARKS = tuple(map(event_mark, EVENT_LEVELS))


class SortedEvents(Struct, frozen=True):
    """Events of a lane, sorted by time."""

    now: int
    """Time of the assessment, epoch ms."""
    events: tuple[PastEvent, ...] = ()
    times: tuple[int, ...] = ()
    """The time of each event, epoch ms."""

    def past_events_between(self, start: int, end: int) -> tuple[PastEvent, ...]:
        """Return the events from `start` until `end`, oldest first; epoch ms."""
        return self.events[bisect_left(self.times, start) : bisect_left(self.times, end)]

    def last_event_before(self, moment: int) -> int | None:
        """Return the time of the last event before a moment; both epoch ms."""
        position = bisect_left(self.times, moment)
        return self.times[position - 1] if position else None

    def next_event_from(self, moment: int) -> int | None:
        """Return the time of the next event at or after a moment; both epoch ms."""
        position = bisect_left(self.times, moment)
        return self.times[position] if position < len(self.times) else None


class Lane(SortedEvents, frozen=True, kw_only=True):
    """The restore points of one store and kind, and the runs without a listed backup; all oldest first."""

    store: str
    kind: str
    """Kind of restore point, such as `scheduled`; empty for a store without restore points and schedules."""
    points: tuple[RestorePoint, ...] = ()
    """Restore points with a start time."""
    undated_count: int = 0
    """Number of restore points without a start time; these are in no slot."""
    missed_runs: tuple[MissedRun, ...] = ()
    schedules: tuple[ScheduleRuns, ...] = ()
    """The schedules that make the restore points of this lane."""
    upcoming: tuple[UpcomingRuns, ...] = ()
    """Upcoming runs of the schedules that will run."""
    read_at: int = NOT_READ
    """Time at which the backup list was read, epoch ms: later events are unknown."""
    note: str = ""
    """The reason why the lane is empty: `none`, or why the list could not be read."""

    @property
    def id(self) -> tuple[str, str]:
        """Store and kind."""
        return self.store, self.kind

    @property
    def name(self) -> str:
        """The label of the lane."""
        name = " ".join(filter(None, (self.store or "(no store named)", self.kind)))
        return f"{name}, {self.note}" if self.note else name

    @property
    def retention(self) -> int | None:
        """Retention of the restore points, in milliseconds; None if unknown or unlimited.

        The retention of the schedule, else of the newest restore point, whose retention counts from submission: up to a
        minute before its start (rule R43).
        """
        if self.schedule_retention is not None:
            return self.schedule_retention
        newest = self.points[-1].backup if self.points else None
        if newest is None or newest.start is None or newest.retention is None or newest.retention <= newest.start:
            return None
        return newest.retention - newest.start

    @property
    def schedule_retention(self) -> int | None:
        """Retention in the schedules, in milliseconds; None if no schedule has one, or two differ."""
        offsets = {schedule.task.retention_offset for schedule in self.schedules if schedule.task is not None}
        (offset,) = offsets if len(offsets) == 1 else (None,)
        return offset if offset is not None and offset > 0 else None

    @property
    def horizon(self) -> int | None:
        """Start of the retention period, epoch ms: older backups may have been cleaned up. None if unknown."""
        return None if self.retention is None else self.now - self.retention

    def marks(self, edges: Sequence[int]) -> list[StatusLabel | None]:
        """Return the label of the worst event in each slot between `edges` (epoch ms); None for an empty slot."""
        due = self._due_slots(edges)
        return [self._mark(start, end, due=start in due) for start, end in pairwise(edges)]

    def _mark(self, start: int, end: int, *, due: bool) -> StatusLabel | None:
        events = self.past_events_between(start, end)
        if events:
            return EVENT_MARKS[max(map(_weight, events))]
        if self.read_at <= start <= self.now and self.read_at < self.now:
            return UNREAD_MARK
        if due:
            return EXPECTED_MARK
        return NOW_MARK if start <= self.now < end else None

    def _due_slots(self, edges: Sequence[int]) -> set[int]:
        """Return the starts of the slots with an upcoming run; checks each slot once, not each run."""
        starts: set[int] = set()
        for runs in self.upcoming:
            moment = runs.after(edges[0])
            while moment is not None and moment < edges[-1]:
                slot = bisect_right(edges, moment)
                starts.add(edges[slot - 1])
                moment = runs.after(edges[slot])
        return starts

    def events_between(self, start: int, end: int) -> tuple[Event, ...]:
        """Return the events from `start` until `end` (epoch ms): worst first, then newest; upcoming runs last."""
        past = sorted(
            self.past_events_between(start, end), key=lambda event: (_weight(event), row_time(event)), reverse=True
        )
        due = sorted((run for runs in self.upcoming for run in runs.between(start, end)), key=lambda run: run.at)
        return (*past, *due)

    def next_event_from(self, moment: int) -> int | None:
        """Return the time of the next event, upcoming runs included, at or after a moment; both epoch ms."""
        next_times = (super().next_event_from(moment), *(runs.after(moment) for runs in self.upcoming))
        return min((time for time in next_times if time is not None), default=None)


def _weight(event: PastEvent) -> int:
    return WEIGHTS[event.verdict.level if isinstance(event, RestorePoint) else None]
