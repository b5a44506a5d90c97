"""Get a token, send it, renew it once (SPEC 2)."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator

import httpx
from msgspec import Struct

from drtui.api import explain
from drtui.api.errors import ApiError, SignInNeeded
from drtui.model import wire
from drtui.model.address import Address
from drtui.model.secret import Secret
from drtui.model.tolerant import WireError

LIFE = 60
"""Minutes asked for; the server may cap it."""

LARGEST = 512 << 20
"""Bytes of an answer, unpacked, that are read at most."""

EARLY = 30_000
"""Milliseconds before its end that a token is taken for ended."""


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


class Token(httpx.Auth):
    """The token of one site: fetched when first needed, sent to that site alone, renewed once when refused."""

    requires_response_body = True

    def __init__(self, address: Address, credentials: Credentials, clock: Callable[[], int]) -> None:
        self._address, self._credentials, self._clock = address, credentials, clock
        self._token = credentials.token
        self.expires: int | None = None
        """When the token ends, epoch ms; None if it was given and its end is not known."""
        self._lock = asyncio.Lock()
        self._failed: ApiError | None = None
        """Why the sign-in failed: it is not tried again, since a wrong password tried often locks the account."""

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """The same as `auth_flow`, one sign-in at a time: requests side by side must not each ask for a token."""
        if self._ended:
            async with self._lock:
                if self._ended:
                    self._take(await _read((yield self._asking())))
        response = await _read((yield self._send(request)))
        if self._is_refused(response) and self._credentials.can_renew:
            async with self._lock:
                if self._token is not None and request.headers.get(HEADER) == f"Bearer {self._token.reveal()}":
                    self._take(await _read((yield self._asking())))
            await _read((yield self._send(request)))

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Ask for a token if there is none; send it; if it is refused, ask once more and send again."""
        if self._ended:
            self._take((yield self._asking()))
        response = yield self._send(request)
        if self._is_refused(response) and self._credentials.can_renew:
            self._take((yield self._asking()))
            yield self._send(request)

    @property
    def _ended(self) -> bool:
        """Whether a token has to be asked for first, and can be."""
        over = self.expires is not None and self._clock() > self.expires - EARLY
        return self._credentials.can_renew and (self._token is None or over)

    def _asking(self) -> httpx.Request:
        """The only POST of this program.

        Raises:
            ApiError: it has failed before.
        """
        if self._failed is not None:
            raise self._failed
        password = self._credentials.password
        form = {
            "username": self._credentials.user,
            "password": password.reveal() if password else "",
            "client": "referer",
            "referer": self._credentials.referer,
            "expiration": str(LIFE),
            "f": "json",
        }
        url = f"{self._address.url}/sharing/rest/generateToken"
        return httpx.Request("POST", url, data=form, headers={"Referer": self._credentials.referer})

    def _take(self, response: httpx.Response) -> None:
        """Keep the token of a sign-in.

        Raises:
            ApiError: there is none in it.
        """
        request = f"POST {self._address.url}/sharing/rest/generateToken"
        try:
            self._token, self.expires = _granted(response, request)
        except ApiError as error:
            self._failed = error
            raise

    def _send(self, request: httpx.Request) -> httpx.Request:
        """The request with its token, unless it goes elsewhere."""
        request.headers["Referer"] = self._credentials.referer
        here = httpx.URL(self._address.url)
        if self._token is not None and (request.url.host, request.url.port) == (here.host, here.port):
            request.headers[HEADER] = f"Bearer {self._token.reveal()}"
        return request

    @staticmethod
    def _is_refused(response: httpx.Response) -> bool:
        """Whether the answer wants another token, in whichever form it says so."""
        if response.status_code in {498, 499}:
            return True
        if len(response.content) > 10_000:  # errors are short, and lists need not be read twice
            return False
        try:
            refusal = wire.refusal(wire.document(response.content))
        except WireError:
            return False
        return refusal is not None and isinstance(explain.of_refusal(refusal, ""), SignInNeeded)


HEADER = "X-Esri-Authorization"
"""Understood by every release, and not eaten by web-tier authentication (SPEC 2.2)."""


def _granted(response: httpx.Response, request: str) -> tuple[Secret, int | None]:
    """The token that a sign-in gave, and when it ends.

    Raises:
        ApiError: it gave none.
    """
    try:
        granted = wire.grant(response.content)
        if granted is not None:
            return granted.token, granted.expires
        refusal = wire.refusal(wire.document(response.content)) or wire.Refusal(None, ())
    except WireError:
        raise explain.of_status(response, request) from None
    raise explain.of_refusal(refusal, request, signing_in=True)


async def _read(response: httpx.Response) -> httpx.Response:
    """The answer with its body, unless it is larger than `LARGEST`: httpx itself would read on for ever."""
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > LARGEST:
            raise explain.too_large(f"{response.request.method} {response.url.copy_with(query=None)}", LARGEST)
    response._content = bytes(body)  # noqa: SLF001 - what aread() does, with a bound
    return response
