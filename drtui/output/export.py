"""Text to copy of one restore point, and files of the whole list; none contains a secret."""

from collections.abc import Iterator
from typing import NamedTuple

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.changes import PreviousLists, describe_changes
from drtui.core.analysis.rpo import lists_incomplete_reason
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import plural
from drtui.core.formatting.times import format_full
from drtui.core.listing.catalog import Catalog
from drtui.core.listing.columns import DEFAULT_PRINTED_COLUMNS
from drtui.core.listing.grouping import Grouping, group_rows
from drtui.core.listing.rows import list_rows
from drtui.core.model.site_state import all_lists_known
from drtui.core.summary.freshness import freshness_text
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.assessment import json_header
from drtui.output.formats import Row, Table, as_csv, as_json, json_text
from drtui.output.markdown import (
    code_span,
    escape_markdown,
    failure_section,
    join_sections,
    section,
    stale_lines,
    table_lines,
)
from drtui.output.restore_points import list_table, restore_point_object, restore_points_table
from drtui.output.runbook import as_runbook, restore_request


class CopyFormat(NamedTuple):
    """A text about a restore point that can be copied, shown or written to a file."""

    letter: str
    """The key that selects the format; not a key that moves the cursor."""
    label: str
    text: str
    suffix: str = "txt"
    """The suffix of its file."""


def copy_formats(
    assessment: Assessment, point: RestorePoint, view: DisplayContext, curl_line: str
) -> tuple[CopyFormat, ...]:
    """Return the formats in which `point` can be copied; `curl_line` is the shell command that fetches its record."""
    row = "  ".join(filter(None, restore_points_table([point], view).texts[0]))
    return (
        CopyFormat("n", "name", point.backup.name),
        CopyFormat("r", "row", row),
        CopyFormat("o", "JSON object, without secrets", json_text(restore_point_object(point, view)), "json"),
        CopyFormat("c", "curl line, the token as $DRTUI_TOKEN", curl_line, "sh"),
        CopyFormat("t", "restore request, not sent", "\n".join(restore_request(assessment, point)) + "\n"),
        CopyFormat("b", "runbook, the whole hand-over", as_runbook(assessment, point, view), "md"),
    )


class Listing(NamedTuple):
    """A list of restore points with filter, order, groups and columns."""

    assessment: Assessment
    catalog: Catalog
    view: DisplayContext
    grouping: Grouping = Grouping.NONE
    columns: tuple[str, ...] = DEFAULT_PRINTED_COLUMNS
    limit: int | None = None
    previous: PreviousLists = PreviousLists()
    """The lists of the previous refresh."""

    @property
    def previous_fetched(self) -> PreviousLists:
        """The lists of the previous refresh, without those of stores that could not be fetched since."""
        return self.previous.fetched_only(self.assessment.site_state)

    @property
    def table(self) -> Table:
        """The restore points, one row each, under the headings of their groups."""
        assessment, catalog = self.assessment, self.catalog
        listed = list_rows(assessment, catalog) if self.limit is None else catalog.points[: self.limit]
        rows = group_rows(listed, self.grouping, catalog.order, self.view.zone, assessment.schedules)
        table = list_table(rows, self.view, self.columns, self.previous_fetched, assessment.failed_backup_ids)
        return table._replace(extra={"selection": _selection_object(catalog), **(table.extra or {})})


def _selection_object(catalog: Catalog) -> Row:
    """Return store, filter, order and size of the list as a JSON object."""
    order = catalog.order
    return {
        "store": catalog.store,
        "filter": catalog.filter.text,
        "sorted_by": order.key,
        "descending": order.is_descending,
        "total": catalog.store_count,
    }


def listing_csv(listing: Listing) -> str:
    """Return the list as CSV, with a column for the group, because CSV has no headings between rows."""
    table = listing.table
    if listing.grouping is Grouping.NONE:
        return as_csv(table)
    cells = ((row["group"], *cells) for row, cells in zip(table.objects, table.cells or (), strict=True))
    return as_csv(table._replace(columns=("GROUP", *table.columns), cells=cells))


def listing_json(listing: Listing) -> str:
    """Return the JSON that `drtui list --json` prints."""
    return as_json(listing.table, json_header(listing.assessment, listing.view))


def listing_markdown(listing: Listing) -> str:
    """Return the list as a Markdown document with site, age, filter and failures."""
    failures = failure_section(listing.assessment.site_state)
    return join_sections(_heading(listing), _tables(listing), failures, [""])


EXPORTERS = {"md": listing_markdown, "csv": listing_csv, "json": listing_json}
"""Functions by the suffix of the file that they make."""


def _heading(listing: Listing) -> Iterator[str]:
    assessment, view = listing.assessment, listing.view
    site_state = assessment.site_state
    yield "# Restore points"
    yield ""
    yield f"* Site: {code_span(site_state.location)}"
    freshness = freshness_text(site_state, assessment.now, view.zone)
    yield f"* Read: {format_full(site_state.listed_at, view.zone)} ({freshness})"
    yield from stale_lines(assessment, view)
    if not all_lists_known(site_state):
        why = lists_incomplete_reason(site_state)
        yield f"* **{why[:1].upper()}{why[1:]}: restore points are missing here**"
    yield f"* Judged as of {format_full(assessment.now, view.zone)}"
    yield f"* {_selection_text(listing)}"
    store = listing.catalog.store
    for label, runs in (("Left no restore point", assessment.missed_runs), ("Failed", assessment.failed_runs)):
        count = sum(store in {None, schedule.store} for schedule, _ in runs)
        if count:
            yield f"* {label}: {plural(count, 'scheduled run', 'scheduled runs')}; see `drtui gaps`"


def _selection_text(listing: Listing) -> str:
    """Return filter and order in words: `Shown: 13 of 57 in all stores, filter: …, sorted by started, descending`."""
    catalog = listing.catalog
    number = len(catalog.points[: listing.limit])
    store = f"in {code_span(catalog.store)}" if catalog.store is not None else "in all stores"
    query = f", filter: {code_span(catalog.filter.text)}" if catalog.filter else ""
    way = "descending" if catalog.order.is_descending else "ascending"
    total = plural(catalog.store_count, "restore point", "restore points")
    changes = describe_changes(catalog.points[: listing.limit], listing.previous_fetched, listing.view)
    how = f", sorted by {catalog.order.key}, {way}"
    return f"Shown: {number:,} of {total} {store}{query}{how}{f', {changes}' if changes else ''}"


def _tables(listing: Listing) -> Iterator[str]:
    """Yield the list as one table, or one for each group under its heading."""
    table = listing.table
    starts = [row for row, _ in table.headings] or [0]
    titles = [text for _, text in table.headings] or [""]
    for title, start, end in zip(titles, starts, [*starts[1:], len(table.texts)], strict=True):
        columns = [column.lower() for column in table.columns]
        lines = table_lines(columns, table.texts[start:end]) if end > start else ["None."]
        yield from section(escape_markdown(title), lines) if title else ["", *lines]
