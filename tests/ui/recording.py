"""Record a short tour of the demo as an asciicast (version 2); the same program always produces the same bytes."""

import json

from rich.console import Console

from tests.conftest import NOW
from tests.ui.stories import UiPilot, open_demo

SIZE = (100, 30)
PAUSE = 1.6
"""Seconds for which a frame is shown."""
TYPED = 0.12
"""Seconds between two typed letters."""

TOUR: tuple[tuple[str, ...], ...] = (
    (),
    ("H",),
    ("escape",),
    ("j",),
    ("j",),
    ("b", *"3d ago"),
    ("enter",),
    ("enter",),
    ("B",),
    ("escape",),
    ("g",),
    ("t",),
    ("left",),
    ("left",),
    ("escape",),
    ("w",),
    tuple("zoning"),
    ("enter",),
    ("escape",),
    ("g",),
    ("D",),
    ("escape",),
    ("M",),
    ("escape",),
    ("slash", *"!verdict:usable"),
    ("enter",),
    ("y",),
    ("escape",),
    ("escape",),
)
"""Keys to press, in rows; a pause follows each row."""


async def tour() -> str:
    """Return the recording."""
    header = {"version": 2, "width": SIZE[0], "height": SIZE[1], "timestamp": NOW // 1000, "title": "drtui --demo"}
    async with open_demo("calm", size=SIZE, theme="ansi-dark") as ui:
        frames, moment, previous = [], 0.0, [""] * SIZE[1]
        for keys in TOUR:
            for key in keys or ("",):
                if key:
                    await ui.press(key)
                lines = painted(ui)
                frames.append([round(moment, 2), "o", changed(previous, lines)])
                previous, moment = lines, moment + TYPED
            moment += PAUSE
    return "\n".join(json.dumps(record) for record in (header, *frames)) + "\n"


def painted(ui: UiPilot) -> list[str]:
    """Return the lines of the window with their colours, as terminal output."""
    console = Console(color_system="standard", force_terminal=True, legacy_windows=False, width=SIZE[0])
    return [strip.render(console) for strip in ui.app.screen._compositor.render_strips()]


def changed(before: list[str], lines: list[str]) -> str:
    """Return the terminal output that turns the frame `before` into `lines`: only lines that differ."""
    return "".join(
        f"\x1b[{number};1H\x1b[0m{line}\x1b[0m"
        for number, (was, line) in enumerate(zip(before, lines, strict=True), 1)
        if was != line
    )
