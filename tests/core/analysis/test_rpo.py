"""Tests of the RPO status, retention and timeout margins."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.analysis.rpo import DEFAULT_TARGET, RpoStatus, measure_rpo
from drtui.core.formatting.durations import DAY, HOUR, MINUTE, SECOND
from drtui.core.model.backup import NEVER
from drtui.core.model.site import DrSettings, Release, Site, Store
from drtui.core.model.site_state import Fetched, all_lists_known
from drtui.core.verdict.rules import SiteFacts
from tests.conftest import NOW
from tests.core.points import STORE, backup, parts, points_of, site_of


def rpo_of(*backups: Any, target: int = DEFAULT_TARGET, **changes: Any) -> RpoStatus:
    site_state = site_of(*backups, **changes)
    return measure_rpo(SiteFacts.of(site_state, NOW), points_of(site_state), target)


def torn_backup(name_of: str, hours_ago: float) -> Any:
    """Return a completed backup with a failed object store."""
    completed = backup(name_of, hours_ago)
    return replace(completed, parts=parts(completed.start or 0, "completed", "failed"))


def name_of(point: Any) -> str | None:
    return None if point is None else str(point.backup.name)


def test_r5_age_is_counted_from_the_start_of_the_newest_usable() -> None:
    rpo = rpo_of(backup("old", 30), backup("new", 3), torn_backup("torn", 1))
    assert (name_of(rpo.newest_usable), rpo.age, rpo.total_count, rpo.usable_count) == ("new", 3 * HOUR, 3, 2)


@pytest.mark.parametrize(
    ("hours", "target", "is_met"), [(24, 24, True), (24.01, 24, False), (2, 1, False), (1, 1, True)]
)
def test_target_is_met_when_the_age_is_equal_to_it(hours: float, target: int, is_met: bool) -> None:
    assert rpo_of(backup("one", hours), target=target * HOUR).is_met is is_met


def test_target_is_not_met_when_nothing_is_usable() -> None:
    rpo = rpo_of(torn_backup("torn", 1))
    assert (rpo.newest_usable, rpo.age, rpo.is_met, rpo.retention) == (None, None, False, None)


@pytest.mark.parametrize(
    ("backups", "newest_completed", "has_different_completed"),
    [
        ((backup("new", 3), backup("old", 30)), "new", False),
        ((torn_backup("torn", 1), backup("old", 30)), "torn", True),
        ((backup("bad", 1, status="failed"), backup("old", 30)), "old", False),
        ((torn_backup("torn", 1),), "torn", True),
        ((backup("bad", 1, status="failed"),), None, False),
        ((backup("foreign", 1, release="11.3.0"), backup("old", 30)), "foreign", True),
        ((backup("undated", 1, start=None), backup("old", 30)), "old", False),
    ],
)
def test_r6_newest_completed_differs_when_it_is_not_usable(
    backups: tuple[Any, ...], newest_completed: str | None, has_different_completed: bool
) -> None:
    rpo = rpo_of(*backups)
    assert (name_of(rpo.newest_completed), rpo.has_different_completed) == (newest_completed, has_different_completed)


FIRST, OTHER = Store("vault", default=True), Store("offsite", default=False)


@pytest.mark.parametrize(
    ("stores", "pipeline"),
    [
        ((FIRST, OTHER), "here"),
        ((OTHER, FIRST), "here"),
        ((replace(FIRST, default=False), replace(OTHER, default=True)), "there"),
        ((FIRST, replace(OTHER, default=True)), "here"),  # the first default store
        ((replace(FIRST, default=False), OTHER), None),  # no store is the default
        ((replace(FIRST, default=None), replace(OTHER, default=None)), "there"),  # unknown
    ],
)
def test_r17_pipeline_choice_is_from_the_default_store(stores: tuple[Store, ...], pipeline: str | None) -> None:
    lists = {
        "vault": Fetched(NOW, (backup("here", 5),)),
        "offsite": Fetched(NOW, (backup("there", 2, store="offsite"),)),
    }
    rpo = rpo_of(stores=Fetched(NOW, stores), backups=lists)
    assert (name_of(rpo.newest_usable), name_of(rpo.pipeline_choice)) == ("there", pipeline)


@pytest.mark.parametrize(
    ("retentions", "last_expiry", "next_to_expire", "is_newest_next"),
    [
        ((5, 9), NOW + 9 * DAY, "p0", False),
        ((9, 5), NOW + 9 * DAY, "p1", True),
        ((5, None), None, "p0", False),
        ((None, None), None, None, False),
        ((NEVER, 2), None, "p1", True),
        ((0, 2), NOW + 2 * DAY, "p1", True),
    ],
)
def test_r46_retention_has_the_last_expiry_and_the_next_to_expire(
    retentions: tuple[int | None, ...], last_expiry: int | None, next_to_expire: str | None, is_newest_next: bool
) -> None:
    """Retentions are in days from now, oldest backup first; 0 has ended and does not count."""
    backups = [
        backup(f"p{number}", 50 - number, retention=days if days in {None, NEVER} else NOW + (days or 0) * DAY)
        for number, days in enumerate(retentions)
    ]
    margin = rpo_of(*backups).retention
    assert margin is not None
    assert (margin.last_expiry, name_of(margin.next_to_expire), margin.is_newest_next) == (
        last_expiry,
        next_to_expire,
        is_newest_next,
    )


@pytest.mark.parametrize(
    ("seconds", "limit", "is_limit_assumed"),
    [(3600, HOUR, False), (1, SECOND, False), (None, 2 * HOUR, True), (0, 2 * HOUR, True), (-1, 2 * HOUR, True)],
)
def test_r29_timeout_share_is_the_longest_duration_over_the_limit(
    seconds: int | None, limit: int, is_limit_assumed: bool
) -> None:
    timeout = rpo_of(
        backup("short", 1), backup("long", 2, end=NOW - HOUR), settings=Fetched(NOW, DrSettings(seconds))
    ).timeout
    assert timeout is not None
    assert (name_of(timeout.longest), timeout.duration, timeout.limit, timeout.is_limit_assumed) == (
        "long",
        HOUR,
        limit,
        is_limit_assumed,
    )
    assert timeout.share == HOUR / limit


@pytest.mark.parametrize(("minutes", "is_near"), [(95, False), (96, True), (130, True)])
def test_r29_timeout_is_near_when_the_share_is_four_fifths(minutes: int, is_near: bool) -> None:
    timeout = rpo_of(backup("slow", 3, end=NOW - 3 * HOUR + minutes * MINUTE)).timeout
    assert timeout is not None
    assert timeout.is_near is is_near


@pytest.mark.parametrize(
    ("backups", "is_expiring_soon"),
    [
        ((backup("one", 3, retention=NOW + DAY - 1),), True),
        ((backup("one", 3, retention=NOW + DAY),), False),
        ((backup("one", 3, retention=NOW + 1), backup("two", 9, retention=NOW + DAY)), False),
        ((backup("one", 3, retention=NEVER),), False),
        ((), False),
    ],
)
def test_r46_rpo_is_expiring_soon_when_the_last_usable_expires_within_the_target(
    backups: tuple[Any, ...], is_expiring_soon: bool
) -> None:
    """The default target is a day."""
    assert rpo_of(*backups).is_expiring_soon(NOW) is is_expiring_soon


def test_r29_timeout_limit_is_the_default_when_settings_are_unread() -> None:
    timeout = rpo_of(backup("one", 1)).timeout
    assert timeout is not None
    assert (timeout.limit, timeout.is_limit_assumed) == (2 * HOUR, True)


def test_timeout_ignores_durations_when_they_are_not_recent() -> None:
    backups = [backup(f"p{n}", n, end=NOW - n * HOUR + (50 if n == 15 else n) * MINUTE) for n in range(1, 16)]
    timeout = rpo_of(*reversed(backups)).timeout
    assert timeout is not None
    assert timeout.duration == 14 * MINUTE


@pytest.mark.parametrize(
    ("minutes", "trend"),
    [
        ((20, 20, 20, 10, 10, 10), 2.0),
        ((9, 9, 9, 9, 9, 9), 1.0),
        ((5, 5, 5, 10, 10, 10), 0.5),
        ((5,) * 5, None),
        ((30, 20, 20, 10, 10, 10), 2.0),
        ((0,) * 6, None),
    ],
)
def test_trend_is_the_median_of_the_newer_half_over_the_older(minutes: tuple[int, ...], trend: float | None) -> None:
    """Durations are newest first."""
    backups = [backup(f"p{n}", n, end=NOW - n * HOUR + duration * MINUTE) for n, duration in enumerate(minutes, 1)]
    timeout = rpo_of(*backups).timeout
    assert timeout is not None
    assert timeout.trend == trend


def test_timeout_is_none_when_no_duration_is_known() -> None:
    assert rpo_of(backup("endless", 1, end=None)).timeout is None


def test_r41_kept_forever_is_sorted_oldest_first() -> None:
    backups = [backup("b", 5, retention=NEVER), backup("a", 90, retention=NEVER), backup("c", 1)]
    assert [name_of(point) for point in rpo_of(*backups).kept_forever] == ["a", "b"]


@pytest.mark.parametrize(
    ("created_by", "site", "is_listed"),
    [
        ("11.3.0", "11.4.0", True),
        ("11.4.0.6300", "11.4", False),
        ("11.4.0.6300", "11.4.0.6305", False),
        ("11.4", "11.4.0.6305", False),
        ("11.4.1", "11.4.0.6305", True),
        (None, "11.4", False),
        ("11.3", None, False),
    ],
)
def test_r15_store_is_listed_when_another_release_registered_it(
    created_by: str | None, site: str | None, is_listed: bool
) -> None:
    store = Store("vault", created_by=Release.parse(created_by) if created_by else None)
    rpo = rpo_of(stores=Fetched(NOW, (store,)), site=Fetched(NOW, Site(Release.parse(site))) if site else None)
    assert rpo.other_release_stores == ((store,) if is_listed else ())


@pytest.mark.parametrize(
    ("flags", "defaults"),
    [
        ((True,), ("s0",)),
        ((False, False), ()),
        ((True, True), ("s0", "s1")),
        ((None, None), None),
        ((False, None), None),
        ((None, True), ("s1",)),
        ((), None),
    ],
)
def test_r17_default_stores_are_none_when_no_store_says(
    flags: tuple[bool | None, ...], defaults: tuple[str, ...] | None
) -> None:
    stores = tuple(Store(f"s{number}", default=flag) for number, flag in enumerate(flags))
    default_stores = rpo_of(stores=Fetched(NOW, stores)).default_stores
    assert (None if default_stores is None else tuple(store.name for store in default_stores)) == defaults


@given(st.lists(st.floats(0, 1000), max_size=6), st.floats(0, 1000), st.sampled_from(["failed", None, "part"]))
def test_rpo_does_not_improve_when_an_unusable_backup_is_added(
    ages: list[float], age: float, status: str | None
) -> None:
    good = [backup(f"p{number}", hours) for number, hours in enumerate(ages)]
    added = torn_backup("more", age) if status == "part" else backup("more", age, status=status)
    before, after = rpo_of(*good), rpo_of(*good, added)
    assert (after.newest_usable, after.age, after.is_met) == (before.newest_usable, before.age, before.is_met)


@pytest.mark.parametrize(
    ("change", "are_known"),
    [
        ({}, True),
        ({"stores": None}, False),
        ({"stores": Fetched(NOW)}, False),
        ({"backups": {}}, False),
        ({"backups": {"vault": Fetched(NOW)}}, False),
        ({"backups": {"other": Fetched(NOW, ())}}, False),
        ({"stores": Fetched(NOW, (STORE, Store("other")))}, False),
    ],
)
def test_r11_all_lists_are_known_only_when_every_list_was_read(change: dict[str, Any], are_known: bool) -> None:
    assert all_lists_known(site_of(**change)) is are_known


def test_default_stores_are_none_when_stores_are_unread() -> None:
    assert rpo_of(stores=None).default_stores is None
    assert rpo_of(stores=Fetched(NOW)).default_stores is None
    assert STORE.default
