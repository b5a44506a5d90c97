"""Sanitizing, cutting and padding of text."""

import sys
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from drtui.core.formatting.text import ELLIPSIS, cut, cut_middle, escape, pad, sanitize, unescape, width
from drtui.output.formats import escape_formula
from tests.suites import in_full

BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN"}
EVERY = "".join(map(chr, range(sys.maxunicode + 1)))
IGNORED = (
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180f\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2065\u2066\u206f"
    "\u3164\ufe00\ufe0e\ufe0f\ufeff\uffa0\ufff0\ufffb\U0001bca0\U0001d173\U0001d17a\U000e0001\U000e0020\U000e0100\U000e0fff"
)
"""The first and last characters of the ranges that are ignored by default, and common ones (Unicode)."""


def is_harmful(character: str) -> bool:
    """True if a character must not be displayed, by rules independent of the code under test."""
    category = unicodedata.category(character)
    blank = category == "Zs" and character not in {" ", "\N{IDEOGRAPHIC SPACE}"}  # that one is two cells wide
    return blank or category in {"Cc", "Cs", "Zl", "Zp"} or unicodedata.bidirectional(character) in BIDI


@pytest.mark.parametrize("convert", in_full([sanitize, escape], but=[sanitize]))
def test_sanitize_replaces_every_harmful_character(convert: Callable[[str], str]) -> None:
    results = [(character, convert(character)) for character in EVERY]
    assert [hex(ord(was)) for was, now in results if is_harmful(was) and was in now] == []
    assert [hex(ord(was)) for was, now in results if any(map(is_harmful, now))] == []
    assert convert(EVERY) == "".join(now for _, now in results)
    convert(EVERY).encode()


def test_sanitize_replaces_only_invisible_or_harmful_characters() -> None:
    replaced = [character for character in EVERY if sanitize(character) != character and not is_harmful(character)]
    visible = [character for character in replaced if unicodedata.category(character) not in {"Cf", "Cn", "Mn"}]
    assert visible == ["\u115f", "\u1160", "\u2800", "\u3164", "\uffa0"]  # letters and a pattern that look like a blank


@pytest.mark.parametrize("character", IGNORED)
def test_sanitize_displays_character_by_number_when_it_is_invisible(character: str) -> None:
    assert sanitize(f"z{character}") == f"z<{ord(character):04X}>" == escape(f"z{character}")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("\x00", "␀"),
        ("one\r\n\ttwo", "one␍␊␉two"),
        ("\x7f", "␡"),
        ("\x9b31m", "<009B>31m"),
        ("abc\u202etxt.exe", "abc<202E>txt.exe"),
        ("\u2066isolated\u2069", "<2066>isolated<2069>"),
        ("\ud800", "<D800>"),
        ("a\udfffb", "a<DFFF>b"),
        ("\ufeffbom", "<FEFF>bom"),
        ("\U000e0041\U000e007f", "<E0041><E007F>"),
        ("\u2028\u2029", "<2028><2029>"),
        ("a\N{NO-BREAK SPACE}b", "a<00A0>b"),
        ("\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}", "\N{HEAVY BLACK HEART}<FE0F>"),
        ("می\N{ZERO WIDTH NON-JOINER}خواهم", "می<200C>خواهم"),
    ],
)
def test_sanitize_makes_harmful_characters_visible(typed: str, expected: str) -> None:
    assert sanitize(typed) == expected == escape(typed)
    assert unescape(expected) == typed


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("z<202E>", "z<003C>202E>"),
        ("z<003C>202E>", "z<003C>003C>202E>"),
        ("␛[31m", "<241B>[31m"),
        ("<241B>", "<003C>241B>"),
        ("\u202e<202E>\u202e", "<202E><003C>202E><202E>"),
        ("<<202E>", "<<003C>202E>"),
        ("<202E\u200b>", "<202E<200B>>"),
        ("<E0041>", "<003C>E0041>"),
        ("nightly <2024>", "nightly <2024>"),  # numbers of characters that are shown as they are
        ("<0041>", "<0041>"),
        ("<202e>", "<202e>"),
        ("<0202E>", "<0202E>"),
        ("<110000>", "<110000>"),
        ("<FFFFFF>", "<FFFFFF>"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("a < b", "a < b"),
    ],
)
def test_escape_replaces_text_when_it_looks_like_a_visible_form(typed: str, expected: str) -> None:
    assert escape(typed) == expected
    assert sanitize(typed) == typed if typed.isprintable() else sanitize(typed) != typed
    assert unescape(expected) == typed


PIECES = st.one_of(
    st.characters(),
    st.sampled_from(
        ["<", ">", "<202E>", "<003C>", "003C>", "202E", "\u202e", "\u200b", "␛", "\x1b", "<241B>", "<<", "<E"]
    ),
)
ODD = st.lists(PIECES, max_size=8).map("".join)


@given(ODD, ODD)
def test_escape_is_unique_and_reversed_by_unescape(first: str, other: str) -> None:
    assert (escape(first) == escape(other)) is (first == other)
    assert unescape(escape(first)) == first


