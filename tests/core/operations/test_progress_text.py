"""The progress of a change in one sentence."""

import pytest
from msgspec.structs import replace

from drtui.core.formatting.durations import MINUTE
from drtui.core.model.reply import ReplyKind
from drtui.core.model.site import Stage
from drtui.core.operations.outcome import Outcome
from drtui.core.operations.progress import Progress
from drtui.core.operations.progress_text import OUTCOMES, progress_short_texts, progress_text, sending_text
from tests.conftest import NOW
from tests.core.operations.facts import CREATE, submission_of

RUNNING = Progress(
    submission_of(usual=16 * MINUTE),
    NOW + 4 * MINUTE,
    stage="Stage Object store",
    stages=(Stage("Validation", "COMPLETED"), Stage("Stage Object store", "IN_PROGRESS")),
    started=NOW,
)


def test_running_change_shows_stage_elapsed_and_usual_time() -> None:
    text = "Backup pre-upgrade: running for 4 min, usually 16 min; stage 2 of 2: Stage Object store"
    assert progress_text(RUNNING).text == text
    texts = [line.text for line in progress_short_texts(RUNNING)]
    assert texts == ["Backup pre-upgrade", "  4 min (usually 16 min), Stage Object store"]


def test_statement_is_shown_instead_of_the_stage_when_the_reply_was_lost() -> None:
    lost = Progress(submission_of(kind=ReplyKind.LOST), NOW + MINUTE, statement="The reply was lost")
    assert progress_text(lost).text == "Backup pre-upgrade: running for 60 s. The reply was lost"


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_word_before_its_statement(outcome: Outcome) -> None:
    ended = replace(RUNNING, outcome=outcome, statement="That is known")
    word, tone = OUTCOMES[outcome]
    assert progress_text(ended).text == f"Backup pre-upgrade: {word}. That is known"
    assert progress_text(ended).tone == tone
    assert (tone == "good") is (outcome is Outcome.DONE)
    assert progress_short_texts(ended)[0].text.startswith(word)


def test_change_is_named_when_it_is_being_sent() -> None:
    assert sending_text(CREATE).text == "Backup pre-upgrade: being sent"
