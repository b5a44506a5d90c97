"""The records of backups, of whatever shape they are: JSON -> values, as `wire` does it for the rest.

Nearly all are of the documented shape, which is for `record`; what is not is taken here, and nothing in it is an error.
"""

from collections.abc import Container, Iterator
from typing import Any

import msgspec

from drtui.core.model import backup as b
from drtui.core.model.site import State, is_state, state_of
from drtui.core.wire import lenient as t
from drtui.core.wire.backup_schema import DOCUMENTED, BackupDecoder, NotDocumentedShape
from drtui.core.wire.redact import redact_and_sanitize
from drtui.core.wire.responses import parse_document

_elements = msgspec.json.Decoder(list[msgspec.Raw]).decode


def decode_backups(answer: t.Json, store: str | None) -> tuple[b.Backup, ...]:
    """Return the backups listed under `store`; with None, each under the store its record names (docs/api.md#layouts).

    Raises:
        WireError: there is no list of backups in it.
    """
    reader = BackupDecoder(store)
    return tuple(_backup(each, reader) for each in t.records(answer, "backups"))


def decode_records(records: bytes, reader: BackupDecoder) -> list[b.Backup]:
    """The backups in a list of records, each of any shape.

    Raises:
        WireError: it is no list, not JSON, or nested too deeply.
    """
    try:
        return reader.decode_all(records)
    except NotDocumentedShape:
        pass
    try:
        return [backup for each in _elements(records) for backup in _decode_element(bytes(each), reader)]
    except (msgspec.DecodeError, RecursionError):  # the lenient reader may know better
        return _decode_leniently(records, reader)


def _decode_element(record: bytes, reader: BackupDecoder) -> list[b.Backup]:
    """Return the backup in one element of a list; none if the element is a ciphered text, which is left out."""
    try:
        return [reader.decode_one(record)]
    except NotDocumentedShape:
        return _decode_leniently(b"[%s]" % record, reader)


def _decode_leniently(records: bytes, reader: BackupDecoder) -> list[b.Backup]:
    reader.value_count += t.count_values(records)
    secrets = reader.secrets.if_possibly_in(records) if reader.secrets else None
    answer = {"backups": redact_and_sanitize(t.parse_json(records), 1, secrets)}
    return [_backup(each, reader) for each in t.records(answer, "backups")]


def decode_saved_record(record: bytes, reader: BackupDecoder) -> b.Backup:
    """The backup in one record that was saved, as if it stood in the list that the reader is for.

    Raises:
        WireError: it is not JSON, is nested too deeply, or is not an object.
    """
    try:
        return reader.for_sanitized.decode_one(record)
    except NotDocumentedShape:
        return _backup(parse_document(record, saved=True), reader)


def decode_backup(answer: t.Json, store: str | None) -> b.Backup:
    """One backup (docs/api.md#backups).

    Raises:
        WireError: it has no name, so it is something else.
    """
    if not t.text(answer, "backupName"):
        raise t.WireError('the answer has no "backupName"')
    return _backup(answer, BackupDecoder(store))


def _backup(record: t.Json, reader: BackupDecoder) -> b.Backup:
    """The backup in a record that is free of secrets and harmless: in one of the documented shape, or in any other."""
    raw = msgspec.json.encode(record)
    try:
        return reader.for_sanitized.decode_one(raw)
    except NotDocumentedShape:
        return reader.reuse(decode_undocumented(record, reader, raw))


def decode_undocumented(record: t.Json, reader: BackupDecoder, raw: bytes) -> b.Backup:
    """The backup in such a record, whatever shape it has; `raw` is the record as JSON."""
    recorded = t.text(record, "backupStore")
    retained = record.get("retentionDate")
    retention = _retention(retained)
    return b.Backup(
        name=t.text(record, "backupName"),
        store=recorded if reader.store is None else reader.store,
        recorded_store=recorded,
        status=t.status_text(record),
        start=t.epoch_ms(record.get("startTime")),
        end=t.epoch_ms(record.get("completeTime")),
        retention=retention,
        release=t.text(record, "release"),
        backup_type=t.text(record, "backupType"),
        schedule_type=t.text(record, "scheduleType"),
        category=t.text(record, "category"),
        description=t.text(record, "description"),
        site_name=t.text(record, "siteName"),
        namespace=t.text(record, "namespace"),
        parts=tuple(_parts(record, reader)),
        record=raw,
        unread_retention="" if retained is None or retention is not None else msgspec.json.encode(retained).decode(),
    )


STATE_KEYS = ("status", "state")
"""Names, in lower case, under which the state of a part is found."""

PART_KEYS = (*STATE_KEYS, "clusterid")
"""Names, in lower case, by which an object in a backup is a part of it."""

STORE_ENDINGS = ("store", "stores")
"""Ends, in lower case, of the names of parts that are stores."""


