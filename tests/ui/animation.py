"""Draw a short tour of the demo as an animated SVG; the same program always produces the same bytes.

It has no script and refers to nothing, so that a web page shows it as a picture.
`pytest tests/ui/test_pictures.py -m "" --draw` writes it.
"""

import re
from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from tests.ui.stories import UiPilot, open_demo

SIZE = (100, 30)
CELL_WIDTH, CELL_HEIGHT, FONT_SIZE = 8.4, 18, 14
MARGIN, CAPTION_HEIGHT = 12, 40
"""Room around the terminal, and below it; pixels."""
BACKGROUND, FOREGROUND, ACCENT = "#121212", "#e0e0e0", "#ffa62b"
FONT = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"
SHOWN = 3.0
"""Seconds for which a frame is shown."""


class Scene(NamedTuple):
    """Keys that are pressed, and what they are for; a frame is drawn after the last one."""

    keys: tuple[str, ...]
    label: str
    """The keys as the caption shows them."""
    caption: str


SCENES = (
    Scene((), "drtui", "Could you restore? The headline says so, and why"),
    Scene(("j", "j"), "j j", "Every backup with its verdict; below, what is in it"),
    Scene(("b", *"3d ago", "enter"), "b 3d ago", "Back to before the damage: which one, and what is lost"),
    Scene(("escape", "g", "t"), "t", "Over time: failed, missed and expected runs, what expires"),
    Scene(("escape", "w", *"zoning"), "w zoning", "Which backups contain a geodatabase, and until when"),
    Scene(("escape", "escape", "D"), "D", "What differs from the previous usable restore point"),
    Scene(("escape", "slash", *"!verdict:usable", "enter"), "/ !verdict:usable", "What is not usable, and why"),
)


async def animation() -> str:
    """Return the SVG."""
    frames: list[list[str]] = []
    async with open_demo("calm", size=SIZE, theme="textual-dark") as ui:
        for scene in SCENES:
            await ui.press(*scene.keys)
            frames.append([_row(line) for line in _lines(ui)])
        await ui.press("escape")
    return "\n".join(_svg_lines(frames)) + "\n"


def _lines(ui: UiPilot) -> list[list[Segment]]:
    """Return the segments of each line of the window."""
    return [list(strip) for strip in ui.app.screen._compositor.render_strips()]


def _row(segments: list[Segment]) -> str:
    """Return a line of the window as SVG, at y 0."""
    backgrounds: list[str] = []
    texts: list[str] = []
    column = 0
    for text, style, _ in Segment.simplify(segments):
        cells = cell_len(text)
        x, width = _number(column * CELL_WIDTH), _number(cells * CELL_WIDTH)
        fill, back = _colours(style or Style.null())
        if back != BACKGROUND:
            backgrounds.append(f'<path fill="{back}" d="M{x} 0h{width}v{CELL_HEIGHT}h-{width}z"/>')
        texts += _words(text, column, fill, style or Style.null())
        column += cells
    return "".join(backgrounds + texts)


def _words(text: str, column: int, fill: str, style: Style) -> Iterator[str]:
    """Yield the words between wide gaps; each has its exact width, whatever font draws it."""
    look = f' fill="{fill}"' if fill != FOREGROUND else ""
    look += ' font-weight="700"' if style.bold else ""
    look += ' text-decoration="underline"' if style.underline else ""
    for word in re.finditer(r"\S+(?: \S+)*", text):
        x = (column + cell_len(text[: word.start()])) * CELL_WIDTH
        place = f'x="{_number(x)}" y="{CELL_HEIGHT - 5}" textLength="{_number(cell_len(word[0]) * CELL_WIDTH)}"'
        yield f"<text {place}{look}>{escape(word[0])}</text>"


def _colours(style: Style) -> tuple[str, str]:
    """Return the colours of text and background, #rrggbb."""
    fill = style.color.get_truecolor().hex if style.color else FOREGROUND
    back = style.bgcolor.get_truecolor().hex if style.bgcolor else BACKGROUND
    return (back, fill) if style.reverse else (fill, back)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _svg_lines(frames: list[list[str]]) -> Iterator[str]:
    """Yield the lines of the file; a line of the window that several frames have is drawn once."""
    rows = {row: number for number, row in enumerate(dict.fromkeys(row for frame in frames for row in frame))}
    width = round(SIZE[0] * CELL_WIDTH + 2 * MARGIN)
    height = SIZE[1] * CELL_HEIGHT + 2 * MARGIN + CAPTION_HEIGHT
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    yield "<title>drtui on a simulated site</title>"
    yield f"<style>svg {{ font: {FONT_SIZE}px {FONT}; fill: {FOREGROUND} }} text {{ white-space: pre }}"
    yield from _rules(len(frames))
    yield "</style>"
    yield f'<rect width="{width}" height="{height}" rx="8" fill="{BACKGROUND}"/>'
    yield "<defs>"
    yield from (f'<g id="r{number}">{row}</g>' for row, number in rows.items() if row)
    yield "</defs>"
    for index, (frame, scene) in enumerate(zip(frames, SCENES, strict=True)):
        yield f'<g class="frame" id="f{index}" transform="translate({MARGIN} {MARGIN})">'
        yield "".join(f'<use href="#r{rows[row]}" y="{line * CELL_HEIGHT}"/>' for line, row in enumerate(frame) if row)
        yield _caption(scene)
        yield "</g>"
    yield "</svg>"


def _rules(frames: int) -> Iterator[str]:
    """Yield the rules that show one frame after another, or the first one if less motion is preferred."""
    total = _number(frames * SHOWN)
    yield f".frame {{ visibility: hidden; animation: {total}s step-end infinite }}"
    for index in range(frames):
        begin, end = (100 * number / frames for number in (index, index + 1))
        steps = f"{begin:.2f}% {{ visibility: visible }} {end:.2f}% {{ visibility: hidden }}"
        if index:
            steps = f"0% {{ visibility: hidden }} {steps}"
        yield f"@keyframes k{index} {{ {steps} }} #f{index} {{ animation-name: k{index} }}"
    yield "#f0 { visibility: visible } @media (prefers-reduced-motion: reduce) { .frame { animation: none } }"


def _caption(scene: Scene) -> str:
    """Return the keys in a box, and what they are for."""
    top, width = SIZE[1] * CELL_HEIGHT + 14, len(scene.label) * CELL_WIDTH + 16
    return (
        f'<rect y="{top}" width="{_number(width)}" height="26" rx="4" fill="none" stroke="{ACCENT}"/>'
        f'<text x="8" y="{top + 18}" fill="{ACCENT}" font-weight="700">{escape(scene.label)}</text>'
        f'<text x="{_number(width + 14)}" y="{top + 18}">{escape(scene.caption)}</text>'
    )
