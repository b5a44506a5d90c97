"""Remote text is made harmless, and cut and padded to exact terminal cells."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from drtui.model.text import ELLIPSIS, SUBSTITUTE, clean, cut, cut_middle, pad, spreadsheet, width

BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
EVERY = "".join(map(chr, range(sys.maxunicode + 1)))


def is_harmful(character: str) -> bool:
    """What the rules forbid, by the Unicode database rather than by the list under test."""
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or unicodedata.bidirectional(character) in BIDI


def test_no_harmful_character_of_all_there_are_survives() -> None:
    cleaned = clean(EVERY)
    assert len(cleaned) == len(EVERY)
    assert [hex(ord(each)) for each in cleaned if is_harmful(each)] == []
    cleaned.encode()


def test_what_is_replaced_is_invisible_or_harmful_and_nothing_else() -> None:
    replaced = [was for was, now in zip(EVERY, clean(EVERY), strict=True) if was != now]
    visible = [each for each in replaced if unicodedata.category(each) not in {"Cc", "Cs", "Cf", "Cn", "Zl", "Zp"}]
    assert visible == []


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("\x00", "␀"),
        ("one\r\n\ttwo", "one␍␊␉two"),
        ("\x7f", "␡"),
        ("\x9b31m", f"{SUBSTITUTE}31m"),
        ("abc\u202etxt.exe", f"abc{SUBSTITUTE}txt.exe"),
        ("\u2066isolated\u2069", f"{SUBSTITUTE}isolated{SUBSTITUTE}"),
        ("\ud800", SUBSTITUTE),
        ("a\udfffb", f"a{SUBSTITUTE}b"),
        ("\ufeffbom", f"{SUBSTITUTE}bom"),
        ("\U000e0041\U000e007f", SUBSTITUTE * 2),
        ("\u2028\u2029", SUBSTITUTE * 2),
    ],
)
def test_harmful_characters_become_pictures_one_for_one(typed: str, shown: str) -> None:
    assert clean(typed) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nightly-2026-09-20-02-00-09",
        "[red]markup[/red] ]] [[ \\[",
        "نسخة احتياطية",
        "גיבוי לילי",
        "夜间备份",
        "ﾊﾞｯｸｱｯﾌﾟ",
        "एकल बैकअप",
        "\N{MAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}",
        "\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}",
        "e\N{COMBINING ACUTE ACCENT}a\N{COMBINING DIAERESIS}",
        "می\N{ZERO WIDTH NON-JOINER}خواهم",
        "a\N{NO-BREAK SPACE}b",
        "x" * 4_000,
    ],
)
def test_harmless_text_stays_as_it_was_typed(text: str) -> None:
    assert clean(text) == text


@given(st.text(st.characters()))
def test_cleaning_is_one_for_one_and_done_once(text: str) -> None:
    once = clean(text)
    assert len(once) == len(text)
    assert clean(once) == once
    assert not any(map(is_harmful, once))


MIXED = st.text(
    st.one_of(
        st.sampled_from("aZ 9-_界字ｶﾞ가é́̈‍️😀👩‍💻🇩🇪👍🏽ُمنक्षि…⋯"),
        st.characters(exclude_categories=["Cc", "Cs"]),
    ),
    max_size=60,
).map(clean)
CELLS = st.integers(0, 40)


@given(MIXED, CELLS)
def test_cut_fits(text: str, cells: int) -> None:
    fitted = cut(text, cells)
    assert cell_len(fitted) <= cells
    assert fitted == text or not cells or cell_len(text) > cells
    assert fitted == text or not cells or fitted.endswith(ELLIPSIS)


@given(MIXED, CELLS)
def test_cut_middle_fits(text: str, cells: int) -> None:
    fitted = cut_middle(text, cells)
    assert cell_len(fitted) <= cells
    assert fitted == text or not cells or cell_len(text) > cells
    assert fitted == text or not cells or ELLIPSIS in fitted


@given(MIXED, CELLS, st.booleans())
def test_pad_gives_exact_cells(text: str, cells: int, right: bool) -> None:
    assert cell_len(pad(text, cells, right=right)) == cells


@given(MIXED)
def test_width_is_what_the_terminal_library_measures(text: str) -> None:
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
def test_cut(text: str, cells: int, fitted: str) -> None:
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
def test_cut_middle(text: str, cells: int, fitted: str) -> None:
    assert cut_middle(text, cells) == fitted


def test_the_end_that_is_kept_does_not_begin_with_a_combining_character() -> None:
    fitted = cut_middle("abcdefghij" + "e\u0301" * 10, 9)
    tail = fitted.partition(ELLIPSIS)[2]
    assert tail
    assert not unicodedata.combining(tail[0])


@pytest.mark.parametrize("right", [False, True])
@pytest.mark.parametrize("text", ["\u200d", "\u200da", "a\u200d", "\u200daaaaaaaaa", "aaaaaaaaa\u200d"])
def test_pad_is_not_fooled_by_what_joins_two_characters(text: str, right: bool) -> None:
    assert cell_len(pad(text, 5, right=right)) == 5


def test_pad_aligns_right_when_told() -> None:
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
def test_no_spreadsheet_takes_a_name_for_a_formula(text: str, cell: str) -> None:
    assert spreadsheet(text) == cell
