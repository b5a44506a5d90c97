"""Slots on the calendars of zones: days of 23 and 25 hours, repeated hours, and both ends of the calendar."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drtui.core.formatting.durations import HOUR
from drtui.core.formatting.times import LAST, UTC, format_iso, parse_time, to_zone, zone_named
from drtui.core.timeline.axis import SlotLength, find_slot_start, list_slot_edges, shift_slots, slot_text
from drtui.core.timeline.chart import place_labels, ruler_lines
from tests.core.formatting.test_times import ZONES


def slot_times(text: str, length: SlotLength, zone: str, count: int = 2) -> list[str]:
    """Return the start of the slot that contains a time, and the next edges, in local time."""
    local_zone = zone_named(zone)
    return [
        format_iso(edge, local_zone)
        for edge in list_slot_edges(
            find_slot_start(parse_time(text, UTC), length, local_zone), count, length, local_zone
        )
    ]


@pytest.mark.parametrize(
    ("moment", "length", "zone", "expected"),
    [
        ("2026-09-21T14:13Z", SlotLength.HOUR, "UTC", ["2026-09-21T14:00:00+00:00", "2026-09-21T15:00:00+00:00"]),
        (
            "2026-09-21T14:13Z",
            SlotLength.HOUR,
            "Asia/Kolkata",
            ["2026-09-21T19:00:00+05:30", "2026-09-21T20:00:00+05:30"],
        ),
        (
            "2026-09-21T22:13Z",
            SlotLength.DAY,
            "Europe/Berlin",
            ["2026-09-22T00:00:00+02:00", "2026-09-23T00:00:00+02:00"],
        ),
        ("2026-09-20T12:00Z", SlotLength.WEEK, "UTC", ["2026-09-14T00:00:00+00:00", "2026-09-21T00:00:00+00:00"]),
        ("2026-09-21T00:00Z", SlotLength.WEEK, "UTC", ["2026-09-21T00:00:00+00:00", "2026-09-28T00:00:00+00:00"]),
        ("2026-12-31T23:30Z", SlotLength.MONTH, "UTC", ["2026-12-01T00:00:00+00:00", "2027-01-01T00:00:00+00:00"]),
        (
            "2026-12-31T23:30Z",
            SlotLength.MONTH,
            "Europe/Berlin",
            ["2027-01-01T00:00:00+01:00", "2027-02-01T00:00:00+01:00"],
        ),
        ("2028-02-29T12:00Z", SlotLength.DAY, "UTC", ["2028-02-29T00:00:00+00:00", "2028-03-01T00:00:00+00:00"]),
        # the clock skips midnight
        (
            "2018-11-04T12:00Z",
            SlotLength.DAY,
            "America/Sao_Paulo",
            ["2018-11-04T01:00:00-02:00", "2018-11-05T00:00:00-02:00"],
        ),
        # midnight occurs twice: the day begins at the first
        (
            "2026-11-01T12:00Z",
            SlotLength.DAY,
            "America/Havana",
            ["2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00"],
        ),
    ],
)
def test_slot_edges_follow_the_calendar_when_a_zone_is_given(
    moment: str, length: SlotLength, zone: str, expected: list[str]
) -> None:
    assert slot_times(moment, length, zone, 1) == expected


@pytest.mark.parametrize(
    ("moment", "length", "hours", "name"),
    [
        ("2026-03-29T12:00Z", SlotLength.DAY, 23, "2026-03-29 Sun (23 h)"),
        ("2026-10-25T12:00Z", SlotLength.DAY, 25, "2026-10-25 Sun (25 h)"),
        ("2026-10-24T12:00Z", SlotLength.DAY, 24, "2026-10-24 Sat"),
        ("2026-03-29T12:00Z", SlotLength.WEEK, 167, "week of 2026-03-23 (167 h)"),
        ("2026-10-25T12:00Z", SlotLength.WEEK, 169, "week of 2026-10-19 (169 h)"),
        ("2026-10-25T12:00Z", SlotLength.MONTH, 745, "2026-10"),
        ("2026-10-25T00:30Z", SlotLength.HOUR, 1, "2026-10-25 Sun 02:00 CEST +02:00"),
        ("2026-10-25T01:30Z", SlotLength.HOUR, 1, "2026-10-25 Sun 02:00 CET +01:00"),
    ],
)
def test_r56_slot_has_23_or_25_hours_when_the_clock_changes(
    moment: str, length: SlotLength, hours: int, name: str
) -> None:
    zone = zone_named("Europe/Berlin")
    start, end = list_slot_edges(find_slot_start(parse_time(moment, UTC), length, zone), 1, length, zone)
    assert (end - start, slot_text(start, end, length, zone)) == (hours * HOUR, name)


def test_r56_hour_slots_are_distinct_when_the_clock_changes() -> None:
    assert slot_times("2026-10-24T23:30Z", SlotLength.HOUR, "Europe/Berlin", 3) == [
        "2026-10-25T01:00:00+02:00", "2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00",
        "2026-10-25T03:00:00+01:00",
    ]  # fmt: skip
    assert slot_times("2026-03-29T00:30Z", SlotLength.HOUR, "Europe/Berlin") == [
        "2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-29T04:00:00+02:00"
    ]  # fmt: skip


@pytest.mark.parametrize("length", SlotLength)
@given(moment=st.integers(0, LAST), name=st.sampled_from(ZONES), by=st.integers(-40, 40))
def test_slot_edges_cover_every_moment_when_zone_and_length_vary(
    length: SlotLength, moment: int, name: str, by: int
) -> None:
    zone = zone_named(name)
    start = find_slot_start(moment, length, zone)
    bounds = list_slot_edges(shift_slots(start, -3, length, zone), 8, length, zone)
    assert list(bounds) == sorted(bounds)
    assert bounds[0] <= moment < bounds[-1]
    assert list_slot_edges(start, 1, length, zone)[0] <= moment
    assert slot_text(bounds[0], bounds[1], length, zone)
    assert all(len(line) <= 8 for line in ruler_lines(bounds, length, zone))
    to_zone(shift_slots(start, by * 10_000, length, zone), zone)


@pytest.mark.parametrize(
    ("first", "length", "large", "small"),
    [
        (
            "2026-10-24T18:00Z", SlotLength.HOUR,
            "    2026-10-25 Sun           2026-10-26 Mon",
            "    00     06    12    18    00    06    12",
        ),
        ("2026-08-28T00:00Z", SlotLength.DAY, "    2026-09", "   31"),
        ("2026-08-14T00:00Z", SlotLength.DAY, "2026-08           2026-09", "   17     24     31"),
        ("2026-11-02T00:00Z", SlotLength.WEEK, "2026     2027", "Nov  Dec Jan"),
        ("2026-11-01T00:00Z", SlotLength.MONTH, "  2027", "NDJFMA"),
        ("2026-07-31T23:00Z", SlotLength.MONTH, "2026 2027", "ASONDJFMA"),
    ],
)  # fmt: skip
def test_ruler_lines_label_units_when_they_begin(first: str, length: SlotLength, large: str, small: str) -> None:
    zone = zone_named("Europe/Berlin")
    bounds = list_slot_edges(find_slot_start(parse_time(first, UTC), length, zone), len(large), length, zone)
    assert ruler_lines(bounds, length, zone) == (large, small)


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
def test_place_labels_omits_a_label_when_it_does_not_fit(labels: list[tuple[int, str]], line: str) -> None:
    assert place_labels(labels, 10) == line
