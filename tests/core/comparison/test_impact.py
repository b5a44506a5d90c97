"""What a difference means for a restore, word by word."""

from typing import Any

import pytest
from msgspec.structs import replace

from drtui.core.comparison.compare import compare
from drtui.core.comparison.impact import restore_impact
from drtui.core.model.backup import INFRASTRUCTURE, OBJECT, RELATIONAL, Backup, Geodatabase, Part
from tests.core.points import backup, points, reading

HELD = (
    Part(
        RELATIONAL, "completed", cluster="r1", geodatabases=(Geodatabase("roads", "a1"), Geodatabase("parks", "b2")),
        system_databases=("arcgis", "gwdb"),
    ),
    Part(OBJECT, "completed", cluster="o1", buckets=("content",)),
    Part(INFRASTRUCTURE, "completed"),
)  # fmt: skip
LIKE = backup("like", 20, parts=HELD, site_name="county", namespace="gis")


def said(older: Backup, newer: Backup) -> list[tuple[str, str]]:
    one, other = points(reading(older, newer))
    return [(each.text, each.tone) for each in restore_impact(compare(one, other))]


def changed(position: int, **changes: Any) -> tuple[Part, ...]:
    """The parts with a change in one of them."""
    return tuple(replace(part, **changes) if n == position else part for n, part in enumerate(HELD))


def after(**changes: Any) -> list[tuple[str, str]]:
    """What is said of one like it ten hours later, with changes."""
    newer = backup("newer", 10, parts=HELD, site_name="county", namespace="gis")
    return said(LIKE, replace(newer, **changes))


ALIKE = ("They list the same, by name and id; what is in these, no record says.", "muted")
LOSS = ("Restoring the older one loses what was written in the 10 h between them.", "warn")
USABLE = [("The older one: ✓ usable.", "good"), ("The newer one: ✓ usable.", "good")]


def test_two_that_are_alike_differ_in_what_was_written_since() -> None:
    assert after() == [*USABLE, ALIKE, LOSS]


