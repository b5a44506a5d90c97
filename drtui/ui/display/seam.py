"""Where Textual hands over what it wants on the terminal: the only place that knows its insides.

Textual writes every cell of every region that it was told to draw anew, each piece with all of its style. Here, what
it hands over is compared with what the terminal shows.
"""

import logging
import os
from collections.abc import Sequence
from inspect import signature
from typing import TypeVar

from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, RenderableType
from textual import events
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.screen import Screen
from textual.strip import Strip

from drtui.ui.display.cells import Line
from drtui.ui.display.looks import look_of
from drtui.ui.display.painter import Painter
from drtui.ui.display.terminal import terminal

R = TypeVar("R")

PACKET = 1300
"""Bytes that travel in one piece: a frame of no more is never seen half painted."""

SWITCH = "DRTUI_DISPLAY"
"""Set to `textual`, this variable leaves the painting to Textual: to tell whose fault something is."""

ATTRIBUTES = ("_driver", "_running", "_closed", "_batch_count", "_sync_available", "is_headless", "cursor_position")


def as_expected(app: App[R]) -> bool:
    """Whether the insides of Textual are those that this was written for."""
    return (
        [*signature(App._display).parameters]  # noqa: SLF001 - that is what is asked
        == ["self", "screen", "renderable"]
        and [*signature(LayoutUpdate).parameters] == ["strips", "region"]
        and [*signature(ChopsUpdate).parameters] == ["chops", "spans", "chop_ends"]
        and all(hasattr(app, name) for name in ATTRIBUTES)
    )


class Displayed(App[R]):
    """An app that sends the terminal only what changed."""

    def __init__(self) -> None:
        super().__init__()
        wanted = os.environ.get(SWITCH) != "textual" and as_expected(self)
        self._painter = Painter(terminal()) if wanted else None

    def already_shows(self, width: int, pieces: Sequence[Sequence[tuple[str, str]]]) -> None:
        """What was painted on the cleared terminal before the app began: see `Painter.told`."""
        if self._painter is not None:
            self._painter.told(width, pieces)

    def repaint_all(self) -> None:
        """Paint everything anew: something else may have written on the terminal."""
        if self._painter is not None:
            self._painter.forget()
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Terminals differ in what they keep of a window whose size changes. Called before Textual takes it over."""
        if self._painter is not None and event.size != self.size:
            self._painter.forget()
            if event.size == self._painter.size:  # it is back at the size that was painted: Textual would do nothing
                self.refresh()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        painter, driver = self._painter, self._driver
        if (
            painter is None
            or driver is None
            or driver.is_inline
            or not isinstance(renderable, LayoutUpdate | ChopsUpdate)
            or self.is_headless
            or self._batch_count
            or self._closed
            or not self._running
        ):
            super()._display(screen, renderable)
            return
        try:
            text = frame(painter, renderable, COLOR_SYSTEMS[self.console.color_system or "truecolor"], self._cursor)
        except Exception:
            logging.getLogger(__name__).exception("the display failed; Textual paints from now on")
            self._painter = None
            self.refresh()
            return
        if text:
            if self._sync_available and len(text) > PACKET:
                text = f"{SYNC_START}{text}{SYNC_END}"
            driver.write(text)
            driver.flush()
        self.post_display_hook()

    @property
    def _cursor(self) -> tuple[int, int] | None:
        """Where an input method is to show what is being composed: the terminal's own cursor is hidden."""
        is_typed_into = hasattr(self.focused, "cursor_screen_offset")
        return self.screen.outer_size.clamp_offset(self.cursor_position) if is_typed_into else None


def frame(
    painter: Painter, update: LayoutUpdate | ChopsUpdate, system: ColorSystem, cursor: tuple[int, int] | None = None
) -> str:
    """What brings the terminal up to date."""
    if isinstance(update, LayoutUpdate):
        painter.resize(*update.region.size)
        lines = _of_layout(update, painter, system)
    else:
        painter.resize(update.chop_ends[0][-1], len(update.chops))
        lines = _of_chops(update, painter, system)
    return painter.paint(lines, cursor)


def _of_layout(update: LayoutUpdate, painter: Painter, system: ColorSystem) -> dict[int, Line]:
    """Everything."""
    lines: dict[int, Line] = {}
    for y, strips in enumerate(update.strips):
        line, x = painter.line(y), 0
        for strip in strips:
            x = _put(line, x, strip, system)
        lines[y] = line
    return lines


def _of_chops(update: ChopsUpdate, painter: Painter, system: ColorSystem) -> dict[int, Line]:
    """Parts of lines: what Textual would write of them, cut as it does."""
    lines: dict[int, Line] = {}
    for y, first, last in update.spans:
        line = lines.setdefault(y, painter.line(y))
        for end, (start, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=True):
            if strip is not None and start <= last and end > first:
                _put(line, start, strip if end <= last else strip.crop(0, last - start), system)
    return lines


def _put(line: Line, x: int, strip: Strip, system: ColorSystem) -> int:
    for text, style, _ in strip:
        x = line.put(x, text, look_of(style, system))
    return x
