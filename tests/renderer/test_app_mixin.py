"""The display in a running app, on a driver that keeps what is written."""

from collections.abc import Awaitable, Callable

import pytest
from textual import events
from textual.app import ComposeResult
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.pilot import Pilot
from textual.widgets import Input, Static

from drtui.ui.renderer.ansi_writer import Terminal
from drtui.ui.renderer.app_mixin import (
    BEGIN_SYNC,
    END_SYNC,
    ENTER_ALTERNATE_SCREEN,
    DiffRenderMixin,
    SplashKeepingDriver,
)
from drtui.ui.renderer.screen_diff import CLEAR
from drtui.ui.renderer.textual_frames import REQUIRED_ATTRIBUTES, FrameRenderer, is_supported
from tests.renderer.emulator import Emulator
from tests.renderer.recording_driver import Keeping

WIDTH, HEIGHT = 100, 24


class Small(DiffRenderMixin[None]):
    """Some lines and a field."""

    CSS = "Input { border: none; height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self.driver_class = Keeping
        self.terminal = Emulator(WIDTH, HEIGHT)

    def compose(self) -> ComposeResult:
        """Some lines and a field."""
        yield Static("one", id="one")
        yield Input("typed")

    def on_mount(self) -> None:
        """So that the field is not where keys go."""
        self.screen.set_focus(None)

    def taken(self) -> str:
        """What was written since the last time."""
        driver = self._driver
        assert isinstance(driver, Keeping)
        text, driver.written = driver.written, ""
        self.terminal.feed(text)
        return text

    def say(self, text: str) -> None:
        """Change the first line."""
        self.query_one("#one", Static).update(text)


Told = Callable[[Pilot[object]], Awaitable[None]]


async def run(app: Small, told: Told) -> None:
    """Run the app beside what is told."""
    heard: list[bool] = []

    async def told_to_the_end(pilot: Pilot[object]) -> None:
        await pilot.pause()
        app.taken()
        await told(pilot)
        heard.append(True)
        app.exit()

    await app.run_async(size=(WIDTH, HEIGHT), auto_pilot=told_to_the_end)
    assert heard


async def test_only_what_changed_is_written() -> None:
    app = Small()

    async def told(pilot: Pilot[object]) -> None:
        app.say("ony")
        await pilot.pause()
        assert "y" in app.taken()
        app.say("ony")
        await pilot.pause()
        assert app.taken() == ""
        assert app.terminal.text(0).startswith("ony ")

    await run(app, told)


async def test_everything_is_painted_anew_when_asked_for() -> None:
    app = Small()

    async def told(pilot: Pilot[object]) -> None:
        app.terminal.feed("\x1b[Hgarbage")
        app.action_repaint()
        await pilot.pause()
        assert app.taken().startswith(CLEAR)
        assert app.terminal.text(0).startswith("one ")

    await run(app, told)


async def test_a_failure_leaves_the_painting_to_textual() -> None:
    app = Small()

    class Failing(FrameRenderer):
        """Cannot paint."""

        def paint(self, *_: object) -> str:
            """Fail."""
            raise ArithmeticError

    async def told(pilot: Pilot[object]) -> None:
        app.frames = Failing(Terminal())
        app.say("two")
        await pilot.pause()
        await pilot.pause()
        app.taken()
        assert app.terminal.text(0).startswith("two ")

    await run(app, told)


async def test_a_long_frame_is_not_seen_half_painted() -> None:
    app = Small()

    async def told(pilot: Pilot[object]) -> None:
        app._sync_available = True
        app.say("three")
        await pilot.pause()
        assert BEGIN_SYNC not in app.taken()
        app.say("long " * WIDTH * 4)
        await pilot.pause()
        written = app.taken()
        assert written.startswith(BEGIN_SYNC)
        assert written.endswith(END_SYNC)

    await run(app, told)


async def test_the_cursor_goes_where_something_is_typed() -> None:
    app = Small()

    async def told(pilot: Pilot[object]) -> None:
        field = app.query_one(Input)
        field.cursor_blink = False
        field.focus()
        await pilot.press("end", "!")
        await pilot.pause()
        app.taken()
        assert (app.terminal.cursor.x, app.terminal.cursor.y) == field.cursor_screen_offset

    await run(app, told)


@pytest.mark.parametrize(
    ("sizes", "repainted"),
    [
        ([(WIDTH, HEIGHT)], False),
        ([(WIDTH - 4, HEIGHT)], True),
        ([(WIDTH - 4, HEIGHT), (WIDTH, HEIGHT)], True),
    ],
)
async def test_a_window_of_another_size_is_painted_anew(sizes: list[tuple[int, int]], repainted: bool) -> None:
    app = Small()

    async def told(pilot: Pilot[object]) -> None:
        for size in sizes:
            app.post_message(events.Resize(Size(*size), Size(*size)))
            await pilot.pause()
        await pilot.pause(0.1)
        assert (CLEAR in app.taken()) is repainted

    await run(app, told)


@pytest.mark.parametrize("name", [name for name in REQUIRED_ATTRIBUTES if name.startswith("_")])
async def test_where_textual_has_other_insides_it_paints_itself(name: str) -> None:
    app = Small()
    assert app.frames is not None
    assert is_supported(app)
    delattr(app, name)
    assert not is_supported(app)


async def test_the_display_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRTUI_DISPLAY", "textual")
    app = Small()
    assert app.frames is None

    async def told(pilot: Pilot[object]) -> None:
        app.say("two")
        await pilot.pause()
        assert "two" in app.taken()
        app.action_repaint()

    await run(app, told)


def test_what_stands_there_already_stays_until_it_is_painted_over() -> None:
    app = Small()
    app.keep_splash()
    assert app.driver_class is Keeping, "another driver knows what it does"
    app.driver_class = LinuxDriver
    app.keep_splash()
    assert app.driver_class is SplashKeepingDriver


def test_the_alternate_screen_is_entered_once_and_again_after_a_pause() -> None:
    class Written(LinuxDriver):
        """Keeps what would be written."""

        def __init__(self) -> None:
            self.data: list[str] = []

        def write(self, data: str) -> None:
            """Keep it."""
            self.data.append(data)

    class Both(SplashKeepingDriver, Written):
        """What takes over, without a terminal."""

        def __init__(self) -> None:
            Written.__init__(self)

    driver = Both()
    for data in (ENTER_ALTERNATE_SCREEN, "x", ENTER_ALTERNATE_SCREEN):
        driver.write(data)
    assert driver.data == ["x", ENTER_ALTERNATE_SCREEN]
