"""The parts of one restore point on one scale of time: offsets, durations, and how far they overlap (rules R2, R5)."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from msgspec import Struct

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import pad, width
from drtui.core.formatting.times import HOUR, MINUTE, SECOND, format_duration
from drtui.core.listing.details import DetailLine, capture_window_lines
from drtui.core.model.backup import Backup
from drtui.core.model.site import DrSettings
from drtui.core.model.time_limit import time_limit
from drtui.core.summary.labels import state_label
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.verdict import PART_NAMES, Level

WHOLE = "whole"
"""What the bar of the restore point itself is called."""

FULL, FULL_ASCII = "▪", "#"
"""One cell wide in every locale (UAX #11)."""

MAX_OVERLAPS = 50
"""Pairs of parts that are told of; a record has three parts, as far as any was seen."""


class Bar(Struct, frozen=True):
    """One part, or the whole; epoch ms."""

    name: str
    status: str | None
    start: int | None
    end: int | None
    """None as long as it goes on, and if the record does not say."""
    is_running: bool = False
    """Whether it goes on."""

    @property
    def took(self) -> int | None:
        """Milliseconds from start to end; None where either is not known, or they are the wrong way round."""
        if self.start is None or self.end is None or self.end < self.start:
            return None
        return self.end - self.start


class Overlap(Struct, frozen=True):
    """Two parts in time, the one that started sooner first."""

    first: Bar
    second: Bar
    overlap: int
    """Milliseconds during which both were captured; below nothing: how long neither was."""

    @property
    def text(self) -> str:
        """In words."""
        how = "overlap" if self.overlap > 0 else "do not overlap"
        between = "" if self.overlap > 0 else " between them"
        return f"{self.first.name} and {self.second.name} {how}: {format_exact(abs(self.overlap))}{between}"


class Gantt(Struct, frozen=True):
    """A restore point on a scale from whatever started first to whatever ended last."""

    start: int
    """Epoch ms."""
    duration: int
    """Milliseconds."""
    origin: int
    """From where offsets are counted: when the restore point started, if it says so; epoch ms."""
    bars: tuple[Bar, ...]
    """The whole, then its parts by start; those that say none come last."""
    overlaps: tuple[Overlap, ...]
    """Of every two parts that overlap, and of those that follow one another."""

    def offset_of(self, bar: Bar) -> int | None:
        """Milliseconds from the start of the restore point to that of a bar."""
        return None if bar.start is None else bar.start - self.origin

    def draw_bar(self, bar: Bar, cells: int, *, plain: bool) -> str:
        """A bar on a scale of so many cells: where it is in time, at least one cell long; empty without a start."""
        if bar.start is None or cells < 1:
            return ""
        end = self.start + self.duration if bar.is_running else bar.start + (bar.took or 0)
        scale = max(self.duration, 1)
        first = min((bar.start - self.start) * cells // scale, cells - 1)
        last = max(first + 1, -((self.start - end) * cells // scale))
        return " " * first + (FULL_ASCII if plain else FULL) * (min(last, cells) - first)


def build_gantt(point: RestorePoint, now: int) -> Gantt | None:
    """A restore point on a scale of time, what goes on until `now` (epoch ms); None if it has no time at all."""
    backup, going = point.backup, point.verdict.level is Level.RUNNING
    whole = Bar(WHOLE, backup.status, backup.start, backup.end, going and backup.end is None)
    parts = sorted(_parts(backup, going=going), key=lambda bar: (bar.start is None, bar.start or 0))
    bars = (whole, *parts)
    moments = [each for bar in bars for each in (bar.start, bar.end) if each is not None]
    if not moments:
        return None
    begin = min(moments)
    last = max(*moments, now if any(bar.is_running for bar in bars) else begin)
    zero = begin if backup.start is None else backup.start
    return Gantt(begin, last - begin, zero, bars, tuple(islice(_meetings(parts), MAX_OVERLAPS)))


def _parts(backup: Backup, *, going: bool) -> Iterator[Bar]:
    """Every part, those of kinds that nobody has documented as well."""
    for part in backup.parts:
        name = " ".join(filter(None, (PART_NAMES.get(part.kind, part.kind), part.cluster)))
        yield Bar(name, part.status, part.start, part.end, going and part.end is None)


def _meetings(parts: Sequence[Bar]) -> Iterator[Overlap]:
    """Each with those that start before it ends, and with the one that follows."""
    timed = [(bar.start, bar.start + bar.took, bar) for bar in parts if bar.start is not None and bar.took is not None]
    for position, (_, end, first) in enumerate(timed):
        for start, later, second in timed[position + 1 :]:
            yield Overlap(first, second, min(end, later) - start)
            if start >= end:
                break


def format_exact(milliseconds: int) -> str:
    """A span to the millisecond: `0.170 s`, `5 m 02.337 s`, `1 h 02 m 03.004 s`."""
    sign, rest = "-" if milliseconds < 0 else "", abs(milliseconds)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    if hours:
        return f"{sign}{hours} h {minutes:02} m {rest / SECOND:06.3f} s"
    return f"{sign}{minutes} m {rest / SECOND:06.3f} s" if minutes else f"{sign}{rest / SECOND:.3f} s"


WIDEST_NAME = 26
"""Cells of a part's name, its symbol included."""


TIMES = 14
"""Cells of an offset, and of a duration."""


class Bars(NamedTuple):
    """A restore point in time."""

    chart: tuple[DetailLine, ...]
    """Lines to be shown as they are."""
    sentences: tuple[DetailLine, ...]
    """Sentences."""


def build_bars(point: RestorePoint, settings: DrSettings | None, view: DisplayContext, cells: int) -> Bars:
    """The parts of a restore point in time, drawn in lines of at most so many cells."""
    found = build_gantt(point, view.now)
    if found is None:
        return Bars((), (DetailLine("its record says of nothing when it was captured", tone="warn"),))
    return Bars(tuple(_drawn(found, view, cells)), tuple(_said(found, point, settings)))


def _drawn(found: Gantt, view: DisplayContext, cells: int) -> Iterator[DetailLine]:
    """A line for each bar: its symbol and name, offset, duration, and the bar itself."""
    wide = min(WIDEST_NAME, 3 + max(width(bar.name) for bar in found.bars))
    room = max(0, cells - wide - 2 * TIMES - 4)
    scale = f"0{format_exact(found.duration):>{room - 1}}" if room > 20 else ""
    yield DetailLine(f"{'PART':<{wide}}{'OFFSET':>{TIMES}}{'TOOK':>{TIMES}}  {scale}".rstrip(), tone="header")
    for bar in found.bars:
        mark = state_label(bar.status)
        name = pad(f"{mark.ascii if view.plain else mark.symbol:<3}{bar.name}", wide)
        offset = found.offset_of(bar)
        begins = "-" if offset is None else format_exact(offset)
        text = f"{name}{begins:>{TIMES}}{_took(bar):>{TIMES}}  {found.draw_bar(bar, room, plain=view.plain)}"
        yield DetailLine(text.rstrip(), tone=mark.tone)


def _took(bar: Bar) -> str:
    if bar.took is not None:
        return format_exact(bar.took)
    return "going on" if bar.is_running else "not known"


def _said(found: Gantt, point: RestorePoint, settings: DrSettings | None) -> Iterator[DetailLine]:
    """What the bars come to."""
    yield from (DetailLine(each.text, tone="warn" if each.overlap > 0 else "") for each in found.overlaps)
    yield from (DetailLine(each.text, tone=each.tone) for each in capture_window_lines(point.backup))
    limit, assumed = time_limit(settings)
    took = point.backup.duration
    if took is not None:
        yield DetailLine(
            f"it took {took / limit:.0%} of the limit of {format_duration(limit)}{' (the default)' if assumed else ''}"
        )
