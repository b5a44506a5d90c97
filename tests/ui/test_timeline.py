"""The timeline: lanes, slots, events, and the parts of one restore point."""

import asyncio

import pytest
from rich.cells import cell_len

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.times import zone_named
from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.core.model.site_state import SiteState
from drtui.core.timeline.chart import count_fitting_slots
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
from tests.ui.stories import UiPilot, open_demo, open_site

SIZES = [(80, 24), (120, 40), (160, 45)]
AT = ("--now", str(NOW))


def timeline_screen(ui: UiPilot) -> TimelineScreen:
    """Return the timeline screen, which is on top."""
    screen = ui.app.screen
    assert isinstance(screen, TimelineScreen)
    return screen


def slot(ui: UiPilot) -> str:
    """Return the title of the slot under the cursor, with its number of events."""
    table = timeline_screen(ui).slot
    return f"{table.heading}: {table.note}"


def flat(ui: UiPilot) -> str:
    """Return the text of the window as one line."""
    return " ".join(ui.text.split())


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[:1]))
async def test_lane_has_a_hole_when_nine_runs_were_missed(size: tuple[int, int]) -> None:
    async with open_demo("paused", size=size) as ui:
        await ui.press("t")
        lane = next(line for line in ui.lines if "nightly-pv scheduled" in line)
        assert lane.endswith("✓✓✓✓✓✓✓▫▫▫▫▫▫▫▫▫")
        assert ui.lines[0].endswith("LIVE 14:13 UTC   READ-ONLY")
        await ui.press("k")
        assert slot(ui) == "2026-09-21 Mon: 1 missed run"
        assert "9 runs missed, the last of 2026-09-21 06:00; nightly will not run: paused" in flat(ui)
        assert "▫ missed" in ui.text
        assert "2 h old" not in ui.text


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[:1]))
async def test_timeline_and_list_share_the_cursor_when_opened_and_closed(size: tuple[int, int]) -> None:
    async with open_demo(size=size) as ui:
        await ui.press("j", "j", "t")
        assert slot(ui) == "2026-09-20 Sun: 1 restore point"
        await ui.press("h", "h", "escape")
        assert "nightly-2026-09-18-06-00-16" in ui.cursor
        await ui.press("t", "l", "backspace")
        assert "nightly-2026-09-19-06-00" in ui.cursor


async def test_timeline_and_list_share_the_cursor_when_it_is_on_a_missed_run() -> None:
    async with open_demo("paused") as ui:
        await ui.press("j", "j", "t")
        assert slot(ui) == "2026-09-21 Mon: 1 missed run"
        await ui.press("h", "t")
        assert "(nightly: 7 runs missed)" in ui.cursor
        await ui.press("t", *"h" * 7, "t")
        assert "(nightly: no backup)" in ui.cursor
        assert "2026-09-14 06:00" in ui.cursor


async def test_list_cursor_stays_when_the_timeline_entry_is_not_listed() -> None:
    async with open_demo() as ui:
        await ui.press("slash", *"by-hand", "enter", "t", "escape")
        assert "not in this list" in ui.lines[-1]


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[:1]))
async def test_cursor_skips_empty_slots_when_n_is_pressed(size: tuple[int, int]) -> None:
    async with open_demo(size=size) as ui:
        await ui.press("t", "N")
        assert slot(ui) == "2026-09-14 Mon: 1 restore point"
        await ui.press("n", "n")
        assert slot(ui) == "2026-09-28 Mon: 1 coming run"
        await ui.press("full_stop")
        assert slot(ui) == "2026-09-21 Mon: 1 restore point"
        await ui.press("j", "n")
        assert slot(ui) == "2026-09-21 Mon: "
        assert "nothing later" in ui.text


async def test_slot_names_the_distance_to_the_next_event_when_it_is_empty() -> None:
    async with open_demo() as ui:
        await ui.press("t", "h")
        assert "Nothing in this slot." in ui.text
        assert "previous 2026-09-14 08:01:10 +00:00, 5 d 16 h earlier" in ui.text
        assert "next     2026-09-21 08:00:49 +00:00, 8 h 1 min later" in ui.text
        await ui.press("enter")
        assert "nothing to open in this slot" in ui.text


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[:1]))
async def test_cursor_stays_on_its_restore_point_when_slots_change_their_length(size: tuple[int, int]) -> None:
    async with open_demo(size=size) as ui:
        await ui.press("j", "t")
        column = timeline_screen(ui).window.column
        await ui.press("plus")
        assert slot(ui) == "2026-09-21 Mon 06:00 UTC: 1 restore point"
        assert "a slot is one hour" in ui.lines[1]
        await ui.press("minus", "minus")
        assert slot(ui) == "week of 2026-09-21: 1 restore point, 6 coming runs"
        await ui.press("minus", "minus")
        assert slot(ui) == "2026-09: 21 restore points, 9 coming runs"
        assert timeline_screen(ui).window.column == column


