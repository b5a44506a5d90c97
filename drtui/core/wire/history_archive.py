"""The archive of a site: its last answers, its backups with the times at which they were listed, and the refreshes.

History stores one archive per site, and an exported file contains one. It consists of records as the site sent them,
without secrets, and is decoded and checked like answers: saved data is not trusted more.
"""

import functools
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from drtui.core.model.address import Address, AddressError
from drtui.core.model.backup import Backup
from drtui.core.model.note import Note, read_note
from drtui.core.model.site_state import DeletedBackup, Fetched, SiteHistory, SiteState, Source
from drtui.core.wire import lenient as t
from drtui.core.wire import responses
from drtui.core.wire.backup_schema import record_json
from drtui.core.wire.backups import BackupDecoder

VERSION = 1
"""Version of the exported file; increased when older versions of drtui cannot read it."""

MARKER = "drtui_history"
"""Name of the field that identifies an exported file; its value is the version."""

ENVELOPE = 4
"""Number of levels that an exported file has around an answer; they do not count for the maximum depth."""

ANSWERS: dict[str, Callable[[t.Json], Any]] = {
    "site": responses.decode_site,
    "stores": responses.decode_stores,
    "status": responses.decode_status,
    "settings": responses.decode_settings,
    "schedules": responses.decode_schedules,
    "data": responses.decode_data_stores,
}
"""Names of the saved answers and the functions that decode them."""


class SeenBackup(Struct, frozen=True, gc=False):
    """A backup and the times at which it was listed, epoch ms."""

    backup: Backup
    copy: int
    """Index among backups with the same name and start in one list; usually 0."""
    first_seen: int
    last_seen: int
    missing_since: int | None
    """Time of the first list without the backup; None if it is still listed."""

    @property
    def start(self) -> int:
        """Start of the backup, epoch ms, 0 if unknown; it distinguishes backups that reuse a name."""
        return self.backup.start or 0


class SavedResponse(Struct, frozen=True):
    """The last answer for a resource and its time (epoch ms)."""

    at: int
    answer: bytes
    """The answer as JSON, without secrets, in the shape that the site uses."""


class SavedRefresh(Struct, frozen=True):
    """A refresh of a site: its time (epoch ms) and outcome."""

    id: str
    """Random id, so that two refreshes in one millisecond differ."""
    at: int
    outcome: str
    """Failed resources with their codes; empty for a complete refresh."""


class Archive(Struct, frozen=True):
    """All saved data of a site."""

    address: Address
    answers: dict[str, SavedResponse] = {}
    list_times: dict[str, int] = {}
    """Time of the last list of backups, epoch ms, by the name of the store."""
    records: tuple[SeenBackup, ...] = ()
    refreshes: tuple[SavedRefresh, ...] = ()
    notes: tuple[Note, ...] = ()
    digests: dict[str, bytes] = {}
    """Digest of the last list of backups as it came, by the name of the store, where it is known."""

    @property
    def newest_time(self) -> int:
        """The latest time at which the site was read, epoch ms; 0 if it never was. Notes do not count."""
        times = [*(answer.at for answer in self.answers.values()), *(refresh.at for refresh in self.refreshes)]
        times += [*self.list_times.values(), *(seen.missing_since or seen.last_seen for seen in self.records)]
        return max(times, default=0)


def without_future_times(archive: Archive, now: int, before: int | None = None) -> Archive:
    """Return an archive without times later than `now`, which come from a clock that was ahead.

    They become the time of the newest complete refresh up to `now`; without one, the time before `before`, or `now`. A
    deletion cannot be in the future: if a list with a wrong time lacks a backup that was made only later, the backup
    still exists.

    Args:
        archive: the archive to correct.
        now: the current time, epoch ms.
        before: a time that is later than everything in the archive, epoch ms; None if unknown.
    """
    if any(note.at > now for note in archive.notes):
        archive = replace(archive, notes=tuple(replace(note, at=min(note.at, now)) for note in archive.notes))
    if archive.newest_time <= now:
        return archive
    complete = sorted(refresh.at for refresh in archive.refreshes if refresh.at <= now and not refresh.outcome)
    to = complete[-1] if complete else now if before is None else min(now, before - 1)
    newest: dict[str, int] = {}
    for seen in archive.records:
        if seen.last_seen > now:
            newest[seen.backup.store] = max(seen.start, newest.get(seen.backup.store, 0))
    return replace(
        archive,
        answers={
            name: replace(answer, at=to if answer.at > now else answer.at) for name, answer in archive.answers.items()
        },
        list_times={store: to if at > now else at for store, at in archive.list_times.items()},
        records=tuple(
            _without_future_times(seen, now, to, complete, newest.get(seen.backup.store, 0)) for seen in archive.records
        ),
        refreshes=tuple(replace(refresh, at=to) if refresh.at > now else refresh for refresh in archive.refreshes),
    )


