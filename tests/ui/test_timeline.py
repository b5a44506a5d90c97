"""A site over time: lanes, slots, what is in them, and one restore point in its parts."""

import asyncio

import pytest
from rich.cells import cell_len

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.times import zone_named
from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.core.model.site_state import SiteState
from drtui.core.timeline.chart import slots_that_fit
from drtui.core.timeline.describe import describe_lane
from drtui.demo.app import make_app
from drtui.demo.faults import Faults
from drtui.demo.scenarios import PLANTED_SECRETS, SCENARIOS, TOKEN
from drtui.demo.server import serving
from drtui.session import ConnectionOptions, Target
from drtui.ui.screens.gantt import GanttScreen
from drtui.ui.screens.timeline import TimelineScreen
from tests.cli.running import run
from tests.conftest import NOW
from tests.suites import in_full
from tests.ui.stories import Story, story, visiting

SIZES = [(80, 24), (120, 40), (160, 45)]
AT = ("--now", str(NOW))


def over_time(told: Story) -> TimelineScreen:
    """The screen on top."""
    screen = told.app.screen
    assert isinstance(screen, TimelineScreen)
    return screen


def slot(told: Story) -> str:
    """What the slot under the cursor is called, and how much is in it."""
    table = over_time(told).slot
    return f"{table.heading}: {table.note}"


def flat(told: Story) -> str:
    """What the window shows, as one line."""
    return " ".join(told.text.split())


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[:1]))
async def test_lane_has_a_hole_when_nine_runs_were_missed(size: tuple[int, int]) -> None:
    async with story("paused", size=size) as told:
        await told.press("t")
        lane = next(line for line in told.lines if "nightly-pv scheduled" in line)
        assert lane.endswith("✓✓✓✓✓✓✓▫▫▫▫▫▫▫▫▫")
        assert "demo: paused  live 14:13" in told.lines[0]
        await told.press("k")
        assert slot(told) == "2026-09-21 Mon: 1 missed run"
        assert "9 runs missed, the last of 2026-09-21 06:00; nightly will not run: paused" in flat(told)
        assert "▫ missed" in told.text
        assert "2 h old" not in told.text


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[:1]))
async def test_timeline_begins_at_the_cursor_of_the_list_which_follows(size: tuple[int, int]) -> None:
    async with story(size=size) as told:
        await told.press("j", "j", "t")
        assert slot(told) == "2026-09-20 Sun: 1 restore point"
        await told.press("h", "h", "escape")
        assert "nightly-2026-09-18-06-00-16" in told.cursor
        await told.press("t", "l", "backspace")
        assert "nightly-2026-09-19-06-00" in told.cursor


async def test_a_missed_run_is_begun_with_and_left_with_as_well() -> None:
    async with story("paused") as told:
        await told.press("j", "j", "t")
        assert slot(told) == "2026-09-21 Mon: 1 missed run"
        await told.press("h", "t")
        assert "(nightly: no backup)" in told.cursor
        assert "2026-09-20 06:00" in told.cursor


async def test_what_is_not_in_the_list_below_leaves_its_cursor_alone() -> None:
    async with story() as told:
        await told.press("slash", *"by-hand", "enter", "t", "escape")
        assert "not in this list" in told.lines[-1]


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[:1]))
async def test_cursor_skips_empty_slots_when_n_is_pressed(size: tuple[int, int]) -> None:
    async with story(size=size) as told:
        await told.press("t", "N")
        assert slot(told) == "2026-09-14 Mon: 1 restore point"
        await told.press("n", "n")
        assert slot(told) == "2026-09-28 Mon: 1 run to come"
        await told.press("full_stop")
        assert slot(told) == "2026-09-21 Mon: 1 restore point"
        await told.press("j", "n")
        assert slot(told) == "2026-09-21 Mon: "
        assert "there is nothing later" in told.text


