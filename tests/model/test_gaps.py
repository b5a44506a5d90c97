"""How long there was nothing to restore from: tables of values."""

from typing import Any

import pytest
from msgspec.structs import replace

from drtui.model.backup import Backup
from drtui.model.gaps import gaps, is_whole, worst
from drtui.model.moment import DAY, HOUR
from tests.conftest import NOW
from tests.model.points import backup, parts

GOOD = backup("good", 5)


@pytest.mark.parametrize(
    ("change", "whole"),
    [
        ({}, True),
        ({"release": "9.9"}, True),
        ({"retention": 1}, True),
        ({"status": "failed"}, False),
        ({"complete": None}, False),
        ({"start": None}, False),
        ({"parts": parts(0, "completed", "failed")}, False),
        ({"parts": parts(0)[:2]}, False),
        ({"parts": ()}, False),
    ],
)
def test_whole_is_what_was_complete_when_it_was_made(change: dict[str, Any], whole: bool) -> None:
    assert is_whole(replace(GOOD, **change)) is whole


@pytest.mark.parametrize(
    ("hours_ago", "expected"),
    [
        ((), []),
        ((5,), [(5, True)]),
        ((50, 26, 2), [(24, False), (24, False), (2, True)]),
        ((2, 50), [(48, False), (2, True)]),
        ((50, -3), [(50, True)]),
    ],
)
def test_r5_a_gap_is_from_start_to_start_and_the_last_until_now(
    hours_ago: tuple[float, ...], expected: list[tuple[int, bool]]
) -> None:
    found = gaps([backup(f"p{hours}", hours) for hours in hours_ago], NOW)
    assert [(gap.length // HOUR, gap.open) for gap in found] == expected


def test_a_failed_backup_closes_no_gap_and_a_manual_one_does() -> None:
    made = [backup("a", 50), backup("b", 26, status="failed"), backup("c", 2, schedule_type="MANUAL")]
    assert [gap.length // HOUR for gap in gaps(made, NOW)] == [48, 2]


@pytest.mark.parametrize(
    ("days_ago", "expected"),
    [
        ((), [(7, None, False), (30, None, False), (90, None, False)]),
        ((100, 60, 20, 1), [(7, 6, False), (30, 19, False), (90, 40, False)]),
        ((10, 9, 1), [(7, 6, False), (30, 8, True), (90, 8, True)]),
        ((100,), [(7, 7, False), (30, 30, False), (90, 90, False)]),
    ],
)
def test_the_worst_gap_is_cut_to_its_days_and_says_from_when_it_knows(
    days_ago: tuple[int, ...], expected: list[tuple[int, int | None, bool]]
) -> None:
    made: list[Backup] = [backup(f"p{days}", days * 24) for days in days_ago]
    found = worst(gaps(made, NOW), made, NOW)
    assert [(w.days, w.gap and w.gap.length // DAY, w.since is not None) for w in found] == expected
