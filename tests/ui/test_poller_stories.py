"""Watching a site: what was saved is there at once, what fails leaves it there, and it comes back by itself."""

import asyncio
import socket
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette

from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.demo.app import make_app
from drtui.demo.faults import Faults
from drtui.demo.scenarios import PASSWORD, TOKEN, USER
from drtui.demo.server import serving
from drtui.session import ConnectionOptions, Session, Target
from drtui.session.prefetch import Prefetch
from drtui.ui.app import DrtuiApp
from drtui.ui.options import Options
from drtui.ui.screens.request_log import RequestLogScreen
from tests.conftest import NOW
from tests.suites import in_full
from tests.ui.stories import Story, looking_at, story, visiting

ACCESS = ConnectionOptions(token=Secret(TOKEN), timeout=5)
HOUR = 3_600_000


@pytest.fixture
def app() -> Starlette:
    return make_app("calm", now=NOW)


@pytest.fixture
def target(app: Starlette) -> Iterator[Target]:
    """The calm site, over a real socket."""
    with serving(app) as where:
        yield Target(Address.parse(where.url))


def silent(app: Starlette, code: int = 503) -> None:
    """From now on it answers nothing else."""
    app.state.faults = Faults(error_code=code)


async def saved(target: Target, at: int = NOW) -> None:
    """Look at the site once, so that it is saved."""
    async with Session(target, ACCESS, now=NOW, clock=lambda: at) as session:
        assert not (await session.read()).failures


async def test_requests_show_a_shell_line_without_the_secret(target: Target) -> None:
    async with visiting(target, ACCESS) as told:
        await told.press("at")
        assert isinstance(told.app.screen, RequestLogScreen)
        assert "/arcgis/admin/system/disasterrecovery/stores" in told.text
        assert "$DRTUI_TOKEN" in told.text
        assert TOKEN not in told.text
        await told.press("c", "escape")
        assert not isinstance(told.app.screen, RequestLogScreen)


async def test_requests_open_when_any_pane_has_the_focus() -> None:
    async with story() as told:
        for pane in "1234":
            await told.press(pane, "at")
            assert isinstance(told.app.screen, RequestLogScreen), pane
            await told.press("escape")


async def test_saved_list_is_shown_with_its_age_when_the_site_is_down(target: Target, app: Starlette) -> None:
    await saved(target, NOW - 11 * HOUR)
    silent(app)
    async with visiting(target, ACCESS) as told:
        assert "57 in all stores" in told.text
        assert "saved 03:13 (offline)" in told.text
        assert "Saved 11 h ago (offline): newest usable restore point" in told.text


async def test_a_look_that_was_begun_ahead_is_let_go_of_when_one_asks_anew(target: Target) -> None:
    here, there = socket.socketpair()
    here.setblocking(False)
    there.settimeout(10)
    app = DrtuiApp(Options(target, ACCESS, now=NOW, clock=lambda: NOW, ahead=Prefetch(here)))
    with there:
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            told = Story(app, pilot)
            assert "57 in all stores" not in told.text, "nobody has told anything yet"
            await told.press("r")
            assert "57 in all stores" in told.text
            assert await asyncio.to_thread(there.recv, 1) == b""


async def test_site_is_not_asked_when_offline(target: Target) -> None:
    await saved(target)
    async with visiting(target, ConnectionOptions(offline=True)) as told:
        assert "57 in all stores" in told.text
        assert "(offline)" in told.text
        await told.press("at")
        assert "Nothing was asked yet" in told.text


async def test_list_says_that_nothing_is_saved_when_offline_for_the_first_time(target: Target) -> None:
    async with visiting(target, ConnectionOptions(offline=True)) as told:
        assert "nothing is saved of" in told.text
        assert "There are no restore points" not in told.text


async def test_without_a_sign_in_what_was_saved_is_shown_behind_the_question(target: Target) -> None:
    await saved(target)
    async with looking_at(target, ConnectionOptions()) as told:
        assert "Connect to a site" in told.text
        await told.press("escape")
        assert "57 in all stores" in told.text


@pytest.mark.parametrize("code", in_full([500, 503], but=[503]))
async def test_list_cursor_and_filter_stay_when_a_refresh_fails(target: Target, app: Starlette, code: int) -> None:
    async with visiting(target, ACCESS) as told:
        await told.press("slash", *"nightly", "enter", "j", "j")
        before, listed = told.cursor, told.app.browse.table.count
        silent(app, code)
        await told.press("r")
        assert (told.cursor, told.app.browse.table.count) == (before, listed)
        assert "Could not be read: stores" in told.text
        app.state.faults = Faults()
        await told.app.browse.look().wait()
        await told.settle()
        assert (told.cursor, told.app.browse.table.count) == (before, listed)
        assert told.app.browse.failures == 0
        assert not told.app.browse.reading.failures


async def test_waits_grow_up_to_a_bound_when_the_site_keeps_failing(target: Target, app: Starlette) -> None:
    silent(app)
    async with visiting(target, ACCESS) as told:
        pauses = []
        for _ in range(7):
            pauses.append(told.app.browse.pause or 0)
            await told.press("r")
    assert pauses[0] < 13
    assert pauses[-1] > 150
    assert max(pauses) <= 375


@pytest.mark.parametrize("leave", in_full(["498", "499"], but=["498"]))
async def test_cursor_and_filter_stay_when_a_token_ran_out_and_one_signs_in_again(
    target: Target, app: Starlette, leave: str
) -> None:
    async with visiting(target, ACCESS) as told:
        await told.press("slash", *"nightly", "enter", "j", "j")
        before = told.cursor
        silent(app, int(leave))
        await told.press("r")
        assert told.cursor == before
        assert "o signs in again" in told.text
        app.state.faults = Faults()
        await sign_in(told)
        assert told.cursor == before
        assert told.app.browse.catalog.filter.text == "nightly"
        assert not told.app.browse.reading.failures


async def sign_in(told: Story) -> None:
    """Press o, and give user and password."""
    await told.press("o")
    await told.press(*USER, "enter", *PASSWORD, "enter")
