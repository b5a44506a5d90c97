"""The portal of the simulated site: members and their sign-in (docs/api.md#sign-in)."""

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
"""Redirect address without a server: the code or token appears in the title of a page."""
PAGE = """<!DOCTYPE html>
<html><head><title>%s</title><script>
var oAuthInfo = %s;
</script></head></html>
"""
"""Page whose title and variable are read by Esri's Python package (`EsriBuiltInAuth`), the variable from one line."""
VERSIONS = {"10.9": "8.4", "11.4.0": "2024.2", "11.5.0": "2025.1"}
"""Version of the portal by release of the site: Esri's Python package looks for features by it.

For a release that is not listed, its own number is used.
"""
PERSON = {
    "id": "b6c1f2a09d3e4875a1b2c3d4e5f60718",
    "username": USER,
    "fullName": "Site Administrator",
    "orgId": ORGANIZATION.upper(),
    "role": "org_admin",
    "privileges": ["portal:admin:manageSecurity", "portal:admin:manageServers"],
}
"""The only member. Programs recognize an administrator by these two privileges."""


class SignIns:
    """Sign-ins under way in a browser, or in a program that acts like one."""

    def __init__(self) -> None:
        self.begun: dict[str, dict[str, str]] = {}
        """Query of each sign-in, by the state that its page carries."""
        self.codes: dict[str, str] = {}
        """Minutes for the token of each code, until it is exchanged."""

    def begin(self, query: Mapping[str, str]) -> str:
        """Remember the query of a sign-in; return the state that identifies it."""
        state = secrets.token_hex()
        self.begun[state] = dict(query)
        return state

    def code(self, minutes: str) -> str:
        """Return a new code."""
        code = secrets.token_hex()
        self.codes[code] = minutes
        return code


async def authorize(request: Request) -> Response:
    """Answer with the sign-in page.

    No app is registered, so the answer of a sign-in cannot be sent to any other address.
    """
    if request.query_params.get("redirect_uri") != OUT_OF_BAND:
        return page("Error: Invalid redirect_uri", 400)
    return _sign_in_page(request.app.state.sign_ins.begin(request.query_params))


def _sign_in_page(state: str, *messages: str) -> Response:
    return HTMLResponse(PAGE % ("Sign In", json.dumps({"oauth_state": state, "messages": messages})))


async def sign_in(request: Request) -> Response:
    """Check name and password; redirect to the approval page, or show the sign-in page again with the error."""
    form, sign_ins, tokens = request.state.form, request.app.state.sign_ins, request.app.state.tokens
    state = form.get("oauth_state", "")
    query = sign_ins.begun.get(state)
    if query is None:
        return page("Error: Invalid oauth_state", 400)
    if not tokens.knows(form):
        return _sign_in_page(state, WRONG)
    del sign_ins.begun[state]
    minutes, echo = query.get("expiration", ""), {"state": query.get("state", "")}
    if query.get("response_type") == "token":
        # The fragment stays in the browser: no later request contains it.
        return _approved(request, f"#{urlencode(_granted(request, minutes) | {'ssl': 'true'} | echo)}")
    return _approved(request, f"?{urlencode({'code': sign_ins.code(minutes)} | echo)}")


def _approved(request: Request, granted: str) -> Response:
    return RedirectResponse(f"{_root(request)}/sharing/rest/oauth2/approval{granted}", 302)


def _granted(request: Request, minutes: str) -> dict[str, Any]:
    """Return a new token in the form of OAuth."""
    tokens = request.app.state.tokens
    token, ends = tokens.issue(minutes)
    left = (ends - tokens.clock()) // 1_000
    return {"access_token": token, "expires_in": left, "username": USER, "ssl": True}


def _root(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}/arcgis"


async def approval(request: Request) -> Response:
    """Answer with the page that ends a sign-in, with a code in its title."""
    code = request.query_params.get("code")
    if code not in request.app.state.sign_ins.codes:
        return page("SUCCESS")
    return HTMLResponse(PAGE % (f"SUCCESS code={code}", json.dumps({"code": code})))


async def exchange(request: Request) -> Response:
    """Exchange a code for a token, once. There is no refresh token: to continue, sign in again."""
    request.state.form.setdefault("f", "json")  # OAuth clients do not send `f`
    minutes = request.app.state.sign_ins.codes.pop(request.state.form.get("code", ""), None)
    if minutes is None:
        return error(request, 400, "Invalid authorization code")
    return answer(request, _granted(request, minutes))


async def info(request: Request) -> Response:
    """Answer with the address where tokens are issued."""
    url = f"{_root(request)}/sharing/rest/generateToken"
    return answer(
        request,
        {"owningSystemUrl": _root(request), "authInfo": {"isTokenBasedSecurity": True, "tokenServicesUrl": url}},
    )


async def root(request: Request) -> Response:
    """Answer with the portal's root, which contains its version."""
    release = request.app.state.site.release
    version = {"currentVersion": VERSIONS.get(release, release)}
    # By the reference of the root, sent from 11.3 on; no scenario uses 11.0 to 11.2.
    enterprise_version = {"enterpriseVersion": release} if not release.startswith("10.") else {}
    return answer(request, version | enterprise_version)


async def organization(request: Request) -> Response:
    """Answer with the organization, as seen by the member who is signed in."""
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
    """Answer with the member who is signed in; no other is known."""
    if request.path_params.get("user", USER) != USER:
        return error(request, 400, "User does not exist or is inaccessible.")
    return answer(request, PERSON)


async def generate_token(request: Request) -> Response:
    """Sign in a program that has name and password."""
    granted: Response = request.app.state.tokens.grant(request)
    return granted


def _either(path: str, resource: Any) -> Route:
    """Return a route for GET and POST: a portal answers both, and Esri's Python package uses POST for some."""
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
"""Routes without a token."""

MEMBERS = (
    _either("/sharing/rest/portals/self", organization),
    _either("/sharing/rest/community/self", person),
    _either("/sharing/rest/community/users/{user}", person),
)
"""Routes that require a token."""
