"""The table: sorted by what it shows, in columns that one chooses, as one left it."""

import pytest
from msgspec.structs import replace

from drtui.core.formatting.text import width
from drtui.core.formatting.times import zone_named
from drtui.core.listing.columns import SHOWN
from drtui.core.listing.grouping import Group
from drtui.ui.dialogs.column_picker import ColumnPicker
from drtui.ui.widgets.virtual_list import VirtualList
from tests.suites import in_full
from tests.ui.stories import Story, story

SIZES = [(80, 24), (120, 40), (160, 45)]
BERLIN = zone_named("Europe/Berlin")


def heading(told: Story) -> str:
    """The names of the columns."""
    return told.app.browse.table.render_line(1).text


def column(told: Story, label: str) -> tuple[int, int]:
    """Where on the screen the heading of a column is."""
    y = next(y for y, text in enumerate(told.lines) if "RESTORE POINT" in text)
    return told.lines[y].index(label), y


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[:1]))
async def test_cursor_stays_on_its_restore_point_when_each_column_sorts_in_turn(size: tuple[int, int]) -> None:
    async with story(size=size) as told:
        table = told.app.browse.table
        await told.press("j", "j")
        before, arrows = table.key, []
        for _ in table.shown:
            await told.press("s")
            assert table.key == before
            assert heading(told).count("▴") + heading(told).count("▾") == 1
            arrows.append(table.arrow[0])
        assert sorted(arrows) == sorted(table.shown)
        await told.press("S")
        assert table.key == before


async def test_at_first_the_newest_is_on_top_and_the_heading_says_so() -> None:
    async with story(size=(120, 40)) as told:
        assert "STARTED (UTC) ▾" in heading(told)
    async with story(size=(80, 24), plain=True) as told:
        assert "AGE ^" in heading(told)


async def test_the_cursor_stays_though_nobody_has_moved_it() -> None:
    async with story() as told:
        before = told.app.browse.table.key
        await told.press("s", "s", "S")
        assert told.app.browse.table.key == before


async def test_a_click_on_a_heading_sorts_and_the_next_one_turns_it_round() -> None:
    async with story(size=(120, 40)) as told:
        await told.pilot.click(offset=column(told, "VERDICT"))
        assert "VERDICT ▴" in heading(told)
        await told.pilot.click(offset=column(told, "VERDICT"))
        assert "VERDICT ▾" in heading(told)
        await told.pilot.click(offset=column(told, "TOOK"))
        assert "TOOK ▴" in heading(told)


@pytest.mark.parametrize("plain", in_full([False, True], but=[False]))
@pytest.mark.parametrize("scenario", in_full(["half-failed", "hostile"], but=["hostile"]))
async def test_verdict_age_and_expiry_are_whole_when_the_window_has_any_width(scenario: str, plain: bool) -> None:
    async with story(scenario, size=(160, 24), plain=plain) as told:
        for cells in (40, 41, 47, 53, 59, 66, 80, 93, 100, 120, 141, 160):
            await told.resize((cells, 24))
            table = told.app.browse.table
            assert {"name", "verdict", "age", "expires"} <= set(table.shown)
            fitted, gap = table._fit()
            assert sum(each for _, each in fitted) + gap * (len(fitted) - 1) + 2 <= cells
            for entry in table.records:
                for each, room in fitted:
                    if each.key in {"verdict", "age", "expires"}:
                        assert width(each.text(entry)) <= room


async def test_of_a_sentence_the_end_is_cut_and_of_a_name_the_middle() -> None:
    async with story("upgraded", size=(120, 40)) as told:
        told.app.browse.columns = ("name", "verdict", "reason")
        told.app.browse.judge()
        assert told.cursor.rstrip().endswith("made by release 11.4.0, this site runs⋯")
        await told.resize((40, 40))
        assert "weekly-2026⋯21-08-00-16" in told.cursor


