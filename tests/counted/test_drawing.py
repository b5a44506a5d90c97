"""Lines drawn and functions called for a key depend on the visible lines, not on the number of restore points."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from drtui.session import Target
from drtui.ui.widgets.virtual_table import VirtualTable
from tests.bench.site import records
from tests.conftest import NOW
from tests.counted.counting import CountedApp, run_counted
from tests.suites import in_full

HEIGHT = 40
FEW, MANY = 500, 2_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file of few restore points and one of many, alike in all other respects."""
    folder = tmp_path_factory.mktemp("lists")
    for number in (FEW, MANY):
        (folder / f"{number}.json").write_bytes(records(number, NOW))
    return folder


@asynccontextmanager
async def open_list(folder: Path, number: int, *keys: str) -> AsyncIterator[CountedApp]:
    """Run the interface on `number` restore points and press these keys."""
    path = folder / f"{number}.json"
    async with run_counted(Target(file=path)) as ui:
        await ui.press(*keys)
        yield ui


@pytest.mark.parametrize("number", in_full([FEW, MANY], but=[MANY]))
async def test_cursor_step_draws_only_old_and_new_line(folder: Path, number: int) -> None:
    async with open_list(folder, number, "f") as ui:
        assert await ui.count_drawn_lines(*"jjk") == [2, 2, 2]


async def test_cursor_step_draws_only_two_rows_when_list_scrolls(folder: Path) -> None:
    async with open_list(folder, FEW, "f", "pagedown") as ui:
        assert [(await ui.count_calls("j"))[VirtualTable.draw.__code__] for _ in range(3)] == [2, 2, 2]


KEYS = (*"jjGg", "pagedown", "pageup", *"sSgj", "space", "enter", "escape", "/", *"hourly-1", "backspace", "enter")


SOME_KEYS = (*"jG", "pageup", "s", "enter", "escape", "/", *"ho", "backspace", "enter")
"""Keys of the default suite: the cursor moves, the list is sorted and filtered, a restore point is opened."""


@pytest.mark.parametrize("keys", in_full([SOME_KEYS, KEYS], but=[SOME_KEYS]), ids=["some", "all"])
async def test_key_draws_at_most_the_visible_lines_when_list_is_large(folder: Path, keys: tuple[str, ...]) -> None:
    async with open_list(folder, MANY) as ui:
        assert {key: lines for key in keys for lines in await ui.count_drawn_lines(key) if lines > 2 * HEIGHT} == {}


STEPS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("j", "k"), "j"),  # the first step fills caches, which is not counted
    (("f", "g"), "j"),
    (tuple("j" * 40), "j"),
    (("pagedown",), "pagedown"),
    (("pagedown",), "k"),
)
"""Keys, and the key whose calls are counted after them."""


async def count_work(folder: Path, number: int) -> list[int]:
    """Return the number of functions of drtui called for the last key of each step."""
    async with open_list(folder, number) as ui:
        counts = []
        for keys, key in STEPS:
            await ui.press(*keys)
            counts.append((await ui.count_calls(key)).total())
        return counts


async def test_cursor_step_calls_as_many_functions_when_list_is_large(folder: Path) -> None:
    few, many = await count_work(folder, FEW), await count_work(folder, MANY)
    assert [abs(more - less) <= less / 10 for less, more in zip(few, many, strict=True)] == [True] * len(STEPS)
