"""What can be typed in a conversation about a site, and what is answered: lines, each understood by itself."""

import shlex
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from drtui.cli.commands import site
from drtui.cli.commands.where import others, unlisted
from drtui.cli.exit_codes import CommandError
from drtui.cli.loading import wanted
from drtui.cli.output import marked
from drtui.cli.shell.state import PAGE, Conversation
from drtui.core.analysis.point_in_time import choose
from drtui.core.comparison.compare import compare
from drtui.core.comparison.layout import beside
from drtui.core.contents.builder import contents
from drtui.core.contents.describe import query_for, told
from drtui.core.contents.index import Content, Contents
from drtui.core.contents.search import search
from drtui.core.formatting.text import count
from drtui.core.formatting.times import happened
from drtui.core.listing.catalog import SORT_KEYS, Order
from drtui.core.query.parser import QueryError
from drtui.core.query.query import Query
from drtui.core.query.text_tests import nearest
from drtui.core.summary.point_in_time import explained
from drtui.core.timeline.axis import Zoom, in_sight
from drtui.core.timeline.timeline import timeline
from drtui.output import sentences
from drtui.output.contents import FEW, of_contents
from drtui.output.timeline import Sight, as_words

NARROW = 60
"""Cells in which a comparison has no columns."""

SLOTS = 28
"""Of a timeline."""

POINTS = "restore point", "restore points"

Answer = Callable[[Conversation, str], Iterable[str]]
"""From the conversation, and what was typed after the word, to lines. Raises CommandError, or MomentError."""


def now(talk: Conversation, _: str) -> Iterator[str]:
    """What is important now."""
    yield from sentences.safety(talk.judged, talk.before, talk.view)
    if talk.found.access.insecure:
        yield "The certificate of the site is not verified (--insecure)."


def _warned(talk: Conversation) -> Iterator[str]:
    """What has to be heard before what rests on the lists: that they were saved, and what is missing in them."""
    wanted(talk.judged.reading.stores)
    yield from marked(talk.judged.reading, talk.found).splitlines()
    yield from _unread(talk, "stores", "backups of")


def _unread(talk: Conversation, *names: str) -> Iterator[str]:
    """What could not be read of what is asked for."""
    troubles = talk.judged.reading.troubles
    yield from (f"{name}: {trouble.line}" for name, trouble in troubles if name.startswith(names))


def _list(talk: Conversation, _: str = "") -> Iterator[str]:
    yield from _warned(talk)
    catalog, number = talk.catalog, len(talk.catalog.points)
    order = f"sorted by {catalog.order.key}, {'descending' if catalog.order.descending else 'ascending'}"
    if catalog.filter:
        passing = f"{number:,} of {count(catalog.within_store, *POINTS)} pass the filter"
        yield f"{passing} {' '.join(catalog.filter.chips)}: {catalog.filter.description}; {order}"
    elif number:
        yield f"{count(number, *POINTS)}, {order}"
    elif not talk.judged.reading.troubles:
        yield "There are no restore points: the site says so itself."
    yield from talk.listed()


def _more(talk: Conversation, _: str) -> Iterator[str]:
    if talk.ended:
        yield "That was all; list begins again."
    yield from talk.page()


def _filter(talk: Conversation, text: str) -> Iterator[str]:
    try:
        query = Query.parse(text, talk.view)
    except QueryError as error:
        where = error.text[error.start : error.end]
        raise CommandError(f"{error}{f' (at {where})' if where else ''}; the filter stays as it was") from None
    talk.catalog = talk.catalog.filtered(query)
    return _list(talk)


def _sort(talk: Conversation, column: str) -> Iterator[str]:
    if column not in SORT_KEYS:
        raise CommandError(f"sort takes a column: {nearest(column, SORT_KEYS)}")
    order = Order.by(column)
    talk.catalog = talk.catalog.sorted(order.reversed if order == talk.catalog.order else order)
    return _list(talk)


def _show(talk: Conversation, typed: str) -> Iterator[str]:
    point = talk.point(typed)
    yield from _warned(talk)
    settings = talk.judged.reading.settings
    yield from sentences.whole(point, None if settings is None else settings.value, talk.view)


def _where(talk: Conversation, name: str) -> Iterator[str]:
    yield from _warned(talk)
    index = contents(talk.judged)
    matches = search(index, name)
    if len(matches.answer) > FEW:
        yield from sentences.rows(of_contents(matches.answer, index, talk.view))
    else:
        yield from (line for each in matches.answer for line in _whereabouts(talk, each, index))
    if not matches.answer:
        yield f"nothing in {len(index.points):,} restore points is called {name!r}{unlisted(index)}"
    yield from filter(None, [others(matches, index, name)])


