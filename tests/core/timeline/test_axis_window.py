"""A window of slots: panning at its rims, zooming around a slot, other sizes and other zones."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drtui.core.formatting.times import DAY, HOUR, LAST, UTC, format_minutes, zone_named
from drtui.core.timeline.axis import SLOT_LENGTHS, SlotLength, TimeAxis, axis_around
from tests.conftest import NOW
from tests.core.formatting.test_times import ZONES

SPAN = (NOW - 100 * DAY, NOW + 30 * DAY)
BERLIN = zone_named("Europe/Berlin")


def seen(window: TimeAxis, zone: dt.tzinfo = UTC) -> tuple[str, str, int]:
    """The first slot in sight, the one under the cursor, and its column."""
    return format_minutes(window.edges[0], zone)[5:10], format_minutes(window.cursor_start, zone)[5:10], window.column


DAYS = axis_around(NOW, SlotLength.DAY, UTC, 20, 15)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), ("09-06", "09-21", 15)),
        ((1,), ("09-06", "09-22", 16)),
        ((-15,), ("09-06", "09-06", 0)),
        ((-15, -1), ("08-31", "09-05", 5)),  # by a quarter, so that more is in sight
        ((-15, -1, -1), ("08-31", "09-04", 4)),
        ((4, 1), ("09-12", "09-26", 14)),
        ((-20,), ("08-27", "09-01", 5)),
        ((-200,), ("06-08", "06-13", 5)),  # there is nothing before the first one
        ((-200, -200), ("06-08", "06-08", 0)),
        ((-200, -200, -1), ("06-08", "06-08", 0)),
        ((200,), ("10-07", "10-21", 14)),
        ((200, 200), ("10-07", "10-26", 19)),
        ((200, 200, 200), ("10-07", "10-26", 19)),
    ],
)
def test_the_slots_move_along_at_the_rim_as_far_as_there_is_something(
    steps: tuple[int, ...], expected: tuple[str, str, int]
) -> None:
    window = DAYS
    for step in steps:
        window = window.with_cursor_moved(step, SPAN)
    assert seen(window) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, ("09-06", "09-21", 15)),
        (-15, ("09-06", "09-06", 0)),
        (-16, ("08-26", "09-05", 10)),
        (40, ("10-21", "10-31", 10)),
    ],
)
def test_it_moves_only_for_what_is_out_of_sight(days: int, expected: tuple[str, str, int]) -> None:
    assert seen(DAYS.with_cursor_at(NOW + days * DAY)) == expected


@pytest.mark.parametrize(
    ("by", "zoom", "first", "cursor"),
    [
        (-1, SlotLength.HOUR, "2026-09-20 23:00", "2026-09-21 14:00"),
        (-2, SlotLength.HOUR, "2026-09-20 23:00", "2026-09-21 14:00"),
        (1, SlotLength.WEEK, "2026-06-08 00:00", "2026-09-21 00:00"),
        (2, SlotLength.MONTH, "2025-06-01 00:00", "2026-09-01 00:00"),
        (9, SlotLength.MONTH, "2025-06-01 00:00", "2026-09-01 00:00"),
    ],
)
def test_zooming_keeps_the_moment_where_it_was(by: int, zoom: SlotLength, first: str, cursor: str) -> None:
    found = DAYS.zoomed(by, NOW)
    assert (found.slot_length, found.column, found.count) == (zoom, 15, 20)
    assert (format_minutes(found.edges[0], UTC), format_minutes(found.cursor_start, UTC)) == (first, cursor)


def test_another_size_and_another_zone_keep_the_slot() -> None:
    assert seen(DAYS.resized(40)) == ("08-22", "09-21", 30)
    assert DAYS.resized(20) is DAYS
    assert seen(DAYS.resized(1)) == ("09-21", "09-21", 0)
    assert seen(DAYS.in_zone(BERLIN, NOW), BERLIN) == ("09-06", "09-21", 15)
    assert DAYS.in_zone(BERLIN, NOW).edges[0] == DAYS.edges[0] - 2 * HOUR


@given(
    moment=st.integers(0, LAST), name=st.sampled_from(ZONES), zoom=st.sampled_from(SLOT_LENGTHS),
    count=st.integers(1, 120), column=st.integers(-5, 200), steps=st.lists(st.integers(-300, 300), max_size=5),
)  # fmt: skip
def test_the_cursor_is_always_in_sight(
    moment: int, name: str, zoom: SlotLength, count: int, column: int, steps: list[int]
) -> None:
    window = axis_around(moment, zoom, zone_named(name), count, column)
    assert window.cursor_start <= moment < window.cursor_end
    for step in steps:
        window = window.with_cursor_moved(step, (min(moment, NOW), max(moment, NOW)))
        assert 0 <= window.column < window.count == count
        assert window.cursor_start <= window.cursor_end
