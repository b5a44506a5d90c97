"""`drtui list`, `show` and `before`: restore points in a chosen order, with chosen columns and groups."""

import argparse
import sys
from difflib import get_close_matches

from drtui.cli.context import Context
from drtui.cli.exit_codes import FINDINGS, CommandError
from drtui.cli.loading import Site, find_restore_points, require
from drtui.cli.output import Answer
from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.changes import PreviousLists, make_previous_lists
from drtui.core.analysis.point_in_time import choose_before
from drtui.core.formatting.text import sanitize
from drtui.core.formatting.times import parse_past_time
from drtui.core.listing.catalog import Catalog, Criteria, Order
from drtui.core.listing.columns import DEFAULT_PRINTED_COLUMNS, parse_columns
from drtui.core.listing.details import DetailLine, build_details
from drtui.core.listing.grouping import Grouping
from drtui.core.model.note import notes_of
from drtui.core.model.site import DrSettings
from drtui.core.query.parser import QueryError
from drtui.core.query.query import Query
from drtui.core.summary.point_in_time import explain_choice
from drtui.core.timeline.gantt import build_bars
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.assessment import point_in_time_table
from drtui.output.coverage import newest_coverage_objects
from drtui.output.export import EXPORTERS, Listing
from drtui.output.formats import Table
from drtui.output.restore_points import note_object, restore_points_table
from drtui.output.sentences import details_sentences


def answer_list(site: Site, arguments: argparse.Namespace) -> Answer:
    """Return the list; an empty one is a finding.

    Raises:
        CommandError: the site could not be fetched, or an argument is invalid.
    """
    columns, query = _columns(arguments), _filter(arguments.filter, site.context)
    if arguments.limit is not None and arguments.limit < 1:
        raise CommandError("--limit must be at least 1: an empty list would look like an empty site.")
    context, assessment, saved = site.load()
    catalog, grouping = catalog_of(site, arguments), Grouping(arguments.group)
    previous = make_previous_lists(saved, context.now) if saved is not None else PreviousLists()
    listing = Listing(assessment, catalog, context.view, grouping, columns, arguments.limit, previous)
    notes = []
    if not assessment.points and not assessment.site_state.failures:
        notes.append("The site has no restore points.")
    elif query and not catalog.points and catalog.store_count:
        among = f"{catalog.store_count:,} restore points"
        notes.append(f"No match among {among} for the filter {query.text}: {query.description}")
    if arguments.format == "json":
        output: Table | str = listing._replace(columns=()).table  # its objects have every field, and no text is needed
    else:
        output = listing.table if arguments.format == "table" else EXPORTERS[arguments.format](listing)
    return Answer(output, not catalog.points, notes)


def catalog_of(site: Site, arguments: argparse.Namespace) -> Catalog:
    """Return the restore points that the options of `list` select, in their order.

    Raises:
        CommandError: the stores are unknown, or an argument is invalid.
    """
    context, assessment, _ = site.load()
    query = _filter(arguments.filter, site.context).as_of(context.now)
    stores = {store.name for store in require(assessment.site_state.stores)}
    store = None if arguments.store is None else sanitize(arguments.store)
    if store is not None and store not in stores:
        near = get_close_matches(store, stores, n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        raise CommandError(f"No store {store!r}. {hint}See drtui stores.", FINDINGS)
    order = Order.default_for(arguments.sort)
    order = order.reversed if arguments.reverse else order
    return Catalog().with_criteria(Criteria(order, query, store), assessment.points)


def _filter(text: str, context: Context) -> Query:
    """Return the filter.

    Raises:
        CommandError: the filter is invalid; on a terminal, the message marks the place.
    """
    try:
        return Query.parse(text, context.view)
    except QueryError as error:
        marked = f"\n  {error.text}\n  {error.caret}" if sys.stderr.isatty() else f" In: {error.text}"
        raise CommandError(f"--filter: {error}{marked}") from error


def _columns(arguments: argparse.Namespace) -> tuple[str, ...]:
    if arguments.columns is None:
        return DEFAULT_PRINTED_COLUMNS
    if arguments.format == "json":
        raise CommandError("--columns is for table, CSV and Markdown. JSON has every field.")
    return parse_columns(arguments.columns)


CHART_CELLS = 80
"""The width of a chart, cells."""


def answer_show(site: Site, arguments: argparse.Namespace) -> Answer:
    """Return one restore point, or all of that name in one store.

    Raises:
        CommandError: the name matches no restore point, or those of several stores.
    """
    context, assessment, _ = site.load()
    points = find_restore_points(assessment, arguments.backup, only_in=arguments.store, exit_code=FINDINGS)
    settings = assessment.site_state.settings.value if assessment.site_state.settings is not None else None
    notes = assessment.site_state.history.notes
    output: Table | str
    if arguments.format == "table":
        output = "\n".join(
            f"{_details_text(point, context, assessment)}\n{_gantt_text(point, settings, context)}" for point in points
        )
    elif arguments.format == "sentences":
        lines = (
            line for point in points for line in details_sentences(point, settings, context.view, notes, assessment)
        )
        output = "".join(f"{line}\n" for line in lines)
    else:
        table = restore_points_table(points, context.view)
        objects = [
            {
                **row,
                "notes": [note_object(note, context.zone) for note in notes_of(point.backup, notes)],
                "coverage": newest_coverage_objects(assessment, point),
            }
            for point, row in zip(points, table.objects, strict=True)
        ]
        output = table._replace(objects=objects)
    return Answer(output, has_findings=False)


def _details_text(point: RestorePoint, context: Context, assessment: Assessment) -> str:
    """Return a restore point and its notes as indented text."""
    notes = assessment.site_state.history.notes
    details = build_details(point, context.now, context.zone, plain=context.plain, notes=notes, assessment=assessment)
    return "".join(f"{_item_text(item)}\n" for item in (*details.overview, *details.parts))


def _gantt_text(point: RestorePoint, settings: DrSettings | None, context: Context) -> str:
    """Return a Gantt chart of the parts of a restore point."""
    bars, sentences = build_bars(point, settings, context.view, CHART_CELLS)
    return "".join(f"{bar.text}\n" for bar in (*bars, *sentences))


def _item_text(item: DetailLine) -> str:
    return f"{item.label:<10}{item.text}" if item.label else "  " * item.depth + item.text


def answer_before(site: Site, arguments: argparse.Namespace) -> Answer:
    """Return the newest usable restore point before a moment, and why newer ones were skipped.

    Raises:
        CommandError: the stores are unknown.
        TimeError: the moment is invalid.
    """
    context, assessment, _ = site.load()
    site_state = assessment.site_state
    require(site_state.stores)
    moment = parse_past_time(arguments.time, context.zone, context.now)
    choice = choose_before(site_state, assessment.points, moment, context.now)
    output: Table | str
    if arguments.format in {"table", "sentences"}:
        output = "".join(f"{sentence.text}\n" for sentence in explain_choice(choice, context.zone))
    else:
        output = point_in_time_table(choice, context.view)
    return Answer(output, choice.point is None or choice.is_in_future)
