"""Ages of backups that start in the future because a clock is ahead."""

from typing import Any

import pytest

from drtui.core.analysis.assessment import assess, reassess_at
from drtui.core.analysis.rpo import measure_rpo
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import DAY, MINUTE
from drtui.core.formatting.times import UTC
from drtui.core.listing.columns import COLUMNS_BY_KEY
from drtui.core.listing.details import build_details
from drtui.core.query.query import Query
from drtui.core.summary.labels import started_ago_text
from drtui.core.summary.last_known import LastKnown, headline_text, short_text
from drtui.core.verdict.rules import SiteFacts
from drtui.output import sentences
from drtui.output.restore_points import restore_point_object as row
from drtui.output.runbook import as_runbook
from tests.conftest import NOW
from tests.core.points import backup, points_of, site_of

VIEW = DisplayContext(NOW, UTC)
A_LITTLE, MUCH = backup("little", -7 / 60, end=NOW + 10 * MINUTE), backup("much", -3)


def ages(backups: Any) -> list[str]:
    """Return all texts with the age of a restore point."""
    assessment = assess(site_of(backups), NOW)
    (point,) = assessment.points
    return [
        started_ago_text(backups.start, NOW),
        COLUMNS_BY_KEY["age"].text(point, VIEW),
        COLUMNS_BY_KEY["age"].short(point, VIEW),
        next(item.text for item in build_details(point, NOW, UTC).overview if item.label == "age"),
        sentences.restore_point_sentence(point, VIEW),
        as_runbook(assessment, point, VIEW).partition("may be missing: ")[2].partition("\n")[0],
        headline_text(LastKnown("gis", NOW, DAY, backups.name, backups.start), NOW),
        short_text(LastKnown("gis", NOW, DAY, backups.name, backups.start), NOW)[0],
    ]


@pytest.mark.parametrize("backups", [A_LITTLE, MUCH])
def test_texts_have_no_negative_age_when_start_is_in_the_future(backups: Any) -> None:
    assert not [text for text in ages(backups) if "-" in text.replace("2026-09-21", "").replace("clock's", "")]


def test_age_is_zero_when_clocks_differ_a_little() -> None:
    assert all("0 s" in text for text in ages(A_LITTLE))
    rpo = measure_rpo(SiteFacts.of(site_of(A_LITTLE), NOW), points_of(site_of(A_LITTLE)))
    assert (rpo.age, rpo.is_met) == (0, True)
    later = reassess_at(assess(site_of(A_LITTLE), NOW), NOW + 8 * MINUTE)
    assert later.rpo.age == MINUTE
    assert row(points_of(site_of(A_LITTLE))[0], VIEW)["age_ms"] == 0


def test_texts_report_clock_problem_when_start_is_far_in_the_future() -> None:
    texts = ages(MUCH)
    assert [text for text in texts if "future" not in text] == []
    assert not any("within the target" in text for text in texts)
    assert row(points_of(site_of(MUCH))[0], VIEW)["age_ms"] is None


@pytest.mark.parametrize("text", ["age<2d", "age>2d", "!age<2d"])
def test_filter_by_age_excludes_backup_when_start_is_in_the_future(text: str) -> None:
    (point,) = points_of(site_of(MUCH))
    assert not Query.parse(text, VIEW).matches(point.backup, point.verdict)
