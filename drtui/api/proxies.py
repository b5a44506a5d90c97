"""Proxies of the environment: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, read as curl reads them.

NO_PROXY may also hold `*.example.com`, `host:port` and `*` among others, which curl passes over. httpx's own reading
ends the program for an address that is none, and for a network in NO_PROXY.
"""

import ipaddress
import os
import re
import sys
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from drtui.core.model.address import is_loopback
from drtui.core.model.auth import Secret
from drtui.core.model.config import SettingsError

SCHEMES = ("http", "https", "socks5", "socks5h")
PORTS = {"http": 80, "https": 443}
WITH_SETTINGS = {"darwin", "win32"}
"""Systems with a proxy in their own settings."""

SYSTEM = "the proxy of the system settings"
"""Stands for the name of a variable where macOS or Windows itself names the proxy."""


class ProxyError(SettingsError):
    """A variable that names no proxy. The message never holds its value, which may hold a password."""


class Proxy(Struct, frozen=True):
    """A proxy on the way to a site."""

    url: Secret
    """With user name and password."""
    host: str
    """Host and port, for people."""
    name: str
    """The variable that names it."""

    @property
    def passwords(self) -> tuple[Secret, ...]:
        """The password for it, as it is written and as it is meant; none if there is none."""
        written = self.url.reveal().rpartition("@")[0].partition("://")[2].partition(":")[2]
        return tuple(Secret(each) for each in {written, unquote(written)} if each)


def proxy_for(url: str) -> Proxy | None:
    """Return the proxy that the environment prescribes for `url`; None if there is none in between.

    Raises:
        ProxyError: it cannot be read as an address.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    if is_loopback(host):
        return None
    named = _variable(f"{parts.scheme}_proxy") or _variable("all_proxy") or _of_system(parts.scheme, host)
    if named is None or _is_exempt(host, port, (_variable("no_proxy") or ("", ""))[1]):
        return None
    return _parsed(*named)


def _variable(name: str) -> tuple[str, str] | None:
    """Return the name and the value of a variable that is not empty, in lower case first; else None."""
    for spelling in (name, name.upper()):
        value = os.environ.get(spelling, "").strip()
        if value:
            return spelling, value
    return None


def _of_system(scheme: str, host: str) -> tuple[str, str] | None:
    """Return what the settings of macOS or Windows say, where no variable says anything."""
    if sys.platform not in WITH_SETTINGS:
        return None
    import urllib.request  # noqa: PLC0415 - takes long to load, and only these need it

    value = urllib.request.getproxies().get(scheme)
    return None if not value or urllib.request.proxy_bypass(host) else (SYSTEM, value)


def _is_exempt(host: str, port: int, no_proxy: str) -> bool:
    """True if NO_PROXY names the host, its domain or its network, with its port or without, or everything by `*`."""
    return any(_names(entry, host.rstrip(".").lower(), port) for entry in re.split(r"[\s,]+", no_proxy.lower()))


def _names(entry: str, host: str, port: int) -> bool:
    """True if one entry of NO_PROXY names the host."""
    if entry == "*":
        return True
    with_port = re.fullmatch(r"(\[[^\]]*\]|[^:]*):(\d{1,5})", entry)
    if with_port is not None:
        entry = with_port[1]
        if int(with_port[2]) != port:
            return False
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        domain = entry.removeprefix("*").lstrip(".").rstrip(".")
        return bool(domain) and f".{host}".endswith(f".{domain}")
    try:
        return address in ipaddress.ip_network(entry.replace("[", "").replace("]", ""), strict=False)
    except ValueError:
        return False


def _parsed(name: str, value: str) -> Proxy:
    """Return the proxy that a variable names.

    Raises:
        ProxyError: it names none.
    """
    scheme, _, rest = value.partition("://") if re.match(r"[\w+.-]*://", value) else ("http", "", value)
    if scheme.lower() not in SCHEMES:
        raise ProxyError(f"{name} names a kind of proxy that is not known; known are {', '.join(SCHEMES)}")
    authority, _, tail = re.sub(r"[/?#\\]", "/", rest).partition("/")
    credentials, at, where = authority.rpartition("@")
    host = re.fullmatch(r"(\[[^\]]+\]|[\w.-]+)(?::(\d{1,5}))?", where)
    port = int(host[2]) if host and host[2] else 1
    is_whole = host is not None and _is_host(host[1]) and 0 < port < 1 << 16 and "@" not in tail
    if not is_whole or not value.isprintable() or " " in value:
        raise unreadable_proxy_error(name)
    return Proxy(Secret(f"{scheme.lower()}://{credentials}{at}{where}"), where, name)


def unreadable_proxy_error(name: str) -> ProxyError:
    """Return the error for the variable `name` whose value is no address."""
    return ProxyError(
        f"{name} cannot be read as an address. Write http://user:password@host:port, and percent-encode "
        "# / ? @ and blanks in user name and password (%23 %2F %3F %40 %20)."
    )


def _is_host(name: str) -> bool:
    """True if a name can be that of a host; one in brackets has to be an address of IPv6."""
    if not name.startswith("["):
        return all(0 < len(label) < 64 for label in name.rstrip(".").split("."))
    try:
        return ipaddress.ip_address(name[1:-1]).version == 6
    except ValueError:
        return False
