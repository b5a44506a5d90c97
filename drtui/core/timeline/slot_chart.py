"""A bar for each slot of a lane: durations of its restore points, or the usable restore points that are left."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from drtui.core.formatting.durations import format_duration, format_elapsed
from drtui.core.formatting.text import pad
from drtui.core.timeline.axis import SlotLength
from drtui.core.timeline.retention_lane import RetentionLane
from drtui.core.timeline.timeline import Track
from drtui.core.verdict.restore_points import RestorePoint

DOTS = 4
"""Heights of a bar within one cell."""

BARS = " ⣀⣤⣶⣿"
BARS_ASCII = " ..##"
"""Symbols of a cell by its height. Braille is one cell wide in every locale, unlike block elements (UAX #11)."""

MIN_HEIGHT = 4
"""Fewest lines for the bars."""


class SlotChart(NamedTuple):
    """Values of consecutive slots."""

    title: str
    values: tuple[int | None, ...]
    """One value for each slot; None if there is none."""
    format_value: Callable[[int], str]

    @property
    def top(self) -> int:
        """The largest value; 0 if there is none."""
        return max((value for value in self.values if value is not None), default=0)


def build_slot_chart(track: Track, edges: Sequence[int], slot_length: SlotLength, limit: int) -> SlotChart:
    """Return the chart of a lane for the slots between `edges` (epoch ms).

    `limit` is the time after which the site cancels a backup, in milliseconds.
    """
    if isinstance(track, RetentionLane):
        left = tuple(track.count_usable_at(end - 1) if end > track.now else None for _, end in pairwise(edges))
        return SlotChart("Usable restore points left if no new one is made", left, lambda value: f"{value:,}")
    durations = tuple(_longest_duration(track, start, end) for start, end in pairwise(edges))
    title = f"Duration, the longest of each {slot_length.value}; limit {format_duration(limit)}"
    return SlotChart(title, durations, format_elapsed)


def _longest_duration(track: Track, start: int, end: int) -> int | None:
    events = track.past_events_between(start, end)
    durations = (event.backup.duration for event in events if isinstance(event, RestorePoint))
    return max((duration for duration in durations if duration is not None), default=None)


def chart_lines(chart: SlotChart, height: int, label_cells: int, *, plain: bool) -> list[str]:
    """Return `height` lines, from top to bottom; each begins with `label_cells` cells for the scale."""
    top = chart.top
    scale = {0: top, height // 2: top * (height - height // 2) // height}
    lines: list[str] = []
    for row in range(height):
        label = chart.format_value(scale[row]) if row in scale else ""
        bars = "".join(_bar(value, top, row, height, plain=plain) for value in chart.values)
        lines.append(f"{pad(label, label_cells - 1, right=True)} {bars}")
    return lines


def _bar(value: int | None, top: int, row: int, height: int, *, plain: bool) -> str:
    """Return the cell of a bar in a row counted from the top; every value but 0 shows at least one dot."""
    dots = 0 if not value else max(1, round(value / top * height * DOTS))
    return (BARS_ASCII if plain else BARS)[max(0, min(DOTS, dots - (height - 1 - row) * DOTS))]
