"""One look at a deployment: what to ask, side by side, and what each answer adds to the reading."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import TypeVar

from msgspec.structs import replace

from drtui.api.deployment import Deployment
from drtui.api.errors import ApiError
from drtui.model.backup import Backup
from drtui.model.reading import Answer, Reading
from drtui.model.site import DrStatus, Store

T = TypeVar("T")

SIDE_BY_SIDE = 4
"""Stores whose backups are asked for at the same time."""

Step = Callable[[Reading], Reading]
"""What an answer adds to a reading."""


class Look:
    """The requests of one look at a deployment."""

    def __init__(self, deployment: Deployment, clock: Callable[[], int]) -> None:
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
        try:
            value = await asked
        except ApiError as error:
            return Answer(self._clock(), trouble=error.trouble)
        return Answer(self._clock(), value)

    async def status(self) -> Answer[DrStatus]:
        """How the last operation stands now."""
        return await self._answer(self._deployment.status())

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
