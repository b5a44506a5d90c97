"""Sign-in: one for concurrent requests, never repeated by a retry, never repeated after a refusal."""

import asyncio

import httpx
import pytest

from drtui.api.auth import HEADER, Credentials, TokenAuth
from drtui.api.client import AdminApi
from drtui.api.errors import ApiError, Refused
from drtui.api.transport import Transport
from drtui.core.model.auth import Secret
from drtui.core.model.requests import Request
from tests.api.asking import BY_PASSWORD, PASSWORD, SITE, client_of, error_of_fetching_stores, read_body, without_waits

STORES = b'{"backupStores": []}'


@pytest.mark.parametrize("failure", [httpx.ReadError("reset"), httpx.Response(503), httpx.Response(429)])
async def test_sign_in_is_sent_once_when_requests_are_retried(failure: httpx.ReadError | httpx.Response) -> None:
    requests: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        if isinstance(failure, httpx.Response):
            return failure
        raise httpx.ReadError("reset", request=request)

    with without_waits():
        error = await error_of_fetching_stores(client_of(handler, BY_PASSWORD))
    assert len(requests) == 1
    assert error.failure.request.startswith("POST ")


async def test_sign_in_is_repeated_when_the_site_failed_but_not_when_it_refused() -> None:
    refused = {"error": {"code": 400, "message": "Unable to generate token."}}
    answers = [httpx.Response(503), httpx.Response(200, json=refused)]
    log: list[Request] = []
    transport = httpx.MockTransport(lambda _: answers.pop(0))
    async with AdminApi(Transport(SITE, BY_PASSWORD, transport=transport, on_request=log.append)) as client:
        codes = []
        for _ in range(3):
            with pytest.raises(ApiError) as caught:
                await client.stores()
            codes.append(caught.value.failure.code)
    assert codes == ["503", "sign-in", "sign-in"]
    assert [(entry.method, entry.status) for entry in log] == [("POST", 503), ("POST", 200)]
    assert all(entry.url == f"{SITE.url}/sharing/rest/generateToken" for entry in log)


@pytest.mark.parametrize("answer", [{"token": "t" * 40}, {"error": {"code": 500, "message": "Broken."}}])
async def test_sign_in_is_shared_when_requests_are_concurrent(answer: object) -> None:
    posts: list[str] = []

    async def handler(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        if request.method == "POST":
            posts.append(request.url.path)
            return httpx.Response(200, json=answer)
        return httpx.Response(200, content=STORES)

    async with AdminApi(Transport(SITE, BY_PASSWORD, transport=httpx.MockTransport(handler))) as client:
        await asyncio.gather(*(client.stores() for _ in range(6)), return_exceptions=True)
    assert len(posts) == 1


async def test_token_is_renewed_once_when_concurrent_requests_find_it_expired() -> None:
    posts: list[str] = []

    async def handler(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        if request.method == "POST":
            posts.append(request.url.path)
            return httpx.Response(200, json={"token": f"token-{len(posts)}"})
        over = request.headers["X-Esri-Authorization"] != "Bearer token-2"
        return httpx.Response(200, json={"error": {"code": 498}} if over else {"backupStores": []})

    async with AdminApi(Transport(SITE, BY_PASSWORD, transport=httpx.MockTransport(handler))) as client:
        assert await asyncio.gather(*(client.stores() for _ in range(6))) == [()] * 6
    assert len(posts) == 2


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example.com/arcgis/admin",
        "http://gis.example.com/arcgis/admin",
        "https://gis.example.com:8443/arcgis/admin",
        "https://gis.example.com.evil.example/arcgis/admin",
    ],
)
async def test_token_is_not_sent_when_the_request_goes_to_another_site(elsewhere: str) -> None:
    token = TokenAuth(SITE, Credentials(token=Secret("pasted")), lambda: 0, read_body)
    foreign_request = await anext(token.async_auth_flow(httpx.Request("GET", elsewhere)))
    own_request = await anext(token.async_auth_flow(httpx.Request("GET", SITE.admin_url)))
    assert HEADER not in foreign_request.headers
    assert own_request.headers[HEADER] == "Bearer pasted"


async def test_client_knows_the_expiry_when_signed_in() -> None:
    grant = {"token": "fresh", "expires": "1790003600000"}

    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=grant if request.method == "POST" else {"backupStores": []})

    transport = httpx.MockTransport(handler)
    async with AdminApi(Transport(SITE, BY_PASSWORD, transport=transport, clock=lambda: 0)) as client:
        assert client.auth_state.expires is None
        await client.stores()
        assert client.auth_state.expires == 1_790_003_600_000


async def test_token_is_renewed_when_it_is_about_to_expire() -> None:
    posts: list[str] = []
    now = 0

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            posts.append(request.url.path)
            return httpx.Response(200, json={"token": "fresh", "expires": now + 3_600_000})
        return httpx.Response(200, content=STORES)

    transport = httpx.MockTransport(handler)
    async with AdminApi(Transport(SITE, BY_PASSWORD, transport=transport, clock=lambda: now)) as client:
        await client.stores()
        for now in (3_000_000, 3_599_000, 3_600_000):  # noqa: B007 - read by the clock
            await client.stores()
    assert len(posts) == 2


@pytest.mark.parametrize(
    ("credentials", "code"),
    [
        (Credentials(token=Secret("pasted\n")), "token"),
        (Credentials(token=Secret("p\u00e4sted")), "token"),
        (Credentials(token=Secret("pasted"), referer="caf\u00e9"), "referer"),
        (Credentials(user="siteadmin", password=Secret(PASSWORD), referer="two\nlines"), "referer"),
    ],
)
async def test_token_is_refused_unsent_when_a_header_cannot_hold_it(credentials: Credentials, code: str) -> None:
    error = await error_of_fetching_stores(client_of(lambda _: httpx.Response(200, content=STORES), credentials))
    assert isinstance(error, Refused)
    assert error.failure.code == code
    assert "sted" not in repr(error)


async def test_fetch_reports_the_refusal_when_there_are_no_credentials() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert "X-Esri-Authorization" not in request.headers
        return httpx.Response(200, json={"error": {"code": 499, "message": "Token Required.", "details": []}})

    assert (await error_of_fetching_stores(client_of(handler, Credentials()))).failure.code == "499"
