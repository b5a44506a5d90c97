"""The explanation of the choice of a restore point for a point in time, in sentences."""

import datetime as dt
from collections.abc import Iterator

from drtui.core.analysis.point_in_time import PointInTimeChoice, latest_end
from drtui.core.analysis.rpo import cannot_tell_text
from drtui.core.formatting.display import StyledText
from drtui.core.formatting.durations import format_age
from drtui.core.formatting.text import plural
from drtui.core.formatting.times import format_full, local_and_utc
from drtui.core.verdict.restore_points import RestorePoint

MAX_NAMED = 5
"""The number of passed-over restore points to explain, newest first; the others are counted."""


def explain_choice(choice: PointInTimeChoice, zone: dt.tzinfo) -> Iterator[StyledText]:
    """Yield the choice in sentences, the answer first, with times in `zone` and in UTC."""
    yield StyledText(f"Before {local_and_utc(choice.moment, zone)}", "strong")
    if choice.is_in_future:
        yield StyledText("That moment is still to come: the newest is no answer to damage that is done.", "bad")
    if choice.point is not None:
        yield from _recommendation(choice.point, choice.loss or 0, zone)
    elif not choice.unlisted_reason:
        yield StyledText("Nothing usable completed before that moment.", "bad")
    else:
        yield StyledText(f"{cannot_tell_text(choice.unlisted_reason)}.", "bad")
    if choice.point is not None and choice.unlisted_reason:
        reason = f"{choice.unlisted_reason[:1].upper()}{choice.unlisted_reason[1:]}"
        yield StyledText(f"{reason}: there may be a newer one.", "warn")
    if choice.lists_read_at is not None:
        yield StyledText(
            f"The list was read at {local_and_utc(choice.lists_read_at, zone)}: nothing made since is in it.", "warn"
        )
    for point in choice.spanning:
        end = latest_end(point)
        until = "and it still is" if end is None else f"to {format_full(end, zone)}"
        span = f"{format_full(point.backup.start, zone)} {until}"
        text = f"Not {point.backup.name}: it was being made at that moment ({span}) and may hold the damage."
        yield StyledText(text, "warn")
    for point in choice.passed_over[:MAX_NAMED]:
        word, reason = point.verdict.level.word, point.verdict.main.text
        text = f"Passed over {point.backup.name} of {format_full(point.backup.start, zone)}: {word}, {reason}."
        yield StyledText(text, "warn")
    if len(choice.passed_over) > MAX_NAMED:
        more = plural(len(choice.passed_over) - MAX_NAMED, "older one", "older ones")
        yield StyledText(f"Passed over {more}, not usable either.", "warn")
    yield from _remaining_counts(choice)


def _recommendation(point: RestorePoint, loss: int, zone: dt.tzinfo) -> Iterator[StyledText]:
    """Yield the restore point to use, and the data that its use loses; `loss` in milliseconds."""
    backup = point.backup
    yield StyledText(f"Restore {backup.name} (store {backup.store}): {point.verdict.level.word}", "good")
    yield StyledText(
        f"You lose {format_age(loss)}: everything written after {local_and_utc(backup.start, zone)} may be missing.", ""
    )
    yield StyledText(f"It was complete at {local_and_utc(backup.end, zone)}.", "")


def _remaining_counts(choice: PointInTimeChoice) -> Iterator[StyledText]:
    """Yield the number of restore points that were not considered, by reason."""
    if choice.older_usable_count:
        yield StyledText(
            f"{plural(choice.older_usable_count, 'older one is', 'older ones are')} usable as well.", "muted"
        )
    if choice.later_count:
        text = plural(choice.later_count, "restore point", "restore points")
        yield StyledText(f"{text} from that moment or later: made after the damage.", "muted")
    if choice.undated_count:
        text = plural(choice.undated_count, "restore point says", "restore points say")
        yield StyledText(f"{text} nothing of when it was made.", "muted")
