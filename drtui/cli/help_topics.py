"""Documents that `drtui help TOPIC` prints: those of `drtui/docs`, the architecture and the manual page."""

import re
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parents[1]
MANUAL = PACKAGE / "drtui.1"


class Topic(NamedTuple):
    """A document."""

    path: Path
    title: str


def topics() -> dict[str, Topic]:
    """Return the topics by name, in alphabetical order."""
    paths = {path.stem: path for path in (PACKAGE / "docs").glob("*.md")} | {"architecture": PACKAGE / "README.md"}
    named = {name: Topic(path, _title(path)) for name, path in sorted(paths.items())}
    return {**named, "man": Topic(MANUAL, "The manual page")}


def topics_with(words: str, limit: int = 4) -> list[str]:
    """Return the names of the documents with these words: those with a heading of them, then the most frequent."""
    pattern, ranks = re.compile(rf"(#.*)?\b{re.escape(words.removesuffix('s'))}s?\b", re.IGNORECASE), {}
    for name, topic in topics().items():
        matches = [*pattern.finditer(topic.path.read_text(encoding="utf-8"))]
        if matches:
            ranks[name] = (not any(match[1] for match in matches), -len(matches))
    return sorted(ranks, key=lambda name: ranks[name])[:limit]


def _title(path: Path) -> str:
    """Return the first heading of a Markdown file."""
    with path.open(encoding="utf-8") as lines:
        return next((line.lstrip("# ").strip() for line in lines if line.startswith("#")), path.stem)
