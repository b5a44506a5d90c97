"""The runs that a schedule has still to make."""

from collections.abc import Iterable, Iterator
from itertools import islice

from msgspec import Struct

from drtui.core.schedules.run_times import Limited, Times, TimetableError, timetable
from drtui.core.schedules.schedule_runs import Plan

MOST = 100
"""Runs of one schedule that are named in one slot: it may be due every second."""


class Due(Struct, frozen=True):
    """A run to come."""

    plan: Plan
    at: int
    """Epoch ms."""

    @property
    def id(self) -> tuple[str, str, int, str]:
        """Of which schedule it is, and when; another one than that of a run that was missed."""
        return self.plan.store, self.plan.prefix, self.at, "due"

    @property
    def name(self) -> str:
        """What stands where a restore point has its name."""
        return f"({self.plan.title}: to come)"


class Coming(Struct, frozen=True):
    """A schedule that will run, and when."""

    plan: Plan
    times: Times
    first: int
    """Its next run, epoch ms."""

    def after(self, moment: int) -> int | None:
        """The first run from `moment` on, both epoch ms; None if there is none within reach."""
        return self.first if moment <= self.first else self.times.after(moment - 1)

    def between(self, start: int, end: int) -> Iterator[Due]:
        """The runs from `start` until `end` (epoch ms), as many as are worth naming."""
        moments = self.times.between(max(start, self.first), end - 1) if end > self.first else iter(())
        return (Due(self.plan, moment) for moment in islice(moments, MOST))


def coming(plans: Iterable[Plan]) -> Iterator[Coming]:
    """Those of these schedules that will run. What was only learned from names promises nothing."""
    for plan in plans:
        if plan.schedule is not None and plan.next is not None:
            try:
                yield Coming(plan, Limited(timetable(plan.schedule), None, plan.until), plan.next)
            except TimetableError:
                continue
