"""The target behind all others: the assessment and output for a site with arbitrary responses."""

import csv
import io
import json
from itertools import pairwise

from drtui.core.analysis.assessment import Assessment, assess
from drtui.core.analysis.changes import PreviousLists
from drtui.core.analysis.point_in_time import choose_before
from drtui.core.comparison.compare import Comparison, compare
from drtui.core.comparison.layout import comparison_lines
from drtui.core.comparison.rows import comparison_rows
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import DAY, HOUR
from drtui.core.formatting.times import LAST, zone_named
from drtui.core.listing.catalog import SORT_KEYS, Catalog, Criteria, Order
from drtui.core.listing.columns import COLUMNS, COLUMNS_BY_KEY
from drtui.core.listing.details import build_details
from drtui.core.listing.grouping import Grouping
from drtui.core.listing.rows import list_rows
from drtui.core.model.site_state import SiteState
from drtui.core.query.query import Query
from drtui.core.summary.freshness import freshness_text, stale_data_warning
from drtui.core.summary.headline import build_headline
from drtui.core.summary.health_check import check_health
from drtui.core.summary.point_in_time import explain_choice
from drtui.core.summary.site_summary import summarize_site
from drtui.core.timeline.axis import SlotLength, build_axis_until
from drtui.core.timeline.gantt import build_bars
from drtui.core.timeline.timeline import build_timeline
from drtui.core.wire import responses
from drtui.core.wire.lenient import WireError
from drtui.output.assessment import gaps_table, point_in_time_table, rpo_object
from drtui.output.comparison import comparison_table
from drtui.output.coverage import coverage_table
from drtui.output.export import Listing
from drtui.output.formats import Table, as_csv, as_json, as_table
from drtui.output.monitoring import as_check_json, as_plugin
from drtui.output.prometheus import as_prometheus
from drtui.output.report import AuditPeriod, as_markdown, report_json
from drtui.output.restore_points import restore_points_table
from drtui.output.runbook import as_runbook
from drtui.output.schedules import schedules_table
from drtui.output.site_tables import sites_table, status_table, stores_table
from drtui.output.timeline import TimelineView, describe_timeline, draw_timeline, timeline_table
from tests.conftest import NOW
from tests.fuzz import holding, wiring

ZONE = zone_named("America/New_York")


def site(body: bytes) -> None:
    """Return everything that headless commands print of a site."""
    try:
        answers = responses.parse_document(body)
    except WireError:
        return
    state = wiring.sites(answers)
    if state.listed_at is not None:  # history keeps looks, and without stores it is none
        wiring.kept(state)
    assessment = assess(state, NOW)
    view = DisplayContext(NOW, ZONE)
    _said(state, assessment)
    _checked(assessment, view)
    _listed(assessment, view)
    period = AuditPeriod.last_days(assessment, 30)
    holding.harmless(as_markdown(period, view), lines=True)
    _json(report_json(period, view))


def _said(state: SiteState, assessment: Assessment) -> None:
    lines = build_headline(assessment)
    assert lines, "a headline is never empty"
    for line in lines:
        holding.harmless(line.text)
    assert state.stores is None or state.stores.failure is None or lines[0].tone != "good"
    holding.harmless(freshness_text(state, NOW, ZONE) + stale_data_warning(state, NOW, ZONE))


def _checked(assessment: Assessment, view: DisplayContext) -> None:
    findings = check_health(assessment, DAY, 2 * DAY)
    assert findings.findings, "a check always says something"
    plugin = as_plugin(findings)
    assert plugin.count("\n") == 1, "a check is one line"
    assert plugin.count("|") <= 1
    holding.harmless(plugin, lines=True)
    holding.harmless(as_prometheus({"prod": findings}), lines=True)
    _json(as_check_json(findings, view))
    compared = summarize_site("prod", assessment.site_state, NOW, DAY)
    assert compared.check == findings, "a site among others is graded as alone"
    _printed(sites_table([compared], view), assessment, view)


