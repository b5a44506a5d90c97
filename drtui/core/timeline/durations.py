"""The durations of each part of a lane's restore points, compared with the time limit (rules R29, R8)."""

from collections.abc import Sequence

from msgspec import Struct

from drtui.core.analysis.rpo import RECENT_COUNT, measure_trend, trend_text
from drtui.core.formatting.durations import format_duration, format_elapsed
from drtui.core.formatting.text import cut, pad, width
from drtui.core.model.backup import EXPECTED_PARTS, Part
from drtui.core.model.site import DrSettings
from drtui.core.model.time_limit import time_limit
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.rules import PART_NAMES

WHOLE = "total"
"""Name of the row for whole restore points; no part has this name."""

BARS = "⡀⣀⣄⣤⣦⣶⣷⣿"
"""Eighths of the limit, in Braille: one cell wide in every locale, unlike block elements (UAX #11)."""

MIN_BARS, MAX_BARS = 10, 60
"""Minimum and maximum number of bars in a line."""

MAX_NAME_CELLS, GAP = 24, 2
"""Maximum width of a name, and width of the gap between columns, in cells."""

UNKNOWN_LONGEST = "-"
"""Text of the longest duration if none is known."""

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
        return ", ".join(self._facts)

    @property
    def _facts(self) -> list[str]:
        """The facts of the summary, the most important one first."""
        longest, share = self.longest_texts
        if longest == UNKNOWN_LONGEST:
            return ["no duration in the records"]
        facts = (f"longest {longest}, {share} of {self.limit_text}", self.trend_text, f"newest {self.newest_text}")
        return [fact for fact in facts if fact]

    def text_within(self, cells: int) -> str:
        """Return as many facts of the summary as fit; the first one always."""
        facts = self._facts
        while len(facts) > 1 and width(", ".join(facts)) > cells:
            facts.pop()
        return ", ".join(facts)

    @property
    def longest_texts(self) -> tuple[str, str]:
        """The longest duration, and its share of the limit; both `-` if none is known."""
        longest = self.longest
        if longest is None:
            return UNKNOWN_LONGEST, UNKNOWN_LONGEST
        return format_elapsed(longest), f"{longest / self.limit:.0%}"

    @property
    def limit_text(self) -> str:
        """The limit, and that it is the default if the setting is unknown."""
        return f"{format_duration(self.limit)} (default)" if self.is_default_limit else format_duration(self.limit)

    @property
    def newest_text(self) -> str:
        """The duration of the newest restore point."""
        return "unknown" if self.values[-1] is None else format_elapsed(self.values[-1])

    @property
    def trend_text(self) -> str:
        """The trend in words, such as `10% slower lately`; "" if there are too few durations."""
        trend = self.trend
        return "" if trend is None else trend_text(trend)


def duration_lines(rows: Sequence[Durations], cells: int, *, plain: bool) -> list[str]:
    """Return a line of `cells` cells for each row: its name, as many bars as fit, and the summary."""
    name_cells = min(max((width(row.name) for row in rows), default=0), MAX_NAME_CELLS)
    available = cells - name_cells - 2 * GAP
    texts = [row.text for row in rows]
    max_bars = max(MIN_BARS, min(available - max(map(width, texts), default=0), MAX_BARS))
    bar_cells = max((min(len(row.values), max_bars) for row in rows), default=0)
    text_cells = available - bar_cells
    charts = [f"{pad(row.name, name_cells)}  {row.bars(max_bars, plain=plain):<{bar_cells}}  " for row in rows]
    return [cut(chart + row.text_within(text_cells), cells) for chart, row in zip(charts, rows, strict=True)]


def duration_table(rows: Sequence[Durations], cells: int, *, plain: bool) -> list[str]:
    """Return a table with a heading and a line for each row, without bars if `cells` is too small for ten."""
    if not rows:
        return []
    longest_texts = [row.longest_texts for row in rows]
    columns = [
        ("DURATION", [row.name for row in rows]),
        ("LONGEST", [longest for longest, _ in longest_texts]),
        (f"OF {rows[0].limit_text}", [share for _, share in longest_texts]),
        ("NEWEST", [row.newest_text for row in rows]),
        ("LATELY", [row.trend_text.removesuffix(" lately") or "-" for row in rows]),
    ]
    columns = [(title, [cut(text, MAX_NAME_CELLS) for text in texts]) for title, texts in columns]
    widths = [max(width(text) for text in (title, *texts)) for title, texts in columns]
    bar_cells = min(cells - sum(widths) - GAP * len(widths), MAX_BARS, max(len(row.values) for row in rows))
    if bar_cells >= MIN_BARS:
        bars = [row.bars(bar_cells, plain=plain) for row in rows]
        columns.insert(1, (cut("SHARE OF LIMIT, OLDEST FIRST", bar_cells), bars))
        widths.insert(1, bar_cells)
    lines = zip(*((title, *texts) for title, texts in columns), strict=True)
    gap = " " * GAP
    return [cut(gap.join(map(pad, line, widths)).rstrip(), cells) for line in lines]


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
