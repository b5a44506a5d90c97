"""What was asked, of whom and by what way: what an error has to know to say where it befell."""

import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit

from msgspec import Struct

from drtui.model.address import is_loopback


class Asked(Struct, frozen=True):
    """One request, without its query and without secrets."""

    url: str
    host: str
    """With the port, if it is not the scheme's own."""
    method: str = "GET"
    proxy: str = ""
    """The proxy's host and port; empty if there is none in between."""
    hide: Callable[[str], str] = str
    """Takes the secrets in use out of a text that the other side sent: it may echo what it was given."""

    @property
    def request(self) -> str:
        """`GET https://host/context/admin`."""
        return f"{self.method} {self.url}"


def proxy_of(url: str) -> str:
    """Host and port of the proxy that the environment prescribes for `url`; empty if none."""
    parts = urlsplit(url)
    name = parts.hostname or ""
    if is_loopback(name) or urllib.request.proxy_bypass(name):
        return ""
    known = urllib.request.getproxies()
    proxy = known.get(parts.scheme) or known.get("all") or ""
    where = urlsplit(proxy if "://" in proxy else f"http://{proxy}").netloc
    return where.rpartition("@")[2]
