"""What can be taken along of one restore point: each as a text of its own, none with a secret."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

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
from drtui.core.summary.freshness import freshness_text, stale_data_warning
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.assessment import json_header
from drtui.output.formats import Row, Table, as_csv, as_json, code_span, escape_markdown, moment_object
from drtui.output.restore_points import (
    list_table,
    restore_point_object,
    restore_points_table,
    with_changes,
    with_failed_runs,
    with_group_column,
)
from drtui.output.runbook import as_runbook, restore_request


class CopyFormat(NamedTuple):
    """Something that can be copied, shown or written into a file."""

    letter: str
    """That chooses it; none of those that move in a list."""
    label: str
    text: str
    suffix: str = "txt"
    """Of the file that it would be written into."""


def copy_formats(
    assessment: Assessment, chosen: RestorePoint, view: DisplayContext, shell: str
) -> tuple[CopyFormat, ...]:
    """What can be taken along of `chosen`; `shell` is the line that asks the site for its record."""
    row = "  ".join(filter(None, restore_points_table([chosen], view).texts[0]))
    record = msgspec.json.format(msgspec.json.encode(restore_point_object(chosen, view)), indent=2).decode()
    return (
        CopyFormat("n", "name", chosen.backup.name),
        CopyFormat("r", "row", row),
        CopyFormat("o", "JSON object, without secrets", f"{record}\n", "json"),
        CopyFormat("c", "curl line, the token as $DRTUI_TOKEN", shell, "sh"),
        CopyFormat("t", "restore request, not sent", "\n".join(restore_request(assessment, chosen)) + "\n"),
        CopyFormat("b", "runbook, the whole hand-over", as_runbook(assessment, chosen, view), "md"),
    )


class Listing(NamedTuple):
    """A list, and how it is looked at."""

    assessment: Assessment
    catalog: Catalog
    view: DisplayContext
    grouping: Grouping = Grouping.NONE
    columns: tuple[str, ...] = DEFAULT_PRINTED_COLUMNS
    limit: int | None = None
    previous: PreviousLists = PreviousLists()
    """The lists as they were when somebody last looked."""

    @property
    def previous_fetched(self) -> PreviousLists:
        """The same, of what has been read since."""
        return self.previous.fetched_only(self.assessment.site_state)

    @property
    def table(self) -> Table:
        """Its restore points, a row each, under the headings of its groups."""
        assessment, catalog = self.assessment, self.catalog
        listed = list_rows(assessment, catalog) if self.limit is None else catalog.points[: self.limit]
        rows = group_rows(listed, self.grouping, catalog.order, self.view.zone, assessment.schedules.schedules)
        table = with_failed_runs(
            list_table(rows, self.view, self.columns), rows, assessment.schedules.failed_backup_ids
        )
        since = self.previous_fetched
        besides = {
            "selection": _selection_object(catalog),
            "new_since": moment_object(since.at, self.view.zone),
            **(table.extra or {}),
        }
        return with_changes(table._replace(extra=besides), rows, since)


def _selection_object(catalog: Catalog) -> Row:
    """Which of all restore points they are, for machines."""
    order = catalog.order
    return {
        "store": catalog.store,
        "filter": catalog.filter.text,
        "sorted_by": order.key,
        "descending": order.is_descending,
        "total": catalog.store_count,
    }


def listing_csv(listing: Listing) -> str:
    """CSV; the groups are a column."""
    table = listing.table
    return as_csv(table if listing.grouping is Grouping.NONE else with_group_column(table))


def listing_json(listing: Listing) -> str:
    """What `drtui list --json` prints."""
    return as_json(listing.table, json_header(listing.assessment, listing.view))


def listing_markdown(listing: Listing) -> str:
    """A document that can stand alone: whose list it is, how old, which part of it, and what could not be read."""
    sections = (_heading, _tables, _failure_lines)
    return "".join(f"{line}\n" for section in sections for line in section(listing))


EXPORTERS = {"md": listing_markdown, "csv": listing_csv, "json": listing_json}
"""By the suffix of a file that holds it."""


def _heading(listing: Listing) -> Iterator[str]:
    assessment, view = listing.assessment, listing.view
    site_state = assessment.site_state
    yield "# Restore points"
    yield ""
    yield f"* Site: {code_span(site_state.location)}"
    freshness = freshness_text(site_state, assessment.now, view.zone)
    yield f"* Read: {format_full(site_state.listed_at, view.zone)} ({freshness})"
    mark = stale_data_warning(site_state, assessment.now, view.zone)
    if mark:
        yield f"* **{escape_markdown(mark[:1].upper() + mark[1:])}**"
    if not all_lists_known(site_state):
        why = lists_incomplete_reason(site_state)
        yield f"* **{why[:1].upper()}{why[1:]}: restore points are missing here**"
    yield f"* Judged as of {format_full(assessment.now, view.zone)}"
    yield f"* {_selection_text(listing)}"
    store = listing.catalog.store
    missed = sum(store in {None, plan.store} for plan, _ in assessment.schedules.missed_runs)
    if missed:
        yield f"* Left no restore point: {plural(missed, 'scheduled run', 'scheduled runs')}; see `drtui gaps`"
    failed = sum(store in {None, plan.store} for plan, _ in assessment.schedules.failed_runs)
    if failed:
        yield f"* Failed: {plural(failed, 'scheduled run', 'scheduled runs')}; see `drtui gaps`"
    yield ""


def _selection_text(listing: Listing) -> str:
    """`Shown: 13 of 57 in all stores, filter: …, sorted by started, descending`."""
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
    """One, or one for each group under its heading."""
    table = listing.table
    starts = [row for row, _ in table.headings] or [0]
    titles = [text for _, text in table.headings] or [""]
    for title, start, end in zip(titles, starts, [*starts[1:], len(table.texts)], strict=True):
        if title:
            yield f"## {escape_markdown(title)}"
            yield ""
        yield from _table(table.columns, table.texts[start:end])
        yield ""


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if not rows:
        yield "None."
        return
    yield f"| {' | '.join(column.lower() for column in columns)} |"
    yield f"|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(map(escape_markdown, row))} |"


def _failure_lines(listing: Listing) -> Iterator[str]:
    failures = listing.assessment.site_state.failures
    if failures:
        yield "## Could not be read"
        yield ""
        for name, failure in failures:
            yield f"* {escape_markdown(name)}: {escape_markdown(failure.line)}"
        yield ""
