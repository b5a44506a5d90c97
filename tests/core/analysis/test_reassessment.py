"""Tests of the reassessment of a site state at later moments."""

from typing import Any

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess, next_display_change, reassess_at
from drtui.core.formatting.durations import DAY, HOUR, MINUTE
from drtui.core.model.site_state import SiteState
from drtui.core.summary.headline import build_headline
from drtui.demo.scenarios import SCENARIOS
from drtui.session import DEMO, ConnectionOptions, Session, Target
from tests.conftest import NOW
from tests.core.points import backup, parts, site_of

STEPS = (1, MINUTE, 7 * MINUTE, 50 * MINUTE, 3 * HOUR, 3 * HOUR + 1, 20 * HOUR, 30 * HOUR, 6 * DAY, 31 * DAY, 100 * DAY)


@pytest.mark.parametrize("scenario", sorted(SCENARIOS.keys() - {"thousands"}))
async def test_reassess_equals_a_new_assessment_when_time_passes(scenario: str) -> None:
    async with Session(Target(DEMO, scenario=scenario), ConnectionOptions(), now=NOW) as session:
        site_state = await session.fetch_all()
    reassessed = assess(site_state, NOW)
    for step in STEPS:
        reassessed, assessed = reassess_at(reassessed, NOW + step), assess(site_state, NOW + step)
        assert build_headline(reassessed) == build_headline(assessed)
        assert replace(reassessed, schedules=assessed.schedules, gaps=assessed.gaps) == assessed
        assert [schedule.next_run for schedule in reassessed.schedules] == [
            schedule.next_run for schedule in assessed.schedules
        ]


def test_reassess_keeps_the_same_points_when_nothing_changed() -> None:
    assessment = assess(site_of(backup("a", 3), backup("b", 2)), NOW)
    assert reassess_at(assessment, NOW + DAY).points is assessment.points


@pytest.mark.parametrize(
    "change",
    [
        {"start": NOW + HOUR, "end": NOW + HOUR, "parts": parts(NOW + HOUR)},
        {"end": NOW + HOUR},
        {"start": NOW, "end": NOW + 5 * MINUTE, "parts": parts(NOW + 8 * MINUTE)},
    ],
)
def test_reassess_makes_a_point_usable_when_its_future_times_are_past(change: dict[str, Any]) -> None:
    assessment = assess(site_of(backup("a", 3, **change)), NOW)
    assert not assessment.points[0].verdict.is_usable
    assert reassess_at(assessment, NOW + HOUR).points[0].verdict.is_usable


def test_reassess_assesses_again_when_the_clock_was_put_back() -> None:
    assessment = assess(site_of(backup("a", 3)), NOW)
    assert reassess_at(assessment, NOW - HOUR) == assess(assessment.site_state, NOW - HOUR)


@pytest.mark.parametrize(
    ("site_state", "other_moments", "expected"),
    [
        (SiteState("gis"), (), None),
        (SiteState("gis"), (NOW - 5 * MINUTE,), MINUTE),
        (SiteState("gis"), (NOW - 5 * DAY,), HOUR),
    ],
)
def test_next_display_change_is_a_minute_or_an_hour_later(
    site_state: SiteState, other_moments: tuple[int, ...], expected: int | None
) -> None:
    due = next_display_change(assess(site_state, NOW), other_moments)
    assert due == (None if expected is None else NOW + expected)
