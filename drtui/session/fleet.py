"""Refresh several sites concurrently: each over its own connections, within its own time, with its own failures."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from msgspec.structs import replace

from drtui.core.analysis.rpo import DEFAULT_TARGET
from drtui.core.model.config import SettingsError
from drtui.core.model.diagnosis import Step
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site_state import SiteState
from drtui.core.summary.site_summary import SiteSummary, summarize_site
from drtui.session import ConnectionOptions, Session, Target, now_ms
from drtui.session.profiles import NamedSite

MAX_CONCURRENT_SITES = 32
"""Sites that are fetched concurrently: most of the time is spent on waiting, and each has its own connections."""


class Fleet:
    """Fetches and summarizes several sites.

    Args:
        sites: the sites, by distinct names.
        options: the options of the command line. Only those that fit every site are used: no secret and no authorities.
        rpo: target for all sites, milliseconds; by default each site's own.
        now: moment of the verdicts and of the end of scenarios, epoch ms; the present by default.
        clock: returns the present, epoch ms.
        open_session: a session that is open already. Its site is fetched through it, as it is signed in.
    """

    def __init__(
        self,
        sites: Sequence[NamedSite],
        options: ConnectionOptions,
        *,
        rpo: int | None = None,
        now: int | None = None,
        clock: Callable[[], int] = now_ms,
        open_session: Session | None = None,
    ) -> None:
        self.sites = tuple(sites)
        self._options = options.for_any_site
        self._rpo, self._now, self.clock, self._open_session = rpo, now, clock, open_session
        self.history_failures: dict[str, None] = {}
        """Failures of history, each once, in order."""

    def summarize(self, target: Target, state: SiteState | None = None) -> SiteSummary:
        """Return the summary of a site; without `state`, of an unknown site."""
        site_state = state if state is not None else SiteState(target.location, target.address)
        now = self._now if self._now is not None else site_state.site_time(self.clock())
        return summarize_site(
            target.name, site_state, now, self._rpo or target.rpo or DEFAULT_TARGET, accent=target.accent
        )

    async def cached(self) -> AsyncIterator[SiteSummary]:
        """Yield the cached summary of each site, in order, and skip sites without a cache. Sends no request."""
        for site in self.sites:
            saved = await self._cached_state(site)
            if saved is not None:
                yield await asyncio.to_thread(self.summarize, site.target, saved)

    async def refresh(self) -> AsyncIterator[SiteSummary]:
        """Refresh all sites and yield each summary when it is ready. Resources that failed have cached values."""
        slots = asyncio.Semaphore(MAX_CONCURRENT_SITES)

        async def fetch(site: NamedSite) -> tuple[NamedSite, SiteSummary]:
            async with slots:
                return site, await asyncio.to_thread(self.summarize, site.target, await self._fetch_or_cached(site))

        tasks = [asyncio.create_task(fetch(site)) for site in self.sites]
        try:
            for task in asyncio.as_completed(tasks):
                site, summary = await task
                # One site after another, as all share one file.
                await asyncio.to_thread(self._offline_session(site).save_headline, summary.assessment)
                yield summary
        finally:
            for pending in tasks:
                pending.cancel()

    async def diagnose(self, site: NamedSite) -> AsyncIterator[Step]:
        """Yield the steps of a connection to a site, with the sign-in of the open session if it is its site."""
        from drtui.core.summary.diagnosis_steps import misconfigured
        from drtui.session.doctor import diagnose

        session, given = self._open_session, list[Step]()
        options, auth_state = self._options, None
        if session is not None and session.options.can_sign_in and session.target.is_same_site(site.target):
            options, auth_state = session.options, session.auth_state
        else:
            try:
                options = await asyncio.to_thread(site.complete_options, self._options)
            except SettingsError as error:
                given.append(misconfigured("configuration", str(error)))
        async for step in diagnose(site.target, options, auth_state=auth_state, now=self._now, given=given):
            yield step

    def _offline_session(self, site: NamedSite) -> Session:
        """Return a session that reads and saves what is kept of a site, without requests and without its secret."""
        options = site.complete_options(replace(self._options, offline=True))
        return Session(site.target, options, now=self._now, clock=self.clock)

    async def _cached_state(self, site: NamedSite) -> SiteState | None:
        session = self._offline_session(site)
        saved = await session.cached()
        self._note_history_failure(session)
        return saved

    async def _fetch_or_cached(self, site: NamedSite) -> SiteState:
        if self._options.offline and site.target.is_site:
            return await self._fetch(self._offline_session(site))
        saved = await self._cached_state(site)
        session = self._open_session
        if session is not None and session.options.can_sign_in and session.target.is_same_site(site.target):
            state = await self._fetch(session)
        else:
            state = await self._fetch_separately(site)
        return state if saved is None else state.with_fallback(saved)

    async def _fetch_separately(self, site: NamedSite) -> SiteState:
        """Refresh a site over connections of its own, after fetching its secret."""
        options, reason = self._options, "no secret is configured"
        try:
            options = await asyncio.to_thread(site.complete_options, self._options)
        except SettingsError as error:
            reason = str(error)
        if site.target.is_site and not options.can_sign_in:
            table = f"[site.{site.target.name}]"
            if options.sso:
                advice = f"Open it alone: drtui {site.target.name}. Or put a token of drtui login into a token_file."
                failure = Failure(FailureKind.REFUSED, "sso", "needs sign-in in a browser", advice=advice)
                return site.target.failed_state(self.clock(), failure)
            advice = f"Add a secret under {table} in config.toml, such as password_file or token_command."
            failure = Failure(FailureKind.REFUSED, "secret", f"cannot sign in: {reason}", advice=advice)
            return site.target.failed_state(self.clock(), failure)
        async with Session(site.target, options, now=self._now, clock=self.clock) as session:
            return await self._fetch(session)

    async def _fetch(self, session: Session) -> SiteState:
        """Run one refresh; the session limits its time."""
        try:
            return await session.fetch_all()
        finally:
            self._note_history_failure(session)

    def _note_history_failure(self, session: Session) -> None:
        if session.history_failure:
            self.history_failures[session.history_failure] = None
