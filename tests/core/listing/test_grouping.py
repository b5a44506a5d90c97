"""Restore points in groups, each under a heading that says what it amounts to."""

import pytest
from msgspec.structs import replace

from drtui.core.analysis.capture_window import InstanceChange
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import HOUR, UTC, zone_named
from drtui.core.listing.catalog import Order
from drtui.core.listing.grouping import Group, Grouping, group_heading, group_rows
from drtui.core.listing.rows import Entry, MissedRun
from drtui.core.model.backup import Backup
from drtui.core.schedules.failed_runs import Outcome, Run
from drtui.core.schedules.schedule_runs import ScheduleRuns, ScheduleState
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.verdict import GOOD, Level, Reason, Verdict
from tests.conftest import NOW
from tests.core.points import backup

VIEW = DisplayContext(NOW, UTC)


def point(each: Backup, level: Level = Level.USABLE) -> RestorePoint:
    reason = GOOD if level is Level.USABLE else Reason(level, "told", "told")
    return RestorePoint(each, Verdict(level, (reason,)))


def plan(prefix: str, store: str = "vault", title: str = "") -> ScheduleRuns:
    return ScheduleRuns(prefix, store, title or prefix, None, ScheduleState.ACTIVE, None, HOUR, (Run(NOW - 30 * HOUR),))


TODAY = point(backup("nightly-2026-09-21-06-00-09", 8))
LATE = point(backup("nightly-2026-09-20-22-30-09", 15.5, store="cloud"), Level.DOUBTFUL)
YESTERDAY = point(backup("weekly-2026-09-20-06-00-09", 32), Level.NOT_USABLE)
BY_HAND = point(backup("before", 9, schedule_type="MANUAL", store="cloud"))
UNDATED = point(backup("undated", 0, start=None, schedule_type=""), Level.CANNOT_TELL)
ODD = point(backup("weekly", 33))
POINTS = (TODAY, BY_HAND, LATE, YESTERDAY, ODD, UNDATED)


def shape(listed: tuple[Entry, ...], grouping: Grouping, order: Order = Order(), **more: object) -> list[str]:  # noqa: B008
    """Headings, and under each the names of its rows."""
    plans = (plan("nightly"), plan("weekly", title="Weekly"))
    rows = group_rows(listed, grouping, order, more.get("zone", UTC), more.get("plans", plans))  # type: ignore[arg-type]
    return [f"# {row.name}" if isinstance(row, Group) else names(row) for row in rows]


def names(row: Entry) -> str:
    if isinstance(row, InstanceChange):
        return "change"
    return row.name if isinstance(row, MissedRun) else row.backup.name.partition("-")[0]


@pytest.mark.parametrize(
    ("grouping", "order", "expected"),
    [
        (Grouping.NONE, Order(), "nightly before nightly weekly weekly undated"),
        (
            Grouping.DAY,
            Order(),
            "# 2026-09-21 nightly before # 2026-09-20 nightly weekly weekly # no date undated",
        ),
        (
            Grouping.DAY,
            Order("age"),
            "# 2026-09-20 nightly weekly weekly # 2026-09-21 nightly before # no date undated",
        ),
        (
            Grouping.DAY,
            Order("name"),
            "# 2026-09-21 nightly before # 2026-09-20 nightly weekly weekly # no date undated",
        ),
        (Grouping.STORE, Order(), "# cloud before nightly # vault nightly weekly weekly undated"),
        (Grouping.STORE, Order("store"), "# vault nightly weekly weekly undated # cloud before nightly"),
        (
            Grouping.SCHEDULE,
            Order(),
            (
                "# Weekly weekly # nightly nightly nightly "
                "# manual before # no schedule's name weekly # of unknown kind undated"
            ),
        ),
    ],
)
def test_rows_keep_their_order_within_their_group(grouping: Grouping, order: Order, expected: str) -> None:
    assert " ".join(shape(POINTS, grouping, order)) == expected


def test_a_day_is_that_of_the_zone() -> None:
    assert shape((TODAY, LATE), Grouping.DAY, zone=zone_named("Europe/Berlin")) == [
        "# 2026-09-21",
        "nightly",
        "nightly",
    ]


