"""Moments, zones, ages and durations. `now` is always a parameter; a moment is an int of epoch milliseconds, UTC."""

import datetime as dt
import re

from drtui.core.formatting.durations import (
    CLOCK_SKEW,
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    age_at,
    format_age,
    format_duration,
    format_elapsed,
    format_short_age,
    format_short_duration,
    format_signed,
)

UTC = dt.UTC

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = dt.timedelta(milliseconds=1)


def _moment(there: dt.datetime) -> int:
    """The moment of a time whose zone is known; in whole numbers, because a float is one off now and then."""
    return (there - _EPOCH) // _MILLISECOND


LAST = _moment(dt.datetime(9999, 12, 30, tzinfo=UTC))
"""The last moment that a calendar can show in every zone; beyond it a number is not taken for a time."""


class TimeError(ValueError):
    """Text that is no moment, no duration or no zone; the message says which forms are."""


class NotATimeError(TimeError):
    """Text that is not written like a moment at all."""


def zone_named(name: str) -> dt.tzinfo:
    """The time zone of that name: `UTC`, `Europe/Berlin`, ….

    Raises:
        MomentError: there is none.
    """
    if name.upper() in {"UTC", "Z"}:
        return UTC
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 - an age can be said without

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise TimeError(
            f"no time zone is called {name!r}; write it as in Europe/Berlin, America/New_York or UTC"
        ) from error


def to_zone(moment: int, zone: dt.tzinfo) -> dt.datetime:
    """`moment` (epoch ms) on the calendar of `zone`."""
    return (_EPOCH + moment * _MILLISECOND).astimezone(zone)


def day_start(day: dt.date, zone: dt.tzinfo) -> int:
    """When a day begins on the calendar of `zone`, epoch ms; of a midnight that comes twice the first.

    Where the clock skips midnight, PEP 495 gives the moment of the skip, which is when the day begins.
    """
    return _moment(dt.datetime.combine(day, dt.time(), tzinfo=zone))


def format_iso(moment: int, zone: dt.tzinfo) -> str:
    """`moment` in ISO 8601 with its offset, to the second: `2026-09-20T02:00:33+02:00`."""
    return to_zone(moment, zone).isoformat(timespec="seconds")


def format_minutes(moment: int | None, zone: dt.tzinfo) -> str:
    """`moment` as date and time of day, `2026-09-20 02:00`; `-` when there is none."""
    return "-" if moment is None else f"{to_zone(moment, zone):%Y-%m-%d %H:%M}"


def format_full(moment: int | None, zone: dt.tzinfo) -> str:
    """`moment` in full with seconds and offset, `2026-09-20 02:00:33 +02:00`; `-` when there is none."""
    if moment is None:
        return "-"
    there = to_zone(moment, zone)
    return f"{there:%Y-%m-%d %H:%M:%S} {_offset(there)}"


def format_utc(moment: int | None) -> str:
    """Return `moment` in UTC to the second, `2026-09-20 02:00:33Z`; `?` if there is none."""
    if moment is None:
        return "?"
    # What is beyond every calendar is still told from another such number.
    return f"{to_zone(moment, UTC):%Y-%m-%d %H:%M:%S}Z" if 0 <= moment <= LAST else f"{moment} ms"


def _offset(there: dt.datetime) -> str:
    """The offset from UTC: `+02:00`; until 1972 there was one with seconds."""
    return there.isoformat(timespec="seconds")[19:]


def zone_label(moment: int, zone: dt.tzinfo) -> str:
    """What `zone` is called at `moment`, with its offset: `CEST +02:00`, `UTC`."""
    there = to_zone(moment, zone)
    name, offset = there.tzname() or "", _offset(there)
    if name.startswith("UTC"):  # also what the standard library calls a zone that is an offset only: UTC+02:00
        return name
    return offset if name[:1] in {"+", "-", ""} else f"{name} {offset}"


def zone_name(moment: int, zone: dt.tzinfo) -> str:
    """What `zone` is called over a column of moments: `UTC`, `+05:30`, or where the clock changes `CET/CEST`."""
    there, half_a_year_before = to_zone(moment, zone), to_zone(max(0, moment - 182 * DAY), zone)
    if there.utcoffset() != half_a_year_before.utcoffset():
        both = sorted((there, half_a_year_before), key=lambda each: each.utcoffset() or dt.timedelta())
        return "/".join(each.tzname() or _offset(each) for each in both)
    return "UTC" if zone is UTC else _offset(there)


_UNITS = {"s": SECOND, "m": MINUTE, "min": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}


def parse_duration(text: str) -> int:
    """A duration as people type it (`24h`, `90m`, `1d12h`, `45 s`), in milliseconds.

    Raises:
        MomentError: it is none of these forms, not more than nothing, or longer than any calendar.
    """
    pieces = re.findall(r"(\d+(?:\.\d+)?)\s*(min|[smhdw])", text.strip().lower())
    rest = re.sub(r"(\d+(?:\.\d+)?)\s*(min|[smhdw])", "", text.strip().lower()).strip()
    total = sum(float(number) * _UNITS[unit] for number, unit in pieces)
    if rest or not 1 <= total <= LAST:
        raise TimeError(f"{text!r} is no duration; write it as in 24h, 90m, 7d or 1d12h")
    return int(total)


