"""The table: sorting, grouping and columns."""

import pytest
from msgspec.structs import replace

from drtui.core.formatting.text import width
from drtui.core.formatting.times import zone_named
from drtui.core.listing.columns import DEFAULT_SCREEN_COLUMNS
from drtui.core.listing.grouping import Group
from drtui.ui.dialogs.column_picker import ColumnPicker
from drtui.ui.widgets.virtual_list import VirtualList
from tests.suites import in_full
from tests.ui.stories import UiPilot, open_demo

SIZES = [(80, 24), (120, 40), (160, 45)]
BERLIN = zone_named("Europe/Berlin")


def heading(ui: UiPilot) -> str:
    """Return the line of column names."""
    return ui.app.main_screen.panes.table.render_line(1).text


def column(ui: UiPilot, label: str) -> tuple[int, int]:
    """Return the position of a column heading on the screen."""
    y = next(y for y, text in enumerate(ui.lines) if "VERDICT" in text)
    return ui.lines[y].index(label), y


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[:1]))
async def test_cursor_stays_on_its_restore_point_when_each_column_sorts_in_turn(size: tuple[int, int]) -> None:
    async with open_demo(size=size) as ui:
        table = ui.app.main_screen.panes.table
        await ui.press("j", "j")
        before, arrows = table.key, []
        for _ in table.visible_columns:
            await ui.press("s")
            assert table.key == before
            assert heading(ui).count("▴") + heading(ui).count("▾") == 1
            arrows.append(table.sort_arrow[0])
        assert sorted(arrows) == sorted(table.visible_columns)
        await ui.press("S")
        assert table.key == before


async def test_list_has_the_newest_on_top_when_opened() -> None:
    async with open_demo(size=(120, 40)) as ui:
        assert "STARTED (UTC) ▾" in heading(ui)
    async with open_demo(size=(80, 24), plain=True) as ui:
        assert "AGE ^" in heading(ui)


async def test_cursor_stays_on_its_point_when_nobody_has_moved_it() -> None:
    async with open_demo() as ui:
        before = ui.app.main_screen.panes.table.key
        await ui.press("s", "s", "S")
        assert ui.app.main_screen.panes.table.key == before


async def test_list_is_sorted_then_reversed_when_a_heading_is_clicked_twice() -> None:
    async with open_demo(size=(120, 40)) as ui:
        await ui.pilot.click(offset=column(ui, "VERDICT"))
        assert "VERDICT ▴" in heading(ui)
        await ui.pilot.click(offset=column(ui, "VERDICT"))
        assert "VERDICT ▾" in heading(ui)
        await ui.pilot.click(offset=column(ui, "TOOK"))
        assert "TOOK ▴" in heading(ui)


@pytest.mark.parametrize("plain", in_full([False, True], but=[False]))
@pytest.mark.parametrize("scenario", in_full(["half-failed", "hostile"], but=["hostile"]))
async def test_verdict_age_and_expiry_are_whole_when_the_window_has_any_width(scenario: str, plain: bool) -> None:
    async with open_demo(scenario, size=(160, 24), plain=plain) as ui:
        for cells in (40, 41, 47, 53, 59, 66, 80, 93, 100, 120, 141, 160):
            await ui.resize((cells, 24))
            table = ui.app.main_screen.panes.table
            assert {"name", "verdict", "age", "expires"} <= set(table.visible_columns)
            fitted, gap = table._fit_columns()
            assert sum(column_cells for _, column_cells in fitted) + gap * (len(fitted) - 1) + 2 <= cells
            for entry in table.records:
                for column, column_cells in fitted:
                    if column.key in {"verdict", "age", "expires"}:
                        assert width(column.text(entry)) <= column_cells


async def test_sentences_lose_their_end_and_names_their_middle_when_cut() -> None:
    async with open_demo("upgraded", size=(120, 40)) as ui:
        ui.app.main_screen.site.columns = ("name", "verdict", "reason")
        ui.app.main_screen.poller.assess_state(ui.app.main_screen.site.site_state)
        assert "from 11.4.0, not the site's release" in ui.cursor
        await ui.resize((70, 40))
        assert ui.cursor.rstrip().endswith("  other release 11.4.0")
        await ui.resize((40, 40))
        assert "weekly-2026⋯-21-08-00-16" in ui.cursor


