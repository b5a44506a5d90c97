"""Properties that must hold for all output."""

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
    """Check that a text may be written to a terminal; with `lines` it may have several lines."""
    forbidden = HARMFUL.search(text.replace("\n", "") if lines else text)
    assert forbidden is None, f"harmful: {forbidden[0]!a} in {text[:200]!a}"
    assert PLANTED not in text, f"a secret: {text[:200]!a}"


def all_harmless(value: object) -> None:
    """Check every text in a value, raw records included."""
    body = msgspec.json.encode(value, enc_hook=str)
    assert PLANTED.encode() not in body, f"a secret in {body[:300]!r}"
    unescaped = body.replace(b"\\\\", b"")
    text = IN_JSON.search(unescaped)
    assert text is None, f"harmful: {text!r} in {body[:300]!r}"


def raw_harmless(raw: bytes) -> None:
    """Check that a raw record is JSON, and that its decoded texts may be written to a terminal."""
    all_harmless(msgspec.json.decode(raw))
