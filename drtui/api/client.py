"""Client of one site: one method for each resource, each failure an `ApiError`. It can only read.

Methods note in `metadata` whether a response is partial or cached.
"""

import asyncio
import contextlib
from typing import Self

from msgspec.structs import replace

from drtui.api.errors import ApiError, Missing, Unreadable
from drtui.api.response_metadata import ResponseMetadata
from drtui.api.transport import Transport
from drtui.core.formatting.text import unescape
from drtui.core.model.account import Account, SiteAbout, SiteMode
from drtui.core.model.address import path_segment
from drtui.core.model.auth import AuthState
from drtui.core.model.backup import Backup
from drtui.core.model.data_store import DataStore
from drtui.core.model.site import DrSettings, DrStatus, Job, Schedule, Site, Store
from drtui.core.wire import account, responses
from drtui.core.wire.stream import BackupStream

DR = "/system/disasterrecovery"
OLD_DR = f"{DR}/backuprestore"
ACCOUNT = "/sharing/rest/community/self"
"""Path of the account below the context, not below the root of the administrator API."""


class AdminApi:
    """A site's administrator API, used as an asynchronous context manager. Every method may raise ApiError."""

    def __init__(self, transport: Transport) -> None:
        self.old_layout: bool | None = None
        """True if the site has the addresses of 10.9 (docs/api.md#layouts); None until that is known."""
        self.known_backups: dict[str | None, tuple[Backup, ...]] = {}
        """Last fetched backups of each store (None: of all stores). Unchanged backups are reused to save memory."""
        self._transport = transport
        self._fetch = self._transport.fetch
        self._layout_lock = asyncio.Lock()
        self._list_lock = asyncio.Lock()
        self._list: tuple[Backup, ...] | None = None
        self._list_metadata = ResponseMetadata()

    @property
    def auth_state(self) -> AuthState:
        """Token, refused sign-in and layout, to be continued by another process with `resume`."""
        return replace(self._transport.auth.auth_state, has_old_layout=self.old_layout)

    def resume(self, state: AuthState) -> None:
        """Continue with the sign-in and layout found by another process."""
        self._transport.auth.resume(state)
        self.old_layout = state.has_old_layout

    @property
    def transport(self) -> Transport:
        """The connections to the site."""
        return self._transport

    async def __aenter__(self) -> Self:
        await self._transport.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._transport.close()

    def refreshing(self, seconds: float) -> contextlib.AbstractContextManager[None]:
        """Return a context for a refresh, in which all requests share these seconds and one sign-in."""
        return self._transport.refreshing(seconds)

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

        async def fetch_in_layout() -> tuple[Backup, ...]:
            if not self.old_layout:
                try:
                    return await self._fetch_list(path, store, metadata)
                except Missing as error:
                    missing = error
                if not await self._has_old_layout():
                    raise missing
            return tuple(backup for backup in await self._single_list(metadata) if backup.store == store)

        return await self._transport.with_timeout(fetch_in_layout(), path)

    async def all_backups(self, metadata: ResponseMetadata | None = None) -> tuple[Backup, ...]:
        """Fetch the single list of 10.9, each backup under the store in its record. Later layouts raise Missing."""
        return await self._transport.with_timeout(self._single_list(metadata), OLD_DR)

    async def _single_list(self, metadata: ResponseMetadata | None) -> tuple[Backup, ...]:
        """Return the single list of 10.9, fetched once per refresh for all stores."""
        async with self._list_lock:
            if self._list is None:
                self._list_metadata = ResponseMetadata()
                self._list = await self._fetch_list(f"{OLD_DR}/backups", None, self._list_metadata)
            if metadata is not None:
                metadata.copy_from(self._list_metadata)
            return self._list

    async def _fetch_list(self, path: str, store: str | None, metadata: ResponseMetadata | None) -> tuple[Backup, ...]:
        """Fetch the backups at `path`, under `store`; with None, each under the store that its record names."""
        known_backups = self.known_backups.get(store, ())
        arrival = BackupStream(store, previous=known_backups, secrets=self._transport.auth.secrets)
        self.known_backups[store] = await self._fetch(path, arrival.finish, arrival, metadata)
        if metadata is not None:
            metadata.digest = arrival.digest
        return self.known_backups[store]

    async def status(self, metadata: ResponseMetadata | None = None) -> DrStatus:
        """Fetch the last operation (docs/api.md#status). The address that answers reveals the layout."""
        return await self._transport.with_timeout(self._status(metadata), f"{DR}/status")

    async def _status(self, metadata: ResponseMetadata | None = None) -> DrStatus:
        missing: Missing | None = None
        for is_old, path in ((False, DR), (True, OLD_DR)):
            if self.old_layout in {None, is_old}:
                try:
                    status = await self._fetch(f"{path}/status", responses.decode_status, metadata=metadata)
                except Missing as error:
                    missing = missing or error
                except Unreadable:
                    if missing is None:
                        raise
                else:
                    self.old_layout = is_old
                    return status
        raise missing or RuntimeError("no layout was tried")

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

    async def mode(self, metadata: ResponseMetadata | None = None) -> SiteMode:
        """Fetch the mode of the site (docs/api.md#about-and-mode). Early releases raise Missing."""
        return await self._fetch("/mode", account.decode_mode, metadata=metadata)

    async def account(self, metadata: ResponseMetadata | None = None) -> Account:
        """Fetch the account that is signed in (docs/api.md#account)."""
        base = self._transport.address.url
        return await self._fetch(ACCOUNT, account.decode_account, metadata=metadata, base=base)

    async def about(self, metadata: ResponseMetadata | None = None) -> SiteAbout:
        """Fetch what the site says of itself (docs/api.md#about-and-mode). Releases before 11.5 raise Missing."""
        return await self._fetch("/about", account.decode_about, metadata=metadata)

    async def data_stores(self, metadata: ResponseMetadata | None = None) -> tuple[DataStore, ...]:
        """Fetch the data stores (docs/api.md#data-stores), which some roles may not read."""
        return await self._fetch("/data", responses.decode_data_stores, metadata=metadata)
