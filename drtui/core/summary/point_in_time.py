"""The words for a choice of restore point."""

import datetime as dt
from collections.abc import Iterator

from drtui.core.analysis.point_in_time import Choice, end_of
from drtui.core.analysis.rpo import cannot_tell
from drtui.core.formatting.display import Statement
from drtui.core.formatting.text import count
from drtui.core.formatting.times import age, both, stamp
from drtui.core.summary.labels import mark_of
from drtui.core.verdict.restore_points import RestorePoint

MOST_NAMED = 5
"""Of those passed over, the newest; the rest is a number."""


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
        end = end_of(point)
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
