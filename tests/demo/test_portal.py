"""The simulated portal signs in a program that acts like a browser, with the requests of Esri's Python package."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from drtui.demo.oauth import OUT_OF_BAND
from drtui.demo.scenarios import PASSCODE, PASSWORD, SCENARIOS, USER
from tests.conftest import NOW
from tests.demo.test_deployment import ADMIN, DR, Browser, browsing
from tests.suites import in_full

REST = "/arcgis/sharing/rest"
RIGHT = {"username": USER, "password": PASSWORD}
APP = {"client_id": "pythonapi", "redirect_uri": OUT_OF_BAND}


async def begin(site: Browser, grant: str, back: str = OUT_OF_BAND) -> httpx.Response:
    query = {**APP, "response_type": grant, "redirect_uri": back, "state": "s&s", "expiration": "5"}
    return await site.client.get(f"{REST}/oauth2/authorize", params=query)


def about(page: httpx.Response) -> Any:
    """Return the variable of a page that a script reads."""
    document = re.search(r"var oAuthInfo = (\{.*\});", page.text)
    return json.loads(document[1]) if document else None


async def sign_in(site: Browser, grant: str, **form: str) -> httpx.Response:
    state = about(await begin(site, grant))["oauth_state"]
    return await site.client.post("/arcgis/sharing/oauth2/signin", data={"oauth_state": state, **form})


def handed_over(answer: httpx.Response) -> dict[str, str]:
    """Return the parameters in the fragment of a redirect."""
    return {key: values[0] for key, values in parse_qs(urlsplit(answer.headers["location"]).fragment).items()}


async def test_sign_in_gives_a_token_when_name_and_password_are_right() -> None:
    moment = NOW
    async with browsing("old", clock=lambda: moment, token="") as site:
        answer = await sign_in(site, "token", **RIGHT)
        granted = handed_over(answer)
        assert answer.status_code == 302
        assert urlsplit(answer.headers["location"]).query == ""
        assert (granted["expires_in"], granted["username"], granted["state"]) == ("300", USER, "s&s")
        site.client.headers["X-Esri-Authorization"] = f"Bearer {granted['access_token']}"
        assert len((await site.get(f"{DR}/backuprestore/backups"))["backups"]) == 13
        moment += 300_000
        assert (await site.get(ADMIN))["error"]["code"] == 498


@pytest.mark.parametrize("grant", ["token", "code"])
@pytest.mark.parametrize("wrong", [{"password": "guess"}, {"username": "someone"}, {"password": ""}])
async def test_sign_in_gives_no_token_when_the_password_is_wrong(grant: str, wrong: dict[str, str]) -> None:
    async with browsing(token="") as site:
        answer = await sign_in(site, grant, **{**RIGHT, **wrong})
        assert answer.status_code == 200
        assert about(answer)["messages"] == ["Invalid username or password."]
        assert "location" not in answer.headers


async def test_sign_in_can_be_repeated_when_the_password_was_wrong() -> None:
    async with browsing(token="") as site:
        state = about(await sign_in(site, "token", username=USER, password="guess"))["oauth_state"]
        again = await site.client.post("/arcgis/sharing/oauth2/signin", data={"oauth_state": state, **RIGHT})
        assert handed_over(again)["access_token"]


@pytest.mark.parametrize("state", ["", "made-up"])
async def test_sign_in_is_refused_when_it_was_not_started(state: str) -> None:
    async with browsing(token="") as site:
        answer = await site.client.post("/arcgis/sharing/oauth2/signin", data={"oauth_state": state, **RIGHT})
        assert (answer.status_code, "location" in answer.headers) == (400, False)


async def test_sign_in_is_refused_when_its_state_was_used() -> None:
    async with browsing(token="") as site:
        form = {"oauth_state": about(await begin(site, "token"))["oauth_state"], **RIGHT}
        codes = [(await site.client.post("/arcgis/sharing/oauth2/signin", data=form)).status_code for _ in range(2)]
        assert codes == [302, 400]


@pytest.mark.parametrize("back", ["https://elsewhere.example.com", "https://gis.example.com", ""])
async def test_authorize_is_refused_when_the_redirect_address_is_another(back: str) -> None:
    async with browsing(token="") as site:
        answer = await begin(site, "token", back)
        assert (answer.status_code, "Invalid redirect_uri" in answer.text) == (400, True)
        assert about(answer) is None


async def test_code_is_refused_when_it_was_exchanged() -> None:
    async with browsing(token="") as site:
        page = await site.client.get((await sign_in(site, "code", **RIGHT)).headers["location"])
        title = re.search(r"<title>SUCCESS code=(.*?)</title>", page.text)
        assert title
        form = {"grant_type": "authorization_code", "code": title[1], **APP}
        first, second = [(await site.client.post(f"{REST}/oauth2/token", data=form)).json() for _ in range(2)]
        site.client.headers["X-Esri-Authorization"] = f"Bearer {first['access_token']}"
        assert (await site.get(ADMIN))["fullVersion"] == "11.4.0"
        assert second["error"]["code"] == 400


async def test_code_is_refused_when_it_is_made_up() -> None:
    async with browsing(token="") as site:
        page = await site.client.get(f"{REST}/oauth2/approval", params={"code": "<b>x"})
        assert "<b>" not in page.text
        assert "error" in await site.post(f"{REST}/oauth2/token", grant_type="authorization_code", code="<", **APP)


ASKED = {
    "portals/self": lambda answer: answer["portalDeploymentType"] == "ArcGISEnterpriseOnKubernetes",
    "portals/self/roles": lambda answer: [role["name"] for role in answer["roles"]] == ["Map Editor"],
    "community/self": lambda answer: answer["username"] == USER and answer["id"],
    f"community/users/{USER}": lambda answer: any(":admin:" in each for each in answer["privileges"]),
}
"""Requests of a program after its sign-in, and the keys it reads."""


@pytest.mark.parametrize(("path", "holds"), ASKED.items())
async def test_organization_is_returned_when_a_member_asks_by_get_or_post(
    path: str, holds: Callable[[Any], bool]
) -> None:
    async with browsing() as site:
        assert holds(await site.get(f"{REST}/{path}"))
        assert holds(await site.post(f"{REST}/{path}"))
        assert "error" in await site.get(f"{REST}/community/users/someone")


@pytest.mark.parametrize("path", ASKED)
async def test_organization_is_refused_when_there_is_no_token(path: str) -> None:
    async with browsing(token="") as site:
        assert (await site.get(f"{REST}/{path}"))["error"]["code"] == 499


@pytest.mark.parametrize("scenario", in_full(SCENARIOS, but=SCENARIOS.keys() - {"thousands"}))
async def test_root_has_a_numeric_version_when_the_scenario_differs(scenario: str) -> None:
    async with browsing(scenario, token="") as site:
        version = await site.get(f"{REST}/")
        assert version == await site.get(REST)
        assert all(part.isdigit() for part in version["currentVersion"].split("."))


async def test_root_has_the_portal_version_when_the_release_is_known() -> None:
    async with browsing() as site:
        assert await site.get(REST) == {"currentVersion": "2024.2", "enterpriseVersion": "11.4.0"}
    async with browsing("old") as site:
        assert await site.get(REST) == {"currentVersion": "8.4"}


async def test_tokens_are_invalid_when_a_restore_runs() -> None:
    moment = NOW
    async with browsing(token="", clock=lambda: moment) as site:
        granted = handed_over(await sign_in(site, "token", **RIGHT))
        site.client.headers["X-Esri-Authorization"] = f"Bearer {granted['access_token']}"
        name = (await site.get(f"{DR}/stores/nightly-pv/backups"))["backups"][-1]["backupName"]
        await site.post(f"{DR}/stores/nightly-pv/backups/{name}/restore", passcode=PASSCODE)
        assert (await site.get(ADMIN))["fullVersion"] == "11.4.0"
        moment += 60_000
        assert (await site.get(ADMIN))["error"]["code"] == 498