async def test_timeline_scrolls_when_the_cursor_leaves_the_window() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await ui.press("j", "t")
        count = timeline_screen(ui).window.count
        await ui.press(*["h"] * 44)
        assert slot(ui) == "2026-08-08 Sat: "
        await ui.press("pageup")
        assert "2026-0" in ui.lines[2]
        assert timeline_screen(ui).window.count == count
        await ui.press("full_stop")
        assert slot(ui) == "2026-09-21 Mon: 1 restore point"


async def test_parts_are_shown_when_a_slot_with_one_point_is_opened() -> None:
    async with open_demo("half-failed", size=(80, 24)) as ui:
        await ui.press("t", "enter")
        assert isinstance(ui.app.screen, GanttScreen)
        for expected in (
            "✗ object store o9x3d 3 m 07.330 s 10 m 03.848 s",
            "relational store r4k2w and object store o9x3d do not overlap: 0.170 s between them",
            "took 12% of the limit of 2 h",
        ):
            assert expected in flat(ui)
        await ui.press("escape")
        assert slot(ui) == "2026-09-21 Mon: 1 restore point"
        await ui.press("h", "enter", "enter")
        assert "nightly-2026-09-20-06-00-39" in ui.cursor


async def test_event_list_is_focused_when_a_slot_has_several_points() -> None:
    async with open_demo("thousands", size=(80, 24)) as ui:
        await ui.press("t", "enter")
        assert timeline_screen(ui).slot.has_focus
        await ui.press("j", "j", "enter")
        assert isinstance(ui.app.screen, GanttScreen)
        assert "hourly-2026-09-21-11-00" in ui.text
        await ui.press("escape", "escape")
        assert timeline_screen(ui).lanes.has_focus
        await ui.press("escape")
        assert "hourly-2026-09-21-11-00" in ui.cursor


async def test_last_lane_shows_expiries_when_selected() -> None:
    async with open_demo(size=(120, 40)) as ui:
        await ui.press("t", "G", "n")
        assert slot(ui) == "2026-09-22 Tue: 1 expiring, 39 usable left"
        assert "nightly-2026-08-23-06-00-35" in ui.text
        assert "1 of 40 usable restore points never expire, or their expiry is unknown" in ui.text


async def test_timeline_shows_the_failure_when_schedules_are_refused() -> None:
    faults = Faults(error_code=403, only=("nightly-pv/backups",))
    with serving(make_app("calm", now=NOW, faults=faults)) as server:
        async with open_site(Target(Address.parse(server.url)), ConnectionOptions(token=Secret(TOKEN))) as ui:
            await ui.press("t")
            lane = next(line for line in ui.lines if "nightly-pv" in line)
            assert "refused" in lane
            assert "░" * 60 in lane
            await ui.press("g", "full_stop", "h")
            assert "Unknown: the list was never read." in ui.text
            assert not [secret for secret in PLANTED_SECRETS if secret in ui.text]


async def test_timeline_shows_the_failure_when_the_store_of_a_schedule_is_unknown() -> None:
    with serving(make_app("calm", now=NOW, faults=Faults(error_code=403, only=("/stores",)))) as server:
        async with open_site(Target(Address.parse(server.url)), ConnectionOptions(token=Secret(TOKEN))) as ui:
            await ui.press("t")
            assert "nightly-pv scheduled, refused" in ui.text


async def test_timeline_gives_the_reason_when_no_store_could_be_read() -> None:
    with serving(make_app("calm", now=NOW, faults=Faults(error_code=403, only=("/stores", "/tasks")))) as server:
        async with open_site(Target(Address.parse(server.url)), ConnectionOptions(token=Secret(TOKEN))) as ui:
            await ui.press("t")
            assert "refused:" in ui.text
            await ui.press("h", "j", "plus", "n", "enter", "z", "escape")
            assert ui.app.screen is ui.app.main_screen


async def test_timeline_calendar_changes_when_the_zone_is_toggled() -> None:
    berlin = zone_named("Europe/Berlin")
    async with open_demo(zone=berlin, is_zone_chosen=True) as ui:
        await ui.press("j", "t", "plus")
        assert slot(ui) == "2026-09-21 Mon 08:00 CEST +02:00: 1 restore point"
        await ui.press("z")
        assert slot(ui) == "2026-09-21 Mon 06:00 UTC: 1 restore point"
        assert "UTC" in ui.lines[0]
        ui.app.main_screen.action_zone()
        ui.app.main_screen.poller.assess_state(ui.app.main_screen.site.site_state)
        await ui.settle()
        assert slot(ui) == "2026-09-21 Mon 08:00 CEST +02:00: 1 restore point"
        await ui.press("escape")
        assert "nightly-2026-09-21-06-00-46" in ui.cursor


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[:1]))
async def test_timeline_fills_when_answers_come_after_it_was_opened(size: tuple[int, int]) -> None:
    async with open_demo(size=size) as ui:
        assessment = ui.app.main_screen.site.assessment
        ui.app.main_screen.site.assessment = assess(SiteState("not read yet"), NOW)
        await ui.press("t")
        assert "Asking the site" in ui.text
        ui.app.main_screen.poller.assess_state(assessment.site_state)
        await ui.settle()
        assert [track.name for track in timeline_screen(ui).timeline.tracks if track.name[:24] not in ui.text] == []
        assert timeline_screen(ui).window.count == count_fitting_slots(timeline_screen(ui).timeline, size[0])


