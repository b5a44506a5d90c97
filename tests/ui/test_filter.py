"""The filter of the list, as one types it."""

import pytest
from msgspec.structs import replace
from textual import events

from drtui.core.formatting.times import HOUR
from drtui.ui.main.screen import MainScreen
from tests.conftest import NOW
from tests.suites import in_full
from tests.ui.stories import Story, story

SIZES = [(80, 24), (120, 40), (160, 45)]


async def typed(told: Story, text: str) -> None:
    """Open the filter and type."""
    await told.press("slash", *text)


def browse(told: Story) -> MainScreen:
    return told.app.browse


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[:1]))
async def test_filter_completes_field_and_value_when_they_have_been_begun(size: tuple[int, int]) -> None:
    async with story(size=size) as told:
        await typed(told, "gd")
        assert "tab gdb:" in told.text
        await told.press("tab")
        assert "tab addresses  boundaries" in told.text
        assert "57 in all stores" in told.text  # a term that has only been begun counts for nothing
        await told.press(*"zon", "right")
        assert browse(told).filterbar.line.value == "gdb:zoning"
        assert "32 of 57 in all stores" in told.text
        await told.press("enter")
        assert "filter [gdb:zoning]  esc clears" in told.text
        assert told.app.focused is browse(told).table


@pytest.mark.parametrize("size", in_full(SIZES[1:], but=SIZES[1:2]))
async def test_filter_points_at_the_error_and_keeps_the_list_when_a_value_is_misspelt(size: tuple[int, int]) -> None:
    async with story(size=size) as told:
        await typed(told, "gdb:zoning verdict:usible")
        lines = told.lines
        row = next(number for number, text in enumerate(lines) if text.startswith(" filter gdb:zoning verdict:usible"))
        assert lines[row + 1].startswith(" " * 27 + "^^^^^^ no verdict is called 'usible'; did you mean usable?")
        assert lines[row - 1].strip() == "still [gdb:zoning] [verdict:us]  esc clears"
        assert "16 of 57 in all stores" in told.text
        await told.press("enter")
        assert browse(told).filterbar.typing
        await told.press("backspace", "backspace", "backspace", "backspace", "enter")
        assert "16 of 57 in all stores" in told.text
        assert "filter [gdb:zoning] [verdict:us]" in told.text


async def test_an_error_that_has_no_room_beside_its_place_is_said_whole() -> None:
    async with story(size=(80, 24)) as told:
        await typed(told, "gdb:zoning gdb:parcels bucket:con bukcet:x")
        assert "no field is called 'bukcet'; did you mean bucket?" in told.text
        line = browse(told).filterbar.line
        assert [str(each.style) for each in line._value.spans] == ["underline bold"]
        assert line._value.plain[slice(*line._value.spans[0][:2])] == "bukcet"


async def test_a_filter_survives_a_refresh_the_detail_and_a_change_of_zone() -> None:
    async with story() as told:
        await typed(told, "since:2026-09-20 !weekly")
        await told.press("enter")
        before = told.cursor
        for keys in (("r",), ("4", "escape"), ("enter", "escape"), ("z",), ("z",)):
            await told.press(*keys)
            assert "[since:2026-09-20] [!weekly]" in told.text
            assert told.cursor.split()[:2] == before.split()[:2]


async def test_at_80x24_the_chips_stand_over_every_pane() -> None:
    async with story(size=(80, 24)) as told:
        await typed(told, "verdict:usable")
        await told.press("enter")
        for pane in "1234":
            await told.press(pane)
            assert "filter [verdict:usable]" in told.text


async def test_a_filter_goes_along_into_a_store_but_not_from_one_to_another() -> None:
    async with story() as told:
        await typed(told, "upgrade")
        await told.press("enter", "2", "j", "j", "enter")
        assert "2 of 13 in archive-s3" in told.text
        await told.press("2", "j", "enter")
        assert "10 in offsite-azure" in told.text
        assert "the filter was for archive-s3: / and up bring it back" in told.text
        await told.press("slash", "up")
        assert browse(told).filterbar.line.value == "upgrade"


async def test_earlier_filters_come_back() -> None:
    async with story() as told:
        for text in ("weekly", "kind:manual", "weekly"):
            await typed(told, text)
            await told.press("enter", "escape")
        line = browse(told).filterbar.line
        await typed(told, "gdb:")
        seen = []
        for key in ("up", "up", "up", "down", "down", "down"):
            await told.press(key)
            seen.append(line.value)
        assert seen == ["weekly", "kind:manual", "kind:manual", "weekly", "gdb:", "gdb:"]


async def test_backspace_leaves_where_there_is_nothing_to_delete() -> None:
    async with story() as told:
        await typed(told, "a")
        await told.press("backspace")
        assert browse(told).filterbar.typing
        await told.press("backspace")
        assert not browse(told).filterbar.display
        assert told.app.focused is browse(told).table


