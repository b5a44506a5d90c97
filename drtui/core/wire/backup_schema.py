"""Decode and encode backups of the documented shape (docs/api.md#backups) at the speed of the JSON parser.

Nearly every record has this shape. The `Backup` then contains all of the record, so that the record is not stored, but
encoded again when needed. A record that differs in any way (fields, types, harmful text) is rejected here and decoded
by `backups`, which accepts any shape and returns equal values for records of the documented shape.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import Annotated, TypeVar
from weakref import proxy

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType, field
from msgspec.structs import astuple

from drtui.core.formatting.times import LAST
from drtui.core.model import backup as b
from drtui.core.wire.known_secrets import KnownSecrets
from drtui.core.wire.redact import is_harmless

K = TypeVar("K")
V = TypeVar("V")

MAX_SHARED = 10_000
"""Maximum number of shared texts, or of shared lists of items; more would not save memory if all differ."""

Moment = Annotated[int, Meta(gt=0, le=LAST)]
Retention = Annotated[int, Meta(ge=b.NEVER, le=LAST)]
Secret = str | UnsetType
"""Type of a secret field: accepted in a record, and never written."""


class _Geodatabase(Struct, forbid_unknown_fields=True, gc=False):
    name: str = field(name="gdbName")
    id: str = field(name="egdbID")


class _Relational(Struct, forbid_unknown_fields=True, gc=False):
    geodatabases: Raw
    system_databases: Raw = field(name="systemDatabases")
    start: Moment = field(name="startTime")
    cluster: str = field(name="clusterID")
    end: Moment = field(name="endTime")
    status: str
    metadata: Secret = UNSET


class _Objects(Struct, forbid_unknown_fields=True, gc=False):
    buckets: Raw
    start: Moment = field(name="startTime")
    cluster: str = field(name="clusterID")
    end: Moment = field(name="endTime")
    status: str
    metadata: Secret = UNSET


class _Infrastructure(Struct, forbid_unknown_fields=True, gc=False):
    start: Moment = field(name="startTime")
    end: Moment = field(name="endTime")
    status: str


class _Record(Struct, forbid_unknown_fields=True, gc=False):
    """A record of the documented shape, with its fields in the order in which sites send them."""

    release: str
    site_name: str = field(name="siteName")
    description: str
    complete: Moment = field(name="completeTime")
    store: str = field(name="backupStore")
    retention: Retention = field(name="retentionDate")
    backup_type: str = field(name="backupType")
    relational: list[_Relational] = field(name=b.RELATIONAL)
    schedule_type: str = field(name="scheduleType")
    objects: list[_Objects] = field(name=b.OBJECT)
    namespace: str
    start: Moment = field(name="startTime")
    infrastructure: _Infrastructure = field(name=b.INFRASTRUCTURE)
    category: str
    name: str = field(name="backupName")
    status: str
    key: Secret = field(name="encryptKey", default=UNSET)


DOCUMENTED = frozenset(_Record.__struct_encode_fields__)
"""Names of the documented fields of a record."""

_Undated = tuple[tuple[tuple[str, str, bytes, bytes], ...], tuple[tuple[str, str, bytes], ...], str]
"""The parts of a record without their times: JSON of relational stores, object stores and infrastructure."""


class NotDocumentedShape(ValueError):
    """Raised for a record that does not have the documented shape."""


_record = msgspec.json.Decoder(_Record).decode
_records = msgspec.json.Decoder(list[_Record]).decode
_geodatabases = msgspec.json.Decoder(list[_Geodatabase]).decode
_texts = msgspec.json.Decoder(tuple[str, ...]).decode


class _Shared(dict[K, V]):
    """A cache of values that many records have in common: each is decoded once and stored once."""

    def __init__(self, decode: Callable[[K], V]) -> None:
        super().__init__()
        self._decode = decode

    def __missing__(self, key: K) -> V:
        if len(self) >= MAX_SHARED:
            self.clear()
        value = self[key] = self._decode(key)
        return value


class BackupDecoder:
    """Decoder for the records in the list of a store.

    Args:
        store: name of the store whose backups are listed; with None each record names its store (10.9).
        previous: backups of an earlier refresh; an unchanged backup is reused to save memory.
        secrets: known secrets; a record that contains one is rejected.
        saved: True if the records were sanitized before they were saved.
    """

    def __init__(
        self,
        store: str | None,
        previous: Iterable[b.Backup] = (),
        secrets: KnownSecrets | None = None,
        *,
        saved: bool = False,
    ) -> None:
        self.value_count = 0
        """Approximate number of decoded values, which take more memory than the JSON."""
        self.store, self.secrets, self._saved = store, secrets, saved
        self._previous = {backup.name: backup for backup in previous}
        self._sanitized_decoder: BackupDecoder | None = None
        me = proxy(self)  # a reference cycle would keep the decoder and all known backups until garbage collection
        self._text: _Shared[str, str] = _Shared(partial(BackupDecoder._require_harmless, me))
        self._geodatabases: _Shared[bytes, tuple[b.Geodatabase, ...]] = _Shared(
            partial(BackupDecoder._decode_geodatabases, me)
        )
        self._texts: _Shared[bytes, tuple[str, ...]] = _Shared(partial(BackupDecoder._decode_texts, me))
        self._undated: _Shared[_Undated, tuple[b.Part, ...]] = _Shared(partial(BackupDecoder._make_undated_parts, me))
        self._shared_geodatabases: _Shared[tuple[b.Geodatabase, ...], tuple[b.Geodatabase, ...]] = _Shared(
            lambda geodatabases: geodatabases
        )

    @property
    def for_sanitized(self) -> "BackupDecoder":
        """Decoder for sanitized records of the same list."""
        if self._saved:
            return self
        if self._sanitized_decoder is None:
            self._sanitized_decoder = BackupDecoder(self.store, self._previous.values(), self.secrets, saved=True)
        return self._sanitized_decoder

    def decode_one(self, record: bytes | Raw) -> b.Backup:
        """Return the backup in a record.

        Raises:
            NotDocumentedShape: the record does not have the documented shape.
        """
        try:
            decoded = _record(record)
            self._require_harmless(decoded.name)
            return self._backup(decoded)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise NotDocumentedShape from error

    def decode_all(self, records: bytes) -> list[b.Backup]:
        """Return the backups in a list of records.

        Raises:
            NotDocumentedShape: one of the records does not have the documented shape.
        """
        try:
            decoded = _records(records)
            self._check_names([record.name for record in decoded])
            return list(map(self._backup, decoded))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise NotDocumentedShape from error

    def share(self, geodatabases: tuple[b.Geodatabase, ...]) -> tuple[b.Geodatabase, ...]:
        """Return an equal tuple that is shared by all equal ones, to save memory."""
        return self._shared_geodatabases[geodatabases]

    def reuse(self, backup: b.Backup) -> b.Backup:
        """Return the equal backup of an earlier refresh if there is one, to save memory; else `backup`."""
        known = self._previous.get(backup.name)
        return known if known is not None and known == backup else backup

    def _backup(self, record: _Record) -> b.Backup:
        """Return the backup in a record. Raises NotDocumentedShape for harmful text."""
        if record.retention == 0:  # 0 becomes None in a Backup, which would be encoded differently
            raise NotDocumentedShape
        text = self._text
        recorded = text[record.store]
        self.value_count += 20
        backup = b.Backup(
            record.name,
            recorded if self.store is None else self.store,
            recorded,
            text[record.status],
            record.start,
            record.complete,
            record.retention,
            text[record.release],
            text[record.backup_type],
            text[record.schedule_type],
            text[record.category],
            text[record.description],
            text[record.site_name],
            text[record.namespace],
            self._parts(record),
            b"",
        )
        return self.reuse(backup) if self._previous else backup

    def _parts(self, record: _Record) -> b.PackedParts:
        """Return the parts of a record; equal parts of several records share their objects."""
        parts: list[_Relational | _Objects | _Infrastructure]
        parts = [*record.relational, *record.objects, record.infrastructure]
        self.value_count += 4 * len(parts)
        undated = self._undated[
            tuple(
                (part.status, part.cluster, bytes(part.geodatabases), bytes(part.system_databases))
                for part in record.relational
            ),
            tuple((part.status, part.cluster, bytes(part.buckets)) for part in record.objects),
            record.infrastructure.status,
        ]
        return b.PackedParts.pack(undated, [time for part in parts for time in (part.start, part.end)])

    def _make_undated_parts(self, sent: _Undated) -> tuple[b.Part, ...]:
        """Return the parts of a record without their times. Raises NotDocumentedShape for harmful text."""
        text, texts, geodatabases = self._text, self._texts, self._geodatabases
        relational, objects, infrastructure_status = sent
        self.value_count += 4 * (len(relational) + len(objects) + 1)
        return (
            *[
                b.Part(
                    b.RELATIONAL, text[status], None, None, text[cluster], geodatabases[sent_items], texts[databases]
                )
                for status, cluster, sent_items, databases in relational
            ],
            *[
                b.Part(b.OBJECT, text[status], None, None, text[cluster], buckets=texts[buckets])
                for status, cluster, buckets in objects
            ],
            b.Part(b.INFRASTRUCTURE, text[infrastructure_status]),
        )

    def _decode_geodatabases(self, sent: bytes) -> tuple[b.Geodatabase, ...]:
        """Return geodatabases from JSON. Raises NotDocumentedShape for harmful text, or without name and id."""
        geodatabases = tuple(
            b.Geodatabase(self._require_harmless(record.name), self._require_harmless(record.id))
            for record in _geodatabases(sent)
        )
        if not all(geodatabase.name or geodatabase.id for geodatabase in geodatabases):
            raise NotDocumentedShape
        self.value_count += 3 * len(geodatabases)
        return geodatabases

    def _decode_texts(self, sent: bytes) -> tuple[str, ...]:
        """Return texts from a JSON list. Raises NotDocumentedShape for empty or harmful text."""
        texts = tuple(map(self._text.__getitem__, _texts(sent)))
        if not all(texts):
            raise NotDocumentedShape
        self.value_count += len(texts)
        return texts

    def _check_names(self, names: list[str]) -> None:
        """Check the names of many records at once: they all differ, so that caching single names would not help.

        Raises:
            NotDocumentedShape: a name is harmful or contains a secret.
        """
        together = "|".join(names)
        if "{" in together or not self._is_harmless(together):
            for name in names:
                self._require_harmless(name)

    def _is_harmless(self, text: str) -> bool:
        """True if a text needs no sanitizing and contains no known secret."""
        return is_harmless(text, saved=self._saved) and not (self.secrets is not None and self.secrets.is_in(text))

    def _require_harmless(self, text: str) -> str:
        """Return a text that needs no sanitizing.

        Raises:
            NotDocumentedShape: the text is harmful or contains a secret.
        """
        if not self._is_harmless(text):
            raise NotDocumentedShape
        return text


def record_json(backup: b.Backup) -> bytes:
    """Return the record of a backup as JSON without secrets: as it was sent, or encoded in the documented shape."""
    return backup.record or _encode_record(backup)


def _encode_record(backup: b.Backup) -> bytes:
    parts = backup.parts[:]
    return msgspec.json.encode(
        _Record(
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
            infrastructure=_Infrastructure(parts[-1].start or 0, parts[-1].end or 0, parts[-1].status or ""),
            category=backup.category,
            name=backup.name,
            status=backup.status or "",
        )
    )


def _relational(part: b.Part) -> _Relational:
    geodatabases, databases = _encode_items(part.geodatabases), _encode_items(part.system_databases)
    return _Relational(geodatabases, databases, part.start or 0, part.cluster, part.end or 0, part.status or "")


def _objects(part: b.Part) -> _Objects:
    return _Objects(_encode_items(part.buckets), part.start or 0, part.cluster, part.end or 0, part.status or "")


@lru_cache(1_000)  # consecutive backups mostly have the same items
def _encode_items(items: tuple[b.Geodatabase, ...] | tuple[str, ...]) -> Raw:
    """Return geodatabases, databases or buckets as JSON."""
    return Raw(msgspec.json.encode([_Geodatabase(*astuple(i)) if isinstance(i, b.Geodatabase) else i for i in items]))
