"""Extras of a refresh: mode, account and what the site says of itself, each fetched as often as it may change."""

import asyncio
from collections.abc import Iterable, Mapping

import httpx
import pytest

from drtui.api.client import AdminApi
from drtui.api.transport import Transport
from drtui.core.model.account import Account, SiteMode
from drtui.core.model.site_state import EXTRAS, SiteState
from drtui.core.wire.history_archive import archive_of, to_json
from drtui.session import ConnectionOptions, Session, Target, fetch
from drtui.session.connection import Connection
from drtui.session.fetch import SiteFetch
from tests.api.asking import BY_TOKEN, SITE

ANSWERS = {
    "/admin": {"fullVersion": "11.5.0"},
    "/stores": {"backupStores": [{"name": "vault"}]},
    "/backups": {"backups": []},
    "/status": {"status": {"state": "no_op"}},
    "/settings": {"timeoutInSeconds": 7200},
    "/tasks": {"result": []},
    "/mode": {"isReadOnly": True, "message": "patching"},
    "/self": {"username": "ada", "role": "org_admin"},
    "/about": {"fullVersion": "11.5.0", "buildNumber": "77"},
    "/data": {"items": []},
}
"""Answers of a site by the end of the path."""
MISSING = httpx.Response(404, json={"error": {"code": 404, "message": "Not found."}})
REFUSED = httpx.Response(200, json={"error": {"code": 403, "message": "No."}})
BROKEN = httpx.Response(200, json={"error": {"code": 500, "message": "Broken."}})


class ScriptedSite(httpx.AsyncBaseTransport):
    """A site whose answers can be replaced; requests are counted by the end of their path."""

    def __init__(self, replaced: Mapping[str, httpx.Response | None] | None = None) -> None:
        self.replaced, self.paths = replaced or {}, list[str]()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        self.paths.append(name)
        if name not in self.replaced:
            return httpx.Response(200, json=ANSWERS[f"/{name}"])
        response = self.replaced[name]
        if response is None:
            await asyncio.sleep(60)
            raise httpx.ReadTimeout("late")
        return httpx.Response(response.status_code, content=response.content)

    async def fetch(self, extras: Iterable[str] = EXTRAS) -> SiteState:
        """Return the state of one refresh."""
        state = SiteState("here")
        async with AdminApi(Transport(SITE, BY_TOKEN, transport=self)) as api:
            async for step in SiteFetch(api, lambda: 7, 30, extras=extras).steps():
                state = step(state)
        return state


async def test_refresh_has_no_extra_when_none_is_wanted() -> None:
    site = ScriptedSite()
    state = await site.fetch(())
    assert (state.mode, state.account, state.about) == (None, None, None)
    assert sorted(site.paths) == ["admin", "backups", "settings", "status", "stores", "tasks"]


async def test_refresh_requests_extras_after_the_lists() -> None:
    site = ScriptedSite()
    state = await site.fetch()
    assert (state.mode and state.mode.value) == SiteMode(is_read_only=True, message="patching")
    assert (state.account and state.account.value) == Account("ada", "org_admin")
    assert set(site.paths[-4:]) == {"mode", "self", "about", "data"}


@pytest.mark.parametrize("response", [MISSING, REFUSED, BROKEN, httpx.Response(200, html="<p>")])
async def test_refresh_has_no_failure_when_only_extras_fail(response: httpx.Response) -> None:
    state = await ScriptedSite(dict.fromkeys(("mode", "self", "about", "data"), response)).fetch()
    assert state.failures == ()
    for name in EXTRAS:
        answer = getattr(state, name)
        assert answer.value is None
        assert answer.failure is not None


async def test_refresh_ends_when_an_extra_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(fetch.EXTRA_SECONDS, "account", 0.01)
    state = await ScriptedSite({"self": None}).fetch()
    assert state.account is not None
    assert state.account.failure == fetch.LATE
    assert state.mode is not None
    assert state.mode.value is not None


async def test_refresh_requests_no_extra_when_the_site_is_unreachable() -> None:
    site = ScriptedSite()

    async def refuse(request: httpx.Request) -> httpx.Response:
        site.paths.append(request.url.path.rpartition("/")[2])
        raise httpx.ConnectError("refused")

    site.handle_async_request = refuse  # type: ignore[method-assign]
    state = await site.fetch()
    assert not {"mode", "self", "about", "data"} & set(site.paths)
    assert state.stores is not None
    assert all(getattr(state, name).failure == state.stores.failure for name in EXTRAS)


class ScriptedConnection(Connection):
    """A connection to a scripted site."""

    def __init__(self, site: ScriptedSite) -> None:
        super().__init__(Target(SITE), ConnectionOptions(), 0, lambda: 0)
        self.api = AdminApi(Transport(SITE, BY_TOKEN, transport=site))

    async def open(self) -> AdminApi:
        await self.api.__aenter__()
        return self.api


async def test_history_and_exports_have_neither_account_nor_mode_of_a_refresh() -> None:
    state = await ScriptedSite().fetch()
    saved = to_json(archive_of(state, SITE))
    assert b"11.5.0" in saved, "the root is saved"
    assert b"ada" not in saved
    assert b"patching" not in saved


@pytest.mark.parametrize(
    ("replaced", "again"),
    [
        ({}, {"mode"}),
        ({"mode": MISSING, "about": MISSING}, set()),
        ({"self": REFUSED}, {"mode"}),
        ({"mode": BROKEN, "self": BROKEN}, {"mode", "self"}),
        ({"mode": REFUSED}, {"mode"}),
    ],
)
async def test_session_requests_an_extra_again_only_when_its_answer_may_differ(
    replaced: dict[str, httpx.Response | None], again: set[str]
) -> None:
    site = ScriptedSite(replaced)
    session = Session(Target(SITE), ConnectionOptions(remember=False), extras=EXTRAS)
    session._connection = ScriptedConnection(site)
    first = await session.fetch_all()
    site.paths.clear()
    second = await session.fetch_all()
    assert {"mode", "self", "about", "data"} & set(site.paths) == again
    assert [getattr(first, name).value for name in EXTRAS] == [getattr(second, name).value for name in EXTRAS]
    site.paths.clear()
    await session.fetch_all(["mode", "account"])
    assert {"mode", "self"} <= set(site.paths), "before a change both are read anew"
