"""What is laid over the four panes: each key that opens another screen, and what comes of it."""

import asyncio
from collections.abc import Hashable
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace
from textual import events, on, work

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.point_in_time import choose_before
from drtui.core.contents.index import ContentIndex
from drtui.core.formatting.display import DisplayContext
from drtui.core.listing.details import DetailLine
from drtui.core.summary.point_in_time import explain_choice
from drtui.core.wire.backup_schema import record_json
from drtui.ui.background import is_large
from drtui.ui.main.filtering import FilterActions
from drtui.ui.main.site_switcher import SiteSwitching
from drtui.ui.screens.text_viewer import TextScreen
from drtui.ui.widgets import pane_content
from drtui.ui.widgets.empty_states import describe_failure
from drtui.ui.widgets.styled_lines import Line, line
from drtui.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from drtui.core.timeline.timeline import Timeline
    from drtui.ui.screens.timeline import TimelineScreen


class TimelineActions(SiteSwitching):
    """The panes, and the timeline of the site."""

    _timeline: "TimelineScreen | None" = None
    """While that is being looked at."""
    _lanes: "tuple[Assessment, Timeline] | None" = None
    """What it was made of when it was looked at last, and what came of that."""

    def action_timeline(self) -> None:
        """The site over time; it begins with what the cursor is on."""
        if self._timeline is not None:
            return
        if is_large(self.reading) and self._laid_out is None:
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
        from drtui.core.timeline.timeline import build_timeline  # noqa: PLC0415 - the first paint does not wait for it

        while self._laid_out is None:
            judged = self.judged
            self._lanes = judged, await asyncio.to_thread(build_timeline, judged)
        if self._timeline is not None:
            self._refill_timeline()
        elif opening and self.is_current:
            self._open_timeline()

    def _open_timeline(self) -> None:
        from drtui.ui.screens.timeline import TimelineCallbacks, TimelineScreen  # noqa: PLC0415 - the first paint does not wait for it

        accent = self.target.accent if self.target else ""
        ways = TimelineCallbacks(self.filename, self._other_zone)
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

    def _other_zone(self) -> DisplayContext:
        self.action_zone()
        return self.view

    def refill_over(self) -> None:
        """Also the timeline, if that is being looked at."""
        super().refill_over()
        if self._timeline is None:
            return
        if is_large(self.reading) and self._laid_out is None:
            self._lay_out_beside(opening=False)
        else:
            self._refill_timeline()

    def _refill_timeline(self) -> None:
        if self._timeline is not None:
            self._timeline.refill(self.judged, self.view, self.caption, self._laid_out)


if TYPE_CHECKING:
    from drtui.ui.screens.where import Chosen, WhereScreen


class OverlayActions(FilterActions, TimelineActions):
    """The panes, and the ways from them."""

    _where: "WhereScreen | None" = None
    """Where something is, while that is being looked at."""
    _known: tuple[Assessment, ContentIndex] | None = None
    """What the restore points held when that was looked at last."""

    def action_raw(self) -> None:
        """The record as the server sent it, without its secrets."""
        if self.cannot("raw") or self.point is None:
            return
        text = msgspec.json.format(record_json(self.point.backup), indent=2).decode()
        note = "the record as the server sent it; secrets are never kept"
        self._read(f"Record of {self.point.backup.name}", note, [line(each) for each in text.splitlines()], "json")

    def action_last_error(self) -> None:
        """The last error, whole."""
        if self.cannot("last_error") or self.last_error is None:
            return
        troubles = dict.fromkeys([self.last_error, *(trouble for _, trouble in self.reading.failures)])
        lines = [said for trouble in troubles for said in (*describe_failure(trouble), ("", ""))]
        self._read("Last error", "esc back", [line(text, tone) for text, tone in lines])

    def _read(self, heading: str, note: str, lines: list[Line], suffix: str = "txt") -> None:
        name = self.target.name if self.target else ""
        noted = f"{name}   {note}" if name else note
        accent = self.target.accent if self.target else ""
        self.lay_over(TextScreen(heading, noted, lines, plain=self.options.plain, accent=accent), heading, suffix)

    @work(exclusive=True, group="ask")
    async def action_before(self) -> None:
        """One question, one answer: which one to restore to be back before a moment."""
        from drtui.ui.dialogs.point_in_time import PointInTimeDialog  # noqa: PLC0415 - the first picture does without

        moment = await self.app.push_screen_wait(PointInTimeDialog(self.now, self.zone))
        if moment is None:
            return
        choice = choose_before(self.reading, self.judged.points, moment, self.now)
        if choice.point is not None:
            self.table.go_to(choice.point.id)
        said = [DetailLine(each.text, tone=each.tone, depth=1) for each in explain_choice(choice, self.zone)]
        self._read("Before a moment", "esc back", pane_content.build_item_lines(said, self.size.width))

    def action_where(self, begin: Hashable = None) -> None:
        """Which restore points hold a thing; with the key of one, that one first."""
        from drtui.ui.screens.where import WhereScreen  # noqa: PLC0415 - the first picture does without

        if self._where is None:
            accent = self.target.accent if self.target else ""
            known = self._known if self._known is not None and self._known[0] is self.judged else None
            self._where = WhereScreen(
                self.judged, self.view, Line(self.banner), known=known, begin=begin, accent=accent
            )
            self.app.push_screen(self._where, self._asked_where)

    def _asked_where(self, chosen: "Chosen | None") -> None:
        """Narrow the list to the restore points that hold what was chosen."""
        self._known = self._where.known if self._where is not None else None
        self._where = None
        if chosen is None:
            return
        self.criteria = replace(self.criteria, store=None)
        self.filter_by(chosen.query, then=partial(self.table.go_to, chosen.point))

    @on(events.DescendantFocus, "#connection")
    def _begin_with_this_site(self) -> None:
        """The cursor is on the site at hand until it goes to another one."""
        if self.connection.key is None:
            self.connection.go_to(pane_content.THIS_SITE)

    @on(VirtualList.Selected, "#connection")
    def _look_into_site(self) -> None:
        """What the site at hand does by itself: the last operation, and its schedules."""
        if self.connection.key != pane_content.THIS_SITE:
            return
        from drtui.output.sentences import activity_sentences  # noqa: PLC0415 - the first picture does without

        lines: list[Line] = []
        for heading, told in activity_sentences(self.judged, self.view):
            lines += [line(heading, "strong"), *(line(f"  {each}") for each in told), line("")]
        self._read("What the site does by itself", "esc back", lines)

    @on(VirtualList.Selected, "#relational")
    @on(VirtualList.Selected, "#objects")
    def _ask_for(self, message: VirtualList.Selected) -> None:
        """Where else is what the cursor is on in the detail?"""
        self.action_where(message.source.key)

    def refill_over(self) -> None:
        """Also where something is, if that is being looked at."""
        super().refill_over()
        if self._where is not None:
            self._where.refill(self.judged, self.view, Line(self.banner))

    def action_requests(self) -> None:
        """What was asked of the site, and how it went."""
        from drtui.ui.screens.request_log import RequestLogScreen  # noqa: PLC0415 - the first picture does without

        made = tuple(self.session.requests) if self.session is not None else ()
        shown = RequestLogScreen(
            self.reading.location, made, lambda asked: self.shell(asked.url), self.zone, plain=self.options.plain
        )
        self.lay_over(shown, "request", "sh")
