"""Details beside one another, ids cut or whole, and the one cursor that stands out."""

import pytest

from drtui.core.formatting.text import width
from drtui.core.listing.details import DetailLine
from drtui.ui.widgets.detail_pane import build_detail_lines
from tests.suites import in_full
from tests.ui.stories import UiPilot, open_demo

ID = "9798F70C-1347-C269-0DD8-45F69996E0A2"
GEODATABASE = DetailLine(
    f"roads   {ID}", depth=1, key=("geodatabase", "9798"), searchable=(("gdb", "roads"), ("id", ID))
)
BUCKET = DetailLine("content", depth=1, key=("bucket", "content"), searchable=(("bucket", "content"),))


def texts(cells: int, *, has_whole_ids: bool = False) -> list[str]:
    """Return the texts of the lines of a geodatabase and a bucket."""
    lines = build_detail_lines([GEODATABASE, BUCKET], cells, has_whole_ids=has_whole_ids)
    return ["".join(text for text, _ in line.pieces) for line in lines]


def test_id_is_cut_dim_and_last_when_nobody_asked_for_it() -> None:
    assert texts(60) == ["  roads   9798F70C⋯", "  content"]
    (line, _) = build_detail_lines([GEODATABASE, BUCKET], 60)
    assert line.pieces[-1][1] == "muted"


@pytest.mark.parametrize("cells", [38, 40, 44, 46, 47, 60])
def test_id_is_whole_when_asked_for_in_any_width(cells: int) -> None:
    lines = texts(cells, has_whole_ids=True)
    assert sum(ID in line for line in lines) == 1
    assert max(map(width, lines)) <= cells - 1
    assert lines[0].startswith("  roads")


CURSORS = {"3": "weekly-2026-09-21-08-00-16", "2": "All stores", "1": "schedules:", "4": "hgdb_r4k2w"}
"""Keys of the panes, and the text under the cursor of each."""

SIZES = {(100, 30): 3, (120, 40): 3, (140, 40): 4, (160, 45): 4, (200, 60): 4}


@pytest.mark.parametrize("size", in_full(SIZES, but=[(120, 40), (160, 45)]))
async def test_parts_stand_beside_one_another_when_the_window_has_room(size: tuple[int, int]) -> None:
    async with open_demo(size=size) as ui:
        columns = ui.app.main_screen.panes.detail.columns.values()
        shown = [column for column in columns if column.is_on_screen]
        assert len(shown) == SIZES[size]
        assert shown[0].heading == "4 weekly-2026-09-21-08-00-16"
        assert shown[1].note in {"26 geodatabases, 4 system databases", "26 gdbs, 4 system dbs", "26 gdbs"}
        assert ("Infrastructure" in {column.heading for column in shown}) is (len(shown) == 4)
        assert "Infrastructure" in ui.text


async def test_ids_are_whole_when_i_is_pressed_and_cut_again_when_it_is_pressed_twice() -> None:
    async with open_demo(size=(120, 40)) as ui:
        assert "f4214c93⋯" in ui.text
        await ui.press("i")
        assert "f4214c93deed6a11003d4c6484896cdf" in ui.text
        await ui.press("i")
        assert "f4214c93⋯" in ui.text


def reversed_texts(ui: UiPilot) -> list[str]:
    """Return the texts in reverse video."""
    return [text.strip() for text, style in ui.pieces if style.reverse and text.strip()]


@pytest.mark.parametrize("theme", in_full(["textual-dark", "textual-light", "ansi-dark"], but=["ansi-dark"]))
async def test_one_cursor_is_reversed_when_all_panes_are_shown(theme: str) -> None:
    async with open_demo(theme=theme, size=(160, 45)) as ui:
        for key, text in CURSORS.items():
            await ui.press(key)
            assert reversed_texts(ui) == [text]
            assert sum("╍" in line for line in ui.lines) == 1
