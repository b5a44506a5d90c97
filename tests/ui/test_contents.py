"""The item search: opened by its key, or from an item in the detail."""

import asyncio

import pytest
from textual.widgets import Input

from drtui.core.analysis.assessment import assess
from drtui.core.contents.builder import build_index
from drtui.core.contents.describe import item_query
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import UTC
from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.core.query.query import Query
from drtui.core.verdict.restore_points import RestorePoint
from drtui.demo.app import make_app
from drtui.demo.faults import Faults
from drtui.demo.scenarios import PLANTED_SECRETS, SCENARIOS, TOKEN
from drtui.demo.server import serving
from drtui.session import DEMO, ConnectionOptions, Session, Target
from drtui.ui.screens.where import HOLDERS_HEIGHT, ITEM_TEXT_LINES, WhereScreen
from tests.cli.running import run
from tests.conftest import NOW
from tests.suites import in_full
from tests.ui.stories import UiPilot, open_demo, open_site

AT = ("--now", str(NOW))


def where_screen(ui: UiPilot) -> WhereScreen:
    """Return the item search screen, which is on top."""
    screen = ui.app.screen
    assert isinstance(screen, WhereScreen)
    return screen


def item_row(ui: UiPilot) -> str:
    """Return the row of the item under the cursor."""
    table = where_screen(ui).items
    return table.render_line(table.fixed_lines + table.cursor - table.top).text


@pytest.mark.parametrize("size", in_full([(80, 24), (120, 40), (160, 45)], but=[(80, 24)]))
async def test_where_answers_in_four_keys_when_a_geodatabase_was_dropped(size: tuple[int, int]) -> None:
    async with open_demo(size=size) as ui:
        await ui.press("w", *"zon")
        assert "zoning" in item_row(ui)
        assert "32  " in item_row(ui)
        assert "- gone 2026-08-31" in item_row(ui)
        assert "in 309 d" in item_row(ui)
        text = " ".join(ui.text.split())
        assert "Last usable copy expires in 309 d, 2027-07-28 03:00:12 +00:00: monthly-2026-06-23-03-00-12" in text
        assert "In 32 restore points of 57 (16 usable); first 2025-09-26 03:00:44 +00:00" in text
        assert "Gone: not in weekly-2026-09-21-08-00-16, the newest complete restore point" in text
        assert "weekly-2026-08-31-08-00-32" in ui.text
        await ui.press("tab", "c")
        assert ui.app.clipboard.startswith("zoning: geodatabase "), "what the command prints"
        assert "weekly-2026-08-31-08-00-32" in ui.app.clipboard


async def test_list_shows_the_points_with_an_item_when_the_item_is_chosen() -> None:
    async with open_demo() as ui:
        await ui.press("w", *"zon", "enter")
        assert "32 of 57 in all stores" in ui.text
        assert "weekly-2026-08-31-08-00-32" in ui.cursor
        await ui.press("escape")
        assert "57 in all stores" in ui.text


@pytest.mark.parametrize("scenario", ["calm", "hostile", "seed"])
async def test_item_query_matches_exactly_the_points_with_the_item_when_applied(scenario: str) -> None:
    async with Session(Target(DEMO, scenario=scenario), ConnectionOptions(), now=NOW, clock=lambda: NOW) as session:
        assessment = assess(await session.fetch_all(), NOW)
    index = build_index(assessment)
    for item in index.items:
        query = Query.parse(item_query(item, index), DisplayContext(NOW, UTC))
        matching = {point.id for point in assessment.points if query.matches(point.backup, point.verdict)}
        assert matching == {point.id for point in index.holders(item)}, query.text


async def test_list_shows_the_chosen_point_when_another_store_was_shown() -> None:
    async with open_demo() as ui:
        await ui.press("2", "j", "j", "enter", "w", *"zon", "tab", "tab", "j", "j", "enter")
        assert "32 of 57 in all stores" in ui.text
        assert "nightly-2026-08-30-06-00-29" in ui.cursor


async def test_where_lists_the_best_match_first_when_a_name_is_typed() -> None:
    async with open_demo() as ui:
        await ui.press("w", "down", "down")
        assert "boundaries" in item_row(ui)
        await ui.press(*"par")
        assert "parks" in item_row(ui)
        assert where_screen(ui).query_one(Input).has_focus
        await ui.press("backspace", "backspace", "backspace", "pagedown", "up", "up")
        assert "zoning" not in item_row(ui)
        await ui.press("pageup")
        assert "zoning" in item_row(ui)


async def test_where_focuses_the_name_when_slash_is_pressed_in_a_list() -> None:
    async with open_demo() as ui:
        await ui.press("w", "tab", "j", "j")
        assert "boundaries" in item_row(ui)
        await ui.press("G")
        assert "r4k2w" in item_row(ui)
        await ui.press("slash", *"gw")
        assert "gwdb" in item_row(ui)


