"""Sanitize text from sites, and fit text into terminal cells."""

import re
import sys
import unicodedata

from rich.cells import cell_len, chop_cells, set_cell_size

ELLIPSIS = "\N{MIDLINE HORIZONTAL ELLIPSIS}"
"""Sign for text that was cut. One cell wide in every locale; U+2026 is of ambiguous width (UAX #11)."""

ELLIPSIS_ASCII = "~"
"""Sign for text that was cut, in ASCII output; one cell too, because it replaces `ELLIPSIS` after the layout."""

JOINER = "\N{ZERO WIDTH JOINER}"
"""Character that joins two emoji into one."""

_INVISIBLE = (
    r"\x80-\x9f"  # control characters
    r"\u2028-\u202e\u2066-\u2069"  # line and paragraph separators; bidi embeddings, overrides and isolates
    r"\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0f"
    r"\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # ignored by default
    r"\xa0\u1680\u2000-\u200a\u202f\u205f\u2800"  # blanks that look like the usual one
    r"\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # lone surrogates, which no terminal can be sent, and noncharacters
)
"""Characters that control a terminal, mislead a reader or are invisible; displayed by number: `<202E>`."""

_CONTROLS = r"\x00-\x1f\x7f"
"""Control characters for which Unicode has a symbol, such as `␛`."""

_PICTURES = r"\u2400-\u2421"
"""The symbols for `_CONTROLS`."""

_NUMBER = "<(?:[0-9A-F]{4}|[1-9A-F][0-9A-F]{4,5})>"
"""Pattern of a character displayed by number; ordinary text can look the same."""

_HARMFUL = re.compile(f"[{_CONTROLS}{_INVISIBLE}]")
_SHOWN_BY_NUMBER = re.compile(f"[<{_INVISIBLE}{_PICTURES}]")
_AMBIGUOUS = re.compile(f"{_NUMBER}|[{_CONTROLS}{_INVISIBLE}{_PICTURES}]")
_VISIBLE = re.compile(f"{_NUMBER}|[{_PICTURES}]")


def sanitize(text: str) -> str:
    """Return `text` with characters made visible that control a terminal, mislead a reader or are invisible.

    Visible characters stay as they are: sanitizing twice gives the same result as sanitizing once.
    """
    if text.isascii() and text.isprintable():
        return text
    return _HARMFUL.sub(_visible, text)


def escape(text: str) -> str:
    """Sanitize `text` reversibly: text that looks like a visible form of another character is replaced as well.

    Use it once, on text from a site. `unescape` reverses it.
    """
    if "<" not in text and text.isascii() and text.isprintable():
        return text
    return _AMBIGUOUS.sub(_escaped, text)


def unescape(text: str) -> str:
    """Return the text from which `escape` made `text`."""
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
    """Return the visible form of a character; if the match looks like a visible form, replace its first character."""
    text = match[0]
    if len(text) > 1:
        return f"<003C>{text[1:]}" if _is_number(text) else text
    return f"<{ord(text):04X}>" if "\u2400" <= text <= "\u2421" else _visible(match)


def _original(match: re.Match[str]) -> str:
    """Return the character that a visible form stands for."""
    text = match[0]
    if len(text) > 1:
        return chr(int(text[1:-1], 16)) if _is_number(text) else text
    return "\x7f" if text == "\N{SYMBOL FOR DELETE}" else chr(ord(text) - 0x2400)


def _is_number(text: str) -> bool:
    """True if a text such as `<202E>` is the visible form of a character that is displayed by number."""
    code = int(text[1:-1], 16)
    return code <= sys.maxunicode and _SHOWN_BY_NUMBER.fullmatch(chr(code)) is not None


def width(text: str) -> int:
    """Return the width of `text` in terminal cells."""
    return len(text) if text.isascii() else cell_len(text)


def cut(text: str, cells: int) -> str:
    """Cut the end of `text` so that it fits into `cells` cells, with an ellipsis for what was cut."""
    if cells <= 0:
        return ""
    # Measuring is slow: skip it for text that is far too long, unless most of its characters have no width.
    if len(text) <= cells * 4 and width(text) <= cells:
        return text
    return set_cell_size(text[: cells * 4], cells - 1).rstrip() + ELLIPSIS


def cut_middle(text: str, cells: int) -> str:
    """Cut the middle of `text` so that it fits into `cells` cells: the end of a scheduled backup's name is its date."""
    if len(text) <= cells * 4 and width(text) <= cells:
        return text
    if cells < 5:
        return cut(text, cells)
    tail = _last(text, cells // 2)
    return set_cell_size(text[: cells * 4], cells - 1 - width(tail)).rstrip() + ELLIPSIS + tail


def _last(text: str, cells: int) -> str:
    """Return the longest end of `text` that fits into `cells` cells and begins with no combining character."""
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
    """Return `text` in exactly `cells` cells, cut or filled with blanks; `right` aligns it to the right."""
    # A joiner at an end would join the blank beside it.
    fitted = cut(text.strip(JOINER), cells)
    blank = " " * (cells - width(fitted))
    return blank + fitted if right else fitted + blank


def wrap_cells(text: str, cells: int) -> list[str]:
    """Wrap `text` into lines of at most `cells` cells at blanks, or inside a word that is too long.

    Further lines are indented. Several blanks become one, except at the beginning.
    """
    indent = " " * min(len(text) - len(text.lstrip()), cells // 2)
    available = cells - len(indent) - 2
    lines: list[str] = []
    line = ""
    for word in text.split():
        for piece in chop_cells(word, available) if width(word) > available else (word,):
            if line and width(line) + 1 + width(piece) > available + (0 if lines else 2):
                lines.append(line)
                line = piece
            else:
                line = f"{line} {piece}" if line else piece
    return [f"{indent}{'  ' if number else ''}{text}" for number, text in enumerate([*lines, line])]


def plural(number: int, singular: str, plural_form: str) -> str:
    """Return a number with its noun: `1 restore point`, `1,057 restore points`."""
    return f"{number:,} {singular if number == 1 else plural_form}"
