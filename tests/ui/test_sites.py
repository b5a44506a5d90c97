"""The screen of named sites: last known summaries first, then current ones, and always responsive."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest
from rich.style import Style

from drtui.core.formatting.durations import HOUR
from drtui.core.summary.last_known import LastKnown
from drtui.core.summary.site_summary import SiteSummary
from drtui.demo.scenarios import PASSWORD
from drtui.session import DEMO, ConnectionOptions, Target
from drtui.session.fleet import Fleet
from drtui.session.profiles import NamedSite, load_config, profile_options, profile_target, simulated_sites
from drtui.storage import last_known as last_known_file
from drtui.ui.dialogs.sign_in import SignInDialog
from drtui.ui.screens.doctor import DoctorScreen
from drtui.ui.screens.sites import SitesScreen
from drtui.ui.widgets.site_lines import NEWEST_COUNT
from drtui.ui.widgets.virtual_table import VirtualTable
from tests.cli.running import run
from tests.conftest import NOW
from tests.estate import Tables, configure, serve_sites
from tests.planted import secrets_in
from tests.suites import in_full
from tests.ui.stories import DisplayOptions, UiPilot, open_demo, open_site, start_ui

ORDER = ["upgraded", "strict", "locked", "refusing", "down", "odd", "prod", "another"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tables]:
    with serve_sites(tmp_path_factory.mktemp("estate")) as tables:
        yield tables


@pytest.fixture
def sites(served: Tables) -> Tables:
    configure(served)
    return served


def prod_site() -> tuple[Target, ConnectionOptions]:
    """Return the first site, with its connection options."""
    profile = load_config().find_profile("prod")
    assert profile is not None
    return profile_target(profile), profile_options(profile, ConnectionOptions())


async def wait_until(ui: UiPilot, group: str, text: str = "") -> None:
    """Wait until the workers of a group have ended, or a text is shown."""
    for _ in range(1000):
        running = [worker for worker in ui.app.workers if worker.group == group and not worker.is_finished]
        if (text and text in ui.text) or (not running and not text):
            break
        await ui.pilot.pause(0.01)
    await ui.settle()


async def press_o(ui: UiPilot) -> None:
    """Press o, and wait for the sites screen: the configuration is read in a thread, which a busy machine delays."""
    await ui.press("o")
    for _ in range(1000):
        if isinstance(ui.app.screen, SitesScreen):
            return
        await ui.pilot.pause(0.01)
    raise AssertionError("the sites screen did not open")


async def open_sites(ui: UiPilot) -> VirtualTable[object]:
    """Press o, and wait until every site has been fetched."""
    await press_o(ui)
    await wait_until(ui, "sites")
    return table(ui)


def table(ui: UiPilot) -> VirtualTable[object]:
    sites_table: VirtualTable[object] = ui.app.screen.query_one("#sites", VirtualTable)
    return sites_table


def names(ui: UiPilot) -> list[str]:
    sites_table = table(ui)
    return [
        ui.lines[sites_table.region.y + sites_table.fixed_lines + row].lstrip(" ▸>").split()[0]
        for row in range(sites_table.count)
    ]


def row(ui: UiPilot, name: str) -> str:
    return next(line for line in ui.lines[2:] if line.lstrip(" ▸>").startswith(name))


@pytest.mark.usefixtures("sites")
@pytest.mark.parametrize("plain", in_full([False, True], but=[False]))
@pytest.mark.parametrize("size", in_full([(120, 40), (80, 24)], but=[(80, 24)]))
async def test_sites_are_listed_from_the_worst_to_the_best_when_opened(size: tuple[int, int], plain: bool) -> None:
    async with open_site(*prod_site(), size=size, options=DisplayOptions(plain=plain)) as ui:
        sites_table = await open_sites(ui)
        assert names(ui) == ORDER
        assert ("x critical  none" if plain else "✗ critical  none") in row(ui, "upgraded")
        assert "? unknown   unknown" in row(ui, "down")
        assert "live 14:13" in row(ui, "prod")
        assert sites_table.key == "prod"
        await ui.press("g", "j", "j")
        assert "'false' ended with exit code 1 instead of a secret" in ui.text
        await ui.press("G")
        assert "by address" in ui.text
        assert not plain or ui.text.isascii()


async def test_sites_show_other_columns_when_a_name_is_long(served: Tables) -> None:
    configure({"prod": served["prod"], "a-very-long-name-of-production-1": served["odd"]})
    async with open_site(*prod_site(), size=(40, 10)) as ui:
        await open_sites(ui)
        assert "! warning   36 h 13 min" in row(ui, "a-ver")
        assert "✓ fine      6 h 13 min" in row(ui, "prod")
        assert "another site" in ui.text


@pytest.mark.usefixtures("sites")
async def test_sites_copies_the_printed_table_when_c_is_pressed(capsys: pytest.CaptureFixture[str]) -> None:
    async with open_site(*prod_site()) as ui:
        await open_sites(ui)
        screen = ui.app.screen
        assert isinstance(screen, SitesScreen)
        copied = screen.export_text
    result = await asyncio.to_thread(
        run, capsys, "sites", "--now", str(NOW), "--tz", "UTC"
    )  # it has its own event loop
    fetch_time = re.compile(  # the command fetches at another minute
        r"(?:live|(?:not reachable|not readable|access refused) since) (?:\d{4}-\d\d-\d\d )?\d\d:\d\d"
    )
    assert fetch_time.sub("then", result.out).split() == fetch_time.sub("then", copied).split()


async def test_sites_show_last_known_summaries_as_saved_when_opened(tmp_path: Path) -> None:
    with serve_sites(tmp_path) as tables:
        configure(tables)
        async with open_site(*prod_site()) as ui:
            await open_sites(ui)
    async with start_ui(None) as ui:
        await wait_until(ui, "dialog", "SITE")
        await wait_until(ui, "sites")
        assert "✓" not in ui.text
        assert "? unknown   6 h 13 min   saved 0 s ago" in row(ui, "prod")
        assert "not read yet" in row(ui, "down")
        await ui.press("r")
        await wait_until(ui, "sites")
        await ui.press("g", *names(ui).index("odd") * ("j",))
        assert table(ui).key == "odd"
        assert "refused the connection; as last known: newest usable restore point is 36 h" in ui.text


@pytest.mark.usefixtures("sites")
async def test_sites_are_not_fetched_when_no_site_is_open() -> None:
    async with start_ui(None) as ui:
        await wait_until(ui, "dialog", "SITE")
        await wait_until(ui, "sites")
        assert ui.text.count("  not read yet  ") == 7
        await ui.press("r")
        await wait_until(ui, "sites")
        assert names(ui) == ORDER
        await ui.press("g", "enter")
        await wait_until(ui, "dialog")
        assert " upgraded  localhost:" in ui.lines[0]
        assert "NOTHING RESTORABLE" in ui.text


@pytest.fixture
def slow(served: Tables, tmp_path: Path) -> Iterator[Path]:
    """Create a named pipe for a site's secret, which blocks its reader."""
    pipe = tmp_path / "password"
    os.mkfifo(pipe)
    configure({"slow": {**served["odd"], "password_file": str(pipe)}, "prod": served["prod"]})
    yield pipe
    end = os.open(pipe, os.O_RDWR)  # gives a waiting reader its writer,
    pipe.unlink()
    os.close(end)  # and its end of file


