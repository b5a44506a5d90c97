"""What differs between two restore points: tables of values."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.comparison.compare import Comparison, GeodatabasesComparison, NamesComparison, compare, duration_ratio
from drtui.core.formatting.times import DAY, HOUR, MINUTE
from drtui.core.model.backup import INFRASTRUCTURE, OBJECT, RELATIONAL, Backup, Geodatabase, Part
from tests.conftest import NOW
from tests.core.points import backup, parts, points, reading

A, B = "0A1B2C3D-0000-4000-8000-00000000000A", "0a1b2c3d00004000800000000000000b"
C = "c" * 32


def of(one: Backup, other: Backup) -> Comparison:
    (first,), (second,) = points(reading(one)), points(reading(other))
    return compare(first, second)


def holding(name: str, hours_ago: float, *parts: Part, **changes: Any) -> Backup:
    return backup(name, hours_ago, parts=parts, **changes)


def relational(*geodatabases: tuple[str, str], cluster: str = "r1", **changes: Any) -> Part:
    named = tuple(Geodatabase(*each) for each in geodatabases)
    return replace(Part(RELATIONAL, "completed", cluster=cluster, geodatabases=named), **changes)


def geodatabases(older: tuple[tuple[str, str], ...], newer: tuple[tuple[str, str], ...]) -> GeodatabasesComparison:
    # The system database says that both records list what they hold, even where that is no geodatabase.
    sides = [relational(*each, system_databases=("gwdb",)) for each in (older, newer)]
    found = of(holding("a", 20, sides[0]), holding("b", 10, sides[1])).geodatabases
    assert found is not None
    return found


def named(found: GeodatabasesComparison) -> dict[str, list[Any]]:
    """The names of those that differ, by how."""
    alone = {"added": found.added, "removed": found.removed, "same": found.unchanged}
    twins = {"renamed": found.renamed, "recreated": found.recreated, "unsure": found.uncertain}
    names: dict[str, list[Any]] = {how: [each.name for each in some] for how, some in alone.items()}
    names |= {how: [(x.name, y.name) for x, y in some] for how, some in twins.items()}
    return {how: some for how, some in names.items() if some}


@pytest.mark.parametrize(
    ("older", "newer", "expected"),
    [
        ((), (), {}),
        ((("roads", A),), (("roads", A),), {"same": ["roads"]}),
        ((("roads", A),), (("roads", A.replace("-", "").lower()),), {"same": ["roads"]}),  # two spellings, one id
        ((), (("roads", A),), {"added": ["roads"]}),
        ((("roads", A),), (), {"removed": ["roads"]}),
        ((("roads", A),), (("streets", A),), {"renamed": [("roads", "streets")]}),
        ((("roads", A),), (("roads", B),), {"recreated": [("roads", "roads")]}),
        ((("roads", A),), (("parks", B),), {"removed": ["roads"], "added": ["parks"]}),
        ((("roads", ""),), (("roads", ""),), {"same": ["roads"]}),
        ((("roads", A),), (("roads", ""),), {"unsure": [("roads", "roads")]}),
        ((("roads", ""),), (("roads", A),), {"unsure": [("roads", "roads")]}),
        ((("", A),), (("", A),), {"same": [""]}),
        ((("", A),), (("", B),), {"removed": [""], "added": [""]}),
        ((("roads", A), ("roads", A)), (("roads", A),), {"same": ["roads"]}),  # listed twice, held once
        ((("roads", A),), (("old", A), ("roads", B)), {"renamed": [("roads", "old")], "added": ["roads"]}),
        (
            (("x", A), ("y", B)),
            (("y", A), ("x", B)),
            {"renamed": [("x", "y"), ("y", "x")]},
        ),
        ((("roads", A), ("roads", B)), (("roads", C),), {"removed": ["roads"], "recreated": [("roads", "roads")]}),
    ],
)
def test_geodatabases_are_told_apart_by_id(
    older: tuple[tuple[str, str], ...], newer: tuple[tuple[str, str], ...], expected: dict[str, list[Any]]
) -> None:
    found = geodatabases(older, newer)
    assert named(found) == expected
    assert found.has_differences is bool(expected.keys() - {"same"})


def test_geodatabases_of_several_stores_are_compared_together() -> None:
    """One that moved from one relational store to another is still there."""
    one = holding("a", 20, relational(("roads", A), cluster="r1"), relational(("parks", B), cluster="r2"))
    other = holding("b", 10, relational(("roads", A), ("parks", B), cluster="r1"), relational(("x", C), cluster="r2"))
    found = of(one, other).geodatabases
    assert found is not None
    assert named(found) == {"same": ["roads", "parks"], "added": ["x"]}


@pytest.mark.parametrize(
    ("older", "newer", "expected"),
    [
        (("arcgis", "content"), ("arcgis", "content"), NamesComparison(unchanged=("arcgis", "content"))),
        (("arcgis",), ("arcgis", "uploads"), NamesComparison(added=("uploads",), unchanged=("arcgis",))),
        (("arcgis", "uploads"), ("arcgis",), NamesComparison(removed=("uploads",), unchanged=("arcgis",))),
        (("a", "a"), ("a",), NamesComparison(unchanged=("a",))),
        (("A",), ("a",), NamesComparison(added=("a",), removed=("A",))),
        ((), (), NamesComparison()),
        ((), ("a",), None),  # a record that lists none does not say that there are none
        (("a",), (), None),
    ],
)
def test_buckets(older: tuple[str, ...], newer: tuple[str, ...], expected: NamesComparison | None) -> None:
    sides = [holding("x", hours, Part(OBJECT, buckets=each)) for hours, each in ((20, older), (10, newer))]
    assert of(*sides).buckets == expected


def test_what_one_record_does_not_list_cannot_be_compared() -> None:
    found = of(holding("a", 20, relational(("roads", A))), holding("b", 10))
    assert (found.geodatabases, found.databases, found.has_differences) == (None, None, True)
    assert found.buckets == NamesComparison()


@pytest.mark.parametrize("swapped", [False, True])
def test_always_from_the_older_to_the_newer(swapped: bool) -> None:
    sides = [backup("a", 20), backup("b", 10)]
    found = of(*(sides[::-1] if swapped else sides))
    assert (found.older.backup.name, found.newer.backup.name, found.is_ordered_by_time) == ("a", "b", True)
    assert (found.time_apart, found.labels) == (10 * HOUR, ("older", "newer"))


@pytest.mark.parametrize("starts", [(None, NOW), (NOW, None), (None, None)])
def test_without_a_start_they_stand_as_they_were_named(starts: tuple[int | None, int | None]) -> None:
    found = of(backup("a", 20, start=starts[0]), backup("b", 10, start=starts[1]))
    assert (found.older.backup.name, found.is_ordered_by_time, found.time_apart) == ("a", False, None)
    assert found.labels == ("first", "second")


def part(kind: str, cluster: str = "", status: str | None = "completed") -> Part:
    return Part(kind, status, cluster=cluster)


@pytest.mark.parametrize(
    ("older", "newer", "expected"),
    [
        ((part(RELATIONAL, "r1"),), (part(RELATIONAL, "r1"),), [("r1", "r1", False)]),
        ((part(RELATIONAL, "r1"),), (part(RELATIONAL, "r2"),), [("r1", "r2", True)]),
        (
            (part(RELATIONAL, "r1"), part(RELATIONAL, "r2")),
            (part(RELATIONAL, "r2"), part(RELATIONAL, "r1")),
            [("r1", "r1", False), ("r2", "r2", False)],
        ),
        (
            (part(RELATIONAL, "r1"), part(RELATIONAL, "r2")),
            (part(RELATIONAL, "r2"), part(RELATIONAL, "r3")),
            [("r2", "r2", False), ("r1", "r3", True)],
        ),
        ((part(RELATIONAL, "r1"),), (part(RELATIONAL, "r2"), part(RELATIONAL, "r1")), [("r1", "r1", False), None]),
        ((part(RELATIONAL),), (part(RELATIONAL, "r1"),), [("", "r1", False)]),
        ((part(INFRASTRUCTURE),), (part(INFRASTRUCTURE),), [("", "", False)]),
        ((part("bigDataStore", "b1"),), (part("bigDataStore", "b2"),), [("b1", "b2", True)]),
        ((), (part("bigDataStore", "b2"),), [None]),
        ((part(OBJECT, "x"),), (part(RELATIONAL, "x"),), [None, None]),
    ],
)
def test_parts_pair_by_cluster_then_by_position(
    older: tuple[Part, ...], newer: tuple[Part, ...], expected: list[tuple[str, str, bool] | None]
) -> None:
    found = of(holding("a", 20, *older), holding("b", 10, *newer))
    pairs = [None if each.is_one_sided else (*each.clusters, each.is_other_instance) for each in found.parts]
    assert pairs == expected


def test_of_several_parts_of_a_kind_each_is_named_by_its_cluster() -> None:
    sides = (part(RELATIONAL, "r1"), part(RELATIONAL), part(OBJECT, "o1"), part("bigDataStore", "b1"))
    found = of(holding("a", 20, *sides), holding("b", 10, *sides))
    names = [found.part_name(each) for each in found.parts]
    assert names == ["relational store r1", "relational store 2", "object store", "bigDataStore"]


LIKE = backup("like", 20, site_name="arcgis", namespace="gis")


@pytest.mark.parametrize(
    ("changes", "differ"),
    [
        ({}, False),
        ({"name": "other", "description": "other", "schedule_type": "MANUAL"}, False),
        (
            {
                "start": NOW - 10 * HOUR,
                "end": NOW - 9 * HOUR,
                "retention": NOW + DAY,
                "parts": parts(NOW - 10 * HOUR),
            },
            False,
        ),
        ({"release": "11.4"}, False),  # R14: one release, two spellings
        ({"release": "11.3.0"}, True),
        ({"release": "11.4.0.6300"}, False),  # R13: a missing build is no difference
        ({"release": ""}, True),
        ({"namespace": "other"}, True),
        ({"namespace": ""}, True),
        ({"site_name": "other"}, True),
        ({"backup_type": "DELTA"}, True),
        ({"status": "failed"}, True),
        ({"retention": NOW - 1}, True),  # expired is another verdict
        ({"parts": ()}, True),
        ({"parts": (*LIKE.parts, part("bigDataStore"))}, True),
        ({"parts": (*LIKE.parts[:2], replace(LIKE.parts[2], status="failed"))}, True),
        ({"parts": (*LIKE.parts[:2], replace(LIKE.parts[2], status=" COMPLETED"))}, False),
        ({"parts": (*LIKE.parts[:2], replace(LIKE.parts[2], cluster="other"))}, True),
        ({"parts": (*LIKE.parts[:2], replace(LIKE.parts[2], cluster=""))}, True),
        ({"parts": (*LIKE.parts[:2], replace(LIKE.parts[2], end=LIKE.end))}, False),
        ({"parts": (replace(LIKE.parts[0], system_databases=("gwdb",)), *LIKE.parts[1:])}, True),
        ({"parts": (LIKE.parts[0], replace(LIKE.parts[1], buckets=("uploads",)), LIKE.parts[2])}, True),
    ],
)
def test_they_differ_in_more_than_name_and_times(changes: dict[str, Any], differ: bool) -> None:
    assert of(LIKE, replace(LIKE, **changes)).has_differences is differ


def test_the_store_is_where_it_lies_not_what_it_is() -> None:
    assert not of(LIKE, replace(LIKE, store="elsewhere")).has_differences


@pytest.mark.parametrize(
    ("older", "newer", "expected"),
    [
        (8 * MINUTE, 29 * MINUTE, 3.625),
        (MINUTE, MINUTE, 1.0),
        (2, 1, 0.5),
        (None, 1, None),
        (1, None, None),
        (0, 1, None),
        (1, 0, None),
    ],
)
def test_a_factor_wants_both_durations(older: int | None, newer: int | None, expected: float | None) -> None:
    assert duration_ratio(older, newer) == expected


IDS = st.sampled_from(["", A, A.lower().replace("-", ""), B, C])
HELD = st.lists(st.builds(Geodatabase, st.sampled_from(["", "x", "y", "z"]), IDS), max_size=6)


@given(HELD, HELD)
def test_every_geodatabase_is_accounted_for_once(older: list[Geodatabase], newer: list[Geodatabase]) -> None:
    found = geodatabases(*(tuple((each.name, each.id) for each in side) for side in (older, newer)))
    twins = len(found.renamed) + len(found.recreated) + len(found.uncertain) + len(found.unchanged)
    sides = ({(each.identity, each.name) for each in side} for side in (older, newer))
    assert [twins + len(found.removed), twins + len(found.added)] == [len(side) for side in sides]


@given(HELD, HELD)
def test_the_other_way_round_what_was_added_is_removed(older: list[Geodatabase], newer: list[Geodatabase]) -> None:
    there = geodatabases(*(tuple((each.name, each.id) for each in side) for side in (older, newer)))
    back = geodatabases(*(tuple((each.name, each.id) for each in side) for side in (newer, older)))
    assert len(there.added) == len(back.removed)
    assert there.has_differences == back.has_differences
