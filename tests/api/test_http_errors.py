"""The error for each kind of response: a table of values, without network."""

import httpx
import pytest

from drtui.api.errors import ApiError, Missing, Refused, ServerFailure, SignInNeeded, Unreadable
from drtui.core.model.failure import FailureKind
from tests.api.asking import BY_PASSWORD, client_of, error_of_fetching_stores, without_waits

PAGE = "<!DOCTYPE html><html><head><title> {} </title></head><body>and more</body></html>"


def page(status: int, title: str) -> httpx.Response:
    return httpx.Response(status, html=PAGE.format(title))


def error(code: int | None, message: str | None, details: object = None, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json={"error": {"code": code, "message": message, "details": details}})


def operation(code: int | None, *messages: str) -> httpx.Response:
    answer = {"status": "error", "messages": list(messages)}
    return httpx.Response(200, json=answer if code is None else {**answer, "code": code})


REFUSED, MISSING, UNREADABLE = FailureKind.REFUSED, FailureKind.MISSING, FailureKind.UNREADABLE
FAILURES = {
    # the response, its error, code and kind, and words of its message
    "a login page": (page(200, "Sign in"), Unreadable, "html", UNREADABLE, "Sign in"),
    "nothing at all": (httpx.Response(200), Unreadable, "html", UNREADABLE, "empty"),
    "not found, as a page": (page(404, "nginx"), Missing, "404", MISSING, "context"),
    "not found, form 2": (error(404, "Not Found"), Missing, "404", MISSING, "does not exist"),
    "not found, form 3": (
        operation(404, "Could not find resource or operation 'x'."),
        Missing,
        "404",
        MISSING,
        "operation 'x'",
    ),
    "not found under 500": (error(500, "Backup store does not exist."), Missing, "500", MISSING, "does not exist"),
    "not found under 400": (error(400, "Invalid URL"), Missing, "400", MISSING, "does not exist"),
    "a Java error about a key is not a missing resource": (
        error(500, 'JSONObject["supportBDSBackup"] not found.'),
        ServerFailure,
        "500",
        UNREADABLE,
        "supportBDSBackup",
    ),
    "no privilege, form 2": (error(403, "No permission."), Refused, "403", REFUSED, "Security and infrastructure"),
    "no privilege, form 3": (operation(403, "No permission."), Refused, "403", REFUSED, "No permission."),
    "no privilege, HTTP and JSON": (error(403, "No.", status=403), Refused, "403", REFUSED, "no permission to read"),
    "turned away by a gateway": (page(403, "Forbidden"), Refused, "403", REFUSED, "in front of the site"),
    "web-tier authentication": (page(401, "Unauthorized"), Refused, "401", REFUSED, "in front of the site"),
    "token over, form 2": (error(498, "Invalid Token."), SignInNeeded, "498", REFUSED, "--referer"),
    "token over, form 3": (operation(498, "Token Expired."), SignInNeeded, "498", REFUSED, "Token Expired."),
    "token over, HTTP": (page(498, "Token"), SignInNeeded, "498", REFUSED, "not valid"),
    "token wanted": (error(499, "Token Required."), SignInNeeded, "499", REFUSED, "requires a token"),
    "token wanted, HTTP and JSON": (
        error(None, "Token Required.", status=499),
        SignInNeeded,
        "499",
        REFUSED,
        "requires",
    ),
    "bad parameter": (error(400, "Invalid value."), Unreadable, "400", UNREADABLE, "as invalid"),
    "details are a text": (error(500, "Broken.", "Look there."), ServerFailure, "500", UNREADABLE, "Look there."),
    "details are a list": (error(500, None, ["One.", "Two."]), ServerFailure, "500", UNREADABLE, "One. Two."),
    "an error without words": (error(None, None), ServerFailure, "error", UNREADABLE, "reported an error"),
    "form 3 without a code": (operation(None, "Broken."), ServerFailure, "error", UNREADABLE, "Broken."),
    "success is false": (httpx.Response(200, json={"success": False}), ServerFailure, "error", UNREADABLE, "reported"),
    "a server out of order": (page(500, "Internal Error"), ServerFailure, "500", UNREADABLE, "Internal Error"),
    "a site behind its gateway": (page(502, "Bad Gateway"), ServerFailure, "502", UNREADABLE, "restored"),
    "a site that is away": (page(503, "Unavailable"), ServerFailure, "503", UNREADABLE, "restored"),
    "a site that takes too long": (page(504, "Time-out"), ServerFailure, "504", UNREADABLE, "restored"),
    "asked too often": (page(429, "Slow down"), ServerFailure, "429", UNREADABLE, "Too many requests"),
    "away, and saying why": (error(503, "Restoring.", status=503), ServerFailure, "503", UNREADABLE, "Restoring."),
    "another list": (httpx.Response(200, json={"backups": []}), Unreadable, "shape", UNREADABLE, "backupStores"),
    "no list": (httpx.Response(200, json={"backupStores": None}), Unreadable, "shape", UNREADABLE, "backupStores"),
    "JSON that breaks off": (
        httpx.Response(200, content=b'{"backupStores": [', headers={"Content-Type": "application/json"}),
        Unreadable,
        "shape",
        UNREADABLE,
        "not JSON",
    ),
    "sent elsewhere": (
        httpx.Response(302, headers={"Location": "https://login.example.org/saml?token=abc"}),
        Unreadable,
        "redirect",
        UNREADABLE,
        "https://login.example.org/saml",
    ),
    "sent in a circle": (
        httpx.Response(302, headers={"Location": "/arcgis/admin?again=1"}),
        Unreadable,
        "redirect",
        UNREADABLE,
        "loop",
    ),
    "sent from https to http": (
        httpx.Response(301, headers={"Location": "http://gis.example.com/arcgis/admin"}),
        Unreadable,
        "redirect",
        UNREADABLE,
        "http://gis.example.com/arcgis/admin",
    ),
}


