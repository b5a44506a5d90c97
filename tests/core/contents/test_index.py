"""The index of items: names, holders, presence and expiry."""

from typing import Any

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.contents.builder import build_index
from drtui.core.contents.index import BUCKET, CLUSTER, DATABASE, GEODATABASE, ContentIndex, Holding, Item, Presence
from drtui.core.formatting.durations import DAY, HOUR
from drtui.core.model.backup import NEVER, Backup, Geodatabase
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import Store
from drtui.core.model.site_state import DeletedBackup, Fetched, SiteHistory
from tests.conftest import NOW
from tests.core.points import STORE, backup, site_of

ROADS = "3338d971-ec91-440d-a81f-805a0b8cf0e9"


def backup_with(
    name: str, days_ago: float, *named_ids: tuple[str, str], buckets: tuple[str, ...] = ("content",), **changes: Any
) -> Backup:
    """Return a completed backup from `days_ago` days ago with these geodatabases (name, id) and buckets."""
    record = backup(name, days_ago * 24, **{"retention": NOW + 30 * DAY, **changes})
    relational, objects, infrastructure = record.parts
    geodatabases = tuple(Geodatabase(*name_and_id) for name_and_id in named_ids)
    relational = replace(relational, geodatabases=geodatabases, system_databases=("gwdb",))
    return replace(record, parts=(relational, replace(objects, buckets=buckets), infrastructure))


def build(*backups: Backup, history: SiteHistory = SiteHistory()) -> ContentIndex:  # noqa: B008 - frozen
    """Return the index of these backups of one store."""
    return build_index(assess(site_of(*backups, history=history), NOW))


def find_item(contents: ContentIndex, kind: str, identity: str) -> Item:
    """Return the item with this kind and identity."""
    (entry,) = (item for item in contents.items if item.key == (kind, identity))
    return entry


def geodatabases(contents: ContentIndex) -> dict[str, tuple[str, ...]]:
    """Return the names of each geodatabase by identity."""
    return {item.identity: item.names for item in contents.items if item.kind == GEODATABASE}


def test_index_lists_each_item_once_when_two_backups_contain_it() -> None:
    contents = build(backup_with("a", 3, ("roads", ROADS)), backup_with("b", 2, ("roads", ROADS)))
    assert [(item.kind, item.name, item.holder_count) for item in contents.items] == [
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
    ids=["two spellings", "renamed", "recreated", "no id", "id added", "no name", "name missing later"],
)
def test_index_identifies_geodatabases_by_id_when_names_change(
    older: tuple[str, str], newer: tuple[str, str], expected: dict[str, int]
) -> None:
    names = geodatabases(build(backup_with("a", 3, older), backup_with("b", 2, newer)))
    assert {
        name: sum(name in item_names for item_names in names.values())
        for item_names in names.values()
        for name in item_names
    } == expected


def test_index_lists_the_newest_name_first_when_an_old_name_returns() -> None:
    contents = build(
        backup_with("a", 9, ("roads", ROADS)),
        backup_with("b", 8, ("roads_2025", ROADS)),
        backup_with("c", 7, ("streets", ROADS)),
        backup_with("d", 6, ("roads", ROADS)),
    )
    assert list(geodatabases(contents).values()) == [("roads", "streets", "roads_2025")]
    assert not contents.shared_names


def test_index_has_shared_names_when_two_ids_have_one_name() -> None:
    contents = build(backup_with("a", 9, ("roads", ROADS)), backup_with("b", 8, ("roads", "f" * 32)))
    assert contents.shared_names == {(GEODATABASE, "roads")}


def test_index_lists_holders_newest_first_when_two_stores_have_them() -> None:
    in_vault = [backup_with("a", 9, ("roads", ROADS)), backup_with("b", 5), backup_with("c", 1, ("roads", ROADS))]
    in_second = backup_with("d", 3, ("roads", ROADS), store="second")
    state = site_of(*in_vault, stores=Fetched(NOW, (STORE, Store("second"))))
    contents = build_index(assess(state.with_backups("second", Fetched(NOW, (in_second,))), NOW))
    roads = find_item(contents, GEODATABASE, ROADS.replace("-", ""))
    assert [point.backup.name for point in contents.holders(roads)] == ["c", "d", "a"]
    assert (roads.holder_count, roads.ranges) == (3, ((0, 1), (2, 4)))
    assert (roads.first_seen, roads.last_seen) == (NOW - 9 * DAY, NOW - DAY)
    assert contents.is_complete


@pytest.mark.parametrize(
    ("newest", "presence"),
    [
        (backup_with("n", 1, ("roads", ROADS)), Presence.PRESENT),
        (backup_with("n", 1, ("other", "a" * 32)), Presence.GONE),
        (backup_with("n", 1, ("other", "a" * 32), status="failed"), Presence.PRESENT),
        (backup_with("n", 1, ("other", "a" * 32), release="11.3.0"), Presence.GONE),
        (backup_with("n", 1, ("other", "a" * 32), retention=NOW - HOUR), Presence.GONE),
        (backup_with("n", -2, ("other", "a" * 32)), Presence.PRESENT),
        (backup_with("n", 1), Presence.UNKNOWN),
    ],
    ids=["contains it", "lacks it", "failed", "other release", "expired", "in the future", "lists no geodatabase"],
)
def test_presence_is_gone_when_the_newest_complete_point_lacks_the_item(newest: Backup, presence: Presence) -> None:
    contents = build(backup_with("a", 3, ("roads", ROADS)), newest)
    assert find_item(contents, GEODATABASE, ROADS.replace("-", "")).presence is presence