async def test_an_empty_slot_says_how_far_it_is_to_where_there_is_something() -> None:
    async with story() as told:
        await told.press("t", "h")
        assert "Nothing in this slot." in told.text
        assert "before it 2026-09-14 08:01:10 +00:00, 5 d 16 h earlier" in told.text
        assert "after it  2026-09-21 08:00:49 +00:00, 8 h 1 min later" in told.text
        await told.press("enter")
        assert "there is nothing in this slot to open" in told.text


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[:1]))
async def test_cursor_stays_on_its_restore_point_when_slots_change_their_length(size: tuple[int, int]) -> None:
    async with story(size=size) as told:
        await told.press("j", "t")
        column = over_time(told).window.column
        await told.press("plus")
        assert slot(told) == "2026-09-21 Mon 06:00 UTC: 1 restore point"
        assert "a slot is one hour" in told.lines[0]
        await told.press("minus", "minus")
        assert slot(told) == "week of 2026-09-21: 1 restore point, 6 runs to come"
        await told.press("minus", "minus")
        assert slot(told) == "2026-09: 21 restore points, 9 runs to come"
        assert over_time(told).window.column == column


async def test_slots_move_along_at_the_rim_and_pages_turn() -> None:
    async with story(size=(80, 24)) as told:
        await told.press("j", "t")
        count = over_time(told).window.count
        await told.press(*["h"] * 44)
        assert slot(told) == "2026-08-08 Sat: "
        await told.press("pageup")
        assert "2026-0" in told.lines[1]
        assert over_time(told).window.count == count
        await told.press("full_stop")
        assert slot(told) == "2026-09-21 Mon: 1 restore point"


async def test_one_restore_point_is_opened_in_its_parts() -> None:
    async with story("half-failed", size=(80, 24)) as told:
        await told.press("t", "enter")
        assert isinstance(told.app.screen, GanttScreen)
        for expected in (
            "✗ object store o9x3d 3 m 07.330 s 10 m 03.848 s",
            "relational store r4k2w and object store o9x3d do not overlap: 0.170 s between them",
            "it took 12% of the limit of 2 h",
        ):
            assert expected in flat(told)
        await told.press("escape")
        assert slot(told) == "2026-09-21 Mon: 1 restore point"
        await told.press("h", "enter", "enter")
        assert "nightly-2026-09-20-06-00-39" in told.cursor


async def test_of_several_one_is_chosen() -> None:
    async with story("thousands", size=(80, 24)) as told:
        await told.press("t", "enter")
        assert over_time(told).slot.has_focus
        await told.press("j", "j", "enter")
        assert isinstance(told.app.screen, GanttScreen)
        assert "hourly-2026-09-21-11-00" in told.text
        await told.press("escape", "escape")
        assert over_time(told).lanes.has_focus
        await told.press("escape")
        assert "hourly-2026-09-21-11-00" in told.cursor


async def test_the_last_lane_says_what_expires() -> None:
    async with story(size=(120, 40)) as told:
        await told.press("t", "G", "n")
        assert slot(told) == "2026-09-22 Tue: 1 may be cleaned up, 39 usable left"
        assert "nightly-2026-08-23-06-00-35" in told.text
        assert "no end of retention is known of 1 of 40 usable restore points" in told.text


async def test_what_is_refused_is_no_empty_lane() -> None:
    faults = Faults(error_code=403, only=("nightly-pv/backups",))
    with serving(make_app("calm", now=NOW, faults=faults)) as where:
        async with visiting(Target(Address.parse(where.url)), ConnectionOptions(token=Secret(TOKEN))) as told:
            await told.press("t")
            lane = next(line for line in told.lines if "nightly-pv" in line)
            assert "refused" in lane
            assert "?" * 60 in lane
            await told.press("g", "full_stop", "h")
            assert "Not known: the list was never read." in told.text
            assert not [secret for secret in PLANTED_SECRETS if secret in told.text]


async def test_a_schedule_whose_store_is_not_known_is_no_empty_lane_either() -> None:
    with serving(make_app("calm", now=NOW, faults=Faults(error_code=403, only=("/stores",)))) as where:
        async with visiting(Target(Address.parse(where.url)), ConnectionOptions(token=Secret(TOKEN))) as told:
            await told.press("t")
            assert "nightly-pv scheduled, refused" in told.text


async def test_without_any_store_it_says_why() -> None:
    with serving(make_app("calm", now=NOW, faults=Faults(error_code=403, only=("/stores", "/tasks")))) as where:
        async with visiting(Target(Address.parse(where.url)), ConnectionOptions(token=Secret(TOKEN))) as told:
            await told.press("t")
            assert "refused:" in told.text
            await told.press("h", "j", "plus", "n", "enter", "z", "escape")
            assert told.app.screen is told.app.browse


