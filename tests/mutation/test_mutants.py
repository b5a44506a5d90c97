"""Mutants are valid, different from the file, and the same for the same seed."""

import ast
from pathlib import Path

import pytest

from tests.mutation.mutants import Mutant, mutants_of, sample
from tests.mutation.runs import ROOT, Record

HISTORY = ROOT / "drtui" / "storage" / "history_db.py"


def changes(folder: Path, text: str, *, codes_only: bool = False) -> list[tuple[str, str]]:
    path = folder / "module.py"
    path.write_text(text)
    return [(mutant.operator, mutant.text) for mutant in mutants_of(path, folder, codes_only=codes_only)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = a < b", [("comparison", "x = a <= b"), ("comparison", "x = a >= b")]),
        ("x = a and b", [("boolean", "x = (a or b)"), ("boolean", "x = (b)"), ("boolean", "x = (a)")]),
        ("x = (not a)", [("boolean", "x = ((a))")]),
        ("x = 7", [("number", "x = 8")]),
        ("x = ö + 'b'", [("arithmetic", "x = (ö - 'b')"), ("text", "x = ö + 'bx'")]),
        ("x = min(a, b)", [("name", "x = max(a, b)")]),
        ("x = 'a sentence'", []),
        ("x = 'UPDATE t SET a = min(a, b)'", [("sql", "x = 'UPDATE t SET a = max(a, b)'")]),
        ("x += a", [("arithmetic", "x = a")]),
        ("def f():\n    return a", [("statement", "def f():\n    return None")]),
        ("x = FINE", [("exit code", "x = FINDINGS")]),
        ("def f():\n    g()", [("statement", "def f():\n    pass")]),
        ("x = a if b else c", [("condition", "x = a if (not b) else c"), ("branch", "x = (a)"), ("branch", "x = (c)")]),
        ("x = [a for a in b if a]", [("condition", "x = [a for a in b if True]")]),
    ],
)  # fmt: skip
def test_mutants_change_one_place_when_a_file_has_one(
    tmp_path: Path, text: str, expected: list[tuple[str, str]]
) -> None:
    assert sorted(changes(tmp_path, text)) == sorted(expected)


@pytest.mark.parametrize(
    "text",
    [
        '"""A module."""',
        'def f(a: "int" = b) -> "str":\n    """Do it."""',
        "import a\nfrom b import c",
        "if TYPE_CHECKING:\n    x = 1",
        '__all__ = ["a"]',
        "assert a < b",
    ],
)
def test_mutants_are_none_when_nothing_is_carried_out(tmp_path: Path, text: str) -> None:
    assert changes(tmp_path, text) == []


def test_mutants_keep_to_exit_codes_when_nothing_else_is_wanted(tmp_path: Path) -> None:
    text = "def f(a):\n    b = a + 1\n    return b if a else c\n\n\ndef g():\n    return USAGE"
    assert [operator for operator, _ in changes(tmp_path, text, codes_only=True)] == ["statement", "exit code"]


def test_statement_is_changed_when_it_returns_the_code_of_failures(tmp_path: Path) -> None:
    text = "def f(a, b):\n    return failures_exit_code(a) or b\n\n\ndef g(a, b):\n    return other(a) or b"
    mutants = changes(tmp_path, text, codes_only=True)
    assert {"boolean"} <= {operator for operator, _ in mutants}
    assert all("return other(a) or b" in text for _, text in mutants)


def test_mutants_are_valid_and_different_when_made_of_a_file() -> None:
    mutants = mutants_of(HISTORY, ROOT)
    before = ast.dump(ast.parse(HISTORY.read_text(encoding="utf-8")))
    assert len(mutants) > 100
    assert {mutant.path for mutant in mutants} == {"drtui/storage/history_db.py"}
    assert [str(mutant) for mutant in mutants[::5] if ast.dump(ast.parse(mutant.text)) == before] == []


def test_sample_is_the_same_when_the_seed_is() -> None:
    all_mutants = mutants_of(HISTORY, ROOT)
    assert sample(all_mutants, 15, 20) == sample(all_mutants[::-1], 15, 20) != sample(all_mutants, 16, 20)


@pytest.mark.parametrize(
    ("line", "budget", "expected"),
    [
        (1, 60, ["tests/storage/b", "tests/storage/a", "tests/cli/c"]),
        (1, 3, ["tests/storage/b", "tests/storage/a"]),
        (1, 0.1, ["tests/storage/b"]),
        (2, 60, ["tests/cli/c"]),
        (3, 60, []),
    ],
)
def test_tests_of_a_mutant_are_the_nearest_and_quickest_when_time_is_short(
    line: int, budget: float, expected: list[str]
) -> None:
    record = Record(
        {"tests/storage/a": 2.0, "tests/storage/b": 1.0, "tests/cli/c": 0.5},
        {"drtui/storage/x.py": {"1": [0, 1, 2], "2": [2]}},
    )
    mutant = Mutant("drtui/storage/x.py", line, line, "number", "1", "2", "", in_function=True)
    assert record.of(mutant, budget) == expected
