"""Mutants of a file: its text with one operator, number, condition, call or exit code changed."""

import ast
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from drtui.cli import exit_codes
from drtui.cli.output import Answer, failures_exit_code

CODES = ("FINE", "FINDINGS", "USAGE", "UNREACHABLE", "REFUSED", "INTERRUPTED")
"""Names of the exit codes; each is replaced by the one after it."""

DECIDING = (failures_exit_code.__name__, Answer.__name__, exit_codes.CommandError.__name__)
"""Names of the functions and classes that decide an exit code."""

ENDING = re.compile(rf"\b({'|'.join((*CODES, 'code', 'grade', *DECIDING))})\b")
"""Matches the names in a statement that decide how a command ends."""

COMPARISONS: dict[type[ast.cmpop], tuple[str, ...]] = {
    ast.Eq: ("!=",),
    ast.NotEq: ("==",),
    ast.Lt: ("<=", ">="),
    ast.LtE: ("<", ">"),
    ast.Gt: (">=", "<="),
    ast.GtE: (">", "<"),
    ast.In: ("not in",),
    ast.NotIn: ("in",),
    ast.Is: ("is not",),
    ast.IsNot: ("is",),
}
ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "//",
    ast.Div: "*",
    ast.FloorDiv: "*",
    ast.Mod: "*",
    ast.BitOr: "&",
    ast.BitAnd: "|",
    ast.LShift: ">>",
}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "True": "False", "False": "True"}
SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA)\b")
SQL_PIECES = (
    (r"(?<![<>])>=", "<"),
    (r"<>", "="),
    (r"(?<![<>=]) < ", " >= "),
    (r"(?<![<>=]) > ", " <= "),
    (r"\bAND\b", "OR"),
    (r"\bIS NULL\b", "IS NOT NULL"),
    (r"\bIS NOT NULL\b", "IS NULL"),
    (r"\bmin\(", "max("),
    (r"\bmax\(", "min("),
    (r"\bOR IGNORE\b", ""),
    (r"\bON DELETE CASCADE\b", ""),
    (r"\bORDER BY [\w, ]+", ""),
    (r"\bWHERE [^=\n]+[<>=]+ ?[:\w.]+$", ""),
)
"""Replacements in a statement of SQL."""


class Mutant(NamedTuple):
    """One change to one file."""

    path: str
    """Path relative to the root of the tree."""
    line: int
    end: int
    """Last line of the statement, for a change that is executed only with all of it."""
    operator: str
    before: str
    after: str
    text: str
    """The whole file with the change."""
    in_function: bool
    """True if the line is executed by calls, not by the import of the file."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.operator}: {_short(self.before)} -> {_short(self.after)}"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else f"{flat[:40]} … {flat[-17:]}"


def mutants_of(path: Path, root: Path, *, codes_only: bool = False) -> list[Mutant]:
    """Return every mutant of a file; with `codes_only` those of the statements only that end with an exit code."""
    text = path.read_text(encoding="utf-8")
    return list(_Source(text, str(path.relative_to(root)), codes_only=codes_only).mutants())


def sample(mutants: Sequence[Mutant], seed: int, count: int) -> list[Mutant]:
    """Return this number of mutants, the same for the same seed and files."""
    ordered = sorted(mutants, key=lambda mutant: mutant[:7])
    return random.Random(seed).sample(ordered, min(count, len(ordered)))  # noqa: S311 - no secret


Change = tuple[ast.AST, str, str]
"""A node, its operator, and the replacement of the node's text."""


