"""Tokens of a single sign-on: exchanged once, renewed early and once, revoked, and never sent anywhere else."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from drtui.api import oauth
from drtui.api.auth import HEADER, Credentials
from drtui.api.client import AdminApi
from drtui.api.errors import ApiError, SignInNeeded
from drtui.api.transport import Transport
from drtui.core.model.auth import OAuthGrant, Secret
from drtui.core.model.requests import Request
from drtui.core.wire.known_secrets import HIDDEN
from tests.api.asking import SITE, without_waits

MINUTE = 60_000
CODE, VERIFIER = "planted-code-4711", "planted-verifier-4711"
STORES: dict[str, Any] = {"backupStores": []}


def grant(*, minutes: int | None = 30, refresh: str | None = "planted-refresh") -> OAuthGrant:
    """Return a grant whose access token lives for some minutes from 0 on."""
    end = None if minutes is None else minutes * MINUTE
    return OAuthGrant(Secret("planted-first"), end, "drtui", "maria", Secret(refresh) if refresh else None)


def error(code: int, word: str, message: str) -> dict[str, Any]:
    """Return an error as the portal writes it."""
    return {"error": {"code": code, "error": word, "error_description": message, "message": message, "details": []}}


class Portal:
    """A site that answers POSTs from a list, and GETs if their token is the last one granted."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.valid, self.now = list(answers), {"planted-first"}, 0
        self.forms: list[dict[str, str]] = []
        self.sent: list[str] = []
        self.log: list[Request] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        self.sent.append(f"{request.method} {request.url.path.rpartition('/')[2]}")
        if request.method == "GET":
            token = request.headers.get(HEADER, "").removeprefix("Bearer ")
            return httpx.Response(200, json=STORES if token in self.valid else error(498, "", "Invalid Token."))
        assert HEADER not in request.headers
        self.forms.append({name: values[0] for name, values in parse_qs(request.content.decode()).items()})
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        self.valid.add(answer.get("access_token", ""))
        return httpx.Response(200, json=answer)

    def open(self, granted: OAuthGrant | None = None) -> AdminApi:
        transport = httpx.MockTransport(self)
        credentials = Credentials(grant=granted)
        return AdminApi(
            Transport(SITE, credentials, transport=transport, clock=lambda: self.now, on_request=self.log.append)
        )


async def read(api: AdminApi) -> Any:
    """Read a resource without beginning a refresh, which could renew the token again."""
    return await api.transport.fetch("/stores", lambda answer: answer)


def renewed(name: str, minutes: int = 30, **more: Any) -> dict[str, Any]:
    return {"access_token": name, "expires_in": minutes * 60, "username": "maria", **more}


async def exchange(portal: Portal) -> OAuthGrant:
    async with portal.open() as api:
        return await oauth.exchange_code(api.transport, "drtui", Secret(CODE), Secret(VERIFIER))


async def failure_of_exchange(portal: Portal) -> ApiError:
    with pytest.raises(ApiError) as caught:
        await exchange(portal)
    return caught.value


async def test_exchange_sends_code_and_verifier_once_and_returns_the_grant() -> None:
    portal = Portal(renewed("planted-new", refresh_token="planted-r", refresh_token_expires_in=7200))
    granted = await exchange(portal)
    assert portal.forms == [
        {
            "grant_type": "authorization_code",
            "client_id": "drtui",
            "code": CODE,
            "redirect_uri": "urn:ietf:wg:oauth:2.0:oob",
            "code_verifier": VERIFIER,
            "f": "json",
        }
    ]
    assert (granted.user, granted.expires, granted.refresh_expires) == ("maria", 30 * MINUTE, 120 * MINUTE)
    assert [(entry.method, entry.url, entry.status) for entry in portal.log] == [
        ("POST", f"{SITE.url}/sharing/rest/oauth2/token", 200)
    ]


