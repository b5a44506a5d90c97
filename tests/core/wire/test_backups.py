"""Decoding of backups: the documented shape, missing fields, and answers that are no list of backups."""

import json
from typing import Any

import msgspec
import pytest

from drtui.core.formatting.times import LAST
from drtui.core.model.backup import NEVER, Backup, Geodatabase, Part
from drtui.core.wire import backups as wire_backups
from drtui.core.wire import responses
from drtui.core.wire.backup_schema import record_json
from drtui.core.wire.lenient import WireError
from tests.core.records import END, START, one, read, record, whole


def test_decode_returns_every_field_of_documented_shape() -> None:
    backup = whole(one())
    assert backup == Backup(
        name="nightly-2026-09-20-00-00-09",
        store="vault",
        recorded_store="vault",
        status="completed",
        start=START,
        end=END,
        retention=START + 1_209_600_000,
        release="11.4.0.6300",
        backup_type="FULL",
        schedule_type="SCHEDULED",
        category="SYSTEM",
        description="Scheduled Backup",
        site_name="county",
        namespace="gis-prod",
        parts=(
            Part(
                "relationalStore",
                "completed",
                START + 2_000,
                START + 52_000,
                "k2x9d",
                geodatabases=(Geodatabase("hgdb_k2x9d", "0A1B2C3D-0000-4000-8000-00000000000F"),),
                system_databases=("arcgis", "gwdb"),
            ),
            Part(
                "objectStore",
                "Completed",
                START + 52_000,
                START + 322_000,
                "m3n4p",
                buckets=("arcgis", "content", "uploads"),
            ),
            Part("infrastructures", "completed", START + 322_000, START + 340_000),
        ),
        record=backup.record,
    )
    assert backup.id == ("vault", "nightly-2026-09-20-00-00-09")
    assert (backup.duration, backup.is_completed, backup.is_scheduled) == (322_000, True, True)
    assert [part.duration for part in backup.parts] == [50_000, 270_000, 18_000]
    assert all(part.is_completed for part in backup.parts)
    assert backup.geodatabases[0].identity == "0a1b2c3d00004000800000000000000f"
    assert (backup.system_databases, backup.buckets) == (("arcgis", "gwdb"), ("arcgis", "content", "uploads"))


def test_decode_returns_both_backups_of_documented_answer() -> None:
    first = record(
        backupName="backup_first", scheduleType="MANUAL", startTime=1634736144653, completeTime=1634736484933
    )
    second = record(backupName="schedule1-2021-10-22-20-00-09", startTime=1634932842008, completeTime=1634932910038)
    backups = read(first, second)
    assert [(backup.name, backup.duration, backup.is_scheduled) for backup in backups] == [
        ("backup_first", 340_280, False),
        ("schedule1-2021-10-22-20-00-09", 68_030, True),
    ]


def test_record_is_as_sent_without_secrets() -> None:
    sent = record(somethingNew={"deep": [1, 2.5, None, True]})
    saved = msgspec.json.decode(record_json(one(somethingNew={"deep": [1, 2.5, None, True]})))
    del sent["encryptKey"], sent["relationalStore"][0]["metadata"], sent["objectStore"][0]["metadata"]
    assert saved == sent


FIELDS = [
    ("backupName", "name", ""),
    ("backupStore", "recorded_store", ""),
    ("status", "status", None),
    ("startTime", "start", None),
    ("completeTime", "end", None),
    ("retentionDate", "retention", None),
    ("release", "release", ""),
    ("backupType", "backup_type", ""),
    ("scheduleType", "schedule_type", ""),
    ("category", "category", ""),
    ("description", "description", ""),
    ("siteName", "site_name", ""),
    ("namespace", "namespace", ""),
]


@pytest.mark.parametrize("sent", [..., None, [], {}, [1], {"a": 1}], ids=["absent", "null", "[]", "{}", "[1]", "{a}"])
@pytest.mark.parametrize(("field", "name", "unknown"), FIELDS)
def test_field_is_unknown_when_missing_or_no_scalar(field: str, name: str, unknown: str | None, sent: object) -> None:
    backup = one(**{field: sent})
    assert getattr(backup, name) == unknown
    others = [other for _, other, _ in FIELDS if other != name]
    assert [getattr(backup, other) for other in others] == [getattr(one(), other) for other in others]


