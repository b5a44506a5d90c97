"""OAuth of the simulated portal: apps, sign-in in a browser, codes and refresh tokens (docs/api.md#oauth)."""

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from drtui.demo import oauth_pages
from drtui.demo.members import Kind, Member, find_member
from drtui.demo.oauth_pages import CITY_ID
from drtui.demo.responses import answer
from drtui.demo.scenarios import MULTIFACTOR_CODE
from drtui.demo.sign_ins import Code, SignIn
from drtui.demo.tokens import ACCESS_MINUTES, WRONG, Issued, Tokens

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
"""Redirect address without a server: the code or token appears on a page."""
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
"""Form of a verifier and of a challenge (RFC 7636)."""


class App(NamedTuple):
    """A registered application."""

    name: str
    redirect: str
    """Address to which a code or token may go; empty for any address of the portal itself."""


APPS = {
    "drtui": App("drtui", OUT_OF_BAND),
    "pythonapi": App("ArcGIS API for Python", OUT_OF_BAND),
    "arcgisonline": App("ArcGIS Enterprise portal", ""),
}
"""Registered applications by client id."""


def _root(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}/arcgis"


def _problem(request: Request) -> str:
    """Return what is wrong with an authorize address; empty if nothing is."""
    query = request.query_params
    app, redirect = APPS.get(query.get("client_id", "")), query.get("redirect_uri", "")
    if app is None:
        return "Invalid client_id"
    is_own = f"{redirect}/".startswith(f"{_root(request)}/")
    if not (redirect == app.redirect if app.redirect else is_own):
        return "Invalid redirect_uri"
    if query.get("response_type") not in {"code", "token"}:
        return "Invalid response_type"
    challenge, method = query.get("code_challenge", ""), query.get("code_challenge_method", "plain")
    if method not in {"plain", "S256"}:
        return "Invalid code_challenge_method"
    return "Invalid code_challenge" if challenge and not VERIFIER.fullmatch(challenge) else ""


async def authorize(request: Request) -> Response:
    """Answer with the sign-in page. An app or a redirect address that is not registered gets an error page."""
    problem = _problem(request)
    if problem:
        return oauth_pages.error_page(problem)
    app = APPS[request.query_params["client_id"]].name
    state = request.app.state.sign_ins.begin(app, request.query_params)
    return oauth_pages.sign_in_page(state, app)


def _state(request: Request) -> str:
    return str(request.state.form.get("oauth_state") or request.query_params.get("oauth_state", ""))


async def sign_in(request: Request) -> Response:
    """Check a password or second factor; end the sign-in, or show its page again with the error."""
    form, state = request.state.form, _state(request)
    begun: SignIn | None = request.app.state.sign_ins.begun.get(state)
    if begun is None:
        return oauth_pages.error_page("Invalid oauth_state")
    if "mfa_code" in form and begun.checked:
        if form["mfa_code"].replace(" ", "") != MULTIFACTOR_CODE:
            return oauth_pages.verification_page(state, "Invalid verification code.")
        return _finish(request, state, begun.checked)
    member = find_member(form, Kind.BUILT_IN, Kind.MULTIFACTOR)
    if member is None:
        return oauth_pages.sign_in_page(state, begun.app, WRONG)
    if member.kind is Kind.MULTIFACTOR:
        begun.checked = member
        return oauth_pages.verification_page(state)
    return _finish(request, state, member)


async def deny(request: Request) -> Response:
    """End a sign-in that the person cancelled."""
    begun = request.app.state.sign_ins.begun.pop(_state(request), None)
    if begun is None:
        return oauth_pages.error_page("Invalid oauth_state")
    denied = {"error": "access_denied", "error_description": "The user denied your request."}
    return _hand_over(request, begun.query, denied)


async def city_id(request: Request) -> Response:
    """Answer with the page of the identity provider, or check its password and return to the portal."""
    sign_ins, state = request.app.state.sign_ins, _state(request)
    if state not in sign_ins.begun:
        return oauth_pages.error_page("Invalid oauth_state")
    if request.method == "GET":
        return oauth_pages.city_id_page(state)
    member = find_member(request.state.form, Kind.OPENID)
    if member is None:
        return oauth_pages.city_id_page(state, "Unknown username or password.")
    ticket = secrets.token_hex()
    sign_ins.tickets[ticket] = (state, member)
    return RedirectResponse(f"{_root(request)}/sharing/oauth2/openid/callback?code={ticket}", 303)


async def finish_city_id(request: Request) -> Response:
    """End a sign-in that comes back from the identity provider; a ticket works once."""
    sign_ins = request.app.state.sign_ins
    state, member = sign_ins.tickets.pop(request.query_params.get("code", ""), ("", None))
    if state not in sign_ins.begun:
        return oauth_pages.error_page("Invalid oauth_state")
    return _finish(request, state, member)


def _finish(request: Request, state: str, member: Member) -> Response:
    """End a sign-in: redirect to the address of the app, with a code or a token."""
    sign_ins, tokens = request.app.state.sign_ins, request.app.state.tokens
    query = sign_ins.begun.pop(state).query
    if query["response_type"] == "code":
        return _hand_over(request, query, {"code": sign_ins.new_code(query, member)})
    client = query["client_id"]
    token, ends = tokens.issue(query.get("expiration", ""), member.username, client=client)
    # The fragment stays in the browser: no later request contains it.
    return _hand_over(request, query, _granted(tokens, token, ends, member.username) | {"ssl": "true"}, "#")