class _Source:
    """The text of a file, and the positions of its nodes."""

    def __init__(self, text: str, path: str, *, codes_only: bool) -> None:
        self._text, self._path, self._codes_only = text, path, codes_only
        self._tree = ast.parse(text)
        self._lines = [line.encode() for line in text.splitlines(keepends=True)]
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))
        self._bytes = text.encode()
        self._statements: dict[ast.AST, ast.stmt] = {}
        self._functions: set[ast.AST] = set()

    def mutants(self) -> Iterator[Mutant]:
        for node in self._nodes(self._tree, None, in_function=False):
            for place, operator, after in self._changes(node):
                mutant = self._mutant(node, place, operator, after)
                if mutant is not None:
                    yield mutant

    def _mutant(self, node: ast.AST, place: ast.AST, operator: str, after: str) -> Mutant | None:
        start, end = self._span(place)
        before = self._bytes[start:end].decode()
        text = (self._bytes[:start] + after.encode() + self._bytes[end:]).decode()
        if ast.dump(ast.parse(f"({before}\n)" if isinstance(place, ast.expr) else before)) == ast.dump(
            ast.parse(after)
        ):
            return None
        statement = self._statements.get(node)
        last = getattr(statement, "end_lineno", None) if isinstance(statement, SIMPLE) else None
        line = int(getattr(place, "lineno", 1))
        in_function = node in self._functions
        return Mutant(self._path, line, last or line, operator, before, after, text, in_function)

    def _span(self, node: ast.AST) -> tuple[int, int]:
        """Return the offsets in bytes at which a node begins and ends."""
        assert isinstance(node, ast.expr | ast.stmt)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._starts[node.lineno - 1] + node.col_offset, self._starts[node.end_lineno - 1] + node.end_col_offset

    def _nodes(self, node: ast.AST, statement: ast.stmt | None, *, in_function: bool) -> Iterator[ast.AST]:
        """Yield every node that may be changed: no annotation, import, docstring or code for type checkers."""
        if isinstance(node, ast.stmt):
            statement = node
        if statement is not None:
            self._statements[node] = statement
        if in_function:
            self._functions.add(node)
        if not self._codes_only or self._ends_with_code(statement):
            yield node
        for name, value in ast.iter_fields(node):
            if name in {"annotation", "returns", "decorator_list", "type_params", "bases", "keywords"} and not (
                isinstance(node, ast.Call)
            ):
                continue
            inside = in_function or (isinstance(node, FUNCTIONS) and name == "body")
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not _is_left_alone(child):
                    yield from self._nodes(child, statement, in_function=inside)

    def _ends_with_code(self, statement: ast.stmt | None) -> bool:
        """True if a statement returns, raises or holds an exit code."""
        if not isinstance(statement, ast.Return | ast.Raise | ast.Assign):
            return False
        return ENDING.search(ast.unparse(statement)) is not None

    def _changes(self, node: ast.AST) -> Iterator[Change]:
        for operator, changes in OPERATORS.items():
            for place, after in changes(node):
                yield place, operator, after


SIMPLE = (ast.Return, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Raise)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def _is_left_alone(node: ast.AST) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr | ast.Assert):
        return True
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True  # a docstring
    return isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets)


Changes = Iterable[tuple[ast.AST, str]]


def _comparison(node: ast.AST) -> Changes:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = ast.unparse(node.left), ast.unparse(node.comparators[0])
        yield from ((node, f"{left} {operator} {right}") for operator in COMPARISONS[type(node.ops[0])])


def _boolean(node: ast.AST) -> Changes:
    if isinstance(node, ast.BoolOp):
        replacement: ast.boolop = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield node, f"({ast.unparse(ast.BoolOp(replacement, node.values))})"
        for left_out in range(len(node.values)):
            rest = [value for position, value in enumerate(node.values) if position != left_out]
            yield node, f"({ast.unparse(rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest))})"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node, f"({ast.unparse(node.operand)})"


def _condition(node: ast.AST) -> Changes:
    if isinstance(node, ast.If | ast.While | ast.IfExp) and not isinstance(node.test, ast.Compare):
        yield node.test, f"(not {ast.unparse(node.test)})"
    if isinstance(node, ast.comprehension):
        yield from ((test, "True") for test in node.ifs)


def _number(node: ast.AST) -> Changes:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        yield node, repr(node.value + 1)


def _text(node: ast.AST) -> Changes:
    """Return strings that programs read: keys of JSON, codes, names of columns; no sentences."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[\w.:-]+", node.value):
        yield node, repr(f"{node.value}x")


def _sql(node: ast.AST) -> Changes:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value):
        for pattern, after in SQL_PIECES:
            for replacements in re.finditer(pattern, node.value, re.MULTILINE):
                yield node, repr(f"{node.value[: replacements.start()]}{after}{node.value[replacements.end() :]}")


def _arithmetic(node: ast.AST) -> Changes:
    if isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        left, right = ast.unparse(node.left), ast.unparse(node.right)
        yield node, f"({left} {ARITHMETIC[type(node.op)]} {right})"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node, ast.unparse(node.operand)
    if isinstance(node, ast.AugAssign):
        yield node, f"{ast.unparse(node.target)} = {ast.unparse(node.value)}"


def _name(node: ast.AST) -> Changes:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMES:
        yield node.func, NAMES[node.func.id]
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield node, NAMES[str(node.value)]


def _code(node: ast.AST) -> Changes:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in CODES:
        yield node, CODES[(CODES.index(node.id) + 1) % len(CODES)]


def _statement(node: ast.AST) -> Changes:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Await):
        yield node, "pass"
    if isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield node, "return None"
    if isinstance(node, ast.Continue):
        yield node, "break"
    if isinstance(node, ast.Break):
        yield node, "continue"


def _branch(node: ast.AST) -> Changes:
    if isinstance(node, ast.IfExp):
        yield node, f"({ast.unparse(node.body)})"
        yield node, f"({ast.unparse(node.orelse)})"


OPERATORS: dict[str, Callable[[ast.AST], Changes]] = {
    "comparison": _comparison,
    "boolean": _boolean,
    "condition": _condition,
    "number": _number,
    "text": _text,
    "sql": _sql,
    "arithmetic": _arithmetic,
    "name": _name,
    "exit code": _code,
    "statement": _statement,
    "branch": _branch,
}
"""Kinds of change: functions that return the replacements of a node."""

assert all(hasattr(exit_codes, name) for name in CODES)
