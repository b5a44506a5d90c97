"""The proof: on every frame of real sessions, what is sent shows the same as what Textual itself would have sent."""

import gc
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from rich.console import COLOR_SYSTEMS, RenderableType
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.screen import Screen

from drtui.keybindings import COMMANDS, IN_LISTS
from drtui.session import DEMO, ConnectionOptions, Target
from drtui.ui import app
from drtui.ui.app import DrtuiApp
from drtui.ui.options import Options
from tests.conftest import NOW
from tests.renderer.emulator import Emulator, difference
from tests.suites import in_full, rows_in_full
from tests.ui.stories import Story


class Compared(DrtuiApp):
    """Shows every frame on two terminals."""

    CSS_PATH = str(Path(app.__file__).with_name("app.tcss"))

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.ours, self.theirs = Emulator(1, 1), Emulator(1, 1)
        self.counted, self.wrong = 0, ""

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if isinstance(renderable, LayoutUpdate | ChopsUpdate) and not self.wrong:
            self._compare(renderable)
        super()._display(screen, renderable)

    def _compare(self, update: LayoutUpdate | ChopsUpdate) -> None:
        painter = self.frames
        assert painter is not None, "the display is off: Textual has other insides than expected"
        text = painter.render_frame(update, COLOR_SYSTEMS[self.console.color_system or "truecolor"])
        if painter.size != (self.ours.columns, self.ours.lines):
            self.ours, self.theirs = Emulator(*painter.size), Emulator(*painter.size)
            self.ours.feed("\x1b[1mleftover\n" * 3)
        self.counted += 1
        self.ours.feed(text)
        self.theirs.feed(update.render_segments(self.console))
        self.wrong = difference(self.ours, self.theirs)


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As many colours as over SSH; a folder for what a walk may save."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.chdir(tmp_path)
    forget_codes()


def forget_codes() -> None:
    """Have each style make its codes anew: Rich keeps those of the first console, whatever colours the next one has."""
    gc.unfreeze()
    for each in gc.get_objects():
        if isinstance(each, Style):
            each._ansi = None


@asynccontextmanager
async def compared(scenario: str, size: tuple[int, int], theme: str) -> AsyncIterator[Story]:
    """An interface whose frames are compared."""
    shown = Compared(Options(Target(DEMO, scenario=scenario), ConnectionOptions(), now=NOW, theme=theme))
    async with shown.run_test(size=size) as pilot:
        told = Story(shown, pilot)
        await told.settle()
        yield told
    assert shown.counted > 3
    assert not shown.wrong


WALK = (
    *["j"] * 14, "k", "k", "pagedown", "pagedown", "pageup", "G", "g", "s", "S",
    "slash", "n", "o", "backspace", "escape", "1", "2", "j", "enter", "escape", "4", "j", "j", "l", "j", "h", "3",
    "f", "j", "f", "y", *["j"] * 5, "pagedown", "escape", "question_mark", "j", "G", "escape", "E", "escape",
    "colon", "s", "i", "escape", "z", "r", "at", "escape", "o", "escape",
)  # fmt: skip
"""Everything once: move, scroll, page, sort, filter, zoom, refresh, screens over the panes and back."""


@pytest.mark.parametrize(
    ("scenario", "theme"),
    rows_in_full(
        [
            ("calm", "ansi-dark"),
            ("hostile", "ansi-dark"),
            ("hostile", "textual-dark"),
            ("thousands", "textual-light"),
            ("half-failed", "textual-dark"),
            ("no-privilege", "ansi-light"),
        ],
        but=[("hostile", "textual-dark")],
    ),
)
async def test_a_session_shows_what_textual_would_show(scenario: str, theme: str) -> None:
    async with compared(scenario, (120, 40), theme) as told:
        await told.press(*WALK)


@pytest.mark.full
@pytest.mark.parametrize("size", [(80, 24), (160, 45), (39, 9)])
async def test_so_it_does_in_windows_of_any_size(size: tuple[int, int]) -> None:
    async with compared("hostile", size, "ansi-dark") as told:
        await told.press(*WALK)


KEYS = sorted({each for command in (*IN_LISTS, *COMMANDS) for each in command.keys})
AWAY = {"q", "ctrl+z", "c"}


@pytest.mark.parametrize("seed", in_full(range(4), but=[0]))
async def test_a_random_walk_shows_what_textual_would_show(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - to be walked again
    scenario = chance.choice(["calm", "hostile", "thousands", "half-failed"])
    async with compared(scenario, (120, 40), chance.choice(["ansi-dark", "textual-dark", "textual-light"])) as told:
        for _ in range(40):
            if chance.random() < 0.1:
                await told.pilot.resize_terminal(chance.randint(10, 170), chance.randint(4, 50))
            else:
                key = chance.choice([each for each in KEYS if each not in AWAY])
                await told.press(*[key] * chance.choice([1, 1, 1, 4]))
            assert isinstance(told.app, Compared)
            assert not told.app.wrong
