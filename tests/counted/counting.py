"""The interface on a driver that records its output, with everything about it that can be counted."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from drtui.session import DEMO, ConnectionOptions, Target
from drtui.ui.app import DrtuiApp
from drtui.ui.options import Options
from drtui.ui.widgets.virtual_list import VirtualList
from tests.conftest import NOW
from tests.renderer.recording_driver import RecordingDriver

FINITE_WORKERS = frozenset({"refresh", "last-known", "view-settings", "close", "save", "sites"})
"""Groups of workers that end by themselves; other workers wait for the user."""

QUIET_ROUNDS = 3
"""Rounds in a row without any activity before the app counts as settled: one message may lead to the next."""

RENDER_LINE: CodeType = VirtualList.render_line.__code__
"""Code of the method that draws a line of a list for the screen."""

PACKAGE = str(Path(sys.modules["drtui"].__file__ or "").parent)


class CountedApp:
    """A running interface that is sent keys and counted."""

    def __init__(self, app: DrtuiApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot
        driver = app._driver
        assert isinstance(driver, RecordingDriver)
        self.driver = driver

    @property
    def bytes_written(self) -> int:
        """Bytes written so far."""
        return len(self.driver.written.encode())

    @property
    def text(self) -> str:
        """The text in the window."""
        return "\n".join(strip.text.rstrip() for strip in self.app.screen._compositor.render_strips())

    async def settle(self) -> None:
        """Wait until all work is done and everything is painted. Timers are not waited for."""
        quiet = 0
        while quiet < QUIET_ROUNDS:
            before = self.bytes_written
            await self.pilot._wait_for_screen()
            working = [worker for worker in self.app.workers if worker.group in FINITE_WORKERS]
            if working:
                with suppress(WorkerCancelled):  # a newer refresh cancels an older one
                    await self.app.workers.wait_for_complete(working)
            self.app.screen._on_timer_update()
            busy = working or self.app._pending_keys or self.app._is_key_pending or self.bytes_written != before
            quiet = 0 if busy else quiet + 1

    async def press(self, *keys: str) -> None:
        """Press keys one by one, and settle after each."""
        for key in keys:
            char = key if len(key) == 1 else None
            self.driver.send_message(events.Key(_character_to_key(key) if char else key, char))
            await asyncio.sleep(0)
            await self.settle()

    async def count_bytes(self, *keys: str) -> list[int]:
        """Return the bytes that each key sends."""
        counts = []
        for key in keys:
            before = self.bytes_written
            await self.press(key)
            counts.append(self.bytes_written - before)
        return counts

    async def count_drawn_lines(self, *keys: str) -> list[int]:
        """Return the lines of lists that each key draws for the screen."""
        return [(await self.count_calls(key))[RENDER_LINE] for key in keys]

    async def count_calls(self, key: str) -> Counter[CodeType]:
        """Return how often a key calls each function of drtui."""
        with count_calls() as call_counts:
            await self.press(key)
        return call_counts

    @property
    def requested_paths(self) -> list[str]:
        """Paths of all requests to the site so far, without `/arcgis`."""
        session = self.app.main_screen.site.session
        requests = session.requests if session is not None else ()
        return [request.url.partition("/arcgis")[2] for request in requests]


def count_open_files() -> int:
    """Return the number of files, sockets and pipes that this process has open."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def list_open_files() -> list[str]:
    """Return what this process has open, except sockets: more connections stay open if one refresh was faster."""
    files = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the folder itself was open while it was listed
            files.append(str(descriptor.readlink()))
    return sorted(path for path in files if not path.startswith("socket:"))


def list_wake_ups() -> list[float]:
    """Return the seconds until each scheduled timer of the event loop."""
    loop = asyncio.get_running_loop()
    scheduled: list[asyncio.TimerHandle] = loop._scheduled  # type: ignore[attr-defined]
    return sorted(timer.when() - loop.time() for timer in scheduled if not timer.cancelled())


@contextmanager
def count_calls() -> Iterator[Counter[CodeType]]:
    """Count the calls of each function of drtui in this thread."""
    call_counts: Counter[CodeType] = Counter()

    def profile(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(PACKAGE):
            call_counts[frame.f_code] += 1

    sys.setprofile(profile)
    try:
        yield call_counts
    finally:
        sys.setprofile(None)


@asynccontextmanager
async def run_counted(
    scenario: str | Target | None = "calm",
    options: ConnectionOptions | None = None,
    *,
    size: tuple[int, int] = (120, 40),
    theme: str = "ansi-dark",
    now: int | None = NOW,
    clock: Callable[[], int] = lambda: NOW,
) -> AsyncIterator[CountedApp]:
    """Run the interface on a demo scenario or target until everything is fetched and painted."""
    target = Target(DEMO, scenario=scenario) if isinstance(scenario, str) else scenario
    app = DrtuiApp(Options(target, options or ConnectionOptions(), now=now, theme=theme, clock=clock))
    app.driver_class = RecordingDriver
    async with app.run_test(headless=False, size=size) as pilot:
        ui = CountedApp(app, pilot)
        while target is not None and not app.main_screen.site.site_state.is_complete:
            await ui.settle()
        await ui.settle()
        yield ui
