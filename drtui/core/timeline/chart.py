"""How a timeline is laid out in cells: the same on the screen and in a pipe."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import pairwise

from drtui.core.formatting.display import View
from drtui.core.formatting.text import cut_middle, pad, width
from drtui.core.formatting.times import MINUTE, at, short_remaining
from drtui.core.summary.labels import Mark
from drtui.core.timeline.axis import Window, Zoom, moved
from drtui.core.timeline.lanes import EXPECTED, HERE, SIGNS, UNREAD
from drtui.core.timeline.retention_lane import LAST_GOES, MANY
from drtui.core.timeline.timeline import Timeline, Track

MARGIN = 2
"""Cells before a name, for the cursor."""

LEAST_NAME, MOST_NAME = 12, 32
"""Cells of a name."""

NOW, NOW_ASCII = "▾", "v"
REACH = Mark("◃", "<", "kept", "muted")
"""How far back the retention of a lane's newest restore point reaches."""

COUNTED = Mark("1", "1", f"to 9 expire, {MANY} more", "")

APART = "   "
"""Between two signs in the legend."""

LEGEND = (*SIGNS, EXPECTED, UNREAD, HERE, REACH, COUNTED, LAST_GOES)


def name_cells(found: Timeline, cells: int) -> int:
    """How many of a line's cells the names of the lanes take, with what is around them: at most a third."""
    widest = max((width(track.name) for track in found.tracks), default=0)
    return MARGIN + max(LEAST_NAME, min(widest, MOST_NAME, cells // 3)) + 1


def slots_in(found: Timeline, cells: int) -> int:
    """How many slots a line of so many cells has room for."""
    return max(1, cells - name_cells(found, cells) - 1)


def name_of(track: Track, cells: int) -> str:
    """The name of a lane in so many cells; of a long one the end is kept, which is its kind."""
    return pad(cut_middle(track.name, cells), cells)


def signs(marks: Sequence[Mark | None], *, plain: bool) -> str:
    """Marks as they stand beside one another; nothing is a blank."""
    return "".join(" " if mark is None else mark.ascii if plain else mark.symbol for mark in marks)


def head(window: Window, track: Track | None, view: View) -> tuple[str, str, str]:
    """Three lines over the slots: two of dates, and one that marks now, and how far back `track` is kept."""
    return (*ruler(window.edges, window.zoom, window.zone), _marks(window, track, view))


def _marks(window: Window, track: Track | None, view: View) -> str:
    here, horizon = window.column_of(view.now), None if track is None or track.horizon is None else track.horizon
    reach = None if horizon is None else window.column_of(horizon)
    labels: list[tuple[int, str]] = []
    if reach is not None and horizon is not None:
        symbol = REACH.ascii if view.plain else REACH.symbol
        labels += [(reach, f"{symbol} {REACH.word} {short_remaining(view.now - horizon + MINUTE)}"), (reach, symbol)]
    if here is not None:
        symbol = NOW_ASCII if view.plain else NOW
        labels += [(here, f"{symbol} now"), (here, symbol)]
    if here is not None and reach is not None and here - reach < width(labels[0][1]) + 1:
        del labels[0]  # now is what one looks for
    return placed(labels, window.count)


def legend(cells: int, *, plain: bool) -> list[str]:
    """What the signs stand for, in lines of at most so many cells; no sign is parted from its word."""
    lines: list[str] = []
    for mark in LEGEND:
        text = mark.text(plain=plain)
        if lines and len(lines[-1]) + len(APART) + len(text) <= cells:
            lines[-1] += APART + text
        else:
            lines.append(text)
    return lines


EVERY = 6
"""Hours between two that are named."""


LARGE = {Zoom.HOUR: ("%Y-%m-%d", "%Y-%m-%d %a"), Zoom.DAY: ("%Y-%m", "%Y-%m"), Zoom.WEEK: ("%Y", "%Y")}


SMALL = {Zoom.HOUR: ("%d %H", "%H"), Zoom.DAY: ("%G %V", "%d"), Zoom.WEEK: ("%Y-%m", "%b"), Zoom.MONTH: ("%m", "%b")}
"""By what a unit is told from the one before, and what it is called; both for `strftime`."""


def ruler(edges: tuple[int, ...], zoom: Zoom, zone: dt.tzinfo) -> tuple[str, str]:
    """Two lines over the slots between these edges (epoch ms), a cell each: larger units, and smaller ones."""
    there = [at(start, zone) for start in (moved(edges[0], -1, zoom, zone), *edges[:-1])]
    cells = len(there) - 1
    key, form = LARGE.get(zoom, ("%Y", "%Y"))
    large = _beginnings(there, key, form)
    if not large or large[0][0] > len(f"{there[1]:{form}}"):
        large.insert(0, (0, f"{there[1]:{form}}"))  # the unit that had begun before
    key, form = SMALL[zoom]
    small = _beginnings(there, key, form)
    if zoom is Zoom.HOUR:
        small = [(cell, text) for cell, text in small if not int(text) % EVERY]
    if zoom is Zoom.MONTH:
        return placed(large, cells), "".join(text[0] for _, text in small)
    return placed(large, cells), placed(small, cells)


def _beginnings(there: list[dt.datetime], key: str, form: str) -> list[tuple[int, str]]:
    """In which cells another unit begins than in the one before, and what it is called."""
    units = [f"{each:{key}}" for each in there]
    return [
        (cell, f"{there[cell + 1]:{form}}") for cell, (before, unit) in enumerate(pairwise(units)) if unit != before
    ]


def placed(labels: Iterable[tuple[int, str]], cells: int) -> str:
    """Labels, each from its cell on; what would run into the one before, or over the end, is left out."""
    line = ""
    for cell, text in labels:
        if cell + len(text) <= cells and (cell > len(line) or not line):
            line += " " * (cell - len(line)) + text
    return line
