"""One grade for monitoring: a table of values."""

from typing import Any

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.times import DAY, HOUR, MINUTE
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrSettings, DrStatus, Release, Schedule, Site
from drtui.core.model.site_state import DeletedBackup, Fetched, SiteHistory, SiteState, Source
from drtui.core.summary.health_check import Check, Grade, check
from tests.conftest import NOW
from tests.core.points import STORE, all_read, backup, parts

TROUBLE: Fetched[Any] = Fetched(NOW, failure=Failure(FailureKind.UNREACHABLE, "dns", "the name is not known"))
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
"""Its own status says completed, its parts do not: as a record may look while the backup is still being made."""


def gone(*hours_ago: float) -> SiteHistory:
    """A past in which backups kept for 14 days were found missing so many hours ago."""
    moments = [NOW - round(hours * HOUR) for hours in hours_ago]
    return SiteHistory(tuple(DeletedBackup(backup(f"gone-{at}", 10 * 24), at - HOUR, at) for at in moments))


def graded(found: SiteState) -> Check:
    return check(assess(found, NOW), 24 * HOUR, 48 * HOUR)


@pytest.mark.parametrize(
    ("found", "grade", "codes"),
    [
        (all_read(backup("new", 3)), Grade.OK, ["fresh"]),
        (all_read(backup("new", 24)), Grade.OK, ["fresh"]),
        (all_read(backup("new", 24.001)), Grade.WARNING, ["too-old"]),
        (all_read(backup("new", 48)), Grade.WARNING, ["too-old"]),
        (all_read(backup("new", 48.001)), Grade.CRITICAL, ["too-old"]),
        (all_read(OLD, TORN), Grade.WARNING, ["too-old", "not-what-it-says"]),  # R6
        (all_read(backup("new", 3), backup("late", 1, status="x")), Grade.OK, ["fresh"]),
        (all_read(TORN), Grade.CRITICAL, ["nothing-usable"]),
        (all_read(), Grade.CRITICAL, ["nothing-usable"]),
        (all_read(backup("new", 3, release="11.3.0")), Grade.CRITICAL, ["nothing-usable"]),  # R12
        (all_read(backup("new", 3, retention=NOW + 23 * HOUR)), Grade.WARNING, ["expires-soon", "fresh"]),  # R46
        (all_read(backup("new", 3, retention=NOW + DAY)), Grade.OK, ["fresh"]),
        (all_read(backup("slow", 3, end=NOW - 3 * HOUR + 96 * MINUTE)), Grade.WARNING, ["timeout-near", "fresh"]),
        (all_read(backup("slow", 3, end=NOW - 3 * HOUR + 95 * MINUTE)), Grade.OK, ["fresh"]),
        (
            all_read(backup("slow", 3), settings=Fetched(NOW, DrSettings(360))),
            Grade.WARNING,
            ["timeout-near", "fresh"],
        ),  # R29
        (
            all_read(backup("new", 3), status=Fetched(NOW, DrStatus("in_progress", 1, "Restore", start=NOW - HOUR))),
            Grade.WARNING,
            ["restore", "fresh"],
        ),  # R25
        (
            all_read(backup("new", 3), status=Fetched(NOW, DrStatus("completed_with_warnings", 1, "Restore"))),
            Grade.WARNING,
            ["restore", "fresh"],
        ),  # R25
        (all_read(backup("new", 3), status=Fetched(NOW, DrStatus("success", 3, "Restore"))), Grade.OK, ["fresh"]),
        (all_read(backup("new", 3), status=Fetched(NOW, DrStatus("failed", 1, "Backup"))), Grade.OK, ["fresh"]),
        (
            all_read(backup("by-hand", 3, schedule_type="MANUAL"), schedules=Fetched(NOW, (NIGHTLY,))),
            Grade.WARNING,
            ["missed-run", "fresh"],
        ),  # R54
        (all_read(backup("old", 3), HALF_MADE, status=Fetched(NOW, MAKING)), Grade.OK, ["fresh"]),  # R25
        (
            all_read(backup("old", 3), HALF_MADE, status=Fetched(NOW, replace(MAKING, state="completed"))),
            Grade.WARNING,
            ["not-what-it-says", "fresh"],
        ),
        (
            all_read(backup("old", 3), HALF_MADE, status=Fetched(NOW, replace(MAKING, backup="another"))),
            Grade.WARNING,
            ["not-what-it-says", "fresh"],
        ),
        (all_read(backup("new", 3), history=gone(23.9)), Grade.WARNING, ["vanished", "fresh"]),
        (all_read(backup("new", 3), history=gone(24)), Grade.WARNING, ["vanished", "fresh"]),
        (all_read(backup("new", 3), history=gone(24.1)), Grade.OK, ["fresh"]),
        (all_read(backup("new", 3), history=gone(9 * 24)), Grade.OK, ["fresh"]),
        (all_read(backup("new", 3), history=gone(1, 40, 2)), Grade.WARNING, ["vanished", "vanished", "fresh"]),
    ],
)
def test_what_is_known(found: SiteState, grade: Grade, codes: list[str]) -> None:
    result = graded(found)
    assert (result.grade, sorted(f.code for f in result.findings)) == (grade, sorted(codes))
    assert [f.grade for f in result.findings] == sorted((f.grade for f in result.findings), reverse=True)


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
    found = graded(all_read(*(backup(f"b{hours}", hours, **each) for hours, each in enumerate(backups, 1))))
    assert (found.grade, sorted(f.code for f in found.findings)) == (grade, sorted(codes))
    assert ("nothing restorable" in found.text) is (codes == ["nothing-usable"])


def test_check_names_the_newest_doubtful_when_none_is_usable() -> None:
    found = graded(all_read(backup("a", 9, **DOUBTFUL), backup("b", 3, **DOUBTFUL), backup("c", 1, **UNSURE)))
    expected = 'newest doubtful: b, its type is "INCREMENTAL"'
    assert expected in found.findings[0].text


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
    found = graded(all_read(backup("a", hours, **change)))
    assert (found.grade, sorted(f.code for f in found.findings)) == (grade, codes)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"stores": TROUBLE}, "dns"),
        ({"stores": None}, "not-read"),
        ({"site": TROUBLE}, "dns"),  # R12: without the release nobody can tell
        ({"site": Fetched(NOW, Site(None))}, "no-release"),
        ({"backups": {"vault": TROUBLE}}, "dns"),  # R11
        ({"backups": {}}, "not-read"),
        ({"backups": {"vault": Fetched(NOW, (backup("kept", 1),), TROUBLE.failure)}}, "dns"),
        ({"stores": Fetched(NOW, (STORE,), source=Source.SAVED)}, "saved"),
        ({"backups": {"vault": Fetched(NOW, (backup("kept", 1),), source=Source.SAVED)}}, "saved"),
        ({"site": Fetched(NOW, Site(Release.parse("11.4.0")), source=Source.SAVED)}, "saved"),
    ],
)
def test_every_reason_not_to_know_is_unknown(change: dict[str, Any], code: str) -> None:
    result = graded(all_read(backup("new", 3), **change))
    assert result.grade is Grade.UNKNOWN
    assert code in {finding.code for finding in result.findings}


@pytest.mark.parametrize("unneeded", ["schedules", "settings", "status"])
def test_r55_what_is_not_needed_may_fail(unneeded: str) -> None:
    assert graded(all_read(backup("new", 3), **{unneeded: TROUBLE})).grade is Grade.OK
