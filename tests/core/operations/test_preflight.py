"""Preflight: what speaks against a change."""

from typing import Any

import pytest
from msgspec.structs import replace

from drtui.core.formatting.durations import DAY, HOUR, MINUTE
from drtui.core.model.account import Account, SiteMode
from drtui.core.model.auth import Secret
from drtui.core.model.backup import NEVER
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrSettings, DrStatus, Release, Site, Store
from drtui.core.model.site_state import Fetched
from drtui.core.operations.facts import Facts, default_retention, usual_duration
from drtui.core.operations.findings import Severity
from drtui.core.operations.preflight import check_passcode, find_obstacles
from drtui.core.operations.request import (
    Change,
    CreateBackup,
    DeleteBackup,
    KeepBackup,
    PauseSchedule,
    RestoreBackup,
    ResumeSchedule,
    ValidateStore,
)
from tests.conftest import NOW
from tests.core.operations.facts import CREATE, NIGHTLY, facts_of
from tests.core.points import STORE, backup, parts

GOOD = backup("good", 3)
OLD = backup("old", 30)
RUNNING = DrStatus("in_progress", operation="Backup", store="vault", backup="new", start=NOW - MINUTE)
RESTORING = DrStatus("in_progress", operation="Restore", store="vault", backup="old", start=NOW - MINUTE)
REFUSED: Fetched[Any] = Fetched(NOW, failure=Failure(FailureKind.REFUSED, "403", "no permission"))
GONE: Fetched[Any] = Fetched(NOW, failure=Failure(FailureKind.UNREACHABLE, "timeout", "no answer"))
KEEP, VALIDATE = KeepBackup("vault", "old", NOW + 90 * DAY), ValidateStore("vault")
PAUSE, RESUME = PauseSchedule("t1", "nightly"), ResumeSchedule("t1", "nightly")
DELETE, RESTORE = DeleteBackup("vault", "old"), RestoreBackup("vault", "good")
EVERY: list[Change] = [CREATE, KEEP, VALIDATE, PAUSE, RESUME, DELETE, RESTORE]


def site(**changes: Any) -> Facts:
    return facts_of(GOOD, OLD, **changes)


def codes(change: Change, facts: Facts, severity: Severity | None = None) -> list[str]:
    return [f.code for f in find_obstacles(change, facts) if severity is None or f.severity is severity]


@pytest.mark.parametrize("change", EVERY)
def test_nothing_stops_a_change_when_the_site_is_idle_and_everything_was_read(change: Change) -> None:
    assert codes(change, site(), Severity.STOP) == []
    assert "unread" not in codes(change, site())


@pytest.mark.parametrize("change", EVERY)
@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"mode": Fetched(NOW, SiteMode(True, "update"))}, "read-only"),
        ({"status": Fetched(NOW, RESTORING)}, "operation-running"),
        ({"site": Fetched(NOW, Site(Release.parse("10.9")))}, "old-layout"),
        ({"facts": {"has_old_layout": True}}, "old-layout"),
        ({"site": GONE, "stores": GONE, "status": GONE, "backups": {}}, "unreadable"),
    ],
)
def test_site_stops_every_change(change: Change, facts: dict[str, Any], code: str) -> None:
    assert code in codes(change, site(**facts), Severity.STOP)


@pytest.mark.parametrize(
    ("change", "severity"),
    [
        (CREATE, Severity.STOP),
        (RESTORE, Severity.STOP),
        (KEEP, Severity.WARNING),
        (DELETE, Severity.WARNING),
        (PAUSE, Severity.WARNING),
        (VALIDATE, Severity.WARNING),
    ],
)
def test_running_backup_stops_what_would_start_another_operation(change: Change, severity: Severity) -> None:
    assert "operation-running" in codes(change, site(status=Fetched(NOW, RUNNING)), severity)


def test_hung_operation_is_a_warning_when_it_is_over_its_limit() -> None:
    hung = replace(RUNNING, start=NOW - 9 * HOUR)
    assert codes(CREATE, site(status=Fetched(NOW, hung)), Severity.STOP) == []
    assert "hung-operation" in codes(CREATE, site(status=Fetched(NOW, hung)), Severity.WARNING)


