"""Failed runs: which they are, how many in a row, and how they are reported."""

from typing import Any

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import Assessment, assess
from drtui.core.formatting.durations import DAY, HOUR, MINUTE
from drtui.core.model.backup import EXPECTED_PARTS, Backup
from drtui.core.model.site import DrSettings, DrStatus, Release, Site
from drtui.core.model.site_state import DeletedBackup, Fetched, SiteHistory, SiteState
from drtui.core.schedules.failed_runs import Outcome
from drtui.core.schedules.schedule_runs import ScheduleRuns
from drtui.core.summary.headline import build_headline
from drtui.core.summary.health_check import Grade
from tests.conftest import NOW
from tests.core.points import assess_site, check_all_but_age, parts, site_of
from tests.core.schedules.test_missed_runs import MIDNIGHT, NIGHTLY, REFUSED, night, nights

WEEK = 7 * DAY
TASKS = Fetched(NOW, (NIGHTLY,))
GOING: dict[str, Any] = {"status": "in_progress", "end": None}


def failed(days_ago: int, *statuses: str | None, **changes: Any) -> Backup:
    """Return the failed backup of a night with these statuses of parts; by default the object store failed."""
    start = night(days_ago).start or 0
    captured_parts = parts(start, *(statuses or ("completed", "failed")))
    return night(days_ago, **{"status": "failed", "parts": captured_parts, **changes})


THREE = tuple(failed(days) for days in (2, 1, 0))


def plan_of(*backups: Backup, now: int = NOW, **changes: Any) -> ScheduleRuns:
    whole = site_of(*backups, **{"schedules": TASKS, **changes})
    (schedule,) = assess(whole, now, DAY).schedules
    return schedule


def assess_schedules(*backups: Backup, **changes: Any) -> Assessment:
    return assess_site(*backups, **{"schedules": TASKS, **changes})


def outcomes(schedule: ScheduleRuns) -> str:
    """Return a letter for each run."""
    letters = {Outcome.GOOD: ".", Outcome.FAILED: "f", Outcome.MISSED: "m", Outcome.RUNNING: "r"}
    return "".join(letters[run.outcome] for run in schedule.runs)


@pytest.mark.parametrize(
    ("last", "outcome", "reason"),
    [
        (night(0), ".", ""),
        (failed(0), "f", "object store: failed"),
        (failed(0, "failed", "failed"), "f", "relational store: failed, object store: failed"),
        (failed(0, "completed", "cancelled", "not_started"), "f", "object store: cancelled"),
        (
            failed(0, "completed", "not_started", "not_started"),
            "f",
            "object store: not_started, infrastructure: not_started",
        ),
        (failed(0, status="completed"), "f", "object store: failed"),
        (failed(0, "completed", None, status="completed"), "f", "object store: no status"),
        (night(0, status="failed"), "f", "status: failed"),
        (night(0, status="completed_with_errors"), "f", "status: completed_with_errors"),
        (night(0, status="CANCELLED"), "f", "status: CANCELLED"),
        (night(0, status=None), "f", "no status in the record"),
        (night(0, status="failed", end=None), "f", "status: failed"),
        (night(0, parts=parts(NOW)[:2]), "f", "no infrastructure in the record"),
        (night(0, parts=()), "f", "no relational store, object store, infrastructure in the record"),
        (night(0, end=None), "f", "not complete within its limit of 2 h"),
        (night(0, **GOING), "f", "not complete within its limit of 2 h"),
        (night(0, release="11.3.0"), ".", ""),  # R12: another release is no failure
        (night(0, release=""), ".", ""),
        (night(0, retention=NOW - HOUR), ".", ""),  # R40: nor is the end of its retention
        (night(0, backup_type="INCREMENTAL"), ".", ""),
    ],
)
def test_run_is_failed_with_reason_when_record_is_incomplete(last: Backup, outcome: str, reason: str) -> None:
    schedule = plan_of(night(1), last)
    assert outcomes(schedule) == f".{outcome}"
    assert (schedule.runs[-1].reason, schedule.is_failing, schedule.is_overdue) == (reason, outcome == "f", False)
    assert [run.at for run in schedule.streak] == ([schedule.runs[-1].at] if outcome == "f" else [])