def _without_future_times(seen: SeenBackup, now: int, to: int, complete: list[int], newest: int) -> SeenBackup:
    """Return a backup without times later than `now`.

    Args:
        seen: the backup.
        now: the current time, epoch ms.
        to: the time that replaces later ones, epoch ms.
        complete: the times of complete refreshes up to `now`, epoch ms, sorted.
        newest: the latest start of the backups in its store that were seen after `now`, epoch ms.
    """
    if seen.missing_since is None:
        last = min(seen.last_seen, to) if seen.last_seen > now else seen.last_seen
        return seen if last == seen.last_seen else replace(seen, first_seen=min(seen.first_seen, last), last_seen=last)
    if seen.missing_since <= now:
        return seen
    if seen.last_seen > now:  # both times are from the same wrong clock
        return replace(seen, first_seen=min(seen.first_seen, to - 1), last_seen=to - 1, missing_since=to)
    missed = next((at for at in complete if at > seen.last_seen), None)
    if missed is None and seen.start <= newest:
        missed = max(to, min(seen.last_seen + 1, now))  # newer backups were listed when it was not
    return replace(seen, missing_since=missed)


def archive_of(state: SiteState, address: Address, *, with_records: bool = True) -> Archive:
    """Return what a refresh adds to the history of its site: the fetched answers and the outcome.

    Without records for a history that may know them already, by the digests of their lists.
    """
    answers: dict[str, SavedResponse] = {}
    for name in ANSWERS:
        answer = getattr(state, name)
        if _is_live(answer):
            answers[name] = SavedResponse(answer.at, _encoded(name, answer.value))
    listed = {store: answer for store, answer in state.backups.items() if _is_live(answer)}
    lists = {store: answer.at for store, answer in listed.items()}
    digests = {store: answer.digest for store, answer in listed.items() if answer.digest}
    seen_backups = (seen for answer in listed.values() if with_records for seen in _seen_backups(answer))
    outcome = ", ".join(f"{name}: {failure.code}" for name, failure in state.failures)
    at = state.listed_at or 0
    refresh = SavedRefresh(secrets.token_hex(8), at, outcome)
    return Archive(address, answers, lists, tuple(seen_backups), (refresh,), digests=digests)


def _is_live(answer: Fetched[Any] | None) -> bool:
    """True if an answer was fetched now and is complete: a backup missing in an incomplete list is not deleted."""
    return answer is not None and answer.value is not None and answer.problem is None and answer.source is Source.LIVE


def _encoded(name: str, value: Any) -> bytes:
    """Return a value as JSON in the shape of the answer that it came in."""
    match name:
        case "stores":
            records = [msgspec.Raw(store.raw) if store.raw != b"{}" else {"name": store.name} for store in value]
            return msgspec.json.encode({"backupStores": records})
        case "data":
            return msgspec.json.encode({"items": [msgspec.Raw(data_store.raw) for data_store in value]})
        case "schedules":
            return msgspec.json.encode({"result": [msgspec.Raw(schedule.raw) for schedule in value]})
        case "status":
            return msgspec.json.encode({"status": msgspec.Raw(value.raw)})
        case _:
            raw: bytes = value.raw
            return raw


def _seen_backups(answer: Fetched[tuple[Backup, ...]]) -> Iterator[SeenBackup]:
    """Yield the backups in a list as seen at the time of the list."""
    backups = answer.value or ()
    duplicates = {name for name, number in Counter(backup.name for backup in backups).items() if number > 1}
    copies: Counter[tuple[str, int]] = Counter()
    for backup in backups:
        copy = 0
        if backup.name in duplicates:
            key = backup.name, backup.start or 0
            copy = copies[key]
            copies[key] += 1
        yield SeenBackup(backup, copy, answer.at, answer.at, None)


def site_state_of(archive: Archive, location: str, source: Source) -> SiteState:
    """Return the last known state of the site of an archive.

    Raises:
        WireError: a saved answer does not have the documented shape.
    """
    answers: dict[str, Any] = {
        name: Fetched(saved.at, ANSWERS[name](responses.parse_document(saved.answer, saved=True)), source=source)
        for name, saved in archive.answers.items()
        if name in ANSWERS
    }
    listed: dict[str, list[Backup]] = {store: [] for store in archive.list_times}
    for seen in archive.records:
        if seen.missing_since is None and seen.backup.store in listed:
            listed[seen.backup.store].append(seen.backup)
    names = {store.name for store in answers["stores"].value} if "stores" in answers else set()
    lists = {
        store: Fetched(archive.list_times[store], tuple(backups), source=source)
        for store, backups in listed.items()
        if store in names
    }
    return SiteState(
        location, archive.address, backups=lists, history=site_history_of(archive), is_complete=True, **answers
    )


