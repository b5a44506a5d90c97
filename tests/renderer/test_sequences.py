"""The output for changes of style, position and text, as tables."""

import os
import sys

import pytest
from rich.color import ColorSystem
from rich.style import Style

from drtui.ui.renderer.ansi_writer import Terminal
from drtui.ui.renderer.cells import CellRow, get_widest_width, has_certain_width, split_clusters
from drtui.ui.renderer.screen_diff import ScreenDiff
from drtui.ui.renderer.scroll import Scroll, find_scroll
from drtui.ui.renderer.sgr import PLAIN, CellStyle, build_sgr_change, convert_style, get_blank_style, parse_sgr
from tests import processes
from tests.suites import rows_in_full

ABLE, VT100 = Terminal(can_erase_in_colour=True, can_reset_attribute=True), Terminal()


@pytest.mark.parametrize(
    ("before", "after", "able", "vt100"),
    [
        ("", "", "", ""),
        ("", "1", "\x1b[1m", "\x1b[1m"),
        ("", "1;38;5;9;44", "\x1b[1;38;5;9;44m", "\x1b[1;38;5;9;44m"),
        ("1", "", "\x1b[m", "\x1b[m"),
        ("1", "1;7", "\x1b[7m", "\x1b[7m"),
        ("1;31", "1;32", "\x1b[32m", "\x1b[32m"),
        ("1", "2", "\x1b[;2m", "\x1b[;2m"),
        ("1;2", "2", "\x1b[;2m", "\x1b[;2m"),
        ("38;5;253;48;5;233;1", "38;5;253;48;5;233", "\x1b[22m", "\x1b[;38;5;253;48;5;233m"),
        ("1;2;38;5;253;48;5;233", "2;38;5;253;48;5;233", "\x1b[22;2m", "\x1b[;2;38;5;253;48;5;233m"),
        ("38;2;1;2;3;48;2;4;5;6", "48;2;4;5;6", "\x1b[39m", "\x1b[;48;2;4;5;6m"),
        ("53;38;5;1;48;5;2", "38;5;1;48;5;2", "\x1b[;38;5;1;48;5;2m", "\x1b[;38;5;1;48;5;2m"),
        ("91;107", "4;91;107", "\x1b[4m", "\x1b[4m"),
        ("39;49", "7", "\x1b[7m", "\x1b[7m"),
    ],
)
def test_build_sgr_change_returns_shortest_sequence_for_terminal(
    before: str, after: str, able: str, vt100: str
) -> None:
    assert build_sgr_change(parse_sgr(before), parse_sgr(after), can_reset_attribute=True) == able
    assert build_sgr_change(parse_sgr(before), parse_sgr(after), can_reset_attribute=False) == vt100


def test_build_sgr_change_opens_link_with_id_and_closes_it() -> None:
    linked = parse_sgr("1", "https://gis.example.com")
    begin = build_sgr_change(PLAIN, linked, can_reset_attribute=True)
    assert begin.startswith("\x1b]8;id=")
    assert begin.endswith(";https://gis.example.com\x1b\\\x1b[1m")
    assert build_sgr_change(linked, PLAIN, can_reset_attribute=True) == "\x1b]8;;\x1b\\\x1b[m"
    assert build_sgr_change(linked, parse_sgr("1"), can_reset_attribute=True) == "\x1b]8;;\x1b\\"


@pytest.mark.parametrize(
    ("style", "system", "parameters"),
    [
        (None, ColorSystem.STANDARD, ""),
        (Style(), ColorSystem.STANDARD, ""),
        (Style(bold=True, reverse=True, color="green"), ColorSystem.STANDARD, "1;7;32"),
        (Style(dim=True, color="default", bgcolor="default"), ColorSystem.STANDARD, "2"),
        (Style(color="#ff0000"), ColorSystem.EIGHT_BIT, "38;5;196"),
        (Style(bgcolor="#102030"), ColorSystem.TRUECOLOR, "48;2;16;32;48"),
    ],
)
def test_convert_style_returns_style_that_textual_writes(
    style: Style | None, system: ColorSystem, parameters: str
) -> None:
    assert convert_style(style, system) is parse_sgr(parameters)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [("1;31", ""), ("1;31;44", "44"), ("4;31", "4;31"), ("7;31;44", "7;31;44"), ("2;3;5", "")],
)
def test_get_blank_style_keeps_only_what_is_visible_on_blanks(parameters: str, expected: str) -> None:
    assert get_blank_style(parse_sgr(parameters)) is parse_sgr(expected)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("ab", [("a", 1), ("b", 1)]),
        ("東京", [("東", 2), ("京", 2)]),
        ("e\u0301x", [("e\u0301", 1), ("x", 1)]),
        ("\U0001f469\u200d\U0001f4bb!", [("\U0001f469\u200d\U0001f4bb", 2), ("!", 1)]),
        ("\u0301x", [("\u0301", 0), ("x", 1)]),
        ("a\x1b[2J\r\n\x9bb", [("a", 1), ("[", 1), ("2", 1), ("J", 1), ("b", 1)]),
    ],
)
def test_split_clusters_returns_characters_with_their_width(text: str, drawn: list[tuple[str, int]]) -> None:
    assert list(split_clusters(text)) == drawn


