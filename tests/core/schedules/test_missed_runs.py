"""Did the schedules run: tables of values."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.formatting.times import DAY, HOUR, LAST, MINUTE, SECOND, UTC, format_minutes, to_zone
from drtui.core.model.backup import Backup
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import Schedule, Store
from drtui.core.model.site_state import Fetched
from drtui.core.schedules.learned_cadence import MAX_RUNS
from drtui.core.schedules.missed_runs import ScheduleStatus, check_schedules, schedule_state
from drtui.core.schedules.schedule_runs import ScheduleRuns, ScheduleState
from drtui.core.verdict.restore_points import RestorePoint
from tests.conftest import NOW
from tests.core.points import STORE, backup, points_of, site_of

MIDNIGHT = NOW // DAY * DAY
"""Fourteen hours before now."""
REFUSED: Fetched[Any] = Fetched(NOW, failure=Failure(FailureKind.REFUSED, "403", "may not read the tasks"))
NIGHTLY = Schedule(
    "t1", "CreateBackup", "Nightly", "nightly", "vault", "active", active=True, cron="0 0 2 * * ?",
    created=NOW - 60 * DAY, retention_offset=30 * DAY,
)  # fmt: skip


def night(days_ago: int, *, late: int = 42 * SECOND, prefix: str = "nightly", **changes: Any) -> Backup:
    """The backup of the run at two in the morning, so many days before today."""
    started = MIDNIGHT - days_ago * DAY + 2 * HOUR + late
    name = f"{prefix}-{to_zone(started, UTC):%Y-%m-%d-%H-%M-%S}"
    return backup(name, (NOW - started) / HOUR, **{"end": started + 10 * MINUTE, **changes})


def nights(*days_ago: int) -> tuple[Backup, ...]:
    return tuple(night(days) for days in days_ago)


def of(*backups: Backup, schedules: Any = (NIGHTLY,), now: int = NOW, target: int = DAY) -> ScheduleStatus:
    answer = schedules if isinstance(schedules, Fetched) else Fetched(NOW, schedules)
    found = site_of(*backups, schedules=answer)
    return check_schedules(found, points_of(found), now, target)


def missed(found: ScheduleStatus) -> list[str]:
    return [format_minutes(run.at, UTC)[5:10] for _, run in found.missed_runs]


def only(found: ScheduleStatus) -> ScheduleRuns:
    (plan,) = found.schedules
    return plan


def test_every_run_has_its_backup() -> None:
    found = of(*nights(*range(10)))
    assert missed(found) == []
    assert [run.backup is not None for run in only(found).runs] == [True] * 10
    assert format_minutes(only(found).next_run, UTC) == "2026-09-22 02:00"
    assert (only(found).learned_because, only(found).is_overdue, [w.days for w in found.worst_gaps]) == (
        "",
        False,
        [7, 30, 90],
    )
    plan = only(found)
    assert (plan.store, plan.title, plan.unknown_reason, plan.task) == ("vault", "Nightly", "", NIGHTLY)
    assert plan.state is ScheduleState.ACTIVE


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [((), 30), ((10,), 40), ((10, 60), 40), ((10,) * 9 + (99,), 40), ((10,) * 8 + (99, 99), 129), ((3000,), 1440)],
)
def test_r52_the_tolerance_is_the_longest_usual_duration_and_half_an_hour(
    minutes: tuple[int, ...], expected: int
) -> None:
    made = [night(number, end=night(number).start + each * MINUTE) for number, each in enumerate(minutes)]  # type: ignore[operator]
    assert only(of(*made)).tolerance == expected * MINUTE


@pytest.mark.parametrize(("names", "expected"), [(("Title", "p"), "Title"), (("", "p"), "p"), (("", ""), "t1")])
def test_a_schedule_without_a_title_goes_by_its_prefix_or_its_id(names: tuple[str, str], expected: str) -> None:
    assert only(of(schedules=(replace(NIGHTLY, title=names[0], prefix=names[1]),))).title == expected


def test_a_run_that_left_no_backup_was_missed() -> None:
    found = of(*nights(5, 4, 2, 0))
    assert missed(found) == ["09-20", "09-18"]
    assert not only(found).is_overdue


def test_a_failed_backup_is_no_missed_run() -> None:
    assert missed(of(night(2), night(1, status="failed"), night(0))) == []


@pytest.mark.parametrize(
    ("minutes_after", "expected"),
    [(39, []), (41, ["09-21"])],
)
def test_r52_missed_only_after_the_longest_usual_duration_and_half_an_hour(
    minutes_after: int, expected: list[str]
) -> None:
    """The backups took ten minutes: forty after two o'clock the run is missed."""
    now = MIDNIGHT + 2 * HOUR + minutes_after * MINUTE
    assert missed(of(*nights(3, 2, 1), now=now)) == expected


