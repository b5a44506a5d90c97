"""The time axis of a timeline: hours, days, weeks or months of a calendar."""

import datetime as dt
import enum
from bisect import bisect_right

from msgspec import Struct
from msgspec.structs import replace

from drtui.core.formatting.durations import DAY, HOUR, MINUTE, SECOND
from drtui.core.formatting.times import LAST, day_start, to_zone, zone_label


class SlotLength(enum.Enum):
    """The length of a slot, shortest first."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


SLOT_LENGTHS = tuple(SlotLength)

NOMINAL_LENGTHS = {SlotLength.HOUR: HOUR, SlotLength.DAY: DAY, SlotLength.WEEK: 7 * DAY}
"""Length of a slot in milliseconds without a clock change; a month has no nominal length."""

CALENDAR_END = LAST + DAY
"""End of the last slot, epoch ms: `datetime` has no later dates."""

FIRST_DATE, LAST_DATE = dt.date(1969, 12, 1), dt.date(9999, 12, 30)
"""First and last date of a slot.

The first is a Monday and the first of a month, before every valid time in every zone; the last ends in every zone.
"""


def find_slot_start(moment: int, length: SlotLength, zone: dt.tzinfo) -> int:
    """Return the start of the slot that contains `moment`; both epoch ms."""
    moment = max(0, min(moment, CALENDAR_END))
    local_time = to_zone(moment, zone)
    if length is SlotLength.HOUR:
        return moment - local_time.minute * MINUTE - local_time.second * SECOND - local_time.microsecond // 1000
    return day_start(_first_day(local_time.date(), length), zone)


def _first_day(day: dt.date, length: SlotLength) -> dt.date:
    """Return the first day of the slot that contains `day`; weeks begin on Monday (ISO 8601)."""
    if length is SlotLength.WEEK:
        return day - dt.timedelta(days=day.weekday())
    return day.replace(day=1) if length is SlotLength.MONTH else day


def shift_slots(start: int, count: int, length: SlotLength, zone: dt.tzinfo) -> int:
    """Return the start of the slot `count` slots after the slot at `start`, within the calendar; both epoch ms."""
    if length is SlotLength.HOUR:
        # Count elapsed time: an hour that the clock repeats is two slots, a skipped hour is none.
        return find_slot_start(start + count * HOUR, length, zone)
    day = to_zone(start, zone).date()
    if length is SlotLength.MONTH:
        months = day.year * 12 + day.month - 1 + count
        year, month = divmod(max(months, FIRST_DATE.year * 12 + FIRST_DATE.month - 1), 12)
        return CALENDAR_END if year > LAST_DATE.year else day_start(dt.date(year, month + 1, 1), zone)
    days = max(day.toordinal() + count * (7 if length is SlotLength.WEEK else 1), FIRST_DATE.toordinal())
    return CALENDAR_END if days > LAST_DATE.toordinal() else day_start(dt.date.fromordinal(days), zone)


def list_slot_edges(start: int, count: int, length: SlotLength, zone: dt.tzinfo) -> tuple[int, ...]:
    """Return the starts of `count` slots, the first at `start`, and the end of the last; epoch ms."""
    return tuple(shift_slots(start, number, length, zone) for number in range(count + 1))


def slot_text(start: int, end: int, length: SlotLength, zone: dt.tzinfo) -> str:
    """Return the name of a slot, with its length if that is not nominal: `2026-10-25 Sun (25 h)`."""
    local_time = to_zone(start, zone)
    texts = {
        SlotLength.HOUR: f"{local_time:%Y-%m-%d %a %H:%M} {zone_label(start, zone)}",
        SlotLength.DAY: f"{local_time:%Y-%m-%d %a}",
        SlotLength.WEEK: f"week of {local_time:%Y-%m-%d}",
        SlotLength.MONTH: f"{local_time:%Y-%m}",
    }
    milliseconds = end - start
    if milliseconds == NOMINAL_LENGTHS.get(length, milliseconds):
        return texts[length]
    return f"{texts[length]} ({milliseconds / HOUR:g} h)"


PAST_SHARE = 0.75
"""The share of an axis that is before now."""


class TimeAxis(Struct, frozen=True):
    """Consecutive slots, one of them under the cursor. Every change returns a new axis."""

    slot_length: SlotLength
    zone: dt.tzinfo
    edges: tuple[int, ...]
    """The starts of the slots and the end of the last slot, epoch ms."""
    column: int
    """Position of the slot under the cursor."""

    @property
    def count(self) -> int:
        """The number of slots."""
        return len(self.edges) - 1

    @property
    def cursor_start(self) -> int:
        """Start of the slot under the cursor, epoch ms."""
        return self.edges[self.column]

    @property
    def cursor_end(self) -> int:
        """End of the slot under the cursor, epoch ms."""
        return self.edges[self.column + 1]

    def column_of(self, moment: int) -> int | None:
        """Return the position of the slot that contains a moment (epoch ms); None if it is outside the axis."""
        return bisect_right(self.edges, moment) - 1 if self.edges[0] <= moment < self.edges[-1] else None

    def with_cursor_moved(self, steps: int, span: tuple[int, int]) -> "TimeAxis":
        """Move the cursor; at an edge of the axis move the slots too, but not beyond `span` (epoch ms)."""
        column = self.column + steps
        if 0 <= column < self.count:
            return replace(self, column=column)
        target = shift_slots(self.cursor_start, steps, self.slot_length, self.zone)
        target = (
            max(target, find_slot_start(span[0], self.slot_length, self.zone)) if steps < 0 else min(target, span[1])
        )
        if self.column_of(target) is not None or (target < self.edges[0]) != (steps < 0):
            return replace(self, column=0 if steps < 0 else self.count - 1)
        # Move the slots by a quarter of the axis: the next slots are visible, and the next steps need no move.
        ahead = self.count // 4
        column = ahead if steps < 0 else self.count - 1 - ahead
        return build_axis_around(target, self.slot_length, self.zone, self.count, column)

    def with_cursor_at(self, moment: int) -> "TimeAxis":
        """Move the cursor to the slot that contains a moment (epoch ms); move the slots only if it is outside."""
        column = self.column_of(moment)
        if column is None:
            return build_axis_around(moment, self.slot_length, self.zone, self.count, self.count // 2)
        return replace(self, column=column)

    def zoomed(self, steps: int, moment: int) -> "TimeAxis":
        """Lengthen (1) or shorten (-1) the slots; the slot that contains `moment` is at the cursor's old position."""
        step = max(0, min(SLOT_LENGTHS.index(self.slot_length) + steps, len(SLOT_LENGTHS) - 1))
        return build_axis_around(moment, SLOT_LENGTHS[step], self.zone, self.count, self.column)

    def resized(self, count: int) -> "TimeAxis":
        """Change the number of slots; the cursor stays on its slot."""
        if count == self.count:
            return self
        return build_axis_around(
            self.cursor_start, self.slot_length, self.zone, count, self.column * count // self.count
        )

    def in_zone(self, zone: dt.tzinfo, moment: int) -> "TimeAxis":
        """Change to the calendar of another zone; the slot with `moment` is at the cursor's old position."""
        return build_axis_around(moment, self.slot_length, zone, self.count, self.column)


