"""Marking and comparing restore points."""

import asyncio

import pytest

from drtui.core.comparison.compare import Comparison
from drtui.core.comparison.rows import comparison_rows
from drtui.core.comparison.selection import Id
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import cut_middle
from drtui.core.formatting.times import UTC
from drtui.demo.scenarios import SCENARIOS
from drtui.ui.screens.comparison import ComparisonScreen
from drtui.ui.widgets.comparison_lines import MAX_NAME_CELLS
from drtui.ui.widgets.styled_lines import Lines
from tests.cli.running import run
from tests.conftest import NOW
from tests.suites import in_full
from tests.ui.stories import UiPilot, open_demo

SIZES = [(80, 24), (120, 40)]


def comparison_text(ui: UiPilot) -> str:
    """Return all text of the comparison, visible or not."""
    assert isinstance(ui.app.screen, ComparisonScreen)
    lines = ui.app.screen.query_one("#rows", Lines).lines
    return "\n".join("".join(text for text, _ in line.pieces).rstrip() for line in lines)


def rows(ui: UiPilot) -> list[str]:
    """Return the rows of the table."""
    table = ui.app.main_screen.panes.table
    return [table.render_line(y).text.rstrip() for y in range(table.fixed_lines, table.size.height)]


def note(ui: UiPilot) -> str:
    """Return the text beside the title of the table."""
    return ui.app.main_screen.panes.table.note


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[:1]))
async def test_comparison_is_of_both_marks_when_space_marked_two(size: tuple[int, int]) -> None:
    async with open_demo(size=size) as ui:
        await ui.press("j", "space")
        assert rows(ui)[1].startswith("▸▪nightly-2026-09-21")
        assert "marked: nightly" in ui.text
        assert "d compares it with the one under the cursor" in ui.lines[-1]
        await ui.press("j", "space")
        assert rows(ui)[1].startswith(" ▪nightly-2026-09-21")
        assert rows(ui)[2].startswith("▸▪nightly-2026-09-20")
        await ui.press("g", "d")
        assert isinstance(ui.app.screen, ComparisonScreen)
        assert "LIVE 14:13 UTC   READ-ONLY" in ui.lines[0]
        assert ui.lines[2].startswith(" Older: nightly-2026-09-20-06-00-39 (store nightly-pv)")
        assert "Same contents" in ui.text
        await ui.press("escape")
        assert "3 Restore points" in ui.text
        assert "marked: nightly" in ui.text


async def test_comparison_is_with_the_cursor_when_one_point_is_marked() -> None:
    async with open_demo() as ui:
        await ui.press("space", "G", "d")
        assert "Older: monthly-2025-09-26-03-00-12" in comparison_text(ui)
        assert "Newer: weekly-2026-09-21-08-00-16" in comparison_text(ui)


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        (["d"], "space marks a restore point"),
        (["space", "d"], "this is the marked restore point"),
        (["G", "D"], "no usable restore point before it"),
    ],
)
async def test_footer_gives_the_reason_when_there_are_no_two_points_to_compare(keys: list[str], reason: str) -> None:
    async with open_demo(size=(80, 24)) as ui:
        await ui.press(*keys)
        assert reason in ui.lines[-1]
        assert not isinstance(ui.app.screen, ComparisonScreen)


async def test_footer_says_there_is_no_restore_point_when_a_missed_run_is_marked_or_compared() -> None:
    async with open_demo("paused") as ui:
        await ui.press("space", "j", "j")
        for key in ("space", "d", "D"):
            await ui.press("r")
            assert "no restore point selected" not in ui.lines[-1]
            await ui.press(key)
            assert "no restore point selected" in ui.lines[-1]


async def test_mark_is_unavailable_when_the_list_is_empty() -> None:
    async with open_demo("empty") as ui:
        await ui.press("space")
        assert "no restore point selected" in ui.lines[-1]


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[1:]))
async def test_oldest_mark_is_replaced_when_a_third_point_is_marked(size: tuple[int, int]) -> None:
    async with open_demo(size=size) as ui:
        await ui.press("space", "j", "space", "j", "space")
        assert [row[1] for row in rows(ui)[:4]] == [" ", "▪", "▪", " "]
        await ui.press("space")
        assert [row[1] for row in rows(ui)[:4]] == [" ", "▪", " ", " "]


