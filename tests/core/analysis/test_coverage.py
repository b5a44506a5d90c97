"""Coverage of data stores by backups: what is certain, by count, and what cannot be told."""

from typing import Any

import pytest

from drtui.core.analysis.coverage import Cover, Coverage, assess_coverage
from drtui.core.model.backup import OBJECT, RELATIONAL, Backup, Part
from drtui.core.model.data_store import DataStore
from drtui.core.model.site import Store
from tests.core.points import backup, parts, points_of, site_of


def managed(name: str = "relational-store-aaaaa", kind: str = "egdb", owner: bool | None = True) -> DataStore:
    """Return a data store, by default a relational store of the site."""
    return DataStore(name, kind, f"/{kind}/{name}", owner)


def holding(*clusters: str, hours_ago: float = 1, name: str = "last", **changes: Any) -> Backup:
    """Return a usable backup that holds relational stores with these cluster ids."""
    made = backup(name, hours_ago)
    relational, objects, infrastructure = parts(made.start or 0)
    every = (Part(RELATIONAL, "completed", relational.start, relational.end, cluster) for cluster in clusters)
    return backup(name, hours_ago, **{"parts": (*every, objects, infrastructure), **changes})


def coverage_of(stores: tuple[DataStore, ...], *backups: Backup, backup_stores: tuple[Store, ...] = ()) -> Coverage:
    """Return the coverage of data stores by backups."""
    return assess_coverage(stores, points_of(site_of(*backups)), backup_stores)


@pytest.mark.parametrize(
    ("store", "cover"),
    [
        (managed("assets", owner=False), Cover.OUTSIDE),
        (managed("imagery", "folder", owner=False), Cover.OUTSIDE),
        (managed("x", "neverHeardOf", owner=False), Cover.OUTSIDE),
        (managed("cachestore-p8n2c", "memCacheStore", owner=False), Cover.OUTSIDE),
        (managed("relational-store-aaaaa"), Cover.HELD),
        (managed("relational-store-aaaaa", "EGDB"), Cover.HELD),
        (managed("relational-store-bbbbb"), Cover.OTHER_INSTANCE),
        (managed("main"), Cover.COUNTED),
        (managed("object-store-aaaaa", "objectStore"), Cover.COUNTED),
        (managed("cachestore-p8n2c", "memCacheStore"), Cover.TEMPORARY),
        (managed("queue", "queueStore"), Cover.UNKNOWN_TYPE),
        (managed("queue", ""), Cover.UNKNOWN_TYPE),
        (managed("assets", owner=None), Cover.UNKNOWN_OWNER),
    ],
)
def test_cover_of_data_store_against_newest_usable_backup(store: DataStore, cover: Cover) -> None:
    assert coverage_of((store,), holding("aaaaa")).stores[0].cover is cover


@pytest.mark.parametrize(
    ("backups", "cover"),
    [
        ((), Cover.NOT_HELD),
        ((holding("aaaaa", status="failed"),), Cover.NOT_HELD),
        ((holding("aaaaa", release="11.3.0"),), Cover.NOT_HELD),
        ((holding(""),), Cover.COUNTED),
        ((holding("aaaaa", "bbbbb"),), Cover.HELD),
        ((holding("bbbbb", name="new"), holding("aaaaa", hours_ago=9)), Cover.OTHER_INSTANCE),
        ((holding("bbbbb", name="new", status="failed"), holding("aaaaa", hours_ago=9)), Cover.HELD),
    ],
)
def test_cover_of_relational_store_depends_on_newest_usable_backup_only(
    backups: tuple[Backup, ...], cover: Cover
) -> None:
    assert coverage_of((managed(),), *backups).stores[0].cover is cover


ONE, TWO = (managed(),), (managed(), managed("relational-store-bbbbb"))


@pytest.mark.parametrize(
    ("stores", "backups", "missing", "last_full"),
    [
        (ONE, (holding("aaaaa"),), 0, "last"),
        (ONE, (holding("zzzzz"),), 0, "last"),
        (ONE, (holding("aaaaa", "bbbbb"),), 0, "last"),
        (ONE, (), 1, None),
        (ONE, (holding("aaaaa", status="failed"),), 1, None),
        (TWO, (holding("aaaaa", "bbbbb"),), 0, "last"),
        (TWO, (holding("aaaaa"),), 1, None),
        (TWO, (holding("aaaaa", "aaaaa"),), 1, None),
        (TWO, (holding("aaaaa", ""),), 0, "last"),
        (TWO, (holding("aaaaa"), holding("a", "b", hours_ago=9, name="older")), 1, "older"),
        (TWO, (holding("aaaaa"), holding("a", "b", hours_ago=9, name="older", status="failed")), 1, None),
        ((*TWO, managed("assets", owner=False), managed("y", owner=None)), (holding("aaaaa", "bbbbb"),), 0, "last"),
    ],
)
def test_count_compares_listed_stores_with_newest_usable_backup(
    stores: tuple[DataStore, ...], backups: tuple[Backup, ...], missing: int, last_full: str | None
) -> None:
    coverage = coverage_of(stores, *backups)
    (count,) = coverage.counts
    assert (count.kind, count.missing) == (RELATIONAL, missing)
    assert (count.last_full.backup.name if count.last_full else None) == last_full
    assert coverage.is_missing is (missing > 0)


def test_count_exists_only_for_kinds_that_the_site_lists() -> None:
    known = coverage_of((managed("o", "objectStore"), managed("cache", "memCacheStore")), holding("aaaaa"))
    assert [(count.kind, count.listed, count.held) for count in known.counts] == [(OBJECT, 1, 1)]
    assert coverage_of((managed("assets", owner=False), managed("q", "queueStore")), holding("aaaaa")).counts == ()


@pytest.mark.parametrize(
    ("stores", "is_known"),
    [
        (ONE, True),
        ((*ONE, managed("assets", owner=False)), True),
        ((*ONE, managed("q", "queueStore")), True),
        ((), False),
        ((managed("assets", owner=False),), False),
        ((*ONE, managed("assets", owner=None)), False),
    ],
)
def test_coverage_is_unknown_when_site_lists_no_store_of_its_own_or_an_owner_is_missing(
    stores: tuple[DataStore, ...], is_known: bool
) -> None:
    assert coverage_of(stores, holding("aaaaa")).is_known is is_known


def test_big_data_is_left_out_only_by_stores_that_say_so() -> None:
    stores = Store("a", covers_big_data=True), Store("b", covers_big_data=False), Store("c")
    coverage = coverage_of(ONE, holding("aaaaa"), backup_stores=stores)
    assert [store.name for store in coverage.without_big_data] == ["b"]
    assert [store.name for store in coverage.big_data_unknown] == ["c"]