@pytest.mark.parametrize(("late", "expected"), [(-59, []), (-61, ["09-20"]), (46, []), (2400, []), (2401, ["09-20"])])
def test_r52_jitter_within_the_tolerance_is_the_same_run(late: int, expected: list[str]) -> None:
    """Seconds after two o'clock at which the backup of yesterday started; it took ten minutes like the others."""
    assert missed(of(night(2), night(1, late=late * SECOND), night(0))) == expected


def test_r51_a_backup_of_another_name_fills_no_run() -> None:
    assert missed(of(night(2), night(1, prefix="weekly"), night(0))) == ["09-20"]


def test_manual_backups_fill_no_run_but_close_the_gap() -> None:
    by_hand = backup("by-hand", 2, schedule_type="MANUAL")
    found = of(*nights(*range(9, 30)), by_hand)
    assert len(found.missed_runs) == 9
    assert [gap.is_open for gap in found.gaps] == [False]
    assert only(found).is_overdue


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
def test_before_it_was_planned_or_after_it_was_cleaned_up_nothing_was_missed(
    changes: dict[str, Any], expected: list[str]
) -> None:
    assert missed(of(*nights(4, 0), schedules=(replace(NIGHTLY, **changes),))) == expected


def test_a_schedule_that_never_ran_missed_all_since_it_was_made() -> None:
    assert missed(of(schedules=(replace(NIGHTLY, created=MIDNIGHT - 2 * DAY),))) == ["09-21", "09-20", "09-19"]
    assert missed(of(schedules=(replace(NIGHTLY, created=None),))) == []
    for_ever = replace(NIGHTLY, created=NOW - 400 * DAY, retention_offset=None)
    assert len(of(schedules=(for_ever,)).missed_runs) == 90  # days, and no more are looked at


def test_a_backup_without_a_start_is_of_no_run_and_does_not_say_since_when_they_are_known() -> None:
    undated = night(9, start=None)
    assert missed(of(undated, *nights(4, 0), schedules=(replace(NIGHTLY, created=None),))) == [
        "09-20",
        "09-19",
        "09-18",
    ]


@pytest.mark.parametrize(("target", "count"), [(DAY, 0), (DAY - 1, 1)])
def test_r52_a_gap_is_given_half_an_hour_beyond_the_target(target: int, count: int) -> None:
    assert len(of(backup("a", 30), backup("b", 5.5), target=target).gaps) == count


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
def test_r54_how_a_schedule_stands(state: str, active: bool | None, expected: ScheduleState) -> None:
    assert schedule_state(replace(NIGHTLY, state=state, active=active)) is expected


def test_r54_a_paused_schedule_has_no_next_run_and_goes_on_missing_them() -> None:
    found = of(*nights(*range(9, 20)), schedules=(replace(NIGHTLY, state="paused", active=False),))
    assert (only(found).next_run, len(found.missed_runs)) == (None, 9)


def test_r55_without_the_tasks_the_cadence_is_learned_from_names() -> None:
    found = of(*nights(*range(9, 30)), backup("by-hand", 2, schedule_type="MANUAL"), schedules=REFUSED)
    assert only(found).learned_because
    assert (only(found).prefix, only(found).task, only(found).next_run) == ("nightly", None, None)
    assert missed(found) == [f"09-{day}" for day in range(21, 12, -1)]


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
def test_what_names_teach(backups: tuple[Backup, ...], expected: list[str] | None) -> None:
    found = of(*backups, schedules=REFUSED)
    assert (missed(found) if found.schedules else None) == expected


