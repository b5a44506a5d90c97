"""Consecutive missed runs are one row, so that they do not hide the restore points."""

import pytest

from drtui.core.formatting.durations import HOUR
from drtui.core.listing.rows import Entry, MissedRun, fold_missed_runs
from tests.conftest import NOW
from tests.core.listing.test_grouping import TODAY, schedule

NIGHTLY, WEEKLY = schedule("nightly"), schedule("weekly", "cloud")


def missed(hours: int) -> MissedRun:
    """Return a run of the nightly schedule that was due that many hours ago."""
    return MissedRun(NIGHTLY, NOW - hours * HOUR)


def failed(hours: int) -> MissedRun:
    return MissedRun(NIGHTLY, NOW - hours * HOUR, "the site could not write")


def other(hours: int) -> MissedRun:
    return MissedRun(WEEKLY, NOW - hours * HOUR)


ONE, TWO, THREE, FOUR, FIVE = map(missed, range(1, 6))


def text(entry: Entry) -> str:
    """Return the name of a row in short."""
    if not isinstance(entry, MissedRun):
        return "point"
    return f"{entry.schedule.title} {entry.count}{' failed' if entry.reason else ''}"


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], ""),
        ([TODAY], "point"),
        ([ONE, TWO, THREE], "nightly 1, nightly 1, nightly 1"),
        ([ONE, TWO, THREE, FOUR], "nightly 4"),
        ([FOUR, THREE, TWO, ONE], "nightly 4"),
        ([ONE, TWO, TODAY, THREE, FOUR], "nightly 1, nightly 1, point, nightly 1, nightly 1"),
        ([ONE, other(1), TWO, THREE, FOUR], "nightly 4, weekly 1"),
        ([ONE, TWO, failed(3), FOUR, FIVE], "nightly 1, nightly 1, nightly 1 failed, nightly 1, nightly 1"),
    ],
)
def test_fold_missed_runs_returns_one_row_when_more_than_three_follow_each_other(
    entries: list[Entry], expected: str
) -> None:
    assert ", ".join(map(text, fold_missed_runs(entries))) == expected


@pytest.mark.parametrize("entries", [[ONE, TWO, THREE, FOUR], [FOUR, THREE, TWO, ONE]])
def test_fold_stands_for_each_of_its_runs_and_is_dated_by_the_newest(entries: list[Entry]) -> None:
    (fold,) = fold_missed_runs(entries)
    assert isinstance(fold, MissedRun)
    assert (fold.id, fold.name, fold.others[-1]) == (ONE.id, "(nightly: 4 runs missed)", FOUR.at)
    assert all(fold.includes(run.id) for run in (ONE, TWO, THREE, FOUR))
    assert not fold.includes(FIVE.id)
    assert not fold.includes(other(1).id)
