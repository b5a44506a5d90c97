"""User stories: press keys, then read the screen."""

import json
import re
from pathlib import Path

import pytest
from msgspec.structs import replace
from starlette.types import Receive, Scope, Send
from textual import events
from textual.widgets import Input

from drtui.core.formatting.times import zone_named
from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.demo.app import make_app
from drtui.demo.faults import Faults, parse_fault
from drtui.demo.scenarios import PLANTED_SECRETS, TOKEN
from drtui.demo.server import serving
from drtui.session import ConnectionOptions, Target
from drtui.ui.app import DrtuiApp
from drtui.ui.options import Options
from drtui.ui.widgets.side_panes import StoreRow
from tests.conftest import NOW
from tests.suites import in_full
from tests.ui.stories import UiPilot, open_demo, open_site, start_ui


async def test_main_screen_shows_the_answer_when_no_key_was_pressed() -> None:
    async with open_demo() as ui:
        assert "✓ SAFE   Newest usable restore point is 6 h 13 min old; target 24 h" in ui.text


TITLES = ("1 Site", "2 Stores", "3 Restore points", "4 weekly-2026-09-21-08-00-16")


async def test_one_pane_is_shown_with_the_site_above_it_when_the_window_is_small() -> None:
    async with open_demo(size=(80, 24)) as ui:
        for key, title in zip("1234", TITLES, strict=True):
            await ui.press(key)
            assert [other_title for other_title in TITLES if other_title in ui.text] == [title]
            assert ui.lines[0].startswith(" demo: calm  11.4.0 ")
            assert ui.lines[0].endswith("LIVE 14:13 UTC   READ-ONLY")
            assert "Newest usable restore point" in ui.lines[1]


@pytest.mark.parametrize("size", in_full([(120, 40), (100, 30)], but=[(100, 30)]))
async def test_every_pane_is_shown_when_the_window_has_room(size: tuple[int, int]) -> None:
    async with open_demo(size=size) as ui:
        for title in TITLES:
            assert title in ui.text
        assert ui.app.main_screen.panes.table.visible_row_count >= 8


async def test_message_is_shown_when_the_window_is_too_small() -> None:
    async with open_demo(size=(39, 9)) as ui:
        assert ui.lines[0].strip() == "The window is too small,"
        assert "39x9" in ui.lines[1]


async def test_detail_shows_the_point_under_the_cursor_when_it_moves() -> None:
    async with open_demo("seed") as ui:
        await ui.press("G")
        assert "backup_first" in ui.cursor
        for expected in (
            "hgdb_wqlxr",
            "ed6980a1",
            "datastoreconfig",
            "3 buckets",
            "4 m 31 s",
        ):
            assert expected in ui.text
        await ui.press("k")
        assert "schedule1-2021-10-22-20-00-09" in ui.cursor
        assert "4 buckets" in ui.text
        assert "hgdb_wqlxr" not in ui.text


async def test_escape_goes_back_without_exit_when_pressed_repeatedly() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await ui.press("enter")
        assert TITLES[3] in ui.text
        await ui.press("escape")
        assert "3 Restore points" in ui.text
        await ui.press("escape", "escape", "escape")
        assert ui.app.is_running


async def test_list_shows_one_store_when_the_store_is_entered() -> None:
    async with open_demo() as ui:
        await ui.press(*"jjjj", "2", "j", "j", "enter")
        assert "13 in archive-s3" in ui.text
        assert "before-parcel-migration" in ui.cursor, "the newest one"
        await ui.press("escape")
        assert "57 in all stores" in ui.text


async def test_next_steps_are_named_when_the_site_has_no_restore_points() -> None:
    async with open_demo("empty", size=(80, 24)) as ui:
        assert "Next: make a backup in ArcGIS Enterprise Manager" in ui.text
        await ui.press("a")
        assert "READ-ONLY: nothing can be changed. Start drtui with" in ui.text
        assert "not now" not in ui.text


