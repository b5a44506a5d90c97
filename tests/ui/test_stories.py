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
    async with story() as told:
        assert "Newest usable restore point: 6 h 13 min old, within the target of 24 h" in told.text


TITLES = ("1 Site", "2 Stores", "3 Restore points", "4 Restore point")


async def test_one_pane_is_shown_with_the_site_above_it_when_the_window_is_small() -> None:
    async with story(size=(80, 24)) as told:
        for key, title in zip("1234", TITLES, strict=True):
            await told.press(key)
            assert [each for each in TITLES if each in told.text] == [title]
            assert "demo: calm  live 14:13" in told.lines[0]
            assert "Newest usable restore point" in told.lines[1]


@pytest.mark.parametrize("size", in_full([(120, 40), (100, 30)], but=[(100, 30)]))
async def test_every_pane_is_shown_when_the_window_has_room(size: tuple[int, int]) -> None:
    async with story(size=size) as told:
        for title in TITLES:
            assert title in told.text
        assert told.app.browse.table.page >= 8


async def test_a_window_too_small_says_so() -> None:
    async with story(size=(39, 9)) as told:
        assert told.lines[0].strip() == "The window is too small,"
        assert "39x9" in told.lines[1]


async def test_the_detail_follows_the_cursor() -> None:
    async with story("seed") as told:
        await told.press("G")
        assert "backup_first" in told.cursor
        for expected in (
            "hgdb_wqlxr",
            "ed6980a1d5d34b56880836d4373b0051",
            "datastoreconfig",
            "buckets (3)",
            "4 m 31 s",
        ):
            assert expected in told.text
        await told.press("k")
        assert "schedule1-2021-10-22-20-00-09" in told.cursor
        assert "buckets (4)" in told.text
        assert "hgdb_wqlxr" not in told.text


async def test_enter_goes_in_and_esc_goes_out_but_never_leaves_the_program() -> None:
    async with story(size=(80, 24)) as told:
        await told.press("enter")
        assert "4 Restore point" in told.text
        await told.press("escape")
        assert "3 Restore points" in told.text
        await told.press("escape", "escape", "escape")
        assert told.app.is_running


async def test_a_store_is_entered_and_left() -> None:
    async with story() as told:
        await told.press("2", "j", "j", "enter")
        assert "13 in archive-s3" in told.text
        await told.press("escape")
        assert "57 in all stores" in told.text


async def test_the_filter_follows_the_typing_and_esc_clears_it() -> None:
    async with story() as told:
        await told.press("slash", *"parcel-mig", "enter")
        assert "filter [parcel-mig]  esc clears" in told.text
        assert "1 of 57 in all stores" in told.text
        assert "before-parcel-migration" in told.cursor
        await told.press("escape")
        assert "57 in all stores" in told.text


@pytest.mark.parametrize("size", in_full([(80, 24), (120, 40)], but=[(80, 24)]))
async def test_keys_reach_the_focus_of_their_turn_when_they_come_at_once(size: tuple[int, int]) -> None:
    async with story(size=size) as told:
        for key, character in (("4", "4"), ("escape", None), ("slash", "/"), ("j", "j"), ("k", "k")):
            told.app.post_message(events.Key(key, character))
        await told.settle()
        await told.settle()
        assert told.app.browse.filterbar.line.value == "jk"


async def test_a_filter_that_finds_nothing_says_how_to_go_on() -> None:
    async with story() as told:
        await told.press("slash", *"nowhere", "enter")
        assert "None of 57 restore points passes the filter:" in told.text
        assert "nowhere   has 'nowhere' somewhere in it" in told.text
        assert "esc clears the filter" in told.text


async def test_the_filter_finds_what_is_inside() -> None:
    async with story() as told:
        await told.press("slash", *"zoning", "enter")
        assert 0 < len(told.app.browse.catalog.points) < 57


async def test_refresh_keeps_cursor_and_filter_and_repeats_the_first_requests() -> None:
    sent: list[tuple[str, str, bytes]] = []
    app = make_app("calm", now=NOW)

    async def recording(scope: Scope, receive: Receive, send: Send) -> None:
        sent.append((scope["method"], scope["path"], scope["query_string"]))
        await app(scope, receive, send)

    with serving(recording) as where:
        async with visiting(Target(Address.parse(where.url)), ConnectionOptions(token=Secret(TOKEN))) as told:
            first = sorted(sent)
            assert {(method, query) for method, _, query in first} == {("GET", b"f=json")}
            await told.press("slash", *"nightly", "enter", "j", "j", "j")
            before = (told.cursor, told.text)
            assert sorted(sent) == first, "moving and filtering ask for nothing"
            await told.press("r")
            assert (told.cursor, told.text) == before
            assert sorted(sent) == sorted(2 * first)


