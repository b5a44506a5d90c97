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
    _cached_timeline: "tuple[Assessment, Timeline] | None" = None
    """What it was made of when it was looked at last, and what came of that."""

    def action_timeline(self) -> None:
        """The site over time; it begins with what the cursor is on."""
        if self._timeline is not None:
            return
        if is_large(self.site_state) and self._current_timeline is None:
            self._build_timeline(open_when_ready=True)
        else:
            self._open_timeline()

    @property
    def _current_timeline(self) -> "Timeline | None":
        """The timeline of what is judged now, if it was made already."""
        return (
            self._cached_timeline[1]
            if self._cached_timeline is not None and self._cached_timeline[0] is self.assessment
            else None
        )

    @work(exclusive=True, group="index")
    async def _build_timeline(self, *, open_when_ready: bool) -> None:
        """Make it, and show it, unless the person has gone elsewhere meanwhile."""
        from drtui.core.timeline.timeline import build_timeline  # noqa: PLC0415 - the first paint does not wait for it

        while self._current_timeline is None:
            assessment = self.assessment
            self._cached_timeline = assessment, await asyncio.to_thread(build_timeline, assessment)
        if self._timeline is not None:
            self._refill_timeline()
        elif open_when_ready and self.is_current:
            self._open_timeline()

    def _open_timeline(self) -> None:
        from drtui.ui.screens.timeline import TimelineCallbacks, TimelineScreen  # noqa: PLC0415 - the first paint does not wait for it

        accent = self.target.accent if self.target else ""
        callbacks = TimelineCallbacks(self.filename, self._toggle_zone)
        self._timeline = TimelineScreen(
            self.assessment,
            self.view,
            self.caption,
            callbacks,
            laid_out=self._current_timeline,
            start_key=self.table.key,
            accent=accent,
        )
        self.app.push_screen(self._timeline, self._close_timeline)

    def _close_timeline(self, _: None) -> None:
        """The cursor of the list follows."""
        screen, self._timeline = self._timeline, None
        self._cached_timeline = (screen.assessment, screen.timeline) if screen is not None else None
        if screen is not None and screen.chosen is not None and not self.table.select(screen.chosen):
            self.note("what the cursor was on is not in this list: another store, or a filter")

    def _toggle_zone(self) -> DisplayContext:
        self.action_zone()
        return self.view

    def refresh_overlays(self) -> None:
        """Also the timeline, if that is being looked at."""
        super().refresh_overlays()
        if self._timeline is None:
            return
        if is_large(self.site_state) and self._current_timeline is None:
            self._build_timeline(open_when_ready=False)
        else:
            self._refill_timeline()

    def _refill_timeline(self) -> None:
        if self._timeline is not None:
            self._timeline.refill(self.assessment, self.view, self.caption, self._current_timeline)


if TYPE_CHECKING:
    from drtui.ui.screens.where import WhereChoice, WhereScreen


