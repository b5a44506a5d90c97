"""Decoding of tasks, the last operation and jobs."""

import json
from typing import Any

import msgspec
import pytest

from drtui.core.model import site as s
from drtui.core.model.site import Stage
from drtui.core.wire import responses
from drtui.core.wire.lenient import WireError

T = 1_789_862_400_000


def sent(answer: object) -> dict[str, Any]:
    """Return the parsed document of an answer."""
    return responses.parse_document(json.dumps(answer).encode())


def task(**changes: Any) -> dict[str, Any]:
    """Return a task of the documented shape with changes; `...` as a value removes the field."""
    whole = {
        "generation": 2,
        "created": T,
        "active": False,
        "ownerId": "0000000000000000000000000000000a",
        "type": "CREATE_BACKUP_TASK_TYPE",
        "cronSchedule": {"dayOfWeek": "7", "hour": "4", "month": "*", "dayOfMonth": "?", "minute": "0"},
        "cronExpression": "0 0 4 ? * 7",
        "runIntervalSeconds": 604_800,
        "taskType": "CreateBackup",
        "taskState": "paused",
        "taskTitle": "weekly",
        "maxOccurrences": -1,
        "id": "t1",
        "taskId": "t1",
        "lastStart": T + 2,
        "parameters": {
            "metaData": {"recurring": True, "startTime": "04:00", "retention": {"type": "day", "value": 14}},
            "retentionOffset": 1_209_600_000,
            "name": "weekly-backup",
            "storeName": "vault",
            "passcode": "PlantedPasscode",
        },
        "updated": T + 1,
        "startDate": T + 3,
    }
    return {key: value for key, value in (whole | changes).items() if value is not ...}


def schedule(**changes: Any) -> s.Schedule:
    """Return the schedule decoded from a task with changes, without its raw record."""
    (schedules,) = responses.decode_schedules(sent({"result": [task(**changes)]}))
    return msgspec.structs.replace(schedules, raw=b"{}")


def test_decode_schedules_returns_every_field() -> None:
    task = schedule()
    assert task == s.Schedule(
        id="t1",
        task_type="CreateBackup",
        title="weekly",
        prefix="weekly-backup",
        store="vault",
        state="paused",
        active=False,
        cron="0 0 4 ? * 7",
        interval_seconds=604_800,
        retention_offset=1_209_600_000,
        created=T,
        updated=T + 1,
        last_start=T + 2,
        starts=T + 3,
    )
    assert (task.makes_backups, task.is_cleaner) == (True, False)


def test_raw_schedule_keeps_retention_policy() -> None:
    (schedules,) = responses.decode_schedules(sent({"result": [task()]}))
    assert msgspec.json.decode(schedules.raw)["parameters"]["metaData"]["retention"] == {"type": "day", "value": 14}


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"id": ...}, "id", "t1"),
        ({"id": ..., "taskId": ...}, "id", ""),
        ({"taskTitle": ..., "title": "other"}, "title", "other"),
        ({"taskType": None}, "task_type", ""),
        ({"lastStart": "Apr 22, 2021, 2:00:00 AM"}, "last_start", None),
        ({"created": "Apr 21, 2021, 10:42:17 PM"}, "created", None),
        ({"updated": str(T)}, "updated", T),
        ({"startDate": 0}, "starts", None),
        ({"active": "true"}, "active", True),
        ({"active": "TRUE "}, "active", True),
        ({"active": 1}, "active", None),
        ({"active": ...}, "active", None),
        ({"runIntervalSeconds": "3600"}, "interval_seconds", 3_600),
        ({"runIntervalSeconds": 10**40}, "interval_seconds", None),
        ({"parameters": {"retentionOffset": 1e308}}, "retention_offset", None),
        ({"parameters": {"retentionOffset": 10**20}}, "retention_offset", None),
        ({"parameters": {"retentionOffset": "86400000"}}, "retention_offset", 86_400_000),
        ({"parameters": None}, "prefix", ""),
        ({"parameters": [1]}, "store", ""),
        ({"parameters": ...}, "retention_offset", None),
        ({"cronExpression": None}, "cron", ""),
    ],
)
def test_decode_schedules_accepts_missing_or_other_fields(changes: dict[str, Any], field: str, value: object) -> None:
    assert getattr(schedule(**changes), field) == value


