"""As time passes: ages are shown anew when they read otherwise, and nothing is woken up for before."""

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


class AgeTimer(Screen[None]):
    """A screen that shows what is thought of a site, and how old that is."""

    judged: Assessment
    """What is thought of it."""

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.options = options
        self.session: Session | None = None
        self._passing: Timer | None = None

    @property
    def now(self) -> int:
        """The moment that ages are judged at, epoch ms."""
        return self.present_at(self.judged.site_state)

    def present_at(self, reading: SiteState) -> int:
        """Return the moment to judge a reading at, epoch ms: as asked for, else the present by the site's clock."""
        return self.options.now if self.options.now is not None else reading.site_time(self.options.clock())

    def show_judged(self) -> None:
        """Show what is thought of the site now."""
        raise NotImplementedError

    @property
    def others(self) -> Sequence[int]:
        """Moments, epoch ms, whose age is shown beside what is thought of the site."""
        expires = self.session.token_expires if self.session is not None else None
        return () if expires is None else (expires,)

    def wait_for_time(self) -> None:
        """Wake up once, when time alone changes what is shown: never where it stands still, or nothing has an age.

        Also while the window is not the one that keys go to: it may stand on another screen, and be looked at.
        """
        if self._passing is not None:
            self._passing.stop()
        due = None if self.options.now is not None else next_display_change(self.judged, self.others)
        self._passing = None if due is None else self.set_timer(max(0, due - self.now) / 1000, self.pass_time)

    def pass_time(self) -> None:
        """Show what time has changed."""
        if is_large(self.judged.site_state):
            self._pass_beside()
        else:
            self._passed(reassess_at(self.judged, self.now))

    @work(exclusive=True, group="pass")
    async def _pass_beside(self) -> None:
        """The same; where a verdict has turned, all are judged anew."""
        before = self.judged
        judged = await asyncio.to_thread(reassess_at, before, self.now)
        if self.judged is before:
            self._passed(judged)

    def _passed(self, judged: Assessment) -> None:
        before, self.judged = self.judged, judged
        if self.judged.points is before.points:
            self.show_passed()
        else:
            self.show_judged()
        self.wait_for_time()

    def show_passed(self) -> None:
        """Show the ages of the same restore points anew."""
        raise NotImplementedError
