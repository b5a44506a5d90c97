"""Tests of the strip of the last days: one cell a day, with the worst of what it was to bring."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.durations import DAY, HOUR, MINUTE
from drtui.core.formatting.times import UTC
from drtui.core.model.backup import Backup
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrStatus, Release, Schedule, Site
from drtui.core.model.site_state import DeletedBackup, Fetched, SiteHistory, SiteState, Source
from drtui.core.summary.day_strip import DAY_MARKS, DayOutcome, build_day_strip, strip_text
from tests.conftest import NOW
from tests.core.points import STORE, backup, parts, site_of

MIDNIGHT = NOW - NOW % DAY
NIGHTLY = Schedule(
    "t", "CreateBackup", "Nightly", "nightly", "vault", "active", active=True, cron="0 0 2 * * ?",
    created=MIDNIGHT - 10 * DAY,
)  # fmt: skip
BROKEN: Fetched[Any] = Fetched(NOW, failure=Failure(FailureKind.REFUSED, "403", "no permission"))


def night(days_ago: int, **changes: Any) -> Backup:
    """Return the nightly backup of a day; `changes` replaces fields."""
    start = MIDNIGHT - days_ago * DAY + 2 * HOUR
    name = f"nightly-{dt.datetime.fromtimestamp(start / 1000, UTC):%Y-%m-%d}-02-00-09"
    return replace(backup(name, (NOW - start) / HOUR), **changes)


def strip_of(site_state: SiteState, zone: dt.tzinfo = UTC, count: int = 10, now: int = NOW) -> str:
    return strip_text(build_day_strip(assess(site_state, now), zone, count), plain=False)


def planned(*backups: Backup, **changes: Any) -> SiteState:
    """Return a site with the nightly schedule and these backups."""
    return site_of(*backups, **({"schedules": Fetched(NOW, (NIGHTLY,))} | changes))


TORN = {"parts": parts(NOW, "completed", "failed")}
NIGHTS = [night(day) for day in range(10)]


@pytest.mark.parametrize(
    ("site_state", "expected"),
    [
        (planned(*NIGHTS), "✓✓✓✓✓✓✓✓✓✓"),
        (planned(*NIGHTS[:3], *NIGHTS[4:]), "✓✓✓✓✓✓▫✓✓✓"),
        (planned(night(0), night(1, **TORN), *NIGHTS[2:]), "✓✓✓✓✓✓✓✓✗✓"),
        (planned(*NIGHTS[1:], night(0, backup_type="X")), "✓✓✓✓✓✓✓✓✓!"),
        (planned(*NIGHTS, backup("by-hand", 3 * 24, status="failed")), "✓✓✓✓✓✓✗✓✓✓"),
        (planned(*NIGHTS[:1], *NIGHTS[2:], backup("by-hand", 24)), "✓✓✓✓✓✓✓✓▫✓"),
        (
            planned(
                *NIGHTS,
                backup("new", 0, start=NOW - MINUTE, end=None, status="in_progress"),
                status=Fetched(NOW, DrStatus("in_progress", 1, "Backup", "vault", "new", start=NOW - MINUTE)),
            ),
            "✓✓✓✓✓✓✓✓✓↻",
        ),
        (site_of(backup("a", 30), backup("b", 5 * 24), schedules=Fetched(NOW, ())), "????✓⋅⋅⋅✓⋅"),
        (site_of(schedules=Fetched(NOW, ())), "⋅⋅⋅⋅⋅⋅⋅⋅⋅⋅"),
        (site_of(backup("a", 30), backup("b", 5 * 24), schedules=BROKEN), "????✓???✓?"),
        (site_of(backup("a", 30), backup("b", 5 * 24)), "????✓???✓?"),
        (planned(backups={"vault": BROKEN}), "??????????"),
        (planned(*NIGHTS, backups={"vault": Fetched(NOW, tuple(NIGHTS), incomplete_reason="more")}), "??????????"),
        (planned(*NIGHTS, schedules=Fetched(NOW, (replace(NIGHTLY, cron="nightly"),))), "✓✓✓✓✓✓✓✓✓✓"),
        (planned(*NIGHTS[:5], site=Fetched(NOW, Site(Release.parse("11.5.0")))), "?????✓✓✓✓✓"),
        (
            planned(*NIGHTS[:5], history=SiteHistory((DeletedBackup(night(6), NOW - DAY, NOW),))),
            "???✓▫✓✓✓✓✓",
        ),
        (
            planned(*NIGHTS[:5], history=SiteHistory((DeletedBackup(night(6, **TORN), NOW - DAY, NOW),))),
            "???✗▫✓✓✓✓✓",
        ),
    ],
    ids=[
        "all usable", "one missed", "one failed", "one doubtful", "failed by hand", "missed, then by hand", "running",
        "no schedules", "nothing at all", "schedules unread", "schedules not asked", "list unread", "list incomplete",
        "cron unreadable", "another release", "deleted", "deleted and failed",
    ],
)  # fmt: skip
def test_strip_shows_the_worst_of_each_day(site_state: SiteState, expected: str) -> None:
    assert strip_of(site_state) == expected


def test_strip_says_unknown_for_days_before_the_list_is_whole() -> None:
    old_task = replace(NIGHTLY, created=MIDNIGHT - 90 * DAY, retention_offset=5 * DAY)
    kept = [night(day, retention=MIDNIGHT - day * DAY + 5 * DAY) for day in range(5)]
    assert strip_of(site_of(*kept, schedules=Fetched(NOW, (old_task,)))) == "?????✓✓✓✓✓"


def test_strip_says_unknown_for_days_after_the_saved_list() -> None:
    lists = {"vault": Fetched(NOW - 3 * DAY, tuple(NIGHTS[3:]), source=Source.SAVED)}
    stores = Fetched(NOW - 3 * DAY, (STORE,), source=Source.SAVED)
    assert strip_of(planned(stores=stores, backups=lists)) == "✓✓✓✓✓✓✓???"


@pytest.mark.parametrize("now", ["2026-03-30T12:00", "2026-10-26T12:00"])
def test_strip_has_one_cell_a_day_when_the_clock_changes(now: str) -> None:
    """A day of 23 or 25 hours is one cell, and a backup before and after midnight is in the right one."""
    berlin = ZoneInfo("Europe/Berlin")
    moment = int(dt.datetime.fromisoformat(now).replace(tzinfo=berlin).timestamp() * 1000)
    noon = dt.datetime.fromisoformat(now).replace(tzinfo=berlin)
    edges = [
        int((noon - dt.timedelta(days=back)).replace(hour=hour, minute=minute).timestamp() * 1000)
        for back, hour, minute in ((1, 0, 5), (1, 23, 55), (3, 12, 0))
    ]
    backups = tuple(backup(f"b{start}", (NOW - start) / HOUR) for start in edges)
    state = SiteState(
        "gis", stores=Fetched(moment, (STORE,)), backups={"vault": Fetched(moment, backups)},
        schedules=Fetched(moment, ()), site=Fetched(moment, Site(Release.parse("11.4.0"))), is_complete=True,
    )  # fmt: skip
    days = build_day_strip(assess(state, moment), berlin, 4)
    assert [day.date.isoformat()[5:] for day in days] == (
        ["03-27", "03-28", "03-29", "03-30"] if "-03-" in now else ["10-23", "10-24", "10-25", "10-26"]
    )
    assert strip_text(days, plain=False) == "✓⋅✓⋅"


def test_strip_moves_a_backup_to_another_day_when_the_zone_differs() -> None:
    late = backup("late", (NOW - MIDNIGHT) / HOUR + 1)
    state = site_of(late, schedules=Fetched(NOW, ()))
    assert (strip_of(state, UTC, 2), strip_of(state, ZoneInfo("Asia/Tokyo"), 2)) == ("✓⋅", "?✓")


def test_strip_is_ascii_and_one_cell_a_day_when_plain() -> None:
    assert set(DAY_MARKS) == set(DayOutcome)
    for mark in DAY_MARKS.values():
        assert len(mark.symbol) == len(mark.ascii) == 1
        assert mark.ascii.isascii()
    days = build_day_strip(assess(planned(*NIGHTS), NOW), UTC)
    assert len(days) == 30
    assert strip_text(days, plain=True).isascii()