async def test_filter_follows_the_typed_text_when_escape_clears_it() -> None:
    async with open_demo() as ui:
        await ui.press("slash", *"parcel-mig", "enter")
        assert "filter [parcel-mig]  esc clears" in ui.text
        assert "1 of 57 in all stores" in ui.text
        assert "before-parcel-migration" in ui.cursor
        await ui.press("escape")
        assert "57 in all stores" in ui.text


@pytest.mark.parametrize("size", in_full([(80, 24), (120, 40)], but=[(80, 24)]))
async def test_keys_reach_the_focus_of_their_turn_when_they_come_at_once(size: tuple[int, int]) -> None:
    async with open_demo(size=size) as ui:
        for key, character in (("4", "4"), ("escape", None), ("slash", "/"), ("j", "j"), ("k", "k")):
            ui.app.post_message(events.Key(key, character))
        await ui.settle()
        await ui.settle()
        assert ui.app.main_screen.panes.filterbar.line.value == "jk"


async def test_list_names_the_next_key_when_the_filter_matches_nothing() -> None:
    async with open_demo() as ui:
        await ui.press("slash", *"nowhere", "enter")
        assert "No match (57 restore points)" in ui.text
        assert "nowhere   has 'nowhere' somewhere in it" in ui.text
        assert "esc clears the filter" in ui.text


async def test_filter_matches_items_when_their_names_are_typed() -> None:
    async with open_demo() as ui:
        await ui.press("slash", *"zoning", "enter")
        assert 0 < len(ui.app.main_screen.site.catalog.points) < 57


async def test_cursor_and_filter_stay_when_the_site_is_refreshed() -> None:
    sent: list[tuple[str, str, bytes]] = []
    app = make_app("calm", now=NOW)

    async def recording(scope: Scope, receive: Receive, send: Send) -> None:
        sent.append((scope["method"], scope["path"], scope["query_string"]))
        await app(scope, receive, send)

    with serving(recording) as server:
        async with open_site(Target(Address.parse(server.url)), ConnectionOptions(token=Secret(TOKEN))) as ui:
            first = sorted(sent)
            assert {(method, query) for method, _, query in first} == {("GET", b"f=json")}
            await ui.press("slash", *"nightly", "enter", "j", "j", "j")
            before = (ui.cursor, ui.text)
            assert sorted(sent) == first, "moving and filtering ask for nothing"
            await ui.press("r")
            assert (ui.cursor, ui.text) == before
            once = [request for request in first if request[1].endswith(("/about", "/data", "/community/self"))]
            assert sorted([*sent, *once]) == sorted(2 * first), "some resources are fetched once a session"


async def test_list_stays_when_the_site_goes_away() -> None:
    app = make_app("calm", now=NOW)
    with serving(app) as server:
        target, access = Target(Address.parse(server.url)), ConnectionOptions(token=Secret(TOKEN), timeout=3)
        async with open_site(target, access) as ui:
            await ui.press("j", "j")
            before = ui.cursor
            app.state.faults = Faults(error_code=500)
            await ui.press("r")
            assert ui.cursor == before
            assert "CANNOT TELL   The site reported an error" in ui.text
            await ui.press("slash", *"nowhere", "enter")
            assert "No match (57 restore points)" in ui.text
            assert "Incomplete: not readable: the site reported an error" in ui.text
            await ui.press("escape")
            app.state.faults = Faults()
            await ui.press("r")
            assert ui.cursor == before
            assert "Something is wrong" not in ui.text


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        (Faults(html=True, only=("/admin",)), "not readable: the site answered 200 with a page instead of JSON"),
        (Faults(error_code=500, only=("/admin",)), "not readable: the site reported an error"),
        (Faults(error_code=499, error_form=3, only=("/admin",)), "refused: the site requires a token"),
        (parse_fault(["missing-key"]), "not readable: the answer does not have the documented form"),
    ],
)
async def test_failure_is_shown_when_no_list_could_be_read(faults: Faults, expected: str) -> None:
    with serving(make_app("calm", now=NOW, faults=faults)) as server:
        access = ConnectionOptions(token=Secret(TOKEN), timeout=3)
        async with open_site(Target(Address.parse(server.url)), access) as ui:
            assert expected in ui.text
            assert "The site returned an empty list" not in ui.text
            assert "? CANNOT TELL" in ui.text


