"""Read proxies from the environment: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, with the rules of curl.

NO_PROXY may also contain `*.example.com`, `host:port` and, in a list, `*`, which curl ignores. httpx's own reading
raises errors for an unreadable address and for a network in NO_PROXY.
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
PLATFORMS_WITH_PROXY_SETTINGS = {"darwin", "win32"}
"""Platforms whose system settings may name a proxy."""

SYSTEM = "the proxy of the system settings"
"""Used instead of a variable's name where the settings of macOS or Windows name the proxy."""


class ProxyError(SettingsError):
    """A variable that cannot be read as the address of a proxy.

    The message never contains its value: it may hold a password.
    """


class Proxy(Struct, frozen=True):
    """A proxy between this machine and a site."""

    url: Secret
    """Address with user name and password."""
    host: str
    """Host and port, for messages."""
    name: str
    """Variable that names it."""

    @property
    def passwords(self) -> tuple[Secret, ...]:
        """Passwords of the proxy, percent-encoded as written and decoded; empty if it has none."""
        password = self.url.reveal().rpartition("@")[0].partition("://")[2].partition(":")[2]
        return tuple(Secret(spelling) for spelling in {password, unquote(password)} if spelling)


def proxy_for(url: str) -> Proxy | None:
    """Return the proxy that the environment names for `url`; None for a direct connection.

    Raises:
        ProxyError: the value of the variable cannot be read as an address.
    """
    return choose_proxy(url)[0]


def choose_proxy(url: str) -> tuple[Proxy | None, str]:
    """Return the proxy that the environment names for `url`, None for a direct connection, and the reason.

    Raises:
        ProxyError: the value of the variable cannot be read as an address.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    if is_loopback(host):
        return None, f"{host} is this machine, and never reached through a proxy"
    names = f"{parts.scheme}_proxy", "all_proxy"
    variable = _variable(names[0]) or _variable(names[1]) or _system_proxy(parts.scheme, host)
    if variable is None:
        return None, f"neither {names[0].upper()} nor {names[1].upper()} is set"
    exempt, no_proxy = _variable("no_proxy") or ("NO_PROXY", "")
    if _is_exempt(host, port, no_proxy):
        return None, f"{variable[0]} is set, but {exempt} contains {host}"
    return _parse_proxy(*variable), f"{variable[0]} is set, and {exempt} does not contain {host}"


def _variable(name: str) -> tuple[str, str] | None:
    """Return the name and the value of a variable that is set, lower case first; else None."""
    for spelling in (name, name.upper()):
        value = os.environ.get(spelling, "").strip()
        if value:
            return spelling, value
    return None


def _system_proxy(scheme: str, host: str) -> tuple[str, str] | None:
    """Return the proxy in the settings of macOS or Windows, for when no variable is set."""
    if sys.platform not in PLATFORMS_WITH_PROXY_SETTINGS:
        return None
    import urllib.request

    value = urllib.request.getproxies().get(scheme)
    return None if not value or urllib.request.proxy_bypass(host) else (SYSTEM, value)


def _is_exempt(host: str, port: int, no_proxy: str) -> bool:
    """True if NO_PROXY contains the host, its domain or its network, with or without the port, or `*`."""
    return any(_entry_matches(entry, host.rstrip(".").lower(), port) for entry in re.split(r"[\s,]+", no_proxy.lower()))


def _entry_matches(entry: str, host: str, port: int) -> bool:
    """True if one entry of NO_PROXY matches the host."""
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


def _parse_proxy(name: str, value: str) -> Proxy:
    """Return the proxy that a variable names.

    Raises:
        ProxyError: its value cannot be read as an address.
    """
    scheme, _, rest = value.partition("://") if re.match(r"[\w+.-]*://", value) else ("http", "", value)
    if scheme.lower() not in SCHEMES:
        raise ProxyError(f"cannot use {name}: unknown kind of proxy. Use {', '.join(SCHEMES)}.")
    authority, _, tail = re.sub(r"[/?#\\]", "/", rest).partition("/")
    credentials, at, host_and_port = authority.rpartition("@")
    host = re.fullmatch(r"(\[[^\]]+\]|[\w.-]+)(?::(\d{1,5}))?", host_and_port)
    port = int(host[2]) if host and host[2] else 1
    is_whole = host is not None and _is_host(host[1]) and 0 < port < 1 << 16 and "@" not in tail
    if not is_whole or not value.isprintable() or " " in value:
        raise unreadable_proxy_error(name)
    return Proxy(Secret(f"{scheme.lower()}://{credentials}{at}{host_and_port}"), host_and_port, name)


def unreadable_proxy_error(name: str) -> ProxyError:
    """Return the error for the variable `name` whose value cannot be read as an address."""
    return ProxyError(
        f"cannot read {name} as an address. Write http://user:password@host:port, and percent-encode "
        "# / ? @ and blanks in user name and password (%23 %2F %3F %40 %20)."
    )


def _is_host(name: str) -> bool:
    """True if a name can be that of a host. In brackets, it must be an IPv6 address."""
    if not name.startswith("["):
        return all(0 < len(label) < 64 for label in name.rstrip(".").split("."))
    try:
        return ipaddress.ip_address(name[1:-1]).version == 6
    except ValueError:
        return False
