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
        yield StyledText(
            "This time is in the future. For damage that already happened, enter the time of the damage.", "bad"
        )
    if choice.point is not None:
        yield from _recommendation(choice.point, choice.loss or 0, zone)
    elif not choice.unlisted_reason:
        yield StyledText("Nothing usable completed before this time.", "bad")
    else:
        yield StyledText(f"{cannot_tell_text(choice.unlisted_reason)}.", "bad")
    if choice.point is not None and choice.unlisted_reason:
        reason = f"{choice.unlisted_reason[:1].upper()}{choice.unlisted_reason[1:]}"
        yield StyledText(f"{reason}: a newer backup may exist.", "warn")
    if choice.lists_read_at is not None:
        yield StyledText(
            f"List read at {local_and_utc(choice.lists_read_at, zone)}: newer backups are missing.", "warn"
        )
    for point in choice.spanning:
        end = latest_end(point)
        until = "until now" if end is None else f"to {format_full(end, zone)}"
        span = f"{format_full(point.backup.start, zone)} {until}"
        text = f"Skipped {point.backup.name}: running at this time ({span}), may contain the damage."
        yield StyledText(text, "warn")
    for point in choice.passed_over[:MAX_NAMED]:
        word, reason = point.verdict.level.word, point.verdict.main.text
        text = f"Skipped {point.backup.name}: {word} ({reason}); started {format_full(point.backup.start, zone)}."
        yield StyledText(text, "warn")
    if len(choice.passed_over) > MAX_NAMED:
        more = plural(len(choice.passed_over) - MAX_NAMED, "older backup", "older backups")
        yield StyledText(f"Skipped {more}: not usable.", "warn")
    yield from _remaining_counts(choice)


def _recommendation(point: RestorePoint, loss: int, zone: dt.tzinfo) -> Iterator[StyledText]:
    """Yield the restore point to use, and the data that its use loses; `loss` in milliseconds."""
    backup = point.backup
    yield StyledText(f"Restore {backup.name} (store {backup.store}): {point.verdict.level.word}", "good")
    yield StyledText(
        f"You lose {format_age(loss)}: everything written after {local_and_utc(backup.start, zone)} may be missing.", ""
    )
    yield StyledText(f"Completed at {local_and_utc(backup.end, zone)}.", "")


def _remaining_counts(choice: PointInTimeChoice) -> Iterator[StyledText]:
    """Yield the number of restore points that were not considered, by reason."""
    if choice.older_usable_count:
        yield StyledText(
            f"{plural(choice.older_usable_count, 'older usable backup exists', 'older usable backups exist')}.", "muted"
        )
    if choice.later_count:
        text = plural(choice.later_count, "restore point", "restore points")
        yield StyledText(f"{text} from this time or later: created after the damage.", "muted")
    if choice.undated_count:
        text = plural(choice.undated_count, "restore point has", "restore points have")
        yield StyledText(f"{text} no start time.", "muted")
