"""Run times of schedules."""

import pytest
from msgspec.structs import replace

from drtui.core.formatting.durations import DAY, HOUR, SECOND
from drtui.core.formatting.times import LAST
from drtui.core.model.site import Schedule
from drtui.core.schedules.run_times import Interval, TimetableError, latest_runs, run_times_of

EVERY = Schedule("t", "CreateBackup", interval_seconds=10, last_start=1_003)


@pytest.mark.parametrize(
    ("span", "expected"),
    [((0, 25), [3, 13, 23]), ((3, 13), [3, 13]), ((4, 12), []), ((-8, 3), [-7, 3]), ((5, 3), []), ((14, 22), [])],
)
def test_interval_between_counts_in_both_directions(span: tuple[int, int], expected: list[int]) -> None:
    assert list(Interval(10, 1_003).between(*span)) == expected


@pytest.mark.parametrize(("moment", "expected"), [(2, 3), (3, 13), (4, 13), (12, 13), (13, 23)])
def test_interval_after_returns_next_run(moment: int, expected: int) -> None:
    assert Interval(10, 3).after(moment) == expected


@pytest.mark.parametrize("period", [10, 10**30])
def test_interval_after_is_none_at_the_end_of_the_calendar(period: int) -> None:
    assert Interval(period, LAST).after(LAST) is None
    assert list(Interval(10, LAST).between(LAST - 10, 10**30)) == [LAST - 10, LAST]


def test_run_times_use_cron_or_else_interval() -> None:
    assert run_times_of(replace(EVERY, cron="0 0 2 * * ?")).after(0) == 2 * HOUR
    assert run_times_of(EVERY).after(0) == 1_003
    assert run_times_of(replace(EVERY, interval_seconds=1)).after(1_003) == 1_003 + SECOND


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (replace(EVERY, cron="nightly"), "unreadable cron expression: 1 fields instead of 6 or 7"),
        (replace(EVERY, interval_seconds=None), "no cron expression and no interval"),
        (replace(EVERY, interval_seconds=0), "no cron expression and no interval"),
        (replace(EVERY, last_start=None), "it runs at an interval, but its last start is unknown"),
    ],
)
def test_run_times_error_says_why(schedule: Schedule, words: str) -> None:
    with pytest.raises(TimetableError) as raised:
        run_times_of(schedule)
    assert str(raised.value) == words


@pytest.mark.parametrize(("days", "most", "expected"), [(1, 5, 24), (5, 24, 120), (80, 500, 1920), (80, 100, 192)])
def test_latest_runs_searches_few_days_when_runs_are_frequent(days: int, most: int, expected: int) -> None:
    start = 100 * DAY
    runs = latest_runs(Interval(DAY // 24, 1), start, start + days * DAY, most)
    assert (len(runs), runs[-1], runs == sorted(runs)) == (expected, start + days * DAY - DAY // 24 + 1, True)
