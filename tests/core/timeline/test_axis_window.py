"""Moving, zooming and resizing a time axis, and changing its zone."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drtui.core.formatting.durations import DAY, HOUR
from drtui.core.formatting.times import LAST, UTC, format_minutes, zone_named
from drtui.core.timeline.axis import SLOT_LENGTHS, SlotLength, TimeAxis, build_axis_around
from tests.conftest import NOW
from tests.core.formatting.test_times import ZONES

SPAN = (NOW - 100 * DAY, NOW + 30 * DAY)
BERLIN = zone_named("Europe/Berlin")


def visible(axis: TimeAxis, zone: dt.tzinfo = UTC) -> tuple[str, str, int]:
    """Return the start of the first slot, the start of the slot under the cursor, and its column."""
    return format_minutes(axis.edges[0], zone)[5:10], format_minutes(axis.cursor_start, zone)[5:10], axis.column


DAYS = build_axis_around(NOW, SlotLength.DAY, UTC, 20, 15)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), ("09-06", "09-21", 15)),
        ((1,), ("09-06", "09-22", 16)),
        ((-15,), ("09-06", "09-06", 0)),
        ((-15, -1), ("08-31", "09-05", 5)),  # moves by a quarter of the axis
        ((-15, -1, -1), ("08-31", "09-04", 4)),
        ((4, 1), ("09-12", "09-26", 14)),
        ((-20,), ("08-27", "09-01", 5)),
        ((-200,), ("06-08", "06-13", 5)),  # the span begins here
        ((-200, -200), ("06-08", "06-08", 0)),
        ((-200, -200, -1), ("06-08", "06-08", 0)),
        ((200,), ("10-07", "10-21", 14)),
        ((200, 200), ("10-07", "10-26", 19)),
        ((200, 200, 200), ("10-07", "10-26", 19)),
    ],
)
def test_axis_moves_within_the_span_when_the_cursor_leaves_an_edge(
    steps: tuple[int, ...], expected: tuple[str, str, int]
) -> None:
    axis = DAYS
    for step in steps:
        axis = axis.with_cursor_moved(step, SPAN)
    assert visible(axis) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, ("09-06", "09-21", 15)),
        (-15, ("09-06", "09-06", 0)),
        (-16, ("08-26", "09-05", 10)),
        (40, ("10-21", "10-31", 10)),
    ],
)
def test_axis_moves_only_when_the_moment_is_outside(days: int, expected: tuple[str, str, int]) -> None:
    assert visible(DAYS.with_cursor_at(NOW + days * DAY)) == expected


@pytest.mark.parametrize(
    ("by", "length", "first", "cursor"),
    [
        (-1, SlotLength.HOUR, "2026-09-20 23:00", "2026-09-21 14:00"),
        (-2, SlotLength.HOUR, "2026-09-20 23:00", "2026-09-21 14:00"),
        (1, SlotLength.WEEK, "2026-06-08 00:00", "2026-09-21 00:00"),
        (2, SlotLength.MONTH, "2025-06-01 00:00", "2026-09-01 00:00"),
        (9, SlotLength.MONTH, "2025-06-01 00:00", "2026-09-01 00:00"),
    ],
)
def test_axis_keeps_the_column_when_zoomed(by: int, length: SlotLength, first: str, cursor: str) -> None:
    axis = DAYS.zoomed(by, NOW)
    assert (axis.slot_length, axis.column, axis.count) == (length, 15, 20)
    assert (format_minutes(axis.edges[0], UTC), format_minutes(axis.cursor_start, UTC)) == (first, cursor)


def test_axis_keeps_the_cursor_slot_when_resized_or_rezoned() -> None:
    assert visible(DAYS.resized(40)) == ("08-22", "09-21", 30)
    assert DAYS.resized(20) is DAYS
    assert visible(DAYS.resized(1)) == ("09-21", "09-21", 0)
    assert visible(DAYS.in_zone(BERLIN, NOW), BERLIN) == ("09-06", "09-21", 15)
    assert DAYS.in_zone(BERLIN, NOW).edges[0] == DAYS.edges[0] - 2 * HOUR


@given(
    moment=st.integers(0, LAST), name=st.sampled_from(ZONES), length=st.sampled_from(SLOT_LENGTHS),
    count=st.integers(1, 120), column=st.integers(-5, 200), steps=st.lists(st.integers(-300, 300), max_size=5),
)  # fmt: skip
def test_axis_keeps_the_cursor_visible_when_moved_anywhere(
    moment: int, name: str, length: SlotLength, count: int, column: int, steps: list[int]
) -> None:
    axis = build_axis_around(moment, length, zone_named(name), count, column)
    assert axis.cursor_start <= moment < axis.cursor_end
    for step in steps:
        axis = axis.with_cursor_moved(step, (min(moment, NOW), max(moment, NOW)))
        assert 0 <= axis.column < axis.count == count
        assert axis.cursor_start <= axis.cursor_end
