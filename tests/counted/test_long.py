"""Hours of use, at the true cadence of looks: nothing grows, and a key is as much work at the end as before.

`--hours` has it go on for longer.
"""

import asyncio
import functools
import gc
import logging
import math
import resource
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send
from textual import _time

from drtui.core.formatting.times import HOUR
from drtui.demo.app import make_app
from drtui.demo.faults import Faults
from drtui.demo.scenarios import USER
from drtui.demo.server import serving
from drtui.demo.simulated_site import make_site
from drtui.session import ConnectionOptions
from drtui.session.profiles import load_config, profile_options, profile_target
from tests.conftest import NOW
from tests.counted.counting import Counted, counted, open_files, wake_ups
from tests.counted.hurried import Hurried
from tests.estate import configure
from tests.planted import held

SLOT = 300
"""Seconds in which a person does one thing; as long as the program waits between two looks where all is calm."""
A_LOOK = 9
"""Requests of one."""
A_FEW = 200
"""Objects of one type that there may be more: of what is kept for each key, look or screen there would be."""
MORE = 1.3
"""Times the work: the row that the cursor comes to may be of another site, with more to say of it."""
CONNECTIONS = 10
"""Ends of those that are kept, the site's as well: more of them, if one look was quicker to ask than another."""
MEMORY = 16 << 20
"""Bytes: of what is freed, not all is given back to the system."""
AWAITED = 2
"""Moments that are waited for between two looks: to show ages, and to look again."""
THREADS = 16
"""Files are written and names looked up in a few that stay."""


class Visited:
    """A site whose clock goes with the loop's, and that counts what it is asked."""

    def __init__(self, scenario: str, clock: Callable[[], int]) -> None:
        self.app = make_app(scenario, now=NOW, clock=clock)
        self._scenario, self.asked, self._later = scenario, 0, False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        self.asked += 1
        app: ASGIApp = self.app
        await app(scope, receive, send)

    def fail(self, faults: Faults) -> None:
        """From now on."""
        self.app.state.faults = faults

    def turn(self) -> None:
        """To its state of an hour later, and back: restore points come, go, and come again."""
        self._later = not self._later
        self.app.state.world = make_site(self._scenario, NOW + HOUR * self._later)


DEEDS: tuple[tuple[str, ...], ...] = (
    ("j", "j", "j", "pagedown", "G", "k", "g"),
    ("/", *"night", "enter", "j", "escape"),
    ("w", *"ro", "down", "escape"),
    ("t", "left", "left", "right", "escape"),
    ("space", "j", "space", "d", "escape", "escape", "g"),
    ("fault", "r"),
    ("well", "r", "E", "escape", "@", "j", "escape"),
    ("small", "j", "tab", "tab", "3", "wide"),
    ("o", "g", "enter", "r"),
    ("?", "j", "escape", ":", *"sor", "escape"),
    ("s", "S", "n", "n", "n", "n", "v", "escape", "z"),
    ("b", *"6h", "enter", "escape", "y", "escape", "D", "escape", "f", "j", "f", "o", "g", "j", "enter"),
)
"""Keys, and what happens to the site and to the window. In the list of sites the worse one comes first."""


class Size(NamedTuple):
    """What must not grow."""

    files: int
    threads: int
    tasks: int
    wake_ups: int
    workers: int
    widgets: int
    objects: Counter[str]
    work: int
    """Functions that a step of the cursor calls."""
    memory: int
    """Bytes that this process holds."""


async def size(told: Counted) -> Size:
    """What there is between two looks, with the cursor at the beginning."""
    await told.press("escape", "escape", "g", "j")
    work = (await told.called("k")).total()
    await asyncio.sleep(SLOT / 3)
    await told.settle()
    for _ in range(SLOT):  # one of them may have come this very moment, and be set again in the next
        if awaited() >= AWAITED:
            break
        await asyncio.sleep(1)
    await told.settle()
    return Size(
        files=open_files(),
        threads=threading.active_count(),
        tasks=len(asyncio.all_tasks()),
        wake_ups=awaited(),
        workers=len(told.app.workers),
        widgets=sum(1 for screen in told.app.screen_stack for _ in screen.walk_children(with_self=True)),
        objects=held_objects(),
        work=work,
        memory=memory(),
    )


def awaited() -> int:
    """How many moments are waited for."""
    return sum(each > 1 for each in wake_ups())


