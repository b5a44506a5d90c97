"""Tables as lines of text."""

from drtui.core.formatting.text import width
from drtui.ui.widgets.text_table import table_lines

COLUMNS = ("NAME", "STATE", "NOTE")
ROWS = [
    [("nightly", ""), ("paused", "bad"), ("a note that needs much room", "")],
    [("weekly", ""), ("ok", ""), ("", "")],
]


def drawn(cells: int) -> list[str]:
    return ["".join(text for text, _ in row.pieces).rstrip() for row in table_lines(COLUMNS, ROWS, cells, "row")]


def test_table_lines_are_as_wide_as_their_values_when_there_is_room() -> None:
    assert drawn(80) == [
        "NAME     STATE   NOTE",
        "nightly  paused  a note that needs much room",
        "weekly   ok",
    ]


def test_table_lines_cut_the_last_column_and_then_leave_it_out_when_the_window_is_narrow() -> None:
    assert drawn(36)[1] == "nightly  paused  a note that needs⋯"
    assert [width(row) for row in drawn(34)] == [21, 34, 11]
    assert drawn(30) == ["NAME     STATE", "nightly  paused", "weekly   ok"]


def test_table_lines_have_keys_and_tones_when_they_have_a_name() -> None:
    heading, first, _ = table_lines(COLUMNS, ROWS, 80, "row")
    assert (heading.key, first.key) == (None, ("row", 0))
    assert [tone for _, tone in first.pieces] == ["", "bad", ""]
