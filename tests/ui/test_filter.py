"""The filter line of the list."""

import pytest
from msgspec.structs import replace
from textual import events

from drtui.core.formatting.durations import HOUR
from drtui.ui.main.screen import MainScreen
from tests.conftest import NOW
from tests.suites import in_full, rows_in_full
from tests.ui.stories import UiPilot, open_demo

SIZES = [(80, 24), (120, 40), (160, 45)]


async def type_filter(ui: UiPilot, text: str) -> None:
    """Open the filter line, and type."""
    await ui.press("slash", *text)


def main_screen(ui: UiPilot) -> MainScreen:
    return ui.app.main_screen


@pytest.mark.parametrize("size", in_full(SIZES, but=SIZES[:1]))
async def test_filter_completes_field_and_value_when_they_have_been_begun(size: tuple[int, int]) -> None:
    async with open_demo(size=size) as ui:
        await type_filter(ui, "gd")
        assert "tab gdb:" in ui.text
        await ui.press("tab")
        assert "tab addresses  boundaries" in ui.text
        assert "57 in all stores" in ui.text  # an unfinished term does not filter
        await ui.press(*"zon", "right")
        assert main_screen(ui).panes.filterbar.line.value == "gdb:zoning"
        assert "32 of 57 in all stores" in ui.text
        await ui.press("enter")
        assert "filter [gdb:zoning]  esc clears" in ui.text
        assert ui.app.focused is main_screen(ui).panes.table


@pytest.mark.parametrize("size", in_full(SIZES[1:], but=SIZES[1:2]))
async def test_filter_points_at_the_error_and_keeps_the_list_when_a_value_is_misspelt(size: tuple[int, int]) -> None:
    async with open_demo(size=size) as ui:
        await type_filter(ui, "gdb:zoning verdict:usible")
        lines = ui.lines
        row = next(number for number, text in enumerate(lines) if text.startswith(" filter gdb:zoning verdict:usible"))
        assert lines[row + 1].startswith(" " * 27 + "^^^^^^ Unknown verdict 'usible'. Did you mean usable?")
        assert lines[row - 1].strip() == "still [gdb:zoning] [verdict:us]  esc clears"
        assert "16 of 57 in all stores" in ui.text
        await ui.press("enter")
        assert main_screen(ui).panes.filterbar.is_typing
        await ui.press("backspace", "backspace", "backspace", "backspace", "enter")
        assert "16 of 57 in all stores" in ui.text
        assert "filter [gdb:zoning] [verdict:us]" in ui.text


async def test_filter_shows_the_whole_error_when_it_does_not_fit_beside_its_position() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await type_filter(ui, "gdb:zoning gdb:parcels bucket:con bukcet:x")
        assert "Unknown field 'bukcet'. Did you mean bucket?" in ui.text
        line = main_screen(ui).panes.filterbar.line
        assert [str(span.style) for span in line._value.spans] == ["underline bold"]
        assert line._value.plain[slice(*line._value.spans[0][:2])] == "bukcet"


async def test_filter_stays_when_site_pane_or_zone_changes() -> None:
    async with open_demo() as ui:
        await type_filter(ui, "since:2026-09-20 !weekly")
        await ui.press("enter")
        before = ui.cursor
        for keys in (("r",), ("4", "escape"), ("enter", "escape"), ("z",), ("z",)):
            await ui.press(*keys)
            assert "[since:2026-09-20] [!weekly]" in ui.text
            assert ui.cursor.split()[:2] == before.split()[:2]


async def test_filter_chips_are_above_every_pane_when_the_window_is_80x24() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await type_filter(ui, "verdict:usable")
        await ui.press("enter")
        for pane in "1234":
            await ui.press(pane)
            assert "filter [verdict:usable]" in ui.text


async def test_filter_is_dropped_when_another_store_is_chosen() -> None:
    async with open_demo() as ui:
        await type_filter(ui, "upgrade")
        await ui.press("enter", "2", "j", "j", "enter")
        assert "2 of 13 in archive-s3" in ui.text
        await ui.press("2", "j", "enter")
        assert "10 in offsite-azure" in ui.text
        assert "filter of archive-s3 cleared: / and up restore it" in ui.text
        await ui.press("slash", "up")
        assert main_screen(ui).panes.filterbar.line.value == "upgrade"


async def test_filter_line_recalls_earlier_filters_when_up_is_pressed() -> None:
    async with open_demo() as ui:
        for text in ("weekly", "kind:manual", "weekly"):
            await type_filter(ui, text)
            await ui.press("enter", "escape")
        line = main_screen(ui).panes.filterbar.line
        await type_filter(ui, "gdb:")
        recalled = []
        for key in ("up", "up", "up", "down", "down", "down"):
            await ui.press(key)
            recalled.append(line.value)
        assert recalled == ["weekly", "kind:manual", "kind:manual", "weekly", "gdb:", "gdb:"]


async def test_filter_line_closes_when_backspace_is_pressed_in_an_empty_line() -> None:
    async with open_demo() as ui:
        await type_filter(ui, "a")
        await ui.press("backspace")
        assert main_screen(ui).panes.filterbar.is_typing
        await ui.press("backspace")
        assert not main_screen(ui).panes.filterbar.display
        assert ui.app.focused is main_screen(ui).panes.table


async def test_filter_is_replaced_or_extended_when_the_line_is_opened_again() -> None:
    async with open_demo() as ui:
        await type_filter(ui, "weekly")
        await ui.press("enter")
        await type_filter(ui, "nightly")
        assert main_screen(ui).site.catalog.filter.text == "nightly"
        await ui.press("enter", "slash", "end", *" verdict:not", "enter")
        assert main_screen(ui).site.catalog.filter.term_texts == ("nightly", "verdict:not")


