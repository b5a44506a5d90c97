"""Metadata of responses in the state: a partial list is marked, and not saved as a complete one."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from drtui.api.client import DR
from drtui.core.model.address import Address
from drtui.core.model.site_state import SiteState, all_lists_known
from drtui.core.wire.history_archive import archive_of
from drtui.session.fetch import SiteFetch
from tests.api.asking import client_of
from tests.conftest import NOW
from tests.core.records import record

STORES = {"backupStores": [{"name": "vault"}, {"name": "other"}]}
LISTED = {"backups": [record(backupName=str(number)) for number in range(400)]}
SHORT = {"backups": [record(backupName="a")]}
STATUS = {"status": {"state": "no_op", "code": 0}}
ROOT = {"fullVersion": "11.4.0", "resources": []}
BACKUPS = f"{DR}/stores/vault/backups"
ANSWERS: dict[str, Any] = {
    "": ROOT,
    f"{DR}/stores": STORES,
    BACKUPS: LISTED,
    f"{DR}/stores/other/backups": SHORT,
    f"{DR}/status": STATUS,
    f"{DR}/settings": {},
    "/system/tasks": {"result": []},
}


def site(answers: dict[str, Any], headers: dict[str, str] | None = None) -> Callable[[httpx.Request], httpx.Response]:
    """A site that answers by path, else with 404."""
    missing = {"error": {"code": 404, "message": "Not Found"}}

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/arcgis/admin")
        return httpx.Response(200, json=answers.get(path, missing), headers=headers if path == BACKUPS else None)

    return answer


async def refresh(handler: Callable[[httpx.Request], httpx.Response]) -> SiteState:
    state = SiteState("gis.example.com/arcgis")
    async with client_of(handler) as deployment:
        async for step in SiteFetch(deployment, lambda: NOW, 30).steps():
            state = step(state)
    return state


@pytest.mark.parametrize(
    ("path", "beside", "part"),
    [
        (f"{DR}/stores", {"hasMore": True}, "stores"),
        (BACKUPS, {"nextStart": 401}, "backups of vault"),
        (f"{DR}/stores/other/backups", {"total": 2}, "backups of other"),
        ("/system/tasks", {"exceededTransferLimit": True}, "schedules"),
    ],
)
@pytest.mark.parametrize("first", [False, True])
async def test_state_is_partial_when_a_list_announces_more(
    path: str, beside: dict[str, Any], part: str, first: bool
) -> None:
    answer = {**beside, **ANSWERS[path]} if first else {**ANSWERS[path], **beside}
    state = await refresh(site({**ANSWERS, path: answer}))
    assert [(name, flaw.code) for name, flaw in state.failures] == [(part, "incomplete-list")]
    assert all_lists_known(state) == (part == "schedules")
    assert len(state.all_backups) == 401
    archive = archive_of(state, Address.parse("https://gis.example.com/arcgis"))
    assert set(archive.list_times) == {"vault", "other"} - {part.removeprefix("backups of ")}
    assert ("stores" in archive.answers, "schedules" in archive.answers) == (part != "stores", part != "schedules")


async def test_state_is_partial_when_a_header_links_to_more() -> None:
    headers = {"Link": '<https://gis.example.com/arcgis/admin/x?start=401>; rel="next"'}
    state = await refresh(site(ANSWERS, headers))
    assert [(name, flaw.code) for name, flaw in state.failures] == [("backups of vault", "incomplete-list")]


async def test_state_is_complete_when_the_lists_announce_nothing() -> None:
    state = await refresh(site(ANSWERS))
    assert (state.failures, all_lists_known(state)) == ((), True)


OLD = f"{DR}/backuprestore"
EARLIER: dict[str, Any] = {
    "": ROOT,
    f"{DR}/stores": {"backupStores": [{"name": "vault"}]},
    f"{OLD}/status": STATUS,
    f"{OLD}/backups": SHORT,
    f"{DR}/settings": {},
    "/system/tasks": {"result": []},
}


async def test_state_of_the_old_layout_is_partial_when_its_list_announces_more() -> None:
    state = await refresh(site({**EARLIER, f"{OLD}/backups": {**SHORT, "hasMore": True}}))
    assert {flaw.code for _, flaw in state.failures} == {"incomplete-list"}
    assert not all_lists_known(state)


async def test_state_of_the_old_layout_is_partial_when_its_list_fails_without_stores() -> None:
    broken = {"error": {"code": 500, "message": "Internal error"}}
    state = await refresh(site({**EARLIER, f"{DR}/stores": {"backupStores": []}, f"{OLD}/backups": broken}))
    assert not all_lists_known(state)
    assert "could not be read" in state.failures[0][1].summary
