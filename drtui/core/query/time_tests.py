"""What a filter can ask of the times of a restore point: since when, until when, how long."""

import datetime as dt
import math
import operator
import re
from collections.abc import Callable

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import (
    HOUR,
    MINUTE,
    SECOND,
    TimeError,
    age_at,
    day_bounds,
    format_duration,
    format_full,
    parse_duration,
    parse_time,
    to_zone,
)
from drtui.core.model.backup import NEVER, Backup
from drtui.core.query.text_tests import FieldError, FieldTest
from drtui.core.verdict.verdict import Verdict


def match_since(_: str, value: str, view: DisplayContext) -> FieldTest:
    """It started then, or later."""
    first = _parse_period(value, view)[0]

    def test(backup: Backup, _: Verdict) -> bool | None:
        return None if backup.start is None else backup.start >= first

    return FieldTest(test, format_full(first, view.zone), uncertain=True)


def match_until(_: str, value: str, view: DisplayContext) -> FieldTest:
    """It started then, which may be any time of a day, or earlier."""
    last = _parse_period(value, view)[1]

    def test(backup: Backup, _: Verdict) -> bool | None:
        return None if backup.start is None else backup.start <= last

    return FieldTest(test, format_full(last, view.zone), uncertain=True)


def _parse_period(text: str, view: DisplayContext) -> tuple[int, int]:
    """The first and the last millisecond of the day, hour, minute or second that is named; or of so long ago."""
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
    """The same of a time with a clock; epoch milliseconds are exact."""
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
    """A number of milliseconds against a duration; or one of the words for what has none."""
    now = view.now
    if relation == ":":
        if value.lower() not in words:
            raise FieldError(f"{value!r} goes with < or >; with : there is {' and '.join(words)}")
        expected = words[value.lower()]
        return FieldTest(lambda backup, _: measure(backup, now) == expected, value.lower())
    try:
        limit, compare = parse_duration(value), COMPARISONS[relation]
    except TimeError as error:
        raise FieldError(str(error)) from error

    def test(backup: Backup, _: Verdict) -> bool | None:
        found = measure(backup, now)
        return None if found is None else compare(found, limit)

    return FieldTest(test, format_duration(limit), uncertain=True)


def time_left(backup: Backup, now: int) -> float | None:
    """Until it may be cleaned up: less than nothing where it may be already, endless where it never may."""
    if backup.retention is None:
        return None
    return math.inf if backup.retention == NEVER else backup.retention - now


def age_of(backup: Backup, now: int) -> int | None:
    """Return the milliseconds since it started, as far as that is known."""
    return age_at(backup.start, now)
