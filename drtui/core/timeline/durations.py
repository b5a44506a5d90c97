"""The durations of each part of a lane's restore points, compared with the time limit (rules R29, R8)."""

from collections.abc import Sequence

from msgspec import Struct

from drtui.core.analysis.rpo import RECENT_COUNT, measure_trend
from drtui.core.formatting.durations import format_duration, format_elapsed
from drtui.core.formatting.text import cut, pad, width
from drtui.core.model.backup import EXPECTED_PARTS, Part
from drtui.core.model.site import DrSettings
from drtui.core.model.time_limit import time_limit
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.rules import PART_NAMES

WHOLE = "whole"
"""Name of the row for whole restore points; no part has this name."""

BARS = "⡀⣀⣄⣤⣦⣶⣷⣿"
"""Eighths of the limit, in Braille: one cell wide in every locale, unlike block elements (UAX #11)."""

MIN_BARS, MAX_BARS = 10, 60
"""Minimum and maximum number of bars in a line."""

MAX_NAME_CELLS, GAP = 24, 2
"""Maximum width of a name, and width of the gap between columns, in cells."""

OVER, UNKNOWN = "!", "?"
"""Symbols for a duration that reached the limit, and for an unknown duration."""


class Durations(Struct, frozen=True):
    """The durations of one part in consecutive restore points."""

    name: str
    values: tuple[int | None, ...]
    """Durations in milliseconds, oldest first; None if unknown."""
    limit: int
    """Time after which the site cancels a backup, in milliseconds."""
    is_default_limit: bool
    """True if `limit` is the documented default because the setting is unknown."""

    @property
    def recorded(self) -> tuple[int, ...]:
        """The known durations in milliseconds, oldest first."""
        return tuple(duration for duration in self.values if duration is not None)

    @property
    def longest(self) -> int | None:
        """The longest duration in milliseconds; None if none is known."""
        return max(self.recorded, default=None)

    @property
    def trend(self) -> float | None:
        """The newer half of the recent durations divided by the older half; None if there are too few."""
        return measure_trend(self.recorded[: -RECENT_COUNT - 1 : -1])

    def bars(self, cells: int, *, plain: bool) -> str:
        """Return the newest durations as shares of the limit, one cell each; as digits (tenths) if `plain`."""
        return "".join(_bar(duration, self.limit, plain=plain) for duration in self.values[-cells:])

    @property
    def text(self) -> str:
        """A summary of the durations in words."""
        if self.longest is None:
            return "no duration in the records"
        newest = format_elapsed(self.values[-1]) if self.values[-1] is not None else "not known"
        limit = f"{format_duration(self.limit)} (the default)" if self.is_default_limit else format_duration(self.limit)
        text = f"longest {format_elapsed(self.longest)}, {self.longest / self.limit:.0%} of {limit}, newest {newest}"
        return text if self.trend is None else f"{text}, newer half {self.trend:.2g}x"


def duration_lines(rows: Sequence[Durations], cells: int, *, plain: bool) -> list[str]:
    """Return a line of `cells` cells for each row: its name, as many bars as fit, and the summary."""
    name_cells = min(max((width(row.name) for row in rows), default=0), MAX_NAME_CELLS)
    available = cells - name_cells - 2 * GAP
    max_bars = max(MIN_BARS, min(available - max((width(row.text) for row in rows), default=0), MAX_BARS))
    bar_cells = max((min(len(row.values), max_bars) for row in rows), default=0)
    return [
        cut(f"{pad(row.name, name_cells)}  {row.bars(max_bars, plain=plain):<{bar_cells}}  {row.text}", cells)
        for row in rows
    ]


def _bar(duration: int | None, limit: int, *, plain: bool) -> str:
    if duration is None:
        return UNKNOWN
    if duration >= limit:
        return OVER
    return str(duration * 10 // limit) if plain else BARS[duration * len(BARS) // limit]


def measure_durations(points: Sequence[RestorePoint], settings: DrSettings | None) -> tuple[Durations, ...]:
    """Return the durations of whole restore points (oldest first), then of each kind of part; () without points."""
    if not points:
        return ()
    backups = [point.backup for point in points]
    recorded = {part.kind for backup in backups for part in backup.undated_parts}
    kinds = [*(kind for kind in EXPECTED_PARTS if kind in recorded), *sorted(recorded.difference(EXPECTED_PARTS))]
    limit, is_default = time_limit(settings)
    whole = Durations(WHOLE, tuple(backup.duration for backup in backups), limit, is_default)
    durations = ((kind, tuple(_time_span(backup.parts_of_kind(kind)) for backup in backups)) for kind in kinds)
    return (whole, *(Durations(PART_NAMES.get(kind, kind), values, limit, is_default) for kind, values in durations))


def _time_span(parts: Sequence[Part]) -> int | None:
    """Return the milliseconds from the first start to the last end of parts; None if a time is unknown."""
    starts = [part.start for part in parts if part.start is not None]
    ends = [part.end for part in parts if part.end is not None]
    if not parts or len(starts) < len(parts) or len(ends) < len(parts) or max(ends) < min(starts):
        return None
    return max(ends) - min(starts)
