"""Valid documented responses, exported histories and typed texts: the seeds of the fuzzer. They contain no secret."""

from typing import Any

from tests.conftest import NOW
from tests.core.records import record

DAY = 86_400_000


def _backup(number: int, **changes: Any) -> dict[str, Any]:
    start = NOW - number * DAY
    moved = {"startTime": start, "completeTime": start + 322_000, "retentionDate": start + 14 * DAY}
    whole = record(encryptKey=..., backupName=f"nightly-2026-09-{20 - number:02}-00-00-09", **{**moved, **changes})
    for part in (*whole["relationalStore"], *whole["objectStore"]):
        part.pop("metadata", None)
    return whole


VOLUME = {"storageClass": "backups", "size": "64Gi", "provisioningType": "STATIC", "labels": {"arcgis/purpose": "b"}}
STAGES = [
    {"name": "Validation", "state": "completed", "duration": "3096 millis (~ 0 minutes)", "lastUpdated": NOW},
    {"name": "Stage Object store", "state": "failed", "duration": "-"},
]

SITE = {"fullVersion": "11.4.0.6300", "currentVersion": "11.4", "resources": ["orgs", "system"]}
STORES = {
    "backupStores": [
        {"name": "vault", "type": "HOSTED", "default": True, "rootDir": "r", "storageConfig": VOLUME,
         "versionCreated": "11.4.0", "supportBDSBackup": "true", "autoShutdown": False},
        {"name": "offsite", "type": "S3", "default": "false", "bucketName": "b", "region": "eu-central-1",
         "providerID": "s3prov01", "serviceID": "s3serv01", "versionCreated": "11.2"},
    ]
}  # fmt: skip
BACKUPS = {
    "backups": [
        _backup(0),
        _backup(1, status="failed"),
        _backup(2, retentionDate=-1, release="10.9.1"),
        _backup(3, completeTime=0, bigData=[{"status": "running", "clusterID": "x"}]),
        _backup(4, scheduleType="MANUAL", backupStore="offsite", infrastructures=[{"status": "completed"}]),
    ]
}
TASK = {
    "id": "5f0c", "taskId": "5f0c", "taskType": "CreateBackup", "taskTitle": "nightly", "taskState": "active",
    "active": True, "cronExpression": "0 0 0 ? * *", "runIntervalSeconds": 86_400, "created": NOW - 60 * DAY,
    "updated": NOW - 30 * DAY, "lastStart": NOW - DAY, "startDate": NOW - 60 * DAY,
    "cronSchedule": {"dayOfWeek": "7", "hour": "4", "month": "*", "dayOfMonth": "?", "minute": "0"},
    "parameters": {
        "name": "nightly", "storeName": "vault", "retentionOffset": 14 * DAY,
        "metaData": {"recurring": True, "startTime": "04:00", "retention": {"type": "day", "value": 14}},
    },
}  # fmt: skip
SCHEDULES = {
    "result": [
        TASK,
        {**TASK, "id": "77aa", "taskTitle": "hourly", "cronExpression": "", "runIntervalSeconds": "3600"},
        {"id": "c1", "taskType": "BackupRetentionCleaner", "taskState": "paused", "active": False},
    ]
}
STATUS = {
    "status": {
        "state": "completed_with_warnings", "code": 3, "operation": "Backup", "backupStore": "vault", "message": "m",
        "backupName": "nightly-2026-09-20-00-00-09", "scheduleType": "SCHEDULED", "startTime": NOW - 9_000_000,
        "completeTime": NOW - 8_000_000, "overallDuration": "00hr:01min:04sec", "stages": STAGES,
        "messages": ["one", {"message": "two"}],
    }
}  # fmt: skip
RESTORE = {"status": {"state": "in_progress", "operation": "Restore", "startTime": NOW - 600_000, "stages": STAGES}}
SETTINGS = {"stagingVolumeConfig": {**VOLUME, "timeoutInSeconds": 14_400}, "timeoutInSeconds": "10800"}
JOB = {
    "jobid": "j2bc", "status": "EXECUTING", "starttime": NOW - 500_000, "endtime": 0, "username": "admin",
    "operationURI": "/context/admin/system/disasterrecovery", "result": {"stages": STAGES}, "messages": ["m"],
}  # fmt: skip
JOBS = {"jobs": ["j1", "j2"]}
DATA = {
    "items": [
        {"id": "egdb", "name": "relational-store-k2x9d", "type": "egdb", "systemManaged": True, "info": {"users": []}},
        {"path": "/fileShares/imagery", "type": "folder", "systemManaged": "false", "purposes": ["p"]},
        {"path": "https://user:word@host/share?sig=a", "type": "objectStore", "provider": "x"},
    ]
}
REFUSALS = (
    {"error": {"code": 498, "message": "Invalid Token", "details": ["d"], "description": "e"}},
    {"status": "error", "messages": ["no"], "code": 500},
    {"success": "false", "message": "no"},
    {"error": ["a", {"message": "b"}]},
)
GRANT = {"expires": NOW + 3_600_000, "ssl": True}

ANSWERS: tuple[Any, ...] = (
    SITE, STORES, BACKUPS, BACKUPS["backups"][0], SCHEDULES, STATUS, SETTINGS, JOB, JOBS, DATA, *REFUSALS, GRANT,
    {"backups": []},
)  # fmt: skip

SITES: tuple[Any, ...] = tuple(
    {"site": SITE, "stores": STORES, "backups": BACKUPS, "status": status, "settings": SETTINGS,
     "schedules": schedules, "data": DATA, "job": JOB}
    for status, schedules in ((STATUS, SCHEDULES), (RESTORE, SCHEDULES), (STATUS, REFUSALS[0]))
)  # fmt: skip
"""Responses of all resources of a site, for one refresh each."""

HISTORY = {
    "drtui_history": 1,
    "site": "https://gis.example.com/arcgis",
    "answers": {
        name: {"at": NOW, "answer": answer}
        for name, answer in (
            ("site", SITE), ("stores", STORES), ("status", STATUS), ("settings", SETTINGS), ("schedules", SCHEDULES),
            ("data", DATA),
        )
    },
    "lists": [{"store": "vault", "at": NOW}, {"store": "offsite", "at": NOW - DAY}],
    "records": [
        {"store": "vault", "first_seen": NOW - 3 * DAY, "last_seen": NOW - DAY, "gone_since": gone, "copy": 0,
         "record": each}
        for each, gone in zip(BACKUPS["backups"], (None, None, NOW, None, NOW - 1_000), strict=True)
    ],
    "looks": [{"id": "a1", "at": NOW, "outcome": ""}, {"id": "a2", "at": NOW - DAY, "outcome": "status: timeout"}],
}  # fmt: skip
"""An exported history."""
