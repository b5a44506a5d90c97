"""When a schedule is due: by its cron expression, or every so many seconds (docs/api.md#schedules)."""

from collections.abc import Iterator

from drtui.core.formatting.times import DAY, LAST, SECOND
from drtui.core.model.site import Schedule
from drtui.core.schedules.cron import QuartzCron, QuartzError


class TimetableError(ValueError):
    """A schedule that does not say when it is due."""


class Interval:
    """Every so many milliseconds, counted from one moment in both directions."""

    def __init__(self, period: int, origin: int) -> None:
        """`origin` is a moment at which it was due, epoch ms."""
        self._period, self._origin = period, origin

    def between(self, start: int, end: int) -> Iterator[int]:
        """The moments from `start` to `end`, both epoch ms and included, in order."""
        return iter(range(start + (self._origin - start) % self._period, min(end, LAST) + 1, self._period))

    def after(self, moment: int) -> int | None:
        """The first moment after `moment` (epoch ms); None if the calendar ends before."""
        return next(self.between(moment + 1, LAST), None)


class Limited:
    """The moments of another timetable from a first to a last one."""

    def __init__(self, times: "Times", first: int | None, last: int | None) -> None:
        """`first` and `last` are epoch ms and included; None for no limit."""
        self._times = times
        self._first, self._last = first or 0, LAST if last is None else last

    def between(self, start: int, end: int) -> Iterator[int]:
        """Return the moments from `start` to `end`, both epoch ms and included, in order."""
        return self._times.between(max(start, self._first), min(end, self._last))

    def after(self, moment: int) -> int | None:
        """Return the first moment after `moment` (epoch ms); None if there is none."""
        following = self._times.after(max(moment, self._first - 1))
        return following if following is not None and following <= self._last else None


Times = QuartzCron | Interval | Limited
"""The moments at which something is due."""


def run_times_of(schedule: Schedule) -> Times:
    """Return when a schedule is due, from its first day to its last one.

    Raises:
        TimetableError: it does not say so.
    """
    times = _times(schedule)
    limited = schedule.starts is not None or schedule.ends is not None
    return Limited(times, schedule.starts, schedule.ends) if limited else times


def _times(schedule: Schedule) -> QuartzCron | Interval:
    """Return when a schedule is due, by its cron expression or its interval.

    Raises:
        TimetableError: it says neither.
    """
    if schedule.cron:
        try:
            return QuartzCron(schedule.cron)
        except QuartzError as error:
            raise TimetableError(f"its cron expression cannot be read: {error}") from None
    if schedule.interval_seconds is None or schedule.interval_seconds <= 0:
        raise TimetableError("it says neither cron expression nor interval")
    if schedule.last_start is None:
        raise TimetableError("it repeats at an interval, but when it last started is not known")
    return Interval(schedule.interval_seconds * SECOND, schedule.last_start)


def latest_runs(due: Times, start: int, end: int, most: int) -> list[int]:
    """The moments, only the last days' if there are more than `most`: one for every second must not take for ever."""
    found: list[int] = []
    for days in (1, 8, 90):
        found = list(due.between(max(start, end - days * DAY), end))
        if len(found) > most:
            break
    return found
