"""Replace Textual's output by one that sends only the cells that changed.

Textual writes every cell of every region that is to be redrawn, each piece with its whole style. This mixin compares
the region with what the terminal shows. The method that it overrides is private: if Textual differs from what is
expected, Textual keeps writing its own output.
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
"""Environment variable. Set to `textual`, it leaves all output to Textual, to find out which of the two has a bug."""

PACKET_BYTES = 1300
"""Bytes that reach the terminal in one piece. A frame of at most this size is never visible half painted."""

BEGIN_SYNC, END_SYNC = "\x1b[?2026h", "\x1b[?2026l"
"""Sequences around a longer frame: synchronized output, used if the terminal reports that it supports it."""


def create_renderer(app: App[R]) -> "FrameRenderer | None":
    """Return the renderer for this app, or None if Textual is to write its own output."""
    if os.environ.get(RENDERER_VARIABLE) == "textual":
        return None
    try:
        from drtui.ui.renderer.textual_frames import FrameRenderer, is_supported  # private modules may have moved
    except ImportError:
        return None
    return FrameRenderer(detect_terminal()) if is_supported(app) else None


class DiffRenderMixin(App[R]):
    """An app that sends the terminal only the cells that changed."""

    def __init__(self) -> None:
        super().__init__()
        self.renderer = create_renderer(self)

    def keep_splash(self) -> None:
        """Keep what is on the alternate screen before the app starts until the first frame is painted."""
        if self.driver_class is LinuxDriver:
            self.driver_class = SplashKeepingDriver

    def action_repaint(self) -> None:
        """Paint the whole screen, because another program may have written to the terminal."""
        if self.renderer is not None:
            self.renderer.forget()
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Forget what the terminal shows: terminals differ in what they keep of a resized window.

        Called before Textual handles the new size.
        """
        if self.renderer is not None and event.size != self.size:
            self.renderer.forget()
            if event.size == self.renderer.size:  # back at the painted size: Textual would not refresh
                self.refresh()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        renderer, driver = self.renderer, self._driver
        if renderer is None or driver is None or not renderer.is_frame(renderable) or not self._can_display(driver):
            super()._display(screen, renderable)
            return
        try:
            text = renderer.render_frame(
                renderable, COLOR_SYSTEMS[self.console.color_system or "truecolor"], self._input_position
            )
        except Exception as error:  # noqa: BLE001 - Textual can paint instead
            report = crash_report(error)
            logging.getLogger("drtui").error("rendering failed, Textual paints from now on: %s", report)  # noqa: TRY400 - a traceback would show the values
            self.renderer = None
            self.refresh()
            return
        if text:
            driver.write(f"{BEGIN_SYNC}{text}{END_SYNC}" if self._sync_available and len(text) > PACKET_BYTES else text)
            driver.flush()
        self.post_display_hook()

    def _can_display(self, driver: Driver) -> bool:
        """True if Textual would write to a screen of its own now."""
        can_paint = self._running and not self._closed and not self._batch_count
        return can_paint and not driver.is_headless and not driver.is_inline

    @property
    def _input_position(self) -> tuple[int, int] | None:
        """The cell where an input method shows text being composed. The terminal's own cursor is hidden."""
        has_text_cursor = hasattr(self.focused, "cursor_screen_offset")
        return self.screen.outer_size.clamp_offset(self.cursor_position) if has_text_cursor else None


ENTER_ALTERNATE_SCREEN = "\x1b[?1049h"
"""Switches to the alternate screen and clears it (xterm, DECSET 1049), even if it is already active."""


class SplashKeepingDriver(LinuxDriver):
    """A driver that starts on the alternate screen and keeps its content until the first frame."""

    _has_entered = False

    def write(self, data: str) -> None:
        """Write to the terminal, but skip the first switch to the alternate screen, because it would clear it."""
        if data == ENTER_ALTERNATE_SCREEN and not self._has_entered:
            self._has_entered = True
        else:
            super().write(data)
