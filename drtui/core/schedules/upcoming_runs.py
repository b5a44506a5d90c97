"""The runs that a schedule has still to make."""

from collections.abc import Iterable, Iterator
from itertools import islice

from msgspec import Struct

from drtui.core.schedules.run_times import Limited, Times, TimetableError, run_times_of
from drtui.core.schedules.schedule_runs import ScheduleRuns

MOST = 100
"""Runs of one schedule that are named in one slot: it may be due every second."""


class UpcomingRun(Struct, frozen=True):
    """A run to come."""

    schedule: ScheduleRuns
    at: int
    """Epoch ms."""

    @property
    def id(self) -> tuple[str, str, int, str]:
        """Of which schedule it is, and when; another one than that of a run that was missed."""
        return self.schedule.store, self.schedule.prefix, self.at, "due"

    @property
    def name(self) -> str:
        """What stands where a restore point has its name."""
        return f"({self.schedule.title}: to come)"


class UpcomingRuns(Struct, frozen=True):
    """A schedule that will run, and when."""

    schedule: ScheduleRuns
    times: Times
    first: int
    """Its next run, epoch ms."""

    def after(self, moment: int) -> int | None:
        """The first run from `moment` on, both epoch ms; None if there is none within reach."""
        return self.first if moment <= self.first else self.times.after(moment - 1)

    def between(self, start: int, end: int) -> Iterator[UpcomingRun]:
        """The runs from `start` until `end` (epoch ms), as many as are worth naming."""
        moments = self.times.between(max(start, self.first), end - 1) if end > self.first else iter(())
        return (UpcomingRun(self.schedule, moment) for moment in islice(moments, MOST))


def upcoming_runs(plans: Iterable[ScheduleRuns]) -> Iterator[UpcomingRuns]:
    """Those of these schedules that will run. What was only learned from names promises nothing."""
    for plan in plans:
        if plan.task is not None and plan.next_run is not None:
            try:
                yield UpcomingRuns(plan, Limited(run_times_of(plan.task), None, plan.certain_until), plan.next_run)
            except TimetableError:
                continue
