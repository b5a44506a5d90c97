"""Groups of restore points and their headings."""

import pytest
from msgspec.structs import replace

from drtui.core.analysis.capture_window import InstanceChange
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import HOUR
from drtui.core.formatting.times import UTC, zone_named
from drtui.core.listing.catalog import Order
from drtui.core.listing.grouping import Group, Grouping, group_heading, group_rows
from drtui.core.listing.rows import Entry, MissedRun
from drtui.core.model.backup import Backup
from drtui.core.schedules.failed_runs import Outcome, Run
from drtui.core.schedules.schedule_runs import ScheduleRuns, ScheduleState
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.rules import GOOD, Level, Reason, Verdict
from tests.conftest import NOW
from tests.core.points import backup

VIEW = DisplayContext(NOW, UTC)


def point(backup_: Backup, level: Level = Level.USABLE) -> RestorePoint:
    reason = GOOD if level is Level.USABLE else Reason(level, "code", "text")
    return RestorePoint(backup_, Verdict(level, (reason,)))


def schedule(prefix: str, store: str = "vault", title: str = "") -> ScheduleRuns:
    return ScheduleRuns(prefix, store, title or prefix, None, ScheduleState.ACTIVE, HOUR, None, (Run(NOW - 30 * HOUR),))


TODAY = point(backup("nightly-2026-09-21-06-00-09", 8))
LATE = point(backup("nightly-2026-09-20-22-30-09", 15.5, store="cloud"), Level.DOUBTFUL)
YESTERDAY = point(backup("weekly-2026-09-20-06-00-09", 32), Level.NOT_USABLE)
BY_HAND = point(backup("before", 9, schedule_type="MANUAL", store="cloud"))
UNDATED = point(backup("undated", 0, start=None, schedule_type=""), Level.CANNOT_TELL)
ODD = point(backup("weekly", 33))
POINTS = (TODAY, BY_HAND, LATE, YESTERDAY, ODD, UNDATED)


def row_names(entries: tuple[Entry, ...], grouping: Grouping, order: Order = Order(), **more: object) -> list[str]:  # noqa: B008
    """Return the headings and the names of the rows below them."""
    schedules = (schedule("nightly"), schedule("weekly", title="Weekly"))
    rows = group_rows(entries, grouping, order, more.get("zone", UTC), more.get("schedules", schedules))  # type: ignore[arg-type]
    return [f"# {row.name}" if isinstance(row, Group) else entry_name(row) for row in rows]


def entry_name(row: Entry) -> str:
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
def test_group_rows_keeps_the_order_within_groups_when_grouped(grouping: Grouping, order: Order, expected: str) -> None:
    assert " ".join(row_names(POINTS, grouping, order)) == expected


def test_group_rows_uses_days_of_the_zone_when_grouped_by_day() -> None:
    assert row_names((TODAY, LATE), Grouping.DAY, zone=zone_named("Europe/Berlin")) == [
        "# 2026-09-21",
        "nightly",
        "nightly",
    ]


def test_group_rows_places_runs_and_changes_in_groups_when_listed() -> None:
    entries = (
        TODAY,
        MissedRun(schedule("nightly"), NOW - 30 * HOUR),
        InstanceChange(YESTERDAY, LATE, ("objectStore",)),
    )
    assert row_names(entries, Grouping.DAY) == [
        "# 2026-09-21", "nightly", "# 2026-09-20", "(nightly: no backup)", "change",
    ]  # fmt: skip
    assert row_names(entries, Grouping.STORE) == ["# cloud", "change", "# vault", "nightly", "(nightly: no backup)"]
    assert row_names(entries, Grouping.SCHEDULE) == ["# nightly", "nightly", "(nightly: no backup)", "change"]


def test_group_rows_adds_the_store_when_two_schedules_share_a_name() -> None:
    schedules = (schedule("nightly"), schedule("nightly", "cloud"))
    assert row_names((TODAY, LATE), Grouping.SCHEDULE, schedules=schedules) == [
        "# nightly in cloud", "nightly", "# nightly in vault", "nightly",
    ]  # fmt: skip
    elsewhere = point(backup("nightly-2026-09-21-06-00-09", 8, store="tape"))
    assert row_names((elsewhere,), Grouping.SCHEDULE, schedules=schedules) == ["# nightly", "nightly"]


def test_group_rows_uses_name_prefixes_when_the_tasks_are_unread() -> None:
    assert row_names((YESTERDAY,), Grouping.SCHEDULE, schedules=()) == ["# weekly", "weekly"]


RUNNING, DOUBTFUL, BROKEN = (
    point(backup(level.name, hours), level)
    for hours, level in ((0.1, Level.RUNNING), (15, Level.DOUBTFUL), (32, Level.NOT_USABLE))
)
MISSED = MissedRun(schedule("nightly"), NOW)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ((TODAY,), "1 restore point, usable, 8 h old"),
        ((TODAY, ODD), "2 restore points, all usable, newest 8 h old"),
        ((TODAY, BROKEN), "2 restore points, worst: ✗ not usable, newest usable 8 h old"),
        ((TODAY, RUNNING), "2 restore points, worst: ↻ running, newest usable 8 h old"),
        ((BROKEN,), "1 restore point, worst: ✗ not usable"),
        ((BROKEN, DOUBTFUL), "2 restore points, worst: ✗ not usable, nothing usable"),
        ((DOUBTFUL, RUNNING), "2 restore points, worst: ! doubtful, nothing usable"),
        ((MISSED,), "no restore point, 1 run missed"),
        ((TODAY, MISSED, MISSED), "1 restore point, usable, 8 h old, 2 runs missed"),
    ],
)
def test_group_heading_counts_and_rates_points_when_the_group_has_entries(
    entries: tuple[Entry, ...], expected: str
) -> None:
    group, *rows = group_rows(entries, Grouping.STORE, Order(), UTC, ())
    assert isinstance(group, Group)
    assert tuple(rows) == entries
    assert group_heading(group, VIEW) == f"vault: {expected}"


def test_group_heading_is_short_when_the_name_is_long() -> None:
    group = Group("n" * 4_000, 3, 0, 0, Level.USABLE, NOW)
    assert len(group_heading(group, VIEW)) < 100


def test_group_counts_failed_runs_when_their_backups_are_listed_or_deleted() -> None:
    failed = Run(NOW - 32 * HOUR, YESTERDAY.backup, Outcome.FAILED, "object store: failed")
    weekly = replace(schedule("weekly"), runs=(failed,))
    deleted_run = MissedRun(weekly, NOW - 60 * HOUR, "status: failed")
    rows = group_rows((YESTERDAY, ODD, deleted_run, MissedRun(weekly, NOW)), Grouping.STORE, Order(), UTC, (weekly,))
    (group,) = (row for row in rows if isinstance(row, Group))
    assert (group.missed_count, group.failed_count, deleted_run.name) == (1, 2, "(weekly: failed, no longer listed)")
    assert group_heading(group, VIEW).endswith(", 1 run missed, 2 runs failed")
