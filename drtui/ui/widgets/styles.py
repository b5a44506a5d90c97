"""Tones of text, and their styles in the theme and in the accent colour of the site."""

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.widget import Widget

from drtui.core.query.highlight import Span

HIGHLIGHT = Style(bold=True, dim=False, underline=True)
"""Style of text that matches the filter. It uses attributes, because it must be visible without colours."""

TONES = {
    "title": Style(bold=True),
    "title-focus": Style(bold=True, reverse=True),
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

ACCENTED = frozenset({"title", "title-focus", "accent"})
"""Tones that take the accent colour of the site."""


class ThemedWidget(Widget):
    """A widget that draws text in tones."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._styles: dict[str, Style] = {}
        self._accent = ""

    @property
    def accent(self) -> str:
        """Colour of the title and of text in the tone `accent`; "" for the theme's own."""
        return self._accent

    @accent.setter
    def accent(self, colour: str) -> None:
        self._accent = colour
        self._styles.clear()
        self.repaint()

    def repaint(self) -> None:
        """Repaint what has changed."""
        raise NotImplementedError

    def get_style(self, tone: str) -> Style:
        """Return the style of a tone in the theme. `accent:red` is `accent` in the colour of another site."""
        style = self._styles.get(tone)
        if style is None:
            style = self.rich_style
            name, _, colour = tone.partition(":")
            if name:
                style += TONES[name] + self._get_colour_style(name)
            colour = colour or (self._accent if name in ACCENTED else "")
            if colour:
                style += Style(color=colour, reverse=name == "accent" or None)
            self._styles[tone] = style
        return style

    def _get_colour_style(self, tone: str) -> Style:
        """Return the theme's colour for a tone, or no style."""
        if tone not in COLOURS:
            return Style()
        variable, ansi = COLOURS[tone]
        name = ansi if self.app.native_ansi_color else self.app.theme_variables[variable]
        return Style.from_color(Color.parse(name).rich_color)

    def build_segments(self, text: str, tone: str, highlights: Sequence[Span] = ()) -> list[Segment]:
        """Return the segments of a text in a tone, with its highlights."""
        style, pieces, end = self.get_style(tone), list[Segment](), 0
        for start, stop in highlights:
            pieces += [Segment(text[end:start], style), Segment(text[start:stop], style + HIGHLIGHT)]
            end = stop
        return [piece for piece in (*pieces, Segment(text[end:], style)) if piece.text]

    def notify_style_update(self) -> None:
        """Discard the styles of the previous theme."""
        super().notify_style_update()
        self._styles.clear()
