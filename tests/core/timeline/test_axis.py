"""Slots on the calendars of zones: days of 23 and 25 hours, hours that come twice, and both ends of the calendar."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drtui.core.formatting.times import HOUR, LAST, UTC, at, iso, parse, zone_named
from drtui.core.timeline.axis import Zoom, edges, moved, slot_of, slot_text
from drtui.core.timeline.chart import placed, ruler
from tests.core.formatting.test_times import ZONES


def between(text: str, zoom: Zoom, zone: str, count: int = 2) -> list[str]:
    """Where the slot that holds a moment begins and those after it, on the clock of the zone."""
    place = zone_named(zone)
    return [iso(each, place) for each in edges(slot_of(parse(text, UTC), zoom, place), count, zoom, place)]


@pytest.mark.parametrize(
    ("moment", "zoom", "zone", "expected"),
    [
        ("2026-09-21T14:13Z", Zoom.HOUR, "UTC", ["2026-09-21T14:00:00+00:00", "2026-09-21T15:00:00+00:00"]),
        ("2026-09-21T14:13Z", Zoom.HOUR, "Asia/Kolkata", ["2026-09-21T19:00:00+05:30", "2026-09-21T20:00:00+05:30"]),
        ("2026-09-21T22:13Z", Zoom.DAY, "Europe/Berlin", ["2026-09-22T00:00:00+02:00", "2026-09-23T00:00:00+02:00"]),
        ("2026-09-20T12:00Z", Zoom.WEEK, "UTC", ["2026-09-14T00:00:00+00:00", "2026-09-21T00:00:00+00:00"]),
        ("2026-09-21T00:00Z", Zoom.WEEK, "UTC", ["2026-09-21T00:00:00+00:00", "2026-09-28T00:00:00+00:00"]),
        ("2026-12-31T23:30Z", Zoom.MONTH, "UTC", ["2026-12-01T00:00:00+00:00", "2027-01-01T00:00:00+00:00"]),
        ("2026-12-31T23:30Z", Zoom.MONTH, "Europe/Berlin", ["2027-01-01T00:00:00+01:00", "2027-02-01T00:00:00+01:00"]),
        ("2028-02-29T12:00Z", Zoom.DAY, "UTC", ["2028-02-29T00:00:00+00:00", "2028-03-01T00:00:00+00:00"]),
        # the clock skips midnight
        (
            "2018-11-04T12:00Z",
            Zoom.DAY,
            "America/Sao_Paulo",
            ["2018-11-04T01:00:00-02:00", "2018-11-05T00:00:00-02:00"],
        ),
        # midnight comes twice: a day begins with the first
        ("2026-11-01T12:00Z", Zoom.DAY, "America/Havana", ["2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00"]),
    ],
)
def test_a_slot_begins_where_the_calendar_says(moment: str, zoom: Zoom, zone: str, expected: list[str]) -> None:
    assert between(moment, zoom, zone, 1) == expected


@pytest.mark.parametrize(
    ("moment", "zoom", "hours", "name"),
    [
        ("2026-03-29T12:00Z", Zoom.DAY, 23, "2026-03-29 Sun (23 h)"),
        ("2026-10-25T12:00Z", Zoom.DAY, 25, "2026-10-25 Sun (25 h)"),
        ("2026-10-24T12:00Z", Zoom.DAY, 24, "2026-10-24 Sat"),
        ("2026-03-29T12:00Z", Zoom.WEEK, 167, "week of 2026-03-23 (167 h)"),
        ("2026-10-25T12:00Z", Zoom.WEEK, 169, "week of 2026-10-19 (169 h)"),
        ("2026-10-25T12:00Z", Zoom.MONTH, 745, "2026-10"),
        ("2026-10-25T00:30Z", Zoom.HOUR, 1, "2026-10-25 Sun 02:00 CEST +02:00"),
        ("2026-10-25T01:30Z", Zoom.HOUR, 1, "2026-10-25 Sun 02:00 CET +01:00"),
    ],
)
def test_r56_a_day_may_have_23_or_25_hours(moment: str, zoom: Zoom, hours: int, name: str) -> None:
    zone = zone_named("Europe/Berlin")
    start, end = edges(slot_of(parse(moment, UTC), zoom, zone), 1, zoom, zone)
    assert (end - start, slot_text(start, end, zoom, zone)) == (hours * HOUR, name)


def test_r56_hours_are_told_apart_where_the_clock_is_put_back_and_forward() -> None:
    assert between("2026-10-24T23:30Z", Zoom.HOUR, "Europe/Berlin", 3) == [
        "2026-10-25T01:00:00+02:00", "2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00",
        "2026-10-25T03:00:00+01:00",
    ]  # fmt: skip
    assert between("2026-03-29T00:30Z", Zoom.HOUR, "Europe/Berlin") == [
        "2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-29T04:00:00+02:00"
    ]  # fmt: skip


@pytest.mark.parametrize("zoom", Zoom)
@given(moment=st.integers(0, LAST), name=st.sampled_from(ZONES), by=st.integers(-40, 40))
def test_slots_follow_one_another_without_a_hole_and_every_moment_is_in_its_own(
    zoom: Zoom, moment: int, name: str, by: int
) -> None:
    zone = zone_named(name)
    start = slot_of(moment, zoom, zone)
    bounds = edges(moved(start, -3, zoom, zone), 8, zoom, zone)
    assert list(bounds) == sorted(bounds)
    assert bounds[0] <= moment < bounds[-1]
    assert edges(start, 1, zoom, zone)[0] <= moment
    assert slot_text(bounds[0], bounds[1], zoom, zone)
    assert all(len(each) <= 8 for each in ruler(bounds, zoom, zone))
    at(moved(start, by * 10_000, zoom, zone), zone)


@pytest.mark.parametrize(
    ("first", "zoom", "large", "small"),
    [
        (
            "2026-10-24T18:00Z", Zoom.HOUR,
            "    2026-10-25 Sun           2026-10-26 Mon",
            "    00     06    12    18    00    06    12",
        ),
        ("2026-08-28T00:00Z", Zoom.DAY, "    2026-09", "   31"),
        ("2026-08-14T00:00Z", Zoom.DAY, "2026-08           2026-09", "   17     24     31"),
        ("2026-11-02T00:00Z", Zoom.WEEK, "2026     2027", "Nov  Dec Jan"),
        ("2026-11-01T00:00Z", Zoom.MONTH, "  2027", "NDJFMA"),
        ("2026-07-31T23:00Z", Zoom.MONTH, "2026 2027", "ASONDJFMA"),
    ],
)  # fmt: skip
def test_dates_stand_where_the_units_of_the_calendar_begin(first: str, zoom: Zoom, large: str, small: str) -> None:
    zone = zone_named("Europe/Berlin")
    bounds = edges(slot_of(parse(first, UTC), zoom, zone), len(large), zoom, zone)
    assert ruler(bounds, zoom, zone) == (large, small)


@pytest.mark.parametrize(
    ("labels", "line"),
    [
        ([(0, "one"), (4, "two")], "one two"),
        ([(0, "one"), (3, "two")], "one"),
        ([(2, "one"), (8, "three")], "  one"),
        ([(0, "far too long"), (0, "f")], "f"),
        ([], ""),
    ],
)
def test_a_label_without_room_is_left_out(labels: list[tuple[int, str]], line: str) -> None:
    assert placed(labels, 10) == line