@pytest.mark.parametrize(
    ("minutes", "changes", "expected"),
    [
        (129, {}, ".r"),
        (131, {}, ".f"),
        (59, {"settings": Fetched(NOW, DrSettings(3_000))}, ".r"),  # R29: fifty minutes, and ten more
        (61, {"settings": Fetched(NOW, DrSettings(3_000))}, ".f"),
    ],
)
def test_run_is_running_until_ten_minutes_past_the_time_limit(
    minutes: int, changes: dict[str, Any], expected: str
) -> None:
    last = night(0, **GOING)
    now = (last.start or 0) + minutes * MINUTE
    lists = {"vault": Fetched(now, (night(1), last))}
    assert outcomes(plan_of(night(1), last, now=now, backups=lists, **changes)) == expected


def test_streak_continues_when_latest_backup_is_running() -> None:
    last = night(0, **GOING)
    now = (last.start or 0) + 2 * HOUR
    schedule = plan_of(failed(1), last, now=now, backups={"vault": Fetched(now, (failed(1), last))})
    assert (outcomes(schedule), len(schedule.streak), schedule.is_failing) == ("fr", 1, True)


def test_run_is_running_until_time_limit_when_status_names_its_backup() -> None:
    last = failed(0)
    status = DrStatus("in_progress", 1, "Backup", "vault", last.name, start=last.start)
    early, late = (last.start or 0) + HOUR, (last.start or 0) + 3 * HOUR
    for now, expected in ((early, ".r"), (late, ".f")):
        lists = {"vault": Fetched(now, (night(1), last))}
        assert outcomes(plan_of(night(1), last, now=now, backups=lists, status=Fetched(now, status))) == expected


def test_failed_run_counts_before_the_tolerance_is_over() -> None:
    now = (night(0).start or 0) + 11 * MINUTE
    for last, expected in ((failed(0), "..f"), (night(0), "..."), (night(0, **GOING), "..")):
        lists = {"vault": Fetched(now, (night(2), night(1), last))}
        assert outcomes(plan_of(night(2), night(1), last, now=now, backups=lists)) == expected


@pytest.mark.parametrize(
    ("backups", "expected", "streak"),
    [
        ((night(3), *THREE), ".fff", 3),
        ((night(3), failed(1), failed(0)), ".mff", 3),
        ((night(3), failed(2)), ".fmm", 3),
        ((night(3), failed(2), night(0)), ".fm.", 0),
        ((failed(3), night(2), failed(1), night(0, **GOING)), "f.f", 1),
        (THREE, "fff", 3),
    ],
)
def test_streak_has_failed_and_missed_runs(backups: tuple[Backup, ...], expected: str, streak: int) -> None:
    """A running backup does not end a streak of failures."""
    now = (night(0).start or 0) + 20 * MINUTE if "in_progress" in {backup.status for backup in backups} else NOW
    schedule = plan_of(*backups, now=now, backups={"vault": Fetched(now, backups)})
    assert (outcomes(schedule), len(schedule.streak)) == (expected, streak)


def test_run_is_good_when_one_of_its_backups_is() -> None:
    again = night(0, late=20 * MINUTE)
    assert outcomes(plan_of(night(1), failed(0), again)) == ".."
    assert outcomes(plan_of(night(1), again, failed(0, start=(again.start or 0) + MINUTE))) == ".."
    assert outcomes(plan_of(night(1), failed(0), failed(0, start=(again.start or 0)))) == ".f"


