"""The delay until the next refresh."""

import pytest

from drtui.ui.main.refresh_interval import compute_refresh_delay


@pytest.mark.parametrize(
    ("failures", "is_following", "seconds"),
    [
        (0, False, 300),
        (0, True, 10),
        (1, False, 10),
        (2, False, 20),
        (3, False, 40),
        (5, False, 160),
        (6, False, 300),
        (1_000, False, 300),
        (1, True, 10),
        (3, True, 40),
        (4, True, 60),
        (1_000, True, 60),
    ],
)
def test_compute_refresh_delay_grows_to_a_bound_when_refreshes_fail(
    failures: int, is_following: bool, seconds: float
) -> None:
    assert compute_refresh_delay(failures, is_following=is_following, unit=10, chance=0.5) == seconds


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 30), (0.5, 40), (1.0, 50)])
def test_compute_refresh_delay_is_spread_by_chance_when_a_refresh_failed(chance: float, seconds: float) -> None:
    assert compute_refresh_delay(3, is_following=False, unit=10, chance=chance) == seconds
