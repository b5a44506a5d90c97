"""The audit report: counts, and words where a number is unknown."""

import datetime as dt
import json
from typing import Any

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import DAY, HOUR
from drtui.core.formatting.times import format_full
from drtui.core.model.backup import NEVER, Backup
from drtui.core.model.site import Schedule, Store
from drtui.core.model.site_state import DeletedBackup, Fetched, SiteHistory, SiteState
from drtui.output.failures import failure_object
from drtui.output.report import AuditPeriod, as_markdown, report_json
from tests.conftest import NOW
from tests.core.points import STORE, backup, parts, site_of
from tests.core.schedules.test_missed_runs import NIGHTLY, REFUSED

VIEW = DisplayContext(NOW, dt.UTC)
TORN = replace(backup("torn", 1), parts=parts(NOW - HOUR, "completed", "failed"))


def report(site_state: SiteState, days: int = 30) -> list[str]:
    return as_markdown(AuditPeriod.last_days(assess(site_state, NOW), days), VIEW).splitlines()


@pytest.mark.parametrize(
    ("site_state", "expected"),
    [
        (site_of(backup("new", 3), backup("old", 26)), ("0 gaps longer than the target", "0 failed restore points")),
        (site_of(backup("new", 3), backup("old", 30)), ("1 gap longer than the target", "0 failed restore points")),
        (site_of(), ("gaps unknown", "0 failed restore points")),
        (site_of(TORN), ("gaps unknown", "1 failed restore point")),
        (site_of(replace(TORN, start=NOW - 40 * HOUR)), ("1 gap longer than the target", "1 failed restore point")),
    ],
)
def test_report_counts_gaps_when_a_whole_backup_is_known(site_state: SiteState, expected: tuple[str, str]) -> None:
    (counts,) = (line.removeprefix("* ").split(", ") for line in report(site_state) if " failed restore point" in line)
    assert (counts[0], counts[-1]) == expected


def test_failed_excludes_points_when_only_their_release_differs() -> None:
    other_release = backup("other", 4, release="11.3.0")
    both = replace(TORN, name="both", release="11.3.0")
    period = AuditPeriod.last_days(assess(site_of(backup("new", 3), TORN, other_release, both), NOW), 30)
    assert {point.backup.name for point in period.failed} == {"torn", "both"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [({}, True), ({"kept": False}, False), ({"late": True}, False)],
    ids=["vanished", "expired", "before"],
)
def test_findings_are_there_when_something_vanished_in_the_period(change: dict[str, bool], *, expected: bool) -> None:
    since = NOW - (40 if change.get("late") else 2) * DAY
    retention = since + DAY if change.get("kept", True) else since - DAY
    past = SiteHistory((DeletedBackup(backup("gone", 50 * 24, retention=retention), since - HOUR, since),))
    document = site_of(*(backup(f"kept-{number}", 3 + 20 * number) for number in range(70)), history=past)
    assert AuditPeriod.last_days(assess(document, NOW), 30).has_findings is expected


@pytest.mark.parametrize(
    ("more", "schedules", "expected"),
    [((), (), False), ((TORN,), (), True), ((), (replace(NIGHTLY, prefix="other"),), True)],
    ids=["nothing", "failed", "missed"],
)
def test_findings_are_there_when_only_one_thing_is_wrong(
    more: tuple[Backup, ...], schedules: tuple[Schedule, ...], *, expected: bool
) -> None:
    kept_points = [backup(f"kept-{number}", 3 + 20 * number) for number in range(70)]
    assessment = assess(site_of(*kept_points, *more, schedules=Fetched(NOW, schedules)), NOW)
    assert AuditPeriod.last_days(assessment, 30).has_findings is expected


@pytest.mark.parametrize("release", ["11.4.0", ""])
def test_report_has_a_dash_when_a_restore_point_names_no_release(release: str) -> None:
    (row,) = [line for line in report(site_of(backup("new", 3, release=release))) if line.startswith("| new |")]
    assert row.split(" | ")[-1] == f"{release or '-'} |"


def test_report_says_when_the_last_usable_point_expires() -> None:
    end = NOW + 10 * DAY
    assert f"* Without a new backup the last usable restore point expires {format_full(end, dt.UTC)} (in 10 d)" in [
        line.partition(";")[0] for line in report(site_of(backup("new", 3, retention=end)))
    ]
    forever = report(site_of(backup("kept", 3, retention=NEVER)))
    assert "* Without a new backup the last usable restore point never expires, or its expiry is unknown" in forever


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "missed runs unknown, failed runs unknown"),
        ({"schedules": REFUSED}, "missed runs unknown, failed runs unknown"),
        ({"schedules": Fetched(NOW, ())}, "0 missed runs, 0 failed runs"),
        ({"schedules": Fetched(NOW, (NIGHTLY,))}, "30 missed runs, 0 failed runs"),
        (
            {"schedules": Fetched(NOW, (NIGHTLY,)), "stores": Fetched(NOW, (STORE, Store("unread")))},
            "30 missed runs, failed runs unknown",
        ),
    ],
    ids=["not asked", "refused", "no schedule", "missed", "missed, more may be"],
)
def test_report_counts_runs_when_they_are_known(changes: dict[str, Any], expected: str) -> None:
    (counts,) = (line for line in report(site_of(backup("new", 3), **changes)) if " longer than the target, " in line)
    assert counts.partition(", ")[2].rpartition(", ")[0] == expected


@pytest.mark.parametrize("schedules", [REFUSED, Fetched(NOW, ())], ids=["refused", "read"])
def test_report_names_an_answer_when_it_could_not_be_read(schedules: Fetched[Any]) -> None:
    document = site_of(backup("new", 3), schedules=schedules)
    lines, failure = report(document), schedules.failure
    failures = json.loads(report_json(AuditPeriod.last_days(assess(document, NOW), 30), VIEW))["failures"]
    if failure is None:
        assert ("## Could not be read" in lines, failures) == (False, [])
    else:
        at = lines.index("## Could not be read")
        assert lines[at + 1 : at + 4] == ["", f"* schedules: {failure.line}", ""]
        assert failures == [failure_object("schedules", failure)]


def test_report_says_since_when_the_list_is_known_when_a_window_begins_earlier() -> None:
    kept_points = (backup(f"backup-{number}", 20 * number + 3, retention=NEVER) for number in range(58))
    since = format_full(NOW - (20 * 57 + 3) * HOUR, dt.UTC)
    assert [line for line in report(site_of(*kept_points)) if line.startswith("* Worst in ")] == [
        "* Worst in 7 days: 20 h",
        "* Worst in 30 days: 20 h",
        f"* Worst in 90 days: 20 h (known from {since} only)",
    ]
