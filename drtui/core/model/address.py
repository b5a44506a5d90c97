"""Parse the address of a site from what people type or paste."""

import ipaddress
import re
from urllib.parse import SplitResult, quote, urlsplit

from msgspec import Struct

from drtui.core.formatting.input_error import InputError

PORTAL_PAGES = frozenset({"home", "manager", "admin", "sharing", "rest", "portaladmin"})
"""First path segments that belong to a page of the portal, not to a context."""

QUOTES = "<>\"'"
"""Characters that surround a pasted address and are not part of it."""

_EXAMPLE = ". Write it like https://gis.example.com/arcgis"
"""The advice at the end of each error message."""


class AddressError(InputError):
    """Raised for text that is not the address of a site; the message says why and shows an example."""


class Address(Struct, frozen=True):
    """The address of a site: `https://host/context`."""

    scheme: str
    host: str
    """Host name or IP address, with the port if it is not the default one of the scheme."""
    context: str
    """The first segment of the path: `arcgis`, `enterprise`, …; empty if the site has none."""

    @property
    def url(self) -> str:
        """`https://host/context`."""
        return f"{self.scheme}://{self.host}" + (f"/{self.context}" if self.context else "")

    @property
    def admin_url(self) -> str:
        """URL of the root of the administrator API."""
        return f"{self.url}/admin"

    def __str__(self) -> str:
        return f"{self.host}/{self.context}" if self.context else self.host

    @classmethod
    def parse(cls, text: str, *, allow_http: bool = False) -> "Address":
        """Return the address of the site that a URL belongs to; path segments after the context are cut.

        `http` is accepted for loopback addresses only, unless `allow_http` is set.

        Raises:
            AddressError: the text is not the address of a site.
        """
        parts = _split(text)
        host = _host(parts, text)
        context = _context(parts.path)
        if parts.scheme == "http" and not allow_http and not is_loopback(parts.hostname or ""):
            raise AddressError(
                f"http would send the token unencrypted. Write https://{host}, or add --http to allow it"
            )
        return cls(parts.scheme, host, context)


def is_loopback(host: str) -> bool:
    """True if a host name or IP address refers to this machine."""
    if host.lower() == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _split(text: str) -> SplitResult:
    """Split an address into its URL parts; the scheme is `https` if the text names none."""
    typed = text.strip().strip(QUOTES)
    if not typed or any(not character.isprintable() or character.isspace() for character in typed):
        raise AddressError(f"{_quoted(text)} is not a valid address{_EXAMPLE}")
    if re.match(r"https?:/(?!/)", typed, re.IGNORECASE):
        raise AddressError(f"A slash is missing after the scheme in {_quoted(text)}{_EXAMPLE}")
    # Look for a scheme at the start only: the query may contain another URL (`signin.html?returnUrl=https://…`).
    if not re.match(r"[\w+.-]*://", typed):
        typed = f"https://{typed}"
    try:
        parts = urlsplit(typed)
        port = parts.port
    except ValueError:
        # `from None`: the message of the original error would repeat the typed text, which may contain a password.
        raise AddressError(f"{_quoted(text)} is not a valid address{_EXAMPLE}") from None
    if port == 0:
        raise AddressError(f"Port 0 in {_quoted(text)} cannot be used{_EXAMPLE}")
    if parts.scheme not in {"http", "https"}:
        raise AddressError(f"Unsupported scheme {_quoted(parts.scheme)}: only https and http work{_EXAMPLE}")
    return parts


def _quoted(text: str) -> str:
    """Return the text in quotes for an error message, without a part that may be a password or a token."""
    return "this text" if "@" in text else repr(re.split(r"[?#]", text.strip())[0])


def _host(parts: SplitResult, text: str) -> str:
    """Return host and port; the default port of the scheme is left out."""
    name = (parts.hostname or "").rstrip(".")
    if "@" in parts.netloc:
        raise AddressError(
            "The address contains a user name or password. Remove it; use --user, and enter the password when asked"
        )
    if not re.fullmatch(r"[\w.:-]+", name) or ".." in name or name.startswith(("-", ".")):
        raise AddressError(f"No valid host name in {_quoted(text)}{_EXAMPLE}")
    if ":" in name:
        name = f"[{name}]"
    default = {"http": 80, "https": 443}[parts.scheme]
    return name if parts.port in {None, default} else f"{name}:{parts.port}"


def _context(path: str) -> str:
    """Return the first segment of the path, or "" if it belongs to a page of the portal."""
    segments = (segment.strip(QUOTES) for segment in path.split("/"))
    first = next((segment for segment in segments if segment.strip(".")), "")
    return "" if first.lower() in PORTAL_PAGES else first


def path_segment(name: str) -> str:
    """Quote a name as one path segment. A name of dots alone is quoted too, because `..` means the parent."""
    quoted = quote(name.encode("utf-8", "replace"), safe="")
    return quoted.replace(".", "%2E") if not name.strip(".") else quoted
