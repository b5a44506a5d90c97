"""Sentences about the effect of differences on a restore."""

from typing import Any

import pytest
from msgspec.structs import replace

from drtui.core.comparison.compare import compare
from drtui.core.comparison.impact import describe_impact
from drtui.core.model.backup import INFRASTRUCTURE, OBJECT, RELATIONAL, Backup, Geodatabase, Part
from tests.core.points import backup, points_of, site_of

PARTS = (
    Part(
        RELATIONAL, "completed", cluster="r1", geodatabases=(Geodatabase("roads", "a1"), Geodatabase("parks", "b2")),
        system_databases=("arcgis", "gwdb"),
    ),
    Part(OBJECT, "completed", cluster="o1", buckets=("content",)),
    Part(INFRASTRUCTURE, "completed"),
)  # fmt: skip
OLDER = backup("like", 20, parts=PARTS, site_name="county", namespace="gis")


def impact_of(older: Backup, newer: Backup) -> list[tuple[str, str]]:
    first, second = points_of(site_of(older, newer))
    return [(sentence.text, sentence.tone) for sentence in describe_impact(compare(first, second))]


def change_part(position: int, **changes: Any) -> tuple[Part, ...]:
    """Return the parts with changes to the part at `position`."""
    return tuple(replace(part, **changes) if n == position else part for n, part in enumerate(PARTS))


def impact_after(**changes: Any) -> list[tuple[str, str]]:
    """Return the sentences for a similar restore point ten hours later, with changes."""
    newer = backup("newer", 10, parts=PARTS, site_name="county", namespace="gis")
    return impact_of(OLDER, replace(newer, **changes))


ALIKE = ("Same contents by name and ID. Data is not compared.", "muted")
LOSS = ("Restoring the older loses what was written in the 10 h between them.", "warn")
USABLE = [("Older verdict: ✓ usable.", "good"), ("Newer verdict: ✓ usable.", "good")]


def test_impact_is_lost_time_when_only_the_start_differs() -> None:
    assert impact_after() == [*USABLE, ALIKE, LOSS]


