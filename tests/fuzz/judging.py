"""The target behind all others: what is judged and printed of a look at a site that answers anything."""

import csv
import io
import json
from itertools import pairwise

from drtui.core.analysis.assessment import Judgement, judgement
from drtui.core.analysis.changes import Before
from drtui.core.analysis.point_in_time import choose
from drtui.core.comparison.compare import Comparison, compare
from drtui.core.comparison.layout import beside
from drtui.core.comparison.rows import differences
from drtui.core.formatting.display import View
from drtui.core.formatting.times import DAY, HOUR, LAST, zone_named
from drtui.core.listing.catalog import SORT_KEYS, Catalog, Order
from drtui.core.listing.columns import BY_KEY, FIELDS
from drtui.core.listing.details import outline
from drtui.core.listing.grouping import Grouping
from drtui.core.listing.rows import entries
from drtui.core.model.site_state import Reading
from drtui.core.query.query import Query
from drtui.core.summary.freshness import freshness, warning
from drtui.core.summary.headline import headline
from drtui.core.summary.health_check import check
from drtui.core.summary.point_in_time import explained
from drtui.core.summary.site_summary import summary
from drtui.core.timeline.axis import Zoom, in_sight
from drtui.core.timeline.gantt import bars
from drtui.core.timeline.timeline import timeline
from drtui.core.wire import responses
from drtui.core.wire.lenient import WireError
from drtui.output.assessment import exposure, of_choice, of_gaps
from drtui.output.audit_report import Period, as_report, report_json
from drtui.output.comparison import of_comparison
from drtui.output.export import Listing
from drtui.output.formats import Sheet, as_csv, as_json, as_table
from drtui.output.monitoring import as_object, as_plugin, as_prometheus
from drtui.output.restore_points import of_points
from drtui.output.runbook import as_runbook
from drtui.output.schedules import of_schedules
from drtui.output.site_tables import of_sites, of_status, of_stores
from drtui.output.timeline import Sight, as_picture, as_words, of_timeline
from tests.conftest import NOW
from tests.fuzz import holding, wiring

ZONE = zone_named("America/New_York")


def site(body: bytes) -> None:
    """Everything that headless commands say of a site."""
    try:
        answers = responses.document(body)
    except WireError:
        return
    reading = wiring.sites(answers)
    if reading.read is not None:  # history keeps looks, and without stores it is none
        wiring.kept(reading)
    judged = judgement(reading, NOW)
    view = View(NOW, ZONE)
    _said(reading, judged)
    _checked(judged, view)
    _listed(judged, view)
    period = Period.of(judged, 30)
    holding.harmless(as_report(period, view), lines=True)
    _json(report_json(period, view))


def _said(reading: Reading, judged: Judgement) -> None:
    lines = headline(judged)
    assert lines, "a headline is never empty"
    for each in lines:
        holding.harmless(each.text)
    assert reading.stores is None or reading.stores.trouble is None or lines[0].tone != "good"
    holding.harmless(freshness(reading, NOW, ZONE) + warning(reading, NOW, ZONE))


def _checked(judged: Judgement, view: View) -> None:
    found = check(judged, DAY, 2 * DAY)
    assert found.findings, "a check always says something"
    plugin = as_plugin(found)
    assert plugin.count("\n") == 1, "a check is one line"
    assert plugin.count("|") <= 1
    holding.harmless(plugin, lines=True)
    holding.harmless(as_prometheus({"prod": found}), lines=True)
    _json(as_object(found, view))
    compared = summary("prod", judged.reading, NOW, DAY)
    assert compared.check == found, "a site among others is graded as alone"
    _printed(of_sites([compared], view), judged, view)


