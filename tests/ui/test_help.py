"""Help, the palette, unavailable commands and remapped keys."""

from textual.command import CommandPalette
from textual.widgets import Input

from drtui.core.formatting.text import width
from drtui.keybindings import COMMANDS, apply_user_keys
from drtui.session import DEMO, ConnectionOptions, Target
from drtui.ui.app import DrtuiApp
from drtui.ui.options import Options
from drtui.ui.screens.help import build_main_sections
from drtui.ui.screens.help_screen import HelpScreen, lay_out
from tests.conftest import NOW
from tests.ui.stories import UiPilot, open_demo


async def search_palette(ui: UiPilot, text: str) -> str:
    """Return the window after typing `text` in the palette."""
    await ui.press("colon")
    assert isinstance(ui.app.screen, CommandPalette)
    await ui.press(*("space" if character == " " else character for character in text))
    await ui.app.workers.wait_for_complete()
    await ui.settle()
    return ui.text


async def test_help_lists_every_command_and_symbol_when_opened_in_any_width() -> None:
    async with open_demo(size=(120, 140)) as ui:
        await ui.press("question_mark")
        assert "✗ not usable" in ui.text
        assert "one line down" in ui.text
        await ui.resize((80, 240))
        text = " ".join(ui.text.split())
        assert [command.help for command in COMMANDS if command.help not in text] == []
        await ui.press("escape")
        assert "Help" not in ui.lines[1]


async def test_help_begins_with_the_keys_of_the_focused_pane() -> None:
    async with open_demo(size=(120, 40)) as ui:
        for key, heading in (("1", "1 Site"), ("2", "2 Stores"), ("3", "3 Restore points"), ("4", "4 Details")):
            await ui.press(key, "f1")
            assert ui.lines[3].startswith(f"  {heading}: keys here")
            await ui.press("f1")
            assert ui.app.screen is ui.app.main_screen


async def test_help_has_two_columns_only_when_the_window_is_wide() -> None:
    async with open_demo(size=(100, 30)) as ui:
        await ui.press("question_mark")
        assert "keys here" in ui.lines[3]
        assert "Words" in ui.lines[3]
        await ui.resize((99, 30))
        assert "Words" not in ui.text


async def test_help_shows_only_matching_rows_when_words_are_typed() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await ui.press("question_mark", "slash", *"retention", "space", *"kept")
        rows = [line for line in ui.lines[2:-2] if line.strip()]
        assert rows == ["  Words", "   retention  until when a backup is kept; then the cleaner may delete it"]
        await ui.press(*"xyz")
        assert "Nothing in the help matches" in ui.text
        await ui.press("escape")
        assert len(ui.app.screen_stack) == 2
        await ui.press("escape")
        assert ui.app.screen is ui.app.main_screen


async def test_help_names_only_keys_of_drtui_when_another_screen_or_dialog_is_open() -> None:
    async with open_demo() as ui:
        await ui.press("at", "question_mark")
        assert ui.lines[3].startswith("  Request log: keys here")
        assert "one line down" in ui.text
        assert "copy" in ui.text
        assert "recommend a restore point" not in ui.text
        await ui.press("escape", "escape")
        for key, heading in (("w", "Where"), ("b", "Point in time")):
            await ui.press(key, "f1")
            assert isinstance(ui.app.screen, HelpScreen)
            text = ui.app.screen.export_text
            assert f"{heading}: keys here" in text
            assert [words for words in TEXTUAL_WORDS if words in text] == []
            await ui.press("escape", "escape")


def test_layout_fits_the_window_when_terms_and_meanings_are_long() -> None:
    sections = build_main_sections(apply_user_keys({}), "table", plain=True)
    for cells in (39, 79, 99, 159, 199):
        lines = ["".join(text for text, _ in row.pieces) for row in lay_out(sections, cells)]
        assert max(map(width, lines)) <= cells


TEXTUAL_WORDS = ("Focus Next", "Move cursor left", "Delete character", "Submit", "Copy selected text", "Input")


async def test_palette_uses_ascii_and_does_not_blink_when_opened() -> None:
    async with open_demo("hostile", size=(80, 24), plain=True) as ui:
        assert "nnnnn~" in await search_palette(ui, "nnnnn")
        assert all(line.isascii() for line in ui.lines if line[:1] in {"+", "|"})
        assert not ui.app.screen.query_one(Input).cursor_blink


async def test_palette_finds_commands_stores_and_points_when_a_name_is_typed() -> None:
    async with open_demo() as ui:
        assert "fetch the site again" in await search_palette(ui, "refr")
        await ui.press("escape")
        assert "store: its restore points alone" in await search_palette(ui, "archive")
        await ui.press("enter")
        assert "13 in archive-s3" in ui.text
        await search_palette(ui, "before-parcel")
        await ui.press("enter")
        assert "before-parcel-migration" in ui.cursor
        assert "geodatabase: where it is" in await search_palette(ui, "zoning")
        await ui.press("enter")
        assert "zoning" in ui.lines[1] + ui.lines[2] + ui.lines[3]
        await ui.press("escape", "escape", "slash", *"nightly", "enter")
        await search_palette(ui, "before-parcel")
        await ui.press("enter")
        assert "before-parcel-migration" in ui.cursor


async def test_palette_gives_the_reason_when_a_command_is_unavailable() -> None:
    async with open_demo("empty") as ui:
        await ui.press("y")
        assert "no restore point selected" in ui.lines[-1]
        assert "not now: no restore point selected" in await search_palette(ui, "raw")


async def test_remapped_keys_run_their_commands_when_pressed() -> None:
    commands = apply_user_keys({"refresh": ("R",), "help": ("P",), "down": ("n",), "groups": ("K",)})
    app = DrtuiApp(
        Options(Target(DEMO, scenario="calm"), ConnectionOptions(), now=NOW, theme="textual-dark", commands=commands)
    )
    async with app.run_test(size=(140, 200)) as pilot:
        ui = UiPilot(app, pilot)
        await ui.settle()
        before = ui.cursor
        await ui.press("n")
        assert ui.cursor != before
        after = ui.cursor
        await ui.press("j")
        assert ui.cursor == after
        assert ui.lines[-1] == " j: no such key here; P help"
        await ui.press("n")
        assert "R refresh" in ui.lines[-1]
        await ui.press("P")
        text = " ".join(ui.text.split())
        assert " R fetch the site again" in text
        assert " n one line down" in text


async def test_help_moves_by_whole_pages_when_it_is_longer_than_the_window() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await ui.press("question_mark")
        first, last = ui.lines[2], ui.lines[-2]
        await ui.press("pagedown")
        assert last not in ui.lines
        below = ui.lines[2:-1]
        await ui.press("pagedown")
        assert not {line for line in below if line.strip()} & {line for line in ui.lines[2:-1] if line.strip()}
        await ui.press("pageup", "pageup")
        assert ui.lines[2] == first
