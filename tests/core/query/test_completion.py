"""Tests of the completion of a filter."""

import pytest

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import UTC
from drtui.core.query.completion import Vocabulary, complete
from drtui.core.query.fields import FIELDS
from drtui.core.query.query import Query
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.rules import Level, Reason, Verdict
from tests.conftest import NOW
from tests.core.query.test_query import POINTS

VOCABULARY = Vocabulary(
    (*POINTS, RestorePoint(POINTS[0].backup, Verdict(Level.EXPIRED, (Reason(Level.EXPIRED, "a", "b"),))))
)


def labels_for(text: str) -> list[str]:
    return [candidate.label for candidate in complete(text, VOCABULARY)]


def completed_text(text: str) -> str:
    """Return the text after accepting the first completion."""
    return complete(text, VOCABULARY)[0].text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("b", ["bucket:"]),
        ("nightly !G", ["gdb:"]),
        ("ex", ["expires<", "verdict:expired"]),
        ("us", ["verdict:usable"]),
        ("man", ["kind:manual"]),
        ("s", ["since:", "store:", "status:", "kind:scheduled"]),
        ("gdb:", ["old roads", "Parcels", "roads"]),
        ("GDB:r", ["roads", "old roads", "Parcels"]),
        ('gdb:"old ', ["old roads"]),
        ("gdb:roads", []),
        ("gdb:nowhere,", ["old roads", "Parcels", "roads"]),
        ('gdb:"a,b', []),
        ("store:v", ["vault"]),
        ("!verdict:", ["cannot tell", "expired", "not usable", "usable"]),
        ("verdict:us", ["usable", "not usable"]),
        ("verdict:usable", []),
        ("release:11.4", ["11.4.0", "11.4.0.6300", "11.40.1"]),
        ("status:fail", ["failed", "failed badly"]),
        ("bucket:", ["content", "uploads"]),
        ("cluster:9", ["o9x3d"]),
        ("since:t", ["today", "yesterday"]),
        ("expires:", ["never", "unknown"]),
        ("expires<7", ["7d"]),
        ("took:", ["unknown"]),
        ("gdb<", []),
        ("foo:", []),
        ("foo", []),
        ('"b', []),
        ("/b", []),
    ],
)
def test_complete_returns_fields_then_values(text: str, expected: list[str]) -> None:
    assert labels_for(text)[: len(expected) or 1] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nightly b", "nightly bucket:"),
        ("!us", "!verdict:usable"),
        ("not", 'verdict:"not usable"'),
        ("a gdb:old", 'a gdb:"old roads"'),
        ('gdb:"x y",old', 'gdb:"x y","old roads"'),
        ("name:say", 'name:"say ""hi"", all"'),
    ],
)
def test_complete_quotes_a_value_when_it_needs_quotes(text: str, expected: str) -> None:
    assert completed_text(text) == expected
    assert not complete(expected, VOCABULARY) or expected.endswith(":")


def test_complete_returns_every_field_when_the_text_is_empty() -> None:
    names = [candidate.rstrip(":<>") for candidate in labels_for("")]
    assert sorted(names) == sorted(FIELDS)
    assert names[:5] == ["name", "gdb", "verdict", "since", "expires"]  # the others may not fit into the line


@pytest.mark.parametrize("name", FIELDS)
def test_complete_returns_only_valid_filters(name: str) -> None:
    for relation in FIELDS[name].descriptions:
        for candidate in complete(f"{name}{relation}", VOCABULARY):
            assert Query.parse(candidate.text, DisplayContext(NOW, UTC))
