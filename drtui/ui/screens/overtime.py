"""What a timeline shows: lanes, what is in the slot under the cursor, and the lane in words."""

from collections.abc import Hashable

from textual.app import ComposeResult

from drtui.core.analysis.assessment import Judgement
from drtui.core.formatting.display import View
from drtui.core.formatting.text import width
from drtui.core.formatting.times import zone_label
from drtui.core.listing.catalog import Catalog
from drtui.core.timeline.axis import Window, Zoom, around, in_sight
from drtui.core.timeline.chart import legend, slots_in
from drtui.core.timeline.describe import about, held_text, nothing, slot_name
from drtui.core.timeline.durations import as_lines
from drtui.core.timeline.lanes import Event
from drtui.core.timeline.timeline import Timeline, place_of, timeline
from drtui.output.timeline import Sight, as_picture
from drtui.ui.screens.exportable import Portable
from drtui.ui.widgets import event_rows
from drtui.ui.widgets.empty_states import absence
from drtui.ui.widgets.status_lines import Strips, folded
from drtui.ui.widgets.styled_lines import Line, line
from drtui.ui.widgets.timeline_lanes import TITLES, Lanes
from drtui.ui.widgets.virtual_list import Rows
from drtui.ui.widgets.virtual_table import Table

TALL = 30
"""Lines from which there is room for what the signs mean, and for blank lines."""

LOW = 18
"""Lines below which there is none for the lane in words."""

SAID = 2
"""Lines in which that is done."""

HINTS = (("enter", "open"), ("+ -", "zoom"), ("h l", "time"), ("esc", "back"), ("n N", "next, last"), (".", "now"))


class OverTime(Portable):
    """The screen owns what is in sight; what the keys change of that is for the class made from this one."""

    DEFAULT_CSS = """
    OverTime #slot { height: 1fr; }
    OverTime.tall #slot, OverTime.tall #said, OverTime.tall #legend { margin-top: 1; }
    """

    def __init__(
        self,
        judged: Judgement,
        view: View,
        about_site: str,
        *,
        known: Timeline | None,
        begin: Hashable,
        accent: str,
    ) -> None:
        """`known` is the timeline, if it was made before; `begin` is what the cursor is to stand on at first."""
        super().__init__()
        self.judged, self.view, self.about_site, self.accent = judged, view, about_site, accent
        self._begin, self._laid_out = begin, False
        self.found = known or timeline(judged)
        self.window = around(view.now, Zoom.DAY, view.zone, 1, 0)
        self.lanes = Lanes(self.found, self.window, view, id="lanes")
        self.slot: Table[Event] = Table((), event_rows.identity, plain=view.plain, id="slot")
        self.said, self.legend, self.hints = (Strips(plain=view.plain, id=each) for each in ("said", "legend", "hints"))

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
            rows.accent = self.accent
        self.set_focus(self.lanes)

    def on_resize(self) -> None:
        """Lay it out for the window, once that has been given to the widgets."""
        self.call_after_refresh(self._lay_out)

    def _lay_out(self) -> None:
        """As many lanes and slots as have room; at first the slots around now, and the cursor where it is to begin."""
        height = self.size.height
        self.lanes.styles.height = TITLES + min(len(self.found.tracks), max(2, height // 2 - TITLES))
        self.said.display, self.legend.display = height >= LOW, height >= TALL
        self.set_class(height >= TALL, "tall")
        signs = legend(self.size.width - 2, plain=self.view.plain)
        self.legend.styles.height = len(signs)
        self.legend.show([line(text, "muted") for text in signs])
        slots = slots_in(self.found, self.size.width)
        if self._laid_out:
            self.window = self.window.resized(slots)
            self.show_all()
        else:
            self._laid_out = True
            self._begin_at(in_sight(self.view.now, Zoom.DAY, self.view.zone, slots))

    def _begin_at(self, window: Window) -> None:
        """The cursors on what they are to begin with, if that stands in a lane."""
        place = place_of(self.found, self._begin)
        self.window = window if place is None else window.on(place[1])
        self.lanes.go_to(None if place is None else place[0])
        self.show_all()
        self.slot.go_to(self._begin)

    def refill(self, judged: Judgement, view: View, about_site: str, known: Timeline | None = None) -> None:
        """Show how things stand now; what the cursors are on stays. `known` is the timeline, if it was made before."""
        self.judged, self.about_site = judged, about_site
        self.found = known or timeline(judged)
        self.look_from(view)
        if self._laid_out:
            self._lay_out()  # there may be other lanes

    def look_from(self, view: View) -> None:
        """From now on from there; in another zone the slots are those of its calendar."""
        if view.zone is not self.view.zone:
            self.window = self.window.in_zone(view.zone, (self.window.start + self.window.end) // 2)
        self.view = view

    def show_all(self) -> None:
        """Everything; each line is painted only if it looks different."""
        self.lanes.heading = self.about_site
        zone = zone_label(self.view.now, self.view.zone)
        self.lanes.note = f"timeline, a slot is one {self.window.zoom.value}, {zone}"
        self.lanes.show(self.found, self.window, self.view)
        self.show_slot()
        self.show_lane()
        self.show_hints()

    def show_slot(self, *, anew: bool = False) -> None:
        """What is in the slot under the cursor; or that there is nothing, and how far it is to where there is."""
        track, window = self.lanes.track, self.window
        self.slot.columns = event_rows.columns(self.view)
        if anew:
            self.slot.moved = False
        if track is None:
            self.slot.title("")
            self.slot.show((), instead=absence(self.judged.reading, Catalog()))
            return
        held = track.within(window.start, window.end)
        self.slot.title(slot_name(window), held_text(track, held, window.end))
        empty = () if held else nothing(track, window.start, window.end, self.view)
        self.slot.show(held, instead=tuple((each.text, each.tone) for each in empty))

    def show_lane(self) -> None:
        """The lane in words, and how long its restore points took."""
        track, room = self.lanes.track, self.size.width - 2
        lines: list[Line] = []
        if track is not None:
            told = "; ".join(each.text for each in about(track, self.view))
            lines = [line(text) for text in folded(told, max(20, room), SAID)]
            timed = self._sight.durations(track)
            lines += [line(text, "muted") for text in as_lines(timed, room, plain=self.view.plain)]
        self.said.styles.height = len(lines)
        self.said.show(lines)

    def show_hints(self) -> None:
        """The keys that help here, as many as have room."""
        pieces: tuple[tuple[str, str], ...] = ()
        room = self.size.width - 2
        for key, does in HINTS:
            room -= width(f"{key} {does}   ")
            if room >= 0:
                pieces += ((key, "strong"), (f" {does}   ", "muted"))
        self.hints.show([Line(pieces)])

    def say(self, text: str) -> None:
        """In place of the hints, until the cursor moves."""
        self.hints.show([line(text, "muted")])

    @property
    def _sight(self) -> Sight:
        return Sight(self.judged, self.found, (self.window,))

    @property
    def portable(self) -> str:
        """The same as in a pipe."""
        return as_picture(self._sight, self.view, self.size.width)
