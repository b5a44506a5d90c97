"""Tests of the words in messages and documents: plain English, and none of the retired register."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "drtui"

RETIRED = (
    (r"\banew\b", "again"),
    (r"\bgo(es|ing) on\b", "runs, is running, continues"),
    (r"\bnobody (can|could) (tell|know)", "cannot be determined"),
    (r"\bcannot be told\b|\bcould not be told\b", "unknown"),
    (r"\b(it is|is|are|was|were) not known\b", "unknown"),
    (r"\bis no success\b", "WITH WARNINGS"),
    (r"\bdid not succeed\b", "FAILED"),
    (r"\bis no (address|command|host|moment|scheme|site|store|terminal|time|word)\b", "is not a ..."),
    (r"\bin sight\b", "visible, one screen"),
    (r"\bat hand\b", "available"),
    (r"\bfor ever\b", "forever"),
    (r"\bunseen\b", "without echo"),
    (r"\bheld (by|anyway|in)\b|\bholds? (it|the same|nothing)\b", "contains"),
    (r"\bhas to (hold|be)\b|\bhave to hold\b", "must"),
    (r"\bnot said\b|\bis said\b|\bsaid so\b|\bsays nothing of\b", "leave out, or say what is unknown"),
    (r"\bcleaned up\b", "deleted, expires"),
    (r"\bworthless\b", "cannot be restored"),
    (r"\bpassed over\b", "skipped"),
    (r"\busable as well\b", "also usable"),
    (r"\bended (well|badly)\b", "completed, failed"),
    (r"\bend was lost\b", "end was not recorded"),
    (r"\blearned from( the)? names\b", "inferred from backup names"),
    (r"\bmade by (another|the|release|build|site|\{)", "from"),
    (r"\bset aside\b", "moved"),
    (r"\ball the same\b|\bas well as\b", "anyway, and"),
    (r"\bas at first\b|\bthe order round\b", "reset, reverse"),
    (r"\bone would\b|\bone and the same\b|\b(usable|marked) ones?\b|\b(older|newer) one\b", "name the noun"),
    (r"\bstill to come\b|\b(is|are|runs?) to come\b", "coming, in the future"),
    (r"\bwhat (somebody|stands|came|comes|there is)\b", "a noun"),
    (r"\bit is the last one\b|\bis called so\b|\bgone elsewhere\b|\bgoes elsewhere\b", "plain words"),
)
"""Words of the retired register, each with what to write instead."""

ALLOWED = {("core/operations/retention.py", "for ever"), ("core/operations/preflight.py", "store-unseen")}
"""Texts that contain such a word for a reason: a person may type it, or it is a code."""


def read_texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each string in a module except docstrings; `{}` stands for a value."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(value) for value in node.values}
            yield node.lineno, "".join(v.value if isinstance(v, ast.Constant) else "{}" for v in node.values)  # type: ignore[misc]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.lineno, node.value


def find_retired(text: str) -> list[str]:
    """Return the retired words in a text, each with what to write instead."""
    found = ((re.search(pattern, text, re.IGNORECASE), better) for pattern, better in RETIRED)
    return [f"{match[0]!r}: write {better}" for match, better in found if match]


def test_retired_words_are_found_when_a_text_contains_them() -> None:
    assert find_retired("Backup of X is going on, nobody can tell") != []
    assert find_retired("Backup X running for 4 min (stage: object store)") == []


def test_texts_are_plain_in_every_module() -> None:
    bad = [
        f"{path.relative_to(PACKAGE)}:{line}: {problem} in {text[:80]!r}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for line, text in read_texts(path)
        if (str(path.relative_to(PACKAGE)), text) not in ALLOWED
        for problem in find_retired(text)
    ]
    assert bad == []


def test_documents_are_plain_in_every_line() -> None:
    bad = [
        f"{path.name}:{number}: {problem}"
        for path in sorted((PACKAGE / "docs").glob("*.md"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for problem in find_retired(line)
    ]
    assert bad == []
