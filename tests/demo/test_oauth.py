"""The simulated portal signs people in by OAuth: apps, PKCE, codes, refresh tokens and their end."""

import base64
import hashlib
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from drtui.demo.faults import Faults, parse_fault
from drtui.demo.members import MEMBERS, Kind, account_lines
from drtui.demo.oauth import OUT_OF_BAND
from drtui.demo.scenarios import MULTIFACTOR_CODE, PASSWORD, USER
from tests.conftest import NOW
from tests.demo.test_deployment import ADMIN, SIGN_IN, Browser, browsing

REST = "/arcgis/sharing/rest"
MINUTE = 60_000
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
APP = {"client_id": "drtui", "redirect_uri": OUT_OF_BAND}
QUERY = {**APP, "response_type": "code", "code_challenge": CHALLENGE, "code_challenge_method": "S256", "state": "<s>"}
INVALID_GRANT = (400, "invalid_grant")


class Page(HTMLParser):
    """The parts of a page that a person sees or fills in."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.text = ""
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.links: list[str] = []
        self.labels: set[str] = set()
        self.inputs: set[str] = set()
        self._hidden = False
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._hidden = tag in {"script", "style", "title"}
        match tag:
            case "form":
                self.forms.append((values["action"], {}))
            case "input" if values["type"] == "hidden":
                self.forms[-1][1][values["name"]] = values["value"]
            case "input":
                self.inputs.add(values["id"])
            case "label":
                self.labels.add(values["for"])
            case "a":
                self.links.append(values["href"])

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text = " ".join((*self.text.split(), *data.split()))


class Person:
    """A person in front of a browser without scripts."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.answer = httpx.Response(200)

    @property
    def page(self) -> Page:
        return Page(self.answer)

    async def open(self, address: str, query: Mapping[str, str] | None = None) -> None:
        self.answer = await self.client.get(address, params=query, follow_redirects=True)

    async def submit(self, **fields: str) -> None:
        action, hidden = self.page.forms[0]
        assert fields.keys() <= self.page.inputs == self.page.labels
        self.answer = await self.client.post(action, data={**hidden, **fields}, follow_redirects=True)

    async def sign_in(self, username: str, **query: str) -> str:
        """Sign in to an app; return the code that the last page shows."""
        await self.open(f"{REST}/oauth2/authorize", {**QUERY, **query})
        member = MEMBERS[username]
        if member.kind is Kind.OPENID:
            await self.open(self.page.links[0])
        await self.submit(username=username, password=member.password)
        if member.kind is Kind.MULTIFACTOR:
            await self.submit(mfa_code=MULTIFACTOR_CODE)
        code = re.search(r"\b[0-9a-f]{64}\b", self.page.text)
        assert code, self.page.text
        return code[0]


class Moment:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


@asynccontextmanager
async def portal(faults: Faults | None = None) -> AsyncIterator[tuple[Person, Browser, Moment]]:
    moment = Moment()
    async with browsing("empty", faults=faults, clock=moment, token="") as site:
        yield Person(site.client), site, moment


async def exchange(site: Browser, code: str, **form: str) -> Any:
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER, **APP, **form}
    return (await site.client.post(f"{REST}/oauth2/token", data=form)).json()


async def refresh(site: Browser, token: str, client_id: str = "drtui") -> Any:
    form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": client_id}
    return (await site.client.post(f"{REST}/oauth2/token", data=form)).json()


async def answer_to(site: Browser, token: str, path: str = ADMIN) -> Any:
    return (await site.client.get(path, params={"f": "json"}, headers={"Authorization": f"Bearer {token}"})).json()


def refusal(answer: Any) -> tuple[int, str]:
    """Return code and name of an error, which is complete."""
    error = answer["error"]
    assert error["message"] == error["error_description"]
    assert error["details"] == []
    return error["code"], error["error"]


@pytest.mark.parametrize("username", [USER, "maria.cityid", "tomas.mfa"])
async def test_sign_in_shows_a_code_for_a_token_when_a_person_fills_in_the_pages(username: str) -> None:
    async with portal() as (person, site, _):
        code = await person.sign_in(username)
        assert f"<title>SUCCESS code={code}</title>" in person.answer.text
        assert parse_qs(person.answer.url.query.decode())["state"] == ["<s>"]
        granted = await exchange(site, code)
        assert (granted["username"], granted["expires_in"]) == (username, 1_800)
        assert granted["refresh_token_expires_in"] == 20_160 * 60
        assert (await answer_to(site, granted["access_token"]))["fullVersion"] == "11.4.0"
        account = await answer_to(site, granted["access_token"], f"{REST}/community/self")
        assert (account["username"], account["role"]) == (username, "org_admin")
        assert (await answer_to(site, granted["access_token"], f"{REST}/portals/self"))["user"] == account


