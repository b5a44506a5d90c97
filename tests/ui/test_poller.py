"""Refreshing a site: saved data first, failures that keep the list, and recovery."""

import asyncio
import socket

import pytest
from starlette.applications import Starlette

from drtui.core.model.auth import Secret
from drtui.demo.faults import Faults
from drtui.demo.scenarios import PASSWORD, TOKEN, USER
from drtui.session import ConnectionOptions, Session, Target
from drtui.session.prefetch import Prefetch
from drtui.ui.app import DrtuiApp
from drtui.ui.options import Options
from drtui.ui.screens.request_log import RequestLogScreen
from tests.conftest import NOW
from tests.suites import in_full
from tests.ui.stories import UiPilot, open_demo, open_site, start_ui

ACCESS = ConnectionOptions(token=Secret(TOKEN), timeout=5)
HOUR = 3_600_000


def fail_requests(app: Starlette, code: int = 503) -> None:
    """Make the server answer every request with `code`."""
    app.state.faults = Faults(error_code=code)


async def save_site(site: Target, at: int = NOW) -> None:
    """Refresh the site once, so that it is in the history."""
    async with Session(site, ACCESS, now=NOW, clock=lambda: at) as session:
        assert not (await session.fetch_all()).failures


async def test_request_log_shows_a_curl_line_without_secret_when_opened(site: Target) -> None:
    async with open_site(site, ACCESS) as ui:
        await ui.press("at")
        assert isinstance(ui.app.screen, RequestLogScreen)
        assert "/arcgis/admin/system/disasterrecovery/" in ui.text
        assert "$DRTUI_TOKEN" in ui.text
        assert TOKEN not in ui.text
        await ui.press("c", "escape")
        assert not isinstance(ui.app.screen, RequestLogScreen)


async def test_requests_open_when_any_pane_has_the_focus() -> None:
    async with open_demo() as ui:
        for pane in "1234":
            await ui.press(pane, "at")
            assert isinstance(ui.app.screen, RequestLogScreen), pane
            await ui.press("escape")


async def test_saved_list_is_shown_with_its_age_when_the_site_is_down(site: Target, app: Starlette) -> None:
    await save_site(site, NOW - 11 * HOUR)
    fail_requests(app)
    async with open_site(site, ACCESS) as ui:
        assert "57 in all stores" in ui.text
        assert "NOT REACHABLE since 14:13" in ui.lines[0]
        assert "? CANNOT TELL   The site reported an error. Read 11 h ago: newest usable" in ui.text


async def test_prefetch_is_cancelled_when_the_user_refreshes(site: Target) -> None:
    near_end, far_end = socket.socketpair()
    near_end.setblocking(False)
    far_end.settimeout(10)
    app = DrtuiApp(Options(site, ACCESS, now=NOW, clock=lambda: NOW, prefetch=Prefetch(near_end)))
    with far_end:
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            ui = UiPilot(app, pilot)
            assert "57 in all stores" not in ui.text, "no answer has arrived yet"
            await ui.press("r")
            assert "57 in all stores" in ui.text
            assert await asyncio.to_thread(far_end.recv, 1) == b""


async def test_site_receives_no_request_when_offline(site: Target) -> None:
    await save_site(site)
    async with open_site(site, ConnectionOptions(offline=True)) as ui:
        assert "57 in all stores" in ui.text
        assert "OFFLINE, saved 14:13" in ui.lines[0]
        await ui.press("at")
        assert "No requests yet" in ui.text


async def test_list_says_that_nothing_is_saved_when_offline_for_the_first_time(site: Target) -> None:
    async with open_site(site, ConnectionOptions(offline=True)) as ui:
        assert "no saved data of" in ui.text
        assert "The site returned an empty list" not in ui.text


async def test_saved_list_is_shown_when_the_sign_in_dialog_is_open(site: Target) -> None:
    await save_site(site)
    async with start_ui(site, ConnectionOptions()) as ui:
        assert "Connect to a site" in ui.text
        await ui.press("escape")
        assert "57 in all stores" in ui.text


@pytest.mark.parametrize("code", in_full([500, 503], but=[503]))
async def test_list_cursor_and_filter_stay_when_a_refresh_fails(site: Target, app: Starlette, code: int) -> None:
    async with open_site(site, ACCESS) as ui:
        await ui.press("slash", *"nightly", "enter", "j", "j")
        before, listed = ui.cursor, ui.app.main_screen.panes.table.count
        fail_requests(app, code)
        await ui.press("r")
        assert (ui.cursor, ui.app.main_screen.panes.table.count) == (before, listed)
        assert "? CANNOT TELL   The site reported an error. Read 0 s ago" in ui.text
        app.state.faults = Faults()
        await ui.app.main_screen.poller.refresh().wait()
        await ui.settle()
        assert (ui.cursor, ui.app.main_screen.panes.table.count) == (before, listed)
        assert ui.app.main_screen.poller.failures == 0
        assert not ui.app.main_screen.site.site_state.failures


async def test_refresh_delay_grows_to_a_bound_when_the_site_keeps_failing(site: Target, app: Starlette) -> None:
    fail_requests(app)
    async with open_site(site, ACCESS) as ui:
        pauses = []
        for _ in range(7):
            pauses.append(ui.app.main_screen.poller.refresh_delay or 0)
            await ui.press("r")
    assert pauses[0] < 13
    assert pauses[-1] > 150
    assert max(pauses) <= 375


@pytest.mark.parametrize("leave", in_full(["498", "499"], but=["498"]))
async def test_cursor_and_filter_stay_when_the_user_signs_in_again(site: Target, app: Starlette, leave: str) -> None:
    async with open_site(site, ACCESS) as ui:
        await ui.press("slash", *"nightly", "enter", "j", "j")
        before = ui.cursor
        fail_requests(app, int(leave))
        await ui.press("r")
        assert ui.cursor == before
        assert "o signs in again" in ui.text
        app.state.faults = Faults()
        await sign_in(ui)
        assert ui.cursor == before
        assert ui.app.main_screen.site.catalog.filter.text == "nightly"
        assert not ui.app.main_screen.site.site_state.failures


async def sign_in(ui: UiPilot) -> None:
    """Press o, choose a password instead of a token, and enter user and password."""
    await ui.press("o", "up", "left", "enter")
    await ui.press(*USER, "enter", *PASSWORD, "enter")
