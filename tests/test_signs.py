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
    files = [each for each in sorted(HOUSE.rglob("*.py")) if each.relative_to(HOUSE).parts[0] not in SPOKEN]
    assert {str(path): wide for path in files if (wide := set(ambiguous(path)))} == {}


def ambiguous(path: Path) -> Iterator[str]:
    """Return the visible characters in a file that are wider than one cell in some locale (UAX #11)."""
    for each in "".join(texts(path)):
        if unicodedata.category(each)[0] in SEEN and unicodedata.east_asian_width(each) not in {"N", "Na"}:
            yield each


def texts(path: Path) -> Iterator[str]:
    """Return the texts in a file, without docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    explaining = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for each in ast.walk(tree):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in explaining:
            yield each.value