async def test_unknown_values_are_not_shown_as_none_when_answers_are_missing() -> None:
    with serving(make_app("calm", now=NOW, faults=Faults(hang=True))) as server:
        access = ConnectionOptions(token=Secret(TOKEN), timeout=2)
        app = DrtuiApp(
            Options(Target(Address.parse(server.url)), access, now=NOW, theme="ansi-dark", clock=lambda: NOW)
        )
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            text = UiPilot(app, pilot).text
    assert "Asking the site" in text
    assert "0 in all stores" not in text
    assert "nothing usable" not in text


async def test_lists_are_being_read_when_only_the_stores_have_answered() -> None:
    async with open_demo() as ui:
        poller, site = ui.app.main_screen.poller, ui.app.main_screen.site
        poller.assess_state(replace(site.site_state, backups={}, is_complete=False))
        await ui.settle()
        assert "READING" in ui.lines[0]
        assert "LIVE" not in ui.lines[0]
        assert "0 in all stores" not in ui.text
        assert "Reading the restore points" in ui.text
        await ui.press("C")
        assert ui.lines[-1] == " still reading the restore points"


async def test_count_is_unknown_when_a_store_fails() -> None:
    with serving(make_app("calm", now=NOW, faults=Faults(error_code=500, only=("archive-s3",)))) as server:
        async with open_site(
            Target(Address.parse(server.url)), ConnectionOptions(token=Secret(TOKEN), timeout=5)
        ) as ui:
            assert re.search("All stores +44 +- +not every store", ui.text)
            assert re.search(r"archive-s3 +\? +not readable", ui.text)
            assert "? CANNOT TELL   Not read: backups of archive-s3" in ui.text


async def test_list_says_that_there_are_no_points_when_the_site_has_none() -> None:
    async with open_demo("empty") as ui:
        assert "No restore points" in ui.text
        assert "✗ NOTHING RESTORABLE   There are no restore points" in ui.text


async def test_restore_points_are_shown_when_schedules_are_refused() -> None:
    async with open_demo("no-privilege") as ui:
        assert "schedules: refused" in ui.text
        assert "Newest usable restore point" in ui.text


async def test_reason_names_both_releases_when_the_site_was_upgraded() -> None:
    async with open_demo("upgraded") as ui:
        assert "✗ NOTHING RESTORABLE   All backups are from other releases, this site runs 11.5.0" in ui.text
        assert "57 in all stores" in ui.text


async def test_point_is_not_usable_when_a_part_of_a_completed_record_failed() -> None:
    async with open_demo("half-failed", size=(80, 24)) as ui:
        assert "! AT RISK   Newest usable 32 h 13 min old, over the target of 24 h" in ui.text
        assert "✗ not usable" in ui.cursor
        await ui.press("enter")
        assert "marked completed, but not all parts are" in " ".join(ui.text.split())


async def test_running_backup_is_not_usable_when_its_job_is_completed() -> None:
    async with open_demo("running") as ui:
        assert "↻ running" in ui.cursor
        assert "Backup nightly-2026-09-21-14-08-20 running for 5 min" in ui.text


async def test_columns_stay_aligned_when_names_are_hostile() -> None:
    async with open_demo("hostile", size=(160, 45)) as ui:
        assert "[red]markup[/red]" in ui.text
        assert "[/] closed" in ui.text
        assert "\x1b" not in ui.text
        assert "\u202e" not in ui.text
        table = ui.app.main_screen.panes.table
        widths = {table.render_line(y).cell_length for y in range(table.size.height)}
        assert widths == {table.size.width}


