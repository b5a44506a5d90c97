"""A site over time: lanes, what is in the slot under the cursor, and what is to be said of the lane."""

from collections.abc import Callable, Hashable
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drtui.model.catalog import Catalog, RestorePoint
from drtui.model.chart import legend
from drtui.model.durations import as_lines
from drtui.model.expiries import Expiries
from drtui.model.judgement import Judgement
from drtui.model.lanes import Event
from drtui.model.moment import zone_label
from drtui.model.narration import about, held_text, moment_of, nothing, slot_name
from drtui.model.slots import Zoom
from drtui.model.timeline import place_of, timeline
from drtui.model.view import View
from drtui.model.window import Window, around, in_sight
from drtui.report.timeline import Sight, as_picture
from drtui.ui.screens.parts import Parts
from drtui.ui.screens.portable import Portable
from drtui.ui.widgets import events
from drtui.ui.widgets.absence import absence
from drtui.ui.widgets.lanes import TITLES, Lanes
from drtui.ui.widgets.lines import Line, line
from drtui.ui.widgets.rows import Rows
from drtui.ui.widgets.strips import Strips, folded
from drtui.ui.widgets.table import Table

TALL = 30
"""Lines from which there is room for what the signs mean."""

LOW = 18
"""Lines below which there is none for how long things took."""

SAID = 2
"""Lines in which a lane is told of."""

HINTS = (("enter", "open"), ("+ -", "zoom"), ("h l", "time"), ("n N", "next, last"), (".", "now"), ("esc", "back"))


class Ways(NamedTuple):
    """What the screen below does for this one."""

    filename: Callable[[str, str], str]
    """Of a view and a suffix: what a file is called."""
    other_zone: Callable[[], View]
    """Changes the zone; from where one looks then."""


