"""Token and password appear in no error and no log, however the site sends them back."""

import html
import json
import logging
import traceback
from base64 import b64encode
from itertools import product
from urllib.parse import quote, quote_plus

import httpx
import pytest

from drtui.api import http_errors
from drtui.api.auth import HEADER, Credentials
from drtui.api.client import AdminApi
from drtui.api.errors import ApiError, RequestInfo
from drtui.api.transport import Transport
from drtui.core.model.auth import Secret
from drtui.core.model.requests import Request
from drtui.core.wire.known_secrets import HIDDEN, KnownSecrets
from tests.api.asking import BY_PASSWORD, BY_TOKEN, PASSWORD, SITE, TOKEN, error_of_fetching_stores, without_waits
from tests.core.records import record
from tests.suites import rows_in_full

SECRETS = (TOKEN, PASSWORD)
SPELLINGS = {
    each for secret in SECRETS for each in (secret, html.escape(secret), quote(secret, safe=""), quote_plus(secret))
} | {json.dumps(PASSWORD)[1:-1]}
BASIC = b64encode(f"siteadmin:{PASSWORD}".encode()).decode()
ECHO = f"rejected: {TOKEN} / {PASSWORD} / {quote(TOKEN, safe='')}"

ECHOES = {
    "form 2": httpx.Response(200, json={"error": {"code": 500, "message": ECHO, "details": [ECHO]}}),
    "form 3": httpx.Response(200, json={"status": "error", "messages": [ECHO], "code": 403}),
    "token over": httpx.Response(200, json={"error": {"code": 498, "message": ECHO}}),
    "missing": httpx.Response(200, json={"error": {"code": 500, "message": f"{ECHO} does not exist"}}),
    "title": httpx.Response(200, html=f"<title>{html.escape(ECHO)}</title>"),
    "body": httpx.Response(502, html=f"<p>{html.escape(ECHO)}</p>"),
    "at the cut": httpx.Response(200, json={"error": {"code": 500, "message": "x" * 290 + TOKEN}}),
    "redirect": httpx.Response(302, headers={"Location": f"https://e.example.com/{quote(TOKEN, safe='')}?t={TOKEN}"}),
    "another shape": httpx.Response(200, json={"stores": TOKEN}),
    "cut by a query": httpx.Response(302, headers={"Location": f"https://e.example.com/{PASSWORD}#{TOKEN}?{TOKEN}"}),
    "in base64": httpx.Response(
        200, json={"error": {"message": f"Basic {b64encode(f'u:{PASSWORD}'.encode()).decode()}"}}
    ),
    "split by tags": httpx.Response(
        401, html=f"<p>{TOKEN[:9]}<wbr>\n{TOKEN[9:]} {html.escape(PASSWORD[:9])}<i>{PASSWORD[9:]}"
    ),
    "split over details": httpx.Response(200, json={"error": {"code": 500, "details": [TOKEN[:9], TOKEN[9:]]}}),
    "UTF-16": httpx.Response(500, content=ECHO.encode("utf-16"), headers={"Content-Type": "text/html; charset=utf-16"}),
    "EBCDIC": httpx.Response(500, content=ECHO.encode(), headers={"Content-Type": "text/html; charset=cp037"}),
    "no JSON after all": httpx.Response(500, content=f'{{"message": {ECHO}'.encode()),
}

CUTS = (
    *range(230, 302, 9),
    *range(380, 402),
    3_990,
    4_000,
    15_990,
    16_000,
    (48 << 10) - 9,
    (64 << 10) - 9,
    (1 << 20) - 9,
)
"""Positions at which a page, or its visible text, is or was cut."""


PIECES = {each[start : start + 8] for each in SECRETS for start in range(len(each) - 7)}
"""Parts of secrets, which must not appear either."""


def revealed_text(error: ApiError) -> str:
    """Return everything that an error reveals: its text, failure, and traceback with all local variables."""
    trace = traceback.TracebackException.from_exception(error, capture_locals=True)
    return "\n".join([str(error), repr(error), repr(error.failure), error.failure.line, *trace.format()])


def leaked_secrets(text: str) -> list[str]:
    return [spelling for spelling in SPELLINGS if spelling in text]


def client_transport(answer: httpx.Response) -> httpx.MockTransport:
    """Return a client of a site that signs in, and then gives `answer`."""

    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"token": TOKEN}) if request.method == "POST" else answer

    return httpx.MockTransport(handler)