async def test_what_is_typed_again_takes_the_place_of_the_filter_or_goes_on_with_it() -> None:
    async with story() as told:
        await typed(told, "weekly")
        await told.press("enter")
        await typed(told, "nightly")
        assert browse(told).catalog.filter.text == "nightly"
        await told.press("enter", "slash", "end", *" verdict:not", "enter")
        assert browse(told).catalog.filter.chips == ("nightly", "verdict:not")


async def test_nothing_that_passes_is_no_empty_site() -> None:
    async with story() as told:
        await typed(told, "gdb:zoning expires:never age<1d")
        for said in (
            "None of 57 restore points passes the filter:",
            "gdb:zoning   32 by itself: holds a geodatabase with 'zoning' in its name or id",
            "age<1d   2 by itself: has an age of less than 24 h",
            "what is not known matches neither a term nor its opposite",
            "esc clears the filter, / changes it",
        ):
            assert said in told.text
        assert "There are no restore points" not in told.text


async def test_a_filter_is_set_from_elsewhere() -> None:
    async with story(size=(80, 24)) as told:
        browse(told).filter_by('gdb:"zoning"')
        await told.settle()
        assert '[gdb:"zoning"]' in told.text
        assert "32 of 57 in all stores" in told.text
        browse(told).filter_by("bukcet:x")
        await told.settle()
        assert "bukcet:x: no field is called 'bukcet'; did you mean bucket?" in told.text
        assert "32 of 57 in all stores" in told.text


async def test_keys_that_come_in_a_bunch_end_where_they_were_meant() -> None:
    async with story() as told:
        for key, character in (
            ("slash", "/"), *((each, each) for each in "nightly"), ("enter", None), ("j", "j"), ("slash", "/"),
            ("escape", None), ("j", "j"),
        ):  # fmt: skip
            told.app.post_message(events.Key(key, character))
        for _ in range(4):
            await told.settle()
        assert browse(told).catalog.filter.text == ""
        assert browse(told).filterbar.line.value in {"", "nightly"}
        assert told.app.focused is browse(told).table


async def test_ages_in_a_filter_follow_the_clock() -> None:
    async with story() as told:
        await typed(told, "age<9h")
        await told.press("enter")
        assert "2 of 57 in all stores" in told.text
        browse(told).options = replace(browse(told).options, now=NOW + 2 * HOUR)
        browse(told).judge()
        await told.settle()
        assert "1 of 57 in all stores" in told.text


THEMES = ["ansi-dark", "ansi-light", "textual-light"]


@pytest.mark.parametrize("theme", in_full(THEMES, but=["ansi-light"]))
async def test_filter_keeps_to_ascii_when_the_terminal_has_nothing_else(theme: str) -> None:
    async with story(theme=theme, plain=True) as told:
        await typed(told, "gdb:zoning verdikt:")
        assert "^^^^^^^ no field is called 'verdikt'; did you mean verdict?" in told.text
        assert told.text.isascii()


async def test_what_is_offered_is_for_the_place_of_the_cursor() -> None:
    async with story() as told:
        await typed(told, "gdb:zon roa")
        await told.press(*["left"] * 4)
        assert "tab zoning" in told.text
        await told.press("tab")
        assert browse(told).filterbar.line.value == "gdb:zoning roa"


async def test_whoever_goes_elsewhere_has_typed_the_filter() -> None:
    async with story() as told:
        await typed(told, "weekly foo:x")
        await told.pilot.click("#table", offset=(10, 4))
        await told.settle()
        assert "filter [weekly]  esc clears" in told.text
        assert told.app.focused is browse(told).table
        await told.press("escape")
        assert "57 in all stores" in told.text


async def test_a_window_too_small_shows_nothing_of_the_filter() -> None:
    async with story(size=(80, 24)) as told:
        await typed(told, "weekly")
        await told.resize((39, 9))
        await told.settle()
        assert "filter" not in told.text
        await told.resize((80, 24))
        await told.settle()
        assert "filter [weekly]  esc clears" in told.text


@pytest.mark.parametrize(
    ("typed_so_far", "shown", "said"),
    [
        ("ver", 57, "tab verdict:   no restore point has 'ver' in it"),
        ("verdict", 57, "tab verdict:"),
        ("weekly ver", 10, "tab verdict:   no restore point has 'ver' in it"),
        ("weekly verx", 0, "has 'verx' somewhere in it"),
        ("weekly ver ", 0, "has 'ver' somewhere in it"),
        ("weekly verdict:", 10, "a value is missing, as in verdict:usable"),
    ],
)
async def test_on_the_way_to_a_field_no_list_is_emptied(typed_so_far: str, shown: int, said: str) -> None:
    async with story() as told:
        await typed(told, typed_so_far)
        assert len(browse(told).catalog.points) == shown
        assert said in told.text


async def test_enter_takes_what_stands_there_for_a_word() -> None:
    async with story() as told:
        await typed(told, "weekly ver")
        await told.press("enter")
        assert "filter [weekly] [ver]  esc clears" in told.text
        assert "None of 57 restore points passes the filter:" in told.text
