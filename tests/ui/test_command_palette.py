"""What is chosen in the palette while something lies over the first screen, a question that is still open above all."""

import pytest
from textual.screen import Screen

from drtui.ui.dialogs.point_in_time import PointInTimeDialog
from drtui.ui.screens.timeline import TimelineScreen
from drtui.ui.screens.where import WhereScreen
from tests.ui.stories import story


@pytest.mark.parametrize("name", ["before", "columns"])
async def test_a_question_is_open_once_however_often_it_is_asked_for(name: str) -> None:
    async with story() as told:
        key = {"before": "b", "columns": "v"}[name]
        await told.press(key)
        opened = type(told.app.screen)
        assert opened is not type(told.app.browse)
        await told.press("ctrl+p", *name, "enter")
        await told.settle()
        assert sum(isinstance(each, opened) for each in told.app.screen_stack) == 1
        await told.press("escape")
        assert told.app.screen is told.app.browse
        await told.press(key)
        assert isinstance(told.app.screen, opened)
        await told.press("escape")
        assert told.app.screen is told.app.browse


@pytest.mark.parametrize(
    ("key", "name", "screen"),
    [("w", "where", WhereScreen), ("t", "timeline", TimelineScreen), ("question_mark", "before", PointInTimeDialog)],
)
async def test_what_is_chosen_in_the_palette_is_done_on_the_first_screen(
    key: str, name: str, screen: type[Screen[object]]
) -> None:
    async with story() as told:
        await told.press(key, "ctrl+p", *name, "enter")
        await told.settle()
        assert isinstance(told.app.screen, screen)
        assert len(told.app.screen_stack) == 2