class TimelineScreen(Portable):
    """Lanes on top, then what is in the slot, then the lane in words."""

    DEFAULT_CSS = """
    TimelineScreen #slot { height: 1fr; }
    TimelineScreen.tall #slot, TimelineScreen.tall #said, TimelineScreen.tall #legend { margin-top: 1; }
    """
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
        self, judged: Judgement, view: View, about_site: str, ways: Ways, *, begin: Hashable = None, accent: str = ""
    ) -> None:
        """`begin` is what the cursor is to stand on at first: a restore point, or a missed run."""
        super().__init__()
        self.filename = ways.filename("timeline", "txt")
        self.chosen: Hashable = None
        """What the cursor was on at last."""
        self._judged, self._view, self._about_site, self._ways = judged, view, about_site, ways
        self._begin, self._accent = begin, accent
        self._found = timeline(judged)
        self._window = around(view.now, Zoom.DAY, view.zone, 1, 0)
        self._placed = False
        plain = view.plain
        self.lanes = Lanes(self._found, self._window, view, id="lanes")
        self.slot: Table[Event] = Table((), events.identity, plain=plain, id="slot")
        self.said, self.legend, self.hints = (Strips(plain=plain, id=each) for each in ("said", "legend", "hints"))

    def compose(self) -> ComposeResult:
        """Top to bottom, so that every row is a whole line of the terminal."""
        yield self.lanes
        yield self.slot
        yield self.said
        yield self.legend
        yield self.hints

    def on_mount(self) -> None:
        """The keys go to the lanes."""
        for rows in self.query(Rows):
            rows.accent = self._accent
        self.set_focus(self.lanes)

    def on_resize(self) -> None:
        """Lay it out for the window."""
        self.call_after_refresh(self._lay_out)

    def _lay_out(self) -> None:
        """As many lanes and slots as have room; at first the slots around now, and the cursor where it is to begin."""
        height, slots = self.size.height, self.lanes.slots
        self.lanes.styles.height = TITLES + min(self.lanes.count, max(2, height // 2 - TITLES))
        self.said.display, self.legend.display = height >= LOW, height >= TALL
        self.set_class(height >= TALL, "tall")
        if self._placed:
            self._window = self._window.resized(slots)
        else:
            self._window, self._placed = in_sight(self._view.now, Zoom.DAY, self._view.zone, slots), True
            place = place_of(self._found, self._begin)
            if place is not None:
                self._window = self._window.on(place[1])
                self.lanes.go_to(place[0])
        signs = legend(self.size.width - 2, plain=self._view.plain)
        self.legend.styles.height = len(signs)
        self.legend.show([line(text, "muted") for text in signs])
        self._show()
        self.slot.go_to(self._begin)
        self._begin = None

    def refill(self, judged: Judgement, view: View, about_site: str) -> None:
        """Show how things stand now; what the cursors are on stays."""
        self._judged, self._view, self._about_site = judged, view, about_site
        self._found = timeline(judged)
        self._show()

    def _show(self) -> None:
        """Everything; each line is painted only if it looks different."""
        zone = zone_label(self._view.now, self._view.zone)
        self.lanes.heading = self._about_site
        self.lanes.note = f"timeline, a slot is one {self._window.zoom.value}, {zone}"
        self.lanes.show(self._found, self._window, self._view)
        self._show_slot()
        self._show_lane()
        self._hint()

    def _hint(self) -> None:
        pieces = tuple(piece for key, does in HINTS for piece in ((key, "strong"), (f" {does}   ", "muted")))
        self.hints.show([Line(pieces)])

    def _show_slot(self, *, anew: bool = False) -> None:
        """What is in the slot under the cursor; or that there is nothing, and how far it is to where there is."""
        track, window = self.lanes.track, self._window
        self.slot.columns = events.columns(self._view)
        if anew:
            self.slot.moved = False
        if track is None:
            self.slot.title("")
            self.slot.show((), instead=absence(self._judged.reading, Catalog()))
            return
        held = track.within(window.start, window.end)
        self.slot.title(slot_name(window), held_text(track, held, window.end))
        empty = nothing(track, window.start, window.end, self._view)
        self.slot.show(held, instead=tuple((each.text, each.tone) for each in empty) if not held else ())

    def _show_lane(self) -> None:
        """The lane in words, and how long its restore points took."""
        track = self.lanes.track
        room = self.size.width - 2
        lines: list[Line] = []
        if track is not None:
            told = "; ".join(each.text for each in about(track, self._view))
            lines = [line(text) for text in folded(told, max(20, room), SAID)]
            timed = Sight(self._judged, self._found, (self._window,)).durations(track)
            lines += [line(text, "muted") for text in as_lines(timed, room, plain=self._view.plain)]
        self.said.styles.height = len(lines)
        self.said.show(lines)

    def _look_at(self, window: Window) -> None:
        """Other slots, or another one of them."""
        zoomed, self._window = window.zoom is not self._window.zoom, window
        if zoomed:
            self._show()
        else:
            self.lanes.show(self._found, window, self._view)
            self._hint()
        self._show_slot(anew=True)

    @on(Lanes.Stepped, "#lanes")
    def _step(self, message: Lanes.Stepped) -> None:
        self._look_at(self._window.stepped(message.by, self._found.span))

    @on(Rows.Highlighted, "#lanes")
    def _other_lane(self) -> None:
        self.lanes.repaint()  # how far back it is kept is marked above all of them
        self._show_slot(anew=True)
        self._show_lane()

    def action_zoom(self, by: int) -> None:
        """Longer or shorter slots; the one with what the cursor is on, or with now, stays where it is."""
        record, window = self.slot.record, self._window
        moment = window.start
        if record is not None and isinstance(self.lanes.track, Expiries):
            moment = record.backup.retention or moment if isinstance(record, RestorePoint) else moment
        elif record is not None:
            moment = moment_of(record) or moment
        elif window.start <= self._view.now < window.end:
            moment = self._view.now
        self._look_at(window.zoomed(by, moment))

    def action_jump(self, by: int) -> None:
        """To the next slot of this lane that holds something."""
        track, window = self.lanes.track, self._window
        if track is None:
            return
        moment = track.after(window.end) if by > 0 else track.before(window.start)
        if moment is None:
            self.say("there is nothing later" if by > 0 else "there is nothing earlier")
        else:
            self._look_at(window.on(moment))

    def action_now(self) -> None:
        """To now."""
        self._look_at(self._window.on(self._view.now))

    def action_zone(self) -> None:
        """The calendar of the other zone."""
        middle = (self._window.start + self._window.end) // 2
        self._view = self._ways.other_zone()
        self._window = self._window.in_zone(self._view.zone, middle)
        self._show()

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
            self.say("a run that left no restore point has no parts")

    def _open(self, point: RestorePoint) -> None:
        """A restore point in time."""
        settings = self._judged.reading.settings
        value = settings.value if settings is not None else None
        parts = Parts(point, value, self._view, self._about_site, self._accent)
        parts.filename = self._ways.filename(f"parts of {point.backup.name}", "txt")

        def closed(_: None) -> None:
            if parts.chosen:
                self._go(point.id)

        self.app.push_screen(parts, closed)

    @property
    def portable(self) -> str:
        """The same as in a pipe."""
        return as_picture(Sight(self._judged, self._found, (self._window,)), self._view, self.size.width)

    def say(self, text: str) -> None:
        """In place of the hints, until the cursor moves."""
        self.hints.show([line(text, "muted")])

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