def test_one_is_not_compared_with_itself() -> None:
    assert said(LIKE, LIKE) == [("It is one and the same restore point.", "muted")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"parts": changed(0, geodatabases=(*HELD[0].geodatabases, Geodatabase("new", "c3")))},
            ("Restoring the older one loses 1 geodatabase that only the newer one holds: new.", "bad"),
        ),
        (
            {"parts": changed(0, geodatabases=())},
            (
                (
                    "Restoring the newer one does not bring back 2 geodatabases that only the older one holds:"
                    " roads, parks."
                ),
                "warn",
            ),
        ),
        (
            {"parts": changed(0, geodatabases=(Geodatabase("streets", "A-1"), Geodatabase("parks", "b2")))},
            ("1 geodatabase has another name in the older one: roads (streets in the newer one).", "warn"),
        ),
        (
            {"parts": changed(0, geodatabases=(Geodatabase("roads", "z9"), Geodatabase("parks", "y8")))},
            ("2 geodatabases are the same by name only, with another id (created anew?): roads, parks.", "warn"),
        ),
        (
            {"parts": changed(0, geodatabases=(Geodatabase("roads", ""), Geodatabase("parks", "b2")))},
            ("1 geodatabase has an id in one record only, and may be another one: roads.", "warn"),
        ),
        (
            {"parts": changed(0, geodatabases=tuple(Geodatabase(f"g{n}", str(n)) for n in range(7)))},
            (
                (
                    "Restoring the older one loses 7 geodatabases that only the newer one holds:"
                    " g0, g1, g2, g3, g4 and 2 more."
                ),
                "bad",
            ),
        ),
        (
            {"parts": changed(0, system_databases=("arcgis", "gwdb", "metrics"))},
            ("Restoring the older one loses 1 system database that only the newer one holds: metrics.", "bad"),
        ),
        (
            {"parts": changed(1, buckets=("content", "uploads"))},
            ("Restoring the older one loses 1 bucket that only the newer one holds: uploads.", "bad"),
        ),
        (
            {"parts": changed(0, cluster="r2")},
            ("Another instance of the relational store: rebuilt or restored in between? A hint, no verdict.", "warn"),
        ),
        (
            {"parts": (*changed(0, cluster="r2")[:1], *changed(1, cluster="o2")[1:])},
            (
                (
                    "Another instance of the relational store and object store:"
                    " rebuilt or restored in between? A hint, no verdict."
                ),
                "warn",
            ),
        ),
        (
            {"parts": (*HELD, Part("bigDataStore", "completed"))},
            ("Restoring the older one brings back no bigDataStore: its record has none.", "bad"),
        ),
        (
            {"parts": HELD[1:]},
            ("Restoring the newer one brings back no relational store: its record has none.", "bad"),
        ),
        (
            {"parts": HELD[1:]},
            ("Not every difference can be told: one record does not say what is in it.", "warn"),
        ),
        (
            {"release": "11.3.0"},
            (
                (
                    "The newer one: ✗ not usable, made by release 11.3.0, this site runs 11.4.0:"
                    " only the same release restores it."
                ),
                "bad",
            ),
        ),
        (
            {"release": "11.3.0"},
            ("The older one restores on release 11.4.0 only, the newer one on 11.3.0 only.", "warn"),
        ),
        (
            {"release": "11.3.0.6300"},
            ("The older one restores on release 11.4.0 only, the newer one on 11.3.0.6300 only.", "warn"),
        ),
        ({"release": ""}, ("The newer one names no release: where it restores is not known.", "warn")),
        (
            {"namespace": "gis-b"},
            ("Made in two namespaces, and in a new site it has to be the same: gis, gis-b.", "warn"),
        ),
        (
            {"site_name": "state"},
            (
                "Made by sites of two names, and in place it has to be the same organisation: county, state.",
                "warn",
            ),
        ),
        ({"start": None}, ("Which one is older is not known: not both say when they started.", "warn")),
        ({"start": None}, ("The first one: ✓ usable.", "good")),
    ],
)
def test_what_is_said(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert expected in after(**changes)


@pytest.mark.parametrize(
    ("changes", "unsaid"),
    [
        ({"release": "11.4"}, "restores on release"),
        ({"namespace": ""}, "namespaces"),
        ({"site_name": ""}, "sites of two names"),
        ({"parts": changed(0, cluster="")}, "Another instance"),
        ({"parts": changed(0, geodatabases=())}, "They list the same"),
        ({"start": LIKE.start}, "what was written"),
    ],
)
def test_what_is_not_said(changes: dict[str, Any], unsaid: str) -> None:
    assert unsaid not in " ".join(text for text, _ in after(**changes))


def test_two_records_that_list_nothing_are_not_called_alike() -> None:
    empty = replace(LIKE, parts=(Part(INFRASTRUCTURE, "completed"),))
    assert ("Neither record says what is in it.", "warn") in said(empty, replace(empty, name="other"))


def test_a_long_name_does_not_hide_the_rest_of_a_sentence() -> None:
    named = (Geodatabase("n" * 4_000, "c3"), Geodatabase("short", "d4"))
    found = after(parts=changed(0, geodatabases=named))
    assert any(text.endswith("⋯nnnnnnnnnnnnnnnnnnnn, short.") for text, _ in found)


def test_what_decides_comes_first() -> None:
    tones = [tone for _, tone in after(parts=(), release="11.3.0")]
    assert tones[:3] == ["good", "bad", "warn"]


@pytest.mark.parametrize(
    ("older", "newer", "expected"),
    [
        ("11.4.0.6285", "11.4.0.6300", ["Made by two builds of one release, 11.4.0.6285 and 11.4.0.6300."]),
        ("11.4.0", "11.4.0.6300", []),
        ("11.4.0.6300", "11.4.0.6300", []),
    ],
)  # R13
def test_meaning_mentions_two_builds_of_one_release_as_no_obstacle(older: str, newer: str, expected: list[str]) -> None:
    found = said(replace(LIKE, release=older), replace(LIKE, name="other", release=newer))
    assert [text for text, _ in found if "build" in text or "restores on" in text] == expected
