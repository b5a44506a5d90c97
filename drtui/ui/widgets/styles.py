"""Tones of text, their styles in the theme and in the accent colour of the site, and titles drawn in them."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color

from drtui.core.formatting.text import cut, width
from drtui.core.query.highlight import Span, visible_spans

HIGHLIGHT = Style(bold=True, dim=False, underline=True)
"""Style of text that matches the filter. It uses attributes, because it must be visible without colours."""

TONES = {
    "title": Style(),
    "title-focus": Style(bold=True),
    "rule": Style(dim=True),
    "rule-focus": Style(),
    "header": Style(dim=True, underline=True),
    "cursor": Style(bold=True, reverse=True),
    "cursor-blur": Style(bold=True),
    "good": Style(),
    "warn": Style(),
    "bad": Style(bold=True),
    "muted": Style(dim=True),
    "strong": Style(bold=True),
    "accent": Style(bold=True),
}
"""Attributes of each tone.

They are not in CSS, because Textual would match every rule against each tone of each list at start and on every
change of focus or class: 280 of 330 matches.
"""

COLOURS = {
    "good": ("text-success", "ansi_green"),
    "warn": ("text-warning", "ansi_yellow"),
    "bad": ("text-error", "ansi_red"),
}
"""Colour of a tone: the theme's variable and the terminal's own colour."""

ACCENTED = frozenset({"accent"})
"""Tones that take the accent colour of the site."""


def build_style(tone: str, base: Style, accent: str, app: App[object]) -> Style:
    """Return the style of a tone in the theme, added to `base`.

    `accent` is the accent colour of the site, "" for the theme's own; the tone `accent:red` is that of another site.
    """
    name, _, colour = tone.partition(":")
    if not name:
        return base
    style = base + TONES[name]
    if name in COLOURS:
        variable, ansi = COLOURS[name]
        style += Style.from_color(
            Color.parse(ansi if app.native_ansi_color else app.theme_variables[variable]).rich_color
        )
    colour = colour or (accent if name in ACCENTED else "")
    return style + Style(color=colour, reverse=name == "accent" or None) if colour else style


def split_segments(text: str, style: Style, highlights: Sequence[Span]) -> list[Segment]:
    """Return the segments of a text in a style, with its highlights."""
    pieces, end = list[Segment](), 0
    for start, stop in highlights:
        pieces += [Segment(text[end:start], style), Segment(text[start:stop], style + HIGHLIGHT)]
        end = stop
    return [piece for piece in (*pieces, Segment(text[end:], style)) if piece.text]


class Title(NamedTuple):
    """The content of a title."""

    heading: str
    highlights: tuple[Span, ...] = ()
    """The parts of the heading to highlight."""
    note: str = ""
    has_focus: bool = False


def draw_title(title: Title, cells: int, get_style: Callable[[str], Style], *, plain: bool) -> list[Segment]:
    """Return the segments of a title in `cells` cells, the last of which is blank: another pane may stand beside it.

    The rule is heavier in the pane with the focus; both rules are one cell wide in every locale.
    """
    focus = "-focus" if title.has_focus else ""
    sign = ("=" if focus else "-") if plain else "╍" if focus else "╌"
    rule, room, pieces = get_style(f"rule{focus}"), max(0, cells - 1), list[Segment]()
    for text, tone, highlights in (
        (title.heading, f"title{focus}", title.highlights),
        (title.note, "muted", ()),
    ):
        if text and room > len(f"{sign}  ") + 1:
            fitted = cut(text, room - len(f"{sign}  "))
            room -= width(fitted) + len(f"{sign}  ")
            pieces.append(Segment(f"{sign} ", rule))
            pieces += split_segments(f"{fitted} ", get_style(tone), visible_spans(highlights, text, fitted))
    return [*pieces, Segment(sign * room, rule)]
