"""Labels of the steps of a diagnosis, and its result in one sentence."""

from drtui.core.formatting.text import plural
from drtui.core.model.diagnosis import Diagnosis, StepResult
from drtui.core.summary.labels import StatusLabel

_LABELS = {
    StepResult.OK: StatusLabel("✓", "ok", "fine", "good"),
    StepResult.WARNING: StatusLabel("!", "!", "warning", "warn"),
    StepResult.FAILED: StatusLabel("✗", "x", "failed", "bad"),
    StepResult.SKIPPED: StatusLabel("-", "-", "skipped", "muted"),
    StepResult.UNKNOWN: StatusLabel("?", "?", "unknown", "warn"),
}


def step_label(result: StepResult) -> StatusLabel:
    """Return the label of the result of a step."""
    return _LABELS[result]


def diagnosis_text(diagnosis: Diagnosis) -> tuple[str, str]:
    """Return the result of a finished diagnosis in one sentence, and its tone: the first failed step, else warnings."""
    failed = diagnosis.first_failure
    if failed is not None:
        return f"{failed.title} FAILED: {failed.summary}", "bad"
    warnings = diagnosis.warnings
    if not warnings:
        return "No step failed", "good"
    titles = ", ".join(step.title for step in warnings)
    return f"No step failed; {plural(len(warnings), 'step needs', 'steps need')} attention: {titles}", "warn"
