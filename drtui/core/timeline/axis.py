"""Slots of time on the calendar of a zone: hours, days, weeks and months."""

import datetime as dt
import enum
from bisect import bisect_right

from msgspec import Struct
from msgspec.structs import replace

from drtui.core.formatting.times import DAY, HOUR, LAST, MINUTE, SECOND, day_start, to_zone, zone_label


class SlotLength(enum.Enum):
    """How long a slot is, the closest first."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


SLOT_LENGTHS = tuple(SlotLength)

NOMINAL_LENGTHS = {SlotLength.HOUR: HOUR, SlotLength.DAY: DAY, SlotLength.WEEK: 7 * DAY}
"""Milliseconds of a slot as long as no clock is put forward or back; a month has no usual length."""

CALENDAR_END = LAST + DAY
"""Where the last slots end: no calendar goes further."""

_FIRST, _LAST = dt.date(1969, 12, 1), dt.date(9999, 12, 30)
"""The first of a month, and a Monday, before every moment in every zone; and the last day that ends in every zone."""


def slot_start(moment: int, zoom: SlotLength, zone: dt.tzinfo) -> int:
    """When the slot begins that holds `moment`; both epoch ms."""
    moment = max(0, min(moment, CALENDAR_END))
    there = to_zone(moment, zone)
    if zoom is SlotLength.HOUR:
        return moment - there.minute * MINUTE - there.second * SECOND - there.microsecond // 1000
    return day_start(_first_day(there.date(), zoom), zone)


def _first_day(day: dt.date, zoom: SlotLength) -> dt.date:
    """The first day of the slot that holds `day`; weeks begin on Monday (ISO 8601)."""
    if zoom is SlotLength.WEEK:
        return day - dt.timedelta(days=day.weekday())
    return day.replace(day=1) if zoom is SlotLength.MONTH else day


def shift_slots(start: int, by: int, zoom: SlotLength, zone: dt.tzinfo) -> int:
    """When the slot begins that comes `by` slots after the one that begins at `start`; within the calendar."""
    if zoom is SlotLength.HOUR:
        # By the time that passes: an hour that comes twice is two slots, and one that is skipped is none.
        return slot_start(start + by * HOUR, zoom, zone)
    day = to_zone(start, zone).date()
    if zoom is SlotLength.MONTH:
        months = day.year * 12 + day.month - 1 + by
        year, month = divmod(max(months, _FIRST.year * 12 + _FIRST.month - 1), 12)
        return CALENDAR_END if year > _LAST.year else day_start(dt.date(year, month + 1, 1), zone)
    days = max(day.toordinal() + by * (7 if zoom is SlotLength.WEEK else 1), _FIRST.toordinal())
    return CALENDAR_END if days > _LAST.toordinal() else day_start(dt.date.fromordinal(days), zone)


def slot_edges(start: int, count: int, zoom: SlotLength, zone: dt.tzinfo) -> tuple[int, ...]:
    """Where so many slots begin, the first of them at `start`, and where the last one ends; epoch ms."""
    return tuple(shift_slots(start, number, zoom, zone) for number in range(count + 1))


def slot_text(start: int, end: int, zoom: SlotLength, zone: dt.tzinfo) -> str:
    """What a slot is called, with its length where that is not the usual one: `2026-10-25 Sun (25 h)`."""
    there = to_zone(start, zone)
    texts = {
        SlotLength.HOUR: f"{there:%Y-%m-%d %a %H:%M} {zone_label(start, zone)}",
        SlotLength.DAY: f"{there:%Y-%m-%d %a}",
        SlotLength.WEEK: f"week of {there:%Y-%m-%d}",
        SlotLength.MONTH: f"{there:%Y-%m}",
    }
    length = end - start
    return texts[zoom] if length == NOMINAL_LENGTHS.get(zoom, length) else f"{texts[zoom]} ({length / HOUR:g} h)"


PAST_SHARE = 0.75
"""The share of a window that lies before now."""


class TimeAxis(Struct, frozen=True):
    """Slots in order. Every change gives a new window."""

    slot_length: SlotLength
    zone: dt.tzinfo
    edges: tuple[int, ...]
    """Where the slots begin, and where the last one ends; epoch ms."""
    column: int
    """Of the slot the cursor is on."""

    @property
    def count(self) -> int:
        """How many slots there are."""
        return len(self.edges) - 1

    @property
    def cursor_start(self) -> int:
        """When the slot under the cursor begins, epoch ms."""
        return self.edges[self.column]

    @property
    def cursor_end(self) -> int:
        """When it ends, epoch ms."""
        return self.edges[self.column + 1]

    def column_of(self, moment: int) -> int | None:
        """Which slot holds a moment (epoch ms); None if it is out of sight."""
        return bisect_right(self.edges, moment) - 1 if self.edges[0] <= moment < self.edges[-1] else None

    def with_cursor_moved(self, by: int, span: tuple[int, int]) -> "TimeAxis":
        """The cursor so many slots on; at the rim the slots move along, as far as there is something (`span`)."""
        column = self.column + by
        if 0 <= column < self.count:
            return replace(self, column=column)
        aim = shift_slots(self.cursor_start, by, self.slot_length, self.zone)
        aim = max(aim, slot_start(span[0], self.slot_length, self.zone)) if by < 0 else min(aim, span[1])
        if self.column_of(aim) is not None or (aim < self.edges[0]) != (by < 0):
            return replace(self, column=0 if by < 0 else self.count - 1)
        # By a quarter, so that what comes next is in sight, and the next steps need not move everything again.
        ahead = self.count // 4
        return axis_around(aim, self.slot_length, self.zone, self.count, ahead if by < 0 else self.count - 1 - ahead)

    def with_cursor_at(self, moment: int) -> "TimeAxis":
        """The cursor on the slot that holds a moment; the slots move only if it is out of sight."""
        column = self.column_of(moment)
        if column is None:
            return axis_around(moment, self.slot_length, self.zone, self.count, self.count // 2)
        return replace(self, column=column)

    def zoomed(self, by: int, moment: int) -> "TimeAxis":
        """Longer slots (1) or shorter ones (-1); the one that holds `moment` is where the cursor was."""
        step = max(0, min(SLOT_LENGTHS.index(self.slot_length) + by, len(SLOT_LENGTHS) - 1))
        return axis_around(moment, SLOT_LENGTHS[step], self.zone, self.count, self.column)

    def resized(self, count: int) -> "TimeAxis":
        """As many slots as have room; the cursor stays on its slot."""
        if count == self.count:
            return self
        return axis_around(self.cursor_start, self.slot_length, self.zone, count, self.column * count // self.count)

    def in_zone(self, zone: dt.tzinfo, moment: int) -> "TimeAxis":
        """The calendar of another zone; the slot that holds `moment` is where the cursor was."""
        return axis_around(moment, self.slot_length, zone, self.count, self.column)


def axis_around(moment: int, zoom: SlotLength, zone: dt.tzinfo, count: int, column: int) -> TimeAxis:
    """So many slots (at least one), of which that of `column` holds `moment`, and is under the cursor."""
    count = max(1, count)
    first = shift_slots(slot_start(moment, zoom, zone), -max(0, min(column, count - 1)), zoom, zone)
    found = TimeAxis(zoom, zone, slot_edges(first, count, zoom, zone), 0)
    return replace(found, column=found.column_of(moment) or 0)


def axis_until(now: int, zoom: SlotLength, zone: dt.tzinfo, count: int) -> TimeAxis:
    """So many slots, most of them before now (epoch ms), the cursor on the one that holds it."""
    return axis_around(now, zoom, zone, count, round((count - 1) * PAST_SHARE))


def days_around(now: int, days: int, zoom: SlotLength, zone: dt.tzinfo, slots_per_axis: int) -> tuple[TimeAxis, ...]:
    """The slots of so many days before now (epoch ms) and a third of that after it, `room` at a time."""
    starts = [slot_start(now - days * DAY, zoom, zone)]
    while starts[-1] <= now + days * DAY // 3 and starts[-1] < CALENDAR_END:
        starts.append(shift_slots(starts[-1], 1, zoom, zone))
    pieces = (tuple(starts[first : first + slots_per_axis + 1]) for first in range(0, len(starts) - 1, slots_per_axis))
    return tuple(TimeAxis(zoom, zone, piece, 0) for piece in pieces)
