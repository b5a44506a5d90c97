"""Describe requests and their outcomes, and report them to a listener."""

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
    """Host, with the port if it is not the default of the scheme."""
    method: str = "GET"
    proxy: str = ""
    """Host and port of the proxy; empty if none is used."""
    secrets: KnownSecrets = KnownSecrets()
    """Secrets in use, which the server or proxy may send back."""

    @property
    def line(self) -> str:
        """Method and address: `GET https://host/context/admin`."""
        return f"{self.method} {self.url}"

    def hide(self, text: str) -> str:
        """Return `text`, received from the server, with the secrets in use masked."""
        return self.secrets.hide(text)


SENT_AT = "drtui.begun"
"""Key of a request's extensions for the time when it was sent (time.monotonic)."""

HEADERS_AT = "drtui.arrived"
"""Key of a response's extensions for the time when its headers arrived (time.monotonic)."""


async def note_request_sent(request: httpx.Request) -> None:
    """Record when a request is sent."""
    request.extensions = {**request.extensions, SENT_AT: time.monotonic()}


async def note_response_started(response: httpx.Response) -> None:
    """Record when the headers of a response arrived."""
    response.extensions[HEADERS_AT] = time.monotonic()


class RequestReporter:
    """Reports every request, sign-ins included, to `listener`, if there is one."""

    def __init__(self, listener: Callable[[RequestLog], None] | None) -> None:
        self._listener = listener

    def report_response(self, request: RequestInfo, response: httpx.Response, error: ApiError | None) -> None:
        """Report a request whose response was read."""
        if self._listener is not None:
            duration, size = _elapsed_ms(response.request.extensions[SENT_AT]), response.num_bytes_downloaded
            code = error.failure.code if error else ""
            self._listener(RequestLog(request.method, request.url, response.status_code, duration, size, code))

    def report_failure(self, request: RequestInfo, started: float, code: str) -> None:
        """Report a request without a response; `started` in seconds of time.monotonic."""
        if self._listener is not None:
            self._listener(RequestLog(request.method, request.url, None, _elapsed_ms(started), 0, code))


def _elapsed_ms(started: float) -> int:
    """Return the milliseconds since `started`."""
    return round((time.monotonic() - started) * 1000)