async def test_where_says_so_when_only_similar_names_exist() -> None:
    async with open_demo() as ui:
        await ui.press("w", *"zning")
        assert "No exact match. Similar names" in ui.text
        assert "zoning" in item_row(ui)
        await ui.press(*"xx")
        assert "Nothing in 57 restore points has this name." in ui.text
        assert "Restore points with it" not in ui.text
        assert "in 309 d" not in ui.text
        await ui.press("enter")
        assert isinstance(ui.app.screen, WhereScreen)


@pytest.mark.parametrize("size", in_full([(80, 24), (120, 40)], but=[(80, 24)]))
async def test_where_opens_with_a_thing_when_it_is_entered_in_the_detail(size: tuple[int, int]) -> None:
    async with open_demo("seed", size=size) as ui:
        await ui.press("G", "4", "g", "enter")
        assert "hgdb_wqlxr" in item_row(ui)
        assert where_screen(ui).name_input.value == "hgdb_wqlxr"
        await ui.press("j", "escape")
        assert "╍ Relational store" in ui.text or "╍ 4 " in ui.text  # the focused part, where parts stand side by side
        await ui.press("j", "enter")
        assert "arcgis" in item_row(ui)
        assert " db " in item_row(ui)
        await ui.press("q", "w", *"uploads", "enter")
        assert "1 of 2 in all stores" in ui.text


async def test_list_is_unchanged_when_where_is_closed_by_escape() -> None:
    async with open_demo() as ui:
        await ui.press("j", "j")
        before = ui.text
        await ui.press("w", *"zon", "escape")
        assert ui.text == before


async def test_where_is_opened_once_when_its_key_is_pressed_twice() -> None:
    async with open_demo() as ui:
        await ui.press("w", "ctrl+p", *"where", "enter")
        await ui.settle()
        assert sum(isinstance(screen, WhereScreen) for screen in ui.app.screen_stack) == 1
        await ui.press("escape", "escape")
        assert "3 Restore points" in ui.text


async def test_where_keeps_name_and_cursor_when_the_site_is_refreshed() -> None:
    app = make_app("calm", now=NOW)
    with serving(app) as site:
        async with open_site(Target(Address.parse(site.url)), ConnectionOptions(token=Secret(TOKEN), timeout=5)) as ui:
            await ui.press("w", "o", "down", "down")
            before = (item_row(ui), ui.text)
            ui.app.main_screen.poller.refresh()
            await ui.settle()
            assert (item_row(ui), ui.text) == before


async def test_where_warns_when_a_store_cannot_be_read() -> None:
    with serving(make_app("upgraded", now=NOW, faults=Faults(error_code=500, only=("archive-s3",)))) as site:
        async with open_site(Target(Address.parse(site.url)), ConnectionOptions(token=Secret(TOKEN), timeout=5)) as ui:
            await ui.press("w", *"zon")
            assert "? cannot tell" in item_row(ui)
            assert "Not every store could be read: other restore points may contain it" in ui.text


@pytest.mark.parametrize(
    ("scenario", "words"),
    [("empty", "No restore points"), ("seed", "hgdb_wqlxr")],
)
async def test_where_shows_items_or_a_message_when_there_are_few_points_or_none(scenario: str, words: str) -> None:
    async with open_demo(scenario, size=(80, 24)) as ui:
        await ui.press("w")
        assert words in ui.text


async def test_where_shows_the_failure_when_no_list_can_be_read() -> None:
    with serving(make_app("calm", now=NOW, faults=Faults(error_code=500, only=("/admin",)))) as site:
        async with open_site(Target(Address.parse(site.url)), ConnectionOptions(token=Secret(TOKEN), timeout=5)) as ui:
            await ui.press("w")
            assert "not readable: the site reported an error" in ui.text


async def test_where_shows_site_and_tls_warning_when_opened() -> None:
    async with open_site(Target(DEMO, scenario="calm"), ConnectionOptions(insecure=True)) as ui:
        await ui.press("w")
        assert ui.lines[0].startswith(" demo: calm  11.4.0 ")
        assert ui.lines[0].endswith("LIVE 14:13 UTC   TLS NOT VERIFIED   READ-ONLY")


async def test_where_builds_the_index_in_a_thread_when_there_are_thousands_of_points() -> None:
    async with open_demo("thousands", size=(80, 24)) as ui:
        await ui.press("w", *"zon")
        assert "5,032 restore points, 1 cell = up to 504 backups" in ui.text
        assert "zoning" in item_row(ui)
        holders = where_screen(ui).holders.count
        await ui.press("enter")
        assert holders == len(ui.app.main_screen.site.catalog.points) > 4_000


async def test_where_gives_more_lines_to_points_when_few_items_match() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await ui.press("w")
        before = where_screen(ui).holders.visible_row_count
        await ui.press(*"zon")
        assert where_screen(ui).holders.visible_row_count > before
        assert where_screen(ui).items.visible_row_count == 2


