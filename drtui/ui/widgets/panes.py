"""What stands in the panes: lines made of a reading."""

import datetime as dt
import textwrap
from collections.abc import Iterator, Sequence
from typing import TypeVar

from drtui.model.address import Address
from drtui.model.catalog import Catalog, RestorePoint
from drtui.model.exposure import is_whole
from drtui.model.moment import age, at, clock, short_age, took, zone_label
from drtui.model.outline import Item
from drtui.model.reading import Answer, Reading, Source
from drtui.model.site import Store
from drtui.model.words import expiry_of, kind_of, mark_of, trouble_word
from drtui.session import DEMO, Access
from drtui.ui.widgets.lines import Line, line
from drtui.ui.widgets.table import Column

T = TypeVar("T")


def freshness(reading: Reading, now: int, zone: dt.tzinfo) -> str:
    """How old what is shown is: `live 12:04`, `2 min old`, `file of 2026-09-20 03:10`."""
    if reading.read is None:
        return "not read yet"
    if reading.stores is not None and reading.stores.source is Source.FILE:
        return f"file of {clock(reading.read, zone)}"
    old = now - reading.read
    return f"live {at(reading.read, zone):%H:%M}" if old < 60_000 else f"{age(old)} old"


def connection(reading: Reading, access: Access, expires: int | None, now: int, zone: dt.tzinfo) -> Iterator[Line]:
    """Where one is, as whom, over what, and how long still."""
    yield line(reading.place, "strong")
    site = reading.site
    release = str(site.value.release or "not given") if site and site.value else _waiting(site)
    yield line(f"release {release}")
    if reading.address is not None:
        yield _transport(reading.address, access)
        if reading.address != DEMO:
            yield line(_signed_in(access, expires, now))
    yield line(f"times in {zone_label(now, zone)}, read-only", "muted")
    yield line(freshness(reading, now, zone), "muted")
    for name, trouble in reading.troubles:
        yield Line(((f"{name}: {trouble_word(trouble)} ", "warn"), (trouble.said or trouble.what, "muted")))


def _transport(address: Address, access: Access) -> Line:
    """Whether anybody can listen or pretend."""
    if address == DEMO:
        return line("simulated, in this process")
    if access.insecure:
        return line("TLS NOT VERIFIED (--insecure)", "bad")
    if address.scheme == "http":
        return line("no TLS: plain http", "warn")
    return line("TLS verified" + (f", {access.ca_file.name}" if access.ca_file else ""))


def _signed_in(access: Access, expires: int | None, now: int) -> str:
    """The account, and how long its token lasts."""
    who = f"as {access.user}" if access.user else "by token"
    return f"{who}, token for {age(expires - now)}" if expires is not None and expires > now else who


def _waiting(answer: Answer[T] | None) -> str:
    """What stands in for a value that is not there."""
    if answer is None:
        return "…"
    return trouble_word(answer.trouble) if answer.trouble else "?"


ALL_STORES = ""
"""The key of the line that stands for all stores."""


def stores(reading: Reading, points: Sequence[RestorePoint], now: int, chosen: str | None) -> Iterator[Line]:
    """All stores, then each: the mark of the default one, how many restore points, age of the newest usable one."""
    if reading.stores is None:
        yield line("…", "muted")
        return
    if reading.stores.value is None and reading.stores.trouble is not None:
        yield line(trouble_word(reading.stores.trouble), "bad")
        yield line(reading.stores.trouble.what, "warn")
        return
    yield _all_stores(reading, points, now, chosen=chosen is None)
    for store in reading.stores.value or ():
        yield _of_store(store, reading, [p for p in points if p.backup.store == store.name], now, chosen)
    if not reading.stores.value:
        yield line("no store is registered", "bad")


