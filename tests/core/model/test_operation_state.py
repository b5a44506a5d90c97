"""The server's words for how something stands, sorted into kinds."""

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
        ("EXECUTING", State.GOING),
        ("SUBMITTED", State.GOING),
        ("in_progress", State.GOING),
        ("CANCELLING", State.GOING),
        ("canceling", State.GOING),
        ("UNAVAILABLE", State.GOING),
        ("completedish", State.GOING),
        ("unsuccessful", State.GOING),
        ("実行中", State.GOING),
    ],
)
def test_kinds_of_states(text: str, state: State) -> None:
    assert state_of(text) is state
