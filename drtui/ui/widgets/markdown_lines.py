"""Lines of a document that drtui wrote as Markdown: headings, lists, tables and code, without the markup."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from drtui.core.formatting.text import cut, cut_middle, pad, width, wrap_cells
from drtui.core.summary.labels import level_label
from drtui.core.verdict.rules import Level
from drtui.ui.widgets.styled_lines import Line, line

INLINE = re.compile(r"(?P<fence>`+)(?P<code>.+?)(?P=fence)(?!`)|\*\*(?P<bold>.+?)\*\*|\\(?P<escaped>.)")
"""A code span, a bold text, or an escaped character."""

ITEM = re.compile(r"\* (\[[ x]\] )?")
"""The beginning of a list item, with its box."""

CELL_EDGE = re.compile(r"(?<!\\)\|")
"""The border of a table cell."""

MARGIN = "  "
GAP = "  "
MIN_CELLS = 20
MIN_LAST_CELLS = 16
"""Width to which the last column is cut before any other: that of a time without its seconds."""
MIN_COLUMNS = 4
"""Columns of a table that are never left out."""

TONES = {level_label(level).word: level_label(level).tone for level in Level}
"""Tones of the cells of a table that contain a verdict."""

Pieces = Sequence[tuple[str, str]]


def markdown_lines(text: str, cells: int) -> Iterator[Line]:
    """Yield the lines of a document, wrapped to `cells` cells."""
    rows = text.splitlines()
    for is_table, group in groupby(rows, key=lambda row: row.startswith("|")):
        lines = list(group)
        yield from _table_lines(lines, cells) if is_table else _text_lines(lines, cells)


def _text_lines(rows: Iterable[str], cells: int) -> Iterator[Line]:
    for row in rows:
        if row.startswith("#"):
            title = "".join(part for part, _ in _parse_inline(row.lstrip("#").lstrip()))
            yield from (line(part, "strong") for part in wrap_cells(title, max(MIN_CELLS, cells)))
        elif row.startswith("    "):
            yield line(row)
        elif item := ITEM.match(row):
            yield from _wrap_pieces([(MARGIN + (item[1] or ""), ""), *_parse_inline(row[item.end() :])], cells)
        else:
            yield from _wrap_pieces(_parse_inline(row), cells)


def _parse_inline(text: str) -> Pieces:
    """Return the text without its markup; what was bold has the tone `strong`."""
    pieces: list[tuple[str, str]] = []
    end = 0
    for match in INLINE.finditer(text):
        pieces.append((text[end : match.start()], ""))
        end = match.end()
        if match["fence"]:
            code = match["code"]
            pieces.append((code[1:-1] if len(match["fence"]) > 1 else code, ""))
        elif match["bold"]:
            pieces.append(("".join(part for part, _ in _parse_inline(match["bold"])), "strong"))
        else:
            pieces.append((match["escaped"], ""))
    pieces.append((text[end:], ""))
    return _join_pieces(pieces)


def _join_pieces(pieces: Pieces) -> list[tuple[str, str]]:
    """Join neighbours of one tone."""
    joined: list[tuple[str, str]] = []
    for text, tone in pieces:
        if joined and joined[-1][1] == tone:
            joined[-1] = (joined[-1][0] + text, tone)
        elif text:
            joined.append((text, tone))
    return joined


def _wrap_pieces(pieces: Pieces, cells: int) -> Iterator[Line]:
    """Wrap pieces to `cells` cells; continuation lines are indented as far as the text of the first one."""
    text = "".join(part for part, _ in pieces)
    tones = [tone for part, tone in pieces for _ in part]
    position = 0
    for part in wrap_cells(text, max(MIN_CELLS, cells)) if text else [""]:
        body = part.lstrip()
        margin = part[: len(part) - len(body)]
        marked = [(margin, "")]
        for character in body:
            while text[position] != character:
                position += 1  # a blank that was a break, or one of several blanks
            marked.append((character, tones[position]))
            position += 1
        yield Line(tuple(_join_pieces(marked)) or (("", ""),))


def _table_lines(rows: Sequence[str], cells: int) -> Iterator[Line]:
    """Yield a table with aligned columns. In a narrow window the last columns are left out, then the widest are cut."""
    table = [[_cell_text(cell) for cell in CELL_EDGE.split(row)[1:-1]] for row in rows if not row.startswith("|---")]
    widths = [max(width(cell) for cell in column) for column in zip(*table, strict=True)]
    room = cells - len(MARGIN)
    while len(widths) > MIN_COLUMNS and sum(widths) + len(GAP) * (len(widths) - 1) > room:
        widths.pop()
    room -= len(GAP) * (len(widths) - 1)
    widths[-1] = max(min(widths[-1], MIN_LAST_CELLS), widths[-1] - max(0, sum(widths) - room))
    while sum(widths) > max(room, len(widths) * 4):
        widths[widths.index(max(widths))] -= 1
    for number, row in enumerate(table):
        pairs = list(zip(row, widths, strict=False))
        *fitted, last = [pad(cut_middle(cell, room), room) for cell, room in pairs]
        fitted.append(pad(cut(pairs[-1][0], len(last)), len(last)))
        if number == 0:
            yield Line(((MARGIN, ""), (GAP.join(fitted).upper(), "header")))
        else:
            yield Line(((MARGIN, ""), *((text + GAP, TONES.get(text.strip(), "")) for text in fitted)))


def _cell_text(cell: str) -> str:
    return "".join(part for part, _ in _parse_inline(cell.strip()))
