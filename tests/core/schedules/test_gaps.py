"""Gaps between complete backups."""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from drtui.core.formatting.durations import DAY, HOUR
from drtui.core.model.backup import NEVER, Backup
from drtui.core.model.site_state import SiteHistory
from drtui.core.schedules.gaps import Gap, WorstGap, find_gaps, is_complete, known_since, measure_gaps
from drtui.core.verdict.rules import SiteFacts
from tests.conftest import NOW
from tests.core.points import backup, parts, site_of

GOOD = backup("good", 5)


def since(backups: Sequence[Backup]) -> int | None:
    return known_since(backups, NOW, SiteHistory())


def gaps_of(backups: Sequence[Backup]) -> tuple[Gap, ...]:
    return find_gaps(backups, NOW, since(backups))


def worst_of(backups: Sequence[Backup]) -> tuple[WorstGap, ...]:
    return measure_gaps(SiteFacts.of(site_of(*backups), NOW), DAY).worst


@pytest.mark.parametrize(
    ("change", "whole"),
    [
        ({}, True),
        ({"release": "9.9"}, True),
        ({"retention": 1}, True),
        ({"status": "failed"}, False),
        ({"end": None}, False),
        ({"start": None}, False),
        ({"parts": parts(0, "completed", "failed")}, False),
        ({"parts": parts(0)[:2]}, False),
        ({"parts": ()}, False),
    ],
)
def test_is_complete_ignores_release_and_expiry(change: dict[str, Any], whole: bool) -> None:
    assert is_complete(replace(GOOD, **change)) is whole


@pytest.mark.parametrize(
    ("hours_ago", "expected"),
    [
        ((), []),
        ((5,), [(5, True)]),
        ((50, 26, 2), [(24, False), (24, False), (2, True)]),
        ((2, 50), [(48, False), (2, True)]),
        ((5, 5), [(5, True)]),
        ((50, -3), [(50, True)]),
    ],
)
def test_r5_gaps_are_from_start_to_start_and_last_until_now(
    hours_ago: tuple[float, ...], expected: list[tuple[int, bool]]
) -> None:
    gaps = gaps_of([backup(f"p{hours}", hours) for hours in hours_ago])
    assert [(gap.length // HOUR, gap.is_open) for gap in gaps] == expected


def test_gap_is_open_since_known_time_when_no_backup_is_complete() -> None:
    failed = [backup("f", 50, status="failed"), backup("g", 26, status="failed")]
    assert [(gap.length // HOUR, gap.is_open) for gap in gaps_of(failed)] == [(50, True)]
    assert measure_gaps(SiteFacts.of(site_of(*failed), NOW), DAY).has_no_complete_backup
    assert gaps_of([backup("f", -3, status="failed")]) == ()
    assert not measure_gaps(SiteFacts.of(site_of(GOOD), NOW), DAY).has_no_complete_backup


def test_r40_gaps_exclude_time_when_backups_may_have_been_cleaned_up() -> None:
    """Nightly backups are kept for ten days; that only weekly ones exist before is no gap."""
    nightly = [backup(f"n{day}", day * 24, retention=NOW + (10 - day) * DAY) for day in range(10)]
    weekly = [backup(f"w{day}", day * 24, retention=NOW + 90 * DAY) for day in (11, 18, 25)]
    backups = [*nightly, *weekly]
    assert since(backups) == NOW - 10 * DAY
    gaps = gaps_of(backups)
    assert {gap.length // HOUR for gap in gaps} == {24, 0}
    assert [w.since for w in worst_of(backups)] == [None, NOW - 10 * DAY, NOW - 10 * DAY]


def nightly(day: int, **changes: Any) -> Backup:
    return backup(f"nightly-2026-09-{21 - day:02}-02-00-09", day * 24, **changes)


@pytest.mark.parametrize("retention", [1, NOW - 5 * DAY + 5, NOW - 5 * DAY, NOW + HOUR, -1])
def test_r44_gaps_stay_when_one_backup_has_another_retention(retention: int) -> None:
    backups = [nightly(9), nightly(5, retention=retention), nightly(1)]
    assert since(backups) == NOW - 9 * DAY
    assert [gap.length // DAY for gap in gaps_of(backups)] == [4, 4, 1]


def test_r40_shortest_retention_of_all_schedules_limits_gaps() -> None:
    backups = [*(nightly(day) for day in range(13)), backup("short-2026-09-20-02-00-09", 24, retention=NOW + DAY)]
    assert since(backups) == NOW - 2 * DAY


def test_r40_open_gap_is_reported_when_newer_backups_were_cleaned_up() -> None:
    backups = [nightly(day, retention=NOW - (day - 1) * DAY) for day in range(9, 14)]
    assert [(gap.length // DAY, gap.is_open) for gap in gaps_of(backups)] == [(9, True)]
    assert [w.gap is not None and w.gap.is_open for w in worst_of(backups)] == [True, True, True]
    assert [(w.gap and w.gap.length // DAY, w.since) for w in worst_of(backups)] == [
        (7, NOW - DAY), (9, NOW - DAY), (9, NOW - DAY)
    ]  # fmt: skip


def test_gaps_stay_when_manual_backup_has_short_retention() -> None:
    by_hand = backup("m", 5, schedule_type="MANUAL", retention=NOW + HOUR)
    backups = [backup("a", 100), backup("b", 3), by_hand]
    assert since(backups) == NOW - 100 * HOUR
    assert since([]) is None
    assert since([replace(by_hand, start=None), *backups]) == NOW - 100 * HOUR


def test_gap_is_closed_by_manual_backup_and_not_by_failed_one() -> None:
    backups = [backup("a", 50), backup("b", 26, status="failed"), backup("c", 2, schedule_type="MANUAL")]
    assert [gap.length // HOUR for gap in gaps_of(backups)] == [48, 2]


@pytest.mark.parametrize(
    ("days_ago", "expected"),
    [
        ((), [(7, None, False), (30, None, False), (90, None, False)]),
        ((100, 60, 20, 1), [(7, 6, False), (30, 19, False), (90, 40, False)]),
        ((10, 9, 1), [(7, 6, False), (30, 8, True), (90, 8, True)]),
        ((100,), [(7, 7, False), (30, 30, False), (90, 90, False)]),
        ((7,), [(7, 7, False), (30, 7, True), (90, 7, True)]),
    ],
)
def test_worst_gap_is_cut_to_its_days_with_known_since(
    days_ago: tuple[int, ...], expected: list[tuple[int, int | None, bool]]
) -> None:
    backups: list[Backup] = [backup(f"p{days}", days * 24, retention=NEVER) for days in days_ago]
    gaps = worst_of(backups)
    assert [(w.days, w.gap and w.gap.length // DAY, w.since is not None) for w in gaps] == expected
