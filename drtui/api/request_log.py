"""Describe requests, and record when they were sent and answered."""

import time

import httpx
from msgspec import Struct

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
