"""Missed runs of schedules."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.analysis.assessment import Assessment, assess
from drtui.core.formatting.durations import DAY, HOUR, MINUTE, SECOND
from drtui.core.formatting.times import LAST, UTC, format_minutes, to_zone
from drtui.core.model.backup import Backup
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import Schedule, Store
from drtui.core.model.site_state import Fetched
from drtui.core.schedules.learned_cadence import MAX_RUNS
from drtui.core.schedules.missed_runs import schedule_state
from drtui.core.schedules.schedule_runs import ScheduleRuns, ScheduleState
from tests.conftest import NOW
from tests.core.points import STORE, backup, site_of

MIDNIGHT = NOW // DAY * DAY
"""Midnight, 14 hours before now."""
REFUSED: Fetched[Any] = Fetched(NOW, failure=Failure(FailureKind.REFUSED, "403", "may not read the tasks"))
NIGHTLY = Schedule(
    "t1", "CreateBackup", "Nightly", "nightly", "vault", "active", active=True, cron="0 0 2 * * ?",
    created=NOW - 60 * DAY, retention_offset=30 * DAY,
)  # fmt: skip


def night(days_ago: int, *, late: int = 42 * SECOND, prefix: str = "nightly", **changes: Any) -> Backup:
    """Return the backup of the run at 02:00, a number of days before today."""
    started = MIDNIGHT - days_ago * DAY + 2 * HOUR + late
    name = f"{prefix}-{to_zone(started, UTC):%Y-%m-%d-%H-%M-%S}"
    return backup(name, (NOW - started) / HOUR, **{"end": started + 10 * MINUTE, **changes})


def nights(*days_ago: int) -> tuple[Backup, ...]:
    return tuple(night(days) for days in days_ago)


def of(*backups: Backup, schedules: Any = (NIGHTLY,), now: int = NOW, target: int = DAY) -> Assessment:
    answer = schedules if isinstance(schedules, Fetched) else Fetched(NOW, schedules)
    state = site_of(*backups, schedules=answer)
    return assess(state, now, target)


def missed(status: Assessment) -> list[str]:
    return [format_minutes(run.at, UTC)[5:10] for _, run in status.missed_runs]


def only(status: Assessment) -> ScheduleRuns:
    (schedule,) = status.schedules
    return schedule


def test_runs_have_their_backups() -> None:
    status = of(*nights(*range(10)))
    assert missed(status) == []
    assert [run.backup is not None for run in only(status).runs] == [True] * 10
    assert format_minutes(only(status).next_run, UTC) == "2026-09-22 02:00"
    assert (only(status).learned_because, only(status).is_overdue, [w.days for w in status.gaps.worst]) == (
        "",
        False,
        [7, 30, 90],
    )
    schedule = only(status)
    assert (schedule.store, schedule.title, schedule.unknown_reason, schedule.task) == ("vault", "Nightly", "", NIGHTLY)
    assert schedule.state is ScheduleState.ACTIVE


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [((), 30), ((10,), 40), ((10, 60), 40), ((10,) * 9 + (99,), 40), ((10,) * 8 + (99, 99), 129), ((3000,), 1440)],
)
def test_r52_tolerance_is_longest_usual_duration_plus_half_an_hour(minutes: tuple[int, ...], expected: int) -> None:
    backups = [night(number, end=night(number).start + minute * MINUTE) for number, minute in enumerate(minutes)]  # type: ignore[operator]
    assert only(of(*backups)).tolerance == expected * MINUTE


@pytest.mark.parametrize(("names", "expected"), [(("Title", "p"), "Title"), (("", "p"), "p"), (("", ""), "t1")])
def test_title_is_prefix_or_id_when_task_has_no_title(names: tuple[str, str], expected: str) -> None:
    assert only(of(schedules=(replace(NIGHTLY, title=names[0], prefix=names[1]),))).title == expected


def test_run_is_missed_when_it_has_no_backup() -> None:
    status = of(*nights(5, 4, 2, 0))
    assert missed(status) == ["09-20", "09-18"]
    assert not only(status).is_overdue


def test_run_is_not_missed_when_backup_failed() -> None:
    assert missed(of(night(2), night(1, status="failed"), night(0))) == []


@pytest.mark.parametrize(
    ("minutes_after", "expected"),
    [(39, []), (41, ["09-21"])],
)
def test_r52_run_is_missed_only_after_the_tolerance(minutes_after: int, expected: list[str]) -> None:
    """The backups took 10 minutes, so a run is missed 40 minutes after 02:00."""
    now = MIDNIGHT + 2 * HOUR + minutes_after * MINUTE
    assert missed(of(*nights(3, 2, 1), now=now)) == expected


@pytest.mark.parametrize(("late", "expected"), [(-59, []), (-61, ["09-20"]), (46, []), (2400, []), (2401, ["09-20"])])
def test_r52_backup_belongs_to_run_when_started_within_tolerance(late: int, expected: list[str]) -> None:
    """Parameters are seconds after 02:00 at which the backup of yesterday started; each took 10 minutes."""
    assert missed(of(night(2), night(1, late=late * SECOND), night(0))) == expected


def test_r51_run_is_missed_when_backup_has_another_prefix() -> None:
    assert missed(of(night(2), night(1, prefix="weekly"), night(0))) == ["09-20"]


def test_manual_backup_closes_gap_but_run_stays_missed() -> None:
    by_hand = backup("by-hand", 2, schedule_type="MANUAL")
    status = of(*nights(*range(9, 30)), by_hand)
    assert len(status.missed_runs) == 9
    assert [gap.is_open for gap in status.gaps.over_target] == [False]
    assert only(status).is_overdue


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["09-20", "09-19", "09-18"]),
        ({"created": MIDNIGHT - 2 * DAY}, ["09-20", "09-19"]),
        ({"retention_offset": 37 * HOUR}, ["09-20"]),
        ({"created": None}, ["09-20", "09-19", "09-18"]),
        ({"retention_offset": 0}, ["09-20", "09-19", "09-18"]),
        ({"retention_offset": -1}, ["09-20", "09-19", "09-18"]),
    ],
)
def test_no_run_is_missed_before_creation_or_after_clean_up(changes: dict[str, Any], expected: list[str]) -> None:
    assert missed(of(*nights(4, 0), schedules=(replace(NIGHTLY, **changes),))) == expected


def test_all_runs_are_missed_when_schedule_never_ran() -> None:
    assert missed(of(schedules=(replace(NIGHTLY, created=MIDNIGHT - 2 * DAY),))) == ["09-21", "09-20", "09-19"]
    assert missed(of(schedules=(replace(NIGHTLY, created=None),))) == []
    for_ever = replace(NIGHTLY, created=NOW - 400 * DAY, retention_offset=None)
    assert len(of(schedules=(for_ever,)).missed_runs) == 90  # days, and no more are looked at


def test_backup_without_start_is_ignored_by_runs() -> None:
    undated = night(9, start=None)
    assert missed(of(undated, *nights(4, 0), schedules=(replace(NIGHTLY, created=None),))) == [
        "09-20",
        "09-19",
        "09-18",
    ]


@pytest.mark.parametrize(("target", "count"), [(DAY, 0), (DAY - 1, 1)])
def test_r52_gap_is_reported_when_it_exceeds_target_by_half_an_hour(target: int, count: int) -> None:
    assert len(of(backup("a", 30), backup("b", 5.5), target=target).gaps.over_target) == count


@pytest.mark.parametrize(
    ("state", "active", "expected"),
    [
        ("active", True, ScheduleState.ACTIVE),
        ("ACTIVE", None, ScheduleState.ACTIVE),
        ("", True, ScheduleState.ACTIVE),
        ("paused", False, ScheduleState.PAUSED),
        ("paused", None, ScheduleState.PAUSED),
        ("inactive", False, ScheduleState.PAUSED),
        ("", False, ScheduleState.PAUSED),
        ("active", False, ScheduleState.DISAGREES),
        ("paused", True, ScheduleState.DISAGREES),
        ("", None, ScheduleState.UNKNOWN),
        ("resting", True, ScheduleState.UNKNOWN),
    ],
)
def test_r54_schedule_state_returns_expected_state(state: str, active: bool | None, expected: ScheduleState) -> None:
    assert schedule_state(replace(NIGHTLY, state=state, active=active)) is expected


def test_r54_paused_schedule_has_no_next_run_and_still_misses_runs() -> None:
    status = of(*nights(*range(9, 20)), schedules=(replace(NIGHTLY, state="paused", active=False),))
    assert (only(status).next_run, len(status.missed_runs)) == (None, 9)


def test_r55_cadence_is_learned_from_names_when_tasks_are_unreadable() -> None:
    status = of(*nights(*range(9, 30)), backup("by-hand", 2, schedule_type="MANUAL"), schedules=REFUSED)
    assert only(status).learned_because
    assert (only(status).prefix, only(status).task, only(status).next_run) == ("nightly", None, None)
    assert missed(status) == [f"09-{day}" for day in range(21, 12, -1)]


@pytest.mark.parametrize(
    ("backups", "expected"),
    [
        (nights(6, 5, 4, 2, 1, 0), ["09-18"]),
        (nights(1, 0), None),
        (nights(*(day for day in range(40) if (MIDNIGHT // DAY - day + 3) % 7 < 5)), []),  # working days only
        (nights(*range(45, 60)), []),  # given up
        (nights(0, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14), []),  # two weeks of working days
        (nights(0, 3, 4, 5, 6, 7, 10, 11, 12, 13), ["09-20", "09-19", "09-13", "09-12"]),  # less than two weeks
        (nights(0, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 17), ["09-20"]),  # last Sunday it ran
        (nights(0, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15), ["09-20", "09-13"]),  # so it did on the first day of all
        (
            (*nights(0, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 17), night(8, late=144 * MINUTE + 42 * SECOND)),
            ["09-20"],
        ),  # at about that hour
        (nights(-3, 3, 4, 5), ["09-21", "09-20", "09-19"]),  # one from the future
        (nights(*range(89), *range(100, 130)), ["06-24"]),  # ninety days, and no more are looked at
        (tuple(night(0, late=hours * HOUR) for hours in (0, 1, 50, 60, 200)), []),  # no rhythm
    ],
)
def test_learned_runs_have_expected_missed_runs(backups: tuple[Backup, ...], expected: list[str] | None) -> None:
    status = of(*backups, schedules=REFUSED)
    assert (missed(status) if status.schedules else None) == expected


@pytest.mark.parametrize("backups", [{}, {"vault": REFUSED}])
def test_r11_no_run_is_missed_when_list_is_unknown(backups: dict[str, Any]) -> None:
    state = site_of(schedules=Fetched(NOW, (NIGHTLY,)), backups=backups)
    schedule = only(assess(state, NOW, DAY))
    assert (schedule.runs, schedule.unknown_reason) == ((), "backups of its store not read")


def test_nothing_is_learned_while_tasks_may_still_arrive() -> None:
    waiting = site_of(*nights(*range(9, 30)), schedules=None, is_complete=False)
    assert assess(waiting, NOW, DAY).schedules == ()
    assert only(assess(replace(waiting, is_complete=True), NOW, DAY)).learned_because
    assert only(assess(replace(waiting, schedules=REFUSED), NOW, DAY)).learned_because
    assert assess(replace(waiting, schedules=Fetched(NOW, (NIGHTLY,))), NOW, DAY).schedules


def test_r55_nothing_is_learned_when_there_are_no_backups() -> None:
    assert of(schedules=REFUSED).schedules == ()


@pytest.mark.parametrize(("minutes_after", "expected"), [(39, []), (41, ["09-21"])])
def test_r52_learned_schedule_has_the_usual_tolerance(minutes_after: int, expected: list[str]) -> None:
    now = MIDNIGHT + 2 * HOUR + 42 * SECOND + minutes_after * MINUTE
    assert missed(of(*nights(3, 2, 1), schedules=REFUSED, now=now)) == expected


def test_r52_learned_schedule_has_no_run_for_a_running_backup() -> None:
    backups = (*nights(3, 2, 1), night(0, status="in_progress", end=None))
    over = (backups[-1].start or 0) + 40 * MINUTE
    assert [len(only(of(*backups, schedules=REFUSED, now=now)).runs) for now in (over - 1, over)] == [3, 4]


def test_learned_schedule_is_given_up_after_a_month_and_a_period() -> None:
    backups = nights(2, 1, 0)
    end = (backups[-1].start or 0) + 31 * DAY
    assert [bool(only(of(*backups, schedules=REFUSED, now=now)).unknown_reason) for now in (end, end + 1)] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        (range(30, 40), ""),
        (range(31, 40), "no recent backup: may be abandoned"),
        ((0, 7, 8, 20, 50, 51), "backups too irregular to infer due times"),
    ],
)
def test_learned_schedule_has_reason_when_cadence_is_unknown(days: Any, reason: str) -> None:
    schedule = only(of(*nights(*days), schedules=REFUSED))
    assert (schedule.unknown_reason, schedule.store, schedule.title, schedule.state) == (
        reason,
        "vault",
        "nightly",
        ScheduleState.UNKNOWN,
    )
    assert schedule.tolerance == 40 * MINUTE


@pytest.mark.parametrize(
    ("minutes", "regular"),
    [
        ((60, 66, 54, 60, 60), True),
        ((60, 60, 60, 90, 30), True),
        ((60, 80, 30, 60, 10, 99), False),
        ((0, 0, 0), False),
        ((1, 1, 1), True),
        ((54, 60, 200), True),
        ((10, 60, 60, 200), True),
    ],
)
def test_cadence_is_regular_when_most_steps_are_within_a_tenth(minutes: tuple[int, ...], regular: bool) -> None:
    moments = [sum(minutes[:number]) for number in range(len(minutes) + 1)]
    backups = [night(1, late=moment * MINUTE) for moment in moments]
    assert (only(of(*backups, schedules=REFUSED)).unknown_reason == "") is regular


def test_learned_schedule_has_runs_with_backups() -> None:
    schedule = only(of(*nights(3, 2, 1), schedules=REFUSED))
    assert [(run.at, run.backup) for run in schedule.runs[:3]] == [(backup.start, backup) for backup in nights(3, 2, 1)]


def test_learned_schedule_has_latest_store_when_it_moved() -> None:
    moved = (*nights(4, 3), night(2, store="vault"), night(1, store="other"))
    assert only(of(*moved, schedules=REFUSED)).store == "other"


def test_cadence_is_learned_from_three_backups_and_not_from_two() -> None:
    assert [len(of(*nights(*range(number)), schedules=REFUSED).schedules) for number in (2, 3)] == [0, 1]


def test_runs_are_known_when_another_store_is_unreadable() -> None:
    state = site_of(schedules=Fetched(NOW, (NIGHTLY,)), backups={"vault": Fetched(NOW, nights(2, 0)), "other": REFUSED})
    unread = replace(state, stores=Fetched(NOW, (STORE, Store("other"))))
    assert [missed(assess(current, NOW, DAY)) for current in (state, unread)] == [
        ["09-20"],
        ["09-20"],
    ]


@pytest.mark.parametrize(
    ("changes", "runs", "following"),
    [
        ({"last_start": None}, 0, None),
        ({"interval_seconds": 0}, 0, None),
        ({"created": None, "prefix": "none"}, 0, "2026-09-22 02:00"),
        ({"created": NOW - HOUR}, 0, "2026-09-22 02:00"),
        ({"interval_seconds": 43_200}, 4, "2026-09-22 02:00"),
        ({"interval_seconds": 3_600}, 49, "2026-09-21 15:00"),
    ],
)
def test_interval_runs_are_missed_as_expected(changes: dict[str, Any], runs: int, following: str | None) -> None:
    every = replace(
        NIGHTLY,
        cron="",
        interval_seconds=86_400,
        last_start=MIDNIGHT + 2 * HOUR,
        created=MIDNIGHT - 2 * DAY + 13 * HOUR,
    )
    schedule = only(of(schedules=(replace(every, **changes),)))
    assert len(schedule.runs) == runs
    assert (schedule.next_run and format_minutes(schedule.next_run, UTC)) == following


def test_r54_next_run_is_none_when_either_state_is_paused() -> None:
    for state, active in (("active", False), ("paused", True), ("inactive", None), ("resting", False)):
        assert only(of(night(0), schedules=(replace(NIGHTLY, state=state, active=active),))).next_run is None
    assert only(of(night(0), schedules=(replace(NIGHTLY, state="resting", active=True),))).next_run is not None


def test_no_run_is_due_before_start_date() -> None:
    assert missed(of(schedules=(replace(NIGHTLY, starts=MIDNIGHT - DAY),))) == ["09-21", "09-20"]
    later = only(of(schedules=(replace(NIGHTLY, starts=MIDNIGHT + 10 * DAY + 2 * HOUR),)))
    assert (later.runs, format_minutes(later.next_run, UTC)) == ((), "2026-10-01 02:00")


def test_runs_since_last_start_are_missed_when_all_backups_were_cleaned_up() -> None:
    """Retention is a week and the pause began nine nights ago: only a manual backup exists."""
    last = night(9).start
    paused = replace(NIGHTLY, state="paused", active=False, retention_offset=7 * DAY, last_start=last)
    by_hand = backup("by-hand", 2, schedule_type="MANUAL")
    assert len(of(by_hand, schedules=(paused,)).missed_runs) == 9
    assert len(of(by_hand, schedules=(replace(paused, last_start=None),)).missed_runs) == 7
    assert len(of(by_hand, schedules=(replace(paused, last_start=night(0).start),)).missed_runs) == 7


@pytest.mark.parametrize(
    ("backups", "edited_days_ago", "expected"),
    [
        ((28, 21, 14, 7), 2, 2),  # it was weekly, and is nightly
        (range(10, 30), 5, 10),  # it ran every night up to the tenth: editing it excuses nothing
        ((20, 18, 16), 1, 16 + 2),  # every other one was missed
        ((20, 17), 1, 1),  # who knows what it was
        ((20,), 1, 1),  # likewise
        ((20, 19), 1, 19),  # nightly, as far as anybody can say
        ((), 5, 30),  # it never ran
        ((1, 0), 2, 0),  # nothing from before
    ],
)
def test_run_before_an_edit_is_missed_only_when_it_was_due_then(
    backups: Any, edited_days_ago: int, expected: int
) -> None:
    edited = replace(NIGHTLY, updated=MIDNIGHT - (edited_days_ago - 1) * DAY)
    assert len(of(*nights(*backups), schedules=(edited,)).missed_runs) == expected


def test_r51_schedules_with_one_prefix_are_separated_by_store() -> None:
    both = (NIGHTLY, replace(NIGHTLY, id="t2", store="offsite"))
    backups = (*nights(*range(10)), *(night(day, store="offsite") for day in range(4, 10)))
    state = site_of(*backups, schedules=Fetched(NOW, both), backups={
        "vault": Fetched(NOW, backups[:10]), "offsite": Fetched(NOW, backups[10:])
    })  # fmt: skip
    for current in (state, replace(state, schedules=REFUSED)):
        by_store = {schedule.store: schedule for schedule in assess(current, NOW, DAY).schedules}
        assert {store: len(schedule.missed_runs) for store, schedule in by_store.items()} == {"vault": 0, "offsite": 4}


def test_schedule_has_backups_in_both_stores_when_it_moved() -> None:
    backups = (*(night(day, store="old") for day in (4, 3)), *nights(1, 0))
    assert missed(of(*backups)) == ["09-19"]
    assert missed(of(*backups, schedules=REFUSED)) == ["09-19"]


def test_r52_backup_belongs_to_latest_run_when_that_is_not_over() -> None:
    """Runs every 15 minutes with a tolerance of 35 minutes: at 02:45 the run of 02:00 was missed."""
    quarterly = replace(NIGHTLY, cron="0 0/15 * * * ?", created=MIDNIGHT + HOUR)
    backups = [
        night(0, late=minutes * MINUTE, end=MIDNIGHT + 2 * HOUR + (minutes + 5) * MINUTE)
        for minutes in range(-60, 45, 15)
        if minutes
    ]
    now = MIDNIGHT + 2 * HOUR + 45 * MINUTE
    status = of(*backups, schedules=(quarterly,), now=now)
    assert [format_minutes(run.at, UTC)[11:] for _, run in status.missed_runs] == ["02:00"]


def test_schedule_is_not_overdue_when_it_has_no_prefix() -> None:
    schedule = only(of(*nights(1, 0), schedules=(replace(NIGHTLY, prefix=""),)))
    assert (schedule.runs, schedule.unknown_reason) == ((), "prefix of its backup names unknown")
    assert format_minutes(schedule.next_run, UTC) == "2026-09-22 02:00"


@pytest.mark.parametrize("schedules", [(NIGHTLY,), REFUSED])
def test_no_run_is_missed_after_the_time_of_the_list(schedules: Any) -> None:
    """The list is from yesterday noon, so the run of last night is unknown."""
    answer = schedules if isinstance(schedules, Fetched) else Fetched(NOW, schedules)
    old = Fetched(MIDNIGHT - 12 * HOUR, nights(5, 4, 3, 1))
    state = site_of(schedules=answer, backups={"vault": old})
    assert missed(assess(state, NOW, DAY)) == ["09-19"]
    fresh = replace(state, backups={"vault": replace(old, at=NOW)})
    assert missed(assess(fresh, NOW, DAY)) == ["09-21", "09-19"]


def test_runs_are_known_when_another_store_was_listed_earlier() -> None:
    lists = {"vault": Fetched(NOW, nights(4, 3, 2, 1)), "other": Fetched(NOW - 9 * DAY, ())}
    for schedules in (Fetched(NOW, (NIGHTLY,)), REFUSED):
        state = site_of(schedules=schedules, backups=lists)
        assert missed(assess(state, NOW, DAY)) == ["09-21"]


def test_runs_are_known_until_oldest_list_when_schedule_names_no_store() -> None:
    state = site_of(*nights(3, 1), schedules=Fetched(NOW, (replace(NIGHTLY, store=""),)))
    assert missed(assess(state, NOW, DAY)) == ["09-21", "09-19"]
    broken = replace(state, backups={**state.backups, "vault": REFUSED})
    assert only(assess(broken, NOW, DAY)).unknown_reason == "backups of its store not read"


def test_learned_runs_go_back_ninety_days() -> None:
    every_other_week = [night(days) for days in (98, 97, 96, 95, 94, 3, 2, 1, 0)]
    status = of(*every_other_week, schedules=REFUSED)
    assert [format_minutes(run.at, UTC)[:10] for run in only(status).runs[:2]] == ["2026-06-24", "2026-06-25"]


@pytest.mark.parametrize(("cron", "cut"), [("* * * * * ?", True), ("0/17 * * * * ?", True), ("0 0 2 * * ?", False)])
def test_schedule_is_truncated_when_it_has_too_many_runs(cron: str, cut: bool) -> None:
    schedule = only(of(*nights(30, 0), schedules=(replace(NIGHTLY, cron=cron),)))
    assert schedule.is_truncated is cut
    assert (len(schedule.runs) == MAX_RUNS) is cut


def test_learned_schedule_has_newest_runs_when_very_many_were_missed() -> None:
    backups = [night(20, late=minute * MINUTE) for minute in range(10)]
    schedule = only(of(*backups, schedules=REFUSED))
    assert (len(schedule.runs), schedule.is_truncated, schedule.is_overdue) == (MAX_RUNS, True, True)
    assert NOW - schedule.tolerance - schedule.runs[-1].at < MINUTE


@pytest.mark.parametrize("seconds", [None, 0, -5])
def test_schedule_has_reason_when_it_has_no_cron_and_no_interval(seconds: int | None) -> None:
    schedule = only(of(night(0), schedules=(replace(NIGHTLY, cron="", interval_seconds=seconds, last_start=NOW),)))
    assert schedule.unknown_reason == "no cron expression and no interval"


def test_schedule_has_reason_when_interval_has_no_last_start() -> None:
    schedule = only(of(night(0), schedules=(replace(NIGHTLY, cron="", interval_seconds=3_600),)))
    assert schedule.unknown_reason == "it runs at an interval, but its last start is unknown"


def test_nothing_is_learned_when_backups_are_manual() -> None:
    by_hand = tuple(night(days, schedule_type="MANUAL") for days in range(9))
    assert of(*by_hand, schedules=REFUSED).schedules == ()


@pytest.mark.parametrize(
    ("cron", "words"),
    [("every night", "unreadable cron expression"), ("0 0 2 * *", "5 fields"), ("", "no cron")],
)
def test_schedule_has_reason_when_cron_is_unreadable(cron: str, words: str) -> None:
    schedule = only(of(*nights(3, 0), schedules=(replace(NIGHTLY, cron=cron),)))
    assert words in schedule.unknown_reason
    assert (schedule.missed_runs, schedule.next_run, schedule.is_overdue) == ((), None, False)


def test_interval_counts_from_last_start() -> None:
    every = replace(NIGHTLY, cron="", interval_seconds=86_400, last_start=MIDNIGHT + 2 * HOUR)
    status = of(*nights(3, 2, 0), schedules=(every,))
    assert (missed(status), only(status).unknown_reason) == (["09-20"], "")
    assert format_minutes(only(status).next_run, UTC) == "2026-09-22 02:00"


def test_schedule_every_second_is_fast() -> None:
    schedule = only(of(*nights(3, 2, 0), schedules=(replace(NIGHTLY, cron="* * * * * ?"),)))
    assert len(schedule.runs) == MAX_RUNS


def test_r45_cleaner_is_paused_only_when_every_cleaner_is() -> None:
    cleaner = Schedule("c", "BackupRetentionCleaner", state="paused", active=False)
    assert of(schedules=(NIGHTLY, cleaner)).is_cleaner_paused
    assert only(of(schedules=(NIGHTLY, cleaner))).task == NIGHTLY
    assert not of(schedules=(cleaner, replace(cleaner, state="active", active=True))).is_cleaner_paused
    assert not of(schedules=(NIGHTLY, replace(cleaner, state="active", active=True))).is_cleaner_paused
    assert not of(schedules=(NIGHTLY,)).is_cleaner_paused
    assert not of(schedules=REFUSED).is_cleaner_paused


def test_missed_runs_belong_to_their_schedules() -> None:
    weekly = replace(NIGHTLY, id="t2", prefix="weekly", cron="0 0 2 ? * 2")
    mondays = tuple(night(days, prefix="weekly") for days in (14, 0))
    assert [
        (schedule.prefix, run.at)
        for schedule, run in of(*nights(1, 0), *mondays, schedules=(NIGHTLY, weekly)).missed_runs
    ] == [("weekly", MIDNIGHT - 7 * DAY + 2 * HOUR)]


MOMENTS = st.one_of(st.none(), st.integers(-(10**14), 10**15), st.integers(LAST - 40 * DAY, LAST))
ODD = st.builds(
    replace, st.just(backup("nightly-2026-09-20-02-00-09", 1)), start=MOMENTS, end=MOMENTS,
    name=st.sampled_from(["nightly-2026-09-20-02-00-09", "x", "nightly-0000-00-00-00-00-00", ""]),
)  # fmt: skip
TASKS = st.builds(
    replace, st.just(NIGHTLY), created=MOMENTS, last_start=MOMENTS, retention_offset=MOMENTS, starts=MOMENTS,
    updated=MOMENTS, ends=MOMENTS, max_occurrences=st.one_of(st.none(), st.integers(1, 10**9)),
    unread_limits=st.sampled_from([(), ('endDate "soon"',)]), prefix=st.sampled_from(["nightly", "", "x"]),
    interval_seconds=MOMENTS, cron=st.sampled_from(["", "0 0 2 * * ?", "x", "0 0 0 30 2 ?", "0 0 0 1 1 ?"]),
)  # fmt: skip


@given(st.lists(ODD, max_size=5), st.one_of(st.just(REFUSED), st.lists(TASKS, max_size=2).map(tuple)))
def test_check_schedules_never_fails_and_misses_no_run_too_early(backups: list[Backup], tasks: Any) -> None:
    for schedule, run in of(*backups, schedules=tasks).missed_runs:
        assert run.at + schedule.tolerance <= NOW


@given(st.lists(st.integers(0, 40), max_size=8), st.floats(0, 900))
def test_schedules_stay_when_manual_backup_is_added(days: list[int], hours: float) -> None:
    backups = nights(*days)
    for schedules in ((NIGHTLY,), REFUSED):
        by_hand = backup("nightly-2026-09-20-02-00-09", hours, schedule_type="MANUAL")
        assert of(*backups, by_hand, schedules=schedules).schedules == of(*backups, schedules=schedules).schedules


def test_schedules_do_not_depend_on_the_order_of_backups() -> None:
    backups = nights(3, 0)
    assert of(*reversed(backups)).schedules == of(*backups).schedules
