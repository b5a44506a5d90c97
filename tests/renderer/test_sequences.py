"""What is sent, as tables: the shortest way from one look, place or line to another."""

import os
import sys

import pytest
from rich.color import ColorSystem
from rich.style import Style

from drtui.ui.renderer.ansi_writer import Terminal
from drtui.ui.renderer.cells import Line, has_certain_width, split_clusters, widest_width
from drtui.ui.renderer.screen_diff import ScreenDiff
from drtui.ui.renderer.scroll import Scroll, find_scroll
from drtui.ui.renderer.sgr import PLAIN, CellStyle, build_sgr_change, convert_style, get_blank_style, parse_sgr
from tests import processes

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
def test_a_look_is_reached_in_the_shortest_way_the_terminal_knows(
    before: str, after: str, able: str, vt100: str
) -> None:
    assert build_sgr_change(parse_sgr(before), parse_sgr(after), can_reset_attribute=True) == able
    assert build_sgr_change(parse_sgr(before), parse_sgr(after), can_reset_attribute=False) == vt100


def test_the_parts_of_a_link_belong_together_and_it_ends() -> None:
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
def test_a_style_looks_as_textual_writes_it(style: Style | None, system: ColorSystem, parameters: str) -> None:
    assert convert_style(style, system) is parse_sgr(parameters)


@pytest.mark.parametrize(
    ("parameters", "seen"),
    [("1;31", ""), ("1;31;44", "44"), ("4;31", "4;31"), ("7;31;44", "7;31;44"), ("2;3;5", "")],
)
def test_of_a_blank_only_some_is_seen(parameters: str, seen: str) -> None:
    assert get_blank_style(parse_sgr(parameters)) is parse_sgr(seen)


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
def test_a_text_falls_into_what_is_drawn_as_one(text: str, drawn: list[tuple[str, int]]) -> None:
    assert list(split_clusters(text)) == drawn


@pytest.mark.parametrize(
    ("cell", "agreed", "cells"),
    [
        ("a", True, 1),
        ("✓", True, 1),
        ("東", True, 1),  # of its own width there is no doubt
        ("ن", True, 1),
        ("", True, 1),
        ("…", False, 1),
        ("Ж", False, 1),
        ("💾", False, 1),
        ("e\u0301", False, 1),
        ("\U0001f469\u200d\U0001f4bb", False, 4),
    ],
)
def test_where_terminals_differ_in_the_width(cell: str, agreed: bool, cells: int) -> None:
    assert (has_certain_width(cell), widest_width(cell)) == (agreed, cells)


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
def test_text_is_put_into_a_line(line: str, x: int, text: str, expected: str) -> None:
    put = Line.blank(6)
    put.put(0, line, PLAIN)
    put.put(x, text, parse_sgr("1"))
    assert "".join(put.chars) == expected
    assert len(put.chars) == len(put.styles) == 6


def painted(*lines: str, width: int = 20, able: Terminal = ABLE) -> ScreenDiff:
    """A terminal that shows these lines; between tabs stands the look of what follows."""
    painter = ScreenDiff(able)
    painter.resize(width, len(lines))
    sent(painter, *lines)
    return painter


def pieces(text: str) -> list[tuple[str, str]]:
    first, *rest = text.split("\t")
    return [(first, ""), *zip(rest[1::2], rest[::2], strict=True)]


def sent(painter: ScreenDiff, *lines: str) -> str:
    """What is sent to have it show these."""
    width, _ = painter.size
    wanted = {}
    for y, each in enumerate(lines):
        wanted[y] = Line.blank(width)
        x = 0
        for text, parameters in pieces(each):
            x = wanted[y].put(x, text, parse_sgr(parameters))
    return painter.paint(wanted)


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
def test_only_what_differs_is_sent(before: tuple[str, ...], after: tuple[str, ...], bytes_: str) -> None:
    assert sent(painted(*before), *after) == bytes_