async def test_list_says_that_the_filter_hides_all_when_nothing_matches() -> None:
    async with open_demo() as ui:
        await type_filter(ui, "gdb:zoning expires:never age<1d")
        for sentence in (
            "No match (57 restore points)",
            "gdb:zoning   32 alone: contains a geodatabase with 'zoning' in its name or ID",
            "age<1d   2 alone: has an age of less than 24 h",
            "unknown values match neither a term nor its negation",
            "esc clears the filter, / edits it",
        ):
            assert sentence in ui.text
        assert "The site returned an empty list" not in ui.text


async def test_filter_is_applied_when_set_by_another_action() -> None:
    async with open_demo(size=(80, 24)) as ui:
        main_screen(ui).filter.apply('gdb:"zoning"')
        await ui.settle()
        assert '[gdb:"zoning"]' in ui.text
        assert "32 of 57 in all stores" in ui.text
        main_screen(ui).filter.apply("bukcet:x")
        await ui.settle()
        assert "bukcet:x: Unknown field 'bukcet'. Did you mean bucket?" in ui.text
        assert "32 of 57 in all stores" in ui.text


async def test_keys_reach_their_widget_when_they_arrive_together() -> None:
    async with open_demo() as ui:
        for key, character in (
            ("slash", "/"), *((letter, letter) for letter in "nightly"), ("enter", None), ("j", "j"), ("slash", "/"),
            ("escape", None), ("j", "j"),
        ):  # fmt: skip
            ui.app.post_message(events.Key(key, character))
        for _ in range(4):
            await ui.settle()
        assert main_screen(ui).site.catalog.filter.text == ""
        assert main_screen(ui).panes.filterbar.line.value in {"", "nightly"}
        assert ui.app.focused is main_screen(ui).panes.table


async def test_filter_by_age_is_applied_again_when_time_passes() -> None:
    async with open_demo() as ui:
        await type_filter(ui, "age<9h")
        await ui.press("enter")
        assert "2 of 57 in all stores" in ui.text
        main_screen(ui).site.options = replace(main_screen(ui).site.options, now=NOW + 2 * HOUR)
        main_screen(ui).poller.assess_state(main_screen(ui).site.site_state)
        await ui.settle()
        assert "1 of 57 in all stores" in ui.text


THEMES = ["ansi-dark", "ansi-light", "textual-light"]


@pytest.mark.parametrize("theme", in_full(THEMES, but=["ansi-light"]))
async def test_filter_keeps_to_ascii_when_the_terminal_has_nothing_else(theme: str) -> None:
    async with open_demo(theme=theme, plain=True) as ui:
        await type_filter(ui, "gdb:zoning verdikt:")
        assert "^^^^^^^ Unknown field 'verdikt'. Did you mean verdict?" in ui.text
        assert ui.text.isascii()


async def test_completions_fit_the_cursor_position_when_it_moves() -> None:
    async with open_demo() as ui:
        await type_filter(ui, "gdb:zon roa")
        await ui.press(*["left"] * 4)
        assert "tab zoning" in ui.text
        await ui.press("tab")
        assert main_screen(ui).panes.filterbar.line.value == "gdb:zoning roa"


async def test_filter_line_closes_when_the_focus_moves_elsewhere() -> None:
    async with open_demo() as ui:
        await type_filter(ui, "weekly foo:x")
        await ui.pilot.click("#table", offset=(10, 4))
        await ui.settle()
        assert "filter [weekly]  esc clears" in ui.text
        assert ui.app.focused is main_screen(ui).panes.table
        await ui.press("escape")
        assert "57 in all stores" in ui.text


async def test_filter_line_is_hidden_when_the_window_is_too_small() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await type_filter(ui, "weekly")
        await ui.resize((39, 9))
        await ui.settle()
        assert "filter" not in ui.text
        await ui.resize((80, 24))
        await ui.settle()
        assert "filter [weekly]  esc clears" in ui.text


@pytest.mark.parametrize(
    ("typed_so_far", "count", "message"),
    rows_in_full(
        [
            ("ver", 57, "tab verdict:   no match for 'ver' yet"),
            ("verdict", 57, "tab verdict:"),
            ("weekly ver", 10, "tab verdict:   no match for 'ver' yet"),
            ("weekly verx", 0, "has 'verx' somewhere in it"),
            ("weekly ver ", 0, "has 'ver' somewhere in it"),
            ("weekly verdict:", 10, "Missing value for field 'verdict', as in verdict:usable"),
        ],
        but=[
            ("weekly ver", 10, "tab verdict:   no match for 'ver' yet"),
            ("weekly verx", 0, "has 'verx' somewhere in it"),
            ("weekly verdict:", 10, "Missing value for field 'verdict', as in verdict:usable"),
        ],
    ),
)
async def test_list_is_not_emptied_when_a_field_is_half_typed(typed_so_far: str, count: int, message: str) -> None:
    async with open_demo() as ui:
        await type_filter(ui, typed_so_far)
        assert len(main_screen(ui).site.catalog.points) == count
        assert message in ui.text


async def test_filter_takes_a_half_typed_field_as_a_word_when_enter_is_pressed() -> None:
    async with open_demo() as ui:
        await type_filter(ui, "weekly ver")
        await ui.press("enter")
        assert "filter [weekly] [ver]  esc clears" in ui.text
        assert "No match (57 restore points)" in ui.text


async def test_hint_lists_whole_fields_when_the_filter_is_opened() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await ui.press("slash")
        assert ui.lines[4].split()[:7] == ["tab", "name:", "gdb:", "verdict:", "since:", "expires<", "store:"]
        assert "⋯" not in ui.lines[4]