@pytest.mark.parametrize(
    ("change", "facts", "code"),
    [
        (CreateBackup("vault", "good", NOW + DAY * 9), {}, "name-taken"),
        (CreateBackup("vault", "GOOD", NOW + DAY * 9), {}, "name-taken"),
        (CreateBackup("vault", "a b", NOW + DAY * 9), {}, "bad-name"),
        (CreateBackup("vault", "restore", NOW + DAY * 9), {}, "bad-name"),
        (CreateBackup("else", "a", NOW + DAY * 9), {}, "unknown-store"),
        (CreateBackup("vault", "a", NOW), {}, "past-date"),
        (CreateBackup("vault", "a", NOW // 1000 + DAY), {}, "past-date"),
        (CREATE, {"settings": Fetched(NOW, DrSettings(7200))}, "no-staging"),
        (RESTORE, {"settings": Fetched(NOW, DrSettings())}, "no-staging"),
        (ValidateStore("else"), {}, "unknown-store"),
        (ValidateStore("vault"), {"stores": Fetched(NOW, ())}, "unknown-store"),
        (KeepBackup("vault", "none", NEVER), {}, "unknown-backup"),
        (KeepBackup("vault", "old", NOW - 1), {}, "past-date"),
        (DeleteBackup("vault", "none"), {}, "unknown-backup"),
        (DeleteBackup("vault", "old"), {"backups": {"vault": REFUSED}}, "unread-list"),
        (RestoreBackup("vault", "none"), {}, "unknown-backup"),
        (PAUSE, {"schedules": REFUSED}, "unread-schedules"),
        (PAUSE, {"schedules": Fetched(NOW, ())}, "unknown-schedule"),
        (PAUSE, {"schedules": Fetched(NOW, (replace(NIGHTLY, task_type="BackupRetentionCleaner"),))}, "other-task"),
    ],
)
def test_change_is_stopped(change: Change, facts: dict[str, Any], code: str) -> None:
    assert code in codes(change, site(**facts), Severity.STOP)


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (backup("good", 3, release="11.3.0"), "other-release"),
        (backup("good", 3, parts=parts(NOW - 3 * HOUR, "failed")), "not-usable"),
        (backup("good", 3, status="in_progress"), "not-usable"),
        (backup("good", 3, backup_type="INCREMENTAL"), "not-usable"),
        (backup("good", 3, retention=NOW - 1), "not-usable"),
        (backup("good", 3, parts=parts(NOW - 3 * HOUR)[:2]), "not-usable"),
    ],
)
def test_restore_is_stopped_when_the_restore_point_is_not_usable(record: Any, code: str) -> None:
    assert code in codes(RESTORE, facts_of(record), Severity.STOP)


@pytest.mark.parametrize("change", [KeepBackup("vault", "good", NEVER), DeleteBackup("vault", "good"), RESTORE])
def test_change_is_stopped_when_two_records_have_the_name(change: Change) -> None:
    assert "duplicate-name" in codes(change, facts_of(GOOD, backup("good", 5)), Severity.STOP)


@pytest.mark.parametrize(
    ("change", "facts", "code"),
    [
        (CREATE, {"stores": Fetched(NOW, (replace(STORE, default=False),))}, "no-default-store"),
        (CREATE, {"stores": Fetched(NOW, (replace(STORE, created_by=Release.parse("11.2.0")),))}, "store-release"),
        (CreateBackup("vault", "a", NOW + HOUR), {}, "short-retention"),
        (KeepBackup("vault", "old", NOW + HOUR), {}, "short-retention"),
        (KeepBackup("vault", "good", NOW + 2 * DAY), {}, "shortens"),
        (PAUSE, {}, "forgotten-pause"),
        (PAUSE, {"account": Fetched(NOW, Account("u", "custom1", ("portal:admin:x",)))}, "no-privilege"),
        (CREATE, {"account": Fetched(NOW, Account("u", "org_user", ("portal:user:x",)))}, "no-privilege"),
        (CREATE, {"facts": {"token_expires": NOW + MINUTE}}, "token-ends"),
        (RESTORE, {"facts": {"token_expires": NOW + 30 * MINUTE}}, "token-ends"),
        (DeleteBackup("vault", "good"), {}, "newest-usable"),
        (RestoreBackup("vault", "old"), {}, "newer-usable"),
    ],
)
def test_change_is_sent_with_a_warning(change: Change, facts: dict[str, Any], code: str) -> None:
    assert code in codes(change, site(**facts), Severity.WARNING)
    assert codes(change, site(**facts), Severity.STOP) == []


@pytest.mark.parametrize(
    ("change", "facts", "code"),
    [
        (CREATE, {"facts": {"token_expires": NOW + MINUTE, "can_renew_token": True}}, "token-ends"),
        (CREATE, {"facts": {"token_expires": NOW + 9 * HOUR}}, "token-ends"),
        (CREATE, {"account": Fetched(NOW, Account("u"))}, "no-privilege"),
        (KeepBackup("vault", "good", NEVER), {}, "shortens"),
        (KeepBackup("vault", "good", NOW + 90 * DAY), {}, "shortens"),
        (DELETE, {}, "newest-usable"),
        (RESUME, {}, "forgotten-pause"),
    ],
)
def test_warning_is_absent_when_its_reason_is(change: Change, facts: dict[str, Any], code: str) -> None:
    assert code not in codes(change, site(**facts))


