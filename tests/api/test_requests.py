"""Requests on the wire: read-only, asking for JSON, to one site, retried only where that helps."""

import asyncio
import gzip
import threading
from urllib.parse import parse_qs

import httpx
import pytest

from drtui.api.auth import Credentials
from drtui.api.client import AdminApi
from drtui.api.errors import ApiError, Refused
from drtui.api.transport import LONGEST_WAIT, Transport, retry_after_seconds
from drtui.core.model.address import Address
from drtui.core.model.auth import OAuthGrant, Secret
from drtui.core.model.requests import Request
from drtui.demo.app import make_app
from drtui.demo.scenarios import PASSWORD, USER
from tests.api.asking import BY_TOKEN, SITE, client_of, error_of_fetching_stores, without_waits
from tests.api.servers import answering_bytes, hang_up, http, listening
from tests.conftest import NOW

STORES = b'{"backupStores": [{"name": "one"}]}'
READS = {"site", "stores", "status", "settings", "schedules", "jobs"}
READS |= {"job", "backups", "all_backups", "mode", "account", "about", "data_stores"}


async def ask_everything(client: AdminApi) -> None:
    """Call every method of the client, and ignore the results."""
    plain = [client.site(), client.stores(), client.status(), client.settings(), client.schedules(), client.jobs()]
    more = [client.job("j1"), client.backups("s"), client.all_backups()]
    more += [client.mode(), client.account(), client.about(), client.data_stores()]
    for result in await asyncio.gather(*plain, *more, return_exceptions=True):
        assert not isinstance(result, BaseException) or isinstance(result, ApiError)


BY_PASSWORD, BY_BROWSER = "/arcgis/sharing/rest/generateToken", "/arcgis/sharing/rest/oauth2/token"


@pytest.mark.parametrize(
    ("scenario", "sign_in"),
    [("calm", BY_PASSWORD), ("calm", BY_BROWSER), *((name, BY_PASSWORD) for name in ("old", "empty", "no-privilege"))],
)
async def test_requests_are_get_with_json_when_they_are_not_the_sign_in(scenario: str, sign_in: str) -> None:
    app = make_app(scenario, now=NOW)
    requests: list[httpx.Request] = []

    class Watched(httpx.ASGITransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            requests.append(request)
            return await super().handle_async_request(request)

    signed_in = Credentials(user=USER, password=Secret(PASSWORD))
    if sign_in is BY_BROWSER:
        refresh_token = Secret(app.state.tokens.issue_refresh("480", USER, "drtui")[0])
        signed_in = Credentials(grant=OAuthGrant(Secret("ended"), NOW, "drtui", refresh_token=refresh_token))
    async with AdminApi(Transport(SITE, signed_in, transport=Watched(app), clock=lambda: NOW)) as client:
        await ask_everything(client)
        public = {name for name in dir(AdminApi) if not name.startswith("_")}
    posts = [request for request in requests if request.method != "GET"]
    assert [(sent.method, sent.url.path) for sent in posts] == [("POST", sign_in)]
    assert parse_qs(posts[0].content.decode())["f"] == ["json"]
    assert all(request.url.params["f"] == "json" for request in requests if request.method == "GET")
    assert all(request.headers["Referer"] == "drtui" for request in requests)
    assert all(set(request.url.params) <= {"f"} for request in requests)
    other_names = {"refreshing", "auth_state", "resume", "transport"}
    assert public == READS | other_names  # a new method must be added to `ask_everything`


@pytest.mark.parametrize(
    ("name", "segment"),
    [
        ("a/b", "a%2Fb"),
        ("c d", "c%20d"),
        ("100%", "100%25"),
        ("?f=html#x", "%3Ff%3Dhtml%23x"),
        ("..", "%2E%2E"),
        (".", "%2E"),
        ("\u6771\u4eac", "%E6%9D%B1%E4%BA%AC"),
        ("\ud800", "%3F"),
    ],
)
async def test_names_are_one_path_segment_when_they_contain_slashes(name: str, segment: str) -> None:
    requests: list[bytes] = []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append(request.url.raw_path)
        return httpx.Response(200, json={"backups": []})

    async with client_of(handler) as client:
        await client.backups(name)
    assert requests == [f"/arcgis/admin/system/disasterrecovery/stores/{segment}/backups?f=json".encode()]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_fetch_tries_three_times_when_the_failure_may_be_temporary(status: int) -> None:
    answers = [httpx.Response(status), httpx.Response(status), httpx.Response(200, content=STORES)]
    with without_waits():
        async with client_of(lambda _: answers.pop(0)) as client:
            assert [store.name for store in await client.stores()] == ["one"]
    assert not answers


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 498, 500])
async def test_fetch_tries_once_when_the_failure_is_permanent(status: int) -> None:
    requests: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(status, html="<title>no</title>", headers={"Location": "https://else.example.com"})

    with without_waits():
        await error_of_fetching_stores(client_of(handler))
    assert len(requests) == 1


async def test_fetch_retries_over_a_new_connection_when_one_is_lost() -> None:
    answers = [http(STORES)[:-5], http(STORES)]

    async def breaking_off_once(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answers.pop(0))
        await hang_up(_, writer)

    with without_waits():
        async with listening(breaking_off_once) as port, at(port) as client:
            assert [store.name for store in await client.stores()] == ["one"]


