"""Ask one site, and read what it answers: bounded in time and size, tried again where that helps, never astray."""

import asyncio
import contextlib
import io
import logging
import math
import ssl
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from http.cookiejar import CookieJar
from pathlib import Path
from typing import TypeVar
from weakref import WeakKeyDictionary

import httpx

from drtui import __version__
from drtui.api import body as unpacked
from drtui.api import network_errors, redirects, response_errors, tls
from drtui.api.auth import Credentials, TokenAuth
from drtui.api.errors import ApiError
from drtui.api.proxies import Proxy, ProxyError, proxy_for, unreadable_proxy_error
from drtui.api.request_log import ARRIVED, BEGUN, Log, RequestInfo, note_request_sent, note_response_started
from drtui.api.response_metadata import ResponseMetadata
from drtui.core.model.address import Address
from drtui.core.model.backup import Backup
from drtui.core.model.requests import RequestLog
from drtui.core.model.site_clock import ClockSample, clock_sample
from drtui.core.wire.lenient import Json, WireError
from drtui.core.wire.stream import BackupStream

LOGGER = logging.getLogger("drtui")

T = TypeVar("T")

CONNECTIONS = 6
"""Requests side by side: enough for a handful of stores, few enough for a site in trouble."""

CONNECT_TIMEOUT = 5.0
"""Seconds; a host that does not take a connection by then will not."""

CONNECT_SHARE = 0.8
"""Of the time that one method may take: a connection cut off from outside in its handshake would be left open."""

ISSUER_TIMEOUT = 2.0
"""Seconds for asking who signed a certificate: good to know, not worth a wait."""

LARGEST = 512 << 20
"""Bytes, unpacked, that are read at most: of one answer, and of all that are read side by side."""

SMALL = 64 << 10
"""Bytes of an answer that may be decoded at once; more is decoded in a thread, so that keys are answered meanwhile."""

ARRIVAL = "drtui.arrival"
"""Under this name, a request carries what takes in its answer while it comes."""

ATTEMPTS = 3
RETRIED = frozenset({429, 502, 503, 504})
MOST_REDIRECTS = 3
LONGEST_WAIT = 10.0
"""Seconds that the server may ask to wait."""


class RetryableError(Exception):
    """An answer or a failure that may be different the next time.

    Args:
        error: what it is if it stays.
        wait: seconds that the server asked to wait; 0 for none.
    """

    def __init__(self, error: ApiError, wait: float = 0.0) -> None:
        self.error, self.wait = error, wait
        super().__init__()


class NoCookies(CookieJar):
    """A jar that takes no cookie: the API needs none, and the standard library prints a traceback for an odd one."""

    def extract_cookies(self, response: object, request: object) -> None:
        """Leave the cookies of an answer alone."""


