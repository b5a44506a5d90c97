"""What can be typed in a conversation about a site, and what is answered: lines, each understood by itself."""

import shlex
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from drtui.cli.commands import site
from drtui.cli.commands.where import incomplete_list_note, similar_names
from drtui.cli.exit_codes import CommandError
from drtui.cli.loading import require
from drtui.cli.output import stale_prefix
from drtui.cli.shell.state import PAGE, ShellState
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
from drtui.core.timeline.axis import SlotLength, axis_until
from drtui.core.timeline.timeline import build_timeline
from drtui.output import sentences
from drtui.output.contents import FEW, items_table
from drtui.output.timeline import TimelineView, as_words

NARROW = 60
"""Cells in which a comparison has no columns."""

SLOTS = 28
"""Of a timeline."""

POINTS = "restore point", "restore points"

Answer = Callable[[ShellState, str], Iterable[str]]
"""From the conversation, and what was typed after the word, to lines. Raises CommandError, or MomentError."""


def now(talk: ShellState, _: str) -> Iterator[str]:
    """What is important now."""
    yield from sentences.safety_sentences(talk.judged, talk.before, talk.view)
    if talk.found.access.insecure:
        yield "The certificate of the site is not verified (--insecure)."


def _warned(talk: ShellState) -> Iterator[str]:
    """What has to be heard before what rests on the lists: that they were saved, and what is missing in them."""
    require(talk.judged.site_state.stores)
    yield from stale_prefix(talk.judged.site_state, talk.found).splitlines()
    yield from _unread(talk, "stores", "backups of")


def _unread(talk: ShellState, *names: str) -> Iterator[str]:
    """What could not be read of what is asked for."""
    troubles = talk.judged.site_state.failures
    yield from (f"{name}: {trouble.line}" for name, trouble in troubles if name.startswith(names))


def _list(talk: ShellState, _: str = "") -> Iterator[str]:
    yield from _warned(talk)
    catalog, number = talk.catalog, len(talk.catalog.points)
    order = f"sorted by {catalog.order.key}, {'descending' if catalog.order.descending else 'ascending'}"
    if catalog.filter:
        passing = f"{number:,} of {plural(catalog.store_count, *POINTS)} pass the filter"
        yield f"{passing} {' '.join(catalog.filter.term_texts)}: {catalog.filter.description}; {order}"
    elif number:
        yield f"{plural(number, *POINTS)}, {order}"
    elif not talk.judged.site_state.failures:
        yield "There are no restore points: the site says so itself."
    yield from talk.listed()


def _more(talk: ShellState, _: str) -> Iterator[str]:
    if talk.ended:
        yield "That was all; list begins again."
    yield from talk.page()


def _filter(talk: ShellState, text: str) -> Iterator[str]:
    try:
        query = Query.parse(text, talk.view)
    except QueryError as error:
        where = error.text[error.start : error.end]
        raise CommandError(f"{error}{f' (at {where})' if where else ''}; the filter stays as it was") from None
    talk.catalog = talk.catalog.with_filter(query)
    return _list(talk)


def _sort(talk: ShellState, column: str) -> Iterator[str]:
    if column not in SORT_KEYS:
        raise CommandError(f"sort takes a column: {suggest_word(column, SORT_KEYS)}")
    order = Order.default_for(column)
    talk.catalog = talk.catalog.with_order(order.reversed if order == talk.catalog.order else order)
    return _list(talk)


def _show(talk: ShellState, typed: str) -> Iterator[str]:
    point = talk.point(typed)
    yield from _warned(talk)
    settings = talk.judged.site_state.settings
    yield from sentences.details_sentences(point, None if settings is None else settings.value, talk.view)


def _where(talk: ShellState, name: str) -> Iterator[str]:
    yield from _warned(talk)
    index = build_index(talk.judged)
    matches = search(index, name)
    if len(matches.best) > FEW:
        yield from sentences.table_sentences(items_table(matches.best, index, talk.view))
    else:
        yield from (line for each in matches.best for line in _whereabouts(talk, each, index))
    if not matches.best:
        yield f"nothing in {len(index.points):,} restore points is called {name!r}{incomplete_list_note(index)}"
    yield from filter(None, [similar_names(matches, index, name)])


def _whereabouts(talk: ShellState, thing: Item, index: ContentIndex) -> Iterator[str]:
    """One thing in sentences, then the restore points that hold it, newest first."""
    yield from (each.text for each in describe_item(thing, index, talk.view))
    held = index.holders(thing)
    yield from (f"  {sentences.restore_point_sentence(each, talk.view)}" for each in held[:PAGE])
    if len(held) > PAGE:
        yield f"  {len(held) - PAGE:,} more: filter {item_query(thing, index)} lists them."


