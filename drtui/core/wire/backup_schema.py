"""Decode and encode one backup in the documented shape (docs/api.md#backups), at the speed of the JSON parser.

Nearly every record is of that shape, and then its value says all that it says: the record need not be kept, as it can
be written again. A record that differs in anything, be it a field more or less, another type, or a text that is not
harmless, is not read here: that is for `wire`, which takes anything, and would make the same of what is read here.
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
"""Texts, or lists of what is in a part, that are kept to be shared; where all of them differ, it is not worth more."""

Moment = Annotated[int, Meta(gt=0, le=LAST)]
Retention = Annotated[int, Meta(ge=b.NEVER, le=LAST)]
Secret = str | UnsetType
"""Read over, and never written."""


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
    """A record as it is sent, its fields in the order in which servers send them."""

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
"""Names of the fields of a record."""

_Undated = tuple[tuple[tuple[str, str, bytes, bytes], ...], tuple[tuple[str, str, bytes], ...], str]
"""Of each part of a record all but its moments, as it is sent."""


class NotDocumentedShape(ValueError):
    """Not of the documented shape."""


_record = msgspec.json.Decoder(_Record).decode
_records = msgspec.json.Decoder(list[_Record]).decode
_geodatabases = msgspec.json.Decoder(list[_Geodatabase]).decode
_words = msgspec.json.Decoder(tuple[str, ...]).decode


class _Shared(dict[K, V]):
    """What neighbours have in common: looked at once, made once, kept once."""

    def __init__(self, make: Callable[[K], V]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, sent: K) -> V:
        if len(self) >= MAX_SHARED:
            self.clear()
        made = self[sent] = self._make(sent)
        return made


class BackupDecoder:
    """Reads the records of one list.

    Args:
        store: the store they are listed under; with None, each is under the store that it names (10.9).
        known: those of an earlier look: a backup that is still the same is kept, not held a second time.
        secrets: known ones; a record that holds one of them is not read here.
        saved: the records were made harmless before they were saved.
    """

    def __init__(
        self,
        store: str | None,
        known: Iterable[b.Backup] = (),
        secrets: KnownSecrets | None = None,
        *,
        saved: bool = False,
    ) -> None:
        self.value_count = 0
        """How many values have been made of it so far, roughly: they take more room than what was sent."""
        self.store, self.secrets, self._saved = store, secrets, saved
        self._known = {each.name: each for each in known}
        self._of_harmless: BackupDecoder | None = None
        me = proxy(self)  # else it, and all that is known, would stay until one looks for garbage
        self._text: _Shared[str, str] = _Shared(partial(BackupDecoder._require_harmless, me))
        self._geodatabases: _Shared[bytes, tuple[b.Geodatabase, ...]] = _Shared(
            partial(BackupDecoder._decode_geodatabases, me)
        )
        self._words: _Shared[bytes, tuple[str, ...]] = _Shared(partial(BackupDecoder._decode_texts, me))
        self._undated: _Shared[_Undated, tuple[b.Part, ...]] = _Shared(partial(BackupDecoder._make_undated_parts, me))
        self._held: _Shared[tuple[b.Geodatabase, ...], tuple[b.Geodatabase, ...]] = _Shared(lambda made: made)

    @property
    def for_sanitized(self) -> "BackupDecoder":
        """Reads the same records after they were made harmless."""
        if self._saved:
            return self
        if self._of_harmless is None:
            self._of_harmless = BackupDecoder(self.store, self._known.values(), self.secrets, saved=True)
        return self._of_harmless

    def decode_one(self, record: bytes | Raw) -> b.Backup:
        """The backup in one record.

        Raises:
            Unusual: it is not of the documented shape.
        """
        try:
            sent = _record(record)
            self._require_harmless(sent.name)
            return self._backup(sent)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise NotDocumentedShape from error

    def decode_all(self, records: bytes) -> list[b.Backup]:
        """The backups in a list of records.

        Raises:
            Unusual: one of them is not of the documented shape.
        """
        try:
            sent = _records(records)
            self._check_names([each.name for each in sent])
            return list(map(self._backup, sent))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise NotDocumentedShape from error

    def share(self, geodatabases: tuple[b.Geodatabase, ...]) -> tuple[b.Geodatabase, ...]:
        """The same, of which those that are alike are one."""
        return self._held[geodatabases]

    def reuse(self, backup: b.Backup) -> b.Backup:
        """The same, as the value that it was in an earlier look, if it was in one."""
        known = self._known.get(backup.name)
        return known if known is not None and known == backup else backup

    def _backup(self, sent: _Record) -> b.Backup:
        if sent.retention == 0:  # not known, which is not what it would be written again as
            raise NotDocumentedShape
        text = self._text
        recorded = text[sent.store]
        self.value_count += 20
        made = b.Backup(
            sent.name,
            recorded if self.store is None else self.store,
            recorded,
            text[sent.status],
            sent.start,
            sent.complete,
            sent.retention,
            text[sent.release],
            text[sent.backup_type],
            text[sent.schedule_type],
            text[sent.category],
            text[sent.description],
            text[sent.site_name],
            text[sent.namespace],
            self._parts(sent),
            b"",
        )
        return self.reuse(made) if self._known else made

    def _parts(self, sent: _Record) -> b.PackedParts:
        parts: list[_Relational | _Objects | _Infrastructure]
        parts = [*sent.relational, *sent.objects, sent.infrastructure]
        self.value_count += 4 * len(parts)
        undated = self._undated[
            tuple(
                (each.status, each.cluster, bytes(each.geodatabases), bytes(each.system_databases))
                for each in sent.relational
            ),
            tuple((each.status, each.cluster, bytes(each.buckets)) for each in sent.objects),
            sent.infrastructure.status,
        ]
        return b.PackedParts.pack(undated, [moment for each in parts for moment in (each.start, each.end)])

    def _make_undated_parts(self, sent: _Undated) -> tuple[b.Part, ...]:
        text, words, geodatabases = self._text, self._words, self._geodatabases
        relational, objects, last = sent
        self.value_count += 4 * (len(relational) + len(objects) + 1)
        return (
            *[
                b.Part(b.RELATIONAL, text[status], None, None, text[cluster], geodatabases[held], words[databases])
                for status, cluster, held, databases in relational
            ],
            *[
                b.Part(b.OBJECT, text[status], None, None, text[cluster], buckets=words[buckets])
                for status, cluster, buckets in objects
            ],
            b.Part(b.INFRASTRUCTURE, text[last]),
        )

    def _decode_geodatabases(self, sent: bytes) -> tuple[b.Geodatabase, ...]:
        made = tuple(
            b.Geodatabase(self._require_harmless(each.name), self._require_harmless(each.id))
            for each in _geodatabases(sent)
        )
        if not all(each.name or each.id for each in made):
            raise NotDocumentedShape
        self.value_count += 3 * len(made)
        return made

    def _decode_texts(self, sent: bytes) -> tuple[str, ...]:
        made = tuple(map(self._text.__getitem__, _words(sent)))
        if not all(made):
            raise NotDocumentedShape
        self.value_count += len(made)
        return made

    def _check_names(self, names: list[str]) -> None:
        """Look at the names of many records, no two of which are alike, as at one text.

        Raises:
            Unusual: one of them may not be kept as it is.
        """
        together = "|".join(names)
        if "{" in together or not self._is_harmless(together):
            for name in names:
                self._require_harmless(name)

    def _is_harmless(self, text: str) -> bool:
        """True if a text may be kept as it is."""
        return is_harmless(text, saved=self._saved) and not (self.secrets is not None and self.secrets.is_in(text))

    def _require_harmless(self, text: str) -> str:
        """Return a text that may be kept as it is.

        Raises:
            Unusual: it may not.
        """
        if not self._is_harmless(text):
            raise NotDocumentedShape
        return text


def record_json(backup: b.Backup) -> bytes:
    """The record of a backup, JSON, without its secrets: as it was sent, or in the documented shape written again."""
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


@lru_cache(1_000)  # of neighbours, once
def _encode_items(held: tuple[b.Geodatabase, ...] | tuple[str, ...]) -> Raw:
    return Raw(msgspec.json.encode([_Geodatabase(*astuple(e)) if isinstance(e, b.Geodatabase) else e for e in held]))
