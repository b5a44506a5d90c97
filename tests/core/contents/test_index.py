"""The index over what restore points hold, as tables of values."""

from typing import Any

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.contents.builder import build_index
from drtui.core.contents.index import BUCKET, CLUSTER, DATABASE, GEODATABASE, ContentIndex, Holding, Item, Presence
from drtui.core.formatting.times import DAY, HOUR
from drtui.core.model.backup import NEVER, Backup, Geodatabase
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import Store
from drtui.core.model.site_state import DeletedBackup, Fetched, SiteHistory
from tests.conftest import NOW
from tests.core.points import STORE, backup, reading

ROADS = "3338d971-ec91-440d-a81f-805a0b8cf0e9"


def holding(
    name: str, days_ago: float, *held: tuple[str, str], buckets: tuple[str, ...] = ("content",), **changes: Any
) -> Backup:
    """A good backup of so many days ago that holds geodatabases of these names and ids, and these buckets."""
    made = backup(name, days_ago * 24, **{"retention": NOW + 30 * DAY, **changes})
    relational, objects, infrastructure = made.parts
    geodatabases = tuple(Geodatabase(*each) for each in held)
    relational = replace(relational, geodatabases=geodatabases, system_databases=("gwdb",))
    return replace(made, parts=(relational, replace(objects, buckets=buckets), infrastructure))


def index(*backups: Backup, history: SiteHistory = SiteHistory()) -> ContentIndex:  # noqa: B008 - frozen
    """The index over these backups of one store."""
    return build_index(assess(reading(*backups, history=history), NOW))


def of(found: ContentIndex, kind: str, identity: str) -> Item:
    """The entry of that key."""
    (entry,) = (each for each in found.items if each.key == (kind, identity))
    return entry


def geodatabases(found: ContentIndex) -> dict[str, tuple[str, ...]]:
    """Names by identity."""
    return {each.identity: each.names for each in found.items if each.kind == GEODATABASE}


def test_every_kind_is_listed_once_however_many_hold_it() -> None:
    found = index(holding("a", 3, ("roads", ROADS)), holding("b", 2, ("roads", ROADS)))
    assert [(each.kind, each.name, each.holder_count) for each in found.items] == [
        (GEODATABASE, "roads", 2),
        (DATABASE, "gwdb", 2),
        (BUCKET, "content", 2),
        (CLUSTER, "inf1", 2),
        (CLUSTER, "obj1", 2),
        (CLUSTER, "rel1", 2),
    ]


@pytest.mark.parametrize(
    ("older", "newer", "expected"),
    [
        (("roads", ROADS), ("roads", ROADS.replace("-", "").upper()), {"roads": 1}),
        (("roads", ROADS), ("roads_2026", ROADS), {"roads_2026": 1, "roads": 1}),
        (("roads", ROADS), ("roads", "f" * 32), {"roads": 2}),
        (("roads", ""), ("roads", ""), {"roads": 1}),
        (("roads", ""), ("roads", ROADS), {"roads": 2}),
        (("", ROADS), ("", ROADS), {}),
        (("roads", ROADS), ("", ROADS), {"roads": 1}),
    ],
    ids=["two spellings", "renamed", "created anew", "no id", "an id since", "never a name", "the name is not told"],
)
def test_a_geodatabase_is_its_id_and_names_are_labels(
    older: tuple[str, str], newer: tuple[str, str], expected: dict[str, int]
) -> None:
    names = geodatabases(index(holding("a", 3, older), holding("b", 2, newer)))
    assert {name: sum(name in each for each in names.values()) for each in names.values() for name in each} == expected


def test_the_newest_name_is_first_also_when_an_old_one_comes_again() -> None:
    found = index(
        holding("a", 9, ("roads", ROADS)),
        holding("b", 8, ("roads_2025", ROADS)),
        holding("c", 7, ("streets", ROADS)),
        holding("d", 6, ("roads", ROADS)),
    )
    assert list(geodatabases(found).values()) == [("roads", "streets", "roads_2025")]
    assert not found.shared_names


