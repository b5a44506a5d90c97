"""The renderer in a running app, on a driver that records the output."""

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
from tests.renderer.recording_driver import RecordingDriver

WIDTH, HEIGHT = 100, 24


class SmallApp(DiffRenderMixin[None]):
    """An app with a line of text and an input field."""

    CSS = "Input { border: none; height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self.driver_class = RecordingDriver
        self.terminal = Emulator(WIDTH, HEIGHT)

    def compose(self) -> ComposeResult:
        """Build the widgets."""
        yield Static("one", id="one")
        yield Input("typed")

    def on_mount(self) -> None:
        """Take the focus off the field."""
        self.screen.set_focus(None)

    def take_output(self) -> str:
        """Return the output since the last call."""
        driver = self._driver
        assert isinstance(driver, RecordingDriver)
        text, driver.written = driver.written, ""
        self.terminal.feed(text)
        return text

    def set_text(self, text: str) -> None:
        """Change the text."""
        self.query_one("#one", Static).update(text)


Scenario = Callable[[Pilot[object]], Awaitable[None]]


async def run_scenario(app: SmallApp, scenario: Scenario) -> None:
    """Run the app while the scenario presses keys and checks the output."""
    finished: list[bool] = []

    async def pilot_scenario(pilot: Pilot[object]) -> None:
        await pilot.pause()
        app.take_output()
        await scenario(pilot)
        finished.append(True)
        app.exit()

    await app.run_async(size=(WIDTH, HEIGHT), auto_pilot=pilot_scenario)
    assert finished


async def test_app_writes_only_changed_cells_when_text_changes() -> None:
    app = SmallApp()

    async def scenario(pilot: Pilot[object]) -> None:
        app.set_text("ony")
        await pilot.pause()
        assert "y" in app.take_output()
        app.set_text("ony")
        await pilot.pause()
        assert app.take_output() == ""
        assert app.terminal.text(0).startswith("ony ")

    await run_scenario(app, scenario)


async def test_app_paints_whole_screen_when_repaint_is_requested() -> None:
    app = SmallApp()

    async def scenario(pilot: Pilot[object]) -> None:
        app.terminal.feed("\x1b[Hgarbage")
        app.action_repaint()
        await pilot.pause()
        assert app.take_output().startswith(CLEAR)
        assert app.terminal.text(0).startswith("one ")

    await run_scenario(app, scenario)


async def test_app_leaves_output_to_textual_when_renderer_fails() -> None:
    app = SmallApp()

    class FailingRenderer(FrameRenderer):
        """A renderer that cannot paint."""

        def paint(self, *_: object) -> str:
            """Fail."""
            raise ArithmeticError

    async def scenario(pilot: Pilot[object]) -> None:
        app.renderer = FailingRenderer(Terminal())
        app.set_text("two")
        await pilot.pause()
        await pilot.pause()
        app.take_output()
        assert app.terminal.text(0).startswith("two ")

    await run_scenario(app, scenario)


async def test_frame_uses_synchronized_output_when_longer_than_a_packet() -> None:
    app = SmallApp()

    async def scenario(pilot: Pilot[object]) -> None:
        app._sync_available = True
        app.set_text("three")
        await pilot.pause()
        assert BEGIN_SYNC not in app.take_output()
        app.set_text("long " * WIDTH * 4)
        await pilot.pause()
        written = app.take_output()
        assert written.startswith(BEGIN_SYNC)
        assert written.endswith(END_SYNC)

    await run_scenario(app, scenario)


async def test_terminal_cursor_follows_text_cursor_when_field_has_focus() -> None:
    app = SmallApp()

    async def scenario(pilot: Pilot[object]) -> None:
        field = app.query_one(Input)
        field.cursor_blink = False
        field.focus()
        await pilot.press("end", "!")
        await pilot.pause()
        app.take_output()
        assert (app.terminal.cursor.x, app.terminal.cursor.y) == field.cursor_screen_offset

    await run_scenario(app, scenario)


@pytest.mark.parametrize(
    ("sizes", "repainted"),
    [
        ([(WIDTH, HEIGHT)], False),
        ([(WIDTH - 4, HEIGHT)], True),
        ([(WIDTH - 4, HEIGHT), (WIDTH, HEIGHT)], True),
    ],
)
async def test_app_paints_whole_screen_only_when_window_size_changes(
    sizes: list[tuple[int, int]], repainted: bool
) -> None:
    app = SmallApp()

    async def scenario(pilot: Pilot[object]) -> None:
        for size in sizes:
            app.post_message(events.Resize(Size(*size), Size(*size)))
            await pilot.pause()
        await pilot.pause(0.1)
        assert (CLEAR in app.take_output()) is repainted

    await run_scenario(app, scenario)


@pytest.mark.parametrize("name", [name for name in REQUIRED_ATTRIBUTES if name.startswith("_")])
async def test_renderer_is_unsupported_when_textual_lacks_private_attribute(name: str) -> None:
    app = SmallApp()
    assert app.renderer is not None
    assert is_supported(app)
    delattr(app, name)
    assert not is_supported(app)


async def test_textual_writes_output_when_environment_variable_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRTUI_DISPLAY", "textual")
    app = SmallApp()
    assert app.renderer is None

    async def scenario(pilot: Pilot[object]) -> None:
        app.set_text("two")
        await pilot.pause()
        assert "two" in app.take_output()
        app.action_repaint()

    await run_scenario(app, scenario)


def test_keep_splash_replaces_driver_only_when_it_is_linux_driver() -> None:
    app = SmallApp()
    app.keep_splash()
    assert app.driver_class is RecordingDriver, "other drivers are not replaced"
    app.driver_class = LinuxDriver
    app.keep_splash()
    assert app.driver_class is SplashKeepingDriver


def test_splash_driver_skips_only_first_switch_to_alternate_screen() -> None:
    class ListDriver(LinuxDriver):
        """Stores the output in a list."""

        def __init__(self) -> None:
            self.data: list[str] = []

        def write(self, data: str) -> None:
            """Store the output."""
            self.data.append(data)

    class SplashDriver(SplashKeepingDriver, ListDriver):
        """The driver under test, without a terminal."""

        def __init__(self) -> None:
            ListDriver.__init__(self)

    driver = SplashDriver()
    for data in (ENTER_ALTERNATE_SCREEN, "x", ENTER_ALTERNATE_SCREEN):
        driver.write(data)
    assert driver.data == ["x", ENTER_ALTERNATE_SCREEN]
