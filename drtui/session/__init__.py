"""Fetch the state of a site. `cli` and `ui` reach network and disk only through this package.

Modules that use the network or the disk are imported on first use, because the interface paints before that.
"""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from msgspec.structs import replace

from drtui.core.model.auth import AuthState, SignIn
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.note import Note
from drtui.core.model.requests import Request
from drtui.core.model.site_state import EXTRAS, Fetched, SiteHistory, SiteState
from drtui.session.connection import Connection
from drtui.session.target import DEMO, ConnectionOptions, Target, remembered_address

if TYPE_CHECKING:
    from drtui.api.client import AdminApi
    from drtui.core.analysis.assessment import Assessment
    from drtui.session.fetch import SiteFetch
    from drtui.session.history import SiteCache
    from drtui.session.prefetch import Prefetch

LOGGER = logging.getLogger("drtui")


ROUNDS = 2
"""Time limit of a refresh, in limits of one resource: first the stores and other resources, then the lists.
"""

EACH_REFRESH = frozenset({"mode"})
"""Names of the extras that are fetched at each refresh, the others once a session."""

HEAD_START = 0.02
"""Seconds that the first request may run before the cache is read: both compete for the interpreter."""


def now_ms() -> int:
    """Return the present, epoch ms."""
    return time.time_ns() // 1_000_000