def build_axis_around(moment: int, length: SlotLength, zone: dt.tzinfo, count: int, column: int) -> TimeAxis:
    """Return an axis of `count` slots (at least one); slot `column` contains `moment` and has the cursor."""
    count = max(1, count)
    first = shift_slots(find_slot_start(moment, length, zone), -max(0, min(column, count - 1)), length, zone)
    axis = TimeAxis(length, zone, list_slot_edges(first, count, length, zone), 0)
    return replace(axis, column=axis.column_of(moment) or 0)


def build_axis_until(now: int, length: SlotLength, zone: dt.tzinfo, count: int) -> TimeAxis:
    """Return an axis of `count` slots, most of them before now (epoch ms), with the cursor on now."""
    return build_axis_around(now, length, zone, count, round((count - 1) * PAST_SHARE))


def build_axes_around(
    now: int, days: int, length: SlotLength, zone: dt.tzinfo, slots_per_axis: int
) -> tuple[TimeAxis, ...]:
    """Return axes for `days` days before now (epoch ms) and a third as many after, `slots_per_axis` slots each."""
    starts = [find_slot_start(now - days * DAY, length, zone)]
    while starts[-1] <= now + days * DAY // 3 and starts[-1] < CALENDAR_END:
        starts.append(shift_slots(starts[-1], 1, length, zone))
    pieces = (tuple(starts[first : first + slots_per_axis + 1]) for first in range(0, len(starts) - 1, slots_per_axis))
    return tuple(TimeAxis(length, zone, piece, 0) for piece in pieces)
