"""The simulated site changes as a real one does: in time, once, and with the same refusals."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from drtui.demo.app import make_app
from drtui.demo.faults import Faults, parse_fault
from drtui.demo.running import BACKUP_LASTS, BEGINS_AFTER, PARTS, RESTORE_LASTS
from drtui.demo.scenarios import PASSCODE, TOKEN
from drtui.demo.schedule_times import next_run
from drtui.demo.server import serving
from drtui.demo.simulated_site import SimulatedSite
from tests.conftest import NOW
from tests.demo.test_deployment import ADMIN, DR, Browser

STORE = f"{DR}/stores/nightly-pv"
BACKUPS = f"{STORE}/backups"
RIGHT = {"name": "by-hand", "passcode": "long-enough"}
SUCCESS = {"status": "success"}
DAY, MINUTE = 86_400_000, 60_000


@dataclass
class World:
    """A simulated site, its clock, and a client."""

    site: SimulatedSite
    browser: Browser
    moment: list[int] = field(default_factory=lambda: [NOW])

    def wait(self, milliseconds: int) -> None:
        self.moment[0] += milliseconds

    async def post(self, path: str, **form: str) -> Any:
        return await self.browser.post(path, **form)

    async def refusal(self, path: str, **form: str) -> str:
        """Return the message of the error that a request is answered with."""
        return str((await self.post(path, **form))["error"]["message"])

    async def status(self) -> Any:
        return (await self.browser.get(f"{DR}/status"))["status"]

    async def record(self, name: str = "by-hand") -> Any:
        return await self.browser.get(f"{BACKUPS}/{name}")

    async def job(self, submitted: Any) -> Any:
        return await self.browser.get(f"{ADMIN}/jobs/{submitted['jobid']}")

    @property
    def newest(self) -> str:
        return str(self.site.backups["nightly-pv"][-1]["backupName"])


@asynccontextmanager
async def world(*faults: str, scenario: str = "calm", **more: Any) -> AsyncIterator[World]:
    moment = [NOW]
    app = make_app(scenario, now=NOW, clock=lambda: moment[0], faults=Faults(**more) if more else parse_fault(faults))
    headers = {"Authorization": f"Bearer {TOKEN}"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://gis.example.com", headers=headers) as client:
        yield World(app.state.site, Browser(client), moment)


async def test_record_has_only_the_parts_that_have_begun_when_a_backup_runs() -> None:
    async with world() as now:
        before = await now.status()
        await now.post(f"{BACKUPS}/create", **RIGHT)
        assert await now.status() == before
        assert "error" in await now.record()
        stages, parts = [], []
        for _ in range((BEGINS_AFTER + BACKUP_LASTS) // 1_000 - 1):
            now.wait(1_000)
            status, record = await now.status(), await now.record()
            if status["backupName"] != "by-hand":
                continue
            listed = [part for key in PARTS[:2] for part in record[key]] + [record["infrastructures"]]
            times = [part[key] for part in listed for key in ("startTime", "endTime") if key in part]
            assert all(time <= now.moment[0] for time in (record["startTime"], *times))
            assert (record["status"], record["completeTime"], status["state"]) == ("in_progress", 0, "in_progress")
            assert not {"finished", "doneAt"} & record.keys()
            stages.append(sum(stage["state"] == "completed" for stage in status["stages"]))
            parts.append(sum(part["status"] == "completed" for part in listed))
        assert (sorted(set(stages)), sorted(set(parts))) == ([0, 1, 2, 3, 4], [0, 1, 2, 3])
        assert stages == sorted(stages)
        now.wait(BEGINS_AFTER)
        status, record = await now.status(), await now.record()
        assert (status["state"], record["status"]) == ("success", "completed")
        assert record["completeTime"] - record["startTime"] == BACKUP_LASTS
        assert {record["relationalStore"][0]["status"], record["objectStore"][0]["status"]} == {"completed"}


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"name": ""}, "name is required"),
        ({"passcode": "short"}, "at least 8"),
        ({"passcode": ""}, "at least 8"),
        ({"name": "before-parcel-migration"}, "already exists"),
        ({"retentionDate": "abc"}, "retentionDate"),
        ({"retentionDate": str(NOW - 1)}, "retentionDate"),
        ({"retentionDate": str((NOW + DAY) // 1_000)}, "retentionDate"),
        ({"retentionDate": "-2"}, "retentionDate"),
        ({"retentionDate": str(2**63)}, "retentionDate"),
    ],
)
async def test_backup_is_refused_when_the_request_is_wrong(form: dict[str, str], reason: str) -> None:
    async with world() as now:
        path = f"{DR}/stores/archive-s3/backups/create"
        before = [record["backupName"] for record in now.site.backups["archive-s3"]]
        assert reason in await now.refusal(path, **{**RIGHT, **form})
        now.wait(MINUTE)
        assert [record["backupName"] for record in now.site.backups["archive-s3"]] == before
        assert now.site.changed == []


async def test_backup_is_accepted_when_another_store_has_its_name() -> None:
    async with world() as now:
        submitted = await now.post(f"{BACKUPS}/create", **{**RIGHT, "name": "before-parcel-migration"})
        assert submitted["jobsUrl"].endswith(f"/arcgis/admin/jobs/{submitted['jobid']}")


async def test_operation_is_refused_when_another_is_in_progress() -> None:
    async with world() as now:
        restore = f"{BACKUPS}/{now.newest}/restore"
        await now.post(f"{BACKUPS}/create", **RIGHT)
        for wait in (0, 10_000):
            now.wait(wait)
            assert "backup of by-hand" in await now.refusal(f"{BACKUPS}/create", **{**RIGHT, "name": "second"})
            assert "in progress" in await now.refusal(restore, passcode=PASSCODE)
            assert "in progress" in await now.refusal(f"{DR}/backuprestore/backup", **{**RIGHT, "name": "third"},
                                                      storeName="archive-s3")  # fmt: skip
        assert "while it is made" in await now.refusal(f"{BACKUPS}/by-hand/delete")
        assert "in use" in await now.refusal(f"{STORE}/unregister")
        now.wait(MINUTE)
        assert (await now.post(f"{BACKUPS}/create", **{**RIGHT, "name": "second"}))["status"] == "SUBMITTED"


async def test_running_scenario_ends_when_time_passes() -> None:
    async with world(scenario="running") as now:
        name = now.newest
        assert "while it is made" in await now.refusal(f"{BACKUPS}/{name}/delete")
        assert "in progress" in await now.refusal(f"{BACKUPS}/create", **RIGHT)
        now.wait(15 * MINUTE)
        assert ((await now.status())["state"], (await now.record(name))["status"]) == ("success", "completed")
        assert await now.post(f"{BACKUPS}/{name}/delete") == SUCCESS


async def test_retention_survives_the_end_when_changed_during_a_backup() -> None:
    async with world() as now:
        await now.post(f"{BACKUPS}/create", **RIGHT, retentionDate=str(NOW + DAY))
        now.wait(10_000)
        assert await now.post(f"{BACKUPS}/by-hand/update", retentionDate="-1") == SUCCESS
        now.wait(MINUTE)
        assert (await now.record())["retentionDate"] == -1


@pytest.mark.parametrize("retention", ["", "abc", "0", "-2", str(NOW - 1), "1.5"])
async def test_retention_is_refused_when_it_is_no_time_in_the_future(retention: str) -> None:
    async with world() as now:
        before = await now.record(now.newest)
        assert "retentionDate" in await now.refusal(f"{BACKUPS}/{now.newest}/update", retentionDate=retention)
        assert await now.record(now.newest) == before


@pytest.mark.parametrize(
    ("fault", "state", "job"),
    [("backup-fails", "failed", "FAILED"), ("backup-cancelled", "cancelled", "CANCELLED")],
)
async def test_backup_ends_badly_when_a_fault_says_so(fault: str, state: str, job: str) -> None:
    async with world(fault, "job-follows") as now:
        submitted = await now.post(f"{BACKUPS}/create", **RIGHT)
        assert (await now.job(submitted))["status"] == "SUBMITTED"
        now.wait(10_000)
        assert (await now.job(submitted))["status"] == "EXECUTING"
        now.wait(MINUTE)
        status, record = await now.status(), await now.record()
        assert (status["state"], record["status"], record["objectStore"][0]["status"]) == (state, state, state)
        assert status["message"]
        assert [stage["state"] for stage in status["stages"]] == ["completed", "completed", state, "", ""]
        ended = await now.job(submitted)
        assert (ended["status"], ended["messages"]) == (job, [status["message"]])
        assert "not completed" in await now.refusal(f"{BACKUPS}/by-hand/restore", passcode="long-enough")


async def test_backup_is_cancelled_when_it_takes_longer_than_the_limit() -> None:
    async with world("job-follows") as now:
        await now.post(f"{DR}/settings/update", settings='{"timeoutInSeconds": 10}')
        submitted = await now.post(f"{BACKUPS}/create", **RIGHT)
        now.wait(MINUTE)
        status, record = await now.status(), await now.record()
        assert (status["state"], record["status"], (await now.job(submitted))["status"]) == (
            "cancelled", "cancelled", "TIMED OUT",
        )  # fmt: skip
        assert record["completeTime"] - record["startTime"] == 10_000
        assert (record["relationalStore"][0]["status"], record["objectStore"]) == ("cancelled", [])


async def test_backup_never_ends_when_it_hangs() -> None:
    async with world("backup-hangs") as now:
        await now.post(f"{BACKUPS}/create", **RIGHT)
        now.wait(9 * DAY)
        assert ((await now.status())["state"], (await now.record())["status"]) == ("in_progress", "in_progress")


@pytest.mark.parametrize(("release", "status"), [("11.3.0", "SUBMITTED"), ("11.4.0", "COMPLETED")])
async def test_job_is_completed_at_once_when_the_release_is_recent(release: str, status: str) -> None:
    async with world(release=release) as now:
        submitted = await now.post(f"{BACKUPS}/create", **RIGHT)
        assert (await now.job(submitted))["status"] == status
        now.wait(MINUTE)
        assert (await now.job(submitted))["status"] == "COMPLETED"


async def test_restore_fails_later_when_the_passcode_is_wrong() -> None:
    async with world() as now:
        restore = f"{BACKUPS}/{now.newest}/restore"
        assert "passcode is required" in await now.refusal(restore)
        assert await now.post(restore, passcode="wrong") == SUCCESS
        states = []
        for _ in range(RESTORE_LASTS // 1_000):
            now.wait(1_000)
            states.append((await now.status())["state"])
        assert list(dict.fromkeys(states)) == ["success", "in_progress", "failed"]
        assert "passcode" in (await now.status())["message"]


async def test_restore_needs_the_passcode_of_its_backup_when_that_was_made_by_a_request() -> None:
    async with world() as now:
        await now.post(f"{BACKUPS}/create", **RIGHT)
        now.wait(MINUTE)
        for passcode, state in ((PASSCODE, "failed"), ("long-enough", "success")):
            await now.post(f"{BACKUPS}/by-hand/restore", passcode=passcode)
            now.wait(MINUTE)
            assert (await now.status())["state"] == state


@pytest.mark.parametrize(
    ("fault", "state"), [("restore-fails", "failed"), ("restore-warns", "completed_with_warnings")]
)
async def test_restore_ends_badly_when_a_fault_says_so(fault: str, state: str) -> None:
    async with world(fault) as now:
        name = now.newest
        await now.post(f"{BACKUPS}/{name}/restore", passcode=PASSCODE)
        now.wait(30_000)
        assert (await now.browser.client.get(f"{DR}/status?f=json")).status_code == 503
        now.wait(30_000)
        status = await now.status()
        assert (status["state"], status["operation"], status["backupName"]) == (state, "Restore", name)
        assert status["message"]


async def test_site_is_away_for_minutes_when_it_is_slow() -> None:
    async with world("slow") as now:
        await now.post(f"{BACKUPS}/{now.newest}/restore", passcode=PASSCODE)
        away = 0
        for _ in range(25):
            now.wait(MINUTE)
            away += (await now.browser.client.get(f"{DR}/status?f=json")).status_code == 503
        assert away == 12
        assert (await now.status())["state"] == "success"


async def test_restore_is_refused_when_the_release_is_another() -> None:
    async with world(scenario="upgraded") as now:
        assert "11.4.0" in await now.refusal(f"{BACKUPS}/{now.newest}/restore", passcode=PASSCODE)


async def test_deletion_takes_a_moment_when_it_is_a_job() -> None:
    async with world("job-follows") as now:
        name = now.newest
        submitted = await now.post(f"{BACKUPS}/{name}/delete", **{"async": "True"})
        assert (submitted["status"], (await now.job(submitted))["status"]) == ("SUBMITTED", "SUBMITTED")
        assert (await now.record(name))["backupName"] == name
        now.wait(5_000)
        assert ("error" in await now.record(name), (await now.job(submitted))["status"]) == (True, "COMPLETED")


async def test_deletion_is_synchronous_when_the_release_is_early() -> None:
    async with world(scenario="seed") as now:
        path = f"{DR}/stores/default/backups/backup_first/delete"
        assert await now.post(path, **{"async": "true"}) == SUCCESS
        assert len(now.site.backups["default"]) == 1


@pytest.mark.parametrize("fault", ["lost-reply", "lost-request"])
async def test_change_is_made_only_if_the_site_accepted_it_when_the_connection_breaks(fault: str) -> None:
    async with world(fault) as now:
        with pytest.raises(ConnectionAbortedError):
            await now.post(f"{BACKUPS}/create", **RIGHT)
        now.wait(MINUTE)
        assert ("error" in await now.record()) is (fault == "lost-request")
        assert [request.path for request in now.site.changed] == (
            ["/system/disasterrecovery/stores/nightly-pv/backups/create"] if fault == "lost-reply" else []
        )


def test_reply_is_lost_when_the_site_is_served() -> None:
    app = make_app("calm", now=NOW, faults=parse_fault(["lost-reply"]))
    with serving(app) as where, httpx.Client() as client, pytest.raises(httpx.RemoteProtocolError):
        client.post(f"{where.url}/admin/system/disasterrecovery/stores/nightly-pv/backups/create",
                    data={"f": "json", "token": TOKEN, **RIGHT})  # fmt: skip
    assert len(app.state.site.changed) == 1


async def test_changes_are_refused_when_the_site_is_read_only() -> None:
    for fault in ("read-only", ""):
        async with world(*[fault] if fault else []) as now:
            if not fault:
                await now.post(f"{ADMIN}/mode/update", isReadOnly="true", message="Upgrade")
            mode = await now.browser.get(f"{ADMIN}/mode")
            assert (mode["isReadOnly"], bool(mode["message"])) == (True, True)
            assert "read-only" in await now.refusal(f"{BACKUPS}/create", **RIGHT)
            assert "read-only" in await now.refusal(f"{BACKUPS}/{now.newest}/delete")
            if not fault:
                await now.post(f"{ADMIN}/mode/update", isReadOnly="false")
                assert (await now.post(f"{BACKUPS}/create", **RIGHT))["status"] == "SUBMITTED"


async def test_backup_is_refused_when_no_staging_is_configured() -> None:
    for options in ({"scenario": "empty"}, {"no_staging": True}):
        async with world(**options) as now:
            assert "stagingVolumeConfig" not in await now.browser.get(f"{DR}/settings")
            assert "staging" in await now.refusal(f"{BACKUPS}/create", **RIGHT)


async def test_store_is_not_ready_when_a_fault_says_so() -> None:
    async with world("not-ready") as now:
        assert await now.post(f"{STORE}/validate") == {"isReady": False, "status": "success"}
        assert "does not exist" in await now.refusal(f"{DR}/stores/none/validate")


@pytest.mark.parametrize(("release", "is_required"), [("10.9.1", False), ("11.5.0", False), ("12.0.0", True)])
async def test_store_needs_the_big_data_value_when_the_release_is_12(release: str, is_required: bool) -> None:
    async with world(release=release) as now:
        assert ("supportBDSBackup" in await now.browser.get(STORE)) is is_required
        answer = await now.post(f"{STORE}/update", settings='{"default": true}')
        assert ("error" in answer) is is_required
        both = '{"default": true, "supportBDSBackup": true}'
        assert await now.post(f"{STORE}/update", settings=both) == SUCCESS
        assert (await now.browser.get(STORE)).get("supportBDSBackup") is (True if is_required else None)


PARAMETERS = {"name": "evening", "storeName": "archive-s3", "passcode": "long-enough", "retentionOffset": DAY}
TASK = {"title": "evening", "type": "CreateBackup", "minute": "30", "hour": "18", "dayOfMonth": "?", "month": "*",
        "dayOfWeek": "2,3"}  # fmt: skip


async def test_schedule_keeps_its_parameters_when_created_paused_or_edited() -> None:
    async with world() as now:
        identity = (await now.post(f"{ADMIN}/system/tasks/createTask", **TASK, parameters=json.dumps(PARAMETERS)))[
            "taskId"
        ]
        path = f"{ADMIN}/system/tasks/{identity}"
        created = await now.browser.get(path)
        assert (created["cronExpression"], created["taskTitle"]) == ("0 30 18 ? * 2,3", "evening")
        assert created["parameters"] == {"itemId": "", **PARAMETERS}
        await now.post(f"{path}/disable")
        paused = await now.browser.get(path)
        assert (paused["taskState"], paused["active"], paused["parameters"]) == ("paused", False, created["parameters"])
        await now.post(f"{path}/enable")
        await now.post(f"{path}/update", hour="19", parameters=json.dumps({**PARAMETERS, "name": "late"}))
        edited = await now.browser.get(path)
        assert (edited["cronExpression"], edited["parameters"]["name"]) == ("0 30 19 ? * 2,3", "late")
        assert (edited["active"], edited["generation"]) == (True, created["generation"] + 1)
        same = await now.post(f"{ADMIN}/system/tasks/createTask", **TASK, parameters=json.dumps(PARAMETERS))
        assert same["taskId"] != identity


@pytest.mark.parametrize(
    "form",
    [
        {"parameters": "no json"},
        {"parameters": json.dumps({**PARAMETERS, "storeName": "none"})},
        {"parameters": json.dumps({**PARAMETERS, "passcode": "short"})},
        {"parameters": json.dumps(PARAMETERS), "maxOccurrences": "many"},
    ],
)
async def test_schedule_is_refused_when_the_request_is_wrong(form: dict[str, str]) -> None:
    async with world() as now:
        before = len(now.site.tasks)
        assert await now.refusal(f"{ADMIN}/system/tasks/createTask", **TASK, **form)
        assert len(now.site.tasks) == before


async def test_scheduled_backup_is_made_when_it_is_due() -> None:
    async with world("run-due") as now:
        now.wait(5 * MINUTE)
        status = await now.status()
        name = status["backupName"]
        assert (status["state"], status["scheduleType"], name[:8]) == ("success", "SCHEDULED", "nightly-")
        record = await now.record(name)
        assert record["retentionDate"] - record["startTime"] == 30 * DAY - BEGINS_AFTER
        task = (await now.browser.get(f"{ADMIN}/system/tasks"))["result"][0]
        assert task["lastStart"] == record["startTime"] - BEGINS_AFTER
        await now.post(f"{ADMIN}/system/tasks/{task['id']}/disable")
        now.wait(3 * DAY)
        await now.post(f"{ADMIN}/system/tasks/{task['id']}/enable")
        assert (await now.status())["backupName"] == name
        assert now.newest == name
        now.wait(DAY)
        assert (await now.status())["state"] == "success"
        assert now.newest != name


@pytest.mark.parametrize(
    ("cron", "after", "expected"),
    [
        (("0", "2", "?", "*", "*"), 0, 2 * 60 * MINUTE),
        (("0", "2", "?", "*", "*"), 2 * 60 * MINUTE, DAY + 2 * 60 * MINUTE),
        (("15,45", "*", "?", "*", "*"), 20 * MINUTE, 45 * MINUTE),
        (("0", "0", "?", "*", "1"), 0, 3 * DAY),  # the epoch began on a Thursday
        (("0", "0", "31", "*", "?"), 0, 30 * DAY),
        (("0", "0", "30", "2", "?"), 0, None),
        (("0/5", "0", "?", "*", "*"), 0, None),
    ],
)
def test_next_run_is_the_first_match_when_the_cron_fields_are_known(
    cron: tuple[str, ...], after: int, expected: int | None
) -> None:
    names = ("minute", "hour", "dayOfMonth", "month", "dayOfWeek")
    assert next_run({"cronSchedule": dict(zip(names, cron, strict=True))}, after) == expected


async def test_requests_are_listed_without_secrets_when_they_may_change_the_site() -> None:
    async with world() as now:
        del now.browser.client.headers["Authorization"]
        await now.browser.post(f"{ADMIN}/data/findItems", token=TOKEN)
        await now.browser.post(f"{BACKUPS}/create", **RIGHT)
        await now.browser.post(f"{BACKUPS}/create", **RIGHT, token="expired")
        await now.browser.post(f"{BACKUPS}/create", **{**RIGHT, "passcode": "short"}, token=TOKEN)
        await now.browser.post(f"{BACKUPS}/create", **RIGHT, token=TOKEN)
        assert [request.is_accepted for request in now.site.received] == [False, False, False, True]
        (accepted,) = now.site.changed
        assert accepted.fields == {"f": "json", "name": "by-hand", "passcode": "***", "token": "***"}
        assert "long-enough" not in repr(now.site.received)
        assert accepted.at == NOW


@pytest.mark.parametrize("fault", ["html", "500", "503"])
async def test_request_counts_as_not_accepted_when_a_fault_answers_it(fault: str) -> None:
    async with world(fault) as now:
        await now.browser.client.post(f"{BACKUPS}/create", data={"f": "json", **RIGHT})
        assert ([request.is_accepted for request in now.site.received], now.site.running) == ([False], None)


async def test_backups_change_when_the_paths_of_the_first_release_are_used() -> None:
    old = f"{DR}/backuprestore"
    async with world() as now:
        await now.post(f"{old}/backup", **RIGHT, storeName="archive-s3", description="None")
        now.wait(MINUTE)
        assert (await now.status())["state"] == "success"
        assert now.site.backups["archive-s3"][-1]["description"] == "None"
        restored = f"{old}/backups/by-hand/restore"
        assert await now.post(restored, storeName="archive-s3", passcode="long-enough") == SUCCESS
        now.wait(MINUTE)
        assert (await now.status())["operation"] == "Restore"
        assert "does not exist" in await now.refusal(f"{old}/backups/by-hand/delete", storeName="nightly-pv")
        assert await now.post(f"{old}/backups/by-hand/delete") == SUCCESS


def test_token_ends_after_a_minute_when_a_fault_says_so() -> None:
    app = make_app("calm", now=NOW, faults=parse_fault(["short-token"]))
    assert app.state.tokens.issue("480")[1] == NOW + MINUTE
