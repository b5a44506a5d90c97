"""How many bytes each restore point takes: those that stay, and those that are needed for a moment. Budget 15."""

import gc
import platform
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import Assessment, assess
from drtui.core.analysis.changes import previous_lists
from drtui.core.listing.catalog import Catalog
from drtui.core.listing.rows import list_rows
from drtui.core.model.address import Address
from drtui.core.model.backup import Backup
from drtui.core.model.site import Release, Site, Store
from drtui.core.model.site_state import Fetched, SiteState
from drtui.core.wire import responses
from drtui.core.wire.stream import BackupStream
from drtui.session.history import SiteCache
from tests import processes
from tests.bench.site import STORE, records
from tests.conftest import NOW

NUMBER = 5_000
SITE = Address.parse("https://gis.example.org/arcgis")
PIECE = 64 << 10


class Taken(NamedTuple):
    """Bytes for each restore point."""

    kept: float
    peak: float


@contextmanager
def traced() -> Iterator[None]:
    """What is made meanwhile is counted."""
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


def taken(make: Callable[[], object]) -> Taken:
    """What something takes that is made, once what is made but once has been made."""
    make()
    gc.collect()
    with traced():
        made = make()
        kept, peak = tracemalloc.get_traced_memory()
    del made
    return Taken(kept / NUMBER, peak / NUMBER)


@pytest.fixture(scope="module")
def sent() -> bytes:
    return records(NUMBER, NOW)


def listed(sent: bytes, known: tuple[Backup, ...] = ()) -> tuple[Backup, ...]:
    """The list as it arrives, piece by piece."""
    arrival = BackupStream(STORE, known=known)
    left = b"".join(arrival.feed(sent[at : at + PIECE]) for at in range(0, len(sent), PIECE)) + arrival.end()
    return arrival.whole(responses.parse_document(left))


@pytest.fixture(scope="module")
def reading(sent: bytes) -> SiteState:
    lists = {STORE: Fetched(NOW, listed(sent))}
    site, stores = Fetched(NOW, Site(Release.parse("11.4.0"))), (Store(STORE),)
    return SiteState("gis", SITE, site=site, stores=Fetched(NOW, stores), backups=lists, is_complete=True)


@pytest.fixture(scope="module")
def judged(reading: SiteState) -> Assessment:
    return assess(reading, NOW)


def test_a_list_takes_little_more_while_it_is_read_than_what_stays_of_it(sent: bytes) -> None:
    found = taken(lambda: listed(sent))
    assert found.kept <= 520
    assert found.peak <= found.kept + 150


def test_a_list_that_is_known_is_not_held_twice(sent: bytes, reading: SiteState) -> None:
    found = taken(lambda: listed(sent, reading.all_backups))
    assert found.kept <= 50
    assert found.peak <= 200


def test_what_is_thought_of_them_takes_a_small_part_of_what_they_do(reading: SiteState) -> None:
    found = taken(lambda: assess(reading, NOW))
    assert found.kept <= 100
    assert found.peak <= 200


def test_a_verdict_that_many_share_is_held_once(reading: SiteState) -> None:
    upgraded = replace(reading, site=Fetched(NOW, Site(Release.parse("11.5.0"))))
    assert taken(lambda: assess(upgraded, NOW)).kept <= 100


def test_what_was_there_before_takes_a_small_part_of_what_is(reading: SiteState) -> None:
    found = taken(lambda: previous_lists(reading, NOW))
    assert found.kept <= 80
    assert found.peak <= 150


def test_what_stands_between_the_rows_makes_no_list_of_its_own(judged: Assessment) -> None:
    catalog = Catalog().with_source(judged.points)
    assert taken(lambda: list_rows(judged, catalog)).peak <= 30


def test_history_is_written_record_by_record(reading: SiteState) -> None:
    memory = SiteCache(SITE, 400)
    found = taken(lambda: memory.keep(reading, NOW))
    assert found.peak <= 110


HEAPS = """
import ctypes, threading
from drtui.session.runner import LARGE, limit_malloc_arenas

{before}
def work():
    held = [bytes(1000 + each) for each in range(1000)]
    told.append(len(held))

told = []
threads = [threading.Thread(target=work) for _ in range(4)]
for each in threads: each.start()
for each in threads: each.join()
libc = ctypes.CDLL(None)
libc.open_memstream.restype = ctypes.c_void_p
text, size = ctypes.c_char_p(), ctypes.c_size_t()
stream = libc.open_memstream(ctypes.byref(text), ctypes.byref(size))
libc.malloc_info(0, ctypes.c_void_p(stream))
libc.fclose(ctypes.c_void_p(stream))
print(text.value.count(b"<heap "))
"""
"""How many heaps there are after threads have worked."""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is glibc that makes them")
def test_threads_have_one_heap_together() -> None:
    def heaps(before: str) -> int:
        ran = processes.run([sys.executable, "-c", HEAPS.format(before=before)], check=True)
        return int(ran.stdout)

    assert heaps("") > 1
    assert heaps("limit_malloc_arenas()") == 1
