"""One site over HTTP: a method for each resource, every failure one of `errors`. Reading is all it can do."""

import asyncio
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx
import stamina
from msgspec import Struct

from drtui.api import explain, tls
from drtui.api.auth import Credentials, Token
from drtui.api.errors import ApiError, Missing
from drtui.model import wire
from drtui.model.address import Address, is_loopback
from drtui.model.backup import Backup
from drtui.model.site import DataStore, DrSettings, DrStatus, Job, Schedule, Site, Store
from drtui.model.tolerant import Json, WireError

T = TypeVar("T")

CONNECTIONS = 6
"""Requests side by side: enough for a handful of stores, few enough for a site in trouble."""

CONNECT_TIMEOUT = 5.0
"""Seconds; a host that does not take a connection by then will not."""

SMALL = 64 << 10
"""Bytes of an answer that may be decoded at once; more is decoded in a thread, so that keys are answered meanwhile."""

RETRIES = 3
RETRIED = frozenset({429, 502, 503, 504})
MOST_REDIRECTS = 3

stamina.instrumentation.set_on_retry_hooks([])  # a retry is no news; what fails in the end is


class RequestLog(Struct, frozen=True):
    """One request as it went, without query and secrets."""

    method: str
    url: str
    status: int | None
    took: int
    """Milliseconds."""
    size: int
    """Bytes of the answer."""
    error: str = ""


class _Again(Exception):
    """An answer or a failure that may be different the next time; `error` is what it is if it stays."""

    def __init__(self, error: ApiError, wait: float = 0.0) -> None:
        self.error, self.wait = error, wait
        super().__init__()


