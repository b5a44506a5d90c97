"""The seam: one look at one site gives a Reading. The only way in which `cli` and `ui` reach network and disk.

What reads the network or the disk is imported when it is first used: the interface paints before that.
"""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING, Self

from msgspec.structs import replace

from drtui.core.model.auth import AuthState
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.requests import Request
from drtui.core.model.site_state import Fetched, SiteHistory, SiteState
from drtui.core.summary.last_known import LastKnown
from drtui.session.connection import Connection
from drtui.session.target import DEMO, ConnectionOptions, Target

if TYPE_CHECKING:
    from drtui.api.client import AdminApi
    from drtui.session.fetch import SiteFetch
    from drtui.session.history import SiteCache
    from drtui.session.prefetch import Prefetch

LOGGER = logging.getLogger("drtui")


ROUNDS = 2
"""Times that of one resource, for a refresh as a whole: the stores and what is asked beside them, then their lists."""

HEAD_START = 0.02
"""Seconds that the first request has to go out before what was saved is read: both want the interpreter."""


def now_ms() -> int:
    """The present, epoch ms."""
    return time.time_ns() // 1_000_000


class Session:
    """Looks at one target, as often as one likes, over connections that are kept. An asynchronous context manager.

    Args:
        target: what to look at.
        access: how to get there and in.
        now: the moment that a scenario is made for, epoch ms; the present if not given.
        clock: the present, epoch ms.
        ahead: the first look, if it has been begun already.
        patience: seconds for one look as a whole; `ROUNDS` times those of one resource if not given.
    """

    def __init__(
        self,
        target: Target,
        access: ConnectionOptions,
        *,
        now: int | None = None,
        clock: Callable[[], int] = now_ms,
        ahead: "Prefetch | None" = None,
        patience: float | None = None,
    ) -> None:
        self.target, self.access = target, access
        self._clock = clock
        moment = now if now is not None else clock()
        # What a scenario answers is as old as the moment it is made for: the same answers, the same bytes.
        still = target.scenario is not None and now is not None
        self._read_clock = (lambda: moment) if still else clock
        self._corrects = now is None
        self._offset: int | None = None
        self._ahead = ahead
        self._patience = patience or ROUNDS * access.timeout
        self._connection = Connection(target, access, moment, clock)
        self._memory = site_cache(target, access)
        self._recalling: asyncio.Task[SiteState | None] | None = None
        self._past = SiteHistory()
        self.saved: SiteState | None = None
        """What was known of the site before it was asked, once that was recalled."""
        self.history_trouble = ""
        """Why history could not be read or written the last time; empty if it could."""

    @property
    def requests(self) -> deque[Request]:
        """What was asked lately and how it went, oldest first."""
        return self._connection.requests

    @property
    def now(self) -> int:
        """The present by the site's clock, as far as that is known, epoch ms."""
        return self._clock() + (self._offset or 0)

    @property
    def auth_state(self) -> AuthState | None:
        """How one stands with the site, once it was asked."""
        return self._connection.auth_state

    @property
    def token_expires(self) -> int | None:
        """When the token ends, epoch ms, if that is known."""
        return self.auth_state.expires if self.auth_state is not None else None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.end()
        await self._connection.close()

    async def read(self) -> SiteState:
        """One look, whole."""
        reading = SiteState(self.target.place)
        async for reading in self.fetch():  # noqa: B007 - the last one counts
            pass
        return reading

    async def fetch_or_cached(self) -> SiteState:
        """One look, whole; where it failed, what was saved, with why."""
        if self._memory is None or self.access.offline:
            return await self.read()
        self._recalling = asyncio.create_task(self._recalled_meanwhile())
        reading = await self.read()
        self.saved = await self._recalling
        return reading if self.saved is None else reading.with_fallback(self.saved)

    async def _recalled_meanwhile(self) -> SiteState | None:
        """What was saved of the site, read while the site thinks about its first answers."""
        from drtui.api.errors import ApiError  # noqa: PLC0415 - not needed to paint

        with contextlib.suppress(ApiError):
            await self._connection.opened()
        await asyncio.sleep(HEAD_START)
        return await self.cached()

    async def cached(self) -> SiteState | None:
        """What was saved of the site; None if nothing was. Asks nobody."""
        if self._memory is None:
            return None
        found = await asyncio.to_thread(self._memory.recall, self.target.place, self.now)
        self._remembered()
        if found is None:
            return None
        self._past = found.history
        self._connection.lists = found.backups
        nothing = SiteState(found.location, found.address, history=found.history, is_complete=found.is_complete)
        return None if found == nothing else found  # looks that all failed are remembered, too

    async def fetch(self) -> AsyncIterator[SiteState]:
        """One look, as its parts arrive: every reading holds all of the one before it. Failures are troubles in it."""
        if self.target.file is not None:
            from drtui.session.saved_file import read_file  # noqa: PLC0415 - not needed to paint

            yield await asyncio.to_thread(read_file, self.target.file, self._clock())
        elif self.access.offline and self.target.is_site:
            yield await self.cached() or no_cache_state(self.target, self._clock())
        else:
            async for reading in self._asked():
                yield reading

    async def _asked(self) -> AsyncIterator[SiteState]:
        """One look at the site itself; what came is saved."""
        from drtui.api.errors import ApiError  # noqa: PLC0415 - not needed to paint

        nothing = SiteState(self.target.place, self.target.address, history=self._past, clock_offset=self._offset)
        reading = nothing
        try:
            async for reading in self._found(nothing):
                yield reading
        except ApiError as error:
            at = reading.site_time(self._clock())
            yield replace(reading, stores=Fetched(at, failure=error.failure), complete=True)
            return
        self._offset = reading.clock_offset
        if self._memory is not None:
            if self._recalling is not None:
                await self._recalling  # what was saved before, before it is written over
            self._past = await asyncio.to_thread(self._memory.keep, reading, self.now)
            self._remembered()
        yield replace(reading, history=self._past.without(reading.all_backups), is_complete=True)

    async def _found(self, nothing: SiteState) -> AsyncIterator[SiteState]:
        """What a look finds, the one that has been begun already, if there is one.

        Raises:
            ApiError: the site could not even be asked.
        """
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            reading = nothing
            async for reading in ahead.readings(self._connection.lists, self.requests.append):
                yield replace(reading, history=nothing.history, is_complete=False)
            self._connection.restore_auth(ahead.footing, reading.backups)
        if ahead is None or ahead.footing is None:
            deployment, reading = await self._connection.opened(), nothing
            async for step in self._look_at(deployment).steps():
                reading = step(reading)
                yield reading

    def _remembered(self) -> None:
        before = self.history_trouble
        self.history_trouble = self._memory.trouble if self._memory is not None else ""
        if self.history_trouble not in {"", before}:
            LOGGER.warning("history: %s", self.history_trouble)

    async def follow(self, reading: SiteState) -> SiteState:
        """The same reading with the status asked for anew, for as long as an operation goes on."""
        from drtui.api.errors import ApiError  # noqa: PLC0415 - httpx comes with it

        fresh = reading
        try:
            async for step in self._look_at(await self._connection.opened()).operation():
                fresh = step(fresh)
        except ApiError as error:
            fresh = replace(reading, status=Fetched(reading.site_time(self._clock()), failure=error.failure))
        return fresh.with_fallback(reading)

    def _look_at(self, deployment: "AdminApi") -> "SiteFetch":
        """Return the requests of one look."""
        from drtui.session.fetch import SiteFetch  # noqa: PLC0415 - httpx comes with it

        return SiteFetch(deployment, self._read_clock, self._patience, offset=self._offset, corrects=self._corrects)


