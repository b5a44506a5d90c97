"""Documents on the screen: the words of the Markdown, without its markup."""

import pytest

from drtui.core.formatting.text import width
from drtui.output.markdown import code_span, escape_markdown, table_lines
from drtui.ui.widgets.markdown_lines import markdown_lines


def drawn(text: str, cells: int = 60) -> list[str]:
    """Return the lines of a document as text."""
    return ["".join(piece for piece, _ in row.pieces).rstrip() for row in markdown_lines(text, cells)]


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("# Title of `a_b`", ["Title of a_b"]),
        ("* an item", ["  an item"]),
        ("* [x] Same release: 11.4.0", ["  [x] Same release: 11.4.0"]),
        (f"* {escape_markdown('a_b*c|d<e>')}", ["  a_b*c|d<e>"]),
        (f"see {code_span('back`tick')} now", ["see back`tick now"]),
        ("lost after **2026-09-21 08:00**.", ["lost after 2026-09-21 08:00."]),
        (f"**{escape_markdown('a_b')}**", ["a_b"]),
        ("    POST https://host/a_b", ["    POST https://host/a_b"]),
        ("", []),
        ("one\n\ntwo", ["one", "", "two"]),
    ],
)
def test_markdown_lines_show_the_words_when_the_text_has_markup(markdown: str, shown: list[str]) -> None:
    assert drawn(markdown) == shown


def test_markdown_lines_keep_the_tone_of_bold_text_when_it_is_wrapped() -> None:
    lines = list(markdown_lines(f"* before **{'bold ' * 8}end** after", 30))
    bold = " ".join(text for row in lines for text, tone in row.pieces if tone == "strong")
    assert bold.split() == [*["bold"] * 8, "end"]
    assert all(width("".join(text for text, _ in row.pieces)) <= 30 for row in lines)


def test_markdown_lines_align_a_table_when_cells_contain_markup() -> None:
    table = "\n".join(table_lines(("name", "verdict"), [("a|b", "usable"), ("long_name", "not usable")]))
    assert drawn(table) == ["  NAME       VERDICT", "  a|b        usable", "  long_name  not usable"]
    tones = [tone for row in markdown_lines(table, 60) for text, tone in row.pieces if text.strip() == "not usable"]
    assert tones == ["bad"]


def test_markdown_lines_leave_out_the_last_columns_when_the_window_is_narrow() -> None:
    names = ("name", "store", "verdict", "started", "took")
    table = "\n".join(table_lines(names, [("n" * 20, "s" * 8, "usable", "2026-09-21 08:00:00 +00:00", "17 m")]))
    assert drawn(table, 64)[0].split() == ["NAME", "STORE", "VERDICT", "STARTED"]
    assert drawn(table, 64)[1].split()[0] == "n" * 20, "the time is cut before the name"
    assert drawn(table, 90)[0].split() == ["NAME", "STORE", "VERDICT", "STARTED", "TOOK"]
