"""What stands in the panes: lines made of a reading."""

import datetime as dt
import textwrap
from collections.abc import Iterator, Sequence
from typing import TypeVar

from drtui.core.analysis.assessment import Assessment, StoreTotals
from drtui.core.analysis.rpo import why_lists_incomplete
from drtui.core.comparison.selection import Id
from drtui.core.formatting.text import cut_middle
from drtui.core.formatting.times import format_duration, format_short_age, zone_label
from drtui.core.listing.catalog import Catalog
from drtui.core.listing.details import DetailLine
from drtui.core.listing.grouping import Grouping
from drtui.core.model.address import Address
from drtui.core.model.site import Store
from drtui.core.model.site_clock import skew_text
from drtui.core.model.site_state import Fetched, SiteState, all_lists_known
from drtui.core.query.highlight import clip_span
from drtui.core.query.query import Query
from drtui.core.summary.freshness import freshness
from drtui.core.summary.labels import failure_word
from drtui.core.summary.last_known import LastKnown, short_text
from drtui.session import DEMO, ConnectionOptions, Session, Target
from drtui.session.profiles import NamedSite
from drtui.ui.widgets.styled_lines import Line, line

T = TypeVar("T")

THIS_SITE = ""
"""What the line stands for that leads into the site at hand; the lines of the others stand for their names."""


def connection(
    reading: SiteState, access: ConnectionOptions, session: Session | None, now: int, zone: dt.tzinfo
) -> Iterator[Line]:
    """Where one is, as whom, over what, and how long still."""
    expires = session.token_expires if session is not None else None
    yield line(reading.location, "accent")
    site = reading.site
    release = str(site.value.release or "not given") if site and site.value else _waiting(site)
    yield line(f"release {release}", key=THIS_SITE)
    if reading.address is not None:
        yield _transport(reading.address, access)
        if reading.address != DEMO:
            yield line(_signed_in(access, expires, now))
    yield line(f"times in {zone_label(now, zone)}, read-only", "muted")
    yield line(freshness(reading, now, zone), "bad" if reading.is_saved else "muted")
    clocks = skew_text(reading.clock_offset)
    if clocks:
        yield line(clocks, "warn")
    if session is not None and session.history_trouble:
        yield line(session.history_trouble, "warn")
    for name, trouble in reading.failures:
        yield Line(
            ((f"{name}: {failure_word(trouble)} ", "warn"), (trouble.server_message or trouble.summary, "muted"))
        )


def others(known: Sequence[tuple[NamedSite, LastKnown | None]], here: Target | None, now: int) -> Iterator[Line]:
    """The other sites that have a name, a line each."""
    others = [(target, told) for (target, _), told in known if here is None or not here.is_same_site(target)]
    cells = max((len(target.name) for target, _ in others), default=0)
    for target, told in others:
        said, tone = short_text(told, now, target.rpo) if told is not None else ("not looked at yet", "muted")
        accent = f"accent:{target.accent}" if target.accent else "strong"
        yield Line(((f"{target.name:<{cells}}", accent), (f"  {said}", tone)), target.name)


def _transport(address: Address, access: ConnectionOptions) -> Line:
    """Whether anybody can listen or pretend."""
    if address == DEMO:
        return line("simulated, in this process")
    if access.insecure:
        return line("TLS NOT VERIFIED (--insecure)", "bad")
    if address.scheme == "http":
        return line("no TLS: plain http", "warn")
    return line("TLS verified" + (f", {access.ca_file.name}" if access.ca_file else ""))


def _signed_in(access: ConnectionOptions, expires: int | None, now: int) -> str:
    """The account, and how long its token lasts."""
    who = f"as {access.user}" if access.user else "by token"
    return f"{who}, token for {format_duration(expires - now)}" if expires is not None and expires > now else who


def _waiting(answer: Fetched[T] | None) -> str:
    """What stands in for a value that is not there."""
    if answer is None:
        return "..."
    return failure_word(answer.failure) if answer.failure else "?"


MARKED = 24
"""Cells in which the name of a marked restore point is shown beside the others."""

ALL_STORES = ""
"""The key of the line that stands for all stores."""


