"""How a timeline is laid out in cells: the same on the screen and in a pipe."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import pairwise

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import cut_middle, pad, width
from drtui.core.formatting.times import MINUTE, format_short_duration, to_zone
from drtui.core.summary.labels import StatusLabel
from drtui.core.timeline.axis import SlotLength, TimeAxis, shift_slots
from drtui.core.timeline.lanes import EXPECTED, NOW_MARK, SIGNS, UNREAD
from drtui.core.timeline.retention_lane import LAST_GOES, MANY
from drtui.core.timeline.timeline import Timeline, Track

MARGIN = 2
"""Cells before a name, for the cursor."""

LEAST_NAME, MOST_NAME = 12, 32
"""Cells of a name."""

NOW, NOW_ASCII = "▾", "v"
RETENTION_MARK = StatusLabel("◃", "<", "kept", "muted")
"""How far back the retention of a lane's newest restore point reaches."""

EXPIRY_COUNT_MARK = StatusLabel("1", "1", f"to 9 expire, {MANY} more", "")

LEGEND_GAP = "   "
"""Between two signs in the legend."""

LEGEND = (*SIGNS, EXPECTED, UNREAD, NOW_MARK, RETENTION_MARK, EXPIRY_COUNT_MARK, LAST_GOES)


def label_width(timeline: Timeline, cells: int) -> int:
    """How many of a line's cells the names of the lanes take, with what is around them: at most a third."""
    widest = max((width(track.name) for track in timeline.tracks), default=0)
    return MARGIN + max(LEAST_NAME, min(widest, MOST_NAME, cells // 3)) + 1


def slots_that_fit(timeline: Timeline, cells: int) -> int:
    """How many slots a line of so many cells has room for."""
    return max(1, cells - label_width(timeline, cells) - 1)


def lane_label(track: Track, cells: int) -> str:
    """The name of a lane in so many cells; of a long one the end is kept, which is its kind."""
    return pad(cut_middle(track.name, cells), cells)


def join_marks(marks: Sequence[StatusLabel | None], *, plain: bool) -> str:
    """Marks as they stand beside one another; nothing is a blank."""
    return "".join(" " if mark is None else mark.ascii if plain else mark.symbol for mark in marks)


def axis_lines(window: TimeAxis, track: Track | None, view: DisplayContext) -> tuple[str, str, str]:
    """Three lines over the slots: two of dates, and one that marks now, and how far back `track` is kept."""
    return (*ruler_lines(window.edges, window.slot_length, window.zone), _marks(window, track, view))


def _marks(window: TimeAxis, track: Track | None, view: DisplayContext) -> str:
    here, horizon = window.column_of(view.now), None if track is None or track.horizon is None else track.horizon
    reach = None if horizon is None else window.column_of(horizon)
    labels: list[tuple[int, str]] = []
    if reach is not None and horizon is not None:
        symbol = RETENTION_MARK.ascii if view.plain else RETENTION_MARK.symbol
        labels += [
            (reach, f"{symbol} {RETENTION_MARK.word} {format_short_duration(view.now - horizon + MINUTE)}"),
            (reach, symbol),
        ]
    if here is not None:
        symbol = NOW_ASCII if view.plain else NOW
        labels += [(here, f"{symbol} now"), (here, symbol)]
    if here is not None and reach is not None and here - reach < width(labels[0][1]) + 1:
        del labels[0]  # now is what one looks for
    return place_labels(labels, window.count)


def legend_lines(cells: int, *, plain: bool) -> list[str]:
    """What the signs stand for, in lines of at most so many cells; no sign is parted from its word."""
    lines: list[str] = []
    for mark in LEGEND:
        text = mark.text(plain=plain)
        if lines and len(lines[-1]) + len(LEGEND_GAP) + len(text) <= cells:
            lines[-1] += LEGEND_GAP + text
        else:
            lines.append(text)
    return lines


LABEL_HOUR_STEP = 6
"""Hours between two that are named."""


LARGE = {
    SlotLength.HOUR: ("%Y-%m-%d", "%Y-%m-%d %a"),
    SlotLength.DAY: ("%Y-%m", "%Y-%m"),
    SlotLength.WEEK: ("%Y", "%Y"),
}


SMALL = {
    SlotLength.HOUR: ("%d %H", "%H"),
    SlotLength.DAY: ("%G %V", "%d"),
    SlotLength.WEEK: ("%Y-%m", "%b"),
    SlotLength.MONTH: ("%m", "%b"),
}
"""By what a unit is told from the one before, and what it is called; both for `strftime`."""


def ruler_lines(edges: tuple[int, ...], zoom: SlotLength, zone: dt.tzinfo) -> tuple[str, str]:
    """Two lines over the slots between these edges (epoch ms), a cell each: larger units, and smaller ones."""
    there = [to_zone(start, zone) for start in (shift_slots(edges[0], -1, zoom, zone), *edges[:-1])]
    cells = len(there) - 1
    key, form = LARGE.get(zoom, ("%Y", "%Y"))
    large = _beginnings(there, key, form)
    if not large or large[0][0] > len(f"{there[1]:{form}}"):
        large.insert(0, (0, f"{there[1]:{form}}"))  # the unit that had begun before
    key, form = SMALL[zoom]
    small = _beginnings(there, key, form)
    if zoom is SlotLength.HOUR:
        small = [(cell, text) for cell, text in small if not int(text) % LABEL_HOUR_STEP]
    if zoom is SlotLength.MONTH:
        return place_labels(large, cells), "".join(text[0] for _, text in small)
    return place_labels(large, cells), place_labels(small, cells)


def _beginnings(there: list[dt.datetime], key: str, form: str) -> list[tuple[int, str]]:
    """In which cells another unit begins than in the one before, and what it is called."""
    units = [f"{each:{key}}" for each in there]
    return [
        (cell, f"{there[cell + 1]:{form}}") for cell, (before, unit) in enumerate(pairwise(units)) if unit != before
    ]


def place_labels(labels: Iterable[tuple[int, str]], cells: int) -> str:
    """Labels, each from its cell on; what would run into the one before, or over the end, is left out."""
    line = ""
    for cell, text in labels:
        if cell + len(text) <= cells and (cell > len(line) or not line):
            line += " " * (cell - len(line)) + text
    return line