class Session:
    """Fetches one target repeatedly over the same connections. An asynchronous context manager.

    Args:
        target: the site, file or scenario.
        options: how to connect and sign in.
        now: moment that a scenario ends at, epoch ms; the present by default.
        clock: returns the present, epoch ms.
        prefetch: the first refresh, if it has been started already.
        time_limit: seconds for one refresh; `ROUNDS` times the limit of one resource by default.
        extras: names of the `EXTRAS` to fetch.
    """

    def __init__(
        self,
        target: Target,
        options: ConnectionOptions,
        *,
        now: int | None = None,
        clock: Callable[[], int] = now_ms,
        prefetch: "Prefetch | None" = None,
        time_limit: float | None = None,
        extras: Iterable[str] = (),
    ) -> None:
        self.target, self.options = target, options
        self._clock = clock
        moment = now if now is not None else clock()
        # The answers of a scenario are dated by the moment it ends at, so that repeated runs yield the same bytes.
        still = target.scenario is not None and now is not None
        self._answer_clock = (lambda: moment) if still else clock
        self._corrects_clock = now is None
        self._clock_offset: int | None = None
        self._prefetch = prefetch
        self._time_limit = time_limit or ROUNDS * options.timeout
        self._extras = frozenset(extras)
        self._known_extras: Mapping[str, Fetched[Any]] = {}
        """Extras that are not fetched again in this session."""
        self._connection = Connection(target, options, moment, clock)
        self._cache = site_cache(target, options)
        self._cache_task: asyncio.Task[SiteState | None] | None = None
        self._site_history = SiteHistory()
        self.saved: SiteState | None = None
        """Cached state of the site from before the first refresh; None until it was read, or if there is none."""
        self._is_headline_due = False
        """True if the last refresh has not been assessed yet."""
        self.history_failure = ""
        """Failure of the last read or write of history; empty if there was none."""

    @property
    def requests(self) -> deque[Request]:
        """Recent requests and their outcomes, oldest first."""
        return self._connection.requests

    @property
    def now(self) -> int:
        """The present by the site's clock if known, else by this machine's, epoch ms."""
        return self._clock() + (self._clock_offset or 0)

    @property
    def auth_state(self) -> AuthState | None:
        """State of the sign-in; None before the first request."""
        return self._connection.auth_state

    @property
    def token_expires(self) -> int | None:
        """End of the token by the site's clock, epoch ms; None if unknown.

        For a single sign-on it is the end of the refresh token: until then the access token is renewed unasked.
        """
        grant = self._connection.grant
        if grant is None:
            return self.auth_state.expires if self.auth_state is not None else None
        end = grant.expires if grant.refresh_token is None else grant.refresh_expires
        return None if end is None else end + (self._clock_offset or 0)

    @property
    def sign_in(self) -> SignIn:
        """The facts about the sign-in, as far as they are known."""
        state, grant = self.auth_state, self.options.grant
        user = self.options.user or (grant.user if grant is not None else "")
        method, expires = (state.method, self.token_expires) if state is not None else (None, None)
        return SignIn(user, method, expires, self.options.cert is not None)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        prefetch, self._prefetch = self._prefetch, None
        if prefetch is not None:
            prefetch.end()
        await self._connection.close()

    async def open_api(self) -> "AdminApi":
        """Return the API client of the target.

        Raises:
            ApiError: certificates, proxy or host name are unusable.
        """
        return await self._connection.open()

    async def fetch_all(self, anew: Iterable[str] = ()) -> SiteState:
        """Run one refresh and return its final state. The extras named in `anew` are fetched in any case."""
        state = SiteState(self.target.location)
        async for state in self.fetch(anew):  # noqa: B007 - only the last one is needed
            pass
        return state

    async def fetch_or_cached(self) -> SiteState:
        """Run one refresh and return its state; resources that failed have the cached value and the failure."""
        if self._cache is None or self.options.offline:
            return await self.fetch_all()
        self._cache_task = asyncio.create_task(self._read_cache_later())
        state = await self.fetch_all()
        self.saved = await self._cache_task
        return state if self.saved is None else state.with_fallback(self.saved)

    async def _read_cache_later(self) -> SiteState | None:
        """Return the cached state, read while the site prepares its first answers."""
        from drtui.api.errors import ApiError

        with contextlib.suppress(ApiError):
            await self._connection.open()
        await asyncio.sleep(HEAD_START)
        return await self.cached()

    async def cached(self) -> SiteState | None:
        """Return the cached state of the site; None if there is none. Sends no request."""
        if self._cache is None:
            return None
        state = await asyncio.to_thread(self._cache.load, self.target.location, self.now)
        self._note_history_failure()
        if state is None:
            return None
        self._site_history = state.history
        self._connection.known_lists = state.backups
        empty = SiteState(state.location, state.address, history=state.history, is_complete=state.is_complete)
        return None if state == empty else state  # refreshes that failed completely are stored as well

    async def fetch(self, anew: Iterable[str] = ()) -> AsyncIterator[SiteState]:
        """Run one refresh and yield its growing state: each contains all of the one before.

        Failures are part of the state. The extras named in `anew` are fetched even if they are not part of a refresh.
        """
        if self.target.file is not None:
            from drtui.session.saved_file import read_file

            yield await asyncio.to_thread(read_file, self.target.file, self._clock())
        elif self.options.offline and self.target.is_site:
            yield await self.cached() or self._no_cache_state()
        else:
            async for state in self._fetch_site(frozenset(anew)):
                yield state

    async def _fetch_site(self, anew: frozenset[str]) -> AsyncIterator[SiteState]:
        """Fetch the site itself, and store the answers in history."""
        from drtui.api.errors import ApiError

        empty = SiteState(
            self.target.location, self.target.address, history=self._site_history, clock_offset=self._clock_offset
        )
        empty = replace(empty, **self._known_extras)
        state = empty
        try:
            async for state in self._fetch_states(empty, anew):
                yield state
        except ApiError as error:
            now = state.site_time(self._clock())
            yield replace(state, stores=Fetched(now, failure=error.failure), is_complete=True)
            return
        self._clock_offset, self._is_headline_due = state.clock_offset, True
        extras = {name: answer for name in EXTRAS if (answer := getattr(state, name)) is not None}
        self._known_extras = {name: answer for name, answer in extras.items() if _is_final(name, answer)}
        if self._cache is not None:
            if self._cache_task is not None:
                await self._cache_task  # the cache must be read before it is overwritten
            self._site_history = await asyncio.to_thread(self._cache.save, state, self.now)
            self._note_history_failure()
        yield replace(state, history=self._site_history.without(state.all_backups), is_complete=True)

    async def _fetch_states(self, empty: SiteState, anew: frozenset[str]) -> AsyncIterator[SiteState]:
        """Yield the states of a refresh of the site; of the one started in advance, if there is one.

        Raises:
            ApiError: no request could be sent.
        """
        prefetch, self._prefetch = self._prefetch, None
        if prefetch is not None:
            state = empty
            async for state in prefetch.states(self._connection.known_lists, self.requests.append):
                yield replace(state, history=empty.history, is_complete=False)
            self._connection.resume(prefetch.auth_state, state.backups)
        if prefetch is None or prefetch.auth_state is None:
            api, state = await self._connection.open(), empty
            extras = anew | (self._extras - self._known_extras.keys())
            async for step in self._site_fetch(api, extras).steps():
                state = step(state)
                yield state

    def _no_cache_state(self) -> SiteState:
        """Return the state of an offline site without a cache."""
        failure = Failure(
            FailureKind.UNREACHABLE,
            "offline",
            f"no saved data of {self.target.location}",
            cause="It was never fetched from this machine and account, or history is off.",
            advice="Leave out --offline, or import its history with drtui history import.",
        )
        return self.target.failed_state(self._clock(), failure)

    def assess(self, state: SiteState, moment: int, rpo: int, words: Sequence[str] | None = None) -> "Assessment":
        """Return the assessment of a state at `moment` (epoch ms), with an RPO in milliseconds.

        That of a refresh also becomes the first line of the next start with these `words` of the command line.
        Blocks: 20,000 restore points take 0.3 s.
        """
        from drtui.core.analysis.assessment import assess

        assessment = assess(state, moment, rpo)
        if self._is_headline_due and state.is_complete:
            self._is_headline_due = False
            self.save_headline(assessment, words)
        return assessment

    def save_headline(self, assessment: "Assessment", words: Sequence[str] | None = None) -> None:
        """Save the first line of the next start if the answer is complete and live, and `now` not fixed. Blocks."""
        from drtui.core.summary.headline import make_last_known

        headline = make_last_known(assessment)
        if headline is not None and self._cache is not None and self._corrects_clock:
            self._cache.save_last_known(headline, words)

    def add_note(self, note: Note) -> None:
        """Add a note that was just written to what is known of the site."""
        self._site_history = replace(self._site_history, notes=(note, *self._site_history.notes))

    def _note_history_failure(self) -> None:
        previous = self.history_failure
        self.history_failure = self._cache.failure if self._cache is not None else ""
        if self.history_failure not in {"", previous}:
            LOGGER.warning("history: %s", self.history_failure)

    async def refetch_status(self, state: SiteState) -> SiteState:
        """Return `state` with the status fetched again, to follow a running operation."""
        from drtui.api.errors import ApiError

        updated = state
        try:
            async for step in self._site_fetch(await self._connection.open()).operation():
                updated = step(updated)
        except ApiError as error:
            updated = replace(state, status=Fetched(state.site_time(self._clock()), failure=error.failure))
        return updated.with_fallback(state)

    def _site_fetch(self, api: "AdminApi", extras: Iterable[str] = ()) -> "SiteFetch":
        """Return the requests of one refresh."""
        from drtui.session.fetch import SiteFetch

        return SiteFetch(
            api,
            self._answer_clock,
            self._time_limit,
            offset=self._clock_offset,
            corrects=self._corrects_clock,
            extras=extras,
        )


def _is_final(name: str, answer: Fetched[Any]) -> bool:
    """True if an extra is not fetched again: the site does not have it, or it does not change during a session."""
    failure = answer.failure
    if failure is not None and failure.kind is FailureKind.MISSING:
        return True
    return name not in EACH_REFRESH and (failure is None or failure.code == "403")


def site_cache(target: Target, options: ConnectionOptions) -> "SiteCache | None":
    """Return the history of a target; None if it is not a real site, or if history is turned off."""
    address = remembered_address(target, options)
    if address is None:
        return None
    from drtui.session.history import SiteCache

    return SiteCache(address, options.keep_days)


__all__ = [
    "DEMO",
    "ConnectionOptions",
    "Request",
    "Session",
    "Target",
    "now_ms",
    "site_cache",
]
