"""Archives return the saved values unchanged, and hostile files are sanitized."""

import json
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from drtui.core.model.address import Address
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site_state import SiteState, Source
from drtui.core.wire import history_archive, responses
from drtui.core.wire.backup_schema import record_json
from drtui.core.wire.backups import BackupDecoder
from drtui.core.wire.history_archive import (
    ANSWERS,
    Archive,
    archive_of,
    from_json,
    site_history_of,
    site_state_of,
    to_json,
)
from drtui.core.wire.lenient import WireError
from drtui.demo.scenarios import SCENARIOS
from drtui.session import DEMO, ConnectionOptions, Session, Target
from tests.conftest import NOW
from tests.storage.archives import ADDRESS, refresh_archive

SITE = Address("https", "gis.example.com", "arcgis")


async def read(scenario: str) -> SiteState:
    async with Session(Target(DEMO, scenario=scenario), ConnectionOptions(), now=NOW, clock=lambda: NOW) as session:
        return await session.fetch_all()


@pytest.mark.parametrize("scenario", sorted(SCENARIOS.keys() - {"thousands", "restoring"}))
async def test_site_state_is_equal_after_export_and_import(scenario: str) -> None:
    state = await read(scenario)
    archive = archive_of(state, SITE)
    for source_archive in (archive, from_json(to_json(archive))):
        again = site_state_of(source_archive, state.location, Source.SAVED)
        for name in ANSWERS:
            mine, theirs = getattr(state, name), getattr(again, name)
            assert (theirs.value if theirs else None) == (mine.value if mine else None)
        assert {s: a.value for s, a in again.backups.items()} == {s: a.value for s, a in state.backups.items()}
        answers = [getattr(again, name) for name in ANSWERS] + list(again.backups.values())
        assert {answer.source for answer in answers if answer is not None} == {Source.SAVED}


async def test_archive_has_failure_code_when_resource_failed() -> None:
    state = await read("calm")
    assert state.settings is not None
    failure = Failure(FailureKind.UNREACHABLE, "dns", "no host")
    archive = archive_of(replace(state, settings=replace(state.settings, value=None, failure=failure)), SITE)
    assert "settings" not in archive.answers
    assert [refreshe.outcome for refreshe in archive.refreshes] == ["settings: dns"]
    assert site_history_of(archive).refresh_times == ()


@pytest.mark.parametrize("source", [Source.SAVED, Source.FILE])
def test_archive_is_empty_when_no_answer_is_live(source: Source) -> None:
    saved = site_state_of(refresh_archive(NOW, "a"), "gis.example.com", source)
    archive = archive_of(saved, SITE)
    assert (archive.answers, archive.list_times, archive.records) == ({}, {}, ())


def document(**changes: Any) -> bytes:
    """Return an exported file with changes."""
    whole = msgspec.json.decode(to_json(refresh_archive(NOW, "a")))
    return json.dumps({**whole, **changes}).encode()


def record(**changes: Any) -> list[Any]:
    seen = {"store": "vault", "first_seen": NOW, "last_seen": NOW, "gone_since": None, "copy": 0, "record": {}}
    return [{**seen, **changes}]


def test_from_json_returns_exported_archive() -> None:
    assert from_json(document()).records[0].backup.name == "a"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "not JSON"),
        (b"[]", "a list, not an object"),
        (b'{"backups": []}', "not an exported history"),
        (document(drtui_history=2), "another version"),
        (document(drtui_history="1; DROP TABLE site"), "another version"),
        (document(site="not a site at all"), "does not name its site"),
        (document(site="https://user:word@gis.example.com/arcgis"), "does not name its site"),
        (document(records={}), "not a list"),
        (document(records=record(record=[])), "not an object"),
        (document(records=record(first_seen="yesterday")), 'no time under "first_seen"'),
        (document(records=record(first_seen=NOW + 1)), "before it was first seen"),
        (document(records=record(gone_since=NOW - 1)), "after it went"),
        (document(answers={"stores": {"at": NOW, "answer": {"error": {"code": 500}}}}), "backupStores"),
        (document(answers={"stores": {"at": NOW, "answer": "x"}}), "not an object"),
        (document(lists=[{"store": "vault"}]), 'no time under "at"'),
        (b'{"drtui_history": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
    ],
)
def test_from_json_rejects_invalid_file_with_reason(body: bytes, why: str) -> None:
    with pytest.raises(WireError, match=why):
        from_json(body)


def test_from_json_removes_secrets_and_control_characters() -> None:
    hostile = {"backupName": "a\x1b[2Jb", "passcode": "planted", "metadata": "{crypt}planted", "status": "completed"}
    archive = from_json(document(records=record(record=hostile)))
    assert b"planted" not in to_json(archive)
    assert "\x1b" not in archive.records[0].backup.name
    assert b"\\u001b" not in record_json(archive.records[0].backup)


def test_newest_time_is_zero_when_archive_is_empty() -> None:
    assert Archive(ADDRESS).newest_time == 0
    assert history_archive.is_archive({}) is False


@pytest.mark.parametrize("levels", [1, 61, 62, 63, 64])
def test_any_answer_can_be_exported_and_imported(levels: int) -> None:
    answer = f'{{"stagingVolumeConfig":{"[" * levels}{"]" * levels}}}'.encode()
    assert responses.parse_document(answer)
    record = f'{{"backupName":"a","b":{"[" * levels}{"]" * levels}}}'.encode()
    seen = history_archive.SeenBackup(BackupDecoder("vault").decode_saved(record), 0, NOW, NOW, None)
    saved = history_archive.Archive(
        ADDRESS, {"settings": history_archive.SavedResponse(NOW, answer)}, {"vault": NOW}, (seen,)
    )
    assert history_archive.from_json(history_archive.to_json(saved)) == saved


NOTE = {"id": "n1", "store": "vault", "name": "a", "start": NOW, "at": NOW, "user": "anna", "text": "42 min"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "42 min"),
        ({"text": "a\x1b[31m\nb"}, "a␛[31m␊b"),
        ({"text": "x" * 9_000}, "x" * 500),
        ({"text": " "}, None),
        ({"id": ""}, None),
        ({"at": 0}, None),
    ],
    ids=["plain", "control", "long", "empty", "no id", "no time"],
)
def test_note_is_harmless_when_it_is_imported(change: dict[str, Any], expected: str | None) -> None:
    exported = json.loads(to_json(refresh_archive(NOW, "a")))
    assert from_json(json.dumps({**exported, "notes": []}).encode()).notes == ()
    body = json.dumps({**exported, "notes": [{**NOTE, **change}]}).encode()
    if expected is None:
        with pytest.raises(WireError, match=r"history has no time|no text or no id"):
            from_json(body)
    else:
        archive = from_json(body)
        assert [note.text for note in archive.notes] == [expected]
        assert from_json(to_json(archive)) == archive


def test_archive_has_no_notes_when_an_older_drtui_exported_it() -> None:
    exported = json.loads(to_json(refresh_archive(NOW, "a")))
    whole = from_json(json.dumps(exported).encode())
    del exported["notes"]
    assert from_json(json.dumps(exported).encode()) == whole