async def test_list_is_browsed_as_usual_when_it_has_5009_odd_names() -> None:
    async with open_demo("thousands", size=(80, 24)) as ui:
        assert "5,032 in all stores" in ui.text
        await ui.press("G", "g", "pagedown", "j")
        assert ui.app.main_screen.panes.table.cursor == ui.app.main_screen.panes.table.visible_row_count + 1
        assert "\x1b" not in ui.text
        assert {ui.app.main_screen.panes.table.render_line(y).cell_length for y in range(20)} == {80}


async def test_mouse_moves_and_opens_when_rows_are_clicked() -> None:
    async with open_demo(size=(120, 40)) as ui:
        await ui.pilot.click("#table", offset=(10, 5))
        await ui.settle()
        assert ui.app.main_screen.panes.table.cursor == 3
        await ui.pilot.click("#stores", offset=(5, 4))
        await ui.pilot.click("#stores", offset=(5, 4), times=2)
        await ui.settle()
        assert "13 in archive-s3" in ui.text


async def test_raw_record_holds_no_secret_when_shown() -> None:
    async with open_demo() as ui:
        await ui.press("y")
        assert '"release": "11.4.0"' in ui.text
        await ui.press("G")
        assert '"backupName": "weekly-' in ui.text
        assert not [secret for secret in PLANTED_SECRETS if secret in ui.text]
        await ui.press("escape")
        assert "3 Restore points" in ui.text


async def test_help_shows_every_group_when_opened_and_closes_again() -> None:
    async with open_demo(size=(120, 80)) as ui:
        await ui.press("question_mark")
        assert "Verdicts" in ui.text
        await ui.press("escape")
        assert "3 Restore points" in ui.text


async def test_palette_finds_a_command_when_its_name_is_typed() -> None:
    async with open_demo() as ui:
        await ui.press("colon", *"raw", "enter")
        await ui.settle()
        assert "Raw JSON of weekly" in ui.text


async def test_times_and_zone_change_when_z_is_pressed() -> None:
    def started(ui: UiPilot) -> str:
        """Return the line with the start time in the detail."""
        (line,) = (
            fact for fact in ui.app.main_screen.panes.detail.columns["facts"].lines if fact.pieces[0][0] == "started   "
        )
        return line.pieces[1][0]

    async with open_demo(zone=zone_named("Europe/Berlin")) as ui:
        before = (ui.cursor, started(ui))
        assert "2026-09-21 10:00" in ui.cursor
        assert started(ui) == "2026-09-21 10:00:49 +02:00"
        await ui.press("z")
        assert "Times in UTC" in ui.text
        assert "2026-09-21 08:00" in ui.cursor
        assert started(ui) == "2026-09-21 08:00:49 +00:00"
        await ui.press("z")
        assert "CEST +02:00" in ui.text
        assert (ui.cursor, started(ui)) == before


async def test_one_pane_fills_the_window_when_zoomed() -> None:
    async with open_demo() as ui:
        await ui.press("f")
        assert "2 Stores" not in ui.text
        await ui.press("f")
        assert "2 Stores" in ui.text


async def test_main_screen_is_ascii_when_the_plain_option_is_set() -> None:
    async with open_demo(plain=True) as ui:
        assert "ok usable" in ui.text
        assert ui.text.isascii()
        await ui.resize((44, 20))
        assert "~" in ui.lines[ui.app.main_screen.panes.table.region.y + 2]
        assert ui.text.isascii()


