"""`drtui list`: the restore points, in the order, the columns and the groups that one asks for."""

import argparse
import sys

from drtui.cli.context import Context, context
from drtui.cli.exit_codes import FINDINGS, FINE, CommandError
from drtui.cli.loading import assess_with_cache, load, require, restore_points_named
from drtui.cli.output import print_data, print_message, report_failures, stale_prefix, write_csv
from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.changes import PreviousLists, previous_lists
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
from drtui.output.export import LISTINGS, Listing, listing_csv
from drtui.output.restore_points import restore_points_table


def run(arguments: argparse.Namespace) -> int:
    """Print the list; its exit code.

    Raises:
        CommandError: it cannot be read, or what was asked for is not there.
    """
    columns, found = _columns(arguments), context(arguments, ask=True)
    query = _filter(arguments.filter, found)
    if arguments.limit is not None and arguments.limit < 1:
        raise CommandError("--limit is a number from 1 on: a list cut to nothing would look like an empty site")
    found, judged, saved = assess_with_cache(found)
    query = query.as_of(found.now)
    stores = {store.name for store in require(judged.site_state.stores)}
    store = None if arguments.store is None else sanitize(arguments.store)
    if store is not None and store not in stores:
        raise CommandError(f"no store is called {store!r}; see drtui stores", FINDINGS)
    order, grouping = Order.default_for(arguments.sort), Grouping(arguments.group)
    order = order.reversed if arguments.reverse else order
    catalog = Catalog().with_source(judged.points).with_store(store).with_filter(query).with_order(order)
    known = previous_lists(saved, found.now) if saved is not None else PreviousLists()
    listing = Listing(judged, catalog, found.view, grouping, columns, arguments.limit, known)
    if arguments.format == "table":
        print_data(listing.sheet, found, judged, arguments.format)
    elif arguments.format == "csv":
        write_csv(listing_csv(listing))
    else:
        sys.stdout.write(LISTINGS[arguments.format](listing))
    if not judged.points and not judged.site_state.failures:
        print_message("There are no restore points: the site says so itself.")
    elif query and not catalog.points and catalog.store_count:
        print_message(
            f"none of {catalog.store_count:,} restore points passes the filter {query.text}: {query.description}"
        )
    return report_failures(judged.site_state, "stores", "backups of") or (FINE if catalog.points else FINDINGS)


def _filter(text: str, found: Context) -> Query:
    """The filter that was given.

    Raises:
        CommandError: it is none; the place is pointed at.
    """
    try:
        return Query.parse(text, found.view)
    except QueryError as error:
        raise CommandError(f"--filter: {error}\n  {error.text}\n  {error.caret}") from error


def _columns(arguments: argparse.Namespace) -> tuple[str, ...]:
    if arguments.columns is None:
        return DEFAULT_PRINTED_COLUMNS
    if arguments.format == "json":
        raise CommandError("--columns is for table, CSV and Markdown: JSON has every field")
    try:
        return parse_columns(arguments.columns)
    except ColumnError as error:
        raise CommandError(str(error)) from None


LINE = 80
"""Cells of what is drawn on a line."""


def run_show(arguments: argparse.Namespace) -> int:
    """Print one restore point, or all of that name."""
    found, judged = load(arguments)
    points, code = restore_points_named(arguments, judged)
    if arguments.format == "table":
        drawn = (f"{_outlined(point, found)}\n{_in_time(point, judged, found)}" for point in points)
        sys.stdout.write(stale_prefix(judged.site_state, found) + "\n".join(drawn))
    else:
        print_data(restore_points_table(points, found.view), found, judged, arguments.format)
    return code or FINE


def _outlined(point: RestorePoint, found: Context) -> str:
    """A restore point as indented text."""
    laid = build_details(point, found.now, found.zone, plain=found.plain)
    return "".join(f"{_line(item)}\n" for item in (*laid.overview, *laid.parts))


def _in_time(point: RestorePoint, judged: Assessment, found: Context) -> str:
    """Its parts on a scale of time."""
    settings = judged.site_state.settings.value if judged.site_state.settings is not None else None
    drawn, said = build_bars(point, settings, found.view, LINE)
    return "".join(f"{each.text}\n" for each in (*drawn, *said))


def _line(item: DetailLine) -> str:
    return f"{item.label:<10}{item.text}" if item.label else "  " * item.depth + item.text


def run_before(arguments: argparse.Namespace) -> int:
    """Print the newest usable restore point before a moment, and why not the others."""
    found, judged = load(arguments)
    require(judged.site_state.stores)
    try:
        choice = choose_before(
            judged.site_state, judged.points, parse_past_time(arguments.time, found.zone, found.now), found.now
        )
    except TimeError as error:
        raise CommandError(str(error)) from error
    if arguments.format == "table":
        sys.stdout.write(stale_prefix(judged.site_state, found))
        sys.stdout.write("".join(f"{each.text}\n" for each in explain_choice(choice, found.zone)))
    else:
        print_data(point_in_time_table(choice, found.view), found, judged, arguments.format)
    return report_failures(judged.site_state, "stores", "backups of") or (
        FINE if choice.point and not choice.is_in_future else FINDINGS
    )
