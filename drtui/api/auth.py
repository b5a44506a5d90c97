"""Get a token, send it, renew it once (docs/api.md#sign-in)."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator

import httpx
from msgspec import Struct

from drtui.api import response_errors
from drtui.api.errors import ApiError, Refused, SignInNeeded
from drtui.api.request_log import RequestInfo
from drtui.core.model.address import Address
from drtui.core.model.auth import AuthState, Secret
from drtui.core.wire import responses
from drtui.core.wire.known_secrets import KnownSecrets
from drtui.core.wire.lenient import WireError

HEADER = "X-Esri-Authorization"
"""Understood by every release, and not eaten by web-tier authentication (docs/api.md#tokens)."""

LIFE = 60
"""Minutes asked for; the server may cap it."""

EARLY = 30_000
"""Milliseconds before its end that a token is taken for ended."""

Read = Callable[[httpx.Response], Awaitable[None]]
"""Reads the body of an answer, within bounds."""


class Credentials(Struct, frozen=True):
    """How one signs in: with a token, or with a user name and a password."""

    token: Secret | None = None
    user: str = ""
    password: Secret | None = None
    referer: str = "drtui"
    """What the token is bound to; sent with every request."""

    @property
    def can_renew(self) -> bool:
        """Whether a new token can be had without asking."""
        return bool(self.user and self.password)

    @property
    def present(self) -> bool:
        """Whether there is anything to sign in with."""
        return self.token is not None or self.can_renew


async def read_body(response: httpx.Response) -> None:
    """Read an answer's body, however long it is."""
    await response.aread()


class TokenAuth(httpx.Auth):
    """The token of one site: fetched when first needed, sent to that site alone, renewed once when refused.

    Args:
        address: the only site that the token is sent to.
        credentials: how to sign in.
        clock: the present, epoch ms.
        read: reads the body of each answer.
    """

    requires_response_body = True

    def __init__(
        self, address: Address, credentials: Credentials, clock: Callable[[], int], read: Read = read_body
    ) -> None:
        self._site, self._credentials, self._clock, self._read = httpx.URL(address.url), credentials, clock, read
        self._url = f"{address.url}/sharing/rest/generateToken"
        self._host = address.host
        self._token = credentials.token
        self.secrets = KnownSecrets((credentials.password, credentials.token))
        """All that were in use, renewed tokens too, and the proxy's: they are hidden in what the site sends back."""
        self.expires: int | None = None
        """When the token ends, epoch ms; None where that is not known: it was given, or the two clocks disagree."""
        self._lock = asyncio.Lock()
        self._outcomes = 0
        """How many sign-ins have been answered."""
        self._tried = False
        """True if this refresh has signed in, whatever came of it."""
        self._failed: ApiError | None = None
        """Why the last sign-in failed."""

    @property
    def user(self) -> str:
        """The name that one signs in with; empty for a token that was given."""
        return self._credentials.user

    @property
    def footing(self) -> AuthState:
        """How the sign-in stands."""
        refused = self._failed.trouble if isinstance(self._failed, Refused) else None
        return AuthState(self._token, self.expires, refused)

    def resume(self, footing: AuthState) -> None:
        """Go on from where another process has come to."""
        if footing.token is not None:
            self._token, self.expires = footing.token, footing.expires
            self.secrets.add(footing.token)
        if (why := footing.refusal) is not None:
            about = {"said": why.server_message, "cause": why.cause, "advice": why.advice, "request": why.request}
            self._failed = Refused(why.code, why.summary, **about)

    def begin_refresh(self) -> None:
        """Allow another sign-in: one refresh makes at most one, which all its requests share."""
        self._tried = False

    def hide(self, text: str) -> str:
        """Return `text` without any secret in use, in whichever spelling it was sent back."""
        return self.secrets.hide(text)

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """The same as `auth_flow`; requests side by side bring about one sign-in, whose outcome they share.

        Raises:
            ApiError: the sign-in failed.
        """
        seen = self._outcomes
        if self._ended:
            async with self._lock:
                if self._ended:
                    self._take(await self._got((yield self._sign_in(seen))))
        seen = self._outcomes
        response = await self._got((yield self._with_token(request)))
        if self._wants_another(response):
            async with self._lock:
                if self._token is None or request.headers.get(HEADER) == _bearer(self._token):
                    if self._is_spent:
                        return
                    self._take(await self._got((yield self._sign_in(seen))))
            await self._got((yield self._with_token(request)))

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Ask for a token if there is none; send it; if it is refused, ask once more and send again.

        Raises:
            ApiError: the sign-in failed.
        """
        if self._ended:
            self._take((yield self._sign_in(self._outcomes)))
        response = yield self._with_token(request)
        if self._wants_another(response) and not self._is_spent:
            self._take((yield self._sign_in(self._outcomes)))
            yield self._with_token(request)

    async def _got(self, response: httpx.Response) -> httpx.Response:
        """The answer with its body."""
        await self._read(response)
        return response

    @property
    def _ended(self) -> bool:
        """Whether a token has to be asked for first, and can be."""
        over = self.expires is not None and self._clock() > self.expires - EARLY
        return self._credentials.can_renew and (self._token is None or over)

    @property
    def _is_spent(self) -> bool:
        """True if the token is one of this refresh: where it is refused as well, no other will do better."""
        return self._tried and self._failed is None

    def _wants_another(self, response: httpx.Response) -> bool:
        """Whether the answer asks for a token, in whichever form it says so, and a new one can be had."""
        return self._credentials.can_renew and isinstance(response_errors.error_in(response, self._asked), SignInNeeded)

    @property
    def _asked(self) -> RequestInfo:
        return RequestInfo(self._url, self._host, "POST", secrets=self.secrets)

    def _sign_in(self, seen: int) -> httpx.Request:
        """The only POST of this program.

        Raises:
            ApiError: it has failed in this refresh, or while this request waited for it, or user name and password were
                refused before: a wrong password that is tried again and again locks the account.
        """
        failed = self._failed
        if failed is not None and (isinstance(failed, Refused) or self._tried or self._outcomes != seen):
            raise failed.with_traceback(None)
        self._failed, self._tried = None, True
        password = self._credentials.password
        form = {
            "username": self._credentials.user,
            "password": password.reveal() if password else "",
            "client": "referer",
            "referer": self._credentials.referer,
            "expiration": str(LIFE),
            "f": "json",
        }
        return httpx.Request("POST", self._url, data=form, headers={"Referer": self._referer})

    def _take(self, response: httpx.Response) -> None:
        """Keep the token of a sign-in.

        Raises:
            ApiError: there is none in the answer.
        """
        self._outcomes += 1
        granted = _granted(response, self._asked)
        if isinstance(granted, ApiError):
            self._failed = granted
            raise granted
        # One that was granted just now has not ended: where it seems so, a clock is wrong, and only the site can tell.
        # Without this, each request would sign in anew.
        ends = granted.expires
        self._token, self.expires = granted.token, None if ends is None or ends - EARLY < self._clock() else ends
        self.secrets.add(granted.token)

    def _with_token(self, request: httpx.Request) -> httpx.Request:
        """The request with the token, unless it goes elsewhere.

        Raises:
            Refused: the token cannot be one.
        """
        request.headers["Referer"] = self._referer
        if self._token is not None and _same_site(request.url, self._site):
            request.headers[HEADER] = _fit(_bearer(self._token), "token")
        return request

    @property
    def _referer(self) -> str:
        return _fit(self._credentials.referer, "referer")


def _same_site(one: httpx.URL, other: httpx.URL) -> bool:
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)


def _bearer(token: Secret) -> str:
    return f"Bearer {token.reveal()}"


def _fit(value: str, name: str) -> str:
    """`value`, if a header can hold it.

    Raises:
        Refused: it cannot; the value is not told.
    """
    if value.isascii() and value.isprintable():
        return value
    raise Refused(
        name,
        f"the {name} holds characters that cannot be sent",
        cause="It was copied together with something else: a line break, a quotation mark, an ellipsis.",
        advice=f"Copy the {name} again, whole and alone.",
    )


def _granted(response: httpx.Response, asked: RequestInfo) -> responses.TokenGrant | ApiError:
    """The token that a sign-in gave, or why it gave none."""
    try:
        granted = responses.decode_grant(response.content)
        if granted is not None:
            return granted
        refusal = responses.decode_error(responses.parse_document(response.content, secrets=asked.secrets))
    except WireError:
        return response_errors.error_from_page(response, asked)
    if refusal is not None:
        return response_errors.sign_in_error(refusal, asked)
    return response_errors.unexpected_shape_error(asked, 'the answer has neither "token" nor an error')
