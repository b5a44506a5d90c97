"""Compute the run times of a schedule from its cron expression or interval (docs/api.md#schedules)."""

from collections.abc import Iterator

from drtui.core.formatting.durations import DAY, SECOND
from drtui.core.formatting.times import LAST
from drtui.core.model.site import Schedule
from drtui.core.schedules.cron import QuartzCron, QuartzError


class TimetableError(ValueError):
    """Raised for a schedule whose run times are missing or unreadable."""


class Interval:
    """Run times at a fixed interval, before and after a known one."""

    def __init__(self, period: int, origin: int) -> None:
        """Initialise with the interval in milliseconds and one run time, `origin`, in epoch ms."""
        self._period, self._origin = period, origin

    def between(self, start: int, end: int) -> Iterator[int]:
        """Return the run times from `start` to `end`, both epoch ms and included, in order."""
        return iter(range(start + (self._origin - start) % self._period, min(end, LAST) + 1, self._period))

    def after(self, moment: int) -> int | None:
        """Return the first run time after `moment`, both epoch ms; None if the calendar ends before."""
        return next(self.between(moment + 1, LAST), None)


class Limited:
    """The run times of another object between a first and a last time."""

    def __init__(self, times: "Times", first: int | None, last: int | None) -> None:
        """Limit `times` to `first` and `last`, both epoch ms and included; None for no limit."""
        self._times = times
        self._first, self._last = first or 0, LAST if last is None else last

    def between(self, start: int, end: int) -> Iterator[int]:
        """Return the run times from `start` to `end`, both epoch ms and included, in order."""
        return self._times.between(max(start, self._first), min(end, self._last))

    def after(self, moment: int) -> int | None:
        """Return the first run time after `moment`, both epoch ms; None if there is none."""
        following = self._times.after(max(moment, self._first - 1))
        return following if following is not None and following <= self._last else None


Times = QuartzCron | Interval | Limited
"""Any object that computes run times."""


def run_times_of(task: Schedule) -> Limited:
    """Return the run times of a task by its cron expression or its interval, from its first day to its last.

    Raises:
        TimetableError: the run times are missing or unreadable.
    """
    times: Times
    if task.cron:
        try:
            times = QuartzCron(task.cron)
        except QuartzError as error:
            raise TimetableError(f"unreadable cron expression: {error}") from None
    elif task.interval_seconds is None or task.interval_seconds <= 0:
        raise TimetableError("no cron expression and no interval")
    elif task.last_start is None:
        raise TimetableError("it runs at an interval, but its last start is unknown")
    else:
        times = Interval(task.interval_seconds * SECOND, task.last_start)
    return Limited(times, task.starts, task.ends)


def latest_runs(times: Times, start: int, end: int, limit: int) -> list[int]:
    """Return the run times from `start` to `end`, epoch ms; if more than `limit`, only those of the last days.

    A schedule may be due every second, so that searching all of the range would take too long.
    """
    runs: list[int] = []
    for days in (1, 8, 90):
        runs = list(times.between(max(start, end - days * DAY), end))
        if len(runs) > limit:
            break
    return runs
