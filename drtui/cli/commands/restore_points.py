"""`drtui list`: the restore points, in the order, the columns and the groups that one asks for."""

import argparse
import sys

from drtui.cli.context import Context, context
from drtui.cli.exit_codes import FINDINGS, FINE, CommandError
from drtui.cli.loading import looked_since, put, say, told_troubles, wanted, write_csv
from drtui.core.analysis.changes import Before, before
from drtui.core.formatting.text import clean
from drtui.core.listing.catalog import Catalog, Order
from drtui.core.listing.columns import PRINTED, ColumnError, chosen
from drtui.core.listing.grouping import Grouping
from drtui.core.query.parser import QueryError
from drtui.core.query.query import Query
from drtui.output.listing import LISTINGS, Listing, listing_csv


def run(arguments: argparse.Namespace) -> int:
    """Print the list; its exit code.

    Raises:
        CommandError: it cannot be read, or what was asked for is not there.
    """
    columns, found = _columns(arguments), context(arguments, ask=True)
    query = _filter(arguments.filter, found)
    if arguments.limit is not None and arguments.limit < 1:
        raise CommandError("--limit is a number from 1 on: a list cut to nothing would look like an empty site")
    found, judged, saved = looked_since(found)
    query = query.as_of(found.now)
    stores = {store.name for store in wanted(judged.reading.stores)}
    store = None if arguments.store is None else clean(arguments.store)
    if store is not None and store not in stores:
        raise CommandError(f"no store is called {store!r}; see drtui stores", FINDINGS)
    order, grouping = Order.by(arguments.sort), Grouping(arguments.group)
    order = order.reversed if arguments.reverse else order
    catalog = Catalog().refilled(judged.points).of_store(store).filtered(query).sorted(order)
    known = before(saved, found.now) if saved is not None else Before()
    listing = Listing(judged, catalog, found.view, grouping, columns, arguments.limit, known)
    if arguments.format == "table":
        put(listing.sheet, found, judged, arguments.format)
    elif arguments.format == "csv":
        write_csv(listing_csv(listing))
    else:
        sys.stdout.write(LISTINGS[arguments.format](listing))
    if not judged.points and not judged.reading.troubles:
        say("There are no restore points: the site says so itself.")
    elif query and not catalog.points and catalog.within_store:
        say(f"none of {catalog.within_store:,} restore points passes the filter {query.text}: {query.description}")
    return told_troubles(judged.reading, "stores", "backups of") or (FINE if catalog.points else FINDINGS)


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
        return PRINTED
    if arguments.format == "json":
        raise CommandError("--columns is for table, CSV and Markdown: JSON has every field")
    try:
        return chosen(arguments.columns)
    except ColumnError as error:
        raise CommandError(str(error)) from None
