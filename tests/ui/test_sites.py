"""Several sites on one screen: at once what was last known, then what each says, and never in the way."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest
from rich.style import Style

from drtui.core.formatting.times import HOUR
from drtui.core.summary.last_known import LastKnown
from drtui.core.summary.site_summary import SiteSummary
from drtui.demo.scenarios import PASSWORD
from drtui.session import DEMO, ConnectionOptions, Target, save_last_known
from drtui.session.fleet import Fleet
from drtui.session.profiles import NamedSite, load_config, profile_options, profile_target, simulated_sites
from drtui.ui.dialogs.sign_in import SignInDialog
from drtui.ui.screens.sites import SitesScreen
from drtui.ui.widgets.virtual_table import VirtualTable
from tests.cli.running import run
from tests.conftest import NOW
from tests.estate import Tables, configure, estate
from tests.planted import found_in
from tests.suites import in_full
from tests.ui.stories import Look, Story, looking_at, story, visiting

ORDER = ["upgraded", "strict", "locked", "refusing", "down", "odd", "prod", "another"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tables]:
    with estate(tmp_path_factory.mktemp("estate")) as tables:
        yield tables


@pytest.fixture
def sites(served: Tables) -> Tables:
    configure(served)
    return served


def prod() -> tuple[Target, ConnectionOptions]:
    """The first of them, and the way in."""
    profile = load_config().named("prod")
    assert profile is not None
    return profile_target(profile), profile_options(profile, ConnectionOptions())


async def until(told: Story, group: str, text: str = "") -> None:
    """Wait until nothing of that group goes on, or a text is shown."""
    for _ in range(1000):
        going = [each for each in told.app.workers if each.group == group and not each.is_finished]
        if (text and text in told.text) or (not going and not text):
            break
        await told.pilot.pause(0.01)
    await told.settle()


async def compare(told: Story) -> VirtualTable[object]:
    """Press o, and wait until every site has said something."""
    await told.press("o")
    assert isinstance(told.app.screen, SitesScreen)
    await until(told, "sites")
    return table(told)


def table(told: Story) -> VirtualTable[object]:
    found: VirtualTable[object] = told.app.screen.query_one("#sites", VirtualTable)
    return found


def names(told: Story) -> list[str]:
    shown = table(told)
    return [told.lines[shown.region.y + shown.fixed + row].lstrip(" ▸>").split()[0] for row in range(shown.count)]


def row(told: Story, name: str) -> str:
    return next(line for line in told.lines[2:] if line.lstrip(" ▸>").startswith(name))


@pytest.mark.usefixtures("sites")
@pytest.mark.parametrize("plain", in_full([False, True], but=[False]))
@pytest.mark.parametrize("size", in_full([(120, 40), (80, 24)], but=[(80, 24)]))
async def test_sites_are_listed_from_the_worst_to_the_best(size: tuple[int, int], plain: bool) -> None:
    async with visiting(*prod(), size=size, look=Look(plain=plain)) as told:
        shown = await compare(told)
        assert names(told) == ORDER
        assert ("x critical  none" if plain else "✗ critical  none") in row(told, "upgraded")
        assert "? unknown   unknown" in row(told, "down")
        assert "live 14:13" in row(told, "prod")
        assert shown.key == "prod"
        await told.press("g", "j", "j")
        assert "false ended with 1 instead of a secret" in told.text
        await told.press("G")
        assert "by its address" in told.text
        assert not plain or told.text.isascii()


async def test_a_long_name_leaves_room_in_the_smallest_window(served: Tables) -> None:
    configure({"prod": served["prod"], "a-very-long-name-of-production-1": served["odd"]})
    async with visiting(*prod(), size=(40, 10)) as told:
        await compare(told)
        assert "! warning   36 h 13 min" in row(told, "a-ver")
        assert "✓ fine      6 h 13 min" in row(told, "prod")
        assert "another site" in told.text


@pytest.mark.usefixtures("sites")
async def test_sites_copies_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    async with visiting(*prod()) as told:
        await compare(told)
        screen = told.app.screen
        assert isinstance(screen, SitesScreen)
        shown = screen.portable
    ran = await asyncio.to_thread(run, capsys, "sites", "--now", str(NOW), "--tz", "UTC")  # it has its own event loop
    printed = ran.out
    asked = re.compile(r"(live|failed) \d\d:\d\d")  # the command asks at another minute
    assert asked.sub("then", printed) == asked.sub("then", shown)


async def test_what_was_last_known_stands_there_at_once_and_is_not_fine(tmp_path: Path) -> None:
    with estate(tmp_path) as tables:
        configure(tables)
        async with visiting(*prod()) as told:
            await compare(told)
    async with looking_at(None) as told:
        await until(told, "ask", "SITE")
        await until(told, "sites")
        assert "✓" not in told.text
        assert "? unknown   6 h 13 min   saved 0 s ago" in row(told, "prod")
        assert "not read yet" in row(told, "down")
        await told.press("r")
        await until(told, "sites")
        await told.press("g", *names(told).index("odd") * ("j",))
        assert table(told).key == "odd"
        assert "refused the connection; as last known: newest usable restore point is 36 h" in told.text


@pytest.mark.usefixtures("sites")
async def test_nobody_is_asked_unbidden_where_a_site_has_yet_to_be_chosen() -> None:
    async with looking_at(None) as told:
        await until(told, "ask", "SITE")
        await until(told, "sites")
        assert told.text.count("  not read yet  ") == 7
        await told.press("r")
        await until(told, "sites")
        assert names(told) == ORDER
        await told.press("g", "enter")
        await until(told, "ask")
        assert "upgraded (localhost:" in told.text
        assert "Nothing restorable on this release" in told.text


@pytest.fixture
def slow(served: Tables, tmp_path: Path) -> Iterator[Path]:
    """A pipe that a site's secret is to come through, and that holds up whoever reads it."""
    pipe = tmp_path / "password"
    os.mkfifo(pipe)
    configure({"slow": {**served["odd"], "password_file": str(pipe)}, "prod": served["prod"]})
    yield pipe
    end = os.open(pipe, os.O_RDWR)  # whoever still waits for a writer has one now,
    pipe.unlink()
    os.close(end)  # and an end


