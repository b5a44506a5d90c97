"""Tables, CSV and JSON."""

import json

import pytest

from drtui.model.text import width
from drtui.report.formats import as_csv, as_json, as_table
from drtui.report.rows import Sheet

SHEET = Sheet("things", ("NAME", "MORE"), [("plain", "a"), ("東京", "b"), ("n" * 4_000, "c")], [{"name": "plain"}])


def test_columns_are_aligned_by_cells_and_long_names_cut() -> None:
    lines = as_table(SHEET).splitlines()
    assert {width(line) - 1 for line in lines[1:]} == {62}
    assert lines[0] == "NAME" + " " * 58 + "MORE"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert as_csv(Sheet("x", ("A",), [(text,)], [])).splitlines()[1].strip('"').startswith("'")


def test_json_says_its_schema() -> None:
    found = json.loads(as_json(SHEET, {"site": "here"}))
    assert (found["schema"], found["site"], found["things"]) == (1, "here", [{"name": "plain"}])
