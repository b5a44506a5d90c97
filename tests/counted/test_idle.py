"""What goes on while nobody does anything: at the most one moment is waited for to show ages, and one to look again."""

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
from tests.counted.counting import calls, counted, wake_ups
from tests.suites import in_full

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
SOON = 0.05
CALM = 300
"""Seconds between two looks where nothing goes on."""


class Clock:
    """The present, as a test wants it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        """Epoch ms."""
        return self.now


async def waited_for() -> list[int]:
    """Seconds until each moment that is waited for, rounded up to what they were when they were set."""
    for _ in range(50):
        if all(each > SOON for each in wake_ups()):
            break
        await asyncio.sleep(SOON)  # Textual sleeps a little after it has painted
    return [math.ceil(each / 10) * 10 for each in wake_ups()]


async def test_time_that_stands_still_changes_nothing() -> None:
    async with counted("calm") as told:
        assert await waited_for() == [CALM]
        await told.press("j", "/", "n", "escape", "w", "escape", "t", "escape", "?", "escape", "y", "escape", "f")
        assert await waited_for() == [CALM]


async def test_one_moment_for_ages_and_one_to_look_again() -> None:
    async with counted("calm", now=None) as told:
        assert await waited_for() == [60, CALM]
        await told.press("r", "j", "/", "n", "escape", "w", "escape", "t", "escape", "f", "r")
        assert await waited_for() == [60, CALM]
        told.app.main_screen.update_ages()
        assert await waited_for() == [60, CALM]


async def test_on_every_screen() -> None:
    async with counted("calm", now=None) as told:
        for key in "wt?o/@z":
            await told.press(key)
            assert (key, await waited_for()) == (key, [60, CALM])
            await told.press("escape")


async def test_of_what_is_days_old_only_hours_are_said(tmp_path: Path) -> None:
    path, clock = tmp_path / "old.json", Clock()
    path.write_bytes(records(30, NOW - 30 * DAY))
    os.utime(path, (NOW // 1000 - 9 * 86_400,) * 2)
    async with counted(Target(file=path), now=None, clock=clock):
        assert await waited_for() == [3600]


async def test_where_nothing_is_known_nothing_is_waited_for() -> None:
    async with counted(None):
        assert await waited_for() == []


@pytest.mark.parametrize("scenario", in_full(sorted(SCENARIOS.keys() - {"thousands"}), but=["half-failed", "running"]))
async def test_what_time_has_changed_is_what_would_be_shown_anew(scenario: str) -> None:
    clock = Clock()
    async with counted(scenario, now=None, clock=clock) as told:
        browse = told.app.main_screen
        for step in (MINUTE, 7 * MINUTE, HOUR, 5 * HOUR, 30 * HOUR, 9 * DAY):
            clock.now += step
            browse.update_ages()
            await told.settle()
            shown = told.text
            browse.assess_state()
            await told.settle()
            assert told.text == shown


async def test_whoever_comes_back_to_the_window_sees_no_ages_of_before() -> None:
    clock = Clock()
    async with counted("calm", now=None, clock=clock) as told:
        assert "6 h 13 min old, within the target" in told.text
        clock.now += 2 * HOUR
        told.driver.send_message(events.AppFocus())
        await told.settle()
        assert "8 h 13 min old, within the target" in told.text


async def test_a_minute_that_passes_is_little_work_and_sends_little(tmp_path: Path) -> None:
    number, path, clock = 5_000, tmp_path / "many.json", Clock()
    path.write_bytes(records(number, NOW))
    os.utime(path, (NOW // 1000,) * 2)
    async with counted(Target(file=path), now=None, clock=clock) as told:
        before = told.bytes
        clock.now += MINUTE
        with calls() as found:
            told.app.main_screen.update_ages()
            await told.settle()
        assert found.total() < 3 * number, "to judge all of them anew takes many times as much"
        assert 0 < told.bytes - before <= 200


async def test_what_lies_over_a_filtered_list_is_made_anew_once_for_each_minute() -> None:
    clock = Clock()
    async with counted("calm", now=None, clock=clock) as told:
        await told.press("/", *"nightly", "enter", "t")
        clock.now += MINUTE
        with calls() as found:
            told.app.main_screen.update_ages()
            await told.settle()
        assert found[build_timeline.__code__] == 1
