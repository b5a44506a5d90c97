"""Requests to a site: each resource once at start and refresh, and few while an operation runs."""

import re

import pytest

from drtui.session import DEMO, ConnectionOptions, Target
from tests.counted.counting import run_counted
from tests.suites import in_full

DR = "/admin/system/disasterrecovery"
JOBS = "/admin/jobs"
JOB = re.compile(r"\bj[0-9a-f-]{36}")
STORES = {
    "calm": ("nightly-pv", "archive-s3", "offsite-azure", "default"),
    "empty": ("nightly-pv",),
    "seed": ("default",),
}


ONCE = ["/admin/about", "/admin/data", "/sharing/rest/community/self"]
"""Paths that are requested once a session."""


def list_refresh_paths(scenario: str) -> list[str]:
    """Return the paths that a refresh requests, besides those that are requested once a session."""
    backups = [f"{DR}/stores/{store}/backups" for store in STORES[scenario]]
    return sorted(
        [f"{DR}/stores", f"{DR}/status", f"{DR}/settings", "/admin", "/admin/mode", "/admin/system/tasks", *backups]
    )


@pytest.mark.parametrize("scenario", in_full(STORES, but=["calm"]))
async def test_refresh_requests_each_resource_once(scenario: str) -> None:
    async with run_counted(scenario) as ui:
        assert sorted(ui.requested_paths) == sorted([*list_refresh_paths(scenario), *ONCE])
        await ui.press("r")
        assert sorted(ui.requested_paths) == sorted([*2 * list_refresh_paths(scenario), *ONCE])


async def test_screens_send_no_request_when_resources_are_known() -> None:
    async with run_counted("calm") as ui:
        await ui.press("j", "enter", "escape", "w", "escape", "t", "escape", "y", "escape", "?", "escape", "/", "n")
        assert sorted(ui.requested_paths) == sorted([*list_refresh_paths("calm"), *ONCE])


async def test_running_operation_requests_only_status_and_job() -> None:
    async with run_counted("running") as ui:
        before = len(ui.requested_paths)
        await ui.app.main_screen.poller.follow_operation().wait()
        await ui.settle()
        assert [JOB.sub("JOB", path) for path in ui.requested_paths[before:]] == [f"{DR}/status", JOBS, f"{JOBS}/JOB"]


async def test_refresh_sends_no_request_when_offline() -> None:
    async with run_counted(Target(DEMO), ConnectionOptions(offline=True)) as ui:
        await ui.press("r")
        assert ui.requested_paths == []