async def test_store_count_is_shown_in_full_when_the_name_is_long() -> None:
    place = "gis-production-emergency.some-very-long-department.example.org/arcgis-enterprise"
    async with open_demo(size=(80, 24)) as ui:
        main_screen = ui.app.main_screen
        main_screen.poller.assess_state(replace(main_screen.site.site_state, location=place))
        for key in ("2", "w", "v", "D", "t"):
            await ui.press(key)
            assert ui.lines[0].endswith("LIVE 14:13 UTC   READ-ONLY")
            await ui.press("escape")
        await ui.press("2")
        main_screen.panes.stores.show(
            [StoreRow("tokyo", "東京" * 30, points="13", newest="11 d", type="S3", registered="11.2.0")]
        )
        await ui.settle()
        assert re.search("東京 +13 +11 d +S3 +11.2.0", ui.text)


async def test_site_is_loaded_when_the_sign_in_of_the_first_start_is_answered() -> None:
    with serving(make_app("calm", now=NOW)) as server:
        async with start_ui(None) as ui:
            assert "Waiting for the address of a site" in ui.text
            assert "drtui --demo opens a simulated one" in ui.text
            assert "enter next field   tab or up/down any field" in ui.text
            assert "Asking" not in ui.text
            await ui.press("escape")
            for key in "abwtrMA@":
                await ui.press("s", key)
                assert ui.lines[-1] == " no site yet: press o and enter its address", key
                assert len(ui.app.screen_stack) == 1
            await ui.press("o", "tab", "shift+tab", "enter")
            assert "left/right choose   enter or tab next field" in ui.text
            await ui.press("right")
            ui.app.screen.query_one("#address", Input).value = "not an address"
            ui.app.screen.query_one("#token", Input).focus()
            await ui.press(*TOKEN, "enter")
            assert "'not an address' is not a valid address. Write it like" in ui.text
            assert "https://gis.example.com/arcgis" in ui.text
            assert "*" * len(TOKEN) in ui.text
            ui.app.screen.query_one("#address", Input).value = server.url
            ui.app.screen.query_one("#token", Input).focus()
            await ui.press("enter")
            await ui.settle()
            assert "57 in all stores" in ui.text
            assert TOKEN not in ui.text


async def test_list_is_shown_when_the_target_is_a_saved_file(tmp_path: Path) -> None:
    saved = tmp_path / "backups.json"
    record = {"backupName": "kept", "backupStore": "default", "status": "completed", "startTime": NOW - 3_600_000}
    saved.write_text(json.dumps({"backups": [record]}))
    async with open_site(Target(file=saved), ConnectionOptions()) as ui:
        assert "kept" in ui.cursor
        assert "✗ not usable" in ui.cursor


async def test_exit_succeeds_when_a_request_is_in_progress() -> None:
    with serving(make_app("calm", now=NOW, faults=Faults(hang=True))) as server:
        access = ConnectionOptions(token=Secret(TOKEN), timeout=1)
        async with start_ui(Target(Address.parse(server.url)), access) as ui:
            await ui.pilot.press("r", "q")
        assert ui.app.return_code == 0


async def test_key_paints_no_more_rows_when_the_list_has_a_thousand() -> None:
    drawn: dict[str, int] = {}
    for scenario in ("seed", "thousands"):
        async with open_demo(scenario) as ui:
            table = ui.app.main_screen.panes.table
            lines: list[int] = []
            original = table._draw_line

            def counted(y: int, lines: list[int] = lines, original: object = original) -> object:
                lines.append(y)
                return original(y)  # type: ignore[operator]

            table._draw_line = counted  # type: ignore[method-assign,assignment]
            await ui.press("j")
            drawn[scenario] = len(lines)
    assert drawn["thousands"] <= drawn["seed"] + 2


async def test_site_activity_is_shown_when_the_site_is_entered() -> None:
    async with open_demo() as ui:
        for way in (("1",), ("h", "h")):
            await ui.press(*way, "enter")
            assert "Last operation" in ui.text
            assert "CRON (QUARTZ, UTC)" in ui.text
            await ui.press("escape", "3")