@pytest.mark.parametrize("username", [name for name, member in MEMBERS.items() if member.kind is not Kind.BUILT_IN])
async def test_password_is_refused_when_the_account_needs_a_browser(username: str) -> None:
    async with portal() as (person, site, _):
        form = {"username": username, "password": MEMBERS[username].password}
        error = (await site.post(SIGN_IN, **form))["error"]
        assert (error["code"], error["message"]) == (400, "Unable to generate token.")
        assert error["details"] == ["Invalid username or password."]
        await person.open(f"{REST}/oauth2/authorize", QUERY)
        await person.submit(**form)
        assert "code" not in urlsplit(str(person.answer.url)).query
        assert "You are signed in" not in person.page.text


def test_account_lines_say_how_each_member_signs_in() -> None:
    lines = [re.split(r" {2,}", line) for line in account_lines()]
    assert [tuple(line[:2]) for line in lines] == [(name, member.password) for name, member in MEMBERS.items()]
    assert [line[2] for line in lines] == [
        "administrator, built-in",
        "administrator, OpenID (City ID), only in a browser",
        f"administrator, multifactor, only in a browser, code {MULTIFACTOR_CODE}",
        "map editor, no administrative privilege, built-in",
        "map viewer, no administrative privilege, built-in",
    ]


async def test_page_asks_again_when_a_password_or_second_factor_is_wrong() -> None:
    async with portal() as (person, _, _):
        await person.open(f"{REST}/oauth2/authorize", QUERY)
        assert "drtui asks to use City GIS with your account" in person.page.text
        await person.submit(username="tomas.mfa", password="guess")
        assert "Invalid username or password." in person.page.text
        await person.submit(username="tomas.mfa", password=MEMBERS["tomas.mfa"].password)
        await person.submit(mfa_code="000000")
        assert "Invalid verification code." in person.page.text
        await person.submit(mfa_code="314 159")
        assert "You are signed in" in person.page.text
        await person.open(f"{REST}/oauth2/authorize", QUERY)
        await person.open(person.page.links[0])
        await person.submit(username=USER, password=PASSWORD)
        assert "Unknown username or password." in person.page.text
        await person.submit(username="maria.cityid", password=MEMBERS["maria.cityid"].password)
        assert "You are signed in" in person.page.text


async def test_sign_in_gives_no_code_when_it_is_cancelled() -> None:
    async with portal() as (person, _, _):
        await person.open(f"{REST}/oauth2/authorize", QUERY)
        action, hidden = person.page.forms[1]
        person.answer = await person.client.post(action, data=hidden, follow_redirects=True)
        assert "<title>Denied error=access_denied</title>" in person.answer.text
        assert parse_qs(person.answer.url.query.decode())["error"] == ["access_denied"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"client_id": "unknown<b>"}, "Invalid client_id"),
        ({"client_id": ""}, "Invalid client_id"),
        ({"client_id": "arcgisonline"}, "Invalid redirect_uri"),
        ({"client_id": "arcgisonline", "redirect_uri": "https://gis.example.com/arcgis.evil"}, "Invalid redirect_uri"),
        ({"redirect_uri": "http://127.0.0.1:8080/"}, "Invalid redirect_uri"),
        ({"redirect_uri": ""}, "Invalid redirect_uri"),
        ({"response_type": "password"}, "Invalid response_type"),
        ({"code_challenge_method": "S512"}, "Invalid code_challenge_method"),
        ({"code_challenge": "short"}, "Invalid code_challenge"),
    ],
)
async def test_authorize_shows_an_error_page_when_the_request_is_wrong(query: dict[str, str], reason: str) -> None:
    async with portal() as (person, _, _):
        await person.open(f"{REST}/oauth2/authorize", {**QUERY, **query})
        assert (person.answer.status_code, person.answer.history) == (400, [])
        assert reason in person.page.text
        assert person.page.forms == []
        assert "<b>" not in person.answer.text


@pytest.mark.parametrize("address", ["", "/home/signin.html"])
async def test_code_goes_to_the_portal_when_the_app_is_its_own(address: str) -> None:
    """Sign in with the requests of Esri's `EsriPKCEAuth`."""
    async with portal() as (person, site, _):
        app = {"client_id": "arcgisonline", "redirect_uri": f"https://gis.example.com/arcgis{address}"}
        await person.open(f"{REST}/oauth2/authorize", {**QUERY, **app, "f": "json"})
        state = person.answer.text.split('"oauth_state":"')[1].split('"')[0]
        form = {"oauth_state": state, "username": USER, "password": PASSWORD}
        location = (await person.client.post(f"{REST}/oauth2/signin", data=form)).headers["location"]
        assert location.startswith(f"{app['redirect_uri']}?code=")
        assert "access_token" in await exchange(site, location.split("code=")[1].split("&")[0], **app)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"code_verifier": "w" * 43}, INVALID_GRANT),
        ({"code_verifier": ""}, INVALID_GRANT),
        ({"code_verifier": CHALLENGE}, INVALID_GRANT),
        ({"code": "made-up"}, INVALID_GRANT),
        ({"client_id": "pythonapi"}, INVALID_GRANT),
        ({"redirect_uri": "https://gis.example.com"}, INVALID_GRANT),
        ({"client_id": "unknown"}, (400, "invalid_client_id")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
    ],
)
async def test_exchange_is_refused_when_a_field_is_wrong(form: dict[str, str], expected: tuple[int, str]) -> None:
    async with portal() as (person, site, _):
        code = await person.sign_in(USER)
        assert refusal(await exchange(site, **{"code": code, **form})) == expected


