"""Sign-in: get a token, send it with each request and renew it once (docs/api.md#sign-in)."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import final

import httpx

from drtui.api import http_errors
from drtui.api.error_texts import make_error
from drtui.api.errors import ApiError, Refused, RequestInfo, SignInNeeded
from drtui.api.redirects import is_same_site
from drtui.api.token_sources import RENEWAL_MARGIN, Credentials, IssuedToken, make_source
from drtui.core.model.address import Address
from drtui.core.model.auth import AUTH_HEADERS, AuthState, OAuthGrant, Secret, SignInMethod
from drtui.core.wire.known_secrets import KnownSecrets

HEADER = AUTH_HEADERS["x-esri"]
"""Header of the token unless another one is chosen."""

EARLY = "drtui.early"
"""Key of a request's extensions: True for the renewal of a token that is still good."""

BodyReader = Callable[[httpx.Response], Awaitable[httpx.Response]]
"""A function that reads the body of a response, up to a limit, and returns the response."""


class TokenAuth(httpx.Auth):
    """The token of one site: fetched when first needed, sent only to that site, renewed once if the site refuses it.

    Args:
        address: the only site that the token is sent to.
        credentials: the account.
        clock: returns the present, epoch ms.
        read: reads the body of each response.
    """

    def __init__(self, address: Address, credentials: Credentials, clock: Callable[[], int], read: BodyReader) -> None:
        self._site, self._clock, self._read = httpx.URL(address.url), clock, read
        self._source, self._given_referer = make_source(address, credentials), credentials.referer
        self._host = address.host
        self._header = AUTH_HEADERS.get(credentials.auth_header, HEADER)
        self.secrets = KnownSecrets((credentials.password, credentials.token))
        """Every secret used so far, with renewed tokens and the proxy's password: masked in text from the site."""
        self._token: Secret | None = None
        self.expires: int | None = None
        """End of the token, epoch ms; None for a token given by the user, or if site and machine clocks differ."""
        self._renew_at: int | None = None
        """Time from which on another token is requested, epoch ms."""
        self._method: SignInMethod | None = self._source.method
        """The way in which the present token was obtained; None without credentials."""
        self._lock = asyncio.Lock()
        self._answered_sign_ins = 0
        """Number of sign-ins that were answered."""
        self._has_signed_in = False
        """True if the current refresh has signed in, successfully or not."""
        self._last_error: ApiError | None = None
        """Failure of the last sign-in; None if it succeeded."""
        if self._source.first is not None:
            self._use(self._source.first)

    @property
    def grant(self) -> OAuthGrant | None:
        """The present tokens of a single sign-on; None if the account signs in otherwise."""
        return self._source.grant

    @property
    def auth_state(self) -> AuthState:
        """The token, its end and a refused sign-in, to be continued by another process with `resume`."""
        refused = self._last_error.failure if isinstance(self._last_error, Refused) else None
        return AuthState(self._token, self.expires, refused, method=self._method)

    def resume(self, state: AuthState) -> None:
        """Continue with the sign-in of another process."""
        if state.token is not None:
            end = state.expires
            renew_at = None if end is None else end - RENEWAL_MARGIN
            self._use(IssuedToken(state.token, end, renew_at, state.method))
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
                    try:
                        sign_in = self._sign_in_request(answered)
                        sign_in.extensions[EARLY] = not self.is_over
                        self._store_token(await self._read((yield sign_in)))
                    except ApiError:
                        if self.is_over:
                            raise
        answered = self._answered_sign_ins
        response = await self._read((yield self._with_token(request)))
        if self._asks_for_new_token(response):
            async with self._lock:
                if self._token is None or request.headers.get(self._header) == _bearer(self._token):
                    if self._is_spent:
                        return
                    self._store_token(await self._read((yield self._sign_in_request(answered))))
            await self._read((yield self._with_token(request)))

    async def flow_once(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Send the request with the present token. A refused token is not renewed: that would send it twice."""
        await self._read((yield self._with_token(request)))

    async def flow_without_token(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Send a request of the sign-in."""
        request.headers["Referer"] = self._referer
        await self._read((yield request))

    @property
    def is_over(self) -> bool:
        """True if there is no token, or it counts as expired."""
        return self._token is None or (self.expires is not None and self._clock() > self.expires - RENEWAL_MARGIN)

    @property
    def _needs_token(self) -> bool:
        """True if a token has to be requested first, or is due for an early renewal, which each refresh tries once."""
        is_due = self._renew_at is not None and self._clock() > self._renew_at and not self._has_signed_in
        return self._source.can_renew and (self.is_over or is_due)

    @property
    def _is_spent(self) -> bool:
        """True if the token is from this refresh: if the site refuses it too, a new one would not help."""
        return self._has_signed_in and self._last_error is None

    def _asks_for_new_token(self, response: httpx.Response) -> bool:
        """True if the response asks for a token in any documented form, and a new one can be requested."""
        return self._source.can_renew and isinstance(http_errors.error_in(response, self._token_request), SignInNeeded)

    @property
    def _token_request(self) -> RequestInfo:
        return RequestInfo(self._source.url, self._host, "POST", secrets=self.secrets)

    def _sign_in_request(self, answered: int) -> httpx.Request:
        """Return the request for a token, the only POST of this program besides those of `api.oauth` and of changes.

        Raises:
            ApiError: the sign-in failed in this refresh or while this request waited for it, or the site refused it
                earlier: repeating a wrong password locks the account.
        """
        last_error = self._last_error
        if last_error is not None and (
            isinstance(last_error, Refused) or self._has_signed_in or self._answered_sign_ins != answered
        ):
            raise last_error.with_traceback(None)
        self._last_error, self._has_signed_in = None, True
        try:
            form = self._source.form()
        except ApiError as error:
            self._last_error = error
            raise
        return httpx.Request("POST", self._source.url, data=form, headers={"Referer": self._referer})

    def _store_token(self, response: httpx.Response) -> None:
        """Store the token of a sign-in response.

        Raises:
            ApiError: the response contains no token.
        """
        self._answered_sign_ins += 1
        issued = self._source.read(response, self._token_request, self._clock())
        if isinstance(issued, ApiError):
            self._last_error = issued
            raise issued
        self._use(issued)

    def _use(self, issued: IssuedToken) -> None:
        """Send this token from now on."""
        self._token, self.expires, self._renew_at = issued.token, issued.expires, issued.renew_at
        self._method = issued.method or self._source.method
        self.secrets.add(issued.token)
        if self.grant is not None:
            self.secrets.add(self.grant.refresh_token)

    def _with_token(self, request: httpx.Request) -> httpx.Request:
        """Return the request with the token, unless it goes to another site.

        Raises:
            Refused: the token holds characters that a header cannot hold.
        """
        request.headers["Referer"] = self._referer
        if self._token is not None and is_same_site(request.url, self._site):
            request.headers[self._header] = _header_value(_bearer(self._token), "token")
        return request

    @property
    def _referer(self) -> str:
        return _header_value(self._given_referer, "referer")


@final
class Unsigned(httpx.Auth):
    """Sends a request of the sign-in without a token, and reads its response up to the limit."""

    def __init__(self, auth: TokenAuth) -> None:
        self._auth = auth

    def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Return the flow of the request."""
        return self._auth.flow_without_token(request)


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


__all__ = ["EARLY", "HEADER", "Credentials", "TokenAuth", "Unsigned"]
