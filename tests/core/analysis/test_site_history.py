"""What history adds to a judgement: how far back everything is known, and what vanished before its time."""

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.times import DAY, HOUR, MINUTE
from drtui.core.model.backup import NEVER, Backup
from drtui.core.model.site import Schedule
from drtui.core.model.site_state import DeletedBackup, Fetched, SiteHistory, Source
from drtui.core.schedules.gaps import known_since
from drtui.core.summary.headline import headline
from drtui.core.summary.health_check import Grade, check
from tests.conftest import NOW
from tests.core.points import STORE, backup, reading


@pytest.mark.parametrize(
    ("looks", "days"),
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
def test_everything_is_known_as_far_back_as_looks_leave_no_hole(looks: tuple[int, ...], days: int) -> None:
    past = SiteHistory(refresh_times=tuple(NOW - each * DAY for each in looks))
    assert (NOW - past.known_since(14 * DAY, NOW)) // DAY == days


def gone(name: str, hours_ago: float, since: float, **changes: object) -> DeletedBackup:
    """A backup that started so many hours ago, and was no longer there so many hours ago."""
    return DeletedBackup(backup(name, hours_ago, **changes), NOW - round((since + 1) * HOUR), NOW - round(since * HOUR))


@pytest.mark.parametrize(
    ("found", "early"),
    [
        (gone("in-time", 15 * 24, 5), False),
        (gone("at-its-time", 14 * 24, 0), False),
        (gone("too-early", 10 * 24, 5), True),
        (gone("kept-forever", 100 * 24, 5, retention=NEVER), True),
        (gone("nobody-knows", 10 * 24, 5, retention=None), False),
        (gone("failed", 10 * 24, 5, status="failed"), False),
    ],
)
def test_what_vanished_before_its_retention_date_is_told(found: DeletedBackup, early: bool) -> None:
    past = SiteHistory((found,))
    assert [each.backup.name for each in past.early_deletions(NOW - 7 * DAY)] == ([found.backup.name] if early else [])
    judged = assess(reading(backup("n", 3), history=past), NOW)
    said = " ".join(each.text for each in headline(judged))
    assert (f"1 restore point vanished before the retention date in 7 days: {found.backup.name}" in said) is early
    assert (check(assess(reading(backup("n", 3), site=reading().site, history=past), NOW), DAY, 2 * DAY).grade) is (
        Grade.WARNING if early else Grade.OK
    )


def test_what_vanished_long_ago_is_no_news() -> None:
    past = SiteHistory((gone("long-ago", 30 * 24, 20 * 24),))
    assert "vanished" not in " ".join(
        each.text for each in headline(assess(reading(backup("n", 3), history=past), NOW))
    )


def nightly(days_ago: int) -> str:
    return f"nightly-2026-01-01-00-00-{days_ago:02}"


def test_gaps_reach_as_far_back_as_history_does() -> None:
    here = [backup(nightly(each), each * 24) for each in range(14)]
    before = [backup(nightly(each), each * 24) for each in range(14, 30) if each not in {20, 21}]
    past = SiteHistory(
        tuple(DeletedBackup(each, NOW - 1 * DAY, NOW) for each in before),
        tuple(NOW - each * DAY for each in range(15, -1, -1)),
    )
    assert known_since(here, NOW) == NOW - 13 * DAY
    assert [gap.length // DAY for gap in assess(reading(*here), NOW).schedules.gaps] == []
    assert [gap.length // DAY for gap in assess(reading(*here, history=past), NOW).schedules.gaps] == [3]


def test_a_run_whose_backup_is_gone_was_not_missed() -> None:
    at_two = NOW - NOW % DAY + 2 * HOUR
    task = Schedule(
        "1", "CreateBackup", prefix="nightly", store="vault", state="ACTIVE", active=True, cron="0 0 2 * * ?",
        created=NOW - 60 * DAY, retention_offset=14 * DAY,
    )  # fmt: skip

    def made(days_ago: int) -> Backup:
        start = at_two - days_ago * DAY
        return backup(nightly(days_ago), 0, start=start, end=start + MINUTE, retention=start + 14 * DAY)

    here = [made(each) for each in range(14)]
    taken = SiteHistory(
        tuple(DeletedBackup(made(each), NOW, NOW) for each in (14, 15, 17)),
        tuple(NOW - n * DAY for n in range(9, -1, -1)),
    )
    whole = reading(*here, schedules=Fetched(NOW, (task,)), history=taken)
    (plan,) = assess(whole, NOW).schedules.schedules
    assert [(at_two - run.at) // DAY for run in plan.missed_runs] == [16]


def test_durations_of_what_is_gone_count() -> None:
    slow = backup("slow", 20 * 24, end=NOW - 20 * 24 * HOUR + 110 * MINUTE)
    judged = assess(reading(backup("n", 3), history=SiteHistory((DeletedBackup(slow, NOW, NOW),))), NOW)
    assert judged.rpo.timeout is not None
    assert judged.rpo.timeout.longest.backup.name == "slow"
    assert [point.backup.name for point in judged.points] == ["n"]


def test_what_was_saved_is_never_good_news_and_no_state_for_monitoring() -> None:
    saved = replace(
        reading(backup("n", 3)),
        stores=Fetched(NOW - HOUR, (STORE,), source=Source.SAVED),
        backups={"vault": Fetched(NOW - HOUR, (backup("n", 3),), source=Source.SAVED)},
    )
    first = headline(assess(saved, NOW))[0]
    assert (first.text[:15], first.tone) == ("Saved 1 h ago (", "warn")
    asking = headline(assess(replace(saved, is_complete=False), NOW))[0]
    assert asking.text.startswith("Saved 1 h ago (asking): newest usable restore point: 3 h old")
    assert check(assess(saved, NOW), DAY, 2 * DAY).grade is Grade.UNKNOWN
