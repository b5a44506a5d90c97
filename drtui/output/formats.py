"""A sheet as aligned text, CSV or JSON."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from drtui.core.formatting.text import pad, width
from drtui.core.formatting.times import format_iso
from drtui.core.listing.csv_values import Cell

Row = dict[str, Any]


class Table(NamedTuple):
    """A table in two renderings: columns of text for people, and objects for machines."""

    name: str
    """Of the list in JSON."""
    columns: tuple[str, ...]
    texts: Sequence[tuple[str, ...]]
    objects: Iterable[Row]
    """Made when they are asked for, which is at most once."""
    headings: Sequence[tuple[int, str]] = ()
    """For people: before which row of texts something is to be said, in order."""
    marks: Sequence[str] = ()
    """For people: what stands before each row of texts; nothing before any of them takes no room."""
    cells: Iterable[tuple[Cell, ...]] | None = None
    """For CSV: values of the columns to compute with, made when asked for; None where texts are all there is."""
    extra: Row | None = None
    """For machines: what belongs to the whole list."""


def moment_object(value: int | None, zone: dt.tzinfo) -> Row | None:
    """A moment for machines: epoch ms, and ISO 8601 with its offset."""
    return None if value is None else {"epoch_ms": value, "iso": format_iso(value, zone)}


_MARKUP = re.compile(r"([\\`*_\[\]<>|&~])")


def escape_markdown(text: str) -> str:
    """`text` within a line, with everything that Markdown or HTML would take for markup made literal."""
    return _MARKUP.sub(r"\\\1", text)


def code_span(text: str) -> str:
    """`text` as a code span, whatever runs of backticks it holds (CommonMark 6.1)."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence, space = "`" * (longest + 1), " " if longest else ""
    return f"{fence}{space}{text or ' '}{space}{fence}"


_FORMULA = re.compile(
    r"^(?=[\t\r\n]|[\s\"]*[=+\-@\uff1d\uff0b\uff0d\uff20])|(?<=[;\t\r\n])(?=[\s\"']*[=+\-@\uff1d\uff0b\uff0d\uff20])"
)
"""Matches the beginning of a formula: of the text, or after what another program takes for the end of a cell."""


def escape_formula(text: str) -> str:
    """`text` as a CSV cell that no spreadsheet takes for a formula, whichever of `,`, `;` and tab it separates by.

    A leading apostrophe is a spreadsheet's sign for text.
    """
    return text if text == "-" else _FORMULA.sub("'", text)


SCHEMA = 1
"""Version of the JSON: grows when a field changes its meaning or goes."""

WIDEST = 60
"""Cells of a column, but the last; names of 4,000 characters are cut."""


def as_table(table: Table) -> str:
    """Columns aligned by terminal cells; nothing but the heading if there are no rows."""
    rows = [table.columns, *table.texts]
    widths = [min(WIDEST, max(width(row[n]) for row in rows)) for n in range(len(table.columns))]
    cells = ([*(pad(cell, room) for cell, room in zip(row[:-1], widths, strict=False)), row[-1]] for row in rows)
    lines = ["  ".join(row).rstrip() for row in cells]
    if any(table.marks):
        lines = [f"{mark:1} {line}" for mark, line in zip(("", *table.marks), lines, strict=True)]
    for row, text in reversed(table.headings):
        lines[row + 1 : row + 1] = ["", text]
    return "".join(f"{line}\n" for line in lines)


def as_csv(table: Table) -> str:
    """CSV with a heading, as RFC 4180 has it (lines end with CR LF); no cell can be taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(escape_formula(_csv_name(column)) for column in table.columns)
    writer.writerows([_cell(value) for value in row] for row in (table.texts if table.cells is None else table.cells))
    return text.getvalue()


def _csv_name(heading: str) -> str:
    """Return the name of a column in CSV: its heading in small letters, without what stands in parentheses."""
    return heading.partition(" (")[0].lower().replace(" ", "_")


def _cell(value: Cell) -> str:
    """Return a value as CSV has it: only texts can be taken for formulas."""
    if isinstance(value, str):
        return escape_formula(value)
    return "" if value is None else str(value).lower()


def as_json(table: Table, about: Row) -> str:
    """One object: the schema's version, what was looked at and when, and the list."""
    document: dict[str, Any] = {"schema": SCHEMA, **about, **(table.extra or {}), table.name: list(table.objects)}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
