"""Quartz cron expressions: six fields with seconds first, an optional year, 1 = Sunday, all in UTC (rule R53).

The library cronsim finds the days. In its dialect Sunday is 0, and `?`, `15W` and a year do not exist; this module
translates.
"""

import datetime as dt
import re
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice, product

from cronsim import CronSim, CronSimError

from drtui.core.formatting.durations import DAY, SECOND
from drtui.core.formatting.times import LAST, UTC, day_start, to_zone

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
EVERY = {"*", "?"}
HORIZON = 5 * 366
"""Days to search ahead for the next run; includes a leap day."""

DatePredicate = Callable[[dt.date], bool]


class QuartzError(ValueError):
    """Raised for text that is not a Quartz cron expression."""


class QuartzCron:
    """A Quartz cron expression and its run times."""

    def __init__(self, expression: str) -> None:
        """Parse an expression.

        Raises:
            QuartzError: the text is not a Quartz cron expression.
        """
        fields = expression.upper().split()
        if len(fields) not in {6, 7}:
            raise QuartzError(f"{len(fields)} fields instead of 6 or 7")
        second, minute, hour, day, month, weekday, *year = fields
        if not {day, weekday} & EVERY:
            raise QuartzError("day of the month and day of the week are both set; one must be ?")
        times = product(_numbers(hour, 0, 23), _numbers(minute, 0, 59), _numbers(second, 0, 59))
        # Run times within a day, milliseconds since midnight, sorted: up to 86,400, computed once.
        self._times = [((hour * 60 + minute) * 60 + second) * SECOND for hour, minute, second in times]
        self._years = _numbers(year[0], 1970, 2199) if year else None
        self._fits, day = _day(day)
        self._dates = f"0 0 {day} {_listed(_numbers(month, 1, 12, MONTHS))} {_weekday(weekday)}"
        try:
            CronSim(self._dates, dt.datetime(2000, 1, 1, tzinfo=UTC))
        except CronSimError as error:
            raise QuartzError(str(error)) from None

    def between(self, start: int, end: int) -> Iterator[int]:
        """Yield the run times from `start` to `end`, both epoch ms and included, in order."""
        end = min(end, LAST)
        for midnight in self._midnights(max(0, start) // DAY * DAY, end):
            for time in islice(self._times, bisect_left(self._times, start - midnight), None):
                if midnight + time > end:
                    return
                yield midnight + time

    def after(self, moment: int) -> int | None:
        """Return the first run time after `moment`, both epoch ms; None if there is none within five years."""
        return next(self.between(moment + 1, moment + HORIZON * DAY), None)

    def _midnights(self, start: int, end: int) -> Iterator[int]:
        """Yield the midnights (epoch ms) of the days with runs, from the midnight `start` to `end`."""
        if start > min(end, LAST - DAY):
            return
        with suppress(OverflowError):  # the library fails after the year 9999
            # The library excludes its start time, so start one second earlier.
            for day in CronSim(self._dates, to_zone(start - SECOND, UTC)):
                midnight = day_start(day.date(), UTC)
                if midnight > end:
                    return
                if self._fits(day.date()) and (self._years is None or day.year in self._years):
                    yield midnight


def _numbers(text: str, low: int, high: int, names: tuple[str, ...] = ()) -> list[int]:
    """Return the numbers that a field without special letters stands for, sorted."""
    numbers: set[int] = set()
    for term in text.split(","):
        span, slash, step = term.partition("/")
        first, dash, last = span.partition("-")
        if span in {*EVERY, ""} and (span or slash):
            start, end = low, high
        else:
            start = _number(first, low, high, names)
            end = _number(last, low, high, names) if dash else high if slash else start
        size = high - low + 1
        stride = _number(step, 1, high, ()) if slash else 1
        # A range may wrap around: 22-2, FRI-MON.
        numbers.update(low + (start + offset - low) % size for offset in range(0, (end - start) % size + 1, stride))
    return sorted(numbers)


def _number(text: str, low: int, high: int, names: tuple[str, ...]) -> int:
    if text in names:
        return low + names.index(text)
    if not re.fullmatch(r"[0-9]{1,4}", text) or not low <= int(text) <= high:
        raise QuartzError(f"{text!r} is not between {low} and {high}")
    return int(text)


def _listed(numbers: list[int]) -> str:
    return ",".join(map(str, numbers))


def _day(text: str) -> tuple[DatePredicate, str]:
    """Return an extra condition for dates, and the day-of-month field for the library, which supports `L` and `LW`."""
    if text in EVERY:
        return _any, "*"
    if text in {"L", "LW"}:
        return _any, text
    if match := re.fullmatch(r"(?:L-(?P<before>[0-9]{1,2})|(?P<day>[0-9]{1,2})(?=W))(?P<weekday>W?)", text):
        return _special_day(match["day"], match["before"], near=bool(match["weekday"])), "*"
    return _any, _listed(_numbers(text, 1, 31))


def _any(_: dt.date) -> bool:
    return True


def _special_day(day: str | None, before: str | None, *, near: bool) -> DatePredicate:
    """Return the condition for `15W`, `L-3` or `L-3W`.

    The day is counted from either end of the month; with `near` it is the nearest working day.
    """
    number = _number(day, 1, 31, ()) if day else -_number(before or "", 1, 30, ())

    def fits(date: dt.date) -> bool:
        length = monthrange(date.year, date.month)[1]
        target = number if number > 0 else length + number
        if not 1 <= target <= length:
            return False
        return date.day == (_nearest_working_day(date.year, date.month, target, length) if near else target)

    return fits


def _nearest_working_day(year: int, month: int, day: int, length: int) -> int:
    """Return the working day nearest to a day, in the same month of `length` days."""
    weekday = dt.date(year, month, day).isoweekday()
    if weekday == 6:
        return day - 1 if day > 1 else day + 2
    if weekday == 7:
        return day + 1 if day < length else day - 2
    return day


def _weekday(text: str) -> str:
    """Return the day-of-week field for the library, in which Sunday is 0, not 1."""
    if text in EVERY:
        return "*"
    if text == "L":  # alone it is the last day of the week
        return "6"
    if match := re.fullmatch(r"(\w+?)(L|#([1-5]))", text):
        return f"{_number(match[1], 1, 7, WEEKDAYS) - 1}{match[2]}"
    return _listed([number - 1 for number in _numbers(text, 1, 7, WEEKDAYS)])
