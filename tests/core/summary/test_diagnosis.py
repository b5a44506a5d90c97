"""Labels and the sentence of a diagnosis."""

import pytest

from drtui.core.model.diagnosis import Diagnosis, Step, StepResult
from drtui.core.summary.diagnosis import diagnosis_text, step_label

NAME = Step("name", "Name resolution", StepResult.OK, "gis.example.com is 10.1.2.3")
TLS = Step("tls", "TLS", StepResult.FAILED, "unknown issuer", exit_code=3)
CLOCK = Step("clock", "Clock", StepResult.WARNING, "5 min ahead")
ABOUT = Step("release", "Release", StepResult.UNKNOWN, "not told")
SKIPPED = Step("history", "History", StepResult.SKIPPED, "no site")


@pytest.mark.parametrize(
    ("steps", "text", "tone"),
    [
        ((NAME, CLOCK, TLS), "TLS FAILED: unknown issuer", "bad"),
        ((NAME, SKIPPED), "No step failed", "good"),
        ((NAME, CLOCK), "No step failed; 1 step needs attention: Clock", "warn"),
        ((CLOCK, ABOUT), "No step failed; 2 steps need attention: Clock, Release", "warn"),
    ],
)
def test_diagnosis_text_names_the_worst_first_when_steps_differ(steps: tuple[Step, ...], text: str, tone: str) -> None:
    assert diagnosis_text(Diagnosis("prod", 0, steps)) == (text, tone)


def test_step_labels_differ_in_symbol_and_word_when_without_colours() -> None:
    labels = [step_label(result) for result in StepResult]
    assert len({label.ascii for label in labels}) == len({label.symbol for label in labels}) == len(StepResult)
    assert all(label.text(plain=True).isascii() for label in labels)
