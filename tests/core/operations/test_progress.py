"""Progress of a change: only the record itself proves that it is done."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.formatting.durations import CLOCK_SKEW, DAY, HOUR, MINUTE, SECOND
from drtui.core.model.backup import NEVER, Backup
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.reply import Reply, ReplyKind
from drtui.core.model.site import DrStatus, Job, Stage, State, state_of
from drtui.core.model.time_limit import GRACE
from drtui.core.operations.outcome import Outcome
from drtui.core.operations.progress import (
    DELETION_LIMIT,
    LOOKING_LIMIT,
    RECORD_DELAY,
    REFUSAL_LIMIT,
    SETTLING_LIMIT,
    Observation,
    OperationKey,
    Progress,
    Submission,
    advance,
    begin,
    poll_delay,
)
from drtui.core.operations.request import (
    Change,
    DeleteBackup,
    KeepBackup,
    PauseSchedule,
    RestoreBackup,
    ResumeSchedule,
    ValidateStore,
)
from drtui.core.schedules.gaps import is_complete
from tests.conftest import NOW
from tests.core.operations.facts import CREATE, NIGHTLY, submission_of
from tests.core.points import backup, parts

RESTORE, DELETE = RestoreBackup("vault", "old"), DeleteBackup("vault", "old")
KEEP, PAUSE, RESUME = KeepBackup("vault", "old", NOW + 90 * DAY), PauseSchedule("t1", "n"), ResumeSchedule("t1", "n")
REFUSED = Failure(FailureKind.REFUSED, "498", "the token is not valid")
AWAY = Failure(FailureKind.UNREACHABLE, "503", "the site answered 503")
STARTED = NOW + 30 * SECOND


def status(state: str = "in_progress", **changes: Any) -> DrStatus:
    """Return a status about the backup that CREATE makes."""
    own = DrStatus(state, operation="Backup", store="vault", backup="pre-upgrade", start=STARTED)
    return replace(own, **changes)


def restore_status(state: str, **changes: Any) -> DrStatus:
    return replace(status(state, operation="Restore", backup="old"), **changes)


def record(state: str = "completed", *statuses: str | None, **changes: Any) -> Backup:
    """Return the record of the backup that CREATE makes; it took five minutes."""
    made = backup("pre-upgrade", 0, start=STARTED, end=STARTED + 5 * MINUTE, status=state)
    return replace(replace(made, parts=parts(STARTED, *statuses)), **changes)


def see(submission: Submission, *observations: Observation) -> Progress:
    """Return the progress after these observations."""
    progress = begin(submission)
    for observation in observations:
        progress = advance(progress, observation)
    return progress


def after(milliseconds: int, **answers: Any) -> Observation:
    return Observation(NOW + milliseconds, **answers)


WHOLE, BEGUN = record(), record("in_progress", end=None, parts=())
OTHER = DrStatus("success", operation="Backup", store="vault", backup="nightly-1", start=NOW - 12 * HOUR)


@pytest.mark.parametrize(
    ("change", "reply", "outcome"),
    [
        (CREATE, Reply(ReplyKind.ACCEPTED), None),
        (CREATE, Reply(ReplyKind.LOST), None),
        (CREATE, Reply(ReplyKind.UNCLEAR), None),
        (CREATE, Reply(ReplyKind.ERROR, "exists"), Outcome.REFUSED),
        (CREATE, Reply(ReplyKind.NOT_SENT, failure=AWAY), Outcome.UNKNOWN),
        (CREATE, Reply(ReplyKind.NOT_SENT, failure=REFUSED), Outcome.REFUSED),
        (DELETE, Reply(ReplyKind.ACCEPTED), None),
        (ValidateStore("vault"), Reply(ReplyKind.ACCEPTED, is_ready=True), Outcome.DONE),
        (ValidateStore("vault"), Reply(ReplyKind.ACCEPTED, is_ready=False), Outcome.ENDED_BADLY),
        (ValidateStore("vault"), Reply(ReplyKind.ACCEPTED, "{}"), Outcome.ENDED_BADLY),
        (ValidateStore("vault"), Reply(ReplyKind.ERROR, "not mounted"), Outcome.ENDED_BADLY),
        (ValidateStore("vault"), Reply(ReplyKind.ERROR, "no", failure=REFUSED), Outcome.REFUSED),
        (ValidateStore("vault"), Reply(ReplyKind.LOST), Outcome.UNKNOWN),
    ],
)
def test_reply_decides_only_when_nothing_can_follow(change: Change, reply: Reply, outcome: Outcome | None) -> None:
    progress = begin(replace(submission_of(change), reply=reply))
    assert progress.outcome is outcome
    assert progress.statement
    assert (progress.submitted is None) is (reply.kind is ReplyKind.NOT_SENT)


def test_reply_is_quoted_when_a_store_is_not_ready() -> None:
    reply = Reply(ReplyKind.ACCEPTED, '{"isReady":false,"reason":"bucket"}', is_ready=False)
    assert '"reason":"bucket"' in begin(replace(submission_of(ValidateStore("vault")), reply=reply)).statement


@pytest.mark.parametrize("change", [CREATE, RESTORE])
def test_change_is_accepted_at_once_when_nobody_waits_for_its_end(change: Change) -> None:
    assert begin(submission_of(change, waits=False)).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(
    ("observation", "outcome"),
    [
        # The record proves it, whatever the status is about.
        (after(6 * MINUTE, record=WHOLE), Outcome.DONE),
        (after(6 * MINUTE, record=WHOLE, status=status("success")), Outcome.DONE),
        (after(6 * MINUTE, record=WHOLE, status=OTHER), Outcome.DONE),
        (after(6 * MINUTE, record=WHOLE, failures=(AWAY,)), Outcome.DONE),
        # A job proves nothing.
        (after(2 * SECOND, job=Job("j1", "COMPLETED")), None),
        (after(2 * SECOND, job=Job("j1", "COMPLETED"), status=OTHER), None),
        (after(2 * SECOND, job=Job("j1", "COMPLETED"), record=BEGUN), None),
        (after(9 * MINUTE, job=Job("j1", "COMPLETED"), status=status()), None),
        # It goes on while the status says so.
        (after(9 * MINUTE, status=status(), record=WHOLE), None),
        (after(9 * MINUTE, status=status(), record=record("in_progress", "failed")), None),
        (after(9 * MINUTE, status=status("some new word")), None),
        # A success without a whole record is no success.
        (after(6 * MINUTE, status=status("success")), None),
        (after(6 * MINUTE, status=status("success", end=STARTED), record=BEGUN), None),
        (after(6 * MINUTE, record=replace(WHOLE, parts=parts(STARTED)[:2])), None),
        # Failures.
        (after(6 * MINUTE, status=status("failed")), Outcome.ENDED_BADLY),
        (after(6 * MINUTE, status=status("failed"), record=WHOLE), Outcome.ENDED_BADLY),
        (after(6 * MINUTE, status=status("completed_with_warnings"), record=WHOLE), Outcome.ENDED_BADLY),
        (after(6 * MINUTE, record=record("failed")), Outcome.ENDED_BADLY),
        (after(6 * MINUTE, record=record("completed", None, "failed")), Outcome.ENDED_BADLY),
        (after(6 * MINUTE, status=status("success"), record=record("completed", "error")), Outcome.ENDED_BADLY),
        (after(6 * MINUTE, job=Job("j1", "CANCELLED")), Outcome.ENDED_BADLY),
        (after(6 * MINUTE, job=Job("j1", "TIMED OUT"), record=BEGUN), Outcome.ENDED_BADLY),
        (after(6 * MINUTE, job=Job("j1", "FAILED"), record=WHOLE), Outcome.ENDED_BADLY),
        # Whole, but not usable here.
        (after(6 * MINUTE, record=replace(WHOLE, release="11.3.0")), Outcome.ENDED_BADLY),
        (after(6 * MINUTE, record=replace(WHOLE, backup_type="INCREMENTAL")), Outcome.UNKNOWN),
        # Another operation, or an older backup of this name.
        (after(6 * MINUTE, status=status("failed", backup="else")), None),
        (after(6 * MINUTE, status=status("failed", store="else")), None),
        (after(6 * MINUTE, status=status("failed", operation="Restore")), None),
        (after(6 * MINUTE, status=status("failed", start=NOW - CLOCK_SKEW - 1)), None),
        (after(6 * MINUTE, status=status("failed", start=None)), None),
        (after(6 * MINUTE, record=replace(WHOLE, start=NOW - CLOCK_SKEW - 1)), None),
        (after(6 * MINUTE, is_missing=True), None),
        (after(6 * MINUTE, failures=(AWAY,)), None),
    ],
)
def test_backup_is_judged_by_its_record_and_its_own_status(observation: Observation, outcome: Outcome | None) -> None:
    progress = see(submission_of(), observation)
    assert progress.outcome is outcome
    assert progress.statement


@pytest.mark.parametrize(
    "answers", [{"status": status("success", end=STARTED + MINUTE)}, {"record": replace(WHOLE, parts=())}]
)
def test_backup_is_unknown_when_its_record_stays_incomplete_after_the_end(answers: dict[str, Any]) -> None:
    early = see(submission_of(), after(6 * MINUTE, **answers))
    assert (early.outcome, early.stage) == (None, "waiting for the record")
    assert advance(early, after(6 * MINUTE + RECORD_DELAY, **answers)).outcome is Outcome.UNKNOWN


def test_backup_is_unknown_when_it_is_over_its_limit() -> None:
    limit = 2 * HOUR + GRACE
    assert see(submission_of(), Observation(STARTED + limit, status=status())).outcome is None
    progress = see(submission_of(), Observation(STARTED + limit + 1, status=status()))
    assert progress.outcome is Outcome.UNKNOWN
    assert "past its limit of 2 h" in progress.statement


def test_backup_is_done_when_only_a_hung_status_contradicts_its_whole_record() -> None:
    late = Observation(STARTED + 2 * HOUR + GRACE + 1, status=status(), record=WHOLE)
    assert see(submission_of(), late).outcome is Outcome.DONE


@pytest.mark.parametrize("kind", [ReplyKind.LOST, ReplyKind.UNCLEAR])
def test_lost_reply_is_looked_for_until_the_limit(kind: ReplyKind) -> None:
    submission = submission_of(kind=kind)
    nothing = {"status": OTHER, "is_missing": True}
    progress = see(submission, after(LOOKING_LIMIT, **nothing))
    assert (progress.outcome, progress.is_looking) == (None, True)
    ended = advance(progress, after(LOOKING_LIMIT + 1, **nothing))
    assert ended.outcome is Outcome.UNKNOWN
    assert "neither status nor list shows it" in ended.statement


@pytest.mark.parametrize("answers", [{"failures": (AWAY,)}, {"is_missing": True}])
def test_lost_reply_is_not_given_up_when_the_status_could_not_be_read(answers: dict[str, Any]) -> None:
    assert see(submission_of(kind=ReplyKind.LOST), after(LOOKING_LIMIT * 2, **answers)).outcome is None


@pytest.mark.parametrize("answers", [{"status": status()}, {"record": BEGUN}])
def test_lost_reply_is_found_when_status_or_record_shows_the_backup(answers: dict[str, Any]) -> None:
    progress = see(submission_of(kind=ReplyKind.LOST), after(MINUTE, **answers))
    assert (progress.outcome, progress.is_looking) == (None, False)
    assert see(submission_of(kind=ReplyKind.LOST, waits=False), after(MINUTE, **answers)).outcome is Outcome.ACCEPTED
    assert advance(progress, after(LOOKING_LIMIT * 2, **answers)).outcome is None


@pytest.mark.parametrize(
    ("observation", "outcome"),
    [
        (after(9 * MINUTE, status=restore_status("success")), Outcome.DONE),
        (after(9 * MINUTE, status=restore_status("success", store="")), Outcome.DONE),
        (after(9 * MINUTE, status=restore_status("completed_with_warnings")), Outcome.ENDED_BADLY),
        (after(9 * MINUTE, status=restore_status("failed", message="wrong passcode")), Outcome.ENDED_BADLY),
        (after(9 * MINUTE, status=restore_status("in_progress")), None),
        (after(9 * MINUTE, status=restore_status("running")), None),
        (after(9 * MINUTE, status=restore_status("success", backup="else")), None),
        (after(9 * MINUTE, status=restore_status("success", store="else")), None),
        (after(9 * MINUTE, status=restore_status("success", operation="Backup")), None),
        (after(9 * MINUTE, status=restore_status("success", start=None)), None),
        (after(9 * MINUTE, status=restore_status("success", start=NOW - HOUR)), None),
        (after(9 * MINUTE, status=OTHER), None),
        (after(9 * MINUTE, failures=(AWAY,)), None),
        (after(9 * MINUTE, failures=(REFUSED,)), None),
        (after(9 * MINUTE, job=Job("j1", "COMPLETED"), status=OTHER), None),
        (after(9 * MINUTE, job=Job("j1", "FAILED"), status=OTHER), Outcome.ENDED_BADLY),
    ],
)
def test_restore_is_judged_only_by_the_status_that_names_it(observation: Observation, outcome: Outcome | None) -> None:
    assert see(submission_of(RESTORE), observation).outcome is outcome


def test_restore_ignores_the_status_of_an_earlier_attempt() -> None:
    earlier = restore_status("failed", start=NOW - MINUTE)
    submission = submission_of(RESTORE, before=OperationKey.of(earlier))
    assert see(submission, after(MINUTE, status=earlier)).outcome is None
    assert see(submission, after(MINUTE, status=restore_status("success"))).outcome is Outcome.DONE


def test_restore_accepts_no_earlier_start_when_the_status_before_is_unknown() -> None:
    earlier = restore_status("success", start=NOW - 1)
    assert see(submission_of(RESTORE, before=None), after(MINUTE, status=earlier)).outcome is None
    assert see(submission_of(RESTORE), after(MINUTE, status=earlier)).outcome is Outcome.DONE


def test_restore_shows_that_the_site_is_away_and_that_this_is_expected() -> None:
    progress = see(submission_of(RESTORE), after(MINUTE, failures=(AWAY,)))
    assert (progress.stage, progress.is_away) == ("site unavailable", True)
    assert "normal during a restore" in progress.statement


@pytest.mark.parametrize("change", [CREATE, RESTORE])
def test_change_is_unknown_when_the_account_is_refused_for_long(change: Change) -> None:
    refused = {"failures": (REFUSED,)}
    progress = see(submission_of(change), after(MINUTE, **refused), after(MINUTE + REFUSAL_LIMIT, **refused))
    assert progress.outcome is None
    assert advance(progress, after(MINUTE + REFUSAL_LIMIT + 1, **refused)).outcome is Outcome.UNKNOWN
    answered = advance(progress, after(MINUTE + REFUSAL_LIMIT + 1, status=OTHER))
    assert answered.refused_since is None


KEPT = backup("old", 30, retention=NOW + 90 * DAY)


@pytest.mark.parametrize(
    ("change", "answers", "outcome"),
    [
        (KEEP, {"record": KEPT}, Outcome.DONE),
        (KEEP, {"record": replace(KEPT, retention=NOW + 90 * DAY + 1)}, Outcome.DONE),
        (KEEP, {"record": replace(KEPT, retention=NOW + 9 * DAY)}, None),
        (KEEP, {"record": replace(KEPT, retention=None)}, None),
        (KEEP, {"is_missing": True}, None),
        (KEEP, {"failures": (AWAY,)}, None),
        (KeepBackup("vault", "old", NEVER), {"record": replace(KEPT, retention=NEVER)}, Outcome.DONE),
        (KeepBackup("vault", "old", NEVER), {"record": KEPT}, None),
        (PAUSE, {"schedule": replace(NIGHTLY, active=False, state="paused")}, Outcome.DONE),
        (PAUSE, {"schedule": replace(NIGHTLY, active=None, state="paused")}, Outcome.DONE),
        (PAUSE, {"schedule": replace(NIGHTLY, active=False, state="active")}, None),
        (PAUSE, {"schedule": NIGHTLY}, None),
        (PAUSE, {}, None),
        (RESUME, {"schedule": NIGHTLY}, Outcome.DONE),
        (RESUME, {"schedule": replace(NIGHTLY, active=False, state="paused")}, None),
        (DELETE, {"is_missing": True, "is_listed": False}, Outcome.DONE),
        (DELETE, {"is_missing": True, "is_listed": True}, None),
        (DELETE, {"is_missing": True}, None),
        (DELETE, {"is_listed": False}, None),
        (DELETE, {"record": KEPT, "is_listed": False}, None),
        (DELETE, {"job": Job("j1", "COMPLETED"), "record": KEPT, "is_listed": True}, None),
        (DELETE, {"job": Job("j1", "FAILED"), "record": KEPT, "is_listed": True}, Outcome.ENDED_BADLY),
    ],
)
def test_change_is_done_when_it_is_read_again(change: Change, answers: dict[str, Any], outcome: Outcome | None) -> None:
    assert see(submission_of(change), after(0, **answers)).outcome is outcome


@pytest.mark.parametrize(
    ("change", "limit", "answers"),
    [
        (KEEP, SETTLING_LIMIT, {"record": replace(KEPT, retention=NEVER)}),
        (PAUSE, SETTLING_LIMIT, {"schedule": NIGHTLY}),
        (DELETE, DELETION_LIMIT, {"record": KEPT, "is_listed": True}),
    ],
)
@pytest.mark.parametrize("kind", [ReplyKind.ACCEPTED, ReplyKind.LOST])
def test_change_is_unknown_when_it_never_shows(
    change: Change, limit: int, answers: dict[str, Any], kind: ReplyKind
) -> None:
    submission = submission_of(change, kind)
    assert see(submission, after(limit, **answers)).outcome is None
    assert see(submission, after(limit + 1, **answers)).outcome is Outcome.UNKNOWN


def test_stage_is_that_of_the_site_when_the_status_names_stages() -> None:
    stages = (Stage("Validation", "completed"), Stage("Stage Object store", "in_progress"), Stage("Cleanup"))
    progress = see(submission_of(), after(2 * MINUTE, status=status(stages=stages)))
    assert (progress.stage, progress.stages_done, len(progress.stages)) == ("Stage Object store", 1, 3)
    assert progress.elapsed == 90 * SECOND


def test_poll_delay_grows_from_10_to_30_seconds() -> None:
    delays = [poll_delay(number) for number in range(50)]
    assert (delays[0], delays[-1]) == (10, 30)
    assert delays == sorted(delays)


WORDS = ("completed", "success", "in_progress", "failed", "cancelled", "completed_with_warnings", "odd", "", "no_op")
STATUSES = st.builds(
    status,
    st.sampled_from(WORDS),
    operation=st.sampled_from(("Backup", "Restore", "")),
    backup=st.sampled_from(("pre-upgrade", "old", "else")),
    start=st.sampled_from((None, NOW - DAY, NOW - MINUTE, STARTED)),
)
RECORDS = st.builds(
    record,
    st.sampled_from(WORDS),
    st.sampled_from(("completed", "failed", "in_progress", None)),
    end=st.sampled_from((None, STARTED + MINUTE)),
    start=st.sampled_from((None, NOW - DAY, STARTED)),
)
STEPS = st.tuples(
    st.integers(0, 40 * MINUTE),
    st.none() | STATUSES,
    st.none() | RECORDS,
    st.booleans(),
    st.sampled_from((None, True, False)),
    st.none() | st.builds(Job, st.just("j1"), st.sampled_from(("COMPLETED", "EXECUTING", "FAILED", "CANCELLED"))),
    st.sampled_from(((), (AWAY,), (REFUSED,))),
)
SUBMISSIONS = st.builds(
    submission_of,
    st.sampled_from((CREATE, RESTORE, DELETE)),
    st.sampled_from((ReplyKind.ACCEPTED, ReplyKind.LOST, ReplyKind.UNCLEAR)),
    waits=st.booleans(),
)


def observations_of(steps: Sequence[tuple[Any, ...]]) -> list[Observation]:
    at, observations = NOW, []
    for elapsed, seen_status, seen_record, is_missing, is_listed, job, failures in steps:
        at += elapsed
        observations.append(
            Observation(
                at, seen_status, seen_record, is_missing=is_missing, is_listed=is_listed, job=job, failures=failures
            )
        )
    return observations


@given(SUBMISSIONS, st.lists(STEPS, max_size=8))
def test_outcome_is_done_only_when_the_last_answer_proves_it(
    submission: Submission, steps: list[tuple[Any, ...]]
) -> None:
    progress, last = begin(submission), None
    for observation in observations_of(steps):
        if progress.outcome is None:
            last = observation
        progress = advance(progress, observation)
        assert progress.statement
    if progress.outcome is not Outcome.DONE or last is None:
        return
    own = last.status if submission.is_own_status(last.status) else None
    assert own is None or state_of(own.state) not in {State.FAILED, State.WARNED}
    assert last.job is None or state_of(last.job.status) is not State.FAILED or submission.change is not CREATE
    if submission.change is CREATE:
        assert last.record is not None
        assert is_complete(last.record)
        assert submission.is_own_record(last.record)
    elif submission.change is RESTORE:
        assert own is not None
        assert state_of(own.state) is State.GOOD
    else:
        assert (last.is_missing, last.is_listed) == (True, False)


@given(SUBMISSIONS, st.lists(STEPS, min_size=1, max_size=8))
def test_outcome_never_changes_once_it_is_known(submission: Submission, steps: list[tuple[Any, ...]]) -> None:
    progress = begin(submission)
    for observation in observations_of(steps):
        following = advance(progress, observation)
        assert progress.outcome is None or following == progress
        progress = following


@given(SUBMISSIONS, st.lists(STEPS, max_size=4))
def test_following_always_ends_soon_after_the_limit(submission: Submission, steps: list[tuple[Any, ...]]) -> None:
    progress = see(submission, *observations_of(steps))
    late = max(progress.at, STARTED + submission.limit) + GRACE + RECORD_DELAY + MINUTE
    assert advance(progress, Observation(late, failures=(AWAY,))).outcome is not None
    assert advance(progress, Observation(late, status=status())).outcome is not None
    assert advance(progress, Observation(late, is_missing=True)).outcome is not None