def _before(talk: ShellState, time: str) -> Iterator[str]:
    yield from _warned(talk)
    choice = choose_before(
        talk.judged.site_state, talk.judged.points, parse_past_time(time, talk.view.zone, talk.view.now), talk.view.now
    )
    yield from (each.text for each in explain_choice(choice, talk.view.zone))


def _diff(talk: ShellState, typed: str) -> Iterator[str]:
    try:
        one, other = shlex.split(typed)
    except ValueError:
        raise CommandError("diff takes two, numbers or names; a name with blanks in quotes") from None
    compared = compare(talk.point(one), talk.point(other))
    yield from _warned(talk)
    for line in comparison_lines(compared, talk.view, NARROW):
        yield "".join(text for text, _ in line)


def _timeline(talk: ShellState, slot: str) -> Iterator[str]:
    zooms = [each.value for each in SlotLength]
    if slot and slot not in zooms:
        raise CommandError(f"timeline takes the length of a slot: {suggest_word(slot, zooms)}")
    yield from _warned(talk)
    zoom = SlotLength(slot) if slot else SlotLength.DAY
    window = axis_until(talk.view.now, zoom, talk.view.zone, SLOTS)
    yield from as_words(TimelineView(talk.judged, build_timeline(talk.judged), (window,)), talk.view).splitlines()


def _stores(talk: ShellState, _: str) -> Iterator[str]:
    yield from _warned(talk)
    yield from sentences.table_sentences(site.stores(talk.judged, talk.view))


def _status(talk: ShellState, _: str) -> Iterator[str]:
    yield from _unread(talk, "status")
    yield from sentences.table_sentences(site.status(talk.judged, talk.view))


def _schedules(talk: ShellState, _: str) -> Iterator[str]:
    yield from _unread(talk, "schedules")
    yield from sentences.table_sentences(site.schedules(talk.judged, talk.view))


def _gaps(talk: ShellState, _: str) -> Iterator[str]:
    yield from _warned(talk)
    yield from sentences.table_sentences(site.gaps(talk.judged, talk.view))
    yield from site.unknown_notes(talk.judged)


def _error(talk: ShellState, _: str) -> Iterator[str]:
    troubles = talk.judged.site_state.failures
    if not troubles:
        yield "Nothing failed when the site was last asked."
    for name, trouble in troubles:
        yield from sentences.failure_sentences(name, trouble)


def _help(_: ShellState, __: str) -> Iterator[str]:
    for name, word in WORDS.items():
        yield f"{f'{name} {word.takes}'.strip() or 'an empty line'}: {word.help}"


def _elsewhere(_: ShellState, __: str) -> Iterator[str]:
    """What asks the site, or ends the conversation, is not for here to answer."""
    return iter(())


class ShellCommand(NamedTuple):
    """Something that can be typed."""

    takes: str
    help: str
    answer: Answer = _elsewhere


WORDS = {
    "": ShellCommand("", "what is important now", now),
    "list": ShellCommand("", f"the restore points, numbered, {PAGE} at once", _list),
    "more": ShellCommand("", "the next of the list", _more),
    "filter": ShellCommand("QUERY", "only those that pass, as drtui list --filter; without QUERY all again", _filter),
    "sort": ShellCommand("COLUMN", "the list by a column; once more: the other way round", _sort),
    "show": ShellCommand("N", "one restore point whole, by its number in the list or its name", _show),
    "diff": ShellCommand("A B", "what changed between two restore points, numbers or names", _diff),
    "where": ShellCommand("NAME", "which restore points hold a geodatabase, database or bucket", _where),
    "before": ShellCommand(
        "TIME", "the newest usable one before a moment, what is lost, what was passed over", _before
    ),
    "timeline": ShellCommand(
        "SLOT", "the last weeks, each store by itself; slots of an hour, day, week or month", _timeline
    ),
    "stores": ShellCommand("", "the backup stores", _stores),
    "status": ShellCommand("", "the last disaster-recovery operation", _status),
    "schedules": ShellCommand("", "the backup schedules, and the cleaner", _schedules),
    "gaps": ShellCommand("", "the cadence, gaps and missed runs", _gaps),
    "refresh": ShellCommand("", "ask the site again"),
    "error": ShellCommand("", "what failed, whole", _error),
    "help": ShellCommand("", "this", _help),
    "quit": ShellCommand("", "leave"),
}
"""Everything that can be typed; the words are those of the headless commands, and of the register of keys."""