async def test_user_is_harmless_text_when_the_portal_sends_another() -> None:
    portal = Portal({"access_token": "planted-new", "username": f"a\x1b[2J\u202e {CODE}"})
    user = (await exchange(portal)).user
    assert "\x1b" not in user
    assert "\u202e" not in user
    assert CODE not in user


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (error(400, "invalid_grant", "Invalid authorization code"), "code", "rejected the sign-in code"),
        (error(400, "invalid_request", "Invalid code_verifier"), "code", "rejected the sign-in code"),
        (error(400, "invalid_client_id", "Invalid client_id"), "client", "does not know the client id 'drtui'"),
        (error(401, "invalid_client", "Unknown application"), "client", "does not know the client id 'drtui'"),
        (error(400, "invalid_request", "Invalid redirect_uri"), "client", "lacks the redirect address"),
        (error(400, "unauthorized_user", "Not allowed"), "sign-in", "refused the single sign-on: Not allowed"),
        (error(403, "access_denied", ""), "sign-in", "refused the single sign-on: access_denied"),
        ({"error": "invalid_grant", "error_description": f"no {CODE}"}, "code", f"no {HIDDEN}"),
        (error(500, "server_error", f"failed for {VERIFIER}"), "500", f"failed for {HIDDEN}"),
        (httpx.Response(200, html="<title>Sign In</title>"), "html", "a page instead of JSON"),
        (httpx.Response(401, html="<title>Gateway</title>"), "401", "a gateway or proxy in front"),
        (httpx.Response(404, html="<title>Nothing</title>"), "404", "context path"),
        (
            httpx.Response(302, headers={"Location": "https://evil.example.com/token"}),
            "redirect",
            "refused to follow a redirect",
        ),
        (httpx.Response(307, headers={"Location": "/arcgis/elsewhere"}), "redirect", "refused to follow a redirect"),
        (httpx.Response(503), "503", "try again"),
        ({"access_token": ""}, "shape", "access_token"),
        ([], "shape", ""),
        (httpx.ReadError("reset"), "dropped", "was lost"),
        (httpx.ConnectError("refused"), "connection-refused", "refused the connection"),
    ],
)
async def test_exchange_is_not_repeated_and_says_why_when_it_fails(answer: Any, code: str, words: str) -> None:
    portal = Portal(httpx.Response(200, json=answer) if isinstance(answer, list) else answer)
    with without_waits():
        failure = (await failure_of_exchange(portal)).failure
    assert failure.code == code
    assert words.lower() in failure.line.lower()
    assert portal.sent == ["POST token"]
    assert CODE not in failure.line
    assert VERIFIER not in failure.line
    assert failure.advice


async def test_log_has_no_code_when_the_exchange_fails_unexpectedly(caplog: pytest.LogCaptureFixture) -> None:
    failure = (await failure_of_exchange(Portal(ValueError(f"odd {CODE} {VERIFIER}")))).failure
    assert failure.code == "internal"
    assert "ValueError" in caplog.text
    assert not [secret for secret in (CODE, VERIFIER) if secret in caplog.text + failure.line]


async def test_exchange_is_cut_off_when_the_answer_is_too_large() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b"x" * 10_000

    portal = Portal(httpx.Response(200, content=pieces()))
    async with AdminApi(Transport(SITE, Credentials(), transport=httpx.MockTransport(portal), largest=10_000)) as api:
        with pytest.raises(ApiError) as caught:
            await oauth.exchange_code(api.transport, "drtui", Secret(CODE), Secret(VERIFIER))
    assert caught.value.failure.code == "too-large"


async def test_token_is_renewed_once_when_concurrent_requests_find_it_due() -> None:
    portal = Portal(renewed("planted-second"))
    async with portal.open(grant()) as api:
        portal.now = 25 * MINUTE + 1
        assert await asyncio.gather(*(api.stores() for _ in range(6))) == [()] * 6
    assert portal.sent.count("POST token") == 1
    assert portal.forms == [
        {"grant_type": "refresh_token", "client_id": "drtui", "refresh_token": "planted-refresh", "f": "json"}
    ]


@pytest.mark.parametrize(
    ("minutes", "now", "expected"), [(30, 24, 0), (30, 26, 1), (30, 40, 1), (None, 999, 0), (4, 1, 1)]
)
async def test_token_is_renewed_when_five_minutes_are_left(minutes: int | None, now: int, expected: int) -> None:
    portal = Portal(renewed("planted-second"))
    async with portal.open(grant(minutes=minutes)) as api:
        portal.now = now * MINUTE
        assert await api.stores() == ()
    assert portal.sent.count("POST token") == expected


async def test_token_with_a_short_life_is_renewed_at_its_half() -> None:
    portal = Portal(renewed("planted-second", minutes=4), renewed("planted-third"))
    async with portal.open(grant()) as api:
        for minute in (26, 27, 28.1, 28.2):
            portal.now = round(minute * MINUTE)
            assert await api.stores() == ()
    assert portal.sent.count("POST token") == 2


