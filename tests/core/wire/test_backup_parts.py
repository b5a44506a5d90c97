"""Decoding of the parts of a backup: documented, unknown, missing and malformed ones."""

import pytest
from msgspec.structs import replace

from drtui.core.model.backup import RELATIONAL, Backup, Geodatabase, PackedParts, Part
from drtui.core.wire import backups, responses
from drtui.core.wire.backup_schema import record_json
from tests.core.records import one


@pytest.mark.parametrize("kind", ["relationalStore", "objectStore", "infrastructures"])
@pytest.mark.parametrize("sent", [..., None, [], "completed", 1, True])
def test_r2_decode_returns_no_part_when_record_has_none(kind: str, sent: object) -> None:
    backup = one(**{kind: sent})
    assert backup.parts_of_kind(kind) == ()
    assert len(backup.parts) == 2


@pytest.mark.parametrize("kind", ["relationalStore", "objectStore", "infrastructures"])
@pytest.mark.parametrize("sent", [None, "completed", 1, [], {}, {"clusterID": "x"}])
def test_r2_decode_returns_unknown_part_when_element_is_no_object(kind: str, sent: object) -> None:
    parts = one(**{kind: [{"status": "completed"}, sent]}).parts_of_kind(kind)
    assert [part.is_completed for part in parts] == [True, False]
    assert parts[1].status is None


@pytest.mark.parametrize("kind", ["relationalStore", "objectStore", "infrastructures"])
def test_decode_returns_parts_for_object_or_list(kind: str) -> None:
    assert [part.kind for part in one(**{kind: {"status": "completed"}}).parts_of_kind(kind)] == [kind]
    several = one(**{kind: [{"status": "completed"}, {"status": "failed"}]})
    assert [part.status for part in several.parts_of_kind(kind)] == ["completed", "failed"]


@pytest.mark.parametrize(
    ("sent", "statuses"),
    [
        ({"status": "completed"}, ["completed"]),
        ([{"status": "completed"}, {"status": "failed"}], ["completed", "failed"]),
        ([{"status": "completed"}, {"startTime": 5}], ["completed", None]),
        ({"status": None}, [None]),
        ({"clusterID": "x"}, [None]),
        ({"size": 1}, [None]),
        ({}, [None]),
        ([], []),
        ([{"size": 1}], [None]),
        ([None], [None]),
        ("completed", ["completed"]),
        ("in progress", ["in progress"]),
        ("failed: no room", ["failed: no room"]),
        ("vault", []),
        (None, []),
        (1, []),
        (True, []),
        ({"state": "success"}, ["success"]),
        ({"State": "success", "STATUS": "FAILED"}, ["FAILED"]),
        ({"status": "success", "state": "busy"}, ["busy"]),
        ({"status": {"state": "success"}}, ["success"]),
        ({"status": ["success", {"state": "aborted"}]}, ["aborted"]),
        ({"status": 3}, ["3"]),
        ({"node": {"status": "failed"}}, ["failed"]),
        ({"status": "success", "nodes": [{"state": "success"}, {"state": "failed"}]}, ["success", "success", "failed"]),
        ({"status": "success", "instance": {"clusterID": "x"}}, ["success"]),
        ({"primary": "success", "replica": "failed"}, ["success", "failed"]),
        (["success", "failed"], ["success", "failed"]),
        (["success", "vault"], ["success", None]),
        (["vault", 1, "success", {}], ["success", None, None]),
        ([1] * 100_000, [None]),
        ([{"nodes": [{"status": "success"}]}, {"name": "b"}], ["success", None]),
    ],
)
def test_decode_returns_parts_of_undocumented_store_for_any_shape(sent: object, statuses: list[str | None]) -> None:
    backup = one(spatiotemporalStore=sent)
    assert [part.status for part in backup.parts_of_kind("spatiotemporalStore")] == statuses
    assert len(backup.parts) == 3 + len(statuses)


