"""How long each part of a lane's restore points took, one after another, against the limit (rules R29, R8)."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from drtui.core.analysis.rpo import RECENT_COUNT, duration_trend
from drtui.core.formatting.text import cut, pad, width
from drtui.core.formatting.times import format_duration, format_elapsed
from drtui.core.model.backup import EXPECTED_PARTS, Backup, Part
from drtui.core.model.site import DrSettings
from drtui.core.model.time_limit import time_limit
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.verdict import PART_NAMES

WHOLE = "whole"
"""The row of the restore points themselves; no part has such a name."""

BARS = "⡀⣀⣄⣤⣦⣶⣷⣿"
"""Eighths of the limit. Braille is one cell wide in every locale, which block elements are not (UAX #11)."""

FEWEST, MOST = 10, 60
"""Bars in a line."""

MOST_NAME, GAP = 24, 2
"""Cells of a name, and between the columns."""

OVER, UNKNOWN = "!", "?"
"""The limit was reached; how long it took is not in the record."""


class Durations(Struct, frozen=True):
    """How long one part took in restore points that followed one another."""

    name: str
    took: tuple[int | None, ...]
    """Milliseconds, oldest first; None where the record does not say."""
    limit: int
    """After which the whole is cancelled, milliseconds."""
    is_default_limit: bool
    """Whether that is only the documented default."""

    @property
    def recorded(self) -> tuple[int, ...]:
        """Those the records tell, oldest first."""
        return tuple(each for each in self.took if each is not None)

    @property
    def longest(self) -> int | None:
        """The longest, milliseconds."""
        return max(self.recorded, default=None)

    @property
    def trend(self) -> float | None:
        """The newer half of the recent ones over the older half; None for too few."""
        return duration_trend(self.recorded[: -RECENT_COUNT - 1 : -1])

    def bars(self, cells: int, *, plain: bool) -> str:
        """The newest of them in at most so many cells, each as its share of the limit; `plain`: tenths, as digits."""
        return "".join(_bar(each, self.limit, plain=plain) for each in self.took[-cells:])

    @property
    def text(self) -> str:
        """What they come to, in words."""
        if self.longest is None:
            return "no duration in the records"
        newest = format_elapsed(self.took[-1]) if self.took[-1] is not None else "not known"
        limit = f"{format_duration(self.limit)} (the default)" if self.is_default_limit else format_duration(self.limit)
        text = f"longest {format_elapsed(self.longest)}, {self.longest / self.limit:.0%} of {limit}, newest {newest}"
        return text if self.trend is None else f"{text}, newer half {self.trend:.2g}x"


def duration_lines(found: Sequence[Durations], cells: int, *, plain: bool) -> list[str]:
    """A line for each, in so many cells: its name, as many bars as have room, and what they come to."""
    names = max((width(each.name) for each in found), default=0)
    names = min(names, MOST_NAME)
    room = cells - names - 2 * GAP
    number = max(FEWEST, min(room - max((width(each.text) for each in found), default=0), MOST))
    shown = max((min(len(each.took), number) for each in found), default=0)
    return [
        cut(f"{pad(each.name, names)}  {each.bars(number, plain=plain):<{shown}}  {each.text}", cells) for each in found
    ]


def _bar(duration: int | None, limit: int, *, plain: bool) -> str:
    if duration is None:
        return UNKNOWN
    if duration >= limit:
        return OVER
    return str(duration * 10 // limit) if plain else BARS[duration * len(BARS) // limit]


def measure_durations(points: Sequence[RestorePoint], settings: DrSettings | None) -> tuple[Durations, ...]:
    """Of these restore points, oldest first: of the whole, then of each kind of part that any has; none of none."""
    if not points:
        return ()
    backups = [point.backup for point in points]
    found = {part.kind for backup in backups for part in backup.undated_parts}
    kinds = [*(kind for kind in EXPECTED_PARTS if kind in found), *sorted(found.difference(EXPECTED_PARTS))]
    limit, assumed = time_limit(settings)
    whole = Durations(WHOLE, tuple(backup.duration for backup in backups), limit, assumed)
    return (whole, *(Durations(_name(kind), _of_kind(backups, kind), limit, assumed) for kind in kinds))


def _name(kind: str) -> str:
    return PART_NAMES.get(kind, kind)


def _of_kind(backups: Iterable[Backup], kind: str) -> tuple[int | None, ...]:
    return tuple(_span(backup.parts_of_kind(kind)) for backup in backups)


def _span(parts: Sequence[Part]) -> int | None:
    """From the start of the first to the end of the last part of a kind; None if one of them does not say."""
    starts = [part.start for part in parts if part.start is not None]
    ends = [part.end for part in parts if part.end is not None]
    if not parts or len(starts) < len(parts) or len(ends) < len(parts) or max(ends) < min(starts):
        return None
    return max(ends) - min(starts)
