"""Tests of the grade and findings of the health check."""

from typing import Any

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.durations import DAY, HOUR, MINUTE
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrSettings, DrStatus, Release, Schedule, Site
from drtui.core.model.site_state import DeletedBackup, Fetched, SiteHistory, SiteState, Source
from drtui.core.summary.health_check import Check, Grade, check_health
from tests.conftest import NOW
from tests.core.points import STORE, backup, full_site, parts

FAILED_ANSWER: Fetched[Any] = Fetched(NOW, failure=Failure(FailureKind.UNREACHABLE, "dns", "the name is not known"))
OLD = backup("old", 30)
NIGHTLY = Schedule(
    "t",
    "CreateBackup",
    "Nightly",
    "nightly",
    "vault",
    "paused",
    active=False,
    cron="0 0 2 * * ?",
    created=NOW - 9 * DAY,
)
TORN = replace(backup("torn", 1), parts=parts(NOW - HOUR, "completed", "failed"))

MAKING = DrStatus("in_progress", 1, "Backup", backup="half-made", start=NOW - HOUR)
HALF_MADE = replace(backup("half-made", 1), parts=parts(NOW - HOUR, "completed", "in_progress"))
"""A completed record with running parts, as the server may return it while the backup is running."""


def history_with_deletions(*hours_ago: float) -> SiteHistory:
    """Return a history in which backups with 14 days of retention were found deleted `hours_ago` hours ago."""
    moments = [NOW - round(hours * HOUR) for hours in hours_ago]
    return SiteHistory(tuple(DeletedBackup(backup(f"gone-{at}", 10 * 24), at - HOUR, at) for at in moments))


def check_of(site_state: SiteState) -> Check:
    return check_health(assess(site_state, NOW), 24 * HOUR, 48 * HOUR)


@pytest.mark.parametrize(
    ("site_state", "grade", "codes"),
    [
        (full_site(backup("new", 3)), Grade.OK, ["fresh"]),
        (full_site(backup("new", 24)), Grade.OK, ["fresh"]),
        (full_site(backup("new", 24.001)), Grade.WARNING, ["too-old"]),
        (full_site(backup("new", 48)), Grade.WARNING, ["too-old"]),
        (full_site(backup("new", 48.001)), Grade.CRITICAL, ["too-old"]),
        (full_site(OLD, TORN), Grade.WARNING, ["too-old", "not-what-it-says"]),  # R6
        (full_site(backup("new", 3), backup("late", 1, status="x")), Grade.OK, ["fresh"]),
        (full_site(TORN), Grade.CRITICAL, ["nothing-usable"]),
        (full_site(), Grade.CRITICAL, ["nothing-usable"]),
        (full_site(backup("new", 3, release="11.3.0")), Grade.CRITICAL, ["nothing-usable"]),  # R12
        (full_site(backup("new", 3, retention=NOW + 23 * HOUR)), Grade.WARNING, ["expires-soon", "fresh"]),  # R46
        (full_site(backup("new", 3, retention=NOW + DAY)), Grade.OK, ["fresh"]),
        (
            full_site(backup("slow", 3, end=NOW - 3 * HOUR + 96 * MINUTE)),
            Grade.WARNING,
            ["timeout-near", "fresh"],
        ),
        (full_site(backup("slow", 3, end=NOW - 3 * HOUR + 95 * MINUTE)), Grade.OK, ["fresh"]),
        (
            full_site(backup("slow", 3), settings=Fetched(NOW, DrSettings(360))),
            Grade.WARNING,
            ["timeout-near", "fresh"],
        ),  # R29
        (
            full_site(backup("new", 3), status=Fetched(NOW, DrStatus("in_progress", 1, "Restore", start=NOW - HOUR))),
            Grade.WARNING,
            ["restore", "fresh"],
        ),  # R25
        (
            full_site(backup("new", 3), status=Fetched(NOW, DrStatus("completed_with_warnings", 1, "Restore"))),
            Grade.WARNING,
            ["restore", "fresh"],
        ),  # R25
        (
            full_site(backup("new", 3), status=Fetched(NOW, DrStatus("success", 3, "Restore"))),
            Grade.OK,
            ["fresh"],
        ),
        (full_site(backup("new", 3), status=Fetched(NOW, DrStatus("failed", 1, "Backup"))), Grade.OK, ["fresh"]),
        (
            full_site(backup("by-hand", 3, schedule_type="MANUAL"), schedules=Fetched(NOW, (NIGHTLY,))),
            Grade.WARNING,
            ["missed-run", "fresh"],
        ),  # R54
        (full_site(backup("old", 3), HALF_MADE, status=Fetched(NOW, MAKING)), Grade.OK, ["fresh"]),  # R25
        (
            full_site(backup("old", 3), HALF_MADE, status=Fetched(NOW, replace(MAKING, state="completed"))),
            Grade.WARNING,
            ["not-what-it-says", "fresh"],
        ),
        (
            full_site(backup("old", 3), HALF_MADE, status=Fetched(NOW, replace(MAKING, backup="another"))),
            Grade.WARNING,
            ["not-what-it-says", "fresh"],
        ),
        (full_site(backup("new", 3), history=history_with_deletions(23.9)), Grade.WARNING, ["vanished", "fresh"]),
        (full_site(backup("new", 3), history=history_with_deletions(24)), Grade.WARNING, ["vanished", "fresh"]),
        (full_site(backup("new", 3), history=history_with_deletions(24.1)), Grade.OK, ["fresh"]),
        (full_site(backup("new", 3), history=history_with_deletions(9 * 24)), Grade.OK, ["fresh"]),
        (
            full_site(backup("new", 3), history=history_with_deletions(1, 40, 2)),
            Grade.WARNING,
            ["vanished", "vanished", "fresh"],
        ),
    ],
)
def test_check_grades_known_data(site_state: SiteState, grade: Grade, codes: list[str]) -> None:
    result = check_of(site_state)
    assert (result.grade, sorted(finding.code for finding in result.findings)) == (grade, sorted(codes))
    assert [finding.grade for finding in result.findings] == sorted(
        (finding.grade for finding in result.findings), reverse=True
    )


