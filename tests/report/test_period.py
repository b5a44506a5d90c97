"""The report of a period: what is counted, and what stands where something cannot be."""

import datetime as dt

import pytest
from msgspec.structs import replace

from drtui.model.backup import NEVER, Backup
from drtui.model.judgement import judgement
from drtui.model.moment import DAY, HOUR, stamp
from drtui.model.reading import Answer, Gone, Past, Reading
from drtui.model.site import Schedule
from drtui.model.view import View
from drtui.report.period import Period, as_report
from tests.conftest import NOW
from tests.model.points import backup, parts, reading
from tests.model.test_cadence import NIGHTLY

VIEW = View(NOW, dt.UTC)
TORN = replace(backup("torn", 1), parts=parts(NOW - HOUR, "completed", "failed"))


def report(found: Reading, days: int = 30) -> list[str]:
    return as_report(Period.of(judgement(found, NOW), days), VIEW).splitlines()


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (reading(backup("new", 3), backup("old", 26)), ("0 gaps longer than the target", "0 failed restore points")),
        (reading(backup("new", 3), backup("old", 30)), ("1 gap longer than the target", "0 failed restore points")),
        (reading(), ("gaps unknown", "0 failed restore points")),
        (reading(TORN), ("gaps unknown", "1 failed restore point")),
        (reading(replace(TORN, start=NOW - 40 * HOUR)), ("1 gap longer than the target", "1 failed restore point")),
    ],
)
def test_report_counts_gaps_when_a_whole_backup_is_known(found: Reading, expected: tuple[str, str]) -> None:
    (counts,) = (line.removeprefix("* ").split(", ") for line in report(found) if " failed restore point" in line)
    assert (counts[0], counts[-1]) == expected


def test_failed_are_not_those_of_another_release_alone() -> None:
    other = backup("other", 4, release="11.3.0")
    both = replace(TORN, name="both", release="11.3.0")
    period = Period.of(judgement(reading(backup("new", 3), TORN, other, both), NOW), 30)
    assert {each.backup.name for each in period.failed} == {"torn", "both"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [({}, True), ({"kept": False}, False), ({"late": True}, False)],
    ids=["vanished", "expired", "before"],
)
def test_findings_are_there_when_something_vanished_in_the_period(change: dict[str, bool], *, expected: bool) -> None:
    since = NOW - (40 if change.get("late") else 2) * DAY
    retention = since + DAY if change.get("kept", True) else since - DAY
    past = Past((Gone(backup("gone", 50 * 24, retention=retention), since - HOUR, since),))
    found = reading(*(backup(f"kept-{number}", 3 + 20 * number) for number in range(70)), past=past)
    assert Period.of(judgement(found, NOW), 30).findings is expected


@pytest.mark.parametrize(
    ("more", "schedules", "expected"),
    [((), (), False), ((TORN,), (), True), ((), (replace(NIGHTLY, prefix="other"),), True)],
    ids=["nothing", "failed", "missed"],
)
def test_findings_are_there_when_only_one_thing_is_wrong(
    more: tuple[Backup, ...], schedules: tuple[Schedule, ...], *, expected: bool
) -> None:
    kept = [backup(f"kept-{number}", 3 + 20 * number) for number in range(70)]
    judged = judgement(reading(*kept, *more, schedules=Answer(NOW, schedules)), NOW)
    assert Period.of(judged, 30).findings is expected


@pytest.mark.parametrize("release", ["11.4.0", ""])
def test_report_has_a_dash_when_a_restore_point_names_no_release(release: str) -> None:
    (row,) = [line for line in report(reading(backup("new", 3, release=release))) if line.startswith("| new |")]
    assert row.split(" | ")[-1] == f"{release or '-'} |"


def test_report_says_when_the_last_usable_one_goes() -> None:
    end = NOW + 10 * DAY
    assert f"* Without a new backup the last usable one goes {stamp(end, dt.UTC)} (in 10 d)" in [
        line.partition(";")[0] for line in report(reading(backup("new", 3, retention=end)))
    ]
    forever = report(reading(backup("kept", 3, retention=NEVER)))
    assert "* Without a new backup the last usable one has no end of retention" in forever
