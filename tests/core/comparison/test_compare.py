"""Comparisons of restore points: contents, parts and metadata."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.comparison.compare import (
    Comparison,
    GeodatabasesComparison,
    NamesComparison,
    compare,
    compute_duration_ratio,
)
from drtui.core.formatting.durations import DAY, HOUR, MINUTE
from drtui.core.model.backup import INFRASTRUCTURE, OBJECT, RELATIONAL, Backup, Geodatabase, Part
from tests.conftest import NOW
from tests.core.points import backup, parts, points_of, site_of

A, B = "0A1B2C3D-0000-4000-8000-00000000000A", "0a1b2c3d00004000800000000000000b"
C = "c" * 32


def compare_backups(a: Backup, b: Backup) -> Comparison:
    (first,), (second,) = points_of(site_of(a)), points_of(site_of(b))
    return compare(first, second)


def backup_with(name: str, hours_ago: float, *parts: Part, **changes: Any) -> Backup:
    return backup(name, hours_ago, parts=parts, **changes)


def relational(*geodatabases: tuple[str, str], cluster: str = "r1", **changes: Any) -> Part:
    values = tuple(Geodatabase(*name_and_id) for name_and_id in geodatabases)
    return replace(Part(RELATIONAL, "completed", cluster=cluster, geodatabases=values), **changes)


def pair_geodatabases(older: tuple[tuple[str, str], ...], newer: tuple[tuple[str, str], ...]) -> GeodatabasesComparison:
    # The system database makes both records list contents, even without a geodatabase.
    sides = [relational(*names_and_ids, system_databases=("gwdb",)) for names_and_ids in (older, newer)]
    result = compare_backups(backup_with("a", 20, sides[0]), backup_with("b", 10, sides[1])).geodatabases
    assert result is not None
    return result


def relation_names(result: GeodatabasesComparison) -> dict[str, list[Any]]:
    """Return the names of the geodatabases by relation, such as "renamed"."""
    one_sided = {"added": result.added, "removed": result.removed, "same": result.unchanged}
    pairs = {"renamed": result.renamed, "recreated": result.recreated, "unsure": result.uncertain}
    names: dict[str, list[Any]] = {
        relation: [geodatabase.name for geodatabase in entries] for relation, entries in one_sided.items()
    }
    names |= {relation: [(x.name, y.name) for x, y in entries] for relation, entries in pairs.items()}
    return {relation: entries for relation, entries in names.items() if entries}


@pytest.mark.parametrize(
    ("older", "newer", "expected"),
    [
        ((), (), {}),
        ((("roads", A),), (("roads", A),), {"same": ["roads"]}),
        (
            (("roads", A),),
            (("roads", A.replace("-", "").lower()),),
            {"same": ["roads"]},
        ),  # two spellings of the same id
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
        ((("roads", A), ("roads", A)), (("roads", A),), {"same": ["roads"]}),  # listed twice in one record
        ((("roads", A),), (("old", A), ("roads", B)), {"renamed": [("roads", "old")], "added": ["roads"]}),
        (
            (("x", A), ("y", B)),
            (("y", A), ("x", B)),
            {"renamed": [("x", "y"), ("y", "x")]},
        ),
        ((("roads", A), ("roads", B)), (("roads", C),), {"removed": ["roads"], "recreated": [("roads", "roads")]}),
    ],
)
def test_compare_matches_geodatabases_by_id_when_names_differ(
    older: tuple[tuple[str, str], ...], newer: tuple[tuple[str, str], ...], expected: dict[str, list[Any]]
) -> None:
    result = pair_geodatabases(older, newer)
    assert relation_names(result) == expected
    assert result.has_differences is bool(expected.keys() - {"same"})


def test_compare_merges_stores_when_a_geodatabase_moved() -> None:
    """A geodatabase that moved to another relational store is unchanged."""
    older = backup_with("a", 20, relational(("roads", A), cluster="r1"), relational(("parks", B), cluster="r2"))
    newer = backup_with(
        "b", 10, relational(("roads", A), ("parks", B), cluster="r1"), relational(("x", C), cluster="r2")
    )
    result = compare_backups(older, newer).geodatabases
    assert result is not None
    assert relation_names(result) == {"same": ["roads", "parks"], "added": ["x"]}


@pytest.mark.parametrize(
    ("older", "newer", "expected"),
    [
        (("arcgis", "content"), ("arcgis", "content"), NamesComparison(unchanged=("arcgis", "content"))),
        (("arcgis",), ("arcgis", "uploads"), NamesComparison(added=("uploads",), unchanged=("arcgis",))),
        (("arcgis", "uploads"), ("arcgis",), NamesComparison(removed=("uploads",), unchanged=("arcgis",))),
        (("a", "a"), ("a",), NamesComparison(unchanged=("a",))),
        (("A",), ("a",), NamesComparison(added=("a",), removed=("A",))),
        ((), (), NamesComparison()),
        ((), ("a",), None),  # an empty list does not mean that there are no buckets
        (("a",), (), None),
    ],
)
def test_compare_lists_bucket_differences_when_both_records_list_buckets(
    older: tuple[str, ...], newer: tuple[str, ...], expected: NamesComparison | None
) -> None:
    sides = [backup_with("x", hours, Part(OBJECT, buckets=names)) for hours, names in ((20, older), (10, newer))]
    assert compare_backups(*sides).buckets == expected


def test_compare_has_no_contents_when_one_record_lists_none() -> None:
    result = compare_backups(backup_with("a", 20, relational(("roads", A))), backup_with("b", 10))
    assert (result.geodatabases, result.databases, result.has_differences) == (None, None, True)
    assert result.buckets == NamesComparison()


@pytest.mark.parametrize("swapped", [False, True])
def test_compare_puts_the_older_first_when_swapped(swapped: bool) -> None:
    sides = [backup("a", 20), backup("b", 10)]
    result = compare_backups(*(sides[::-1] if swapped else sides))
    assert (result.older.backup.name, result.newer.backup.name, result.is_ordered_by_time) == ("a", "b", True)
    assert (result.time_apart, result.labels) == (10 * HOUR, ("older", "newer"))


@pytest.mark.parametrize("starts", [(None, NOW), (NOW, None), (None, None)])
def test_compare_keeps_the_order_when_a_start_is_unknown(starts: tuple[int | None, int | None]) -> None:
    result = compare_backups(backup("a", 20, start=starts[0]), backup("b", 10, start=starts[1]))
    assert (result.older.backup.name, result.is_ordered_by_time, result.time_apart) == ("a", False, None)
    assert result.labels == ("first", "second")


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
def test_compare_pairs_parts_by_cluster_when_both_have_it(
    older: tuple[Part, ...], newer: tuple[Part, ...], expected: list[tuple[str, str, bool] | None]
) -> None:
    result = compare_backups(backup_with("a", 20, *older), backup_with("b", 10, *newer))
    pairs = [None if pair.is_one_sided else (*pair.clusters, pair.is_other_instance) for pair in result.parts]
    assert pairs == expected


def test_part_name_has_the_cluster_when_a_kind_has_several_parts() -> None:
    sides = (part(RELATIONAL, "r1"), part(RELATIONAL), part(OBJECT, "o1"), part("bigDataStore", "b1"))
    result = compare_backups(backup_with("a", 20, *sides), backup_with("b", 10, *sides))
    names = [result.part_name(pair) for pair in result.parts]
    assert names == ["relational store r1", "relational store 2", "object store", "bigDataStore"]


LIKE = backup("like", 20, site_name="arcgis", namespace="gis")


@pytest.mark.parametrize(
    ("changes", "expected"),
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
        ({"release": "11.4"}, False),  # R14: two spellings of the same release
        ({"release": "11.3.0"}, True),
        ({"release": "11.4.0.6300"}, False),  # R13: a missing build is no difference
        ({"release": ""}, True),
        ({"namespace": "other"}, True),
        ({"namespace": ""}, True),
        ({"site_name": "other"}, True),
        ({"backup_type": "DELTA"}, True),
        ({"status": "failed"}, True),
        ({"retention": NOW - 1}, True),  # expiry changes the verdict
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
def test_has_differences_ignores_name_and_times_when_only_they_differ(changes: dict[str, Any], expected: bool) -> None:
    assert compare_backups(LIKE, replace(LIKE, **changes)).has_differences is expected


def test_has_differences_is_false_when_only_the_store_differs() -> None:
    assert not compare_backups(LIKE, replace(LIKE, store="elsewhere")).has_differences


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
def test_duration_ratio_is_none_when_a_duration_is_unknown_or_zero(
    older: int | None, newer: int | None, expected: float | None
) -> None:
    assert compute_duration_ratio(older, newer) == expected


IDS = st.sampled_from(["", A, A.lower().replace("-", ""), B, C])
GEODATABASE_LISTS = st.lists(st.builds(Geodatabase, st.sampled_from(["", "x", "y", "z"]), IDS), max_size=6)


@given(GEODATABASE_LISTS, GEODATABASE_LISTS)
def test_compare_reports_every_geodatabase_once_when_lists_are_random(
    older: list[Geodatabase], newer: list[Geodatabase]
) -> None:
    result = pair_geodatabases(
        *(tuple((geodatabase.name, geodatabase.id) for geodatabase in side) for side in (older, newer))
    )
    paired = len(result.renamed) + len(result.recreated) + len(result.uncertain) + len(result.unchanged)
    sides = ({(geodatabase.identity, geodatabase.name) for geodatabase in side} for side in (older, newer))
    assert [paired + len(result.removed), paired + len(result.added)] == [len(side) for side in sides]


@given(GEODATABASE_LISTS, GEODATABASE_LISTS)
def test_compare_swaps_added_and_removed_when_swapped(older: list[Geodatabase], newer: list[Geodatabase]) -> None:
    forward = pair_geodatabases(
        *(tuple((geodatabase.name, geodatabase.id) for geodatabase in side) for side in (older, newer))
    )
    backward = pair_geodatabases(
        *(tuple((geodatabase.name, geodatabase.id) for geodatabase in side) for side in (newer, older))
    )
    assert len(forward.added) == len(backward.removed)
    assert forward.has_differences == backward.has_differences
