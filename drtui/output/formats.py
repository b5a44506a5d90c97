"""A table as aligned text, CSV or JSON."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, NamedTuple, Self

import msgspec

from drtui.core.formatting.text import pad, width
from drtui.core.formatting.times import format_full, format_iso
from drtui.core.listing.csv_values import Cell, csv_time, csv_word
from drtui.core.model.backup import NEVER

Row = dict[str, Any]


class Field(NamedTuple):
    """A cell of a table: its text for people and its value for CSV."""

    text: str
    value: Cell

    @classmethod
    def from_text(cls, text: str | None) -> Self:
        """Return a text or a name; `-` and an empty CSV cell if it is empty."""
        return cls(text or "-", text or None)

    @classmethod
    def from_word(cls, text: str) -> Self:
        """Return a drtui term."""
        return cls(text, csv_word(text))

    @classmethod
    def from_count(cls, number: int | None) -> Self:
        """Return a number; `unknown` and an empty CSV cell for None."""
        return cls("unknown" if number is None else str(number), number)

    @classmethod
    def from_time(cls, moment: int | None, zone: dt.tzinfo) -> Self:
        """Return a time (epoch ms)."""
        return cls(format_full(moment, zone), csv_time(moment, zone))


class Table(NamedTuple):
    """A table with texts for people, values for CSV and objects for JSON."""

    name: str
    """The name of the list in JSON."""
    columns: tuple[str, ...]
    texts: Sequence[tuple[str, ...]]
    objects: Iterable[Row]
    """The JSON objects; an iterator that is read at most once."""
    headings: Sequence[tuple[int, str]] = ()
    """Index of a row of `texts`, and the heading to print before that row; in order."""
    marks: Sequence[str] = ()
    """The mark before each row of `texts`; the column is left out if all are empty."""
    cells: Iterable[tuple[Cell, ...]] | None = None
    """The CSV values, an iterator; None if CSV has the texts."""
    extra: Row | None = None
    """Further JSON fields about the whole list."""

    @classmethod
    def from_fields(
        cls, name: str, columns: tuple[str, ...], rows: Iterable[tuple[Field, ...]], objects: Iterable[Row]
    ) -> Self:
        """Return a table with the texts and the CSV values of `rows`."""
        fields = list(rows)
        texts = [tuple(field.text for field in row) for row in fields]
        return cls(name, columns, texts, objects, cells=[tuple(field.value for field in row) for row in fields])


def moment_object(value: int | None, zone: dt.tzinfo) -> Row | None:
    """Return a moment for JSON: epoch ms, and ISO 8601 with offset."""
    return None if value is None else {"epoch_ms": value, "iso": format_iso(value, zone)}


def span_object(start: int, end: int, zone: dt.tzinfo) -> Row:
    """Return the two moments of a span of time for JSON."""
    return {"from": moment_object(start, zone), "to": moment_object(end, zone)}


def retention_object(value: int | None, zone: dt.tzinfo) -> Row | str | None:
    """Return a retention date for JSON: a moment, or `never`."""
    return "never" if value == NEVER else moment_object(value, zone)


_FORMULA = re.compile(
    r"^(?=[\t\r\n]|[\s\"]*[=+\-@\uff1d\uff0b\uff0d\uff20])|(?<=[;\t\r\n])(?=[\s\"']*[=+\-@\uff1d\uff0b\uff0d\uff20])"
)
"""Matches the start of a formula: at the start of the text, or after a separator of some programs."""


def escape_formula(text: str) -> str:
    """Return `text` as a CSV cell that no spreadsheet takes for a formula, whether it separates by `,`, `;` or tab.

    A leading apostrophe marks text in spreadsheets.
    """
    return text if text == "-" else _FORMULA.sub("'", text)


SCHEMA = 1
"""The version of the JSON; it grows when a field changes its meaning or is removed."""

BATCH = 50
"""Objects of a list that are turned into JSON at once."""

MAX_COLUMN_CELLS = 60
"""The largest width of a column other than the last, cells: names can have 4,000 characters."""


def as_table(table: Table) -> str:
    """Return columns aligned by terminal cells; only the heading if there are no rows."""
    return "".join(table_lines(table))


def table_lines(table: Table) -> Iterator[str]:
    """Yield the lines of `as_table`, each with its line feed."""
    widths = [
        min(MAX_COLUMN_CELLS, max(width(column), max((width(row[n]) for row in table.texts), default=0)))
        for n, column in enumerate(table.columns)
    ]
    has_marks, headings = any(table.marks), iter(table.headings)
    heading = next(headings, None)
    for number, row in enumerate(chain([table.columns], table.texts)):
        while heading is not None and heading[0] == number - 1:
            yield f"\n{heading[1]}\n"
            heading = next(headings, None)
        mark = f"{table.marks[number - 1] if number else '':1} " if has_marks else ""
        cells = (*(pad(cell, room) for cell, room in zip(row[:-1], widths, strict=False)), row[-1])
        yield f"{mark}{'  '.join(cells).rstrip()}\n"


def as_csv(table: Table) -> str:
    """Return CSV with a heading (RFC 4180, lines end with CR LF); no cell can be taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(escape_formula(_csv_name(column)) for column in table.columns)
    writer.writerows([_cell(value) for value in row] for row in (table.texts if table.cells is None else table.cells))
    return text.getvalue()


def _csv_name(heading: str) -> str:
    """Return the name of a CSV column: its heading in small letters, without text in parentheses."""
    return heading.partition(" (")[0].lower().replace(" ", "_")


def _cell(value: Cell) -> str:
    """Return a value for CSV; texts are escaped, because only texts can be taken for formulas."""
    if isinstance(value, str):
        return escape_formula(value)
    return "" if value is None else str(value).lower()


def as_json(table: Table, about: Row) -> str:
    """Return one JSON object: the schema version, the fields of `about`, and the list."""
    return "".join(json_pieces(table, about))


def json_pieces(table: Table, about: Row) -> Iterator[str]:
    """Yield the text of `as_json` piece by piece: the objects of a long list are never in memory all at once."""
    document: dict[str, Any] = {"schema": SCHEMA, **about, **(table.extra or {}), table.name: []}
    text, empty_list = json_text(document), "[]\n}\n"
    objects = iter(table.objects)
    first = list(islice(objects, BATCH))
    if not first or not text.endswith(empty_list):
        yield json_text({**document, table.name: [*first, *objects]})
        return
    yield text.removesuffix(empty_list)
    opening = "["
    for batch in chain([first], iter(lambda: list(islice(objects, BATCH)), [])):
        rows = json_text(batch).removeprefix("[").removesuffix("\n]\n").replace("\n", "\n  ")
        yield f"{opening}{rows}"
        opening = ","
    yield "\n  ]\n}\n"


def json_text(value: object) -> str:
    """Return a value as indented JSON that ends with a line feed."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"
