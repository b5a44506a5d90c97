"""Sign-in: get a token, send it with each request and renew it once (docs/api.md#sign-in)."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

import httpx
from msgspec import Struct

from drtui.api import http_errors
from drtui.api.error_texts import make_error
from drtui.api.errors import ApiError, Refused, RequestInfo, SignInNeeded
from drtui.api.redirects import is_same_site
from drtui.core.model.address import Address
from drtui.core.model.auth import AuthState, Secret, SignInMethod
from drtui.core.wire import responses
from drtui.core.wire.known_secrets import KnownSecrets
from drtui.core.wire.lenient import WireError

HEADER = "X-Esri-Authorization"
"""Header of the token. Every release understands it, and web-tier authentication lets it pass (docs/api.md#tokens)."""

TOKEN_MINUTES = 60
"""Minutes of life requested for a token; the server may cap them."""

RENEWAL_MARGIN = 30_000
"""Milliseconds before its end at which a token counts as expired."""

BodyReader = Callable[[httpx.Response], Awaitable[httpx.Response]]
"""A function that reads the body of a response, up to a limit, and returns the response."""


class Credentials(Struct, frozen=True):
    """Credentials of an account: a token, or a user name and a password."""

    token: Secret | None = None
    user: str = ""
    password: Secret | None = None
    referer: str = "drtui"
    """Referer that the token is bound to; sent with every request."""

    @property
    def can_renew(self) -> bool:
        """True if a new token can be requested without asking the user."""
        return bool(self.user and self.password)


class TokenAuth(httpx.Auth):
    """The token of one site: fetched when first needed, sent only to that site, renewed once if the site refuses it.

    Args:
        address: the only site that the token is sent to.
        credentials: the account.
        clock: returns the present, epoch ms.
        read: reads the body of each response.
    """

    def __init__(self, address: Address, credentials: Credentials, clock: Callable[[], int], read: BodyReader) -> None:
        self._site, self._credentials, self._clock, self._read = httpx.URL(address.url), credentials, clock, read
        self._url = f"{address.url}/sharing/rest/generateToken"
        self._host = address.host
        self._token = credentials.token
        self.secrets = KnownSecrets((credentials.password, credentials.token))
        """Every secret used so far, with renewed tokens and the proxy's password: masked in text from the site."""
        self.expires: int | None = None
        """End of the token, epoch ms; None for a token given by the user, or if site and machine clocks differ."""
        self._lock = asyncio.Lock()
        self._answered_sign_ins = 0
        """Number of sign-ins that were answered."""
        self._has_signed_in = False
        """True if the current refresh has signed in, successfully or not."""
        self._last_error: ApiError | None = None
        """Failure of the last sign-in; None if it succeeded."""

    @property
    def auth_state(self) -> AuthState:
        """The token, its end and a refused sign-in, to be continued by another process with `resume`."""
        refused = self._last_error.failure if isinstance(self._last_error, Refused) else None
        return AuthState(self._token, self.expires, refused, method=self._method)

    @property
    def _method(self) -> SignInMethod | None:
        """The way in which the present token was obtained; None without credentials."""
        given = self._credentials.token
        if given is not None and (self._token is None or self._token.reveal() == given.reveal()):
            return SignInMethod.TOKEN
        return SignInMethod.PASSWORD if self._credentials.can_renew else None

    def resume(self, state: AuthState) -> None:
        """Continue with the sign-in of another process."""
        if state.token is not None:
            self._token, self.expires = state.token, state.expires
            self.secrets.add(state.token)
        if (failure := state.refusal) is not None:
            self._last_error = Refused(failure)

    def begin_refresh(self) -> None:
        """Allow another sign-in. One refresh makes at most one, shared by all of its requests."""
        self._has_signed_in = False

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Send the request with a token; if the site refuses the token, sign in once more and send it again.

        Concurrent requests share one sign-in and its outcome.

        Raises:
            ApiError: the sign-in failed.
        """
        answered = self._answered_sign_ins
        if self._needs_token:
            async with self._lock:
                if self._needs_token:
                    self._store_token(await self._read((yield self._sign_in_request(answered))))
        answered = self._answered_sign_ins
        response = await self._read((yield self._with_token(request)))
        if self._asks_for_new_token(response):
            async with self._lock:
                if self._token is None or request.headers.get(HEADER) == _bearer(self._token):
                    if self._is_spent:
                        return
                    self._store_token(await self._read((yield self._sign_in_request(answered))))
            await self._read((yield self._with_token(request)))

    async def flow_once(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Send the request with the present token. A refused token is not renewed: that would send it twice."""
        await self._read((yield self._with_token(request)))

    @property
    def _needs_token(self) -> bool:
        """True if a token has to be requested first, and can be."""
        over = self.expires is not None and self._clock() > self.expires - RENEWAL_MARGIN
        return self._credentials.can_renew and (self._token is None or over)

    @property
    def _is_spent(self) -> bool:
        """True if the token is from this refresh: if the site refuses it too, a new one would not help."""
        return self._has_signed_in and self._last_error is None

    def _asks_for_new_token(self, response: httpx.Response) -> bool:
        """True if the response asks for a token in any documented form, and a new one can be requested."""
        return self._credentials.can_renew and isinstance(
            http_errors.error_in(response, self._token_request), SignInNeeded
        )

    @property
    def _token_request(self) -> RequestInfo:
        return RequestInfo(self._url, self._host, "POST", secrets=self.secrets)

    def _sign_in_request(self, answered: int) -> httpx.Request:
        """Return the sign-in request, the only POST of this program.

        Raises:
            ApiError: the sign-in failed in this refresh or while this request waited for it, or the site refused user
                name and password earlier: repeating a wrong password locks the account.
        """
        last_error = self._last_error
        if last_error is not None and (
            isinstance(last_error, Refused) or self._has_signed_in or self._answered_sign_ins != answered
        ):
            raise last_error.with_traceback(None)
        self._last_error, self._has_signed_in = None, True
        password = self._credentials.password
        form = {
            "username": self._credentials.user,
            "password": password.reveal() if password else "",
            "client": "referer",
            "referer": self._credentials.referer,
            "expiration": str(TOKEN_MINUTES),
            "f": "json",
        }
        return httpx.Request("POST", self._url, data=form, headers={"Referer": self._referer})

    def _store_token(self, response: httpx.Response) -> None:
        """Store the token of a sign-in response.

        Raises:
            ApiError: the response contains no token.
        """
        self._answered_sign_ins += 1
        granted = _decode_sign_in(response, self._token_request)
        if isinstance(granted, ApiError):
            self._last_error = granted
            raise granted
        # A token cannot expire at the moment it is granted. If it seems so, a clock is wrong and only the site can tell
        # when the token ends; without this check, each request would sign in again.
        ends = granted.expires
        self._token, self.expires = (
            granted.token,
            None if ends is None or ends - RENEWAL_MARGIN < self._clock() else ends,
        )
        self.secrets.add(granted.token)

    def _with_token(self, request: httpx.Request) -> httpx.Request:
        """Return the request with the token, unless it goes to another site.

        Raises:
            Refused: the token holds characters that a header cannot hold.
        """
        request.headers["Referer"] = self._referer
        if self._token is not None and is_same_site(request.url, self._site):
            request.headers[HEADER] = _header_value(_bearer(self._token), "token")
        return request

    @property
    def _referer(self) -> str:
        return _header_value(self._credentials.referer, "referer")


def _bearer(token: Secret) -> str:
    return f"Bearer {token.reveal()}"


def _header_value(value: str, name: str) -> str:
    """Return `value` if a header can hold it.

    Raises:
        Refused: it cannot. The message does not contain the value.
    """
    if value.isascii() and value.isprintable():
        return value
    raise make_error("header", code=name, name=name)


def _decode_sign_in(response: httpx.Response, request: RequestInfo) -> responses.TokenGrant | ApiError:
    """Return the token of a sign-in response, or the error."""
    try:
        granted = responses.decode_grant(response.content)
        if granted is not None:
            return granted
        refusal = responses.decode_error(responses.parse_document(response.content, secrets=request.secrets))
    except WireError:
        return http_errors.error_from_page(response, request)
    if refusal is not None:
        return http_errors.sign_in_error(refusal, request)
    return make_error("shape", request, 'the answer contains neither "token" nor an error')