class Deployment:
    """A site's administrator API. Use it as an asynchronous context manager.

    Args:
        address: the site.
        credentials: how to sign in.
        ca_file: more authorities to trust.
        insecure: trust anybody.
        timeout: seconds that one method may take, retries included.
        app: an ASGI app to ask instead of the network: the simulated deployment in process.
        clock: the present, epoch ms.
        on_request: told of every request that was made.
    """

    def __init__(
        self,
        address: Address,
        credentials: Credentials,
        *,
        ca_file: Path | None = None,
        insecure: bool = False,
        timeout: float = 30.0,
        app: Any = None,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        on_request: Callable[[RequestLog], None] | None = None,
    ) -> None:
        self.address = address
        self.old_layout: bool | None = None
        """Whether the site has 10.9's addresses (SPEC 0.2); None until it was found out."""
        self._auth = Token(address, credentials, clock)
        self._ca_file, self._insecure, self._timeout = ca_file, insecure, timeout
        self._on_request = on_request
        self._transport = httpx.ASGITransport(app) if app is not None else None
        self._client: httpx.AsyncClient | None = None
        self._one_list: asyncio.Task[tuple[Backup, ...]] | None = None

    @property
    def token_expires(self) -> int | None:
        """When the token ends, epoch ms, if that is known."""
        return self._auth.expires

    async def __aenter__(self) -> Self:
        """Make the client; the TLS context in a thread, as it takes a while.

        Raises:
            ApiError: the file of authorities cannot be read.
        """
        try:
            verify = await asyncio.to_thread(tls.context, self._ca_file, insecure=self._insecure)
        except (OSError, ssl.SSLError) as error:
            raise explain.bad_ca_file(str(self._ca_file), error) from None
        self._client = httpx.AsyncClient(
            auth=self._auth,
            verify=verify,
            transport=self._transport,
            timeout=httpx.Timeout(self._timeout, connect=min(CONNECT_TIMEOUT, self._timeout)),
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            headers={"Accept": "application/json"},
            trust_env=not is_loopback(httpx.URL(self.address.url).host),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._one_list is not None:
            self._one_list.cancel()
        if self._client is not None:
            await self._client.aclose()

    async def site(self) -> Site:
        """The site's root (SPEC 1.1). Like every method here, raises ApiError."""
        return await self._value("", wire.site)

    async def stores(self) -> tuple[Store, ...]:
        """The backup stores (SPEC 1.4)."""
        return await self._value(f"{DR}/stores", wire.stores)

    async def backups(self, store: str) -> tuple[Backup, ...]:
        """The backups in a store (SPEC 1.10); in 10.9's layout, those of the one list that name it."""
        if not self.old_layout:
            try:
                return await self._value(f"{DR}/stores/{_segment(store)}/backups", lambda a: wire.backups(a, store))
            except Missing:
                if self.old_layout is False:
                    raise
                listed = await self._listed_at_once()
                self.old_layout = True
        else:
            listed = await self._listed_at_once()
        return tuple(each for each in listed if each.store == store)

    async def _listed_at_once(self) -> tuple[Backup, ...]:
        """10.9's one list (SPEC 0.2), fetched once however many stores ask for it."""
        if self._one_list is None:
            address = f"{DR}/backuprestore/backups"
            self._one_list = asyncio.create_task(self._value(address, lambda a: wire.backups(a, None)))
        return await self._one_list

    async def status(self) -> DrStatus:
        """The last operation (SPEC 1.3), in either layout."""
        if not self.old_layout:
            try:
                found = await self._value(f"{DR}/status", wire.status)
            except Missing:
                if self.old_layout is False:
                    raise
            else:
                self.old_layout = False
                return found
        found = await self._value(f"{DR}/backuprestore/status", wire.status)
        self.old_layout = True
        return found

    async def backup(self, store: str, name: str) -> Backup:
        """One backup (SPEC 1.11)."""
        branch = "backuprestore" if self.old_layout else f"stores/{_segment(store)}"
        address = f"{DR}/{branch}/backups/{_segment(name)}"
        return await self._value(address, lambda answer: wire.backup(answer, store))

    async def settings(self) -> DrSettings:
        """Staging volume and time limit (SPEC 1.16)."""
        return await self._value(f"{DR}/settings", wire.settings)

    async def schedules(self) -> tuple[Schedule, ...]:
        """The site's tasks (SPEC 1.18), which only the default administrator role may read."""
        return await self._value("/system/tasks", wire.schedules)

    async def jobs(self) -> tuple[str, ...]:
        """The ids of the site's jobs (SPEC 1.17)."""
        return await self._value("/jobs", wire.jobs)

    async def job(self, identity: str) -> Job:
        """One job (SPEC 1.17)."""
        return await self._value(f"/jobs/{_segment(identity)}", wire.job)

    async def data_stores(self) -> tuple[DataStore, ...]:
        """What a backup should cover (SPEC 1.19)."""
        return await self._value("/data", wire.data_stores)

    async def _value(self, path: str, decode: Callable[[Json], T]) -> T:
        """The value of one resource, within the time that one method may take."""
        url = self.address.admin + path
        request = f"GET {url}"
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._got(url)
                if len(response.content) <= SMALL:
                    return _decoded(response, decode, request)
                return await asyncio.to_thread(_decoded, response, decode, request)
        except TimeoutError:
            raise explain.timed_out(request, self.address.host) from None

    async def _got(self, url: str) -> httpx.Response:
        """The answer to one GET, tried again where that may help; waits grow and are jittered."""
        try:
            async for attempt in stamina.retry_context(
                on=_wait_of, attempts=RETRIES, timeout=self._timeout, wait_initial=0.3, wait_max=5.0, wait_jitter=0.5
            ):
                with attempt:
                    return await self._tried(url)
        except _Again as last:
            raise last.error from None
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _tried(self, url: str) -> httpx.Response:
        """The answer to one GET, redirects within the site followed."""
        request = f"GET {url}"
        target = httpx.URL(url, params={"f": "json"})
        for _ in range(MOST_REDIRECTS + 1):
            response = await self._sent(target, request)
            where = response.next_request.url if response.next_request is not None else None
            if where is None:
                if response.status_code in RETRIED:
                    raise _Again(explain.of_status(response, request), _retry_after(response))
                return response
            if (where.scheme, where.host, where.port) != (target.scheme, target.host, target.port):
                raise explain.redirected(request, str(where.copy_with(query=None, userinfo=b"")))
            target = where
        raise explain.redirected(request, "in a circle")

    async def _sent(self, url: httpx.URL, request: str) -> httpx.Response:
        """One request and its whole answer."""
        if self._client is None:
            raise RuntimeError("use the deployment as a context manager")
        started = time.monotonic()
        response: httpx.Response | None = None
        error: ApiError | None = None
        try:
            response = await self._client.get(url)
        except httpx.TransportError as failure:
            error = await self._explained(failure, request)
            if error.trouble.code == "dropped":
                raise _Again(error) from None
            raise error from None
        except httpx.DecodingError:
            error = explain.unexpected(request, "it is not compressed as it says")
            raise error from None
        except ApiError as failure:
            error = failure
            raise
        else:
            return response
        finally:
            self._log(url, response, error, started)

    def _log(self, url: httpx.URL, response: httpx.Response | None, error: ApiError | None, started: float) -> None:
        if self._on_request is None:
            return
        took = int((time.monotonic() - started) * 1000)
        status = response.status_code if response is not None else None
        size = response.num_bytes_downloaded if response is not None else 0
        plain = str(url.copy_with(query=None))
        self._on_request(RequestLog("GET", plain, status, took, size, error.trouble.code if error else ""))

    async def _explained(self, failure: httpx.TransportError, request: str) -> ApiError:
        """What a failure of the transport means; for a certificate that is not trusted, who signed it."""
        error = explain.of_transport(failure, request, self.address.host)
        if error.trouble.code != "tls":
            return error
        here = httpx.URL(self.address.url)
        issuer = await asyncio.to_thread(tls.issuer, here.host, here.port or 443, CONNECT_TIMEOUT)
        return explain.of_transport(failure, request, self.address.host, issuer) if issuer else error


DR = "/system/disasterrecovery"


def _segment(name: str) -> str:
    """A name as one segment of a path."""
    return quote(name.encode("utf-8", "replace"), safe="")


def _wait_of(error: Exception) -> bool | float:
    """Whether to try again; the seconds that the server asked to wait, if it did."""
    return (error.wait or True) if isinstance(error, _Again) else False


def _retry_after(response: httpx.Response) -> float:
    """The seconds that the server asks to wait, within reason; dates are left alone."""
    value = response.headers.get("retry-after", "")
    return min(float(value), 10.0) if value.isdigit() else 0.0


def _decoded(response: httpx.Response, decode: Callable[[Json], T], request: str) -> T:
    """The value in an answer; its errors in the order of SPEC 3."""
    try:
        answer = wire.document(response.content)
    except WireError as error:
        looks_like_json = response.headers.get("content-type", "").startswith("application/json")
        if looks_like_json and response.is_success:
            raise explain.unexpected(request, str(error)) from None
        raise explain.of_status(response, request) from None
    refusal = wire.refusal(answer)
    if refusal is not None:
        raise explain.of_refusal(refusal, request)
    if not response.is_success:
        raise explain.of_status(response, request)
    try:
        return decode(answer)
    except WireError as error:
        raise explain.unexpected(request, str(error)) from None
