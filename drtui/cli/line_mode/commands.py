"""Commands of the line-by-line shell; each yields lines that can be read alone."""

import shlex
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from drtui.cli.commands import site
from drtui.cli.commands.where import incomplete_list_note, similar_names
from drtui.cli.exit_codes import CommandError
from drtui.cli.line_mode.state import PAGE, ShellState
from drtui.cli.loading import require
from drtui.cli.output import stale_prefix
from drtui.core.analysis.point_in_time import choose_before
from drtui.core.comparison.compare import compare
from drtui.core.comparison.layout import comparison_lines
from drtui.core.contents.builder import build_index
from drtui.core.contents.describe import describe_item, item_query
from drtui.core.contents.index import ContentIndex, Item
from drtui.core.contents.search import search
from drtui.core.formatting.text import plural
from drtui.core.formatting.times import parse_past_time
from drtui.core.listing.catalog import SORT_KEYS, Order
from drtui.core.query.parser import QueryError
from drtui.core.query.query import Query
from drtui.core.query.text_tests import suggest_word
from drtui.core.summary.point_in_time import explain_choice
from drtui.core.timeline.axis import SlotLength, build_axis_until
from drtui.core.timeline.timeline import build_timeline
from drtui.output import sentences
from drtui.output.contents import MAX_FULL_ITEMS, items_table
from drtui.output.timeline import TimelineView, describe_timeline

NARROW = 60
"""The width of a comparison in one column, cells."""

SLOTS = 28
"""The number of slots of a timeline."""

POINTS = "restore point", "restore points"

Answer = Callable[[ShellState, str], Iterable[str]]
"""A function from session and argument to lines. Raises CommandError or TimeError."""


def now(shell: ShellState, _: str) -> Iterator[str]:
    """Yield a summary of the site."""
    yield from sentences.summary_sentences(shell.assessment, shell.previous, shell.view)
    if shell.context.access.insecure:
        yield "The certificate of the site is not verified (--insecure)."


def _warned(shell: ShellState) -> Iterator[str]:
    """Yield warnings about saved or missing lists, for answers that depend on the lists."""
    require(shell.assessment.site_state.stores)
    yield from stale_prefix(shell.assessment.site_state, shell.context).splitlines()
    yield from _unread(shell, "stores", "backups of")


def _unread(shell: ShellState, *names: str) -> Iterator[str]:
    """Yield the failures of the resources whose names begin with `names`."""
    failures = shell.assessment.site_state.failures
    yield from (f"{name}: {failure.line}" for name, failure in failures if name.startswith(names))


def _list(shell: ShellState, _: str = "") -> Iterator[str]:
    yield from _warned(shell)
    catalog, number = shell.catalog, len(shell.catalog.points)
    order = f"sorted by {catalog.order.key}, {'descending' if catalog.order.is_descending else 'ascending'}"
    if catalog.filter:
        passing = f"{number:,} of {plural(catalog.store_count, *POINTS)} pass the filter"
        yield f"{passing} {' '.join(catalog.filter.term_texts)}: {catalog.filter.description}; {order}"
    elif number:
        yield f"{plural(number, *POINTS)}, {order}"
    elif not shell.assessment.site_state.failures:
        yield "The site has no restore points."
    yield from shell.first_page()


def _more(shell: ShellState, _: str) -> Iterator[str]:
    if shell.is_list_finished:
        yield "End of the list. list prints it again."
    yield from shell.next_page()


def _filter(shell: ShellState, text: str) -> Iterator[str]:
    try:
        query = Query.parse(text, shell.view)
    except QueryError as error:
        where = error.text[error.start : error.end]
        raise CommandError(f"{error}{f' (at {where})' if where else ''}; the filter is unchanged") from None
    shell.catalog = shell.catalog.with_filter(query)
    return _list(shell)


def _sort(shell: ShellState, column: str) -> Iterator[str]:
    if column not in SORT_KEYS:
        raise CommandError(f"Unknown sort column {column!r}. {suggest_word(column, SORT_KEYS)}")
    order = Order.default_for(column)
    shell.catalog = shell.catalog.with_order(order.reversed if order == shell.catalog.order else order)
    return _list(shell)


def _show(shell: ShellState, typed: str) -> Iterator[str]:
    point = shell.find_point(typed)
    yield from _warned(shell)
    settings = shell.assessment.site_state.settings
    yield from sentences.details_sentences(point, None if settings is None else settings.value, shell.view)


def _where(shell: ShellState, name: str) -> Iterator[str]:
    yield from _warned(shell)
    index = build_index(shell.assessment)
    matches = search(index, name)
    if len(matches.best) > MAX_FULL_ITEMS:
        yield from sentences.table_sentences(items_table(matches.best, index, shell.view))
    else:
        yield from (line for item in matches.best for line in _item_lines(shell, item, index))
    if not matches.best:
        yield f"Nothing named {name!r} in {len(index.points):,} restore points{incomplete_list_note(index)}"
    yield from filter(None, [similar_names(matches, index, name)])


