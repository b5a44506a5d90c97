"""Screenshots and the key table of docs/keyboard.md, which must match what the program shows today."""

import re
from html import escape
from pathlib import Path

import pytest

from drtui.keybindings import key_table
from tests.suites import in_full
from tests.ui.animation import SCENES, animation
from tests.ui.recording import tour
from tests.ui.stories import open_demo

ROOT = Path(__file__).parents[2]
Picture = tuple[str, tuple[int, int], str, tuple[str, ...]]
"""Scenario, size, theme, and keys to press."""

SIZES = ((80, 24), (120, 40), (160, 45))
"""Sizes at which new screens are drawn."""

PICTURES: tuple[Picture, ...] = (
    ("calm", (120, 40), "textual-dark", ()),
    ("calm", (100, 30), "textual-dark", ("w", *"zoning")),
    ("calm", (100, 30), "textual-dark", ("D",)),
    ("calm", (100, 30), "textual-dark", ("t",)),
    ("paused", (100, 30), "textual-dark", ("slash", *"kind:manual")),
    ("calm", (100, 30), "ansi-dark", ("question_mark",)),
    ("calm", (80, 24), "textual-dark", ()),
    ("calm", (160, 45), "textual-dark", ("j",)),
    ("calm", (200, 60), "textual-dark", ()),
    ("calm", (80, 24), "ansi-light", ("4",)),
    ("half-failed", (120, 40), "textual-light", ()),
    ("upgraded", (80, 24), "textual-dark", ()),
    ("hostile", (120, 40), "textual-dark", ("j", "j", "j")),
    ("empty", (80, 24), "ansi-dark", ()),
    *(("half-failed", size, "textual-dark", ("b", "enter")) for size in SIZES),
    *(("half-failed", size, "textual-dark", ("B",)) for size in SIZES),
    ("half-failed", (120, 40), "textual-dark", ("A",)),
    ("half-failed", (120, 40), "textual-dark", ("M",)),
    ("half-failed", (160, 45), "textual-dark", ("D",)),
    ("calm", (160, 45), "textual-dark", ("t",)),
    ("no-privilege", (160, 45), "ansi-dark", ()),
)

DEFAULT_PICTURES = (PICTURES[0], PICTURES[2], PICTURES[-1])
"""Screenshots that the default suite compares."""

NAMES = {
    ("w", *"zoning"): "-where",
    ("D",): "-compare",
    ("t",): "-timeline",
    ("b", "enter"): "-before",
    ("B",): "-runbook",
    ("A",): "-report",
    ("M",): "-gaps",
    ("slash", *"kind:manual"): "-filter",
    ("question_mark",): "-help",
}
"""Names of screenshots of other screens, by the keys that open the screen."""


@pytest.mark.parametrize("picture", in_full(PICTURES, but=DEFAULT_PICTURES))
async def test_picture_is_current_when_the_program_draws_it(picture: Picture, request: pytest.FixtureRequest) -> None:
    scenario, size, theme, keys = picture
    async with open_demo(scenario, size=size, theme=theme) as ui:
        await ui.press(*keys)
        drawn = ui.app.export_screenshot(title=f"drtui --demo={scenario}")
    name = NAMES.get(keys, "")
    suffix = "" if theme == "textual-dark" else f"-{theme}"
    path = ROOT / "screenshots" / f"{scenario}{name}-{size[0]}x{size[1]}{suffix}.svg"
    if request.config.getoption("--draw"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(drawn, encoding="utf-8")
    assert drawn == path.read_text(encoding="utf-8"), "draw it anew with: pytest tests/ui/test_pictures.py --draw"


@pytest.mark.full
async def test_recording_is_current_when_the_program_draws_it(request: pytest.FixtureRequest) -> None:
    recording, path = await tour(), ROOT / "screenshots" / "tour.cast"
    if request.config.getoption("--draw"):
        path.write_text(recording, encoding="utf-8")
    assert recording == path.read_text(encoding="utf-8"), "make it anew with: pytest tests/ui/test_pictures.py --draw"


@pytest.mark.full
async def test_animation_is_current_when_the_program_draws_it(request: pytest.FixtureRequest) -> None:
    drawn, path = await animation(), ROOT / "screenshots" / "demo.svg"
    if request.config.getoption("--draw"):
        path.write_text(drawn, encoding="utf-8")
    assert drawn == path.read_text(encoding="utf-8"), "draw it anew with: pytest tests/ui/test_pictures.py --draw"
    assert len(drawn) <= 500_000


def test_animation_has_every_scene_and_no_reference_when_a_page_loads_it() -> None:
    picture = (ROOT / "screenshots" / "demo.svg").read_text(encoding="utf-8")
    tags = set(re.findall(r"<([a-zA-Z]+)", picture))
    assert tags <= {"svg", "title", "style", "rect", "defs", "g", "path", "text", "use"}  # no script, no image
    identifiers = set(re.findall(r'id="(\w+)"', picture))
    assert set(re.findall(r'href="([^"]*)"', picture)) <= {f"#{identifier}" for identifier in identifiers}
    assert [scene.caption for scene in SCENES if escape(scene.caption) not in picture] == []


def test_keys_document_lists_the_default_keys_when_compared_with_the_commands(request: pytest.FixtureRequest) -> None:
    rows = "".join(f"| `{keys}` | {meaning} |\n" for _, keys, meaning in key_table())
    table = f"checked by a test -->\n| keys | what they do |\n|---|---|\n{rows}<!-- end of keys -->"
    document = ROOT / "drtui" / "docs" / "keyboard.md"
    text = document.read_text(encoding="utf-8")
    if request.config.getoption("--draw"):
        before, _, rest = text.partition("checked by a test -->")
        text = before + table + rest.partition("<!-- end of keys -->")[2]
        document.write_text(text, encoding="utf-8")
    assert table in text, "write it anew with: pytest tests/ui/test_pictures.py --draw"