def site_cache(target: Target, access: ConnectionOptions) -> "SiteCache | None":
    """The history of a target: only of a real site, and only if it is wanted."""
    if not target.is_site or target.address is None or not access.remember:
        return None
    from drtui.session.history import SiteCache  # noqa: PLC0415 - sqlite3 and platformdirs come with it

    return SiteCache(target.address, access.keep_days)


def save_last_known(
    target: Target, access: ConnectionOptions, told: LastKnown, words: Sequence[str] | None = None
) -> None:
    """Save what is to be said of a site first the next time, and the words that opened the interface on it. Blocks."""
    memory = site_cache(target, access)
    if memory is not None:
        memory.keep_glance(told, words)


def no_cache_state(target: Target, now: int) -> SiteState:
    """The reading of a site of which nothing is saved, and which is not to be asked."""
    trouble = Failure(
        FailureKind.UNREACHABLE,
        "offline",
        f"nothing is saved of {target.place}",
        cause="It was not looked at from this machine and account, or history is turned off.",
        advice="Leave out --offline, or bring its history along with drtui history import.",
    )
    return SiteState(target.place, target.address, stores=Fetched(now, failure=trouble), is_complete=True)


__all__ = [
    "DEMO",
    "ConnectionOptions",
    "Request",
    "Session",
    "Target",
    "no_cache_state",
    "now_ms",
    "save_last_known",
    "site_cache",
]