@pytest.mark.parametrize(
    ("able", "expected"),
    [
        (ABLE, "\x1b[H\x1b[44mab\x1b[K\x1b[m"),
        (VT100, "\x1b[H\x1b[44mab" + " " * 18 + "\x1b[m"),
    ],
)
def test_a_coloured_rest_of_a_line_is_erased_where_the_terminal_does_that(able: Terminal, expected: str) -> None:
    assert sent(painted("", able=able), "\t44\tab" + " " * 18) == expected


def test_a_line_under_blanks_is_written_out() -> None:
    assert sent(painted(""), "\t4\tab" + " " * 18) == "\x1b[H\x1b[4mab" + " " * 18 + "\x1b[m"


def test_beside_what_some_terminals_draw_too_wide_the_line_is_written_again() -> None:
    joined = "\U0001f469\u200d\U0001f4bb"
    assert sent(painted("--rest"), f"{joined}rest") == f"\x1b[H  \r{joined}\r\x1b[2Cre"


ROWS = ["one of them", "two or three", "and here a third", "fourthly this", "fifth", "another one", "seven", "the last"]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (ROWS[1:7], "\x1b[1;6r\x1b[6H\n\x1b[r\x1b[6Hseven"),
        (["other", *ROWS[:5]], "\x1b[1;6r\x1b[1H\x1bM\x1b[r\x1b[Hother"),
        (["x", *ROWS[:5]], "\x1b[1;6r\x1b[1H\x1bM\x1b[r\x1b[Hx"),
    ],
)
def test_lines_that_moved_are_moved(after: list[str], expected: str) -> None:
    assert sent(painted(*ROWS[:6], width=24), *after) == expected


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
def test_what_moved_is_found_where_it_pays(before: list[str], after: list[str], expected: Scroll | None) -> None:
    lines = []
    for text in (*before, *after):
        lines.append(Line.blank(24))
        lines[-1].put(0, text, PLAIN)
    shown, wanted = lines[: len(before)], lines[len(before) :]
    changed = {y: line for y, line in enumerate(wanted) if not line.is_same_as(shown[y])}
    assert find_scroll(shown, changed) == expected


def test_what_the_terminal_shows_can_be_forgotten() -> None:
    painter = painted("abc", "def")
    painter.forget()
    assert painter.paint({}) == "\x1b[m\x1b[r\x1b[2J\x1b[Habc\r\ndef"
    assert painter.paint({}) == ""


def test_on_another_size_nothing_is_known() -> None:
    painter = painted("abc", "def")
    painter.resize(*painter.size)
    assert sent(painter, "abc", "def") == ""
    painter.resize(20, 3)
    assert sent(painter, "abc", "", "def") == "\x1b[m\x1b[r\x1b[2J\x1b[Habc\x1b[3Hdef"


def test_the_cursor_is_left_where_it_is_wanted() -> None:
    painter = painted("abc", "")
    line = painter.copy_line(0)
    line.put(0, "x", PLAIN)
    assert painter.paint({0: line}, (2, 1)) == "\x1b[Hx\x1b[2;3H"
    assert painter.paint({0: line}, (2, 1)) == ""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("xterm-256color", Terminal(can_erase_in_colour=True, can_reset_attribute=True)),
        ("linux", Terminal(can_erase_in_colour=True, can_reset_attribute=True)),
        ("screen", Terminal(can_reset_attribute=True)),
        ("vt100", Terminal()),
        ("nobody-knows", Terminal()),
        ("", Terminal()),
    ],
)
def test_what_a_terminal_can_do_is_asked_of_terminfo(name: str, expected: Terminal) -> None:
    code = "from drtui.ui.renderer.ansi_writer import detect_terminal; print(tuple(detect_terminal()))"
    environment = {**os.environ, "TERM": name}  # which is read once in the life of a process
    ran = processes.run([sys.executable, "-c", code], check=True, environment=environment)
    assert ran.stdout.strip() == str(tuple(expected))


def test_every_look_exists_once() -> None:
    assert parse_sgr("31;1") is parse_sgr("1;31")
    assert parse_sgr("") is PLAIN
    assert parse_sgr("1;31;44;4") == CellStyle(frozenset({"1", "4"}), "31", "44")
