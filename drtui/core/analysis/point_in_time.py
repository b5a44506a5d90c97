"""Which one do I restore: the newest usable restore point from before the damage, and why not the others."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import takewhile

from msgspec import Struct

from drtui.core.analysis.rpo import cannot_tell, why_not_whole
from drtui.core.formatting.statement import Statement
from drtui.core.formatting.times import UTC, age, stamp
from drtui.core.listing.catalog import RestorePoint, started
from drtui.core.model.site_state import Reading
from drtui.core.summary.labels import count, mark_of
from drtui.core.verdict.verdict import Level

MOST_NAMED = 5
"""Of those passed over, the newest; the rest is a number."""


class Choice(Struct, frozen=True):
    """What to restore to be back before a moment."""

    moment: int
    """Epoch ms."""
    point: RestorePoint | None
    """The newest usable one that had completed before the moment."""
    loss: int | None
    """Milliseconds from its start to the moment: what was written in between may be missing (RULES R5)."""
    spanning: tuple[RestorePoint, ...]
    """Those under way at the moment: they may hold the damage in one part and not in another."""
    passed: tuple[RestorePoint, ...]
    """Newer than the chosen one and from before the moment, but not usable; newest first."""
    later: int
    """How many started at the moment or after it: they may hold the damage."""
    undated: int
    """How many do not say when they started."""
    unlisted: str
    """The reason why a better restore point may exist that is not known; empty if all are known."""
    older: int
    """How many older ones are usable as well, should the chosen one fail."""
    unread: int | None
    """From when on the lists know nothing, if that is before the moment; epoch ms."""
    ahead: bool
    """Whether the moment is still to come: a wrong date would recommend what holds the damage."""


def choose(reading: Reading, points: Sequence[RestorePoint], moment: int, now: int) -> Choice:
    """The choice for `moment` among these restore points, at `now` (both epoch ms)."""
    dated = sorted((p for p in points if p.backup.start is not None), key=started, reverse=True)
    earlier = [p for p in dated if started(p) < moment]
    spanning = tuple(p for p in earlier if _spans(p, moment))
    over = [p for p in earlier if not _spans(p, moment)]
    # What has no completion is never usable (RULES R7), but still worth a word.
    usable = [p for p in over if p.verdict.usable]
    chosen = usable[0] if usable else None
    return Choice(
        moment=moment,
        point=chosen,
        loss=moment - started(chosen) if chosen else None,
        spanning=spanning,
        passed=tuple(takewhile(lambda p: p is not chosen, over)),
        later=len(dated) - len(earlier),
        undated=len(points) - len(dated),
        unlisted=why_not_whole(reading),
        older=max(len(usable) - 1, 0),
        unread=reading.read if reading.read is not None and reading.read < moment else None,
        ahead=moment > now,
    )


def _spans(point: RestorePoint, moment: int) -> bool:
    """Whether one that started before the moment was not through at it; one that just failed may never be."""
    end = _ended(point)
    return end >= moment if end is not None else point.verdict.level is Level.RUNNING


def _ended(point: RestorePoint) -> int | None:
    """When it was through, to its last part: nothing promises that the whole says so no sooner than its parts."""
    complete = point.backup.complete
    return None if complete is None else max(complete, *(part.end or 0 for part in point.backup.parts), 0)


def explained(choice: Choice, zone: dt.tzinfo) -> tuple[Statement, ...]:
    """The choice in sentences, the answer first; local time and UTC side by side."""
    return tuple(_explained(choice, zone))


def _explained(choice: Choice, zone: dt.tzinfo) -> Iterator[Statement]:
    yield Statement(f"Before {both(choice.moment, zone)}", "strong")
    if choice.ahead:
        yield Statement("That moment is still to come: the newest is no answer to damage that is done.", "bad")
    if choice.point is not None:
        yield from _recommended(choice.point, choice.loss or 0, zone)
    elif not choice.unlisted:
        yield Statement("Nothing usable completed before that moment.", "bad")
    else:
        yield Statement(f"{cannot_tell(choice.unlisted)}.", "bad")
    if choice.point is not None and choice.unlisted:
        why = f"{choice.unlisted[:1].upper()}{choice.unlisted[1:]}"
        yield Statement(f"{why}: there may be a newer one.", "warn")
    if choice.unread is not None:
        yield Statement(f"The list was read at {both(choice.unread, zone)}: nothing made since is in it.", "warn")
    for point in choice.spanning:
        end = _ended(point)
        until = "and it still is" if end is None else f"to {stamp(end, zone)}"
        span = f"{stamp(point.backup.start, zone)} {until}"
        text = f"Not {point.backup.name}: it was being made at that moment ({span}) and may hold the damage."
        yield Statement(text, "warn")
    for point in choice.passed[:MOST_NAMED]:
        word, reason = mark_of(point.verdict.level).word, point.verdict.main.text
        text = f"Passed over {point.backup.name} of {stamp(point.backup.start, zone)}: {word}, {reason}."
        yield Statement(text, "warn")
    if len(choice.passed) > MOST_NAMED:
        more = count(len(choice.passed) - MOST_NAMED, "older one", "older ones")
        yield Statement(f"Passed over {more}, not usable either.", "warn")
    yield from _left_out(choice)


def _recommended(point: RestorePoint, loss: int, zone: dt.tzinfo) -> Iterator[Statement]:
    backup = point.backup
    yield Statement(f"Restore {backup.name} (store {backup.store}): {mark_of(point.verdict.level).word}", "good")
    yield Statement(f"You lose {age(loss)}: everything written after {both(backup.start, zone)} may be missing.", "")
    yield Statement(f"It was complete at {both(backup.complete, zone)}.", "")


def _left_out(choice: Choice) -> Iterator[Statement]:
    """Those that were not looked at: one is enough, or they cannot help."""
    if choice.older:
        yield Statement(f"{count(choice.older, 'older one is', 'older ones are')} usable as well.", "muted")
    if choice.later:
        text = count(choice.later, "restore point", "restore points")
        yield Statement(f"{text} from that moment or later: made after the damage.", "muted")
    if choice.undated:
        text = count(choice.undated, "restore point says", "restore points say")
        yield Statement(f"{text} nothing of when it was made.", "muted")


def both(moment: int | None, zone: dt.tzinfo) -> str:
    """A moment in the person's zone and in UTC (RULES R56)."""
    here = stamp(moment, zone)
    return here if moment is None or zone is UTC else f"{here} ({stamp(moment, UTC)[:-7]} UTC)"