@pytest.mark.parametrize(
    ("cron", "backups", "expected"),
    [
        ("0 0 2 ? * 1", (*nights(8, 1), failed(0)), "..f"),  # on Sundays only, and this is a Monday
        ("0 0 2 ? * 1", (*nights(8, 1), failed(0), night(0, late=5 * HOUR)), "..f."),
        ("0 0 2 ? * 1", (*nights(8, 1), night(0, late=12 * HOUR, **GOING)), ".."),
        ("0 0 2 * * ?", (*nights(1), night(0, late=5 * HOUR)), ".m."),  # later than a run is waited for
        ("0 0 2 * * ?", (*nights(1), failed(0, start=(night(0).start or 0) + 5 * HOUR)), ".mf"),
        ("0 0 2 1 * ?", (failed(0),), "f"),
        ("0 0 2 1 * ?", (night(0),), "."),
    ],
)
def test_latest_backup_counts_as_run_when_none_was_due(cron: str, backups: tuple[Backup, ...], expected: str) -> None:
    task = replace(NIGHTLY, cron=cron, created=MIDNIGHT - 15 * DAY)
    assert outcomes(plan_of(*backups, schedules=Fetched(NOW, (task,)))) == expected


def test_run_is_failed_when_record_is_only_in_history() -> None:
    past = SiteHistory((DeletedBackup(failed(1), NOW - DAY, NOW - HOUR),), ())
    assert outcomes(plan_of(night(2), night(0), history=past)) == ".f."


@pytest.mark.parametrize("kind", EXPECTED_PARTS)
def test_run_is_failed_when_a_documented_part_is_missing(kind: str) -> None:
    whole = night(0)
    assert outcomes(plan_of(night(1), replace(whole, parts=tuple(p for p in whole.parts if p.kind != kind)))) == ".f"


@pytest.mark.parametrize(
    "schedules", [TASKS, REFUSED, None, Fetched(NOW, ()), Fetched(NOW, (replace(NIGHTLY, cron="x"),))]
)
def test_check_warns_of_failed_runs_when_an_older_point_is_fresh_enough(schedules: Any) -> None:
    """The result is the same whatever is known of the tasks."""
    assessment = assess_schedules(*nights(5, 4, 3), *THREE, schedules=schedules)
    result = check_all_but_age(assessment)
    assert result.grade is Grade.WARNING
    assert ("3 runs" in result.text, "failed (object store: failed)" in result.text) == (True, True)
    assert assessment.failed_count == 3
    assert [schedule.is_failing for schedule in assessment.schedules] == [True]


@pytest.mark.parametrize("backups", [(failed(1),), (failed(1), failed(0)), (night(9), failed(1))])
def test_check_warns_of_a_failed_run_when_too_few_names_teach_a_cadence(backups: tuple[Backup, ...]) -> None:
    for schedules in (REFUSED, Fetched(NOW, ())):
        result = check_all_but_age(assess_schedules(night(0, prefix="other"), *backups, schedules=schedules))
        assert (result.grade, "failed" in result.text) == (Grade.WARNING, True)


@pytest.mark.parametrize(
    ("backups", "code", "text"),
    [
        ((night(3), *THREE), "failed-run", "last 3 runs of Nightly failed (object store: failed)"),
        ((night(1), failed(0)), "failed-run", "last run of Nightly failed (object store: failed)"),
        (
            (night(3), failed(1, status="x"), night(0, status="cancelled")),
            "failed-run",
            (
                "no usable backup from the last 3 runs of Nightly: 2 failed (status: cancelled), 1 missed"
                " since 2026-09-19 02:00 UTC"
            ),
        ),
        ((night(2), night(1)), "missed-run", "last run of Nightly missed, due 2026-09-21 02:00 UTC"),
        ((night(4), night(3)), "missed-run", "last 3 runs of Nightly missed since 2026-09-19 02:00 UTC"),
    ],
)
def test_check_says_how_many_runs_in_a_row_left_no_usable_backup(
    backups: tuple[Backup, ...], code: str, text: str
) -> None:
    findings = {finding.code: finding for finding in check_all_but_age(assess_schedules(*backups)).findings}
    assert (findings[code].text, findings[code].grade) == (text, Grade.WARNING)


