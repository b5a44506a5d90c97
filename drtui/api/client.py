"""Client of one site: one method for each resource, each failure an `ApiError`. It can only read.

Methods note in `metadata` whether a response is partial or cached.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from ssl import SSLContext
from typing import Self, TypeVar

import httpx
from msgspec.structs import replace

from drtui.api.auth import Credentials
from drtui.api.errors import ApiError, Missing, Unreadable
from drtui.api.response_metadata import ResponseMetadata
from drtui.api.transport import Transport
from drtui.core.formatting.text import unescape
from drtui.core.model.address import Address, path_segment
from drtui.core.model.auth import AuthState
from drtui.core.model.backup import Backup
from drtui.core.model.requests import RequestLog
from drtui.core.model.site import DataStore, DrSettings, DrStatus, Job, Schedule, Site, Store
from drtui.core.wire import backups as wire_backups
from drtui.core.wire import responses

T = TypeVar("T")

DR = "/system/disasterrecovery"
OLD_DR = f"{DR}/backuprestore"

Application = Callable[..., Coroutine[None, None, None]]
"""An ASGI application."""


class AdminApi:
    """A site's administrator API, used as an asynchronous context manager. Every method may raise ApiError.

    Args:
        address: the site.
        credentials: the account.
        ca_file: additional certificate authorities to trust.
        insecure: accept any certificate.
        trust: a TLS context to use instead. Making one is slow and can be started before httpx is loaded.
        timeout: seconds that one method may take, retries included.
        app: an ASGI application to ask instead of the network: the simulated site in this process.
        transport: another httpx transport to use instead of the network.
        clock: returns the present, epoch ms.
        on_request: called for every request made, sign-ins included.
        largest: limit for unpacked responses, bytes; `transport.LARGEST` by default.
    """

    def __init__(
        self,
        address: Address,
        credentials: Credentials,
        *,
        ca_file: Path | None = None,
        insecure: bool = False,
        trust: Awaitable[SSLContext] | None = None,
        timeout: float = 30.0,
        app: Application | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        on_request: Callable[[RequestLog], None] | None = None,
        largest: int | None = None,
    ) -> None:
        self.address = address
        self.old_layout: bool | None = None
        """True if the site has the addresses of 10.9 (docs/api.md#layouts); None until that is known."""
        self.known_backups: dict[str | None, tuple[Backup, ...]] = {}
        """Last fetched backups of each store (None: of all stores). Unchanged backups are reused to save memory."""
        self._transport = Transport(
            address,
            credentials,
            ca_file=ca_file,
            insecure=insecure,
            trust=trust,
            timeout=timeout,
            transport=httpx.ASGITransport(app) if app is not None else transport,
            clock=clock,
            on_request=on_request,
            largest=largest,
        )
        self._fetch = self._transport.fetch
        self._layout_lock = asyncio.Lock()
        self._list_lock = asyncio.Lock()
        self._list: tuple[Backup, ...] | None = None
        self._list_metadata = ResponseMetadata()

    @property
    def token_expires(self) -> int | None:
        """End of the token, epoch ms; None if unknown."""
        return self._transport.auth.expires

    @property
    def auth_state(self) -> AuthState:
        """Token, refused sign-in and layout, to be continued by another process with `resume`."""
        return replace(self._transport.auth.auth_state, has_old_layout=self.old_layout)

    def resume(self, state: AuthState) -> None:
        """Continue with the sign-in and layout found by another process."""
        self._transport.auth.resume(state)
        self.old_layout = state.has_old_layout

    @property
    def user(self) -> str:
        """User name of the account; empty for a token given by the user."""
        return self._transport.auth.user

    async def __aenter__(self) -> Self:
        await self._transport.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._transport.close()

    def begin_refresh(self, seconds: float) -> None:
        """Begin a refresh: until `end_refresh`, all requests share these seconds and one sign-in."""
        self._transport.begin_refresh(seconds)

    def end_refresh(self) -> None:
        """End the refresh: each method has its own time limit again."""
        self._transport.end_refresh()

    async def site(self, metadata: ResponseMetadata | None = None) -> Site:
        """Fetch the site's root (docs/api.md#root)."""
        return await self._fetch("", responses.decode_site, metadata=metadata)

    async def stores(self, metadata: ResponseMetadata | None = None) -> tuple[Store, ...]:
        """Fetch the backup stores (docs/api.md#stores), and forget the list of 10.9 fetched before."""
        self._list = None
        self._transport.auth.begin_refresh()
        return await self._fetch(f"{DR}/stores", responses.decode_stores, metadata=metadata)

    async def backups(self, store: str, metadata: ResponseMetadata | None = None) -> tuple[Backup, ...]:
        """Fetch the backups in a store (docs/api.md#backups).

        In 10.9, select the store's backups from the single list.
        """
        path = f"{DR}/stores/{path_segment(unescape(store))}/backups"

        async def fetch_new() -> tuple[Backup, ...]:
            backups = await self._transport.fetch_backups(path, store, self.known_backups.get(store, ()), metadata)
            self.known_backups[store] = backups
            return backups

        async def fetch_old() -> tuple[Backup, ...]:
            return tuple(backup for backup in await self._single_list(metadata) if backup.store == store)

        return await self._fetch_in_layout(path, fetch_new, fetch_old)

    async def all_backups(self, metadata: ResponseMetadata | None = None) -> tuple[Backup, ...]:
        """Fetch the single list of 10.9, each backup under the store in its record. Later layouts raise Missing."""
        return await self._transport.with_timeout(self._single_list(metadata), self.address.admin_url + OLD_DR)

    async def _single_list(self, metadata: ResponseMetadata | None) -> tuple[Backup, ...]:
        """Return the single list of 10.9, fetched once per refresh for all stores."""
        async with self._list_lock:
            if self._list is None:
                known_backups, self._list_metadata = self.known_backups.get(None, ()), ResponseMetadata()
                self._list = await self._transport.fetch_backups(
                    f"{OLD_DR}/backups", None, known_backups, self._list_metadata
                )
                self.known_backups[None] = self._list
            if metadata is not None:
                metadata.copy_from(self._list_metadata)
            return self._list

    async def backup(self, store: str, name: str) -> Backup:
        """Fetch one backup (docs/api.md#backups). In 10.9, names are unique across all stores."""
        path = f"{DR}/stores/{path_segment(unescape(store))}/backups/{path_segment(unescape(name))}"

        async def fetch_new() -> Backup:
            return await self._fetch(path, lambda answer: wire_backups.decode_backup(answer, store))

        async def fetch_old() -> Backup:
            return await self._fetch(
                f"{OLD_DR}/backups/{path_segment(unescape(name))}",
                lambda answer: wire_backups.decode_backup(answer, None),
            )

        return await self._fetch_in_layout(path, fetch_new, fetch_old)

    async def status(self, metadata: ResponseMetadata | None = None) -> DrStatus:
        """Fetch the last operation (docs/api.md#status). The address that answers reveals the layout."""
        return await self._transport.with_timeout(self._status(metadata), f"{self.address.admin_url}{DR}/status")

    async def _status(self, metadata: ResponseMetadata | None = None) -> DrStatus:
        missing: Missing | None = None
        if not self.old_layout:
            try:
                status = await self._fetch(f"{DR}/status", responses.decode_status, metadata=metadata)
            except Missing as error:
                if self.old_layout is False:
                    raise
                missing = error
            else:
                self.old_layout = False
                return status
        try:
            status = await self._fetch(f"{OLD_DR}/status", responses.decode_status, metadata=metadata)
        except (Missing, Unreadable):
            if missing is None:
                raise
        else:
            self.old_layout = True
            return status
        raise missing

    async def _fetch_in_layout(
        self,
        path: str,
        fetch_new: Callable[[], Coroutine[None, None, T]],
        fetch_old: Callable[[], Coroutine[None, None, T]],
    ) -> T:
        """Return the result of `later`, or of `earlier` if the site turns out to have the layout of 10.9."""

        async def fetch() -> T:
            missing: Missing
            if not self.old_layout:
                try:
                    return await fetch_new()
                except Missing as error:
                    missing = error
                if not await self._has_old_layout():
                    raise missing
            return await fetch_old()

        return await self._transport.with_timeout(fetch(), self.address.admin_url + path)

    async def _has_old_layout(self) -> bool:
        """True if the site has the layout of 10.9. A missing store alone does not prove that, so the status decides."""
        async with self._layout_lock:
            if self.old_layout is None:
                with contextlib.suppress(ApiError):
                    await self._status()
        return self.old_layout is True

    async def settings(self, metadata: ResponseMetadata | None = None) -> DrSettings:
        """Fetch staging volume and time limit (docs/api.md#settings)."""
        return await self._fetch(f"{DR}/settings", responses.decode_settings, metadata=metadata)

    async def schedules(self, metadata: ResponseMetadata | None = None) -> tuple[Schedule, ...]:
        """Fetch the site's tasks (docs/api.md#schedules), which only the default administrator role may read."""
        return await self._fetch("/system/tasks", responses.decode_schedules, metadata=metadata)

    async def jobs(self) -> tuple[str, ...]:
        """Fetch the ids of the site's jobs (docs/api.md#jobs)."""
        return await self._fetch("/jobs", responses.decode_jobs)

    async def job(self, identity: str) -> Job:
        """Fetch one job (docs/api.md#jobs)."""
        return await self._fetch(f"/jobs/{path_segment(unescape(identity))}", responses.decode_job)

    async def data_stores(self) -> tuple[DataStore, ...]:
        """Fetch the data stores that a backup should cover (docs/api.md#data-stores)."""
        return await self._fetch("/data", responses.decode_data_stores)


__all__ = ["AdminApi", "Application", "RequestLog"]