@pytest.mark.parametrize("answer", ECHOES.values(), ids=ECHOES.keys())
async def test_error_masks_secrets_when_the_site_sends_them_back(
    answer: httpx.Response, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    log: list[Request] = []
    with without_waits():
        error = await error_of_fetching_stores(
            AdminApi(Transport(SITE, BY_PASSWORD, transport=client_transport(answer), on_request=log.append))
        )
    assert not leaked_secrets(revealed_text(error))
    assert not leaked_secrets(repr(log))
    assert not leaked_secrets(caplog.text)
    assert TOKEN[:8] not in error.failure.line


@pytest.mark.parametrize(
    ("status", "filling"),
    rows_in_full(
        product([200, 500], [" ", "<b>", "&nbsp;", "x", "\n<br>"]), but=[(200, "&nbsp;"), (500, "x"), (500, "\n<br>")]
    ),
)
def test_no_part_of_a_secret_is_shown_when_a_page_is_cut_within_it(status: int, filling: str) -> None:
    request = RequestInfo(SITE.admin_url, SITE.host, secrets=KnownSecrets([Secret(TOKEN)]))
    for at in CUTS:
        before = (filling * (at // len(filling) + 1))[:at]
        for page in (f"{before}{TOKEN}", f"<title>{before}{TOKEN}{before}</title>"):
            message = http_errors.error_from_page(httpx.Response(status, html=page), request).failure.server_message
            assert not [piece for piece in PIECES if piece in message], (at, message)


async def test_answers_that_succeed_hold_no_secret_when_the_site_sends_them_back() -> None:
    echo = f"{ECHO} {BASIC} {PASSWORD}"
    store = {"name": f"s {TOKEN}", "type": echo, TOKEN: PASSWORD, "deep": [{"x": [echo, {"y": quote(PASSWORD)}]}]}
    sent = {
        "stores": {"backupStores": [store]},
        "backups": {"backups": [record(backupName=f"{n} {echo}", description=echo) for n in range(200)]},
        "status": {"status": {"state": echo, "messages": [echo]}},
        "settings": {"stagingVolumeConfig": {"size": echo, "more": {PASSWORD: [TOKEN]}}},
        "tasks": {"result": [{"id": echo, "parameters": {"name": TOKEN, "note": html.escape(PASSWORD)}}]},
    }

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json={"token": TOKEN})
        return httpx.Response(200, json=sent[request.url.path.rsplit("/", 1)[-1]])

    client = AdminApi(Transport(SITE, BY_PASSWORD, transport=httpx.MockTransport(handler)))
    async with client:
        backups = await client.backups("vault")
        values = (await client.stores(), backups, await client.status())
        names = (await client.settings(), await client.schedules())
    assert len(backups) == 200
    assert backups[7].name == f"7 rejected: {HIDDEN} / {HIDDEN} / {HIDDEN} {HIDDEN} {HIDDEN}"
    assert not [piece for piece in (*PIECES, *SPELLINGS, BASIC[16:24]) if piece in f"{values!r} {names!r}"]


async def test_answers_hold_no_earlier_token_when_it_was_renewed() -> None:
    first, renewed = "first-token-of-the-run", "renewed-token-of-the-run"
    tokens, ended = iter([first, renewed]), False

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json={"token": next(tokens)})
        if ended and request.headers[HEADER] == f"Bearer {first}":
            return httpx.Response(200, json={"error": {"code": 498, "message": first}})
        return httpx.Response(200, json={"backupStores": [{"name": "a", "type": f"{first} {renewed}"}]})

    async with AdminApi(Transport(SITE, BY_PASSWORD, transport=httpx.MockTransport(handler))) as client:
        (before,) = await client.stores()
        ended = True
        with client.refreshing(10):
            (after,) = await client.stores()
    assert (before.type, after.type) == (f"{HIDDEN} {renewed}", f"{HIDDEN} {HIDDEN}")


async def test_request_info_masks_a_secret_when_a_redirect_contains_it() -> None:
    log: list[Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        if TOKEN.split("/")[0] in request.url.path:
            return httpx.Response(200, json={"backupStores": []})
        return httpx.Response(302, headers={"Location": f"/arcgis/{quote(TOKEN, safe='')}/x"})

    async with AdminApi(
        Transport(SITE, BY_TOKEN, transport=httpx.MockTransport(handler), on_request=log.append)
    ) as client:
        assert await client.stores() == ()
    assert f"{SITE.url}/{HIDDEN}/x" in repr(log)
    assert not leaked_secrets(repr(log))


@pytest.mark.parametrize("answer", ECHOES.values(), ids=ECHOES.keys())
async def test_error_omits_the_password_when_the_sign_in_fails(answer: httpx.Response) -> None:
    credentials = Credentials(token=None, user="siteadmin", password=Secret(PASSWORD))
    transport = httpx.MockTransport(lambda _: answer)
    with without_waits():
        error = await error_of_fetching_stores(AdminApi(Transport(SITE, credentials, transport=transport)))
    assert PASSWORD not in revealed_text(error)
    assert html.escape(PASSWORD) not in revealed_text(error)


@pytest.mark.parametrize(
    "failure", [httpx.ReadError, httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.RemoteProtocolError]
)
async def test_error_omits_secrets_when_the_transport_fails(failure: type[httpx.TransportError]) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json={"token": TOKEN})
        raise failure(ECHO, request=request)

    with without_waits():
        error = await error_of_fetching_stores(
            AdminApi(Transport(SITE, BY_PASSWORD, transport=httpx.MockTransport(handler)))
        )
    assert not leaked_secrets(revealed_text(error))
    assert error.__context__ is None  # no frame of httpx, which would hold the request


async def test_error_shows_a_mark_when_a_secret_was_masked() -> None:
    error = await error_of_fetching_stores(
        AdminApi(Transport(SITE, BY_PASSWORD, transport=client_transport(ECHOES["form 2"])))
    )
    assert error.failure.server_message.startswith(f"rejected: {HIDDEN} / {HIDDEN} / {HIDDEN}")
