"""The timeline of a site: lanes over time, and the events in the slot under the cursor."""

from collections.abc import Callable, Hashable
from operator import attrgetter
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal

from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import zone_label
from drtui.core.listing.catalog import Catalog
from drtui.core.timeline.axis import SlotLength, TimeAxis, build_axis_around, build_axis_until
from drtui.core.timeline.chart import count_fitting_slots, legend_lines
from drtui.core.timeline.describe import count_text, describe_empty_slot, event_time, slot_name
from drtui.core.timeline.lanes import Event
from drtui.core.timeline.retention_lane import RetentionLane
from drtui.core.timeline.timeline import build_timeline, find_position
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.timeline import TimelineView, draw_timeline
from drtui.ui.screens.exportable import ExportableScreen
from drtui.ui.screens.gantt import GanttScreen
from drtui.ui.widgets import event_rows
from drtui.ui.widgets.empty_states import explain_empty_list
from drtui.ui.widgets.footer import Footer, HasFooter
from drtui.ui.widgets.lane_parts import LaneParts
from drtui.ui.widgets.status_lines import StatusLines
from drtui.ui.widgets.styled_lines import line
from drtui.ui.widgets.timeline_lanes import FIXED_LINES, TimelineLanes
from drtui.ui.widgets.virtual_list import VirtualList
from drtui.ui.widgets.virtual_table import VirtualTable

LEGEND_HEIGHT = 30
"""Window height, in lines, from which the legend and blank lines are shown."""


LANE_TEXT_HEIGHT = 18
"""Window height, in lines, from which the description of the lane is shown."""


HINTS = (
    ("enter", "open"),
    ("plus", "shorter slots"),
    ("minus", "longer slots"),
    ("n", "next"),
    ("N", "previous"),
    ("full_stop", "now"),
    ("escape", "back"),
    ("z", "zone"),
    ("c", "copy"),
    ("x", "save"),
    ("question_mark", "help"),
)

SLOT_LINES = 7
"""Lines for the entries of a slot, with title and heading, if there is a chart."""

FIXED_PARTS_LINES = 6
"""Status line, footer, and the blank lines between the parts."""


class TimelineCallbacks(NamedTuple):
    """Functions of the main screen that the timeline needs."""

    filename: Callable[[str, str], str]
    """Returns a file name for a view and a suffix."""
    toggle_zone: Callable[[], DisplayContext]
    """Toggles the zone, and returns the new display context."""


