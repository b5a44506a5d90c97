"""Slots of time on the calendar of a zone: hours, days, weeks and months."""

import datetime as dt
import enum

from drtui.core.formatting.times import DAY, HOUR, LAST, MINUTE, SECOND, at, day_start, zone_label


class Zoom(enum.Enum):
    """How long a slot is, the closest first."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


ZOOMS = tuple(Zoom)

USUAL = {Zoom.HOUR: HOUR, Zoom.DAY: DAY, Zoom.WEEK: 7 * DAY}
"""Milliseconds of a slot as long as no clock is put forward or back; a month has no usual length."""

END = LAST + DAY
"""Where the last slots end: no calendar goes further."""

_FIRST, _LAST = dt.date(1969, 12, 1), dt.date(9999, 12, 30)
"""The first of a month, and a Monday, before every moment in every zone; and the last day that ends in every zone."""


def slot_of(moment: int, zoom: Zoom, zone: dt.tzinfo) -> int:
    """When the slot begins that holds `moment`; both epoch ms."""
    moment = max(0, min(moment, END))
    there = at(moment, zone)
    if zoom is Zoom.HOUR:
        return moment - there.minute * MINUTE - there.second * SECOND - there.microsecond // 1000
    return day_start(_first_day(there.date(), zoom), zone)


def _first_day(day: dt.date, zoom: Zoom) -> dt.date:
    """The first day of the slot that holds `day`; weeks begin on Monday (ISO 8601)."""
    if zoom is Zoom.WEEK:
        return day - dt.timedelta(days=day.weekday())
    return day.replace(day=1) if zoom is Zoom.MONTH else day


def moved(start: int, by: int, zoom: Zoom, zone: dt.tzinfo) -> int:
    """When the slot begins that comes `by` slots after the one that begins at `start`; within the calendar."""
    if zoom is Zoom.HOUR:
        # By the time that passes: an hour that comes twice is two slots, and one that is skipped is none.
        return slot_of(start + by * HOUR, zoom, zone)
    day = at(start, zone).date()
    if zoom is Zoom.MONTH:
        months = day.year * 12 + day.month - 1 + by
        year, month = divmod(max(months, _FIRST.year * 12 + _FIRST.month - 1), 12)
        return END if year > _LAST.year else day_start(dt.date(year, month + 1, 1), zone)
    days = max(day.toordinal() + by * (7 if zoom is Zoom.WEEK else 1), _FIRST.toordinal())
    return END if days > _LAST.toordinal() else day_start(dt.date.fromordinal(days), zone)


def edges(start: int, count: int, zoom: Zoom, zone: dt.tzinfo) -> tuple[int, ...]:
    """Where so many slots begin, the first of them at `start`, and where the last one ends; epoch ms."""
    return tuple(moved(start, number, zoom, zone) for number in range(count + 1))


def slot_text(start: int, end: int, zoom: Zoom, zone: dt.tzinfo) -> str:
    """What a slot is called, with its length where that is not the usual one: `2026-10-25 Sun (25 h)`."""
    there = at(start, zone)
    texts = {
        Zoom.HOUR: f"{there:%Y-%m-%d %a %H:%M} {zone_label(start, zone)}",
        Zoom.DAY: f"{there:%Y-%m-%d %a}",
        Zoom.WEEK: f"week of {there:%Y-%m-%d}",
        Zoom.MONTH: f"{there:%Y-%m}",
    }
    length = end - start
    return texts[zoom] if length == USUAL.get(zoom, length) else f"{texts[zoom]} ({length / HOUR:g} h)"