@pytest.mark.parametrize("backups", [{}, {"vault": REFUSED}])
def test_r11_where_the_list_is_not_known_no_run_is_called_missed(backups: dict[str, Any]) -> None:
    found = site_of(schedules=Fetched(NOW, (NIGHTLY,)), backups=backups)
    plan = only(check_schedules(found, (), NOW, DAY))
    assert (plan.runs, plan.unknown_reason) == ((), "the backups of its store are not read")


def test_while_the_tasks_may_still_arrive_nothing_is_learned() -> None:
    waiting = site_of(*nights(*range(9, 30)), schedules=None, is_complete=False)
    assert check_schedules(waiting, points_of(waiting), NOW, DAY).schedules == ()
    assert only(check_schedules(replace(waiting, is_complete=True), points_of(waiting), NOW, DAY)).learned_because
    assert only(check_schedules(replace(waiting, schedules=REFUSED), points_of(waiting), NOW, DAY)).learned_because
    assert check_schedules(replace(waiting, schedules=Fetched(NOW, (NIGHTLY,))), points_of(waiting), NOW, DAY).schedules


def test_r55_refused_tasks_and_no_names_teach_nothing() -> None:
    assert of(schedules=REFUSED).schedules == ()


@pytest.mark.parametrize(("minutes_after", "expected"), [(39, []), (41, ["09-21"])])
def test_r52_what_was_learned_has_the_same_tolerance(minutes_after: int, expected: list[str]) -> None:
    now = MIDNIGHT + 2 * HOUR + 42 * SECOND + minutes_after * MINUTE
    assert missed(of(*nights(3, 2, 1), schedules=REFUSED, now=now)) == expected


def test_r52_what_may_still_go_on_is_no_run_of_what_was_learned() -> None:
    made = (*nights(3, 2, 1), night(0, status="in_progress", end=None))
    over = (made[-1].start or 0) + 40 * MINUTE
    assert [len(only(of(*made, schedules=REFUSED, now=now)).runs) for now in (over - 1, over)] == [3, 4]


def test_a_cadence_is_given_up_after_a_month_and_a_period() -> None:
    made = nights(2, 1, 0)
    end = (made[-1].start or 0) + 31 * DAY
    assert [bool(only(of(*made, schedules=REFUSED, now=now)).unknown_reason) for now in (end, end + 1)] == [False, True]


@pytest.mark.parametrize(
    ("days", "trouble"),
    [
        (range(30, 40), ""),
        (range(31, 40), "none of its backups is recent: it may have been given up"),
        ((0, 7, 8, 20, 50, 51), "its backups come too irregularly to say when one was due"),
    ],
)
def test_what_cannot_be_learned_says_why(days: Any, trouble: str) -> None:
    plan = only(of(*nights(*days), schedules=REFUSED))
    assert (plan.unknown_reason, plan.store, plan.title, plan.state) == (
        trouble,
        "vault",
        "nightly",
        ScheduleState.UNKNOWN,
    )
    assert plan.tolerance == 40 * MINUTE


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
def test_regular_is_what_mostly_comes_after_a_period_give_or_take_a_tenth(
    minutes: tuple[int, ...], regular: bool
) -> None:
    moments = [sum(minutes[:number]) for number in range(len(minutes) + 1)]
    made = [night(1, late=each * MINUTE) for each in moments]
    assert (only(of(*made, schedules=REFUSED)).unknown_reason == "") is regular


def test_what_was_learned_shows_the_runs_that_left_a_backup() -> None:
    plan = only(of(*nights(3, 2, 1), schedules=REFUSED))
    assert [(run.at, run.backup) for run in plan.runs[:3]] == [(each.start, each) for each in nights(3, 2, 1)]


def test_a_learned_schedule_that_moved_goes_by_its_latest_store() -> None:
    moved = (*nights(4, 3), night(2, store="vault"), night(1, store="other"))
    assert only(of(*moved, schedules=REFUSED)).store == "other"


def test_three_backups_teach_a_cadence_and_two_do_not() -> None:
    assert [len(of(*nights(*range(number)), schedules=REFUSED).schedules) for number in (2, 3)] == [0, 1]


