"""Make remote text harmless, and cut text by terminal cells."""

import re
import unicodedata

from rich.cells import cell_len, chop_cells, set_cell_size

ELLIPSIS = "\N{MIDLINE HORIZONTAL ELLIPSIS}"
"""Stands for what was cut. One cell wide in every locale, which the usual ellipsis is not (UAX #11: ambiguous)."""

ELLIPSIS_ASCII = "~"
"""Its twin where symbols keep to ASCII; one cell, as it is put in where everything is laid out."""

SUBSTITUTE = "\N{SYMBOL FOR SUBSTITUTE FORM TWO}"
"""Stands for a character that must not reach a terminal and has no picture of its own."""

JOINER = "\N{ZERO WIDTH JOINER}"
"""Makes one picture of two."""

_HARMFUL = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # control characters: cursor movement, titles, clipboard
    "\u2028\u2029"  # line and paragraph separators
    "\u202a-\u202e\u2066-\u2069"  # bidi embeddings, overrides and isolates: text that reads as what it is not
    "\u206a-\u206f\ufeff\ufff9-\ufffb"  # deprecated formatting, byte order mark, interlinear annotation
    "\U000e0000-\U000e007f"  # tag characters: invisible text
    "\ud800-\udfff"  # lone surrogates, which no terminal can be sent
    "]"
)


def _picture(match: re.Match[str]) -> str:
    """The visible stand-in of one harmful character."""
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else SUBSTITUTE


def clean(text: str) -> str:
    """`text` with everything a terminal or a reader could be fooled by made visible; otherwise as it was typed.

    Escape, control and bidi-override characters and lone surrogates are replaced, one for one, by pictures.
    """
    if text.isascii() and text.isprintable():
        return text
    return _HARMFUL.sub(_picture, text)


def width(text: str) -> int:
    """How many terminal cells `text` takes."""
    return len(text) if text.isascii() else cell_len(text)


def cut(text: str, cells: int) -> str:
    """`text` in at most `cells` cells; what was cut off the end is shown as an ellipsis."""
    if cells <= 0:
        return ""
    # More than `cells` characters can only fit if some take no cell; text of 4,000 characters need not be measured.
    if len(text) <= cells * 4 and width(text) <= cells:
        return text
    return set_cell_size(text[: cells * 4], cells - 1).rstrip() + ELLIPSIS


def cut_middle(text: str, cells: int) -> str:
    """`text` in at most `cells` cells, cut in the middle: the end of a scheduled backup's name is its date."""
    if len(text) <= cells * 4 and width(text) <= cells:
        return text
    if cells < 5:
        return cut(text, cells)
    tail = _last(text, cells // 2)
    return set_cell_size(text[: cells * 4], cells - 1 - width(tail)).rstrip() + ELLIPSIS + tail


def _last(text: str, cells: int) -> str:
    """The longest end of `text` that fits into `cells` cells and does not begin with a combining character."""
    start, used = len(text), 0
    while start:
        used += cell_len(text[start - 1])
        if used > cells:
            break
        start -= 1
    while start < len(text) and unicodedata.combining(text[start]):
        start += 1
    return text[start:]


def pad(text: str, cells: int, *, right: bool = False) -> str:
    """`text` in exactly `cells` cells, cut at the end or filled with blanks; `right` aligns it to the right."""
    # At an end it has nothing to join, but would take the blank beside it for that.
    fitted = cut(text.strip(JOINER), cells)
    blank = " " * (cells - width(fitted))
    return blank + fitted if right else fitted + blank


def folded(text: str, cells: int) -> list[str]:
    """`text` in lines of at most `cells` cells, further ones indented: broken at blanks, and where a word is too long.

    Several blanks are one, but for those it begins with.
    """
    indent = " " * min(len(text) - len(text.lstrip()), cells // 2)
    room = cells - len(indent) - 2
    lines: list[str] = []
    line = ""
    for word in text.split():
        for piece in chop_cells(word, room) if width(word) > room else (word,):
            if line and width(line) + 1 + width(piece) > room + (0 if lines else 2):
                lines.append(line)
                line = piece
            else:
                line = f"{line} {piece}" if line else piece
    return [f"{indent}{'  ' if number else ''}{each}" for number, each in enumerate([*lines, line])]


_FORMULA = re.compile(
    r"^(?=[\t\r\n]|[\s\"]*[=+\-@\uff1d\uff0b\uff0d\uff20])|(?<=[;\t\r\n])(?=[\s\"']*[=+\-@\uff1d\uff0b\uff0d\uff20])"
)
"""Where a formula may begin: with the text, or after what another program takes for the end of a cell."""


def spreadsheet(text: str) -> str:
    """`text` as a CSV cell that no spreadsheet takes for a formula, whichever of `,`, `;` and tab it separates by.

    A leading apostrophe is a spreadsheet's sign for text.
    """
    return text if text == "-" else _FORMULA.sub("'", text)