async def test_a_site_that_goes_away_leaves_the_list_standing() -> None:
    app = make_app("calm", now=NOW)
    with serving(app) as where:
        target, access = Target(Address.parse(where.url)), ConnectionOptions(token=Secret(TOKEN), timeout=3)
        async with visiting(target, access) as told:
            await told.press("j", "j")
            before = told.cursor
            app.state.faults = Faults(error_code=500)
            await told.press("r")
            assert told.cursor == before
            assert "Something is wrong with this site." in told.text
            await told.press("slash", *"nowhere", "enter")
            assert "None of 57 restore points passes the filter:" in told.text
            assert "Not all is known: not readable: the site reported an error" in told.text
            await told.press("escape")
            app.state.faults = Faults()
            await told.press("r")
            assert told.cursor == before
            assert "Something is wrong" not in told.text


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        (Faults(html=True, only=("/admin",)), "not readable: the site answered 200 with a page instead of JSON"),
        (Faults(error_code=500, only=("/admin",)), "not readable: the site reported an error"),
        (Faults(error_code=499, error_form=3, only=("/admin",)), "refused: the site wants a token"),
        (parse_fault(["missing-key"]), "not readable: the answer is not what is documented"),
    ],
)
async def test_a_failure_never_looks_like_an_empty_list(faults: Faults, expected: str) -> None:
    with serving(make_app("calm", now=NOW, faults=faults)) as where:
        access = ConnectionOptions(token=Secret(TOKEN), timeout=3)
        async with visiting(Target(Address.parse(where.url)), access) as told:
            assert expected in told.text
            assert "There are no restore points" not in told.text
            assert "Cannot tell" in told.text


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
        async with visiting(
            Target(Address.parse(where.url)), ConnectionOptions(token=Secret(TOKEN), timeout=5)
        ) as told:
            assert "44, not every store could be read" in told.text
            assert "archive-s3  not readable" in told.text
            assert "Newest usable restore point" in told.text


async def test_an_empty_list_says_that_the_site_says_so() -> None:
    async with story("empty") as told:
        assert "There are no restore points here." in told.text
        assert "Nothing restorable: there are no restore points" in told.text


async def test_schedules_refused_leave_the_rest_usable() -> None:
    async with story("no-privilege") as told:
        assert "schedules: refused" in told.text
        assert "Newest usable restore point" in told.text


async def test_the_day_after_an_upgrade_names_both_releases() -> None:
    async with story("upgraded") as told:
        assert "made by release 11.4.0, this site runs 11.5.0" in told.text
        assert "57 in all stores" in told.text


async def test_a_completed_record_over_a_failed_part_is_not_usable() -> None:
    async with story("half-failed", size=(80, 24)) as told:
        assert "Newest usable restore point: 32 h 13 min old, past the target of 24 h" in told.text
        assert "✗ not usable" in told.cursor
        await told.press("enter")
        assert "its own status says completed, its parts do not" in " ".join(told.text.split())


async def test_a_running_backup_is_not_usable_though_its_job_is_completed() -> None:
    async with story("running") as told:
        assert "~ running" in told.cursor
        assert "is going on for 5 min, in Stage Object store" in told.text


async def test_hostile_names_are_shown_as_typed_and_columns_stay_aligned() -> None:
    async with story("hostile", size=(160, 45)) as told:
        assert "[red]markup[/red]" in told.text
        assert "[/] closed" in told.text
        assert "\x1b" not in told.text
        assert "\u202e" not in told.text
        table = told.app.browse.table
        widths = {table.render_line(y).cell_length for y in range(table.size.height)}
        assert widths == {table.size.width}


async def test_5009_records_with_odd_names_are_browsed_like_any_other() -> None:
    async with story("thousands", size=(80, 24)) as told:
        assert "5,032 in all stores" in told.text
        await told.press("G", "g", "pagedown", "j")
        assert told.app.browse.table.cursor == told.app.browse.table.page + 1
        assert "\x1b" not in told.text
        assert {told.app.browse.table.render_line(y).cell_length for y in range(20)} == {80}


async def test_the_mouse_can_do_what_keys_can() -> None:
    async with story(size=(120, 40)) as told:
        await told.pilot.click("#table", offset=(10, 5))
        await told.settle()
        assert told.app.browse.table.cursor == 3
        await told.pilot.click("#stores", offset=(5, 3))
        await told.pilot.click("#stores", offset=(5, 3), times=2)
        await told.settle()
        assert "13 in archive-s3" in told.text


async def test_the_raw_record_holds_no_secret() -> None:
    async with story() as told:
        await told.press("y")
        assert '"release": "11.4.0"' in told.text
        await told.press("G")
        assert '"backupName": "weekly-' in told.text
        assert not [secret for secret in PLANTED_SECRETS if secret in told.text]
        await told.press("escape")
        assert "3 Restore points" in told.text


async def test_help_has_every_group_and_leaves_again() -> None:
    async with story(size=(120, 60)) as told:
        await told.press("question_mark")
        assert "What is said of a restore point" in told.text
        await told.press("escape")
        assert "3 Restore points" in told.text


