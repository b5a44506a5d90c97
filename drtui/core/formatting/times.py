"""Format and parse times in time zones. A time is an int of epoch milliseconds, UTC; `now` is always a parameter."""

import datetime as dt
import re

from drtui.core.formatting.durations import DAY, HOUR, MINUTE, SECOND
from drtui.core.formatting.input_error import InputError

UTC = dt.UTC

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = dt.timedelta(milliseconds=1)


def _epoch_ms(local: dt.datetime) -> int:
    """Return an aware datetime as epoch ms; with integers, because a float is sometimes off by one."""
    return (local - _EPOCH) // _MILLISECOND


LAST = _epoch_ms(dt.datetime(9999, 12, 30, tzinfo=UTC))
"""Last time, epoch ms, that a calendar can show in every zone; greater numbers are not accepted as times."""


class TimeError(InputError):
    """Raised for text that is not a time, duration or time zone; the message says what to write."""


class NotATimeError(TimeError):
    """Raised for text that has none of the formats of a time."""


def zone_named(name: str) -> dt.tzinfo:
    """Return the time zone with this name: `UTC`, `Europe/Berlin`, ….

    Raises:
        TimeError: there is no such time zone.
    """
    if name.upper() in {"UTC", "Z"}:
        return UTC
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        from difflib import get_close_matches
        from zoneinfo import available_timezones

        near = get_close_matches(name, available_timezones(), n=1, cutoff=0.7)
        advice = f"Did you mean {near[0]}?" if near else "Use a name like Europe/Berlin, America/New_York or UTC"
        raise TimeError(f"Unknown time zone {name!r}. {advice}") from error


def to_zone(moment: int, zone: dt.tzinfo) -> dt.datetime:
    """Return `moment` (epoch ms) as a datetime in `zone`."""
    return (_EPOCH + moment * _MILLISECOND).astimezone(zone)


def day_start(day: dt.date, zone: dt.tzinfo) -> int:
    """Return the start of a day in `zone`, epoch ms. If midnight comes twice, it is the first one.

    If the clock skips midnight, PEP 495 yields the time of the skip, at which the day begins.
    """
    return _epoch_ms(dt.datetime.combine(day, dt.time(), tzinfo=zone))


def format_iso(moment: int, zone: dt.tzinfo) -> str:
    """Return `moment` in ISO 8601 with offset, to the second: `2026-09-20T02:00:33+02:00`."""
    return to_zone(moment, zone).isoformat(timespec="seconds")


def format_minutes(moment: int | None, zone: dt.tzinfo) -> str:
    """Return `moment` as date and time, `2026-09-20 02:00`; `-` for None."""
    return "-" if moment is None else f"{to_zone(moment, zone):%Y-%m-%d %H:%M}"


def format_full(moment: int | None, zone: dt.tzinfo) -> str:
    """Return `moment` with seconds and offset, `2026-09-20 02:00:33 +02:00`; `-` for None."""
    if moment is None:
        return "-"
    there = to_zone(moment, zone)
    return f"{there:%Y-%m-%d %H:%M:%S} {_offset(there)}"


def format_utc(moment: int | None) -> str:
    """Return `moment` in UTC to the second, `2026-09-20 02:00:33Z`; `?` for None."""
    if moment is None:
        return "?"
    # Two different numbers beyond the calendar must give different texts.
    return f"{to_zone(moment, UTC):%Y-%m-%d %H:%M:%S}Z" if 0 <= moment <= LAST else f"{moment} ms"


def _offset(there: dt.datetime) -> str:
    """Return the offset from UTC: `+02:00`; some offsets before 1972 have seconds."""
    return there.isoformat(timespec="seconds")[19:]


def zone_label(moment: int, zone: dt.tzinfo) -> str:
    """Return the name of `zone` at `moment`, with its offset: `CEST +02:00`, `UTC`."""
    there = to_zone(moment, zone)
    name, offset = there.tzname() or "", _offset(there)
    if name.startswith("UTC"):  # the standard library also names a fixed offset like this: UTC+02:00
        return name
    return offset if name[:1] in {"+", "-", ""} else f"{name} {offset}"


def zone_name(moment: int, zone: dt.tzinfo) -> str:
    """Return the name of `zone` for a column heading: `UTC`, `+05:30`, or `CET/CEST` if the clock changes."""
    there, half_a_year_before = to_zone(moment, zone), to_zone(max(0, moment - 182 * DAY), zone)
    if there.utcoffset() != half_a_year_before.utcoffset():
        both = sorted((there, half_a_year_before), key=lambda local: local.utcoffset() or dt.timedelta())
        return "/".join(local.tzname() or _offset(local) for local in both)
    return "UTC" if zone is UTC else _offset(there)


_UNITS = {"s": SECOND, "m": MINUTE, "min": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}


def parse_duration(text: str) -> int:
    """Return a typed duration (`24h`, `90m`, `1d12h`, `45 s`) in milliseconds.

    Raises:
        TimeError: the text has another format, or the duration is less than 1 ms or too long.
    """
    pieces = re.findall(r"(\d+(?:\.\d+)?)\s*(min|[smhdw])", text.strip().lower())
    rest = re.sub(r"(\d+(?:\.\d+)?)\s*(min|[smhdw])", "", text.strip().lower()).strip()
    total = sum(float(number) * _UNITS[unit] for number, unit in pieces)
    if rest or not 1 <= total <= LAST:
        raise TimeError(f"Cannot read {text!r} as a duration. Use 24h, 90m, 7d or 1d12h")
    return int(total)


