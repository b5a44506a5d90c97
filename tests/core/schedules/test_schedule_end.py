"""Schedules that have ended, have not begun, are paused, or have an unknown end."""

from typing import Any

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import Assessment, assess
from drtui.core.formatting.durations import DAY, HOUR, SECOND
from drtui.core.formatting.times import UTC, format_minutes
from drtui.core.model.site import Schedule
from drtui.core.model.site_state import Fetched
from drtui.core.schedules.schedule_runs import ScheduleRuns, ScheduleState
from drtui.core.schedules.upcoming_runs import upcoming_runs
from drtui.core.summary.headline import build_headline
from drtui.core.summary.health_check import Grade
from drtui.core.wire import responses
from tests.conftest import NOW
from tests.core.points import assess_site, backup, check_all_but_age, site_of
from tests.core.schedules.test_learned_cadence import BY_HAND, WEEKLY
from tests.core.schedules.test_missed_runs import MIDNIGHT, NIGHTLY, night, nights

PAUSED = replace(NIGHTLY, state="paused", active=False)
ALL = nights(*range(20))


def assess_schedules(*backups: Any, schedules: tuple[Schedule, ...]) -> Assessment:
    return assess_site(*backups, schedules=Fetched(NOW, schedules))


def plan_of(*backups: Any, **changes: Any) -> ScheduleRuns:
    whole = site_of(*backups, schedules=Fetched(NOW, (replace(NIGHTLY, **changes),)))
    return assess(whole, NOW, DAY).schedules[0]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, (None, None, ())),
        ({"endDate": None, "maxOccurrences": None}, (None, None, ())),
        ({"endDate": -1, "maxOccurrences": -1}, (None, None, ())),
        ({"endDate": 0, "maxOccurrences": 0}, (None, None, ())),
        ({"endDate": "", "maxOccurrences": "-1"}, (None, None, ())),
        ({"endDate": NOW, "maxOccurrences": 5}, (NOW, 5, ())),
        ({"endDate": str(NOW), "maxOccurrences": "5"}, (NOW, 5, ())),
        ({"endDate": 9223372036854775807}, (None, None, ())),
        ({"endDate": "Apr 22, 2021, 2:00:00 AM"}, (None, None, ('endDate "Apr 22, 2021, 2:00:00 AM"',))),
        (
            {"endDate": {}, "maxOccurrences": True},
            (None, None, ('endDate "an object"', 'maxOccurrences "true or false"')),
        ),
        ({"maxOccurrences": "often"}, (None, None, ('maxOccurrences "often"',))),
    ],
)
def test_decode_schedules_returns_limits(record: dict[str, Any], expected: tuple[Any, ...]) -> None:
    (schedule,) = responses.decode_schedules({"result": [record]})
    assert (schedule.ends, schedule.max_occurrences, schedule.unread_limits) == expected


