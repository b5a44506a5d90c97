"""What the timeline shows of the lane under the cursor: its description, its durations, and a chart of its slots."""

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import width
from drtui.core.timeline.axis import TimeAxis
from drtui.core.timeline.chart import measure_label_width
from drtui.core.timeline.describe import describe_lane
from drtui.core.timeline.durations import duration_lines, duration_table
from drtui.core.timeline.slot_chart import MIN_HEIGHT, chart_lines
from drtui.core.timeline.timeline import Track
from drtui.output.timeline import TimelineView
from drtui.ui.widgets.status_lines import StatusLines, wrap_text
from drtui.ui.widgets.styled_lines import Line, line

DESCRIPTION_LINES = 2
"""Number of lines for the description of the lane."""

SLOT_CELLS = 100
"""Cells that the entries of the slot need beside the durations."""

PADDING_CELLS = 5
"""Cells around the table of durations."""

MAX_CHART_LINES = 24


class LaneParts:
    """The widgets about one lane."""

    def __init__(self, *, plain: bool) -> None:
        self._plain = plain
        self.chart, self.durations, self.text = (
            StatusLines(plain=plain, id=name) for name in ("chart", "durations", "lane-text")
        )

    def show(self, track: Track | None, timeline_view: TimelineView, view: DisplayContext, cells: int) -> None:
        """Show description and durations in a window of `cells` cells, the latter as a table if that is wide."""
        lines: list[Line] = []
        table: list[str] = []
        if track is not None:
            description = "; ".join(sentence.text for sentence in describe_lane(track, view))
            lines = [line(text) for text in wrap_text(description, max(20, cells - 2), DESCRIPTION_LINES)]
            durations = timeline_view.durations(track)
            if self._is_beside(cells):
                table = duration_table(durations, cells - SLOT_CELLS, plain=self._plain)
            else:
                lines += [line(text, "muted") for text in duration_lines(durations, cells - 2, plain=self._plain)]
        self.durations.styles.display = "block" if table else "none"
        self.durations.styles.width = max((width(text) for text in table), default=0) + PADDING_CELLS
        # The first line is beside the title of the slot.
        self.durations.show([line(""), *(line(text, "" if number else "header") for number, text in enumerate(table))])
        self.text.styles.height = len(lines)
        self.text.show(lines)

    def _is_beside(self, cells: int) -> bool:
        """True if the durations are beside the entries of the slot."""
        return cells >= SLOT_CELLS + 40

    def show_chart(
        self, track: Track | None, timeline_view: TimelineView, axis: TimeAxis, cells: int, height: int
    ) -> None:
        """Show the chart of the lane in at most `height` lines; nothing if they are too few or it is empty."""
        chart = None if track is None else timeline_view.chart(track, axis)
        height = min(height, MAX_CHART_LINES)
        self.chart.display = chart is not None and chart.top > 0 and height > MIN_HEIGHT
        if chart is None or not self.chart.display:
            return
        labels = measure_label_width(timeline_view.timeline, cells) - 1  # every line begins with a blank
        bars = chart_lines(chart, height - 1, labels, plain=self._plain)
        self.chart.styles.height = height
        self.chart.show([line(chart.title, "strong"), *(line(text) for text in bars)])