def test_impact_is_one_sentence_when_both_are_the_same_point() -> None:
    assert impact_of(OLDER, OLDER) == [("Both are the same restore point.", "muted")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"parts": change_part(0, geodatabases=(*PARTS[0].geodatabases, Geodatabase("new", "c3")))},
            ("Restoring the older loses 1 geodatabase that only the newer contains: new.", "bad"),
        ),
        (
            {"parts": change_part(0, geodatabases=())},
            (
                ("Restoring the newer does not bring back 2 geodatabases that only the older contains: roads, parks."),
                "warn",
            ),
        ),
        (
            {"parts": change_part(0, geodatabases=(Geodatabase("streets", "A-1"), Geodatabase("parks", "b2")))},
            ("1 geodatabase has another name in the older: roads (streets in the newer).", "warn"),
        ),
        (
            {"parts": change_part(0, geodatabases=(Geodatabase("roads", "z9"), Geodatabase("parks", "y8")))},
            ("2 geodatabases are the same by name only, with another ID (re-created?): roads, parks.", "warn"),
        ),
        (
            {"parts": change_part(0, geodatabases=(Geodatabase("roads", ""), Geodatabase("parks", "b2")))},
            ("1 geodatabase has an ID in only one record, may be another geodatabase: roads.", "warn"),
        ),
        (
            {"parts": change_part(0, geodatabases=tuple(Geodatabase(f"g{n}", str(n)) for n in range(7)))},
            (
                (
                    "Restoring the older loses 7 geodatabases that only the newer contains:"
                    " g0, g1, g2, g3, g4 and 2 more."
                ),
                "bad",
            ),
        ),
        (
            {"parts": change_part(0, system_databases=("arcgis", "gwdb", "metrics"))},
            ("Restoring the older loses 1 system database that only the newer contains: metrics.", "bad"),
        ),
        (
            {"parts": change_part(1, buckets=("content", "uploads"))},
            ("Restoring the older loses 1 bucket that only the newer contains: uploads.", "bad"),
        ),
        (
            {"parts": change_part(0, cluster="r2")},
            (
                "Another instance of the relational store: rebuilt or restored in between? A hint, not a verdict.",
                "warn",
            ),
        ),
        (
            {"parts": (*change_part(0, cluster="r2")[:1], *change_part(1, cluster="o2")[1:])},
            (
                (
                    "Another instance of the relational store and object store:"
                    " rebuilt or restored in between? A hint, not a verdict."
                ),
                "warn",
            ),
        ),
        (
            {"parts": (*PARTS, Part("bigDataStore", "completed"))},
            ("Restoring the older brings back no bigDataStore: its record has none.", "bad"),
        ),
        (
            {"parts": PARTS[1:]},
            ("Restoring the newer brings back no relational store: its record has none.", "bad"),
        ),
        (
            {"parts": PARTS[1:]},
            ("Contents cannot be compared in full: one record does not list them.", "warn"),
        ),
        (
            {"release": "11.3.0"},
            (
                (
                    "Newer verdict: ✗ not usable, from release 11.3.0, this site runs 11.4.0:"
                    " restore needs the same release."
                ),
                "bad",
            ),
        ),
        (
            {"release": "11.3.0"},
            ("Older restores on release 11.4.0 only, newer on 11.3.0 only.", "warn"),
        ),
        (
            {"release": "11.3.0.6300"},
            ("Older restores on release 11.4.0 only, newer on 11.3.0.6300 only.", "warn"),
        ),
        ({"release": ""}, ("Newer names no release: unknown which site can restore it.", "warn")),
        (
            {"namespace": "gis-b"},
            ("Different namespaces (gis, gis-b): a restore into a new site needs the same namespace.", "warn"),
        ),
        (
            {"site_name": "state"},
            (
                "Different site names (county, state): a restore in place needs the same organisation.",
                "warn",
            ),
        ),
        ({"start": None}, ("Unknown which is older: one record has no start.", "warn")),
        ({"start": None}, ("First verdict: ✓ usable.", "good")),
    ],
)
def test_impact_contains_a_sentence_when_a_property_differs(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert expected in impact_after(**changes)


@pytest.mark.parametrize(
    ("changes", "absent"),
    [
        ({"release": "11.4"}, "restores on release"),
        ({"namespace": ""}, "namespaces"),
        ({"site_name": ""}, "sites of two names"),
        ({"parts": change_part(0, cluster="")}, "Another instance"),
        ({"parts": change_part(0, geodatabases=())}, "Same contents"),
        ({"start": OLDER.start}, "what was written"),
    ],
)
def test_impact_omits_a_sentence_when_the_property_is_equal_or_unknown(changes: dict[str, Any], absent: str) -> None:
    assert absent not in " ".join(text for text, _ in impact_after(**changes))


def test_impact_does_not_say_equal_when_both_records_list_nothing() -> None:
    empty = replace(OLDER, parts=(Part(INFRASTRUCTURE, "completed"),))
    assert ("Neither record lists its contents.", "warn") in impact_of(empty, replace(empty, name="other"))


def test_impact_keeps_the_end_of_a_sentence_when_a_name_is_long() -> None:
    geodatabases = (Geodatabase("n" * 4_000, "c3"), Geodatabase("short", "d4"))
    sentences = impact_after(parts=change_part(0, geodatabases=geodatabases))
    assert any(text.endswith("⋯nnnnnnnnnnnnnnnnnnnn, short.") for text, _ in sentences)


def test_impact_starts_with_verdicts_when_several_things_differ() -> None:
    tones = [tone for _, tone in impact_after(parts=(), release="11.3.0")]
    assert tones[:3] == ["good", "bad", "warn"]


@pytest.mark.parametrize(
    ("older", "newer", "expected"),
    [
        ("11.4.0.6285", "11.4.0.6300", ["Two builds of one release: 11.4.0.6285 and 11.4.0.6300."]),
        ("11.4.0", "11.4.0.6300", []),
        ("11.4.0.6300", "11.4.0.6300", []),
    ],
)  # R13
def test_impact_mentions_builds_when_two_builds_of_one_release_differ(
    older: str, newer: str, expected: list[str]
) -> None:
    sentences = impact_of(replace(OLDER, release=older), replace(OLDER, name="other", release=newer))
    assert [text for text, _ in sentences if "build" in text or "restores on" in text] == expected
