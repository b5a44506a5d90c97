"""One site over HTTP: a method for each resource, every failure one of `errors`. Reading is all it can do.

What an answer says of itself, that it is a part for instance, is noted in the `marks` that are given.
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
EARLIER = f"{DR}/backuprestore"

Application = Callable[..., Coroutine[None, None, None]]
"""An ASGI app."""


class AdminApi:
    """A site's administrator API. Use it as an asynchronous context manager; every method raises ApiError.

    Args:
        address: the site.
        credentials: how to sign in.
        ca_file: more authorities to trust.
        insecure: trust anybody.
        trust: the TLS context instead, which takes a while to make, and may have been begun before httpx is loaded.
        timeout: seconds that one method may take, retries included.
        app: an ASGI app to ask instead of the network: the simulated deployment in process.
        transport: whatever else to ask instead of the network.
        clock: the present, epoch ms.
        on_request: told of every request that was made, the sign-in among them.
        largest: bytes, unpacked, that are read at most; `channel.LARGEST` if not given.
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
        """Whether the site has 10.9's addresses (docs/api.md#layouts); None until it was found out."""
        self.known: dict[str | None, tuple[Backup, ...]] = {}
        """The last that is known of each list (None: that of all stores): what is still the same is not held twice."""
        self._channel = Transport(
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
        self._value = self._channel.value
        self._finding_layout = asyncio.Lock()
        self._listing = asyncio.Lock()
        self._list: tuple[Backup, ...] | None = None
        self._list_marks = ResponseMetadata()

    @property
    def token_expires(self) -> int | None:
        """When the token ends, epoch ms, if that is known."""
        return self._channel.auth.expires

    @property
    def footing(self) -> AuthState:
        """How one stands with the site, for another process to `resume`."""
        return replace(self._channel.auth.footing, has_old_layout=self.old_layout)

    def resume(self, footing: AuthState) -> None:
        """Go on from where another process has come to."""
        self._channel.auth.resume(footing)
        self.old_layout = footing.has_old_layout

    @property
    def user(self) -> str:
        """The name that one signs in with; empty for a token that was given."""
        return self._channel.auth.user

    async def __aenter__(self) -> Self:
        await self._channel.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._channel.close()

    def begin_refresh(self, seconds: float) -> None:
        """Begin to read everything anew: until `end_refresh`, within these seconds as a whole, and with one sign-in."""
        self._channel.begin_refresh(seconds)

    def end_refresh(self) -> None:
        """Bound each method by its own time again."""
        self._channel.end_refresh()

    async def site(self, marks: ResponseMetadata | None = None) -> Site:
        """The site's root (docs/api.md#root)."""
        return await self._value("", responses.decode_site, marks=marks)

    async def stores(self, marks: ResponseMetadata | None = None) -> tuple[Store, ...]:
        """Fetch the backup stores (docs/api.md#stores), and forget the one list that 10.9 gave before."""
        self._list = None
        self._channel.auth.begin_refresh()
        return await self._value(f"{DR}/stores", responses.decode_stores, marks=marks)

    async def backups(self, store: str, marks: ResponseMetadata | None = None) -> tuple[Backup, ...]:
        """The backups in a store (docs/api.md#backups); in 10.9's layout, those of the one list that name it."""
        path = f"{DR}/stores/{path_segment(unescape(store))}/backups"

        async def later() -> tuple[Backup, ...]:
            found = await self._channel.backups(path, store, self.known.get(store, ()), marks)
            self.known[store] = found
            return found

        async def earlier() -> tuple[Backup, ...]:
            return tuple(each for each in await self._listed(marks) if each.store == store)

        return await self._in_layout(path, later, earlier)

    async def all_backups(self, marks: ResponseMetadata | None = None) -> tuple[Backup, ...]:
        """10.9's one list of backups, each under the store that its record names; Missing in later layouts."""
        return await self._channel.with_timeout(self._listed(marks), self.address.admin_url + EARLIER)

    async def _listed(self, marks: ResponseMetadata | None) -> tuple[Backup, ...]:
        """10.9's one list, fetched once a look, however many stores ask for it."""
        async with self._listing:
            if self._list is None:
                before, self._list_marks = self.known.get(None, ()), ResponseMetadata()
                self._list = await self._channel.backups(f"{EARLIER}/backups", None, before, self._list_marks)
                self.known[None] = self._list
            if marks is not None:
                marks.copy_from(self._list_marks)
            return self._list

    async def backup(self, store: str, name: str) -> Backup:
        """One backup (docs/api.md#backups); in 10.9's layout, names hold for all stores together."""
        path = f"{DR}/stores/{path_segment(unescape(store))}/backups/{path_segment(unescape(name))}"

        async def later() -> Backup:
            return await self._value(path, lambda answer: wire_backups.decode_backup(answer, store))

        async def earlier() -> Backup:
            return await self._value(
                f"{EARLIER}/backups/{path_segment(unescape(name))}",
                lambda answer: wire_backups.decode_backup(answer, None),
            )

        return await self._in_layout(path, later, earlier)

    async def status(self, marks: ResponseMetadata | None = None) -> DrStatus:
        """The last operation (docs/api.md#status). Where it is found tells the layout."""
        return await self._channel.with_timeout(self._status(marks), f"{self.address.admin_url}{DR}/status")

    async def _status(self, marks: ResponseMetadata | None = None) -> DrStatus:
        missing: Missing | None = None
        if not self.old_layout:
            try:
                found = await self._value(f"{DR}/status", responses.decode_status, marks=marks)
            except Missing as error:
                if self.old_layout is False:
                    raise
                missing = error
            else:
                self.old_layout = False
                return found
        try:
            found = await self._value(f"{EARLIER}/status", responses.decode_status, marks=marks)
        except (Missing, Unreadable):
            if missing is None:
                raise
        else:
            self.old_layout = True
            return found
        raise missing

    async def _in_layout(
        self, path: str, later: Callable[[], Coroutine[None, None, T]], earlier: Callable[[], Coroutine[None, None, T]]
    ) -> T:
        """What one of the two brings: the later, unless the site turns out to have the earlier layout."""

        async def found() -> T:
            missing: Missing
            if not self.old_layout:
                try:
                    return await later()
                except Missing as error:
                    missing = error
                if not await self._is_earlier():
                    raise missing
            return await earlier()

        return await self._channel.with_timeout(found(), self.address.admin_url + path)

    async def _is_earlier(self) -> bool:
        """Whether the site has 10.9's layout: a store that is gone must not be taken for a sign of it."""
        async with self._finding_layout:
            if self.old_layout is None:
                with contextlib.suppress(ApiError):
                    await self._status()
        return self.old_layout is True

    async def settings(self, marks: ResponseMetadata | None = None) -> DrSettings:
        """Staging volume and time limit (docs/api.md#settings)."""
        return await self._value(f"{DR}/settings", responses.decode_settings, marks=marks)

    async def schedules(self, marks: ResponseMetadata | None = None) -> tuple[Schedule, ...]:
        """The site's tasks (docs/api.md#schedules), which only the default administrator role may read."""
        return await self._value("/system/tasks", responses.decode_schedules, marks=marks)

    async def jobs(self) -> tuple[str, ...]:
        """The ids of the site's jobs (docs/api.md#jobs)."""
        return await self._value("/jobs", responses.decode_jobs)

    async def job(self, identity: str) -> Job:
        """One job (docs/api.md#jobs)."""
        return await self._value(f"/jobs/{path_segment(unescape(identity))}", responses.decode_job)

    async def data_stores(self) -> tuple[DataStore, ...]:
        """What a backup should cover (docs/api.md#data-stores)."""
        return await self._value("/data", responses.decode_data_stores)


__all__ = ["AdminApi", "Application", "RequestLog"]
