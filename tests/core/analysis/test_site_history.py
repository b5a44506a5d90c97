"""Tests of the effect of history on an assessment: known period and deleted backups."""

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.durations import DAY, HOUR, MINUTE
from drtui.core.model.backup import NEVER, Backup
from drtui.core.model.site import Schedule
from drtui.core.model.site_state import DeletedBackup, Fetched, SiteHistory, Source
from drtui.core.schedules.gaps import known_since
from drtui.core.summary.headline import build_headline
from drtui.core.summary.health_check import Grade, check_health
from tests.conftest import NOW
from tests.core.points import STORE, backup, site_of


@pytest.mark.parametrize(
    ("refreshes", "days"),
    [
        ((), 14),
        ((0,), 14),
        ((10, 0), 24),
        ((20, 10, 0), 34),
        ((15, 0), 14),
        ((38, 15, 0), 14),
        ((40, 24, 10, 0), 38),
        ((14, 0), 28),
    ],
    ids=["never", "now", "ten days ago", "every ten days", "too long ago", "a hole", "a hole later", "just in time"],
)
def test_known_since_reaches_back_when_refreshes_leave_no_hole(refreshes: tuple[int, ...], days: int) -> None:
    history = SiteHistory(refresh_times=tuple(NOW - days_ago * DAY for days_ago in refreshes))
    assert (NOW - history.known_since(14 * DAY, NOW)) // DAY == days


def deleted_backup(name: str, hours_ago: float, since: float, **changes: object) -> DeletedBackup:
    """Return a backup that started `hours_ago` hours ago and was found deleted `since` hours ago."""
    return DeletedBackup(backup(name, hours_ago, **changes), NOW - round((since + 1) * HOUR), NOW - round(since * HOUR))


@pytest.mark.parametrize(
    ("deleted", "is_early"),
    [
        (deleted_backup("in-time", 15 * 24, 5), False),
        (deleted_backup("at-its-time", 14 * 24, 0), False),
        (deleted_backup("too-early", 10 * 24, 5), True),
        (deleted_backup("kept-forever", 100 * 24, 5, retention=NEVER), True),
        (deleted_backup("nobody-knows", 10 * 24, 5, retention=None), False),
        (deleted_backup("failed", 10 * 24, 5, status="failed"), False),
    ],
)
def test_check_and_headline_report_a_backup_when_it_vanished_early(deleted: DeletedBackup, is_early: bool) -> None:
    history = SiteHistory((deleted,))
    assert [item.backup.name for item in history.early_deletions(NOW - 7 * DAY)] == (
        [deleted.backup.name] if is_early else []
    )
    assessment = assess(site_of(backup("n", 3), history=history), NOW)
    text = " ".join(item.text for item in build_headline(assessment))
    assert (f"1 restore point VANISHED before the retention date: {deleted.backup.name}" in text) is is_early
    assert (
        check_health(assess(site_of(backup("n", 3), site=site_of().site, history=history), NOW), DAY, 2 * DAY).grade
    ) is (Grade.WARNING if is_early else Grade.OK)


def test_headline_omits_a_vanished_backup_when_it_was_long_ago() -> None:
    history = SiteHistory((deleted_backup("long-ago", 30 * 24, 20 * 24),))
    assert "VANISHED" not in " ".join(
        line.text for line in build_headline(assess(site_of(backup("n", 3), history=history), NOW))
    )


def nightly_name(days_ago: int) -> str:
    return f"nightly-2026-01-01-00-00-{days_ago:02}"


def test_gaps_include_deleted_backups_when_history_has_them() -> None:
    listed = [backup(nightly_name(days_ago), days_ago * 24) for days_ago in range(14)]
    deleted = [backup(nightly_name(days_ago), days_ago * 24) for days_ago in range(14, 30) if days_ago not in {20, 21}]
    history = SiteHistory(
        tuple(DeletedBackup(days_ago, NOW - 1 * DAY, NOW) for days_ago in deleted),
        tuple(NOW - days_ago * DAY for days_ago in range(15, -1, -1)),
    )
    assert known_since(listed, NOW, SiteHistory()) == NOW - 13 * DAY
    assert [gap.length // DAY for gap in assess(site_of(*listed), NOW).gaps.over_target] == []
    assert [gap.length // DAY for gap in assess(site_of(*listed, history=history), NOW).gaps.over_target] == [3]


def test_run_is_not_missed_when_its_backup_was_deleted() -> None:
    at_two = NOW - NOW % DAY + 2 * HOUR
    task = Schedule(
        "1", "CreateBackup", prefix="nightly", store="vault", state="ACTIVE", active=True, cron="0 0 2 * * ?",
        created=NOW - 60 * DAY, retention_offset=14 * DAY,
    )  # fmt: skip

    def nightly_backup(days_ago: int) -> Backup:
        start = at_two - days_ago * DAY
        return backup(nightly_name(days_ago), 0, start=start, end=start + MINUTE, retention=start + 14 * DAY)

    listed = [nightly_backup(days_ago) for days_ago in range(14)]
    history = SiteHistory(
        tuple(DeletedBackup(nightly_backup(days_ago), NOW, NOW) for days_ago in (14, 15, 17)),
        tuple(NOW - days_ago * DAY for days_ago in range(9, -1, -1)),
    )
    site_state = site_of(*listed, schedules=Fetched(NOW, (task,)), history=history)
    (schedule,) = assess(site_state, NOW).schedules
    assert [(at_two - run.at) // DAY for run in schedule.missed_runs] == [16]


def test_timeout_counts_durations_when_backups_were_deleted() -> None:
    slow = backup("slow", 20 * 24, end=NOW - 20 * 24 * HOUR + 110 * MINUTE)
    assessment = assess(site_of(backup("n", 3), history=SiteHistory((DeletedBackup(slow, NOW, NOW),))), NOW)
    assert assessment.rpo.timeout is not None
    assert assessment.rpo.timeout.longest.backup.name == "slow"
    assert [point.backup.name for point in assessment.points] == ["n"]


def test_headline_is_never_good_and_check_is_unknown_when_data_is_saved() -> None:
    saved = replace(
        site_of(backup("n", 3)),
        stores=Fetched(NOW - HOUR, (STORE,), source=Source.SAVED),
        backups={"vault": Fetched(NOW - HOUR, (backup("n", 3),), source=Source.SAVED)},
    )
    line = build_headline(assess(saved, NOW))[0]
    text = "CANNOT TELL: Read 1 h ago: newest usable restore point is 3 h old; target 24 h (n)"
    assert (line.text, line.tone) == (text, "warn")
    assert build_headline(assess(replace(saved, is_complete=False), NOW))[0] == line
    assert check_health(assess(saved, NOW), DAY, 2 * DAY).grade is Grade.UNKNOWN
