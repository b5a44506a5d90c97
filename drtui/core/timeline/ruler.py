"""What stands over the slots of a timeline: dates where the units of the calendar begin."""

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise

from drtui.core.formatting.times import at
from drtui.core.timeline.axis import Zoom, moved

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
