"""Every screen in every size and variant: nothing breaks, and no verdict, age or expiry is ever cut.

One walk through all screens per variant: stored pictures would be hundreds, which nobody would review.
"""

import re
import unicodedata
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import NamedTuple

import msgspec
import pytest
from rich.color import ColorType
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, Label

from drtui.core.formatting.text import ELLIPSIS, ELLIPSIS_ASCII, width
from drtui.session import DEMO, Target
from drtui.ui.widgets.styled_lines import Lines
from drtui.ui.widgets.virtual_table import VirtualTable
from tests.ui.stories import UiPilot, start_ui

SIZES = ((80, 24), (100, 30), (120, 40), (160, 45), (200, 60))

UNCUT_COLUMNS = frozenset({"verdict", "age", "expires", "state", "newest"})
"""Columns that are never cut, in any table."""

ALWAYS_VISIBLE = frozenset({"verdict", "age", "expires"})
"""Columns of restore points that are visible at any width."""

UNCUT_TEXT = re.compile(
    r"\b(?:usable|doubtful|expired|expires|running|missed|cannot tell|\d+ (?:d|h|min) (?:\d+|old|ago))\b"
)
"""Text that is never cut in a line: a verdict, an age, an expiry."""


class WalkStep(NamedTuple):
    """A step of the walk."""

    keys: tuple[str, ...]
    """Keys to press; `=text` puts a text into the focused input."""
    shows: str
    """Text that identifies the screen."""
    stays: bool = False
    """True if the next step continues from this screen."""


SCREENS = {
    "list": WalkStep((), "VERDICT"),
    "groups": WalkStep(("n",), "3 Restore points", stays=True),
    "site": WalkStep(("n", "n", "n", "1"), "1 Site"),
    "what it does": WalkStep(("1", "enter"), "Last operation"),
    "stores": WalkStep(("2",), "2 Stores"),
    "detail": WalkStep(("4",), "4 ", stays=True),
    "the end of it": WalkStep(("G",), "4 "),
    "one pane": WalkStep(("f",), "VERDICT", stays=True),
    "where": WalkStep(("f", "w"), "LAST COPY EXPIRES", stays=True),
    "who holds it": WalkStep(("=ha", "tab"), "hydrants"),
    "compare": WalkStep(("k", "D"), "Older"),
    "timeline": WalkStep(("t",), "STARTED, DUE", stays=True),
    "parts": WalkStep(("enter",), "OFFSET"),
    "before": WalkStep(("b", "=yesterday", "enter"), "yesterday", stays=True),
    "the answer": WalkStep(("=2026-09-20T12:00", "enter"), "Before 2026-09-20 12:00", stays=True),
    "runbook": WalkStep(("B",), "Runbook"),
    "report": WalkStep(("A",), "Report"),
    "gaps": WalkStep(("M",), "EVENT"),
    "columns": WalkStep(("v",), "window"),
    "sites": WalkStep(("o",), "SITE", stays=True),
    "connect": WalkStep(("G", "enter", "=1.2.3.4:99999", *["tab"] * 3, "=secret", "enter"), "not a valid address"),
    "connect by token": WalkStep(("o", "G", "enter", "tab", "right"), "(*) token"),
    "connect by single sign-on": WalkStep(("o", "G", "enter", "tab", "right", "right"), "Client id", stays=True),
    "open an address": WalkStep(
        ("up", "=gis.example.com/arcgis", "tab", "tab", "=pythonapi", "enter"), "Open this address", stays=True
    ),
    "a wrong code": WalkStep(("enter", "=state=x&code=y", "enter"), "new address", stays=True),
    "another address": WalkStep(("up", "n"), "This is a new address"),
    "requests": WalkStep(("at",), "disasterrecovery"),
    "raw": WalkStep(("y",), "{"),
    "error": WalkStep(("E",), "no permission"),
    "doctor": WalkStep(("1", "D"), "Configuration"),
    "help": WalkStep(("question_mark",), "keys here"),
    "act": WalkStep(("a",), "keep longer"),
    "act on the site": WalkStep(("1", "a"), "create a backup"),
    "take": WalkStep(("C",), "runbook"),
    "export": WalkStep(("x",), "Markdown", stays=True),
    "save": WalkStep(("m", "=/proc/no/such/folder/anywhere", "enter"), "/proc/no"),
    "filter": WalkStep(("slash", "=ver"), "tab verdict", stays=True),
    "a wrong filter": WalkStep(("=/(/",), "^", stays=True),
    "nothing matches": WalkStep(("=no such thing", "enter"), "No match ("),
    "palette": WalkStep(("colon",), "go to site"),
    "found": WalkStep(("colon", "h", "y"), "hydrants"),
}


