"""Make remote text harmless, and cut text by terminal cells."""

import re
import sys
import unicodedata

from rich.cells import cell_len, chop_cells, set_cell_size

ELLIPSIS = "\N{MIDLINE HORIZONTAL ELLIPSIS}"
"""Stands for what was cut. One cell wide in every locale, which the usual ellipsis is not (UAX #11: ambiguous)."""

ELLIPSIS_ASCII = "~"
"""Its twin where symbols keep to ASCII; one cell, as it is put in where everything is laid out."""

JOINER = "\N{ZERO WIDTH JOINER}"
"""Makes one picture of two."""

_INVISIBLE = (
    r"\x80-\x9f"  # control characters
    r"\u2028-\u202e\u2066-\u2069"  # line and paragraph separators; bidi embeddings, overrides and isolates
    r"\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0f"
    r"\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # ignored by default
    r"\xa0\u1680\u2000-\u200a\u202f\u205f\u2800"  # blanks that look like the usual one
    r"\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # lone surrogates, which no terminal can be sent, and noncharacters
)
"""Characters that act on a terminal, mislead a reader or are not seen: shown by number, as in `<202E>`."""

_CONTROLS = r"\x00-\x1f\x7f"
"""Characters that act on a terminal and have a picture of their own, as in `␛`."""

_PICTURES = r"\u2400-\u2421"
"""The pictures of `_CONTROLS`."""

_NUMBER = "<(?:[0-9A-F]{4}|[1-9A-F][0-9A-F]{4,5})>"
"""A character shown by its number, or text that looks so."""

_HARMFUL = re.compile(f"[{_CONTROLS}{_INVISIBLE}]")
_SHOWN_BY_NUMBER = re.compile(f"[<{_INVISIBLE}{_PICTURES}]")
_AMBIGUOUS = re.compile(f"{_NUMBER}|[{_CONTROLS}{_INVISIBLE}{_PICTURES}]")
_VISIBLE = re.compile(f"{_NUMBER}|[{_PICTURES}]")


def sanitize(text: str) -> str:
    """Return `text` with all that acts on a terminal, misleads a reader or is not seen made visible.

    What is visible already stays as it is, so that doing so twice is doing so once.
    """
    if text.isascii() and text.isprintable():
        return text
    return _HARMFUL.sub(_visible, text)


def escape(text: str) -> str:
    """Return the same, but no two texts become one: what looks like such a visible form is shown by its number, too.

    To be done once, to what comes from a server: `original` undoes it.
    """
    if "<" not in text and text.isascii() and text.isprintable():
        return text
    return _AMBIGUOUS.sub(_escaped, text)


def unescape(text: str) -> str:
    """Return the text that `escape` made this one of."""
    if "<" not in text and text.isascii():
        return text
    return _VISIBLE.sub(_original, text)


def _visible(match: re.Match[str]) -> str:
    """Return the visible form of one character."""
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else f"<{code:04X}>"


def _escaped(match: re.Match[str]) -> str:
    """Return the visible form of one character; of a text that looks like one, with its first character made so."""
    found = match[0]
    if len(found) > 1:
        return f"<003C>{found[1:]}" if _is_number(found) else found
    return f"<{ord(found):04X}>" if "\u2400" <= found <= "\u2421" else _visible(match)


def _original(match: re.Match[str]) -> str:
    """Return the character that a visible form stands for."""
    found = match[0]
    if len(found) > 1:
        return chr(int(found[1:-1], 16)) if _is_number(found) else found
    return "\x7f" if found == "\N{SYMBOL FOR DELETE}" else chr(ord(found) - 0x2400)


def _is_number(text: str) -> bool:
    """True if a text such as `<202E>` is what a character is shown as, and not merely of that form."""
    code = int(text[1:-1], 16)
    return code <= sys.maxunicode and _SHOWN_BY_NUMBER.fullmatch(chr(code)) is not None


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


def wrap_cells(text: str, cells: int) -> list[str]:
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


def plural(number: int, one: str, many: str) -> str:
    """`1 restore point`, `57 restore points`."""
    return f"{number:,} {one if number == 1 else many}"
