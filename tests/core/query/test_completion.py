"""How a filter that is being typed could go on."""

import pytest

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import UTC
from drtui.core.query.completion import Vocabulary, complete
from drtui.core.query.fields import FIELDS
from drtui.core.query.query import Query
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.verdict import Level, Reason, Verdict
from tests.conftest import NOW
from tests.core.query.test_query import POINTS

VOCABULARY = Vocabulary(
    (*POINTS, RestorePoint(POINTS[0].backup, Verdict(Level.EXPIRED, (Reason(Level.EXPIRED, "a", "b"),))))
)


def offered(text: str) -> list[str]:
    return [each.label for each in complete(text, VOCABULARY)]


def taken(text: str) -> str:
    """The text once the first candidate is taken."""
    return complete(text, VOCABULARY)[0].text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("b", ["bucket:"]),
        ("nightly !G", ["gdb:"]),
        ("ex", ["expires<", "verdict:expired"]),
        ("us", ["verdict:usable"]),
        ("man", ["kind:manual"]),
        ("s", ["store:", "status:", "since:", "kind:scheduled"]),
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
def test_fields_then_the_values_that_occur(text: str, expected: list[str]) -> None:
    assert offered(text)[: len(expected) or 1] == expected


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
def test_what_is_taken_is_put_in_place_and_quoted(text: str, expected: str) -> None:
    assert taken(text) == expected
    assert not complete(expected, VOCABULARY) or expected.endswith(":")


def test_without_a_text_every_field_is_offered() -> None:
    assert [each.rstrip(":<>") for each in offered("")] == list(FIELDS)


@pytest.mark.parametrize("name", FIELDS)
def test_every_value_that_is_offered_is_one(name: str) -> None:
    for relation in FIELDS[name].descriptions:
        for each in complete(f"{name}{relation}", VOCABULARY):
            assert Query.parse(each.text, DisplayContext(NOW, UTC))