def _all_stores(reading: Reading, points: Sequence[RestorePoint], now: int, *, chosen: bool) -> Line:
    """What all stores hold together, as far as they could be read."""
    if is_whole(reading):
        return _store("All stores", "", len(points), points, now, key=ALL_STORES, chosen=chosen)
    said = f"  {len(points)} so far …" if not reading.complete else f"  {len(points)}, not every store could be read"
    tone = "bad" if reading.complete else "muted"
    return Line((("All stores", "strong" if chosen else ""), (said, tone)), ALL_STORES)


def _of_store(store: Store, reading: Reading, points: Sequence[RestorePoint], now: int, chosen: str | None) -> Line:
    answer = reading.backups.get(store.name)
    about = " ".join(filter(None, (store.type, f"by {store.created_by}" if store.created_by else "")))
    if answer is None or answer.value is None:
        waiting = _waiting(answer)
        return Line(((store.name, ""), (f"  {waiting}", "muted" if answer is None else "bad")), store.name)
    name = f"{store.name} (default)" if store.default else store.name
    return _store(name, about, len(points), points, now, key=store.name, chosen=chosen == store.name)


def _store(
    name: str, about: str, number: int, points: Sequence[RestorePoint], now: int, *, key: str, chosen: bool
) -> Line:
    started = max((p.backup.start or 0 for p in points if p.verdict.usable), default=None)
    usable = "nothing usable" if started is None else f"usable {short_age(now - started)} old"
    tone = "muted" if not number else "warn" if started is None else ""
    pieces = ((name, "strong" if chosen else ""), (f"  {number}, {usable}", tone), (f"  {about}", "muted"))
    return Line(pieces, key)


def columns(now: int, zone: dt.tzinfo, *, plain: bool, one_store: bool) -> tuple[Column[RestorePoint], ...]:
    """The columns of the table of restore points."""
    shown: list[Column[RestorePoint]] = [
        Column("name", "RESTORE POINT", 30, lambda p: p.backup.name or "(no name)", flexible=True),
        Column("verdict", "VERDICT", 13, lambda p: mark_of(p.verdict.level).text(plain=plain), _tone),
        Column(
            "age", "AGE", 6, lambda p: "-" if p.backup.start is None else short_age(now - p.backup.start), right=True
        ),
        Column("started", "STARTED", 16, lambda p: clock(p.backup.start, zone), rank=1),
        Column("took", "TOOK", 9, lambda p: took(p.backup.took), right=True, rank=4),
        Column("kind", "KIND", 9, lambda p: kind_of(p.backup), rank=5),
        Column("expires", "EXPIRES", 10, lambda p: expiry_of(p.backup, now), right=True),
        Column("release", "RELEASE", 8, lambda p: p.backup.release or "-", rank=6),
    ]
    if not one_store:
        shown.append(Column("store", "STORE", 14, lambda p: p.backup.store, rank=3))
    return tuple(shown)


def _tone(point: RestorePoint) -> str:
    return mark_of(point.verdict.level).tone


def items(listed: Sequence[Item], cells: int) -> list[Line]:
    """The lines of an outline in `cells` cells: what is said is wrapped, names are not; headings stand out."""
    return [each for item in listed for each in _item(item, cells)]


def _item(item: Item, cells: int) -> Iterator[Line]:
    if item.key is not None:
        yield Line((("  " * item.depth + item.text, item.tone),), item.key)
        return
    first = f"{item.label:<10}" if item.label else "  " * item.depth
    tone = item.tone or ("strong" if item.depth == 0 and not item.label else "")
    wrapped = textwrap.wrap(item.text, max(10, cells - 1 - len(first))) or [""]
    for position, text in enumerate(wrapped):
        yield Line(((first if position == 0 else " " * len(first), "muted"), (text, tone)))


def note_of_list(reading: Reading, catalog: Catalog) -> str:
    """How many restore points the table shows, of which store, under which filter; nothing while that is not known."""
    if reading.stores is None or reading.stores.value is None:
        return ""
    shown, total, query, store = len(catalog.points), catalog.within_store, catalog.filter, catalog.store
    which = f"in {store}" if store is not None else "in all stores"
    return f"{shown:,} of {total:,} {which}, filter: {query}" if query else f"{total:,} {which}"
