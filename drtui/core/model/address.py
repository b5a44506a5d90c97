"""What people paste, reduced to one site address."""

import ipaddress
import re
from urllib.parse import SplitResult, quote, urlsplit

from msgspec import Struct

PORTAL_PAGES = frozenset({"home", "manager", "admin", "sharing", "rest", "portaladmin"})
"""What follows the context in the addresses that a browser shows."""

QUOTES = "<>\"'"
"""What an address is pasted with, and none has at its ends."""

_EXAMPLE = "; write it as in https://gis.example.com/arcgis"
"""How every complaint ends."""


class AddressError(ValueError):
    """Text that is no address of a site; the message says what is wrong with it and what one looks like."""


class Address(Struct, frozen=True):
    """One site: `https://host/context`."""

    scheme: str
    host: str
    """With the port, if it is not the scheme's own."""
    context: str
    """The first segment of the path: `arcgis`, `enterprise`, …; empty if the site has none."""

    @property
    def url(self) -> str:
        """`https://host/context`."""
        return f"{self.scheme}://{self.host}" + (f"/{self.context}" if self.context else "")

    @property
    def admin_url(self) -> str:
        """The root of the administrator API."""
        return f"{self.url}/admin"

    def __str__(self) -> str:
        return f"{self.host}/{self.context}" if self.context else self.host

    @classmethod
    def parse(cls, text: str, *, allow_http: bool = False) -> "Address":
        """The site that a pasted address belongs to: what comes after its context is left out.

        `http` is taken for loopback only, unless `allow_http`.

        Raises:
            AddressError: it is no address of a site.
        """
        parts = _split(text)
        host = _host(parts, text)
        context = _context(parts.path)
        if parts.scheme == "http" and not allow_http and not is_loopback(parts.hostname or ""):
            raise AddressError(f"http would send the token unprotected: write https://{host}, or add --http to insist")
        return cls(parts.scheme, host, context)


def is_loopback(host: str) -> bool:
    """Whether a host name or address stays on this machine."""
    if host.lower() == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _split(text: str) -> SplitResult:
    """The pieces of the address, `https` if it names no scheme."""
    typed = text.strip().strip(QUOTES)
    if not typed or any(not character.isprintable() or character.isspace() for character in typed):
        raise AddressError(f"{_quoted(text)} is no address{_EXAMPLE}")
    if re.match(r"https?:/(?!/)", typed, re.IGNORECASE):
        raise AddressError(f"{_quoted(text)} lacks a slash{_EXAMPLE}")
    # Only at its start: a query may hold another address (`signin.html?returnUrl=https://…`).
    if not re.match(r"[\w+.-]*://", typed):
        typed = f"https://{typed}"
    try:
        parts = urlsplit(typed)
        port = parts.port
    except ValueError:
        # The standard library's words repeat what was typed, and so does the chain of errors.
        raise AddressError(f"{_quoted(text)} is no address{_EXAMPLE}") from None
    if port == 0:
        raise AddressError(f"{_quoted(text)} names no port that could be asked{_EXAMPLE}")
    if parts.scheme not in {"http", "https"}:
        raise AddressError(f"{_quoted(parts.scheme)} is not spoken here{_EXAMPLE}")
    return parts


def _quoted(text: str) -> str:
    """The text for an error message; without what may be a password or a token in it."""
    return "what was given" if "@" in text else repr(re.split(r"[?#]", text.strip())[0])


def _host(parts: SplitResult, text: str) -> str:
    """Host and port, without a port that goes without saying and without credentials."""
    name = (parts.hostname or "").rstrip(".")
    if "@" in parts.netloc:
        raise AddressError("leave user name and password out of the address: they are asked for, or given by --user")
    if not re.fullmatch(r"[\w.:-]+", name) or ".." in name or name.startswith(("-", ".")):
        raise AddressError(f"{_quoted(text)} names no host{_EXAMPLE}")
    if ":" in name:
        name = f"[{name}]"
    default = {"http": 80, "https": 443}[parts.scheme]
    return name if parts.port in {None, default} else f"{name}:{parts.port}"


def _context(path: str) -> str:
    """The first segment of the path, unless it is a page of the portal already."""
    segments = (segment.strip(QUOTES) for segment in path.split("/"))
    first = next((segment for segment in segments if segment.strip(".")), "")
    return "" if first.lower() in PORTAL_PAGES else first


def path_segment(name: str) -> str:
    """A name as one segment of a path; one of dots alone would be taken for a way up."""
    quoted = quote(name.encode("utf-8", "replace"), safe="")
    return quoted.replace(".", "%2E") if not name.strip(".") else quoted