def test_run_due_warns_when_it_is_due_before_the_backup_usually_ends() -> None:
    soon = replace(NIGHTLY, cron="0 16 14 * * ?")  # 2 min 40 s after NOW
    later = replace(NIGHTLY, cron="0 30 14 * * ?")
    assert "run-due" in codes(CREATE, site(schedules=Fetched(NOW, (soon,))), Severity.WARNING)
    assert "run-due" not in codes(CREATE, site(schedules=Fetched(NOW, (later,))))
    assert "run-due" in codes(RESTORE, site(schedules=Fetched(NOW, (later,))))  # nobody knows how long it takes


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"mode": None}, "read-only mode"),
        ({"account": REFUSED}, "account"),
        ({"settings": REFUSED}, "settings"),
        ({"status": GONE}, "running operation"),
        ({"site": GONE}, "release"),
        ({"schedules": REFUSED}, "schedules"),
        ({"status": Fetched(NOW, DrStatus("no_op"), cache_age=DAY)}, "running operation"),
        ({"backups": {"vault": GONE}}, "backups of vault"),
        ({"backups": {}}, "backups of vault"),
    ],
)
def test_note_says_what_was_not_checked_when_it_could_not_be_read(facts: dict[str, Any], name: str) -> None:
    notes = [finding.text for finding in find_obstacles(CREATE, site(**facts)) if finding.code == "unread"]
    assert [text for text in notes if name in text]


@pytest.mark.parametrize(
    ("change", "passcode", "code"),
    [
        (CREATE, None, "no-passcode"),
        (CREATE, Secret(""), "no-passcode"),
        (CREATE, Secret("seven77"), "short-passcode"),
        (CREATE, Secret("eight888"), None),
        (RESTORE, None, "no-passcode"),
        (RESTORE, Secret("short"), None),
        (KEEP, None, None),
    ],
)
def test_passcode_stops_a_change_when_it_is_missing_or_short(
    change: Change, passcode: Secret | None, code: str | None
) -> None:
    finding = check_passcode(change, passcode)
    assert (finding.code if finding is not None else None) == code


def test_findings_are_sorted_by_severity() -> None:
    facts = site(settings=Fetched(NOW, DrSettings()), mode=None, facts={"token_expires": NOW + MINUTE})
    severities = [finding.severity for finding in find_obstacles(CREATE, facts)]
    assert severities == [Severity.STOP, Severity.WARNING, Severity.NOTE]


def test_usual_duration_is_the_median_of_complete_backups_in_the_store() -> None:
    slow, broken = backup("slow", 5, end=NOW - 4 * HOUR), backup("broken", 4, status="failed", end=NOW)
    assert usual_duration(CREATE, facts_of(GOOD, OLD, slow, broken)) == 5 * MINUTE
    assert usual_duration(CREATE, facts_of(broken)) is None
    assert usual_duration(RESTORE, facts_of(GOOD)) is None


@pytest.mark.parametrize(
    ("schedules", "days"),
    [
        ((), 14),
        ((NIGHTLY,), 7),
        ((replace(NIGHTLY, store="else", retention_offset=90 * DAY), NIGHTLY), 7),
        ((replace(NIGHTLY, store="else", retention_offset=90 * DAY),), 90),
        ((replace(NIGHTLY, active=False, retention_offset=90 * DAY), NIGHTLY), 7),
        ((NIGHTLY, replace(NIGHTLY, retention_offset=30 * DAY)), 30),
        ((replace(NIGHTLY, retention_offset=None),), 14),
        ((replace(NIGHTLY, task_type="BackupRetentionCleaner"),), 14),
    ],
)
def test_default_retention_is_that_of_the_schedules_or_14_days(schedules: Any, days: int) -> None:
    assert default_retention(facts_of(schedules=Fetched(NOW, schedules)), "vault") == days * DAY


def test_store_that_is_not_in_an_incomplete_list_is_only_a_warning() -> None:
    stores = Fetched(NOW, (Store("other", default=True),), incomplete_reason="paged")
    assert codes(ValidateStore("vault"), site(stores=stores), Severity.STOP) == []
    assert "store-unseen" in codes(ValidateStore("vault"), site(stores=stores), Severity.WARNING)