async def test_sites_screen_answers_keys_when_a_site_is_slow(slow: Path) -> None:
    async with start_ui(*prod_site()) as ui:
        await press_o(ui)
        await wait_until(ui, "sites", "✓ fine")
        assert "reading 1 of 2" in ui.text
        assert "asking" in row(ui, "slow")
        await ui.press("k", "j", "r", "j")
        assert table(ui).key == "another site"
        await asyncio.to_thread(slow.write_text, PASSWORD)
        await wait_until(ui, "sites")
        assert "! warning" in row(ui, "slow")
        assert table(ui).key == "another site"


@pytest.mark.usefixtures("slow")
async def test_sites_screen_closes_at_once_when_a_site_is_slow() -> None:
    async with start_ui(*prod_site()) as ui:
        await press_o(ui)
        await wait_until(ui, "sites", "✓ fine")
        await ui.press("escape")
        assert "1 Site" in ui.text
        await ui.press("o", "escape", "o", "k", "j", "enter")
        assert "prod" in ui.lines[0]


@pytest.mark.usefixtures("sites")
async def test_sites_show_the_accent_colour_when_a_site_has_one() -> None:
    async with open_site(*prod_site()) as ui:
        sites_table = await open_sites(ui)
        strip = sites_table.render_line(sites_table.fixed_lines + 1)
        style = next(segment.style for segment in strip if "strict" in segment.text)
        assert style is not None
        assert style.color == Style(color="#00ff00").color
        assert style.reverse