def test_what_has_the_name_of_another_is_known_for_it() -> None:
    found = index(holding("a", 9, ("roads", ROADS)), holding("b", 8, ("roads", "f" * 32)))
    assert found.shared_names == {(GEODATABASE, "roads")}


def test_who_holds_it_over_all_stores_newest_first() -> None:
    here = [holding("a", 9, ("roads", ROADS)), holding("b", 5), holding("c", 1, ("roads", ROADS))]
    there = holding("d", 3, ("roads", ROADS), store="second")
    whole = reading(*here, stores=Fetched(NOW, (STORE, Store("second"))))
    found = build_index(assess(whole.with_backups("second", Fetched(NOW, (there,))), NOW))
    roads = of(found, GEODATABASE, ROADS.replace("-", ""))
    assert [each.backup.name for each in found.holders(roads)] == ["c", "d", "a"]
    assert (roads.holder_count, roads.ranges) == (3, ((0, 1), (2, 4)))
    assert (roads.first_seen, roads.last_seen) == (NOW - 9 * DAY, NOW - DAY)
    assert found.is_complete


@pytest.mark.parametrize(
    ("newest", "standing"),
    [
        (holding("n", 1, ("roads", ROADS)), Presence.PRESENT),
        (holding("n", 1, ("other", "a" * 32)), Presence.GONE),
        (holding("n", 1, ("other", "a" * 32), status="failed"), Presence.PRESENT),
        (holding("n", 1, ("other", "a" * 32), release="11.3.0"), Presence.GONE),
        (holding("n", 1, ("other", "a" * 32), retention=NOW - HOUR), Presence.GONE),
        (holding("n", -2, ("other", "a" * 32)), Presence.PRESENT),
        (holding("n", 1), Presence.UNKNOWN),
    ],
    ids=["holds it", "does not", "failed", "other release", "expired", "yet to come", "lists none at all"],
)
def test_gone_is_what_the_newest_complete_one_does_not_hold(newest: Backup, standing: Presence) -> None:
    found = index(holding("a", 3, ("roads", ROADS)), newest)
    assert of(found, GEODATABASE, ROADS.replace("-", "")).presence is standing


def test_without_a_complete_one_nobody_can_tell() -> None:
    found = index(holding("a", 3, ("roads", ROADS), status="failed"))
    assert found.newest_complete is None
    assert {each.presence for each in found.items} == {Presence.UNKNOWN}


def test_what_came_with_a_failed_backup_is_there() -> None:
    found = index(holding("a", 3, ("old", "a" * 32)), holding("b", 1, ("new", "b" * 32), status="failed"))
    assert of(found, GEODATABASE, "b" * 32).presence is Presence.PRESENT


@pytest.mark.parametrize(
    ("holders", "keeper", "usable"),
    [
        ([("soon", {"retention": NOW + DAY}), ("late", {"retention": NOW + 9 * DAY})], "late", 2),
        ([("late", {"retention": NOW + 9 * DAY}), ("kept", {"retention": NEVER})], "kept", 2),
        ([("late", {"retention": NOW + 9 * DAY}), ("unknown", {"retention": None})], "unknown", 2),
        ([("kept", {"retention": NEVER}), ("unknown", {"retention": None})], "kept", 2),
        ([("late", {"retention": NOW + 9 * DAY}), ("kept", {"retention": NEVER, "status": "failed"})], "late", 1),
        ([("over", {"retention": NOW - DAY}), ("other", {"release": "11.3.0"})], None, 0),
    ],
)
def test_only_usable_holders_keep_a_thing(
    holders: list[tuple[str, dict[str, Any]]], keeper: str | None, usable: int
) -> None:
    made = [holding(name, at + 2, ("roads", ROADS), **changes) for at, (name, changes) in enumerate(holders)]
    roads = of(index(*made, holding("without", 1)), GEODATABASE, ROADS.replace("-", ""))
    assert (roads.last_to_expire.backup.name if roads.last_to_expire else None, roads.usable_count) == (keeper, usable)