async def test_the_screen_goes_on_while_a_site_is_slow(slow: Path) -> None:
    async with looking_at(*prod()) as told:
        await told.press("o")
        await until(told, "sites", "✓ fine")
        assert "asking 1 of 2" in told.text
        assert "asking" in row(told, "slow")
        await told.press("k", "j", "r", "j")
        assert table(told).key == "another site"
        await asyncio.to_thread(slow.write_text, PASSWORD)
        await until(told, "sites")
        assert "! warning" in row(told, "slow")
        assert table(told).key == "another site"


@pytest.mark.usefixtures("slow")
async def test_nobody_who_leaves_waits_for_a_slow_site() -> None:
    async with looking_at(*prod()) as told:
        await told.press("o")
        await until(told, "sites", "✓ fine")
        await told.press("escape")
        assert "1 Site" in told.text
        await told.press("o", "escape", "o", "k", "j", "enter")
        assert "prod (localhost:" in told.text


@pytest.mark.usefixtures("sites")
async def test_site_has_its_colour_in_the_list() -> None:
    async with visiting(*prod()) as told:
        shown = await compare(told)
        strip = shown.render_line(shown.fixed + 1)
        style = next(segment.style for segment in strip if "strict" in segment.text)
        assert style is not None
        assert style.color == Style(color="#00ff00").color
        assert style.reverse


@pytest.mark.usefixtures("sites")
async def test_site_stays_open_when_the_secret_of_another_cannot_be_had() -> None:
    async with visiting(*prod()) as told:
        await compare(told)
        await told.press("g", "j", "j", "enter")
        await until(told, "ask")
        assert "prod (localhost:" in told.text
        assert "false ended with 1 instead of a secret" in told.text