@pytest.mark.usefixtures("sites")
async def test_site_stays_open_when_the_secret_of_another_cannot_be_had() -> None:
    async with open_site(*prod_site()) as ui:
        await open_sites(ui)
        await ui.press("g", "j", "j", "enter")
        await wait_until(ui, "dialog")
        assert "prod" in ui.lines[0]
        assert "'false' ended with exit code 1 instead of a secret" in ui.text


@pytest.mark.usefixtures("sites")
@pytest.mark.parametrize("was_opened", [False, True])
async def test_sign_in_is_asked_for_when_a_named_site_has_no_secret(served: Tables, was_opened: bool) -> None:
    table = {"address": served["prod"]["address"], "user": "siteadmin"}
    if was_opened:
        async with open_site(*prod_site()):
            pass
    configure({"bare": table, "odd": served["odd"]})
    odd = load_config().find_profile("odd")
    assert odd is not None
    async with open_site(profile_target(odd), profile_options(odd, ConnectionOptions())) as ui:
        await open_sites(ui)
        await ui.press("g")
        assert "no secret is configured" in ui.text
        await ui.press("enter")
        await wait_until(ui, "dialog", "Connect to a site")
        assert served["prod"]["address"] in ui.text
        assert "siteadmin" in ui.text
        await ui.press(*PASSWORD, "enter")
        await wait_until(ui, "dialog")
        assert "bare" in ui.lines[0]
        assert "57 in all stores" in ui.text


@pytest.mark.usefixtures("sites")
async def test_address_is_asked_for_when_another_site_is_chosen() -> None:
    async with open_site(*prod_site()) as ui:
        await open_sites(ui)
        await ui.press("G", "enter")
        assert isinstance(ui.app.screen, SignInDialog)
        await ui.press("escape")
        assert "prod" in ui.lines[0]


@pytest.mark.usefixtures("sites")
async def test_site_pane_lists_other_sites_when_their_summaries_are_saved() -> None:
    strict = load_config().find_profile("strict")
    assert strict is not None
    saved_summary = LastKnown("strict", NOW - HOUR, 2 * HOUR, "weekly-1", NOW - 7 * HOUR)
    last_known_file.save_last_known(strict.address.url, saved_summary, None)
    async with open_site(*prod_site(), size=(80, 24)) as ui:
        await wait_until(ui, "last-known")
        await ui.press("1")
        assert "strict    read 1 h ago: newest usable 7 h old" in ui.text
        assert "odd       not looked at yet" in ui.text
        await ui.press("j", "j", "j", "enter")
        await wait_until(ui, "dialog")
        await wait_until(ui, "last-known")
        assert "strict" in ui.lines[0]
        assert "prod      not looked at yet" in ui.text
        assert "strict    read" not in ui.text


async def test_simulated_sites_are_listed_when_a_simulated_site_is_open() -> None:
    async with open_demo("calm") as ui:
        await open_sites(ui)
        assert names(ui)[:2] == ["empty", "upgraded"]
        assert table(ui).key == "calm"
        await ui.press("k", "enter")
        await wait_until(ui, "dialog")
        assert " paused " in ui.lines[0]
        assert 'Schedule "nightly" is paused: 9 runs missed' in ui.text
        assert ui.app.main_screen.site.target == Target(DEMO, scenario="paused", name="paused")


class LateFleet(Fleet):
    """A fleet whose saved summaries arrive late, as while another program writes the file."""

    def __init__(self, sites: Sequence[NamedSite]) -> None:
        super().__init__(sites, ConnectionOptions(), now=NOW)
        self.read = asyncio.Event()

    async def recall(self) -> AsyncIterator[SiteSummary]:
        await self.read.wait()
        for site in self.sites:
            yield self.summarize(site.target)


async def test_saved_summary_is_ignored_when_a_newer_one_has_arrived() -> None:
    async with open_demo() as ui:
        fleet = LateFleet(simulated_sites()[:2])
        await ui.app.push_screen(SitesScreen(fleet, ui.app.main_screen.site.view, None, fetch=False))
        await ui.press("r")
        for _ in range(1000):
            if "asking" not in ui.text:
                break
            await ui.pilot.pause(0.01)
        assert "fine" in row(ui, "calm")
        fleet.read.set()
        await wait_until(ui, "sites")
        assert "fine" in row(ui, "calm")


