"""View settings are saved for each site."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from drtui.core.formatting.times import zone_named
from drtui.core.listing.catalog import Order
from drtui.core.listing.columns import DEFAULT_SCREEN_COLUMNS
from drtui.core.listing.grouping import Grouping
from drtui.core.listing.view_settings import ViewSettings
from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.demo.app import make_app
from drtui.demo.scenarios import TOKEN
from drtui.demo.server import serving
from drtui.session import DEMO, ConnectionOptions, Target
from drtui.storage import view_settings_file
from drtui.storage.paths import state_folder
from tests.cli.running import run
from tests.conftest import NOW
from tests.suites import in_full
from tests.ui.stories import DisplayOptions, UiPilot, open_site, start_ui

ACCESS = ConnectionOptions(token=Secret(TOKEN), timeout=5)
BERLIN = zone_named("Europe/Berlin")


@pytest.fixture
def other_site() -> Iterator[Target]:
    with serving(make_app("paused", now=NOW)) as server:
        yield Target(Address.parse(server.url))


async def wait_until_saved(ui: UiPilot) -> None:
    """Wait until the settings are written."""
    await ui.app.workers.wait_for_complete([worker for worker in ui.app.workers if worker.group == "view-settings"])


async def test_view_settings_are_restored_when_the_site_is_opened_again(site: Target) -> None:
    async with start_ui(site, ACCESS, zone=BERLIN) as ui:
        await ui.press("s", "S", "n", "n", "z", "v", "j", "j", "space", "enter", "2", "j", "j", "enter")
        left = ui.app.main_screen.site.settings
        assert left == ViewSettings(
            Order("took", is_descending=True),
            (*DEFAULT_SCREEN_COLUMNS[:2], *DEFAULT_SCREEN_COLUMNS[3:]),
            Grouping.STORE,
            utc=True,
            store="archive-s3",
        )
        await wait_until_saved(ui)
    async with start_ui(site, ACCESS, zone=BERLIN) as ui:
        assert ui.app.main_screen.site.settings == left
        for text in ("13 in archive-s3, by store", "TOOK ▾", "STARTED (UTC)", "LIVE 14:13 UTC"):
            assert text in ui.text
        assert "AGE" not in ui.text


async def test_filter_is_not_saved_when_the_interface_ends(site: Target) -> None:
    async with open_site(site, ACCESS) as ui:
        await ui.press("slash", *"upgrade", "enter", "s")
        await wait_until_saved(ui)
    async with open_site(site, ACCESS) as ui:
        assert not ui.app.main_screen.site.catalog.filter
        assert "57 in all stores" in ui.text


async def test_view_settings_are_separate_when_sites_differ(site: Target, other_site: Target) -> None:
    async with open_site(site, ACCESS) as ui:
        await ui.press("n")
        await wait_until_saved(ui)
        ui.app.main_screen.poller.open_site(other_site, ACCESS)
        await ui.settle()
        assert ui.app.main_screen.site.settings == ViewSettings()
        await ui.press("n", "n")
        await wait_until_saved(ui)
        ui.app.main_screen.poller.open_site(site, ACCESS)
        await ui.settle()
        assert ui.app.main_screen.site.grouping is Grouping.DAY
    async with open_site(other_site, ACCESS) as ui:
        assert ui.app.main_screen.site.grouping is Grouping.STORE


async def test_view_settings_stay_when_the_user_signs_in_again(site: Target) -> None:
    async with open_site(site, ACCESS) as ui:
        await ui.press("n")
        await wait_until_saved(ui)
        assert site.address is not None
        view_settings_file.save(site.address, ViewSettings(grouping=Grouping.SCHEDULE))
        ui.app.main_screen.poller.open_site(site, ACCESS)
        await ui.settle()
        assert ui.app.main_screen.site.grouping is Grouping.DAY


async def test_all_stores_are_shown_when_the_saved_store_is_gone(site: Target) -> None:
    assert site.address is not None
    view_settings_file.save(site.address, ViewSettings(store="gone"))
    async with open_site(site, ACCESS) as ui:
        assert "57 in all stores" in ui.text


async def test_saved_settings_are_overridden_when_configuration_or_option_sets_them(site: Target) -> None:
    assert site.address is not None
    view_settings_file.save(site.address, ViewSettings(store="archive-s3", utc=True))
    named = replace(site, store="offsite-azure")
    async with open_site(named, ACCESS, options=DisplayOptions(zone=BERLIN, is_zone_chosen=True)) as ui:
        assert "10 in offsite-azure" in ui.text
        assert "CEST +02:00" in ui.lines[0]


@pytest.mark.parametrize("body", in_full([b"", b"{", b"\xff" * 9_999], but=[b"{"]))
async def test_default_settings_are_used_when_the_file_is_damaged(site: Target, body: bytes) -> None:
    assert site.address is not None
    view_settings_file.save(site.address, ViewSettings(Order("took")))
    view_settings_file.path_of(site.address).write_bytes(body)
    async with open_site(site, ACCESS) as ui:
        assert ui.app.main_screen.site.settings == ViewSettings()
        await ui.press("s")
        await wait_until_saved(ui)
    assert view_settings_file.load(site.address) == ViewSettings(Order("took", is_descending=False))


async def test_view_settings_apply_when_they_cannot_be_saved(
    site: Target, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    async with open_site(site, ACCESS) as ui:
        await ui.press("s", "n")
        await wait_until_saved(ui)
        assert "TOOK ▴" in ui.text
        assert ui.app.is_running


async def test_view_settings_are_not_saved_when_the_site_is_simulated_a_file_or_without_history(
    site: Target, tmp_path: Path
) -> None:
    saved = tmp_path / "backups.json"
    saved.write_text('{"backups": [{"backupName": "kept", "backupStore": "default"}]}')
    for target, access in (
        (Target(DEMO, scenario="calm"), ACCESS),
        (Target(file=saved), ACCESS),
        (site, replace(ACCESS, remember=False)),
    ):
        async with open_site(target, access) as ui:
            await ui.press("s", "n", "z")
            await wait_until_saved(ui)
    assert not state_folder().exists()


async def test_view_settings_are_deleted_when_the_site_is_forgotten(
    site: Target, capsys: pytest.CaptureFixture[str]
) -> None:
    assert site.address is not None
    async with open_site(site, ACCESS) as ui:
        await ui.press("n")
        await wait_until_saved(ui)
    assert view_settings_file.load(site.address) is not None
    result = await asyncio.to_thread(run, capsys, "history", "forget", site.address.url)
    assert result.code == 0
    assert view_settings_file.load(site.address) is None


async def test_saved_settings_are_ignored_when_history_is_off(site: Target) -> None:
    assert site.address is not None
    view_settings_file.save(site.address, ViewSettings(grouping=Grouping.DAY))
    async with open_site(site, replace(ACCESS, remember=False)) as ui:
        assert ui.app.main_screen.site.grouping is Grouping.NONE
