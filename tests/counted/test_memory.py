"""Bytes of memory for each restore point, lasting and at peak: budget 15."""

import gc
import platform
import sys
import tracemalloc
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import Assessment, assess
from drtui.core.analysis.changes import make_previous_lists
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import UTC
from drtui.core.listing.catalog import Catalog, Criteria
from drtui.core.listing.columns import DEFAULT_PRINTED_COLUMNS
from drtui.core.listing.rows import list_rows
from drtui.core.model.address import Address
from drtui.core.model.backup import Backup
from drtui.core.model.site import Release, Site, Store
from drtui.core.model.site_state import Fetched, SiteState
from drtui.core.wire import responses
from drtui.core.wire.stream import BackupStream
from drtui.output.export import Listing
from drtui.output.formats import json_pieces, table_lines
from drtui.session.history import SiteCache
from drtui.session.saved_file import read_file
from tests import processes
from tests.bench.site import STORE, records
from tests.conftest import NOW

NUMBER = 5_000
SITE = Address.parse("https://gis.example.org/arcgis")
PIECE_BYTES = 64 << 10


class MemoryUse(NamedTuple):
    """Bytes per restore point."""

    retained: float
    peak: float


@contextmanager
def traced() -> Iterator[None]:
    """Trace memory allocations, with a garbage collector that is as prompt as in a program of its own."""
    thresholds = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()
        gc.set_threshold(*thresholds)


def measure_memory(make: Callable[[], object]) -> MemoryUse:
    """Return the memory of the value that `make` returns, without objects that are created once only."""
    make()
    gc.collect()
    with traced():
        result = make()
        retained, peak = tracemalloc.get_traced_memory()
    del result
    return MemoryUse(retained / NUMBER, peak / NUMBER)


@pytest.fixture(scope="module")
def response() -> bytes:
    return records(NUMBER, NOW)


def read_list(response: bytes, known_backups: tuple[Backup, ...] = ()) -> tuple[Backup, ...]:
    """Return the list as parsed from a response that arrives in pieces."""
    stream = BackupStream(STORE, previous=known_backups)
    pieces = (response[start : start + PIECE_BYTES] for start in range(0, len(response), PIECE_BYTES))
    rest = b"".join(stream.feed(piece) for piece in pieces) + stream.end()
    return stream.finish(responses.parse_document(rest))


@pytest.fixture(scope="module")
def site_state(response: bytes) -> SiteState:
    lists = {STORE: Fetched(NOW, read_list(response))}
    site, stores = Fetched(NOW, Site(Release.parse("11.4.0"))), (Store(STORE),)
    return SiteState("gis", SITE, site=site, stores=Fetched(NOW, stores), backups=lists, is_complete=True)


@pytest.fixture(scope="module")
def assessment(site_state: SiteState) -> Assessment:
    return assess(site_state, NOW)


def test_read_list_peak_stays_near_final_memory(response: bytes) -> None:
    memory = measure_memory(lambda: read_list(response))
    assert memory.retained <= 520
    assert memory.peak <= memory.retained + 150


def test_read_list_reuses_backups_when_they_are_known(response: bytes, site_state: SiteState) -> None:
    memory = measure_memory(lambda: read_list(response, site_state.all_backups))
    assert memory.retained <= 50
    assert memory.peak <= 200


def test_assess_takes_little_memory_per_restore_point(site_state: SiteState) -> None:
    memory = measure_memory(lambda: assess(site_state, NOW))
    assert memory.retained <= 100
    assert memory.peak <= 200


def test_assess_stores_verdict_once_when_many_restore_points_share_it(site_state: SiteState) -> None:
    upgraded = replace(site_state, site=Fetched(NOW, Site(Release.parse("11.5.0"))))
    assert measure_memory(lambda: assess(upgraded, NOW)).retained <= 100


def test_previous_lists_takes_little_memory_per_restore_point(site_state: SiteState) -> None:
    memory = measure_memory(lambda: make_previous_lists(site_state, NOW))
    assert memory.retained <= 80
    assert memory.peak <= 150


def test_list_rows_copies_no_list_when_rows_are_inserted(assessment: Assessment) -> None:
    catalog = Catalog().with_criteria(Criteria(), assessment.points)
    assert measure_memory(lambda: list_rows(assessment, catalog)).peak <= 30


def test_read_file_peak_stays_near_final_memory(response: bytes, tmp_path: Path) -> None:
    path = tmp_path / "backups.json"
    path.write_bytes(response)
    memory = measure_memory(lambda: read_file(path, NOW))
    assert memory.retained <= 530
    assert memory.peak <= memory.retained + 150


@pytest.mark.parametrize(
    ("columns", "write", "limit"),
    [((), partial(json_pieces, about={}), 500), (DEFAULT_PRINTED_COLUMNS, table_lines, 520)],
)
def test_output_of_a_list_takes_little_memory_per_restore_point(
    assessment: Assessment, columns: tuple[str, ...], write: Callable[..., Iterator[str]], limit: int
) -> None:
    view = DisplayContext(NOW, UTC)

    def print_list() -> None:
        listing = Listing(assessment, Catalog().with_criteria(Criteria(), assessment.points), view, columns=columns)
        deque(write(listing.table), maxlen=0)

    assert measure_memory(print_list).peak <= limit


def test_history_takes_little_memory_when_written(site_state: SiteState) -> None:
    cache = SiteCache(SITE, 400)
    memory = measure_memory(lambda: cache.save(site_state, NOW))
    assert memory.peak <= 110


HEAPS = """
import ctypes, threading
from drtui.session.runner import LARGE, limit_malloc_arenas

{before}
def work():
    blocks = [bytes(1000 + number) for number in range(1000)]
    counts.append(len(blocks))

counts = []
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc = ctypes.CDLL(None)
libc.open_memstream.restype = ctypes.c_void_p
text, size = ctypes.c_char_p(), ctypes.c_size_t()
stream = libc.open_memstream(ctypes.byref(text), ctypes.byref(size))
libc.malloc_info(0, ctypes.c_void_p(stream))
libc.fclose(ctypes.c_void_p(stream))
print(text.value.count(b"<heap "))
"""
"""Program that prints the number of heaps after threads have worked."""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has arenas")
def test_threads_share_one_heap_when_arenas_are_limited() -> None:
    def heaps(before: str) -> int:
        ran = processes.run([sys.executable, "-c", HEAPS.format(before=before)], check=True)
        return int(ran.stdout)

    assert heaps("") > 1
    assert heaps("limit_malloc_arenas()") == 1
