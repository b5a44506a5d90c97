"""On every frame of real sessions, the renderer's output shows the same screen as Textual's own output."""

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
from tests.renderer.emulator import Emulator, find_difference
from tests.suites import rows_in_full
from tests.ui.stories import UiPilot


class ComparedApp(DrtuiApp):
    """Shows every frame on two terminals, one with Textual's own output."""

    CSS_PATH = str(Path(app.__file__).with_name("app.tcss"))

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.ours, self.theirs = Emulator(1, 1), Emulator(1, 1)
        self.frame_count, self.difference = 0, ""

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if isinstance(renderable, LayoutUpdate | ChopsUpdate) and not self.difference:
            self._compare(renderable)
        super()._display(screen, renderable)

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """Return the window as SVG, and forget the codes of styles: Rich keeps those of the picture, in all colours."""
        try:
            return super().export_screenshot(title=title, simplify=simplify)
        finally:
            for style in [value for value in gc.get_objects() if isinstance(value, Style)]:
                style._ansi = None

    def _compare(self, update: LayoutUpdate | ChopsUpdate) -> None:
        renderer = self.renderer
        assert renderer is not None, "the renderer does not support this version of Textual"
        text = renderer.render_frame(update, COLOR_SYSTEMS[self.console.color_system or "truecolor"])
        if renderer.size != (self.ours.columns, self.ours.lines):
            self.ours, self.theirs = Emulator(*renderer.size), Emulator(*renderer.size)
            self.ours.feed("\x1b[1mleftover\n" * 3)
        self.frame_count += 1
        self.ours.feed(text)
        self.theirs.feed(update.render_segments(self.console))
        self.difference = find_difference(self.ours, self.theirs)


@pytest.fixture(autouse=True)
def set_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Use as many colours as over SSH, and a temporary folder for files saved by keys."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.chdir(tmp_path)
    clear_style_codes()


def clear_style_codes() -> None:
    """Clear the escape codes that Rich stored in styles: they depend on the colours of the first console."""
    gc.unfreeze()
    for instance in gc.get_objects():
        if isinstance(instance, Style):
            instance._ansi = None


@asynccontextmanager
async def compare_frames(scenario: str, size: tuple[int, int], theme: str) -> AsyncIterator[UiPilot]:
    """Run the interface and assert that no frame differs."""
    app = ComparedApp(Options(Target(DEMO, scenario=scenario), ConnectionOptions(), now=NOW, theme=theme))
    async with app.run_test(size=size) as pilot:
        story = UiPilot(app, pilot)
        await story.settle()
        yield story
    assert app.frame_count > 3
    assert not app.difference


WALK_KEYS = (
    *["j"] * 14, "k", "k", "pagedown", "pagedown", "pageup", "G", "g", "s", "S",
    "slash", "n", "o", "backspace", "escape", "1", "2", "j", "enter", "escape", "4", "j", "j", "l", "j", "h", "3",
    "f", "j", "f", "y", *["j"] * 5, "pagedown", "escape", "question_mark", "j", "G", "escape", "E", "escape",
    "colon", "s", "i", "escape", "z", "r", "at", "escape", "o", "escape",
)  # fmt: skip
"""Every kind of action: move, scroll, page, sort, filter, zoom, refresh, other screens and back."""


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
        but=[("half-failed", "textual-dark")],
    ),
)
async def test_session_shows_same_screen_as_textual(scenario: str, theme: str) -> None:
    async with compare_frames(scenario, (120, 40), theme) as story:
        await story.press(*WALK_KEYS)


@pytest.mark.full
@pytest.mark.parametrize("size", [(80, 24), (160, 45), (39, 9)])
async def test_session_shows_same_screen_as_textual_when_window_has_other_size(size: tuple[int, int]) -> None:
    async with compare_frames("hostile", size, "ansi-dark") as story:
        await story.press(*WALK_KEYS)


KEYS = sorted({key for command in (*IN_LISTS, *COMMANDS) for key in command.keys})
EXCLUDED_KEYS = {"q", "ctrl+z", "c"}


@pytest.mark.full
@pytest.mark.parametrize("seed", range(4))
async def test_session_shows_same_screen_as_textual_when_keys_are_random(seed: int) -> None:
    generator = random.Random(seed)  # noqa: S311 - the seed makes the walk repeatable
    scenario = generator.choice(["calm", "hostile", "thousands", "half-failed"])
    async with compare_frames(
        scenario, (120, 40), generator.choice(["ansi-dark", "textual-dark", "textual-light"])
    ) as story:
        for _ in range(40):
            if generator.random() < 0.1:
                await story.pilot.resize_terminal(generator.randint(10, 170), generator.randint(4, 50))
            else:
                key = generator.choice([name for name in KEYS if name not in EXCLUDED_KEYS])
                await story.press(*[key] * generator.choice([1, 1, 1, 4]))
            assert isinstance(story.app, ComparedApp)
            assert not story.app.difference
