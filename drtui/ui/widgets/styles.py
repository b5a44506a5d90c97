"""The tones that texts are drawn in: what each looks like in the theme, and in the colour of the site."""

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.widget import Widget

from drtui.core.query.highlight import Span

HIGHLIGHT = Style(bold=True, dim=False, underline=True)
"""How what a person looks for stands out: an attribute, for it has to be seen without colours, too."""

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
"""How a tone looks beside its colour. Not in CSS: Textual would match every rule against each tone of each list, at the
start, with each focus and each class: 280 of 330 times that it did."""

COLOURS = {
    "good": ("text-success", "ansi_green"),
    "warn": ("text-warning", "ansi_yellow"),
    "bad": ("text-error", "ansi_red"),
}
"""The colour of a tone in the theme, and the terminal's own."""

ACCENTED = frozenset({"title", "title-focus", "accent"})
"""Tones that take the colour of the site."""


class ThemedWidget(Widget):
    """A widget that draws texts in tones."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._styles: dict[str, Style] = {}
        self._accent = ""

    @property
    def accent(self) -> str:
        """The colour of its title and of everything in the tone `accent`; empty for the theme's own."""
        return self._accent

    @accent.setter
    def accent(self, colour: str) -> None:
        self._accent = colour
        self._styles.clear()
        self.repaint()

    def repaint(self) -> None:
        """Draw anew what looks different."""
        raise NotImplementedError

    def style_of(self, tone: str) -> Style:
        """The style of a tone, from the theme; `accent:red` is the accent of another site than the one at hand."""
        style = self._styles.get(tone)
        if style is None:
            style = self.rich_style
            name, _, colour = tone.partition(":")
            if name:
                style += TONES[name] + self._colour_of(name)
            colour = colour or (self._accent if name in ACCENTED else "")
            if colour:
                style += Style(color=colour, reverse=name == "accent" or None)
            self._styles[tone] = style
        return style

    def _colour_of(self, tone: str) -> Style:
        """The theme's colour for a tone, if it has one."""
        if tone not in COLOURS:
            return Style()
        variable, ansi = COLOURS[tone]
        name = ansi if self.app.native_ansi_color else self.app.theme_variables[variable]
        return Style.from_color(Color.parse(name).rich_color)

    def styled_pieces(self, text: str, tone: str, highlights: Sequence[Span] = ()) -> list[Segment]:
        """A text in a tone, in which stands out what was found."""
        style, pieces, end = self.style_of(tone), list[Segment](), 0
        for start, stop in highlights:
            pieces += [Segment(text[end:start], style), Segment(text[start:stop], style + HIGHLIGHT)]
            end = stop
        return [each for each in (*pieces, Segment(text[end:], style)) if each.text]

    def notify_style_update(self) -> None:
        """Forget the styles of the theme before."""
        super().notify_style_update()
        self._styles.clear()
