"""Missed runs inferred from earlier starts; times are in days."""

import pytest

from drtui.core.formatting.durations import DAY, HOUR, MINUTE
from drtui.core.schedules.inference import infer_missed_runs, is_regular, regular_period


def missed_days(
    starts: list[float], *, first: float = 0, until: float = 0, most: int = 99, period: int = DAY
) -> list[float]:
    moments = [round(day * DAY) for day in starts]
    until = until or max(starts)
    return [moment / DAY for moment in infer_missed_runs(moments, period, round(first * DAY), round(until * DAY), most)]


@pytest.mark.parametrize(
    ("starts", "hours"), [([0, 1, 2], 24), ([0, 1, 2, 5, 6], 24), ([0, 1, 9], 108), ([0, 0.25, 0.5], 6)]
)
def test_r51_period_stays_when_a_run_was_missed(starts: list[float], hours: int) -> None:
    assert regular_period([round(day * DAY) for day in starts]) == hours * HOUR


@pytest.mark.parametrize(
    ("steps", "regular"),
    [((110, 90), True), ((111, 90, 89), False), ((110, 140), True), ((111, 140), False), ((100, 140, 60, 100), True)],
)
def test_is_regular_when_half_of_the_steps_are_within_a_tenth(steps: tuple[int, ...], regular: bool) -> None:
    starts = [sum(steps[:number]) * MINUTE for number in range(len(steps) + 1)]
    assert is_regular(starts, 100 * MINUTE) is regular


def test_is_regular_is_false_when_period_is_below_a_minute() -> None:
    assert is_regular([0, MINUTE, 2 * MINUTE], MINUTE)
    assert not is_regular([0, MINUTE - 1], MINUTE - 1)


@pytest.mark.parametrize(
    ("starts", "span", "expected"),
    [
        ([0, 1, 2, 5], {}, [3, 4]),
        ([0, 1, 2], {"until": 5.1}, [3, 4, 5]),
        ([0, 1, 2], {"until": 2.9}, []),
        ([0, 1.3, 2.3], {}, []),  # late is not missing
        ([0, 2.3, 3.3], {}, [1]),
        ([0, 10], {"first": 4}, [4, 5, 6, 7, 8, 9]),
        ([0, 10], {"first": 4.1}, [5, 6, 7, 8, 9]),
        ([0, 1, 3, 9], {"first": 4, "most": 2}, [7, 8]),
        ([0, 3, 6], {"first": 3}, [4, 5]),
        ([0, 3, 6], {"until": 4.2}, [1, 2, 4]),  # what is to come is not missing
    ],
)
def test_infer_missed_runs_returns_expected_times(
    starts: list[float], span: dict[str, float], expected: list[float]
) -> None:
    assert missed_days(starts, **span) == expected  # type: ignore[arg-type]


WORKING_DAYS = [week * 7 + day for week in range(4) for day in range(5)]


@pytest.mark.parametrize(
    ("starts", "until", "expected"),
    [
        (WORKING_DAYS, 27.1, []),  # weekends are no holes
        (WORKING_DAYS, 34.1, [28, 29, 30, 31, 32]),  # a week without any
        ([day for day in WORKING_DAYS if day not in {8, 15}], 26.1, [8, 15]),
        (WORKING_DAYS[:10], 13.1, [5, 6, 12, 13]),  # too short to know weekends by
        ([*WORKING_DAYS[:10], 14], 14.1, []),  # two weeks are enough
    ],
)
def test_infer_missed_runs_skips_days_of_the_week_without_earlier_runs(
    starts: list[float], until: float, expected: list[float]
) -> None:
    assert missed_days(starts, until=until) == expected


def test_infer_missed_runs_ignores_runs_older_than_twelve_weeks() -> None:
    """Daily for two weeks, then only on one day of the week."""
    weekly = [*range(14), *range(14, 14 + 20 * 7, 7)]
    days = missed_days(list(weekly))
    assert (days[0], days[-1]) == (15, 13 + 12 * 7)
    assert [day for day in range(15, 14 + 12 * 7) if day % 7] == days


@pytest.mark.parametrize(("late", "expected"), [(2.4, [14]), (2.41, [])])
def test_infer_missed_runs_accepts_shift_of_a_tenth_of_the_period(late: float, expected: list[float]) -> None:
    starts = [0, 1, 2, 3, 4, 5, 6, 7 + late / 24, 8, 9, 10, 11, 12, 13, 15, 16]
    usual = [start for start in starts if start]
    assert missed_days(usual, until=16, first=14) == expected