def test_a_missed_run_and_a_change_stand_where_they_belong() -> None:
    listed = (TODAY, MissedRun(plan("nightly"), NOW - 30 * HOUR), InstanceChange(YESTERDAY, LATE, ("objectStore",)))
    assert shape(listed, Grouping.DAY) == [
        "# 2026-09-21", "nightly", "# 2026-09-20", "(nightly: no backup)", "change",
    ]  # fmt: skip
    assert shape(listed, Grouping.STORE) == ["# cloud", "change", "# vault", "nightly", "(nightly: no backup)"]
    assert shape(listed, Grouping.SCHEDULE) == ["# nightly", "nightly", "(nightly: no backup)", "change"]


def test_two_schedules_of_one_name_are_told_apart_by_their_store() -> None:
    plans = (plan("nightly"), plan("nightly", "cloud"))
    assert shape((TODAY, LATE), Grouping.SCHEDULE, plans=plans) == [
        "# nightly in cloud", "nightly", "# nightly in vault", "nightly",
    ]  # fmt: skip
    elsewhere = point(backup("nightly-2026-09-21-06-00-09", 8, store="tape"))
    assert shape((elsewhere,), Grouping.SCHEDULE, plans=plans) == ["# nightly", "nightly"]


def test_where_the_tasks_could_not_be_read_a_schedule_goes_by_the_names_of_its_backups() -> None:
    assert shape((YESTERDAY,), Grouping.SCHEDULE, plans=()) == ["# weekly", "weekly"]


RUNNING, DOUBTFUL, BROKEN = (
    point(backup(level.name, hours), level)
    for hours, level in ((0.1, Level.RUNNING), (15, Level.DOUBTFUL), (32, Level.NOT_USABLE))
)
MISSED = MissedRun(plan("nightly"), NOW)


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ((TODAY,), "1 restore point, usable, 8 h old"),
        ((TODAY, ODD), "2 restore points, all usable, newest 8 h old"),
        ((TODAY, BROKEN), "2 restore points, worst: ✗ not usable, newest usable 8 h old"),
        ((TODAY, RUNNING), "2 restore points, worst: ~ running, newest usable 8 h old"),
        ((BROKEN,), "1 restore point, worst: ✗ not usable"),
        ((BROKEN, DOUBTFUL), "2 restore points, worst: ✗ not usable, nothing usable"),
        ((DOUBTFUL, RUNNING), "2 restore points, worst: ! doubtful, nothing usable"),
        ((MISSED,), "no restore point, 1 run missed"),
        ((TODAY, MISSED, MISSED), "1 restore point, usable, 8 h old, 2 runs missed"),
    ],
)
def test_a_heading_says_how_many_and_how_good(listed: tuple[Entry, ...], said: str) -> None:
    group, *rows = group_rows(listed, Grouping.STORE, Order(), UTC, ())
    assert isinstance(group, Group)
    assert tuple(rows) == listed
    assert group_heading(group, VIEW) == f"vault: {said}"


def test_a_long_name_leaves_room_for_what_is_said_of_the_group() -> None:
    group = Group("n" * 4_000, 3, 0, 0, Level.USABLE, NOW)
    assert len(group_heading(group, VIEW)) < 100


def test_group_counts_failed_runs_when_their_backups_are_listed_or_gone() -> None:
    failed = Run(NOW - 32 * HOUR, YESTERDAY.backup, Outcome.FAILED, "object store: failed")
    weekly = replace(plan("weekly"), runs=(failed,))
    gone = MissedRun(weekly, NOW - 60 * HOUR, "status: failed")
    rows = group_rows((YESTERDAY, ODD, gone, MissedRun(weekly, NOW)), Grouping.STORE, Order(), UTC, (weekly,))
    (group,) = (row for row in rows if isinstance(row, Group))
    assert (group.missed_count, group.failed_count, gone.name) == (1, 2, "(weekly: failed, no longer listed)")
    assert group_heading(group, VIEW).endswith(", 1 run missed, 2 runs failed")