def stores(judged: Assessment, chosen: str | None) -> Iterator[Line]:
    """All stores, then each: the mark of the default one, how many restore points, age of the newest usable one."""
    reading, now, held = judged.site_state, judged.now, judged.totals.by_store
    foreign = {store.name for store in judged.rpo.other_release_stores}
    if reading.stores is None:
        yield line("...", "muted")
        return
    if reading.stores.value is None and reading.stores.failure is not None:
        yield line(failure_word(reading.stores.failure), "bad")
        yield line(reading.stores.failure.summary, "warn")
        return
    yield _all_stores(judged, chosen=chosen is None)
    for store in reading.stores.value or ():
        mine, here = held.get(store.name, StoreTotals()), chosen == store.name
        yield _of_store(store, reading, mine, now, chosen=here, foreign=store.name in foreign)
    if not reading.stores.value:
        yield line("no store is registered", "bad")


def _all_stores(judged: Assessment, *, chosen: bool) -> Line:
    """What all stores hold together, as far as they could be read."""
    reading, points, newest = judged.site_state, judged.points, judged.rpo.newest_usable
    if all_lists_known(reading):
        held = StoreTotals(len(points), (newest.backup.start or 0) if newest else None)
        return _store("All stores", "", held, judged.now, key=ALL_STORES, chosen=chosen)
    said = (
        f"  {len(points)} so far ..."
        if not reading.is_complete
        else f"  {len(points)}, {why_lists_incomplete(reading)}"
    )
    tone = "bad" if reading.is_complete else "muted"
    return Line((("All stores", "strong" if chosen else ""), (said, tone)), ALL_STORES)


def _of_store(store: Store, reading: SiteState, held: StoreTotals, now: int, *, chosen: bool, foreign: bool) -> Line:
    answer = reading.backups.get(store.name)
    about = " ".join(filter(None, (store.type, f"by {store.created_by}" if store.created_by else "")))
    if answer is None or answer.value is None:
        waiting = _waiting(answer)
        return Line(((store.name, ""), (f"  {waiting}", "muted" if answer is None else "bad")), store.name)
    name = f"{store.name} (default)" if store.default else store.name
    return _store(name, about, held, now, key=store.name, chosen=chosen, foreign=foreign)


def _store(
    name: str,
    about: str,
    held: StoreTotals,
    now: int,
    *,
    key: str,
    chosen: bool,
    foreign: bool = False,
) -> Line:
    usable = (
        "nothing usable" if held.newest_start is None else f"usable {format_short_age(now - held.newest_start)} old"
    )
    tone = "muted" if not held.count else "warn" if held.newest_start is None else ""
    pieces = (
        (name, "strong" if chosen else ""),
        (f"  {held.count}, {usable}", tone),
        (f"  {about}", "warn" if foreign else "muted"),
    )
    return Line(pieces, key)


NO_FILTER = Query()


def items(listed: Sequence[DetailLine], cells: int, query: Query = NO_FILTER) -> list[Line]:
    """The lines of an outline in `cells` cells: what is said is wrapped, names are not; headings stand out."""
    return [each for item in listed for each in _item(item, cells, query)]


def _item(item: DetailLine, cells: int, query: Query) -> Iterator[Line]:
    found, end = item.highlights(query), 0
    if item.key is not None:
        indent = "  " * item.depth
        yield Line(((indent + item.text, item.tone),), item.key, clip_span(found, 0, len(item.text), len(indent)))
        return
    first = f"{item.label:<10}" if item.label else "  " * item.depth
    tone = item.tone or ("strong" if item.depth == 0 and not item.label else "")
    wrapped = textwrap.wrap(item.text, max(10, cells - 1 - len(first))) or [""]
    for position, text in enumerate(wrapped):
        start = max(0, item.text.find(text, end))
        end = start + len(text)
        beside = first if position == 0 else " " * len(first)
        yield Line(((beside, "muted"), (text, tone)), found=clip_span(found, start, end, len(beside)))


def note_of_list(
    reading: SiteState, catalog: Catalog, grouping: Grouping, told: str = "", marks: Sequence[Id] = ()
) -> str:
    """How many restore points the table shows, of which store, how, what is new (`told`), and which are marked."""
    if reading.stores is None or reading.stores.value is None:
        return ""
    shown, total, store = len(catalog.points), catalog.store_count, catalog.store
    which = f"in {store}" if store is not None else "in all stores"
    which += f", by {grouping.value}" if grouping is not Grouping.NONE else ""
    which += f", {told}" if told else ""
    number = f"{shown:,} of {total:,} {which}" if catalog.filter else f"{total:,} {which}"
    names = " and ".join(cut_middle(name or "(no name)", MARKED) for _, name in marks)
    return f"{number}, marked: {names}" if names else number
