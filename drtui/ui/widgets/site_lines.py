"""Lines about one of several sites: its findings, operation, stores and newest restore points."""

from collections.abc import Iterator
from typing import NamedTuple

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import format_minutes
from drtui.core.operations.permissions import Permissions
from drtui.core.summary.freshness import freshness_text
from drtui.core.summary.labels import expiry_text, failure_word, level_label
from drtui.core.summary.site_summary import SiteSummary, grade_label
from drtui.core.verdict.restore_points import RestorePoint, start_time
from drtui.output.site_tables import stores_table
from drtui.ui.widgets.styled_lines import Line, line, wrap_line
from drtui.ui.widgets.text_table import choose_columns, table_lines

NEWEST_COUNT = 15
"""Number of restore points, the newest, below the stores; more if there is room for them."""

POINT_HEADING_LINES = 2
"""Lines before the restore points: a blank one and the headings."""

STORE_COLUMNS = ("STORE", "RESTORE POINTS", "NEWEST USABLE", "TYPE", "CREATED BY", "DEFAULT", "LOCATION")
"""Columns of the stores, the most important first."""

POINT_COLUMNS = ("NEWEST RESTORE POINTS", "VERDICT", "STARTED", "EXPIRES", "STORE", "WHY")


class SiteHeading(NamedTuple):
    """What the configuration says of a site."""

    address: str
    permissions: Permissions
    is_open: bool
    """True if it is the site that is open."""


def choose_accent_tone(site: SiteSummary) -> str:
    """Return the tone of the name of a site."""
    return f"accent:{site.accent}" if site.accent else "strong"


def build_site_lines(
    site: SiteSummary, heading: SiteHeading, view: DisplayContext, cells: int, height: int = 0
) -> list[Line]:
    """Return the lines about a site in `cells` cells, the most important first; in a high window more of them."""
    permissions = heading.permissions
    badge = (f"  {permissions.label}", "muted" if permissions.is_read_only else "warn")
    age = freshness_text(site.site_state, site.assessment.now, view.zone)
    open_now = "   open" if heading.is_open else ""
    lines = [Line(((site.name, choose_accent_tone(site)), badge, (f"  {heading.address}   {age}{open_now}", "muted")))]
    grade = grade_label(site.grade)
    paragraphs = [site.explanation, site.operation.text if site.operation is not None else ""]
    for paragraph in dict.fromkeys(filter(None, paragraphs)):
        lines += wrap_line(line(paragraph, "" if grade.tone == "good" else grade.tone), cells)
    lines += _store_lines(site, view, cells)
    count = max(NEWEST_COUNT, height - len(lines) - POINT_HEADING_LINES)
    return [*lines, *_point_lines(site, view, cells, count)]


def _store_lines(site: SiteSummary, view: DisplayContext, cells: int) -> Iterator[Line]:
    """Yield the stores of a site, as `drtui stores` prints them."""
    state = site.site_state
    stores = state.stores.value if state.stores is not None else None
    if stores:
        failed = {name: failure_word(answer.failure) for name, answer in state.backups.items() if answer.failure}
        table = stores_table(stores, site.assessment.points, failed, view)
        yield line("")
        yield from table_lines(STORE_COLUMNS, choose_columns(table, STORE_COLUMNS), cells)


def _point_lines(site: SiteSummary, view: DisplayContext, cells: int, count: int) -> Iterator[Line]:
    """Yield the `count` newest restore points of a site."""
    dated = [point for point in site.assessment.points if point.backup.start is not None]
    newest = sorted(dated, key=start_time, reverse=True)[:count]
    if newest:
        yield line("")
        yield from table_lines(POINT_COLUMNS, [_point_cells(point, view) for point in newest], cells)


def _point_cells(point: RestorePoint, view: DisplayContext) -> list[tuple[str, str]]:
    backup, mark = point.backup, level_label(point.verdict.level)
    return [
        (backup.name or "(no name)", ""),
        (mark.text(plain=view.plain), mark.tone),
        (format_minutes(backup.start, view.zone), ""),
        (expiry_text(backup, view.now), ""),
        (backup.store, ""),
        ("" if point.verdict.is_usable else point.verdict.main.text, "muted"),
    ]
