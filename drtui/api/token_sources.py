"""Sources of tokens: given by the user, requested with a password, or granted by a single sign-on."""

from collections.abc import Callable
from typing import Protocol

import httpx
from msgspec import Struct
from msgspec.structs import replace

from drtui.api import http_errors
from drtui.api.error_texts import make_error
from drtui.api.errors import ApiError, Refused, RequestInfo
from drtui.core.formatting.text import sanitize
from drtui.core.model.address import Address
from drtui.core.model.auth import OAuthGrant, Secret, SignInMethod
from drtui.core.wire import responses
from drtui.core.wire.lenient import Json, WireError
from drtui.core.wire.oauth import decode_oauth_error, decode_oauth_grant

PASSWORD_PATH, OAUTH_PATH = "/sharing/rest/generateToken", "/sharing/rest/oauth2/token"

TOKEN_MINUTES = 60
"""Minutes of life requested for a token; the server may cap them."""

RENEWAL_MARGIN = 30_000
"""Milliseconds before its end at which a token counts as expired."""

EARLY_RENEWAL = 300_000
"""Milliseconds before its end at which a token of a single sign-on is renewed: while it still works if that fails."""


class Credentials(Struct, frozen=True):
    """Credentials of an account: a token, a user name and a password, or the tokens of a single sign-on."""

    token: Secret | None = None
    user: str = ""
    password: Secret | None = None
    referer: str = "drtui"
    """Referer that the token is bound to; sent with every request."""
    grant: OAuthGrant | None = None
    auth_header: str = ""
    """Name of the header that carries the token, of `AUTH_HEADERS`; empty for the default."""


class IssuedToken(Struct, frozen=True):
    """A token, and how long it is good for."""

    token: Secret
    expires: int | None
    """Epoch ms; None if not known, or if site and machine clocks differ."""
    renew_at: int | None
    """Time from which on another one is requested, epoch ms; None to wait until the site refuses this one."""
    method: SignInMethod | None
    """The way in which it was obtained."""


class TokenSource(Protocol):
    """A place to get tokens from."""

    can_renew: bool
    """True if another token can be requested without asking the user."""
    url: str
    """Address of the request for a token; empty if none can be requested."""

    @property
    def method(self) -> SignInMethod | None:
        """The way in which tokens are obtained; None without credentials."""

    @property
    def first(self) -> IssuedToken | None:
        """The token to begin with; None if one has to be requested first."""

    @property
    def grant(self) -> OAuthGrant | None:
        """The present tokens of a single sign-on; None for other sources."""

    def form(self) -> dict[str, str]:
        """Return the form of the request for a token.

        Raises:
            ApiError: no token can be requested any more.
        """

    def read(self, response: httpx.Response, request: RequestInfo, now: int) -> IssuedToken | ApiError:
        """Return the token in a response that arrived at `now` (epoch ms), or the error in it."""


def make_source(address: Address, credentials: Credentials) -> TokenSource:
    """Return the source of tokens for an account of a site."""
    if credentials.grant is not None:
        return OAuthSource(address, credentials.grant)
    if credentials.user and credentials.password:
        return PasswordSource(address, credentials)
    return GivenToken(credentials.token)


class GivenToken:
    """A token given by the user, which cannot be renewed; None if none was given."""

    can_renew, url, grant = False, "", None

    def __init__(self, token: Secret | None) -> None:
        self.method = None if token is None else SignInMethod.TOKEN
        self.first = None if token is None else IssuedToken(token, None, None, self.method)

    def form(self) -> dict[str, str]:
        """Raise an error: a given token is never renewed."""
        raise make_error("498")

    def read(self, response: httpx.Response, request: RequestInfo, now: int) -> IssuedToken | ApiError:  # noqa: ARG002 - as in the protocol
        """Return an error: a given token is never renewed."""
        return make_error("498", request)


class PasswordSource:
    """Tokens for a user name and a password, perhaps after a given one (docs/api.md#sign-in)."""

    can_renew, method, grant = True, SignInMethod.PASSWORD, None

    def __init__(self, address: Address, credentials: Credentials) -> None:
        self.url, self._credentials = address.url + PASSWORD_PATH, credentials
        self.first = GivenToken(credentials.token).first

    def form(self) -> dict[str, str]:
        """Return the form with user name and password."""
        password = self._credentials.password
        return {
            "username": self._credentials.user,
            "password": password.reveal() if password else "",
            "client": "referer",
            "referer": self._credentials.referer,
            "expiration": str(TOKEN_MINUTES),
            "f": "json",
        }

    def read(self, response: httpx.Response, request: RequestInfo, now: int) -> IssuedToken | ApiError:
        """Return the token of a sign-in response, or the error in it."""
        try:
            granted = responses.decode_grant(response.content)
        except WireError:
            return http_errors.error_from_page(response, request)
        if granted is None:
            return _error_without_token(
                response, request, "token", lambda _, refusal: http_errors.sign_in_error(refusal, request)
            )
        # A token cannot expire at the moment it is granted. If it seems so, a clock is wrong and only the site can tell
        # when the token ends; without this check, each request would sign in again.
        ends = granted.expires
        known_end = None if ends is None or ends - RENEWAL_MARGIN < now else ends
        return IssuedToken(
            granted.token, known_end, None if known_end is None else known_end - RENEWAL_MARGIN, self.method
        )


