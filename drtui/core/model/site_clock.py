"""Estimate the site's clock from the `Date` headers of its answers; ages are computed with it.

With a local clock that is three hours off, every backup would look three hours younger or older than it is.
"""

import datetime as dt
import re
from collections.abc import Collection, Mapping

from msgspec import Struct

from drtui.core.formatting.durations import MINUTE, format_age
from drtui.core.formatting.times import UTC

PRECISION = 2_000
"""Milliseconds of uncertainty of the site's clock: `Date` has whole seconds, and answers take time."""

REPORTED = 2 * MINUTE
"""Milliseconds of clock difference that are reported."""

CRITICAL = 10 * MINUTE
"""Milliseconds of clock difference that are a finding; an answer so much older than the others comes from a cache."""

FRESH = 60_000
"""Milliseconds that an answer may have spent in a cache and still counts as live."""

MAX_AGE = 10 * 365 * 86_400
"""Largest age of an answer in seconds; greater values are cut to it."""

LAST_YEAR = 2999
"""Last year that is accepted in a `Date` header."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(r"[a-z]{3}, (\d\d) ([a-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:gmt|utc)", re.ASCII)
_STALE = re.compile(r"(?:^|,)\s*11[0-3]\b")
"""`Warning` codes for a stale answer, a failed validation, or a cache that is offline (RFC 7234, 5.5)."""


class ClockSample(Struct, frozen=True, eq=False):
    """The `Date` of an answer, and the local times of the request and of the answer; epoch ms.

    Samples are equal only if they are the same: quick answers have the same times, and each of them counts.
    """

    date: int
    sent: int
    received: int

    @property
    def round_trip(self) -> int:
        """Milliseconds from the request to the answer."""
        return max(0, self.received - self.sent)

    @property
    def offset(self) -> int:
        """Milliseconds that the site is ahead; assumes that `Date`, cut to seconds, was set halfway in between."""
        return self.date + 500 - (self.sent + self.received) // 2


def parse_http_date(text: str) -> int | None:
    """Return the time in a `Date` header, epoch ms; None if it cannot be read (RFC 9110, 5.6.7)."""
    match = _DATE.fullmatch(text.strip().lower())
    if match is None or match[2] not in _MONTHS:
        return None
    day, year, hour, minute, second = (int(match[number]) for number in (1, 3, 4, 5, 6))
    try:
        moment = dt.datetime(year, _MONTHS.index(match[2]) + 1, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return round(moment.timestamp()) * 1000 if 1970 <= year <= LAST_YEAR else None


def clock_offset(samples: Collection[ClockSample], previous: int | None = None) -> int | None:
    """Return the milliseconds that the site's clock is ahead of the local clock; None without samples.

    The result is the median of the quick answers. A difference within the precision counts as 0, and a change within
    the precision returns the `previous` value, so that the display does not flicker between refreshes.
    """
    if not samples:
        return None
    quickest = min(sample.round_trip for sample in samples)
    offsets = sorted(sample.offset for sample in samples if sample.round_trip <= max(PRECISION, quickest))
    median = offsets[(len(offsets) - 1) // 2]
    margin = max(PRECISION, quickest // 2)
    if abs(median) <= margin:
        return 0
    return previous if previous is not None and abs(median - previous) <= margin else median


def cache_age(status: int, headers: Mapping[str, str]) -> int | None:
    """Return the milliseconds that an answer spent in a cache; None if the site itself sent it.

    0 means that the answer comes from a cache, but its age is unknown: status 203, a `Warning` that it is stale, or an
    unreadable `Age`.
    """
    ages = [_seconds(text) for text in headers.get("age", "").split(",") if text.strip()]
    oldest = max((age for age in ages if age is not None), default=0) * 1000
    if oldest > FRESH:
        return oldest
    if None in ages or status == 203 or _STALE.search(headers.get("warning", "")):
        return oldest
    return None


def _seconds(text: str) -> int | None:
    """Return the seconds in an `Age` header, at most `MAX_AGE`; None if they cannot be read."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()):
        return None
    return min(int(digits), MAX_AGE) if len(digits) < 16 else MAX_AGE


def clock_sample(status: int, headers: Mapping[str, str], sent: int, received: int) -> ClockSample | None:
    """Return the clock sample of an accepted answer; None if the site itself did not date the answer."""
    if status != 200 or "age" in headers or cache_age(status, headers) is not None:
        return None
    date = parse_http_date(headers.get("date", ""))
    return None if date is None else ClockSample(date, sent, received)


def stale_answers(samples: Mapping[str, ClockSample]) -> dict[str, int]:
    """Return how many milliseconds each stale answer is older than the median of the same refresh, by name.

    Only answers that are older by more than `CRITICAL` count. This finds caches that set no header.
    """
    offsets = sorted(sample.offset for sample in set(samples.values()))  # several stores may share one answer
    if len(offsets) < 3:
        return {}
    median = offsets[(len(offsets) - 1) // 2]
    return {name: median - sample.offset for name, sample in samples.items() if median - sample.offset > CRITICAL}


def skew_text(offset: int | None) -> str:
    """Return a sentence about the difference between the two clocks; empty if it is too small to matter."""
    if offset is None or abs(offset) < REPORTED:
        return ""
    where = "behind" if offset > 0 else "ahead of"
    return f"This machine's clock is {format_age(abs(offset))} {where} the site's; ages follow the site's clock"


def skew_seconds(offset: int | None) -> int | None:
    """Return a clock difference in whole seconds, for machine-readable output."""
    return None if offset is None else round(offset / 1000)
