"""The requests of one refresh: which run concurrently, and what each answer adds to the state of the site."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from functools import partial
from typing import Any, TypeVar

from msgspec.structs import replace

from drtui.api.client import AdminApi
from drtui.api.errors import ApiError
from drtui.api.response_metadata import ResponseMetadata
from drtui.core.formatting.durations import MINUTE
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrStatus, Job, State, Store, state_of
from drtui.core.model.site_clock import ClockSample, clock_offset, stale_answers
from drtui.core.model.site_state import BACKUPS_OF, Fetched, SiteState

T = TypeVar("T")

MAX_CONCURRENT_STORES = 4
"""Stores whose backups are fetched concurrently."""

MAX_JOBS = 20
"""Jobs that are searched for the one of an operation: a site may keep any number of them."""

JOB_SKEW = 5 * MINUTE
"""Largest difference between the start of a job and of its operation, milliseconds."""

DISASTER_RECOVERY = "/disasterrecovery/"
"""Part of the address of an operation on backups (docs/api.md#jobs)."""

ALL_BACKUPS = "all backups"
"""Name of the single list of 10.9, which holds the backups of all stores."""

EXTRA_SECONDS = {"mode": 3.0, "account": 3.0, "about": 3.0, "data": 10.0}
"""Seconds that an extra may take longer than everything else: a refresh waits little for what no judgement needs, and
more for the data stores, which may be many and which commands request only to show them."""

LATE = Failure(FailureKind.UNREACHABLE, "timeout", "no answer in time", advice="It is asked again at the next refresh.")
"""Failure of an extra that took longer."""

Step = Callable[[SiteState], SiteState]
"""A function that adds an answer to a state."""


class SiteFetch:
    """The requests of one refresh of a site.

    Args:
        api: client of the site.
        clock: returns the present by this machine, epoch ms.
        time_limit: seconds for all requests together.
        offset: milliseconds that the site's clock is ahead, if an earlier refresh measured it.
        corrects: True if the site's clock is to be measured and used.
        extras: names of the `EXTRAS` to fetch.
    """

    def __init__(
        self,
        api: AdminApi,
        clock: Callable[[], int],
        time_limit: float,
        *,
        offset: int | None = None,
        corrects: bool = True,
        extras: Iterable[str] = (),
    ) -> None:
        self._api, self._clock, self._time_limit = api, clock, time_limit
        self._offset, self._corrects = offset, corrects
        self._samples: dict[str, ClockSample] = {}
        """Samples of the site's clock, by the name of the answer."""
        self._steps: asyncio.Queue[Step | None] = asyncio.Queue()
        self._store_slots = asyncio.Semaphore(MAX_CONCURRENT_STORES)
        self._extras = tuple(extras)
        self._extras_due = asyncio.Event()
        """Set when the lists of backups are being requested, which are more urgent than extras."""
        self._unreachable: Failure | None = None
        """Failure of the stores if the site could not be reached; extras are not requested then."""

    async def steps(self) -> AsyncIterator[Step]:
        """Yield what each answer adds, in the order of arrival."""
        with self._api.refreshing(self._time_limit):
            task = asyncio.create_task(self._fetch_all())
            try:
                while (step := await self._steps.get()) is not None:
                    yield step
                await task
            finally:
                task.cancel()

    async def _fetch_all(self) -> None:
        """Send all requests concurrently, stores and backups first."""
        extras = {name: asyncio.create_task(self._extra(name)) for name in self._extras}
        try:
            async with asyncio.TaskGroup() as group:
                stores = group.create_task(self._stores())
                group.create_task(self._resource("site", self._api.site))
                group.create_task(self._status())
                group.create_task(self._resource("settings", self._api.settings))
                group.create_task(self._resource("schedules", self._api.schedules))
            # For a site without stores, only the status reveals the layout.
            if self._api.old_layout and stores.result().value is not None:
                await self._add_unregistered_stores(stores.result())
            await self._finish_extras(extras)
            self._apply_clock_offset()
        finally:
            for task in extras.values():
                task.cancel()
            self._steps.put_nowait(None)

    def _apply_clock_offset(self) -> None:
        """Add what only all answers together show: the difference between the clocks, and which answers are stale."""
        stale = stale_answers(self._samples)
        live_samples = {sample for name, sample in self._samples.items() if name not in stale}
        offset = clock_offset(live_samples, self._offset) if self._corrects else None
        if offset is not None:
            shift = offset - (self._offset or 0)
            self._steps.put_nowait(lambda state: replace(state.shifted(shift), clock_offset=offset))
        if stale:
            self._steps.put_nowait(lambda state: state.with_cache_ages(stale))

    async def _answer(self, name: str, fetch: Callable[[ResponseMetadata], Awaitable[T]]) -> Fetched[T]:
        """Return the answer to one request, or its failure."""
        metadata = ResponseMetadata()
        try:
            value = await fetch(metadata)
        except ApiError as error:
            return Fetched(self._clock() + (self._offset or 0), failure=error.failure)
        if metadata.sample is not None:
            self._samples[name] = metadata.sample
        at = self._clock() + (self._offset or 0) - (metadata.cache_age or 0)
        partial, cache_age, digest = metadata.partial, metadata.cache_age, metadata.digest
        return Fetched(at, value, incomplete_reason=partial, cache_age=cache_age, digest=digest)

    async def _resource(self, name: str, fetch: Callable[[ResponseMetadata], Awaitable[T]]) -> Fetched[T]:
        """Fetch the resource for the field `name` of the state, and return the answer."""
        answer = await self._answer(name, fetch)
        self._steps.put_nowait(lambda state: replace(state, **{name: answer}))
        return answer

    async def _extra(self, name: str) -> None:
        """Fetch an extra once the lists of backups are being requested.

        Its sample of the clock is not used: the portal may run on another machine.
        """
        await self._extras_due.wait()
        if self._unreachable is not None:
            self._add_failure(name, self._unreachable)
            return
        requests: dict[str, Callable[[ResponseMetadata], Awaitable[Any]]]
        api = self._api
        requests = {"mode": api.mode, "account": api.account, "about": api.about, "data": api.data_stores}
        await self._resource(name, requests[name])
        self._samples.pop(name, None)

    def _add_failure(self, name: str, failure: Failure) -> None:
        answer: Fetched[Any] = Fetched(self._clock() + (self._offset or 0), failure=failure)
        self._steps.put_nowait(lambda state: replace(state, **{name: answer}))

    async def _finish_extras(self, extras: dict[str, asyncio.Task[None]]) -> None:
        """Wait for the extras; those that take too long fail."""
        begun = asyncio.get_running_loop().time()
        for name, task in sorted(extras.items(), key=lambda extra: EXTRA_SECONDS[extra[0]]):
            left = begun + EXTRA_SECONDS[name] - asyncio.get_running_loop().time()
            await asyncio.wait([task], timeout=max(0, left))
            if task.done():
                task.result()
            else:
                self._add_failure(name, LATE)

    async def operation(self) -> AsyncIterator[Step]:
        """Yield the status, and the job of a running operation."""
        with self._api.refreshing(self._time_limit):
            async for step in self._operation():
                yield step

    async def _operation(self) -> AsyncIterator[Step]:
        """Yield the status, and the job of a running operation, which alone proves nothing."""
        status = await self._answer("status", self._api.status)
        yield lambda state: replace(state, status=status)
        if status.value is not None and state_of(status.value.state) is State.IN_PROGRESS:
            job = await self._answer("job", partial(self._job, status.value))
            yield lambda state: replace(state, job=job)

    async def _job(self, status: DrStatus, _: ResponseMetadata) -> Job | None:
        """Return the job that started together with the operation; no answer names it (docs/api.md#jobs)."""
        names = (await self._api.jobs())[-MAX_JOBS:]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._answer(f"job {name}", partial(self._one_job, name))) for name in names]
        jobs = [task.result().value for task in tasks]
        candidates = [
            job for job in jobs if job is not None and DISASTER_RECOVERY in job.operation and job.start is not None
        ]
        close = [job for job in candidates if abs((job.start or 0) - (status.start or 0)) <= JOB_SKEW]
        return max(close, key=lambda job: job.start or 0, default=None)

    async def _one_job(self, name: str, _: ResponseMetadata) -> Job:
        return await self._api.job(name)

    async def _stores(self) -> Fetched[tuple[Store, ...]]:
        stores = await self._resource("stores", self._api.stores)
        async with asyncio.TaskGroup() as group:
            for store in stores.value or ():
                group.create_task(self._backups(store.name))
            failure = stores.failure
            self._unreachable = failure if failure and failure.kind is FailureKind.UNREACHABLE else None
            self._extras_due.set()
        return stores

    async def _add_unregistered_stores(self, stores: Fetched[tuple[Store, ...]]) -> None:
        """Add the stores that are no longer registered: the single list of 10.9 contains their backups too."""
        single_list = await self._answer(ALL_BACKUPS, self._api.all_backups)
        listed = {store.name for store in stores.value or ()}
        names = dict.fromkeys(backup.store for backup in single_list.value or () if backup.store not in listed)
        reason = stores.incomplete_reason or single_list.incomplete_reason
        if single_list.failure is not None:
            reason = (
                f"backups of stores that are no longer registered could not be read ({single_list.failure.summary})"
            )
        all_stores = replace(stores, value=(*(stores.value or ()), *map(Store, names)), incomplete_reason=reason)
        sample = self._samples.pop(ALL_BACKUPS, None)
        if sample is not None:
            self._samples.update(dict.fromkeys((BACKUPS_OF + name for name in names), sample))
        lists = {
            name: replace(single_list, value=tuple(b for b in single_list.value or () if b.store == name))
            for name in names
        }
        self._steps.put_nowait(lambda state: replace(state, stores=all_stores, backups={**state.backups, **lists}))

    async def _backups(self, store: str) -> None:
        async with self._store_slots:
            backups = await self._answer(BACKUPS_OF + store, partial(self._api.backups, store))
        self._steps.put_nowait(lambda state: state.with_backups(store, backups))

    async def _status(self) -> None:
        async for step in self._operation():
            self._steps.put_nowait(step)
