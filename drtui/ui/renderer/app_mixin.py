"""Where Textual hands over what it wants on the terminal.

Textual writes every cell of every region that it was told to draw anew, each piece with all of its style. Here, what
it hands over is compared with what the terminal shows. The method that is replaced for that is a private one: where
Textual is not as expected, it goes on painting itself.
"""

import logging
import os
from typing import TYPE_CHECKING, TypeVar

from rich.console import COLOR_SYSTEMS, RenderableType
from textual import events
from textual.app import App
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen

from drtui.crash_report import crash_report
from drtui.ui.renderer.ansi_writer import detect_terminal

if TYPE_CHECKING:
    from drtui.ui.renderer.textual_frames import FrameRenderer

R = TypeVar("R")

RENDERER_VARIABLE = "DRTUI_DISPLAY"
"""Set to `textual`, this variable leaves the painting to Textual: to tell whose fault something is."""

PACKET_BYTES = 1300
"""Bytes that travel in one piece: a frame of no more is never seen half painted."""

BEGIN_SYNC, END_SYNC = "\x1b[?2026h", "\x1b[?2026l"
"""Around a frame that is not to be seen half painted: synchronized output, where the terminal said that it knows it."""


def create_frames(app: App[R]) -> "FrameRenderer | None":
    """What paints for this app; None where Textual is to do it."""
    if os.environ.get(RENDERER_VARIABLE) == "textual":
        return None
    try:
        from drtui.ui.renderer.textual_frames import FrameRenderer, is_supported  # noqa: PLC0415 - private modules may have moved
    except ImportError:
        return None
    return FrameRenderer(detect_terminal()) if is_supported(app) else None


class DiffRenderMixin(App[R]):
    """An app that sends the terminal only what changed."""

    def __init__(self) -> None:
        super().__init__()
        self.frames = create_frames(self)

    def keep_splash(self) -> None:
        """Something stands on the alternate screen before the app begins: it stays until the first frame."""
        if self.driver_class is LinuxDriver:
            self.driver_class = SplashKeepingDriver

    def action_repaint(self) -> None:
        """Paint everything anew: something else may have written on the terminal."""
        if self.frames is not None:
            self.frames.forget()
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Terminals differ in what they keep of a window whose size changes. Called before Textual takes it over."""
        if self.frames is not None and event.size != self.size:
            self.frames.forget()
            if event.size == self.frames.size:  # it is back at the size that was painted: Textual would do nothing
                self.refresh()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        frames, driver = self.frames, self._driver
        if frames is None or driver is None or not frames.is_frame(renderable) or not self._can_display(driver):
            super()._display(screen, renderable)
            return
        try:
            text = frames.render_frame(
                renderable, COLOR_SYSTEMS[self.console.color_system or "truecolor"], self._input_position
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, there is another way
            report = crash_report(error)
            logging.getLogger("drtui").error("the display failed, Textual paints from now on: %s", report)  # noqa: TRY400 - without what it was given
            self.frames = None
            self.refresh()
            return
        if text:
            driver.write(f"{BEGIN_SYNC}{text}{END_SYNC}" if self._sync_available and len(text) > PACKET_BYTES else text)
            driver.flush()
        self.post_display_hook()

    def _can_display(self, driver: Driver) -> bool:
        """Whether Textual would display anything at this moment, on a screen of its own."""
        is_running = self._running and not self._closed and not self._batch_count
        return is_running and not driver.is_headless and not driver.is_inline

    @property
    def _input_position(self) -> tuple[int, int] | None:
        """Where an input method is to show what is being composed: the terminal's own cursor is hidden."""
        is_typed_into = hasattr(self.focused, "cursor_screen_offset")
        return self.screen.outer_size.clamp_offset(self.cursor_position) if is_typed_into else None


ENTER_ALTERNATE_SCREEN = "\x1b[?1049h"
"""To the alternate screen, which is cleared (xterm's control sequences, DECSET 1049), also if one is there already."""


class SplashKeepingDriver(LinuxDriver):
    """Begins on the alternate screen, and leaves what is there until it is painted over."""

    _has_entered = False

    def write(self, data: str) -> None:
        """Write to the terminal; the first time that its screen would be cleared, do not."""
        if data == ENTER_ALTERNATE_SCREEN and not self._has_entered:
            self._has_entered = True
        else:
            super().write(data)
