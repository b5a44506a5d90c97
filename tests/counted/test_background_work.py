"""On large sites, keys cost at most a few calls per restore point, and judging all of them is done in a thread."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from drtui.core.analysis.assessment import assess
from drtui.session import Target
from tests.bench.site import records
from tests.conftest import NOW
from tests.counted.counting import CountedApp, run_counted
from tests.suites import in_full

MANY = 2_000
MOST_CALLS = 3
"""Highest number of calls of one function per restore point that a key may cause."""


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
KEYS = ("/", *FILTERED, "/", *NAMED, *"sssSGjeknnnnrtz12", "down", "enter", "3", "escape", *"ff")


SOME_KEYS = ("/", *" z", "enter", "escape", *"sGnrtz")
"""Keys of the default suite: those with the most calls in list, filter, grouping, refresh and timeline."""


@pytest.mark.parametrize("keys", in_full([SOME_KEYS, KEYS], but=[SOME_KEYS]), ids=["some", "all"])
async def test_key_calls_are_in_proportion_when_list_is_large(path: Path, keys: tuple[str, ...]) -> None:
    async with open_list(path) as ui:
        await ui.press("j")
        calls = [(key, max((await ui.count_calls(key)).values())) for key in keys]
        assert [(key, number) for key, number in calls if number > MANY * MOST_CALLS] == []


async def test_assessment_is_made_in_a_thread_when_list_is_large(path: Path) -> None:
    async with open_list(path) as ui:
        assert (await ui.count_calls("r"))[assess.__code__] == 0
