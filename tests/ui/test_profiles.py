"""Named sites: choosing one, name and colour, saving a profile without its secret."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input
from textual.worker import Worker

from drtui.__main__ import main
from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.demo.app import make_app
from drtui.demo.scenarios import PASSWORD, USER
from drtui.demo.server import serving
from drtui.session import ConnectionOptions, Target
from drtui.session.profiles import load_config, profile_options, profile_target
from drtui.storage.paths import config_file
from drtui.ui.dialogs.sign_in import SignInDialog
from drtui.ui.screens.sites import SitesScreen
from drtui.ui.widgets.virtual_table import VirtualTable
from tests.conftest import NOW
from tests.ui.stories import UiPilot, open_demo, open_site, start_ui


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Serve two sites, the second without recent backups, and name them in a configuration."""
    secret = tmp_path / "password"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    with serving(make_app("calm", now=NOW)) as prod, serving(make_app("paused", now=NOW)) as staging:
        config_file().parent.mkdir(parents=True)
        config_file().write_text(
            f'default = "prod"\n[site.prod]\naddress = "{prod.url}"\nuser = "{USER}"\npassword_file = "{secret}"\n'
            f'accent = "red"\ntarget = "5h"\n[site.staging]\naddress = "{staging.url}"\nuser = "{USER}"\n'
            f'password_file = "{secret}"\nstore = "archive-s3"\n'
        )
        yield prod.url, staging.url


async def open_sites(ui: UiPilot) -> None:
    """Press o, and wait until every site has been fetched."""
    await ui.press("o")
    for _ in range(200):
        if isinstance(ui.app.screen, SitesScreen) and all(worker.is_finished for worker in workers_of(ui, "sites")):
            break
        await ui.pilot.pause(0.01)
    await ui.settle()


def workers_of(ui: UiPilot, name: str) -> list[Worker[object]]:
    """Return the workers of a group."""
    return [worker for worker in ui.app.workers if worker.group == name]


async def test_site_is_switched_when_another_named_site_is_chosen(sites: tuple[str, str]) -> None:
    profile = load_config().find_profile("prod")
    assert profile is not None
    async with start_ui(profile_target(profile), profile_options(profile, ConnectionOptions(timeout=5))) as ui:
        assert ui.lines[0].startswith(f"  prod   localhost:{sites[0].rpartition(':')[2]}")
        assert "over the target of 5 h" in ui.text
        await open_sites(ui)
        assert "more than 5 h" in ui.text
        assert ui.app.screen.query_one("#sites", VirtualTable).key == "prod"
        await ui.press("k", "k", "j", "enter")
        assert "staging  localhost:" in ui.lines[0]
        assert "13 in archive-s3" in ui.text
        assert "target 24 h" in ui.text
        await open_sites(ui)
        assert ui.app.screen.query_one("#sites", VirtualTable).key == "staging"
        await ui.press("escape")
        assert "staging  localhost:" in ui.lines[0]


async def test_every_screen_names_the_site_when_it_has_a_name(sites: tuple[str, str]) -> None:
    assert sites
    profile = load_config().find_profile("prod")
    assert profile is not None
    async with open_site(
        profile_target(profile), profile_options(profile, ConnectionOptions(timeout=5)), size=(80, 24)
    ) as ui:
        assert "prod   localhost:" in ui.lines[0]
        for key in ("y", "question_mark", "at"):
            await ui.press(key)
            assert "prod" in ui.lines[0]
            await ui.press("escape")


async def test_open_dialog_stays_when_a_sign_in_is_needed() -> None:
    async with open_demo() as ui:
        await ui.press("b")
        ui.app.main_screen.switcher.sign_in_or_choose()  # as a look does that learns, after a while, that there is none
        await ui.settle()
        assert isinstance(ui.app.screen, SignInDialog)
        await ui.press("escape", "enter")
        assert "Before 2026-09-21 14:13" in ui.text
        assert "You lose 6 h 13 min" in ui.text


async def test_profile_is_saved_without_secret_when_a_name_is_given(sites: tuple[str, str]) -> None:
    config_file().unlink()
    async with start_ui(None, ConnectionOptions(timeout=5)) as ui:
        assert isinstance(ui.app.screen, SignInDialog)
        await ui.press(*sites[0], "enter", "enter", *USER, "enter", "tab", *"our-prod", "shift+tab")
        ui.app.screen.query_one("#password", Input).value = PASSWORD
        await ui.press("enter")
        dialogs = workers_of(ui, "dialog")
        if dialogs:
            await ui.app.workers.wait_for_complete(dialogs)
        await ui.settle()
        assert "57 in all stores" in ui.text
    profile = load_config().find_profile("our-prod")
    assert profile is not None
    assert (profile.address.url, profile.user) == (sites[0], USER)
    assert PASSWORD not in config_file().read_text()


def test_every_export_names_the_site_when_it_has_a_name(
    capsys: pytest.CaptureFixture[str], sites: tuple[str, str]
) -> None:
    assert sites
    for command in (
        ["list", "staging", "--json"],
        ["report", "staging"],
        ["runbook", "before-11-4-upgrade", "staging"],
    ):
        main(command)
        assert "staging (localhost:" in capsys.readouterr().out
    main(["list", "--limit", "1"])
    assert capsys.readouterr().out.count("\n") == 2


def test_options_override_the_profile_when_both_are_given(
    capsys: pytest.CaptureFixture[str], sites: tuple[str, str]
) -> None:
    assert sites
    main(["check", "prod", "--rpo", "30d", "--now", "2026-09-21T14:13:20Z"])
    assert capsys.readouterr().out.startswith("OK")
    main(["check", "prod", "--now", "2026-09-21T14:13:20Z"])
    assert not capsys.readouterr().out.startswith("OK")


async def test_secret_is_not_sent_when_another_address_is_typed_in(sites: tuple[str, str]) -> None:
    options = ConnectionOptions(user=USER, password=Secret(PASSWORD), referer="of-prod", insecure=True, timeout=5)
    async with open_site(Target(Address.parse(sites[0])), options) as ui:
        await open_sites(ui)
        await ui.press("G", "enter")
        address = ui.app.screen.query_one("#address", Input)
        address.value = sites[1]
        address.focus()
        await ui.press("enter", "enter", "enter", "enter")
        await ui.settle()
        main_screen = ui.app.main_screen
        assert main_screen.site.target == Target(Address.parse(sites[1]))
        assert (main_screen.site.access.user, main_screen.site.access.password, main_screen.site.access.insecure) == (
            USER,
            None,
            False,
        )
        assert "57 in all stores" not in ui.text
