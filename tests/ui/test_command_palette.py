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
