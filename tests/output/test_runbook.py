"""The runbook when facts are saved or unknown."""

import datetime as dt
from typing import Any

import pytest

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import format_full
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrSettings, DrStatus
from drtui.core.model.site_state import Fetched, Source
from drtui.output.runbook import as_runbook
from tests.conftest import NOW
from tests.core.points import backup, site_of

ENDED = DrStatus("success", operation="Backup", backup="nightly")
READ = format_full(NOW, dt.UTC)
DOWN = Failure(FailureKind.UNREACHABLE, "timeout", "it did not answer")


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ({"value": ENDED}, "* [x] No other operation is running: last operation: Backup nightly success"),
        (
            {"value": ENDED, "source": Source.SAVED},
            f"* [ ] No other operation is running: last operation as of {READ}: Backup nightly success",
        ),
        (
            {"value": ENDED, "failure": DOWN},
            f"* [ ] No other operation is running: last operation as of {READ}: Backup nightly success",
        ),
        ({"failure": DOWN}, "* [ ] No other operation is running: the status could not be read"),
    ],
)
def test_r26_runbook_has_a_tick_only_when_the_status_is_live(answer: dict[str, Any], line: str) -> None:
    assessment = assess(site_of(backup("nightly", 3), status=Fetched(NOW, **answer)), NOW)
    assert line in as_runbook(assessment, assessment.points[0], DisplayContext(NOW, dt.UTC)).splitlines()


@pytest.mark.parametrize(("name", "expected"), [("old", True), ("new", False)])
def test_runbook_names_a_newer_usable_one_when_there_is_one(name: str, *, expected: bool) -> None:
    assessment = assess(site_of(backup("old", 30), backup("new", 3)), NOW)
    (point,) = (point for point in assessment.points if point.backup.name == name)
    lines = as_runbook(assessment, point, DisplayContext(NOW, dt.UTC)).splitlines()
    newer = f"A newer usable restore point exists: `new`, {format_full(NOW - 3 * 3_600_000, dt.UTC)}."
    assert (newer in lines) is expected


def test_runbook_has_the_status_as_unread_when_it_was_not_asked_for() -> None:
    assessment = assess(site_of(backup("nightly", 3), status=None), NOW)
    lines = as_runbook(assessment, assessment.points[0], DisplayContext(NOW, dt.UTC)).splitlines()
    assert "* [ ] No other operation is running: the status could not be read" in lines


@pytest.mark.parametrize(
    ("settings", "limit"),
    [(None, "2 h (default)"), (DrSettings(), "2 h (default)"), (DrSettings(5400), "1 h 30 min")],
    ids=["not read", "not said", "said"],
)
def test_runbook_has_the_default_time_limit_when_the_settings_name_none(
    settings: DrSettings | None, limit: str
) -> None:
    answer = None if settings is None else Fetched(NOW, settings)
    assessment = assess(site_of(backup("nightly", 3), settings=answer), NOW)
    expected = f"* [ ] Refused connections and errors are normal while it runs: time limit {limit}"
    assert expected in as_runbook(assessment, assessment.points[0], DisplayContext(NOW, dt.UTC)).splitlines()
