"""The Gantt chart of one restore point: offsets, durations and overlaps of its parts (rules R2, R5)."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from msgspec import Struct

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import HOUR, MINUTE, SECOND, format_duration
from drtui.core.formatting.text import pad, width
from drtui.core.listing.details import DetailLine, capture_window_lines
from drtui.core.model.backup import Backup
from drtui.core.model.site import DrSettings
from drtui.core.model.time_limit import time_limit
from drtui.core.summary.labels import state_label
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.rules import PART_NAMES, Level

WHOLE = "total"
"""Name of the bar for the whole restore point."""

FULL, FULL_ASCII = "▬", "#"
"""Symbols of a bar; one cell wide in every locale (UAX #11)."""

MAX_OVERLAPS = 50
"""Maximum number of overlaps; the records observed so far have three parts."""


class Bar(Struct, frozen=True):
    """The bar of a part, or of the whole restore point; times in epoch ms."""

    name: str
    status: str | None
    start: int | None
    end: int | None
    """None if still running or unknown."""
    is_running: bool = False
    """True if the capture is still running."""

    @property
    def duration(self) -> int | None:
        """Milliseconds from start to end; None if a time is unknown, or the end is before the start."""
        if self.start is None or self.end is None or self.end < self.start:
            return None
        return self.end - self.start


class Overlap(Struct, frozen=True):
    """The overlap of two parts; `first` started earlier."""

    first: Bar
    second: Bar
    overlap: int
    """Milliseconds during which both were captured; if negative, the gap between them."""

    @property
    def text(self) -> str:
        """The overlap in words."""
        how = "overlap" if self.overlap > 0 else "do not overlap"
        between = "" if self.overlap > 0 else " between them"
        return f"{self.first.name} and {self.second.name} {how}: {format_exact(abs(self.overlap))}{between}"


class Gantt(Struct, frozen=True):
    """The bars of a restore point on a time scale from the first start to the last end."""

    start: int
    """Start of the scale, epoch ms."""
    duration: int
    """Length of the scale, in milliseconds."""
    origin: int
    """Zero of the offsets: start of the restore point, or the first start if that is unknown; epoch ms."""
    bars: tuple[Bar, ...]
    """The whole restore point, then its parts by start; parts without a start come last."""
    overlaps: tuple[Overlap, ...]
    """Pairs of parts that overlap, or of which one follows the other."""

    def draw_bar(self, bar: Bar, cells: int, *, plain: bool) -> str:
        """Draw a bar on a scale of `cells` cells, at least one cell long; "" if the start is unknown."""
        if bar.start is None or cells < 1:
            return ""
        end = self.start + self.duration if bar.is_running else bar.start + (bar.duration or 0)
        scale = max(self.duration, 1)
        first = min((bar.start - self.start) * cells // scale, cells - 1)
        last = max(first + 1, -((self.start - end) * cells // scale))
        return " " * first + (FULL_ASCII if plain else FULL) * (min(last, cells) - first)


def build_gantt(point: RestorePoint, now: int) -> Gantt | None:
    """Build the chart of a restore point; running parts end at `now` (epoch ms). None if the record has no times."""
    backup, is_running = point.backup, point.verdict.level is Level.RUNNING
    whole = Bar(WHOLE, backup.status, backup.start, backup.end, is_running and backup.end is None)
    parts = sorted(_part_bars(backup, is_running=is_running), key=lambda bar: (bar.start is None, bar.start or 0))
    bars = (whole, *parts)
    times = [moment for bar in bars for moment in (bar.start, bar.end) if moment is not None]
    if not times:
        return None
    start = min(times)
    end = max(*times, now if any(bar.is_running for bar in bars) else start)
    origin = start if backup.start is None else backup.start
    return Gantt(start, end - start, origin, bars, tuple(islice(_overlaps(parts), MAX_OVERLAPS)))


def _part_bars(backup: Backup, *, is_running: bool) -> Iterator[Bar]:
    """Yield a bar for every part, including undocumented kinds."""
    for part in backup.parts:
        name = " ".join(filter(None, (PART_NAMES.get(part.kind, part.kind), part.cluster)))
        yield Bar(name, part.status, part.start, part.end, is_running and part.end is None)


def _overlaps(parts: Sequence[Bar]) -> Iterator[Overlap]:
    """Pair each part with the parts that start before it ends, and with the next part after that."""
    timed = [
        (bar.start, bar.start + bar.duration, bar)
        for bar in parts
        if bar.start is not None and bar.duration is not None
    ]
    for position, (_, end, first) in enumerate(timed):
        for start, second_end, second in timed[position + 1 :]:
            yield Overlap(first, second, min(end, second_end) - start)
            if start >= end:
                break


def format_exact(milliseconds: int) -> str:
    """Return a duration to the millisecond: `0.170 s`, `5 m 02.337 s`, `1 h 02 m 03.004 s`."""
    sign, rest = "-" if milliseconds < 0 else "", abs(milliseconds)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    if hours:
        return f"{sign}{hours} h {minutes:02} m {rest / SECOND:06.3f} s"
    return f"{sign}{minutes} m {rest / SECOND:06.3f} s" if minutes else f"{sign}{rest / SECOND:.3f} s"


MAX_NAME_CELLS = 26
"""Maximum width of a part's name with its symbol, in cells."""


TIME_CELLS = 14
"""Width of an offset or duration, in cells."""


class Bars(NamedTuple):
    """The chart of a restore point as lines of text."""

    chart: tuple[DetailLine, ...]
    """Preformatted lines that must not be wrapped."""
    sentences: tuple[DetailLine, ...]
    """Sentences that may be wrapped."""


def build_bars(point: RestorePoint, settings: DrSettings | None, view: DisplayContext, cells: int) -> Bars:
    """Draw the chart of a restore point in lines of at most `cells` cells, and describe it in sentences."""
    chart = build_gantt(point, view.now)
    if chart is None:
        return Bars((), (DetailLine("no times recorded", tone="warn"),))
    return Bars(tuple(_chart_lines(chart, view, cells)), tuple(_sentences(chart, point, settings)))


def _chart_lines(chart: Gantt, view: DisplayContext, cells: int) -> Iterator[DetailLine]:
    """Yield a heading and a line for each bar: symbol, name, offset, duration and the bar itself."""
    name_cells = min(MAX_NAME_CELLS, 3 + max(width(bar.name) for bar in chart.bars))
    bar_cells = max(0, cells - name_cells - 2 * TIME_CELLS - 4)
    scale = f"0{format_exact(chart.duration):>{bar_cells - 1}}" if bar_cells > 20 else ""
    heading = f"{'PART':<{name_cells}}{'OFFSET':>{TIME_CELLS}}{'TOOK':>{TIME_CELLS}}  {scale}"
    yield DetailLine(heading.rstrip(), tone="header")
    for bar in chart.bars:
        mark = state_label(bar.status)
        name = pad(f"{mark.ascii if view.plain else mark.symbol:<3}{bar.name}", name_cells)
        offset = "-" if bar.start is None else format_exact(bar.start - chart.origin)
        took = "running" if bar.is_running else "unknown" if bar.duration is None else format_exact(bar.duration)
        times = f"{offset:>{TIME_CELLS}}{took:>{TIME_CELLS}}"
        text = f"{name}{times}  {chart.draw_bar(bar, bar_cells, plain=view.plain)}"
        yield DetailLine(text.rstrip(), tone=mark.tone)


def _sentences(chart: Gantt, point: RestorePoint, settings: DrSettings | None) -> Iterator[DetailLine]:
    """Describe overlaps, the capture window, and the duration as a share of the time limit."""
    yield from (DetailLine(pair.text, tone="warn" if pair.overlap > 0 else "") for pair in chart.overlaps)
    yield from (DetailLine(line.text, tone=line.tone) for line in capture_window_lines(point.backup))
    limit, is_default = time_limit(settings)
    duration = point.backup.duration
    if duration is not None:
        source = " (default)" if is_default else ""
        yield DetailLine(f"took {duration / limit:.0%} of the limit of {format_duration(limit)}{source}")