@pytest.mark.parametrize(
    ("value", "seconds"), [("2", 2.0), ("86400", LONGEST_WAIT), ("", 0.0), ("-1", 0.0), ("Wed, 21 Oct", 0.0)]
)
def test_retry_after_seconds_are_limited_when_the_server_names_them(value: str, seconds: float) -> None:
    assert retry_after_seconds(httpx.Response(503, headers={"Retry-After": value})) == seconds


async def test_fetch_does_not_wait_when_the_wait_exceeds_its_time() -> None:
    busy = httpx.Response(503, html="<title>Restoring</title>", headers={"Retry-After": "9"})
    error = await error_of_fetching_stores(client_of(lambda _: busy, timeout=5))
    assert error.failure.code == "503"


async def test_redirect_is_followed_with_json_when_it_stays_within_the_site() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/stores"):
            return httpx.Response(301, headers={"Location": f"{request.url.path}/"})
        assert request.url.params["f"] == "json"
        assert "X-Esri-Authorization" in request.headers
        return httpx.Response(200, content=STORES)

    async with client_of(handler) as client:
        assert len(await client.stores()) == 1


async def test_redirect_is_not_followed_when_it_leaves_the_site() -> None:
    requests: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append(request.url.host)
        return httpx.Response(307, headers={"Location": "https://user:pass@evil.example.com:8443/x?y=z"})

    error = await error_of_fetching_stores(client_of(handler))
    assert error.failure.server_message == "https://evil.example.com:8443/x"
    assert requests == ["gis.example.com"]


def at(port: int, **more: object) -> AdminApi:
    return AdminApi(Transport(Address.parse(f"http://127.0.0.1:{port}/arcgis"), BY_TOKEN, timeout=10, **more))  # type: ignore[arg-type]


async def test_connection_is_reused_when_requests_are_sequential() -> None:
    connections: set[object] = set()

    async def talk(_: bytes, writer: asyncio.StreamWriter) -> None:
        connections.add(writer.get_extra_info("peername"))
        writer.write(http(STORES))

    async with listening(talk) as port, at(port) as client:
        for _ in range(5):
            await client.stores()
    assert len(connections) == 1


async def test_connections_are_at_most_six_when_requests_are_concurrent() -> None:
    open_now, most, release = 0, 0, asyncio.Event()

    async def talk(_: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        if open_now == 6:
            for _turn in range(200):  # turns of the event loop, in which a seventh request would arrive
                await asyncio.sleep(0)
            release.set()
        await release.wait()
        open_now -= 1
        writer.write(http(STORES))

    async with listening(talk) as port, at(port) as client:
        await asyncio.gather(*(client.stores() for _ in range(30)))
    assert most == 6


async def test_response_is_unpacked_when_the_server_uses_gzip() -> None:
    heads: list[bytes] = []

    async def talk(head: bytes, writer: asyncio.StreamWriter) -> None:
        heads.append(head)
        writer.write(http(gzip.compress(STORES), more="Content-Encoding: gzip\r\n"))

    async with listening(talk) as port, at(port) as client:
        assert len(await client.stores()) == 1
    assert b"gzip" in heads[0]


@pytest.mark.parametrize("packed", [False, True])
async def test_fetch_stops_reading_when_the_response_is_too_large(packed: bool) -> None:
    body = b'{"backupStores": [' + b" " * (3 << 20) + b"]}"
    answer = http(gzip.compress(body), more="Content-Encoding: gzip\r\n") if packed else http(body)
    async with listening(answering_bytes(answer)) as port:
        error = await error_of_fetching_stores(at(port, largest=1 << 20))
        assert error.failure.code == "too-large"
        async with at(port) as client:
            assert await client.stores() == ()


async def test_request_log_omits_the_query_when_a_request_is_made() -> None:
    log: list[Request] = []
    behaviour = answering_bytes(http(STORES), http(b'{"error": {"code": 403}}'))
    async with listening(behaviour) as port, at(port, on_request=log.append) as client:
        await client.stores()
        with pytest.raises(Refused):
            await client.schedules()
    logged = [(entry.method, entry.url.partition("/admin")[2], entry.status, entry.error) for entry in log]
    assert logged == [("GET", "/system/disasterrecovery/stores", 200, ""), ("GET", "/system/tasks", 200, "403")]
    assert [entry.size for entry in log] == [len(STORES), len(b'{"error": {"code": 403}}')]
    assert "f=json" not in repr(log)


async def test_request_log_has_an_entry_when_there_is_no_response() -> None:
    log: list[Request] = []
    async with listening(hang_up) as port:
        with without_waits():
            await error_of_fetching_stores(at(port, on_request=log.append))
    assert [(entry.status, entry.error) for entry in log] == [(None, "dropped")] * 3


@pytest.mark.parametrize(("size", "beside"), [(100, False), (200_000, True)])
async def test_event_loop_stays_free_when_a_large_response_is_decoded(size: int, beside: bool) -> None:
    body = b'{"text": "' + b"x" * size + b'"}'
    async with listening(answering_bytes(http(body))) as port, at(port) as client:
        where = await client._transport.fetch("", lambda _: threading.current_thread())
    assert (where is not threading.current_thread()) is beside
