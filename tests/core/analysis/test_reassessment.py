"""As time passes: what is said later of one reading, without judging all of it again."""

from typing import Any

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess, next_display_change, reassess_at
from drtui.core.formatting.times import DAY, HOUR, MINUTE
from drtui.core.model.site_state import SiteState
from drtui.core.summary.headline import headline
from drtui.demo.scenarios import SCENARIOS
from drtui.session import DEMO, ConnectionOptions, Session, Target
from tests.conftest import NOW
from tests.core.points import backup, parts, reading

STEPS = (1, MINUTE, 7 * MINUTE, 50 * MINUTE, 3 * HOUR, 3 * HOUR + 1, 20 * HOUR, 30 * HOUR, 6 * DAY, 31 * DAY, 100 * DAY)


@pytest.mark.parametrize("scenario", sorted(SCENARIOS.keys() - {"thousands"}))
async def test_it_is_what_would_be_judged_anew(scenario: str) -> None:
    async with Session(Target(DEMO, scenario=scenario), ConnectionOptions(), now=NOW) as session:
        found = await session.fetch_all()
    passing = assess(found, NOW)
    for step in STEPS:
        passing, anew = reassess_at(passing, NOW + step), assess(found, NOW + step)
        assert headline(passing) == headline(anew)
        assert replace(passing, schedules=anew.schedules) == anew
        assert [plan.next_run for plan in passing.schedules.schedules] == [
            plan.next_run for plan in anew.schedules.schedules
        ]


def test_what_time_has_not_turned_is_the_same_object() -> None:
    first = assess(reading(backup("a", 3), backup("b", 2)), NOW)
    assert reassess_at(first, NOW + DAY).points is first.points


@pytest.mark.parametrize(
    "change",
    [
        {"start": NOW + HOUR, "end": NOW + HOUR, "parts": parts(NOW + HOUR)},
        {"end": NOW + HOUR},
        {"start": NOW, "end": NOW + 5 * MINUTE, "parts": parts(NOW + 8 * MINUTE)},
    ],
)
def test_what_was_yet_to_be_has_been_meanwhile(change: dict[str, Any]) -> None:
    first = assess(reading(backup("a", 3, **change)), NOW)
    assert not first.points[0].verdict.is_usable
    assert reassess_at(first, NOW + HOUR).points[0].verdict.is_usable


def test_a_clock_that_was_put_back() -> None:
    first = assess(reading(backup("a", 3)), NOW)
    assert reassess_at(first, NOW - HOUR) == assess(first.site_state, NOW - HOUR)


@pytest.mark.parametrize(
    ("found", "others", "expected"),
    [
        (SiteState("gis"), (), None),
        (SiteState("gis"), (NOW - 5 * MINUTE,), MINUTE),
        (SiteState("gis"), (NOW - 5 * DAY,), HOUR),
    ],
)
def test_when_something_reads_otherwise(found: SiteState, others: tuple[int, ...], expected: int | None) -> None:
    due = next_display_change(assess(found, NOW), others)
    assert due == (None if expected is None else NOW + expected)
