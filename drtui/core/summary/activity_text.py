"""The schedules and the last operation of a site, each in a few words."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.operation import OperationStatus
from drtui.core.formatting.display import StyledText
from drtui.core.formatting.durations import format_elapsed
from drtui.core.formatting.text import pad, width
from drtui.core.formatting.times import format_relative_day
from drtui.core.model.failure import Failure
from drtui.core.model.site import Stage, State
from drtui.core.schedules.schedule_runs import ScheduleState
from drtui.core.summary.labels import failure_word

_OUTCOMES = {
    State.GOOD: ("OK", ""),
    State.WARNED: ("WITH WARNINGS", "warn"),
    State.FAILED: ("FAILED", "bad"),
    State.IN_PROGRESS: ("running", "warn"),
}
"""Word and tone for the outcome of an operation."""


def schedules_text(assessment: Assessment, zone: dt.tzinfo) -> StyledText:
    """Return the number of schedules in each state and the next run: `2 active, nightly 06:00 tomorrow`."""
    answer, now = assessment.site_state.schedules, assessment.now
    if answer is None:
        return StyledText("...", "muted")
    if answer.value is None:
        return _failure_text(answer.failure)
    schedules = [schedule for schedule in assessment.schedules if schedule.task is not None]
    if not schedules:
        return StyledText("none", "warn")
    counts = Counter(schedule.state for schedule in schedules)
    texts = [f"{count} {state.value}" for state, count in counts.most_common()]
    upcoming = [(schedule.next_run, schedule.title) for schedule in schedules if (schedule.next_run or 0) > now]
    if upcoming:
        moment, title = min((moment or 0, title) for moment, title in upcoming)
        texts.append(f"{title} {format_relative_day(moment, now, zone)}")
    is_fine = counts.keys() == {ScheduleState.ACTIVE}
    return StyledText(", ".join(texts), "" if is_fine else "warn")


def operation_text(assessment: Assessment) -> StyledText:
    """Return the last operation with its outcome and duration: `backup OK, 16 m 46 s`."""
    answer, operation = assessment.site_state.status, assessment.operation
    if answer is None:
        return StyledText("...", "muted")
    if operation is None:
        if answer.value is None:
            return _failure_text(answer.failure)
        return StyledText("none", "muted")
    word, tone = _outcome(operation)
    duration = "" if operation.elapsed is None else f", {format_elapsed(operation.elapsed)}"
    return StyledText(f"{(operation.status.operation or 'operation').lower()} {word}{duration}", tone)


def _failure_text(failure: Failure | None) -> StyledText:
    """Return why an answer is missing."""
    if failure is None:
        return StyledText("?", "bad")
    return StyledText(f"{failure_word(failure)} ({failure.server_message or failure.summary})", "bad")


def stage_duration(stage: Stage) -> int | None:
    """Return the milliseconds in the text of a stage, such as `219460 millis (~ 3 minutes)`; None if it has none."""
    match = re.match(r"(\d{1,13}) millis\b", stage.duration, re.ASCII)
    return int(match[1]) if match is not None else None


def stage_texts(stages: Sequence[Stage]) -> Iterator[str]:
    """Yield state and duration of each stage, aligned. A duration that cannot be read stays as the site wrote it."""
    cells = max((width(stage.state) for stage in stages), default=0)
    for stage in stages:
        duration = stage_duration(stage)
        took = stage.duration if duration is None else f"{format_elapsed(duration):>9}"
        yield f"{pad(stage.state, cells)}  {took}".strip() or "-"


def _outcome(operation: OperationStatus) -> tuple[str, str]:
    if operation.is_over_limit:
        return "over its time limit", "bad"
    if operation.is_finished is None:
        return "outcome unknown", "warn"
    return _OUTCOMES.get(operation.outcome, ("outcome unknown", "warn"))
