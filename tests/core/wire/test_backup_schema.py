"""The fast decoder returns the same backups as the lenient one, and no field is lost."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.formatting.times import LAST
from drtui.core.model.backup import Backup
from drtui.core.wire import backups, responses
from drtui.core.wire.backup_schema import record_json
from drtui.core.wire.backups import UNDOCUMENTED, BackupDecoder
from drtui.core.wire.lenient import WireError
from drtui.core.wire.undocumented_backup import undocumented_backup
from tests.core.records import START, record, whole
from tests.core.wire.test_hostile_json import ANY_JSON, HARMFUL

TEXTS = st.one_of(
    st.sampled_from(["completed", "", "Größe", "公司", 'say "a\\b"', "{crypt}x", " {CRYPT}x", f"a{HARMFUL}", "x\x7f"]),
    st.text(max_size=5),
)
TIMES = st.one_of(st.integers(START, START + 10**9), st.sampled_from([0, -1, -2, 1, LAST, LAST + 1, 2**63, 1.0, "5"]))
NAMES = st.sampled_from(
    [
        *("gdbName", "egdbID", "metadata", "encryptKey", "password", "clusterID", "status", "startTime", "endTime"),
        *("geodatabases", "systemDatabases", "buckets", "backupName", "completeTime", "retentionDate", "description"),
        *("relationalStore", "objectStore", "infrastructures", "spatiotemporalStore", "more"),
    ]
)
VALUES = st.one_of(TEXTS, TIMES, st.lists(TEXTS, max_size=3), ANY_JSON)


@st.composite
def records(draw: st.DrawFn) -> Any:
    """Generate a record of the documented shape with values changed, added or removed at any depth."""
    changed = json.loads(json.dumps(record()))
    for _ in range(draw(st.integers(0, 3))):
        within = draw(st.sampled_from(objects(changed)))
        name = draw(NAMES)
        if name in within and draw(st.booleans()):
            del within[name]
        else:
            within[name] = draw(VALUES)
    return draw(st.permutations(list(changed.items())).map(dict)) if draw(st.booleans()) else changed


def objects(value: Any) -> list[dict[str, Any]]:
    """Return all objects in a JSON value."""
    if isinstance(value, dict):
        return [value, *(inner for element in value.values() for inner in objects(element))]
    return [inner for element in value for inner in objects(element)] if isinstance(value, list) else []


def in_any_shape(body: bytes, store: str | None) -> Backup:
    """Return the backup that the lenient decoder returns."""
    answer = responses.parse_document(body)
    return undocumented_backup(answer, store, b"")


@given(records(), st.sampled_from(["vault", None]), st.booleans())
def test_both_decoders_return_equal_backups(sent: Any, store: str | None, plain: bool) -> None:
    body = json.dumps(sent, ensure_ascii=plain).encode("utf-8", "surrogatepass")
    try:
        backup = BackupDecoder(store).decode_documented(body)
    except UNDOCUMENTED:
        return
    assert whole(backup) == in_any_shape(body, store)
    assert json.loads(record_json(backup)) == responses.parse_document(body)


@given(records(), st.sampled_from(["vault", None]))
def test_saved_record_decodes_to_equal_backup(sent: Any, store: str | None) -> None:
    reader = BackupDecoder(store)
    backup = reader.decode_saved(json.dumps(sent).encode())
    assert reader.decode_saved(record_json(backup)) == backup
    assert json.loads(record_json(backup)) == responses.parse_document(json.dumps(sent).encode(), saved=True)


def test_record_is_empty_when_shape_is_documented() -> None:
    body = json.dumps(record()).encode()
    backup = BackupDecoder("vault").decode_documented(body)
    assert backup.record == b""
    assert whole(backup) == replace(in_any_shape(body, "vault"), record=b"")


@pytest.mark.parametrize("text", ["Größe", "公司", 'say "a\\b/c"', "", "a" * 10_000, "{encrypted}"])
def test_decoder_accepts_harmless_text(text: str) -> None:
    for plain in (True, False):
        body = json.dumps(record(description=text, backupName=text), ensure_ascii=plain).encode()
        assert (backup := BackupDecoder("vault").decode_documented(body)).description == text
        assert msgspec.json.decode(record_json(backup))["backupName"] == text


def changed(part: str, **changes: Any) -> dict[str, Any]:
    changed: dict[str, Any] = json.loads(json.dumps(record()))
    within = changed[part] if isinstance(changed[part], dict) else changed[part][0]
    within.update(changes)
    return changed


@pytest.mark.parametrize(
    "sent",
    [
        *(record(**{name: ...}) for name in record() if name != "encryptKey"),
        *(record(**{name: None}) for name in record()),
        record(immutableUntil=7), record(password="x"), record(metadata="x"), record(retentionDate=0),
        record(startTime=0), record(completeTime=-1), record(completeTime=1.0), record(startTime=str(START)),
        record(description="{crypt}x"), record(release="\x1b"), record(encryptKey={"a": "b"}),
        record(infrastructures=[{"status": "completed", "startTime": START, "endTime": START}]),
        changed("relationalStore", geodatabases=[{"gdbName": "a"}]), changed("relationalStore", geodatabases=["a"]),
        changed("relationalStore", geodatabases=[{"gdbName": "a", "egdbID": "1", "token": "x"}]),
        changed("relationalStore", geodatabases=[{"gdbName": "", "egdbID": ""}]),
        changed("relationalStore", geodatabases=[{"gdbName": "{crypt}x", "egdbID": "1"}]),
        changed("objectStore", buckets=["a", ""]), changed("objectStore", buckets=["a", 1]),
        changed("objectStore", buckets=["\u202e"]), changed("objectStore", geodatabases=[]),
        changed("infrastructures", clusterID="x"), changed("infrastructures", metadata="x"),
        [], None, 1, "x",
    ],
)  # fmt: skip
def test_decoder_rejects_record_when_anything_differs(sent: Any) -> None:
    with pytest.raises(UNDOCUMENTED):
        BackupDecoder("vault").decode_documented(json.dumps(sent).encode())


@pytest.mark.parametrize("depth", [60, 100, 100_000])
def test_decoder_rejects_nested_value_at_any_depth(depth: int) -> None:
    body = json.dumps(record(description="PLACE")).replace('"PLACE"', "[" * depth + "]" * depth).encode()
    reader = BackupDecoder("vault")
    with pytest.raises(UNDOCUMENTED):
        reader.decode_documented(body)
    if depth > 63:
        with pytest.raises(WireError, match="nested too deeply"):
            reader.decode_saved(body)


def test_decoder_shares_equal_values_of_records() -> None:
    body = json.dumps([record(backupName=name) for name in ("a", "b")]).encode()
    one, two = BackupDecoder("vault").decode_list(body)
    for first, second in zip(one.parts, two.parts, strict=True):
        assert first.status is second.status
        assert first.geodatabases is second.geodatabases
        assert first.buckets is second.buckets
    assert one.description is two.description
    odd = [responses.parse_document(json.dumps(record(backupName=name, more=1)).encode()) for name in ("a", "b")]
    one, two = backups.decode_backups({"backups": odd}, "vault")
    assert one.geodatabases[0] is two.geodatabases[0]
