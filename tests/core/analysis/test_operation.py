"""Is it really finished: a table of what record, status and job say."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess, reassess_at
from drtui.core.analysis.operation import OperationStatus, operation_status
from drtui.core.formatting.times import DAY, HOUR, MINUTE
from drtui.core.model.backup import Backup, Part
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrSettings, DrStatus, Job, Stage, State
from drtui.core.model.site_state import Fetched, Source
from drtui.core.summary.headline import headline
from drtui.core.summary.health_check import check
from drtui.core.verdict.verdict import Level
from tests.conftest import NOW
from tests.core.points import all_read, backup, parts, reading

WHOLE = backup("last", 1)
RUNNING = backup("last", 1, status="in_progress", end=None)
TORN = backup("last", 1, parts=parts(NOW, "completed", "failed"))
STATUS = DrStatus("success", 3, "Backup", "vault", "last", start=NOW - HOUR, end=NOW - 50 * MINUTE)
BROKEN: Fetched[Any] = Fetched(NOW, failure=Failure(FailureKind.UNREACHABLE, "refused", "nobody answers"))


def of(status: DrStatus | None, *backups: Backup, job: Job | None = None, **changes: Any) -> OperationStatus | None:
    answer = None if status is None else Fetched(NOW, status)
    return operation_status(reading(*backups, **{"status": answer, "job": Fetched(NOW, job), **changes}), NOW)


def said(state: str, **changes: Any) -> DrStatus:
    return replace(STATUS, state=state, **changes)


@pytest.mark.parametrize(
    ("state", "record", "job", "finished", "outcome", "agree"),
    [
        ("success", WHOLE, None, True, State.GOOD, True),
        ("success", WHOLE, "COMPLETED", True, State.GOOD, True),
        ("success", WHOLE, "EXECUTING", True, State.GOOD, False),
        ("success", RUNNING, "COMPLETED", False, State.IN_PROGRESS, False),  # R28
        ("success", TORN, None, True, State.FAILED, False),  # R28
        ("success", None, None, None, State.IN_PROGRESS, True),  # R28: not in the list
        ("in_progress", RUNNING, "COMPLETED", False, State.IN_PROGRESS, False),  # R27
        ("in_progress", WHOLE, "COMPLETED", False, State.IN_PROGRESS, False),  # R27
        ("in_progress", RUNNING, None, False, State.IN_PROGRESS, True),
        ("Running", None, None, False, State.IN_PROGRESS, True),  # R25: anything else is not finished
        ("completed_with_warnings", WHOLE, None, True, State.WARNED, False),
        ("completed_with_warnings", TORN, None, True, State.FAILED, False),
        ("failed", WHOLE, None, True, State.FAILED, False),
        ("failed", backup("last", 1, status="failed", end=None), None, True, State.FAILED, True),
        ("success", backup("last", 1, status=None, end=None), None, False, State.IN_PROGRESS, False),  # R7
        ("success", backup("last", 1, status="completed", end=None), None, False, State.IN_PROGRESS, False),  # R7
    ],
)
def test_a_backup(
    state: str, record: Backup | None, job: str | None, finished: bool | None, outcome: State, agree: bool
) -> None:
    found = of(said(state), *([record] if record else []), job=Job("j1", job) if job else None)
    assert found is not None
    assert (found.is_finished, found.outcome, found.is_consistent) == (finished, outcome, agree)


@pytest.mark.parametrize(
    ("state", "finished", "outcome", "words"),
    [
        (
            "in_progress",
            False,
            State.IN_PROGRESS,
            "Restore of last is going on for 1 h; until it ends the site is unavailable",
        ),
        ("success", True, State.GOOD, "Restore of last is complete after 10 min"),
        (
            "completed_with_warnings",
            True,
            State.WARNED,
            "Restore of last ended with warnings after 10 min, which is no",
        ),
        ("failed", True, State.FAILED, "Restore of last did not succeed: the status says failed"),
    ],
)
def test_r25_a_restore_is_named_and_its_record_proves_nothing(
    state: str, finished: bool, outcome: State, words: str
) -> None:
    found = of(said(state, operation="Restore"), WHOLE)
    assert found is not None
    assert (found.is_finished, found.outcome, found.is_restore) == (finished, outcome, True)
    assert [witness.name for witness in found.sources] == ["status"]
    assert found.text.startswith(words)


@pytest.mark.parametrize("status", [None, said("no_op"), said("")])
def test_where_nothing_ever_ran_there_is_no_progress(status: DrStatus | None) -> None:
    assert of(status, WHOLE) is None


def test_a_list_that_could_not_be_read_tells_nothing() -> None:
    found = of(STATUS, backups={"vault": BROKEN})
    assert found is not None
    assert found.is_finished is None
    assert found.text == "Backup of last: the status says success, but no record of it could be read: nobody can tell"
    kept = of(STATUS, backups={"vault": Fetched(NOW, (), BROKEN.failure)})
    assert kept is not None
    assert kept.is_finished is None


def test_nothing_is_said_of_a_record_that_may_be_in_a_list_that_is_still_to_come() -> None:
    assert of(STATUS, backups={}, is_complete=False) is None
    assert of(STATUS, WHOLE, is_complete=False) == of(STATUS, WHOLE)
    assert of(said("failed"), backups={}, is_complete=False) is not None
    assert of(said("in_progress"), backups={}, is_complete=False) is not None


def test_a_record_of_the_same_name_in_another_store_is_another() -> None:
    found = of(said("success", store="elsewhere"), WHOLE)
    assert found is not None
    assert [witness.name for witness in found.sources] == ["status"]
    assert of(STATUS, replace(RUNNING, name="other"), WHOLE).is_finished  # type: ignore[union-attr]
    assert of(said("success", store=""), replace(WHOLE, recorded_store="x")).is_finished  # type: ignore[union-attr]
    assert of(said("success", store="old-name"), replace(WHOLE, recorded_store="old-name")).is_finished  # type: ignore[union-attr]


STAGES = (Stage("Validation", "completed"), Stage("Stage Object store", "in_progress"), Stage("Post", ""))


@pytest.mark.parametrize(
    ("status", "stage", "elapsed"),
    [
        (said("in_progress", stages=STAGES, end=None), "Stage Object store", HOUR),
        (said("success", stages=STAGES), "", 10 * MINUTE),  # R30
        (said("in_progress", stages=()), "", HOUR),
        (said("in_progress", start=None), "", None),
        (said("in_progress", start=NOW + HOUR), "", None),
        (said("success", start=NOW - HOUR, end=NOW - HOUR), "", 0),
    ],
)
def test_stage_and_time(status: DrStatus, stage: str, elapsed: int | None) -> None:
    found = of(status, WHOLE)
    assert found is not None
    assert (found.stage, found.elapsed) == (stage, elapsed)


@pytest.mark.parametrize(
    ("status", "records", "words"),
    [
        (STATUS, [WHOLE], "Backup of last is complete after 10 min"),
        (
            STATUS,
            [TORN],
            (
                "Backup of last did not succeed: the record says completed (object store: failed) and"
                " the status says success"
            ),
        ),
        (STATUS, [], "Backup of last: the status says success, but no store lists it: nobody can tell"),
        (STATUS, [RUNNING], "Backup of last: the status says success, its record is not complete"),
        (said("in_progress", stages=STAGES), [], "Backup of last is going on for 1 h, in Stage Object store"),
        (said("in_progress", start=None), [], "Backup of last is going on"),
        (said("in_progress", start=None, operation=""), [], "Operation of last is going on"),
        (said("success", start=None), [WHOLE], "Backup of last is complete"),
        (said("failed", message="No room."), [], "Backup of last did not succeed: the status says failed: No room."),
    ],
)
def test_what_is_said(status: DrStatus, records: list[Backup], words: str) -> None:
    found = of(status, *records)
    assert found is not None
    assert found.text == words


def test_a_job_that_was_not_asked_for_says_nothing() -> None:
    found = operation_status(reading(WHOLE, status=Fetched(NOW, STATUS)), NOW)
    assert found is not None
    assert [witness.name for witness in found.sources] == ["record", "status"]


def test_each_witness_is_quoted() -> None:
    found = of(STATUS, replace(RUNNING, status=None, parts=()), job=Job("j", "COMPLETED"))
    assert found is not None
    assert [(w.name, w.text) for w in found.sources] == [
        ("record", "nothing"), ("status", "success"), ("job", "COMPLETED")
    ]  # fmt: skip


SILENT = Fetched(NOW - MINUTE, said("in_progress", end=None, operation="Restore"), BROKEN.failure)


def test_r37_a_site_that_fell_silent_may_have_ended_it() -> None:
    found = operation_status(reading(WHOLE, status=SILENT), NOW)
    assert found is not None
    assert (found.is_finished, found.outcome, found.is_worth_polling) == (None, State.IN_PROGRESS, True)
    assert found.elapsed == 59 * MINUTE  # up to when it was heard of
    assert found.text == (
        "Restore of last was going on for 59 min when the site last said so, 60 s ago: nobody answers; "
        "errors are expected until a restore ends"
    )


def test_what_goes_on_goes_on_since_the_site_was_heard() -> None:
    found = operation_status(reading(WHOLE, status=replace(SILENT, failure=None)), NOW)
    assert found is not None
    assert (found.is_finished, found.elapsed) == (False, HOUR)


def test_r37_errors_are_expected_of_a_restore_only() -> None:
    status = said("in_progress", start=None, operation="Backup")
    found = operation_status(reading(WHOLE, status=Fetched(NOW, status, BROKEN.failure)), NOW)
    assert found is not None
    assert found.text == "Backup of last was going on when the site last said so, 0 s ago: nobody answers"


def test_what_had_ended_before_the_site_fell_silent_has_ended() -> None:
    found = operation_status(reading(WHOLE, status=Fetched(NOW, STATUS, BROKEN.failure)), NOW)
    assert found is not None
    assert (found.is_finished, found.outcome, found.status_failure) == (True, State.GOOD, None)


@pytest.mark.parametrize(
    ("record", "finished", "outcome"),
    [
        (backup("last", 1, status="in_progress"), False, State.IN_PROGRESS),
        (backup("last", 1, parts=parts(NOW, "in_progress")), False, State.IN_PROGRESS),
        (backup("last", 1, parts=()), None, State.IN_PROGRESS),
        (backup("last", 1, parts=parts(NOW)[:2]), None, State.IN_PROGRESS),
        (backup("last", 1, parts=parts(NOW, None)), None, State.IN_PROGRESS),
        (backup("last", 1, start=None), None, State.IN_PROGRESS),
        (backup("last", 1, end=None, parts=parts(NOW, "failed")), True, State.FAILED),
        (backup("last", 1, status="completed_with_warnings"), True, State.WARNED),
        (backup("last", 1, status="completed_with_warnings", end=None), False, State.IN_PROGRESS),
    ],
)
def test_r2_r7_what_a_record_does_not_say_is_neither_good_nor_failed(
    record: Backup, finished: bool | None, outcome: State
) -> None:
    found = of(STATUS, record)
    assert found is not None
    assert (found.is_finished, found.outcome) == (finished, outcome)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (WHOLE, "completed"),
        (
            backup("last", 1, status=None),
            "nothing (relational store: completed, object store: completed, infrastructure: completed)",
        ),
        (backup("last", 1, parts=parts(NOW, "completed", None)), "completed (object store: nothing)"),
        (backup("last", 1, parts=(*parts(NOW), Part("bigData", "failed"))), "completed (bigData: failed)"),
        (backup("last", 1, status=None, parts=parts(NOW, None, None, None)), "nothing"),
        (backup("last", 1, status="in_progress", parts=parts(NOW, "in_progress")[:1]), "in_progress"),
    ],
)
def test_r3_a_record_is_quoted_with_the_parts_that_say_something_else(record: Backup, words: str) -> None:
    found = of(STATUS, record)
    assert found is not None
    assert found.sources[0].text == words


def test_r1_a_record_without_a_status_does_not_say_enough() -> None:
    found = of(STATUS, backup("last", 1, status=None))
    assert found is not None
    assert (found.is_finished, found.outcome, found.sources[0].state) == (None, State.IN_PROGRESS, State.IDLE)


def test_half_a_record_is_said_to_be() -> None:
    found = of(STATUS, backup("last", 1, parts=()))
    assert found is not None
    assert found.text == ("Backup of last: the status says success, its record does not say enough: nobody can tell")


@pytest.mark.parametrize(
    ("operation", "finished", "restores", "sources"),
    [
        ("Backup", None, False, ["record", "status"]),
        ("CREATE_BACKUP", None, False, ["record", "status"]),
        ("", None, False, ["record", "status"]),
        ("restore", True, True, ["status"]),
        ("Restore Backup", True, True, ["status"]),
        ("Delete", True, False, ["status"]),
    ],
)
def test_r25_only_the_making_of_a_backup_shows_in_its_record(
    operation: str, finished: bool | None, restores: bool, sources: list[str]
) -> None:
    found = of(said("success", operation=operation), backup("last", 1, parts=()))
    assert found is not None
    assert (found.is_finished, found.is_restore, [w.name for w in found.sources]) == (finished, restores, sources)


@pytest.mark.parametrize(
    ("records", "store", "finished"),
    [
        ((replace(RUNNING, store="vault"), replace(WHOLE, store="old", recorded_store="vault")), "vault", False),
        ((replace(WHOLE, store="old", recorded_store="vault"), replace(RUNNING, store="vault")), "vault", False),
        ((replace(RUNNING, store="old", recorded_store="vault"), replace(WHOLE, store="vault")), "vault", True),
        ((replace(WHOLE, store="one"), replace(RUNNING, store="two")), "", False),
        ((replace(RUNNING, store="one"), replace(WHOLE, store="two")), "", False),
    ],
)
def test_r28_of_several_records_of_a_name_the_one_that_proves_least(
    records: tuple[Backup, ...], store: str, finished: bool
) -> None:
    found = of(said("success", store=store), *records)
    assert found is not None
    assert found.is_finished is finished


@pytest.mark.parametrize(
    ("status", "record", "words"),
    [
        (STATUS, WHOLE, "Backup of last is complete after 10 min, but the job says FAILED"),
        (said("in_progress"), RUNNING, "Backup of last is going on for 1 h, but the job says FAILED"),
        (
            said("in_progress"),
            replace(RUNNING, status="failed", parts=()),
            "Backup of last is going on for 1 h, but the record says failed, but the job says FAILED",
        ),
        (
            STATUS,
            RUNNING,
            "Backup of last: the status says success, its record is not complete, but the job says FAILED",
        ),
    ],
)
def test_r27_a_job_that_failed_is_heard(status: DrStatus, record: Backup, words: str) -> None:
    found = of(status, record, job=Job("j", "FAILED"))
    assert found is not None
    assert found.text == words


@pytest.mark.parametrize(
    ("states", "stage"),
    [
        (("completed", "", "in_progress"), "2"),
        (("completed", "", ""), "1"),
        (("completed", "completed", "completed"), ""),
        (("completed", "failed", "in_progress"), "2"),
    ],
)
def test_the_stage_that_goes_on_comes_before_the_next(states: tuple[str, ...], stage: str) -> None:
    stages = tuple(Stage(str(number), state) for number, state in enumerate(states))
    found = of(said("in_progress", stages=stages), RUNNING)
    assert found is not None
    assert found.stage == stage


def test_r30_what_has_ended_is_not_counted_on() -> None:
    found = of(STATUS)
    assert found is not None
    assert (found.is_finished, found.elapsed) == (None, 10 * MINUTE)


@pytest.mark.parametrize(
    ("status", "record", "worth"),
    [
        (said("in_progress", end=None), RUNNING, True),
        (said("in_progress", end=None, operation="Restore"), WHOLE, True),
        (STATUS, WHOLE, False),
        (STATUS, RUNNING, False),
        (said("success", end=NOW - 10 * MINUTE), RUNNING, True),
        (said("success", end=NOW - 10 * MINUTE - 1), RUNNING, False),
        (said("success", end=NOW), RUNNING, True),
        (said("success", end=NOW + 1), RUNNING, False),
        (said("success", end=None), RUNNING, False),
        (said("success", end=NOW), WHOLE, False),
        (said("failed", end=NOW), RUNNING, False),
    ],
)
def test_what_is_worth_asking_for_again_soon(status: DrStatus, record: Backup, worth: bool) -> None:
    found = of(status, record)
    assert found is not None
    assert found.is_worth_polling is worth


# Over the limit: the site ends what takes longer (rule R29), so that a status that says otherwise hangs, or was lost.

SINCE = NOW - 9 * DAY
STUCK = said("in_progress", start=SINCE, end=None)
LIMIT = 2 * HOUR + 10 * MINUTE


@pytest.mark.parametrize(
    ("status", "settings", "over"),
    [
        (STUCK, None, True),
        (said("in_progress", start=NOW - LIMIT, end=None), None, False),
        (said("in_progress", start=NOW - LIMIT - 1, end=None), None, True),
        (said("in_progress", start=NOW - LIMIT - 1, end=None), DrSettings(14_400), False),
        (said("in_progress", start=NOW - 21 * MINUTE, end=None), DrSettings(600), True),
        (said("in_progress", start=None, end=None), None, False),
        (said("Running", start=SINCE, end=None, operation="Restore"), None, True),
        (said("success", start=SINCE), None, False),
        (said("failed", start=SINCE, end=None), None, False),
    ],
)
def test_operation_is_over_its_limit_when_it_goes_on_past_it(
    status: DrStatus, settings: DrSettings | None, over: bool
) -> None:
    found = of(status, settings=Fetched(NOW, settings))
    assert found is not None
    assert found.is_over_limit is over


@pytest.mark.parametrize(
    ("status", "record", "finished", "outcome", "words"),
    [
        (STUCK, RUNNING, False, State.IN_PROGRESS, ""),
        (STUCK, WHOLE, True, State.GOOD, "; its record is complete"),
        (STUCK, TORN, False, State.IN_PROGRESS, ""),
        (replace(STUCK, backup="another"), WHOLE, False, State.IN_PROGRESS, ""),
        (replace(STUCK, operation="Restore"), WHOLE, False, State.IN_PROGRESS, ""),
    ],
)
def test_operation_over_its_limit_is_told_and_a_complete_record_outweighs_it(
    status: DrStatus, record: Backup, finished: bool, outcome: State, words: str
) -> None:
    found = of(status, record)
    assert found is not None
    assert (found.is_finished, found.outcome) == (finished, outcome)
    what = f"{status.operation} of {status.backup}"
    assert found.text.startswith(
        f"{what} is over its limit: hung, or its end was lost (going on for 9 d, limit 2 h){words}"
    )


@pytest.mark.parametrize(
    ("status", "record", "level", "code"),
    [
        (STUCK, WHOLE, Level.USABLE, "status-stuck"),
        (STUCK, RUNNING, Level.RUNNING, "running"),
        (STUCK, TORN, Level.RUNNING, "running"),
        (said("in_progress", start=NOW - HOUR, end=None), WHOLE, Level.RUNNING, "running"),
        (replace(STUCK, backup="another"), WHOLE, Level.USABLE, "all-completed"),
    ],
)
def test_verdict_is_that_of_the_record_when_the_status_is_over_its_limit(
    status: DrStatus, record: Backup, level: Level, code: str
) -> None:
    (point,) = assess(reading(record, status=Fetched(NOW, status)), NOW).points
    assert (point.verdict.level, code in {reason.code for reason in point.verdict.reasons}) == (level, True)


@pytest.mark.parametrize(
    ("status", "codes"),
    [
        (STUCK, ["over-limit", "fresh"]),
        (replace(STUCK, backup="another"), ["over-limit", "fresh"]),
        (replace(STUCK, operation="Restore"), ["over-limit", "restore", "fresh"]),
        (replace(STUCK, start=None), ["nothing-usable", "operation-undated"]),
        (replace(STUCK, start=None, backup="another"), ["fresh", "operation-undated"]),
    ],
)
def test_check_and_headline_say_so_when_an_operation_is_over_its_limit(status: DrStatus, codes: list[str]) -> None:
    judged = assess(all_read(WHOLE, status=Fetched(NOW, status)), NOW)
    assert [finding.code for finding in check(judged, DAY, 2 * DAY).findings] == codes
    said = [each.text for each in headline(judged) if "over its limit" in each.text]
    assert bool(said) == ("over-limit" in codes)


def test_verdict_turns_when_time_alone_brings_an_operation_over_its_limit() -> None:
    status = said("in_progress", start=NOW - LIMIT, end=None)
    before = assess(reading(WHOLE, status=Fetched(NOW, status)), NOW)
    after = reassess_at(before, NOW + 1)
    assert [each.points[0].verdict.level for each in (before, after)] == [Level.RUNNING, Level.USABLE]
    assert after.operation == assess(before.site_state, NOW + 1).operation


def test_operation_that_was_saved_is_not_over_its_limit_for_that() -> None:
    started = said("in_progress", start=SINCE - HOUR, end=None)
    found = operation_status(reading(WHOLE, status=Fetched(SINCE, started, source=Source.SAVED)), NOW)
    assert found is not None
    assert not found.is_over_limit


TEXT = st.sampled_from(["success", "failed", "completed_with_warnings", "in_progress", "no_op", "COMPLETED", "", "x"])
MOMENT = st.one_of(st.none(), st.integers(-(10**15), 10**15))


@given(TEXT, TEXT, TEXT, MOMENT, MOMENT, st.booleans())
def test_good_only_if_the_record_is_whole(
    state: str, record: str, job: str, start: int | None, complete: int | None, torn: bool
) -> None:
    made = backup("last", 1, status=record, start=start, end=complete)
    made = replace(made, parts=parts(NOW, "failed")) if torn else made
    found = of(said(state, start=start, end=complete), made, job=Job("j", job))
    if found is not None and found.outcome is State.GOOD:
        assert found.is_finished
        assert made.is_completed
        assert not torn
        assert made.end is not None
        assert state != "in_progress" or found.is_over_limit
    assert found is None or found.text
