"""One sign-in for all, never repeated by a retry, never tried again once refused."""

import asyncio

import httpx
import pytest

from drtui.api.auth import HEADER, Credentials, TokenAuth
from drtui.api.client import AdminApi, RequestLog
from drtui.api.errors import ApiError, Refused
from drtui.core.model.auth import Secret
from tests.api.asking import BY_PASSWORD, PASSWORD, SITE, answering, failure_of, without_waits

STORES = b'{"backupStores": []}'


@pytest.mark.parametrize("failure", [httpx.ReadError("reset"), httpx.Response(503), httpx.Response(429)])
async def test_a_sign_in_is_never_repeated_by_a_retry(failure: httpx.ReadError | httpx.Response) -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if isinstance(failure, httpx.Response):
            return failure
        raise httpx.ReadError("reset", request=request)

    with without_waits():
        error = await failure_of(answering(handler, BY_PASSWORD))
    assert len(seen) == 1
    assert error.failure.request.startswith("POST ")


async def test_a_sign_in_that_failed_with_the_site_is_tried_again_and_a_refused_one_is_not() -> None:
    refused = {"error": {"code": 400, "message": "Unable to generate token."}}
    answers = [httpx.Response(503), httpx.Response(200, json=refused)]
    log: list[RequestLog] = []
    transport = httpx.MockTransport(lambda _: answers.pop(0))
    async with AdminApi(SITE, BY_PASSWORD, transport=transport, on_request=log.append) as client:
        codes = []
        for _ in range(3):
            with pytest.raises(ApiError) as caught:
                await client.stores()
            codes.append(caught.value.failure.code)
    assert codes == ["503", "sign-in", "sign-in"]
    assert [(entry.method, entry.status) for entry in log] == [("POST", 503), ("POST", 200)]
    assert all(entry.url == f"{SITE.url}/sharing/rest/generateToken" for entry in log)


@pytest.mark.parametrize("answer", [{"token": "t" * 40}, {"error": {"code": 500, "message": "Broken."}}])
async def test_requests_side_by_side_share_one_sign_in_whatever_comes_of_it(answer: object) -> None:
    posts: list[str] = []

    async def handler(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        if request.method == "POST":
            posts.append(request.url.path)
            return httpx.Response(200, json=answer)
        return httpx.Response(200, content=STORES)

    async with AdminApi(SITE, BY_PASSWORD, transport=httpx.MockTransport(handler)) as client:
        await asyncio.gather(*(client.stores() for _ in range(6)), return_exceptions=True)
    assert len(posts) == 1


async def test_a_token_that_ran_out_is_renewed_once_for_all() -> None:
    posts: list[str] = []

    async def handler(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        if request.method == "POST":
            posts.append(request.url.path)
            return httpx.Response(200, json={"token": f"token-{len(posts)}"})
        over = request.headers["X-Esri-Authorization"] != "Bearer token-2"
        return httpx.Response(200, json={"error": {"code": 498}} if over else {"backupStores": []})

    async with AdminApi(SITE, BY_PASSWORD, transport=httpx.MockTransport(handler)) as client:
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
async def test_a_token_goes_to_its_own_site_only(elsewhere: str) -> None:
    token = TokenAuth(SITE, Credentials(token=Secret("pasted")), lambda: 0)
    there = await anext(token.async_auth_flow(httpx.Request("GET", elsewhere)))
    here = await anext(token.async_auth_flow(httpx.Request("GET", SITE.admin_url)))
    assert HEADER not in there.headers
    assert here.headers[HEADER] == "Bearer pasted"


async def test_user_and_end_of_the_token_are_told() -> None:
    grant = {"token": "fresh", "expires": "1790003600000"}

    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=grant if request.method == "POST" else {"backupStores": []})

    transport = httpx.MockTransport(handler)
    async with AdminApi(SITE, BY_PASSWORD, transport=transport, clock=lambda: 0) as client:
        assert (client.user, client.token_expires) == ("siteadmin", None)
        await client.stores()
        assert client.token_expires == 1_790_003_600_000


async def test_a_token_near_its_end_is_renewed_before_it_is_refused() -> None:
    posts: list[str] = []
    now = 0

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            posts.append(request.url.path)
            return httpx.Response(200, json={"token": "fresh", "expires": now + 3_600_000})
        return httpx.Response(200, content=STORES)

    transport = httpx.MockTransport(handler)
    async with AdminApi(SITE, BY_PASSWORD, transport=transport, clock=lambda: now) as client:
        await client.stores()
        for now in (3_000_000, 3_599_000, 3_600_000):  # noqa: B007 - the clock reads it
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
async def test_what_no_header_can_hold_is_refused_before_it_is_sent(credentials: Credentials, code: str) -> None:
    error = await failure_of(answering(lambda _: httpx.Response(200, content=STORES), credentials))
    assert isinstance(error, Refused)
    assert error.failure.code == code
    assert "sted" not in repr(error)


async def test_without_credentials_the_site_is_asked_and_its_refusal_told() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert "X-Esri-Authorization" not in request.headers
        return httpx.Response(200, json={"error": {"code": 499, "message": "Token Required.", "details": []}})

    assert (await failure_of(answering(handler, Credentials()))).failure.code == "499"
