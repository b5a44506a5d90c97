"""Drive the interface as a person does: press keys, then read the screen.

`open_demo` and `open_site` lend an interface that the tests of one file share; `start_ui` starts one for a single test.
"""

import asyncio
import datetime as dt
import sys
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from typing import Any, NamedTuple

from rich.style import Style
from textual import events
from textual.command import CommandPalette
from textual.geometry import Size
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from drtui.core.analysis.assessment import Assessment
from drtui.core.listing.view_settings import ViewSettings
from drtui.session import DEMO, ConnectionOptions, Session, Target
from drtui.ui.app import DrtuiApp
from drtui.ui.options import Options
from drtui.ui.widgets.virtual_list import VirtualList
from tests.conftest import NOW

SIZE = (120, 40)

SHORT_WORK = frozenset(
    {
        "refresh",
        "last-known",
        "view-settings",
        "save",
        CommandPalette._GATHER_COMMANDS_GROUP,
    }
)
"""Groups of workers that end without user input."""

THREAD_WAIT = 0.5
"""Seconds to wait for a busy thread, which a test may also block on purpose."""

MOST_ROUNDS = 1_000
"""Number of paint rounds after which an interface is considered to never settle."""

MOST_ESCAPES = 20
"""Number of escape presses that lead back to the main screen from anywhere."""


class Opened(NamedTuple):
    """A site that has been opened and read."""

    target: Target
    access: ConnectionOptions
    session: Session | None
    assessment: Assessment


class UiPilot:
    """A running interface: presses keys, and reads the window."""

    def __init__(self, app: DrtuiApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot
        self.opened: Opened | None = None
        """The site that a shared interface showed when it was lent last."""

    async def press(self, *keys: str) -> None:
        """Press keys, and wait after each until the interface has settled."""
        for key in keys:
            self.send(key)
            await self.settle()

    def send(self, key: str) -> None:
        """Send a key, as `Pilot.press` does, which then sleeps for at least 40 ms."""
        name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
        try:
            character: str | None = unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(name, name)))
        except KeyError:
            character = key if len(key) == 1 else None
        event = events.Key(name, character)
        event.set_sender(self.app)
        self.app.post_message(event)

    async def resize(self, size: tuple[int, int]) -> None:
        """Resize the window, and wait until it is painted."""
        driver = self.app._driver
        assert driver is not None
        driver._size = size
        self.app.post_message(events.Resize(Size(*size), Size(*size)))
        await self.settle()

    async def settle(self) -> None:
        """Wait until the interface has nothing more to do."""
        await self._paint()
        while working := [
            worker for worker in self.app.workers if worker.group in SHORT_WORK and not worker.is_finished
        ]:
            with suppress(WorkerCancelled):
                await self.app.workers.wait_for_complete(working)
            await self._paint()

    async def _paint(self) -> None:
        """Wait until every message is processed, and the screen is laid out and painted."""
        for _ in range(MOST_ROUNDS):
            await wait_until_idle()
            if not self.app.screen_stack or not has_pending_paint(self.app):
                return
            if self.app._resize_event is not None:
                self.app._check_resize()
            self.app.screen._on_timer_update()
            if self.app._batch_count:  # a screen is being closed
                await asyncio.sleep(0.001)
        raise AssertionError("the interface does not come to rest")

    @property
    def lines(self) -> list[str]:
        """Lines of the window, as text."""
        strips = self.app.screen._compositor.render_strips()
        return [strip.text.rstrip() for strip in strips]

    @property
    def text(self) -> str:
        """Text of the window."""
        return "\n".join(self.lines)

    @property
    def pieces(self) -> list[tuple[str, Style]]:
        """Segments of text in the window, with their styles."""
        strips = self.app.screen._compositor.render_strips()
        return [(text, style) for strip in strips for text, style, _ in strip if style is not None]

    @property
    def cursor(self) -> str:
        """Text of the table row under the cursor."""
        table = self.app.main_screen.panes.table
        return table.render_line(table.fixed_lines + table.cursor - table.top).text


async def wait_until_idle() -> None:
    """Wait until the event loop has nothing left to run, and no thread works for it."""
    loop = asyncio.get_running_loop()
    patience = loop.time() + THREAD_WAIT
    working = False
    while True:
        await asyncio.sleep(0.001 if working else 0)
        working = has_busy_thread(loop) and loop.time() < patience
        if not working and not loop._ready:  # type: ignore[attr-defined]
            return