async def test_refresh_token_is_replaced_when_the_answer_has_another() -> None:
    portal = Portal(renewed("planted-second", refresh_token="planted-other"), renewed("planted-third"))
    async with portal.open(grant()) as api:
        for minute in (26, 52, 53):
            portal.now = minute * MINUTE
            assert await api.stores() == ()
        assert api.transport.auth.grant is not None
        assert api.transport.auth.grant.refresh_token is not None
        assert api.transport.auth.grant.refresh_token.reveal() == "planted-other"
        assert api.transport.auth.secrets.hide("planted-third planted-other") == f"{HIDDEN} {HIDDEN}"
    assert [form["refresh_token"] for form in portal.forms] == ["planted-refresh", "planted-other"]


@pytest.mark.parametrize("failed", [httpx.Response(503), httpx.ReadError("reset"), error(400, "invalid_grant", "no")])
async def test_present_token_is_used_when_the_early_renewal_fails(failed: Any) -> None:
    portal = Portal(failed)
    async with portal.open(grant()) as api:
        portal.now = 26 * MINUTE
        with without_waits():
            assert await asyncio.gather(*(read(api) for _ in range(4))) == [STORES] * 4
    assert portal.sent.count("POST token") == 1


@pytest.mark.parametrize(
    "answer", [error(400, "invalid_grant", "Invalid refresh_token"), error(498, "invalid_request", "Invalid")]
)
async def test_sign_on_has_ended_when_the_refresh_token_is_refused(answer: Any) -> None:
    portal = Portal(answer)
    async with portal.open(grant()) as api:
        portal.now = 31 * MINUTE
        for _ in range(3):
            api.transport.auth.begin_refresh()
            with pytest.raises(SignInNeeded) as caught:
                await api.site()
            assert caught.value.failure.code == "498"
            assert "single sign-on has ended" in caught.value.failure.line
        assert api.auth_state.refusal == caught.value.failure
    assert portal.sent == ["POST token"]


@pytest.mark.parametrize("minutes", [30, None], ids=["end known", "end unknown"])
async def test_sign_on_has_ended_when_there_is_no_refresh_token(minutes: int | None) -> None:
    portal = Portal()
    async with portal.open(grant(minutes=minutes, refresh=None)) as api:
        portal.now = 29 * MINUTE
        assert await api.stores() == ()
        portal.now, portal.valid = 31 * MINUTE, set()
        with pytest.raises(SignInNeeded) as caught:
            await api.stores()
    assert "single sign-on has ended" in caught.value.failure.line
    assert "POST token" not in portal.sent


async def test_renewal_is_tried_again_when_the_site_was_not_reachable() -> None:
    portal = Portal(httpx.Response(503), renewed("planted-second"))
    async with portal.open(grant()) as api:
        portal.now = 31 * MINUTE
        with pytest.raises(ApiError) as caught:
            await api.stores()
        assert caught.value.failure.code == "503"
        assert await api.stores() == ()


async def test_token_is_renewed_when_the_site_refuses_it_early() -> None:
    portal = Portal(renewed("planted-second"))
    portal.valid = set()
    async with portal.open(grant()) as api:
        assert await api.stores() == ()
    assert portal.sent == ["GET stores", "POST token", "GET stores"]


async def test_lost_renewal_is_reported_when_the_token_was_refused() -> None:
    portal = Portal(httpx.ReadError("reset"))
    portal.valid = set()
    async with portal.open(grant()) as api:
        with without_waits(), pytest.raises(ApiError) as caught:
            await read(api)
    assert caught.value.failure.code == "dropped"
    assert portal.sent == ["GET stores", "POST token"]


async def test_revoke_sends_both_tokens_and_ignores_failures() -> None:
    portal = Portal({"success": True}, httpx.Response(503))
    async with portal.open(grant()) as api:
        await oauth.revoke(api.transport, grant())
    assert sorted(form["auth_token"] for form in portal.forms) == ["planted-first", "planted-refresh"]
    assert {form["client_id"] for form in portal.forms} == {"drtui"}


async def test_revoke_gives_up_when_the_site_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oauth, "REVOKE_SECONDS", 0.01)

    async def hang(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError("nothing wakes it")

    async with AdminApi(Transport(SITE, Credentials(), transport=httpx.MockTransport(hang))) as api:
        await oauth.revoke(api.transport, grant())
