"""The records of backups, of whatever shape they are: JSON -> values, as `wire` does it for the rest.

Nearly all are of the documented shape, which is for `record`; what is not is taken here, and nothing in it is an error.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from drtui.model import backup as b
from drtui.model import tolerant as t
from drtui.model.record import Reader, Unusual
from drtui.model.redact import harmless
from drtui.model.wire import document

_elements = msgspec.json.Decoder(list[msgspec.Raw]).decode


def backups(answer: t.Json, store: str | None) -> tuple[b.Backup, ...]:
    """The backups listed under `store` (SPEC 1.10); with None, each under the store that its record names (10.9).

    Raises:
        WireError: there is no list of backups in it.
    """
    reader = Reader(store)
    return tuple(_backup(each, reader) for each in t.records(answer, "backups"))


def listed(records: bytes, reader: Reader) -> list[b.Backup]:
    """The backups in a list of records, each of any shape.

    Raises:
        WireError: it is no list, not JSON, or nested too deeply.
    """
    try:
        return reader.all(records)
    except Unusual:
        pass
    try:
        return [_element(bytes(each), reader) for each in _elements(records)]
    except (msgspec.DecodeError, RecursionError):  # the lenient reader may know better
        return _elsewise(records, reader)


def _element(record: bytes, reader: Reader) -> b.Backup:
    try:
        return reader.one(record)
    except Unusual:
        return _elsewise(b"[%s]" % record, reader)[0]


def _elsewise(records: bytes, reader: Reader) -> list[b.Backup]:
    reader.values += t.values(records)
    answer = {"backups": harmless(t.parsed(records), 1)}
    return [_backup(each, reader) for each in t.records(answer, "backups")]


def recorded(record: bytes, reader: Reader) -> b.Backup:
    """The backup in one record by itself, as if it stood in the list that the reader is for.

    Raises:
        WireError: it is not JSON, is nested too deeply, or is not an object.
    """
    try:
        return reader.one(record)
    except Unusual:
        return _backup(document(record), reader)


def backup(answer: t.Json, store: str | None) -> b.Backup:
    """One backup (SPEC 1.11).

    Raises:
        WireError: it has no name, so it is something else.
    """
    if not t.text(answer, "backupName"):
        raise t.WireError('the answer has no "backupName"')
    return _backup(answer, Reader(store))


def _backup(record: t.Json, reader: Reader) -> b.Backup:
    """The backup in a record that is free of secrets and harmless: in one of the documented shape, or in any other."""
    raw = msgspec.json.encode(record)
    try:
        return reader.one(raw)
    except Unusual:
        return reader.as_known(of_any_shape(record, reader, raw))


def of_any_shape(record: t.Json, reader: Reader, raw: bytes) -> b.Backup:
    """The backup in such a record, whatever shape it has; `raw` is the record as JSON."""
    recorded = t.text(record, "backupStore")
    return b.Backup(
        name=t.text(record, "backupName"),
        store=recorded if reader.store is None else reader.store,
        recorded_store=recorded,
        status=t.status_text(record),
        start=t.moment(record.get("startTime")),
        complete=t.moment(record.get("completeTime")),
        retention=_retention(record.get("retentionDate")),
        release=t.text(record, "release"),
        backup_type=t.text(record, "backupType"),
        schedule_type=t.text(record, "scheduleType"),
        category=t.text(record, "category"),
        description=t.text(record, "description"),
        site_name=t.text(record, "siteName"),
        namespace=t.text(record, "namespace"),
        parts=tuple(_parts(record, reader)),
        record=raw,
    )


def _parts(record: t.Json, reader: Reader) -> Iterator[b.Part]:
    """The documented parts in their order, then whatever else looks like one (RULES section H)."""
    for kind in b.EXPECTED_PARTS:
        yield from (_part(kind, each, reader) for each in _each(record.get(kind)))
    for kind, value in record.items():
        if kind not in b.EXPECTED_PARTS and any({"status", "clusterID"} & each.keys() for each in t.dicts(value)):
            yield from (_part(kind, each, reader) for each in _each(value))


def _each(value: Any) -> list[t.Json]:
    """The parts under one name; of an element that is no object nothing is known, but it counts (RULES R2)."""
    return t.records({"": value}, "") if isinstance(value, list) else t.dicts(value)


def _part(kind: str, record: t.Json, reader: Reader) -> b.Part:
    return b.Part(
        kind=kind,
        status=t.status_text(record),
        start=t.moment(record.get("startTime")),
        end=t.moment(record.get("endTime")),
        cluster=t.text(record, "clusterID"),
        geodatabases=reader.shared(tuple(_geodatabases(record.get("geodatabases")))),
        system_databases=t.words(record.get("systemDatabases")),
        buckets=t.words(record.get("buckets")),
    )


def _geodatabases(value: Any) -> Iterator[b.Geodatabase]:
    """Those that have a name or an id; a bare text is taken for a name."""
    for each in value if isinstance(value, list) else t.dicts(value):
        record = each if isinstance(each, dict) else {"gdbName": each}
        name, identity = t.text(record, "gdbName"), t.text(record, "egdbID")
        if name or identity:
            yield b.Geodatabase(name, identity)


def _retention(value: Any) -> int | None:
    """Epoch ms, -1 for never; missing, 0 or unreadable is not known, which is not the same as never (RULES R41)."""
    exact = not isinstance(value, float) or value.is_integer()
    return b.NEVER if exact and t.number(value) == b.NEVER else t.moment(value)
