"""Stores, schedules, statuses and jobs in the form of the API (docs/api.md)."""

import uuid

from drtui.demo.backup_history import DAY, MINUTE, ORGANIZATION, Record
from drtui.demo.scenarios import IDENTITY_KEY, PASSCODE

STAGES = (
    "Validation",
    "Stage Relational store",
    "Stage Object store",
    "Stage system configuration",
    "Post backup operation cleanup",
)


def release_line(release: str) -> tuple[int, ...]:
    """Return the first three numbers of a release."""
    return tuple(int(number) for number in release.split(".")[:3])


def store(name: str, kind: str, *, default: bool = False, release: str = "11.4.0") -> Record:
    """Return a backup store (docs/api.md#stores)."""
    # Every store of 11.2 and later has these ids: Esri's own client prints them unchecked (docs/api.md#stores).
    shared = {"name": name, "default": default, "rootDir": "site-backups", "versionCreated": release}
    shared |= {"providerID": "", "serviceID": ""}
    if kind == "S3":
        return {**shared, "type": "S3", "bucketName": "gis-dr-archive", "region": "eu-central-1", **_cloud("s3")}
    if kind == "AZURE_BLOBSTORE":
        return {**shared, "type": kind, "containerName": "gis-offsite", **_cloud("az")}
    volume: Record = {"storageClass": "backups", "size": "256Gi", "provisioningType": kind}
    if kind == "STATIC":
        volume["labels"] = {"arcgis/purpose": "backups"}
    identity = {"identity": "k2h7q0vd41xm9tzc3npa", "identityKey": IDENTITY_KEY}
    return {**shared, "type": "HOSTED", "storageConfig": volume, **identity, "autoShutdown": kind == "STATIC"}


def _cloud(short: str) -> Record:
    return {"providerID": f"{short}prov01", "serviceID": f"{short}serv01"}


def task(prefix: str, store_name: str, cron: str, *, last: int, keep_days: int, active: bool = True) -> Record:
    """Return a backup schedule (docs/api.md#schedules), with its passcode in clear text as documented."""
    identity = uuid.uuid5(uuid.NAMESPACE_URL, prefix).hex
    _, minute, hour, day, month, weekday = cron.split()
    return {
        "generation": 2,
        "created": last - 200 * DAY,
        "active": active,
        "ownerId": uuid.uuid5(uuid.NAMESPACE_URL, "owner").hex,
        "type": "CREATE_BACKUP_TASK_TYPE",
        "orgId": ORGANIZATION.upper(),
        "cronSchedule": {"dayOfWeek": weekday, "hour": hour, "month": month, "dayOfMonth": day, "minute": minute},
        "cronExpression": cron,
        "runIntervalSeconds": 86_400,
        "taskType": "CreateBackup",
        "taskState": "active" if active else "paused",
        "taskTitle": prefix,
        "maxOccurrences": -1,
        "id": identity,
        "lastStart": last,
        "parameters": {
            "itemId": "",
            "metaData": {
                "recurring": True,
                "startTime": f"{int(hour) if hour.isdigit() else 0:02}:00",
                "retention": {"type": "day", "value": keep_days},
            },
            "retentionOffset": keep_days * DAY,
            "name": prefix,
            "storeName": store_name,
            "passcode": PASSCODE,
        },
        "updated": last - 30 * DAY,
        "taskId": identity,
        "startDate": last - 200 * DAY,
    }


def cleaner(last: int) -> Record:
    """Return the task that deletes expired backups."""
    record = task("cleaner", "", "0 0 1 * * ?", last=last, keep_days=1)
    return {
        **record,
        "type": "BACKUP_RETENTION_CLEANER_TASK_TYPE",
        "taskType": "BackupRetentionCleaner",
        "taskTitle": "backupRetentionCleaner",
        "parameters": {},
    }


def status_of(record: Record, *, state: str = "success", operation: str = "Backup", message: str = "") -> Record:
    """Return the status after an operation on this backup (docs/api.md#status)."""
    start, end = record["startTime"], record["completeTime"]
    duration = end - start
    stages = [
        {
            "duration": f"{stage_duration} millis (~ {stage_duration // MINUTE} minutes)",
            "lastUpdated": start - 2,
            "name": name,
            "state": "completed",
        }
        for name, stage_duration in zip(STAGES, _stage_durations(record), strict=True)
    ]
    return {
        "code": 3,
        "scheduleType": record["scheduleType"],
        "stages": stages,
        "completeTime": end,
        "startTime": start,
        "state": state,
        "backupStore": record["backupStore"],
        "message": message,
        "operation": operation,
        "overallDuration": spelled(duration),
        "backupName": record["backupName"],
    }


def _stage_durations(record: Record) -> tuple[int, ...]:
    """Return the milliseconds of each stage of the backup: those of its parts, and the time before and after them."""
    relational, objects = record["relationalStore"][0], record["objectStore"][0]
    system = record["infrastructures"]
    parts = tuple(part["endTime"] - part["startTime"] for part in (relational, objects, system))
    return (relational["startTime"] - record["startTime"], *parts, record["completeTime"] - system["endTime"])


def job_of(identity: str, start: int, *, status: str, uri: str = "") -> Record:
    """Return a job (docs/api.md#jobs); on recent releases it is COMPLETED at once and has no result."""
    return {
        "updatedtime": start + 900,
        "jobid": identity,
        "endtime": start + 900 if status == "COMPLETED" else 0,
        "starttime": start,
        "operationURI": uri or "/arcgis/admin/system/disasterrecovery/stores/nightly-pv/backups/create",
        "status": status,
        "username": "siteadmin",
    }


def spelled(milliseconds: int) -> str:
    """Return a duration as the server spells it."""
    seconds = milliseconds // 1_000
    return f"{seconds // 3600:02}hr:{seconds // 60 % 60:02}min:{seconds % 60:02}sec:{milliseconds % 1_000}millisec"
