"""Bytes that keys and refreshes send to the terminal: budgets 6 to 9 and 16."""

from itertools import accumulate

import pytest

from drtui.demo.scenarios import SCENARIOS
from tests.counted.counting import run_counted
from tests.suites import in_full

DOWN = "j" * 8
PAGES = ("pagedown", "pagedown", "pageup")
LISTS: dict[str, tuple[str, ...]] = {"calm": (), "thousands": ("/", *"hourly", "enter")}
"""Scenarios, with the keys that hide the demo's names of 300 characters."""

KEYS_PER_SECOND = 30
"""Keys per second that a held key repeats."""
BYTES_PER_SECOND = 16_000
"""Bytes per second on a slow line: half of what the budget allows."""
MAX_DELAY_SECONDS = 0.2
"""Seconds of output that may still be on its way after the key is released."""


@pytest.mark.parametrize("scenario", in_full(LISTS, but=["calm"]))
async def test_cursor_step_stays_within_byte_budget_when_detail_follows(scenario: str) -> None:
    async with run_counted(scenario) as ui:
        await ui.press(*LISTS[scenario])
        assert max(await ui.count_bytes(*DOWN)) <= 500
        scrolled = await ui.count_bytes(*DOWN)
        assert max(scrolled) <= 550
        assert "\x1b[r" in ui.driver.written, "it did not scroll"
        assert max(await ui.count_bytes(*PAGES)) <= 3_000


@pytest.mark.parametrize("scenario", in_full(LISTS, but=["calm"]))
async def test_cursor_step_stays_within_byte_budget_when_list_is_zoomed(scenario: str) -> None:
    async with run_counted(scenario) as ui:
        await ui.press(*LISTS[scenario], "f")
        assert max(await ui.count_bytes(*DOWN)) <= 120
        assert max(await ui.count_bytes(*PAGES)) <= 3_000
        await ui.press("G", "pageup")
        scrolled = await ui.count_bytes("k", "k", "k")
        assert 120 < min(scrolled) <= max(scrolled) <= 200


@pytest.mark.parametrize("scenario", in_full(LISTS, but=["calm"]))
async def test_output_never_lags_on_slow_line_when_cursor_key_is_held(scenario: str) -> None:
    """Compute the bytes still waiting after each key on a line that carries a constant number between two keys."""
    async with run_counted(scenario) as ui:
        await ui.press(*LISTS[scenario])
        for key in "jk":
            sent = await ui.count_bytes(*key * 2 * KEYS_PER_SECOND)
            waiting = [*accumulate(sent, lambda left, more: max(0.0, left - BYTES_PER_SECOND / KEYS_PER_SECOND) + more)]
            assert max(waiting) / BYTES_PER_SECOND <= MAX_DELAY_SECONDS
            assert sum(sent) / len(sent) * KEYS_PER_SECOND < BYTES_PER_SECOND, (
                "output would lag if the key were held for longer"
            )


STATIC_SCENARIOS = sorted(SCENARIOS.keys() - {"thousands", "running", "restoring"})
"""Scenarios in which nothing changes by itself."""


@pytest.mark.parametrize("scenario", in_full(STATIC_SCENARIOS, but=["calm", "half-failed"]))
async def test_refresh_and_unknown_keys_send_no_bytes_when_nothing_changed(
    scenario: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drtui.ui.main.poller.NOTICE_DELAY", 60.0)  # a busy machine takes longer than the usual second
    async with run_counted(scenario) as ui:
        assert await ui.count_bytes("r", "r") == [0, 0]
        message, *repeated = await ui.count_bytes(*"uuu")
        assert 0 < message <= 300
        assert repeated == [0, 0]
