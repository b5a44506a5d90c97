"""Single probes on the way to a site, each bounded in time; their errors are those of every other request.

They only add evidence: requests of the program itself do not use them.
"""

import asyncio
import socket
import time
from collections.abc import Iterable
from typing import NamedTuple

import httpx

from drtui.api import http_errors, network_errors, redirects, tls
from drtui.api.error_texts import ERROR_TEXTS, make_error
from drtui.api.errors import ApiError, Refused, RequestInfo, SignInNeeded
from drtui.api.proxies import Proxy, choose_proxy, unreadable_proxy_error
from drtui.api.transport import CONNECT_TIMEOUT, ISSUER_TIMEOUT, MOST_REDIRECTS, Transport
from drtui.core.formatting.text import cut, sanitize
from drtui.core.model.address import Address
from drtui.core.model.connection_facts import Attempt, Certificate, FirstAnswer, ProxyChoice
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.wire import responses
from drtui.core.wire.lenient import WireError

MAX_ADDRESSES = 8
"""Addresses of one name that are tried."""

HEADER_CELLS = 80
"""Width in cells to which the value of a header is cut."""


def site_port(address: Address) -> tuple[str, int]:
    """Return host and port of a site."""
    url = httpx.URL(address.url)
    return url.host, url.port or {"http": 80, "https": 443}[url.scheme]


class FirstHop(NamedTuple):
    """The end of the first TCP connection on the way to a site: the site itself, or a proxy."""

    host: str
    port: int
    request: RequestInfo
    """The request that errors are about."""
    proxy: ProxyChoice


def first_hop(address: Address) -> FirstHop:
    """Return where the first TCP connection goes to, and why.

    Raises:
        ProxyError: the variable that names the proxy cannot be read.
    """
    proxy, reason = choose_proxy(address.url)
    choice = ProxyChoice(proxy.host if proxy is not None else "", reason)
    host, port = site_port(address) if proxy is None else _proxy_port(proxy)
    return FirstHop(host, port, RequestInfo(address.admin_url, address.host, proxy=choice.host), choice)


def _proxy_port(proxy: Proxy) -> tuple[str, int]:
    """Return host and port of a proxy.

    Raises:
        ProxyError: its address cannot be read.
    """
    try:
        url = httpx.URL(proxy.url.reveal())
    except httpx.InvalidURL:
        raise unreadable_proxy_error(proxy.name) from None
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
    """Return the answer to a GET without a token. A site asks for a token, which is no failure.

    Redirects within the site are followed, as for every other request.
    """
    try:
        response, error = await _follow(transport, url)
    except ApiError as unanswered:
        return FirstAnswer(unanswered.failure)
    request = transport.request_info(url)
    if error is None:
        error = http_errors.error_in(response, request) or _other_server_error(response, request)
    is_asking = isinstance(error, SignInNeeded) or (error is not None and is_privilege_failure(error.failure))
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


async def _follow(transport: Transport, url: str) -> tuple[httpx.Response, ApiError | None]:
    """Return the answer after redirects within the site, and the error of a redirect that is not followed.

    Raises:
        ApiError: nothing answered.
    """
    request, target = transport.request_info(url), httpx.URL(url)
    response = await transport.get_without_token(url)
    for _ in range(MOST_REDIRECTS):
        location = redirects.redirect_location(response)
        if location is None:
            return response, None
        next_url = redirects.redirect_within_site(target, location)
        if next_url is None:
            return response, http_errors.redirect_error(request, location)
        target = next_url
        response = await transport.get_without_token(str(target))
    return response, http_errors.redirect_error(request, "a redirect loop")


def _other_server_error(response: httpx.Response, request: RequestInfo) -> ApiError | None:
    """Return the error for JSON that is not the root of an administrator API; None if it is."""
    try:
        responses.decode_site(responses.parse_document(response.content, secrets=request.secrets))
    except WireError as invalid:
        return make_error("shape", request, str(invalid))
    return None


def is_privilege_failure(failure: Failure) -> bool:
    """True if the site itself refused an account, not a web tier in front of it."""
    return failure.kind is FailureKind.REFUSED and failure.summary == ERROR_TEXTS[Refused]["privilege"][0]


def is_gateway_failure(failure: Failure) -> bool:
    """True if a web tier in front of the site asks for a sign-in of its own."""
    return failure.kind is FailureKind.REFUSED and failure.summary == ERROR_TEXTS[Refused]["gateway"][0]