@pytest.mark.parametrize(
    ("cell", "agreed", "cells"),
    [
        ("a", True, 1),
        ("✓", True, 1),
        ("東", True, 1),  # wide on every terminal
        ("ن", True, 1),
        ("", True, 1),
        ("…", False, 1),
        ("Ж", False, 1),
        ("💾", False, 1),
        ("e\u0301", False, 1),
        ("\U0001f469\u200d\U0001f4bb", False, 4),
    ],
)
def test_cell_width_is_uncertain_when_terminals_disagree(cell: str, agreed: bool, cells: int) -> None:
    assert (has_certain_width(cell), get_widest_width(cell)) == (agreed, cells)


@pytest.mark.parametrize(
    ("line", "x", "text", "expected"),
    [
        ("......", 1, "ab", ".ab..."),
        ("......", 4, "abcd", "....ab"),
        ("......", 9, "ab", "......"),
        ("......", 4, "東京", "....東"),
        ("......", 5, "東", "..... "),
        ("東東東", 1, "x", " x東東"),
        ("東東東", 2, "x", "東x 東"),
        ("東東東", 1, "京", " 京 東"),
        ("ab....", 2, "\u0301c", "ab\u0301c..."),
        ("東....", 2, "\u0301c", "東\u0301c..."),
        ("......", 0, "a\u200db", "a\u200db....."),
    ],
)
def test_put_writes_text_and_blanks_halves_of_wide_characters(line: str, x: int, text: str, expected: str) -> None:
    put = CellRow.blank(6)
    put.put(0, line, PLAIN)
    put.put(x, text, parse_sgr("1"))
    assert "".join(put.chars) == expected
    assert len(put.chars) == len(put.styles) == 6


def create_screen(*lines: str, width: int = 20, able: Terminal = ABLE) -> ScreenDiff:
    """Return a screen that shows these lines. SGR parameters between tabs style the text after them."""
    screen = ScreenDiff(able)
    screen.resize(width, len(lines))
    paint_lines(screen, *lines)
    return screen


def parse_pieces(text: str) -> list[tuple[str, str]]:
    """Split a line into texts with their SGR parameters."""
    first, *rest = text.split("\t")
    return [(first, ""), *zip(rest[1::2], rest[::2], strict=True)]


def paint_lines(screen: ScreenDiff, *lines: str) -> str:
    """Return the output that shows these lines."""
    width, _ = screen.size
    new_lines = {}
    for y, line in enumerate(lines):
        new_lines[y] = CellRow.blank(width)
        x = 0
        for text, parameters in parse_pieces(line):
            x = new_lines[y].put(x, text, parse_sgr(parameters))
    return screen.paint(new_lines)


@pytest.mark.parametrize(
    ("before", "after", "bytes_"),
    [
        (("same",), ("same",), ""),
        (("abc",), ("abd",), "\x1b[1;3Hd"),
        (("", "abc"), ("", "xbc"), "\x1b[2Hx"),
        (("abc",), ("xbx",), "\x1b[Hxbx"),
        (("abcdefghi",), ("xbcdefghx",), "\x1b[Hx\x1b[7Cx"),
        (("abcdefghi",), ("xbcdefxhi",), "\x1b[Hx\x1b[5Cx"),
        (("abcdefghi",), ("xbcdexghi",), "\x1b[Hxbcdex"),
        (("a long text",), ("a",), "\x1b[1;2H\x1b[K"),
        (("a long text",), ("a long",), "\x1b[1;7H\x1b[K"),
        (("a long",), ("a lon",), "\x1b[1;6H "),
        (("a", "b"), ("x", "y"), "\x1b[Hx\r\ny"),
        (("a", "", "", "b"), ("x", "", "", "y"), "\x1b[Hx\x1b[4Hy"),
        (("a" * 20, "b"), ("a" * 19 + "x", "y"), "\x1b[1;20Hx\r\ny"),
        (("ab",), ("\t1\tab",), "\x1b[H\x1b[1mab\x1b[m"),
        (("ab",), ("\t1\ta\t\tb",), "\x1b[H\x1b[1ma\x1b[m"),
        (("ab cd",), ("\t1\txb\t\t \t1\tcy",), "\x1b[H\x1b[1mxb cy\x1b[m"),
        (("東京",), ("東都",), "\x1b[1;3H都"),
        (("東京",), ("ab京",), "\x1b[Hab"),
        (("a: x",), ("💾: x",), "\x1b[H  \r💾\r\x1b[2C: x"),
    ],
)  # fmt: skip
def test_paint_sends_shortest_output_when_cells_differ(
    before: tuple[str, ...], after: tuple[str, ...], bytes_: str
) -> None:
    assert paint_lines(create_screen(*before), *after) == bytes_