def memory() -> int:
    """Bytes that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def held_objects() -> Counter[str]:
    """How many there are of each type, once all that is remembered up to a bound is forgotten."""
    gc.unfreeze()  # what the start has frozen is not told
    for each in gc.get_objects():
        if isinstance(each, functools._lru_cache_wrapper):
            each.cache_clear()
    while gc.collect():  # what is let go of at last may have held more: a coroutine, say, that has something to close
        pass
    return Counter(type(each).__qualname__ for each in gc.get_objects())


async def do(told: Counted, deed: tuple[str, ...], site: Visited) -> None:
    """What a person does, and what happens to the site."""
    for step in deed:
        match step:
            case "fault":
                site.fail(Faults(error_code=500))
            case "well":
                site.fail(Faults())
                site.turn()
            case "small":
                await told.pilot.resize_terminal(80, 24)
            case "wide":
                await told.pilot.resize_terminal(120, 40)
            case _:
                await told.press(step)
    await told.settle()


async def lived(loop: Hurried, folder: Path, rounds: int, deeds: Sequence[tuple[str, ...]]) -> list[Size]:
    """Use two sites, each deed once a round, and return what there is after each third of the rounds."""
    begin = loop.time()

    def clock() -> int:
        return NOW + int((loop.time() - begin) * 1000)

    sites = {name: Visited(name, clock) for name in ("calm", "half-failed")}
    with ExitStack() as stack:
        secret = {"user": USER, "password_file": str(held(folder))}
        urls = {name: stack.enter_context(serving(site)).url for name, site in sites.items()}
        configure({name: {"address": url, **secret} for name, url in urls.items()})
        profile = load_config().find_profile("calm")
        assert profile is not None
        async with counted(
            profile_target(profile), profile_options(profile, ConnectionOptions(timeout=60)), now=None, clock=clock
        ) as told:
            loop.asking = lambda: any(each.group in {"refresh", "sites"} for each in told.app.workers)
            sizes = []
            for number in range(rounds):
                await live(told, sites["calm"], clock, deeds)
                if number + 1 in {rounds // 3, rounds * 2 // 3, rounds}:
                    sizes.append(await size(told))
    assert sum(each.asked for each in sites.values()) > rounds * len(deeds) * A_LOOK
    return sizes


async def live(told: Counted, site: Visited, clock: Callable[[], int], deeds: Sequence[tuple[str, ...]]) -> None:
    """Do each deed once, and let the program do in between what it does by itself."""
    for deed in deeds:
        begin = clock()
        await do(told, deed, site)
        await asyncio.sleep(max(0.0, SLOT - (clock() - begin) / 1000))
        await told.settle()
        told.driver.written = ""


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[asyncio.Runner]:
    """A loop that is in a hurry; Textual's timers take their time from it as well, which cannot be given to them."""
    with asyncio.Runner(loop_factory=Hurried) as runner:
        monkeypatch.setattr(_time, "get_time", runner.get_loop().time)
        yield runner


A_FEW_DEEDS = (DEEDS[1], *DEEDS[5:7])
"""Deeds of the default suite: filter, a fault and its end."""


def test_use_leaves_nothing_behind_after_three_quarters_of_an_hour(
    hurried: asyncio.Runner, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert_nothing_grows(hurried, tmp_path, caplog, 3, A_FEW_DEEDS)


@pytest.mark.full
def test_use_leaves_nothing_behind_after_three_hours(
    hurried: asyncio.Runner, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert_nothing_grows(hurried, tmp_path, caplog, 3, DEEDS)


@pytest.mark.long
def test_use_leaves_nothing_behind_after_hours(
    hurried: asyncio.Runner, tmp_path: Path, pytestconfig: pytest.Config, caplog: pytest.LogCaptureFixture
) -> None:
    rounds = math.ceil(pytestconfig.getoption("hours") * 3600 / SLOT / len(DEEDS))
    assert_nothing_grows(hurried, tmp_path, caplog, rounds, DEEDS)


def assert_nothing_grows(
    hurried: asyncio.Runner,
    folder: Path,
    caplog: pytest.LogCaptureFixture,
    rounds: int,
    deeds: Sequence[tuple[str, ...]],
) -> None:
    """Compare what there is after each third of the rounds."""
    caplog.set_level(logging.CRITICAL + 1, logger="drtui")  # else pytest would keep what is logged
    loop = hurried.get_loop()
    assert isinstance(loop, Hurried)
    first, early, late = hurried.run(lived(loop, folder, rounds, deeds))
    assert late.files <= early.files + CONNECTIONS
    assert late.threads <= max(early.threads, THREADS)
    assert (late.tasks, late.wake_ups, late.workers, late.widgets) == early[2:6]
    # What is kept for each key grows in each third; what other tests have left behind in this process, once at most.
    grown = {
        name: number - early.objects[name]
        for name, number in late.objects.items()
        if min(number - early.objects[name], early.objects[name] - first.objects[name]) > A_FEW
    }
    assert grown == {}, "objects of these types"
    assert late.work <= early.work * MORE
    assert late.memory <= early.memory + MEMORY