@pytest.mark.parametrize(
    ("kind", "makes", "cleans"),
    [
        ("CreateBackup", True, False),
        ("createbackup", True, False),
        ("BackupRetentionCleaner", False, True),
        ("CleanGPJobs", False, False),
        ("CreateHealthCheckReports", False, False),
        ("", False, False),
    ],
)
def test_schedule_kind_follows_task_type(kind: str, makes: bool, cleans: bool) -> None:
    task = schedule(taskType=kind)
    assert (task.makes_backups, task.is_cleaner) == (makes, cleans)


STAGE = {"duration": "3096 millis (~ 0 minutes)", "lastUpdated": T, "name": "Validation", "state": "completed"}


@pytest.mark.parametrize(
    ("record", "status"),
    [
        (
            {"code": 3, "scheduleType": "SCHEDULED", "stages": [STAGE, {}], "completeTime": T + 9, "startTime": T}
            | {"state": "success", "backupStore": "vault", "message": "", "operation": "Backup"}
            | {"overallDuration": "00hr:01min:04sec:221millisec", "backupName": "nightly"},
            s.DrStatus(
                *("success", 3, "Backup", "vault", "nightly", "SCHEDULED", T, T + 9, ""),
                "00hr:01min:04sec:221millisec",
                (Stage("Validation", "completed", "3096 millis (~ 0 minutes)"), Stage("")),
            ),
        ),
        ({"code": 0, "messages": [], "state": "no_op"}, s.DrStatus("no_op", 0)),
        (
            {"code": 3, "messages": [{"code": 4014, "message": "Started.", "when": T}, {"code": 1}, "plain"]},
            s.DrStatus(code=3, messages=("Started.", "plain")),
        ),
        ({"state": "failed", "code": "7", "message": "no room"}, s.DrStatus("failed", 7, message="no room")),
        ({"startTime": str(T), "completeTime": 0}, s.DrStatus(start=T)),
        ({"completeTime": -1, "stages": None, "messages": None}, s.DrStatus()),
        ({"stages": {"name": "a"}, "code": 10**30, "message": ["x"]}, s.DrStatus(stages=(Stage("a"),))),
        ({}, s.DrStatus()),
    ],
)
def test_decode_status_returns_every_field(record: object, status: s.DrStatus) -> None:
    assert msgspec.structs.replace(responses.decode_status(sent({"status": record})), raw=b"{}") == status


@pytest.mark.parametrize("answer", [{}, {"status": None}, {"status": "success"}, {"status": []}, {"state": "no_op"}])
def test_decode_status_raises_when_status_is_no_object(answer: object) -> None:
    with pytest.raises(WireError, match='under "status", not an object'):
        responses.decode_status(sent(answer))


def test_decode_jobs_returns_ids() -> None:
    assert responses.decode_jobs(sent({"jobs": ["j1", 7, None, "", {}, "j2"]})) == ("j1", "7", "j2")


@pytest.mark.parametrize(
    ("answer", "job"),
    [
        (
            {"updatedtime": T, "jobid": "j1", "endtime": 0, "starttime": T, "status": "EXECUTING", "username": "ann"}
            | {"operationURI": "/arcgis/admin/x"},
            s.Job("j1", "EXECUTING", T, None, "/arcgis/admin/x", "ann"),
        ),
        (
            {"jobid": "j1", "status": "COMPLETED", "endtime": T, "result": {"stages": [STAGE]}},
            s.Job("j1", "COMPLETED", end=T, stages=(Stage("Validation", "completed", "3096 millis (~ 0 minutes)"),)),
        ),
        ({"jobid": "j1", "status": "FAILED", "messages": ["a", "b"]}, s.Job("j1", "FAILED", messages=("a", "b"))),
        ({"jobid": "j1", "status": "TIMED OUT", "result": None}, s.Job("j1", "TIMED OUT")),
        ({"jobid": "j1", "result": "in words"}, s.Job("j1")),
        ({"status": "SUBMITTED"}, s.Job("", "SUBMITTED")),
    ],
)
def test_decode_job_returns_every_field(answer: object, job: s.Job) -> None:
    assert msgspec.structs.replace(responses.decode_job(sent(answer)), raw=b"{}") == job


def test_decode_job_raises_when_id_and_status_are_missing() -> None:
    with pytest.raises(WireError, match="jobid"):
        responses.decode_job(sent({"jobs": []}))
