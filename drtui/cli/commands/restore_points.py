"""`drtui list`, `show` and `before`: restore points in a chosen order, with chosen columns and groups."""

import argparse
import sys

from drtui.cli.context import Context, resolve_context
from drtui.cli.exit_codes import FINDINGS, FINE, CommandError
from drtui.cli.loading import assess_with_cache, load_assessment, require, restore_points_named
from drtui.cli.output import print_data, print_message, report_failures, stale_prefix, write_csv
from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.changes import PreviousLists, make_previous_lists
from drtui.core.analysis.point_in_time import choose_before
from drtui.core.formatting.text import sanitize
from drtui.core.formatting.times import TimeError, parse_past_time
from drtui.core.listing.catalog import Catalog, Order
from drtui.core.listing.columns import DEFAULT_PRINTED_COLUMNS, ColumnError, parse_columns
from drtui.core.listing.details import DetailLine, build_details
from drtui.core.listing.grouping import Grouping
from drtui.core.query.parser import QueryError
from drtui.core.query.query import Query
from drtui.core.summary.point_in_time import explain_choice
from drtui.core.timeline.gantt import build_bars
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.assessment import point_in_time_table
from drtui.output.export import EXPORTERS, Listing, listing_csv
from drtui.output.restore_points import restore_points_table


def run(arguments: argparse.Namespace) -> int:
    """Print the list and return the exit code.

    Raises:
        CommandError: the site could not be fetched, or an argument is invalid.
    """
    columns, context = _columns(arguments), resolve_context(arguments, ask=True)
    query = _filter(arguments.filter, context)
    if arguments.limit is not None and arguments.limit < 1:
        raise CommandError("--limit must be at least 1: an empty list would look like an empty site.")
    context, assessment, saved = assess_with_cache(context)
    query = query.as_of(context.now)
    stores = {store.name for store in require(assessment.site_state.stores)}
    store = None if arguments.store is None else sanitize(arguments.store)
    if store is not None and store not in stores:
        raise CommandError(f"No store {store!r}. See drtui stores.", FINDINGS)
    order, grouping = Order.default_for(arguments.sort), Grouping(arguments.group)
    order = order.reversed if arguments.reverse else order
    catalog = Catalog().with_source(assessment.points).with_store(store).with_filter(query).with_order(order)
    previous = make_previous_lists(saved, context.now) if saved is not None else PreviousLists()
    listing = Listing(assessment, catalog, context.view, grouping, columns, arguments.limit, previous)
    if arguments.format == "table":
        print_data(listing.table, context, assessment, arguments.format)
    elif arguments.format == "csv":
        write_csv(listing_csv(listing))
    else:
        sys.stdout.write(EXPORTERS[arguments.format](listing))
    if not assessment.points and not assessment.site_state.failures:
        print_message("The site has no restore points.")
    elif query and not catalog.points and catalog.store_count:
        print_message(
            f"No match among {catalog.store_count:,} restore points for the filter {query.text}: {query.description}"
        )
    return report_failures(assessment.site_state, "stores", "backups of") or (FINE if catalog.points else FINDINGS)


def _filter(text: str, context: Context) -> Query:
    """Return the filter.

    Raises:
        CommandError: the filter is invalid; the message marks the place.
    """
    try:
        return Query.parse(text, context.view)
    except QueryError as error:
        raise CommandError(f"--filter: {error}\n  {error.text}\n  {error.caret}") from error


def _columns(arguments: argparse.Namespace) -> tuple[str, ...]:
    if arguments.columns is None:
        return DEFAULT_PRINTED_COLUMNS
    if arguments.format == "json":
        raise CommandError("--columns is for table, CSV and Markdown. JSON has every field.")
    try:
        return parse_columns(arguments.columns)
    except ColumnError as error:
        raise CommandError(str(error)) from None


CHART_CELLS = 80
"""The width of a chart, cells."""


def run_show(arguments: argparse.Namespace) -> int:
    """Print one restore point, or all of that name in one store."""
    context, assessment = load_assessment(arguments)
    points, code = restore_points_named(arguments, assessment)
    if arguments.format == "table":
        drawn = (f"{_details_text(point, context)}\n{_gantt_text(point, assessment, context)}" for point in points)
        sys.stdout.write(stale_prefix(assessment.site_state, context) + "\n".join(drawn))
    else:
        print_data(restore_points_table(points, context.view), context, assessment, arguments.format)
    return code or FINE


def _details_text(point: RestorePoint, context: Context) -> str:
    """Return a restore point as indented text."""
    details = build_details(point, context.now, context.zone, plain=context.plain)
    return "".join(f"{_item_text(item)}\n" for item in (*details.overview, *details.parts))


def _gantt_text(point: RestorePoint, assessment: Assessment, context: Context) -> str:
    """Return a Gantt chart of the parts of a restore point."""
    settings = assessment.site_state.settings.value if assessment.site_state.settings is not None else None
    bars, sentences = build_bars(point, settings, context.view, CHART_CELLS)
    return "".join(f"{bar.text}\n" for bar in (*bars, *sentences))


def _item_text(item: DetailLine) -> str:
    return f"{item.label:<10}{item.text}" if item.label else "  " * item.depth + item.text


def run_before(arguments: argparse.Namespace) -> int:
    """Print the newest usable restore point before a moment, and why newer ones were skipped."""
    context, assessment = load_assessment(arguments)
    require(assessment.site_state.stores)
    try:
        choice = choose_before(
            assessment.site_state,
            assessment.points,
            parse_past_time(arguments.time, context.zone, context.now),
            context.now,
        )
    except TimeError as error:
        raise CommandError(str(error)) from error
    if arguments.format == "table":
        sys.stdout.write(stale_prefix(assessment.site_state, context))
        sys.stdout.write("".join(f"{sentence.text}\n" for sentence in explain_choice(choice, context.zone)))
    else:
        print_data(point_in_time_table(choice, context.view), context, assessment, arguments.format)
    return report_failures(assessment.site_state, "stores", "backups of") or (
        FINE if choice.point and not choice.is_in_future else FINDINGS
    )
