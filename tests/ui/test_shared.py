"""Shared interfaces: each test gets one in the state right after a start."""

from collections.abc import Hashable

import pytest
import pytest_asyncio

from drtui.session import DEMO, Target
from drtui.ui.widgets.virtual_list import VirtualList
from tests.starts import STARTS
from tests.suites import in_full
from tests.ui.stories import UiPilot, open_demo, start_ui

SIZE = (100, 30)

TRACES = (
    ("j", "j", "space", "n", "s", "S", "z", "f", "slash", *"night", "enter"),
    ("2", "j", "j", "enter", "4", "j", "j", "c", "v", "j", "j", "space", "enter"),
    ("slash", "u", "p", "enter", "escape", "w", "z"),
    ("t", "h", "plus", "enter"),
    ("colon", "r"),
    ("b",),
    ("slash", "/", "("),
)
"""Keys that leave a state behind: in the list, other panes, screens above, or a half finished input."""


def state(ui: UiPilot) -> dict[str, Hashable]:
    """Return the state that a test may depend on: the visible text, and what the next key depends on."""
    app, main_screen = ui.app, ui.app.main_screen
    line = main_screen.panes.filterbar.line
    return {
        "screens": tuple(type(screen).__name__ for screen in app.screen_stack),
        "text": ui.text,
        "pieces": tuple(ui.pieces),
        "focus": app.focused.id if app.focused is not None else None,
        "cursors": tuple(
            (rows.id, rows.cursor, rows.top, rows.has_user_moved) for rows in main_screen.query(VirtualList)
        ),
        "arrangement": main_screen.site.settings,
        "criteria": main_screen.site.criteria,
        "marks": main_screen.site.marks,
        "filter": (
            line.value,
            tuple(line._history),
            main_screen.panes.filterbar.is_typing,
            main_screen.site.filter_error,
        ),
        "zoomed": main_screen.pane_layout.is_zoomed,
        "clipboard": app.clipboard,
        "pause": main_screen.poller.refresh_delay,
        "last error": main_screen.site.last_error,
    }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def fresh_state() -> dict[str, Hashable]:
    """Return the state of a newly started interface."""
    async with start_ui(Target(DEMO, scenario="paused"), size=SIZE) as ui:
        return state(ui)


@pytest.mark.parametrize("keys", in_full(TRACES, but=TRACES[:2]), ids="".join)
async def test_shared_interface_is_as_after_the_start_when_another_test_used_it(
    keys: tuple[str, ...], fresh_state: dict[str, Hashable]
) -> None:
    async with open_demo("calm") as ui:
        await ui.press(*keys)
        assert state(ui)["text"] != fresh_state["text"]
    async with open_demo("paused", size=SIZE) as ui:
        assert state(ui) == fresh_state
        await ui.press(*keys)
    async with open_demo("paused", size=SIZE) as ui:
        assert state(ui) == fresh_state


async def test_shared_interface_is_started_once_when_it_is_lent_twice() -> None:
    async with open_demo(theme="ansi-dark") as ui:
        app = ui.app
    before = STARTS.count
    async with open_demo("empty", theme="ansi-dark", size=SIZE) as ui:
        assert ui.app is app
        async with open_demo("empty", theme="ansi-dark", size=SIZE) as another:
            assert another.app is not app
    assert STARTS.count == before + 1


async def test_shared_interface_is_not_lent_again_when_its_test_failed() -> None:
    async with open_demo(plain=True) as ui:
        app = ui.app

    async def fail() -> None:
        async with open_demo(plain=True) as ui:
            assert ui.app is app
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert not app.is_running
    async with open_demo(plain=True) as ui:
        assert ui.app is not app