@pytest.mark.parametrize(
    ("changes", "standing", "following", "ended"),
    [
        ({}, ScheduleState.ACTIVE, "2026-09-22 02:00", None),
        ({"ends": NOW - HOUR}, ScheduleState.ENDED, "-", NOW - HOUR),
        ({"ends": NOW + HOUR}, ScheduleState.ENDED, "-", None),  # no run is left before it
        ({"ends": NOW + DAY}, ScheduleState.ACTIVE, "2026-09-22 02:00", None),
        ({"ends": MIDNIGHT + 26 * HOUR}, ScheduleState.ACTIVE, "2026-09-22 02:00", None),
        ({"ends": MIDNIGHT + 26 * HOUR - 1}, ScheduleState.ENDED, "-", None),
        ({"ends": NOW - HOUR, "state": "paused", "active": False}, ScheduleState.ENDED, "-", NOW - HOUR),
        ({"ends": NOW - HOUR, "cron": "x"}, ScheduleState.ENDED, "-", NOW - HOUR),
        ({"cron": "0 0 2 * * ? 2025"}, ScheduleState.ENDED, "-", None),
        ({"starts": NOW + 3 * DAY}, ScheduleState.NOT_BEGUN, "2026-09-25 02:00", None),
        ({"starts": NOW + 3 * DAY, "ends": NOW + 2 * DAY}, ScheduleState.NOT_BEGUN, "-", None),  # in doubt
        ({"max_occurrences": 20, "created": MIDNIGHT - 19 * DAY}, ScheduleState.ENDED, "-", night(0).start),
        ({"max_occurrences": 21, "created": MIDNIGHT - 19 * DAY}, ScheduleState.ACTIVE, "2026-09-22 02:00", None),
        ({"max_occurrences": 20}, ScheduleState.ENDED, "-", night(0).start),
        ({"max_occurrences": 20, "created": None}, ScheduleState.ENDED, "-", night(0).start),
        ({"max_occurrences": 30}, ScheduleState.ACTIVE, "-", None),  # sixty were due, and twenty are listed
        ({"max_occurrences": 61}, ScheduleState.ACTIVE, "2026-09-22 02:00", None),
        ({"max_occurrences": 5}, ScheduleState.ACTIVE, "-", None),  # it ran more often than that
        ({"unread_limits": ('endDate "soon"',)}, ScheduleState.ACTIVE, "-", None),
        ({"ends": NOW - 61 * DAY}, ScheduleState.ACTIVE, "-", None),  # before it was made
    ],
)
def test_schedule_state_is_ended_when_no_run_is_left(
    changes: dict[str, Any], standing: ScheduleState, following: str, ended: int | None
) -> None:
    schedule = plan_of(*ALL, **changes)
    assert (schedule.state, format_minutes(schedule.next_run, UTC), schedule.ended_at) == (standing, following, ended)
    assert (schedule.next_run is None and standing in {ScheduleState.ACTIVE, ScheduleState.NOT_BEGUN}) is bool(
        schedule.end_doubt
    )


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"max_occurrences": 30}, "it runs 30 times, runs so far unknown"),
        ({"unread_limits": ('endDate "soon"',)}, 'unreadable endDate "soon"'),
        ({"ends": NOW - 61 * DAY}, "endDate is before startDate"),
    ],
)
def test_end_doubt_has_reason_when_end_is_unknown(changes: dict[str, Any], doubt: str) -> None:
    assessment = assess_schedules(*ALL, schedules=(replace(NIGHTLY, **changes),))
    assert [(f.grade, f.text) for f in check_all_but_age(assessment).findings if f.code == "schedule-end-unknown"] == [
        (Grade.OK, f"unknown if schedule Nightly has ended: {doubt}")
    ]
    assert (f'Unknown if schedule "Nightly" has ended: {doubt}', "warn") in [
        (s.text, s.tone) for s in build_headline(assessment)
    ]
    stopped = assess_schedules(*nights(*range(5, 20)), BY_HAND, schedules=(replace(NIGHTLY, **changes),))
    assert check_all_but_age(stopped).grade is Grade.WARNING


def test_no_run_is_missed_and_end_is_reported_when_schedule_has_ended() -> None:
    ended = replace(NIGHTLY, ends=MIDNIGHT - 5 * DAY)
    assessment = assess_schedules(*nights(*range(6, 20)), BY_HAND, schedules=(ended,))
    (schedule,) = assessment.schedules
    assert schedule.learned_because == "schedule has ended"
    text = "schedule Nightly ended 5 d 15 h ago: 6 runs missed since 2026-09-16 02:00 UTC (inferred from backup names)"
    assert [(f.grade, f.text) for f in check_all_but_age(assessment).findings if f.code == "no-schedule"] == [
        (Grade.WARNING, text)
    ]
    gone = assess_schedules(BY_HAND, schedules=(replace(ended, ends=NOW - 31 * DAY),))
    assert (check_all_but_age(gone).grade, gone.missed_count) == (Grade.OK, 0)
    given_up = assess_schedules(*nights(*range(32, 50)), BY_HAND, schedules=(replace(ended, ends=NOW - 31 * DAY),))
    assert (check_all_but_age(given_up).grade, given_up.missed_count) == (Grade.OK, 0)


@pytest.mark.parametrize(
    ("other_tasks", "grade"),
    [((), Grade.WARNING), ((WEEKLY,), Grade.OK), ((replace(WEEKLY, store="other"),), Grade.WARNING)],
)
def test_end_is_reported_unless_another_schedule_covers_the_store(
    other_tasks: tuple[Schedule, ...], grade: Grade
) -> None:
    weekly = tuple(night(days, prefix="weekly") for days in (14, 7, 0)) if other_tasks else ()
    assessment = assess_schedules(*ALL, *weekly, schedules=(replace(NIGHTLY, ends=NOW - HOUR), *other_tasks))
    result = check_all_but_age(assessment)
    assert result.grade is grade
    assert ("schedule Nightly ended 1 h ago: no run missed" in result.text) is (grade is Grade.WARNING)


