"""Stories: press, then look at what a person could see."""

import json
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
from drtui.ui.widgets.styled_lines import Line
from tests.conftest import NOW
from tests.suites import in_full
from tests.ui.stories import Story, looking_at, story, visiting


async def test_first_screen_answers_before_any_key() -> None:
    async with story() as ui:
        assert "Newest usable restore point: 6 h 13 min old, within the target of 24 h" in ui.text


TITLES = ("1 Site", "2 Stores", "3 Restore points", "4 Restore point")


async def test_one_pane_is_shown_with_the_site_above_it_when_the_window_is_small() -> None:
    async with story(size=(80, 24)) as ui:
        for key, title in zip("1234", TITLES, strict=True):
            await ui.press(key)
            assert [each for each in TITLES if each in ui.text] == [title]
            assert "demo: calm  live 14:13" in ui.lines[0]
            assert "Newest usable restore point" in ui.lines[1]


@pytest.mark.parametrize("size", in_full([(120, 40), (100, 30)], but=[(100, 30)]))
async def test_every_pane_is_shown_when_the_window_has_room(size: tuple[int, int]) -> None:
    async with story(size=size) as ui:
        for title in TITLES:
            assert title in ui.text
        assert ui.app.main_screen.table.page >= 8


async def test_a_window_too_small_says_so() -> None:
    async with story(size=(39, 9)) as ui:
        assert ui.lines[0].strip() == "The window is too small,"
        assert "39x9" in ui.lines[1]


async def test_the_detail_follows_the_cursor() -> None:
    async with story("seed") as ui:
        await ui.press("G")
        assert "backup_first" in ui.cursor
        for expected in (
            "hgdb_wqlxr",
            "ed6980a1d5d34b56880836d4373b0051",
            "datastoreconfig",
            "buckets (3)",
            "4 m 31 s",
        ):
            assert expected in ui.text
        await ui.press("k")
        assert "schedule1-2021-10-22-20-00-09" in ui.cursor
        assert "buckets (4)" in ui.text
        assert "hgdb_wqlxr" not in ui.text


async def test_enter_goes_in_and_esc_goes_out_but_never_leaves_the_program() -> None:
    async with story(size=(80, 24)) as ui:
        await ui.press("enter")
        assert "4 Restore point" in ui.text
        await ui.press("escape")
        assert "3 Restore points" in ui.text
        await ui.press("escape", "escape", "escape")
        assert ui.app.is_running


async def test_a_store_is_entered_and_left() -> None:
    async with story() as ui:
        await ui.press("2", "j", "j", "enter")
        assert "13 in archive-s3" in ui.text
        await ui.press("escape")
        assert "57 in all stores" in ui.text


async def test_the_filter_follows_the_typing_and_esc_clears_it() -> None:
    async with story() as ui:
        await ui.press("slash", *"parcel-mig", "enter")
        assert "filter [parcel-mig]  esc clears" in ui.text
        assert "1 of 57 in all stores" in ui.text
        assert "before-parcel-migration" in ui.cursor
        await ui.press("escape")
        assert "57 in all stores" in ui.text


@pytest.mark.parametrize("size", in_full([(80, 24), (120, 40)], but=[(80, 24)]))
async def test_keys_reach_the_focus_of_their_turn_when_they_come_at_once(size: tuple[int, int]) -> None:
    async with story(size=size) as ui:
        for key, character in (("4", "4"), ("escape", None), ("slash", "/"), ("j", "j"), ("k", "k")):
            ui.app.post_message(events.Key(key, character))
        await ui.settle()
        await ui.settle()
        assert ui.app.main_screen.filterbar.line.value == "jk"


async def test_a_filter_that_finds_nothing_says_how_to_go_on() -> None:
    async with story() as ui:
        await ui.press("slash", *"nowhere", "enter")
        assert "None of 57 restore points passes the filter:" in ui.text
        assert "nowhere   has 'nowhere' somewhere in it" in ui.text
        assert "esc clears the filter" in ui.text


