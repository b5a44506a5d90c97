"""Focus and cursor stay visible with few or no colours."""

import pytest

from drtui.session import DEMO, Target
from tests.suites import in_full
from tests.ui.stories import UiPilot, open_demo, start_ui

Patch = pytest.MonkeyPatch
CALM = Target(DEMO, scenario="calm")


@pytest.mark.parametrize("theme", in_full(["textual-dark", "textual-light", "ansi-dark"], but=["textual-dark"]))
async def test_interface_marks_the_focus_without_colours_when_no_color_is_set(theme: str, monkeypatch: Patch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with start_ui(CALM, theme=theme) as ui:
        assert colour_names(ui) == {"default"}
        assert any(style.dim for _, style in ui.pieces)
        await ui.press("slash", "a")
        assert has_reversed_blank(ui)
        await ui.press("escape", "colon", "down")
        underlined = [text.strip() for text, style in ui.pieces if style.underline]
        assert "stores" in underlined
        assert "site" not in underlined


async def test_interface_keeps_its_colours_when_no_color_is_empty(monkeypatch: Patch) -> None:
    async with open_demo() as ui:
        usual = colour_names(ui)
    monkeypatch.setenv("NO_COLOR", "")
    async with start_ui(CALM) as ui:
        assert colour_names(ui) == usual


async def test_filter_marks_the_cursor_when_the_terminal_chooses_the_colours() -> None:
    async with open_demo(theme="ansi-light") as ui:
        await ui.press("slash", "a")
        assert has_reversed_blank(ui)


def colour_names(ui: UiPilot) -> set[str]:
    """Return the names of the colours in the window."""
    return {colour.name for _, style in ui.pieces for colour in (style.color, style.bgcolor) if colour is not None}


def has_reversed_blank(ui: UiPilot) -> bool:
    """True if a blank is in reverse video: other marks depend on the terminal's own colours."""
    reversed_blanks = [style for text, style in ui.pieces if text == " " and style.reverse]
    return any(
        style.color.is_default and style.bgcolor.is_default
        for style in reversed_blanks
        if style.color and style.bgcolor
    )
