"""References to documents resolve, and nothing refers to a document that is not in the repository."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import drtui

ROOT = Path(drtui.__file__).parent.parent
DOCS = ROOT / "drtui" / "docs"
FILES = sorted(
    [path for folder in ("drtui", "tests") for path in (ROOT / folder).rglob("*.py")]
    + [path for folder in (ROOT, ROOT / "drtui", DOCS, ROOT / ".github") for path in folder.glob("*.md")]
)
ANCHOR = re.compile(r"docs/(\w+)\.md(?:#([\w-]+))?")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)(?:#([\w-]+))?\)")
RULE = re.compile(r"\bR\d+\b")
ELSEWHERE = re.compile(r"\b(?:SPEC|RULES|FAULTS|LOOK|DESIGN|OPERATIONS|PERFORMANCE) (?:section )?\d[\d.]*\b")


def anchors(path: Path) -> set[str]:
    """Return the anchors of a Markdown file's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^a-z0-9 _-]", "", head.lower()).replace(" ", "-") for head in heads}


def texts() -> Iterator[tuple[str, str]]:
    """Yield the path and text of every file that may refer to a document, but for this one."""
    for path in FILES:
        if path.name not in {"test_docs.py", "CHANGELOG.md"}:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def broken_anchors(text: str) -> list[str]:
    """Return the references to `docs/*.md` in `text` that lead nowhere."""
    broken = []
    for reference in ANCHOR.finditer(text):
        path = DOCS / f"{reference[1]}.md"
        if not path.exists() or (reference[2] and reference[2] not in anchors(path)):
            broken.append(reference[0])
    return broken


def test_references_lead_to_a_heading_when_they_name_a_document() -> None:
    assert {path: wrong for path, text in texts() if (wrong := broken_anchors(text))} == {}


def test_files_exist_when_the_architecture_names_them() -> None:
    package = ROOT / "drtui"
    named = re.findall(
        r"`((?:drtui/|tests/)?[a-z_]+/[a-z_/]+\.py)`", (package / "README.md").read_text(encoding="utf-8")
    )
    assert [name for name in named if not (package / name).exists() and not (ROOT / name).exists()] == []
    assert len(named) > 40


def test_rules_are_documented_when_code_refers_to_them() -> None:
    documented = set(RULE.findall((DOCS / "rules.md").read_text(encoding="utf-8")))
    unknown = {path: named - documented for path, text in texts() if (named := set(RULE.findall(text))) - documented}
    assert unknown == {}


def test_documents_exist_when_files_refer_to_them() -> None:
    assert {path: missing for path, text in texts() if (missing := ELSEWHERE.findall(text))} == {}


@pytest.mark.parametrize("text", ["docs/api.md#no-such-heading", "docs/nowhere.md"])
def test_reference_is_broken_when_it_leads_nowhere(text: str) -> None:
    assert broken_anchors(f"see {text} for it") == [text]


def test_links_lead_to_a_file_when_a_document_has_them() -> None:
    documents = [path for path in FILES if path.suffix == ".md"]
    links = [
        (path, target, head) for path in documents for target, head in LINK.findall(path.read_text(encoding="utf-8"))
    ]
    missing = [f"{path.name}: {target}" for path, target, _ in links if not (path.parent / target).exists()]
    unknown = [
        f"{path.name}: #{head}" for path, target, head in links if head and head not in anchors(path.parent / target)
    ]
    assert (missing, unknown) == ([], [])


def test_readme_is_short_when_it_is_read_in_a_terminal() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 150
    assert [line for line in lines if len(line) > 110] == []


def test_readme_links_every_document_of_users_when_it_is_read() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in DOCS.glob("*.md") if f"drtui/docs/{path.name}" not in readme] == []
