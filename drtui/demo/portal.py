"""The portal of the simulated site: who may come in, and who has (docs/api.md#sign-in)."""

import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from drtui.demo.backup_history import ORGANIZATION
from drtui.demo.responses import answer, error, page
from drtui.demo.scenarios import USER
from drtui.demo.tokens import WRONG

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
"""In place of an address to go back to: what was granted is left in the title of a page."""
PAGE = """<!DOCTYPE html>
<html><head><title>%s</title><script>
var oAuthInfo = %s;
</script></head></html>
"""
"""Esri's Python package reads the title and that variable (`EsriBuiltInAuth`), the latter from one line."""
VERSIONS = {"10.9": "8.4", "11.4.0": "2024.2", "11.5.0": "2025.1"}
"""A portal counts its own versions: these are where Esri's Python package looks for what came with a release.

For a release that is not among them its own number stands in.
"""
PERSON = {
    "username": USER,
    "fullName": "Site Administrator",
    "orgId": ORGANIZATION.upper(),
    "role": "org_admin",
    "privileges": ["portal:admin:manageSecurity", "portal:admin:manageServers"],
}
"""The one member; the privileges are two of an administrator's, by which programs tell one."""


class SignIns:
    """The sign-ins under way in a browser, or in a program that acts like one."""

    def __init__(self) -> None:
        self.begun: dict[str, dict[str, str]] = {}
        """What each was begun with, by the state its page carries."""
        self.codes: dict[str, str] = {}
        """The minutes each code is good for, until it is given in for a token."""

    def begin(self, query: Mapping[str, str]) -> str:
        """Remember what a sign-in is for; the state that stands for it."""
        state = secrets.token_hex()
        self.begun[state] = dict(query)
        return state

    def code(self, minutes: str) -> str:
        """A new code."""
        code = secrets.token_hex()
        self.codes[code] = minutes
        return code


async def authorize(request: Request) -> Response:
    """The page on which somebody signs in.

    No app is registered here, so there is no address that what is granted may be sent to.
    """
    if request.query_params.get("redirect_uri") != OUT_OF_BAND:
        return page("Error: Invalid redirect_uri", 400)
    return _sign_in_page(request.app.state.sign_ins.begin(request.query_params))


def _sign_in_page(state: str, *messages: str) -> Response:
    return HTMLResponse(PAGE % ("Sign In", json.dumps({"oauth_state": state, "messages": messages})))


async def sign_in(request: Request) -> Response:
    """Name and password: on to the approval page, or the sign-in page again with what is wrong."""
    form, sign_ins, tokens = request.state.form, request.app.state.sign_ins, request.app.state.tokens
    state = form.get("oauth_state", "")
    begun = sign_ins.begun.get(state)
    if begun is None:
        return page("Error: Invalid oauth_state", 400)
    if not tokens.knows(form):
        return _sign_in_page(state, WRONG)
    del sign_ins.begun[state]
    minutes, echo = begun.get("expiration", ""), {"state": begun.get("state", "")}
    if begun.get("response_type") == "token":
        # In the fragment, which stays with whoever asked: it is in no request that follows.
        return _approved(request, f"#{urlencode(_granted(request, minutes) | {'ssl': 'true'} | echo)}")
    return _approved(request, f"?{urlencode({'code': sign_ins.code(minutes)} | echo)}")


def _approved(request: Request, granted: str) -> Response:
    return RedirectResponse(f"{_root(request)}/sharing/rest/oauth2/approval{granted}", 302)


def _granted(request: Request, minutes: str) -> dict[str, Any]:
    """A new token as OAuth puts it."""
    tokens = request.app.state.tokens
    token, ends = tokens.issue(minutes)
    left = (ends - tokens.clock()) // 1_000
    return {"access_token": token, "expires_in": left, "username": USER, "ssl": True}


def _root(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}/arcgis"


async def approval(request: Request) -> Response:
    """Where a sign-in ends, for the program to read a code from the title."""
    code = request.query_params.get("code")
    if code not in request.app.state.sign_ins.codes:
        return page("SUCCESS")
    return HTMLResponse(PAGE % (f"SUCCESS code={code}", json.dumps({"code": code})))


async def exchange(request: Request) -> Response:
    """A token for a code, once; no refresh token, so whoever wants to stay signs in again."""
    request.state.form.setdefault("f", "json")  # programs that speak OAuth say no `f`
    minutes = request.app.state.sign_ins.codes.pop(request.state.form.get("code", ""), None)
    if minutes is None:
        return error(request, 400, "Invalid authorization code")
    return answer(request, _granted(request, minutes))


async def info(request: Request) -> Response:
    """Where tokens are to be had."""
    url = f"{_root(request)}/sharing/rest/generateToken"
    return answer(
        request,
        {"owningSystemUrl": _root(request), "authInfo": {"isTokenBasedSecurity": True, "tokenServicesUrl": url}},
    )


async def root(request: Request) -> Response:
    """The portal's root, which tells its version."""
    release = request.app.state.world.release
    version = {"currentVersion": VERSIONS.get(release, release)}
    # Told from 11.3 on, says the reference of the root; no site here is of 11.0 to 11.2.
    told = {"enterpriseVersion": release} if release.startswith("11.") else {}
    return answer(request, version | told)


async def organization(request: Request) -> Response:
    """The organization as the person who is signed in sees it."""
    return answer(
        request,
        {
            "id": ORGANIZATION.upper(),
            "name": "City GIS",
            "portalName": "City GIS",
            "portalMode": "singletenant",
            "portalDeploymentType": "ArcGISEnterpriseOnKubernetes",
            "portalHostname": f"{request.url.netloc}/arcgis",
            "isPortal": True,
            "allSSL": True,
            "user": PERSON,
        },
    )


async def person(request: Request) -> Response:
    """The person who is signed in; nobody else is known here."""
    if request.path_params.get("user", USER) != USER:
        return error(request, 400, "User does not exist or is inaccessible.")
    return answer(request, PERSON)


async def generate_token(request: Request) -> Response:
    """Sign-in of a program that is told name and password."""
    granted: Response = request.app.state.tokens.grant(request)
    return granted


def _either(path: str, resource: Any) -> Route:
    """A portal's resources answer GET and POST alike, and Esri's Python package asks for some by POST."""
    return Route(path, resource, methods=["GET", "POST"])


OPEN = (
    _either("/sharing/rest", root),
    _either("/sharing/rest/", root),
    _either("/rest/info", info),
    _either("/sharing/rest/info", info),
    _either("/sharing/rest/generateToken", generate_token),
    Route("/sharing/rest/oauth2/authorize", authorize),
    Route("/sharing/oauth2/signin", sign_in, methods=["POST"]),
    Route("/sharing/rest/oauth2/approval", approval),
    Route("/sharing/rest/oauth2/token", exchange, methods=["POST"]),
)
"""Asked for without a token."""

MEMBERS = (
    _either("/sharing/rest/portals/self", organization),
    _either("/sharing/rest/community/self", person),
    _either("/sharing/rest/community/users/{user}", person),
)
"""Asked for with a token."""
