"""Keep the assessment of one site current: saved values first, then refreshes at intervals."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace
from textual.screen import Screen
from textual.timer import Timer
from textual.worker import Worker

from drtui.core.analysis.assessment import Assessment, assess
from drtui.core.analysis.changes import make_previous_lists
from drtui.core.listing.view_settings import ViewSettings
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import State
from drtui.core.model.site_state import EXTRAS, SiteState
from drtui.session import ConnectionOptions, Session, Target
from drtui.session.remembered_views import load_view_settings
from drtui.ui.background import run_worker
from drtui.ui.main.open_site import OpenSite
from drtui.ui.main.refresh_interval import compute_refresh_delay

NOTICE_DELAY = 1.0
"""Seconds after which a refresh is announced in the footer."""


class PollerCallbacks(NamedTuple):
    """Functions of the main screen that the poller calls."""

    on_reset: Callable[[], object]
    """Another site is open; everything about the previous one has been dropped."""
    on_settings: Callable[[ViewSettings | None], object]
    """The saved view settings of the site have been read; None if there are none."""
    on_assessed: Callable[[], object]
    """The site has a new assessment."""
    on_previous_lists: Callable[[], object]
    """The lists before this visit have been read."""
    on_signed_out: Callable[[], object]
    """A refresh has ended in which the token was no longer accepted."""
    show_message: Callable[[str], object]
    """Shows a message in the footer, or removes it if the text is empty."""


class Poller:
    """Fetches the open site when it is opened, at intervals and on request."""

    def __init__(self, screen: Screen[None], site: OpenSite, callbacks: PollerCallbacks) -> None:
        self._screen, self._site, self._callbacks = screen, site, callbacks
        self._prefetch = site.options.prefetch
        self.failures = 0
        """Number of consecutive refreshes that returned no list."""
        self._saved_state: SiteState | None = None
        """The saved site state from which the previous lists will be built."""
        self.refresh_delay: float | None = None
        """Seconds from the last refresh to the next; None during a refresh, or if none is scheduled."""
        self._refresh_timer: Timer | None = None
        self._pending_state: SiteState | None = None
        self._assessing: asyncio.Task[None] | None = None

    def _run(self, work: Callable[[], Coroutine[None, None, None]]) -> Worker[None]:
        """Run a refresh, and cancel the previous one."""
        return run_worker(self._screen, work, "refresh")

    # assessing

    def assess_state(self, site_state: SiteState) -> None:
        """Assess `site_state` as of now, and show the assessment."""
        self._apply(assess(site_state, self._site.choose_assessment_time(site_state), self._site.rpo))

    async def _assess_in_thread(self, session: Session, site_state: SiteState) -> None:
        """Assess and show a site state, in a thread so that keys are answered: 20,000 restore points take 0.3 s."""
        site = self._site
        words = site.options.arguments if site.target is site.options.target else None
        moment = site.choose_assessment_time(site_state)
        self._apply(await asyncio.to_thread(session.assess, site_state, moment, site.rpo, words))

    def _apply(self, assessment: Assessment) -> None:
        self._site.assessment = assessment
        failures = assessment.site_state.failures
        self._site.last_error = failures[0][1] if failures else self._site.last_error
        self._callbacks.on_assessed()

    def _receive(self, session: Session, site_state: SiteState) -> None:
        """Assess a new site state; several answers that arrive together are assessed once."""
        self._pending_state = site_state
        if self._assessing is None or self._assessing.done():
            self._assessing = asyncio.create_task(self._assess_pending(session))

    async def _assess_pending(self, session: Session) -> None:
        """Assess received states until no newer one has arrived; what is missing or failed keeps its former value."""
        while (site_state := self._pending_state) is not None:
            self._pending_state = None
            await self._assess_in_thread(session, site_state.with_fallback(self._site.site_state))

    # refreshing

    def load_site(self, on_no_access: Callable[[], object] | None = None) -> None:
        """Show the saved state of the site, then refresh it; without credentials call `on_no_access` instead."""
        self._run(partial(self._load_site, on_no_access))

    async def _load_site(self, on_no_access: Callable[[], object] | None) -> None:
        site = self._site
        if site.target is None:
            if on_no_access is not None:
                on_no_access()
            return
        prefetch, self._prefetch = self._prefetch, None
        now, clock = site.options.now, site.options.clock
        # The session that follows a change is used again: that of a simulated site is the world that was changed.
        session = site.find_followed_session(site.target, site.access)
        if session is None:
            session = Session(site.target, site.access, now=now, clock=clock, prefetch=prefetch, extras=EXTRAS)
        site.session = session
        self._callbacks.on_settings(await load_view_settings(site.target, site.access))
        saved = await session.cached()
        can_fetch = on_no_access is None or self._can_fetch
        if saved is not None and site.site_state.stores is None:
            await self._assess_in_thread(session, replace(saved, is_complete=saved.is_complete and not can_fetch))
        self._saved_state = saved if site.previous_lists.listed_at is None else None
        if on_no_access is not None and not can_fetch:
            on_no_access()
        else:
            await self._refresh_with_notice()

    @property
    def _can_fetch(self) -> bool:
        """True if credentials are available, or none are needed."""
        target, access = self._site.target, self._site.access
        return access.can_sign_in or access.offline or (target is not None and not target.is_site)

    def refresh(self) -> Worker[None]:
        """Refresh everything at the user's request."""
        return self._run(self._refresh_with_notice)

    def _refresh_on_timer(self) -> None:
        """Refresh at the scheduled time, without a message, so that nothing the user reads is replaced."""
        self._run(self._refresh_site)

    async def _refresh_with_notice(self) -> None:
        """Refresh the site, and show a message if that takes more than a second."""
        notice_timer = self._screen.set_timer(NOTICE_DELAY, partial(self._callbacks.show_message, "asking ..."))
        try:
            await self._refresh_site()
        finally:
            notice_timer.stop()
        self._callbacks.show_message("")

    async def _refresh_site(self) -> None:
        """Refresh the site, and assess its answers as they arrive."""
        site, session = self._site, self._site.session
        if session is None:
            return
        self._cancel_refresh_timer()
        if site.site_state.is_saved and site.site_state.is_complete:
            await self._assess_in_thread(session, replace(site.site_state, is_complete=False))
        list_failure: Failure | None = None
        async for site_state in session.fetch():
            list_failure = next(
                (failure for name, failure in site_state.failures if name.startswith(("stores", "backups"))), None
            )
            self._receive(session, site_state)
        assessing, self._assessing = self._assessing, None
        if assessing is not None:
            await assessing
        self._schedule_refresh(list_failure)
        await self._update_previous_lists()
        if site.is_signed_out:
            self._callbacks.on_signed_out()

    async def _update_previous_lists(self) -> None:
        """Update the lists before this visit.

        This comes after the list is displayed, because assessing the saved state again takes time.
        """
        site = self._site
        saved, self._saved_state = self._saved_state, None
        if saved is not None:
            site.previous_lists = await asyncio.to_thread(make_previous_lists, saved, site.now)
        site.previous_lists = await asyncio.to_thread(
            site.previous_lists.with_unlisted, site.site_state, site.assessment.points
        )
        if saved is not None:
            self._callbacks.on_previous_lists()

    # scheduling

    def _schedule_refresh(self, failure: Failure | None) -> None:
        """Count a failed refresh, and schedule the next one.

        A refusal does not count, because retrying does not help.
        """
        site = self._site
        has_failed = failure is not None and failure.kind is not FailureKind.REFUSED
        self.failures = self.failures + 1 if has_failed else 0
        if site.target is None or site.target.file is not None or site.access.offline:
            return
        operation = site.assessment.operation
        is_following = operation is not None and operation.is_worth_polling
        chance = random.random()  # noqa: S311 - not a secret
        self.refresh_delay = compute_refresh_delay(
            self.failures, is_following=is_following, unit=site.options.follow_interval, chance=chance
        )
        refresh = self.follow_operation if is_following else self._refresh_on_timer
        self._refresh_timer = self._screen.set_timer(self.refresh_delay, refresh)

    def _cancel_refresh_timer(self) -> None:
        if self._refresh_timer is not None:
            self._refresh_timer.stop()
        self._refresh_timer = self.refresh_delay = None

    def follow_operation(self) -> Worker[None]:
        """Fetch the status; after the end of the operation refresh everything."""
        return self._run(self._follow_operation)

    async def _follow_operation(self) -> None:
        session = self._site.session
        if session is None:
            return
        self._cancel_refresh_timer()
        site_state = await session.refetch_status(self._site.site_state)
        await self._assess_in_thread(session, site_state)
        operation = self._site.assessment.operation
        if operation is not None and operation.outcome is State.IN_PROGRESS:
            self._schedule_refresh(site_state.status.failure if site_state.status is not None else None)
        else:
            await self._refresh_site()

    # switching sites

    def open_site(
        self, target: Target, access: ConnectionOptions, on_no_access: Callable[[], object] | None = None
    ) -> None:
        """Show another site, or the same one with a new sign-in, which keeps everything displayed.

        `on_no_access` is called instead of the refresh if no credentials are available.
        """
        site = self._site
        self._screen.workers.cancel_group(self._screen, "refresh")
        if self._assessing is not None:
            self._assessing.cancel()
            self._assessing = None
        self._cancel_refresh_timer()
        session, site.session = site.session, None
        if session is not None and not site.is_session_needed(session):
            self._screen.app.run_worker(session.close(), group="close", exit_on_error=False)
        is_same_site = site.target is not None and target.is_same_site(site.target) and target.name == site.target.name
        site.target, site.access, self.failures, self._pending_state = target, access, 0, None
        if not is_same_site:
            self._saved_state = None
            site.reset()
            self._callbacks.on_reset()
            self._callbacks.on_assessed()
        self.load_site(on_no_access)