async def test_where_screen_hides_the_restore_points_when_the_window_is_low() -> None:
    async with open_demo(size=(80, HOLDERS_HEIGHT - 1)) as ui:
        await ui.press("w")
        assert not where_screen(ui).holders.display
        await ui.resize((80, HOLDERS_HEIGHT))
        assert where_screen(ui).holders.display


async def test_where_is_ascii_when_the_plain_option_is_set() -> None:
    async with open_demo(plain=True) as ui:
        await ui.press("w", *"zon")
        assert ui.text.isascii()
        assert "xxx+++x+++++........" in ui.text


@pytest.mark.parametrize("size", in_full([(80, 24), (100, 30), (120, 40), (160, 45), (200, 60)], but=[(80, 24)]))
@pytest.mark.parametrize("scenario", in_full(["hostile", "upgraded"], but=["hostile"]))
async def test_where_shows_state_and_expiry_in_full_when_the_window_has_any_size(
    scenario: str, size: tuple[int, int]
) -> None:
    async with open_demo(scenario, size=size) as ui:
        await ui.press("w")
        table = where_screen(ui).items
        for row, row_cells in zip(range(table.visible_row_count), cells(ui), strict=False):
            row_text = table.render_line(table.fixed_lines + row).text
            assert row_cells["state"] in row_text
            assert row_cells["expires"] in row_text
            assert row_cells["bar"] in row_text


async def test_where_columns_stay_aligned_when_names_are_hostile() -> None:
    async with open_demo("hostile", size=(160, 45)) as ui:
        await ui.press("w")
        for table in (where_screen(ui).items, where_screen(ui).holders):
            assert {table.render_line(y).cell_length for y in range(table.size.height)} == {table.size.width}
        assert "\x1b" not in ui.text
        assert not [secret for secret in PLANTED_SECRETS if secret in ui.text]


def cells(ui: UiPilot) -> list[dict[str, str]]:
    """Return the cells of every row, by column."""
    table = where_screen(ui).items
    return [{column.key: column.text(item) for column in table.columns} for item in table.records]


async def list_items(scenario: str) -> list[dict[str, str]]:
    """Return the rows of the item search."""
    async with open_demo(scenario, size=(200, 60)) as ui:
        await ui.press("w")
        return cells(ui)


@pytest.mark.parametrize("scenario", in_full(SCENARIOS, but=["upgraded"]))
async def test_where_agrees_with_the_command_when_all_items_are_listed(
    scenario: str, capsys: pytest.CaptureFixture[str]
) -> None:
    result = await asyncio.to_thread(
        run, capsys, "where", "", f"--demo={scenario}", *AT
    )  # `run` needs its own event loop
    printed, rows = result.out.splitlines()[1:], await list_items(scenario)
    assert len(rows) == len(printed)
    for row, line in zip(rows, printed, strict=True):
        assert line.startswith(row["name"][:50])
        assert all(row[key] in line for key in ("in", "usable", "first", "state", "expires"))


async def describe_item_at(scenario: str, *keys: str) -> tuple[str, list[str], list[str]]:
    """Return the id of the item under the cursor after `keys`, its description, and the names of its restore points."""
    async with open_demo(scenario, size=(200, 60)) as ui:
        await ui.press("w", *keys)
        screen, lines = where_screen(ui), ui.lines
        content = screen.items.record
        assert content is not None
        end = next(y for y, line in enumerate(lines) if "Restore points with it" in line)
        description = [line.strip() for line in lines[end - ITEM_TEXT_LINES : end] if line]
        return (
            content.identity,
            description,
            [point.backup.name for point in screen.holders.records if isinstance(point, RestorePoint)],
        )


@pytest.mark.parametrize(
    "scenario", in_full([scenario for scenario in SCENARIOS if scenario != "empty"], but=["hostile"])
)
@pytest.mark.parametrize("keys", in_full([(), ("down",), ("tab", "G")], but=[("down",)]))
async def test_where_agrees_with_the_command_when_one_item_is_selected(
    scenario: str, keys: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    identity, description, point_names = await describe_item_at(scenario, *keys)
    result = await asyncio.to_thread(run, capsys, "where", identity, f"--demo={scenario}", *AT)
    sentences, _, table = result.out.partition("\n\n")
    assert sentences.splitlines() == description
    lines = table.splitlines()[1:]
    assert len(lines) == len(point_names)
    assert all(line.startswith(name[:50]) for line, name in zip(lines, point_names, strict=True))


async def test_where_shows_the_last_copy_when_the_window_is_wide() -> None:
    async with open_demo(size=(200, 60)) as ui:
        await ui.press("w")
        (row,) = (line for line in ui.lines if line.startswith("▸ zoning"))
        assert row.endswith("in 309 d           monthly-2026-06-23-03-00-12 (archive-s3)")
        assert sum(not line for line in ui.lines) < 60 // 3
        assert "f1 help" in ui.lines[-1]
