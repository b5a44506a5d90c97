"""With few colours or none, as the terminal or the person has it: one still sees where one is."""

import pytest

from tests.ui.stories import Story, story

Patch = pytest.MonkeyPatch


@pytest.mark.parametrize("theme", ["textual-light", "ansi-dark"])
async def test_without_colours_there_are_none_and_faint_is_still_faint(theme: str, monkeypatch: Patch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with story(theme=theme) as told:
        assert hues(told) == {"default"}
        assert any(style.dim for _, style in told.pieces)


async def test_a_variable_that_is_empty_asks_for_nothing(monkeypatch: Patch) -> None:
    async with story() as told:
        usual = hues(told)
    monkeypatch.setenv("NO_COLOR", "")
    async with story() as told:
        assert hues(told) == usual


async def test_without_colours_one_sees_where_one_types_and_what_is_chosen(monkeypatch: Patch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with story() as told:
        await told.press("slash", "a")
        assert marks_where_one_types(told)
        await told.press("escape", "colon", "down")
        underlined = [text.strip() for text, style in told.pieces if style.underline]
        assert "stores" in underlined
        assert "site" not in underlined


async def test_in_the_colours_of_the_terminal_one_sees_where_one_types() -> None:
    async with story(theme="ansi-light") as told:
        await told.press("slash", "a")
        assert marks_where_one_types(told)


def hues(told: Story) -> set[str]:
    """The names of the colours that the window has."""
    return {each.name for _, style in told.pieces for each in (style.color, style.bgcolor) if each is not None}


def marks_where_one_types(told: Story) -> bool:
    """Whether there is a blank turned round: of the terminal's own colours nobody knows which are alike."""
    turned = [style for text, style in told.pieces if text == " " and style.reverse]
    return any(each.color.is_default and each.bgcolor.is_default for each in turned if each.color and each.bgcolor)
