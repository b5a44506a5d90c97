"""A backup record of the documented shape with changes, and the backup decoded from it."""

import json
from typing import Any

from msgspec.structs import replace

from drtui.core.model.backup import Backup
from drtui.core.wire import backups, responses

START, END = 1_789_862_400_000, 1_789_862_722_000


def record(**changes: Any) -> dict[str, Any]:
    """Return a record of the documented shape with changes; `...` as a value removes the field."""
    whole = {
        "release": "11.4.0.6300",
        "siteName": "county",
        "description": "Scheduled Backup",
        "completeTime": END,
        "backupStore": "vault",
        "retentionDate": START + 1_209_600_000,
        "encryptKey": "PlantedEncryptKey",
        "backupType": "FULL",
        "relationalStore": [
            {
                "metadata": "{crypt}PlantedMetadata",
                "geodatabases": [{"gdbName": "hgdb_k2x9d", "egdbID": "0A1B2C3D-0000-4000-8000-00000000000F"}],
                "systemDatabases": ["arcgis", "gwdb"],
                "startTime": START + 2_000,
                "clusterID": "k2x9d",
                "endTime": START + 52_000,
                "status": "completed",
            }
        ],
        "scheduleType": "SCHEDULED",
        "objectStore": [
            {
                "metadata": "{crypt}PlantedMetadata",
                "buckets": ["arcgis", "content", "uploads"],
                "startTime": START + 52_000,
                "clusterID": "m3n4p",
                "endTime": START + 322_000,
                "status": "Completed",
            }
        ],
        "namespace": "gis-prod",
        "startTime": START,
        "infrastructures": {"startTime": START + 322_000, "endTime": START + 340_000, "status": "completed"},
        "category": "SYSTEM",
        "backupName": "nightly-2026-09-20-00-00-09",
        "status": "completed",
    }
    return {key: value for key, value in (whole | changes).items() if value is not ...}


def read(*records: Any, store: str | None = "vault") -> tuple[Backup, ...]:
    """Return the backups in an answer with these records."""
    return backups.decode_backups(responses.parse_document(json.dumps({"backups": records}).encode()), store)


def one(**changes: Any) -> Backup:
    """Return the backup decoded from a record with changes."""
    (backup,) = read(record(**changes))
    return backup


def whole(backup: Backup) -> Backup:
    """Return a copy of a backup with a tuple of parts, to compare it."""
    return replace(backup, parts=backup.parts[:])