def parse_time(text: str, zone: dt.tzinfo) -> int:
    """Return a typed time as epoch ms: ISO 8601 with or without offset (then in `zone`), or epoch ms.

    Raises:
        NotATimeError: the text has another format.
        TimeError: the time is before 1970 or after `LAST`, or the clock of `zone` shows it twice or not at all.
    """
    typed = text.strip()
    if re.fullmatch(r"\d{11,14}", typed):
        return int(typed)
    try:
        there = dt.datetime.fromisoformat(typed)
    except ValueError as error:
        raise NotATimeError(
            f"Cannot read {text!r} as a time. Use 2026-09-18T14:37; add +02:00 or Z for another zone"
        ) from error
    if there.tzinfo is None:
        there = _with_zone(there, zone)
    moment = _epoch_ms(there)
    if not 0 <= moment <= LAST:
        raise TimeError(f"Time {text!r} is out of range. Use a time from 1970 to 9999")
    return moment


def day_bounds(date: dt.date, zone: dt.tzinfo) -> tuple[int, int]:
    """Return the first and the last millisecond of a day in `zone` (epoch ms); the day may have 23 or 25 hours.

    Raises:
        TimeError: the day is before 1970 or after 9998.
    """
    if not 1970 <= date.year <= 9998:
        raise TimeError(f"Date {date} is out of range. Use a date from 1970 to 9998")
    return day_start(date, zone), day_start(date + dt.timedelta(1), zone) - 1


def _with_zone(local: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """Return `local` with its zone.

    Raises:
        TimeError: the clock of `zone` shows this time twice or not at all; the message names both possible times.
    """
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    earlier, later = _epoch_ms(first), _epoch_ms(second)
    if earlier == later:
        return first
    choices = " or ".join(f"{to_zone(moment, UTC):%Y-%m-%dT%H:%MZ}" for moment in sorted((earlier, later)))
    # If a time comes twice, fold 1 is the later one; if it was skipped, fold 1 is the earlier one (PEP 495).
    fault = "comes twice" if earlier < later else "does not exist"
    raise TimeError(f"{local:%Y-%m-%d %H:%M} {fault} because the clock changes. Use {choices}")


_TIME = re.compile(
    r"(?:(today|yesterday)\s+)?(\d{1,2})(:\d{2}(?::\d{2})?)\s*(z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?", re.ASCII
)


def parse_past_time(text: str, zone: dt.tzinfo, now: int) -> int:
    """Return a typed time in the past as epoch ms.

    Besides the formats of `parse_time`: `14:20` (the latest one), `yesterday 14:20`, `3h ago` and `now`.

    Args:
        text: the typed text.
        zone: the zone of the time, unless the text names another.
        now: the current time, epoch ms.

    Raises:
        TimeError: the text has another format, or the clock of the zone shows the time twice or not at all.
    """
    typed = " ".join(text.lower().split())
    if typed == "now":
        return now
    if typed.endswith(" ago"):
        return max(0, now - parse_duration(typed.removesuffix(" ago")))
    match = _TIME.fullmatch(typed)
    try:
        return parse_time(text, zone) if match is None else _time_of_day(match, zone, now)
    except NotATimeError:
        raise TimeError(
            f"Cannot read {text!r} as a time. Use 2026-09-18T14:37, 14:37, yesterday 14:37 or 3h ago; "
            "add +02:00 or Z for another zone"
        ) from None


def _time_of_day(match: re.Match[str], zone: dt.tzinfo, now: int) -> int:
    """Return the latest time with this time of day, or the one on the day that the text names; epoch ms."""
    day, hour, rest, offset = match.groups("")
    there = dt.datetime.fromisoformat(f"2000-01-01T00:00{offset.upper()}").tzinfo or zone
    today = to_zone(now, there).date()
    yesterday = today - dt.timedelta(1)
    time = f"{hour:0>2}{rest}"
    if day == "yesterday":
        return parse_time(f"{yesterday}T{time}", there)
    moment = parse_time(f"{today}T{time}", there)
    return moment if day or moment <= now else parse_time(f"{yesterday}T{time}", there)


def local_and_utc(moment: int | None, zone: dt.tzinfo) -> str:
    """Return `moment` in the zone of the user and in UTC (rule R56)."""
    local = format_full(moment, zone)
    return local if moment is None or zone is UTC else f"{local} ({format_full(moment, UTC)[:-7]} UTC)"


def format_relative_day(moment: int, now: int, zone: dt.tzinfo) -> str:
    """Return `moment` relative to today: `03:10`, `03:10 yesterday`, `03:10 tomorrow`, `2026-09-18 03:10`."""
    day, today = to_zone(moment, zone).date(), to_zone(now, zone).date()
    if day == today:
        return f"{to_zone(moment, zone):%H:%M}"
    if 0 < now - moment < 2 * DAY and day == today - dt.timedelta(days=1):
        return f"{to_zone(moment, zone):%H:%M} yesterday"
    if 0 < moment - now < 2 * DAY and day == today + dt.timedelta(days=1):
        return f"{to_zone(moment, zone):%H:%M} tomorrow"
    return format_minutes(moment, zone)
