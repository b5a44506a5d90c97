"""Keep the assessment of one site current: saved values first, then refreshes at intervals."""

import asyncio
import random
from collections.abc import Callable

from msgspec.structs import replace
from textual import work
from textual.timer import Timer

from drtui.core.analysis.assessment import Assessment, assess
from drtui.core.analysis.changes import PreviousLists, make_previous_lists
from drtui.core.analysis.rpo import DEFAULT_TARGET
from drtui.core.listing.view_settings import ViewSettings
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import State
from drtui.core.model.site_state import SiteState
from drtui.session import ConnectionOptions, Session, Target
from drtui.session.remembered_views import load_view_settings
from drtui.ui.background import is_large
from drtui.ui.main.age_timer import AgingScreen
from drtui.ui.main.refresh_interval import compute_refresh_delay
from drtui.ui.options import Options

NOTICE_DELAY = 1.0
"""Seconds after which a refresh is announced in the footer."""


class PollingScreen(AgingScreen):
    """A screen that refreshes a site. Subclasses display it in `show_assessment` and `show_message`."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.target, self.access = options.target, options.access
        self.rpo = self._choose_rpo(options.target)
        empty_state = SiteState(self.target.location if self.target else "no site yet")
        self.assessment = assess(empty_state, self.choose_assessment_time(empty_state), self.rpo)
        self.last_error: Failure | None = None
        self.failures = 0
        """Number of consecutive refreshes that returned no list."""
        self.previous_lists = PreviousLists()
        """The lists before this visit to the site."""
        self._prefetch = options.prefetch
        self._saved_state: SiteState | None = None
        """The saved site state from which `previous_lists` will be built."""
        self.refresh_delay: float | None = None
        """Seconds from the last refresh to the next; None during a refresh, or if none is scheduled."""
        self._refresh_timer: Timer | None = None
        self._pending_state: SiteState | None = None
        self._assessing: asyncio.Task[None] | None = None

    def _choose_rpo(self, target: Target | None) -> int:
        """Return the RPO from the options, else that of the site, else the default; milliseconds."""
        return self.options.rpo or (target.rpo if target is not None else None) or DEFAULT_TARGET

    @property
    def site_state(self) -> SiteState:
        """The current site state, with what has been fetched so far."""
        return self.assessment.site_state

    def show_message(self, text: str = "") -> None:
        """Show a message in the footer, or remove it if `text` is empty."""
        raise NotImplementedError

    def assess_state(self, site_state: SiteState | None = None) -> None:
        """Assess `site_state`, or the current one, as of now, and display the assessment."""
        site_state = site_state or self.site_state
        self._apply_assessment(assess(site_state, self.choose_assessment_time(site_state), self.rpo))

    async def _assess_responsively(self, site_state: SiteState) -> None:
        """Assess and display a site state; a large one is assessed in a thread, so that keys are answered."""
        if is_large(site_state):
            self._apply_assessment(
                await asyncio.to_thread(assess, site_state, self.choose_assessment_time(site_state), self.rpo)
            )
        else:
            self.assess_state(site_state)

    def _apply_assessment(self, assessment: Assessment) -> None:
        self.assessment = assessment
        failures = self.site_state.failures
        self.last_error = failures[0][1] if failures else self.last_error
        self.show_assessment()
        self.schedule_age_update()

    @work(exclusive=True, group="refresh", exit_on_error=True)
    async def load_site(self, on_no_access: Callable[[], object] | None = None) -> None:
        """Show the saved state of the site, then refresh it; without credentials call `on_no_access` instead."""
        if self.target is None:
            if on_no_access is not None:
                on_no_access()
            return
        prefetch, self._prefetch = self._prefetch, None
        now, clock = self.options.now, self.options.clock
        self.session = Session(self.target, self.access, now=now, clock=clock, prefetch=prefetch)
        self.restore_view_settings(await load_view_settings(self.target, self.access))
        saved = await self.session.cached()
        can_fetch = on_no_access is None or self._can_fetch
        if saved is not None and self.site_state.stores is None:
            await self._assess_responsively(replace(saved, is_complete=saved.is_complete and not can_fetch))
        self._saved_state = saved if self.previous_lists.listed_at is None else None
        if on_no_access is not None and not can_fetch:
            on_no_access()
        else:
            await self._refresh_with_notice()

    @property
    def _can_fetch(self) -> bool:
        """True if credentials are available, or none are needed."""
        return self.access.can_sign_in or self.access.offline or (self.target is not None and not self.target.is_site)

    @work(exclusive=True, group="refresh", exit_on_error=True)
    async def refresh_now(self) -> None:
        """Refresh everything at the user's request."""
        await self._refresh_with_notice()

    @work(exclusive=True, group="refresh", exit_on_error=True)
    async def _refresh_on_timer(self) -> None:
        """Refresh at the scheduled time, without a message, so that nothing the user reads is replaced."""
        await self._refresh_site()

    async def _refresh_with_notice(self) -> None:
        """Refresh the site, and show a message if that takes more than a second."""
        notice_timer = self.set_timer(NOTICE_DELAY, lambda: self.show_message("asking ..."))
        try:
            await self._refresh_site()
        finally:
            notice_timer.stop()
        self.show_message()

    async def _refresh_site(self) -> None:
        """Refresh the site, and assess its answers as they arrive."""
        session = self.session
        if session is None:
            return
        self._cancel_refresh_timer()
        if self.site_state.is_saved and self.site_state.is_complete:
            await self._assess_responsively(replace(self.site_state, is_complete=False))
        list_failure: Failure | None = None
        async for site_state in session.fetch():
            list_failure = next(
                (failure for name, failure in site_state.failures if name.startswith(("stores", "backups"))), None
            )
            self._receive(site_state)
        assessing, self._assessing = self._assessing, None
        if assessing is not None:
            await assessing
        self._schedule_refresh(list_failure)
        await self._update_previous_lists()
        await self._save_last_known()

    async def _update_previous_lists(self) -> None:
        """Update the lists before this visit.

        This comes after the list is displayed, because assessing the saved state again takes time.
        """
        saved, self._saved_state = self._saved_state, None
        if saved is not None:
            self.previous_lists = await asyncio.to_thread(make_previous_lists, saved, self.now)
        site_state, points = self.site_state, self.assessment.points
        if is_large(site_state):
            self.previous_lists = await asyncio.to_thread(self.previous_lists.with_unlisted, site_state, points)
        else:
            self.previous_lists = self.previous_lists.with_unlisted(site_state, points)
        if saved is not None:
            self.show_assessment()

    async def _save_last_known(self) -> None:
        """Save the summary that the next start with the same arguments shows first."""
        if self.session is not None:
            arguments = self.options.arguments if self.target is self.options.target else None
            await asyncio.to_thread(self.session.save_last_known, self.assessment, arguments)

    def _receive(self, site_state: SiteState) -> None:
        """Assess a new site state; several answers that arrive together are assessed once."""
        is_pending, self._pending_state = self._pending_state is not None, site_state
        if is_large(site_state) or is_large(self.site_state):
            if self._assessing is None or self._assessing.done():
                self._assessing = asyncio.create_task(self._assess_pending_in_thread())
        elif site_state.is_complete:
            self._assess_pending()
        elif not is_pending:
            self.call_later(self._assess_pending)

    def _assess_pending(self) -> None:
        """Assess the last received state; resources that are missing or failed keep their former values."""
        site_state, self._pending_state = self._pending_state, None
        if site_state is not None:
            self.assess_state(site_state.with_fallback(self.site_state))

    async def _assess_pending_in_thread(self) -> None:
        """Assess received states in a thread until no newer one has arrived."""
        while (site_state := self._pending_state) is not None:
            self._pending_state = None
            await self._assess_responsively(site_state.with_fallback(self.site_state))

    # scheduling

    def _schedule_refresh(self, failure: Failure | None) -> None:
        """Count a failed refresh, and schedule the next one.

        A refusal does not count, because retrying does not help.
        """
        has_failed = failure is not None and failure.kind is not FailureKind.REFUSED
        self.failures = self.failures + 1 if has_failed else 0
        if self.target is None or self.target.file is not None or self.access.offline:
            return
        operation = self.assessment.operation
        is_following = operation is not None and operation.is_worth_polling
        chance = random.random()  # noqa: S311 - not a secret
        self.refresh_delay = compute_refresh_delay(
            self.failures, is_following=is_following, unit=self.options.follow_interval, chance=chance
        )
        self._refresh_timer = self.set_timer(
            self.refresh_delay, self._follow_operation if is_following else self._refresh_on_timer
        )

    def _cancel_refresh_timer(self) -> None:
        if self._refresh_timer is not None:
            self._refresh_timer.stop()
        self._refresh_timer = self.refresh_delay = None

    @work(exclusive=True, group="refresh", exit_on_error=True)
    async def _follow_operation(self) -> None:
        """Fetch the status; after the end of the operation refresh everything."""
        if self.session is None:
            return
        self._cancel_refresh_timer()
        site_state = await self.session.refetch_status(self.site_state)
        await self._assess_responsively(site_state)
        operation = self.assessment.operation
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
        self.workers.cancel_group(self, "refresh")
        if self._assessing is not None:
            self._assessing.cancel()
            self._assessing = None
        self._cancel_refresh_timer()
        self.release_session()
        is_same_site = self.target is not None and target.is_same_site(self.target) and target.name == self.target.name
        self.target, self.access, self.failures, self._pending_state = target, access, 0, None
        self.rpo = self._choose_rpo(target)
        if not is_same_site:
            self.last_error = None
            self.previous_lists, self._saved_state = PreviousLists(), None
            self.reset_for_site()
            self.assess_state(SiteState(target.location))
        self.load_site(on_no_access)

    def restore_view_settings(self, saved: ViewSettings | None) -> None:
        """Apply the view settings that were saved for the site; None if there are none."""
        raise NotImplementedError

    def reset_for_site(self) -> None:
        """Reset everything that was chosen for the previous site."""
        raise NotImplementedError

    def release_session(self) -> None:
        """Detach the session, and close it in the background."""
        session, self.session = self.session, None
        if session is not None:
            self.app.run_worker(session.close(), group="close", exit_on_error=False)