def _listed(judged: Judgement, view: View) -> None:
    catalog = Catalog().refilled(judged.points)
    for key in SORT_KEYS:
        assert len(catalog.sorted(Order(key, descending=False)).points) == len(judged.points)
    assert catalog.filtered(Query.parse("nightly vault", view)).within_store == len(judged.points)
    entries(judged, catalog)
    _arranged(judged, catalog, view)
    _printed(of_points(catalog.points, view), judged, view)
    _printed(of_gaps(judged, view), judged, view)
    reading = judged.reading
    if reading.stores is not None and reading.stores.value is not None:
        _printed(of_stores(reading.stores.value, judged.points, {}, view), judged, view)
    if reading.status is not None and reading.status.value is not None:
        _printed(of_status(reading.status.value, judged.progress, view), judged, view)
    if reading.schedules is not None and reading.schedules.value is not None:
        _printed(of_schedules(reading.schedules.value, judged.cadence.plans, view), judged, view)
    choice = choose(reading, judged.points, NOW - 30 * HOUR, NOW)
    _printed(of_choice(choice, view), judged, view)
    for each in explained(choice, ZONE):
        holding.harmless(each.text)
    _over_time(judged, view)
    for point in judged.points[:2]:
        drawn, said = bars(point, None, view, 80)
        for line in (*drawn, *said):
            holding.harmless(line.text)
        holding.harmless(as_runbook(judged, point, view), lines=True)
        laid = outline(point, NOW, ZONE)
        for item in (*laid.facts, *laid.parts):
            holding.harmless(item.text)
    for one, other in pairwise((*judged.points[:3], *judged.points[-1:])):
        _compared(compare(one, other), judged, view)


def _arranged(judged: Judgement, catalog: Catalog, view: View) -> None:
    """In whatever groups, no restore point is lost; of what was just seen nothing is new, of what is known nothing."""
    just_seen = Before().including(judged.reading, judged.points)
    for grouping in Grouping:
        listing = Listing(judged, catalog, view, grouping, tuple(BY_KEY), before=just_seen)
        sheet = listing.sheet
        names = sorted(row["name"] for row in sheet.objects)
        assert names == sorted(each.backup.name for each in catalog.points), "none is lost, and none is there twice"
        assert not any(sheet.marks), "nothing came between"
        for _, text in sheet.headings:
            holding.harmless(text)
        _printed(listing.sheet._replace(headings=()), judged, view)
    for point in catalog.points:
        for field in FIELDS:
            holding.harmless(field.short(point, view))
        assert len(BY_KEY["age"].short(point, view)) <= 7
        assert len(BY_KEY["expires"].short(point, view)) <= 10


def _compared(found: Comparison, judged: Judgement, view: View) -> None:
    """Two restore points: whether they differ is the same whichever is named first, and in every form."""
    back = compare(found.newer, found.older)
    assert back.differ is found.differ
    assert any(each.counts for each in differences(found, view)) is found.differ
    _printed(of_comparison(found, view), judged, view)
    for cells in (None, 78, 118):
        for line in beside(found, view, cells):
            holding.harmless("".join(text for text, _ in line))


def _over_time(judged: Judgement, view: View) -> None:
    found = timeline(judged)
    for zoom in Zoom:
        sight = Sight(judged, found, (in_sight(NOW, zoom, ZONE, 12), in_sight(LAST, zoom, ZONE, 5)))
        holding.harmless(as_picture(sight, view, 100), lines=True)
        holding.harmless(as_words(sight, view), lines=True)
        _printed(of_timeline(sight, view), judged, view)


def _printed(sheet: Sheet, judged: Judgement, view: View) -> None:
    table = as_table(sheet)
    holding.harmless(table, lines=True)
    assert table.count("\n") == len(sheet.texts) + 1, "a row is a line"
    text = as_csv(sheet)
    holding.harmless(text.replace("\r\n", "\n"), lines=True)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert {len(row) for row in rows} == {len(sheet.columns)}
    _json(as_json(sheet, {"exposure": exposure(judged.exposure, view)}))


def _json(text: str) -> None:
    holding.harmless(text, lines=True)
    json.loads(text, parse_constant=_no_number)


def _no_number(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")
