"""How a cell is written, and the shortest way from one such look to another (SGR, ECMA-48 8.3.117)."""

from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip


class CellStyle(NamedTuple):
    """Attributes, colours and link of a cell; each look exists once, so that looks are compared by identity."""

    attributes: frozenset[str] = frozenset()
    """As parameters of SGR: bold is 1."""
    foreground: str = ""
    """The colour of the text, likewise; empty for the terminal's own."""
    background: str = ""
    """The colour behind it."""
    link: str = ""


PLAIN = CellStyle()
_STYLES = {PLAIN: PLAIN}

_VISIBLE_ON_BLANKS = frozenset({"4", "7", "9", "21", "51", "52", "53"})
"""Attributes that show where there is no character: lines, frames, reverse."""

_RESET_CODES = {
    "1": "22", "2": "22", "3": "23", "4": "24", "21": "24", "5": "25", "6": "25", "7": "27", "8": "28", "9": "29",
}  # fmt: skip
"""What takes an attribute off; of the others, few terminals know it."""


def parse_sgr(parameters: str, link: str = "") -> CellStyle:
    """The look that these parameters of SGR make, after a reset."""
    attributes, foreground, background = set(), "", ""
    codes = iter(parameters.split(";") if parameters else ())
    for code in codes:
        colour = code
        if code in {"38", "48"}:
            kind = next(codes)
            colour = ";".join((code, kind, *(next(codes) for _ in range(1 if kind == "5" else 3))))
        if code == "38" or (code[0] in "39" and len(code) == 2):
            foreground = "" if code == "39" else colour
        elif code == "48" or (code[0] == "4" and len(code) == 2) or len(code) == 3:
            background = "" if code == "49" else colour
        else:
            attributes.add(code)
    style = CellStyle(frozenset(attributes), foreground, background, link)
    return _STYLES.setdefault(style, style)


@lru_cache(4096)
def convert_style(style: Style | None, system: ColorSystem) -> CellStyle:
    """The look of a style, as Textual writes it."""
    return PLAIN if style is None else parse_sgr(Strip.render_ansi(style, system), style.link or "")


@lru_cache(1024)
def get_blank_style(style: CellStyle) -> CellStyle:
    """What of a look shows on a blank."""
    if style.attributes & _VISIBLE_ON_BLANKS:
        return style
    blank = CellStyle(background=style.background, link=style.link)
    return _STYLES.setdefault(blank, blank)


@lru_cache(4096)
def build_sgr_change(before: CellStyle, after: CellStyle, *, can_reset_attribute: bool) -> str:
    """What has the terminal write like `after` when it wrote like `before`; `undoes` as of `Terminal`."""
    link = f"\x1b]8;{_link_id(after.link)};{after.link}\x1b\\" if after.link != before.link else ""
    if after[:3] == before[:3]:
        return link
    changes = [_full_change(before, after)]
    incremental = _incremental_change(before, after, can_reset_attribute=can_reset_attribute)
    if incremental is not None:
        changes.append(incremental)
    return f"{link}\x1b[{min(changes, key=len)}m"


def _link_id(link: str) -> str:
    """Keeps the parts of a link together that are written at different times."""
    return f"id={crc32(link.encode()):x}" if link else ""


def _full_change(before: CellStyle, after: CellStyle) -> str:
    reset = [""] if before[:3] != PLAIN[:3] else []
    codes = [each for each in (*sorted(after.attributes, key=int), after.foreground, after.background) if each]
    return ";".join([*reset, *codes]) if codes else ""


def _incremental_change(before: CellStyle, after: CellStyle, *, can_reset_attribute: bool) -> str | None:
    """Only what differs; None where the terminal does not know how."""
    removed = before.attributes - after.attributes
    default_colours = [
        name
        for name, old, new in (("39", before.foreground, after.foreground), ("49", before.background, after.background))
        if old and not new
    ]
    if (removed or default_colours) and not (can_reset_attribute and removed <= _RESET_CODES.keys()):
        return None
    off = {_RESET_CODES[each] for each in removed}
    on = {each for each in after.attributes if each not in before.attributes or _RESET_CODES.get(each) in off}
    foreground = after.foreground if after.foreground != before.foreground else ""
    background = after.background if after.background != before.background else ""
    return ";".join(filter(None, (*sorted(off), *sorted(on, key=int), *default_colours, foreground, background)))