class OAuthSource:
    """The tokens of a single sign-on (docs/api.md#oauth).

    It counts as renewable even without a refresh token: the error of the renewal then says that the sign-on has ended.
    """

    can_renew, method = True, SignInMethod.SINGLE_SIGN_ON

    def __init__(self, address: Address, grant: OAuthGrant) -> None:
        self.url, self.grant = address.url + OAUTH_PATH, grant
        end = grant.expires
        self.first = IssuedToken(grant.access_token, end, None if end is None else end - EARLY_RENEWAL, self.method)

    def form(self) -> dict[str, str]:
        """Return the form with the refresh token.

        Raises:
            SignInNeeded: there is none.
        """
        refresh_token = self.grant.refresh_token
        if refresh_token is None:
            raise make_error("498: single sign-on")
        return {
            "grant_type": "refresh_token",
            "client_id": self.grant.client_id,
            "refresh_token": refresh_token.reveal(),
            "f": "json",
        }

    def read(self, response: httpx.Response, request: RequestInfo, now: int) -> IssuedToken | ApiError:
        """Return the new access token, or the error: of a refused refresh token, that the sign-on has ended."""
        grant = read_grant(response, request, self.grant.client_id, now)
        if isinstance(grant, ApiError):
            if not _ends(grant):
                return grant
            # Panes show the words of the portal first: "Invalid refresh_token" says less than that the sign-on ended.
            words = grant.failure.server_message if grant.failure.code == "client" else ""
            return make_error("498: single sign-on", request, words)
        before = self.grant
        kept = (before.refresh_token, before.refresh_expires)
        refresh_token, refresh_expires = (grant.refresh_token, grant.refresh_expires) if grant.refresh_token else kept
        self.grant = replace(
            grant, user=grant.user or before.user, refresh_token=refresh_token, refresh_expires=refresh_expires
        )
        # A life of less than twice the margin is renewed at its half: each request would renew it otherwise.
        end = grant.expires
        renew_at = None if end is None else end - min(EARLY_RENEWAL, (end - now) // 2)
        return IssuedToken(grant.access_token, end, renew_at, self.method)


OAUTH_CODES = frozenset({"client", "code", "sign-in", "498", "499"})
"""Codes of the errors by which a portal refuses a code or a refresh token."""


def _ends(error: ApiError) -> bool:
    """True if an error of the renewal is the portal's refusal of the refresh token, not that of a gateway before it."""
    return isinstance(error, Refused) and error.failure.code in OAUTH_CODES


def read_grant(response: httpx.Response, request: RequestInfo, client_id: str, now: int) -> OAuthGrant | ApiError:
    """Return the tokens in a response of oauth2/token that arrived at `now` (epoch ms), or the error in it."""

    def refused(answer: Json, refusal: responses.ApiErrorBody) -> ApiError:
        if refusal.code not in {None, 400, 401, 403}:
            return http_errors.error_from_body(refusal, request)
        word, message = decode_oauth_error(answer)
        return make_error(
            _oauth_condition(word, message), request, message or refusal.message or word, client_id=client_id
        )

    try:
        grant = decode_oauth_grant(response.content, client_id, now)
    except WireError:
        return http_errors.error_from_page(response, request)
    if grant is None:
        return _error_without_token(response, request, "access_token", refused)
    return replace(grant, user=request.hide(sanitize(grant.user)))


def _oauth_condition(word: str, message: str) -> str:
    """Return the condition of an OAuth error; portals also use `invalid_request`, with the parameter in the message."""
    text = message.lower()
    if "redirect_uri" in text:
        return "client: redirect"
    if word in {"invalid_client", "unauthorized_client"} or "client_id" in text:
        return "client: unknown"
    if word == "invalid_grant" or "code" in text or "refresh_token" in text:
        return "code: rejected"
    return "sign-in: browser"


def _error_without_token(
    response: httpx.Response,
    request: RequestInfo,
    key: str,
    refused: Callable[[Json, responses.ApiErrorBody], ApiError],
) -> ApiError:
    """Return the error in a response that has no token under `key`; `refused` returns that of a refusal."""
    try:
        answer = responses.parse_document(response.content, secrets=request.secrets)
    except WireError:
        return http_errors.error_in(response, request) or http_errors.error_from_page(response, request)
    refusal = responses.decode_error(answer)
    if refusal is not None:
        return refused(answer, refusal)
    return make_error("shape", request, f'the answer contains neither "{key}" nor an error')
