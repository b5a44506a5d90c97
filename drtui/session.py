"""The seam: one look at one site gives a Reading. The only way in which `cli` and `ui` reach network and disk.

What reads the network or the disk is imported when it is first used: the interface paints before that.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from drtui.model.address import Address
from drtui.model.backup import Backup
from drtui.model.reading import Answer, Reading, Source, Trouble, TroubleKind
from drtui.model.secret import Secret
from drtui.model.site import Store

if TYPE_CHECKING:
    from drtui.api.deployment import Deployment

T = TypeVar("T")

SIDE_BY_SIDE = 4
"""Stores whose backups are asked for at the same time."""

DEMO = Address("https", "simulated.invalid", "arcgis")
"""Where the simulated deployment pretends to be."""


class Target(Struct, frozen=True):
    """What to look at: a site, a file with a saved answer, or a scenario of the simulated deployment."""

    address: Address | None = None
    file: Path | None = None
    scenario: str | None = None

    @property
    def is_site(self) -> bool:
        """Whether it is a real site, which wants a sign-in."""
        return self.address is not None and self.scenario is None

    @property
    def place(self) -> str:
        """What it is called."""
        if self.scenario is not None:
            return f"demo: {self.scenario}"
        return str(self.address or self.file or "")


class Access(Struct, frozen=True):
    """How to get there and in."""

    user: str = ""
    token: Secret | None = None
    password: Secret | None = None
    referer: str = "drtui"
    ca_file: Path | None = None
    insecure: bool = False
    timeout: float = 30.0
    """Seconds for one resource."""

    @property
    def can_sign_in(self) -> bool:
        """Whether there is a token, or a user name with a password."""
        return self.token is not None or bool(self.user and self.password)


def present() -> int:
    """The present, epoch ms."""
    return time.time_ns() // 1_000_000


class Session:
    """Looks at one target, as often as one likes, over connections that are kept. An asynchronous context manager.

    Args:
        target: what to look at.
        access: how to get there and in.
        now: the moment that a scenario is made for, epoch ms; the present if not given.
        clock: the present, epoch ms.
    """

    def __init__(
        self, target: Target, access: Access, *, now: int | None = None, clock: Callable[[], int] = present
    ) -> None:
        self.target, self.access = target, access
        self._clock = clock
        self._now = now if now is not None else clock()
        self._deployment: Deployment | None = None
        self._opening = asyncio.Lock()

    @property
    def token_expires(self) -> int | None:
        """When the token ends, epoch ms, if that is known."""
        return self._deployment.token_expires if self._deployment is not None else None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        deployment, self._deployment = self._deployment, None
        if deployment is not None:
            await deployment.__aexit__()

    async def read(self) -> Reading:
        """One look, whole."""
        reading = Reading(self.target.place)
        async for reading in self.look():  # noqa: B007 - the last one counts
            pass
        return reading

    async def look(self) -> AsyncIterator[Reading]:
        """One look, as its parts arrive: every reading holds all of the one before it. Failures are troubles in it."""
        if self.target.file is not None:
            yield await asyncio.to_thread(_read_file, self.target.file, self._clock())
            return
        from drtui.api.errors import ApiError  # noqa: PLC0415 - httpx comes with it

        reading = Reading(self.target.place, self.target.address)
        try:
            deployment = await self._opened()
        except ApiError as error:
            yield replace(reading, stores=Answer(self._clock(), trouble=error.trouble), complete=True)
            return
        async for step in _Look(deployment, self._clock).steps():
            reading = step(reading)
            yield reading
        yield replace(reading, complete=True)

    async def _opened(self) -> "Deployment":
        """The deployment, made on the first use: that is when httpx is imported."""
        async with self._opening:
            if self._deployment is None:
                self._deployment = await (await asyncio.to_thread(self._made)).__aenter__()
            return self._deployment

    def _made(self) -> "Deployment":
        from drtui.api.auth import Credentials  # noqa: PLC0415 - httpx comes with it
        from drtui.api.deployment import Deployment  # noqa: PLC0415 - likewise

        access, app = self.access, None
        credentials = Credentials(access.token, access.user, access.password, access.referer)
        if self.target.scenario is not None:
            from drtui.demo.deployment import deployment  # noqa: PLC0415 - starlette comes with it
            from drtui.demo.scenarios import TOKEN, USER  # noqa: PLC0415

            shift = self._now - self._clock()
            app = deployment(self.target.scenario, now=self._now, clock=lambda: self._clock() + shift)
            credentials = Credentials(Secret(TOKEN), USER)
        return Deployment(
            self.target.address or DEMO,
            credentials,
            ca_file=access.ca_file,
            insecure=access.insecure,
            timeout=access.timeout,
            app=app,
            clock=self._clock,
        )


Step = Callable[[Reading], Reading]
"""What an answer adds to a reading."""


class _Look:
    """One look at a deployment: what to ask, side by side, and what each answer adds to the reading."""

    def __init__(self, deployment: "Deployment", clock: Callable[[], int]) -> None:
        self._deployment, self._clock = deployment, clock
        self._steps: asyncio.Queue[Step | None] = asyncio.Queue()
        self._room = asyncio.Semaphore(SIDE_BY_SIDE)

    async def steps(self) -> AsyncIterator[Step]:
        """What the answers add, in the order in which they come."""
        asking = asyncio.create_task(self._ask())
        try:
            while (step := await self._steps.get()) is not None:
                yield step
            await asking
        finally:
            asking.cancel()

    async def _ask(self) -> None:
        """Everything at once, stores and backups first in line."""
        try:
            async with asyncio.TaskGroup() as group:
                for part in (self._stores, self._site, self._status, self._settings, self._schedules):
                    group.create_task(part())
        finally:
            self._steps.put_nowait(None)

    async def _answer(self, asked: Awaitable[T]) -> Answer[T]:
        """What came of a request."""
        from drtui.api.errors import ApiError  # noqa: PLC0415 - httpx comes with it

        try:
            value = await asked
        except ApiError as error:
            return Answer(self._clock(), trouble=error.trouble)
        return Answer(self._clock(), value)

    async def _stores(self) -> None:
        stores = await self._answer(self._deployment.stores())
        self._steps.put_nowait(lambda reading: replace(reading, stores=stores))
        async with asyncio.TaskGroup() as group:
            for store in stores.value or ():
                group.create_task(self._backups(store.name))
        if self._deployment.old_layout and stores.value is not None:
            await self._unlisted(stores)

    async def _unlisted(self, stores: Answer[tuple[Store, ...]]) -> None:
        """In 10.9 one list holds the backups of every store, also of those that are no longer registered."""
        found = await self._answer(self._deployment.all_backups())
        listed = {store.name for store in stores.value or ()}
        names = dict.fromkeys(backup.store for backup in found.value or () if backup.store not in listed)
        known = replace(stores, value=(*(stores.value or ()), *map(Store, names)))
        for name in names:
            mine = Answer(found.at, tuple(each for each in found.value or () if each.store == name))
            self._steps.put_nowait(partial(_with_store, stores=known, name=name, backups=mine))

    async def _backups(self, store: str) -> None:
        async with self._room:
            backups = await self._answer(self._deployment.backups(store))
        self._steps.put_nowait(lambda reading: reading.with_backups(store, backups))

    async def _site(self) -> None:
        site = await self._answer(self._deployment.site())
        self._steps.put_nowait(lambda reading: replace(reading, site=site))

    async def _status(self) -> None:
        status = await self._answer(self._deployment.status())
        self._steps.put_nowait(lambda reading: replace(reading, status=status))

    async def _settings(self) -> None:
        settings = await self._answer(self._deployment.settings())
        self._steps.put_nowait(lambda reading: replace(reading, settings=settings))

    async def _schedules(self) -> None:
        schedules = await self._answer(self._deployment.schedules())
        self._steps.put_nowait(lambda reading: replace(reading, schedules=schedules))


def _with_store(
    reading: Reading, *, stores: Answer[tuple[Store, ...]], name: str, backups: Answer[tuple[Backup, ...]]
) -> Reading:
    """A reading with a store that only its backups tell of."""
    return replace(reading, stores=stores).with_backups(name, backups)


def _read_file(path: Path, now: int) -> Reading:
    """The reading that a saved answer gives: its backups, under the stores that they name."""
    from drtui.model import wire  # noqa: PLC0415 - not needed to paint
    from drtui.model.tolerant import WireError  # noqa: PLC0415

    try:
        answer = wire.document(path.read_bytes())
        backups = wire.backups(answer, None)
        at = int(path.stat().st_mtime * 1000)
    except (OSError, WireError) as error:
        said = (error.strerror or "") if isinstance(error, OSError) else str(error)
        trouble = Trouble(
            TroubleKind.UNREADABLE,
            "file",
            f"{path} could not be read as a saved answer",
            said,
            advice='A saved answer is a JSON object with a list under "backups".',
        )
        return Reading(str(path), stores=Answer(now, trouble=trouble, source=Source.FILE), complete=True)
    names = dict.fromkeys(each.store for each in backups)
    listed = {name: Answer(at, tuple(b for b in backups if b.store == name), source=Source.FILE) for name in names}
    stores = Answer(at, tuple(map(Store, names)), source=Source.FILE)
    return Reading(str(path), stores=stores, backups=listed, complete=True)


def places() -> dict[str, Path]:
    """Where files live, by what they are."""
    from drtui.disk.places import all_places  # noqa: PLC0415 - platformdirs comes with it

    return all_places()