async def test_marks_stay_with_their_restore_points_when_the_list_changes() -> None:
    async with open_demo() as ui:
        await ui.press("space", "j", "space")
        marks: tuple[Id, ...] = ui.app.main_screen.site.marks
        for keys in (["r"], ["s"], ["S"], ["z"], ["slash", *"monthly", "enter"]):
            await ui.press(*keys)
            assert ui.app.main_screen.site.marks == marks
        assert not [row for row in rows(ui) if "▪" in row], "both are filtered out"
        assert "filter [monthly]" in ui.text
        assert "marked: weekly-2026⋯-21-08-00-16 and nightly-202⋯-21-06-00-46" in note(ui)
        await ui.press("d")
        assert "Newer: weekly-2026-09-21-08-00-16" in comparison_text(ui)


async def test_escape_clears_filter_then_marks_then_store_when_pressed_repeatedly() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await ui.press("2", "j", "enter", "space", "slash", *"nightly", "enter", "escape")
        assert "34 in nightly-pv, newest first, marked: nightly" in note(ui)
        await ui.press("enter", "escape")
        assert "34 in nightly-pv, newest first, marked: nightly" in note(ui), "going out of the detail costs no mark"
        await ui.press("escape")
        assert note(ui) == "34 in nightly-pv, newest first"
        await ui.press("escape")
        assert note(ui) == "57 in all stores, newest first"


async def test_table_paints_only_one_row_when_a_point_is_marked() -> None:
    async with open_demo() as ui:
        table = ui.app.main_screen.panes.table
        before = rows(ui)
        await ui.press("space")
        assert [row for row in rows(ui) if row not in before] == [rows(ui)[0]]
        assert table.cursor == 0


async def test_comparison_is_with_the_previous_usable_point_when_capital_d_is_pressed() -> None:
    async with open_demo("half-failed") as ui:
        await ui.press("D")
        text = comparison_text(ui)
        assert "Older: nightly-2026-09-20-06-00-39 (store nightly-pv)" in text
        assert "Newer: nightly-2026-09-21-06-00-46 (store nightly-pv)" in text
        assert "Newer verdict: ✗ not usable" in text


async def test_comparison_hints_at_another_instance_when_the_instances_differ() -> None:
    async with open_demo("seed", size=(80, 24)) as ui:
        await ui.press("G", "space", "k", "d")
        one_line = " ".join(comparison_text(ui).split())
        assert "rebuilt or restored in between? A hint, not a verdict." in one_line


async def test_comparison_closes_when_any_key_that_leads_out_is_pressed() -> None:
    async with open_demo() as ui:
        for key in ("escape", "backspace", "q", "d", "D", "h", "left"):
            await ui.press("D")
            assert isinstance(ui.app.screen, ComparisonScreen)
            await ui.press(key)
            assert ui.app.screen_stack == [ui.app.main_screen], key
        assert "3 Restore points" in ui.text


async def test_comparison_is_ascii_when_the_plain_option_is_set() -> None:
    async with open_demo(plain=True) as ui:
        await ui.press("space")
        assert rows(ui)[0].startswith(">#weekly")
        await ui.press("G", "d")
        assert ui.text.isascii()


async def test_comparison_copies_the_printed_text_when_c_is_pressed() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await ui.press("space", "G", "d")
        assert isinstance(ui.app.screen, ComparisonScreen)
        assert "OLDER" in ui.app.screen.export_text
        await ui.press("c")
        assert ui.app.clipboard == ui.app.screen.export_text
        assert "LIVE 14:13 UTC   READ-ONLY" in ui.lines[0]


async def test_comparison_is_laid_out_again_when_the_window_is_resized() -> None:
    async with open_demo(size=(120, 40)) as ui:
        await ui.press("space", "G", "d")
        assert "OLDER" in comparison_text(ui)
        await ui.resize((80, 24))
        assert "OLDER" not in comparison_text(ui)
        assert "~ release: older 11.2.0, newer 11.4.0" in comparison_text(ui)


