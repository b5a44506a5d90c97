"""Token and password appear in no error, however they are sent back, and in no log."""

import html
import json
import logging
import traceback
from urllib.parse import quote, quote_plus

import httpx
import pytest

from drtui.api.auth import HIDDEN, Credentials
from drtui.api.deployment import Deployment, RequestLog
from drtui.api.errors import ApiError
from drtui.model.secret import Secret
from tests.api.asking import BY_PASSWORD, PASSWORD, SITE, TOKEN, failure_of, without_waits

SECRETS = (TOKEN, PASSWORD)
SPELLINGS = {
    each for secret in SECRETS for each in (secret, html.escape(secret), quote(secret, safe=""), quote_plus(secret))
} | {json.dumps(PASSWORD)[1:-1]}
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
}


def told(error: ApiError) -> str:
    """All that an error could let out: itself, its trouble, its traceback with every local variable that prints."""
    trace = traceback.TracebackException.from_exception(error, capture_locals=True)
    return "\n".join([str(error), repr(error), repr(error.trouble), error.trouble.line, *trace.format()])


def let_out(text: str) -> list[str]:
    return [spelling for spelling in SPELLINGS if spelling in text]


def granting(answer: httpx.Response) -> httpx.MockTransport:
    """A site that signs in, and then answers so."""

    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"token": TOKEN}) if request.method == "POST" else answer

    return httpx.MockTransport(handler)


@pytest.mark.parametrize("answer", ECHOES.values(), ids=ECHOES.keys())
async def test_what_the_site_sends_back_is_taken_out(answer: httpx.Response, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    log: list[RequestLog] = []
    with without_waits():
        error = await failure_of(Deployment(SITE, BY_PASSWORD, transport=granting(answer), on_request=log.append))
    assert not let_out(told(error))
    assert not let_out(repr(log))
    assert not let_out(caplog.text)
    assert TOKEN[:8] not in error.trouble.line


@pytest.mark.parametrize("answer", ECHOES.values(), ids=ECHOES.keys())
async def test_a_sign_in_that_fails_does_not_tell_the_password(answer: httpx.Response) -> None:
    credentials = Credentials(token=None, user="siteadmin", password=Secret(PASSWORD))
    transport = httpx.MockTransport(lambda _: answer)
    with without_waits():
        error = await failure_of(Deployment(SITE, credentials, transport=transport))
    assert PASSWORD not in told(error)
    assert html.escape(PASSWORD) not in told(error)


@pytest.mark.parametrize(
    "failure", [httpx.ReadError, httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.RemoteProtocolError]
)
async def test_a_failure_of_the_transport_tells_no_secret(failure: type[httpx.TransportError]) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json={"token": TOKEN})
        raise failure(ECHO, request=request)

    with without_waits():
        error = await failure_of(Deployment(SITE, BY_PASSWORD, transport=httpx.MockTransport(handler)))
    assert not let_out(told(error))
    assert error.__context__ is None  # nothing of httpx, whose frames hold the request, hangs on it


async def test_the_reader_sees_that_something_was_taken_out() -> None:
    error = await failure_of(Deployment(SITE, BY_PASSWORD, transport=granting(ECHOES["form 2"])))
    assert error.trouble.said.startswith(f"rejected: {HIDDEN} / {HIDDEN} / {HIDDEN}")