@pytest.mark.parametrize(
    ("backups", "expected"),
    [
        ((night(3), *THREE), ("Last 3 runs of Nightly FAILED (object store: failed)", "bad")),
        (
            (night(3), failed(1), failed(0)),
            ("No usable backup from the last 3 runs of Nightly: 2 FAILED (object store: failed), 1 missed", "bad"),
        ),
        (
            (night(4), failed(3), failed(2), *nights(1, 0)),
            ("2 runs of Nightly failed in 7 days (object store: failed)", "warn"),
        ),
        (
            (night(4), failed(3), *nights(1, 0)),
            (
                "2 runs of Nightly left no usable backup in 7 days: 1 failed (object store: failed), 1 missed",
                "warn",
            ),
        ),
        ((failed(9), *nights(*range(8, -1, -1))), None),
        (tuple(night(day, release="11.3.0") for day in (2, 1, 0)), None),
    ],
)
def test_headline_reports_failed_runs(backups: tuple[Backup, ...], expected: tuple[str, str] | None) -> None:
    sentences = [
        (sentence.text, sentence.tone)
        for sentence in build_headline(assess_schedules(*backups))
        if "Nightly" in sentence.text
    ]
    assert sentences == ([expected] if expected else [])


def test_check_is_silent_when_the_latest_run_is_good_or_only_of_another_release() -> None:
    assert [f.code for f in check_all_but_age(assess_schedules(*THREE[:2], night(0))).findings if not f.is_unknown] == [
        "fresh"
    ]
    upgraded = assess_schedules(*nights(2, 1, 0), site=Fetched(NOW, Site(Release.parse("11.5.0"))))
    assert upgraded.failed_count == 0


def test_counts_are_none_with_a_reason_when_runs_are_not_known() -> None:
    def counts_of(**changes: Any) -> tuple[int | None, int | None, str]:
        assessment = assess_schedules(*nights(2, 1, 0), **changes)
        return assessment.missed_count, assessment.failed_count, assessment.unknown_runs_reason

    unread: SiteState = site_of(backups={"vault": REFUSED})
    assert counts_of() == (0, 0, "")
    assert counts_of(backups=unread.backups) == (None, None, "not every list of backups was read")
    assert counts_of(schedules=REFUSED) == (0, 0, "schedules could not be read: may not read the tasks")
    assert counts_of(schedules=None) == (0, 0, "schedules were not read")
    assert assess_schedules(schedules=REFUSED).missed_count is None
    vague = Fetched(NOW, (replace(NIGHTLY, cron="", interval_seconds=None, prefix="x", title="Odd"), NIGHTLY))
    assert counts_of(schedules=vague) == (None, None, "runs of Odd: no cron expression and no interval")
    later = assess_schedules(*nights(4, 3), *THREE, schedules=vague)
    assert (later.missed_count, later.failed_count) == (None, 3)


def test_cadence_lists_failed_runs_newest_first() -> None:
    status = assess_schedules(*THREE)
    assert [run.at for _, run in status.failed_runs] == sorted((run.at for _, run in status.failed_runs), reverse=True)
    assert len(status.failed_runs) == 3
    assert status.missed_runs == ()


def test_headline_reports_failed_runs_before_the_last_operation_when_it_was_one() -> None:
    status = DrStatus("failed", 1, "Backup", "vault", THREE[-1].name, start=THREE[-1].start, end=THREE[-1].end)
    sentences = [
        sentence.text for sentence in build_headline(assess_schedules(night(3), *THREE, status=Fetched(NOW, status)))
    ]
    assert sentences[1] == "Last 3 runs of Nightly FAILED (object store: failed)"
    assert sentences[2].startswith(f"Backup {THREE[-1].name} FAILED")
    going = replace(status, state="in_progress", end=None, start=NOW - HOUR, backup="by-hand")
    assert [
        sentence.text for sentence in build_headline(assess_schedules(night(3), *THREE, status=Fetched(NOW, going)))
    ][2].startswith("Backup by-hand")
