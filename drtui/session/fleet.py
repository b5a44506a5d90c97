"""Several sites, looked at side by side: each by its own connections, within its own time, with its own failure."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from msgspec.structs import replace

from drtui.core.analysis.rpo import DEFAULT_TARGET
from drtui.core.model.config import SettingsError
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site_state import Fetched, SiteState
from drtui.core.summary.headline import last_known_of
from drtui.core.summary.site_summary import SiteSummary, summarize_site
from drtui.session import ConnectionOptions, Session, Target, no_cache_state, now_ms, save_last_known
from drtui.session.profiles import NamedSite

SIDE_BY_SIDE = 4
"""Sites that are asked at the same time."""


class Fleet:
    """Looks at several sites.

    Args:
        sites: which, by names that differ.
        given: what was asked for. Of it only what holds for every site is used: neither a secret nor whom to trust.
        rpo: the target that was asked for, milliseconds; the sites' own if none was.
        now: the moment that is judged at and that scenarios are made for, epoch ms; the present if not given.
        clock: the present, epoch ms.
        beside: the session that is open anyway: its site is asked through it, as one has signed in there.
    """

    def __init__(
        self,
        sites: Sequence[NamedSite],
        given: ConnectionOptions,
        *,
        rpo: int | None = None,
        now: int | None = None,
        clock: Callable[[], int] = now_ms,
        beside: Session | None = None,
    ) -> None:
        self.sites = tuple(sites)
        self._given = given.of_every_site
        self._rpo, self._now, self._clock, self._beside = rpo, now, clock, beside
        self.history_troubles: dict[str, None] = {}
        """Why history could not be read or written, each once."""

    def summary(self, target: Target, reading: SiteState | None = None) -> SiteSummary:
        """What is to be thought of a site; without a reading that nothing is known of it."""
        found = reading if reading is not None else SiteState(target.place, target.address)
        now = self._now if self._now is not None else found.site_time(self._clock())
        return summarize_site(target.name, found, now, self._rpo or target.rpo or DEFAULT_TARGET, accent=target.accent)

    async def recall(self) -> AsyncIterator[SiteSummary]:
        """What is saved of each, one after another; what nothing is saved of is left out. Asks nobody."""
        for site in self.sites:
            saved = await self._saved(site)
            if saved is not None:
                yield await asyncio.to_thread(self.summary, site.target, saved)

    async def look(self) -> AsyncIterator[SiteSummary]:
        """One look at each, as they come. Failures are troubles in the reading, under which lies what was saved."""
        room = asyncio.Semaphore(SIDE_BY_SIDE)

        async def one(site: NamedSite) -> tuple[NamedSite, SiteSummary]:
            async with room:
                return site, await asyncio.to_thread(self.summary, site.target, await self._read(site))

        looks = [asyncio.create_task(one(site)) for site in self.sites]
        try:
            for each in asyncio.as_completed(looks):
                site, found = await each
                await self._keep_glance(site, found)
                yield found
        finally:
            for task in looks:
                task.cancel()

    async def _keep_glance(self, site: NamedSite, found: SiteSummary) -> None:
        """Save what is to be said of it first the next time; one after another, as all write one file."""
        told = last_known_of(found.assessment)
        if told is not None and self._now is None:
            access = site.way_in(self._quiet)
            await asyncio.to_thread(save_last_known, site.target, access, told)

    @property
    def _quiet(self) -> ConnectionOptions:
        """What was asked for, but that nobody is asked: then no secret is fetched."""
        return replace(self._given, offline=True)

    async def _saved(self, site: NamedSite) -> SiteState | None:
        session = Session(site.target, site.way_in(self._quiet), clock=self._clock)
        saved = await session.cached()
        self._note_history(session)
        return saved

    async def _read(self, site: NamedSite) -> SiteState:
        saved = await self._saved(site)
        if self._given.offline and site.target.is_site:
            return saved or no_cache_state(site.target, self._clock())
        beside = self._beside
        if beside is not None and beside.access.can_sign_in and beside.target.is_same_site(site.target):
            reading = await self._asked(beside)
        else:
            reading = await self._signed_in(site)
        return reading if saved is None else reading.with_fallback(saved)

    async def _signed_in(self, site: NamedSite) -> SiteState:
        """A look over connections of its own, with the secret fetched first."""
        try:
            access = await asyncio.to_thread(site.way_in, self._given)
        except SettingsError as error:
            return self._not_asked(site.target, str(error))
        if site.target.is_site and not access.can_sign_in:
            return self._not_asked(site.target, "no secret is named for it")
        async with Session(site.target, access, now=self._now, clock=self._clock) as session:
            return await self._asked(session)

    async def _asked(self, session: Session) -> SiteState:
        """Look once; the session bounds how long that takes."""
        try:
            return await session.read()
        finally:
            self._note_history(session)

    def _note_history(self, session: Session) -> None:
        if session.history_trouble:
            self.history_troubles[session.history_trouble] = None

    def _not_asked(self, target: Target, why: str) -> SiteState:
        """The reading of a site whose secret is not to be had."""
        trouble = Failure(
            FailureKind.REFUSED,
            "secret",
            f"not asked, there is no way in: {why}",
            advice=f"Name its secret under [site.{target.name}] in config.toml: password_file, token_command ...",
        )
        return SiteState(target.place, target.address, stores=Fetched(self._clock(), failure=trouble), is_complete=True)
