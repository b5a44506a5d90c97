"""Decode a backup leniently from a record that differs from the documented shape: nothing in it is an error."""

from collections.abc import Container, Iterator
from functools import lru_cache
from typing import Any

import msgspec

from drtui.core.model import backup as b
from drtui.core.model.site import State, is_state, state_of
from drtui.core.wire import lenient as t
from drtui.core.wire.backup_schema import DOCUMENTED


def undocumented_backup(record: t.Json, store: str | None, raw: bytes) -> b.Backup:
    """Return the backup in a sanitized record of any shape.

    Args:
        record: the sanitized record.
        store: name of the store whose backups are listed; with None the record names its store (10.9).
        raw: the record as JSON.
    """
    recorded = t.text(record, "backupStore")
    retained = record.get("retentionDate")
    retention = _retention(retained)
    return b.Backup(
        name=t.text(record, "backupName"),
        store=recorded if store is None else store,
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
        parts=tuple(_parts(record)),
        record=raw,
        unread_retention="" if retained is None or retention is not None else msgspec.json.encode(retained).decode(),
    )


STATE_KEYS = ("status", "state")
"""Names of fields, in lower case, that contain the state of a part."""

PART_KEYS = (*STATE_KEYS, "clusterid")
"""Names of fields, in lower case, that mark an object as a part of a backup."""

STORE_ENDINGS = ("store", "stores")
"""Endings, in lower case, of the names of parts that are stores."""


def _parts(record: t.Json) -> Iterator[b.Part]:
    """Yield the documented parts in their order, then anything else that looks like a part (rule R2)."""
    for kind in b.EXPECTED_PARTS:
        for part in _objects(record.get(kind)):
            yield _part(kind, part, t.status_text(part))
    for kind, value in record.items():
        if kind not in DOCUMENTED:
            for part, status in _undocumented_parts(kind.lower(), value):
                yield _part(kind, part, status)


def _undocumented_parts(name: str, value: Any) -> Iterator[tuple[t.Json, str | None]]:
    """Yield the parts under an undocumented name (in lower case), each with its state.

    A part is an object with one of `PART_KEYS`, at most one level further down; a text that can only be a state; and,
    under the name of a store, every object. All other elements of a list of parts count as one part without a state,
    because a hostile list may have millions.
    """
    elements = t.elements(value)
    candidates = [element for element in elements if isinstance(element, (str, dict))]
    counted = 0
    for candidate in candidates:
        parts = tuple(_parts_in_element(name, candidate))
        counted += bool(parts)
        yield from parts
    if isinstance(value, list) and counted < len(elements) and (counted or name.endswith(STORE_ENDINGS)):
        yield {}, None


def _parts_in_element(name: str, value: Any) -> Iterator[tuple[t.Json, str | None]]:
    """Yield the parts in one element under an undocumented name, each with its state."""
    store = name.endswith(STORE_ENDINGS)
    if isinstance(value, str):
        if is_state(value) or name.endswith(STATE_KEYS) or (store and state_of(value) is State.FAILED):
            yield {}, value
    elif isinstance(value, dict):
        names = {key.lower() for key in value}
        has_state = not names.isdisjoint(STATE_KEYS)
        inner = tuple(_parts_one_level_down(value, STATE_KEYS if has_state else PART_KEYS, store=store))
        if has_state or not (names.isdisjoint(PART_KEYS) or inner) or (store and not inner):
            yield value, _worst_state(_states(value))
        yield from inner


def _parts_one_level_down(record: t.Json, keys: Container[str], *, store: bool) -> Iterator[tuple[t.Json, str | None]]:
    """Yield the parts one level below an object: objects with one of the keys, and texts that can only be states."""
    inner = [(name.lower(), element) for name, value in record.items() for element in t.elements(value)]
    texts = [element for _, element in inner if isinstance(element, str)]
    accepts_texts = store or (len(texts) == len(inner) and all(map(is_state, texts)))
    for name, element in inner:
        if name not in STATE_KEYS and isinstance(element, dict) and any(key.lower() in keys for key in element):
            yield element, _worst_state(_states(element))
        elif name not in STATE_KEYS and isinstance(element, str) and accepts_texts and is_state(element):
            yield {}, element


def _states(value: Any) -> list[str]:
    """Return all states in an object: under `status` or `state`, as a text, a list or an object."""
    if isinstance(value, dict):
        return [text for name, inner in value.items() if name.lower() in STATE_KEYS for text in _states(inner)]
    if isinstance(value, list):
        return [text for element in value for text in _states(element)]
    return [] if value is None else [str(value)]


def _worst_state(states: list[str]) -> str | None:
    """Return a failed state if there is one, else one that is not good, else any; None if there is none."""
    order = {State.FAILED: 0, State.GOOD: 2}
    return min(states, key=lambda state: order.get(state_of(state), 1), default=None)


def _objects(value: Any) -> list[t.Json]:
    """Return the objects of the parts under one name; an element that is not an object counts as an empty one (R2)."""
    return t.records({"": value}, "") if isinstance(value, list) else t.dicts(value)


def _part(kind: str, record: t.Json, status: str | None) -> b.Part:
    return b.Part(
        kind=kind,
        status=status,
        start=t.epoch_ms(record.get("startTime")),
        end=t.epoch_ms(record.get("endTime")),
        cluster=t.text(record, "clusterID"),
        geodatabases=_shared(tuple(_geodatabases(record.get("geodatabases")))),
        system_databases=t.messages(record.get("systemDatabases")),
        buckets=t.messages(record.get("buckets")),
    )


def _geodatabases(value: Any) -> Iterator[b.Geodatabase]:
    """Yield the geodatabases with a name or an id; a plain text is taken as a name."""
    for element in value if isinstance(value, list) else t.dicts(value):
        record = element if isinstance(element, dict) else {"gdbName": element}
        name, identity = t.text(record, "gdbName"), t.text(record, "egdbID")
        if name or identity:
            yield b.Geodatabase(name, identity)


@lru_cache(1_000)  # consecutive backups mostly have the same geodatabases
def _shared(geodatabases: tuple[b.Geodatabase, ...]) -> tuple[b.Geodatabase, ...]:
    """Return an equal tuple that is shared by all equal ones, to save memory."""
    return geodatabases


def _retention(value: Any) -> int | None:
    """Return a retention date, epoch ms, -1 for never; None if missing, 0 or unreadable (rule R41)."""
    exact = not isinstance(value, float) or value.is_integer()
    return b.NEVER if exact and t.number(value) == b.NEVER else t.epoch_ms(value)
