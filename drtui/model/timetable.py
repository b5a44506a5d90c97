"""When a schedule is due: by its cron expression, or every so many seconds (SPEC 1.18)."""

from collections.abc import Iterator

from drtui.model.moment import DAY, LAST, SECOND
from drtui.model.quartz import Quartz, QuartzError
from drtui.model.site import Schedule


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


def timetable(schedule: Schedule) -> Quartz | Interval:
    """When it is due.

    Raises:
        TimetableError: it does not say so.
    """
    if schedule.cron:
        try:
            return Quartz(schedule.cron)
        except QuartzError as error:
            raise TimetableError(f"its cron expression cannot be read: {error}") from None
    if schedule.interval_seconds is None or schedule.interval_seconds <= 0:
        raise TimetableError("it says neither cron expression nor interval")
    if schedule.last_start is None:
        raise TimetableError("it repeats at an interval, but when it last started is not known")
    return Interval(schedule.interval_seconds * SECOND, schedule.last_start)


def newest(due: Quartz | Interval, start: int, end: int, most: int) -> list[int]:
    """The moments, only the last days' if there are more than `most`: one for every second must not take for ever."""
    found: list[int] = []
    for days in (1, 8, 90):
        found = list(due.between(max(start, end - days * DAY), end))
        if len(found) > most:
            break
    return found
