"""The site's clock, found out from the `Date` of its answers: ages are judged by it, not by this machine's.

A machine whose clock is three hours off would take every backup for three hours younger or older than it is.
"""

import datetime as dt
import re
from collections.abc import Collection, Mapping

from msgspec import Struct

from drtui.core.formatting.times import MINUTE, UTC, format_age

PRECISION = 2_000
"""Milliseconds to which the site's clock can be known: `Date` has whole seconds, and an answer takes its time."""

REPORTED = 2 * MINUTE
"""Milliseconds of difference from which on it is told."""

CRITICAL = 10 * MINUTE
"""Milliseconds of difference that are a finding; an answer that is so much older than the others is no live one."""

FRESH = 60_000
"""Milliseconds that an answer may have spent in a cache and still count as live."""

MAX_AGE = 10 * 365 * 86_400
"""Seconds of age beyond which an answer is as old as can be."""

LAST_YEAR = 2999
"""The last year of a `Date` that is taken for one: with a later one nothing could be judged."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(r"[a-z]{3}, (\d\d) ([a-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:gmt|utc)", re.ASCII)
_STALE = re.compile(r"(?:^|,)\s*11[0-3]\b")
"""Warnings that an answer is stale, could not be validated, or comes from a cache that is offline (RFC 7234, 5.5)."""


class ClockSample(Struct, frozen=True):
    """The `Date` of one answer, and when it was asked for and came by this machine's clock; epoch ms."""

    date: int
    sent: int
    received: int

    @property
    def round_trip(self) -> int:
        """Milliseconds from the request to the answer."""
        return max(0, self.received - self.sent)

    @property
    def offset(self) -> int:
        """Milliseconds that the site is ahead: `Date` is cut to seconds, and taken to be written halfway."""
        return self.date + 500 - (self.sent + self.received) // 2


def parse_http_date(text: str) -> int | None:
    """Return the moment of a `Date` header, epoch ms; None if it is none (RFC 9110, 5.6.7)."""
    found = _DATE.fullmatch(text.strip().lower())
    if found is None or found[2] not in _MONTHS:
        return None
    day, year, hour, minute, second = (int(found[number]) for number in (1, 3, 4, 5, 6))
    try:
        moment = dt.datetime(year, _MONTHS.index(found[2]) + 1, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return round(moment.timestamp()) * 1000 if 1970 <= year <= LAST_YEAR else None


def clock_offset(samples: Collection[ClockSample], previous: int | None = None) -> int | None:
    """Return the milliseconds that the site's clock is ahead of this machine's; None if no answer tells.

    It is the median, of the answers that came quickly. What is within the precision is no difference, and no change
    from `before`, so that nothing flickers from one refresh to the next.
    """
    if not samples:
        return None
    quickest = min(each.round_trip for each in samples)
    quick = sorted(each.offset for each in samples if each.round_trip <= max(PRECISION, quickest))
    found = quick[(len(quick) - 1) // 2]
    margin = max(PRECISION, quickest // 2)
    if abs(found) <= margin:
        return 0
    return previous if previous is not None and abs(found - previous) <= margin else found


def cache_age(status: int, headers: Mapping[str, str]) -> int | None:
    """Return the milliseconds for which something on the way had kept an answer; None if the site itself sent it.

    0 stands for an answer that says it is not the site's own, and not how old it is: 203, a warning that it is stale,
    or an `Age` that is no number.
    """
    ages = [_seconds(each) for each in headers.get("age", "").split(",") if each.strip()]
    oldest = max((each for each in ages if each is not None), default=0) * 1000
    if oldest > FRESH:
        return oldest
    if None in ages or status == 203 or _STALE.search(headers.get("warning", "")):
        return oldest
    return None


def _seconds(text: str) -> int | None:
    """Return a number of seconds; None if the text is none."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()):
        return None
    return min(int(digits), MAX_AGE) if len(digits) < 16 else MAX_AGE


def clock_sample(status: int, headers: Mapping[str, str], sent: int, received: int) -> ClockSample | None:
    """Return what an accepted answer says of the site's clock; None if it was not the site that dated it."""
    if status != 200 or "age" in headers or cache_age(status, headers) is not None:
        return None
    date = parse_http_date(headers.get("date", ""))
    return None if date is None else ClockSample(date, sent, received)


def stale_answers(samples: Mapping[str, ClockSample]) -> dict[str, int]:
    """Return of the answers that are dated long before most of the same refresh how long, milliseconds, by their names.

    A cache that says nothing of itself is known by that.
    """
    offsets = sorted(each.offset for each in set(samples.values()))  # one list may stand for several stores
    if len(offsets) < 3:
        return {}
    median = offsets[(len(offsets) - 1) // 2]
    return {name: median - each.offset for name, each in samples.items() if median - each.offset > CRITICAL}


def skew_text(offset: int | None) -> str:
    """Say how far this machine's clock is from the site's; empty for so little that it does not matter."""
    if offset is None or abs(offset) < REPORTED:
        return ""
    where = "behind" if offset > 0 else "ahead of"
    return f"This machine's clock is {format_age(abs(offset))} {where} the site's; ages follow the site's clock"


def skew_seconds(offset: int | None) -> int | None:
    """Return a difference of clocks in whole seconds, for machines."""
    return None if offset is None else round(offset / 1000)
