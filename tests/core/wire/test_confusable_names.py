"""Names that look alike differ on display, in answers and saved data."""

import json

import msgspec
import pytest

from drtui.core.formatting.text import unescape
from drtui.core.model.address import Address
from drtui.core.model.backup import Backup
from drtui.core.wire import backups, responses
from drtui.core.wire.backup_schema import record_json
from drtui.core.wire.backups import BackupDecoder
from drtui.core.wire.history_archive import Archive, SeenBackup, from_json, to_json
from drtui.core.wire.stream import BackupStream
from tests.conftest import NOW
from tests.core.records import record, whole

ALIKE = {
    "z": "z",
    "z\u200b": "z<200B>",
    "z\u200e": "z<200E>",
    "z\u200f": "z<200F>",
    "z\u061c": "z<061C>",
    "z\xad": "z<00AD>",
    "z\u2060": "z<2060>",
    "z\ufeff": "z<FEFF>",
    "z\ufe0f": "z<FE0F>",
    "z\u202e": "z<202E>",
    "z\u202d": "z<202D>",
    "z<202E>": "z<003C>202E>",
    "z<003C>202E>": "z<003C>003C>202E>",
    "z\x1b": "z␛",
    "z␛": "z<241B>",
    "z<241B>": "z<003C>241B>",
}
"""Names as a site sends them, and as they are displayed."""

BODY = json.dumps({"backups": [record(backupName=name) for name in ALIKE]}).encode()


def arrived(piece: int) -> tuple[Backup, ...]:
    arrival = BackupStream("vault", piece)
    left = b"".join(arrival.feed(BODY[at : at + 700]) for at in range(0, len(BODY), 700)) + arrival.end()
    return arrival.finish(responses.parse_document(left))


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(backups.decode_backups(responses.parse_document(BODY), "vault"), id="at once"),
        pytest.param(tuple(BackupDecoder("vault").decode_list(BODY[len('{"backups": ') : -1])), id="a list"),
        pytest.param(arrived(1), id="piece by piece"),
        pytest.param(arrived(1 << 20), id="in one piece"),
    ],
)
def test_names_differ_on_display_when_they_look_alike(value: tuple[Backup, ...]) -> None:
    assert [backup.name for backup in value] == list(ALIKE.values())
    assert [unescape(backup.name) for backup in value] == list(ALIKE)


def test_names_are_unchanged_when_read_from_saved_answers() -> None:
    listed = backups.decode_backups(responses.parse_document(BODY), "vault")
    assert tuple(BackupDecoder("vault").decode_saved(record_json(backup)) for backup in listed) == listed
    archive = Archive(
        Address.parse("https://gis.example.com/arcgis"),
        records=tuple(SeenBackup(backup, 0, NOW, NOW, None) for backup in listed),
    )
    again = from_json(to_json(from_json(to_json(archive))))
    assert [whole(backup.backup) for backup in again.records] == [whole(backup) for backup in listed]


def test_field_names_differ_on_display_when_they_look_alike() -> None:
    sent = {f"x{name}": {"state": "success"} for name in ALIKE}
    (backup,) = backups.decode_backups(
        responses.parse_document(json.dumps({"backups": [record(**sent)]}).encode()), "vault"
    )
    kinds = [part.kind for part in backup.parts][3:]
    assert kinds == [f"x{name}" for name in ALIKE.values()]
    assert set(kinds) < msgspec.json.decode(record_json(backup)).keys()


def test_saved_file_is_sanitized_when_written_by_somebody_else() -> None:
    foreign = json.dumps(record(backupName="z\u202e\x1b[2J\u200b")).encode()
    assert BackupDecoder("vault").decode_saved(foreign).name == "z<202E>␛[2J<200B>"
