"""How a person looks at the interface: press keys, then look."""

import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from rich.style import Style
from textual.pilot import Pilot

from drtui.session import DEMO, Access, Target
from drtui.ui.app import Drtui
from drtui.ui.options import Options
from tests.conftest import NOW


class Story:
    """A running interface."""

    def __init__(self, app: Drtui, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until everything they set going is done."""
        await self.pilot.press(*keys)
        await self.settle()

    async def settle(self) -> None:
        """Wait until nothing is going on any more."""
        await self.pilot.pause()
        looks = [worker for worker in self.app.workers if worker.group in {"look", "list", "pass", "offer", "index"}]
        if looks:
            await self.app.workers.wait_for_complete(looks)
        await self.pilot.pause()

    @property
    def lines(self) -> list[str]:
        """What the window shows, line by line."""
        strips = self.app.screen._compositor.render_strips()
        return [strip.text.rstrip() for strip in strips]

    @property
    def text(self) -> str:
        """What the window shows."""
        return "\n".join(self.lines)

    @property
    def pieces(self) -> list[tuple[str, Style]]:
        """The pieces of text that the window shows, each with how it looks."""
        strips = self.app.screen._compositor.render_strips()
        return [(text, style) for strip in strips for text, style, _ in strip if style is not None]

    @property
    def cursor(self) -> str:
        """The line of the table that the cursor is on."""
        table = self.app.browse.table
        return table.render_line(table.fixed + table.cursor - table.top).text


@asynccontextmanager
async def story(
    scenario: str = "calm", *, size: tuple[int, int] = (120, 40), theme: str = "textual-dark", plain: bool = False
) -> AsyncIterator[Story]:
    """The interface on a scenario, everything read."""
    target = Target(DEMO, scenario=scenario)
    async with looking_at(target, size=size, theme=theme, plain=plain) as told:
        yield told


@asynccontextmanager
async def looking_at(
    target: Target | None,
    access: Access | None = None,
    *,
    size: tuple[int, int] = (120, 40),
    theme: str = "textual-dark",
    plain: bool = False,
    clock: Callable[[], int] = lambda: NOW,
    zone: dt.tzinfo = dt.UTC,
    zone_asked: bool = False,
) -> AsyncIterator[Story]:
    """The interface on any target."""
    options = Options(
        target,
        access or Access(),
        now=NOW,
        zone=zone,
        zone_asked=zone_asked,
        theme=theme,
        plain=plain,
        clock=clock,
    )
    app = Drtui(options)
    async with app.run_test(size=size) as pilot:
        told = Story(app, pilot)
        await told.settle()
        yield told