def parse_time(text: str, zone: dt.tzinfo) -> int:
    """A moment as people type it, in epoch ms: ISO 8601 with or without offset (then in `zone`), or epoch ms.

    Raises:
        NoMoment: it is neither.
        MomentError: it is before 1970 or after `LAST`, or the clock of `zone` shows that time twice or
            not at all.
    """
    typed = text.strip()
    if re.fullmatch(r"\d{11,14}", typed):
        return int(typed)
    try:
        there = dt.datetime.fromisoformat(typed)
    except ValueError as error:
        raise NotATimeError(
            f"{text!r} is no moment; write it as in 2026-09-18T14:37, with +02:00 or Z if need be"
        ) from error
    if there.tzinfo is None:
        there = _placed(there, zone)
    moment = _moment(there)
    if not 0 <= moment <= LAST:
        raise TimeError(f"{text!r} is out of reach: moments are from 1970 to 9999")
    return moment


def day_bounds(date: dt.date, zone: dt.tzinfo) -> tuple[int, int]:
    """The first and the last millisecond of a day on the calendar of `zone`, where it may have 23 or 25 hours.

    Raises:
        MomentError: it is before 1970 or after 9998.
    """
    if not 1970 <= date.year <= 9998:
        raise TimeError(f"{date} is out of reach: days are from 1970 to 9998")
    first, following = (dt.datetime.combine(each, dt.time(), zone) for each in (date, date + dt.timedelta(1)))
    return _moment(first), _moment(following) - 1


def _placed(local: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """`local` on the calendar of `zone`; refused where the clock was put back or forward (both readings are named)."""
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    earlier, later = _moment(first), _moment(second)
    if earlier == later:
        return first
    readings = " or ".join(f"{to_zone(each, UTC):%Y-%m-%dT%H:%MZ}" for each in sorted((earlier, later)))
    # Of a time that comes twice, fold 1 is the later one; of a time that was skipped, the earlier (PEP 495).
    how = "comes twice" if earlier < later else "does not exist"
    raise TimeError(f"{local:%Y-%m-%d %H:%M} {how} on that day's clock; say which is meant: {readings}")


__all__ = [
    "CLOCK_SKEW",
    "DAY",
    "HOUR",
    "LAST",
    "MINUTE",
    "SECOND",
    "UTC",
    "NotATimeError",
    "TimeError",
    "age_at",
    "format_age",
    "format_duration",
    "format_elapsed",
    "format_full",
    "format_iso",
    "format_minutes",
    "format_short_age",
    "format_short_duration",
    "format_signed",
    "format_utc",
    "parse_duration",
    "parse_time",
    "to_zone",
    "zone_label",
    "zone_name",
    "zone_named",
]


_TIME = re.compile(
    r"(?:(today|yesterday)\s+)?(\d{1,2})(:\d{2}(?::\d{2})?)\s*(z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?", re.ASCII
)


def parse_past_time(text: str, zone: dt.tzinfo, now: int) -> int:
    """What `parse` takes, and `14:20` (the last time that it was), `yesterday 14:20`, `3h ago` or `now`; epoch ms.

    Args:
        text: as it was typed.
        zone: that of the time, unless it names another.
        now: from when one looks back, epoch ms.

    Raises:
        MomentError: it is none of these, or the clock of the zone shows that time twice or not at all.
    """
    typed = " ".join(text.lower().split())
    if typed == "now":
        return now
    if typed.endswith(" ago"):
        return max(0, now - parse_duration(typed.removesuffix(" ago")))
    found = _TIME.fullmatch(typed)
    try:
        return parse_time(text, zone) if found is None else _of_day(found, zone, now)
    except NotATimeError:
        raise TimeError(
            f"{text!r} is no moment; write it as in 2026-09-18T14:37, 14:37, yesterday 14:37 or 3h ago, "
            "with +02:00 or Z after the time if need be"
        ) from None


def _of_day(found: re.Match[str], zone: dt.tzinfo, now: int) -> int:
    """That time of the day that is named; without one of today, unless that is still to come."""
    day, hour, rest, offset = found.groups("")
    there = dt.datetime.fromisoformat(f"2000-01-01T00:00{offset.upper()}").tzinfo or zone
    today = to_zone(now, there).date()
    yesterday = today - dt.timedelta(1)
    time = f"{hour:0>2}{rest}"
    if day == "yesterday":
        return parse_time(f"{yesterday}T{time}", there)
    moment = parse_time(f"{today}T{time}", there)
    return moment if day or moment <= now else parse_time(f"{yesterday}T{time}", there)


def local_and_utc(moment: int | None, zone: dt.tzinfo) -> str:
    """A moment in the person's zone and in UTC (rule R56)."""
    here = format_full(moment, zone)
    return here if moment is None or zone is UTC else f"{here} ({format_full(moment, UTC)[:-7]} UTC)"


def format_relative_day(moment: int, now: int, zone: dt.tzinfo) -> str:
    """A moment as people say it: `03:10`, `03:10 yesterday`, `2026-09-18 03:10`."""
    day, today = to_zone(moment, zone).date(), to_zone(now, zone).date()
    if day == today:
        return f"{to_zone(moment, zone):%H:%M}"
    if 0 < now - moment < 2 * DAY and day == today - dt.timedelta(days=1):
        return f"{to_zone(moment, zone):%H:%M} yesterday"
    return format_minutes(moment, zone)
