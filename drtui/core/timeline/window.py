"""What is in sight of a timeline: slots of one length on the calendar of a zone, and the one the cursor is on."""

import datetime as dt
from bisect import bisect_right

from msgspec import Struct
from msgspec.structs import replace

from drtui.core.formatting.times import DAY
from drtui.core.timeline.axis import END, ZOOMS, Zoom, edges, moved, slot_of

BEFORE_NOW = 0.75
"""The share of a window that lies before now."""


class Window(Struct, frozen=True):
    """Slots in order. Every change gives a new window."""

    zoom: Zoom
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
    def start(self) -> int:
        """When the slot under the cursor begins, epoch ms."""
        return self.edges[self.column]

    @property
    def end(self) -> int:
        """When it ends, epoch ms."""
        return self.edges[self.column + 1]

    def column_of(self, moment: int) -> int | None:
        """Which slot holds a moment (epoch ms); None if it is out of sight."""
        return bisect_right(self.edges, moment) - 1 if self.edges[0] <= moment < self.edges[-1] else None

    def stepped(self, by: int, span: tuple[int, int]) -> "Window":
        """The cursor so many slots on; at the rim the slots move along, as far as there is something (`span`)."""
        column = self.column + by
        if 0 <= column < self.count:
            return replace(self, column=column)
        aim = moved(self.start, by, self.zoom, self.zone)
        aim = max(aim, slot_of(span[0], self.zoom, self.zone)) if by < 0 else min(aim, span[1])
        if self.column_of(aim) is not None or (aim < self.edges[0]) != (by < 0):
            return replace(self, column=0 if by < 0 else self.count - 1)
        # By a quarter, so that what comes next is in sight, and the next steps need not move everything again.
        ahead = self.count // 4
        return around(aim, self.zoom, self.zone, self.count, ahead if by < 0 else self.count - 1 - ahead)

    def on(self, moment: int) -> "Window":
        """The cursor on the slot that holds a moment; the slots move only if it is out of sight."""
        column = self.column_of(moment)
        if column is None:
            return around(moment, self.zoom, self.zone, self.count, self.count // 2)
        return replace(self, column=column)

    def zoomed(self, by: int, moment: int) -> "Window":
        """Longer slots (1) or shorter ones (-1); the one that holds `moment` is where the cursor was."""
        step = max(0, min(ZOOMS.index(self.zoom) + by, len(ZOOMS) - 1))
        return around(moment, ZOOMS[step], self.zone, self.count, self.column)

    def resized(self, count: int) -> "Window":
        """As many slots as have room; the cursor stays on its slot."""
        if count == self.count:
            return self
        return around(self.start, self.zoom, self.zone, count, self.column * count // self.count)

    def in_zone(self, zone: dt.tzinfo, moment: int) -> "Window":
        """The calendar of another zone; the slot that holds `moment` is where the cursor was."""
        return around(moment, self.zoom, zone, self.count, self.column)


def around(moment: int, zoom: Zoom, zone: dt.tzinfo, count: int, column: int) -> Window:
    """So many slots (at least one), of which that of `column` holds `moment`, and is under the cursor."""
    count = max(1, count)
    first = moved(slot_of(moment, zoom, zone), -max(0, min(column, count - 1)), zoom, zone)
    found = Window(zoom, zone, edges(first, count, zoom, zone), 0)
    return replace(found, column=found.column_of(moment) or 0)


def in_sight(now: int, zoom: Zoom, zone: dt.tzinfo, count: int) -> Window:
    """So many slots, most of them before now (epoch ms), the cursor on the one that holds it."""
    return around(now, zoom, zone, count, round((count - 1) * BEFORE_NOW))


def days_around(now: int, days: int, zoom: Zoom, zone: dt.tzinfo, room: int) -> tuple[Window, ...]:
    """The slots of so many days before now (epoch ms) and a third of that after it, `room` at a time."""
    starts = [slot_of(now - days * DAY, zoom, zone)]
    while starts[-1] <= now + days * DAY // 3 and starts[-1] < END:
        starts.append(moved(starts[-1], 1, zoom, zone))
    pieces = (tuple(starts[first : first + room + 1]) for first in range(0, len(starts) - 1, room))
    return tuple(Window(zoom, zone, piece, 0) for piece in pieces)
