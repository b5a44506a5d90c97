"""HTTP to one site: limited in time and size, retried where that helps, and never sent to another host."""

import asyncio
import contextlib
import io
import logging
import math
import ssl
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from http.cookiejar import CookieJar
from typing import TypeVar
from weakref import WeakKeyDictionary

import httpx
from httpx import ASGITransport

from drtui import __version__
from drtui.api import body as unpacked
from drtui.api import http_errors, network_errors, redirects, tls
from drtui.api.auth import EARLY, Credentials, TokenAuth, Unsigned
from drtui.api.error_texts import make_error
from drtui.api.errors import ApiError, RequestInfo
from drtui.api.proxies import Proxy, ProxyError, proxy_for, unreadable_proxy_error
from drtui.api.response_metadata import ResponseMetadata
from drtui.core.model.address import Address
from drtui.core.model.auth import ClientCertificate
from drtui.core.model.requests import Request
from drtui.core.model.site_clock import ClockSample, clock_sample
from drtui.core.wire.lenient import Json, WireError
from drtui.core.wire.stream import BackupStream

LOGGER = logging.getLogger("drtui")

T = TypeVar("T")

CONNECTIONS = 6
"""Concurrent requests: enough for a handful of stores, few enough for a site in trouble."""

CONNECT_TIMEOUT = 5.0
"""Seconds to open a connection; a slower host will not answer at all."""

CONNECT_SHARE = 0.8
"""Share of a method's time for opening the connection: httpx leaks a connection cancelled during its handshake."""

ISSUER_TIMEOUT = 2.0
"""Seconds to find the issuer of an untrusted certificate; useful, but not worth a longer wait."""

LARGEST = 512 << 20
"""Limit in unpacked bytes of one response, and of all concurrent responses together."""

SMALL = 64 << 10
"""Bytes up to which a response is decoded in the event loop. Larger ones go to a thread, so that keys are answered."""

SENT_AT = "drtui.begun"
"""Key of a request's extensions for the time when it was sent (time.monotonic)."""

HEADERS_AT = "drtui.arrived"
"""Key of a response's extensions for the time when its headers arrived (time.monotonic)."""

ARRIVAL = "drtui.arrival"
"""Key of a request's extensions for the stream that parses the response while it arrives."""

ATTEMPTS = 3
RETRIED = frozenset({429, 502, 503, 504})
MOST_REDIRECTS = 3
LONGEST_WAIT = 10.0
"""Longest wait requested by the server (Retry-After) that is honoured, seconds."""


class RetryableError(Exception):
    """A response or a failure that may be different on the next attempt.

    Args:
        error: the error if no attempt succeeds.
        wait: seconds that the server asked to wait; 0 for none.
    """

    def __init__(self, error: ApiError, wait: float = 0.0) -> None:
        self.error, self.wait = error, wait
        super().__init__()


async def note_request_sent(request: httpx.Request) -> None:
    """Record when a request is sent."""
    request.extensions = {**request.extensions, SENT_AT: time.monotonic()}


async def note_response_started(response: httpx.Response) -> None:
    """Record when the headers of a response arrived."""
    response.extensions[HEADERS_AT] = time.monotonic()


class NoCookies(CookieJar):
    """A cookie jar that stores nothing: the standard library prints tracebacks for odd cookies."""

    def extract_cookies(self, response: object, request: object) -> None:
        """Ignore the cookies of a response."""


