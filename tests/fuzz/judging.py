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
from drtui.core.formatting.times import DAY, HOUR, LAST, zone_named
from drtui.core.listing.catalog import SORT_KEYS, Catalog, Order
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
from drtui.output.audit_report import AuditPeriod, as_markdown, report_json
from drtui.output.comparison import comparison_table
from drtui.output.export import Listing
from drtui.output.formats import Table, as_csv, as_json, as_table
from drtui.output.monitoring import as_check_json, as_plugin, as_prometheus
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
    reading = wiring.sites(answers)
    if reading.listed_at is not None:  # history keeps looks, and without stores it is none
        wiring.kept(reading)
    judged = assess(reading, NOW)
    view = DisplayContext(NOW, ZONE)
    _said(reading, judged)
    _checked(judged, view)
    _listed(judged, view)
    period = AuditPeriod.last_days(judged, 30)
    holding.harmless(as_markdown(period, view), lines=True)
    _json(report_json(period, view))


def _said(reading: SiteState, judged: Assessment) -> None:
    lines = build_headline(judged)
    assert lines, "a headline is never empty"
    for each in lines:
        holding.harmless(each.text)
    assert reading.stores is None or reading.stores.failure is None or lines[0].tone != "good"
    holding.harmless(freshness_text(reading, NOW, ZONE) + stale_data_warning(reading, NOW, ZONE))


def _checked(judged: Assessment, view: DisplayContext) -> None:
    found = check_health(judged, DAY, 2 * DAY)
    assert found.findings, "a check always says something"
    plugin = as_plugin(found)
    assert plugin.count("\n") == 1, "a check is one line"
    assert plugin.count("|") <= 1
    holding.harmless(plugin, lines=True)
    holding.harmless(as_prometheus({"prod": found}), lines=True)
    _json(as_check_json(found, view))
    compared = summarize_site("prod", judged.site_state, NOW, DAY)
    assert compared.check == found, "a site among others is graded as alone"
    _printed(sites_table([compared], view), judged, view)


def _listed(judged: Assessment, view: DisplayContext) -> None:
    catalog = Catalog().with_source(judged.points)
    for key in SORT_KEYS:
        assert len(catalog.with_order(Order(key, is_descending=False)).points) == len(judged.points)
    assert catalog.with_filter(Query.parse("nightly vault", view)).store_count == len(judged.points)
    list_rows(judged, catalog)
    _arranged(judged, catalog, view)
    _printed(restore_points_table(catalog.points, view), judged, view)
    _printed(gaps_table(judged, view), judged, view)
    reading = judged.site_state
    if reading.stores is not None and reading.stores.value is not None:
        _printed(stores_table(reading.stores.value, judged.points, {}, view), judged, view)
    if reading.status is not None and reading.status.value is not None:
        _printed(status_table(reading.status.value, judged.operation, view), judged, view)
    if reading.schedules is not None and reading.schedules.value is not None:
        _printed(schedules_table(reading.schedules.value, judged.schedules.schedules, view), judged, view)
    choice = choose_before(reading, judged.points, NOW - 30 * HOUR, NOW)
    _printed(point_in_time_table(choice, view), judged, view)
    for each in explain_choice(choice, ZONE):
        holding.harmless(each.text)
    _over_time(judged, view)
    for point in judged.points[:2]:
        drawn, said = build_bars(point, None, view, 80)
        for line in (*drawn, *said):
            holding.harmless(line.text)
        holding.harmless(as_runbook(judged, point, view), lines=True)
        laid = build_details(point, NOW, ZONE)
        for item in (*laid.overview, *laid.parts):
            holding.harmless(item.text)
    for one, other in pairwise((*judged.points[:3], *judged.points[-1:])):
        _compared(compare(one, other), judged, view)


def _arranged(judged: Assessment, catalog: Catalog, view: DisplayContext) -> None:
    """Check that no grouping loses a restore point, and that changes against the same list are empty."""
    just_seen = PreviousLists().with_unlisted(judged.site_state, judged.points)
    for grouping in Grouping:
        listing = Listing(judged, catalog, view, grouping, tuple(COLUMNS_BY_KEY), previous=just_seen)
        sheet = listing.table
        names = sorted(row["name"] for row in sheet.objects)
        assert names == sorted(each.backup.name for each in catalog.points), "none is lost, and none is there twice"
        assert not any(sheet.marks), "nothing came between"
        for _, text in sheet.headings:
            holding.harmless(text)
        _printed(listing.table._replace(headings=()), judged, view)
    for point in catalog.points:
        for field in COLUMNS:
            holding.harmless(field.short(point, view))
        assert len(COLUMNS_BY_KEY["age"].short(point, view)) <= 7
        assert len(COLUMNS_BY_KEY["expires"].short(point, view)) <= 10


def _compared(found: Comparison, judged: Assessment, view: DisplayContext) -> None:
    """Check that a comparison is symmetric, and the same in every form."""
    back = compare(found.newer, found.older)
    assert back.has_differences is found.has_differences
    assert any(each.is_difference for each in comparison_rows(found, view)) is found.has_differences
    _printed(comparison_table(found, view), judged, view)
    for cells in (None, 78, 118):
        for line in comparison_lines(found, view, cells):
            holding.harmless("".join(text for text, _ in line))


def _over_time(judged: Assessment, view: DisplayContext) -> None:
    found = build_timeline(judged)
    for zoom in SlotLength:
        sight = TimelineView(
            judged, found, (build_axis_until(NOW, zoom, ZONE, 12), build_axis_until(LAST, zoom, ZONE, 5))
        )
        holding.harmless(draw_timeline(sight, view, 100), lines=True)
        holding.harmless(describe_timeline(sight, view), lines=True)
        _printed(timeline_table(sight, view), judged, view)


def _printed(sheet: Table, judged: Assessment, view: DisplayContext) -> None:
    table = as_table(sheet)
    holding.harmless(table, lines=True)
    assert table.count("\n") == len(sheet.texts) + 1, "a row is a line"
    text = as_csv(sheet)
    holding.harmless(text.replace("\r\n", "\n"), lines=True)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert {len(row) for row in rows} == {len(sheet.columns)}
    _json(as_json(sheet, {"rpo": rpo_object(judged.rpo, view)}))


def _json(text: str) -> None:
    holding.harmless(text, lines=True)
    json.loads(text, parse_constant=_no_number)


def _no_number(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")