async def test_late_answer_is_ignored_when_the_sites_screen_was_closed() -> None:
    async with open_demo("calm") as ui:
        await open_sites(ui)
        screen = ui.app.screen
        assert isinstance(screen, SitesScreen)
        await ui.press("escape")
        screen._update_site(screen._summaries["empty"])
        await ui.settle()
        assert ui.app.screen is ui.app.main_screen


@pytest.mark.usefixtures("sites")
async def test_planted_secrets_are_not_shown_when_a_site_fails(tmp_path: Path) -> None:
    async with open_site(*prod_site()) as ui:
        await open_sites(ui)
        text = ui.text
        for _ in ORDER:
            await ui.press("j")
            text += ui.text
        screen = ui.app.screen
        assert isinstance(screen, SitesScreen)
        text += screen.export_text
    assert not secrets_in(text, tmp_path)


@pytest.mark.usefixtures("sites")
async def test_doctor_diagnoses_the_site_under_the_cursor_when_asked_on_the_sites_screen() -> None:
    async with open_site(*prod_site(), size=(80, 24)) as ui:
        sites_table = await open_sites(ui)
        sites_table.go_to("down")
        await ui.press("D")
        await wait_until(ui, "doctor")
        assert ui.lines[0].startswith(" down  ")
        assert ui.lines[0].endswith("NOT OPEN")
        assert ui.lines[1].startswith(" down (")
        assert "Checking" not in ui.text
        assert "Configuration" in ui.text
        await ui.press("c", "escape")
        assert ui.app.clipboard.startswith("Doctor: down (")
        assert table(ui).key == "down"


@pytest.mark.usefixtures("sites")
async def test_key_of_the_doctor_opens_it_when_no_restore_point_has_the_cursor() -> None:
    async with open_site(*prod_site(), size=(80, 24)) as ui:
        await ui.press("D")
        assert "Older" in ui.text
        await ui.press("escape", "1", "D")
        assert_doctor_of_prod(ui)
        await wait_until(ui, "doctor")
        await ui.press("escape", "3", "slash", *"no such name", "enter", "D")
        assert_doctor_of_prod(ui)
        await wait_until(ui, "doctor")
        await ui.press("escape", "escape")
        await ui.press("colon", *"doctor")
        await wait_until(ui, "_palette")
        await ui.press("enter")
        await wait_until(ui, "doctor")
        assert_doctor_of_prod(ui)


def assert_doctor_of_prod(ui: UiPilot) -> None:
    assert isinstance(ui.app.screen, DoctorScreen)
    assert ui.lines[0].startswith("  prod   localhost:")


@pytest.mark.parametrize("size", in_full([(160, 45), (200, 60)], but=[(160, 45)]))
async def test_sites_show_stores_and_points_of_the_selected_site_when_there_is_room(size: tuple[int, int]) -> None:
    async with open_demo("calm", size=size) as ui:
        await open_sites(ui)
        assert "simulated.invalid/arcgis" in ui.text
        for expected in ("NEWEST USABLE", "offsite-azure", "NEWEST RESTORE POINTS", "weekly-2026-09-21-08-00-16"):
            assert expected in ui.text
        assert sum(not line for line in ui.lines) < size[1] // 2
        heading, *rows = ui.lines[2:11]
        start = heading.index("OPERATION")
        assert {row[start - 2 : start].strip() for row in rows} == {""}, "columns are as wide as their values"
        await ui.press("G")
        assert "enter asks for it" in ui.text


async def test_sites_leave_lines_to_the_selected_site_when_the_window_is_low() -> None:
    async with open_demo("calm", size=(80, 12)) as ui:
        await open_sites(ui)
        assert "calm  READ-ONLY" in ui.text
        assert "enter open" in ui.lines[-1]


async def test_more_restore_points_of_a_site_are_listed_when_the_window_is_high() -> None:
    async with open_demo("calm", size=(200, 60)) as ui:
        await open_sites(ui)
        assert sum("nightly-2026" in line or "weekly-2026" in line for line in ui.lines[20:]) > NEWEST_COUNT
        assert ui.lines[-2].strip()