async def newest_and_oldest(ui: UiPilot) -> tuple[str, Comparison]:
    """Compare the first and the last restore point of the list."""
    points = ui.app.main_screen.site.catalog.points
    for point in (points[0], points[-1]):
        ui.app.main_screen.panes.table.go_to(point.id)
        await ui.press("space")
    await ui.press("d")
    assert isinstance(ui.app.screen, ComparisonScreen)
    await open_folds(ui)
    return comparison_text(ui), ui.app.screen._comparison


WITH_TWO = in_full(sorted(SCENARIOS.keys() - {"empty"}), but=("half-failed", "hostile"))


@pytest.mark.parametrize("scenario", WITH_TWO)
async def test_comparison_agrees_with_the_command_when_shown(capsys: pytest.CaptureFixture[str], scenario: str) -> None:
    at = (f"--demo={scenario}", "--now", str(NOW))
    async with open_demo(scenario, size=(220, 60)) as ui:
        screen, comparison = await newest_and_oldest(ui)
    names = [f"{point.backup.store}/{point.backup.name}" for point in (comparison.older, comparison.newer)]
    printed = await asyncio.to_thread(run, capsys, "diff", *names, *at)  # `run` needs its own event loop
    assert printed.code == (1 if comparison.has_differences else 0)
    printed_lines = {line.strip() for line in printed.out.splitlines()}
    folded = {line.strip() for line in screen.splitlines()}
    rows_of = comparison_rows(comparison, DisplayContext(NOW, UTC))
    equal_counts = [row.subject for row in rows_of if row.counts_equal_items]
    missing = [line for line in printed_lines - folded if not line.startswith(("OLDER  ", "FIRST  "))]
    assert [line for line in missing if not any(f"= {subject}" in line for subject in equal_counts)] == []
    assert printed.err == ""


@pytest.mark.parametrize("scenario", WITH_TWO)
async def test_comparison_loses_no_fact_when_the_window_is_small(scenario: str) -> None:
    async with open_demo(scenario, size=(80, 24)) as ui:
        text, comparison = await newest_and_oldest(ui)
        for comparison_row in comparison_rows(comparison, DisplayContext(NOW, ui.app.main_screen.site.zone)):
            if not comparison_row.counts_equal_items:
                assert f"{comparison_row.sign.value} {comparison_row.subject}" in text
        if comparison.geodatabases is not None:
            for geodatabase in comparison.geodatabases.unchanged:
                assert cut_middle(geodatabase.name, MAX_NAME_CELLS) in text


async def open_folds(ui: UiPilot) -> None:
    """Press enter on every fold that is closed."""
    lines = ui.app.screen.query_one("#rows", Lines)
    for row in [row for row in lines.lines if any("(enter shows)" in text for text, _ in row.pieces)]:
        lines.go_to(row.key)
        await ui.press("enter")


async def test_comparison_folds_what_is_equal_when_the_window_is_small() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await ui.press("D")
        assert "NO DIFFERENCES" in ui.text
        assert "= 26 geodatabases equal  (enter shows)" in comparison_text(ui)
        assert "hydrants" not in comparison_text(ui)
        await ui.press("G", "k", "k", "k", "enter")
        assert "= 26 geodatabases equal  (enter hides)" in ui.text
        assert "hydrants" in ui.text
        await ui.press("enter")
        assert "hydrants" not in comparison_text(ui)


@pytest.mark.parametrize("size", [(160, 45), (200, 60)])
async def test_comparison_shows_what_is_equal_when_there_is_room(size: tuple[int, int]) -> None:
    async with open_demo(size=size) as ui:
        await ui.press("D")
        assert "hydrants" in ui.text
        assert sum(not row for row in ui.lines) < size[1] // 3


async def test_comparison_puts_the_differences_first_when_there_are_some() -> None:
    async with open_demo(size=(120, 40)) as ui:
        await ui.press("space", "G", "d")
        text = comparison_text(ui)
        places = [text.index(part) for part in ("23 DIFFERENCES", "+ geodatabase added", "TIMES", "  took", "EQUAL")]
        assert places == sorted(places)
