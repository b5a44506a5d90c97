"""Charts of a lane: a bar for each slot."""

import pytest

from drtui.core.formatting.durations import DAY, HOUR, MINUTE
from drtui.core.formatting.text import width
from drtui.core.timeline.axis import SlotLength
from drtui.core.timeline.slot_chart import SlotChart, build_slot_chart, chart_lines
from tests.conftest import NOW
from tests.core.points import backup
from tests.core.timeline.test_timeline import find_lane, timeline_of

EDGES = tuple(NOW - 3 * DAY + day * DAY for day in range(6))


def chart(*values: int | None) -> SlotChart:
    return SlotChart("title", values, str)


def test_slot_chart_has_the_longest_duration_of_each_slot_when_points_are_in_it() -> None:
    start = NOW - 50 * HOUR
    backups = [
        backup("a", 50, end=start + 10 * MINUTE),
        backup("b", 51, end=start - HOUR + 20 * MINUTE),
        backup("running", 2, end=None),
    ]
    lane = find_lane(timeline_of(*backups))
    built = build_slot_chart(lane, EDGES, SlotLength.DAY, 2 * HOUR)
    assert built.values == (20 * MINUTE, None, None, None, None)
    assert built.title == "Duration, the longest of each day; limit 2 h"


def test_slot_chart_counts_usable_points_left_when_the_lane_is_that_of_expiries() -> None:
    backups = [backup("a", 30, retention=NOW + DAY + HOUR), backup("b", 40, retention=NOW + 9 * DAY)]
    built = build_slot_chart(timeline_of(*backups).expiries, EDGES, SlotLength.DAY, 2 * HOUR)
    assert built.values == (None, None, None, 2, 1)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((8, 4, 1, 0, None), ["8 #    ", "4 ##.  "]),
        ((None, None), ["0   ", "0   "]),
        ((8, 7), ["8 ##", "4 ##"]),
        ((1000, 1), ["1000 # ", " 500 #."]),
    ],
)
def test_chart_lines_draw_every_value_but_zero_when_plain(values: tuple[int | None, ...], expected: list[str]) -> None:
    cells = max(map(len, expected)) - len(values)
    assert [text.ljust(len(expected[0])) for text in chart_lines(chart(*values), 2, cells, plain=True)] == expected


def test_chart_lines_are_one_cell_for_each_slot_when_braille() -> None:
    lines = chart_lines(chart(16, 15, 14, 13, 12), 4, 6, plain=False)
    assert lines[0] == "    16 ⣿⣶⣤⣀ "[1:]
    assert {width(text) for text in lines} == {11}