def _hand_over(request: Request, query: Mapping[str, str], given: Mapping[str, Any], mark: str = "?") -> Response:
    """Redirect to the registered address of the app, or to the approval page."""
    redirect = query["redirect_uri"]
    if redirect == OUT_OF_BAND:
        redirect = f"{_root(request)}/sharing/rest/oauth2/approval"
    return RedirectResponse(f"{redirect}{mark}{urlencode({**given, 'state': query.get('state', '')})}", 302)


async def approval(request: Request) -> Response:
    """Answer with the page that ends a sign-in, with a code as text and in its title."""
    if request.query_params.get("error"):
        return oauth_pages.denied_page()
    code = request.query_params.get("code", "")
    issued = request.app.state.sign_ins.find_code(code)
    if issued is None:
        return oauth_pages.finished_page()
    return oauth_pages.approval_page(code, APPS[issued.query["client_id"]].name)


def _granted(tokens: Tokens, token: str, ends: int, username: str) -> dict[str, Any]:
    """Return a token in the form of OAuth."""
    return {
        "access_token": token,
        "expires_in": (ends - tokens.clock()) // 1_000,
        "username": username,
        "ssl": True,
    }


def _refused(request: Request, name: str, description: str, code: int = 400) -> Response:
    """Return an error in the form of OAuth, inside that of the portal, over HTTP 200."""
    request.state.is_error = True
    record = {"code": code, "error": name, "error_description": description, "message": description, "details": []}
    return answer(request, {"error": record})


async def exchange(request: Request) -> Response:
    """Exchange a code or a refresh token for an access token."""
    form = request.state.form
    form.setdefault("f", "json")  # OAuth clients do not send `f`
    if form.get("client_id", "") not in APPS:
        return _refused(request, "invalid_client_id", "Invalid client_id")
    match form.get("grant_type", ""):
        case "authorization_code":
            return _exchange_code(request, form)
        case "refresh_token":
            return _refresh(request, form)
    return _refused(request, "unsupported_grant_type", "Unsupported grant_type")


def _exchange_code(request: Request, form: Mapping[str, str]) -> Response:
    """Exchange a code, which is used up even if the exchange fails."""
    code: Code | None = request.app.state.sign_ins.take_code(form.get("code", ""))
    if code is None:
        return _refused(request, "invalid_grant", "Invalid authorization code")
    if any(form.get(key) != code.query[key] for key in ("client_id", "redirect_uri")):
        return _refused(request, "invalid_grant", "Invalid client_id or redirect_uri for this authorization code")
    if not _is_verified(code.query, form.get("code_verifier", "")):
        return _refused(request, "invalid_grant", "Invalid code_verifier")
    tokens: Tokens = request.app.state.tokens
    client = form["client_id"]
    refresh, refresh_ends = tokens.issue_refresh(code.query.get("expiration", ""), code.member, client)
    token, ends = tokens.issue(str(ACCESS_MINUTES), code.member, client=client, origin=refresh)
    life = {"refresh_token": refresh, "refresh_token_expires_in": (refresh_ends - tokens.clock()) // 1_000}
    return answer(request, _granted(tokens, token, ends, code.member) | life)


def _is_verified(query: Mapping[str, str], verifier: str) -> bool:
    """True if a verifier belongs to the challenge of a sign-in, or if that had none."""
    challenge = query.get("code_challenge", "")
    if not challenge:
        return True
    if not VERIFIER.fullmatch(verifier):
        return False
    if query.get("code_challenge_method", "plain") == "S256":
        verifier = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    return secrets.compare_digest(verifier, challenge)


def _refresh(request: Request, form: Mapping[str, str]) -> Response:
    """Exchange a refresh token, which stays the same."""
    tokens: Tokens = request.app.state.tokens
    refresh, client = form.get("refresh_token", ""), form["client_id"]
    issued: Issued | None = tokens.refreshing(refresh, client)
    if issued is None:
        return _refused(request, "invalid_grant", "Invalid refresh_token", 498)
    token, ends = tokens.issue(str(ACCESS_MINUTES), issued.member, client=client, origin=refresh)
    return answer(request, _granted(tokens, token, ends, issued.member))


async def revoke(request: Request) -> Response:
    """Revoke a token. Success is the answer in any case, so that nothing is learned about a token."""
    form = request.state.form
    form.setdefault("f", "json")
    request.app.state.tokens.revoke(form.get("auth_token", ""), form.get("client_id", ""))
    return answer(request, {"success": True})


ROUTES = (
    Route("/sharing/rest/oauth2/authorize", authorize),
    Route("/sharing/oauth2/signin", sign_in, methods=["POST"]),
    Route("/sharing/rest/oauth2/signin", sign_in, methods=["POST"]),
    Route("/sharing/oauth2/signin/deny", deny, methods=["POST"]),
    Route("/sharing/oauth2/openid/callback", finish_city_id),
    Route("/sharing/rest/oauth2/approval", approval),
    Route("/sharing/rest/oauth2/token", exchange, methods=["POST"]),
    Route("/sharing/rest/oauth2/revokeToken", revoke, methods=["POST"]),
)
"""Routes of the portal, without a token."""
IDENTITY_PROVIDER = Route(CITY_ID, city_id, methods=["GET", "POST"])
"""Route of the identity provider, outside the portal."""
