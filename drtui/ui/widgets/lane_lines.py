"""The lanes of a timeline as lines of text that do not move: the last days, one cell each."""

from collections.abc import Iterator
from itertools import groupby

from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.display import DisplayContext
from drtui.core.timeline.axis import SlotLength, build_axis_until
from drtui.core.timeline.chart import (
    axis_lines,
    count_fitting_slots,
    join_marks,
    lane_label,
    legend_lines,
    measure_label_width,
)
from drtui.core.timeline.timeline import build_timeline
from drtui.ui.widgets.styled_lines import Line, line


def build_lane_lines(assessment: Assessment, view: DisplayContext, cells: int) -> Iterator[Line]:
    """Yield the dates, a line for each lane, and the legend; nothing if no store is known."""
    timeline = build_timeline(assessment)
    if not timeline.lanes:
        return
    label_cells = measure_label_width(timeline, cells)
    axis = build_axis_until(view.now, SlotLength.DAY, view.zone, count_fitting_slots(timeline, cells))
    yield from (line(" " * label_cells + text, "muted") for text in axis_lines(axis, None, view))
    for number, lane in enumerate(timeline.lanes):
        pieces = [(f"{lane_label(lane, label_cells - 1)} ", "")]
        for tone, marks in groupby(lane.marks(axis.edges), key=lambda mark: mark.tone if mark else ""):
            pieces.append((join_marks(list(marks), plain=view.plain), tone))
        yield Line(tuple(pieces), ("lane", number))
    yield line("")
    yield from (line(text, "muted") for text in legend_lines(cells, plain=view.plain))
