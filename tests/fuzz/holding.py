"""What has to hold of everything that comes out."""

import re

import msgspec

from tests.fuzz.mutate import PLANTED

HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, line separators, overrides of direction, lone surrogates."""

IN_JSON = re.compile(
    rb"\\u00(0[0-9a-f]|1[0-9a-f]|7f)|\\[bfnrt]|\xe2\x80[\xa8-\xae]|\xe2\x81[\xa6-\xa9]|\xc2[\x80-\x9f]|\x7f"
)
"""The same in JSON as msgspec writes it: the escapes of control characters, or their UTF-8."""


def harmless(text: str, *, lines: bool = False) -> None:
    """A text may reach a terminal; `lines` if it may have several."""
    found = HARMFUL.search(text.replace("\n", "") if lines else text)
    assert found is None, f"harmful: {found[0]!a} in {text[:200]!a}"
    assert PLANTED not in text, f"a secret: {text[:200]!a}"


def all_harmless(value: object) -> None:
    """Every text in a value may, its raw records included."""
    body = msgspec.json.encode(value, enc_hook=str)
    assert PLANTED.encode() not in body, f"a secret in {body[:300]!r}"
    unescaped = body.replace(b"\\\\", b"")
    found = IN_JSON.search(unescaped)
    assert found is None, f"harmful: {found!r} in {body[:300]!r}"


def raw_harmless(raw: bytes) -> None:
    """A raw record is JSON, and may reach a terminal once it is decoded."""
    all_harmless(msgspec.json.decode(raw))
