"""Lay out a timeline in cells, for the interface and the command line."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import pairwise

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import MINUTE, format_short_duration
from drtui.core.formatting.text import cut_middle, pad, width
from drtui.core.formatting.times import to_zone
from drtui.core.summary.labels import StatusLabel
from drtui.core.timeline.axis import SlotLength, TimeAxis, shift_slots
from drtui.core.timeline.lanes import EVENT_MARKS, EXPECTED_MARK, NOW_MARK, UNREAD_MARK
from drtui.core.timeline.retention_lane import LAST_EXPIRY_MARK, MANY_SYMBOL
from drtui.core.timeline.timeline import Timeline, Track

MARGIN = 2
"""Width of the space before a name, for the cursor, in cells."""

MIN_NAME_CELLS, MAX_NAME_CELLS = 12, 32
"""Minimum and maximum width of a lane's name, in cells."""

RETENTION_MARK = StatusLabel("◃", "<", "retention", "muted")
"""Marks the time before which backups of a lane may have been cleaned up."""

EXPIRY_COUNT_MARK = StatusLabel("1", "1", f"to 9 expire, {MANY_SYMBOL} 10 or more", "")

LEGEND_GAP = "   "
"""Separates the signs in the legend."""

LEGEND = (*EVENT_MARKS, EXPECTED_MARK, UNREAD_MARK, NOW_MARK, RETENTION_MARK, EXPIRY_COUNT_MARK, LAST_EXPIRY_MARK)


def measure_label_width(timeline: Timeline, cells: int) -> int:
    """Return the width of the lanes' names with their margins, in cells; a name takes at most a third of a line."""
    widest = max((width(track.name) for track in timeline.tracks), default=0)
    return MARGIN + max(MIN_NAME_CELLS, min(widest, MAX_NAME_CELLS, cells // 3)) + 1


def count_fitting_slots(timeline: Timeline, cells: int) -> int:
    """Return the number of slots in a line of `cells` cells."""
    return max(1, cells - measure_label_width(timeline, cells) - 1)


def lane_label(track: Track, cells: int) -> str:
    """Return the name of a lane in `cells` cells; a long name is cut in the middle, because its end is the kind."""
    return pad(cut_middle(track.name, cells), cells)


def join_marks(marks: Sequence[StatusLabel | None], *, plain: bool) -> str:
    """Join the symbols of slots; an empty slot is a blank."""
    return "".join(" " if mark is None else mark.ascii if plain else mark.symbol for mark in marks)


def axis_lines(axis: TimeAxis, track: Track | None, view: DisplayContext) -> tuple[str, str, str]:
    """Return three lines above the slots: two of dates, and one that marks now and the retention of `track`."""
    return (*ruler_lines(axis.edges, axis.slot_length, axis.zone), _mark_line(axis, track, view))


def _mark_line(axis: TimeAxis, track: Track | None, view: DisplayContext) -> str:
    now_column, horizon = axis.column_of(view.now), None if track is None or track.horizon is None else track.horizon
    horizon_column = None if horizon is None else axis.column_of(horizon)
    labels: list[tuple[int, str]] = []
    if horizon_column is not None and horizon is not None:
        symbol = RETENTION_MARK.ascii if view.plain else RETENTION_MARK.symbol
        retention = format_short_duration(view.now - horizon + MINUTE)
        texts = (f"{symbol} {RETENTION_MARK.word} {retention}", f"{symbol} {retention}", symbol)
        room = (
            axis.count if now_column is None or now_column < horizon_column else now_column - 1
        )  # now is more important
        labels.append((horizon_column, next((t for t in texts if horizon_column + width(t) <= room), symbol)))
    if now_column is not None:
        symbol = NOW_MARK.ascii if view.plain else NOW_MARK.symbol
        labels += [(now_column, f"{symbol} now"), (now_column, symbol)]
    return place_labels(labels, axis.count)


def legend_lines(cells: int, *, plain: bool) -> list[str]:
    """Return the legend in lines of at most `cells` cells; a sign and its word stay on one line."""
    lines: list[str] = []
    for mark in LEGEND:
        text = mark.text(plain=plain)
        if lines and len(lines[-1]) + len(LEGEND_GAP) + len(text) <= cells:
            lines[-1] += LEGEND_GAP + text
        else:
            lines.append(text)
    return lines


LABEL_HOUR_STEP = 6
"""Hours between two labels."""


LARGE_UNITS = {
    SlotLength.HOUR: ("%Y-%m-%d", "%Y-%m-%d %a"),
    SlotLength.DAY: ("%Y-%m", "%Y-%m"),
    SlotLength.WEEK: ("%Y", "%Y"),
}


SMALL_UNITS = {
    SlotLength.HOUR: ("%d %H", "%H"),
    SlotLength.DAY: ("%G %V", "%d"),
    SlotLength.WEEK: ("%Y-%m", "%b"),
    SlotLength.MONTH: ("%m", "%b"),
}
"""Two formats for `strftime`: the first detects the beginning of a unit, the second is its label."""


def ruler_lines(edges: tuple[int, ...], length: SlotLength, zone: dt.tzinfo) -> tuple[str, str]:
    """Return two lines of labels, larger and smaller units, for slots of one cell between `edges` (epoch ms)."""
    local_times = [to_zone(start, zone) for start in (shift_slots(edges[0], -1, length, zone), *edges[:-1])]
    cells = len(local_times) - 1
    key, form = LARGE_UNITS.get(length, ("%Y", "%Y"))
    large = _unit_labels(local_times, key, form)
    if not large or large[0][0] > len(f"{local_times[1]:{form}}"):
        large.insert(0, (0, f"{local_times[1]:{form}}"))  # the unit that began before the first slot
    key, form = SMALL_UNITS[length]
    small = _unit_labels(local_times, key, form)
    if length is SlotLength.HOUR:
        small = [(cell, text) for cell, text in small if not int(text) % LABEL_HOUR_STEP]
    if length is SlotLength.MONTH:
        return place_labels(large, cells), "".join(text[0] for _, text in small)
    return place_labels(large, cells), place_labels(small, cells)


def _unit_labels(local_times: list[dt.datetime], key: str, form: str) -> list[tuple[int, str]]:
    """Return the cells in which a unit begins, each with the label of the unit."""
    units = [f"{local_time:{key}}" for local_time in local_times]
    return [
        (cell, f"{local_times[cell + 1]:{form}}")
        for cell, (before, unit) in enumerate(pairwise(units))
        if unit != before
    ]


def place_labels(labels: Iterable[tuple[int, str]], cells: int) -> str:
    """Return a line with each label at its cell; omit labels that overlap the one before or exceed the line."""
    line = ""
    for cell, text in labels:
        if cell + len(text) <= cells and (cell > len(line) or not line):
            line += " " * (cell - len(line)) + text
    return line
