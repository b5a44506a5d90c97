"""Text has a contrast of at least 4.5:1 in every theme that names its colours, also in the accent of a site."""

from collections.abc import Iterator

import pytest
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual._ansi_theme import ALABASTER, MONOKAI
from textual.color import Color
from textual.filter import ANSIToTruecolor
from textual.theme import BUILTIN_THEMES

from drtui.core.model.config import COLOURS as ACCENTS
from drtui.ui.contrast import CONTRAST, ContrastFilter, readable_style
from drtui.ui.widgets.styles import COLOURS, TONES
from tests.colours import contrast
from tests.suites import in_full
from tests.ui.stories import UiPilot, open_demo

THEMES = sorted(name for name, theme in BUILTIN_THEMES.items() if not theme.ansi)
BACKGROUNDS = ("background", "surface", "panel")
SCREENS = (
    (),
    ("question_mark",),
    ("t",),
    ("D",),
    ("w", *"zon"),
    ("colon", *"the"),
    ("b", *"3h"),
    ("v",),
    ("o",),
    ("a",),
)
"""Keys that open screens; escape leads back."""
DECORATION = set(" ─│┌┐└┘├┤┬┴┼▔▁▎▊▏+-|")


def styles_in(theme: str) -> Iterator[Style]:
    """Yield the styles of all tones and accents on each background of a theme, as Textual draws them."""
    variables = BUILTIN_THEMES[theme].to_color_system().generate()
    foreground = Color.parse(variables["foreground"]).rich_color
    own = [Color.parse(variables[variable]).rich_color for variable, _ in COLOURS.values()]
    accents = [RichColor.parse(name) for name in sorted(ACCENTS)]
    extremes = [RichColor.parse(name) for name in ("#000000", "#ffffff", "#7f7f7f", "#0000ff", "#ffff00")]
    for name in BACKGROUNDS:
        background = Color.parse(variables[name]).rich_color
        for colour in (foreground, *own, *accents, *extremes):
            yield from (Style(color=colour, bgcolor=background) + tone for tone in TONES.values())


def drawn(style: Style, theme: str) -> Style:
    """Return a style after the filters of the interface."""
    segments = [Segment("text", style)]
    for line_filter in (ANSIToTruecolor(MONOKAI if BUILTIN_THEMES[theme].dark else ALABASTER), ContrastFilter()):
        segments = line_filter.apply(segments, Color.parse("black"))
    assert segments[0].style is not None
    return segments[0].style


def contrast_of(style: Style) -> float:
    """Return the contrast of a style with a colour and a background."""
    assert style.color is not None
    assert style.bgcolor is not None
    return contrast(style.color.get_truecolor().hex, style.bgcolor.get_truecolor().hex)


@pytest.mark.parametrize("theme", THEMES)
def test_tones_and_accents_can_be_read_when_a_theme_draws_them(theme: str) -> None:
    styles = [drawn(style, theme) for style in styles_in(theme)]
    assert len(styles) > 300
    assert [style for style in styles if contrast_of(style) < CONTRAST] == []


@pytest.mark.parametrize(
    ("style", "is_kept"),
    [
        (Style(color="#e0e0e0", bgcolor="#121212"), True),
        (Style(color="#777777", bgcolor="#ffffff"), False),  # 4.48
        (Style(color="#767676", bgcolor="#ffffff"), True),  # 4.54
        (Style(color="#787878", bgcolor="#ffffff", reverse=True), False),
        (Style(color="red", bgcolor="default"), True),  # a colour of the terminal
        (Style(bold=True), True),
    ],
)
def test_style_is_kept_when_it_can_be_read_or_the_terminal_decides(style: Style, *, is_kept: bool) -> None:
    assert (readable_style(style, Color.parse("ansi_default")) == style) is is_kept


def test_hue_stays_when_a_colour_is_changed() -> None:
    orange = Style(color="#a86d1c", bgcolor="#e0e0e0")
    changed = readable_style(orange, Color.parse("white"))
    assert changed.color is not None
    red, green, blue = changed.color.get_truecolor()
    assert red > green > blue
    assert CONTRAST <= contrast_of(changed) < CONTRAST + 1


@pytest.mark.parametrize("theme", in_full(THEMES, but=["textual-light"]))
async def test_text_on_screen_can_be_read_when_a_theme_is_chosen(theme: str) -> None:
    async with open_demo("half-failed", theme=theme) as ui:
        for keys in SCREENS:
            await ui.press(*keys)
            assert unreadable(ui) == [], keys
            await ui.press("escape", "escape")


def unreadable(ui: UiPilot) -> list[tuple[str, Style]]:
    """Return the text on the screen whose contrast is too low."""
    texts = [(text, style) for text, style in ui.pieces if set(text) - DECORATION and style.color and style.bgcolor]
    assert len(texts) > 10
    return [(text, style) for text, style in texts if style.dim or contrast_of(style) < CONTRAST]
