"""Actions of the main screen that open another screen."""

import asyncio
from collections.abc import Hashable
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace
from textual import events, on, work

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.point_in_time import choose_before
from drtui.core.formatting.display import DisplayContext
from drtui.core.listing.details import DetailLine
from drtui.core.summary.point_in_time import explain_choice
from drtui.core.wire.backup_schema import record_json
from drtui.ui.background import is_large
from drtui.ui.main.filtering import FilterActions
from drtui.ui.main.site_switcher import SiteActions
from drtui.ui.screens.text_viewer import TextScreen
from drtui.ui.widgets import pane_content
from drtui.ui.widgets.empty_states import describe_failure
from drtui.ui.widgets.styled_lines import Line, line
from drtui.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from drtui.core.timeline.timeline import Timeline
    from drtui.ui.screens.timeline import TimelineScreen


class TimelineActions(SiteActions):
    """Adds the timeline to the main screen."""

    _timeline: "TimelineScreen | None" = None
    """The timeline screen while it is open."""
    _cached_timeline: "tuple[Assessment, Timeline] | None" = None
    """The last timeline, with the assessment that it was built from."""

    def action_timeline(self) -> None:
        """Open the timeline, with its cursor on the entry under the cursor of the list."""
        if self._timeline is not None:
            return
        if is_large(self.site_state) and self._current_timeline is None:
            self._build_timeline(open_when_ready=True)
        else:
            self._open_timeline()

    @property
    def _current_timeline(self) -> "Timeline | None":
        """The timeline of the current assessment, if it has been built."""
        return (
            self._cached_timeline[1]
            if self._cached_timeline is not None and self._cached_timeline[0] is self.assessment
            else None
        )

    @work(exclusive=True, group="index")
    async def _build_timeline(self, *, open_when_ready: bool) -> None:
        """Build the timeline in a thread; refresh the open screen, or open it unless the user left this screen."""
        from drtui.core.timeline.timeline import build_timeline  # noqa: PLC0415 - not needed for the first paint

        while self._current_timeline is None:
            assessment = self.assessment
            self._cached_timeline = assessment, await asyncio.to_thread(build_timeline, assessment)
        if self._timeline is not None:
            self._refill_timeline()
        elif open_when_ready and self.is_current:
            self._open_timeline()

    def _open_timeline(self) -> None:
        from drtui.ui.screens.timeline import TimelineCallbacks, TimelineScreen  # noqa: PLC0415 - not needed for the first paint

        accent = self.target.accent if self.target else ""
        callbacks = TimelineCallbacks(self.propose_filename, self._toggle_zone)
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
        """Move the cursor of the list to the entry that was selected in the timeline."""
        screen, self._timeline = self._timeline, None
        self._cached_timeline = (screen.assessment, screen.timeline) if screen is not None else None
        if screen is not None and screen.chosen is not None and not self.table.go_to(screen.chosen):
            self.show_message("what the cursor was on is not in this list: another store, or a filter")

    def _toggle_zone(self) -> DisplayContext:
        self.action_zone()
        return self.view

    def refresh_overlays(self) -> None:
        """Also refresh the timeline if it is open."""
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
    """Adds actions that open text screens, dialogs and the item search."""

    _where_screen: "WhereScreen | None" = None
    """The item search screen while it is open."""

    def action_raw(self) -> None:
        """Show the JSON record as the server sent it, without secrets."""
        if self.report_unavailable("raw") or self.point is None:
            return
        text = msgspec.json.format(record_json(self.point.backup), indent=2).decode()
        note = "the record as the server sent it; secrets are never kept"
        self._open_text(
            f"Record of {self.point.backup.name}", note, [line(text_line) for text_line in text.splitlines()], "json"
        )

    def action_last_error(self) -> None:
        """Show the last error in full, and all failures of the current site state."""
        if self.report_unavailable("last_error") or self.last_error is None:
            return
        failures = dict.fromkeys([self.last_error, *(failure for _, failure in self.site_state.failures)])
        lines = [row for failure in failures for row in (*describe_failure(failure), ("", ""))]
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
        """Ask for a time, and show which restore point brings the site back to before that time."""
        from drtui.ui.dialogs.point_in_time import PointInTimeDialog  # noqa: PLC0415 - not needed for the first paint

        moment = await self.app.push_screen_wait(PointInTimeDialog(self.now, self.zone))
        if moment is None:
            return
        choice = choose_before(self.site_state, self.assessment.points, moment, self.now)
        if choice.point is not None:
            self.table.go_to(choice.point.id)
        explanation = [
            DetailLine(sentence.text, tone=sentence.tone, depth=1) for sentence in explain_choice(choice, self.zone)
        ]
        self._open_text("Before a moment", "esc back", pane_content.build_detail_lines(explanation, self.size.width))

    def action_where(self, item_key: Hashable = None) -> None:
        """Open the item search, with the cursor on the item with `item_key` if given."""
        from drtui.ui.screens.where import WhereScreen  # noqa: PLC0415 - not needed for the first paint

        if self._where_screen is None:
            accent = self.target.accent if self.target else ""
            self._where_screen = WhereScreen(
                self.assessment,
                self.view,
                Line(self.banner),
                start_key=item_key,
                accent=accent,
            )
            self.app.push_screen(self._where_screen, self._apply_where_choice)

    def _apply_where_choice(self, chosen: "WhereChoice | None") -> None:
        """Filter the list by the item that was chosen."""
        self._where_screen = None
        if chosen is None:
            return
        self.criteria = replace(self.criteria, store=None)
        self.filter_by(chosen.query, on_listed=partial(self.table.go_to, chosen.point))

    @on(events.DescendantFocus, "#connection")
    def _select_current_site(self) -> None:
        """Move the cursor to the current site if it is on no line yet."""
        if self.connection.key is None:
            self.connection.go_to(pane_content.THIS_SITE)

    @on(VirtualList.Selected, "#connection")
    def _open_site_activity(self) -> None:
        """Show the activity of the current site: last operation and schedules."""
        if self.connection.key != pane_content.THIS_SITE:
            return
        from drtui.output.sentences import activity_sentences  # noqa: PLC0415 - not needed for the first paint

        lines: list[Line] = []
        for heading, sentences in activity_sentences(self.assessment, self.view):
            lines += [line(heading, "strong"), *(line(f"  {sentence}") for sentence in sentences), line("")]
        self._open_text("What the site does by itself", "esc back", lines)

    @on(VirtualList.Selected, "#relational")
    @on(VirtualList.Selected, "#objects")
    def _open_where(self, message: VirtualList.Selected) -> None:
        """Open the item search for the item under the cursor of the detail."""
        self.action_where(message.source.key)

    def refresh_overlays(self) -> None:
        """Also refresh the item search if it is open."""
        super().refresh_overlays()
        if self._where_screen is not None:
            self._where_screen.refill(self.assessment, self.view, Line(self.banner))

    def action_requests(self) -> None:
        """Show the requests to the site, with their results."""
        from drtui.ui.screens.request_log import RequestLogScreen  # noqa: PLC0415 - not needed for the first paint

        requests = tuple(self.session.requests) if self.session is not None else ()
        screen = RequestLogScreen(
            self.site_state.location,
            requests,
            lambda request: self.format_curl_line(request.url),
            self.zone,
            plain=self.options.plain,
        )
        self.open_exportable(screen, "request", "sh")
