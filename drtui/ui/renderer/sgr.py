"""Styles of cells, and the shortest escape sequence from one style to another (SGR, ECMA-48 8.3.117)."""

from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip


class CellStyle(NamedTuple):
    """Attributes, colours and link of a cell. Each style exists once, so that styles can be compared by identity."""

    attributes: frozenset[str] = frozenset()
    """SGR parameters; bold is 1."""
    foreground: str = ""
    """Colour of the text as SGR parameters; "" for the terminal's default."""
    background: str = ""
    """Colour behind the text as SGR parameters; "" for the terminal's default."""
    link: str = ""


PLAIN = CellStyle()
_STYLES = {PLAIN: PLAIN}

_VISIBLE_ON_BLANKS = frozenset({"4", "7", "9", "21", "51", "52", "53"})
"""Attributes that are visible on a blank cell: lines, frames, reverse."""

_RESET_CODES = {
    "1": "22", "2": "22", "3": "23", "4": "24", "21": "24", "5": "25", "6": "25", "7": "27", "8": "28", "9": "29",
}  # fmt: skip
"""SGR parameter that resets an attribute. Few terminals can reset other attributes."""


def parse_sgr(parameters: str, link: str = "") -> CellStyle:
    """Return the style that these SGR parameters set after a reset."""
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
    """Return the style that Textual would write for `style`."""
    return PLAIN if style is None else parse_sgr(Strip.render_ansi(style, system), style.link or "")


@lru_cache(1024)
def get_blank_style(style: CellStyle) -> CellStyle:
    """Return the part of a style that is visible on a blank cell."""
    if style.attributes & _VISIBLE_ON_BLANKS:
        return style
    blank = CellStyle(background=style.background, link=style.link)
    return _STYLES.setdefault(blank, blank)


@lru_cache(4096)
def build_sgr_change(before: CellStyle, after: CellStyle, *, can_reset_attribute: bool) -> str:
    """Return the shortest sequence that changes the style. `can_reset_attribute` is as in `Terminal`."""
    link = f"\x1b]8;{_build_link_id(after.link)};{after.link}\x1b\\" if after.link != before.link else ""
    if after[:3] == before[:3]:
        return link
    changes = [_build_full_change(before, after)]
    incremental = _build_incremental_change(before, after, can_reset_attribute=can_reset_attribute)
    if incremental is not None:
        changes.append(incremental)
    return f"{link}\x1b[{min(changes, key=len)}m"


def _build_link_id(link: str) -> str:
    """Return an id that lets the terminal join parts of a link that are written at different times."""
    return f"id={crc32(link.encode()):x}" if link else ""


def _build_full_change(before: CellStyle, after: CellStyle) -> str:
    """Return SGR parameters that reset the style and set the new one."""
    reset = [""] if before[:3] != PLAIN[:3] else []
    codes = [code for code in (*sorted(after.attributes, key=int), after.foreground, after.background) if code]
    return ";".join([*reset, *codes]) if codes else ""


def _build_incremental_change(before: CellStyle, after: CellStyle, *, can_reset_attribute: bool) -> str | None:
    """Return SGR parameters for the differences only, or None if the terminal cannot reset them singly."""
    removed = before.attributes - after.attributes
    default_colours = [
        name
        for name, old, new in (("39", before.foreground, after.foreground), ("49", before.background, after.background))
        if old and not new
    ]
    if (removed or default_colours) and not (can_reset_attribute and removed <= _RESET_CODES.keys()):
        return None
    off = {_RESET_CODES[code] for code in removed}
    on = {code for code in after.attributes if code not in before.attributes or _RESET_CODES.get(code) in off}
    foreground = after.foreground if after.foreground != before.foreground else ""
    background = after.background if after.background != before.background else ""
    return ";".join(filter(None, (*sorted(off), *sorted(on, key=int), *default_colours, foreground, background)))