async def test_timeline_cell_is_opened_when_it_is_clicked_twice() -> None:
    async with open_demo(size=(120, 40)) as ui:
        await ui.press("t")
        lanes = timeline_screen(ui).lanes
        at = next(y for y, text in enumerate(ui.lines) if "nightly-pv scheduled" in text)
        offset = (ui.lines[at].index("✗"), at - lanes.region.y)
        await ui.pilot.click("#lanes", offset=offset)
        await ui.settle()
        assert (lanes.cursor, slot(ui)) == (0, "2026-08-28 Fri: 1 restore point")
        await ui.pilot.click("#lanes", offset=offset, times=2)
        await ui.settle()
        assert isinstance(ui.app.screen, GanttScreen)


async def test_timeline_cursors_stay_when_the_site_is_refreshed() -> None:
    async with open_demo(size=(120, 40)) as ui:
        await ui.press("j", "t", "h", "h")
        before = ui.text
        await ui.app.main_screen.poller.refresh().wait()
        await ui.settle()
        assert ui.text == before


COMPARED = [*((scenario, False) for scenario in SCENARIOS), ("hostile", True), ("paused", True)]


@pytest.mark.parametrize("compared", in_full(COMPARED, but=[("hostile", False), ("paused", True)]))
async def test_timeline_agrees_with_the_command_when_lanes_are_shown(
    capsys: pytest.CaptureFixture[str], compared: tuple[str, bool]
) -> None:
    scenario, plain = compared
    options = ("--ascii",) if plain else ()
    result = await asyncio.to_thread(run, capsys, "timeline", f"--demo={scenario}", *AT, "--width", "120", *options)
    async with open_demo(scenario, size=(120, 40), plain=plain) as ui:
        await ui.press("t", "full_stop")
        screen = timeline_screen(ui)
        lines = [line.replace("▸", " ").replace(">", " ", 1) if line[:1] in ">▸" else line for line in ui.lines[1:]]
        lanes = screen.lanes
        rows = lines[lanes.fixed_lines : lanes.fixed_lines + lanes.count]
        printed = result.out.splitlines()
        assert [line for line in lines[1:3] if line not in printed] == []
        assert [line for line in rows if line not in printed] == []
        sentences = (
            [sentence.text for sentence in describe_lane(screen.lanes.track, screen.view)] if screen.lanes.track else []
        )
        assert all(text in result.out for text in sentences)


@pytest.mark.parametrize("size", in_full([(80, 24), (40, 10), (160, 45)], but=[(40, 10)]))
@pytest.mark.parametrize("scenario", in_full(["hostile", "empty", "seed"], but=["hostile"]))
async def test_timeline_fits_when_the_window_has_any_size(scenario: str, size: tuple[int, int]) -> None:
    async with open_demo(scenario, size=size) as ui:
        for key in ("t", "plus", "minus", "minus", "h", "k", "enter"):
            await ui.press(key)
            assert all(cell_len(line) <= size[0] for line in ui.lines)


async def test_help_lists_timeline_keys_when_the_timeline_is_open() -> None:
    async with open_demo() as ui:
        await ui.press("t", "question_mark")
        for expected in ("shorter slots", "longer slots", "next slot with entries", "previous slot"):
            assert expected in ui.text


@pytest.mark.parametrize("size", in_full([(160, 45), (200, 60)], but=[(200, 60)]))
async def test_timeline_has_durations_beside_the_table_and_no_void_when_the_window_is_wide(
    size: tuple[int, int],
) -> None:
    async with open_demo(size=size) as ui:
        await ui.press("j", "t")
        (row,) = (line for line in ui.lines if "nightly-2026-09-21-06-00-46" in line)
        assert "total" in row, "the durations are beside the table"
        assert "5% faster" in row
        assert sum(not line for line in ui.lines) < size[1] // 3
        (title,) = (line for line in ui.lines if "Duration, the longest of each day; limit 2 h" in line)
        await ui.press("G")
        assert "Usable restore points left if no new one is made" in ui.text
        await ui.press("minus")
        assert title not in ui.text


async def test_timeline_chart_is_above_its_slots_when_the_window_is_tall() -> None:
    async with open_demo(size=(120, 40)) as ui:
        await ui.press("j", "t")
        lane = next(line for line in ui.lines if line.startswith("▸ nightly-pv"))
        base = ui.lines[next(n for n, line in enumerate(ui.lines) if "2026-09-21 Mon" in line) - 2]
        marked = {n for n, sign in enumerate(lane) if sign in "✓✗-" and n > 24}
        assert {n for n, sign in enumerate(base) if sign == "⣿"} == marked
