"""A sheet as aligned text, CSV or JSON."""

import csv
import io
from typing import Any

import msgspec

from drtui.core.formatting.text import pad, spreadsheet, width
from drtui.core.listing.csv_values import Cell
from drtui.output.site_tables import Row, Sheet

SCHEMA = 1
"""Version of the JSON: grows when a field changes its meaning or goes."""

WIDEST = 60
"""Cells of a column, but the last; names of 4,000 characters are cut."""


def as_table(sheet: Sheet) -> str:
    """Columns aligned by terminal cells; nothing but the heading if there are no rows."""
    rows = [sheet.columns, *sheet.texts]
    widths = [min(WIDEST, max(width(row[n]) for row in rows)) for n in range(len(sheet.columns))]
    cells = ([*(pad(cell, room) for cell, room in zip(row[:-1], widths, strict=False)), row[-1]] for row in rows)
    lines = ["  ".join(row).rstrip() for row in cells]
    if any(sheet.marks):
        lines = [f"{mark:1} {line}" for mark, line in zip(("", *sheet.marks), lines, strict=True)]
    for row, text in reversed(sheet.headings):
        lines[row + 1 : row + 1] = ["", text]
    return "".join(f"{line}\n" for line in lines)


def as_csv(sheet: Sheet) -> str:
    """CSV with a heading, as RFC 4180 has it (lines end with CR LF); no cell can be taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(spreadsheet(column.lower().replace(" ", "_")) for column in sheet.columns)
    writer.writerows([_cell(value) for value in row] for row in (sheet.texts if sheet.cells is None else sheet.cells))
    return text.getvalue()


def _cell(value: Cell) -> str:
    """Return a value as CSV has it: only texts can be taken for formulas."""
    if isinstance(value, str):
        return spreadsheet(value)
    return "" if value is None else str(value).lower()


def as_json(sheet: Sheet, about: Row) -> str:
    """One object: the schema's version, what was looked at and when, and the list."""
    found: dict[str, Any] = {"schema": SCHEMA, **about, **(sheet.besides or {}), sheet.name: list(sheet.objects)}
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"
