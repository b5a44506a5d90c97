"""The simulated site has the documented shapes, and is identical for the same moment."""

import datetime as dt
import json
import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from drtui.cli.parser import parser
from drtui.demo.app import make_app
from drtui.demo.data_stores import site_stores
from drtui.demo.faults import KINDS, NAMED, RESOURCES, Faults, parse_fault
from drtui.demo.scenarios import ENCRYPT_KEY, IDENTITY_KEY, PASSCODE, PASSWORD, SCENARIOS, TOKEN, USER
from drtui.demo.server import serving
from tests.conftest import NOW
from tests.suites import in_full

ADMIN = "/arcgis/admin"
DR = f"{ADMIN}/system/disasterrecovery"
SIGN_IN = "/arcgis/sharing/rest/generateToken"
MINUTE = 60_000


class Browser:
    """A client of the site, like a browser."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, **query: str) -> Any:
        return (await self.client.get(path, params={"f": "json", **query})).json()

    async def post(self, path: str, **form: str) -> Any:
        return (await self.client.post(path, data={"f": "json", **form})).json()


@asynccontextmanager
async def browsing(
    scenario: str = "calm", *, faults: Faults | None = None, clock: Callable[[], int] | None = None, token: str = TOKEN
) -> AsyncIterator[Browser]:
    app = make_app(scenario, now=NOW, faults=faults or Faults(), clock=clock)
    headers = {"X-Esri-Authorization": f"Bearer {token}"} if token else {}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://gis.example.com", headers=headers) as client:
        yield Browser(client)


BACKUP_KEYS = {
    "release", "siteName", "description", "completeTime", "backupStore", "retentionDate", "encryptKey", "backupType",
    "relationalStore", "scheduleType", "objectStore", "namespace", "startTime", "infrastructures", "category",
    "backupName", "status",
}  # fmt: skip


async def test_backup_has_the_documented_fields_when_listed() -> None:
    async with browsing("seed") as site:
        first, second = (await site.get(f"{DR}/stores/default/backups"))["backups"]
        assert set(first) == set(second) == BACKUP_KEYS
        assert (first["backupName"], first["startTime"]) == ("backup_first", 1634736144653)
        assert second["backupName"] == "schedule1-2021-10-22-20-00-09"
        assert await site.get(f"{DR}/stores/default/backups/backup_first") == first
        assert first["encryptKey"] == ENCRYPT_KEY


async def test_secrets_are_in_the_documented_places_when_resources_are_read() -> None:
    async with browsing() as site:
        tasks = (await site.get(f"{ADMIN}/system/tasks"))["result"]
        assert tasks[0]["parameters"]["passcode"] == PASSCODE
        stores = (await site.get(f"{DR}/stores"))["backupStores"]
        assert stores[0]["identityKey"] == IDENTITY_KEY
        assert "identityKey" not in await site.get(f"{DR}/stores/nightly-pv")


@pytest.mark.parametrize("scenario", in_full(SCENARIOS, but=SCENARIOS.keys() - {"thousands"}))
async def test_scenario_is_identical_when_the_moment_is_the_same(scenario: str) -> None:
    paths = (f"{DR}/stores", f"{DR}/stores/nightly-pv/backups", f"{DR}/backuprestore/backups", f"{ADMIN}/system/tasks")
    answers = []
    for _ in range(2):
        async with browsing(scenario) as site:
            answers.append([(await site.client.get(path, params={"f": "json"})).content for path in paths])
    assert answers[0] == answers[1]


async def test_layout_is_old_or_new_when_the_release_differs() -> None:
    async with browsing("old") as site:
        assert len((await site.get(f"{DR}/backuprestore/backups"))["backups"]) > 5
        assert (await site.client.get(f"{DR}/stores/default/backups", params={"f": "json"})).status_code == 404
    async with browsing() as site:
        assert (await site.client.get(f"{DR}/backuprestore/backups", params={"f": "json"})).status_code == 404


async def test_answer_is_a_page_when_f_is_missing() -> None:
    async with browsing() as site:
        answer = await site.client.get(ADMIN)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


async def test_token_is_required_when_it_expired_or_is_missing() -> None:
    moment = NOW
    async with browsing(clock=lambda: moment, token="") as site:
        assert (await site.get(ADMIN))["error"]["code"] == 499
        granted = await site.post(SIGN_IN, username=USER, password=PASSWORD, expiration="5")
        assert granted["expires"] == NOW + 300_000
        site.client.headers["Authorization"] = f"Bearer {granted['token']}"
        assert (await site.get(ADMIN))["fullVersion"] == "11.4.0"
        moment += 300_000
        assert (await site.get(ADMIN))["error"]["code"] == 498


async def test_sign_in_answers_200_with_an_error_when_the_password_is_wrong() -> None:
    async with browsing(token="") as site:
        answer = await site.post(SIGN_IN, username=USER, password="guess")
        assert answer["error"]["details"] == ["Invalid username or password."]


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        (Faults(error_code=500), {"error": {"code": 500, "message": "Something is wrong with this site.",
                                            "details": ["Ask whoever runs it."]}}),
        (Faults(error_code=500, details_null=True), {"error": {"code": 500, "details": None,
                                                               "message": "Something is wrong with this site."}}),
        (Faults(error_code=498, error_form=3), {"status": "error", "code": 498,
                                                "messages": ["Something is wrong with this site.",
                                                             "Ask whoever runs it."]}),
    ],
)  # fmt: skip
async def test_errors_have_each_documented_form_when_faults_select_it(
    faults: Faults, expected: dict[str, object]
) -> None:
    async with browsing(faults=faults) as site:
        assert await site.get(ADMIN) == expected


async def test_backup_passes_its_stages_when_created() -> None:
    moment = NOW
    async with browsing(clock=lambda: moment) as site:
        path = f"{DR}/stores/nightly-pv/backups"
        submitted = await site.post(f"{path}/create", name="by-hand", passcode="long-enough")
        job = await site.get(f"{ADMIN}/jobs/{submitted['jobid']}")
        assert (submitted["status"], job["status"]) == ("SUBMITTED", "COMPLETED")
        assert "result" not in job
        moment += 20_000
        assert (await site.get(f"{path}/by-hand"))["status"] == "in_progress"
        states = [stage["state"] for stage in (await site.get(f"{DR}/status"))["status"]["stages"]]
        assert states[0] == "completed"
        assert states[-1] == "in_progress"
        moment += 20_000
        assert (await site.get(f"{path}/by-hand"))["status"] == "completed"
        assert (await site.get(f"{DR}/status"))["status"]["state"] == "success"


async def test_backup_is_refused_when_the_passcode_is_short() -> None:
    async with browsing() as site:
        assert "error" in await site.post(f"{DR}/stores/nightly-pv/backups/create", name="x", passcode="short")


async def test_site_is_down_for_a_time_when_a_restore_runs() -> None:
    moment = NOW
    async with browsing(clock=lambda: moment) as site:
        name = (await site.get(f"{DR}/stores/nightly-pv/backups"))["backups"][-1]["backupName"]
        assert await site.post(f"{DR}/stores/nightly-pv/backups/{name}/restore", passcode=PASSCODE) == {
            "status": "success"
        }
        moment += 5_000
        assert (await site.get(f"{DR}/status"))["status"]["operation"] == "Restore"
        moment += 30_000
        assert (await site.client.get(f"{DR}/status", params={"f": "json"})).status_code == 503
        moment += 60_000
        assert (await site.get(f"{DR}/status"))["status"]["state"] == "success"


async def test_stores_change_when_registered_updated_or_unregistered() -> None:
    async with browsing() as site:
        settings = json.dumps({"type": "S3"})
        await site.post(f"{DR}/stores/register", storeName="new", settings=settings, isDefault="true")
        assert [s["name"] for s in (await site.get(f"{DR}/stores"))["backupStores"] if s["default"]] == ["new"]
        assert (await site.get(f"{DR}/stores/new/backups")) == {"backups": []}
        assert await site.post(f"{DR}/stores/nightly-pv/update", settings='{"default": true}') == {"status": "success"}
        assert (await site.post(f"{DR}/stores/new/validate"))["isReady"] is True
        await site.post(f"{DR}/stores/new/unregister")
        assert "new" not in [s["name"] for s in (await site.get(f"{DR}/stores"))["backupStores"]]


async def test_backups_change_when_updated_or_deleted() -> None:
    async with browsing() as site:
        path = f"{DR}/stores/archive-s3/backups/before-parcel-migration"
        await site.post(f"{path}/update", retentionDate="1800000000000")
        assert (await site.get(path))["retentionDate"] == 1_800_000_000_000
        await site.post(f"{path}/delete")
        assert "error" in await site.get(path)


async def test_schedules_and_settings_change_when_updated() -> None:
    async with browsing() as site:
        task = (await site.get(f"{ADMIN}/system/tasks"))["result"][0]["id"]
        await site.post(f"{ADMIN}/system/tasks/{task}/disable")
        assert (await site.get(f"{ADMIN}/system/tasks/{task}"))["taskState"] == "paused"
        await site.post(f"{ADMIN}/system/tasks/{task}/enable")
        assert (await site.get(f"{ADMIN}/system/tasks/{task}"))["active"] is True
        await site.post(f"{DR}/settings/update", settings='{"timeoutInSeconds": 9000}')
        assert (await site.get(f"{DR}/settings"))["timeoutInSeconds"] == 9000


CACHE = site_stores()[1]


@pytest.mark.parametrize(
    ("form", "types"),
    [
        ({}, ["egdb", "memCacheStore", "egdb", "folder", "cloudStore"]),
        ({"types": "egdb,folder"}, ["egdb", "egdb", "folder"]),
        ({"id": CACHE["id"]}, ["memCacheStore"]),
        ({"types": "egdb", "id": CACHE["id"]}, []),
    ],
)
async def test_data_stores_are_selected_when_type_or_id_is_given(form: dict[str, str], types: list[str]) -> None:
    async with browsing() as site:
        items = await site.post(f"{ADMIN}/data/findItems", **form)
        assert [item["type"] for item in items["items"]] == types


async def test_restoring_scenario_ends_with_warnings_when_time_passes() -> None:
    moment = NOW
    async with browsing("restoring", clock=lambda: moment) as site:
        assert (await site.get(f"{DR}/status"))["status"]["operation"] == "Restore"
        moment += 20_000
        assert (await site.client.get(ADMIN, params={"f": "json"})).status_code == 503
        moment += 45_000
        status = (await site.get(f"{DR}/status"))["status"]
        assert status["state"] == "completed_with_warnings"
        assert status["stages"] == []


def test_server_uses_tls_and_gzip_when_served() -> None:
    with serving(make_app("calm", now=NOW), tls=True) as where:
        assert where.ca_file is not None
        assert where.url.startswith("https://localhost:")
        context = ssl.create_default_context(cafile=where.ca_file)
        with httpx.Client(verify=context, headers={"X-Esri-Authorization": f"Bearer {TOKEN}"}) as client:
            answer = client.get(f"{where.url}/admin/system/disasterrecovery/stores/nightly-pv/backups?f=json")
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.json()["backups"]) == 34
    assert not where.ca_file.exists()


def test_server_refuses_a_client_when_it_has_no_certificate() -> None:
    with serving(make_app("empty", now=NOW), client_certificate=True) as where:
        assert where.cert is not None
        assert where.key is not None
        assert where.key.stat().st_mode & 0o077 == 0
        context = ssl.create_default_context(cafile=where.ca_file)
        with httpx.Client(verify=context) as client, pytest.raises(httpx.TransportError):
            client.get(f"{where.url}/admin?f=json")
        context = ssl.create_default_context(cafile=where.ca_file)
        context.load_cert_chain(where.cert, where.key)
        with httpx.Client(verify=context, headers={"X-Esri-Authorization": f"Bearer {TOKEN}"}) as client:
            assert client.get(f"{where.url}/admin?f=json").json()["fullVersion"] == "11.4.0"
    assert not where.cert.exists()


PATHS = {
    "root": ADMIN,
    "stores": f"{DR}/stores",
    "backups": f"{DR}/stores/nightly-pv/backups",
    "status": f"{DR}/status",
    "settings": f"{DR}/settings",
    "tasks": f"{ADMIN}/system/tasks",
    "data": f"{ADMIN}/data",
    "mode": f"{ADMIN}/mode",
    "about": f"{ADMIN}/about",
    "account": "/arcgis/sharing/rest/community/self",
}


@pytest.mark.parametrize("resource", RESOURCES)
async def test_fault_leaves_other_resources_alone_when_set_for_one(resource: str) -> None:
    async with browsing("upgraded", faults=parse_fault([f"500-{resource}"])) as site:
        failures = {name for name, path in PATHS.items() if "error" in await site.get(path)}
    assert failures == {resource}


@pytest.mark.parametrize("kind", KINDS)
async def test_fault_changes_the_answer_when_set(kind: str) -> None:
    async with browsing(faults=parse_fault([f"{kind}-settings", "403-tasks"])) as site:
        assert (await site.get(PATHS["tasks"]))["error"]["code"] == 403
        if kind == "drop":
            with pytest.raises(ConnectionAbortedError):
                await site.get(PATHS["settings"])
            return
        answer = await site.client.get(PATHS["settings"], params={"f": "json"})
    if kind == "aged":
        assert answer.headers["Age"] == "864000"
        assert "stagingVolumeConfig" in answer.json()
    elif kind == "missing-key":
        assert not {"stagingVolumeConfig", "timeoutInSeconds"} & set(answer.json())
    else:
        assert answer.json()["error"]["code"] == int(kind)


def test_serve_help_lists_every_fault_when_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser("demo").parse_args(["demo", "serve", "--help"])
    words = set(re.split(r"[\s,;:.]+", re.sub(r"-\n +", "-", capsys.readouterr().out)))
    singles = {name for name, fault in NAMED.items() if "broken" not in fault}
    assert words >= {*singles, *KINDS, *RESOURCES}


@pytest.mark.parametrize("scenario", in_full(sorted(SCENARIOS), but=SCENARIOS.keys() - {"thousands"}))
async def test_site_is_consistent_when_every_resource_is_read(scenario: str) -> None:
    async with browsing(scenario) as site:
        if scenario in {"old", "no-privilege"}:
            return
        tasks, status = (await site.get(PATHS["tasks"]))["result"], (await site.get(PATHS["status"]))["status"]
        stores = [store["name"] for store in (await site.get(PATHS["stores"]))["backupStores"]]
        backups = [
            b for name in stores for b in (await site.get(f"{DR}/stores/{quote(name, safe='')}/backups"))["backups"]
        ]
    simulated = [task for task in tasks if task["taskType"] == "CreateBackup"]
    for task in simulated:
        last = dt.datetime.fromtimestamp(task["lastStart"] / 1_000, dt.UTC)
        minute, hour, weekday = (task["cronSchedule"][field] for field in ("minute", "hour", "dayOfWeek"))
        assert last.minute == int(minute)
        assert hour in {"*", str(last.hour)}
        assert weekday in {"?", "*", str(last.isoweekday() % 7 + 1)}
    if status.get("operation") == "Backup":
        assert status["startTime"] == max(backup["startTime"] for backup in backups)
    durations = [stage["duration"] for stage in status.get("stages", ()) if stage["state"] == "completed"]
    assert len(set(durations)) == len(durations)


async def test_every_answer_is_a_challenge_when_a_web_tier_asks_for_a_sign_in() -> None:
    async with browsing(faults=parse_fault(["web-tier-401"])) as site:
        answers = [await site.client.get(path, params={"f": "json"}) for path in (ADMIN, "/arcgis/sharing/rest", "/")]
        assert {answer.status_code for answer in answers} == {401}
        assert answers[0].headers.get_list("www-authenticate") == ["Negotiate", 'Basic realm="City network"']


async def test_every_answer_is_a_page_when_the_context_is_wrong() -> None:
    async with browsing(faults=parse_fault(["wrong-context"])) as site:
        answers = [await site.client.get(path, params={"f": "json"}) for path in (ADMIN, "/arcgis/sharing/rest")]
        assert [(answer.status_code, "404 Not Found" in answer.text) for answer in answers] == [(404, True)] * 2


async def test_bound_token_is_refused_when_a_proxy_removes_the_referer() -> None:
    async with browsing(faults=parse_fault(["wrong-referer"])) as site:
        assert (await site.get(ADMIN))["error"]["code"] == 498
        made_for = {"username": USER, "password": PASSWORD, "client": "referer", "referer": "drtui"}
        token = (await site.post(SIGN_IN, **made_for))["token"]
        site.client.headers.update({"X-Esri-Authorization": f"Bearer {token}", "Referer": "drtui"})
        assert (await site.get(ADMIN))["error"]["code"] == 498


async def test_administrator_api_is_refused_when_a_fault_takes_the_privilege() -> None:
    async with browsing(faults=parse_fault(["no-privilege"])) as site:
        assert {(await site.get(path)).get("error", {}).get("code") for path in (ADMIN, PATHS["tasks"])} == {403}
        assert not [name for name in (await site.get(PATHS["account"]))["privileges"] if ":admin:" in name]


async def test_role_is_custom_when_schedules_are_refused() -> None:
    async with browsing("no-privilege") as site:
        account = await site.get(PATHS["account"])
        assert (await site.get(ADMIN))["fullVersion"] == "11.4.0"
    assert account["role"] != "org_admin"
    assert "portal:admin:manageServers" in account["privileges"]


async def test_data_is_refused_when_a_fault_says_so() -> None:
    async with browsing(faults=parse_fault(["refuses-data"])) as site:
        assert [name for name, path in PATHS.items() if name != "about" and "error" in await site.get(path)] == ["data"]


@pytest.mark.parametrize(("scenario", "exists"), [("old", False), ("calm", False), ("upgraded", True)])
async def test_about_exists_when_the_release_is_11_5_or_later(scenario: str, exists: bool) -> None:
    async with browsing(scenario) as site:
        answer = await site.client.get(PATHS["about"], params={"f": "json"})
    assert (answer.status_code, "architectureProfile" in answer.text) == ((200, True) if exists else (404, False))


async def test_times_are_ahead_when_the_clock_of_the_site_is() -> None:
    async with browsing(faults=parse_fault(["clock-ahead"]), clock=lambda: NOW) as site:
        answer = await site.client.post(SIGN_IN, data={"f": "json", "username": USER, "password": PASSWORD})
        three_hours = 3 * 60 * MINUTE
        assert parsedate_to_datetime(answer.headers["Date"]).timestamp() * 1_000 == NOW + three_hours
        assert answer.json()["expires"] == NOW + three_hours + 60 * MINUTE


def test_server_sends_one_date_when_the_clock_of_the_site_is_ahead() -> None:
    with serving(make_app("empty", now=NOW, faults=parse_fault(["clock-ahead"]))) as where:
        dates = httpx.get(f"{where.url}/admin?f=json").headers.get_list("date")
    assert [parsedate_to_datetime(date).timestamp() * 1_000 for date in dates] == [NOW + 3 * 60 * MINUTE]