@pytest.mark.parametrize(
    ("able", "expected"),
    [
        (ABLE, "\x1b[H\x1b[44mab\x1b[K\x1b[m"),
        (VT100, "\x1b[H\x1b[44mab" + " " * 18 + "\x1b[m"),
    ],
)
def test_paint_erases_coloured_tail_only_when_terminal_can(able: Terminal, expected: str) -> None:
    assert paint_lines(create_screen("", able=able), "\t44\tab" + " " * 18) == expected


def test_paint_writes_blanks_when_they_are_underlined() -> None:
    assert paint_lines(create_screen(""), "\t4\tab" + " " * 18) == "\x1b[H\x1b[4mab" + " " * 18 + "\x1b[m"


def test_paint_rewrites_neighbours_when_character_may_be_wider() -> None:
    joined = "\U0001f469\u200d\U0001f4bb"
    assert paint_lines(create_screen("--rest"), f"{joined}rest") == f"\x1b[H  \r{joined}\r\x1b[2Cre"


ROWS = ["one of them", "two or three", "and here a third", "fourthly this", "fifth", "another one", "seven", "the last"]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (ROWS[1:7], "\x1b[1;6r\x1b[6H\n\x1b[r\x1b[6Hseven"),
        (["other", *ROWS[:5]], "\x1b[1;6r\x1b[1H\x1bM\x1b[r\x1b[Hother"),
        (["x", *ROWS[:5]], "\x1b[1;6r\x1b[1H\x1bM\x1b[r\x1b[Hx"),
    ],
)
def test_paint_scrolls_when_lines_moved(after: list[str], expected: str) -> None:
    assert paint_lines(create_screen(*ROWS[:6], width=24), *after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (ROWS[:6], ROWS[1:7], Scroll(0, 5, 1)),
        (ROWS[:6], ROWS[2:8], Scroll(0, 5, 2)),
        (ROWS[2:8], ROWS[:6], Scroll(0, 5, -2)),
        (["head", *ROWS[:4], "foot"], ["head", *ROWS[1:5], "foot"], Scroll(1, 4, 1)),
        (ROWS[:6], ROWS[:6], None),
        (ROWS[:2], ROWS[1:3], None),
        (["a", "b", "c"], ["b", "c", "d"], None),
        (["", "", "", "a"], ["a", "", "", ""], None),
    ],
)
def test_find_scroll_returns_scroll_only_when_it_saves_bytes(
    before: list[str], after: list[str], expected: Scroll | None
) -> None:
    lines = []
    for text in (*before, *after):
        lines.append(CellRow.blank(24))
        lines[-1].put(0, text, PLAIN)
    old_lines, new_lines = lines[: len(before)], lines[len(before) :]
    changed = {y: line for y, line in enumerate(new_lines) if line != old_lines[y]}
    assert find_scroll(old_lines, changed) == expected


def test_paint_sends_everything_when_screen_was_forgotten() -> None:
    screen = create_screen("abc", "def")
    screen.forget()
    assert screen.paint({}) == "\x1b[m\x1b[r\x1b[2J\x1b[Habc\r\ndef"
    assert screen.paint({}) == ""


def test_paint_sends_everything_when_size_changed() -> None:
    screen = create_screen("abc", "def")
    screen.resize(*screen.size)
    assert paint_lines(screen, "abc", "def") == ""
    screen.resize(20, 3)
    assert paint_lines(screen, "abc", "", "def") == "\x1b[m\x1b[r\x1b[2J\x1b[Habc\x1b[3Hdef"


def test_paint_leaves_cursor_at_requested_cell() -> None:
    screen = create_screen("abc", "")
    line = screen.copy_row(0)
    line.put(0, "x", PLAIN)
    assert screen.paint({0: line}, (2, 1)) == "\x1b[Hx\x1b[2;3H"
    assert screen.paint({0: line}, (2, 1)) == ""


@pytest.mark.parametrize(
    ("name", "expected"),
    rows_in_full(
        [
            ("xterm-256color", Terminal(can_erase_in_colour=True, can_reset_attribute=True)),
            ("linux", Terminal(can_erase_in_colour=True, can_reset_attribute=True)),
            ("screen", Terminal(can_reset_attribute=True)),
            ("vt100", Terminal()),
            ("nobody-knows", Terminal()),
            ("", Terminal()),
        ],
        but=[
            ("xterm-256color", Terminal(can_erase_in_colour=True, can_reset_attribute=True)),
            ("screen", Terminal(can_reset_attribute=True)),
            ("nobody-knows", Terminal()),
        ],
    ),
)
def test_detect_terminal_reads_abilities_from_terminfo(name: str, expected: Terminal) -> None:
    code = "from drtui.ui.renderer.ansi_writer import detect_terminal; print(tuple(detect_terminal()))"
    environment = {**os.environ, "TERM": name}  # read once per process
    process = processes.run([sys.executable, "-c", code], check=True, environment=environment)
    assert process.stdout.strip() == str(tuple(expected))


def test_parse_sgr_returns_same_object_when_styles_are_equal() -> None:
    assert parse_sgr("31;1") is parse_sgr("1;31")
    assert parse_sgr("") is PLAIN
    assert parse_sgr("1;31;44;4") == CellStyle(frozenset({"1", "4"}), "31", "44")