def has_busy_thread(loop: asyncio.AbstractEventLoop) -> bool:
    """True if a thread of the loop's executor has something to do."""
    executor = loop._default_executor  # type: ignore[attr-defined]
    if not isinstance(executor, ThreadPoolExecutor):
        return False
    return executor._work_queue.qsize() > 0 or executor._idle_semaphore._value < len(executor._threads)


def has_pending_paint(app: DrtuiApp) -> bool:
    """True if Textual will adopt another size, lay out or paint as soon as one of its timers is due."""
    screen = app.screen
    required = screen._layout_required or screen._scroll_required or screen._repaint_required
    required = required or screen._recompose_required or app._resize_event is not None
    return bool(required or screen._dirty_widgets or screen._callbacks)


class DisplayOptions(NamedTuple):
    """Options of an interface apart from its site; interfaces with different options are not shared."""

    theme: str = "textual-dark"
    plain: bool = False
    zone: dt.tzinfo = dt.UTC
    is_zone_chosen: bool = False


DEFAULT_OPTIONS = DisplayOptions()


class RunningApp:
    """An interface that outlives a test: Textual runs in its own task."""

    def __init__(self, app: DrtuiApp, size: tuple[int, int]) -> None:
        self._app, self._size = app, size
        self._started: asyncio.Future[UiPilot] = asyncio.get_running_loop().create_future()
        self._over = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        async with self._app.run_test(size=self._size) as pilot:
            self._started.set_result(UiPilot(self._app, pilot))
            await self._over.wait()

    async def started(self) -> UiPilot:
        """Wait until the interface runs, and return it; raise the error that it ended with instead, if any."""
        starting: list[asyncio.Future[Any]] = [self._started, self._task]
        with keep_output():
            await asyncio.wait(starting, return_when=asyncio.FIRST_COMPLETED)
            if not self._started.done():
                await self._task
            return await self._started

    async def stop(self) -> None:
        """End the interface; raise the error that it ended with, if any."""
        self._over.set()
        with keep_output():
            await self._task


@contextmanager
def keep_output() -> Iterator[None]:
    """Keep standard output: a running interface would redirect it for all tests that share the interface."""
    streams = sys.stdout, sys.stderr
    try:
        yield
    finally:
        sys.stdout, sys.stderr = streams


class SharedApps:
    """The interfaces that the tests of a file share, one per `DisplayOptions`."""

    def __init__(self) -> None:
        self._free: dict[DisplayOptions, tuple[RunningApp, UiPilot]] = {}

    @asynccontextmanager
    async def lend(
        self, target: Target, access: ConnectionOptions, size: tuple[int, int], options: DisplayOptions
    ) -> AsyncIterator[UiPilot]:
        """Lend an interface that shows the site as right after its start.

        An interface whose test failed is not lent again.
        """
        free = self._free.pop(options, None)
        if free is None:
            running = RunningApp(build_app(target, access, options), size)
            ui = await running.started()
        else:
            running, ui = free
        try:
            with ui.app._context():
                if free is None:
                    await ui.settle()
                else:
                    await reset_app(ui, target, access, size)
                ui.opened = Opened(target, access, ui.app.main_screen.site.session, ui.app.main_screen.site.assessment)
                assert_is_fresh(ui, size)
                yield ui
        except BaseException:
            await running.stop()
            raise
        if ui.app._exception is not None or not ui.app.is_running or options in self._free:
            await running.stop()
        else:
            self._free[options] = running, ui

    async def close(self) -> None:
        """End every interface."""
        while self._free:
            _, (running, _) = self._free.popitem()
            await running.stop()


async def reset_app(ui: UiPilot, target: Target, access: ConnectionOptions, size: tuple[int, int]) -> None:
    """Return to the main screen, and open a site as after a start."""
    app, main_screen = ui.app, ui.app.main_screen
    for _ in range(MOST_ESCAPES):
        if (
            app.screen is main_screen
            and not main_screen.panes.filterbar.is_typing
            and not main_screen.pane_layout.is_zoomed
            and main_screen.pane_layout.pane == "table"
        ):
            break
        await ui.press("escape")
    if app.size != size:
        await ui.resize(size)
    main_screen.site.options = app.options
    app._clipboard = ""
    line = main_screen.panes.filterbar.line
    line.set_text("")
    line._history, line._history_index, line._draft = [], 0, ""
    for rows in main_screen.query(VirtualList):
        rows.cursor, rows.top, rows.has_user_moved = 0, 0, False
    if is_unchanged(ui, target, access):
        main_screen.reset_view()
        main_screen.saved_settings.restore(None)
        main_screen.show_assessment()
        main_screen.panes.show_message()
    else:
        main_screen.site.target = None  # else the site would keep its filter, marks and data
        main_screen.poller.open_site(target, access)
    await ui.settle()


