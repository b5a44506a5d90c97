"""On large sites, work on all restore points is done in threads, so that no key waits for it."""

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
from tests.counted.counting import CountedApp, run_counted

MANY = 10_000


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with hourly restore points."""
    path = tmp_path_factory.mktemp("many") / "many.json"
    path.write_bytes(records(MANY, NOW))
    return path


@asynccontextmanager
async def open_list(path: Path) -> AsyncIterator[CountedApp]:
    """Run the interface on all of these restore points."""
    async with run_counted(Target(file=path)) as ui:
        yield ui


FILTERED = (*"hour", "backspace", *" z", "enter", "escape")
NAMED = (*"verdict:un", "escape")
KEYS = ("/", *FILTERED, "/", *NAMED, *"sssSGjeknnnnrz12", "down", "enter", "3", "escape", *"ff")


async def test_key_calls_a_function_at_most_once_per_restore_point_when_list_is_large(path: Path) -> None:
    async with open_list(path) as ui:
        await ui.press("j")
        calls = [(key, max((await ui.count_calls(key)).values())) for key in KEYS]
        assert [(key, number) for key, number in calls if number > 1.1 * MANY] == []


async def test_timeline_is_built_in_a_thread_when_list_is_large(path: Path) -> None:
    async with open_list(path) as ui:
        assert (await ui.count_calls("t"))[build_timeline.__code__] == 0
        assert "timeline" in ui.text
        assert (await ui.count_calls("r"))[build_timeline.__code__] == 0


@contextmanager
def block_threads() -> Iterator[None]:
    """Occupy all worker threads, so that other work in threads waits."""
    is_over, thread_count = threading.Event(), 64
    for _ in range(thread_count):
        asyncio.get_running_loop().run_in_executor(None, is_over.wait)
    try:
        yield
    finally:
        is_over.set()


async def press_keys(ui: CountedApp, *keys: str) -> None:
    """Press keys and wait for their effect, but not for work in threads."""
    for key in keys:
        char = key if len(key) == 1 else None
        ui.driver.send_message(events.Key(_character_to_key(key) if char else key, char))
        await asyncio.sleep(0)
        for _ in range(3):
            await ui.pilot._wait_for_screen()


async def test_keys_take_effect_when_the_list_is_still_being_built(path: Path) -> None:
    async with open_list(path) as ui:
        table, line = ui.app.main_screen.table, ui.app.main_screen.filterbar.line
        with block_threads():
            await press_keys(ui, "/", *"zz")
            assert (line.value, len(table.records)) == ("zz", MANY)
            await press_keys(ui, "tab", "backspace", "backspace", *"hourly-2025", "enter", "j", "j")
            assert (table.cursor, len(table.records)) == (2, MANY)
            under = table.record
        await ui.settle()
        assert 0 < len(table.records) < MANY
        assert under is not None


async def test_only_last_requested_list_is_built_when_keys_follow_quickly(path: Path) -> None:
    async with open_list(path) as ui:
        main_screen = ui.app.main_screen
        texts: list[str] = []
        with block_threads():
            await press_keys(ui, "/", *"zz", "escape", "s", "s", "/", *"hourly", "enter", "S")
            order = main_screen.criteria.order
            main_screen._list_callbacks.append(lambda: texts.append(main_screen.catalog.filter.text))
        await ui.settle()
        assert texts == ["hourly"]
        assert (main_screen.catalog.order, len(main_screen.table.records)) == (order, MANY)
