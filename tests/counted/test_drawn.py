"""What a key has drawn and how much work it is: as much as is in sight, however many restore points there are."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from drtui.session import Target
from drtui.ui.widgets.virtual_table import VirtualTable
from tests.bench.site import records
from tests.conftest import NOW
from tests.counted.counting import Counted, counted
from tests.suites import in_full

HEIGHT = 40
FEW, MANY = 500, 10_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file of few restore points and one of many, all of one kind."""
    made = tmp_path_factory.mktemp("lists")
    for number in (FEW, MANY):
        (made / f"{number}.json").write_bytes(records(number, NOW))
    return made


@asynccontextmanager
async def listing(folder: Path, number: int, *keys: str) -> AsyncIterator[Counted]:
    """The interface on that many restore points, after these keys."""
    path = folder / f"{number}.json"
    async with counted(Target(file=path)) as told:
        await told.press(*keys)
        yield told


@pytest.mark.parametrize("number", in_full([FEW, MANY], but=[MANY]))
async def test_a_step_of_the_cursor_draws_the_line_it_leaves_and_the_one_it_comes_to(folder: Path, number: int) -> None:
    async with listing(folder, number, "f") as told:
        assert await told.drawn(*"jjk") == [2, 2, 2]


async def test_a_step_that_scrolls_makes_no_line_but_those_and_the_one_that_comes_into_sight(folder: Path) -> None:
    async with listing(folder, FEW, "f", "pagedown") as told:
        assert [(await told.called("j"))[VirtualTable.draw.__code__] for _ in range(3)] == [2, 2, 2]


KEYS = (*"jjGg", "pagedown", "pageup", *"sSgj", "space", "enter", "escape", "/", *"hourly-1", "backspace", "enter")


async def test_no_key_draws_more_than_what_is_in_sight(folder: Path) -> None:
    async with listing(folder, MANY) as told:
        assert {key: lines for key in KEYS for lines in await told.drawn(key) if lines > 2 * HEIGHT} == {}


WAYS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("j", "k"), "j"),  # what the first step finds out and keeps is not counted
    (("f", "g"), "j"),
    (tuple("j" * 40), "j"),
    (("pagedown",), "pagedown"),
    (("pagedown",), "k"),
)
"""Keys, and one whose work is counted after them."""


async def work(folder: Path, number: int) -> list[int]:
    """Functions of drtui that are called for the last key of each way."""
    async with listing(folder, number) as told:
        found = []
        for keys, key in WAYS:
            await told.press(*keys)
            found.append((await told.called(key)).total())
        return found


async def test_the_cursor_is_as_much_work_among_many_as_among_few(folder: Path) -> None:
    few, many = await work(folder, FEW), await work(folder, MANY)
    assert [abs(more - less) <= less / 10 for less, more in zip(few, many, strict=True)] == [True] * len(WAYS)
