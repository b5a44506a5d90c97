"""Hours of use at the real refresh interval: nothing grows, and a key causes as much work at the end as at the start.

`--hours` makes it run for longer.
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

from drtui.core.formatting.durations import HOUR
from drtui.demo.app import make_app
from drtui.demo.faults import Faults
from drtui.demo.scenarios import USER
from drtui.demo.server import serving
from drtui.demo.simulated_site import make_site
from drtui.session import ConnectionOptions
from drtui.session.profiles import load_config, profile_options, profile_target
from tests.conftest import NOW
from tests.counted.counting import CountedApp, count_open_files, list_wake_ups, run_counted
from tests.counted.skipping_loop import SkippingLoop
from tests.estate import configure
from tests.planted import password_file

SLOT_SECONDS = 300
"""Seconds in which the user does one action; also the refresh interval if no operation is running."""
REQUESTS_PER_REFRESH = 9
"""Least number of requests of one refresh."""
MAX_MORE_OBJECTS = 200
"""Additional objects allowed for a type. A leak per key, refresh or screen creates more."""
MAX_WORK_RATIO = 1.3
"""Allowed ratio of work: the cursor may reach a row of another site with more to show."""
MAX_MORE_FILES = 10
"""Additional open connections allowed, including the site's ends: more stay open if one refresh was faster."""
MAX_MORE_BYTES = 16 << 20
"""Additional bytes of memory allowed: not all freed memory returns to the system."""
WAKE_UPS = 2
"""Timers between two refreshes: one to update ages, one to refresh."""
MAX_THREADS = 16
"""Worker threads that stay alive for writing files and looking up names."""


class CountingSite:
    """A site whose clock follows the event loop, and that counts requests."""

    def __init__(self, scenario: str, clock: Callable[[], int]) -> None:
        self.app = make_app(scenario, now=NOW, clock=clock)
        self._scenario, self.request_count, self._later = scenario, 0, False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        self.request_count += 1
        app: ASGIApp = self.app
        await app(scope, receive, send)

    def set_faults(self, faults: Faults) -> None:
        """Set the faults of all further answers."""
        self.app.state.faults = faults

    def toggle_state(self) -> None:
        """Switch between the state now and an hour later: restore points appear and disappear."""
        self._later = not self._later
        self.app.state.site = make_site(self._scenario, NOW + HOUR * self._later)