def test_another_store_that_cannot_be_read_takes_nothing_from_a_schedule() -> None:
    found = site_of(schedules=Fetched(NOW, (NIGHTLY,)), backups={"vault": Fetched(NOW, nights(2, 0)), "other": REFUSED})
    unread = replace(found, stores=Fetched(NOW, (STORE, Store("other"))))
    assert [missed(check_schedules(each, points_of(each), NOW, DAY)) for each in (found, unread)] == [
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
def test_intervals(changes: dict[str, Any], runs: int, following: str | None) -> None:
    every = replace(
        NIGHTLY,
        cron="",
        interval_seconds=86_400,
        last_start=MIDNIGHT + 2 * HOUR,
        created=MIDNIGHT - 2 * DAY + 13 * HOUR,
    )
    plan = only(of(schedules=(replace(every, **changes),)))
    assert len(plan.runs) == runs
    assert (plan.next_run and format_minutes(plan.next_run, UTC)) == following


def test_r54_where_either_state_says_that_it_stands_no_next_run_is_promised() -> None:
    for state, active in (("active", False), ("paused", True), ("inactive", None), ("resting", False)):
        assert only(of(night(0), schedules=(replace(NIGHTLY, state=state, active=active),))).next_run is None
    assert only(of(night(0), schedules=(replace(NIGHTLY, state="resting", active=True),))).next_run is not None


def test_nothing_is_due_before_the_day_on_which_a_schedule_starts() -> None:
    assert missed(of(schedules=(replace(NIGHTLY, starts=MIDNIGHT - DAY),))) == ["09-21", "09-20"]
    later = only(of(schedules=(replace(NIGHTLY, starts=MIDNIGHT + 10 * DAY + 2 * HOUR),)))
    assert (later.runs, format_minutes(later.next_run, UTC)) == ((), "2026-10-01 02:00")


def test_what_did_not_start_since_was_missed_even_if_all_from_before_were_cleaned_up() -> None:
    """Kept for a week, paused nine nights ago: nothing is left but one made by hand."""
    last = night(9).start
    paused = replace(NIGHTLY, state="paused", active=False, retention_offset=7 * DAY, last_start=last)
    by_hand = backup("by-hand", 2, schedule_type="MANUAL")
    assert len(of(by_hand, schedules=(paused,)).missed_runs) == 9
    assert len(of(by_hand, schedules=(replace(paused, last_start=None),)).missed_runs) == 7
    assert len(of(by_hand, schedules=(replace(paused, last_start=night(0).start),)).missed_runs) == 7


@pytest.mark.parametrize(
    ("made", "edited_days_ago", "expected"),
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
def test_a_run_from_before_an_edit_was_missed_only_if_it_was_due_then(
    made: Any, edited_days_ago: int, expected: int
) -> None:
    edited = replace(NIGHTLY, updated=MIDNIGHT - (edited_days_ago - 1) * DAY)
    assert len(of(*nights(*made), schedules=(edited,)).missed_runs) == expected


def test_r51_two_schedules_of_one_name_are_told_apart_by_store() -> None:
    both = (NIGHTLY, replace(NIGHTLY, id="t2", store="offsite"))
    made = (*nights(*range(10)), *(night(day, store="offsite") for day in range(4, 10)))
    found = site_of(*made, schedules=Fetched(NOW, both), backups={
        "vault": Fetched(NOW, made[:10]), "offsite": Fetched(NOW, made[10:])
    })  # fmt: skip
    for each in (found, replace(found, schedules=REFUSED)):
        plans = {plan.store: plan for plan in check_schedules(each, points_of(each), NOW, DAY).schedules}
        assert {store: len(plan.missed_runs) for store, plan in plans.items()} == {"vault": 0, "offsite": 4}


def test_a_schedule_that_moved_to_another_store_has_the_backups_in_both() -> None:
    made = (*(night(day, store="old") for day in (4, 3)), *nights(1, 0))
    assert missed(of(*made)) == ["09-19"]
    assert missed(of(*made, schedules=REFUSED)) == ["09-19"]


def test_r52_a_backup_is_not_of_an_earlier_run_while_its_own_is_not_over() -> None:
    """Every quarter of an hour, with 35 minutes of tolerance: at a quarter to three the run of two was missed."""
    quarterly = replace(NIGHTLY, cron="0 0/15 * * * ?", created=MIDNIGHT + HOUR)
    made = [
        night(0, late=minutes * MINUTE, end=MIDNIGHT + 2 * HOUR + (minutes + 5) * MINUTE)
        for minutes in range(-60, 45, 15)
        if minutes
    ]
    now = MIDNIGHT + 2 * HOUR + 45 * MINUTE
    found = of(*made, schedules=(quarterly,), now=now)
    assert [format_minutes(run.at, UTC)[11:] for _, run in found.missed_runs] == ["02:00"]


def test_a_schedule_that_does_not_name_its_backups_is_not_called_overdue() -> None:
    plan = only(of(*nights(1, 0), schedules=(replace(NIGHTLY, prefix=""),)))
    assert (plan.runs, plan.unknown_reason) == ((), "it does not say what the names of its backups begin with")
    assert format_minutes(plan.next_run, UTC) == "2026-09-22 02:00"


@pytest.mark.parametrize("schedules", [(NIGHTLY,), REFUSED])
def test_of_what_came_after_the_list_was_read_nothing_is_known(schedules: Any) -> None:
    """The list is of yesterday noon: whether last night's backup was made, it cannot say."""
    answer = schedules if isinstance(schedules, Fetched) else Fetched(NOW, schedules)
    old = Fetched(MIDNIGHT - 12 * HOUR, nights(5, 4, 3, 1))
    found = site_of(schedules=answer, backups={"vault": old})
    assert missed(check_schedules(found, points_of(found), NOW, DAY)) == ["09-19"]
    fresh = replace(found, backups={"vault": replace(old, at=NOW)})
    assert missed(check_schedules(fresh, points_of(fresh), NOW, DAY)) == ["09-21", "09-19"]


def test_another_store_that_was_read_before_takes_nothing_from_a_schedule() -> None:
    lists = {"vault": Fetched(NOW, nights(4, 3, 2, 1)), "other": Fetched(NOW - 9 * DAY, ())}
    for schedules in (Fetched(NOW, (NIGHTLY,)), REFUSED):
        found = site_of(schedules=schedules, backups=lists)
        assert missed(check_schedules(found, points_of(found), NOW, DAY)) == ["09-21"]


def test_a_schedule_that_names_no_store_is_known_as_far_as_every_list_is() -> None:
    found = site_of(*nights(3, 1), schedules=Fetched(NOW, (replace(NIGHTLY, store=""),)))
    assert missed(check_schedules(found, points_of(found), NOW, DAY)) == ["09-21", "09-19"]
    broken = replace(found, backups={**found.backups, "vault": REFUSED})
    assert only(check_schedules(broken, (), NOW, DAY)).unknown_reason == "the backups of its store are not read"


def test_what_was_learned_goes_back_ninety_days() -> None:
    every_other_week = [night(days) for days in (98, 97, 96, 95, 94, 3, 2, 1, 0)]
    found = of(*every_other_week, schedules=REFUSED)
    assert [format_minutes(run.at, UTC)[:10] for run in only(found).runs[:2]] == ["2026-06-24", "2026-06-25"]


@pytest.mark.parametrize(("cron", "cut"), [("* * * * * ?", True), ("0/17 * * * * ?", True), ("0 0 2 * * ?", False)])
def test_a_schedule_with_more_runs_than_are_looked_at_says_so(cron: str, cut: bool) -> None:
    plan = only(of(*nights(30, 0), schedules=(replace(NIGHTLY, cron=cron),)))
    assert plan.is_truncated is cut
    assert (len(plan.runs) == MAX_RUNS) is cut


def test_of_a_learned_schedule_with_very_many_holes_the_newest_are_told() -> None:
    made = [night(20, late=minute * MINUTE) for minute in range(10)]
    plan = only(of(*made, schedules=REFUSED))
    assert (len(plan.runs), plan.is_truncated, plan.is_overdue) == (MAX_RUNS, True, True)
    assert NOW - plan.tolerance - plan.runs[-1].at < MINUTE


@pytest.mark.parametrize("seconds", [None, 0, -5])
def test_a_schedule_that_neither_names_hours_nor_an_interval_says_so(seconds: int | None) -> None:
    plan = only(of(night(0), schedules=(replace(NIGHTLY, cron="", interval_seconds=seconds, last_start=NOW),)))
    assert plan.unknown_reason == "it says neither cron expression nor interval"


def test_an_interval_without_a_last_start_says_that_it_cannot_be_counted() -> None:
    plan = only(of(night(0), schedules=(replace(NIGHTLY, cron="", interval_seconds=3_600),)))
    assert plan.unknown_reason == "it repeats at an interval, but when it last started is not known"


def test_names_alone_teach_nothing_where_the_backups_are_manual() -> None:
    by_hand = tuple(night(days, schedule_type="MANUAL") for days in range(9))
    assert of(*by_hand, schedules=REFUSED).schedules == ()


@pytest.mark.parametrize(
    ("cron", "words"),
    [("every night", "cron expression cannot be read"), ("0 0 2 * *", "5 fields"), ("", "neither cron")],
)
def test_a_schedule_that_cannot_be_read_is_said_to_be(cron: str, words: str) -> None:
    plan = only(of(*nights(3, 0), schedules=(replace(NIGHTLY, cron=cron),)))
    assert words in plan.unknown_reason
    assert (plan.missed_runs, plan.next_run, plan.is_overdue) == ((), None, False)


def test_an_interval_counts_from_the_last_start() -> None:
    every = replace(NIGHTLY, cron="", interval_seconds=86_400, last_start=MIDNIGHT + 2 * HOUR)
    found = of(*nights(3, 2, 0), schedules=(every,))
    assert (missed(found), only(found).unknown_reason) == (["09-20"], "")
    assert format_minutes(only(found).next_run, UTC) == "2026-09-22 02:00"


def test_a_run_every_second_takes_no_ages() -> None:
    plan = only(of(*nights(3, 2, 0), schedules=(replace(NIGHTLY, cron="* * * * * ?"),)))
    assert len(plan.runs) == MAX_RUNS


def test_r45_a_paused_cleaner_cleans_nothing() -> None:
    cleaner = Schedule("c", "BackupRetentionCleaner", state="paused", active=False)
    assert of(schedules=(NIGHTLY, cleaner)).is_cleaner_paused
    assert only(of(schedules=(NIGHTLY, cleaner))).task == NIGHTLY
    assert not of(schedules=(cleaner, replace(cleaner, state="active", active=True))).is_cleaner_paused
    assert not of(schedules=(NIGHTLY, replace(cleaner, state="active", active=True))).is_cleaner_paused
    assert not of(schedules=(NIGHTLY,)).is_cleaner_paused
    assert not of(schedules=REFUSED).is_cleaner_paused


def test_two_schedules_are_told_apart() -> None:
    weekly = replace(NIGHTLY, id="t2", prefix="weekly", cron="0 0 2 ? * 2")
    mondays = tuple(night(days, prefix="weekly") for days in (14, 0))
    assert [
        (plan.prefix, run.at) for plan, run in of(*nights(1, 0), *mondays, schedules=(NIGHTLY, weekly)).missed_runs
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
def test_whatever_is_read_it_never_fails_and_nothing_is_missed_too_early(backups: list[Backup], tasks: Any) -> None:
    for plan, run in of(*backups, schedules=tasks).missed_runs:
        assert run.at + plan.tolerance <= NOW


@given(st.lists(st.integers(0, 40), max_size=8), st.floats(0, 900))
def test_a_manual_backup_changes_no_plan(days: list[int], hours: float) -> None:
    made = nights(*days)
    for schedules in ((NIGHTLY,), REFUSED):
        by_hand = backup("nightly-2026-09-20-02-00-09", hours, schedule_type="MANUAL")
        assert of(*made, by_hand, schedules=schedules).schedules == of(*made, schedules=schedules).schedules


def test_the_point_of_view_does_not_matter() -> None:
    found = site_of(*nights(3, 0), schedules=Fetched(NOW, (NIGHTLY,)))
    shuffled: list[RestorePoint] = list(reversed(points_of(found)))
    assert check_schedules(found, shuffled, NOW, DAY) == check_schedules(found, points_of(found), NOW, DAY)
