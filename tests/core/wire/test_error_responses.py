"""Invalid answers, errors in answers, and answers with a token."""

import json
from typing import Any

import pytest

from drtui.core.wire import responses
from drtui.core.wire.lenient import WireError

T = 1_789_862_400_000


def sent(answer: object) -> dict[str, Any]:
    """Return the parsed document of an answer."""
    return responses.parse_document(json.dumps(answer).encode())


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "not JSON"),
        (b"   ", "not JSON"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "not JSON"),
        (b'{"backups": [', "not JSON"),
        (b'{"backups": []} trailing', "not JSON"),
        (b"{'backups': []}", "not JSON"),
        (b"\x1f\x8b\x08\x00", "not JSON"),
        ('{"backups": []}'.encode("utf-16"), "not JSON"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "not JSON"),
        (b"[]", "a list, not an object"),
        (b"null", "nothing, not an object"),
        (b'"backups"', "a text, not an object"),
        (b"17", "a number, not an object"),
        (b"1.5", "a number, not an object"),
        (b"NaN", "a text, not an object"),
        (b"true", "true or false, not an object"),
    ],
)
def test_r11_parse_document_raises_when_answer_is_no_object(body: bytes, why: str) -> None:
    with pytest.raises(WireError, match=why):
        responses.parse_document(body)


@pytest.mark.parametrize("depth", [100, 450, 500, 990, 1_000, 5_000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_parse_document_raises_when_answer_is_too_deep(depth: int, opening: bytes, closing: bytes) -> None:
    with pytest.raises(WireError, match="nested too deeply"):
        responses.parse_document(b'{"backups":' + opening * depth + b"1" + closing * depth + b"}")


@pytest.mark.parametrize("piece", [b"{},", b"0,", b"["])
def test_parse_document_raises_when_answer_has_too_many_values(piece: bytes) -> None:
    with pytest.raises(WireError, match="too many values"):
        responses.parse_document(b'{"backups":[' + piece * 16_000_000 + b"0]}")


def test_parse_document_accepts_answer_of_common_depth() -> None:
    assert responses.parse_document(b'{"a":' + b"[" * 40 + b"]" * 40 + b"}")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'\xef\xbb\xbf{"a": "bom"}', "bom"),
        (b'{"a": "broken \xff utf-8"}', "broken \N{REPLACEMENT CHARACTER} utf-8"),
        (b'{"a": "\\ud800"}', "<D800>"),
        (b'{"a": "\\ud83d\\ude00"}', "😀"),
        (b'{"a": "\\u001b[2J"}', "␛[2J"),
        (b'{"a": "raw \x1b and \ttab"}', "raw ␛ and ␉tab"),
        (b'{"a": "x", "b": NaN}', "x"),
        ('{"a": "é 界 😀"}'.encode(), "é 界 😀"),
    ],
)
def test_parse_document_accepts_invalid_json_that_sites_send(body: bytes, text: str) -> None:
    assert responses.parse_document(body)["a"] == text


@pytest.mark.parametrize(
    ("answer", "code", "text"),
    [
        ({"error": {"code": 500, "message": "broken", "details": ["a", "b"]}}, 500, "broken a b"),
        ({"error": {"code": 500, "message": "broken", "details": None}}, 500, "broken"),
        ({"error": {"code": 500, "message": "broken", "details": "why"}}, 500, "broken why"),
        ({"error": {"code": 500, "message": "broken", "details": []}}, 500, "broken"),
        ({"error": {"code": 500, "message": "broken"}}, 500, "broken"),
        ({"error": {"code": 500, "message": "broken", "details": {"message": "why"}}}, 500, "broken why"),
        ({"error": {"code": 500, "message": "broken", "details": [{"message": "why"}, 7, None]}}, 500, "broken why 7"),
        ({"error": {"code": 400, "message": None, "details": None}}, 400, ""),
        ({"error": {"code": 400, "message": None, "description": "in words"}}, 400, "in words"),
        ({"error": {"code": "498", "message": "Invalid token."}}, 498, "Invalid token."),
        ({"error": {"message": "no code"}}, None, "no code"),
        ({"error": {"code": None}}, None, ""),
        ({"error": {}}, None, ""),
        ({"error": {"code": 500, "message": "x"}, "messages": ["y"]}, 500, "x"),
        ({"error": {"code": 500, "message": "x"}, "backups": []}, 500, "x"),
        ({"error": "in one word"}, None, "in one word"),
        ({"error": ["a", "b"]}, None, "a b"),
        ({"error": True}, None, "an error without words"),
        ({"status": "error", "messages": ["Token required."], "code": 499}, 499, "Token required."),
        ({"status": "error", "messages": ["a", "b"]}, None, "a b"),
        ({"status": "error", "messages": None, "code": "498"}, 498, ""),
        ({"status": "ERROR", "messages": [], "code": 500}, 500, ""),
        ({"status": "error", "code": 403}, 403, ""),
        ({"status": "error", "messages": "one"}, None, "one"),
        ({"status": "failed", "messages": ["It failed."], "code": 500}, 500, "It failed."),
        ({"success": False}, None, ""),
        ({"success": False, "message": "no"}, None, "no"),
        ({"success": "false", "messages": ["no"], "code": 1}, 1, "no"),
    ],
)
def test_r11_decode_error_returns_every_form_of_error(answer: object, code: int | None, text: str) -> None:
    refusal = responses.decode_error(sent(answer))
    assert refusal is not None
    assert (refusal.code, refusal.message) == (code, text)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"backups": []},
        {"error": None},
        {"error": False},
        {"error": ""},
        {"success": True},
        {"status": "success"},
        {"status": {"state": "failed", "code": 5, "messages": ["x"]}},
        {"backupName": "a", "status": "failed"},
        {"backupName": "a", "status": "error"},
        {"backupName": "a", "status": "error", "messages": ["part of the record"], "code": 4},
        {"jobid": "j1", "status": "FAILED", "messages": ["x"]},
        {"jobid": "j1", "status": "ERROR", "messages": ["x"]},
        {"status": "failed"},
        {"status": "completed", "messages": ["x"], "code": 3},
    ],
)
def test_decode_error_is_none_for_status_of_a_resource(answer: object) -> None:
    assert responses.decode_error(sent(answer)) is None


@pytest.mark.parametrize(
    ("answer", "expires"),
    [
        ({"token": "Planted-1", "expires": T, "ssl": True}, T),
        ({"token": "Planted-1", "expires": str(T)}, T),
        ({"token": "Planted-1"}, None),
        ({"token": "Planted-1", "expires": None}, None),
        ({"token": "Planted-1", "expires": -1}, None),
        ({"token": "Planted-1", "expires": "soon"}, None),
    ],
)
def test_decode_grant_returns_token_and_expiry(answer: object, expires: int | None) -> None:
    grant = responses.decode_grant(json.dumps(answer).encode())
    assert grant is not None
    assert (grant.token.reveal(), grant.expires) == ("Planted-1", expires)
    assert "Planted-1" not in repr(grant)


@pytest.mark.parametrize("token", [..., None, "", 7, ["x"], "a\r\nb", "a\x00", "tökén", "\u202e"])
def test_decode_grant_is_none_when_token_is_invalid(token: object) -> None:
    answer = {} if token is ... else {"token": token}
    assert responses.decode_grant(json.dumps(answer).encode()) is None


@pytest.mark.parametrize("body", [b"[]", b"null", b'"token"', b"1"])
def test_decode_grant_is_none_when_answer_is_no_object(body: bytes) -> None:
    assert responses.decode_grant(body) is None