def _parts(record: t.Json, reader: BackupDecoder) -> Iterator[b.Part]:
    """Yield the documented parts in their order, then anything else that looks like one (rule R2)."""
    for kind in b.EXPECTED_PARTS:
        for each in _objects(record.get(kind)):
            yield _part(kind, each, t.status_text(each), reader)
    for kind, value in record.items():
        if kind not in DOCUMENTED:
            for each, status in _undocumented_parts(kind.lower(), value):
                yield _part(kind, each, status, reader)


def _undocumented_parts(name: str, value: Any) -> Iterator[tuple[t.Json, str | None]]:
    """Yield the parts under a name that is not documented (in lower case), each with its state.

    A part is an object that carries a mark, also one level further down; a text that can only be a state; and under
    the name of a store every object there is. The other elements of a list of parts are one part without a state: a
    hostile list may hold millions.
    """
    elements = t.elements(value)
    telling = [each for each in elements if isinstance(each, (str, dict))]
    counted = 0
    for each in telling:
        parts = tuple(_parts_in_element(name, each))
        counted += bool(parts)
        yield from parts
    if isinstance(value, list) and counted < len(elements) and (counted or name.endswith(STORE_ENDINGS)):
        yield {}, None


def _parts_in_element(name: str, value: Any) -> Iterator[tuple[t.Json, str | None]]:
    """Yield the parts in one element under a name."""
    store = name.endswith(STORE_ENDINGS)
    if isinstance(value, str):
        if is_state(value) or name.endswith(STATE_KEYS) or (store and state_of(value) is State.FAILED):
            yield {}, value
    elif isinstance(value, dict):
        names = {each.lower() for each in value}
        own = not names.isdisjoint(STATE_KEYS)
        inner = tuple(_parts_one_level_down(value, STATE_KEYS if own else PART_KEYS, store=store))
        if own or not (names.isdisjoint(PART_KEYS) or inner) or (store and not inner):
            yield value, _worst_state(_states(value))
        yield from inner


def _parts_one_level_down(record: t.Json, marks: Container[str], *, store: bool) -> Iterator[tuple[t.Json, str | None]]:
    """Yield the parts one level below an object: what carries one of the marks, and texts that can only be states."""
    inner = [(name.lower(), each) for name, value in record.items() for each in t.elements(value)]
    texts = [each for _, each in inner if isinstance(each, str)]
    stated = store or (len(texts) == len(inner) and all(map(is_state, texts)))
    for name, each in inner:
        if name not in STATE_KEYS and isinstance(each, dict) and any(key.lower() in marks for key in each):
            yield each, _worst_state(_states(each))
        elif name not in STATE_KEYS and isinstance(each, str) and stated and is_state(each):
            yield {}, each


def _states(value: Any) -> list[str]:
    """Return the texts of all states in an object: under `status` or `state`, be it a text, a list or an object."""
    if isinstance(value, dict):
        return [text for name, each in value.items() if name.lower() in STATE_KEYS for text in _states(each)]
    if isinstance(value, list):
        return [text for each in value for text in _states(each)]
    return [] if value is None else [str(value)]


def _worst_state(states: list[str]) -> str | None:
    """Return a state that failed, else one that is not good, else any; None if there is none."""
    order = {State.FAILED: 0, State.GOOD: 2}
    return min(states, key=lambda each: order.get(state_of(each), 1), default=None)


def _objects(value: Any) -> list[t.Json]:
    """The parts under one name; of an element that is no object nothing is known, but it counts (rule R2)."""
    return t.records({"": value}, "") if isinstance(value, list) else t.dicts(value)


def _part(kind: str, record: t.Json, status: str | None, reader: BackupDecoder) -> b.Part:
    return b.Part(
        kind=kind,
        status=status,
        start=t.epoch_ms(record.get("startTime")),
        end=t.epoch_ms(record.get("endTime")),
        cluster=t.text(record, "clusterID"),
        geodatabases=reader.share(tuple(_geodatabases(record.get("geodatabases")))),
        system_databases=t.messages(record.get("systemDatabases")),
        buckets=t.messages(record.get("buckets")),
    )


def _geodatabases(value: Any) -> Iterator[b.Geodatabase]:
    """Those that have a name or an id; a bare text is taken for a name."""
    for each in value if isinstance(value, list) else t.dicts(value):
        record = each if isinstance(each, dict) else {"gdbName": each}
        name, identity = t.text(record, "gdbName"), t.text(record, "egdbID")
        if name or identity:
            yield b.Geodatabase(name, identity)


def _retention(value: Any) -> int | None:
    """Epoch ms, -1 for never; missing, 0 or unreadable is not known, which is not the same as never (rule R41)."""
    exact = not isinstance(value, float) or value.is_integer()
    return b.NEVER if exact and t.number(value) == b.NEVER else t.epoch_ms(value)