@given(ODD)
def test_sanitize_keeps_text_when_already_sanitized(text: str) -> None:
    assert sanitize(sanitize(text)) == sanitize(text)
    assert sanitize(escape(text)) == escape(text)
    assert not any(map(is_harmful, sanitize(text) + escape(text)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nightly-2026-09-20-02-00-09",
        "[red]markup[/red] ]] [[ \\[",
        "نسخة احتياطية",
        "גיבוי לילי",
        "夜间\N{IDEOGRAPHIC SPACE}备份",
        "ﾊﾞｯｸｱｯﾌﾟ",
        "एकल बैकअप",
        "\N{MAN}\N{PERSONAL COMPUTER}",
        "e\N{COMBINING ACUTE ACCENT}a\N{COMBINING DIAERESIS}",
        "x" * 4_000,
    ],
)
def test_sanitize_keeps_harmless_text(text: str) -> None:
    assert sanitize(text) == text == escape(text)


MIXED = st.text(
    st.one_of(
        st.sampled_from("aZ 9-_界字ｶﾞ가é́̈‍️😀👩‍💻🇩🇪👍🏽ُمنक्षि…⋯"),
        st.characters(exclude_categories=["Cc", "Cs"]),
    ),
    max_size=60,
)
CELLS = st.integers(0, 40)


@given(MIXED, CELLS)
def test_cut_result_fits_into_cells(text: str, cells: int) -> None:
    fitted = cut(text, cells)
    assert cell_len(fitted) <= cells
    assert fitted == text or not cells or cell_len(text) > cells
    assert fitted == text or not cells or fitted.endswith(ELLIPSIS)


@given(MIXED, CELLS)
def test_cut_middle_result_fits_into_cells(text: str, cells: int) -> None:
    fitted = cut_middle(text, cells)
    assert cell_len(fitted) <= cells
    assert fitted == text or not cells or cell_len(text) > cells
    assert fitted == text or not cells or ELLIPSIS in fitted


@given(MIXED, CELLS, st.booleans())
def test_pad_result_has_exact_cells(text: str, cells: int, right: bool) -> None:
    assert cell_len(pad(text, cells, right=right)) == cells


@given(MIXED)
def test_width_equals_that_of_the_terminal_library(text: str) -> None:
    assert width(text) == cell_len(text)


@pytest.mark.parametrize(
    ("text", "cells", "fitted"),
    [
        ("nightly", 7, "nightly"),
        ("nightly", 6, f"night{ELLIPSIS}"),
        ("nightly", 1, ELLIPSIS),
        ("nightly", 0, ""),
        ("nightly", -3, ""),
        ("界界界", 6, "界界界"),
        ("界界界", 5, f"界界{ELLIPSIS}"),
        ("界界界", 4, f"界{ELLIPSIS}"),
        ("a b", 3, "a b"),
        ("a bcd", 3, f"a{ELLIPSIS}"),
        ("x" * 4_000, 4, f"xxx{ELLIPSIS}"),
        ("", 0, ""),
        ("", 3, ""),
    ],
)
def test_cut_returns_expected_text(text: str, cells: int, fitted: str) -> None:
    assert cut(text, cells) == fitted


@pytest.mark.parametrize(
    ("text", "cells", "fitted"),
    [
        ("nightly-2021-10-22-20-00-09", 27, "nightly-2021-10-22-20-00-09"),
        ("nightly-2021-10-22-20-00-09", 16, f"nightly{ELLIPSIS}20-00-09"),
        ("nightly-2021-10-22-20-00-09", 4, f"nig{ELLIPSIS}"),
        ("界界界界界界", 7, f"界界{ELLIPSIS}界"),
        ("界界界界界界", 6, f"界{ELLIPSIS}界"),
        ("", 0, ""),
        ("abc", 0, ""),
        ("abc", -1, ""),
    ],
)
def test_cut_middle_returns_expected_text(text: str, cells: int, fitted: str) -> None:
    assert cut_middle(text, cells) == fitted


def test_cut_middle_end_does_not_begin_with_combining_character() -> None:
    fitted = cut_middle("abcdefghij" + "e\u0301" * 10, 9)
    tail = fitted.partition(ELLIPSIS)[2]
    assert tail
    assert not unicodedata.combining(tail[0])


@pytest.mark.parametrize("right", [False, True])
@pytest.mark.parametrize("text", ["\u200d", "\u200da", "a\u200d", "\u200daaaaaaaaa", "aaaaaaaaa\u200d"])
def test_pad_has_exact_cells_when_text_ends_with_joiner(text: str, right: bool) -> None:
    assert cell_len(pad(text, 5, right=right)) == 5


def test_pad_aligns_right_when_right_is_set() -> None:
    assert pad("7", 3, right=True) == "  7"
    assert pad("7", 3) == "7  "
    assert pad("界", 3, right=True) == " 界"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("nightly-1", "nightly-1"),
        ("-", "-"),
        (" =1", "' =1"),
        ('"=1', "'\"=1"),
        ("\uff1d1", "'\uff1d1"),
        ("a;=1+1", "a;'=1+1"),
        ("a; =1+1", "a;' =1+1"),
        ('a;"=1+1', "a;'\"=1+1"),
        ("a\t@x", "a\t'@x"),
        ("a\n=1", "a\n'=1"),
        ("\t=1", "'\t'=1"),
        ("a;b=1;c-d", "a;b=1;c-d"),
        ("a, =1", "a, =1"),
        ("", ""),
        ("'quoted", "'quoted"),
    ],
)
def test_escape_formula_returns_expected_cell(text: str, cell: str) -> None:
    assert escape_formula(text) == cell
