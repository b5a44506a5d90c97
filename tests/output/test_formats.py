"""Tables, CSV and JSON."""

import csv
import io
import json

import pytest

from drtui.core.formatting.text import width
from drtui.output.formats import Table, as_csv, as_json, as_table

SHEET = Table("things", ("NAME", "MORE"), [("plain", "a"), ("東京", "b"), ("n" * 4_000, "c")], [{"name": "plain"}])


def test_as_table_aligns_by_cells_and_cuts_long_names() -> None:
    lines = as_table(SHEET).splitlines()
    assert {width(line) - 1 for line in lines[1:]} == {62}
    assert lines[0] == "NAME" + " " * 58 + "MORE"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_as_csv_escapes_formulas(text: str) -> None:
    assert as_csv(Table("x", ("A",), [(text,)], [])).splitlines()[1].strip('"').startswith("'")


FORMULAS = ("a;=1+1", "a\t=1", "a\n=1", "\t=1", 'x;"=1', "a;+1;@b", "=1", "a\r\n-1", ";;=1", "\n\n=1")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula_when_another_separator_is_taken(text: str, separator: str) -> None:
    table = Table("x", ("A", "B", "C"), [], [], cells=[("name", text, 1), (text, "b", None)])
    rows = csv.reader(io.StringIO(as_csv(table), newline=""), delimiter=separator)
    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@", "\t"}]


def test_as_csv_leaves_numbers_and_flags_unchanged() -> None:
    table = Table("x", ("A",), [("not these",)], [], cells=[(-5,), (0,), (-1.25,), (True,), (None,), ("-5",)])
    assert as_csv(table).split("\r\n") == ["a", "-5", "0", "-1.25", "true", '""', "'-5", ""]


def test_as_json_has_the_schema_version() -> None:
    document = json.loads(as_json(SHEET, {"site": "here"}))
    assert (document["schema"], document["site"], document["things"]) == (1, "here", [{"name": "plain"}])