def test_what_is_gone_tells_of_the_past_and_restores_nothing() -> None:
    before = holding("before", 90, ("roads_old", ROADS))
    forgotten = holding("lost", 80, ("lost", "b" * 32))
    past = SiteHistory(
        (
            DeletedBackup(forgotten, NOW - 70 * DAY, NOW - 69 * DAY),
            DeletedBackup(before, NOW - 60 * DAY, NOW - 59 * DAY),
        )
    )
    found = index(holding("a", 3, ("roads", ROADS)), history=past)
    roads, lost = of(found, GEODATABASE, ROADS.replace("-", "")), of(found, GEODATABASE, "b" * 32)
    assert roads.names == ("roads", "roads_old")
    assert (roads.first_seen, roads.last_seen, roads.holder_count) == (NOW - 90 * DAY, NOW - 3 * DAY, 1)
    assert [each.backup.name for each in found.deleted_holders(roads)] == ["before"]
    assert (lost.first_seen, lost.last_seen, lost.holder_count, lost.usable_count, lost.last_to_expire) == (
        NOW - 80 * DAY, NOW - 80 * DAY, 0, 0, None,
    )  # fmt: skip
    assert (lost.presence, found.holders(lost)) == (Presence.GONE, ())


def test_what_is_gone_comes_first_the_latest_loss_on_top() -> None:
    found = index(
        holding("a", 9, ("early", "a" * 32), ("roads", ROADS)),
        holding("b", 6, ("late", "b" * 32), ("roads", ROADS)),
        holding("c", 1, ("roads", ROADS), ("Alpha", "c" * 32)),
    )
    assert [each.name for each in found.items if each.kind == GEODATABASE] == ["late", "early", "Alpha", "roads"]


def test_one_without_a_start_is_a_holder_of_unknown_age() -> None:
    roads = of(index(holding("a", 3, ("roads", ROADS), start=None)), GEODATABASE, ROADS.replace("-", ""))
    assert (roads.holder_count, roads.first_seen, roads.last_seen) == (1, None, None)


def test_a_store_that_could_not_be_read_may_hold_more_and_have_a_newer_one() -> None:
    trouble = Failure(FailureKind.UNREACHABLE, "timeout", "no answer")
    made = holding("a", 3, ("roads", ROADS), ("old", "a" * 32)), holding("b", 2, ("roads", ROADS))
    whole = reading(*made, stores=Fetched(NOW, (STORE, Store("second"))))
    found = build_index(assess(whole.with_backups("second", Fetched(NOW, failure=trouble)), NOW))
    assert not found.is_complete
    assert of(found, GEODATABASE, ROADS.replace("-", "")).presence is Presence.UNKNOWN
    assert of(found, GEODATABASE, "a" * 32).presence is Presence.GONE


@pytest.mark.parametrize(
    ("cells", "bar"),
    [(9, "NNUUNXXN"), (8, "NNUUNXXN"), (4, "NUXX"), (3, "NUX"), (2, "UX"), (1, "U"), (0, "")],
)
def test_the_bar_shows_every_restore_point_or_shares_its_cells(cells: int, bar: str) -> None:
    held = [False, False, True, True, False, True, True, False]
    made = [
        holding(f"n{at}", 9 - at, *[("roads", ROADS)] * here, status="completed" if at < 5 else "failed")
        for at, here in enumerate(held)
    ]
    found = index(*made)
    shown = found.holdings(of(found, GEODATABASE, ROADS.replace("-", "")), cells)
    assert "".join({Holding.NOT: "N", Holding.UNUSABLE: "X", Holding.USABLE: "U"}[each] for each in shown) == bar


def test_without_restore_points_there_is_nothing() -> None:
    found = index()
    assert (found.items, found.points, found.newest_complete, found.is_complete) == ((), (), None, True)


def test_ten_thousand_that_hold_the_same_are_one_run() -> None:
    found = index(*(holding(f"n{at}", at / 24, ("roads", ROADS)) for at in range(10_000)))
    assert [each.ranges for each in found.items] == [((0, 10_000),)] * 6