async def test_the_zone_changes_the_calendar() -> None:
    berlin = zone_named("Europe/Berlin")
    async with story(zone=berlin, zone_asked=True) as told:
        await told.press("j", "t", "plus")
        assert slot(told) == "2026-09-21 Mon 08:00 CEST +02:00: 1 restore point"
        await told.press("z")
        assert slot(told) == "2026-09-21 Mon 06:00 UTC: 1 restore point"
        assert "UTC" in told.lines[0]
        told.app.browse.action_zone()
        told.app.browse.judge()
        await told.settle()
        assert slot(told) == "2026-09-21 Mon 08:00 CEST +02:00: 1 restore point"
        await told.press("escape")
        assert "nightly-2026-09-21-06-00-46" in told.cursor


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[:1]))
async def test_timeline_fills_when_answers_come_after_it_was_opened(size: tuple[int, int]) -> None:
    async with story(size=size) as told:
        judged = told.app.browse.judged
        told.app.browse.judged = assess(SiteState("not read yet"), NOW)
        await told.press("t")
        assert "Asking the site" in told.text
        told.app.browse.judge(judged.reading)
        await told.settle()
        assert [each.name for each in over_time(told).found.tracks if each.name[:24] not in told.text] == []
        assert over_time(told).window.count == slots_that_fit(over_time(told).found, size[0])


async def test_a_cell_is_clicked_and_a_second_click_opens_it() -> None:
    async with story(size=(120, 40)) as told:
        await told.press("t")
        lanes = over_time(told).lanes
        at = next(y for y, text in enumerate(told.lines) if "nightly-pv scheduled" in text)
        offset = (told.lines[at].index("✗"), at)
        await told.pilot.click("#lanes", offset=offset)
        await told.settle()
        assert (lanes.cursor, slot(told)) == (0, "2026-08-28 Fri: 1 restore point")
        await told.pilot.click("#lanes", offset=offset, times=2)
        await told.settle()
        assert isinstance(told.app.screen, GanttScreen)


async def test_a_fresh_look_moves_nothing() -> None:
    async with story(size=(120, 40)) as told:
        await told.press("j", "t", "h", "h")
        before = told.text
        await told.app.browse.look().wait()
        await told.settle()
        assert told.text == before


COMPARED = [*((each, False) for each in SCENARIOS), ("hostile", True), ("paused", True)]


@pytest.mark.parametrize("compared", in_full(COMPARED, but=[("hostile", False), ("paused", True)]))
async def test_timeline_shows_the_same_lanes_as_the_command(
    capsys: pytest.CaptureFixture[str], compared: tuple[str, bool]
) -> None:
    scenario, plain = compared
    options = ("--ascii",) if plain else ()
    ran = await asyncio.to_thread(run, capsys, "timeline", f"--demo={scenario}", *AT, "--width", "120", *options)
    async with story(scenario, size=(120, 40), plain=plain) as told:
        await told.press("t", "full_stop")
        screen = over_time(told)
        shown = [line.replace("▸", " ").replace(">", " ", 1) if line[:1] in ">▸" else line for line in told.lines]
        lanes = screen.lanes
        rows = shown[lanes.fixed : lanes.fixed + lanes.count]
        printed = ran.out.splitlines()
        assert [line for line in shown[1:3] if line not in printed] == []
        assert [line for line in rows if line not in printed] == []
        told_of = [each.text for each in describe_lane(screen.lanes.track, screen.view)] if screen.lanes.track else []
        assert all(text in ran.out for text in told_of)


@pytest.mark.parametrize("size", in_full([(80, 24), (40, 10), (160, 45)], but=[(40, 10)]))
@pytest.mark.parametrize("scenario", in_full(["hostile", "empty", "seed"], but=["hostile"]))
async def test_timeline_fits_into_every_window(scenario: str, size: tuple[int, int]) -> None:
    async with story(scenario, size=size) as told:
        for key in ("t", "plus", "minus", "minus", "h", "k", "enter"):
            await told.press(key)
            assert all(cell_len(line) <= size[0] for line in told.lines)


async def test_help_tells_of_its_keys() -> None:
    async with story() as told:
        await told.press("t", "question_mark")
        for expected in ("shorter slots", "longer slots", "the next slot that holds something", "the slot before"):
            assert expected in told.text