@pytest.mark.usefixtures("sites")
@pytest.mark.parametrize("seen", [False, True])
async def test_site_asks_for_a_secret_when_none_is_named(served: Tables, seen: bool) -> None:
    table = {"address": served["prod"]["address"], "user": "siteadmin"}
    if seen:
        async with visiting(*prod()):
            pass
    configure({"bare": table, "odd": served["odd"]})
    odd = load_config().named("odd")
    assert odd is not None
    async with visiting(profile_target(odd), profile_options(odd, ConnectionOptions())) as told:
        await compare(told)
        await told.press("g")
        assert "no secret is named for it" in told.text
        await told.press("enter")
        await until(told, "ask", "Connect to a site")
        assert served["prod"]["address"] in told.text
        assert "siteadmin" in told.text
        await told.press(*PASSWORD, "enter")
        await until(told, "ask")
        assert "bare (localhost:" in told.text
        assert "57 in all stores" in told.text


@pytest.mark.usefixtures("sites")
async def test_address_is_asked_for_when_another_site_is_chosen() -> None:
    async with visiting(*prod()) as told:
        await compare(told)
        await told.press("G", "enter")
        assert isinstance(told.app.screen, SignInDialog)
        await told.press("escape")
        assert "prod (localhost:" in told.text


@pytest.mark.usefixtures("sites")
async def test_the_others_stand_below_the_site_with_what_was_last_known() -> None:
    strict = load_config().named("strict")
    assert strict is not None
    told_before = LastKnown("strict", NOW - HOUR, 2 * HOUR, "weekly-1", NOW - 7 * HOUR)
    save_last_known(profile_target(strict), ConnectionOptions(), told_before)
    async with visiting(*prod(), size=(80, 24)) as told:
        await until(told, "known")
        await told.press("1")
        assert "strict    read 1 h ago: newest usable 7 h old" in told.text
        assert "odd       not looked at yet" in told.text
        await told.press("j", "j", "j", "enter")
        await until(told, "ask")
        await until(told, "known")
        assert "strict (localhost:" in told.text
        assert "prod      not looked at yet" in told.text
        assert "strict    read" not in told.text


async def test_the_simulated_sites_can_be_compared_and_opened() -> None:
    async with story("calm") as told:
        await compare(told)
        assert names(told)[:2] == ["empty", "upgraded"]
        assert table(told).key == "calm"
        await told.press("k", "enter")
        await until(told, "ask")
        assert "demo: paused" in told.text
        assert 'Schedule "nightly" is paused: 9 runs missed' in told.text
        assert told.app.browse.target == Target(DEMO, scenario="paused", name="paused")


class Late(Fleet):
    """What is saved of its sites is slow to be read, as where another program writes it."""

    def __init__(self, sites: Sequence[NamedSite]) -> None:
        super().__init__(sites, ConnectionOptions(), now=NOW)
        self.read = asyncio.Event()

    async def recall(self) -> AsyncIterator[SiteSummary]:
        await self.read.wait()
        for site in self.sites:
            yield self.summary(site.target)


async def test_what_was_saved_does_not_take_the_place_of_what_a_site_has_said() -> None:
    async with story() as told:
        late = Late(simulated_sites()[:2])
        await told.app.push_screen(SitesScreen(late, told.app.browse.view, None, ask=False))
        await told.press("r")
        for _ in range(1000):
            if "asking" not in told.text:
                break
            await told.pilot.pause(0.01)
        assert "fine" in row(told, "calm")
        late.read.set()
        await until(told, "sites")
        assert "fine" in row(told, "calm")


async def test_a_site_that_answers_when_one_has_just_left_is_in_nobodys_way() -> None:
    async with story("calm") as told:
        await compare(told)
        screen = told.app.screen
        assert isinstance(screen, SitesScreen)
        await told.press("escape")
        screen._take(screen._sites["empty"])
        await told.settle()
        assert told.app.screen is told.app.browse


@pytest.mark.usefixtures("sites")
async def test_no_planted_secret_is_ever_shown(tmp_path: Path) -> None:
    async with visiting(*prod()) as told:
        await compare(told)
        said = told.text
        for _ in ORDER:
            await told.press("j")
            said += told.text
        screen = told.app.screen
        assert isinstance(screen, SitesScreen)
        said += screen.portable
    assert not found_in(said, tmp_path)