def _listed(assessment: Assessment, view: DisplayContext) -> None:
    catalog = Catalog().with_criteria(Criteria(), assessment.points)
    for key in SORT_KEYS:
        assert len(catalog.with_criteria(Criteria(Order(key, is_descending=False))).points) == len(assessment.points)
    words = Criteria(filter=Query.parse("nightly vault", view))
    assert catalog.with_criteria(words).store_count == len(assessment.points)
    list_rows(assessment, catalog)
    _arranged(assessment, catalog, view)
    _printed(restore_points_table(catalog.points, view), assessment, view)
    _printed(gaps_table(assessment, view), assessment, view)
    state = assessment.site_state
    if state.stores is not None and state.stores.value is not None:
        _printed(stores_table(state.stores.value, assessment.points, {}, view), assessment, view)
    if state.status is not None and state.status.value is not None:
        _printed(status_table(state.status.value, assessment.operation, view), assessment, view)
    if state.schedules is not None and state.schedules.value is not None:
        _printed(schedules_table(state.schedules.value, assessment.schedules, view), assessment, view)
    _covered(assessment, view)
    choice = choose_before(state, assessment.points, NOW - 30 * HOUR, NOW)
    _printed(point_in_time_table(choice, view), assessment, view)
    for restore_point in explain_choice(choice, ZONE):
        holding.harmless(restore_point.text)
    _over_time(assessment, view)
    for point in assessment.points[:2]:
        drawn, text = build_bars(point, None, view, 80)
        for line in (*drawn, *text):
            holding.harmless(line.text)
        holding.harmless(as_runbook(assessment, point, view), lines=True)
        laid = build_details(point, NOW, ZONE, assessment=assessment)
        for item in (*laid.overview, *laid.parts):
            holding.harmless(item.text)
    for first, second in pairwise((*assessment.points[:3], *assessment.points[-1:])):
        _compared(compare(first, second), assessment, view)


def _covered(assessment: Assessment, view: DisplayContext) -> None:
    """Check that every data store is printed."""
    coverage = assessment.coverage
    if coverage is not None:
        table = coverage_table(assessment, coverage, view)
        assert len(table.texts) == len(coverage.stores)
        _printed(table, assessment, view)


def _arranged(assessment: Assessment, catalog: Catalog, view: DisplayContext) -> None:
    """Check that no grouping loses a restore point, and that changes against the same list are empty."""
    just_seen = PreviousLists().with_unlisted(assessment.site_state, assessment.points)
    for grouping in Grouping:
        listing = Listing(assessment, catalog, view, grouping, tuple(COLUMNS_BY_KEY), previous=just_seen)
        sheet = listing.table
        names = sorted(row["name"] for row in sheet.objects)
        assert names == sorted(group.backup.name for group in catalog.points), "none is lost, and none is there twice"
        assert not any(sheet.marks), "nothing came between"
        for _, text in sheet.headings:
            holding.harmless(text)
        _printed(listing.table._replace(headings=()), assessment, view)
    for point in catalog.points:
        for field in COLUMNS:
            holding.harmless(field.short(point, view))
        assert len(COLUMNS_BY_KEY["age"].short(point, view)) <= 7
        assert len(COLUMNS_BY_KEY["expires"].short(point, view)) <= 10


def _compared(comparison: Comparison, assessment: Assessment, view: DisplayContext) -> None:
    """Check that a comparison is symmetric, and the same in every form."""
    back = compare(comparison.newer, comparison.older)
    assert back.has_differences is comparison.has_differences
    assert any(text_line.is_difference for text_line in comparison_rows(comparison, view)) is comparison.has_differences
    _printed(comparison_table(comparison, view), assessment, view)
    for cells in (None, 78, 118):
        for line in comparison_lines(comparison, view, cells):
            holding.harmless("".join(text for text, _ in line))


def _over_time(assessment: Assessment, view: DisplayContext) -> None:
    timeline = build_timeline(assessment)
    for zoom in SlotLength:
        sight = TimelineView(
            assessment, timeline, (build_axis_until(NOW, zoom, ZONE, 12), build_axis_until(LAST, zoom, ZONE, 5))
        )
        holding.harmless(draw_timeline(sight, view, 100), lines=True)
        holding.harmless(describe_timeline(sight, view), lines=True)
        _printed(timeline_table(sight, view), assessment, view)


def _printed(sheet: Table, assessment: Assessment, view: DisplayContext) -> None:
    table = as_table(sheet)
    holding.harmless(table, lines=True)
    assert table.count("\n") == len(sheet.texts) + 1, "a row is a line"
    text = as_csv(sheet)
    holding.harmless(text.replace("\r\n", "\n"), lines=True)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert {len(row) for row in rows} == {len(sheet.columns)}
    _json(as_json(sheet, {"rpo": rpo_object(assessment.rpo, view)}))


def _json(text: str) -> None:
    holding.harmless(text, lines=True)
    json.loads(text, parse_constant=_no_number)


def _no_number(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")
