"""Decoders return harmless text or raise WireError for any input."""

import json
import re
import unicodedata
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from drtui.core.wire import responses
from drtui.core.wire.lenient import WireError
from tests.core.answers import READERS, SHAPES, leaves

HARMFUL = "\x1b\x00\x07\x7f\x9b\u202e\u2066\u2069\ud800\udfff\ufeff\u2028\u200b\u200e\u061c\xad\u2060\ufe0f"


def is_harmless(text: str) -> bool:
    """True if a text may be written to a terminal."""
    bidi = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN"}
    return not any(
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or unicodedata.bidirectional(character) in bidi
        for character in text
    )


def test_decoders_sanitize_text_in_every_field_and_name() -> None:
    def hostile(shape: Any) -> Any:
        if isinstance(shape, dict):
            return {key: hostile(inner) for key, inner in shape.items()} | {f"x{HARMFUL}": HARMFUL}
        if isinstance(shape, list):
            return [hostile(inner) for inner in shape]
        return f"{shape}{HARMFUL}"

    answer = responses.parse_document(json.dumps(hostile(SHAPES)).encode())
    for read in READERS.values():
        check(read(answer))


def check(value: object) -> None:
    """Assert that all texts in a value are harmless, including those in raw records."""
    for leaf in leaves(msgspec.to_builtins(value)):
        if isinstance(leaf, str):
            assert is_harmless(leaf), ascii(leaf)
        if isinstance(leaf, bytes):
            check(msgspec.json.decode(leaf))


FIELDS = sorted(
    set(re.findall(r"[A-Za-z]{4,}", json.dumps(SHAPES))) | {"startTime", "retentionDate", "code", "default"}
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**25), 10**25),
    st.floats(),
    st.text(st.characters(), max_size=8),
    st.sampled_from(["completed", "error", "-1", "1789862400000", "{crypt}x", HARMFUL]),
)
ANY_JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(FIELDS), st.text(st.characters(), max_size=5)), inner, max_size=6),
    ),
    max_leaves=25,
)
SHAPED = st.fixed_dictionaries({}, optional=dict.fromkeys(SHAPES, ANY_JSON))


@given(st.one_of(SHAPED, ANY_JSON))
def test_decoders_return_harmless_values_or_raise_wire_error_for_any_json(value: Any) -> None:
    try:
        answer = responses.parse_document(json.dumps(value).encode())
    except WireError:
        assert not isinstance(value, dict)
        return
    for read in READERS.values():
        try:
            value = read(answer)
        except WireError:
            continue
        check(value)


@given(st.binary(max_size=200))
def test_parse_document_returns_or_raises_wire_error_for_any_bytes(body: bytes) -> None:
    for read in (responses.parse_document, responses.decode_grant):
        try:
            read(body)
        except WireError as error:
            assert is_harmless(str(error))  # noqa: PT017 - either outcome is right
