"""What is kept of a site between two looks: its last answers, each backup with when it was seen, and the looks.

An archive is what history holds of one site, and what an exported file holds. It is made of records as the server sent
them, without their secrets, and read again by `wire`: nothing that was saved is trusted more than an answer.
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
from drtui.core.model.site_state import DeletedBackup, Fetched, SiteHistory, SiteState, Source
from drtui.core.wire import backups as wire_backups
from drtui.core.wire import lenient as t
from drtui.core.wire import responses
from drtui.core.wire.backup_schema import BackupDecoder, record_json

VERSION = 1
"""Of the exported file; it grows when an older drtui could no longer read one."""

MARKER = "drtui_history"
"""What an exported file is known by; its value is the version."""

ENVELOPE = 4
"""Levels that an exported file may put around what a server sent: as deep as that was, it has to come in again."""

ANSWERS: dict[str, Callable[[t.Json], Any]] = {
    "site": responses.decode_site,
    "stores": responses.decode_stores,
    "status": responses.decode_status,
    "settings": responses.decode_settings,
    "schedules": responses.decode_schedules,
}
"""The answers that are kept, and how each is read."""


class SeenBackup(Struct, frozen=True, gc=False):
    """A backup, and when it was in the list; moments are epoch ms."""

    backup: Backup
    copy: int
    """Which one it is of several alike in one list."""
    first_seen: int
    last_seen: int
    missing_since: int | None
    """When it was no longer in the list; None while it is."""

    @property
    def start(self) -> int:
        """0 where it is not known: a name that is used again is another backup."""
        return self.backup.start or 0


class SavedResponse(Struct, frozen=True):
    """The last answer for a resource, and when it came."""

    at: int
    answer: bytes
    """JSON, without secrets, in the server's own shape."""


class SavedRefresh(Struct, frozen=True):
    """One look at a site: when, and how it went."""

    id: str
    """Made up at random, so that two looks in one millisecond are two."""
    at: int
    outcome: str
    """The codes of what failed, by what it was; empty for a whole look."""


class Archive(Struct, frozen=True):
    """What is kept of one site."""

    address: Address
    answers: dict[str, SavedResponse] = {}
    lists: dict[str, int] = {}
    """When the list of each store was last read."""
    records: tuple[SeenBackup, ...] = ()
    refreshes: tuple[SavedRefresh, ...] = ()

    @property
    def newest_time(self) -> int:
        """The latest moment that it knows of; 0 if it is empty."""
        times = [*(each.at for each in self.answers.values()), *(each.at for each in self.refreshes)]
        times += [*self.lists.values(), *(each.missing_since or each.last_seen for each in self.records)]
        return max(times, default=0)


def without_future_times(archive: Archive, now: int, before: int | None = None) -> Archive:
    """Return an archive without moments later than `now` (epoch ms), which a clock that was ahead has left behind.

    They become that of the newest whole look up to `now`; without one `before`, a moment that they must precede, or
    `now`. Nothing can have gone later than now: where a list that was read by the wrong clock lacks a backup that came
    only after it, the backup is there.

    Args:
        archive: what is known.
        now: the present, epoch ms.
        before: a moment that everything in it must precede, if one is known; epoch ms.
    """
    if archive.newest_time <= now:
        return archive
    whole = sorted(look.at for look in archive.refreshes if look.at <= now and not look.outcome)
    to = whole[-1] if whole else now if before is None else min(now, before - 1)
    newest: dict[str, int] = {}
    for seen in archive.records:
        if seen.last_seen > now:
            newest[seen.backup.store] = max(seen.start, newest.get(seen.backup.store, 0))
    return replace(
        archive,
        answers={name: replace(kept, at=to if kept.at > now else kept.at) for name, kept in archive.answers.items()},
        lists={store: to if at > now else at for store, at in archive.lists.items()},
        records=tuple(
            _without_future_times(seen, now, to, whole, newest.get(seen.backup.store, 0)) for seen in archive.records
        ),
        refreshes=tuple(replace(look, at=to) if look.at > now else look for look in archive.refreshes),
    )