class Variant(NamedTuple):
    """Theme and options of one walk."""

    scenario: str
    theme: str = "textual-dark"
    plain: bool = False
    colours: bool = True


VARIANTS = {
    "dark": Variant("hostile"),
    "light": Variant("no-privilege", "textual-light"),
    "in the colours of the terminal": Variant("hostile", "ansi-dark"),
    "in no colours": Variant("hostile", colours=False),
    "in ASCII": Variant("hostile", plain=True),
}


@pytest.mark.full
@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
async def test_every_screen_is_correct_when_size_and_variant_change(
    variant: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not variant.colours:
        monkeypatch.setenv("NO_COLOR", "1")
    assert await find_flaws(variant, SIZES) == []


async def test_every_screen_is_correct_in_ascii_when_the_window_is_small() -> None:
    assert await find_flaws(VARIANTS["in ASCII"], SIZES[:1]) == []


async def find_flaws(variant: Variant, sizes: Sequence[tuple[int, int]]) -> list[str]:
    """Return the flaws of all screens in one variant."""
    target = Target(DEMO, scenario=variant.scenario)
    async with start_ui(target, size=sizes[0], theme=variant.theme, plain=variant.plain) as ui:
        ui.app.main_screen.panes.table.go_to(("nightly-pv", "n" * 4_000))
        return [flaw async for flaw in walk_screens(ui, variant, sizes)]


async def walk_screens(ui: UiPilot, variant: Variant, sizes: Sequence[tuple[int, int]]) -> AsyncIterator[str]:
    """Yield the flaws of all screens."""
    for name, screen in SCREENS.items():
        if name == "error" and ui.app.main_screen.site.last_error is None:
            continue
        for key in screen.keys:
            await press(ui, key)
        for size in sizes:
            if ui.app.size != size:
                await ui.resize(size)
            strips = ui.app.screen._compositor.render_strips()
            for flaw in screen_flaws(ui, strips, screen, variant):
                yield f"{name} at {size}: {flaw}"
        if not screen.stays:
            await return_to_list(ui)


async def press(ui: UiPilot, key: str) -> None:
    """Press a key, or type a text."""
    if not key.startswith("="):
        await ui.press(key)
        return
    line = ui.app.focused
    assert isinstance(line, Input)
    line.value = key[1:]
    line.cursor_position = len(line.value)
    await ui.settle()


async def return_to_list(ui: UiPilot) -> None:
    """Return to the list, by pressing escape."""
    main_screen = ui.app.main_screen
    while (
        ui.app.screen is not main_screen
        or main_screen.focused is not main_screen.panes.table
        or main_screen.site.catalog.filter
    ):
        await ui.press("escape")


def screen_flaws(ui: UiPilot, strips: Sequence[Strip], screen: WalkStep, variant: Variant) -> Iterator[str]:
    """Yield the flaws of the visible screen."""
    lines = [strip.text for strip in strips]
    if not any(screen.shows in line for line in lines):
        yield "\n".join([f"{screen.shows!r} is not there:", *lines])
    if [width(line) for line in lines] != [ui.app.size.width] * ui.app.size.height:
        yield "lines are not as wide as the window"
    in_sight = [widget for widget in ui.app.screen.query(Widget) if widget.is_on_screen]
    for widget in in_sight:
        if isinstance(widget, VirtualTable):
            yield from cut_cells(widget)
        elif isinstance(widget, Lines):
            yield from cut_lines(widget)
        elif isinstance(widget, Label):
            yield from cut_label(widget, strips)
    for strip in strips:
        for text, style, _ in strip:
            yield from colour_flaws(text, style or Style(), variant)
    yield from symbol_flaws({widget for line in lines for widget in line if not widget.isascii()}, ui, variant)


def cut_cells(table: VirtualTable[object]) -> Iterator[str]:
    """Yield visible cells that are cut although their columns must be shown in full."""
    columns = [column for column, _ in table._fit_columns()[0] if column.key in UNCUT_COLUMNS]
    if table.id == "table" and not ALWAYS_VISIBLE.issubset(column.key for column in columns):
        yield f"there are no columns but {table.visible_columns}"
    for y, record in enumerate(table.records[table.top : table.top + table.visible_row_count], table.fixed_lines):
        line = table.render_line(y).text
        full_width = table.full_width_text(record)
        cell_texts = [column.text(record).strip() for column in columns] if full_width is None else []
        yield from (f"{cell_text!r} is not in: {line}" for cell_text in cell_texts if cell_text not in line)
        if full_width is not None and UNCUT_TEXT.search(cut_text(full_width[0], line)):
            yield f"cut: {line}"


def cut_lines(listed: Lines) -> Iterator[str]:
    """Yield visible lines that cut text which must be shown in full."""
    texts = [f"{listed.heading}  {listed.note}"] if listed.fixed_lines else []
    texts += [
        "".join(text for text, _ in line.pieces)
        for line in listed.lines[listed.top : listed.top + listed.visible_row_count]
    ]
    for y, text in enumerate(texts):
        line_text = listed.render_line(y).text
        if UNCUT_TEXT.search(cut_text(text, line_text)):
            yield f"cut: {line_text}"


def cut_text(text: str, line_text: str) -> str:
    """Return the text that was cut from the end of a line, with the last 12 characters before it."""
    line_text = line_text.rstrip()
    if not line_text.endswith((ELLIPSIS, ELLIPSIS_ASCII)):
        return ""
    visible = line_text[:-1].strip().removeprefix("▸").removeprefix(">").strip()
    return text[max(0, text.rfind(visible) + len(visible) - 12) :]


def cut_label(label: Label, strips: Sequence[Strip]) -> Iterator[str]:
    """Yield a label whose text is not fully shown."""
    region, text = label.region, str(label.content)
    visible = "".join(strip.crop(region.x, region.right).text for strip in strips[max(0, region.y) : region.bottom])
    if "".join(text.split()) != "".join(visible.split()):
        yield f"of {text!r} there is only: {visible}"


def colour_flaws(text: str, style: Style, variant: Variant) -> Iterator[str]:
    """Yield text in a colour where none is allowed, in more than 16 colours, or in the colour of its background."""
    colours = [colour for colour in (style.color, style.bgcolor) if colour is not None and not colour.is_default]
    if colours and not variant.colours:
        yield f"coloured {style}: {text}"
    if variant.theme.startswith("ansi") and any(colour.type is not ColorType.STANDARD for colour in colours):
        yield f"more than sixteen colours {style}: {text}"
    if text.strip() and len(colours) == 2 and colours[0] == colours[1]:
        yield f"not to be seen {style}: {text}"


def symbol_flaws(signs: set[str], ui: UiPilot, variant: Variant) -> Iterator[str]:
    """Yield symbols that a terminal may not have, or that take two cells in some locale."""
    symbols = signs - set(msgspec.json.encode(ui.app.main_screen.site.site_state).decode())
    if variant.plain and symbols:
        yield f"not ASCII: {symbols}"
    if wide_symbols := {sign for sign in symbols if unicodedata.east_asian_width(sign) not in {"N", "Na"}}:
        yield f"ambiguous: {wide_symbols}"
