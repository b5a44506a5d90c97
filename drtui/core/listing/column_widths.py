"""The widths of columns: as wide as the longest value of the list, within bounds.

They are measured once for a list and not for the visible rows, so that columns stay where they are while it scrolls.
Only values that are cheap to read are measured; times, ages and counts have widths of their own.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import chain

from msgspec import Struct

from drtui.core.formatting.durations import MINUTE, format_elapsed
from drtui.core.formatting.text import width
from drtui.core.summary.labels import level_label
from drtui.core.verdict.restore_points import RestorePoint, start_time
from drtui.core.verdict.rules import Level

MIN_WHY_CELLS = 19
"""Least width of the column of reasons."""

MAX_CELLS = {"name": 44, "description": 40}
"""Maximum width of a column with free text; other columns have at most `MAX_OTHER_CELLS`."""

USUAL_NAME_CELLS = 32
"""Width of names up to which no name is cut; a few longer ones do not widen the column for all."""

LONG_NAME_SHARE = 50
"""One name in so many may be cut."""

MAX_OTHER_CELLS = 20

_VALUES: dict[str, Callable[[RestorePoint], str]] = {
    "name": lambda point: point.backup.name,
    "store": lambda point: point.backup.store,
    "kind": lambda point: point.backup.schedule_type or "-",
    "release": lambda point: point.backup.release,
    "site": lambda point: point.backup.site_name,
    "namespace": lambda point: point.backup.namespace,
    "type": lambda point: point.backup.backup_type,
    "description": lambda point: point.backup.description,
}
"""Values of a column, most of which many restore points share."""


DEFAULT_RANKS = {
    "name": 0, "verdict": 0, "age": 0, "expires": 0,
    "took": 1, "started": 2, "store": 3, "geodatabases": 4, "reason": 5, "kind": 6, "release": 7,
}  # fmt: skip
"""Importance of the default columns: those with the highest rank are left out first in a narrow window."""

RANKS_IF_NOT_USABLE = DEFAULT_RANKS | {"reason": 1, "took": 3, "geodatabases": 4, "store": 5}
"""The same if the newest restore point is not usable: the reason decides what to do next."""


class ColumnWidths(Struct, frozen=True):
    """The widths of the columns of a list, in cells."""

    cells: dict[str, int] = {}
    """Width of the longest value of each measured column."""
    is_newest_usable: bool = True
    """True if the newest restore point is usable, or the newest but one while a backup is running.

    If it is not, its reason matters more than how long it took.
    """


def measure_columns(
    points: Sequence[RestorePoint], keys: Collection[str], now: int, other_names: Iterable[str] = ()
) -> ColumnWidths:
    """Return the widths of columns for a list at `now` (epoch ms); `other_names` are the names of its other rows.

    Ages grow while the list is on screen: their column has room for every age up to 9,999 days.
    """
    cells = {}
    for key in _VALUES.keys() & keys:
        values = map(_VALUES[key], points)
        if key == "name":  # nearly all of them differ, so that a set would not help
            cells[key] = _usual_width(chain(values, other_names))
        else:
            cells[key] = _widest(set(values), MAX_CELLS.get(key, MAX_OTHER_CELLS))
    cells["verdict"] = _widest(
        (level_label(level).text() for level in {p.verdict.level for p in points}), MAX_OTHER_CELLS
    )
    cells["took"] = _elapsed_cells(max((point.backup.duration or 0 for point in points), default=0))
    newest = max((point for point in points if point.verdict.level is not Level.RUNNING), key=start_time, default=None)
    is_in_future = max(map(start_time, points), default=0) > now
    has_expired = any(0 <= (point.backup.retention or -1) <= now for point in points)
    cells["age"] = width("future?") if is_in_future else width("9999 d")
    cells["expires"] = width("59 min ago") if has_expired else width("in 59 min")
    return ColumnWidths(cells, newest is None or newest.verdict.is_usable)


def _usual_width(names: Iterable[str]) -> int:
    """Return the width of the longest name, without a few that are much longer than the others."""
    limit = MAX_CELLS["name"]
    widths = sorted((width(name) if len(name) < limit else limit for name in names), reverse=True)
    if not widths or widths[0] <= USUAL_NAME_CELLS:
        return widths[0] if widths else 0
    return min(limit, max(USUAL_NAME_CELLS, widths[len(widths) // LONG_NAME_SHARE]))


def _widest(texts: Iterable[str], limit: int) -> int:
    return min(limit, max((width(text) if len(text) < limit else limit for text in texts), default=0))


def _elapsed_cells(longest: int) -> int:
    """Return the width of durations up to `longest` milliseconds: `59 m 59 s` is wider than `1 h 02 m`."""
    return max(width(format_elapsed(longest)), 9 if longest >= 10 * MINUTE else 8 if longest >= MINUTE else 4)
