"""Decode backups: records of the documented shape at the speed of the JSON parser, all others leniently.

Both ways return equal values. Nothing in a record is an error.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar
from weakref import proxy

import msgspec

from drtui.core.model import backup as b
from drtui.core.wire import lenient as t
from drtui.core.wire.backup_schema import Infrastructure, Objects, Record, Relational
from drtui.core.wire.known_secrets import KnownSecrets
from drtui.core.wire.redact import is_harmless, redact_and_sanitize
from drtui.core.wire.responses import parse_document
from drtui.core.wire.undocumented_backup import undocumented_backup

K = TypeVar("K")
V = TypeVar("V")

MAX_SHARED = 10_000
"""Maximum number of shared texts, or of shared lists of items; more would not save memory if all differ."""

_Undated = tuple[tuple[tuple[str, str, bytes, bytes], ...], tuple[tuple[str, str, bytes], ...], str]
"""The parts of a record without their times: JSON of relational stores, object stores and infrastructure."""

_record = msgspec.json.Decoder(Record).decode
_records = msgspec.json.Decoder(list[Record]).decode
_geodatabases = msgspec.json.Decoder(tuple[b.Geodatabase, ...]).decode
_texts = msgspec.json.Decoder(tuple[str, ...]).decode


class NotDocumentedShape(ValueError):
    """Raised for a record with harmful text or with a value that would be encoded differently."""


UNDOCUMENTED = (NotDocumentedShape, msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""Errors of `BackupDecoder.decode_documented` for a record that is not of the documented shape."""


class _Shared(dict[K, V]):
    """A cache of values that many records have in common: each is decoded once and stored once."""

    def __init__(self, decoder: "BackupDecoder", decode: Callable[["BackupDecoder", K], V]) -> None:
        super().__init__()
        # A reference cycle would keep the decoder and all known backups until garbage collection.
        self._decoder, self._decode = proxy(decoder), decode

    def __missing__(self, key: K) -> V:
        if len(self) >= MAX_SHARED:
            self.clear()
        value = self[key] = self._decode(self._decoder, key)
        return value


def decode_backups(answer: t.Json, store: str | None) -> tuple[b.Backup, ...]:
    """Return the backups in the list of a store; with None each record names its store (docs/api.md#layouts).

    Raises:
        WireError: the answer has no list of backups.
    """
    return tuple(map(BackupDecoder(store).decode, t.records(answer, "backups")))


class BackupDecoder:
    """Decoder for the records in the list of a store; equal values of several backups are stored once.

    Args:
        store: name of the store whose backups are listed; with None each record names its store (10.9).
        previous: backups of an earlier refresh; an unchanged backup is reused to save memory.
        secrets: known secrets, which are removed.
    """

    def __init__(
        self, store: str | None, previous: Iterable[b.Backup] = (), secrets: KnownSecrets | None = None
    ) -> None:
        self.value_count = 0
        """Approximate number of decoded values, which take more memory than the JSON."""
        self._store, self._secrets = store, secrets
        self._previous = {backup.name: backup for backup in previous}
        self._text = _Shared(self, BackupDecoder._require_harmless)
        self._texts = _Shared(self, BackupDecoder._decode_texts)
        self._geodatabases = _Shared(self, BackupDecoder._decode_geodatabases)
        self._undated_parts = _Shared(self, BackupDecoder._make_undated_parts)

    def decode(self, record: t.Json) -> b.Backup:
        """Return the backup in a sanitized record of any shape."""
        raw = msgspec.json.encode(record)
        try:
            return self.decode_documented(raw)
        except UNDOCUMENTED:
            return self.reuse(undocumented_backup(record, self._store, raw))

    def decode_saved(self, record: bytes) -> b.Backup:
        """Return the backup in a saved record.

        Raises:
            WireError: the record is not JSON, is nested too deeply, or is not an object.
        """
        try:
            return self.decode_documented(record)
        except UNDOCUMENTED:
            return self.decode(parse_document(record, saved=True))

    def decode_list(self, records: bytes) -> list[b.Backup]:
        """Return the backups in a JSON list of records of any shape, as the site sent them.

        Raises:
            WireError: the bytes are not JSON, not a list, or nested too deeply.
        """
        try:
            decoded = _records(records)
            self._check_names([record.name for record in decoded])
            return list(map(self._backup, decoded))
        except UNDOCUMENTED:
            self.value_count += t.count_values(records)
        secrets = self._secrets.if_possibly_in(records) if self._secrets else None
        answer = {"backups": redact_and_sanitize(t.parse_json(records), 1, secrets)}
        return list(map(self.decode, t.records(answer, "backups")))

    def decode_documented(self, record: bytes) -> b.Backup:
        """Return the backup in a record of the documented shape. Raises one of `UNDOCUMENTED` for any other record."""
        decoded = _record(record)
        self._require_harmless(decoded.name)
        return self._backup(decoded)

    def reuse(self, backup: b.Backup) -> b.Backup:
        """Return the equal backup of an earlier refresh if there is one, to save memory; else `backup`."""
        known = self._previous.get(backup.name)
        return known if known is not None and known == backup else backup

    def _backup(self, record: Record) -> b.Backup:
        """Return the backup in a record. Raises NotDocumentedShape for harmful text."""
        if record.retention == 0:  # 0 becomes None in a Backup, which would be encoded differently
            raise NotDocumentedShape
        text = self._text
        recorded = text[record.store]
        self.value_count += 20
        backup = b.Backup(
            record.name,
            recorded if self._store is None else self._store,
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

    def _parts(self, record: Record) -> b.PackedParts:
        """Return the parts of a record; equal parts of several records share their objects."""
        parts: list[Relational | Objects | Infrastructure]
        parts = [*record.relational, *record.objects, record.infrastructure]
        self.value_count += 4 * len(parts)
        undated: _Undated = (
            tuple(
                (part.status, part.cluster, bytes(part.geodatabases), bytes(part.system_databases))
                for part in record.relational
            ),
            tuple((part.status, part.cluster, bytes(part.buckets)) for part in record.objects),
            record.infrastructure.status,
        )
        times = [time for part in parts for time in (part.start, part.end)]
        return b.PackedParts.pack(self._undated_parts[undated], times)

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
        geodatabases = _geodatabases(sent)
        for geodatabase in geodatabases:
            if not self._require_harmless(geodatabase.name) + self._require_harmless(geodatabase.id):
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
        return is_harmless(text) and not (self._secrets is not None and self._secrets.is_in(text))

    def _require_harmless(self, text: str) -> str:
        """Return a text that needs no sanitizing.

        Raises:
            NotDocumentedShape: the text is harmful or contains a secret.
        """
        if not self._is_harmless(text):
            raise NotDocumentedShape
        return text