ACTIONS: tuple[tuple[str, ...], ...] = (
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
"""Keys, and changes of the site and the window. The worse site comes first in the list of sites."""


class Usage(NamedTuple):
    """Numbers that must not grow."""

    files: int
    threads: int
    tasks: int
    wake_ups: int
    workers: int
    widgets: int
    objects: Counter[str]
    work: int
    """Functions of drtui called for a step of the cursor."""
    memory: int
    """Resident memory of this process in bytes."""


async def count_work(ui: CountedApp) -> int:
    """Return the number of calls that a cursor key causes."""
    await ui.press("j")
    return (await ui.count_calls("k")).total()


async def measure_usage(ui: CountedApp) -> Usage:
    """Measure between two refreshes, with the cursor on the first row."""
    await ui.press("escape", "escape", "g")
    work = min([await count_work(ui) for _ in range(3)])  # a refresh that is due falls into one of them at most
    await asyncio.sleep(SLOT_SECONDS / 3)
    await ui.settle()
    for _ in range(SLOT_SECONDS):  # a timer may be due just now, and is set again a moment later
        if count_wake_ups() >= WAKE_UPS:
            break
        await asyncio.sleep(1)
    await ui.settle()
    return Usage(
        files=count_open_files(),
        threads=threading.active_count(),
        tasks=len(asyncio.all_tasks()),
        wake_ups=count_wake_ups(),
        workers=len(ui.app.workers),
        widgets=sum(1 for screen in ui.app.screen_stack for _ in screen.walk_children(with_self=True)),
        objects=count_objects(),
        work=work,
        memory=measure_memory(),
    )


def count_wake_ups() -> int:
    """Return the number of timers more than a second away."""
    return sum(seconds > 1 for seconds in list_wake_ups())


def measure_memory() -> int:
    """Return the resident memory of this process in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def count_objects() -> Counter[str]:
    """Return the number of objects of each type, after clearing all bounded caches."""
    gc.unfreeze()  # frozen objects are not listed
    for instance in gc.get_objects():
        if isinstance(instance, functools._lru_cache_wrapper):
            instance.cache_clear()
    while gc.collect():  # freed objects may have referred to others: a coroutine that still closes something, say
        pass
    return Counter(type(instance).__qualname__ for instance in gc.get_objects())


async def perform(ui: CountedApp, action: tuple[str, ...], site: CountingSite) -> None:
    """Do what the steps say: press keys, change the site, resize the window."""
    for step in action:
        match step:
            case "fault":
                site.set_faults(Faults(error_code=500))
            case "well":
                site.set_faults(Faults())
                site.toggle_state()
            case "small":
                await ui.pilot.resize_terminal(80, 24)
            case "wide":
                await ui.pilot.resize_terminal(120, 40)
            case _:
                await ui.press(step)
    await ui.settle()


async def use_for_rounds(
    loop: SkippingLoop, folder: Path, rounds: int, actions: Sequence[tuple[str, ...]]
) -> list[Usage]:
    """Use two sites, with each action once a round, and measure after each third of the rounds."""
    begin = loop.time()

    def clock() -> int:
        return NOW + int((loop.time() - begin) * 1000)

    sites = {name: CountingSite(name, clock) for name in ("calm", "half-failed")}
    with ExitStack() as stack:
        secret = {"user": USER, "password_file": str(password_file(folder))}
        urls = {name: stack.enter_context(serving(site)).url for name, site in sites.items()}
        configure({name: {"address": url, **secret} for name, url in urls.items()})
        profile = load_config().find_profile("calm")
        assert profile is not None
        async with run_counted(
            profile_target(profile), profile_options(profile, ConnectionOptions(timeout=60)), now=None, clock=clock
        ) as ui:
            loop.is_waiting_for_site = lambda: any(worker.group in {"refresh", "sites"} for worker in ui.app.workers)
            usages = []
            for number in range(rounds):
                await use_once(ui, sites["calm"], clock, actions)
                if number + 1 in {rounds // 3, rounds * 2 // 3, rounds}:
                    usages.append(await measure_usage(ui))
    assert sum(site.request_count for site in sites.values()) > rounds * len(actions) * REQUESTS_PER_REFRESH
    return usages


async def use_once(
    ui: CountedApp, site: CountingSite, clock: Callable[[], int], actions: Sequence[tuple[str, ...]]
) -> None:
    """Do each action once, and let timers run in between."""
    for action in actions:
        begin = clock()
        await perform(ui, action, site)
        await asyncio.sleep(max(0.0, SLOT_SECONDS - (clock() - begin) / 1000))
        await ui.settle()
        ui.driver.written = ""


@pytest.fixture
def skipping_runner(monkeypatch: pytest.MonkeyPatch) -> Iterator[asyncio.Runner]:
    """Return a runner with a skipping loop. Textual's timers are patched to use its time, as they accept no other."""
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        monkeypatch.setattr(_time, "get_time", runner.get_loop().time)
        yield runner


@pytest.mark.full
def test_use_leaks_nothing_when_three_hours_pass(
    skipping_runner: asyncio.Runner, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert_nothing_grows(skipping_runner, tmp_path, caplog, 3, ACTIONS)


@pytest.mark.long
def test_use_leaks_nothing_when_requested_hours_pass(
    skipping_runner: asyncio.Runner, tmp_path: Path, pytestconfig: pytest.Config, caplog: pytest.LogCaptureFixture
) -> None:
    rounds = math.ceil(pytestconfig.getoption("hours") * 3600 / SLOT_SECONDS / len(ACTIONS))
    assert_nothing_grows(skipping_runner, tmp_path, caplog, rounds, ACTIONS)


def assert_nothing_grows(
    runner: asyncio.Runner,
    folder: Path,
    caplog: pytest.LogCaptureFixture,
    rounds: int,
    actions: Sequence[tuple[str, ...]],
) -> None:
    """Assert that nothing grows from one third of the rounds to the next."""
    caplog.set_level(logging.CRITICAL + 1, logger="drtui")  # else pytest would store all log records
    loop = runner.get_loop()
    assert isinstance(loop, SkippingLoop)
    first, early, late = runner.run(use_for_rounds(loop, folder, rounds, actions))
    assert late.files <= early.files + MAX_MORE_FILES
    assert late.threads <= max(early.threads, MAX_THREADS)
    assert (late.tasks, late.wake_ups, late.workers, late.widgets) == early[2:6]
    # A leak per key grows in each third; objects left by other tests in this process grow at most once.
    growth = {
        name: number - early.objects[name]
        for name, number in late.objects.items()
        if min(number - early.objects[name], early.objects[name] - first.objects[name]) > MAX_MORE_OBJECTS
    }
    assert growth == {}, "more objects of these types"
    assert late.work <= early.work * MAX_WORK_RATIO
    assert late.memory <= early.memory + MAX_MORE_BYTES