async def test_the_palette_finds_a_command_by_its_name() -> None:
    async with story() as told:
        await told.press("colon", *"raw", "enter")
        await told.settle()
        assert "Record of weekly" in told.text


async def test_times_and_their_zone_change_when_z_is_pressed() -> None:
    def started(told: Story) -> str:
        """The line of the selected restore point's start in the detail."""
        (line,) = (each for each in told.app.browse.detail.columns["facts"].lines if each.pieces[0][0] == "started   ")
        return line.pieces[1][0]

    async with story(zone=zone_named("Europe/Berlin")) as told:
        here = (told.cursor, started(told))
        assert "2026-09-21 10:00" in told.cursor
        assert started(told) == "2026-09-21 10:00:49 +02:00"
        await told.press("z")
        assert "times in UTC" in told.text
        assert "2026-09-21 08:00" in told.cursor
        assert started(told) == "2026-09-21 08:00:49 +00:00"
        await told.press("z")
        assert "times in CEST +02:00" in told.text
        assert (told.cursor, started(told)) == here


async def test_zoom_gives_the_window_to_one_pane() -> None:
    async with story() as told:
        await told.press("f")
        assert "2 Stores" not in told.text
        await told.press("f")
        assert "2 Stores" in told.text


async def test_ascii_keeps_to_ascii() -> None:
    async with story(plain=True) as told:
        assert "ok usable" in told.text
        assert told.text.isascii()
        await told.resize((44, 20))
        assert "~" in told.lines[told.app.browse.table.region.y + 2]
        assert told.text.isascii()


async def test_a_long_name_gives_way_to_what_is_said_of_it() -> None:
    place = "gis-production-emergency.some-very-long-department.example.org/arcgis-enterprise"
    async with story(size=(80, 24)) as told:
        browse = told.app.browse
        browse.judge(replace(browse.reading, place=place))
        for key in ("2", "w", "v", "D", "t"):
            await told.press(key)
            assert "live 14:13" in told.lines[0]
            assert "gis-production-" in told.lines[0]
            await told.press("escape")
        await told.press("2")
        browse.stores.show([Line((("東京" * 30, ""), ("  13, usable 11 d old", ""), ("  S3 by 11.2.0", "")), "tokyo")])
        await told.settle()
        assert "東京  13, usable 11 d old  S3 by 11.2.0" in told.text


async def test_the_first_run_asks_where_to_connect_and_connects() -> None:
    with serving(make_app("calm", now=NOW)) as where:
        async with looking_at(None) as told:
            assert "Address, as the browser shows it" in told.text
            assert "Asking" not in told.text
            await told.press("enter")
            told.app.screen.query_one("#address", Input).value = "not an address"
            told.app.screen.query_one("#secret", Input).focus()
            await told.press(*TOKEN, "enter")
            assert "'not an address' is no address; write it as in" in told.text
            assert "https://gis.example.com/arcgis" in told.text
            assert "*" * len(TOKEN) in told.text
            told.app.screen.query_one("#address", Input).value = where.url
            told.app.screen.query_one("#secret", Input).focus()
            await told.press("enter")
            await told.settle()
            assert "57 in all stores" in told.text
            assert TOKEN not in told.text


async def test_a_saved_answer_is_a_target(tmp_path: Path) -> None:
    saved = tmp_path / "backups.json"
    record = {"backupName": "kept", "backupStore": "default", "status": "completed", "startTime": NOW - 3_600_000}
    saved.write_text(json.dumps({"backups": [record]}))
    async with visiting(Target(file=saved), ConnectionOptions()) as told:
        assert "kept" in told.cursor
        assert "✗ not usable" in told.cursor


async def test_leaving_while_the_site_is_being_asked_does_not_fail() -> None:
    with serving(make_app("calm", now=NOW, faults=Faults(hang=True))) as where:
        access = ConnectionOptions(token=Secret(TOKEN), timeout=1)
        async with looking_at(Target(Address.parse(where.url)), access) as told:
            await told.pilot.press("r", "q")
        assert told.app.return_code == 0


async def test_a_thousand_rows_cost_a_key_no_more_than_ten() -> None:
    drawn: dict[str, int] = {}
    for scenario in ("seed", "thousands"):
        async with story(scenario) as told:
            table = told.app.browse.table
            lines: list[int] = []
            original = table._line

            def counted(y: int, lines: list[int] = lines, original: object = original) -> object:
                lines.append(y)
                return original(y)  # type: ignore[operator]

            table._line = counted  # type: ignore[method-assign,assignment]
            await told.press("j")
            drawn[scenario] = len(lines)
    assert drawn["thousands"] <= drawn["seed"] + 2


async def test_site_tells_what_it_does_by_itself_when_it_is_entered() -> None:
    async with story() as told:
        for way in (("1",), ("h", "h")):
            await told.press(*way, "enter")
            assert "Last operation" in told.text
            assert "cron (quartz, utc)" in told.text
            await told.press("escape", "3")
