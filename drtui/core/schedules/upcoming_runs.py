"""Future runs of schedules."""

from collections.abc import Iterable, Iterator
from itertools import islice

from msgspec import Struct

from drtui.core.schedules.run_times import Limited, Times, run_times_of
from drtui.core.schedules.schedule_runs import ScheduleRuns

MAX_RUNS = 100
"""Maximum number of runs of one schedule in one slot; a schedule may be due every second."""


class UpcomingRun(Struct, frozen=True):
    """A future run of a schedule."""

    schedule: ScheduleRuns
    at: int
    """Time of the run, epoch ms."""

    @property
    def id(self) -> tuple[str, str, int, str]:
        """Store, prefix, time and "due"; differs from the id of a missed run."""
        return self.schedule.store, self.schedule.prefix, self.at, "due"

    @property
    def name(self) -> str:
        """Text for the column that has the names of restore points."""
        return f"({self.schedule.title}: coming)"


class UpcomingRuns(Struct, frozen=True):
    """A schedule with future runs, and its run times."""

    schedule: ScheduleRuns
    times: Times
    first: int
    """Time of the next run, epoch ms."""

    def after(self, moment: int) -> int | None:
        """Return the first run at or after `moment`, both epoch ms; None if there is none."""
        return self.first if moment <= self.first else self.times.after(moment - 1)

    def between(self, start: int, end: int) -> Iterator[UpcomingRun]:
        """Return the first `MAX_RUNS` runs from `start` (included) to `end` (excluded), epoch ms."""
        moments = self.times.between(max(start, self.first), end - 1) if end > self.first else iter(())
        return (UpcomingRun(self.schedule, moment) for moment in islice(moments, MAX_RUNS))


def upcoming_runs(schedules: Iterable[ScheduleRuns]) -> Iterator[UpcomingRuns]:
    """Yield the schedules with future runs. Schedules learned from names are left out."""
    for schedule in schedules:
        if schedule.task is not None and schedule.next_run is not None:
            times = Limited(run_times_of(schedule.task), None, schedule.certain_until)
            yield UpcomingRuns(schedule, times, schedule.next_run)
