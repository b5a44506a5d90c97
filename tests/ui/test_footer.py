"""The footer: hints for the keys of each pane, which can be clicked, and messages."""

from itertools import pairwise

import pytest
from textual import events

from drtui.core.formatting.text import width
from drtui.keybindings import COMMANDS, FOOTERS, IN_LISTS, apply_user_keys, display_key, footer_hints
from drtui.session import DEMO, ConnectionOptions, Target
from drtui.ui.widgets.footer import READING_TIME, Footer, fit_hints
from tests.ui.stories import UiPilot, open_demo, start_ui

ALL = (*IN_LISTS, *COMMANDS)


@pytest.mark.parametrize("pane", [*FOOTERS, "filter"])
@pytest.mark.parametrize("cells", [39, 79, 99, 119, 159])
def test_hints_fit_and_end_with_help_when_the_window_has_any_width(pane: str, cells: int) -> None:
    hints = fit_hints(footer_hints(ALL, pane), cells)
    gap = 3 if cells >= 99 else 2
    assert width((" " * gap).join(f"{display_key(key)} {label}" for key, label in hints)) <= cells
    assert hints[-1][1] == "help"
    assert len(hints) >= 3


def test_hints_of_the_list_rank_other_screens_before_sort_and_refresh() -> None:
    labels = [label for _, label in footer_hints(ALL, "table")]
    ranked = [labels.index(name) for name in ("timeline", "compare", "where", "before", "commands")]
    assert max(ranked) < min(labels.index("sort"), labels.index("refresh"))
    at_80 = [label for _, label in fit_hints(footer_hints(ALL, "table"), 79)]
    assert at_80 == ["open", "filter", "before", "where", "timeline", "commands", "help"]


def test_hints_name_the_configured_key_when_a_command_was_remapped() -> None:
    commands = apply_user_keys({"refresh": ("f5",), "sort": ("K",)})
    hints = {label: key for key, label in footer_hints(commands, "table")}
    assert (hints["refresh"], hints["sort"]) == ("f5", "K")


def test_message_gives_way_to_the_hints_when_it_could_be_read() -> None:
    now = [0.0]
    footer = Footer(clock=lambda: now[0])
    footer.set_hints([("q", "quit")])
    footer.show_message("copied")
    footer.remove_old_message()
    assert _text(footer) == "copied"
    footer.set_hints([("s", "sort")])
    assert _text(footer) == "copied"
    now[0] = READING_TIME
    footer.remove_old_message()
    assert _text(footer) != "copied"
    footer.show_message("brief", is_brief=True)
    footer.remove_old_message()
    assert _text(footer) != "brief"


def _text(footer: Footer) -> str:
    return "".join(text for line in footer.lines for text, _ in line.pieces)


async def test_footer_shows_the_keys_of_the_pane_when_the_focus_moves() -> None:
    async with open_demo() as ui:
        shown = [ui.lines[-1]]
        for key in ("2", "1", "4", "slash"):
            await ui.press(key)
            shown.append(ui.lines[-1])
        assert all(first != second for first, second in pairwise(shown))
        table, stores, site, detail, line = shown
        assert table.split("   ")[:3] == [" enter open", "/ filter", "b before"]
        assert stores.startswith(" enter list")
        assert "o sites" in site
        assert "] next   [ previous   y raw" in detail
        assert line.startswith(" enter apply   esc clear")
        await ui.press("escape")
        assert ui.lines[-1] == table
        await ui.resize((80, 24))
        assert ui.lines[-1] == " enter open  / filter  b before  w where  t timeline  : commands  ? help"


async def click(ui: UiPilot, text: str) -> None:
    """Click on a text in the last line."""
    x, y = ui.lines[-1].index(text), len(ui.lines) - 1
    for kind in (events.MouseDown, events.MouseUp):
        ui.app.post_message(kind(None, x, y, 0, 0, 1, False, False, False, x, y))
    await ui.settle()


async def test_hint_presses_its_key_when_clicked() -> None:
    async with open_demo() as ui:
        await click(ui, "timeline")
        assert "Timeline" in ui.lines[1]
        await ui.press("escape")
        await click(ui, "? help")
        assert "Help" in ui.lines[1]
        await ui.press("escape")
        await click(ui, "/ filter")
        await ui.press(*"night")
        await click(ui, "esc clear")
        assert not ui.app.main_screen.site.catalog.filter


async def test_footer_says_that_a_key_does_nothing_until_the_next_key() -> None:
    async with open_demo() as ui:
        hints = ui.lines[-1]
        await ui.press("u", "u")
        assert ui.lines[-1] == " u: no such key here; ? help"
        await ui.press("j")
        assert ui.lines[-1] == hints
        await ui.press("1", "ctrl+y")
        assert ui.lines[-1] == " ctrl+y: no such key here; ? help"


async def test_dialog_says_that_a_key_does_nothing_until_the_next_key() -> None:
    async with open_demo() as ui:
        for opened, key, message, hint in (
            ("b", "ctrl+y", "ctrl+y: no such key here; f1 help", "for example 14:20"),
            ("a", "Q", "Q: no such key here; ? help", "its letter or enter"),
            ("a", "ctrl+c", "ctrl+c again leaves drtui", "its letter or enter"),
            ("v", "u", "u: no such key here; ? help", "space show/hide"),
        ):
            await ui.press(opened)
            assert hint in ui.text
            await ui.press(key)
            assert message in ui.text
            assert hint not in ui.text
            await ui.press("end")
            assert hint in ui.text
            await ui.press("escape")


async def test_footer_gives_the_reason_when_a_command_is_unavailable() -> None:
    async with open_demo("empty") as ui:
        for key, reason in (("c", "no restore point selected"), ("E", "no errors"), ("d", "space marks a restore")):
            await ui.press("s", key)
            assert ui.lines[-1].startswith(f" {reason}")
        await ui.press("D")
        assert ui.lines[-1] != " no restore point selected"
        assert len(ui.app.screen_stack) == 2


async def test_brackets_step_through_restore_points_when_the_detail_has_the_focus() -> None:
    async with open_demo(size=(80, 24)) as ui:
        table = ui.app.main_screen.panes.table
        await ui.press("enter")
        first = ui.text
        await ui.press("right_square_bracket", "right_square_bracket")
        assert table.cursor == 2
        assert ui.app.main_screen.pane_layout.pane == "detail"
        assert ui.text != first
        await ui.press("left_square_bracket", "left_square_bracket")
        assert ui.text == first
        await ui.press("left_square_bracket")
        assert ui.lines[-1] == " first line of the list"


async def test_control_keys_move_by_half_and_whole_pages() -> None:
    async with open_demo(size=(80, 24)) as ui:
        table = ui.app.main_screen.panes.table
        await ui.press("ctrl+d")
        half = table.cursor
        assert half == table.visible_row_count // 2
        await ui.press("ctrl+f", "ctrl+b", "ctrl+u")
        assert table.cursor == 0


async def test_interface_ends_when_ctrl_c_is_pressed_twice_in_a_row() -> None:
    async with start_ui(Target(DEMO, scenario="calm"), ConnectionOptions()) as ui:
        await ui.press("ctrl+c", "j", "ctrl+c")
        assert ui.lines[-1] == " ctrl+c again leaves drtui"
        assert not ui.app._notifications
        assert not ui.app._exit
        await ui.press("o", "ctrl+c")
        assert not ui.app._exit
        ui.send("ctrl+c")
        await ui.pilot.pause()
        assert ui.app._exit