def site_history_of(archive: Archive) -> SiteHistory:
    """Return the deleted backups, the times of complete refreshes and the notes in an archive."""
    deletions = tuple(
        DeletedBackup(seen.backup, seen.last_seen, seen.missing_since)
        for seen in archive.records
        if seen.missing_since is not None
    )
    complete = tuple(sorted(refresh.at for refresh in archive.refreshes if not refresh.outcome))
    return SiteHistory(deletions, complete, archive.notes)


def to_json(archive: Archive) -> bytes:
    """Return an archive as JSON, the file that `history export` writes."""
    answers = {name: {"at": saved.at, "answer": msgspec.Raw(saved.answer)} for name, saved in archive.answers.items()}
    records = [
        {
            "store": seen.backup.store,
            "first_seen": seen.first_seen,
            "last_seen": seen.last_seen,
            "gone_since": seen.missing_since,
            "copy": seen.copy,
            "record": msgspec.Raw(record_json(seen.backup)),
        }
        for seen in archive.records
    ]
    document = {
        MARKER: VERSION,
        "site": archive.address.url,
        "answers": answers,
        "lists": [{"store": store, "at": at} for store, at in archive.list_times.items()],
        "records": records,
        "looks": archive.refreshes,
        "notes": archive.notes,
    }
    return msgspec.json.encode(document) + b"\n"


def is_archive(document: t.Json) -> bool:
    """True if a JSON object is marked as an exported history."""
    return MARKER in document


def from_json(body: bytes) -> Archive:
    """Return the archive in an exported file, checked like an answer of a site.

    Raises:
        WireError: the file is not an exported history, has another version, or is damaged.
    """
    return from_document(responses.parse_document(body, ENVELOPE, saved=True))


def from_document(document: t.Json) -> Archive:
    """Return the archive in the JSON object of an exported file.

    Raises:
        WireError: see `from_json`.
    """
    if not is_archive(document):
        raise t.WireError("the file is not an exported history. Create one with drtui history export")
    if t.number(document[MARKER]) != VERSION:
        raise t.WireError("the history was exported by another version of drtui. Export it again with this version")
    try:
        address = Address.parse(t.text(document, "site"), allow_http=True)
    except AddressError:
        raise t.WireError("the exported history does not name its site") from None
    answers = document.get("answers")
    saved_answers = {
        name: SavedResponse(_moment(saved, "at"), _object(saved, "answer"))
        for name, saved in (answers.items() if isinstance(answers, dict) else ())
        if name in ANSWERS
    }
    lists = {t.text(record, "store"): _moment(record, "at") for record in t.records(document, "lists")}
    refreshes = tuple(
        SavedRefresh(t.text(record, "id"), _moment(record, "at"), t.text(record, "outcome"))
        for record in t.records(document, "looks")
    )
    archive = Archive(address, saved_answers, lists, tuple(_records(document)), refreshes, tuple(_notes(document)))
    site_state_of(archive, "", Source.FILE)  # raises an error now rather than when the archive is used
    return archive


def _records(document: t.Json) -> Iterator[SeenBackup]:
    reader = functools.cache(BackupDecoder)
    for record in t.records(document, "records"):
        first, last = _moment(record, "first_seen"), _moment(record, "last_seen")
        missing_since = None if record.get("gone_since") is None else _moment(record, "gone_since")
        if first > last or (missing_since is not None and missing_since < last):
            raise t.WireError(
                "a record of the exported history was last seen before it was first seen, or after it went"
            )
        backup = reader(t.text(record, "store")).decode_saved(_object(record, "record"))
        yield SeenBackup(backup, max(0, t.number(record.get("copy")) or 0), first, last, missing_since)


def _notes(document: t.Json) -> Iterator[Note]:
    """Yield the notes of an exported file; files of older versions have none."""
    for record in t.records(document, "notes") if "notes" in document else ():
        note = read_note(
            t.text(record, "id"),
            t.text(record, "store"),
            t.text(record, "name"),
            max(0, t.number(record.get("start")) or 0),
            _moment(record, "at"),
            t.text(record, "user"),
            t.text(record, "text"),
        )
        if not note.text or not note.id:
            raise t.WireError("a note of the exported history has no text or no id")
        yield note


def _moment(record: Any, key: str) -> int:
    """Return the time under a key of an exported file, epoch ms. Raises WireError if there is none."""
    moment = t.epoch_ms(record.get(key)) if isinstance(record, dict) else None
    if moment is None:
        raise t.WireError(f'the exported history has no time under "{key}"')
    return moment


def _object(record: t.Json, key: str) -> bytes:
    """Return the object under a key of an exported file as JSON. Raises WireError if there is none."""
    value = record.get(key)
    if not isinstance(value, dict):
        raise t.WireError(f'the exported history has {t.json_type_name(value)} under "{key}", not an object')
    return msgspec.json.encode(value)
