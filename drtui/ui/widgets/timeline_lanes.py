"""The lanes of a timeline: a row for each lane, a cell for each slot, and a cursor on one cell."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType

from drtui.core.formatting.display import DisplayContext
from drtui.core.summary.labels import StatusLabel
from drtui.core.timeline.axis import TimeAxis
from drtui.core.timeline.chart import axis_lines, join_marks, lane_label, measure_label_width
from drtui.core.timeline.timeline import Timeline, Track
from drtui.ui.widgets.virtual_list import VirtualList

FIXED_LINES = 4
"""Lines above the lanes: the title, two lines of dates, and the mark for the present."""


class TimelineLanes(VirtualList):
    """The visible lanes. The screen decides which slots are visible, so keys that move in time are sent to it."""

    fixed_lines = FIXED_LINES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h,left", "step(-1)", "previous slot", show=False),
        Binding("l,right", "step(1)", "the next slot", show=False),
        Binding("pageup", "turn(-1)", "one screen back", show=False),
        Binding("pagedown", "turn(1)", "one screen forward", show=False),
    ]

    @dataclass
    class Stepped(VirtualList.Highlighted):
        """Asks the screen to move the cursor by `by` slots."""

        by: int

    def __init__(self, timeline: Timeline, axis: TimeAxis, view: DisplayContext, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(plain=view.plain, id=id)
        self._timeline, self._axis, self._view = timeline, axis, view
        self._marks: dict[int, Sequence[StatusLabel | None]] = {}

    @property
    def track(self) -> Track | None:
        """The lane under the cursor."""
        tracks = self._timeline.tracks
        return tracks[self.cursor] if self.cursor < len(tracks) else None

    @property
    def count(self) -> int:
        """Number of lanes."""
        return len(self._timeline.tracks)

    def row_key(self, row: int) -> Hashable:
        """Return the store and kind of the lane."""
        return self._timeline.tracks[row].id

    def show(self, timeline: Timeline, axis: TimeAxis, view: DisplayContext) -> None:
        """Show these slots. The cursor stays on its lane."""
        key, row, offset = self.key, self.cursor, self.cursor - self.top
        if timeline is not self._timeline or axis.edges != self._axis.edges:
            self._marks.clear()
        self._timeline, self._axis, self._view = timeline, axis, view
        self.restore_cursor(key, row, offset)

    def draw_fixed_line(self, y: int) -> list[Segment]:
        """Return a line of dates, or the line with the mark for the present."""
        lines = axis_lines(self._axis, self.track, self._view)
        blank = " " * measure_label_width(self._timeline, self.size.width)
        return [Segment(blank + lines[y - 1], self.get_style("strong" if y == FIXED_LINES - 1 else "muted"))]

    def draw(self, row: int, *, is_current: bool) -> list[Segment]:
        """Return the label and cells of a lane. Neighbours of one tone are one segment."""
        track = self._timeline.tracks[row]
        if row not in self._marks:
            self._marks[row] = track.marks(self._axis.edges)
        name = lane_label(track, measure_label_width(self._timeline, self.size.width) - 3)
        pointer = (">" if self.plain else "▸") if is_current else " "
        pieces = [
            Segment(f"{pointer} ", self.get_style("")),
            Segment(f"{name} ", self.get_style("strong" if is_current else "")),
        ]
        for tone, cells in self._group_by_tone(self._marks[row], self._axis.column if is_current else None):
            pieces.append(Segment(join_marks(cells, plain=self.plain), self.get_style(tone)))
        return pieces

    def _group_by_tone(
        self, marks: Sequence[StatusLabel | None], cursor_column: int | None
    ) -> Iterator[tuple[str, list[StatusLabel | None]]]:
        cursor_tone = "cursor" if self.has_focus else "cursor-blur"
        tones = (
            (cursor_tone if column == cursor_column else mark.tone if mark else "", mark)
            for column, mark in enumerate(marks)
        )
        for tone, cells in groupby(tones, key=lambda pair: pair[0]):
            yield tone, [mark for _, mark in cells]

    def action_step(self, by: int) -> None:
        """Ask to move the cursor by `by` slots."""
        self.post_message(self.Stepped(self, by))

    def action_turn(self, by: int) -> None:
        """Ask to move the cursor by `by` screens of slots."""
        self.post_message(self.Stepped(self, by * self._axis.count))

    def on_click(self, event: events.Click) -> None:
        """Ask to move the cursor to the clicked slot. `VirtualList` moves it to the clicked lane."""
        column = event.x - measure_label_width(self._timeline, self.size.width)
        if 0 <= column < self._axis.count and event.y >= self.fixed_lines:
            self.post_message(self.Stepped(self, column - self._axis.column))
