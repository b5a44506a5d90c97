"""The answer for a moment, the runbook, the report and the gaps: read, search, open and copy without a dead end."""

from typing import Any

import pytest
from msgspec.structs import replace
from textual.screen import Screen

from drtui.core.analysis.assessment import assess
from drtui.core.analysis.point_in_time import choose_before
from drtui.core.formatting.durations import MINUTE
from drtui.output.assessment import gaps_table, point_in_time_table
from drtui.output.export import copy_formats
from drtui.output.formats import as_table
from drtui.output.report import AuditPeriod, as_markdown
from drtui.output.runbook import as_runbook
from drtui.ui.dialogs.choice_menu import ChoiceMenu
from drtui.ui.dialogs.point_in_time import PointInTimeDialog
from drtui.ui.screens.before import BeforeScreen
from drtui.ui.screens.document import DocumentScreen, ReportScreen
from drtui.ui.screens.gaps import GapsScreen
from drtui.ui.screens.text_viewer import SearchableScreen
from tests.conftest import NOW
from tests.ui.stories import UiPilot, open_demo

MOMENT = NOW - NOW % MINUTE
"""The moment that the dialog proposes."""


async def answer(ui: UiPilot) -> BeforeScreen:
    """Ask for the newest restore point before now, and return the answer."""
    await ui.press("b", "enter")
    assert isinstance(ui.app.screen, BeforeScreen)
    return ui.app.screen


def is_open(ui: UiPilot, kind: type[Screen[Any]]) -> bool:
    """True if a screen of this kind is on top."""
    return isinstance(ui.app.screen, kind)


def marked_text(ui: UiPilot) -> str:
    """Return the row of the answer under the cursor."""
    return next(row for row in ui.lines if row.startswith("▸"))


async def test_before_opens_the_recommended_point_when_enter_is_pressed() -> None:
    async with open_demo("half-failed", size=(80, 24)) as ui:
        await answer(ui)
        assert marked_text(ui).split()[1:3] == ["nightly-2026-09-20-06-00-39", "recommended"]
        await ui.press("enter")
        assert ui.app.screen is ui.app.main_screen
        assert ui.app.main_screen.pane_layout.pane == "detail"
        assert "nightly-2026-09-20-06-00-39" in ui.text
        await ui.press("escape")
        assert "nightly-2026-09-20-06-00-39" in ui.cursor


async def test_before_recommends_another_point_when_the_next_answer_lacks_the_first() -> None:
    async with open_demo("half-failed", size=(80, 24)) as ui:
        screen, site = await answer(ui), ui.app.main_screen.site
        assert marked_text(ui).split()[1:3] == ["nightly-2026-09-20-06-00-39", "recommended"]
        points = tuple(point for point in site.assessment.points if "09-20-06" not in point.backup.name)
        site.assessment = replace(site.assessment, points=points)
        ui.app.main_screen.show_assessment()
        await ui.settle()
        assert "nightly-2026-09-20-06-00-39" not in ui.text
        assert "weekly-2026-09-19-08-00-07" in screen.export_text


async def test_before_opens_a_skipped_point_when_the_cursor_is_on_it() -> None:
    async with open_demo("half-failed", size=(160, 45)) as ui:
        await answer(ui)
        await ui.press("k")
        assert marked_text(ui).split()[1:3] == ["nightly-2026-09-21-06-00-46", "skipped"]
        assert "object store o9x3d" in marked_text(ui)
        await ui.press("enter")
        assert "nightly-2026-09-21-06-00-46" in ui.cursor


async def test_before_shows_no_void_of_a_third_of_the_screen_when_the_window_is_large() -> None:
    async with open_demo(size=(200, 60)) as ui:
        await answer(ui)
        assert sum(not row for row in ui.lines) < 60 // 3


async def test_before_shows_what_is_lost_when_a_name_is_long_and_the_window_narrow() -> None:
    async with open_demo("hostile", size=(80, 24)) as ui:
        screen = await answer(ui)
        assert screen.table.visible_columns == ("name", "role", "verdict", "loss")
        assert "36 h 13 min" in marked_text(ui)


async def test_before_copies_the_answer_and_the_hand_over_when_asked() -> None:
    async with open_demo("half-failed") as ui:
        screen = await answer(ui)
        site = ui.app.main_screen.site
        choice = choose_before(site.site_state, site.assessment.points, MOMENT, NOW)
        assert screen.export_text.splitlines() == [text for (text,) in point_in_time_table(choice, site.view).texts]
        await ui.press("c")
        assert ui.app._clipboard == screen.export_text
        await ui.press("C")
        assert is_open(ui, ChoiceMenu)
        await ui.press("b")
        assert ui.app.screen is screen
        point = screen.table.records[1].point
        copies = {item.letter: item.text for item in copy_formats(site.assessment, point, site.view, "")}
        assert ui.app._clipboard == copies["b"]
        assert "bytes" in ui.lines[-1]


async def test_before_asks_again_and_goes_back_when_its_keys_are_pressed() -> None:
    async with open_demo() as ui:
        await answer(ui)
        await ui.press("b")
        assert is_open(ui, PointInTimeDialog)
        assert len(ui.app.screen_stack) == 2
        await ui.press("enter", "B")
        assert is_open(ui, DocumentScreen)
        await ui.press("escape")
        assert is_open(ui, BeforeScreen)
        await ui.press("escape")
        assert ui.app.screen is ui.app.main_screen