class Transport:
    """The way to one site. `open` it first, `close` it last; `Deployment` says what the arguments are."""

    def __init__(
        self,
        address: Address,
        credentials: Credentials,
        *,
        ca_file: Path | None,
        insecure: bool,
        trust: Awaitable[ssl.SSLContext] | None,
        timeout: float,
        transport: httpx.AsyncBaseTransport | None,
        clock: Callable[[], int],
        on_request: Callable[[RequestLog], None] | None,
        largest: int | None = None,
    ) -> None:
        self.address, self.timeout = address, timeout
        self.auth = TokenAuth(address, credentials, clock, self._read)
        self._ca_file, self._insecure, self._trust, self._transport = ca_file, insecure, trust, transport
        self._clock = clock
        self._log, self._largest = Log(on_request), LARGEST if largest is None else largest
        self._proxy: Proxy | None = None
        self._refresh, self._end = 0.0, math.inf
        """Seconds that a refresh may take, and when the present one ends, as the loop tells time."""
        self._client: httpx.AsyncClient | None = None
        self._issuer: str | None = None
        self._asking_issuer = asyncio.Lock()
        self._decoding = asyncio.Lock()
        self._held: WeakKeyDictionary[httpx.Response, int] = WeakKeyDictionary()
        """Bytes of each answer that is in memory at this moment."""

    def asked(self, url: str, method: str = "GET") -> RequestInfo:
        """A request of this site, for an error to tell."""
        proxy = self._proxy.host if self._proxy is not None else ""
        within = self.auth.hide(url.removeprefix(self.address.url))  # a redirect may have led to it
        shown = self.address.url + within if url.startswith(self.address.url) else within
        return RequestInfo(shown, self.address.host, method, proxy, self.auth.secrets)

    async def open(self) -> None:
        """Make the client; the TLS context in a thread, as it takes a while.

        Raises:
            ApiError: the authorities to trust, a proxy, or the host's name are unusable.
        """
        error: ApiError
        try:
            verify = await (
                self._trust or asyncio.to_thread(tls.create_tls_context, self._ca_file, insecure=self._insecure)
            )
            self._proxy = proxy_for(self.address.url) if self._transport is None else None
            for password in self._proxy.passwords if self._proxy else ():
                self.auth.secrets.add(password)
            self._client = httpx.AsyncClient(
                auth=self.auth,
                verify=verify,
                transport=self._transport,
                proxy=None if self._proxy is None else _as_httpx(self._proxy, verify),
                timeout=httpx.Timeout(None, connect=min(CONNECT_TIMEOUT, self.timeout * CONNECT_SHARE)),
                limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
                headers={
                    "Accept": "application/json",
                    "Accept-Encoding": unpacked.ACCEPTED,
                    "Cache-Control": "no-cache",
                    "User-Agent": f"drtui/{__version__}",
                },
                cookies=NoCookies(),
                event_hooks={
                    "request": [note_request_sent],
                    "response": [note_response_started, redirects.hide_location_header],
                },
                trust_env=False,
            )
        except tls.CaFileError as unreadable:
            error = network_errors.ca_file_error(unreadable)
        except ProxyError as misspelled:
            error = network_errors.proxy_error(misspelled)
        except (ImportError, ValueError, httpx.InvalidURL) as unusable:
            error = network_errors.setup_error(str(unusable), self.asked(self.address.admin_url))
        except Exception as unforeseen:  # noqa: BLE001 - see `value`
            error = self._unforeseen(unforeseen, self.address.admin_url)
        else:
            return
        raise error

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            with contextlib.suppress(Exception):  # one that does not close in order is closed all the same
                await self._client.aclose()

    def begin_refresh(self, seconds: float) -> None:
        """Begin a refresh: until `end_refresh`, nothing is waited for longer than these seconds from now on."""
        self.auth.begin_refresh()
        self._refresh, self._end = seconds, asyncio.get_running_loop().time() + seconds

    def end_refresh(self) -> None:
        """Bound each method by its own time again."""
        self._end = math.inf

    @property
    def _left(self) -> float:
        """The seconds that one method may take: its own time, and no more than is left of the refresh."""
        return min(self.timeout, self._end - asyncio.get_running_loop().time())

    async def with_timeout(self, asking: Coroutine[None, None, T], url: str) -> T:
        """What `asking` brings within the time that one method may take.

        Raises:
            Unreachable: time is up.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._left):
                return await asking
        raise self._late(url)

    def _late(self, url: str) -> ApiError:
        """Return the failure of a method whose time, or that of the whole refresh, is up."""
        over = self._left <= 0
        return (
            network_errors.refresh_timeout_error(self.asked(url), self._refresh)
            if over
            else network_errors.timeout_error(self.asked(url))
        )

    async def backups(
        self, path: str, store: str | None, known: Sequence[Backup], marks: ResponseMetadata | None = None
    ) -> tuple[Backup, ...]:
        """The backups at `path`, listed under `store`; with None, each under the store that its record names.

        Of those that are known, the ones that are still the same are kept.

        Raises:
            ApiError: there is no list to be had.
        """
        arrival = BackupStream(store, known=known, secrets=self.auth.secrets)
        return await self.value(path, arrival.whole, arrival, marks)

    async def value(
        self,
        path: str,
        decode: Callable[[Json], T],
        arrival: BackupStream | None = None,
        marks: ResponseMetadata | None = None,
    ) -> T:
        """The value of the resource at `path` below the API's root; `arrival` takes it in while it comes.

        What the answer says of itself is noted in `marks`. Every exception on the way of an answer becomes the failure
        of its resource here, whichever library raised it: one odd answer must not end the program.

        Raises:
            ApiError: there is none to be had.
        """
        url = self.address.admin_url + path
        try:
            return await self._value(url, decode, arrival, marks)
        except ApiError as error:
            # Below here, variables hold requests and answers: a crash report that shows them must not get to see any.
            bare = error.with_traceback(None)
        except Exception as error:  # noqa: BLE001 - no library documents all that it raises
            bare = self._unforeseen(error, url)
        raise bare

    def _unforeseen(self, error: Exception, url: str) -> ApiError:
        """Log where an exception came from that nobody expects, and return the failure of its resource."""
        from drtui.crash_report import crash_report  # noqa: PLC0415 - seldom needed

        asked = self.asked(url)
        LOGGER.error("%s: %s", asked.request, crash_report(error))
        return network_errors.unexpected_error(error, asked)

    async def _value(
        self, url: str, decode: Callable[[Json], T], arrival: BackupStream | None, marks: ResponseMetadata | None
    ) -> T:
        tried: list[ApiError] = []
        with contextlib.suppress(TimeoutError):
            if self._left <= 0:
                raise TimeoutError
            async with asyncio.timeout(self._left):
                response = await self._got(url, tried, arrival)
                if len(response.content) <= SMALL:
                    value = response_errors.decode_response(response, decode, self.asked(url), marks)
                else:
                    async with self._decoding:  # what is decoded takes many times the room: one after another
                        value = await asyncio.to_thread(
                            response_errors.decode_response, response, decode, self.asked(url), marks
                        )
                    self._held.pop(response, None)  # the thread lets go of it only when it gets to that
                if marks is not None:
                    marks.sample = self._sample(response)
                return value
        raise tried[-1] if tried else self._late(url)

    def _sample(self, response: httpx.Response) -> ClockSample | None:
        """Return what an accepted answer says of the site's clock."""
        came = response.extensions[ARRIVED]
        received = self._clock() - round((time.monotonic() - came) * 1000)
        sent = received - round((came - response.request.extensions[BEGUN]) * 1000)
        return clock_sample(response.status_code, response.headers, sent, received)

    async def _got(self, url: str, tried: list[ApiError], arrival: BackupStream | None) -> httpx.Response:
        """The answer to one GET, asked for again where that may help; `tried` takes what came of it before."""
        end = time.monotonic() + self._left

        def worth_it(error: Exception) -> bool | float:
            """Whether to try again; the seconds to wait, if the server asked for some."""
            if not isinstance(error, RetryableError):
                return False
            tried.append(error.error)
            return time.monotonic() + error.wait < end and (error.wait or True)

        try:
            return await self._tried(url, arrival)
        except RetryableError as first:
            failed: RetryableError | None = first
        from drtui.api.retries import retries  # noqa: PLC0415 - what is seldom needed takes longer to load than to ask

        with contextlib.suppress(RetryableError):
            async for attempt in retries(worth_it, ATTEMPTS):
                with attempt:
                    if failed is not None:  # the first attempt was that one
                        error, failed = failed, None
                        raise error
                    return await self._tried(url, arrival)
        raise tried[-1]

    async def _tried(self, url: str, arrival: BackupStream | None) -> httpx.Response:
        """The answer to one GET, redirects within the site followed."""
        target = httpx.URL(url, params={"f": "json"})
        for _ in range(MOST_REDIRECTS + 1):
            response = await self._sent(target, arrival)
            if response.status_code in RETRIED:
                error = response_errors.error_in(response, self.asked(url)) or response_errors.error_from_page(
                    response, self.asked(url)
                )
                raise RetryableError(error, retry_after_seconds(response))
            location = redirects.redirect_location(response)
            if location is None:
                return response
            within = redirects.redirect_within_site(target, location)
            if within is None:
                raise response_errors.redirect_error(self.asked(url), location)
            target = within
        raise response_errors.redirect_error(self.asked(url), "in a circle")

    async def _sent(self, url: httpx.URL, arrival: BackupStream | None) -> httpx.Response:
        """One request and its whole answer."""
        if self._client is None:
            raise RuntimeError("use the deployment as a context manager")
        started = time.monotonic()
        try:
            return await self._client.get(url, extensions={ARRIVAL: arrival})
        except asyncio.CancelledError:  # time is up, or nobody wants to know any more
            self._log.unanswered(self.asked(str(url.copy_with(query=None))), started, "cancelled")
            raise
        except (httpx.HTTPError, OSError, UnicodeError) as caught:
            if isinstance(caught, UnicodeError) and not network_errors.is_bad_host_name(caught):
                raise
            failure = caught
        asked = self._failed(failure, url)
        error = network_errors.error_from_exception(failure, asked, await self._signer(failure))
        self._log.unanswered(asked, started, error.trouble.code)
        if asked.method == "GET" and network_errors.is_connection_lost(failure):
            raise RetryableError(error)
        raise error

    def _failed(self, failure: Exception, url: httpx.URL) -> RequestInfo:
        """The request that a failure befell: the sign-in may have come before the one that was asked for."""
        request = failure.request if isinstance(failure, httpx.RequestError) else httpx.Request("GET", url)
        return self.asked(str(request.url.copy_with(query=None)), request.method)

    async def _signer(self, failure: Exception) -> str:
        """Who signed the site's certificate, if that is what is wrong; found out once, and not through a proxy."""
        if network_errors.certificate_error(failure) is None or self._proxy is not None:
            return ""
        async with self._asking_issuer:
            if self._issuer is None:
                here = httpx.URL(self.address.url)
                limit = min(ISSUER_TIMEOUT, self.timeout / 4)
                self._issuer = await asyncio.to_thread(tls.certificate_issuer, here.host, here.port or 443, limit)
        return self._issuer

    async def _read(self, response: httpx.Response) -> None:
        """Read the body of an answer, unless it is larger than it may be: httpx itself would read on for ever."""
        url = str(response.request.url.copy_with(query=None))
        asked = self.asked(url, response.request.method)
        if not response.is_stream_consumed:
            response._content = await self._body(response, asked)  # noqa: SLF001 - what aread() does, with a bound
            response.stream = httpx.ByteStream(b"")  # the one that was read refers back: the body would stay in memory
        self._log.answered(asked, response, response_errors.error_in(response, asked))

    async def _body(self, response: httpx.Response, asked: RequestInfo) -> bytes:
        """The body of an answer, without what was taken out of it while it came."""
        body, size = io.BytesIO(), 0
        arrival: BackupStream | None = response.request.extensions.get(ARRIVAL) if response.is_success else None
        if arrival is not None:
            arrival.begin()
        try:
            async for piece in unpacked.iter_chunks(response):
                size += len(piece)
                self._held[response] = size
                if self._is_too_much(size):
                    del self._held[response]
                    raise response_errors.too_large_error(asked, self._largest)
                body.write(piece if arrival is None else arrival.feed(piece))
            body.write(b"" if arrival is None else arrival.end())
        except WireError as wrong:
            raise response_errors.unexpected_shape_error(asked, str(wrong)) from None
        return body.getvalue()

    def _is_too_much(self, size: int) -> bool:
        """Whether an answer of which so many bytes have come takes more than its share of what may be held."""
        return sum(self._held.values()) > self._largest and size > self._largest // CONNECTIONS


def _as_httpx(proxy: Proxy, verify: ssl.SSLContext) -> httpx.Proxy:
    """Return a proxy as httpx takes it; one that speaks TLS itself is trusted as the site is.

    Raises:
        ProxyError: it is none after all; the words of httpx may hold its password.
    """
    try:
        url = httpx.URL(proxy.url.reveal())
    except httpx.InvalidURL:
        raise unreadable_proxy_error(proxy.name) from None
    return httpx.Proxy(url, ssl_context=verify if url.scheme == "https" else None)


def retry_after_seconds(response: httpx.Response) -> float:
    """The seconds that the server asks to wait (Retry-After), within reason; dates are left alone."""
    value = response.headers.get("retry-after", "")
    return min(float(value), LONGEST_WAIT) if value.isascii() and value.isdigit() else 0.0