async def test_the_filter_finds_what_is_inside() -> None:
    async with story() as ui:
        await ui.press("slash", *"zoning", "enter")
        assert 0 < len(ui.app.main_screen.catalog.points) < 57


async def test_refresh_keeps_cursor_and_filter_and_repeats_the_first_requests() -> None:
    sent: list[tuple[str, str, bytes]] = []
    app = make_app("calm", now=NOW)

    async def recording(scope: Scope, receive: Receive, send: Send) -> None:
        sent.append((scope["method"], scope["path"], scope["query_string"]))
        await app(scope, receive, send)

    with serving(recording) as where:
        async with visiting(Target(Address.parse(where.url)), ConnectionOptions(token=Secret(TOKEN))) as ui:
            first = sorted(sent)
            assert {(method, query) for method, _, query in first} == {("GET", b"f=json")}
            await ui.press("slash", *"nightly", "enter", "j", "j", "j")
            before = (ui.cursor, ui.text)
            assert sorted(sent) == first, "moving and filtering ask for nothing"
            await ui.press("r")
            assert (ui.cursor, ui.text) == before
            assert sorted(sent) == sorted(2 * first)


async def test_a_site_that_goes_away_leaves_the_list_standing() -> None:
    app = make_app("calm", now=NOW)
    with serving(app) as where:
        target, access = Target(Address.parse(where.url)), ConnectionOptions(token=Secret(TOKEN), timeout=3)
        async with visiting(target, access) as ui:
            await ui.press("j", "j")
            before = ui.cursor
            app.state.faults = Faults(error_code=500)
            await ui.press("r")
            assert ui.cursor == before
            assert "Something is wrong with this site." in ui.text
            await ui.press("slash", *"nowhere", "enter")
            assert "None of 57 restore points passes the filter:" in ui.text
            assert "Not all is known: not readable: the site reported an error" in ui.text
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
async def test_a_failure_never_looks_like_an_empty_list(faults: Faults, expected: str) -> None:
    with serving(make_app("calm", now=NOW, faults=faults)) as where:
        access = ConnectionOptions(token=Secret(TOKEN), timeout=3)
        async with visiting(Target(Address.parse(where.url)), access) as ui:
            assert expected in ui.text
            assert "There are no restore points" not in ui.text
            assert "Cannot tell" in ui.text


async def test_what_is_not_known_yet_is_not_shown_as_none() -> None:
    with serving(make_app("calm", now=NOW, faults=Faults(hang=True))) as where:
        access = ConnectionOptions(token=Secret(TOKEN), timeout=2)
        app = DrtuiApp(Options(Target(Address.parse(where.url)), access, now=NOW, theme="ansi-dark", clock=lambda: NOW))
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            text = Story(app, pilot).text
    assert "Asking the site" in text
    assert "0 in all stores" not in text
    assert "nothing usable" not in text


async def test_a_store_that_fails_makes_the_whole_unknown() -> None:
    with serving(make_app("calm", now=NOW, faults=Faults(error_code=500, only=("archive-s3",)))) as where:
        async with visiting(Target(Address.parse(where.url)), ConnectionOptions(token=Secret(TOKEN), timeout=5)) as ui:
            assert "44, not every store could be read" in ui.text
            assert "archive-s3  not readable" in ui.text
            assert "Newest usable restore point" in ui.text


async def test_an_empty_list_says_that_the_site_says_so() -> None:
    async with story("empty") as ui:
        assert "There are no restore points here." in ui.text
        assert "Nothing restorable: there are no restore points" in ui.text


async def test_schedules_refused_leave_the_rest_usable() -> None:
    async with story("no-privilege") as ui:
        assert "schedules: refused" in ui.text
        assert "Newest usable restore point" in ui.text


async def test_the_day_after_an_upgrade_names_both_releases() -> None:
    async with story("upgraded") as ui:
        assert "made by release 11.4.0, this site runs 11.5.0" in ui.text
        assert "57 in all stores" in ui.text


