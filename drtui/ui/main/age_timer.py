"""A screen that updates displayed ages when they change, and otherwise sets no timer."""

import asyncio
from collections.abc import Sequence

from textual import work
from textual.screen import Screen
from textual.timer import Timer

from drtui.core.analysis.assessment import Assessment, next_display_change, reassess_at
from drtui.core.model.site_state import SiteState
from drtui.session import Session
from drtui.ui.background import is_large
from drtui.ui.options import Options


class AgingScreen(Screen[None]):
    """A screen that shows the assessment of a site, and its age."""

    assessment: Assessment
    """The assessment that is displayed."""

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.options = options
        self.session: Session | None = None
        self._age_timer: Timer | None = None

    @property
    def now(self) -> int:
        """The time from which ages are counted, epoch ms."""
        return self.choose_assessment_time(self.assessment.site_state)

    def choose_assessment_time(self, site_state: SiteState) -> int:
        """Return the time to assess `site_state` at, epoch ms: `options.now`, else the present by the site's clock."""
        return self.options.now if self.options.now is not None else site_state.site_time(self.options.clock())

    def show_assessment(self) -> None:
        """Show the assessment in all panes."""
        raise NotImplementedError

    @property
    def displayed_moments(self) -> Sequence[int]:
        """Times, epoch ms, whose ages are displayed in addition to the assessment."""
        expires = self.session.token_expires if self.session is not None else None
        return () if expires is None else (expires,)

    def schedule_age_update(self) -> None:
        """Set one timer for the next change of a displayed age; none if time is fixed or nothing has an age.

        The timer also runs while the terminal window has no focus: it may be visible on another monitor.
        """
        if self._age_timer is not None:
            self._age_timer.stop()
        next_change = (
            None if self.options.now is not None else next_display_change(self.assessment, self.displayed_moments)
        )
        self._age_timer = (
            None if next_change is None else self.set_timer(max(0, next_change - self.now) / 1000, self.update_ages)
        )

    def update_ages(self) -> None:
        """Update the assessment to the present, and show what changed; a large site is assessed in a thread."""
        if is_large(self.assessment.site_state):
            self._update_ages_in_thread()
        else:
            self._apply_updated_ages(reassess_at(self.assessment, self.now))

    @work(exclusive=True, group="ages")
    async def _update_ages_in_thread(self) -> None:
        """Update the assessment in a thread; discard the result if the site was assessed again meanwhile."""
        previous = self.assessment
        assessment = await asyncio.to_thread(reassess_at, previous, self.now)
        if self.assessment is previous:
            self._apply_updated_ages(assessment)

    def _apply_updated_ages(self, assessment: Assessment) -> None:
        previous, self.assessment = self.assessment, assessment
        if self.assessment.points is previous.points:
            self.show_ages()
        else:
            self.show_assessment()
        self.schedule_age_update()

    def show_ages(self) -> None:
        """Show new ages of unchanged restore points."""
        raise NotImplementedError
