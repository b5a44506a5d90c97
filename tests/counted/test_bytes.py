"""What keys and looks send over the line, in bytes: budgets 6 to 9 and 16."""

from itertools import accumulate

import pytest

from drtui.demo.scenarios import SCENARIOS
from tests.counted.counting import counted
from tests.suites import in_full

DOWN = "j" * 8
PAGES = ("pagedown", "pagedown", "pageup")
LISTS: dict[str, tuple[str, ...]] = {"calm": (), "thousands": ("/", *"hourly", "enter")}
"""Scenarios, with the keys to a list without the names of 300 characters that are there to try things."""

A_SECOND = 30
"""Keys that a held one repeats in a second."""
RATE = 16_000
"""Bytes that a slow line lets through in a second: half of what the budget allows."""
BEHIND = 0.2
"""Seconds that such a line may go on after the key was let go."""


@pytest.mark.parametrize("scenario", in_full(LISTS, but=["calm"]))
async def test_the_cursor_with_the_detail_following(scenario: str) -> None:
    async with counted(scenario) as told:
        await told.press(*LISTS[scenario])
        assert max(await told.sent(*DOWN)) <= 500
        scrolled = await told.sent(*DOWN)
        assert max(scrolled) <= 550
        assert "\x1b[r" in told.driver.written, "it did not scroll"
        assert max(await told.sent(*PAGES)) <= 3_000


@pytest.mark.parametrize("scenario", in_full(LISTS, but=["calm"]))
async def test_the_cursor_alone(scenario: str) -> None:
    async with counted(scenario) as told:
        await told.press(*LISTS[scenario], "f")
        assert max(await told.sent(*DOWN)) <= 120
        assert max(await told.sent(*PAGES)) <= 3_000
        await told.press("G", "pageup")
        scrolled = await told.sent("k", "k", "k")
        assert 120 < min(scrolled) <= max(scrolled) <= 200


@pytest.mark.parametrize("scenario", in_full(LISTS, but=["calm"]))
async def test_a_held_cursor_key_never_queues_up_on_a_slow_line(scenario: str) -> None:
    """What a line has still to carry after each key, if it carries so much between two of them."""
    async with counted(scenario) as told:
        await told.press(*LISTS[scenario])
        for key in "jk":
            sent = await told.sent(*key * 2 * A_SECOND)
            waiting = [*accumulate(sent, lambda left, more: max(0.0, left - RATE / A_SECOND) + more)]
            assert max(waiting) / RATE <= BEHIND
            assert sum(sent) / len(sent) * A_SECOND < RATE, "held for longer, it would"


QUIET = sorted(SCENARIOS.keys() - {"thousands", "running", "restoring"})
"""Scenarios in which nothing changes by itself."""


@pytest.mark.parametrize("scenario", in_full(QUIET, but=["calm", "half-failed"]))
async def test_a_refresh_without_change_sends_nothing(scenario: str) -> None:
    async with counted(scenario) as told:
        assert await told.sent("r", "r") == [0, 0]
