"""Activity without input: at most one timer to update ages and one to refresh."""

import asyncio
import math
import os
from pathlib import Path

import pytest
from textual import events

from drtui.core.timeline.timeline import build_timeline
from drtui.demo.scenarios import SCENARIOS
from drtui.session import Target
from tests.bench.site import records
from tests.conftest import NOW
from tests.counted.counting import count_calls, list_wake_ups, run_counted
from tests.suites import in_full

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
SOON_SECONDS = 0.05
REFRESH_SECONDS = 300
"""Seconds between two refreshes if no operation is running."""


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        """Return the time in epoch ms."""
        return self.now


async def list_rounded_wake_ups() -> list[int]:
    """Return the seconds until each timer, rounded up to the interval for which it was set."""
    for _ in range(50):
        if all(seconds > SOON_SECONDS for seconds in list_wake_ups()):
            break
        await asyncio.sleep(SOON_SECONDS)  # Textual sets short timers after it has painted
    return [math.ceil(seconds / 10) * 10 for seconds in list_wake_ups()]


async def test_only_refresh_is_scheduled_when_clock_is_fixed() -> None:
    async with run_counted("calm") as ui:
        assert await list_rounded_wake_ups() == [REFRESH_SECONDS]
        await ui.press("j", "/", "n", "escape", "w", "escape", "t", "escape", "?", "escape", "y", "escape", "f")
        assert await list_rounded_wake_ups() == [REFRESH_SECONDS]


async def test_ages_and_refresh_are_scheduled_once_when_clock_runs() -> None:
    async with run_counted("calm", now=None) as ui:
        assert await list_rounded_wake_ups() == [60, REFRESH_SECONDS]
        await ui.press("r", "j", "/", "n", "escape", "w", "escape", "t", "escape", "f", "r")
        assert await list_rounded_wake_ups() == [60, REFRESH_SECONDS]
        ui.app.main_screen.ages.update()
        assert await list_rounded_wake_ups() == [60, REFRESH_SECONDS]


async def test_ages_and_refresh_are_scheduled_once_when_another_screen_is_open() -> None:
    async with run_counted("calm", now=None) as ui:
        for key in "wt?o/@z":
            await ui.press(key)
            assert (key, await list_rounded_wake_ups()) == (key, [60, REFRESH_SECONDS])
            await ui.press("escape")


async def test_ages_are_updated_hourly_when_all_are_days_old(tmp_path: Path) -> None:
    path, clock = tmp_path / "old.json", Clock()
    path.write_bytes(records(30, NOW - 30 * DAY))
    os.utime(path, (NOW // 1000 - 9 * 86_400,) * 2)
    async with run_counted(Target(file=path), now=None, clock=clock):
        assert await list_rounded_wake_ups() == [3600]


async def test_nothing_is_scheduled_when_no_site_is_open() -> None:
    async with run_counted(None):
        assert await list_rounded_wake_ups() == []


@pytest.mark.parametrize("scenario", in_full(sorted(SCENARIOS.keys() - {"thousands"}), but=["half-failed", "running"]))
async def test_update_ages_shows_same_as_new_assessment_when_time_passes(scenario: str) -> None:
    clock = Clock()
    async with run_counted(scenario, now=None, clock=clock) as ui:
        main_screen = ui.app.main_screen
        for step in (MINUTE, 7 * MINUTE, HOUR, 5 * HOUR, 30 * HOUR, 9 * DAY):
            clock.now += step
            main_screen.ages.update()
            await ui.settle()
            updated_text = ui.text
            main_screen.poller.assess_state(main_screen.site.site_state)
            await ui.settle()
            assert ui.text == updated_text


async def test_ages_are_updated_when_window_gets_focus() -> None:
    clock = Clock()
    async with run_counted("calm", now=None, clock=clock) as ui:
        assert "6 h 13 min old; target 24 h" in ui.text
        clock.now += 2 * HOUR
        ui.driver.send_message(events.AppFocus())
        await ui.settle()
        assert "8 h 13 min old; target 24 h" in ui.text


async def test_update_ages_calls_and_sends_little_when_a_minute_passes(tmp_path: Path) -> None:
    number, path, clock = 5_000, tmp_path / "many.json", Clock()
    path.write_bytes(records(number, NOW))
    os.utime(path, (NOW // 1000,) * 2)
    async with run_counted(Target(file=path), now=None, clock=clock) as ui:
        before = ui.bytes_written
        clock.now += MINUTE
        with count_calls() as calls:
            ui.app.main_screen.ages.update()
            await ui.settle()
        assert calls.total() < 3 * number, "a new assessment takes many times as much"
        assert 0 < ui.bytes_written - before <= 200


async def test_timeline_is_rebuilt_once_when_a_minute_passes() -> None:
    clock = Clock()
    async with run_counted("calm", now=None, clock=clock) as ui:
        await ui.press("/", *"nightly", "enter", "t")
        clock.now += MINUTE
        with count_calls() as calls:
            ui.app.main_screen.ages.update()
            await ui.settle()
        assert calls[build_timeline.__code__] == 1
