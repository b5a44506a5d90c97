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
    ink: str = ""
    """The colour of the text, likewise; empty for the terminal's own."""
    paper: str = ""
    """The colour behind it."""
    link: str = ""


PLAIN = CellStyle()
_KNOWN = {PLAIN: PLAIN}

_ON_BLANKS = frozenset({"4", "7", "9", "21", "51", "52", "53"})
"""Attributes that show where there is no character: lines, frames, reverse."""

_OFF = {
    "1": "22", "2": "22", "3": "23", "4": "24", "21": "24", "5": "25", "6": "25", "7": "27", "8": "28", "9": "29",
}  # fmt: skip
"""What takes an attribute off; of the others, few terminals know it."""


def style_of_sgr(parameters: str, link: str = "") -> CellStyle:
    """The look that these parameters of SGR make, after a reset."""
    attributes, ink, paper = set(), "", ""
    given = iter(parameters.split(";") if parameters else ())
    for code in given:
        colour = code
        if code in {"38", "48"}:
            kind = next(given)
            colour = ";".join((code, kind, *(next(given) for _ in range(1 if kind == "5" else 3))))
        if code == "38" or (code[0] in "39" and len(code) == 2):
            ink = "" if code == "39" else colour
        elif code == "48" or (code[0] == "4" and len(code) == 2) or len(code) == 3:
            paper = "" if code == "49" else colour
        else:
            attributes.add(code)
    made = CellStyle(frozenset(attributes), ink, paper, link)
    return _KNOWN.setdefault(made, made)


@lru_cache(4096)
def style_of_segment(style: Style | None, system: ColorSystem) -> CellStyle:
    """The look of a style, as Textual writes it."""
    return PLAIN if style is None else style_of_sgr(Strip.render_ansi(style, system), style.link or "")


@lru_cache(1024)
def blank_style(of: CellStyle) -> CellStyle:
    """What of a look shows on a blank."""
    if of.attributes & _ON_BLANKS:
        return of
    made = CellStyle(paper=of.paper, link=of.link)
    return _KNOWN.setdefault(made, made)


@lru_cache(4096)
def sgr_change(before: CellStyle, after: CellStyle, *, undoes: bool) -> str:
    """What has the terminal write like `after` when it wrote like `before`; `undoes` as of `Terminal`."""
    link = f"\x1b]8;{_id(after.link)};{after.link}\x1b\\" if after.link != before.link else ""
    if after[:3] == before[:3]:
        return link
    ways = [_afresh(before, after)]
    added = _added(before, after, undoes=undoes)
    if added is not None:
        ways.append(added)
    return f"{link}\x1b[{min(ways, key=len)}m"


def _id(link: str) -> str:
    """Keeps the parts of a link together that are written at different times."""
    return f"id={crc32(link.encode()):x}" if link else ""


def _afresh(before: CellStyle, after: CellStyle) -> str:
    reset = [""] if before[:3] != PLAIN[:3] else []
    wanted = [each for each in (*sorted(after.attributes, key=int), after.ink, after.paper) if each]
    return ";".join([*reset, *wanted]) if wanted else ""


def _added(before: CellStyle, after: CellStyle, *, undoes: bool) -> str | None:
    """Only what differs; None where the terminal does not know how."""
    gone = before.attributes - after.attributes
    lost = [
        name for name, old, new in (("39", before.ink, after.ink), ("49", before.paper, after.paper)) if old and not new
    ]
    if (gone or lost) and not (undoes and gone <= _OFF.keys()):
        return None
    off = {_OFF[each] for each in gone}
    on = {each for each in after.attributes if each not in before.attributes or _OFF.get(each) in off}
    ink = after.ink if after.ink != before.ink else ""
    paper = after.paper if after.paper != before.paper else ""
    return ";".join(filter(None, (*sorted(off), *sorted(on, key=int), *lost, ink, paper)))
