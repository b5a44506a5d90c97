"""The interface on a terminal that keeps what is written, and everything about it that can be counted."""

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
from tests.renderer.recording_driver import Keeping

WORK = frozenset({"refresh", "list", "ages", "index", "last-known", "offer", "view-settings", "close", "save", "sites"})
"""Groups of workers that come to an end by themselves; the others wait for a person."""

ROUNDS = 3
"""So often in a row nothing has to have happened: one message leads to the next."""

DRAWN: CodeType = VirtualList.render_line.__code__
"""What makes a line of a list for the screen."""

PACKAGE = str(Path(sys.modules["drtui"].__file__ or "").parent)


class Counted:
    """A running interface, pressed and counted."""

    def __init__(self, app: DrtuiApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot
        driver = app._driver
        assert isinstance(driver, Keeping)
        self.driver = driver

    @property
    def bytes(self) -> int:
        """Written so far."""
        return len(self.driver.written.encode())

    @property
    def text(self) -> str:
        """What the window shows."""
        return "\n".join(strip.text.rstrip() for strip in self.app.screen._compositor.render_strips())

    async def settle(self) -> None:
        """Until nothing is going on any more, and everything is painted: nothing waits for a moment to come."""
        quiet = 0
        while quiet < ROUNDS:
            before = self.bytes
            await self.pilot._wait_for_screen()
            working = [each for each in self.app.workers if each.group in WORK]
            if working:
                with suppress(WorkerCancelled):  # one look takes the place of another
                    await self.app.workers.wait_for_complete(working)
            self.app.screen._on_timer_update()
            busy = working or self.app._pending_keys or self.app._is_key_pending or self.bytes != before
            quiet = 0 if busy else quiet + 1

    async def press(self, *keys: str) -> None:
        """Press keys one by one, and wait each time until all that it brings about is done."""
        for key in keys:
            char = key if len(key) == 1 else None
            self.driver.send_message(events.Key(_character_to_key(key) if char else key, char))
            await asyncio.sleep(0)
            await self.settle()

    async def sent(self, *keys: str) -> list[int]:
        """Bytes that each of these keys sends."""
        counts = []
        for key in keys:
            before = self.bytes
            await self.press(key)
            counts.append(self.bytes - before)
        return counts

    async def drawn(self, *keys: str) -> list[int]:
        """Lines of lists that each of these keys has drawn for the screen."""
        return [(await self.called(key))[DRAWN] for key in keys]

    async def called(self, key: str) -> Counter[CodeType]:
        """How often each function of drtui is called for a key."""
        with calls() as counted:
            await self.press(key)
        return counted

    @property
    def asked(self) -> list[str]:
        """What the site was asked for so far: the end of each address."""
        session = self.app.main_screen.session
        made = session.requests if session is not None else ()
        return [each.url.partition("/arcgis")[2] for each in made]


def open_files() -> int:
    """How many files, sockets and pipes this program holds open."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def open_besides_sockets() -> list[str]:
    """What this program holds open, but for connections: of them more are kept where one look was quicker to ask."""
    found = []
    for each in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the folder itself, which was open for the listing
            found.append(str(each.readlink()))
    return sorted(each for each in found if not each.startswith("socket:"))


def wake_ups() -> list[float]:
    """Seconds until each moment at which this program would do something by itself: everything that is scheduled."""
    loop = asyncio.get_running_loop()
    scheduled: list[asyncio.TimerHandle] = loop._scheduled  # type: ignore[attr-defined]
    return sorted(each.when() - loop.time() for each in scheduled if not each.cancelled())


@contextmanager
def calls() -> Iterator[Counter[CodeType]]:
    """How often each function of drtui is called meanwhile, in this thread."""
    counted: Counter[CodeType] = Counter()

    def profile(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(PACKAGE):
            counted[frame.f_code] += 1

    sys.setprofile(profile)
    try:
        yield counted
    finally:
        sys.setprofile(None)


@asynccontextmanager
async def counted(
    scenario: str | Target | None = "calm",
    access: ConnectionOptions | None = None,
    *,
    size: tuple[int, int] = (120, 40),
    theme: str = "ansi-dark",
    now: int | None = NOW,
    clock: Callable[[], int] = lambda: NOW,
) -> AsyncIterator[Counted]:
    """The interface on a scenario, or on any target, everything read and painted."""
    target = Target(DEMO, scenario=scenario) if isinstance(scenario, str) else scenario
    app = DrtuiApp(Options(target, access or ConnectionOptions(), now=now, theme=theme, clock=clock))
    app.driver_class = Keeping
    async with app.run_test(headless=False, size=size) as pilot:
        told = Counted(app, pilot)
        while target is not None and not app.main_screen.site_state.is_complete:
            await told.settle()
        await told.settle()
        yield told
