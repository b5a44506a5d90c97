"""What was asked and how it went, for whoever wants to watch."""

import time
from collections.abc import Callable

import httpx
from msgspec import Struct

from drtui.api.errors import ApiError
from drtui.core.model.requests import RequestLog
from drtui.core.wire.known_secrets import KnownSecrets


class RequestInfo(Struct, frozen=True):
    """One request, without its query and without secrets."""

    url: str
    host: str
    """With the port, if it is not the scheme's own."""
    method: str = "GET"
    proxy: str = ""
    """The proxy's host and port; empty if there is none in between."""
    secrets: KnownSecrets = KnownSecrets()
    """Secrets in use, which the other side may send back."""

    @property
    def request(self) -> str:
        """`GET https://host/context/admin`."""
        return f"{self.method} {self.url}"

    def hide(self, text: str) -> str:
        """Return a text that the other side sent without the secrets in use."""
        return self.secrets.hide(text)


BEGUN = "drtui.begun"
"""Under this name, a request carries the moment when it was sent."""

ARRIVED = "drtui.arrived"
"""Under this name, an answer carries the moment when its head came."""


async def note_request_sent(request: httpx.Request) -> None:
    """Remember when a request is sent."""
    request.extensions = {**request.extensions, BEGUN: time.monotonic()}


async def note_response_started(response: httpx.Response) -> None:
    """Remember when the head of an answer came."""
    response.extensions[ARRIVED] = time.monotonic()


class Log:
    """Tells `listener`, if there is one, of every request, the sign-in among them."""

    def __init__(self, listener: Callable[[RequestLog], None] | None) -> None:
        self._listener = listener

    def answered(self, asked: RequestInfo, response: httpx.Response, error: ApiError | None) -> None:
        """A request brought an answer, whose body was read."""
        if self._listener is not None:
            took, size = _since(response.request.extensions[BEGUN]), response.num_bytes_downloaded
            code = error.trouble.code if error else ""
            self._listener(RequestLog(asked.method, asked.url, response.status_code, took, size, code))

    def unanswered(self, asked: RequestInfo, started: float, code: str) -> None:
        """A request brought none; `started` as time.monotonic() has it."""
        if self._listener is not None:
            self._listener(RequestLog(asked.method, asked.url, None, _since(started), 0, code))


def _since(started: float) -> int:
    """Milliseconds that have passed."""
    return round((time.monotonic() - started) * 1000)