def _item_lines(shell: ShellState, item: Item, index: ContentIndex) -> Iterator[str]:
    """Yield an item in sentences, then the restore points that contain it, newest first."""
    yield from (sentence.text for sentence in describe_item(item, index, shell.view))
    points = index.holders(item)
    yield from (f"  {sentences.restore_point_sentence(point, shell.view)}" for point in points[:PAGE])
    if len(points) > PAGE:
        yield f"  {len(points) - PAGE:,} more: filter {item_query(item, index)} lists them."


def _before(shell: ShellState, time: str) -> Iterator[str]:
    yield from _warned(shell)
    choice = choose_before(
        shell.assessment.site_state,
        shell.assessment.points,
        parse_past_time(time, shell.view.zone, shell.view.now),
        shell.view.now,
    )
    yield from (sentence.text for sentence in explain_choice(choice, shell.view.zone))


def _diff(shell: ShellState, typed: str) -> Iterator[str]:
    try:
        first, second = shlex.split(typed)
    except ValueError:
        raise CommandError("diff needs two numbers or names. Write a name with blanks in quotes.") from None
    comparison = compare(shell.find_point(first), shell.find_point(second))
    yield from _warned(shell)
    for line in comparison_lines(comparison, shell.view, NARROW):
        yield "".join(text for text, _ in line)


def _timeline(shell: ShellState, slot: str) -> Iterator[str]:
    zooms = [length.value for length in SlotLength]
    if slot and slot not in zooms:
        raise CommandError(f"Unknown slot length {slot!r}. {suggest_word(slot, zooms)}")
    yield from _warned(shell)
    zoom = SlotLength(slot) if slot else SlotLength.DAY
    window = build_axis_until(shell.view.now, zoom, shell.view.zone, SLOTS)
    yield from describe_timeline(
        TimelineView(shell.assessment, build_timeline(shell.assessment), (window,)), shell.view
    ).splitlines()


def _stores(shell: ShellState, _: str) -> Iterator[str]:
    yield from _warned(shell)
    yield from sentences.table_sentences(site.stores(shell.assessment, shell.view))


def _status(shell: ShellState, _: str) -> Iterator[str]:
    yield from _unread(shell, "status")
    yield from sentences.table_sentences(site.status(shell.assessment, shell.view))


def _schedules(shell: ShellState, _: str) -> Iterator[str]:
    yield from _unread(shell, "schedules")
    yield from sentences.table_sentences(site.schedules(shell.assessment, shell.view))


def _gaps(shell: ShellState, _: str) -> Iterator[str]:
    yield from _warned(shell)
    yield from sentences.table_sentences(site.gaps(shell.assessment, shell.view))
    yield from site.unknown_notes(shell.assessment)


def _error(shell: ShellState, _: str) -> Iterator[str]:
    failures = shell.assessment.site_state.failures
    if not failures:
        yield "The last refresh had no failures."
    for name, failure in failures:
        yield from sentences.failure_sentences(name, failure)


def _help(_: ShellState, __: str) -> Iterator[str]:
    for name, word in COMMANDS.items():
        yield f"{f'{name} {word.takes}'.strip() or 'an empty line'}: {word.help}"


def _no_lines(_: ShellState, __: str) -> Iterator[str]:
    """Return nothing: the loop handles `refresh` and `quit`."""
    return iter(())


class ShellCommand(NamedTuple):
    """A command of the shell."""

    takes: str
    help: str
    answer: Answer = _no_lines


COMMANDS = {
    "": ShellCommand("", "a summary of the site", now),
    "list": ShellCommand("", f"the restore points with numbers, {PAGE} at a time", _list),
    "more": ShellCommand("", "the next page of the list", _more),
    "filter": ShellCommand("QUERY", "filter the list, as drtui list --filter; without QUERY clear the filter", _filter),
    "sort": ShellCommand("COLUMN", "sort the list by a column; again: reverse the order", _sort),
    "show": ShellCommand("N", "all facts of one restore point, by number or name", _show),
    "diff": ShellCommand("A B", "the differences between two restore points, by number or name", _diff),
    "where": ShellCommand("NAME", "the restore points that contain a geodatabase, database or bucket", _where),
    "before": ShellCommand(
        "TIME", "the newest usable restore point before a moment, the data loss, and what was skipped", _before
    ),
    "timeline": ShellCommand("SLOT", "the last weeks by store, in slots of an hour, day, week or month", _timeline),
    "stores": ShellCommand("", "the backup stores", _stores),
    "status": ShellCommand("", "the last disaster-recovery operation", _status),
    "schedules": ShellCommand("", "the backup schedules and the cleaner", _schedules),
    "gaps": ShellCommand("", "gaps, missed runs and failed runs", _gaps),
    "refresh": ShellCommand("", "fetch the site again"),
    "error": ShellCommand("", "all failures in full", _error),
    "help": ShellCommand("", "this list", _help),
    "quit": ShellCommand("", "end the session"),
}
"""All commands of the shell; the names are those of the command line and of the keybindings."""