def test_no_run_is_missed_and_start_is_reported_when_schedule_has_not_begun() -> None:
    fresh = replace(NIGHTLY, starts=NOW + 3 * DAY)
    assessment = assess_schedules(BY_HAND, schedules=(fresh,))
    assert (check_all_but_age(assessment).grade, assessment.missed_count, assessment.failed_count) == (Grade.OK, 0, 0)
    assert "schedule Nightly has not started (first run in 3 d 11 h)" in check_all_but_age(assessment).text
    assert ('Schedule "Nightly" has not started (first run in 3 d 11 h)', "muted") in [
        (s.text, s.tone) for s in build_headline(assessment)
    ]
    lapsed = assess_schedules(*nights(*range(5, 20)), BY_HAND, schedules=(fresh,))
    assert (check_all_but_age(lapsed).grade, lapsed.missed_count) == (Grade.WARNING, 0)
    covered = assess_schedules(
        *nights(*range(5, 20)), night(0, prefix="weekly"), schedules=(fresh, replace(WEEKLY, created=NOW))
    )
    assert check_all_but_age(covered).grade is Grade.OK


@pytest.mark.parametrize(
    ("backups", "schedule", "code", "text"),
    [
        (
            nights(*range(9, 20)),
            PAUSED,
            "missed-run",
            "schedule Nightly is paused: 9 runs missed since 2026-09-13 02:00 UTC",
        ),
        (
            nights(*range(1, 20)),
            PAUSED,
            "missed-run",
            "schedule Nightly is paused: 1 run missed since 2026-09-21 02:00 UTC",
        ),
        (ALL, PAUSED, "paused", "schedule Nightly is paused: no run missed"),
        (
            (*nights(*range(2, 20)), night(1, status="failed")),
            PAUSED,
            "failed-run",
            (
                "schedule Nightly is paused: no usable backup from 2 runs: 1 failed (status: failed), 1 missed"
                " since 2026-09-21 02:00 UTC"
            ),
        ),
        (nights(0), replace(PAUSED, cron="x"), "paused", "schedule Nightly is paused: missed runs unknown: unreadab"),
        ((), replace(PAUSED, created=NOW), "paused", "schedule Nightly is paused: no run missed"),
    ],
)
def test_check_reports_pause_and_every_missed_run_since(backups: Any, schedule: Schedule, code: str, text: str) -> None:
    findings = check_all_but_age(assess_schedules(*backups, BY_HAND, schedules=(schedule,))).findings
    assert [(f.grade, f.text[: len(text)]) for f in findings if f.code == code] == [(Grade.WARNING, text)]


def test_check_warns_when_the_two_states_of_a_schedule_disagree() -> None:
    result = check_all_but_age(assess_schedules(*ALL, schedules=(replace(NIGHTLY, active=False),)))
    assert [(f.grade, f.code) for f in result.findings if not f.is_unknown and f.grade] == [
        (Grade.WARNING, "schedule-state")
    ]


def test_upcoming_runs_end_with_the_schedule() -> None:
    def to_come(**changes: Any) -> list[str]:
        return [
            format_minutes(run.at, UTC)[5:10]
            for runs in upcoming_runs([plan_of(*ALL, **changes)])
            for run in runs.between(NOW, NOW + 9 * DAY)
        ]

    assert to_come(ends=NOW + 3 * DAY) == ["09-22", "09-23", "09-24"]
    assert to_come(max_occurrences=22, created=MIDNIGHT - 19 * DAY) == ["09-22", "09-23"]
    assert to_come(starts=NOW + 7 * DAY) == ["09-29", "09-30"]
    assert to_come(ends=NOW - DAY) == []
    assert len(to_come(max_occurrences=90_000)) == 9


def test_schedule_every_second_is_counted_within_bounds() -> None:
    schedule = plan_of(*ALL, cron="* * * * * ?", max_occurrences=10**9)
    assert (schedule.state, schedule.next_run, bool(schedule.end_doubt)) == (ScheduleState.ACTIVE, None, True)
    ahead = plan_of(backup("x", 1), cron="* * * * * ?", max_occurrences=10_000, created=NOW - SECOND)
    assert ahead.next_run is not None
