"""Palette commands that are chosen while another screen or dialog is open."""

import pytest
from textual.screen import Screen

from drtui.ui.dialogs.point_in_time import PointInTimeDialog
from drtui.ui.screens.timeline import TimelineScreen
from drtui.ui.screens.where import WhereScreen
from tests.suites import rows_in_full
from tests.ui.stories import open_demo


@pytest.mark.parametrize("name", ["before", "columns"])
async def test_dialog_is_opened_once_when_its_command_is_chosen_twice(name: str) -> None:
    async with open_demo() as ui:
        key = {"before": "b", "columns": "v"}[name]
        await ui.press(key)
        opened = type(ui.app.screen)
        assert opened is not type(ui.app.main_screen)
        await ui.press("ctrl+p", *name, "enter")
        await ui.settle()
        assert sum(isinstance(screen, opened) for screen in ui.app.screen_stack) == 1
        await ui.press("escape")
        assert ui.app.screen is ui.app.main_screen
        await ui.press(key)
        assert isinstance(ui.app.screen, opened)
        await ui.press("escape")
        assert ui.app.screen is ui.app.main_screen


@pytest.mark.parametrize(
    ("key", "name", "screen"),
    rows_in_full(
        [
            ("w", "where", WhereScreen),
            ("t", "timeline", TimelineScreen),
            ("question_mark", "before", PointInTimeDialog),
        ],
        but=[("question_mark", "before", PointInTimeDialog)],
    ),
)
async def test_palette_acts_on_the_main_screen_when_another_screen_is_above_it(
    key: str, name: str, screen: type[Screen[object]]
) -> None:
    async with open_demo() as ui:
        await ui.press(key, "ctrl+p", *name, "enter")
        await ui.settle()
        assert isinstance(ui.app.screen, screen)
        assert len(ui.app.screen_stack) == 2


async def test_last_line_has_no_hints_but_messages_when_a_dialog_is_open() -> None:
    async with open_demo() as ui:
        assert "enter open" in ui.lines[-1]
        for key in ("colon", "a"):
            await ui.press(key)
            assert "enter open" not in ui.lines[-1]
            await ui.press("ctrl+c")
            assert "ctrl+c again leaves drtui" in ui.text
            await ui.press("escape")
            assert ui.app.screen is ui.app.main_screen
            assert "enter open" in ui.lines[-1]
        await ui.press("a", "q")
        assert ui.app.screen is ui.app.main_screen


async def test_palette_shows_a_line_for_each_command_when_nothing_is_typed() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await ui.press("colon")
        await ui.app.workers.wait_for_complete()
        await ui.settle()
        rows = [row.strip(" |").split() for row in ui.lines[3:15]]
        assert rows[:3] == [
            ["site", "1", "go", "to", "site"],
            ["stores", "2", "go", "to", "stores"],
            ["restore", "points", "3", "go", "to", "restore", "points"],
        ]
        assert all(rows)


@pytest.mark.parametrize(
    ("dialog", "is_typed"), [("a", False), ("v", False), ("b", True)], ids=["menu", "columns", "moment"]
)
async def test_q_closes_a_dialog_unless_text_is_typed(dialog: str, *, is_typed: bool) -> None:
    async with open_demo() as ui:
        await ui.press(dialog, "q")
        assert (ui.app.screen is ui.app.main_screen) is not is_typed
