"""One refresh: its time limit, and its single sign-in."""

import asyncio
import json

import httpx
import pytest

from drtui.api.auth import Credentials
from drtui.api.client import AdminApi
from drtui.api.transport import Transport
from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.core.model.site_state import SiteState
from drtui.session import ConnectionOptions, Session, Target
from drtui.session.fetch import SiteFetch
from tests.api.asking import BY_PASSWORD, SITE
from tests.api.servers import http, listening, stall
from tests.suites import in_full

STORES = {"backupStores": [{"name": f"store-{number:02}"} for number in range(40)]}
OVER = {"error": {"code": 498, "message": "Invalid Token."}}


async def fetch_state(deployment: AdminApi) -> SiteState:
    """Return the state of one refresh."""
    state = SiteState("here")
    async for step in SiteFetch(deployment, lambda: 0, 30).steps():
        state = step(state)
    return state


@pytest.mark.parametrize(
    "grant",
    in_full([{"token": "fresh"}, {"error": {"code": 500, "message": "Broken."}}, {}], but=[{"token": "fresh"}, {}]),
)
@pytest.mark.parametrize("code", in_full([498, 499], but=[498]))
@pytest.mark.parametrize("token", [None, Secret("stale")])
async def test_refresh_signs_in_once_when_every_token_is_refused(
    grant: dict[str, object], code: int, token: Secret | None
) -> None:
    posts: list[str] = []

    async def handler(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        if request.method == "POST":
            posts.append(request.url.path)
            return httpx.Response(200, json=grant)
        if request.url.path.endswith("/stores"):
            return httpx.Response(200, json=STORES)
        return httpx.Response(200, json={"error": {"code": code, "message": "No."}})

    credentials = Credentials(token, BY_PASSWORD.user, BY_PASSWORD.password)
    async with AdminApi(Transport(SITE, credentials, transport=httpx.MockTransport(handler))) as deployment:
        for refresh in (1, 2, 3):
            state = await fetch_state(deployment)
            assert state.failures
            assert len(posts) == refresh


async def test_refresh_is_read_whole_when_its_one_sign_in_renews_the_token() -> None:
    posts: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            posts.append(request.url.path)
            return httpx.Response(200, json={"token": f"token-{len(posts)}"})
        if request.headers.get("X-Esri-Authorization") != f"Bearer token-{len(posts)}":
            return httpx.Response(200, json=OVER)
        lists = {"backups": [], "result": [], **STORES}
        return httpx.Response(200, json={"fullVersion": "11.5", "status": {}, "timeoutInSeconds": 7200, **lists})

    credentials = Credentials(Secret("stale"), BY_PASSWORD.user, BY_PASSWORD.password)
    async with AdminApi(Transport(SITE, credentials, transport=httpx.MockTransport(handler))) as deployment:
        state = await fetch_state(deployment)
        assert not state.failures
        assert len(state.backups) == 40
        assert len(posts) == 1


async def test_refresh_ends_as_a_whole_when_many_stores_stall() -> None:
    urls: list[bytes] = []

    async def talk(head: bytes, writer: asyncio.StreamWriter) -> None:
        path = head.split()[1].partition(b"?")[0]
        if not path.endswith(b"/backups"):
            writer.write(http(json.dumps({"fullVersion": "11.5", "result": [], "status": {}, **STORES}).encode()))
            return
        urls.append(path)
        if b"store-00" in path or b"store-01" in path:
            writer.write(http(b'{"backups": [{"backupName": "nightly"}]}'))
        else:
            await stall(head, writer)

    async with listening(talk) as port:
        target = Target(Address.parse(f"http://127.0.0.1:{port}/arcgis"))
        async with Session(target, ConnectionOptions(token=Secret("x"), timeout=0.5, remember=False)) as session:
            state = await session.fetch_all()
    assert len(urls) < 20, "every store was waited for in turn"
    assert {name for name, answer in state.backups.items() if answer.value} == {"store-00", "store-01"}
    troubles = {name: trouble for name, trouble in state.failures if name.startswith("backups of")}
    assert len(troubles) == 38
    assert {trouble.code for trouble in troubles.values()} == {"timeout"}
    assert "in time (1 s for the whole refresh)" in troubles["backups of store-39"].summary
    assert state.site is not None
    assert state.site.value is not None


async def test_check_keeps_what_was_read_when_its_time_is_up() -> None:
    async def talk(head: bytes, writer: asyncio.StreamWriter) -> None:
        if head.split()[1].startswith(b"/arcgis/admin/system/disasterrecovery/stores/store-39"):
            await stall(head, writer)
        answer = {"fullVersion": "11.5", "backups": [], "status": {}, "timeoutInSeconds": 7200, **STORES}
        writer.write(http(json.dumps(answer).encode()))

    async with listening(talk) as port:
        target = Target(Address.parse(f"http://127.0.0.1:{port}/arcgis"))
        access = ConnectionOptions(token=Secret("x"), timeout=60, remember=False)
        async with Session(target, access, time_limit=1.5) as session:
            state = await session.fetch_all()
    troubles = dict(state.failures)
    assert {name: trouble.code for name, trouble in troubles.items()} == {
        "schedules": "shape",
        "backups of store-39": "timeout",
    }
    assert "in time (1.5 s for the whole refresh)" in troubles["backups of store-39"].summary
    assert len(state.backups) == 40