async def test_a_completed_record_over_a_failed_part_is_not_usable() -> None:
    async with story("half-failed", size=(80, 24)) as ui:
        assert "Newest usable restore point: 32 h 13 min old, past the target of 24 h" in ui.text
        assert "✗ not usable" in ui.cursor
        await ui.press("enter")
        assert "its own status says completed, its parts do not" in " ".join(ui.text.split())


async def test_a_running_backup_is_not_usable_though_its_job_is_completed() -> None:
    async with story("running") as ui:
        assert "~ running" in ui.cursor
        assert "is going on for 5 min, in Stage Object store" in ui.text


async def test_hostile_names_are_shown_as_typed_and_columns_stay_aligned() -> None:
    async with story("hostile", size=(160, 45)) as ui:
        assert "[red]markup[/red]" in ui.text
        assert "[/] closed" in ui.text
        assert "\x1b" not in ui.text
        assert "\u202e" not in ui.text
        table = ui.app.main_screen.table
        widths = {table.render_line(y).cell_length for y in range(table.size.height)}
        assert widths == {table.size.width}


async def test_5009_records_with_odd_names_are_browsed_like_any_other() -> None:
    async with story("thousands", size=(80, 24)) as ui:
        assert "5,032 in all stores" in ui.text
        await ui.press("G", "g", "pagedown", "j")
        assert ui.app.main_screen.table.cursor == ui.app.main_screen.table.page + 1
        assert "\x1b" not in ui.text
        assert {ui.app.main_screen.table.render_line(y).cell_length for y in range(20)} == {80}


async def test_the_mouse_can_do_what_keys_can() -> None:
    async with story(size=(120, 40)) as ui:
        await ui.pilot.click("#table", offset=(10, 5))
        await ui.settle()
        assert ui.app.main_screen.table.cursor == 3
        await ui.pilot.click("#stores", offset=(5, 3))
        await ui.pilot.click("#stores", offset=(5, 3), times=2)
        await ui.settle()
        assert "13 in archive-s3" in ui.text


async def test_the_raw_record_holds_no_secret() -> None:
    async with story() as ui:
        await ui.press("y")
        assert '"release": "11.4.0"' in ui.text
        await ui.press("G")
        assert '"backupName": "weekly-' in ui.text
        assert not [secret for secret in PLANTED_SECRETS if secret in ui.text]
        await ui.press("escape")
        assert "3 Restore points" in ui.text


async def test_help_has_every_group_and_leaves_again() -> None:
    async with story(size=(120, 60)) as ui:
        await ui.press("question_mark")
        assert "What is said of a restore point" in ui.text
        await ui.press("escape")
        assert "3 Restore points" in ui.text


async def test_the_palette_finds_a_command_by_its_name() -> None:
    async with story() as ui:
        await ui.press("colon", *"raw", "enter")
        await ui.settle()
        assert "Record of weekly" in ui.text


async def test_times_and_their_zone_change_when_z_is_pressed() -> None:
    def started(ui: Story) -> str:
        """The line of the selected restore point's start in the detail."""
        (line,) = (
            each for each in ui.app.main_screen.detail.columns["facts"].lines if each.pieces[0][0] == "started   "
        )
        return line.pieces[1][0]

    async with story(zone=zone_named("Europe/Berlin")) as ui:
        here = (ui.cursor, started(ui))
        assert "2026-09-21 10:00" in ui.cursor
        assert started(ui) == "2026-09-21 10:00:49 +02:00"
        await ui.press("z")
        assert "times in UTC" in ui.text
        assert "2026-09-21 08:00" in ui.cursor
        assert started(ui) == "2026-09-21 08:00:49 +00:00"
        await ui.press("z")
        assert "times in CEST +02:00" in ui.text
        assert (ui.cursor, started(ui)) == here


async def test_zoom_gives_the_window_to_one_pane() -> None:
    async with story() as ui:
        await ui.press("f")
        assert "2 Stores" not in ui.text
        await ui.press("f")
        assert "2 Stores" in ui.text


