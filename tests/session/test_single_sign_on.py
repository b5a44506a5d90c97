"""Single sign-on against the simulated portal over a socket: code, tokens, renewal and revocation."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec.structs import replace
from starlette.applications import Starlette

from drtui.api.errors import ApiError
from drtui.core.model.address import Address
from drtui.core.model.auth import SignInMethod
from drtui.core.summary.account_text import account_text, sign_in_text
from drtui.demo.app import make_app
from drtui.demo.scenarios import USER
from drtui.demo.server import serving
from drtui.session import ConnectionOptions, Session, Target
from drtui.session.single_sign_on import SingleSignOn
from tests.conftest import NOW
from tests.people import approval_of, code_from

OPTIONS = ConnectionOptions(sso=True, client_id="drtui", remember=False, timeout=5)


class Site:
    """A simulated site over a socket, its clock, and the requests that it got."""

    def __init__(self) -> None:
        self.now = NOW
        self.app: Starlette = make_app("calm", now=NOW, clock=lambda: self.now)
        self.requests: list[str] = []
        self.target = Target()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.requests.append(f"{scope['method']} {scope['path'].rpartition('/')[2]}")
        await self.app(scope, receive, send)

    def sign_on(self, **options: Any) -> SingleSignOn:
        return SingleSignOn(self.target, replace(OPTIONS, **options), clock=lambda: self.now)

    async def session(self, username: str = USER) -> Session:
        """Return the session of a person who has signed in."""
        sign_on = self.sign_on()
        grant = await sign_on.finish(await code_from(sign_on.url, username))
        self.requests.clear()
        return Session(self.target, replace(OPTIONS, grant=grant), clock=lambda: self.now)


@pytest.fixture
def site() -> Iterator[Site]:
    """The calm scenario."""
    site = Site()
    with serving(site) as where:
        site.target = Target(Address.parse(where.url))
        yield site


@pytest.mark.parametrize("username", [USER, "maria.cityid", "tomas.mfa"])
async def test_finish_returns_the_grant_when_a_person_signed_in(site: Site, username: str) -> None:
    sign_on = site.sign_on()
    page = await approval_of(sign_on.url, username)
    grant = await sign_on.finish(str(page.url))
    assert (grant.user, grant.client_id) == (username, "drtui")
    assert grant.refresh_token is not None
    assert grant.expires == NOW + 30 * 60_000
    assert grant.refresh_expires == NOW + 480 * 60_000
    assert [(request.method, request.status) for request in sign_on.requests] == [("POST", 200)]


async def test_session_reads_the_site_when_it_has_a_grant(site: Site) -> None:
    async with await site.session() as session:
        state = await session.fetch_all()
    assert state.stores is not None
    assert state.stores.value
    assert not state.failures


async def test_session_says_who_signed_in_how_and_until_when(site: Site) -> None:
    async with await site.session("maria.cityid") as session:
        state = await session.fetch_all(["account"])
        sign_in, now = session.sign_in, session.now
    assert (sign_in.user, sign_in.method) == ("maria.cityid", SignInMethod.SINGLE_SIGN_ON)
    assert account_text(state, sign_in) == "as maria.cityid, default administrator"
    assert sign_in_text(sign_in, now) == "by single sign-on, token for 8 h"


def test_sign_on_has_another_address_when_it_is_restarted(site: Site) -> None:
    sign_on = site.sign_on()
    first = parse_qs(urlsplit(sign_on.url).query)
    sign_on.restart()
    second = parse_qs(urlsplit(sign_on.url).query)
    assert first["state"] != second["state"]
    assert first["code_challenge"] != second["code_challenge"]
    assert first["client_id"] == second["client_id"] == ["drtui"]


def test_sign_on_says_how_to_get_a_client_id_when_there_is_none(site: Site) -> None:
    with pytest.raises(ApiError) as caught:
        site.sign_on(client_id="")
    line = caught.value.failure.line
    assert "urn:ietf:wg:oauth:2.0:oob" in line
    assert "--client-id pythonapi" in line
    assert "consent page" in line


async def test_finish_is_refused_when_code_and_address_do_not_belong_together(site: Site) -> None:
    sign_on = site.sign_on()
    code = await code_from(sign_on.url)
    page = await approval_of(sign_on.url)
    sign_on.restart()
    codes = []
    for pasted in (code, str(page.url), "no code at all", ""):
        with pytest.raises(ApiError) as caught:
            await sign_on.finish(pasted)
        failure = caught.value.failure
        codes.append((failure.code, bool(failure.cause), bool(failure.advice), bool(failure.server_message)))
        assert code not in failure.line
    assert codes == [("code", True, True, True), *[("code", True, True, False)] * 3]


async def test_tokens_are_renewed_early_and_revoked_when_the_session_ends(site: Site) -> None:
    async with await site.session() as session:
        await session.fetch_all()
        first = session.auth_state
        site.now += 26 * 60_000
        await session.fetch_all()
        second = session.auth_state
        assert session.token_expires is not None
        assert session.sign_in.expires == session.token_expires
        assert session.token_expires - session.now == (480 - 26) * 60_000, "the end of the refresh token"
        await session.close()
    assert first is not None
    assert first.token is not None
    assert second is not None
    assert second.token is not None
    assert first.token.reveal() != second.token.reveal()
    assert second.expires == site.now + 30 * 60_000
    posts = [request for request in site.requests if request.startswith("POST")]
    assert posts == ["POST token", "POST revokeToken", "POST revokeToken"]
    async with Session(site.target, ConnectionOptions(token=second.token, remember=False), extras=()) as later:
        state = await later.fetch_all()
    assert state.stores is not None
    assert state.stores.failure is not None
    assert state.stores.failure.code == "498"


async def test_sign_on_has_ended_when_the_refresh_token_has(site: Site) -> None:
    async with await site.session() as session:
        await session.fetch_all()
        site.now += 481 * 60_000
        site.requests.clear()
        for _ in range(2):
            state = await session.fetch_all()
            assert state.stores is not None
            assert state.stores.failure is not None
            assert state.stores.failure.code == "498"
            assert "browser" in state.stores.failure.advice
            assert state.stores.failure.server_message == ""
        assert site.requests == ["POST token"], "a refused refresh token is not sent again"
        assert session.auth_state is not None
        assert session.auth_state.refusal is not None
