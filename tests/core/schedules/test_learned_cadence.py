"""Cadences learned from backups that no schedule makes any more."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.analysis.assessment import Assessment, assess
from drtui.core.formatting.durations import DAY, HOUR
from drtui.core.model.site import Schedule, Store
from drtui.core.model.site_state import DeletedBackup, Fetched, SiteHistory
from drtui.core.schedules.schedule_runs import ScheduleRuns
from drtui.core.summary.headline import build_headline
from drtui.core.summary.health_check import Grade
from tests.conftest import NOW
from tests.core.points import STORE, assess_site, backup, check_all_but_age, site_of
from tests.core.schedules.test_missed_runs import MIDNIGHT, NIGHTLY, REFUSED, night, nights

BY_HAND = backup("by-hand", 1, schedule_type="MANUAL")
STOPPED = (*nights(*range(7, 20)), BY_HAND)
"""Backups of a schedule that stopped a week ago, and a manual one from an hour ago."""
WEEKLY = replace(NIGHTLY, id="t2", title="Weekly", prefix="weekly", cron="0 0 2 ? * 2")
DAILY = replace(NIGHTLY, id="t3", title="Daily", prefix="daily", created=NOW - 7 * DAY)
CLEANER = Schedule("c", "BackupRetentionCleaner", state="active", active=True)


def tasks(*schedules: Schedule) -> Fetched[tuple[Schedule, ...]]:
    return Fetched(NOW, schedules)


def assess_schedules(*backups: Any, schedules: Any = None, **changes: Any) -> Assessment:
    return assess_site(*backups, schedules=tasks() if schedules is None else schedules, **changes)


def orphans(status: Assessment) -> list[ScheduleRuns]:
    return [schedule for schedule in status.schedules if schedule.is_orphaned]


@pytest.mark.parametrize(
    "schedules",
    [
        tasks(),
        tasks(CLEANER),
        tasks(replace(NIGHTLY, task_type="CreateHealthCheckReports")),
        tasks(replace(NIGHTLY, task_type="")),
        tasks(replace(NIGHTLY, prefix="nightly2")),
        tasks(replace(NIGHTLY, prefix="nightly2", created=NOW - HOUR)),
        tasks(replace(NIGHTLY, prefix="Nightly")),
        tasks(replace(NIGHTLY, prefix="", title="", created=NOW)),
        tasks(replace(NIGHTLY, cron="every night")),
        tasks(replace(NIGHTLY, cron="", interval_seconds=86_400)),
        tasks(replace(NIGHTLY, cron="", interval_seconds=None)),
        tasks(replace(NIGHTLY, created=NOW - HOUR)),
        tasks(replace(NIGHTLY, updated=NOW - HOUR, cron="0 0 3 * * ?")),
        tasks(replace(NIGHTLY, ends=NOW - 7 * DAY)),
        tasks(replace(NIGHTLY, starts=NOW + DAY)),
        tasks(replace(NIGHTLY, state="paused", active=False)),
        tasks(replace(NIGHTLY, store="offsite")),
        tasks(NIGHTLY),
        REFUSED,
    ],
)
def test_check_warns_when_cadence_stopped_for_any_tasks(schedules: Any) -> None:
    assessment = assess_schedules(*STOPPED, schedules=schedules)
    assert check_all_but_age(assessment).grade is Grade.WARNING
    assert {finding.code for finding in check_all_but_age(assessment).findings} > {"fresh"}


def test_reason_is_no_schedule_when_tasks_were_read() -> None:
    assessment = assess_schedules(*STOPPED)
    (schedule,) = assessment.schedules
    assert (
        schedule.is_orphaned,
        schedule.task,
        assessment.missed_count,
        assessment.failed_count,
        assessment.unknown_runs_reason,
    ) == (
        True,
        None,
        7,
        0,
        "",
    )
    text = "schedule nightly no longer exists: 7 runs missed since 2026-09-15 02:00 UTC (inferred from backup names)"
    assert text in [finding.text for finding in check_all_but_age(assessment).findings if finding.code == "no-schedule"]
    sentences = [(sentence.text, sentence.tone) for sentence in build_headline(assessment)]
    assert any(
        'Schedule "nightly" no longer exists: 7 runs missed (inferred from backup names)' in text
        for text, _ in sentences
    )


def test_reason_names_cause_when_run_times_are_unreadable() -> None:
    assessment = assess_schedules(*STOPPED, schedules=tasks(replace(NIGHTLY, cron="every night")))
    (schedule,) = assessment.schedules
    assert (schedule.is_orphaned, schedule.title, assessment.missed_count) == (False, "Nightly", 7)
    expected = "Last 7 runs of Nightly MISSED (inferred from backup names: unreadable cron expression: 2 fields"
    assert any(expected in sentence.text for sentence in build_headline(assessment))
    assert assessment.unknown_runs_reason.startswith("runs of Nightly: unreadable cron expression")


@pytest.mark.parametrize(
    ("backups", "schedules", "grade"),
    [
        (nights(*range(9)), tasks(), Grade.WARNING),  # deleted today: nothing was missed yet, and nothing will come
        (nights(*range(9)), tasks(WEEKLY), Grade.OK),  # the store has another schedule
        (nights(*range(9)), tasks(replace(WEEKLY, store="offsite")), Grade.WARNING),
        (nights(*range(9)), tasks(replace(WEEKLY, store="")), Grade.OK),
        (nights(*range(9)), tasks(replace(WEEKLY, state="paused", active=False, created=NOW)), Grade.WARNING),
        (nights(5, 0), tasks(), Grade.WARNING),  # too few to teach a cadence, and nothing makes more of them
        (nights(5, 0), tasks(WEEKLY), Grade.OK),  # a trial
        (nights(*range(7, 10)), tasks(WEEKLY), Grade.WARNING),  # the weekly one makes no nightly ones
        (nights(*range(31, 45)), tasks(), Grade.OK),  # given up
        ((), tasks(), Grade.OK),  # backups are made by hand here
    ],
)
def test_orphaned_cadence_is_reported_as_long_as_it_is_expected(backups: Any, schedules: Any, grade: Grade) -> None:
    has_weekly = any(task.prefix == "weekly" for task in schedules.value or ())
    weekly = tuple(night(days, prefix="weekly") for days in (14, 7, 0)) if has_weekly else ()
    assert check_all_but_age(assess_schedules(*backups, *weekly, BY_HAND, schedules=schedules)).grade is grade


@pytest.mark.parametrize(
    ("days", "taken_over"),
    [((6, 5, 4, 3, 2, 1, 0), True), ((1, 0), False), ((6, 4, 2, 0), False), ((8, 6, 5, 4, 3, 2, 1, 0), False)],
)
def test_renamed_schedule_is_no_longer_missed_when_as_many_backups_of_its_new_name_are_complete(
    days: tuple[int, ...], taken_over: bool
) -> None:
    """The other family began before this one stopped, so it is no successor."""
    backups = (*nights(*range(7, 20)), *(night(day, prefix="daily") for day in days))
    for schedules in (tasks(DAILY), REFUSED):
        status = assess(site_of(*backups, schedules=schedules), NOW, DAY)
        assert ("nightly" not in {schedule.prefix for schedule in status.schedules}) is taken_over


def test_renamed_schedule_is_missed_when_its_new_backups_fail_or_go_elsewhere() -> None:
    old = nights(*range(7, 20))
    elsewhere: tuple[dict[str, Any], ...] = ({"status": "failed"}, {"store": "offsite"})
    for changes in elsewhere:
        backups = (*old, *(night(day, prefix="daily", **changes) for day in range(7)))
        status = assess(site_of(*backups, schedules=tasks(DAILY)), NOW, DAY)
        assert [schedule.prefix for schedule in orphans(status)] == ["nightly"]


def test_schedule_in_one_store_does_not_hide_that_another_of_its_name_stopped() -> None:
    backups = {
        "vault": Fetched(NOW, nights(*range(20))),
        "offsite": Fetched(NOW, tuple(night(day, store="offsite") for day in range(5, 20))),
    }
    state = site_of(stores=Fetched(NOW, (STORE, Store("offsite"))), backups=backups, schedules=tasks(NIGHTLY))
    checked = assess(state, NOW, DAY).schedules
    assert [(schedule.store, schedule.is_orphaned, len(schedule.missed_runs)) for schedule in checked] == [
        ("vault", False, 0),
        ("offsite", True, 5),
    ]
    elsewhere = replace(state, schedules=tasks(replace(NIGHTLY, store="third")))
    assert [schedule.is_orphaned for schedule in assess(elsewhere, NOW, DAY).schedules] == [False]


def test_orphaned_cadence_is_reported_when_backups_were_cleaned_up() -> None:
    deletions = tuple(
        DeletedBackup(backup, (backup.start or 0) + 6 * DAY, (backup.start or 0) + 7 * DAY)
        for backup in nights(*range(8, 20))
    )
    assessment = assess_schedules(BY_HAND, history=SiteHistory(deletions, ()))
    assert (check_all_but_age(assessment).grade, assessment.missed_count) == (Grade.WARNING, 8)


def test_nothing_is_learned_when_tasks_have_not_arrived() -> None:
    waiting = site_of(*STOPPED, schedules=None, is_complete=False)
    assert assess(waiting, NOW, DAY).schedules == ()


def test_learned_runs_end_with_creation_when_task_is_new() -> None:
    """Runs before the creation of the task were missed; the task has not been due since."""
    backups = site_of(
        *nights(*range(4, 20)), schedules=tasks(replace(NIGHTLY, created=MIDNIGHT - DAY, cron="0 0 2 1 * ?"))
    )
    (schedule,) = assess(backups, NOW, DAY).schedules
    assert [run.at for run in schedule.missed_runs] == [(night(day).start or 0) for day in (3, 2)]
    assert schedule.learned_because == "no run due since it was created or changed"
    fine = site_of(*nights(*range(20)), schedules=tasks(replace(NIGHTLY, created=NOW - HOUR)))
    assert assess(fine, NOW, DAY).schedules[0].streak == ()


def test_schedule_is_not_called_deleted_when_tasks_are_incomplete() -> None:
    """The task may be in the part that could not be read; its runs are still missed."""
    some = replace(tasks(WEEKLY), incomplete_reason="the site says there are 2, and lists 1")
    assessment = assess_schedules(*STOPPED, *(night(days, prefix="weekly") for days in (14, 7, 0)), schedules=some)
    assert orphans(assessment) == []
    assert (check_all_but_age(assessment).grade, assessment.missed_count) == (Grade.UNKNOWN, 7)
    sentences = [sentence.text for sentence in build_headline(assessment)]
    assert any("(inferred from backup names: schedules only partly readable)" in sentence for sentence in sentences)
    assert assessment.unknown_runs_reason.startswith("schedules could not be read: the site says there are 2")


def test_no_run_is_missed_when_list_of_backups_is_incomplete() -> None:
    lists = {"vault": Fetched(NOW, STOPPED, incomplete_reason="there is more")}
    assessment = assess_schedules(backups=lists, schedules=tasks(NIGHTLY))
    assert (assessment.schedules[0].unknown_reason, assessment.missed_count) == (
        "backups of its store not read",
        None,
    )
    aged = assess_schedules(
        backups={"vault": Fetched(NOW, nights(*range(2, 9)), cache_age=2 * DAY)}, schedules=tasks(NIGHTLY)
    )
    assert aged.missed_count == 0


TASK_CHANGES: tuple[dict[str, Any], ...] = (
    {},
    {"cron": "every night"},
    {"cron": "0 0 3 * * ?"},
    {"cron": "", "interval_seconds": 86_400, "last_start": NOW - 2 * DAY},
    {"created": NOW - HOUR},
    {"updated": NOW - 2 * DAY},
    {"ends": NOW - 2 * DAY},
    {"ends": NOW + HOUR},
    {"starts": NOW + 2 * DAY},
    {"state": "paused", "active": False},
    {"store": "offsite"},
    {"prefix": "other"},
    {"prefix": ""},
    {"task_type": "CreateHealthCheckReports"},
    {"max_occurrences": 5},
    {"max_occurrences": 20},
    {"retention_offset": 3 * DAY},
    {"unread_limits": ('endDate "soon"',)},
)
"""Changes of a nightly task that do not reduce its runs."""


@given(
    st.lists(st.integers(0, 25), max_size=25, unique=True),
    st.sets(st.integers(0, 4)),
    st.sampled_from(TASK_CHANGES),
    st.sampled_from([(), (WEEKLY,)]),
)
def test_check_is_not_better_when_tasks_are_readable(
    days: list[int], failed: set[int], changes: dict[str, Any], other_tasks: tuple[Schedule, ...]
) -> None:
    broken: dict[str, Any] = {"status": "failed"}
    backups = [night(day, **(broken if day in failed else {})) for day in days]
    unread = check_all_but_age(assess_schedules(*backups, BY_HAND, schedules=REFUSED))
    for schedules in (tasks(), tasks(*other_tasks), tasks(replace(NIGHTLY, **changes), *other_tasks)):
        assert check_all_but_age(assess_schedules(*backups, BY_HAND, schedules=schedules)).grade >= unread.grade