def is_unchanged(ui: UiPilot, target: Target, access: ConnectionOptions) -> bool:
    """True if the interface shows this simulated site, and has not refreshed or assessed it since it was lent."""
    opened, main_screen = ui.opened, ui.app.main_screen
    if opened is None or target.scenario is None or (opened.target, opened.access) != (target, access):
        return False
    same = (main_screen.site.target, main_screen.site.access, main_screen.poller.failures) == (target, access, 0)
    return same and main_screen.site.session is opened.session and main_screen.site.assessment is opened.assessment


def assert_is_fresh(ui: UiPilot, size: tuple[int, int]) -> None:
    """Assert that the interface is in the state right after its start."""
    app, main_screen = ui.app, ui.app.main_screen
    assert app.size == size
    assert app.screen_stack == [main_screen]
    assert app.focused is main_screen.panes.table
    assert app.clipboard == ""
    assert main_screen.site.settings in {ViewSettings(), main_screen.saved_settings.saved}
    assert not main_screen.site.catalog.filter
    assert main_screen.site.marks == ()
    assert not main_screen.panes.filterbar.is_shown
    assert not [rows.id for rows in main_screen.query(VirtualList) if rows.has_user_moved or rows.top]


_shared: SharedApps | None = None
"""The interfaces of the current test file; None outside of tests/ui."""


@asynccontextmanager
async def share_apps() -> AsyncIterator[None]:
    """Share interfaces from now on, and end them with the block."""
    global _shared
    before, _shared = _shared, SharedApps()
    try:
        yield
    finally:
        closing, _shared = _shared, before
        await closing.close()


def open_demo(
    scenario: str = "calm",
    *,
    size: tuple[int, int] = SIZE,
    theme: str = "textual-dark",
    plain: bool = False,
    zone: dt.tzinfo = dt.UTC,
    is_zone_chosen: bool = False,
) -> AbstractAsyncContextManager[UiPilot]:
    """Lend the interface on a demo scenario, fully read."""
    options = DisplayOptions(theme, plain, zone, is_zone_chosen)
    return open_site(Target(DEMO, scenario=scenario), ConnectionOptions(), size=size, options=options)


@asynccontextmanager
async def open_site(
    target: Target,
    access: ConnectionOptions,
    *,
    size: tuple[int, int] = SIZE,
    options: DisplayOptions = DEFAULT_OPTIONS,
) -> AsyncIterator[UiPilot]:
    """Lend the interface on any site, fully read; start an own interface outside of tests/ui."""
    if _shared is not None:
        async with _shared.lend(target, access, size, options) as ui:
            yield ui
        return
    async with start_ui(target, access, size=size, **options._asdict()) as ui:
        yield ui


@asynccontextmanager
async def start_ui(
    target: Target | None,
    access: ConnectionOptions | None = None,
    *,
    size: tuple[int, int] = SIZE,
    theme: str = "textual-dark",
    plain: bool = False,
    clock: Callable[[], int] = lambda: NOW,
    zone: dt.tzinfo = dt.UTC,
    is_zone_chosen: bool = False,
) -> AsyncIterator[UiPilot]:
    """Start the interface on any site, for one test."""
    app = build_app(target, access or ConnectionOptions(), DisplayOptions(theme, plain, zone, is_zone_chosen), clock)
    async with app.run_test(size=size) as pilot:
        ui = UiPilot(app, pilot)
        await ui.settle()
        yield ui


def build_app(
    target: Target | None, access: ConnectionOptions, options: DisplayOptions, clock: Callable[[], int] = lambda: NOW
) -> DrtuiApp:
    """Return an interface that has not been started yet."""
    return DrtuiApp(Options(target, access, now=NOW, clock=clock, **options._asdict()))
