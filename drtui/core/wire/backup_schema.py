"""The documented shape of a backup (docs/api.md#backups), for decoding and encoding at the speed of the JSON parser.

Nearly every record has this shape. The `Backup` then contains all of the record, so that the record is not stored, but
encoded again when needed. A record that differs in any way (fields, types, harmful text) is stored.
"""

from functools import lru_cache
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType, field

from drtui.core.formatting.times import LAST
from drtui.core.model import backup as b

Moment = Annotated[int, Meta(gt=0, le=LAST)]
Retention = Annotated[int, Meta(ge=b.NEVER, le=LAST)]
Secret = str | UnsetType
"""Type of a secret field: accepted in a record, and never written."""


class Relational(Struct, forbid_unknown_fields=True, gc=False):
    """The part of a relational store."""

    geodatabases: Raw
    system_databases: Raw = field(name="systemDatabases")
    start: Moment = field(name="startTime")
    cluster: str = field(name="clusterID")
    end: Moment = field(name="endTime")
    status: str
    metadata: Secret = UNSET


class Objects(Struct, forbid_unknown_fields=True, gc=False):
    """The part of an object store."""

    buckets: Raw
    start: Moment = field(name="startTime")
    cluster: str = field(name="clusterID")
    end: Moment = field(name="endTime")
    status: str
    metadata: Secret = UNSET


class Infrastructure(Struct, forbid_unknown_fields=True, gc=False):
    """The part of the infrastructure."""

    start: Moment = field(name="startTime")
    end: Moment = field(name="endTime")
    status: str


class Record(Struct, forbid_unknown_fields=True, gc=False):
    """A record of the documented shape, with its fields in the order in which sites send them."""

    release: str
    site_name: str = field(name="siteName")
    description: str
    complete: Moment = field(name="completeTime")
    store: str = field(name="backupStore")
    retention: Retention = field(name="retentionDate")
    backup_type: str = field(name="backupType")
    relational: list[Relational] = field(name=b.RELATIONAL)
    schedule_type: str = field(name="scheduleType")
    objects: list[Objects] = field(name=b.OBJECT)
    namespace: str
    start: Moment = field(name="startTime")
    infrastructure: Infrastructure = field(name=b.INFRASTRUCTURE)
    category: str
    name: str = field(name="backupName")
    status: str
    key: Secret = field(name="encryptKey", default=UNSET)


DOCUMENTED = frozenset(Record.__struct_encode_fields__)
"""Names of the documented fields of a record."""


def record_json(backup: b.Backup) -> bytes:
    """Return the record of a backup as JSON without secrets: as it was sent, or encoded in the documented shape."""
    return backup.record or _encode_record(backup)


def _encode_record(backup: b.Backup) -> bytes:
    parts = backup.parts[:]
    return msgspec.json.encode(
        Record(
            release=backup.release,
            site_name=backup.site_name,
            description=backup.description,
            complete=backup.end or 0,
            store=backup.recorded_store,
            retention=backup.retention or 0,
            backup_type=backup.backup_type,
            relational=[_relational(part) for part in parts if part.kind == b.RELATIONAL],
            schedule_type=backup.schedule_type,
            objects=[_objects(part) for part in parts if part.kind == b.OBJECT],
            namespace=backup.namespace,
            start=backup.start or 0,
            infrastructure=Infrastructure(parts[-1].start or 0, parts[-1].end or 0, parts[-1].status or ""),
            category=backup.category,
            name=backup.name,
            status=backup.status or "",
        )
    )


def _relational(part: b.Part) -> Relational:
    geodatabases, databases = _encode_items(part.geodatabases), _encode_items(part.system_databases)
    return Relational(geodatabases, databases, part.start or 0, part.cluster, part.end or 0, part.status or "")


def _objects(part: b.Part) -> Objects:
    return Objects(_encode_items(part.buckets), part.start or 0, part.cluster, part.end or 0, part.status or "")


@lru_cache(1_000)  # consecutive backups mostly have the same items
def _encode_items(items: tuple[b.Geodatabase, ...] | tuple[str, ...]) -> Raw:
    """Return geodatabases, databases or buckets as JSON."""
    return Raw(msgspec.json.encode(items))
