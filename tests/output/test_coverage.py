"""Coverage in the details of a restore point, in the report and in the runbook."""

import datetime as dt
import json
from typing import Any

import pytest

from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import format_full
from drtui.core.listing.details import build_details
from drtui.core.model.data_store import DataStore
from drtui.core.model.site_state import Fetched, Source
from drtui.output.report import AuditPeriod, as_markdown, report_json
from drtui.output.runbook import as_runbook
from tests.conftest import NOW
from tests.core.analysis.test_coverage import ONE, TWO, holding, managed
from tests.core.summary.test_coverage_text import REFUSED, assessed

VIEW = DisplayContext(NOW, dt.UTC)
READ = format_full(NOW, dt.UTC)
ASSETS = DataStore("assets", "egdb", "/enterpriseDatabases/assets", False)
Data = Fetched[tuple[DataStore, ...]]
OLDER = holding("aaaaa", hours_ago=30, name="older")


def site(data: Data | None) -> Assessment:
    """Return the assessment of a site with two usable backups and these data stores."""
    return assessed((), holding("aaaaa"), OLDER, data=data)


def lines_of_detail(assessment: Assessment, name: str) -> list[str]:
    """Return the lines about coverage in the details of a restore point."""
    (point,) = (point for point in assessment.points if point.backup.name == name)
    details = build_details(point, NOW, dt.UTC, assessment=assessment)
    return [f"{line.label} {line.text}" for line in details.overview if line.label in {"coverage", "outside"}]


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (None, []),
        (Fetched(NOW, ONE), []),
        (Fetched(NOW, (*ONE, ASSETS)), ["outside every backup: 1 registered database (assets)"]),
        (
            Fetched(NOW, (*ONE, ASSETS), source=Source.SAVED),
            ["outside every backup: 1 registered database (assets)", f"coverage as of {READ}"],
        ),
        (Fetched(NOW, failure=REFUSED), ["coverage unknown: data stores not readable (403)"]),
    ],
)
def test_details_have_coverage_at_the_newest_usable_restore_point_only(data: Data | None, lines: list[str]) -> None:
    assessment = site(data)
    assert lines_of_detail(assessment, "last") == lines
    assert lines_of_detail(assessment, "older") == []


def test_details_warn_when_a_count_does_not_match() -> None:
    count, other = lines_of_detail(site(Fetched(NOW, TWO)), "last")
    assert "last contains 1: 1 may be in no backup" in count
    assert "cannot tell" in other


@pytest.mark.parametrize(
    ("data", "line", "statements"),
    [
        (None, "Unknown: data stores not read.", None),
        (Fetched(NOW, failure=REFUSED), "Unknown: data stores not readable (403).", None),
        (Fetched(NOW, (*ONE, ASSETS)), "* Outside every backup: 1 registered database (assets)", 3),
        (Fetched(NOW, ONE, failure=REFUSED), f"* Data stores as of {READ}", 2),
        (
            Fetched(NOW, (*ONE, managed("a_b*c", owner=False))),
            r"* Outside every backup: 1 registered database (a\_b\*c)",
            3,
        ),
    ],
)
def test_report_has_coverage_or_why_it_is_unknown(data: Data | None, line: str, statements: int | None) -> None:
    period = AuditPeriod.last_days(site(data), 30)
    assert line in as_markdown(period, VIEW).splitlines()
    coverage = json.loads(report_json(period, VIEW))["coverage"]
    assert (None if coverage is None else len(coverage)) == statements


@pytest.mark.parametrize(("stores", "has_findings"), [(ONE, False), ((*ONE, ASSETS), False), (TWO, True)])
def test_report_has_findings_when_a_count_does_not_match(stores: tuple[DataStore, ...], *, has_findings: bool) -> None:
    daily = (holding("aaaaa", hours_ago=hours, name=f"n{hours}") for hours in (1, 20))
    assert AuditPeriod.last_days(assessed(stores, *daily), 1).has_findings is has_findings


LABEL = "Registered databases, folders and file shares: outside every backup: "


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (None, "* [ ] {}unknown, data stores not read: ___"),
        (Fetched(NOW, failure=REFUSED), "* [ ] {}unknown, data stores not readable (403): ___"),
        (Fetched(NOW, (*ONE, ASSETS)), "* [ ] {}1 registered database (assets); backed up separately at ___"),
        (Fetched(NOW, ONE), "* [x] {}none listed"),
        (Fetched(NOW, ()), "* [ ] {}none listed"),
        (Fetched(NOW, ONE, source=Source.SAVED), f"* [ ] {{}}none listed (as of {READ})"),
    ],
)
def test_runbook_names_what_a_restore_does_not_bring_back(data: Any, line: str) -> None:
    assessment = site(data)
    text = as_runbook(assessment, assessment.points[1], VIEW)
    assert any(written.startswith(line.format(LABEL)) for written in text.splitlines())
