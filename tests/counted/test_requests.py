"""What a site is asked for: each thing once, at the start, at a refresh, and while an operation goes on."""

import re

import pytest

from drtui.session import DEMO, ConnectionOptions, Target
from tests.counted.counting import counted
from tests.suites import in_full

DR = "/admin/system/disasterrecovery"
JOBS = "/admin/jobs"
JOB = re.compile(r"\bj[0-9a-f-]{36}")
STORES = {
    "calm": ("nightly-pv", "archive-s3", "offsite-azure", "default"),
    "empty": ("nightly-pv",),
    "seed": ("default",),
}


def whole(scenario: str) -> list[str]:
    """What one look asks for."""
    backups = [f"{DR}/stores/{store}/backups" for store in STORES[scenario]]
    return sorted([f"{DR}/stores", f"{DR}/status", f"{DR}/settings", "/admin", "/admin/system/tasks", *backups])


@pytest.mark.parametrize("scenario", in_full(STORES, but=["calm"]))
async def test_a_look_asks_for_each_thing_once(scenario: str) -> None:
    async with counted(scenario) as told:
        assert sorted(told.asked) == whole(scenario)
        await told.press("r")
        assert sorted(told.asked) == sorted(2 * whole(scenario))


async def test_what_is_open_already_is_not_asked_for_again() -> None:
    async with counted("calm") as told:
        await told.press("j", "enter", "escape", "w", "escape", "t", "escape", "y", "escape", "?", "escape", "/", "n")
        assert sorted(told.asked) == whole("calm")


async def test_an_operation_is_followed_by_what_tells_of_it_alone() -> None:
    async with counted("running") as told:
        before = len(told.asked)
        await told.app.main_screen._follow_operation().wait()
        await told.settle()
        assert [JOB.sub("JOB", each) for each in told.asked[before:]] == [f"{DR}/status", JOBS, f"{JOBS}/JOB"]


async def test_offline_nobody_is_asked() -> None:
    async with counted(Target(DEMO), ConnectionOptions(offline=True)) as told:
        await told.press("r")
        assert told.asked == []
