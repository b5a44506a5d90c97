"""The parts of one restore point on one scale of time: offsets, durations, and how far they overlap (RULES R2, R5)."""

from collections.abc import Iterator, Sequence
from itertools import islice

from msgspec import Struct

from drtui.core.formatting.times import HOUR, MINUTE, SECOND
from drtui.core.listing.catalog import RestorePoint
from drtui.core.model.backup import Backup
from drtui.core.verdict.verdict import PART_NAMES, Level

WHOLE = "whole"
"""What the bar of the restore point itself is called."""

FULL, FULL_ASCII = "▪", "#"
"""One cell wide in every locale (UAX #11)."""

MOST_MEETINGS = 50
"""Pairs of parts that are told of; a record has three parts, as far as any was seen."""


class Bar(Struct, frozen=True):
    """One part, or the whole; epoch ms."""

    name: str
    status: str | None
    start: int | None
    end: int | None
    """None as long as it goes on, and if the record does not say."""
    going: bool = False
    """Whether it goes on."""

    @property
    def took(self) -> int | None:
        """Milliseconds from start to end; None where either is not known, or they are the wrong way round."""
        if self.start is None or self.end is None or self.end < self.start:
            return None
        return self.end - self.start


class Meeting(Struct, frozen=True):
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
        return f"{self.first.name} and {self.second.name} {how}: {exact(abs(self.overlap))}{between}"


class Gantt(Struct, frozen=True):
    """A restore point on a scale from whatever started first to whatever ended last."""

    begin: int
    """Epoch ms."""
    length: int
    """Milliseconds."""
    zero: int
    """From where offsets are counted: when the restore point started, if it says so; epoch ms."""
    bars: tuple[Bar, ...]
    """The whole, then its parts by start; those that say none come last."""
    meetings: tuple[Meeting, ...]
    """Of every two parts that overlap, and of those that follow one another."""

    def offset(self, bar: Bar) -> int | None:
        """Milliseconds from the start of the restore point to that of a bar."""
        return None if bar.start is None else bar.start - self.zero

    def drawn(self, bar: Bar, cells: int, *, plain: bool) -> str:
        """A bar on a scale of so many cells: where it is in time, at least one cell long; empty without a start."""
        if bar.start is None or cells < 1:
            return ""
        end = self.begin + self.length if bar.going else bar.start + (bar.took or 0)
        scale = max(self.length, 1)
        first = min((bar.start - self.begin) * cells // scale, cells - 1)
        last = max(first + 1, -((self.begin - end) * cells // scale))
        return " " * first + (FULL_ASCII if plain else FULL) * (min(last, cells) - first)


def gantt(point: RestorePoint, now: int) -> Gantt | None:
    """A restore point on a scale of time, what goes on until `now` (epoch ms); None if it has no time at all."""
    backup, going = point.backup, point.verdict.level is Level.RUNNING
    whole = Bar(WHOLE, backup.status, backup.start, backup.complete, going and backup.complete is None)
    parts = sorted(_parts(backup, going=going), key=lambda bar: (bar.start is None, bar.start or 0))
    bars = (whole, *parts)
    moments = [each for bar in bars for each in (bar.start, bar.end) if each is not None]
    if not moments:
        return None
    begin = min(moments)
    last = max(*moments, now if any(bar.going for bar in bars) else begin)
    zero = begin if backup.start is None else backup.start
    return Gantt(begin, last - begin, zero, bars, tuple(islice(_meetings(parts), MOST_MEETINGS)))


def _parts(backup: Backup, *, going: bool) -> Iterator[Bar]:
    """Every part, those of kinds that nobody has documented as well."""
    for part in backup.parts:
        name = " ".join(filter(None, (PART_NAMES.get(part.kind, part.kind), part.cluster)))
        yield Bar(name, part.status, part.start, part.end, going and part.end is None)


def _meetings(parts: Sequence[Bar]) -> Iterator[Meeting]:
    """Each with those that start before it ends, and with the one that follows."""
    timed = [(bar.start, bar.start + bar.took, bar) for bar in parts if bar.start is not None and bar.took is not None]
    for position, (_, end, first) in enumerate(timed):
        for start, later, second in timed[position + 1 :]:
            yield Meeting(first, second, min(end, later) - start)
            if start >= end:
                break


def exact(milliseconds: int) -> str:
    """A span to the millisecond: `0.170 s`, `5 m 02.337 s`, `1 h 02 m 03.004 s`."""
    sign, rest = "-" if milliseconds < 0 else "", abs(milliseconds)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    if hours:
        return f"{sign}{hours} h {minutes:02} m {rest / SECOND:06.3f} s"
    return f"{sign}{minutes} m {rest / SECOND:06.3f} s" if minutes else f"{sign}{rest / SECOND:.3f} s"