async def test_before_says_that_there_is_nothing_when_no_point_is_older() -> None:
    async with open_demo("empty") as ui:
        await answer(ui)
        assert "No restore point started before that time." in ui.text
        await ui.press("enter", "B", "C", "c", "escape")
        assert ui.app.screen is ui.app.main_screen


async def test_runbook_is_that_of_the_command_when_opened_from_the_list_and_the_detail() -> None:
    async with open_demo(size=(80, 24)) as ui:
        site, point = ui.app.main_screen.site, ui.app.main_screen.panes.point
        assert point is not None
        for pane in ("3", "4"):
            await ui.press(pane, "B")
            screen = ui.app.screen
            assert isinstance(screen, DocumentScreen)
            assert screen.export_text == as_runbook(site.assessment, point, site.view)
            assert screen.filename.endswith(".md")
            assert "Restore hand-over: weekly-2026-09-21-08-00-16" in ui.lines[2]
            await ui.press("escape")


async def test_runbook_needs_a_restore_point_when_there_is_none() -> None:
    async with open_demo("empty") as ui:
        await ui.press("B")
        assert ui.app.screen is ui.app.main_screen
        assert "no restore point" in ui.lines[-1]


async def test_report_is_that_of_the_command_when_the_period_changes() -> None:
    async with open_demo("half-failed") as ui:
        await ui.press("A")
        screen, site = ui.app.screen, ui.app.main_screen.site
        assert isinstance(screen, ReportScreen)
        for keys, days in (((), 30), (("plus",), 90), (("minus", "minus"), 7)):
            await ui.press(*keys)
            assert f"last {days} days" in ui.lines[1]
            assert screen.export_text == as_markdown(AuditPeriod.last_days(site.assessment, days), site.view)


@pytest.mark.parametrize(
    ("scenario", "keys", "text"),
    [
        ("calm", ["H"], "6 h 23 min old"),
        ("calm", ["B"], "6 h 23 min as of now"),
        ("calm", ["A"], "14:23:20 +00:00 to"),
        ("running", ["1", "enter"], "running for 15 min"),
    ],
)
async def test_text_is_that_of_the_latest_answer_when_it_stays_open(scenario: str, keys: list[str], text: str) -> None:
    async with open_demo(scenario, size=(120, 40)) as ui:
        await ui.press(*keys)
        screen, main_screen = ui.app.screen, ui.app.main_screen
        assert isinstance(screen, SearchableScreen)
        assert text not in screen.export_text
        await ui.press(*"jj")
        top = screen.rows.top
        main_screen.site.assessment = assess(main_screen.site.site_state, NOW + 10 * MINUTE)
        main_screen.show_assessment()
        assert text in screen.export_text
        assert screen.rows.top == top


async def test_gaps_are_those_of_the_command_when_opened() -> None:
    async with open_demo("paused", size=(160, 45)) as ui:
        await ui.press("M")
        screen, site = ui.app.screen, ui.app.main_screen.site
        assert isinstance(screen, GapsScreen)
        assert screen.export_text == as_table(gaps_table(site.assessment, site.view))
        for event, start, _, length, note in gaps_table(site.assessment, site.view).texts:
            assert any(all(part in row for part in (event, start[:16], length, note)) for row in ui.lines)
        assert "4 gaps longer than the target of 24 h, 9 missed runs, 2 failed runs" in ui.text
        assert "paused (last 9 missed)" in ui.text, "the schedule that missed its runs is below"
        assert "Over time" in ui.text
        assert sum(not row for row in ui.lines) < 45 // 3


@pytest.mark.parametrize(
    ("event", "row"),
    [("missed run     2026-09-20", "(nightly: 7 runs missed)"), ("failed run     2026-09-05", "nightly-2026-09-05")],
)
async def test_gaps_show_a_run_in_the_list_when_it_is_opened(event: str, row: str) -> None:
    async with open_demo("paused", size=(160, 45)) as ui:
        await ui.press("M", "enter")
        assert is_open(ui, GapsScreen), "a gap is nothing in the list"
        while event not in next((line for line in ui.lines if line.startswith("▸")), ""):
            await ui.press("j")
        await ui.press("enter")
        assert row in ui.cursor


@pytest.mark.parametrize("key", ["A", "M"])
async def test_report_and_gaps_are_unavailable_when_the_lists_are_unknown(key: str) -> None:
    async with open_demo("no-privilege") as ui:
        main_screen = ui.app.main_screen
        known = main_screen.site.is_listed
        await ui.press(key)
        assert (ui.app.screen is main_screen) is not known


def match_number(ui: UiPilot) -> int:
    """Return the number of the match that is shown."""
    return int(ui.lines[1].partition("match ")[2].split()[0])


async def test_search_goes_from_match_to_match_when_a_word_is_typed() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await ui.press("A", "slash", *"NOT CHECKED", "enter")
        assert "match 1 of 1" in ui.lines[1]
        assert "Not checked" in ui.text
        await ui.press("slash", *["backspace"] * 11, *"store", "enter", "g")
        seen = [match_number(ui)]
        for key in ("n", "n", "N"):
            await ui.press(key)
            seen.append(match_number(ui))
        assert [number - seen[0] for number in seen] == [0, 1, 2, 1]
        await ui.press("slash", "z", "q")
        assert "no match" in ui.lines[1]
        await ui.press("escape")
        assert "match" not in ui.lines[1]
        assert is_open(ui, ReportScreen)
        await ui.press("escape")
        assert ui.app.screen is ui.app.main_screen
