"""One look at a deployment: what to ask, side by side, and what each answer adds to the reading."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import TypeVar

from msgspec.structs import replace

from drtui.api.client import AdminApi
from drtui.api.errors import ApiError
from drtui.api.response_metadata import ResponseMetadata
from drtui.core.formatting.times import MINUTE
from drtui.core.model.backup import Backup
from drtui.core.model.site import DrStatus, Job, State, Store, state_of
from drtui.core.model.site_clock import ClockSample, clock_offset, stale_answers
from drtui.core.model.site_state import BACKUPS_OF, Fetched, SiteState

T = TypeVar("T")

SIDE_BY_SIDE = 4
"""Stores whose backups are asked for at the same time."""

MOST_JOBS = 20
"""Jobs that are looked at to find the one of an operation: a site may keep any number of them."""

JOB_SKEW = 5 * MINUTE
"""How far the start of a job and of its operation may lie apart, milliseconds."""

DISASTER_RECOVERY = "/disasterrecovery/"
"""What the address of an operation on backups holds (docs/api.md#jobs)."""

ALL_BACKUPS = "all backups"
"""The name of 10.9's one list, which stands for those of several stores."""

Step = Callable[[SiteState], SiteState]
"""What an answer adds to a reading."""


class SiteFetch:
    """The requests of one look at a deployment.

    Args:
        deployment: the site.
        clock: the present by this machine, epoch ms.
        patience: seconds for all of them together.
        offset: milliseconds that the site's clock is ahead, if an earlier look has found that out.
        corrects: True if the site's clock is to be found out, and counts.
    """

    def __init__(
        self,
        deployment: AdminApi,
        clock: Callable[[], int],
        patience: float,
        *,
        offset: int | None = None,
        corrects: bool = True,
    ) -> None:
        self._deployment, self._clock, self._patience = deployment, clock, patience
        self._offset, self._corrects = offset, corrects
        self._samples: dict[str, ClockSample] = {}
        """Samples of the site's clock, by the name of the answer."""
        self._steps: asyncio.Queue[Step | None] = asyncio.Queue()
        self._room = asyncio.Semaphore(SIDE_BY_SIDE)

    async def steps(self) -> AsyncIterator[Step]:
        """What the answers add, in the order in which they come."""
        self._deployment.begin_refresh(self._patience)
        asking = asyncio.create_task(self._ask())
        try:
            while (step := await self._steps.get()) is not None:
                yield step
            await asking
        finally:
            asking.cancel()
            self._deployment.end_refresh()

    async def _ask(self) -> None:
        """Everything at once, stores and backups first in line."""
        try:
            async with asyncio.TaskGroup() as group:
                stores = group.create_task(self._stores())
                for part in (self._site, self._status, self._settings, self._schedules):
                    group.create_task(part())
            # Only the status tells the layout of a site where no store is registered.
            if self._deployment.old_layout and stores.result().value is not None:
                await self._unlisted(stores.result())
            self._date()
        finally:
            self._steps.put_nowait(None)

    def _date(self) -> None:
        """Add what only all answers together tell: how far apart the clocks are, and which answers are not of now."""
        aged = stale_answers(self._samples)
        live = {sample for name, sample in self._samples.items() if name not in aged}
        found = clock_offset(live, self._offset) if self._corrects else None
        if found is not None:
            by = found - (self._offset or 0)
            self._steps.put_nowait(lambda reading: replace(reading.shifted(by), clock_offset=found))
        if aged:
            self._steps.put_nowait(lambda reading: reading.with_cache_ages(aged))

    async def _answer(self, name: str, ask: Callable[[ResponseMetadata], Awaitable[T]]) -> Fetched[T]:
        """Return what came of the request for a part of a reading, with the marks of its answer."""
        marks = ResponseMetadata()
        try:
            value = await ask(marks)
        except ApiError as error:
            return Fetched(self._clock() + (self._offset or 0), failure=error.failure)
        if marks.sample is not None:
            self._samples[name] = marks.sample
        at = self._clock() + (self._offset or 0) - (marks.cache_age or 0)
        return Fetched(at, value, partial=marks.partial, cache_age=marks.cache_age)

    async def operation(self) -> AsyncIterator[Step]:
        """Yield what the status adds, and the job of an operation that goes on."""
        self._deployment.begin_refresh(self._patience)
        try:
            async for step in self._operation():
                yield step
        finally:
            self._deployment.end_refresh()

    async def _operation(self) -> AsyncIterator[Step]:
        """How the last operation stands now; while it goes on also what its job says, which alone proves nothing."""
        status = await self._answer("status", self._deployment.status)
        yield lambda reading: replace(reading, status=status)
        if status.value is not None and state_of(status.value.state) is State.IN_PROGRESS:
            job = await self._answer("job", partial(self._job, status.value))
            yield lambda reading: replace(reading, job=job)

    async def _job(self, status: DrStatus, _: ResponseMetadata) -> Job | None:
        """The job that began when the operation did: no answer names it (docs/api.md#jobs)."""
        names = (await self._deployment.jobs())[-MOST_JOBS:]
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(self._answer(f"job {name}", partial(self._one_job, name))) for name in names]
        found = [task.result().value for task in asked]
        dated = [
            job for job in found if job is not None and DISASTER_RECOVERY in job.operation and job.start is not None
        ]
        near = [job for job in dated if abs((job.start or 0) - (status.start or 0)) <= JOB_SKEW]
        return max(near, key=lambda job: job.start or 0, default=None)

    async def _one_job(self, name: str, _: ResponseMetadata) -> Job:
        return await self._deployment.job(name)

    async def _stores(self) -> Fetched[tuple[Store, ...]]:
        stores = await self._answer("stores", self._deployment.stores)
        self._steps.put_nowait(lambda reading: replace(reading, stores=stores))
        async with asyncio.TaskGroup() as group:
            for store in stores.value or ():
                group.create_task(self._backups(store.name))
        return stores

    async def _unlisted(self, stores: Fetched[tuple[Store, ...]]) -> None:
        """In 10.9 one list holds the backups of every store, also of those that are no longer registered."""
        found = await self._answer(ALL_BACKUPS, self._deployment.all_backups)
        listed = {store.name for store in stores.value or ()}
        names = dict.fromkeys(backup.store for backup in found.value or () if backup.store not in listed)
        part = stores.partial or found.partial
        if found.failure is not None:
            part = f"backups of stores that are no longer registered could not be read ({found.failure.summary})"
        known = replace(stores, value=(*(stores.value or ()), *map(Store, names)), partial=part)
        self._steps.put_nowait(lambda reading: replace(reading, stores=replace(stores, partial=part)))
        sample = self._samples.pop(ALL_BACKUPS, None)
        if sample is not None:
            self._samples.update(dict.fromkeys((BACKUPS_OF + name for name in names), sample))
        for name in names:
            mine = replace(found, value=tuple(each for each in found.value or () if each.store == name))
            self._steps.put_nowait(partial(_with_store, stores=known, name=name, backups=mine))

    async def _backups(self, store: str) -> None:
        async with self._room:
            backups = await self._answer(BACKUPS_OF + store, partial(self._deployment.backups, store))
        self._steps.put_nowait(lambda reading: reading.with_backups(store, backups))

    async def _site(self) -> None:
        site = await self._answer("site", self._deployment.site)
        self._steps.put_nowait(lambda reading: replace(reading, site=site))

    async def _status(self) -> None:
        async for step in self._operation():
            self._steps.put_nowait(step)

    async def _settings(self) -> None:
        settings = await self._answer("settings", self._deployment.settings)
        self._steps.put_nowait(lambda reading: replace(reading, settings=settings))

    async def _schedules(self) -> None:
        schedules = await self._answer("schedules", self._deployment.schedules)
        self._steps.put_nowait(lambda reading: replace(reading, schedules=schedules))


def _with_store(
    reading: SiteState, *, stores: Fetched[tuple[Store, ...]], name: str, backups: Fetched[tuple[Backup, ...]]
) -> SiteState:
    """A reading with a store that only its backups tell of."""
    return replace(reading, stores=stores).with_backups(name, backups)
