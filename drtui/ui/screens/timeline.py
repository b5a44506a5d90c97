"""A site over time: the keys that move in it, and those that go into its restore points."""

from collections.abc import Callable, Hashable
from typing import ClassVar, NamedTuple

from textual import on
from textual.binding import Binding, BindingType

from drtui.core.analysis.assessment import Judgement
from drtui.core.formatting.display import View
from drtui.core.timeline.axis import Window
from drtui.core.timeline.describe import moment_of
from drtui.core.timeline.retention_lane import Expiries
from drtui.core.timeline.timeline import Timeline
from drtui.core.verdict.restore_points import RestorePoint
from drtui.ui.screens.gantt import Parts
from drtui.ui.screens.overtime import OverTime
from drtui.ui.widgets.timeline_lanes import Lanes
from drtui.ui.widgets.virtual_list import Rows


class Ways(NamedTuple):
    """What the screen below does for this one."""

    filename: Callable[[str, str], str]
    """Of a view and a suffix: what a file is called."""
    other_zone: Callable[[], View]
    """Changes the zone; from where one looks then."""


class TimelineScreen(OverTime):
    """The timeline, which is left with what the cursor is on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus,equals_sign", "zoom(-1)", "shorter slots", show=False),
        Binding("minus", "zoom(1)", "longer slots", show=False),
        Binding("n", "jump(1)", "the next slot that holds something", show=False),
        Binding("N", "jump(-1)", "the last one that holds something", show=False),
        Binding("full_stop", "now", "to now", show=False),
        Binding("z", "zone", "times in the local zone or in UTC", show=False),
        Binding("escape,backspace,q,t", "leave", "out; the cursor of the list comes along", show=False),
    ]

    def __init__(
        self,
        judged: Judgement,
        view: View,
        about_site: str,
        ways: Ways,
        *,
        known: Timeline | None = None,
        begin: Hashable = None,
        accent: str = "",
    ) -> None:
        super().__init__(judged, view, about_site, known=known, begin=begin, accent=accent)
        self._ways = ways
        self.filename = ways.filename("timeline", "txt")
        self.chosen: Hashable = None
        """What the cursor was on at last."""

    def _look_at(self, window: Window) -> None:
        """Another slot, and perhaps other ones in sight."""
        zoomed, self.window = window.zoom is not self.window.zoom, window
        if zoomed:
            self.show_all()
        else:
            self.lanes.show(self.found, window, self.view)
            self.show_hints()
        self.show_slot(anew=True)

    @on(Lanes.Stepped, "#lanes")
    def _step(self, message: Lanes.Stepped) -> None:
        self._look_at(self.window.stepped(message.by, self.found.span))

    @on(Rows.Highlighted, "#lanes")
    def _other_lane(self) -> None:
        self.lanes.repaint()  # how far back it is kept is marked above all of them
        self.show_slot(anew=True)
        self.show_lane()

    def action_zoom(self, by: int) -> None:
        """Longer or shorter slots; what the cursor is on, or else now, stays where it is."""
        self._look_at(self.window.zoomed(by, self._moment))

    @property
    def _moment(self) -> int:
        """That of what the cursor is on, epoch ms; else now, if that is in the slot, else when the slot begins."""
        record, window = self.slot.record, self.window
        if isinstance(record, RestorePoint) and isinstance(self.lanes.track, Expiries):
            return record.backup.retention or window.start
        if record is not None:
            return moment_of(record) or window.start
        return self.view.now if window.start <= self.view.now < window.end else window.start

    def action_jump(self, by: int) -> None:
        """To the next slot of this lane that holds something."""
        track, window = self.lanes.track, self.window
        if track is None:
            return
        moment = track.after(window.end) if by > 0 else track.before(window.start)
        if moment is None:
            self.say("there is nothing later" if by > 0 else "there is nothing earlier")
        else:
            self._look_at(window.on(moment))

    def action_now(self) -> None:
        """To now."""
        self._look_at(self.window.on(self.view.now))

    def action_zone(self) -> None:
        """The calendar of the other zone."""
        self.look_from(self._ways.other_zone())
        self.show_all()

    @on(Rows.Chosen, "#lanes")
    def _enter(self) -> None:
        """What is in the slot: the restore point, if there is just one; else the list of them."""
        found = [each for each in self.slot.records if isinstance(each, RestorePoint)]
        if len(found) == 1:
            self._open(found[0])
        elif self.slot.records:
            self.set_focus(self.slot)
        else:
            self.say("there is nothing in this slot to open")

    @on(Rows.Chosen, "#slot")
    def _enter_event(self) -> None:
        if isinstance(self.slot.record, RestorePoint):
            self._open(self.slot.record)
        else:
            self.say("a run without a restore point has no parts")

    def _open(self, point: RestorePoint) -> None:
        """A restore point in time."""
        settings = self.judged.reading.settings
        value = settings.value if settings is not None else None
        parts = Parts(point, value, self.view, self.about_site, self.accent)
        parts.filename = self._ways.filename(f"parts of {point.backup.name}", "txt")

        def closed(_: None) -> None:
            if parts.chosen:
                self._go(point.id)

        self.app.push_screen(parts, closed)

    def on_rows_left(self) -> None:
        """From what is in the slot back to the lanes."""
        self.set_focus(self.lanes)

    def action_leave(self) -> None:
        """From the slot to the lanes, from there back to the list, and the cursor on what it was on here."""
        if self.slot.has_focus:
            self.set_focus(self.lanes)
        else:
            self._go(None if self.slot.record is None else self.slot.record.id)

    def _go(self, chosen: Hashable) -> None:
        self.chosen = chosen
        self.dismiss()
