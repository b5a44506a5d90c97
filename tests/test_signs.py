"""Every character that the program itself shows is one cell wide in every locale, and has one meaning."""

import ast
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import drtui
from drtui.core.contents.describe import PRESENCE_LABELS
from drtui.core.model.diagnosis import StepResult
from drtui.core.summary.day_strip import DAY_MARKS
from drtui.core.summary.diagnosis import step_label
from drtui.core.summary.health_check import Grade
from drtui.core.summary.labels import FAILED, MISSED, StatusLabel, level_label
from drtui.core.summary.site_summary import grade_label
from drtui.core.timeline.chart import RETENTION_MARK
from drtui.core.timeline.lanes import EVENT_MARKS, EXPECTED_MARK, NOW_MARK, UNREAD_MARK
from drtui.core.verdict.rules import Level

HOUSE = Path(drtui.__file__).parent
SPOKEN = {"cli", "demo"}
"""Packages whose texts are not laid out in cells, or are names as a server may send them."""
SEEN = {"L", "N", "P", "S"}
"""Unicode categories of visible characters."""


def test_signs_are_one_cell_wide_when_the_locale_differs() -> None:
    files = [
        character for character in sorted(HOUSE.rglob("*.py")) if character.relative_to(HOUSE).parts[0] not in SPOKEN
    ]
    assert {str(path): wide for path in files if (wide := set(ambiguous(path)))} == {}


def ambiguous(path: Path) -> Iterator[str]:
    """Return the visible characters in a file that are wider than one cell in some locale (UAX #11)."""
    for character in "".join(texts(path)):
        if unicodedata.category(character)[0] in SEEN and unicodedata.east_asian_width(character) not in {"N", "Na"}:
            yield character


def texts(path: Path) -> Iterator[str]:
    """Return the texts in a file, without docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    explaining = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explaining:
            yield node.value


LABELS = (
    *map(level_label, Level), *map(step_label, StepResult), *map(grade_label, Grade), *EVENT_MARKS,
    *PRESENCE_LABELS.values(), *DAY_MARKS.values(), FAILED, MISSED, EXPECTED_MARK, NOW_MARK, RETENTION_MARK,
    UNREAD_MARK,
)  # fmt: skip
"""Labels of every register."""

NOT_GLYPHS = set("⣀⣤⣶⡀⣄⣦⣷") | {chr(code) for code in range(0x2400, 0x2422)}
"""Lower bars, and signs in place of control characters of a site."""


QUOTED = re.compile(r"`\\?([^`]+)`")


class Glyph(NamedTuple):
    """A row of the table of glyphs."""

    glyphs: list[str]
    ascii_signs: list[str]
    meaning: str
    words: list[str]
    """Words that may stand beside it."""


def glossary() -> list[Glyph]:
    """Return the table of glyphs in the glossary."""
    text = (HOUSE / "docs" / "glossary.md").read_text(encoding="utf-8").partition("## Glyphs")[2]
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines() if line.startswith("| `")]
    return [
        Glyph(
            re.findall(r"`([^`]+)`", glyphs),
            re.findall(r"`\\?([^`]+)`", signs),
            meaning.strip(),
            words.strip().split(", "),
        )
        for glyphs, signs, meaning, words in rows
    ]


def test_glyph_has_one_meaning_when_the_glossary_lists_it() -> None:
    table = glossary()
    glyphs = [glyph for row in table for glyph in row.glyphs]
    assert len(glyphs) == len(set(glyphs)) > 20
    assert len({row.meaning for row in table}) == len(table)


def test_glyph_is_in_the_glossary_when_the_program_shows_it() -> None:
    known = {glyph for row in glossary() for glyph in row.glyphs} | NOT_GLYPHS
    files = [
        path for path in sorted(HOUSE.rglob("*.py")) if path.relative_to(HOUSE).parts[0] in {"core", "output", "ui"}
    ]
    shown = {
        character: path.name
        for path in files
        for character in "".join(texts(path))
        if not character.isascii() and unicodedata.category(character)[0] == "S"
    }
    assert {character: name for character, name in shown.items() if character not in known} == {}


@pytest.mark.parametrize("label", LABELS, ids=lambda label: label.word)
def test_label_has_the_meaning_of_its_glyph_when_a_register_has_it(label: StatusLabel) -> None:
    (row,) = (row for row in glossary() if label.symbol in row.glyphs)
    assert label.word in row.words
    assert label.ascii in row.ascii_signs
