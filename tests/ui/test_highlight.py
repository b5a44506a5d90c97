"""Matches of the filter are underlined in the list, the detail and the item search."""

import pytest

from drtui.core.listing.grouping import Row
from drtui.ui.screens.where import WhereScreen
from drtui.ui.widgets.virtual_list import VirtualList
from drtui.ui.widgets.virtual_table import VirtualTable
from tests.suites import in_full
from tests.ui.stories import UiPilot, open_demo


def underlined_texts(rows: VirtualList) -> list[str]:
    """Return the underlined texts of the title and the visible rows, from top to bottom, without repetitions."""
    lines = [rows.render_line(y) for y in range(rows.size.height) if y == 0 or y >= rows.fixed_lines]
    underlined = (
        segment.text
        for line in lines
        for segment in line
        if segment.style and segment.style.underline and segment.style.bold
    )
    return list(dict.fromkeys(underlined))


def underlined_in_detail(ui: UiPilot, column: str) -> list[str]:
    return underlined_texts(ui.app.main_screen.panes.detail.columns[column])


VARIANTS = [("textual-dark", False), ("textual-dark", True), ("ansi-light", False), ("ansi-light", True)]


@pytest.mark.parametrize("variant", in_full(VARIANTS, but=[("textual-dark", False), ("ansi-light", True)]))
async def test_list_and_detail_underline_matches_when_a_filter_is_set(variant: tuple[str, bool]) -> None:
    theme, plain = variant
    async with open_demo(theme=theme, plain=plain) as ui:
        table = ui.app.main_screen.panes.table
        assert underlined_texts(table) == []
        await ui.press("slash", *"ly-2026 store:-pv")
        assert underlined_texts(table) == ["ly-2026", "-pv"]
        assert underlined_in_detail(ui, "facts") == ["ly-2026", "-pv"]
        await ui.press("enter", "j")
        assert underlined_texts(table) == ["ly-2026", "-pv"]
        await ui.press("escape")
        assert underlined_texts(table) == []
        assert underlined_in_detail(ui, "facts") == []


async def test_detail_title_names_matches_when_they_are_out_of_sight() -> None:
    async with open_demo() as ui:
        await ui.press("slash", *"gdb:roads,perm bucket:con", "enter")
        assert underlined_texts(ui.app.main_screen.panes.table) == []
        assert "found: roads, permits" in ui.text
        assert "found: content" in ui.text
        await ui.press("4")
        assert underlined_in_detail(ui, "relational") == ["roads", "perm"]
        await ui.press("escape", "escape")
        assert "found:" not in ui.text


async def test_detail_underlines_matches_when_only_one_pane_is_shown() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await ui.press("slash", *"zon", "enter", "enter")
        assert "4 weekly-2026-08-31-08-00-32 ╍ found: zoning ╍" in ui.text


async def test_cursor_covers_the_whole_name_when_parts_are_underlined() -> None:
    async with open_demo() as ui:
        await ui.press("slash", *"oad", "enter", "4", "j")
        lines = ui.app.main_screen.panes.detail.columns["relational"]
        row = lines.render_line(lines.fixed_lines + lines.cursor - lines.top)
        marked = [
            (segment.text, bool(segment.style.underline)) for segment in row if segment.style and segment.style.reverse
        ]
        assert "".join(text for text, _ in marked).split()[0] == "roads"
        assert [text for text, is_underlined in marked if is_underlined] == ["oad"]


@pytest.mark.parametrize("size", in_full([(80, 24), (120, 40), (160, 45)], but=[(80, 24)]))
@pytest.mark.parametrize("text", ["/./", "/[^ -~]/", "a"])
async def test_table_shows_the_same_text_when_parts_of_it_are_underlined(text: str, size: tuple[int, int]) -> None:
    async with open_demo("hostile", size=size) as ui:
        table = ui.app.main_screen.panes.table
        plain_texts = {record: row_text(table, row) for row, record in enumerate(table.records)}
        await ui.press("slash", *text)
        assert table.count
        for row, record in enumerate(table.records):
            assert row_text(table, row) == plain_texts[record]


def row_text(table: VirtualTable[Row], row: int) -> str:
    return "".join(segment.text for segment in table.draw(row, is_current=False)).rstrip()


async def test_where_underlines_matches_when_a_name_is_typed() -> None:
    async with open_demo() as ui:
        await ui.press("w", *"zon ing")
        screen = ui.app.screen
        assert isinstance(screen, WhereScreen)
        assert underlined_texts(screen.items) == ["zoning"]
        await ui.press(*["backspace"] * 7, *"zng")
        assert "No exact match. Similar names" in ui.text
        assert underlined_texts(screen.items)[:3] == ["z", "n", "g"]
