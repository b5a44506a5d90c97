"""Every character that the program itself shows is one cell wide, in every locale."""

import ast
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import drtui

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