async def test_reasons_have_room_before_minor_columns_when_the_newest_point_is_not_usable() -> None:
    async with open_demo("upgraded", size=(160, 45)) as ui:
        assert "from 11.4.0, not the site's release" in ui.cursor
        assert "KIND" not in heading(ui)
        await ui.resize((200, 60))
        assert "KIND" in heading(ui)


GROUPS = (("in groups by day", "2026-09-21: "), ("by store", "archive-s3: "), ("by schedule", "monthly: "))


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[1:2]))
async def test_cursor_stays_on_a_restore_point_when_the_list_is_grouped(size: tuple[int, int]) -> None:
    async with open_demo("paused", size=size) as ui:
        table = ui.app.main_screen.panes.table
        before = table.key
        for message, heading_text in GROUPS:
            await ui.press("n")
            assert message in ui.text
            assert table.key == before
            await ui.press("g")
            first = table.key
            assert first is not None
            assert table.render_line(2).text.strip().startswith(heading_text)
            await ui.press("k")
            assert table.key == first
            await ui.press("G")
            assert table.cursor == table.count - 1
            table.go_to(before)
        await ui.press("n")
        assert "in no groups" in ui.text
        assert table.key == before


async def test_group_heading_of_the_cursor_is_visible_when_grouping_starts() -> None:
    async with open_demo("thousands", size=(120, 40)) as ui:
        await ui.press("j", "j", "n")
        assert "2026-09-21: " in ui.text
        assert ui.app.main_screen.panes.table.top == 0
        await ui.press(*["pagedown"] * 3, "n")
        table = ui.app.main_screen.panes.table
        assert table.top <= table.cursor < table.top + table.visible_row_count
    async with open_demo(size=(120, 40)) as ui:
        await ui.press("n", "s")
        assert "2026-09-21: " in ui.text


async def test_group_heading_is_visible_when_the_cursor_moves_up_to_its_first_row() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await ui.press("n", "G", *["k"] * 60)
        assert ui.app.main_screen.panes.table.cursor == 1
        assert "2026-09-21: 2 restore points, all usable" in ui.text


async def test_filter_stays_when_the_list_is_grouped() -> None:
    async with open_demo() as ui:
        await ui.press("n", "n", "slash", *"upgrade", "enter")
        assert "archive-s3: 2 restore points" in ui.text
        assert "2 of 57 in all stores, by store" in ui.text
        await ui.press("slash", *"nowhere", "enter")
        assert "No match (57 restore points)" in ui.text


@pytest.mark.full
async def test_days_are_in_order_when_there_are_thousands_of_restore_points() -> None:
    async with open_demo("thousands", size=(120, 40)) as ui:
        await ui.press("n")
        days = [row.name for row in ui.app.main_screen.panes.table.records if isinstance(row, Group)]
        assert days == sorted(days[:-1], reverse=True) + days[-1:]


async def test_cursor_step_costs_nothing_more_when_the_list_is_grouped() -> None:
    drawn: dict[str, int] = {}
    for scenario in ("seed", "thousands"):
        async with open_demo(scenario) as ui:
            await ui.press("n", "g")
            table = ui.app.main_screen.panes.table
            drawn_rows: list[int] = []
            original = table.row_key

            def counted(row: int, drawn_rows: list[int] = drawn_rows, original: object = original) -> object:
                drawn_rows.append(row)
                return original(row)  # type: ignore[operator]

            table.row_key = counted  # type: ignore[method-assign]
            await ui.press("j")
            drawn[scenario] = len(drawn_rows)
    assert drawn["thousands"] <= drawn["seed"] + 2


async def test_columns_stay_as_chosen_when_the_picker_is_confirmed() -> None:
    async with open_demo(size=(120, 40)) as ui:
        await ui.press("v")
        assert isinstance(ui.app.screen, ColumnPicker)
        assert "LIVE 14:13 UTC   READ-ONLY" in ui.lines[0]
        await ui.press("j", "j", "space", *["j"] * 11, "space", *["K"] * 9, "enter")
        assert ui.app.main_screen.site.columns == (
            "name", "verdict", "started", "buckets", "took", "expires", "geodatabases", "store", "kind", "release",
            "reason",
        )  # fmt: skip
        columns = ["name", "verdict", "started", "buckets", "took", "expires", "geodatabases", "store"]
        assert list(ui.app.main_screen.panes.table.visible_columns) == columns