async def test_code_ends_when_used_or_after_ten_minutes() -> None:
    async with portal() as (person, site, moment):
        code = await person.sign_in(USER)
        moment.now += 10 * MINUTE - 1
        assert "access_token" in await exchange(site, code)
        assert refusal(await exchange(site, code)) == INVALID_GRANT
        code = await person.sign_in(USER)
        assert refusal(await exchange(site, code, code_verifier="w" * 43)) == INVALID_GRANT
        assert refusal(await exchange(site, code)) == INVALID_GRANT
        code = await person.sign_in(USER)
        moment.now += 10 * MINUTE
        assert refusal(await exchange(site, code)) == INVALID_GRANT


@pytest.mark.parametrize(
    ("expiration", "faults", "access", "refreshed"),
    [
        ("480", [], 30, 480),
        ("", [], 30, 20_160),
        ("9999999", [], 30, 129_600),
        ("-1", [], 30, 129_600),
        ("480", ["short-token"], 1, 480),
        ("480", ["short-token", "short-refresh"], 1, 2),
    ],
)
async def test_tokens_end_after_their_life_when_time_passes(
    expiration: str, faults: list[str], access: int, refreshed: int
) -> None:
    async with portal(parse_fault(faults)) as (person, site, moment):
        granted = await exchange(site, await person.sign_in(USER, expiration=expiration))
        assert (granted["expires_in"], granted["refresh_token_expires_in"]) == (access * 60, refreshed * 60)
        moment.now += access * MINUTE
        assert (await answer_to(site, granted["access_token"]))["error"]["code"] == 498
        renewed = await refresh(site, granted["refresh_token"])
        assert "refresh_token" not in renewed
        assert (await answer_to(site, renewed["access_token"]))["fullVersion"] == "11.4.0"
        moment.now += (refreshed - access) * MINUTE
        assert refusal(await refresh(site, granted["refresh_token"])) == (498, "invalid_grant")


async def test_refresh_token_is_refused_when_another_app_sends_it() -> None:
    async with portal() as (person, site, _):
        granted = await exchange(site, await person.sign_in(USER))
        assert refusal(await refresh(site, granted["refresh_token"], "pythonapi")) == (498, "invalid_grant")
        assert refusal(await refresh(site, granted["access_token"])) == (498, "invalid_grant")
        assert (await answer_to(site, granted["refresh_token"]))["error"]["code"] == 498


@pytest.mark.parametrize(
    ("revoked", "client", "ended"),
    [
        ("refresh_token", "drtui", {"access_token", "refresh_token"}),
        ("access_token", "drtui", {"access_token"}),
        ("refresh_token", "pythonapi", set()),
        ("refresh_token", "", set()),
    ],
)
async def test_revoking_ends_a_token_and_those_made_from_it(revoked: str, client: str, ended: set[str]) -> None:
    async with portal() as (person, site, _):
        granted = await exchange(site, await person.sign_in(USER))
        form = {"auth_token": granted[revoked], "client_id": client}
        assert (await site.client.post(f"{REST}/oauth2/revokeToken", data=form)).json() == {"success": True}
        refused = {"access_token"} if "error" in await answer_to(site, granted["access_token"]) else set()
        refused |= {"refresh_token"} if "error" in await refresh(site, granted["refresh_token"]) else set()
        assert refused == ended


@pytest.mark.parametrize("referer", ["https://elsewhere.example.com", ""])
async def test_token_is_refused_when_it_was_made_for_another_referer(referer: str) -> None:
    async with portal() as (_, site, _):
        made_for = {"client": "referer", "referer": "https://gis.example.com/arcgis"}
        token = (await site.post(SIGN_IN, username=USER, password=PASSWORD, **made_for))["token"]
        site.client.headers["Authorization"] = f"Bearer {token}"
        site.client.headers["Referer"] = referer
        assert (await site.get(ADMIN))["error"]["code"] == 498
        site.client.headers["Referer"] = made_for["referer"]
        assert (await site.get(ADMIN))["fullVersion"] == "11.4.0"


@pytest.mark.parametrize("username", ["editor", "viewer"])
async def test_administrator_api_is_refused_when_the_member_lacks_privileges(username: str) -> None:
    async with portal() as (_, site, _):
        token = (await site.post(SIGN_IN, username=username, password=MEMBERS[username].password))["token"]
        assert (await answer_to(site, token))["error"]["code"] == 403
        assert (await answer_to(site, token, f"{REST}/community/self"))["username"] == username
        assert (await answer_to(site, token, f"{REST}/community/users/{USER}"))["error"]["code"] == 400