GROUPS = (("in groups by day", "2026-09-21: "), ("by store", "archive-s3: "), ("by schedule", "monthly: "))


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[1:2]))
async def test_cursor_stays_on_a_restore_point_when_the_list_is_grouped(size: tuple[int, int]) -> None:
    async with story("paused", size=size) as told:
        table = told.app.browse.table
        before = table.key
        for said, heading_text in GROUPS:
            await told.press("n")
            assert said in told.text
            assert table.key == before
            await told.press("g")
            first = table.key
            assert first is not None
            assert table.render_line(2).text.strip().startswith(heading_text)
            await told.press("k")
            assert table.key == first
            await told.press("G")
            assert table.cursor == table.count - 1
            table.go_to(before)
        await told.press("n")
        assert "in no groups" in told.text
        assert table.key == before


async def test_whoever_groups_sees_the_heading_of_the_group_the_cursor_is_in() -> None:
    async with story("thousands", size=(120, 40)) as told:
        await told.press("j", "j", "n")
        assert "2026-09-21: " in told.text
        assert told.app.browse.table.top == 0
        await told.press(*["pagedown"] * 3, "n")
        table = told.app.browse.table
        assert table.top <= table.cursor < table.top + table.page
    async with story(size=(120, 40)) as told:
        await told.press("n", "s")
        assert "2026-09-21: " in told.text


async def test_going_up_to_the_first_of_a_group_brings_its_heading_into_sight() -> None:
    async with story(size=(80, 24)) as told:
        await told.press("n", "G", *["k"] * 60)
        assert told.app.browse.table.cursor == 1
        assert "2026-09-21: 2 restore points, all usable" in told.text


async def test_a_filter_is_kept_in_groups_and_finds_nothing_as_before() -> None:
    async with story() as told:
        await told.press("n", "n", "slash", *"upgrade", "enter")
        assert "archive-s3: 2 restore points" in told.text
        assert "2 of 57 in all stores, by store" in told.text
        await told.press("slash", *"nowhere", "enter")
        assert "None of 57 restore points passes the filter:" in told.text


@pytest.mark.full
async def test_days_are_in_order_when_there_are_thousands_of_restore_points() -> None:
    async with story("thousands", size=(120, 40)) as told:
        await told.press("n")
        days = [row.name for row in told.app.browse.table.records if isinstance(row, Group)]
        assert days == sorted(days[:-1], reverse=True) + days[-1:]


async def test_groups_cost_a_cursor_step_nothing() -> None:
    drawn: dict[str, int] = {}
    for scenario in ("seed", "thousands"):
        async with story(scenario) as told:
            await told.press("n", "g")
            table = told.app.browse.table
            asked: list[int] = []
            original = table.row_key

            def counted(row: int, asked: list[int] = asked, original: object = original) -> object:
                asked.append(row)
                return original(row)  # type: ignore[operator]

            table.row_key = counted  # type: ignore[method-assign]
            await told.press("j")
            drawn[scenario] = len(asked)
    assert drawn["thousands"] <= drawn["seed"] + 2


async def test_columns_are_chosen_moved_and_kept() -> None:
    async with story(size=(120, 40)) as told:
        await told.press("v")
        assert isinstance(told.app.screen, ColumnPicker)
        assert "demo: calm  live 14:13" in told.lines[0]
        await told.press("j", "j", "space", *["j"] * 9, "space", *["K"] * 7, "enter")
        assert told.app.browse.columns == (
            "name", "verdict", "started", "geodatabases", "expires", "store", "took", "kind", "release",
        )  # fmt: skip
        shown = ["name", "verdict", "started", "geodatabases", "expires", "store", "took"]
        assert list(told.app.browse.table.shown) == shown


