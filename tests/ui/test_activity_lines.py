"""Operations and schedules as tables, without an interface."""

import datetime as dt

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import Assessment, assess
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import DAY
from drtui.core.formatting.text import width
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrStatus, Schedule, Stage
from drtui.core.model.site_state import Fetched, SiteState
from drtui.core.summary.activity_text import stage_duration, stage_texts
from drtui.ui.widgets.activity_lines import build_activity_lines
from tests.conftest import NOW

VIEW = DisplayContext(NOW, dt.UTC)
NIGHTLY = Schedule("1", "CreateBackup", "nightly", "nightly", "vault", "active", active=True, cron="0 0 6 * * ?")
STAGES = (Stage("Copy", "completed", "40 millis"),)
STATUS = DrStatus("success", operation="Backup", start=NOW - DAY, end=NOW, stages=STAGES)
OTHER_COLUMNS = ("STATE", "NEXT RUN", "MISSED", "FAILED", "STORE", "RETENTION", "LAST START", "CRON", "TASK", "PREFIX")


def texts(assessment: Assessment, cells: int) -> list[str]:
    """Return the texts of the lines."""
    return ["".join(text for text, _ in row.pieces) for row in build_activity_lines(assessment, VIEW, cells)]


def assessed(**answers: object) -> Assessment:
    """Return the assessment of a site that has given these answers."""
    return assess(replace(SiteState("gis"), **answers), NOW)


SCHEDULES = (NIGHTLY, replace(NIGHTLY, id="2", title="weekly"))
KNOWN = assessed(status=Fetched(NOW, STATUS), schedules=Fetched(NOW, SCHEDULES))


@pytest.mark.parametrize("cells", [60, 80, 120, 200])
def test_schedules_fit_and_lose_no_column_when_the_window_has_any_width(cells: int) -> None:
    lines = texts(KNOWN, cells)
    tables = lines[lines.index("Schedules") + 1 :]
    assert max(map(width, tables)) <= cells
    headings = [line for line in tables if line.strip().startswith("TITLE")]
    assert "".join(headings).count("TITLE") == len(headings) == sum("nightly" in line[:12] for line in tables)
    for heading in OTHER_COLUMNS:
        assert sum(heading in line for line in headings) == 1


def test_values_are_aligned_when_the_operation_is_known() -> None:
    lines = texts(KNOWN, 80)
    starts = {line.index(value) for line in lines for value in ("Backup", "success") if line.endswith(f"  {value}")}
    assert len(starts) == 1


def test_reason_is_given_when_an_answer_is_missing() -> None:
    failure = Failure(FailureKind.REFUSED, "403", "refused by the site")
    lines = texts(assessed(schedules=Fetched(NOW, failure=failure)), 80)
    assert lines[:2] == ["Last operation", "  not requested yet"]
    assert any("refused by the site" in line for line in lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("219460 millis (~ 3 minutes)", 219_460),
        ("40 millis", 40),
        ("", None),
        ("3 min", None),
        ("219460 milliseconds", None),
        ("-5 millis", None),
    ],
)
def test_stage_duration_is_read_only_when_it_is_in_milliseconds(text: str, expected: int | None) -> None:
    assert stage_duration(Stage("Copy", duration=text)) == expected


def test_stage_texts_round_up_and_keep_unknown_durations() -> None:
    stages = [Stage("a", "completed", "219460 millis (~ 3 minutes)"), Stage("b", "in_progress", "soon"), Stage("c")]
    assert list(stage_texts(stages)) == ["completed     3 m 40 s", "in_progress  soon", "-"]