class Transport:
    """HTTP connections to one site. Call `open` first and `close` last.

    Args:
        address: the site.
        credentials: the account.
        trust: returns the TLS context. Making one is slow and can be started before httpx is loaded.
        timeout: seconds that one method may take, retries included.
        transport: another httpx transport to use instead of the network.
        clock: returns the present, epoch ms.
        on_request: called for every request made, sign-ins included.
        largest: limit for unpacked responses, bytes; `LARGEST` by default.
        certificate: the client certificate that `trust` presents, for error messages.
        attempts: number of times that a GET is sent at most.
    """

    def __init__(
        self,
        address: Address,
        credentials: Credentials,
        *,
        trust: Awaitable[ssl.SSLContext] | None = None,
        timeout: float = 30.0,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        on_request: Callable[[Request], None] = lambda _: None,
        largest: int | None = None,
        certificate: ClientCertificate | None = None,
        attempts: int = ATTEMPTS,
    ) -> None:
        self.address, self.timeout = address, timeout
        self.auth = TokenAuth(address, credentials, clock, self._read_body)
        self._trust, self._transport, self._clock = trust, transport, clock
        self._on_request, self._largest = on_request, LARGEST if largest is None else largest
        self._certificate_file = "" if certificate is None else str(certificate.cert)
        if certificate is not None and certificate.key_password is not None:
            self.auth.secrets.add(certificate.key_password)
        self._attempts = attempts
        self._proxy: Proxy | None = None
        self._tls: ssl.SSLContext | None = None
        self._refresh_seconds, self._refresh_end = 0.0, math.inf
        """Time limit of the current refresh in seconds, and its end by the event loop's clock."""
        self._client: httpx.AsyncClient | None = None
        self._issuer: str | None = None
        self._issuer_lock = asyncio.Lock()
        self._rejection: OSError | None = None
        self._may_be_rejected = True
        """True until the site has answered, or a lost connection was looked into."""
        self._decoding_lock = asyncio.Lock()
        self._sizes: WeakKeyDictionary[httpx.Response, int] = WeakKeyDictionary()
        """Bytes in memory of each response being read or decoded."""

    @property
    def now(self) -> int:
        """The present, epoch ms."""
        return self._clock()

    def request_info(self, url: str, method: str = "GET") -> RequestInfo:
        """Return the description of a request to this site, for errors and the log."""
        proxy = self._proxy.host if self._proxy is not None else ""
        path = self.auth.secrets.hide(url.removeprefix(self.address.url))  # a redirect may have added a secret
        masked = self.address.url + path if url.startswith(self.address.url) else path
        return RequestInfo(masked, self.address.host, method, proxy, self.auth.secrets, self._certificate_file)

    async def open(self) -> None:
        """Create the httpx client; the TLS context in a thread, as that is slow.

        Raises:
            ApiError: certificate authorities, proxy or host name are unusable.
        """
        error: ApiError
        try:
            self._tls = verify = await (self._trust or asyncio.to_thread(tls.create_tls_context, None))
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
        except ApiError as ca_file_error:
            error = ca_file_error.with_traceback(None)
        except ProxyError as variable_error:
            error = make_error("proxy: variable", reason=variable_error)
        except (ImportError, ValueError, httpx.InvalidURL) as setup_error:
            request = self.request_info(self.address.admin_url)
            error = make_error("proxy" if request.proxy else "address", request, str(setup_error))
        except Exception as unexpected:  # noqa: BLE001 - see `value`
            error = self.unexpected_failure(unexpected, self.address.admin_url)
        else:
            return
        raise error

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            with contextlib.suppress(Exception):  # errors while closing do not matter
                await self._client.aclose()

    @property
    def client(self) -> httpx.AsyncClient:
        """The open httpx client."""
        if self._client is None:
            raise RuntimeError("the transport is not open. Use AdminApi as a context manager.")
        return self._client

    @contextlib.contextmanager
    def refreshing(self, seconds: float) -> Iterator[None]:
        """Let all requests within the block share these seconds and one sign-in."""
        self.auth.begin_refresh()
        self._refresh_seconds, self._refresh_end = seconds, asyncio.get_running_loop().time() + seconds
        try:
            yield
        finally:
            self._refresh_end = math.inf

    @property
    def _seconds_left(self) -> float:
        """Seconds that one method may take: its own limit, and at most what is left of the refresh."""
        return min(self.timeout, self._refresh_end - asyncio.get_running_loop().time())

    async def with_timeout(self, coroutine: Coroutine[None, None, T], path: str) -> T:
        """Return the result of `coroutine`, within the time that one method may take; `path` is for the error.

        Raises:
            Unreachable: the time ran out.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._seconds_left):
                return await coroutine
        raise self._timeout_error(self.address.admin_url + path)

    def _timeout_error(self, url: str) -> ApiError:
        """Return the timeout error of a method, or of the whole refresh if its time is over."""
        condition = "timeout: refresh" if self._seconds_left <= 0 else "timeout"
        return make_error(condition, self.request_info(url), seconds=self._refresh_seconds)

    async def fetch(
        self,
        path: str,
        decode: Callable[[Json], T],
        arrival: BackupStream | None = None,
        metadata: ResponseMetadata | None = None,
        *,
        base: str | None = None,
    ) -> T:
        """Fetch the resource at `path` below `base`, by default the API's root; `arrival` parses it while it arrives.

        `metadata` receives whether the response is partial or cached. Every exception becomes the failure of this
        resource, whichever library raised it: one odd response must not end the program.

        Raises:
            ApiError: the resource could not be fetched.
        """
        url = (self.address.admin_url if base is None else base) + path
        try:
            return await self._fetch(url, decode, arrival, metadata)
        except ApiError as error:
            # Frames below hold requests and responses in their variables: a crash report must not be able to show them.
            failure = error.with_traceback(None)
        except Exception as error:  # noqa: BLE001 - no library documents all that it raises
            failure = self.unexpected_failure(error, url)
        raise failure

    async def get_without_token(self, url: str) -> httpx.Response:
        """Send one GET without a token, for a diagnosis, and return whatever answers; no redirect is followed.

        Raises:
            ApiError: nothing answered.
        """
        error = None
        try:
            async with asyncio.timeout(self._seconds_left):
                request = self.client.build_request("GET", httpx.URL(url).copy_set_param("f", "json"))
                return await self.send(request, Unsigned(self.auth))
        except TimeoutError:
            error = self._timeout_error(url)
        except RetryableError as lost:
            error = lost.error
        except ApiError as failure:
            error = failure.with_traceback(None)
        except Exception as unexpected:  # noqa: BLE001 - no library documents all that it raises
            error = self.unexpected_failure(unexpected, url)
        raise error

    def unexpected_failure(self, error: Exception, url: str) -> ApiError:
        """Log an undocumented exception with its traceback, and return the failure of its resource."""
        from drtui.crash_report import crash_report

        request = self.request_info(url)
        LOGGER.error("%s: %s", request.line, crash_report(error))
        return network_errors.unexpected_error(error, request)

    async def _fetch(
        self, url: str, decode: Callable[[Json], T], arrival: BackupStream | None, metadata: ResponseMetadata | None
    ) -> T:
        failures: list[ApiError] = []
        with contextlib.suppress(TimeoutError):
            if self._seconds_left <= 0:
                raise TimeoutError
            async with asyncio.timeout(self._seconds_left):
                response = await self._get_with_retries(url, failures, arrival)
                if len(response.content) <= SMALL:
                    value = http_errors.decode_response(response, decode, self.request_info(url), metadata)
                else:
                    async with self._decoding_lock:  # decoding takes many times the memory of the body: one at a time
                        value = await asyncio.to_thread(
                            http_errors.decode_response, response, decode, self.request_info(url), metadata
                        )
                    self._sizes.pop(response, None)  # the thread releases its reference too late
                if metadata is not None:
                    metadata.sample = self.clock_sample(response)
                return value
        raise failures[-1] if failures else self._timeout_error(url)

    def clock_sample(self, response: httpx.Response) -> ClockSample | None:
        """Return a sample of the site's clock from an accepted response; None if it contains none."""
        headers_at = response.extensions[HEADERS_AT]
        received = self._clock() - round((time.monotonic() - headers_at) * 1000)
        sent = received - round((headers_at - response.request.extensions[SENT_AT]) * 1000)
        return clock_sample(response.status_code, response.headers, sent, received)

    async def _get_with_retries(
        self, url: str, failures: list[ApiError], arrival: BackupStream | None
    ) -> httpx.Response:
        """Send a GET, and again where that may help; `failures` collects the errors of earlier attempts."""
        end = time.monotonic() + self._seconds_left

        def backoff(error: Exception) -> bool | float:
            """Return whether to retry, or the seconds to wait if the server asked for a wait."""
            if not isinstance(error, RetryableError):
                return False
            failures.append(error.error)
            return time.monotonic() + error.wait < end and (error.wait or True)

        try:
            return await self._get_with_redirects(url, arrival)
        except RetryableError as first:
            if self._attempts == 1:
                raise first.error from None
            first_failure: RetryableError | None = first
        from drtui.api.retries import retries

        with contextlib.suppress(RetryableError):
            async for attempt in retries(backoff, self._attempts):
                with attempt:
                    if first_failure is not None:  # the first attempt was made above
                        error, first_failure = first_failure, None
                        raise error
                    return await self._get_with_redirects(url, arrival)
        raise failures[-1]

    async def _get_with_redirects(self, url: str, arrival: BackupStream | None) -> httpx.Response:
        """Send one GET and follow redirects within the site."""
        target, request = httpx.URL(url, params={"f": "json"}), self.request_info(url)
        for _ in range(MOST_REDIRECTS + 1):
            response = await self._get(target, arrival)
            error = http_errors.error_in(response, request) if response.status_code in RETRIED else None
            if error is not None:
                raise RetryableError(error, retry_after_seconds(response))
            location = redirects.redirect_location(response)
            if location is None:
                return response
            next_url = redirects.redirect_within_site(target, location)
            if next_url is None:
                raise http_errors.redirect_error(request, location)
            target = next_url
        raise http_errors.redirect_error(request, "a redirect loop")

    async def _get(self, url: httpx.URL, arrival: BackupStream | None) -> httpx.Response:
        """Send one request and read its whole response."""
        return await self.send(self.client.build_request("GET", url, extensions={ARRIVAL: arrival}))

    async def send(self, request: httpx.Request, auth: httpx.Auth | None = None) -> httpx.Response:
        """Send a request, by default with the token, and read its whole response. Redirects are not followed.

        Raises:
            ApiError: there is no whole response.
            RetryableError: the connection was lost; only for a GET.
        """
        started = time.monotonic()
        try:
            return await self.client.send(request, auth=httpx.USE_CLIENT_DEFAULT if auth is None else auth)
        except asyncio.CancelledError:  # timed out or cancelled
            self.report(self._describe(request), started, "cancelled")
            raise
        except (httpx.HTTPError, OSError, UnicodeError) as exception:
            if isinstance(exception, UnicodeError) and not network_errors.is_bad_host_name(exception):
                raise
            failure = exception
        if isinstance(failure, httpx.RequestError):  # the sign-in may have been sent before the GET
            request = failure.request
        failed, reason = self._describe(request), await self._rejection_behind(failure)
        error = network_errors.error_from_exception(reason, failed, await self._certificate_issuer(reason))
        self.report(failed, started, error.failure.code)
        # If the early renewal of a token was lost, the GET is sent with the present one, without another renewal.
        may_repeat = failed.method == "GET" or request.extensions.get(EARLY, False)
        if may_repeat and network_errors.is_connection_lost(reason):
            raise RetryableError(error)
        raise error

    def _describe(self, request: httpx.Request) -> RequestInfo:
        """Return the description of a request without its query."""
        return self.request_info(str(request.url.copy_with(query=None)), request.method)

    async def _rejection_behind(self, failure: Exception) -> Exception:
        """Return the rejection that a lost connection hides, else `failure`; looked into once, not through a proxy."""
        if self._proxy is not None or self.address.scheme != "https" or not network_errors.is_connection_lost(failure):
            return failure
        async with self._issuer_lock:
            if self._may_be_rejected and self._tls is not None:
                self._may_be_rejected = False
                host, port, limit = self._endpoint
                self._rejection = await asyncio.to_thread(tls.handshake_rejection, self._tls, host, port, limit)
        return self._rejection or failure

    @property
    def _endpoint(self) -> tuple[str, int, float]:
        """Host and port of the site, and the seconds for a look at its handshake."""
        url = httpx.URL(self.address.url)
        return url.host, url.port or 443, min(ISSUER_TIMEOUT, self.timeout / 4)

    async def _certificate_issuer(self, failure: Exception) -> str:
        """Return the issuer of the site's untrusted certificate, else ""; looked up once, and not through a proxy."""
        if network_errors.find_certificate_error(failure) is None or self._proxy is not None:
            return ""
        async with self._issuer_lock:
            if self._issuer is None:
                self._issuer = await asyncio.to_thread(tls.certificate_issuer, *self._endpoint)
        return self._issuer

    async def _read_body(self, response: httpx.Response) -> httpx.Response:
        """Read the body of a response up to the size limit, and return the response; httpx itself has no limit."""
        request, self._may_be_rejected = self._describe(response.request), False
        if not response.is_stream_consumed:
            response._content = await self._body(response, request)  # noqa: SLF001 - like aread(), with a limit
            response.stream = httpx.ByteStream(b"")  # the old stream would keep the body in memory
        error = http_errors.error_in(response, request)
        code = "" if error is None else error.failure.code
        self.report(request, response.request.extensions[SENT_AT], code, response)
        return response

    def report(self, request: RequestInfo, started: float, code: str, response: httpx.Response | None = None) -> None:
        """Report a request and its result to the listener; `started` in seconds of time.monotonic."""
        duration = round((time.monotonic() - started) * 1000)
        status, size = (None, 0) if response is None else (response.status_code, response.num_bytes_downloaded)
        self._on_request(Request(request.method, request.url, status, duration, size, self._clock(), code))

    async def _body(self, response: httpx.Response, request: RequestInfo) -> bytes:
        """Return the body of a response, without the backups that were parsed while it arrived."""
        body, size = io.BytesIO(), 0
        arrival: BackupStream | None = response.request.extensions.get(ARRIVAL) if response.is_success else None
        if arrival is not None:
            arrival.reset()
        try:
            async for piece in unpacked.iter_chunks(response):
                size += len(piece)
                self._sizes[response] = size
                if self._exceeds_share(size):
                    del self._sizes[response]
                    raise make_error("too-large", request, mebibytes=self._largest >> 20)
                body.write(piece if arrival is None else arrival.feed(piece))
            body.write(b"" if arrival is None else arrival.end())
        except WireError as invalid:
            raise make_error("shape", request, str(invalid)) from None
        return body.getvalue()

    def _exceeds_share(self, size: int) -> bool:
        """True if a response of this size exceeds its share of the memory for all concurrent responses."""
        return sum(self._sizes.values()) > self._largest and size > self._largest // CONNECTIONS


def _as_httpx(proxy: Proxy, verify: ssl.SSLContext) -> httpx.Proxy:
    """Return a proxy in httpx's form; a proxy reached over TLS must have a trusted certificate too.

    Raises:
        ProxyError: httpx cannot read the address. The message of httpx is left out: it may contain the password.
    """
    try:
        url = httpx.URL(proxy.url.reveal())
    except httpx.InvalidURL:
        raise unreadable_proxy_error(proxy.name) from None
    return httpx.Proxy(url, ssl_context=verify if url.scheme == "https" else None)


def retry_after_seconds(response: httpx.Response) -> float:
    """Return the seconds that the server asks to wait (Retry-After), up to `LONGEST_WAIT`; dates are ignored."""
    value = response.headers.get("retry-after", "")
    return min(float(value), LONGEST_WAIT) if value.isascii() and value.isdigit() else 0.0


__all__ = ["ASGITransport", "Transport"]
