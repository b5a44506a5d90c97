"""Tables, CSV and JSON."""

import csv
import io
import json

import pytest

from drtui.core.formatting.text import width
from drtui.output.formats import BATCH, SCHEMA, Table, as_csv, as_json, as_table, json_pieces, json_text

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


@pytest.mark.parametrize("count", [0, 1, BATCH, BATCH + 1, 2 * BATCH + 3])
def test_json_pieces_are_one_document_when_joined(count: int) -> None:
    objects = [{"name": f"a\n[{number}]\n", "parts": [{"n": number}, []], "none": {}} for number in range(count)]
    table = Table("things", (), [], iter(objects), extra={"total": count})
    pieces = [*json_pieces(table, {"site": "x"})]
    assert "".join(pieces) == json_text({"schema": SCHEMA, "site": "x", "total": count, "things": objects})


def test_table_lines_have_headings_and_marks_when_rows_are_grouped() -> None:
    table = Table("things", ("NAME", "KIND"), [("a", "x"), ("bb", "y")], [], headings=[(0, "first"), (1, "second")])
    assert as_table(table) == "NAME  KIND\n\nfirst\na     x\n\nsecond\nbb    y\n"
    assert as_table(table._replace(marks=["+", ""])) == "  NAME  KIND\n\nfirst\n+ a     x\n\nsecond\n  bb    y\n"
