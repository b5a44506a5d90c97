"""Among very many restore points, what goes through all of them is done beside the loop: no key waits for it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from textual import events
from textual.keys import _character_to_key

from drtui.core.timeline.timeline import build_timeline
from drtui.session import Target
from tests.bench.site import records
from tests.conftest import NOW
from tests.counted.counting import Counted, counted

MANY = 10_000


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many restore points, one an hour."""
    made = tmp_path_factory.mktemp("many") / "many.json"
    made.write_bytes(records(MANY, NOW))
    return made


@asynccontextmanager
async def listing(path: Path) -> AsyncIterator[Counted]:
    """All of them."""
    async with counted(Target(file=path)) as told:
        yield told


FILTERED = (*"hour", "backspace", *" z", "enter", "escape")
NAMED = (*"verdict:un", "escape")
KEYS = ("/", *FILTERED, "/", *NAMED, *"sssSGjeknnnnrz12", "down", "enter", "3", "escape", *"ff")


async def test_no_key_has_the_loop_go_through_the_restore_points(path: Path) -> None:
    async with listing(path) as told:
        await told.press("j")
        calls = [(key, max((await told.called(key)).values())) for key in KEYS]
        assert [(key, number) for key, number in calls if number > MANY / 2] == []


async def test_the_timeline_is_laid_out_beside_the_loop(path: Path) -> None:
    async with listing(path) as told:
        assert (await told.called("t"))[build_timeline.__code__] == 0
        assert "timeline" in told.text
        assert (await told.called("r"))[build_timeline.__code__] == 0


@contextmanager
def threads_taken() -> Iterator[None]:
    """As long as this lasts, whoever wants a thread waits."""
    over, every = threading.Event(), 64
    for _ in range(every):
        asyncio.get_running_loop().run_in_executor(None, over.wait)
    try:
        yield
    finally:
        over.set()


async def press(told: Counted, *keys: str) -> None:
    """Press keys, and wait until they have had their effect, but for nobody who works beside the loop."""
    for key in keys:
        char = key if len(key) == 1 else None
        told.driver.send_message(events.Key(_character_to_key(key) if char else key, char))
        await asyncio.sleep(0)
        for _ in range(3):
            await told.pilot._wait_for_screen()


async def test_keys_are_answered_while_the_list_is_made(path: Path) -> None:
    async with listing(path) as told:
        table, line = told.app.main_screen.table, told.app.main_screen.filterbar.line
        with threads_taken():
            await press(told, "/", *"zz")
            assert (line.value, len(table.records)) == ("zz", MANY)
            await press(told, "tab", "backspace", "backspace", *"hourly-2025", "enter", "j", "j")
            assert (table.cursor, len(table.records)) == (2, MANY)
            under = table.record
        await told.settle()
        assert 0 < len(table.records) < MANY
        assert under is not None


async def test_only_what_is_wanted_last_is_made(path: Path) -> None:
    async with listing(path) as told:
        browse = told.app.main_screen
        shown: list[str] = []
        with threads_taken():
            await press(told, "/", *"zz", "escape", "s", "s", "/", *"hourly", "enter", "S")
            order = browse.criteria.order
            browse._list_callbacks.append(lambda: shown.append(browse.catalog.filter.text))
        await told.settle()
        assert shown == ["hourly"]
        assert (browse.catalog.order, len(browse.table.records)) == (order, MANY)
