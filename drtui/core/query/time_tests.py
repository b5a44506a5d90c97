"""Tests of filter fields on start, age, duration and retention of a restore point."""

import datetime as dt
import math
import operator
import re
from collections.abc import Callable

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import HOUR, MINUTE, SECOND, age_at, format_duration
from drtui.core.formatting.times import TimeError, day_bounds, format_full, parse_duration, parse_time, to_zone
from drtui.core.model.backup import NEVER, Backup
from drtui.core.query.text_tests import FieldError, FieldTest
from drtui.core.verdict.rules import Verdict


def match_since(_: str, value: str, view: DisplayContext) -> FieldTest:
    """Return a test that a restore point started at a time or later."""
    first = _parse_period(value, view)[0]
    return _compare(lambda backup: backup.start, operator.ge, first, format_full(first, view.zone))


def match_until(_: str, value: str, view: DisplayContext) -> FieldTest:
    """Return a test that a restore point started before the end of a time or day."""
    last = _parse_period(value, view)[1]
    return _compare(lambda backup: backup.start, operator.le, last, format_full(last, view.zone))


def _compare(
    measure: Callable[[Backup], float | None], compare: Callable[[float, float], bool], limit: int, label: str
) -> FieldTest:
    """Return a test that compares a number of a backup with a limit; unknown numbers give None."""

    def test(backup: Backup, _: Verdict) -> bool | None:
        number = measure(backup)
        return None if number is None else compare(number, limit)

    return FieldTest(test, label, is_uncertain=True)


def _parse_period(text: str, view: DisplayContext) -> tuple[int, int]:
    """Return the first and last millisecond of a day, hour, minute or second.

    A duration is a single moment, that long before now.
    """
    typed = text.strip().lower()
    today = to_zone(view.now, view.zone).date()
    try:
        moment = max(0, view.now - parse_duration(typed))
    except TimeError:
        pass
    else:
        return moment, moment
    try:
        days = {"today": today, "yesterday": today - dt.timedelta(1)}
        return day_bounds(days.get(typed) or dt.date.fromisoformat(typed), view.zone)
    except TimeError as error:
        raise FieldError(str(error)) from error
    except ValueError:
        return _parse_instant(text, view)


_CLOCK = re.compile(r"[Tt ](\d\d)(:?\d\d)?(:?\d\d)?")


def _parse_instant(text: str, view: DisplayContext) -> tuple[int, int]:
    """Return the first and last millisecond of a time with a clock; epoch milliseconds are a single moment."""
    try:
        first = parse_time(text, view.zone)
    except TimeError as error:
        raise FieldError(str(error)) from error
    clock = _CLOCK.search(text)
    unit = (HOUR, MINUTE, SECOND)[(clock.lastindex or 1) - 1] if clock else 1
    return first, first + unit - 1


COMPARISONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def match_duration(
    measure: Callable[[Backup, int], float | None],
    words: dict[str, float | None],
    relation: str,
    value: str,
    view: DisplayContext,
) -> FieldTest:
    """Return a test that compares a measured duration with a value, or for `:` with one of `words`."""
    now = view.now
    if relation == ":":
        if value.lower() not in words:
            raise FieldError(f"Cannot use : with {value!r}. Use < or > for a duration, or : for {' and '.join(words)}")
        expected = words[value.lower()]
        return FieldTest(lambda backup, _: measure(backup, now) == expected, value.lower())
    try:
        limit = parse_duration(value)
    except TimeError as error:
        raise FieldError(str(error)) from error
    return _compare(lambda backup: measure(backup, now), COMPARISONS[relation], limit, format_duration(limit))


def measure_time_left(backup: Backup, now: int) -> float | None:
    """Return the milliseconds until the retention ends: negative after it, infinite for never, None if unknown."""
    if backup.retention is None:
        return None
    return math.inf if backup.retention == NEVER else backup.retention - now


def measure_age(backup: Backup, now: int) -> int | None:
    """Return the milliseconds since the start of a backup; None if unknown."""
    return age_at(backup.start, now)
