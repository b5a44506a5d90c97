"""The progress of a change in one sentence, for the headline and for the pane of the site."""

from drtui.core.formatting.display import StyledText
from drtui.core.formatting.durations import format_age
from drtui.core.operations.outcome import Outcome
from drtui.core.operations.progress import Progress
from drtui.core.operations.request import Change, Operation

SUBJECTS = {
    Operation.CREATE: "Backup {}",
    Operation.KEEP: "Retention of {}",
    Operation.VALIDATE: "Validation of store {}",
    Operation.PAUSE: "Pausing of schedule {}",
    Operation.RESUME: "Resuming of schedule {}",
    Operation.DELETE: "Deletion of {}",
    Operation.RESTORE: "Restore of {}",
}
"""Name of a change by its operation."""

OUTCOMES = {
    Outcome.DONE: ("DONE", "good"),
    Outcome.ACCEPTED: ("ACCEPTED", "warn"),
    Outcome.ENDED_BADLY: ("FAILED", "bad"),
    Outcome.UNKNOWN: ("OUTCOME UNKNOWN", "bad"),
    Outcome.STOPPED: ("NOT SENT", "bad"),
    Outcome.NOT_CONFIRMED: ("NOT SENT", "warn"),
    Outcome.REFUSED: ("REFUSED", "bad"),
    Outcome.NOT_ALLOWED: ("NOT SENT", "bad"),
}
"""Word and tone of an outcome."""


def change_subject(change: Change) -> str:
    """Return a change as the subject of a sentence: `Backup nightly-1`."""
    return SUBJECTS[change.operation].format(change.name)


def sending_text(change: Change) -> StyledText:
    """Return that a change is being sent."""
    return StyledText(f"{change_subject(change)}: being sent", "warn")


def progress_text(progress: Progress) -> StyledText:
    """Return what is known of a change: its stage, the elapsed and the usual time, or its outcome."""
    submission = progress.submission
    subject = change_subject(submission.change)
    if progress.outcome is not None:
        word, tone = OUTCOMES[progress.outcome]
        return StyledText(f"{subject}: {word}. {progress.statement}", tone)
    usual = f", usually {format_age(submission.usual)}" if submission.usual is not None else ""
    elapsed = f"running for {format_age(progress.elapsed)}{usual}"
    if progress.is_looking or progress.is_away:
        return StyledText(f"{subject}: {elapsed}. {progress.statement}", "warn")
    stage = f"; {stage_text(progress)}" if progress.stage else ""
    return StyledText(f"{subject}: {elapsed}{stage}", "warn")


def progress_short_texts(progress: Progress) -> tuple[StyledText, StyledText]:
    """Return what is known of a change in two short lines, for a narrow pane; the deciding words come first."""
    subject, submission = change_subject(progress.submission.change), progress.submission
    if progress.outcome is not None:
        word, tone = OUTCOMES[progress.outcome]
        return StyledText(f"{word}: {subject}", tone), StyledText(f"  {progress.statement}", "muted")
    usual = f" (usually {format_age(submission.usual)})" if submission.usual is not None else ""
    stage = progress.stage or "waiting"
    return StyledText(subject, "warn"), StyledText(f"  {format_age(progress.elapsed)}{usual}, {stage}", "warn")


def stage_text(progress: Progress) -> str:
    """Return the stage with its number, or what drtui does if the site has not shown a stage."""
    if progress.is_looking:
        return "reply lost; looking for the change on the site"
    stage = progress.stage or "accepted, waiting for the first stage"
    if not progress.stages or progress.is_away:
        return stage
    number = min(progress.stages_done + 1, len(progress.stages))
    return f"stage {number} of {len(progress.stages)}: {stage}"