TIMES = [
    (START, START),
    (str(START), START),
    (f" {START} ", START),
    (float(START), START),
    (LAST, LAST),
    (0, None),
    (-1, None),
    ("0", None),
    ("-1", None),
    (LAST + 1, None),
    (10**18, None),
    (10**40, None),
    ("9" * 400, None),
    (1e308, None),
    (True, None),
    (False, None),
    ("", None),
    ("Apr 22, 2021, 2:00:00 AM", None),
    ("2026-09-20", None),
    ("١٢٣", None),
    ("--1", None),
]


@pytest.mark.parametrize(("sent", "moment"), TIMES)
@pytest.mark.parametrize("field", ["startTime", "completeTime"])
def test_r50_time_is_read_from_number_or_digits_only(field: str, sent: object, moment: int | None) -> None:
    backup = one(**{field: sent})
    assert (backup.start if field == "startTime" else backup.end) == moment


@pytest.mark.parametrize(
    ("sent", "retention"),
    [
        (-1, NEVER),
        ("-1", NEVER),
        (-1.0, NEVER),
        (-1.9, None),
        (-2, None),
        (0, None),
        (..., None),
        (None, None),
        ("never", None),
        (str(END), END),
        (END, END),
        (True, None),
        (10**30, None),
    ],
)
def test_r41_retention_is_never_only_when_minus_one(sent: object, retention: int | None) -> None:
    assert one(retentionDate=sent).retention == retention


@pytest.mark.parametrize("sent", ["NaN", "Infinity", "-Infinity", "1e400", "-1e400"])
def test_time_is_unknown_when_number_is_invalid(sent: str) -> None:
    body = f'{{"backups": [{{"backupName": "a", "startTime": {sent}, "retentionDate": {sent}}}]}}'
    (backup,) = wire_backups.decode_backups(responses.parse_document(body.encode()), "vault")
    assert (backup.name, backup.start, backup.retention) == ("a", None, None)
    msgspec.json.decode(record_json(backup))


@pytest.mark.parametrize("status", ["failed", "IN_PROGRESS", "", "error", "completed ✓", "completedish"])
def test_r1_status_is_kept_and_not_completed_for_other_words(status: str) -> None:
    backup = one(status=status, infrastructures={"status": status})
    assert (backup.status, backup.is_completed) == (status, False)
    (part,) = backup.parts_of_kind("infrastructures")
    assert (part.status, part.is_completed) == (status, False)


@pytest.mark.parametrize("status", ["completed", "COMPLETED", " Completed "])
def test_r1_backup_is_completed_for_any_case_of_completed(status: str) -> None:
    assert one(status=status).is_completed


@pytest.mark.parametrize(("sent", "status"), [(3, "3"), (True, "True"), (2.5, "2.5")])
def test_status_is_text_and_not_completed_for_other_types(sent: object, status: str) -> None:
    backup = one(status=sent)
    assert (backup.status, backup.is_completed) == (status, False)


def test_backup_has_store_of_its_record_when_layout_is_old() -> None:
    backups = read(record(backupStore="one"), record(backupStore="two"), record(backupStore=...), store=None)
    assert [backup.store for backup in backups] == ["one", "two", ""]


def test_recorded_store_is_kept_when_store_was_registered_again() -> None:
    (backup,) = read(record(backupStore="old"), store="new")
    assert (backup.store, backup.recorded_store) == ("new", "old")


def test_r11_decode_returns_nothing_for_empty_list() -> None:
    assert read() == ()


@pytest.mark.parametrize("sent", [None, {}, {"a": record()}, "", "[]", 0, False, True])
def test_r11_decode_raises_when_value_is_no_list(sent: object) -> None:
    with pytest.raises(WireError, match='under "backups", not a list'):
        wire_backups.decode_backups(responses.parse_document(json.dumps({"backups": sent}).encode()), "vault")


@pytest.mark.parametrize("answer", [{}, {"Backups": []}, {"backup": []}, {"status": "success"}, record()])
def test_r11_decode_raises_when_list_is_missing(answer: dict[str, Any]) -> None:
    with pytest.raises(WireError, match='no "backups"'):
        wire_backups.decode_backups(responses.parse_document(json.dumps(answer).encode()), "vault")


@pytest.mark.parametrize("element", [None, 1, "nightly", [], {}])
def test_decode_returns_backup_for_element_that_is_no_record(element: object) -> None:
    first, second = read(element, record())
    assert (first.name, first.status, first.parts) == ("", None, ())
    assert second.name == "nightly-2026-09-20-00-00-09"
