"""The contrast that all text has, whatever colours a theme or a site's accent choose."""

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import BLACK, WHITE, Color
from textual.filter import LineFilter

CONTRAST = 4.5
"""Least contrast of text and background (WCAG 2, level AA)."""
BLENDS = 20
"""Number of steps from a colour to black or white."""


class ContrastFilter(LineFilter):
    """Raises the contrast of text that is hard to read; hues stay as far as possible.

    The 16 colours of a terminal are left alone: only the terminal knows them.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with styles that can be read."""
        return [
            segment
            if segment.style is None or (style := readable_style(segment.style, background)) is segment.style
            else Segment(segment.text, style, segment.control)
            for segment in segments
        ]


@lru_cache(4096)
def readable_style(style: Style, background: Color) -> Style:
    """Return the style with its colour changed as little as `CONTRAST` needs; `background` is that of the widget."""
    if style.color is None or style.color.triplet is None:
        return style
    if style.bgcolor is not None and style.bgcolor.triplet is not None:
        background = Color.from_rich_color(style.bgcolor)
    elif background.ansi is not None:
        return style
    colour = Color.from_rich_color(style.color)
    if contrast(colour, background) >= CONTRAST:
        return style
    return style + Style.from_color(_raised(colour, background).rich_color)


def contrast(colour: Color, other: Color) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2)."""
    lighter, darker = sorted((_luminance(colour), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Color) -> float:
    """Return the relative luminance of a colour, from 0 to 1."""
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _raised(colour: Color, background: Color) -> Color:
    """Return the colour blended with black or white, as little as needed."""
    end = max((WHITE, BLACK), key=lambda candidate: contrast(candidate, background))
    blends = (colour.blend(end, step / BLENDS) for step in range(1, BLENDS))
    return next((blend for blend in blends if contrast(blend, background) >= CONTRAST), end)
