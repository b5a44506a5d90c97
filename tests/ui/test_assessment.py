"""The assessment in the interface: missed runs, the point-in-time dialog, and operations in progress."""

import pytest
from textual.widgets import Input

from drtui.session import DEMO, Target
from drtui.ui.dialogs.point_in_time import PointInTimeDialog
from tests.conftest import NOW
from tests.suites import in_full
from tests.ui.stories import UiPilot, open_demo, start_ui

SIZES = [(80, 24), (120, 40), (160, 45)]


def flat(ui: UiPilot) -> str:
    """Return the text of the window as one line."""
    return " ".join(ui.text.split())


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[:1]))
async def test_missed_runs_are_shown_when_a_manual_backup_is_newer(size: tuple[int, int]) -> None:
    async with open_demo("paused", size=size) as ui:
        assert "Newest usable 2 h old; target 24 h" in flat(ui)
        assert 'Schedule "nightly" is paused: 9 runs missed' in flat(ui)
        assert "(nightly: 7 runs missed)" in ui.text


async def test_detail_shows_due_time_and_cause_when_a_missed_run_is_selected() -> None:
    async with open_demo("paused", size=(120, 40)) as ui:
        await ui.press("j", "j")
        assert "(nightly: 7 runs missed)" in ui.cursor
        texts = ("! missed", "runs 7", "first due 2026-09-15 06:00:00", "last due 2026-09-21 06:00:00", "state paused")
        for expected in (*texts, "next run -"):
            assert expected in flat(ui)
        await ui.press("j", "j")
        assert "was due 2026-09-14 06:00:00" in flat(ui)
        await ui.press("y")
        assert "no restore point selected" in ui.text


async def test_list_shows_missed_runs_when_sorted_by_time_and_not_filtered() -> None:
    async with open_demo("paused", size=(120, 40)) as ui:
        await ui.press("S")
        assert "(nightly: 7 runs missed)" not in ui.lines[14]
        await ui.press("S", "s")
        assert "(nightly: no backup)" not in ui.text
        await ui.press(*["s"] * (len(ui.app.main_screen.panes.table.visible_columns) - 1))
        assert "(nightly: no backup)" in ui.text
        await ui.press("slash", *"nightly", "enter")
        assert "(nightly: no backup)" not in ui.text


async def test_site_is_refreshed_after_five_minutes_when_no_operation_runs() -> None:
    async with open_demo("calm", size=(160, 45)) as ui:
        assert "MISSED" not in ui.text
        assert ui.app.main_screen.poller.refresh_delay == 300


async def test_stores_pane_lists_another_instance_without_selection_when_a_store_is_shared() -> None:
    async with open_demo("seed", size=(120, 40)) as ui:
        await ui.press("G")
        assert "another instance of the relational store and object store from here on" in ui.text
        assert "backup_first" in ui.cursor
        await ui.press("k")
        assert "schedule1-2021-10-22-20-00-09" in ui.cursor


async def test_point_in_time_dialog_accepts_a_time_when_no_date_is_typed() -> None:
    async with open_demo("half-failed", size=(80, 24)) as ui:
        await ui.press("b", *"09:00", "enter")
        assert "Before 2026-09-21 09:00:00 +00:00" in flat(ui)
        await ui.press("escape", "b", *"yesterday 09:00", "enter")
        assert "Before 2026-09-20 09:00:00 +00:00" in flat(ui)


async def test_point_in_time_dialog_names_the_restore_point_when_answered() -> None:
    async with open_demo("half-failed", size=(120, 40)) as ui:
        await ui.press("b")
        assert "Restore to before which time? In UTC" in ui.text
        ui.app.screen.query_one(Input).value = "2026-09-21 09:00"
        await ui.press("enter")
        for expected in (
            "Before 2026-09-21 09:00:00 +00:00",
            "Restore nightly-2026-09-20-06-00-39 (store nightly-pv): usable",
            "You lose 26 h 59 min",
            "Skipped nightly-2026-09-21-06-00-46",
        ):
            assert expected in flat(ui)
        await ui.press("enter")
        assert "nightly-2026-09-20-06-00-39" in ui.cursor


async def test_point_in_time_dialog_shows_the_error_when_the_time_is_invalid() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await ui.press("b")
        ui.app.screen.query_one(Input).value = "yesterday"
        await ui.press("enter")
        assert isinstance(ui.app.screen, PointInTimeDialog)
        assert "as a time. Use" in ui.text
        assert "yesterday 14:37 or 3h ago; add +02:00 or Z for another zone" in " ".join(
            ui.text.replace("|", " ").split()
        )
        await ui.press("escape")
        assert not isinstance(ui.app.screen, PointInTimeDialog)


async def test_list_stays_when_an_operation_is_followed_to_its_end() -> None:
    clock = [NOW]
    async with start_ui(Target(DEMO, scenario="restoring"), clock=lambda: clock[0]) as ui:
        main_screen = ui.app.main_screen
        assert "running for 3 min. Newest usable 6 h 13 min old" in flat(ui)
        assert main_screen.poller.refresh_delay == 10
        clock[0] = NOW + 20_000
        await main_screen.poller.follow_operation().wait()
        await ui.settle()
        assert "57 in all stores" in ui.text
        assert "was running" in ui.text
        assert "(normal during a restore)" in flat(ui)
        clock[0] = NOW + 70_000
        await main_screen.poller.follow_operation().wait()
        await ui.settle()
        assert "finished WITH WARNINGS" in ui.text
        assert "WITH WARNINGS" in flat(ui)