@pytest.mark.parametrize(
    ("name", "sent", "statuses"),
    [
        ("bigData", {"status": "failed"}, ["failed"]),
        ("bigData", "FAILED", ["FAILED"]),
        ("bigData", {"notes": {"text": "x"}}, []),
        ("bigData", {"compression": "ok", "level": 3}, []),
        ("bigData", [{"size": 1}], []),
        ("bigDataStatus", "as ever", ["as ever"]),
        ("state", "odd", ["odd"]),
        ("owner", "admin", []),
        ("message", "completed without errors", []),
        ("message", "", []),
        ("immutable", True, []),
        ("catalog", {"state": "success", "items": [{"state": "success"}]}, ["success", "success"]),
    ],
)
def test_decode_returns_undocumented_part_only_when_marked_as_one(
    name: str, sent: object, statuses: list[str | None]
) -> None:
    assert [part.status for part in one(**{name: sent}).parts_of_kind(name)] == statuses


@pytest.mark.parametrize("kind", ["relationalStore", "objectStore", "infrastructures"])
@pytest.mark.parametrize("sent", [{"state": "completed"}, {"status": "success"}, {"status": {"state": "completed"}}])
def test_documented_part_is_completed_only_when_status_is_completed(kind: str, sent: object) -> None:
    (part,) = one(**{kind: sent}).parts_of_kind(kind)
    assert (part.is_completed, part.has_failed) == (False, True)


def test_record_keeps_unknown_fields() -> None:
    assert b'"immutableUntil":7' in record_json(one(immutableUntil=7))


@pytest.mark.parametrize(
    ("sent", "geodatabases"),
    [
        ([{"gdbName": "a", "egdbID": "1"}, {"gdbName": "b"}], (Geodatabase("a", "1"), Geodatabase("b", ""))),
        ([{"egdbID": 7, "gdbName": None}], (Geodatabase("", "7"),)),
        (["a"], (Geodatabase("a", ""),)),
        ({"gdbName": "a", "egdbID": "1"}, (Geodatabase("a", "1"),)),
        ([None, [], {}], ()),
        (None, ()),
        ("a", ()),
        ([], ()),
    ],
)
def test_decode_returns_geodatabases(sent: object, geodatabases: tuple[Geodatabase, ...]) -> None:
    assert one(relationalStore=[{"geodatabases": sent}]).geodatabases == geodatabases


@pytest.mark.parametrize(
    ("sent", "names"), [(["a", 7, None, "b", ["x"]], ("a", "7", "b")), (None, ()), ("a", ("a",)), ({}, ()), ([], ())]
)
def test_decode_returns_system_databases_and_buckets(sent: object, names: tuple[str, ...]) -> None:
    backup = one(relationalStore=[{"systemDatabases": sent}], objectStore=[{"buckets": sent}])
    assert (backup.system_databases, backup.buckets) == (names, names)


@pytest.mark.parametrize(
    ("start", "end", "took"), [(1_000, 2_000, 1_000), (2_000, 1_000, None), (0, 5, None), (5, 0, None), (5, 5, 0)]
)
def test_duration_is_none_when_times_are_missing_or_swapped(start: int, end: int, took: int | None) -> None:
    backup = one(startTime=start, completeTime=end, infrastructures={"startTime": start, "endTime": end})
    assert (backup.duration, backup.parts_of_kind("infrastructures")[0].duration) == (took, took)


@pytest.mark.parametrize("sent", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 30, "9" * 400])
@pytest.mark.parametrize("beside", ["1", "NaN"])
def test_saved_record_decodes_equal_when_number_is_not_json(sent: str, beside: str) -> None:
    answer = f'{{"backups":[{{"backupName":{sent},"status":{sent},"startTime":{sent},"buckets":{beside}}}]}}'
    (backup,) = backups.decode_backups(responses.parse_document(answer.encode()), "vault")
    assert backups.decode_backups({"backups": [responses.parse_document(record_json(backup))]}, "vault") == (backup,)


def test_packed_parts_behave_like_a_tuple() -> None:
    held = (
        Part(RELATIONAL, "completed", 5, 7, "r1", (Geodatabase("roads", "1"),), ("gwdb",)),
        Part("new", None, None, 9),
    )
    undated = tuple(replace(part, start=None, end=None) for part in held)
    parts = PackedParts.pack(undated, (5, 7, 0, 9))
    assert (tuple(parts), len(parts), parts[0], parts[-1], parts[1:]) == (held, 2, held[0], held[1], held[1:])
    backup = Backup("x", "vault", parts=parts)
    assert (backup.undated_parts, backup.capture_duration, backup.parts_of_kind("new")) == (undated, 2, held[1:])
    assert Backup("x", "vault", parts=held).undated_parts is held