class TimelineScreen(HasFooter, ExportableScreen):
    """The timeline of a site; the result is the key of the entry under the cursor."""

    DEFAULT_CSS = """
    TimelineScreen #bottom { height: 1fr; }
    TimelineScreen #slot { width: 1fr; height: 1fr; }
    TimelineScreen #durations { height: 1fr; padding-left: 2; }
    TimelineScreen.tall #chart, TimelineScreen.tall #bottom, TimelineScreen.tall #lane-text { margin-top: 1; }
    TimelineScreen.tall #legend { margin-top: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus,equals_sign", "zoom(-1)", "shorter slots", show=False),
        Binding("minus", "zoom(1)", "longer slots", show=False),
        Binding("n", "jump(1)", "next slot with entries", show=False),
        Binding("N", "jump(-1)", "previous slot with entries", show=False),
        Binding("full_stop", "now", "go to now", show=False),
        Binding("z", "zone", "switch between local zone and UTC", show=False),
        Binding("escape,backspace,q,t", "leave", "back to the list, to the selected restore point", show=False),
    ]

    def __init__(
        self,
        assessment: Assessment,
        view: DisplayContext,
        callbacks: TimelineCallbacks,
        *,
        start_key: Hashable = None,
        accent: str = "",
    ) -> None:
        """Create the screen; `start_key` is the entry to put the cursor on."""
        super().__init__()
        self.assessment, self.view, self.accent = assessment, view, accent
        self._start_key, self._is_laid_out = start_key, False
        self.timeline = build_timeline(assessment)
        self.window = build_axis_around(view.now, SlotLength.DAY, view.zone, 1, 0)
        self.lanes = TimelineLanes(self.timeline, self.window, view, id="lanes")
        self.slot: VirtualTable[Event] = VirtualTable(attrgetter("id"), plain=view.plain, id="slot")
        self.lane = LaneParts(plain=view.plain)
        self.legend = StatusLines(plain=view.plain, id="legend")
        self.footer = Footer(plain=view.plain, id="footer")
        self._site_callbacks = callbacks
        self.filename = callbacks.filename("timeline", "txt")

    def compose(self) -> ComposeResult:
        """Yield the widgets from top to bottom, so that every row is a whole line of the terminal."""
        yield self.lanes
        yield self.lane.chart
        with Horizontal(id="bottom"):
            yield self.slot
            yield self.lane.durations
        yield self.lane.text
        yield self.legend
        yield self.footer

    def on_mount(self) -> None:
        """Focus the lanes."""
        for rows in self.query(VirtualList):
            rows.set_accent(self.accent)
        self.footer.set_hints(HINTS)
        self.set_focus(self.lanes)

    def on_resize(self) -> None:
        """Lay out the screen after the widgets have their new size."""
        self.call_after_refresh(self._lay_out)

    def _lay_out(self) -> None:
        """Fit lanes and slots to the window; at first show the slots up to now, with the cursor on `start_key`."""
        height = self.size.height
        self.lanes.styles.height = FIXED_LINES + min(len(self.timeline.tracks), max(2, height // 2 - FIXED_LINES))
        self.lane.text.display, self.legend.display = height >= LANE_TEXT_HEIGHT, height >= LEGEND_HEIGHT
        self.set_class(height >= LEGEND_HEIGHT, "tall")
        signs = legend_lines(self.size.width - 2, plain=self.view.plain)
        self.legend.styles.height = len(signs)
        self.legend.show([line(text, "muted") for text in signs])
        slots = count_fitting_slots(self.timeline, self.size.width)
        if self._is_laid_out:
            self.window = self.window.resized(slots)
            self.show_all()
        else:
            self._is_laid_out = True
            self._start_at(build_axis_until(self.view.now, SlotLength.DAY, self.view.zone, slots))

    def _start_at(self, window: TimeAxis) -> None:
        """Move the cursors to the start entry, if it is in a lane."""
        position = find_position(self.timeline, self._start_key)
        self.window = window if position is None else window.with_cursor_at(position[1])
        self.lanes.go_to(None if position is None else position[0])
        self.show_all()
        self.slot.go_to(self._start_key)

    def refill(self, assessment: Assessment, view: DisplayContext) -> None:
        """Show a new assessment; the cursors keep their entries."""
        self.assessment = assessment
        self.timeline = build_timeline(assessment)
        self.set_view(view)
        if self._is_laid_out:
            self._lay_out()  # the lanes may have changed

    def set_view(self, view: DisplayContext) -> None:
        """Use another display context; in another zone the slots follow its calendar."""
        if view.zone is not self.view.zone:
            self.window = self.window.in_zone(view.zone, (self.window.cursor_start + self.window.cursor_end) // 2)
        self.view = view

    def show_all(self) -> None:
        """Show all parts of the screen; only changed lines are painted."""
        self.lanes.heading = "Timeline"
        zone = zone_label(self.view.now, self.view.zone)
        self.lanes.note = f"a slot is one {self.window.slot_length.value}, {zone}"
        self.lanes.show(self.timeline, self.window, self.view)
        self.show_slot()
        self.show_lane()

    def show_slot(self, *, reset_cursor: bool = False) -> None:
        """Show the events in the slot under the cursor; if it is empty, the distance to the next events."""
        track, window = self.lanes.track, self.window
        self.slot.columns = event_rows.build_columns(self.view)
        if reset_cursor:
            self.slot.has_user_moved = False
        if track is None:
            self.slot.set_title("")
            self.slot.show((), empty_message=explain_empty_list(self.assessment.site_state, Catalog()))
            return
        events = track.events_between(window.cursor_start, window.cursor_end)
        self.slot.set_title(slot_name(window), count_text(track, events, window.cursor_end))
        empty = () if events else describe_empty_slot(track, window.cursor_start, window.cursor_end, self.view)
        self.slot.show(events, empty_message=tuple((sentence.text, sentence.tone) for sentence in empty))

    def show_lane(self) -> None:
        """Show the description of the lane, its durations, and its chart."""
        self.lane.show(self.lanes.track, self._timeline_view, self.view, self.size.width)
        self.show_chart()

    def show_chart(self) -> None:
        """Show the chart of the lane in the lines that the other parts leave."""
        parts = (self.lanes, self.lane.text, self.legend)
        used = sum(int(part.styles.height.value) for part in parts if part.styles.height is not None)
        height = self.size.height - used - SLOT_LINES - FIXED_PARTS_LINES if self.has_class("tall") else 0
        self.lane.show_chart(self.lanes.track, self._timeline_view, self.window, self.size.width, height)

    @property
    def _timeline_view(self) -> TimelineView:
        return TimelineView(self.assessment, self.timeline, (self.window,))

    @property
    def export_text(self) -> str:
        """The text that `drtui timeline` prints."""
        return draw_timeline(self._timeline_view, self.view, self.size.width)

    def _go_to_window(self, window: TimeAxis) -> None:
        """Move to another slot; scroll or zoom if needed."""
        is_zoomed, self.window = window.slot_length is not self.window.slot_length, window
        if is_zoomed:
            self.show_all()
        else:
            self.lanes.show(self.timeline, window, self.view)
            self.show_chart()
        self.show_slot(reset_cursor=True)

    @on(TimelineLanes.Stepped, "#lanes")
    def _step(self, message: TimelineLanes.Stepped) -> None:
        self._go_to_window(self.window.with_cursor_moved(message.by, self.timeline.span))

    @on(VirtualList.Highlighted, "#lanes")
    def _show_lane_under_cursor(self) -> None:
        self.lanes.repaint()  # the retention of the selected lane is marked in the title of all lanes
        self.show_slot(reset_cursor=True)
        self.show_lane()

    def action_zoom(self, by: int) -> None:
        """Make slots longer or shorter; the entry under the cursor, or else now, stays in place."""
        self._go_to_window(self.window.zoomed(by, self._moment))

    @property
    def _moment(self) -> int:
        """The time of the entry under the cursor, epoch ms.

        Without one, now if it is in the slot, else the slot's start.
        """
        record, window = self.slot.record, self.window
        if isinstance(record, RestorePoint) and isinstance(self.lanes.track, RetentionLane):
            return record.backup.retention or window.cursor_start
        if record is not None:
            return event_time(record) or window.cursor_start
        return self.view.now if window.cursor_start <= self.view.now < window.cursor_end else window.cursor_start

    def action_jump(self, by: int) -> None:
        """Move to the next (1) or previous (-1) slot of this lane that contains events."""
        track, window = self.lanes.track, self.window
        if track is None:
            return
        moment = track.next_event_from(window.cursor_end) if by > 0 else track.last_event_before(window.cursor_start)
        if moment is None:
            self.show_message("nothing later" if by > 0 else "nothing earlier")
        else:
            self._go_to_window(window.with_cursor_at(moment))

    def action_now(self) -> None:
        """Move to the slot that contains now."""
        self._go_to_window(self.window.with_cursor_at(self.view.now))

    def action_zone(self) -> None:
        """Toggle the zone, and use its calendar."""
        self.set_view(self._site_callbacks.toggle_zone())
        self.show_all()

    @on(VirtualList.Selected, "#lanes")
    def _open_slot(self) -> None:
        """Open the restore point in the slot if there is only one; otherwise focus the list of events."""
        points = [event for event in self.slot.records if isinstance(event, RestorePoint)]
        if len(points) == 1:
            self._open_parts(points[0])
        elif self.slot.records:
            self.set_focus(self.slot)
        else:
            self.show_message("nothing to open in this slot")

    @on(VirtualList.Selected, "#slot")
    def _open_event(self) -> None:
        if isinstance(self.slot.record, RestorePoint):
            self._open_parts(self.slot.record)
        else:
            self.show_message("a run without a restore point has no parts")

    def _open_parts(self, point: RestorePoint) -> None:
        """Open the parts of a restore point on a time scale."""
        settings = self.assessment.site_state.settings
        value = settings.value if settings is not None else None
        parts = GanttScreen(point, value, self.view, self.accent)
        parts.filename = self._site_callbacks.filename(f"parts of {point.backup.name}", "txt")
        self.app.push_screen(parts, self._close_with)

    def action_leave(self) -> None:
        """Return from the events to the lanes, or from the lanes to the list with the entry under the cursor."""
        if self.slot.has_focus:
            self.set_focus(self.lanes)
        else:
            self.dismiss(self.slot.record.id if self.slot.record is not None else None)

    def _close_with(self, chosen: Hashable) -> None:
        """Close too if the restore point was chosen among its parts."""
        if chosen is not None:
            self.dismiss(chosen)