async def test_ascii_keeps_to_ascii() -> None:
    async with story(plain=True) as ui:
        assert "ok usable" in ui.text
        assert ui.text.isascii()
        await ui.resize((44, 20))
        assert "~" in ui.lines[ui.app.main_screen.table.region.y + 2]
        assert ui.text.isascii()


async def test_a_long_name_gives_way_to_what_is_said_of_it() -> None:
    place = "gis-production-emergency.some-very-long-department.example.org/arcgis-enterprise"
    async with story(size=(80, 24)) as ui:
        main_screen = ui.app.main_screen
        main_screen.assess_state(replace(main_screen.site_state, location=place))
        for key in ("2", "w", "v", "D", "t"):
            await ui.press(key)
            assert "live 14:13" in ui.lines[0]
            assert "gis-production-" in ui.lines[0]
            await ui.press("escape")
        await ui.press("2")
        main_screen.stores.show(
            [Line((("東京" * 30, ""), ("  13, usable 11 d old", ""), ("  S3 by 11.2.0", "")), "tokyo")]
        )
        await ui.settle()
        assert "東京  13, usable 11 d old  S3 by 11.2.0" in ui.text


async def test_the_first_run_asks_where_to_connect_and_connects() -> None:
    with serving(make_app("calm", now=NOW)) as where:
        async with looking_at(None) as ui:
            assert "Address, as the browser shows it" in ui.text
            assert "Asking" not in ui.text
            await ui.press("enter")
            ui.app.screen.query_one("#address", Input).value = "not an address"
            ui.app.screen.query_one("#secret", Input).focus()
            await ui.press(*TOKEN, "enter")
            assert "Cannot read 'not an address' as an address. Write it like" in ui.text
            assert "https://gis.example.com/arcgis" in ui.text
            assert "*" * len(TOKEN) in ui.text
            ui.app.screen.query_one("#address", Input).value = where.url
            ui.app.screen.query_one("#secret", Input).focus()
            await ui.press("enter")
            await ui.settle()
            assert "57 in all stores" in ui.text
            assert TOKEN not in ui.text


async def test_a_saved_answer_is_a_target(tmp_path: Path) -> None:
    saved = tmp_path / "backups.json"
    record = {"backupName": "kept", "backupStore": "default", "status": "completed", "startTime": NOW - 3_600_000}
    saved.write_text(json.dumps({"backups": [record]}))
    async with visiting(Target(file=saved), ConnectionOptions()) as ui:
        assert "kept" in ui.cursor
        assert "✗ not usable" in ui.cursor


async def test_leaving_while_the_site_is_being_asked_does_not_fail() -> None:
    with serving(make_app("calm", now=NOW, faults=Faults(hang=True))) as where:
        access = ConnectionOptions(token=Secret(TOKEN), timeout=1)
        async with looking_at(Target(Address.parse(where.url)), access) as ui:
            await ui.pilot.press("r", "q")
        assert ui.app.return_code == 0


async def test_a_thousand_rows_cost_a_key_no_more_than_ten() -> None:
    drawn: dict[str, int] = {}
    for scenario in ("seed", "thousands"):
        async with story(scenario) as ui:
            table = ui.app.main_screen.table
            lines: list[int] = []
            original = table._draw_line

            def counted(y: int, lines: list[int] = lines, original: object = original) -> object:
                lines.append(y)
                return original(y)  # type: ignore[operator]

            table._draw_line = counted  # type: ignore[method-assign,assignment]
            await ui.press("j")
            drawn[scenario] = len(lines)
    assert drawn["thousands"] <= drawn["seed"] + 2


async def test_site_tells_what_it_does_by_itself_when_it_is_entered() -> None:
    async with story() as ui:
        for way in (("1",), ("h", "h")):
            await ui.press(*way, "enter")
            assert "Last operation" in ui.text
            assert "cron (quartz, utc)" in ui.text
            await ui.press("escape", "3")
