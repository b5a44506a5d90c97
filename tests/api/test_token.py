"""The flow of tokens without network: requests are checked, responses are given."""

from collections.abc import Callable
from html import escape
from urllib.parse import parse_qs, quote

import httpx
import pytest
from msgspec.structs import replace

from drtui.api.auth import HEADER, Credentials, TokenAuth
from drtui.api.errors import Refused
from drtui.core.model.auth import AuthState, Secret
from drtui.core.wire.known_secrets import HIDDEN
from tests.api.asking import BY_PASSWORD, BY_TOKEN, PASSWORD, SITE, TOKEN, read_body

GRANTED = httpx.Response(200, json={"token": "fresh", "expires": "5000000", "ssl": True})
FINE = httpx.Response(200, json={"backupStores": []})
OVER = {
    "form 2": httpx.Response(200, json={"error": {"code": 498, "message": "Invalid Token.", "details": None}}),
    "form 3": httpx.Response(200, json={"status": "error", "messages": ["Token Expired."], "code": 498}),
    "wanted": httpx.Response(200, json={"error": {"code": 499, "message": "Token Required."}}),
    "HTTP 498": httpx.Response(498),
    "HTTP 499": httpx.Response(499, html="<title>Token Required</title>"),
}


def token(credentials: Credentials = BY_PASSWORD) -> TokenAuth:
    return TokenAuth(SITE, credentials, lambda: 0, read_body)


def request() -> httpx.Request:
    return httpx.Request("GET", f"{SITE.admin_url}?f=json")


async def test_token_is_only_in_the_header_when_it_was_given() -> None:
    flow = token(BY_TOKEN).async_auth_flow(request())
    sent = await anext(flow)
    assert sent.headers[HEADER] == f"Bearer {TOKEN}"
    assert sent.headers["Referer"] == "drtui"
    assert str(sent.url) == f"{SITE.admin_url}?f=json"
    assert sent.content == b""
    with pytest.raises(StopAsyncIteration):
        await flow.asend(FINE)


@pytest.mark.parametrize(
    ("name", "header", "other"),
    [("x-esri", HEADER, "Authorization"), ("authorization", "Authorization", HEADER), ("", HEADER, "Authorization")],
)
async def test_token_is_in_the_chosen_header_when_a_request_is_sent_or_repeated(
    name: str, header: str, other: str
) -> None:
    auth = token(replace(BY_PASSWORD, auth_header=name))
    flow = auth.async_auth_flow(request())
    await anext(flow)
    sent = await flow.asend(GRANTED)
    assert (sent.headers[header], other in sent.headers) == ("Bearer fresh", False)
    assert (await anext(auth.flow_once(request()))).headers[header] == "Bearer fresh"
    auth.begin_refresh()
    sign_in = await flow.asend(OVER["HTTP 498"])
    assert sign_in.method == "POST"
    again = await flow.asend(httpx.Response(200, json={"token": "fresher"}))
    assert (again.headers[header], other in again.headers) == ("Bearer fresher", False)


async def test_sign_in_precedes_the_request_when_there_is_no_token() -> None:
    auth = token(Credentials(user="siteadmin", password=Secret(PASSWORD), referer="https://ops.example.com"))
    flow = auth.async_auth_flow(request())
    sign_in = await anext(flow)
    assert (sign_in.method, str(sign_in.url)) == ("POST", f"{SITE.url}/sharing/rest/generateToken")
    assert {name: values[0] for name, values in parse_qs(sign_in.content.decode()).items()} == {
        "username": "siteadmin",
        "password": PASSWORD,
        "client": "referer",
        "referer": "https://ops.example.com",
        "expiration": "60",
        "f": "json",
    }
    assert sign_in.headers["Referer"] == "https://ops.example.com"
    assert (await flow.asend(GRANTED)).headers[HEADER] == "Bearer fresh"
    assert auth.expires == 5_000_000


@pytest.mark.parametrize("answer", OVER.values(), ids=OVER.keys())
async def test_token_is_renewed_once_when_the_site_refuses_it(answer: httpx.Response) -> None:
    auth = token(Credentials(Secret("stale"), "siteadmin", Secret(PASSWORD)))
    flow = auth.async_auth_flow(request())
    assert (await anext(flow)).headers[HEADER] == "Bearer stale"
    assert (await flow.asend(answer)).method == "POST"
    assert (await flow.asend(GRANTED)).headers[HEADER] == "Bearer fresh"
    with pytest.raises(StopAsyncIteration):
        await flow.asend(answer)


@pytest.mark.parametrize("answer", OVER.values(), ids=OVER.keys())
async def test_token_is_not_renewed_when_it_was_given(answer: httpx.Response) -> None:
    flow = token(BY_TOKEN).async_auth_flow(request())
    await anext(flow)
    with pytest.raises(StopAsyncIteration):
        await flow.asend(answer)


@pytest.mark.parametrize(("clock", "expires"), [(4_900_000, 5_000_000), (4_980_000, None), (9_000_000, None)])
async def test_token_counts_as_valid_when_it_was_just_granted(clock: int, expires: int | None) -> None:
    auth = TokenAuth(SITE, BY_PASSWORD, lambda: clock, read_body)
    for _ in range(2):
        flow = auth.async_auth_flow(request())
        sent = await anext(flow)
        if sent.method == "POST":
            sent = await flow.asend(GRANTED)
        assert sent.headers[HEADER] == "Bearer fresh"
    assert auth.expires == expires
    assert (await anext(auth.async_auth_flow(request()))).method == "GET"


async def test_token_is_not_renewed_when_the_response_is_a_failed_backup() -> None:
    auth = token(Credentials(Secret("good"), "siteadmin", Secret(PASSWORD)))
    flow = auth.async_auth_flow(request())
    await anext(flow)
    with pytest.raises(StopAsyncIteration):
        await flow.asend(httpx.Response(200, json={"backupName": "498", "status": "failed"}))


async def test_sign_in_is_not_repeated_when_it_was_refused() -> None:
    auth = token()
    flow = auth.async_auth_flow(request())
    await anext(flow)
    refused = {"error": {"code": 400, "message": "Unable to generate token.", "details": ["Invalid username."]}}
    with pytest.raises(Refused) as caught:
        await flow.asend(httpx.Response(200, json=refused))
    assert caught.value.failure.server_message == "Unable to generate token. Invalid username."
    with pytest.raises(Refused):
        await anext(auth.async_auth_flow(request()))


async def test_secrets_are_masked_when_the_token_was_granted() -> None:
    auth = token()
    flow = auth.async_auth_flow(request())
    await anext(flow)
    await flow.asend(GRANTED)
    assert auth.secrets.hide(f"fresh {PASSWORD}") == f"{HIDDEN} {HIDDEN}"
    assert PASSWORD not in repr((auth, BY_PASSWORD))
    assert TOKEN not in repr(BY_TOKEN)


@pytest.mark.parametrize("credentials", [BY_TOKEN, BY_PASSWORD], ids=["token", "password"])
@pytest.mark.parametrize("spelled", [str, quote, escape], ids=["plain", "quoted", "html"])
async def test_hide_masks_a_token_when_it_came_from_another_process(
    credentials: Credentials, spelled: Callable[[str], str]
) -> None:
    auth = token(credentials)
    auth.resume(AuthState(Secret("taken<over>&used"), 5_000_000, None))
    assert (await anext(auth.async_auth_flow(request()))).headers[HEADER] == "Bearer taken<over>&used"
    assert auth.secrets.hide(f"no: {spelled('taken<over>&used')}") == f"no: {HIDDEN}"
