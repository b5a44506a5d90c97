"""Classification of the texts that sites use for states."""

import pytest

from drtui.core.model.site import State, state_of


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("completed", State.GOOD),
        ("COMPLETED", State.GOOD),
        (" Success ", State.GOOD),
        ("succeeded", State.GOOD),
        ("completed_with_warnings", State.WARNED),
        ("Completed With Warnings", State.WARNED),
        ("completed-with-warning", State.WARNED),
        ("failed", State.FAILED),
        ("FAILURE", State.FAILED),
        ("submitfailed", State.FAILED),
        ("error", State.FAILED),
        ("completed_with_errors", State.FAILED),
        ("failed_with_warnings", State.FAILED),
        ("CANCELLED", State.FAILED),
        ("canceled", State.FAILED),
        ("TIMED OUT", State.FAILED),
        ("timed_out", State.FAILED),
        ("timed-out", State.FAILED),
        ("timeout", State.FAILED),
        ("aborted", State.FAILED),
        ("no_op", State.IDLE),
        ("NO-OP", State.IDLE),
        ("no op", State.IDLE),
        ("none", State.IDLE),
        ("", State.IDLE),
        ("  ", State.IDLE),
        ("EXECUTING", State.IN_PROGRESS),
        ("SUBMITTED", State.IN_PROGRESS),
        ("in_progress", State.IN_PROGRESS),
        ("CANCELLING", State.IN_PROGRESS),
        ("canceling", State.IN_PROGRESS),
        ("UNAVAILABLE", State.IN_PROGRESS),
        ("completedish", State.IN_PROGRESS),
        ("unsuccessful", State.IN_PROGRESS),
        ("実行中", State.IN_PROGRESS),
    ],
)
def test_state_of_returns_expected_state(text: str, state: State) -> None:
    assert state_of(text) is state
