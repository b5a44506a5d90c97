"""Single probes on the way to a site, each bounded in time; their errors are those of every other request.

They only add evidence: requests of the program itself do not use them.
"""

import asyncio
import socket
import time
from collections.abc import Iterable

import httpx

from drtui.api import http_errors, network_errors, redirects, tls
from drtui.api.error_texts import ERROR_TEXTS, make_error
from drtui.api.errors import ApiError, Refused, RequestInfo, SignInNeeded
from drtui.api.proxies import Proxy, choose_proxy
from drtui.api.transport import CONNECT_TIMEOUT, ISSUER_TIMEOUT, Transport
from drtui.core.formatting.text import cut, sanitize
from drtui.core.model.address import Address
from drtui.core.model.connection_facts import Attempt, Certificate, FirstAnswer, ProxyChoice
from drtui.core.model.failure import Failure, FailureKind

MAX_ADDRESSES = 8
"""Addresses of one name that are tried."""

HEADER_CELLS = 80
"""Width in cells to which the value of a header is cut."""


def site_port(address: Address) -> tuple[str, int]:
    """Return host and port of a site."""
    url = httpx.URL(address.url)
    return url.host, url.port or {"http": 80, "https": 443}[url.scheme]


def proxy_choice(address: Address) -> ProxyChoice:
    """Return the proxy in use for a site, and why or why not.

    Raises:
        ProxyError: the variable that names the proxy cannot be read.
    """
    proxy, reason = choose_proxy(address.url)
    return ProxyChoice(proxy.host if proxy is not None else "", reason)


def first_hop(address: Address) -> tuple[str, int, RequestInfo]:
    """Return host and port that the first TCP connection goes to, and the request for its errors.

    Raises:
        ProxyError: the variable that names the proxy cannot be read.
    """
    proxy, _ = choose_proxy(address.url)
    request = RequestInfo(address.admin_url, address.host, proxy=proxy.host if proxy is not None else "")
    host, port = site_port(address) if proxy is None else _proxy_port(proxy)
    return host, port, request


def _proxy_port(proxy: Proxy) -> tuple[str, int]:
    """Return host and port of a proxy."""
    url = httpx.URL(proxy.url.reveal())
    return url.host, url.port or {"http": 80, "https": 443}.get(url.scheme, 1080)


async def look_up(host: str, port: int, request: RequestInfo, seconds: float) -> tuple[str, ...]:
    """Return the IP addresses of a host, within `seconds`.

    Raises:
        ApiError: it has none, or no name server answered in time.
    """
    error: ApiError
    try:
        async with asyncio.timeout(min(seconds, CONNECT_TIMEOUT)):
            entries = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except TimeoutError:
        error = make_error("proxy" if request.proxy else "dns: offline", request, "no name server answered in time")
    except (OSError, UnicodeError) as failure:
        error = network_errors.error_from_exception(failure, request)
    else:
        return tuple(dict.fromkeys(str(entry[4][0]) for entry in entries))
    raise error


async def connect(addresses: Iterable[str], port: int, request: RequestInfo, seconds: float) -> tuple[Attempt, ...]:
    """Open and close a TCP connection to each address, side by side, within `seconds`."""
    limit = min(seconds, CONNECT_TIMEOUT)
    attempts = (_attempt(address, port, request, limit) for address in tuple(addresses)[:MAX_ADDRESSES])
    return tuple(await asyncio.gather(*attempts))


async def _attempt(address: str, port: int, request: RequestInfo, limit: float) -> Attempt:
    """Open and close one TCP connection."""
    started, failure = time.monotonic(), None
    try:
        async with asyncio.timeout(limit):
            _, writer = await asyncio.open_connection(address, port)
        writer.close()
    except TimeoutError:
        failure = make_error("timeout: connecting", request).failure
    except OSError as refused:
        connect_error = httpx.ConnectError(str(refused))
        connect_error.__cause__ = refused
        failure = network_errors.error_from_exception(connect_error, request).failure
    return Attempt(address, round((time.monotonic() - started) * 1000), failure)


async def presented_certificate(address: Address, seconds: float) -> Certificate | None:
    """Return the certificate of a site, trusted or not, by a connection without proxy, within `seconds`."""
    host, port = site_port(address)
    return await asyncio.to_thread(tls.presented_certificate, host, port, min(ISSUER_TIMEOUT, seconds / 4))


async def ask_without_token(transport: Transport, url: str) -> FirstAnswer:
    """Return the answer to one GET without a token. A site asks for a token, which is no failure."""
    try:
        response = await transport.get_without_token(url)
    except ApiError as unanswered:
        return FirstAnswer(unanswered.failure)
    request = transport.request_info(url)
    location = redirects.redirect_location(response)
    error = (
        http_errors.redirect_error(request, location)
        if location is not None
        else http_errors.error_in(response, request)
    )
    is_asking = isinstance(error, SignInNeeded) or (isinstance(error, Refused) and is_privilege_failure(error.failure))
    stream = response.extensions.get("network_stream")
    connection = stream.get_extra_info("ssl_object") if stream is not None else None

    def header(name: str) -> str:
        return cut(sanitize(request.hide(response.headers.get(name, ""))), HEADER_CELLS)

    return FirstAnswer(
        failure=None if error is None or is_asking else error.failure,
        status=response.status_code,
        server=header("server"),
        challenge=header("www-authenticate"),
        sample=transport.clock_sample(response),
        tls=None if connection is None else tls.tls_facts(connection),
        asks_for_token=is_asking,
    )


def is_privilege_failure(failure: Failure) -> bool:
    """True if the site itself refused an account, not a web tier in front of it."""
    return failure.kind is FailureKind.REFUSED and failure.summary == ERROR_TEXTS[Refused]["privilege"][0]


def is_gateway_failure(failure: Failure) -> bool:
    """True if a web tier in front of the site asks for a sign-in of its own."""
    return failure.kind is FailureKind.REFUSED and failure.summary == ERROR_TEXTS[Refused]["gateway"][0]