class OverlayActions(FilterActions, TimelineActions):
    """The panes, and the ways from them."""

    _where_screen: "WhereScreen | None" = None
    """Where something is, while that is being looked at."""
    _index_cache: tuple[Assessment, ContentIndex] | None = None
    """What the restore points held when that was looked at last."""

    def action_raw(self) -> None:
        """The record as the server sent it, without its secrets."""
        if self.report_unavailable("raw") or self.point is None:
            return
        text = msgspec.json.format(record_json(self.point.backup), indent=2).decode()
        note = "the record as the server sent it; secrets are never kept"
        self._open_text(f"Record of {self.point.backup.name}", note, [line(each) for each in text.splitlines()], "json")

    def action_last_error(self) -> None:
        """The last error, whole."""
        if self.report_unavailable("last_error") or self.last_error is None:
            return
        troubles = dict.fromkeys([self.last_error, *(trouble for _, trouble in self.site_state.failures)])
        lines = [said for trouble in troubles for said in (*describe_failure(trouble), ("", ""))]
        self._open_text("Last error", "esc back", [line(text, tone) for text, tone in lines])

    def _open_text(self, heading: str, note: str, lines: list[Line], suffix: str = "txt") -> None:
        name = self.target.name if self.target else ""
        title_note = f"{name}   {note}" if name else note
        accent = self.target.accent if self.target else ""
        self.open_exportable(
            TextScreen(heading, title_note, lines, plain=self.options.plain, accent=accent), heading, suffix
        )

    @work(exclusive=True, group="dialog")
    async def action_before(self) -> None:
        """One question, one answer: which one to restore to be back before a moment."""
        from drtui.ui.dialogs.point_in_time import PointInTimeDialog  # noqa: PLC0415 - the first picture does without

        moment = await self.app.push_screen_wait(PointInTimeDialog(self.now, self.zone))
        if moment is None:
            return
        choice = choose_before(self.site_state, self.assessment.points, moment, self.now)
        if choice.point is not None:
            self.table.go_to(choice.point.id)
        explanation = [DetailLine(each.text, tone=each.tone, depth=1) for each in explain_choice(choice, self.zone)]
        self._open_text("Before a moment", "esc back", pane_content.build_item_lines(explanation, self.size.width))

    def action_where(self, item_key: Hashable = None) -> None:
        """Which restore points hold a thing; with the key of one, that one first."""
        from drtui.ui.screens.where import WhereScreen  # noqa: PLC0415 - the first picture does without

        if self._where_screen is None:
            accent = self.target.accent if self.target else ""
            index_cache = (
                self._index_cache if self._index_cache is not None and self._index_cache[0] is self.assessment else None
            )
            self._where_screen = WhereScreen(
                self.assessment,
                self.view,
                Line(self.banner),
                index_cache=index_cache,
                start_key=item_key,
                accent=accent,
            )
            self.app.push_screen(self._where_screen, self._apply_where_choice)

    def _apply_where_choice(self, chosen: "WhereChoice | None") -> None:
        """Narrow the list to the restore points that hold what was chosen."""
        self._index_cache = self._where_screen.index_cache if self._where_screen is not None else None
        self._where_screen = None
        if chosen is None:
            return
        self.criteria = replace(self.criteria, store=None)
        self.filter_by(chosen.query, on_listed=partial(self.table.go_to, chosen.point))

    @on(events.DescendantFocus, "#connection")
    def _select_current_site(self) -> None:
        """The cursor is on the site at hand until it goes to another one."""
        if self.connection.key is None:
            self.connection.go_to(pane_content.THIS_SITE)

    @on(VirtualList.Selected, "#connection")
    def _open_site_activity(self) -> None:
        """What the site at hand does by itself: the last operation, and its schedules."""
        if self.connection.key != pane_content.THIS_SITE:
            return
        from drtui.output.sentences import activity_sentences  # noqa: PLC0415 - the first picture does without

        lines: list[Line] = []
        for heading, told in activity_sentences(self.assessment, self.view):
            lines += [line(heading, "strong"), *(line(f"  {each}") for each in told), line("")]
        self._open_text("What the site does by itself", "esc back", lines)

    @on(VirtualList.Selected, "#relational")
    @on(VirtualList.Selected, "#objects")
    def _open_where(self, message: VirtualList.Selected) -> None:
        """Where else is what the cursor is on in the detail?"""
        self.action_where(message.source.key)

    def refresh_overlays(self) -> None:
        """Also where something is, if that is being looked at."""
        super().refresh_overlays()
        if self._where_screen is not None:
            self._where_screen.refill(self.assessment, self.view, Line(self.banner))

    def action_requests(self) -> None:
        """What was asked of the site, and how it went."""
        from drtui.ui.screens.request_log import RequestLogScreen  # noqa: PLC0415 - the first picture does without

        requests = tuple(self.session.requests) if self.session is not None else ()
        screen = RequestLogScreen(
            self.site_state.location,
            requests,
            lambda asked: self.curl_line(asked.url),
            self.zone,
            plain=self.options.plain,
        )
        self.open_exportable(screen, "request", "sh")
