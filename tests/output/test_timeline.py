"""The timeline as JSON: usable restore points left when others expire."""

import pytest

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import DAY
from drtui.core.formatting.times import UTC
from drtui.core.timeline.axis import SlotLength, build_axis_around
from drtui.core.timeline.timeline import build_timeline
from drtui.output.timeline import TimelineView, timeline_table
from tests.conftest import NOW
from tests.core.points import backup, site_of

WINDOW = build_axis_around(NOW, SlotLength.DAY, UTC, 9, 2)
MIDNIGHT = WINDOW.edges[6]
"""The end of a slot, and the start of the next one; epoch ms."""


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        (-2, [(MIDNIGHT - DAY, 1), (MIDNIGHT, 0)]),
        (-1, [(MIDNIGHT - DAY, 1), (MIDNIGHT, 0)]),
        (0, [(MIDNIGHT, 0)]),
    ],
)
def test_usable_left_is_counted_at_the_end_of_a_slot_when_one_expires(
    offset: int, expected: list[tuple[int, int]]
) -> None:
    """The second of two restore points expires at midnight, the first one `offset` milliseconds later."""
    document = site_of(backup("first", 30, retention=MIDNIGHT + offset), backup("second", 3, retention=MIDNIGHT))
    assessment = assess(document, NOW)
    table = timeline_table(TimelineView(assessment, build_timeline(assessment), (WINDOW,)), DisplayContext(NOW, UTC))
    slots = (table.extra or {})["expires"]["slots"]
    assert [(slot["from"]["epoch_ms"], slot["usable_remaining"]) for slot in slots] == expected
