"""Tests of the status of the last operation, from record, site status and job."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess, reassess_at
from drtui.core.analysis.operation import OperationStatus, assess_operation
from drtui.core.formatting.durations import DAY, HOUR, MINUTE
from drtui.core.model.backup import Backup, Part
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrSettings, DrStatus, Job, Stage, State
from drtui.core.model.site_state import Fetched, Source
from drtui.core.summary.headline import build_headline
from drtui.core.summary.health_check import check_health
from drtui.core.verdict.rules import Level, SiteFacts
from tests.conftest import NOW
from tests.core.points import backup, full_site, parts, site_of

WHOLE = backup("last", 1)
RUNNING = backup("last", 1, status="in_progress", end=None)
TORN = backup("last", 1, parts=parts(NOW, "completed", "failed"))
STATUS = DrStatus("success", 3, "Backup", "vault", "last", start=NOW - HOUR, end=NOW - 50 * MINUTE)
BROKEN: Fetched[Any] = Fetched(NOW, failure=Failure(FailureKind.UNREACHABLE, "connection-refused", "nobody answers"))


def operation_of(
    status: DrStatus | None, *backups: Backup, job: Job | None = None, **site_changes: Any
) -> OperationStatus | None:
    answer = None if status is None else Fetched(NOW, status)
    return assess_operation(
        SiteFacts.of(site_of(*backups, **{"status": answer, "job": Fetched(NOW, job), **site_changes}), NOW)
    )


def status_with(state: str, **changes: Any) -> DrStatus:
    return replace(STATUS, state=state, **changes)


@pytest.mark.parametrize(
    ("state", "record", "job", "is_finished", "outcome", "is_consistent"),
    [
        ("success", WHOLE, None, True, State.GOOD, True),
        ("success", WHOLE, "COMPLETED", True, State.GOOD, True),
        ("success", WHOLE, "EXECUTING", True, State.GOOD, False),
        ("success", RUNNING, "COMPLETED", False, State.IN_PROGRESS, False),  # R28
        ("success", TORN, None, True, State.FAILED, False),  # R28
        ("success", None, None, None, State.IN_PROGRESS, True),  # R28: the backup is not listed
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
def test_operation_status_compares_record_status_and_job_when_it_is_a_backup(
    state: str, record: Backup | None, job: str | None, is_finished: bool | None, outcome: State, is_consistent: bool
) -> None:
    last_operation = operation_of(
        status_with(state), *([record] if record else []), job=Job("j1", job) if job else None
    )
    assert last_operation is not None
    assert (last_operation.is_finished, last_operation.outcome, last_operation.is_consistent) == (
        is_finished,
        outcome,
        is_consistent,
    )


@pytest.mark.parametrize(
    ("state", "finished", "outcome", "words"),
    [
        (
            "in_progress",
            False,
            State.IN_PROGRESS,
            "Restore of last running for 1 h; site unavailable until it ends, errors are normal",
        ),
        ("success", True, State.GOOD, "Restore of last completed after 10 min"),
        (
            "completed_with_warnings",
            True,
            State.WARNED,
            "Restore of last finished WITH WARNINGS after 10 min",
        ),
        ("failed", True, State.FAILED, "Restore of last FAILED (status failed)"),
    ],
)
def test_r25_operation_status_ignores_the_record_when_it_is_a_restore(
    state: str, finished: bool, outcome: State, words: str
) -> None:
    last_operation = operation_of(status_with(state, operation="Restore"), WHOLE)
    assert last_operation is not None
    assert (last_operation.is_finished, last_operation.outcome, last_operation.is_restore) == (finished, outcome, True)
    assert [source.name for source in last_operation.sources] == ["status"]
    assert last_operation.text.startswith(words)


@pytest.mark.parametrize("status", [None, status_with("no_op"), status_with("")])
def test_operation_status_is_none_when_nothing_ever_ran(status: DrStatus | None) -> None:
    assert operation_of(status, WHOLE) is None


def test_operation_status_is_unknown_when_a_list_could_not_be_read() -> None:
    last_operation = operation_of(STATUS, backups={"vault": BROKEN})
    assert last_operation is not None
    assert last_operation.is_finished is None
    assert (
        last_operation.text
        == "Backup last: outcome cannot be determined (status success, its record could not be read)"
    )
    with_old_list = operation_of(STATUS, backups={"vault": Fetched(NOW, (), BROKEN.failure)})
    assert with_old_list is not None
    assert with_old_list.is_finished is None


def test_operation_status_is_none_when_its_record_may_be_in_a_list_not_fetched_yet() -> None:
    assert operation_of(STATUS, backups={}, is_complete=False) is None
    assert operation_of(STATUS, WHOLE, is_complete=False) == operation_of(STATUS, WHOLE)
    assert operation_of(status_with("failed"), backups={}, is_complete=False) is not None
    assert operation_of(status_with("in_progress"), backups={}, is_complete=False) is not None


def test_operation_status_ignores_a_record_when_it_is_in_another_store() -> None:
    last_operation = operation_of(status_with("success", store="elsewhere"), WHOLE)
    assert last_operation is not None
    assert [source.name for source in last_operation.sources] == ["status"]
    assert operation_of(STATUS, replace(RUNNING, name="other"), WHOLE).is_finished  # type: ignore[union-attr]
    assert operation_of(status_with("success", store=""), replace(WHOLE, recorded_store="x")).is_finished  # type: ignore[union-attr]
    assert operation_of(status_with("success", store="old-name"), replace(WHOLE, recorded_store="old-name")).is_finished  # type: ignore[union-attr]


STAGES = (Stage("Validation", "completed"), Stage("Stage Object store", "in_progress"), Stage("Post", ""))


@pytest.mark.parametrize(
    ("status", "stage", "elapsed"),
    [
        (status_with("in_progress", stages=STAGES, end=None), "Stage Object store", HOUR),
        (status_with("success", stages=STAGES), "", 10 * MINUTE),  # R30
        (status_with("in_progress", stages=()), "", HOUR),
        (status_with("in_progress", start=None), "", None),
        (status_with("in_progress", start=NOW + HOUR), "", None),
        (status_with("success", start=NOW - HOUR, end=NOW - HOUR), "", 0),
    ],
)
def test_operation_status_has_stage_and_elapsed_time(status: DrStatus, stage: str, elapsed: int | None) -> None:
    last_operation = operation_of(status, WHOLE)
    assert last_operation is not None
    assert (last_operation.stage, last_operation.elapsed) == (stage, elapsed)


@pytest.mark.parametrize(
    ("status", "records", "words"),
    [
        (STATUS, [WHOLE], "Backup last completed after 10 min"),
        (
            STATUS,
            [TORN],
            ("Backup last FAILED: object store failed (backup is marked completed, status success)"),
        ),
        (STATUS, [], "Backup last: outcome cannot be determined (status success, no store lists it)"),
        (STATUS, [RUNNING], "Backup last: status says success, record is not complete"),
        (status_with("in_progress", stages=STAGES), [], "Backup last running for 1 h (stage: object store)"),
        (status_with("in_progress", start=None), [], "Backup last running"),
        (status_with("in_progress", start=None, operation=""), [], "Operation last running"),
        (status_with("success", start=None), [WHOLE], "Backup last completed"),
        (
            status_with("failed", message="No room."),
            [],
            "Backup last FAILED (status failed): No room.",
        ),
    ],
)
def test_operation_text_describes_state_and_sources(status: DrStatus, records: list[Backup], words: str) -> None:
    last_operation = operation_of(status, *records)
    assert last_operation is not None
    assert last_operation.text == words


def test_operation_status_omits_the_job_when_it_was_not_fetched() -> None:
    last_operation = assess_operation(SiteFacts.of(site_of(WHOLE, status=Fetched(NOW, STATUS)), NOW))
    assert last_operation is not None
    assert [source.name for source in last_operation.sources] == ["record", "status"]


def test_operation_status_quotes_each_source() -> None:
    last_operation = operation_of(STATUS, replace(RUNNING, status=None, parts=()), job=Job("j", "COMPLETED"))
    assert last_operation is not None
    assert [(w.name, w.text) for w in last_operation.sources] == [
        ("record", "no status"), ("status", "success"), ("job", "COMPLETED")
    ]  # fmt: skip


SILENT = Fetched(NOW - MINUTE, status_with("in_progress", end=None, operation="Restore"), BROKEN.failure)


def test_r37_operation_end_is_unknown_when_the_site_stopped_answering() -> None:
    last_operation = assess_operation(SiteFacts.of(site_of(WHOLE, status=SILENT), NOW))
    assert last_operation is not None
    assert (last_operation.is_finished, last_operation.outcome, last_operation.is_worth_polling) == (
        None,
        State.IN_PROGRESS,
        True,
    )
    assert last_operation.elapsed == 59 * MINUTE  # up to the last report
    assert last_operation.text == "Restore of last was running 60 s ago; nobody answers (normal during a restore)"


def test_operation_is_running_when_the_site_answers() -> None:
    last_operation = assess_operation(SiteFacts.of(site_of(WHOLE, status=replace(SILENT, failure=None)), NOW))
    assert last_operation is not None
    assert (last_operation.is_finished, last_operation.elapsed) == (False, HOUR)


def test_r37_operation_text_expects_errors_only_when_it_is_a_restore() -> None:
    status = status_with("in_progress", start=None, operation="Backup")
    last_operation = assess_operation(SiteFacts.of(site_of(WHOLE, status=Fetched(NOW, status, BROKEN.failure)), NOW))
    assert last_operation is not None
    assert last_operation.text == "Backup last was running 0 s ago; nobody answers"


def test_operation_has_ended_when_the_last_report_said_so() -> None:
    last_operation = assess_operation(SiteFacts.of(site_of(WHOLE, status=Fetched(NOW, STATUS, BROKEN.failure)), NOW))
    assert last_operation is not None
    assert (last_operation.is_finished, last_operation.outcome, last_operation.status_failure) == (
        True,
        State.GOOD,
        None,
    )


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
def test_r2_r7_operation_outcome_is_not_good_when_the_record_is_incomplete(
    record: Backup, finished: bool | None, outcome: State
) -> None:
    last_operation = operation_of(STATUS, record)
    assert last_operation is not None
    assert (last_operation.is_finished, last_operation.outcome) == (finished, outcome)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (WHOLE, "completed"),
        (
            backup("last", 1, status=None),
            "no status (relational store: completed, object store: completed, infrastructure: completed)",
        ),
        (backup("last", 1, parts=parts(NOW, "completed", None)), "completed (object store: no status)"),
        (backup("last", 1, status="failed", parts=parts(NOW, "completed", "failed")), "failed (object store: failed)"),
        (backup("last", 1, status="failed", parts=parts(NOW)), "failed"),
        (backup("last", 1, parts=(*parts(NOW), Part("bigData", "failed"))), "completed (bigData: failed)"),
        (backup("last", 1, status=None, parts=parts(NOW, None, None, None)), "no status"),
        (backup("last", 1, status="in_progress", parts=parts(NOW, "in_progress")[:1]), "in_progress"),
    ],
)
def test_r3_record_text_includes_the_parts_when_their_status_differs(record: Backup, words: str) -> None:
    last_operation = operation_of(STATUS, record)
    assert last_operation is not None
    assert last_operation.sources[0].text == words


def test_r1_operation_end_is_unknown_when_the_record_has_no_status() -> None:
    last_operation = operation_of(STATUS, backup("last", 1, status=None))
    assert last_operation is not None
    assert (last_operation.is_finished, last_operation.outcome, last_operation.sources[0].state) == (
        None,
        State.IN_PROGRESS,
        State.IDLE,
    )


def test_operation_text_says_so_when_the_record_has_no_parts() -> None:
    last_operation = operation_of(STATUS, backup("last", 1, parts=()))
    assert last_operation is not None
    assert last_operation.text == (
        "Backup last: outcome cannot be determined (status success, its record is incomplete)"
    )


@pytest.mark.parametrize(
    ("operation", "finished", "is_restore", "sources"),
    [
        ("Backup", None, False, ["record", "status"]),
        ("CREATE_BACKUP", None, False, ["record", "status"]),
        ("", None, False, ["record", "status"]),
        ("restore", True, True, ["status"]),
        ("Restore Backup", True, True, ["status"]),
        ("Delete", True, False, ["status"]),
    ],
)
def test_r25_operation_status_uses_the_record_only_when_it_is_a_backup(
    operation: str, finished: bool | None, is_restore: bool, sources: list[str]
) -> None:
    last_operation = operation_of(status_with("success", operation=operation), backup("last", 1, parts=()))
    assert last_operation is not None
    assert (last_operation.is_finished, last_operation.is_restore, [w.name for w in last_operation.sources]) == (
        finished,
        is_restore,
        sources,
    )


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
def test_r28_operation_status_uses_the_weakest_record_when_several_share_the_name(
    records: tuple[Backup, ...], store: str, finished: bool
) -> None:
    last_operation = operation_of(status_with("success", store=store), *records)
    assert last_operation is not None
    assert last_operation.is_finished is finished


@pytest.mark.parametrize(
    ("status", "record", "words"),
    [
        (STATUS, WHOLE, "Backup last completed after 10 min, but the job says FAILED"),
        (status_with("in_progress"), RUNNING, "Backup last running for 1 h, but the job says FAILED"),
        (
            status_with("in_progress"),
            replace(RUNNING, status="failed", parts=()),
            "Backup last running for 1 h, but the record says failed, but the job says FAILED",
        ),
        (
            STATUS,
            RUNNING,
            "Backup last: status says success, record is not complete, but the job says FAILED",
        ),
    ],
)
def test_r27_operation_text_says_so_when_the_job_failed(status: DrStatus, record: Backup, words: str) -> None:
    last_operation = operation_of(status, record, job=Job("j", "FAILED"))
    assert last_operation is not None
    assert last_operation.text == words


@pytest.mark.parametrize(
    ("states", "stage"),
    [
        (("completed", "", "in_progress"), "2"),
        (("completed", "", ""), "1"),
        (("completed", "completed", "completed"), ""),
        (("completed", "failed", "in_progress"), "2"),
    ],
)
def test_stage_is_the_running_one_when_an_earlier_one_is_idle(states: tuple[str, ...], stage: str) -> None:
    stages = tuple(Stage(str(number), state) for number, state in enumerate(states))
    last_operation = operation_of(status_with("in_progress", stages=stages), RUNNING)
    assert last_operation is not None
    assert last_operation.stage == stage


def test_r30_elapsed_time_is_fixed_when_the_operation_has_ended() -> None:
    last_operation = operation_of(STATUS)
    assert last_operation is not None
    assert (last_operation.is_finished, last_operation.elapsed) == (None, 10 * MINUTE)


@pytest.mark.parametrize(
    ("status", "record", "is_worth_polling"),
    [
        (status_with("in_progress", end=None), RUNNING, True),
        (status_with("in_progress", end=None, operation="Restore"), WHOLE, True),
        (STATUS, WHOLE, False),
        (STATUS, RUNNING, False),
        (status_with("success", end=NOW - 10 * MINUTE), RUNNING, True),
        (status_with("success", end=NOW - 10 * MINUTE - 1), RUNNING, False),
        (status_with("success", end=NOW), RUNNING, True),
        (status_with("success", end=NOW + 1), RUNNING, False),
        (status_with("success", end=None), RUNNING, False),
        (status_with("success", end=NOW), WHOLE, False),
        (status_with("failed", end=NOW), RUNNING, False),
    ],
)
def test_operation_is_worth_polling_when_it_may_change_soon(
    status: DrStatus, record: Backup, is_worth_polling: bool
) -> None:
    last_operation = operation_of(status, record)
    assert last_operation is not None
    assert last_operation.is_worth_polling is is_worth_polling


# The site cancels operations that exceed the time limit (rule R29), so a longer running status hangs or lost its end.

SINCE = NOW - 9 * DAY
STUCK = status_with("in_progress", start=SINCE, end=None)
LIMIT = 2 * HOUR + 10 * MINUTE


@pytest.mark.parametrize(
    ("status", "settings", "is_over_limit"),
    [
        (STUCK, None, True),
        (status_with("in_progress", start=NOW - LIMIT, end=None), None, False),
        (status_with("in_progress", start=NOW - LIMIT - 1, end=None), None, True),
        (status_with("in_progress", start=NOW - LIMIT - 1, end=None), DrSettings(14_400), False),
        (status_with("in_progress", start=NOW - 21 * MINUTE, end=None), DrSettings(600), True),
        (status_with("in_progress", start=None, end=None), None, False),
        (status_with("Running", start=SINCE, end=None, operation="Restore"), None, True),
        (status_with("success", start=SINCE), None, False),
        (status_with("failed", start=SINCE, end=None), None, False),
    ],
)
def test_operation_is_over_limit_when_it_runs_longer(
    status: DrStatus, settings: DrSettings | None, is_over_limit: bool
) -> None:
    last_operation = operation_of(status, settings=Fetched(NOW, settings))
    assert last_operation is not None
    assert last_operation.is_over_limit is is_over_limit


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
def test_operation_over_limit_is_good_only_when_its_record_is_complete(
    status: DrStatus, record: Backup, finished: bool, outcome: State, words: str
) -> None:
    last_operation = operation_of(status, record)
    assert last_operation is not None
    assert (last_operation.is_finished, last_operation.outcome) == (finished, outcome)
    subject = f"{status.operation} of {status.backup}" if status.is_restore else f"Backup {status.backup}"
    assert last_operation.text.startswith(
        f"{subject} running for 9 d, past its limit of 2 h: hung, or its end was not recorded{words}"
    )


@pytest.mark.parametrize(
    ("status", "record", "level", "code"),
    [
        (STUCK, WHOLE, Level.USABLE, "status-stuck"),
        (STUCK, RUNNING, Level.RUNNING, "running"),
        (STUCK, TORN, Level.RUNNING, "running"),
        (status_with("in_progress", start=NOW - HOUR, end=None), WHOLE, Level.RUNNING, "running"),
        (replace(STUCK, backup="another"), WHOLE, Level.USABLE, "all-completed"),
    ],
)
def test_verdict_follows_the_record_when_the_status_is_over_limit(
    status: DrStatus, record: Backup, level: Level, code: str
) -> None:
    (point,) = assess(site_of(record, status=Fetched(NOW, status)), NOW).points
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
def test_check_and_headline_say_so_when_an_operation_is_over_limit(status: DrStatus, codes: list[str]) -> None:
    assessment = assess(full_site(WHOLE, status=Fetched(NOW, status)), NOW)
    assert [finding.code for finding in check_health(assessment, DAY, 2 * DAY).findings] == codes
    lines = [line.text for line in build_headline(assessment) if "past its limit" in line.text]
    assert bool(lines) == ("over-limit" in codes)


def test_verdict_changes_when_time_passes_the_limit_of_an_operation() -> None:
    status = status_with("in_progress", start=NOW - LIMIT, end=None)
    before = assess(site_of(WHOLE, status=Fetched(NOW, status)), NOW)
    after = reassess_at(before, NOW + 1)
    assert [assessment.points[0].verdict.level for assessment in (before, after)] == [Level.RUNNING, Level.USABLE]
    assert after.operation == assess(before.site_state, NOW + 1).operation


def test_operation_is_not_over_limit_when_only_its_saved_status_is_old() -> None:
    started = status_with("in_progress", start=SINCE - HOUR, end=None)
    last_operation = assess_operation(
        SiteFacts.of(site_of(WHOLE, status=Fetched(SINCE, started, source=Source.SAVED)), NOW)
    )
    assert last_operation is not None
    assert not last_operation.is_over_limit


TEXT = st.sampled_from(["success", "failed", "completed_with_warnings", "in_progress", "no_op", "COMPLETED", "", "x"])
MOMENT = st.one_of(st.none(), st.integers(-(10**15), 10**15))


@given(TEXT, TEXT, TEXT, MOMENT, MOMENT, st.booleans())
def test_operation_outcome_is_good_only_when_the_record_is_complete(
    state: str, record: str, job: str, start: int | None, end: int | None, is_torn: bool
) -> None:
    last_backup = backup("last", 1, status=record, start=start, end=end)
    last_backup = replace(last_backup, parts=parts(NOW, "failed")) if is_torn else last_backup
    last_operation = operation_of(status_with(state, start=start, end=end), last_backup, job=Job("j", job))
    if last_operation is not None and last_operation.outcome is State.GOOD:
        assert last_operation.is_finished
        assert last_backup.is_completed
        assert not is_torn
        assert last_backup.end is not None
        assert state != "in_progress" or last_operation.is_over_limit
    assert last_operation is None or last_operation.text
