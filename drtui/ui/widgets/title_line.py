"""The title of a pane or screen: heading and note within a rule."""

from collections.abc import Callable
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style

from drtui.core.formatting.text import cut, width
from drtui.core.query.highlight import Span, visible_spans
from drtui.ui.widgets.styles import split_segments


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
