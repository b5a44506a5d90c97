"""Single sign-on in the interface: from the command line, and in place after its tokens have ended."""

from textual import events
from textual.widgets import Input

from drtui.core.model.address import Address
from drtui.demo.app import make_app
from drtui.demo.server import serving
from drtui.session import ConnectionOptions, Target
from drtui.session.profiles import load_config
from drtui.storage.paths import config_file
from drtui.ui.screens.timeline import TimelineScreen
from drtui.ui.widgets.address_text import can_link
from tests.conftest import NOW
from tests.people import code_from
from tests.ui.stories import UiPilot, start_ui

PERSON = "maria.cityid"
"""An administrator of an identity provider, whom generateToken refuses."""


async def test_nothing_is_lost_when_a_single_sign_on_has_to_be_repeated() -> None:
    app = make_app("calm", now=NOW)
    with serving(app) as server:
        target = Target(Address.parse(server.url))
        access = ConnectionOptions(sso=True, timeout=5, remember=False)
        async with start_ui(target, access, size=(80, 24)) as ui:
            assert "Waiting for the sign-in to localhost" in ui.text
            await ui.press("enter")
            assert "ask the portal's administrator, or type pythonapi" in ui.text
            await ui.press(*"drtui", "down", *"ours", "enter")
            assert "Open this address in a browser" in ui.text
            await refuse_a_wrong_code(ui)
            codes = [await sign_in(ui)]
            assert "57 in all stores" in ui.text
            profile = load_config().find_profile("ours")
            assert profile is not None
            assert (profile.sso, profile.client_id, profile.user) == (True, "drtui", "")
            config_file().unlink()  # otherwise `o` lists this site
            await ui.press("slash", *"nightly", "enter", "j", "j")
            main_screen = ui.app.main_screen
            before = ui.cursor, main_screen.panes.table.count

            await ui.press("t")
            app.state.tokens.forget()
            await main_screen.poller.refresh().wait()
            await ui.settle()
            assert type(ui.app.screen) is TimelineScreen
            await ui.press("escape")
            assert "The single sign-on has ended" in ui.text
            await ui.press("escape", "escape", "r")
            assert len(ui.app.screen_stack) == 1
            assert "o signs in again" in ui.text

            await ui.press("o")
            codes.append(await sign_in(ui))
            assert (ui.cursor, main_screen.panes.table.count) == before
            assert main_screen.site.catalog.filter.text == "nightly"
            assert not main_screen.site.site_state.failures
            grant = main_screen.site.access.grant
            assert grant is not None
            assert grant.user == PERSON
            assert not [code for code in codes if code in ui.app.export_screenshot() + ui.app.clipboard]
            assert grant.refresh_token is not None
            refresh_token = grant.refresh_token.reveal()
            assert app.state.tokens.refreshing(refresh_token, "drtui")
        assert not app.state.tokens.refreshing(refresh_token, "drtui")


async def refuse_a_wrong_code(ui: UiPilot) -> None:
    """Type codes as keys, copy the address, paste a code of another sign-in, and get a new address."""
    code = ui.app.screen.query_one("#code", Input)
    for keys in (("p", "n", "c"), ("up", "x", "n")):
        await ui.press(*keys)
        assert code.has_focus
        assert code.value == "".join(keys).removeprefix("up")
        code.value = ""
    await ui.press("up", "c")
    first = ui.app.clipboard
    lines = [line.strip(" |") for line in ui.lines]
    assert first in "".join(lines)
    ui.app.post_message(events.Paste("state=other\ncode=of-another-sign-in"))
    await ui.settle()
    assert "*" * 20 in ui.text
    await ui.press("ctrl+a", "ctrl+c")
    assert ui.app.clipboard == first
    await finish(ui)
    assert "The code belongs to another sign-in" in ui.text
    assert code.value == ""
    await ui.press("up", "n", "up", "c")
    assert ui.app.clipboard not in {"", first}


async def sign_in(ui: UiPilot) -> str:
    """Sign in with a browser elsewhere, paste its code, and return it."""
    await ui.press("up", "c")
    code = await code_from(ui.app.clipboard, PERSON)
    ui.app.post_message(events.Paste(f" {code}\n"))
    await ui.settle()
    assert code not in ui.text
    await finish(ui)
    await wait_for(ui, "dialog")
    return code


async def finish(ui: UiPilot) -> None:
    """Press enter, and wait for the answer."""
    await ui.press("enter")
    await wait_for(ui, "sign-in")


async def wait_for(ui: UiPilot, group: str) -> None:
    """Wait until the workers of a group have ended, and the interface has settled."""
    running = [worker for worker in ui.app.workers if worker.group == group and not worker.is_finished]
    if running:
        await ui.app.workers.wait_for_complete(running)
    await ui.settle()


def test_address_is_no_link_when_the_terminal_may_print_its_sequence() -> None:
    assert can_link({"TERM": "xterm-256color"})
    assert can_link({"TERM": "tmux-256color", "TMUX": "/tmp/tmux"})  # noqa: S108 - a value of tmux
    assert not can_link({"TERM": "linux"})
    assert not can_link({"TERM": "screen.xterm-256color", "STY": "1.pts"})
