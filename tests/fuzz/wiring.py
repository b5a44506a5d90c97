"""Targets that read what a server sent: decoders, masking of secrets, the archive, and saved files."""

import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from drtui.core.formatting.text import escape, unescape
from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.core.model.backup import Backup
from drtui.core.model.site_state import Fetched, SiteState, Source
from drtui.core.wire import backups, history_archive, lenient, responses
from drtui.core.wire.backup_schema import record_json
from drtui.core.wire.known_secrets import HIDDEN, KnownSecrets
from drtui.core.wire.lenient import Json, WireError
from drtui.core.wire.redact import redact_and_sanitize
from drtui.session.saved_file import read_file
from tests.conftest import NOW
from tests.core.answers import READERS
from tests.fuzz import holding

LISTS = {
    "stores": "backupStores",
    "backups": "backups",
    "all backups": "backups",
    "schedules": "result",
    "data": "items",
}
"""Keys of the lists that the decoders read."""

SAVED = frozenset({"address", "stores", "site", "status", "settings", "schedules", "data"})
"""Parts of a state that history returns unchanged."""


def document(body: bytes) -> None:
    """Decoders that accept any object."""
    try:
        answer = responses.parse_document(body)
    except WireError as error:
        holding.harmless(str(error))
        return
    holding.all_harmless(answer)
    again = responses.parse_document(msgspec.json.encode(answer), saved=True)
    assert again == answer, "what was made harmless is not read as it was"
    for name, read in READERS.items():
        value = attempted(read, answer)
        if value is None:
            continue
        holding.all_harmless(value)
        # Also of the text of numbers: history must return what the refresh contained.
        assert read(again) == value, f"{name} differs when it is read again"
        if name in LISTS:
            assert isinstance(value, tuple)
            assert isinstance(answer[LISTS[name]], list), "what is no list became one"
            assert len(value) == len(answer[LISTS[name]]), "an element was lost"
            for decode in value:
                holding.raw_harmless(raw_of(decode))
                same(name, decode)


def raw_of(value: Any) -> bytes:
    """Return the stored record of a value."""
    record: bytes = record_json(value) if isinstance(value, Backup) else value.raw
    return record


def attempted(read: Callable[[Json], Any], answer: Json) -> Any:
    """Return the decoded response; None for one of our own errors."""
    try:
        return read(answer)
    except WireError as error:
        holding.harmless(str(error))
        return None


def same(name: str, value: Any) -> None:
    """Check that the stored record of a value gives the value again: history and exported files depend on it."""
    record = responses.parse_document(raw_of(value), saved=True)
    store = value.store if isinstance(value, Backup) else None
    if name in {"backups", "all backups"}:
        assert backups.decode_backups({"backups": [record]}, store) == (value,)
    else:
        assert READERS[name]({LISTS[name]: [record]}) == (value,), f"{name} differs when read from its record"


def grant(body: bytes) -> None:
    """Check that a token is decoded or refused, and that its holder does not print it."""
    try:
        token_grant = responses.decode_grant(body)
    except WireError as error:
        holding.harmless(str(error))
        return
    if token_grant is not None:
        assert token_grant.token.reveal() not in repr(token_grant) or len(token_grant.token.reveal()) < 20
        assert token_grant.token.reveal().isprintable()
        assert token_grant.expires is None or token_grant.expires > 0


def redacted(body: bytes) -> None:
    """Check that masking any JSON value twice gives the same as once."""
    try:
        once = redact_and_sanitize(lenient.parse_json(body))
    except WireError as error:
        holding.harmless(str(error))
        return
    holding.all_harmless(once)
    assert redact_and_sanitize(once, saved=True) == once
    for secret in islice(filter(_may_be_secret, _texts(once)), 3):
        for sent in (body, msgspec.json.encode(once)):
            hidden = responses.parse_document(
                b'{"a":%s}' % sent.removeprefix(b"\xef\xbb\xbf"), 1, KnownSecrets([Secret(secret)])
            )
            assert not any(secret in text for text in _texts(hidden)), f"{secret!a} is still in {hidden!a:.300}"


def _may_be_secret(text: str) -> bool:
    """True if a text could be a password that does not appear by chance."""
    is_as_sent = unescape(text) == text and escape(text) == text
    return is_as_sent and text.isascii() and 8 <= len(text) <= 40 and text.strip() == text and HIDDEN not in text


def _texts(value: Any) -> Iterator[str]:
    """Return every text in a JSON value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, entry in value.items():
            yield name
            yield from _texts(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry)


def exported(body: bytes) -> None:
    """Check that an exported history is refused, or unchanged when exported again and assessed."""
    try:
        archive = history_archive.from_json(body)
    except WireError as error:
        holding.harmless(str(error))
        return
    assert history_archive.from_json(history_archive.to_json(archive)) == archive, (
        "it is not imported as it was exported"
    )
    state = history_archive.site_state_of(archive, "file", Source.SAVED)
    holding.all_harmless(state)


def kept(state: SiteState) -> None:
    """Check that history and an exported file return what a refresh added."""
    address = Address("https", "gis.example.com", "arcgis")
    archive = history_archive.archive_of(state, address)
    back = history_archive.site_state_of(archive, "", Source.SAVED)
    for name in ("site", "status", "settings", "schedules", "data"):
        saved, live = getattr(back, name), getattr(state, name)
        assert (saved.value if saved else None) == (live.value if live else None), f"{name} is not kept as it was"
    for store, answer in back.backups.items():
        assert answer.value == state.backups[store].value, "backups are not kept as they were"
    assert history_archive.from_json(history_archive.to_json(archive)) == archive, (
        "it is not imported as it was exported"
    )


def file(body: bytes) -> None:
    """Check that a saved file gives a state in which each part is a value or a failure."""
    with tempfile.TemporaryDirectory(prefix="drtui-fuzz-") as folder:
        path = Path(folder) / "answer.json"
        path.write_bytes(body)
        state = read_file(path, NOW)
    stores = state.stores
    assert stores is None or (stores.value is None) != (stores.failure is None)
    if (
        stores is not None
        and stores.value == ()
        and not history_archive.is_archive(responses.parse_document(body, history_archive.ENVELOPE))
    ):
        assert responses.parse_document(body, history_archive.ENVELOPE)["backups"] == [], (
            "an error looks like an empty list"
        )
    holding.all_harmless(state)


def sites(answers: Json) -> SiteState:
    """Return the state from the responses of one refresh."""
    parsed_answers: dict[str, Any] = {}
    for name in ("site", "stores", "status", "settings", "schedules", "data", "job"):
        answer = answers.get(name)
        if isinstance(answer, dict):
            parsed_answers[name] = _answer(READERS[name], answer)
    state = SiteState("gis.example.com/arcgis", is_complete=True, **parsed_answers)
    listed = answers.get("backups")
    for store in (state.stores.value if state.stores else None) or ():
        answer = listed if isinstance(listed, dict) else {}
        mine = _answer(lambda a, name=store.name: backups.decode_backups(a, name), answer)  # type: ignore[misc]
        state = state.with_backups(store.name, mine)
    return state


def _answer(read: Callable[[Json], Any], answer: Json) -> Fetched[Any]:
    from drtui.core.model.failure import Failure, FailureKind

    try:
        return Fetched(NOW, read(answer))
    except WireError as error:
        return Fetched(NOW, failure=Failure(FailureKind.UNREADABLE, "shape", "it could not be read", str(error)))