def _whereabouts(talk: Conversation, thing: Content, index: Contents) -> Iterator[str]:
    """One thing in sentences, then the restore points that hold it, newest first."""
    yield from (each.text for each in told(thing, index, talk.view))
    held = index.holders(thing)
    yield from (f"  {sentences.point(each, talk.view)}" for each in held[:PAGE])
    if len(held) > PAGE:
        yield f"  {len(held) - PAGE:,} more: filter {query_for(thing, index)} lists them."


def _before(talk: Conversation, time: str) -> Iterator[str]:
    yield from _warned(talk)
    choice = choose(
        talk.judged.reading, talk.judged.points, happened(time, talk.view.zone, talk.view.now), talk.view.now
    )
    yield from (each.text for each in explained(choice, talk.view.zone))


def _diff(talk: Conversation, typed: str) -> Iterator[str]:
    try:
        one, other = shlex.split(typed)
    except ValueError:
        raise CommandError("diff takes two, numbers or names; a name with blanks in quotes") from None
    compared = compare(talk.point(one), talk.point(other))
    yield from _warned(talk)
    for line in beside(compared, talk.view, NARROW):
        yield "".join(text for text, _ in line)


def _timeline(talk: Conversation, slot: str) -> Iterator[str]:
    zooms = [each.value for each in Zoom]
    if slot and slot not in zooms:
        raise CommandError(f"timeline takes the length of a slot: {nearest(slot, zooms)}")
    yield from _warned(talk)
    zoom = Zoom(slot) if slot else Zoom.DAY
    window = in_sight(talk.view.now, zoom, talk.view.zone, SLOTS)
    yield from as_words(Sight(talk.judged, timeline(talk.judged), (window,)), talk.view).splitlines()


def _stores(talk: Conversation, _: str) -> Iterator[str]:
    yield from _warned(talk)
    yield from sentences.rows(site.stores(talk.judged, talk.view))


def _status(talk: Conversation, _: str) -> Iterator[str]:
    yield from _unread(talk, "status")
    yield from sentences.rows(site.status(talk.judged, talk.view))


def _schedules(talk: Conversation, _: str) -> Iterator[str]:
    yield from _unread(talk, "schedules")
    yield from sentences.rows(site.schedules(talk.judged, talk.view))


def _gaps(talk: Conversation, _: str) -> Iterator[str]:
    yield from _warned(talk)
    yield from sentences.rows(site.gaps(talk.judged, talk.view))
    yield from site.untold(talk.judged)


def _error(talk: Conversation, _: str) -> Iterator[str]:
    troubles = talk.judged.reading.troubles
    if not troubles:
        yield "Nothing failed when the site was last asked."
    for name, trouble in troubles:
        yield from sentences.failure(name, trouble)


def _help(_: Conversation, __: str) -> Iterator[str]:
    for name, word in WORDS.items():
        yield f"{f'{name} {word.takes}'.strip() or 'an empty line'}: {word.help}"


def _elsewhere(_: Conversation, __: str) -> Iterator[str]:
    """What asks the site, or ends the conversation, is not for here to answer."""
    return iter(())


class Word(NamedTuple):
    """Something that can be typed."""

    takes: str
    help: str
    answer: Answer = _elsewhere


WORDS = {
    "": Word("", "what is important now", now),
    "list": Word("", f"the restore points, numbered, {PAGE} at once", _list),
    "more": Word("", "the next of the list", _more),
    "filter": Word("QUERY", "only those that pass, as drtui list --filter; without QUERY all again", _filter),
    "sort": Word("COLUMN", "the list by a column; once more: the other way round", _sort),
    "show": Word("N", "one restore point whole, by its number in the list or its name", _show),
    "diff": Word("A B", "what changed between two restore points, numbers or names", _diff),
    "where": Word("NAME", "which restore points hold a geodatabase, database or bucket", _where),
    "before": Word("TIME", "the newest usable one before a moment, what is lost, what was passed over", _before),
    "timeline": Word("SLOT", "the last weeks, each store by itself; slots of an hour, day, week or month", _timeline),
    "stores": Word("", "the backup stores", _stores),
    "status": Word("", "the last disaster-recovery operation", _status),
    "schedules": Word("", "the backup schedules, and the cleaner", _schedules),
    "gaps": Word("", "the cadence, gaps and missed runs", _gaps),
    "refresh": Word("", "ask the site again"),
    "error": Word("", "what failed, whole", _error),
    "help": Word("", "this", _help),
    "quit": Word("", "leave"),
}
"""Everything that can be typed; the words are those of the headless commands, and of the register of keys."""