def _without_future_times(seen: SeenBackup, now: int, to: int, whole: list[int], newest: int) -> SeenBackup:
    """Return a backup without moments later than `now`.

    Args:
        seen: the backup.
        now: the present, epoch ms.
        to: what later moments become, epoch ms.
        whole: when the site was looked at whole, up to now, epoch ms; in order.
        newest: the latest start of those of its store that were seen later than now, epoch ms.
    """
    if seen.missing_since is None:
        last = min(seen.last_seen, to) if seen.last_seen > now else seen.last_seen
        return seen if last == seen.last_seen else replace(seen, first_seen=min(seen.first_seen, last), last_seen=last)
    if seen.missing_since <= now:
        return seen
    if seen.last_seen > now:  # seen and missed by the same wrong clock
        return replace(seen, first_seen=min(seen.first_seen, to - 1), last_seen=to - 1, missing_since=to)
    missed = next((at for at in whole if at > seen.last_seen), None)
    if missed is None and seen.start <= newest:
        missed = max(to, min(seen.last_seen + 1, now))  # those that came after it were listed when it was not
    return replace(seen, missing_since=missed)


def archive_of(state: SiteState, address: Address) -> Archive:
    """What a look adds to the history of its site: the answers that came, and how it went."""
    answers: dict[str, SavedResponse] = {}
    for name in ANSWERS:
        answer = getattr(state, name)
        if _is_live(answer):
            answers[name] = SavedResponse(answer.at, _encoded(name, answer.value))
    listed = {store: answer for store, answer in state.backups.items() if _is_live(answer)}
    lists = {store: answer.at for store, answer in listed.items()}
    records = tuple(seen for answer in listed.values() for seen in _seen_backups(answer))
    outcome = ", ".join(f"{name}: {trouble.code}" for name, trouble in state.failures)
    at = state.listed_at or 0
    look = SavedRefresh(secrets.token_hex(8), at, outcome)
    return Archive(address, answers, lists, records, (look,))


def _is_live(answer: Fetched[Any] | None) -> bool:
    """True if it is an answer of this look, and says how things are: what a part does not list has not gone."""
    return answer is not None and answer.value is not None and answer.problem is None and answer.source is Source.LIVE


def _encoded(name: str, value: Any) -> bytes:
    """A value as the answer that it came in."""
    match name:
        case "stores":
            records = [msgspec.Raw(each.raw) if each.raw != b"{}" else {"name": each.name} for each in value]
            return msgspec.json.encode({"backupStores": records})
        case "schedules":
            return msgspec.json.encode({"result": [msgspec.Raw(each.raw) for each in value]})
        case "status":
            return msgspec.json.encode({"status": msgspec.Raw(value.raw)})
        case _:
            kept: bytes = value.raw
            return kept


def _seen_backups(answer: Fetched[tuple[Backup, ...]]) -> Iterator[SeenBackup]:
    backups = answer.value or ()
    namesakes = {name for name, number in Counter(each.name for each in backups).items() if number > 1}
    alike: Counter[tuple[str, int]] = Counter()
    for each in backups:
        copy = 0
        if each.name in namesakes:
            key = each.name, each.start or 0
            copy = alike[key]
            alike[key] += 1
        yield SeenBackup(each, copy, answer.at, answer.at, None)


def site_state_of(archive: Archive, location: str, source: Source) -> SiteState:
    """The last that is known of a site, as a reading.

    Raises:
        WireError: something in it is not what a server sends.
    """
    found: dict[str, Any] = {
        name: Fetched(kept.at, ANSWERS[name](responses.parse_document(kept.answer, saved=True)), source=source)
        for name, kept in archive.answers.items()
        if name in ANSWERS
    }
    listed: dict[str, list[Backup]] = {store: [] for store in archive.lists}
    for seen in archive.records:
        if seen.missing_since is None and seen.backup.store in listed:
            listed[seen.backup.store].append(seen.backup)
    named = {store.name for store in found["stores"].value} if "stores" in found else set()
    backups = {
        store: Fetched(archive.lists[store], tuple(each), source=source)
        for store, each in listed.items()
        if store in named
    }
    return SiteState(
        location, archive.address, backups=backups, history=site_history_of(archive), is_complete=True, **found
    )


