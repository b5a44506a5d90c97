"""Parse facts from the lines of the screen, to compare them with the JSON of a command."""

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import Any

from drtui.core.formatting.text import ELLIPSIS
from drtui.ui.widgets.styled_lines import Line, Lines
from tests.values import printed_value

Facts = dict[str, Any]
"""Values by their name in JSON."""

KEYED = {"geodatabase": "geodatabases", "database": "system_databases", "bucket": "buckets"}
"""The JSON list of a detail line, by the first element of the line's key."""

HEADLINE = re.compile(
    r"Newest usable (?:restore point is )?(?P<age>[^.]+?) old(?P<met>; target|, over the target of) (?P<target>[^.]+)$"
)
CHOICE = re.compile(r"Restore (?P<name>.+) \(store (?P<store>.+)\): (?P<verdict>.+)")
COMPLETE = re.compile(r"Completed at (.+)\.")
COMPARED = re.compile(r"\w+: (?P<name>.+) \(store (?P<store>.+)\), started (?P<started>-|\S+ \S+ \S+)(?:, .+ later)?")


def texts(lines: Iterable[Line]) -> list[list[str]]:
    """Return the pieces of each line, stripped."""
    return [[text.strip() for text, _ in line.pieces] for line in lines]


def squeezed(*pieces: str) -> str:
    """Join texts without any whitespace, to compare texts that the screen wraps."""
    return "".join("".join(pieces).split())


def headline(lines: Iterable[Line]) -> Facts:
    """Return the state and the newest usable restore point of the headline, in a window that has room for both."""
    state, _, sentence, *rest = next(iter(texts(lines)))
    newest = HEADLINE.search(sentence)
    facts: Facts = {"state": state.partition(" ")[2], "name": rest[-1] if newest and rest else None}
    if newest:
        facts |= newest.groupdict() | {"met": "within" if newest["met"] == "; target" else "past"}
    return facts


def point(column: Lines) -> Facts:
    """Return the facts in the first column of the detail; texts that may be wrapped come without whitespace."""
    heads: list[str] = []
    reasons: list[str] = []
    labelled: dict[str, str] = {}
    label = ""
    for line in column.lines:
        (first, _), (text, _) = line.pieces
        if first.strip():
            label = first.strip()
            labelled[label] = text
        elif len(first) > 2:
            labelled[label] += text
        else:
            (reasons if first else heads).append(text)
    name = squeezed(column.heading.removeprefix("4 "))
    return {"name": name, "verdict": heads[-1].partition(" ")[2], "reasons": squeezed(*reasons)} | {
        name: squeezed(text) if name in {"store", "release"} else text for name, text in labelled.items()
    }


def parts(column: Lines) -> Iterator[Facts]:
    """Yield the facts of each part in another column of the detail."""
    facts = _part(column.heading)
    for line in column.lines:
        first, text = (*(text for text, _ in line.pieces), "")[:2]
        if isinstance(line.key, tuple):
            name = (first.strip(), text.removesuffix(ELLIPSIS)) if line.key[0] == "geodatabase" else first.strip()
            facts[KEYED[line.key[0]]].append(name)
        elif not first and text and line.pieces[1][1] == "strong" and not text.startswith("system databases"):
            if facts["lines"]:
                yield facts
            facts = _part(text)
        elif text:
            facts["lines"].append(text)
    if facts["lines"]:
        yield facts


def _part(heading: str) -> Facts:
    return {"heading": heading, "lines": [], **{name: [] for name in KEYED.values()}}


def part_status(facts: Facts) -> str | None:
    """Return the status in the facts of a part; None if the record has none."""
    match = re.fullmatch(r"\S+ (.+), .+", facts["lines"][0])
    return printed_value(match[1]) if match is not None else None


def listed(lines: Iterable[str], heading: str) -> list[list[str]]:
    """Return the cells of the rows below a heading, until the next blank line."""
    rows = iter(lines)
    for row in rows:
        if row == heading:
            break
    return [re.split(r" {2,}", row.strip()) for row in takewhile(bool, rows)]