def test_presence_is_unknown_when_no_point_is_complete() -> None:
    contents = build(backup_with("a", 3, ("roads", ROADS), status="failed"))
    assert contents.newest_complete is None
    assert {item.presence for item in contents.items} == {Presence.UNKNOWN}


def test_presence_is_present_when_a_newer_failed_backup_has_the_item() -> None:
    contents = build(backup_with("a", 3, ("old", "a" * 32)), backup_with("b", 1, ("new", "b" * 32), status="failed"))
    assert find_item(contents, GEODATABASE, "b" * 32).presence is Presence.PRESENT


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
def test_last_to_expire_is_usable_when_other_holders_expire_later(
    holders: list[tuple[str, dict[str, Any]]], keeper: str | None, usable: int
) -> None:
    backups = [
        backup_with(name, number + 2, ("roads", ROADS), **changes) for number, (name, changes) in enumerate(holders)
    ]
    roads = find_item(build(*backups, backup_with("without", 1)), GEODATABASE, ROADS.replace("-", ""))
    assert (roads.last_to_expire.backup.name if roads.last_to_expire else None, roads.usable_count) == (keeper, usable)


def test_index_remembers_deleted_holders_when_history_has_them() -> None:
    before = backup_with("before", 90, ("roads_old", ROADS))
    lost_backup = backup_with("lost", 80, ("lost", "b" * 32))
    history = SiteHistory(
        (
            DeletedBackup(lost_backup, NOW - 70 * DAY, NOW - 69 * DAY),
            DeletedBackup(before, NOW - 60 * DAY, NOW - 59 * DAY),
        )
    )
    contents = build(backup_with("a", 3, ("roads", ROADS)), history=history)
    roads, lost = find_item(contents, GEODATABASE, ROADS.replace("-", "")), find_item(contents, GEODATABASE, "b" * 32)
    assert roads.names == ("roads", "roads_old")
    assert (roads.first_seen, roads.last_seen, roads.holder_count) == (NOW - 90 * DAY, NOW - 3 * DAY, 1)
    assert [entry.backup.name for entry in contents.deleted_holders(roads)] == ["before"]
    assert (lost.first_seen, lost.last_seen, lost.holder_count, lost.usable_count, lost.last_to_expire) == (
        NOW - 80 * DAY, NOW - 80 * DAY, 0, 0, None,
    )  # fmt: skip
    assert (lost.presence, contents.holders(lost)) == (Presence.GONE, ())


def test_index_lists_the_latest_loss_first_when_items_are_gone() -> None:
    contents = build(
        backup_with("a", 9, ("early", "a" * 32), ("roads", ROADS)),
        backup_with("b", 6, ("late", "b" * 32), ("roads", ROADS)),
        backup_with("c", 1, ("roads", ROADS), ("Alpha", "c" * 32)),
    )
    assert [item.name for item in contents.items if item.kind == GEODATABASE] == ["late", "early", "Alpha", "roads"]


def test_item_has_no_times_when_its_holder_has_no_start() -> None:
    roads = find_item(build(backup_with("a", 3, ("roads", ROADS), start=None)), GEODATABASE, ROADS.replace("-", ""))
    assert (roads.holder_count, roads.first_seen, roads.last_seen) == (1, None, None)


def test_index_is_incomplete_when_a_store_is_unread() -> None:
    failure = Failure(FailureKind.UNREACHABLE, "timeout", "no answer")
    backups = backup_with("a", 3, ("roads", ROADS), ("old", "a" * 32)), backup_with("b", 2, ("roads", ROADS))
    state = site_of(*backups, stores=Fetched(NOW, (STORE, Store("second"))))
    contents = build_index(assess(state.with_backups("second", Fetched(NOW, failure=failure)), NOW))
    assert not contents.is_complete
    assert find_item(contents, GEODATABASE, ROADS.replace("-", "")).presence is Presence.UNKNOWN
    assert find_item(contents, GEODATABASE, "a" * 32).presence is Presence.GONE


@pytest.mark.parametrize(
    ("cells", "bar"),
    [(9, "NNUUNXXN"), (8, "NNUUNXXN"), (4, "NUXX"), (3, "NUX"), (2, "UX"), (1, "U"), (0, "")],
)
def test_holdings_share_cells_when_there_are_more_points_than_cells(cells: int, bar: str) -> None:
    contains_roads = [False, False, True, True, False, True, True, False]
    backups = [
        backup_with(
            f"n{number}", 9 - number, *[("roads", ROADS)] * has_roads, status="completed" if number < 5 else "failed"
        )
        for number, has_roads in enumerate(contains_roads)
    ]
    contents = build(*backups)
    holdings = contents.holdings(find_item(contents, GEODATABASE, ROADS.replace("-", "")), cells)
    assert "".join({Holding.NONE: "N", Holding.UNUSABLE: "X", Holding.USABLE: "U"}[cell] for cell in holdings) == bar


def test_index_is_empty_when_there_are_no_restore_points() -> None:
    contents = build()
    assert (contents.items, contents.points, contents.newest_complete, contents.is_complete) == ((), (), None, True)


def test_item_has_one_range_when_ten_thousand_points_are_equal() -> None:
    contents = build(*(backup_with(f"n{number}", number / 24, ("roads", ROADS)) for number in range(10_000)))
    assert [item.ranges for item in contents.items] == [((0, 10_000),)] * 6