DOUBTFUL, UNSURE, EXPIRED, FAILED = (
    {"backup_type": "INCREMENTAL"},
    {"parts": ()},
    {"retention": NOW},
    {"status": "failed"},
)


@pytest.mark.parametrize(
    ("backups", "grade", "codes"),
    [
        ([DOUBTFUL], Grade.WARNING, ["only-doubtful"]),
        ([UNSURE], Grade.UNKNOWN, ["cannot-tell"]),
        ([EXPIRED], Grade.CRITICAL, ["only-expired"]),
        ([FAILED], Grade.CRITICAL, ["nothing-usable"]),
        ([FAILED, DOUBTFUL], Grade.WARNING, ["only-doubtful"]),
        ([FAILED, UNSURE], Grade.UNKNOWN, ["cannot-tell"]),
        ([UNSURE, DOUBTFUL], Grade.WARNING, ["only-doubtful", "not-what-it-says"]),
        ([EXPIRED, UNSURE], Grade.UNKNOWN, ["cannot-tell", "not-what-it-says"]),
        ([UNSURE, EXPIRED, DOUBTFUL, FAILED, {}], Grade.WARNING, ["fresh", "not-what-it-says"]),
    ],
)
def test_check_says_nothing_restorable_only_when_nothing_can_be(
    backups: list[dict[str, Any]], grade: Grade, codes: list[str]
) -> None:
    result = check_of(full_site(*(backup(f"b{hours}", hours, **changes) for hours, changes in enumerate(backups, 1))))
    assert (result.grade, sorted(finding.code for finding in result.findings)) == (grade, sorted(codes))
    assert ("nothing restorable" in result.text) is (codes == ["nothing-usable"])


def test_check_names_the_newest_doubtful_when_none_is_usable() -> None:
    result = check_of(full_site(backup("a", 9, **DOUBTFUL), backup("b", 3, **DOUBTFUL), backup("c", 1, **UNSURE)))
    expected = 'newest: b, type is "INCREMENTAL"'
    assert expected in result.findings[0].text


@pytest.mark.parametrize(
    ("hours", "change", "grade", "codes"),
    [
        (47, DOUBTFUL, Grade.WARNING, ["only-doubtful", "too-old"]),
        (49, DOUBTFUL, Grade.CRITICAL, ["only-doubtful", "too-old"]),
        (49, UNSURE, Grade.UNKNOWN, ["cannot-tell", "too-old"]),
        (3, {"start": None}, Grade.UNKNOWN, ["cannot-tell"]),
    ],
)
def test_check_is_no_milder_when_the_newest_doubtful_is_too_old(
    hours: float, change: dict[str, Any], grade: Grade, codes: list[str]
) -> None:
    result = check_of(full_site(backup("a", hours, **change)))
    assert (result.grade, sorted(finding.code for finding in result.findings)) == (grade, codes)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"stores": FAILED_ANSWER}, "dns"),
        ({"stores": None}, "not-read"),
        ({"site": FAILED_ANSWER}, "dns"),  # R12: the release is needed
        ({"site": Fetched(NOW, Site(None))}, "no-release"),
        ({"backups": {"vault": FAILED_ANSWER}}, "dns"),  # R11
        ({"backups": {}}, "not-read"),
        ({"backups": {"vault": Fetched(NOW, (backup("kept", 1),), FAILED_ANSWER.failure)}}, "dns"),
        ({"stores": Fetched(NOW, (STORE,), source=Source.SAVED)}, "saved"),
        ({"backups": {"vault": Fetched(NOW, (backup("kept", 1),), source=Source.SAVED)}}, "saved"),
        ({"site": Fetched(NOW, Site(Release.parse("11.4.0")), source=Source.SAVED)}, "saved"),
    ],
)
def test_check_is_unknown_when_a_needed_resource_is_not_current(change: dict[str, Any], code: str) -> None:
    result = check_of(full_site(backup("new", 3), **change))
    assert result.grade is Grade.UNKNOWN
    assert code in {finding.code for finding in result.findings}


@pytest.mark.parametrize("unneeded", ["schedules", "settings", "status"])
def test_r55_check_is_ok_when_an_optional_resource_failed(unneeded: str) -> None:
    assert check_of(full_site(backup("new", 3), **{unneeded: FAILED_ANSWER})).grade is Grade.OK
