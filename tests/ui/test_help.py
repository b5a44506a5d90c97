"""Finding one's way: help where one is, the palette, why a command can do nothing, other keys."""

from textual.command import CommandPalette
from textual.widgets import Input

from drtui.keybindings import COMMANDS, apply_user_keys
from drtui.session import DEMO, ConnectionOptions, Target
from drtui.ui.app import DrtuiApp
from drtui.ui.options import Options
from tests.conftest import NOW
from tests.ui.stories import Story, story


async def sought(told: Story, text: str) -> str:
    """What the palette shows for what is typed."""
    await told.press("colon")
    assert isinstance(told.app.screen, CommandPalette)
    await told.press(*("space" if each == " " else each for each in text))
    await told.app.workers.wait_for_complete()
    await told.settle()
    return told.text


async def test_help_has_every_command_and_what_the_symbols_mean() -> None:
    async with story(size=(120, 90)) as told:
        await told.press("question_mark")
        assert all(each.help in told.text for each in COMMANDS)
        assert "✗ not usable" in told.text
        await told.press("escape")
        assert "Help" not in told.lines[0]


async def test_help_is_whole_where_the_window_is_narrow_and_when_it_becomes_so() -> None:
    async with story(size=(120, 140)) as told:
        await told.press("question_mark")
        await told.resize((80, 140))
        text = " ".join(told.text.split())
        assert [each.help for each in COMMANDS if each.help not in text] == []


async def test_help_on_another_screen_tells_its_own_keys_from_the_focus_upward() -> None:
    async with story() as told:
        await told.press("at", "question_mark")
        text = told.text
        assert "one line down" in text
        assert "copy" in text
        assert "which one to restore" not in text
        assert text.index("In this list") < text.index("On this screen")


async def test_the_palette_is_what_every_terminal_can_show_and_does_not_blink() -> None:
    async with story("hostile", size=(80, 24), plain=True) as told:
        assert "nnnnn~" in await sought(told, "nnnnn")
        assert all(line.isascii() for line in told.lines if line[:1] in {"+", "|"})
        assert not told.app.screen.query_one(Input).cursor_blink


async def test_the_palette_finds_commands_stores_and_restore_points() -> None:
    async with story() as told:
        assert "ask the site again" in await sought(told, "refr")
        await told.press("escape")
        assert "store: its restore points alone" in await sought(told, "archive")
        await told.press("enter")
        assert "13 in archive-s3" in told.text
        await sought(told, "before-parcel")
        await told.press("enter")
        assert "before-parcel-migration" in told.cursor
        assert "geodatabase: where it is" in await sought(told, "zoning")
        await told.press("enter")
        assert "zoning" in told.lines[0] + told.lines[1] + told.lines[2]
        await told.press("escape", "escape", "slash", *"nightly", "enter")
        await sought(told, "before-parcel")
        await told.press("enter")
        assert "before-parcel-migration" in told.cursor


async def test_a_command_that_can_do_nothing_says_why() -> None:
    async with story("empty") as told:
        await told.press("y")
        assert "there is no restore point here" in told.lines[-1]
        assert "not now: there is no restore point here" in await sought(told, "raw")


async def test_other_keys_do_what_the_usual_ones_did() -> None:
    commands = apply_user_keys({"refresh": ("R",), "help": ("H",), "down": ("n",), "groups": ("N",)})
    app = DrtuiApp(
        Options(Target(DEMO, scenario="calm"), ConnectionOptions(), now=NOW, theme="textual-dark", commands=commands)
    )
    async with app.run_test(size=(120, 90)) as pilot:
        told = Story(app, pilot)
        await told.settle()
        before = told.cursor
        await told.press("n")
        assert told.cursor != before
        after = told.cursor
        await told.press("j")
        assert told.cursor == after
        assert "R refresh" in told.lines[-1]
        await told.press("H")
        assert "  R                   ask the site again" in told.text
        assert "  n                   one line down" in told.text
