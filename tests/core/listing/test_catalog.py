"""Sorting and filtering of catalogs."""

import pytest

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import UTC
from drtui.core.listing.catalog import SORT_KEYS, Catalog, Criteria, Order
from drtui.core.model.backup import NEVER, Backup, Geodatabase, Part
from drtui.core.model.site_state import Fetched
from drtui.core.query.query import Query
from drtui.core.verdict.restore_points import RestorePoint, restore_points
from drtui.core.verdict.rules import GOOD, Level, Reason, SiteFacts, Verdict
from tests.conftest import NOW
from tests.core.points import backup, site_of

VIEW = DisplayContext(NOW, UTC)
USABLE = Verdict(Level.USABLE, (GOOD,))
BAD = Verdict(Level.NOT_USABLE, (Reason(Level.NOT_USABLE, "own-status", "failed"),))


def make_point(
    name: str, start: int, *, store: str = "a", retention: int = NEVER, verdict: Verdict = USABLE, release: str = ""
) -> RestorePoint:
    parts = (Part("relationalStore", "completed", geodatabases=(Geodatabase(f"gdb_{name}", "AB-12"),)),)
    backup = Backup(
        name,
        store,
        status="completed",
        start=start,
        end=start + 1,
        retention=retention,
        release=release,
        parts=parts,
    )
    return RestorePoint(backup, verdict)


POINTS = (
    make_point("old", NOW - 9, retention=NOW + 5, release="10.9.1"),
    make_point("new", NOW - 1, store="b", verdict=BAD, release="11.10"),
    make_point("mid", NOW - 4, retention=NOW + 9, release="9.3"),
)


def point_names(catalog: Catalog) -> list[str]:
    return [point.backup.name for point in catalog.points]


def test_catalog_lists_newest_first_when_no_order_is_given() -> None:
    assert point_names(Catalog().with_criteria(Criteria(), POINTS)) == ["new", "mid", "old"]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("started", ["old", "mid", "new"]),
        ("name", ["mid", "new", "old"]),
        ("store", ["old", "mid", "new"]),
        ("verdict", ["old", "mid", "new"]),
        ("expires", ["old", "mid", "new"]),
        ("until", ["old", "mid", "new"]),
        ("age", ["new", "mid", "old"]),
        ("release", ["mid", "old", "new"]),
        ("geodatabases", ["old", "mid", "new"]),
        ("reason", ["old", "mid", "new"]),
    ],
)
def test_catalog_sorts_both_ways_when_a_key_is_given(key: str, expected: list[str]) -> None:
    catalog = Catalog().with_criteria(Criteria(), POINTS)
    assert point_names(catalog.with_criteria(Criteria(Order(key, is_descending=False)))) == expected
    assert point_names(catalog.with_criteria(Criteria(Order(key, is_descending=True)))) == expected[::-1]


@pytest.mark.parametrize(
    ("order", "oldest_first"),
    [
        (Order(), False),
        (Order("started", is_descending=False), True),
        (Order("age", is_descending=False), False),
        (Order("age"), True),
        (Order("completed"), None),
        (Order("name"), None),
    ],
)
def test_order_is_oldest_first_when_sorted_by_time_ascending(order: Order, oldest_first: bool | None) -> None:
    assert order.is_oldest_first is oldest_first


def test_order_is_descending_by_default_when_the_key_is_a_date() -> None:
    assert Order.default_for("started") == Order("started", is_descending=True)
    assert Order.default_for("completed").is_descending
    assert not Order.default_for("name").is_descending
    assert Order.default_for("took").reversed == Order("took", is_descending=True)


def test_catalog_sorts_by_every_key_when_a_record_is_empty() -> None:
    empty = RestorePoint(Backup("", ""), BAD)
    for key in SORT_KEYS:
        assert len(Catalog().with_criteria(Criteria(Order(key)), (*POINTS, empty)).points) == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", 3), ("MID", 1), ("gdb_old", 1), ("ab-12", 3), ("ab-12 new", 1), ("relationalstore", 3), ("nowhere", 0)],
)
def test_catalog_lists_a_point_when_every_word_matches(text: str, expected: int) -> None:
    assert len(Catalog().with_criteria(Criteria(filter=Query.parse(text, VIEW)), POINTS).points) == expected


def test_catalog_lists_other_points_when_the_source_changes() -> None:
    criteria = Criteria(Order("name", is_descending=False), Query.parse("gdb", VIEW), "a")
    catalog_of_all = Catalog().with_criteria(criteria, POINTS[:1]).with_criteria(criteria, POINTS)
    assert point_names(catalog_of_all) == ["mid", "old"]
    assert (catalog_of_all.store_count, catalog_of_all.filter.text, catalog_of_all.store) == (2, "gdb", "a")


def test_restore_points_keeps_every_record_when_two_lists_share_store_and_name() -> None:
    twice, once = (backup("a", 3), backup("a", 4)), (backup("a", 5),)
    points = restore_points(
        SiteFacts.of(site_of(backups={"vault": Fetched(NOW, twice), "other": Fetched(NOW, once)}), NOW)
    )
    assert sorted(point.backup.start or 0 for point in points) == [NOW - hours * 3_600_000 for hours in (5, 4, 3)]