@pytest.mark.parametrize(("answer", "kind_of_error", "code", "kind", "words"), FAILURES.values(), ids=FAILURES.keys())
async def test_error_has_kind_code_and_words_when_a_response_has_no_value(
    answer: httpx.Response, kind_of_error: type[ApiError], code: str, kind: FailureKind, words: str
) -> None:
    with without_waits():
        raised = await error_of_fetching_stores(client_of(lambda _: answer))
    failure = raised.failure
    assert (type(raised), failure.code, failure.kind) == (kind_of_error, code, kind)
    assert words in failure.line
    assert failure.summary
    assert failure.cause
    assert failure.advice
    assert failure.request == "GET https://gis.example.com/arcgis/admin/system/disasterrecovery/stores"
    assert "token=abc" not in failure.line


SIGN_INS = {
    "a wrong password": (
        error(400, "Unable to generate token.", ["Invalid username or password."]),
        Refused,
        "sign-in",
        "SAML",
    ),
    "a locked account": (
        error(400, "Too many invalid attempts. Please try again later."),
        Refused,
        "sign-in",
        "locked",
    ),
    "no words": (error(None, None), Refused, "sign-in", "rejected user name"),
    "a wrong context": (page(404, "nginx"), Missing, "404", "no ArcGIS Enterprise"),
    "the site is away": (page(503, "Unavailable"), ServerFailure, "503", "restored"),
    "a login page": (page(200, "Sign in"), Unreadable, "html", "page instead of JSON"),
    "neither token nor error": (httpx.Response(200, json={}), Unreadable, "shape", "token"),
    "a token that is none": (httpx.Response(200, json={"token": "a\nb"}), Unreadable, "shape", "token"),
    "the portal out of order": (error(500, "Broken."), ServerFailure, "500", "Broken."),
}


@pytest.mark.parametrize(("answer", "kind_of_error", "code", "words"), SIGN_INS.values(), ids=SIGN_INS.keys())
async def test_error_has_code_and_words_when_a_sign_in_fails(
    answer: httpx.Response, kind_of_error: type[ApiError], code: str, words: str
) -> None:
    raised = await error_of_fetching_stores(client_of(lambda _: answer, BY_PASSWORD))
    failure = raised.failure
    assert (type(raised), failure.code) == (kind_of_error, code)
    assert words in failure.line
    assert failure.cause
    assert failure.advice
    assert failure.request == "POST https://gis.example.com/arcgis/sharing/rest/generateToken"


@pytest.mark.parametrize(
    ("ask", "need"), [("schedules", "default administrator role"), ("status", "Security and infrastructure")]
)
async def test_error_names_the_privilege_when_the_site_refuses(ask: str, need: str) -> None:
    async with client_of(lambda _: error(403, "You do not have permissions.")) as client:
        with pytest.raises(Refused) as caught:
            await getattr(client, ask)()
    assert need in caught.value.failure.cause


async def test_error_names_the_context_when_the_root_is_missing() -> None:
    async with client_of(lambda _: page(404, "404 Not Found")) as client:
        with pytest.raises(Missing) as caught:
            await client.site()
    assert caught.value.failure.cause.startswith("The context path is wrong")


async def test_server_message_is_cut_and_sanitized_when_it_is_long_or_hostile() -> None:
    trouble = (
        await error_of_fetching_stores(client_of(lambda _: error(500, "\x1b[2J\u202e" + "long " * 2_000)))
    ).failure
    assert len(trouble.server_message) <= 300
    assert "\x1b" not in trouble.line
    assert "\u202e" not in trouble.line
