"""The first screen, and the way to its restore points over time."""

import asyncio
from typing import TYPE_CHECKING

from textual import work

from drtui.core.formatting.display import View
from drtui.ui.background import is_long
from drtui.ui.main.site_switcher import Switching

if TYPE_CHECKING:
    from drtui.core.analysis.assessment import Judgement
    from drtui.core.timeline.timeline import Timeline
    from drtui.ui.screens.timeline import TimelineScreen


class Timing(Switching):
    """The panes, and the timeline of the site."""

    _timeline: "TimelineScreen | None" = None
    """While that is being looked at."""
    _lanes: "tuple[Judgement, Timeline] | None" = None
    """What it was made of when it was looked at last, and what came of that."""

    def action_timeline(self) -> None:
        """The site over time; it begins with what the cursor is on."""
        if self._timeline is not None:
            return
        if is_long(self.reading) and self._laid_out is None:
            self._lay_out_beside(opening=True)
        else:
            self._open_timeline()

    @property
    def _laid_out(self) -> "Timeline | None":
        """The timeline of what is judged now, if it was made already."""
        return self._lanes[1] if self._lanes is not None and self._lanes[0] is self.judged else None

    @work(exclusive=True, group="index")
    async def _lay_out_beside(self, *, opening: bool) -> None:
        """Make it, and show it, unless the person has gone elsewhere meanwhile."""
        from drtui.core.timeline.timeline import timeline  # noqa: PLC0415 - the first paint does not wait for it

        while self._laid_out is None:
            judged = self.judged
            self._lanes = judged, await asyncio.to_thread(timeline, judged)
        if self._timeline is not None:
            self._refill_timeline()
        elif opening and self.is_current:
            self._open_timeline()

    def _open_timeline(self) -> None:
        from drtui.ui.screens.timeline import TimelineScreen, Ways  # noqa: PLC0415 - the first paint does not wait for it

        accent = self.target.accent if self.target else ""
        ways = Ways(self.filename, self._other_zone)
        self._timeline = TimelineScreen(
            self.judged, self.view, self.caption, ways, known=self._laid_out, begin=self.table.key, accent=accent
        )
        self.app.push_screen(self._timeline, self._left_timeline)

    def _left_timeline(self, _: None) -> None:
        """The cursor of the list follows."""
        left, self._timeline = self._timeline, None
        self._lanes = (left.judged, left.found) if left is not None else None
        if left is not None and left.chosen is not None and not self.table.select(left.chosen):
            self.note("what the cursor was on is not in this list: another store, or a filter")

    def _other_zone(self) -> View:
        self.action_zone()
        return self.view

    def refill_over(self) -> None:
        """Also the timeline, if that is being looked at."""
        super().refill_over()
        if self._timeline is None:
            return
        if is_long(self.reading) and self._laid_out is None:
            self._lay_out_beside(opening=False)
        else:
            self._refill_timeline()

    def _refill_timeline(self) -> None:
        if self._timeline is not None:
            self._timeline.refill(self.judged, self.view, self.caption, self._laid_out)
