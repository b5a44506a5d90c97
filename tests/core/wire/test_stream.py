"""A list decoded while it arrives equals the list decoded at once, for any pieces."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drtui.core.model.auth import Secret
from drtui.core.model.backup import Backup
from drtui.core.wire import backups as wire_backups
from drtui.core.wire import lenient, responses
from drtui.core.wire.known_secrets import KnownSecrets
from drtui.core.wire.lenient import WireError
from drtui.core.wire.stream import REST_KEY, BackupStream
from tests.core.records import record
from tests.core.wire.test_backup_schema import records
from tests.core.wire.test_hostile_json import ANY_JSON
from tests.suites import in_full

Outcome = tuple[Backup, ...] | str


def arrived(body: bytes, sizes: list[int], piece: int = 1, store: str | None = "vault") -> Outcome:
    """Return the result for an answer that arrives in pieces of these sizes, repeated."""
    arrival = BackupStream(store, piece)
    left, start, turn = b"", 0, 0
    try:
        while start < len(body):
            size = sizes[turn % len(sizes)]
            left += arrival.feed(body[start : start + size])
            start, turn = start + size, turn + 1
        left += arrival.end()
        return arrival.finish(responses.parse_document(left))
    except WireError as error:
        return str(error)


def at_once(body: bytes, store: str | None = "vault") -> Outcome:
    """Return the result for an answer that is decoded at once."""
    try:
        return wire_backups.decode_backups(responses.parse_document(body), store)
    except WireError as error:
        return str(error)


LISTS = st.lists(st.one_of(records(), st.just(record()), ANY_JSON), max_size=6)
SPACES = st.sampled_from([{"separators": (",", ":")}, {}, {"indent": 1}])


@given(LISTS, st.lists(st.integers(1, 3000), min_size=1, max_size=4), SPACES, st.booleans(), st.integers(1, 5000))
def test_stream_returns_same_backups_for_any_pieces(
    value: Any, sizes: list[int], spaces: Any, plain: bool, piece: int
) -> None:
    text = json.dumps({"backups": value}, ensure_ascii=plain, **spaces)
    body = text.encode("utf-8", "surrogatepass")
    if any(word in text for word in ("NaN", "Infinity", "\\ud", "\ud800", "\udfff")):
        return  # the lenient reader tells large numbers otherwise, and one such thing makes it read a whole answer
    assert arrived(body, sizes, piece) == at_once(body)


SECRETS = KnownSecrets([Secret("pLaNtEd-tOkEn-4711"), Secret("Planted & <Hidden>")])
ECHOES = st.sampled_from(["pLaNtEd-tOkEn-4711", "Planted &amp; &lt;Hidden&gt;", "pLaNtEd-\ntOkEn-4711", "harmless <b>"])


@given(
    st.lists(
        st.builds(
            lambda name, more, echo: record(backupName=f"{name} {echo}", description=echo, **more),
            st.text(max_size=9),
            st.sampled_from([{}, {"more": ["x"]}, {"status": ...}]),
            ECHOES,
        ),
        min_size=1,
        max_size=6,
    ),
    st.integers(1, 5000),
)
def test_stream_removes_secrets_like_the_decoder(value: Any, piece: int) -> None:
    body = json.dumps({"backups": value}).encode("utf-8", "surrogatepass")
    arrival = BackupStream("vault", piece, secrets=SECRETS)
    left = b"".join(arrival.feed(body[start : start + 700]) for start in range(0, len(body), 700)) + arrival.end()
    backups = arrival.finish(responses.parse_document(left, secrets=SECRETS))
    assert backups == wire_backups.decode_backups(responses.parse_document(body, secrets=SECRETS), "vault")
    assert "4711" not in repr(backups)
    assert "Planted" not in repr(backups)


WHOLE = json.dumps({"backups": [record(backupName=str(number)) for number in range(5)]})
ONE = json.dumps(record())
ANSWERS = {
    "none": '{"backups": []}',
    "one": f'{{"backups": [{ONE}]}}',
    "records begin with something else": f'{{"backups": [{ONE}, {{"z": 1}}, {{}}, 5, {ONE}]}}',
    "records begin as their parts do": json.dumps(
        {"backups": [{"status": "a", "infrastructures": {"status": "b"}, "objectStore": [{"status": "c"}] * 9}] * 5}
    ),
    "a ciphered text among them": f'{{"backups": [{ONE}, "{{crypt}}x", {ONE}]}}',
    "something before": f'{{"total": 5, {WHOLE[1:]}',
    "something after": f'{WHOLE[:-1]}, "total": 5}}',
    "said twice": f'{WHOLE[:-1]}, "backups": [{ONE}]}}',
    "said twice, the second is none": f'{WHOLE[:-1]}, "backups": null}}',
    "said twice, in escapes": f'{WHOLE[:-1]}, "b\\u0061ckups": []}}',
    "no list": '{"backups": {"a": [1]}}',
    "an error": '{"error": {"code": 498, "message": "Invalid token."}}',
    "a page": "<html>backups: [{</html>",
    "nothing": "",
    "a list": f"[{ONE}]",
    "a mark before": f"\ufeff{WHOLE}",
    "breaks off": WHOLE[:-700],
    "breaks off between two": WHOLE[: WHOLE.rindex('{"release"')],
    "breaks off at the end": WHOLE[:-1],
    "goes on after the end": f"{WHOLE}{WHOLE}",
    "closed twice": f"{WHOLE[:-1]}]}}",
    "the wrong bracket": f"{WHOLE[:-2]}}}}}",
    "no comma": WHOLE.replace("}, {", "} {"),
    "two commas": WHOLE.replace('}, {"release"', '},, {"release"'),
    "a comma at the end": f"{WHOLE[:-2]},]}}",
    "not a number": WHOLE.replace('"completeTime": 1789862722000', '"completeTime": NaN', 1),
    "a raw tab": WHOLE.replace("Scheduled Backup", "Scheduled\tBackup", 1),
    "half a character": WHOLE.replace("Scheduled Backup", "\\ud800", 1),
    "nested": f'{{"backups": [{ONE}, {{"release": {"[" * 70}{"]" * 70}}}, {ONE}]}}',
    "nested without end": f'{{"backups": [{ONE}, {{"release": {"[" * 5_000}',
    "a text that looks like a record": json.dumps({"backups": [record(description='}, {"release": "')] * 4}),
}


@pytest.mark.parametrize("piece", in_full([1, 500, 1_500, 100_000], but=[1, 1_500]))
@pytest.mark.parametrize("text", ANSWERS.values(), ids=ANSWERS.keys())
def test_stream_has_same_result_for_any_answer(text: str, piece: int) -> None:
    body = text.encode()
    for size in (1, 7, 700, 100_000):
        assert arrived(body, [size], piece) == at_once(body)
        assert arrived(body, [size], piece, None) == at_once(body, None)


def test_stream_keeps_error_beside_the_list() -> None:
    arrival = BackupStream("vault", 1)
    left = arrival.feed(f'{WHOLE[:-1]}, "error": {{"code": 500, "message": "no"}}}}'.encode()) + arrival.end()
    error = responses.decode_error(responses.parse_document(left))
    assert error is not None
    assert error.code == 500


def test_stream_removes_records_as_they_arrive() -> None:
    arrival = BackupStream("vault", 1)
    left = b"".join(arrival.feed(WHOLE[at : at + 100].encode()) for at in range(0, len(WHOLE), 100))
    assert left == b'{"%s":[' % REST_KEY.encode()
    assert arrival.end() == b"]}"


def test_stream_forgets_backups_when_reset() -> None:
    arrival = BackupStream("vault", 1)
    arrival.feed(WHOLE.encode())
    arrival.reset()
    left = arrival.feed(f'{{"backups": [{ONE}]}}'.encode()) + arrival.end()
    assert len(arrival.finish(responses.parse_document(left))) == 1


@pytest.mark.parametrize("room", in_full([300_000, lenient.MAX_VALUES], but=[300_000]))
def test_stream_raises_when_answer_has_too_many_values(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    monkeypatch.setattr(lenient, "MAX_VALUES", room)
    arrival = BackupStream("vault")
    hostile = b'{"a":[%s]},' % b",".join([b"1"] * 30_000)
    arrival.feed(b'{"backups": [')
    for _ in range(room // 30_000 - 1):
        arrival.feed(hostile)
    with pytest.raises(WireError, match="too many values"):
        arrival.feed(hostile * 2)


def test_stream_reuses_backup_when_unchanged() -> None:
    known = wire_backups.decode_backups(responses.parse_document(WHOLE.encode()), "vault")
    arrival = BackupStream("vault", previous=known)
    sent = WHOLE.replace('"backupName": "3"', '"backupName": "new"').replace('"county"', '"city"', 1)
    left = arrival.feed(sent.encode()) + arrival.end()
    updated = arrival.finish(responses.parse_document(left))
    assert [new is old for new, old in zip(updated, known, strict=True)] == [False, True, True, False, True]
    assert updated == wire_backups.decode_backups(responses.parse_document(sent.encode()), "vault")