async def test_name_and_verdict_stay_visible_when_columns_are_hidden() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await ui.press("v", "space")
        assert "name is always shown" in ui.text
        await ui.press("j", "space")
        assert "verdict is always shown" in ui.text
        await ui.press("K")
        assert "the name stays first" in ui.text
        await ui.press("k", "J")
        assert "the name stays first" in ui.text
        await ui.press("G", "J")
        assert "already the last column" in ui.text
        await ui.press("enter")
        assert ui.app.main_screen.site.columns == DEFAULT_SCREEN_COLUMNS


async def test_columns_are_unchanged_when_the_picker_is_cancelled() -> None:
    async with open_demo(size=(120, 40)) as ui:
        await ui.press("v", "j", "j", "space", "escape")
        assert ui.app.main_screen.site.columns == DEFAULT_SCREEN_COLUMNS
        await ui.press("v", "j", "j", "space", "enter")
        assert "AGE" not in heading(ui)
        await ui.press("v", "r", "enter")
        assert ui.app.main_screen.site.columns == DEFAULT_SCREEN_COLUMNS


async def test_last_columns_are_hidden_first_when_the_window_is_narrow() -> None:
    async with open_demo(size=(120, 40)) as ui:
        await ui.press(*["s"] * 3)
        assert ui.app.main_screen.panes.table.sort_arrow[0] == "geodatabases"
        await ui.resize((90, 24))
        assert "GDBS ▴" in heading(ui)
        assert "STARTED" not in heading(ui)


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[:1]))
async def test_zone_is_named_beside_times_when_a_zone_is_chosen(size: tuple[int, int]) -> None:
    async with open_demo(zone=BERLIN, size=size) as ui:
        assert "CEST +02:00" in ui.text
        assert "+02:00" in "".join(ui.lines[:10])
        await ui.press("4")
        assert "2026-09-21 10:00:49 +02:00" in ui.text
        await ui.press("3", "z")
        assert "Times in UTC" in ui.text
        await ui.press("4")
        assert "2026-09-21 08:00:49 +00:00" in ui.text
        assert "+02:00" not in ui.text


async def test_heading_names_the_zone_when_a_column_shows_times() -> None:
    async with open_demo(zone=BERLIN, size=(160, 45)) as ui:
        main_screen = ui.app.main_screen
        for zone, named in (("Europe/Berlin", "(CET/CEST)"), ("Asia/Kolkata", "(+05:30)"), ("UTC", "(UTC)")):
            main_screen.site.options, main_screen.site.utc = (
                replace(main_screen.site.options, zone=zone_named(zone)),
                False,
            )
            main_screen.poller.assess_state(main_screen.site.site_state)
            assert f"STARTED {named} ▾" in heading(ui)
            await ui.press("z")
            assert "STARTED (UTC) ▾" in heading(ui)


async def test_zone_toggle_is_unavailable_when_the_zone_is_utc() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await ui.press("z")
        assert "Your local zone is UTC" in ui.text
        assert not ui.app.main_screen.site.utc


async def test_day_groups_follow_the_zone_when_it_is_toggled() -> None:
    async with open_demo(zone=BERLIN) as ui:
        main_screen = ui.app.main_screen
        main_screen.site.options = replace(main_screen.site.options, zone=zone_named("Pacific/Auckland"))
        await ui.press("n", "slash", *"before-parcel", "enter")
        assert "2026-09-10: 1 restore point" in ui.text
        await ui.press("z")
        assert "2026-09-09: 1 restore point" in ui.text


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
    *"jkG",
    "2",
    *"jj",
    "enter",
)


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[:1]))
async def test_screen_equals_a_full_repaint_when_a_key_was_pressed(size: tuple[int, int]) -> None:
    async with open_demo(size=size) as ui:
        for key in KEYS:
            await ui.press(key)
            before = ui.lines
            for rows in ui.app.screen.query(VirtualList):
                rows.refresh()
            await ui.settle()
            assert ui.lines == before, key


async def test_list_fills_its_pane_when_it_grows() -> None:
    async with open_demo(size=(120, 40)) as ui:
        table = ui.app.main_screen.panes.table
        table.styles.max_height = table.size.height - 3
        await ui.press("G")
        table.styles.max_height = None
        await ui.settle()
        assert table.cursor == table.count - 1
        assert table.top == table.count - table.visible_row_count