async def test_name_and_verdict_stay_and_the_name_stays_first() -> None:
    async with story(size=(80, 24)) as told:
        await told.press("v", "space")
        assert "name is always shown" in told.text
        await told.press("j", "space")
        assert "verdict is always shown" in told.text
        await told.press("K")
        assert "the name comes first" in told.text
        await told.press("k", "J")
        assert "the name comes first" in told.text
        await told.press("G", "J")
        assert "it is the last one" in told.text
        await told.press("enter")
        assert told.app.browse.columns == SHOWN


async def test_leaving_leaves_the_columns_as_they_were_and_r_brings_back_the_first_ones() -> None:
    async with story(size=(120, 40)) as told:
        await told.press("v", "j", "j", "space", "escape")
        assert told.app.browse.columns == SHOWN
        await told.press("v", "j", "j", "space", "enter")
        assert "AGE" not in heading(told)
        await told.press("v", "r", "enter")
        assert told.app.browse.columns == SHOWN


async def test_the_last_columns_give_way_first_but_not_the_one_that_sorts() -> None:
    async with story(size=(120, 40)) as told:
        await told.press(*["s"] * 3)
        assert told.app.browse.table.arrow[0] == "took"
        await told.resize((90, 24))
        assert "TOOK ▴" in heading(told)
        assert "STARTED" not in heading(told)


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[:1]))
async def test_zone_is_named_wherever_there_is_a_time(size: tuple[int, int]) -> None:
    async with story(zone=BERLIN, size=size) as told:
        assert "CEST +02:00" in told.text
        assert "+02:00" in "".join(told.lines[:10])
        await told.press("4")
        assert "2026-09-21 10:00:49 +02:00" in told.text
        await told.press("3", "z")
        assert "times in UTC" in told.text
        await told.press("4")
        assert "2026-09-21 08:00:49 +00:00" in told.text
        assert "+02:00" not in told.text


async def test_heading_of_a_time_names_the_zone() -> None:
    async with story(zone=BERLIN, size=(160, 45)) as told:
        browse = told.app.browse
        for zone, named in (("Europe/Berlin", "(CET/CEST)"), ("Asia/Kolkata", "(+05:30)"), ("UTC", "(UTC)")):
            browse.options, browse.utc = replace(browse.options, zone=zone_named(zone)), False
            browse.judge()
            assert f"STARTED {named} ▾" in heading(told)
            await told.press("z")
            assert "STARTED (UTC) ▾" in heading(told)


async def test_where_the_zone_is_utc_there_is_nothing_to_switch_to() -> None:
    async with story(size=(80, 24)) as told:
        await told.press("z")
        assert "times are in UTC: the zone here is no other" in told.text
        assert not told.app.browse.utc


async def test_days_are_those_of_the_zone_one_switches_to() -> None:
    async with story(zone=BERLIN) as told:
        browse = told.app.browse
        browse.options = replace(browse.options, zone=zone_named("Pacific/Auckland"))
        await told.press("n", "slash", *"before-parcel", "enter")
        assert "2026-09-10: 1 restore point" in told.text
        await told.press("z")
        assert "2026-09-09: 1 restore point" in told.text


KEYS = (
    *"jjjk",
    "pagedown",
    "pagedown",
    *"kjGkkk",
    "pageup",
    *"gnjjGkn",
    *"fGkkgzj",
    "space",
    *"jsGkf",
    "2",
    "3",
    *"jk",
)


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[:1]))
async def test_screen_after_a_key_is_what_would_be_drawn_anew(size: tuple[int, int]) -> None:
    async with story(size=size) as told:
        for key in KEYS:
            await told.press(key)
            before = told.lines
            for rows in told.app.screen.query(VirtualList):
                rows.refresh()
            await told.settle()
            assert told.lines == before, key


async def test_a_list_that_grows_leaves_no_room_below_its_last_row() -> None:
    async with story(size=(120, 40)) as told:
        table = told.app.browse.table
        table.styles.max_height = table.size.height - 3
        await told.press("G")
        table.styles.max_height = None
        await told.settle()
        assert table.cursor == table.count - 1
        assert table.top == table.count - table.page
