"""How much would be lost: tables of values."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.analysis.rpo import DEFAULT_TARGET, RpoStatus, measure_rpo
from drtui.core.formatting.times import DAY, HOUR, MINUTE, SECOND
from drtui.core.model.backup import NEVER
from drtui.core.model.site import DrSettings, Release, Site, Store
from drtui.core.model.site_state import Fetched, all_lists_known
from tests.conftest import NOW
from tests.core.points import STORE, backup, parts, points, reading


def of(*backups: Any, target: int = DEFAULT_TARGET, **changes: Any) -> RpoStatus:
    found = reading(*backups, **changes)
    return measure_rpo(found, points(found), NOW, target)


def failed(name: str, hours_ago: float) -> Any:
    """A backup that says completed over a failed object store."""
    whole = backup(name, hours_ago)
    return replace(whole, parts=parts(whole.start or 0, "completed", "failed"))


def name(point: Any) -> str | None:
    return None if point is None else str(point.backup.name)


def test_r5_the_age_counts_from_the_start_of_the_newest_usable() -> None:
    found = of(backup("old", 30), backup("new", 3), failed("torn", 1))
    assert (name(found.newest_usable), found.age, found.total_count, found.usable_count) == ("new", 3 * HOUR, 3, 2)


@pytest.mark.parametrize(("hours", "target", "met"), [(24, 24, True), (24.01, 24, False), (2, 1, False), (1, 1, True)])
def test_the_target_is_met_up_to_its_last_moment(hours: float, target: int, met: bool) -> None:
    assert of(backup("one", hours), target=target * HOUR).is_met is met


def test_without_anything_usable_no_target_is_met() -> None:
    found = of(failed("torn", 1))
    assert (found.newest_usable, found.age, found.is_met, found.retention) == (None, None, False, None)


@pytest.mark.parametrize(
    ("backups", "naive", "differs"),
    [
        ((backup("new", 3), backup("old", 30)), "new", False),
        ((failed("torn", 1), backup("old", 30)), "torn", True),
        ((backup("bad", 1, status="failed"), backup("old", 30)), "old", False),
        ((failed("torn", 1),), "torn", True),
        ((backup("bad", 1, status="failed"),), None, False),
        ((backup("foreign", 1, release="11.3.0"), backup("old", 30)), "foreign", True),
        ((backup("undated", 1, start=None), backup("old", 30)), "old", False),
    ],
)
def test_r6_what_a_pipeline_would_take(backups: tuple[Any, ...], naive: str | None, differs: bool) -> None:
    found = of(*backups)
    assert (name(found.newest_completed), found.has_different_completed) == (naive, differs)


FIRST, OTHER = Store("vault", default=True), Store("offsite", default=False)


@pytest.mark.parametrize(
    ("stores", "pipeline"),
    [
        ((FIRST, OTHER), "here"),
        ((OTHER, FIRST), "here"),
        ((replace(FIRST, default=False), replace(OTHER, default=True)), "there"),
        ((FIRST, replace(OTHER, default=True)), "here"),  # the first that calls itself one
        ((replace(FIRST, default=False), OTHER), None),  # it gives up
        ((replace(FIRST, default=None), replace(OTHER, default=None)), "there"),  # nobody knows
    ],
)
def test_r17_a_pipeline_takes_from_the_default_store(stores: tuple[Store, ...], pipeline: str | None) -> None:
    lists = {
        "vault": Fetched(NOW, (backup("here", 5),)),
        "offsite": Fetched(NOW, (backup("there", 2, store="offsite"),)),
    }
    found = of(stores=Fetched(NOW, stores), backups=lists)
    assert (name(found.newest_usable), name(found.pipeline_choice)) == ("there", pipeline)


@pytest.mark.parametrize(
    ("retentions", "last", "following", "newest_is_next"),
    [
        ((5, 9), NOW + 9 * DAY, "p0", False),
        ((9, 5), NOW + 9 * DAY, "p1", True),
        ((5, None), None, "p0", False),
        ((None, None), None, None, False),
        ((NEVER, 2), None, "p1", True),
        ((0, 2), NOW + 2 * DAY, "p1", True),
    ],
)
def test_r46_the_last_usable_goes_then(
    retentions: tuple[int | None, ...], last: int | None, following: str | None, newest_is_next: bool
) -> None:
    """Older first; a retention of so many days from now, 0 is over and does not count."""
    backups = [
        backup(f"p{number}", 50 - number, retention=days if days in {None, NEVER} else NOW + (days or 0) * DAY)
        for number, days in enumerate(retentions)
    ]
    expiry = of(*backups).retention
    assert expiry is not None
    assert (expiry.last_expiry, name(expiry.next_to_expire), expiry.is_newest_next) == (last, following, newest_is_next)


@pytest.mark.parametrize(
    ("seconds", "limit", "assumed"),
    [(3600, HOUR, False), (1, SECOND, False), (None, 2 * HOUR, True), (0, 2 * HOUR, True), (-1, 2 * HOUR, True)],
)
def test_r29_the_longest_recent_duration_as_a_share_of_the_limit(
    seconds: int | None, limit: int, assumed: bool
) -> None:
    found = of(
        backup("short", 1), backup("long", 2, end=NOW - HOUR), settings=Fetched(NOW, DrSettings(seconds))
    ).timeout
    assert found is not None
    assert (name(found.longest), found.duration, found.limit, found.is_limit_assumed) == ("long", HOUR, limit, assumed)
    assert found.share == HOUR / limit


@pytest.mark.parametrize(("minutes", "near"), [(95, False), (96, True), (130, True)])
def test_r29_from_four_fifths_of_the_limit_on_it_is_near(minutes: int, near: bool) -> None:
    found = of(backup("slow", 3, end=NOW - 3 * HOUR + minutes * MINUTE)).timeout
    assert found is not None
    assert found.is_near is near


@pytest.mark.parametrize(
    ("backups", "soon"),
    [
        ((backup("one", 3, retention=NOW + DAY - 1),), True),
        ((backup("one", 3, retention=NOW + DAY),), False),
        ((backup("one", 3, retention=NOW + 1), backup("two", 9, retention=NOW + DAY)), False),
        ((backup("one", 3, retention=NEVER),), False),
        ((), False),
    ],
)
def test_r46_the_last_usable_goes_soon_if_no_new_one_comes_within_a_day(backups: tuple[Any, ...], soon: bool) -> None:
    """A day is the target that nobody named."""
    assert of(*backups).is_expiring_soon(NOW) is soon


def test_r29_settings_that_could_not_be_read_leave_the_documented_limit() -> None:
    found = of(backup("one", 1)).timeout
    assert found is not None
    assert (found.limit, found.is_limit_assumed) == (2 * HOUR, True)


def test_durations_of_long_ago_are_not_recent() -> None:
    durations = [backup(f"p{n}", n, end=NOW - n * HOUR + (50 if n == 15 else n) * MINUTE) for n in range(1, 16)]
    found = of(*reversed(durations)).timeout
    assert found is not None
    assert found.duration == 14 * MINUTE


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
def test_the_trend_compares_the_newer_half_with_the_older(minutes: tuple[int, ...], trend: float | None) -> None:
    """Newest first."""
    took = [backup(f"p{n}", n, end=NOW - n * HOUR + each * MINUTE) for n, each in enumerate(minutes, 1)]
    found = of(*took).timeout
    assert found is not None
    assert found.trend == trend


def test_without_a_known_duration_there_is_no_timeout_runway() -> None:
    assert of(backup("endless", 1, end=None)).timeout is None


def test_r41_those_kept_forever_oldest_first() -> None:
    kept = [backup("b", 5, retention=NEVER), backup("a", 90, retention=NEVER), backup("c", 1)]
    assert [name(each) for each in of(*kept).kept_forever] == ["a", "b"]


@pytest.mark.parametrize(
    ("made_by", "site", "flagged"),
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
def test_r15_stores_that_another_release_registered(made_by: str | None, site: str | None, flagged: bool) -> None:
    store = Store("vault", created_by=Release.parse(made_by) if made_by else None)
    found = of(stores=Fetched(NOW, (store,)), site=Fetched(NOW, Site(Release.parse(site))) if site else None)
    assert found.other_release_stores == ((store,) if flagged else ())


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
def test_r17_none_or_several_default_stores(flags: tuple[bool | None, ...], defaults: tuple[str, ...] | None) -> None:
    stores = tuple(Store(f"s{number}", default=flag) for number, flag in enumerate(flags))
    found = of(stores=Fetched(NOW, stores)).default_stores
    assert (None if found is None else tuple(store.name for store in found)) == defaults


@given(st.lists(st.floats(0, 1000), max_size=6), st.floats(0, 1000), st.sampled_from(["failed", None, "part"]))
def test_adding_an_unusable_one_never_makes_exposure_smaller(ages: list[float], age: float, how: str | None) -> None:
    good = [backup(f"p{number}", each) for number, each in enumerate(ages)]
    added = failed("more", age) if how == "part" else backup("more", age, status=how)
    before, after = of(*good), of(*good, added)
    assert (after.newest_usable, after.age, after.is_met) == (before.newest_usable, before.age, before.is_met)


@pytest.mark.parametrize(
    ("change", "whole"),
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
def test_r11_nothing_is_only_nothing_where_every_list_was_read(change: dict[str, Any], whole: bool) -> None:
    assert all_lists_known(reading(**change)) is whole


def test_stores_that_could_not_be_read_leave_no_word_on_defaults() -> None:
    assert of(stores=None).default_stores is None
    assert of(stores=Fetched(NOW)).default_stores is None
    assert STORE.default