def site_history_of(archive: Archive) -> SiteHistory:
    """What an archive knows of before: the backups that are no longer there, and when one looked."""
    gone = tuple(
        DeletedBackup(seen.backup, seen.last_seen, seen.missing_since)
        for seen in archive.records
        if seen.missing_since is not None
    )
    return SiteHistory(gone, tuple(sorted(look.at for look in archive.refreshes if not look.outcome)))


def to_json(archive: Archive) -> bytes:
    """An archive as JSON: what `history export` writes."""
    answers = {name: {"at": kept.at, "answer": msgspec.Raw(kept.answer)} for name, kept in archive.answers.items()}
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
    whole = {
        MARKER: VERSION,
        "site": archive.address.url,
        "answers": answers,
        "lists": [{"store": store, "at": at} for store, at in archive.lists.items()],
        "records": records,
        "looks": [{"id": look.id, "at": look.at, "outcome": look.outcome} for look in archive.refreshes],
    }
    return msgspec.json.encode(whole) + b"\n"


def is_archive(document: t.Json) -> bool:
    """Whether a JSON object calls itself an exported history."""
    return MARKER in document


def from_json(body: bytes) -> Archive:
    """The archive in an exported file, which may come from anywhere: checked like an answer of a server.

    Raises:
        WireError: it is no exported history, was made by a newer drtui, or is damaged.
    """
    return from_document(responses.parse_document(body, ENVELOPE, saved=True))


def from_document(document: t.Json) -> Archive:
    """The archive in the JSON object of an exported file.

    Raises:
        WireError: as of `parsed`.
    """
    if not is_archive(document):
        raise t.WireError("this is no exported history: it was not made by drtui history export")
    if t.number(document[MARKER]) != VERSION:
        raise t.WireError("this history was exported by another version of drtui, which this one cannot read")
    try:
        address = Address.parse(t.text(document, "site"), allow_http=True)
    except AddressError:
        raise t.WireError("the exported history does not name its site") from None
    answers = document.get("answers")
    found = {
        name: SavedResponse(_moment(each, "at"), _object(each, "answer"))
        for name, each in (answers.items() if isinstance(answers, dict) else ())
        if name in ANSWERS
    }
    lists = {t.text(each, "store"): _moment(each, "at") for each in t.records(document, "lists")}
    looks = tuple(
        SavedRefresh(t.text(each, "id"), _moment(each, "at"), t.text(each, "outcome"))
        for each in t.records(document, "looks")
    )
    archive = Archive(address, found, lists, tuple(_records(document)), looks)
    site_state_of(archive, "", Source.FILE)  # what cannot be read again is refused now, not when it is needed
    return archive


def _records(document: t.Json) -> Iterator[SeenBackup]:
    reader = functools.cache(functools.partial(BackupDecoder, saved=True))
    for each in t.records(document, "records"):
        first, last = _moment(each, "first_seen"), _moment(each, "last_seen")
        gone = None if each.get("gone_since") is None else _moment(each, "gone_since")
        if first > last or (gone is not None and gone < last):
            raise t.WireError(
                "a record of the exported history was last seen before it was first seen, or after it went"
            )
        backup = wire_backups.decode_saved_record(_object(each, "record"), reader(t.text(each, "store")))
        yield SeenBackup(backup, max(0, t.number(each.get("copy")) or 0), first, last, gone)


def _moment(record: Any, key: str) -> int:
    found = t.epoch_ms(record.get(key)) if isinstance(record, dict) else None
    if found is None:
        raise t.WireError(f'the exported history has no moment under "{key}"')
    return found


def _object(record: t.Json, key: str) -> bytes:
    found = record.get(key)
    if not isinstance(found, dict):
        raise t.WireError(f'the exported history has {t.json_type_name(found)} under "{key}", not an object')
    return msgspec.json.encode(found)
