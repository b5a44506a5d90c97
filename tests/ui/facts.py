"""Parse facts from the lines of the screen, to compare them with the JSON of a command."""

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import Any

from drtui.ui.widgets.styled_lines import Line
from tests.values import number, printed_value

Facts = dict[str, Any]
"""Values by their name in JSON."""

KEYED = {"geodatabase": "geodatabases", "database": "system_databases", "bucket": "buckets"}
"""The JSON list of a detail line, by the first element of the line's key."""

STORE = re.compile(r"(?P<number>[\d,]+), (?:nothing usable|usable (?P<age>.+) old)")
BY = re.compile(r"(?P<type>.*?) ?(?:by (?P<created_by>\S+))?")
HEADLINE = re.compile(
    r"Newest usable restore point: (?P<age>.+) old, (?P<met>within|past) the target of (?P<target>.+) \((?P<name>.+)\)"
)
TOTAL = re.compile(r"(?P<total>[\d,]+) restore points? in all stores")
CHOICE = re.compile(r"Restore (?P<name>.+) \(store (?P<store>.+)\): (?P<verdict>.+)")
COMPLETE = re.compile(r"It was complete at (.+)\.")
COMPARED = re.compile(r"\w+: (?P<name>.+) \(store (?P<store>.+)\), started (?P<started>-|\S+ \S+ \S+)(?:, .+ later)?")
SCHEDULE = re.compile(
    r"(?P<title>.*?): task (?P<task>.*?), state (?P<state>.*?)(?: \(.*?\))?"
    r"(?:, cron \(quartz, utc\) (?P<cron>.*?))?(?:, next run (?P<next>\S+ \S+ \S+))?(?:, missed (?P<missed>\d+))?"
    r"(?:, failed (?P<failed>\d+))?"
    r"(?:, store (?P<store>.*?))?(?:, prefix (?P<prefix>.*?))?(?:, retention .*?)?"
    r"(?:, last start (?P<last_start>\S+ \S+ \S+))?"
)


def texts(lines: Iterable[Line]) -> list[list[str]]:
    """Return the pieces of each line, stripped."""
    return [[text.strip() for text, _ in line.pieces] for line in lines]


def squeezed(*pieces: str) -> str:
    """Join texts without any whitespace, to compare texts that the screen wraps."""
    return "".join("".join(pieces).split())


def store(line: Line) -> Facts:
    """Return the facts of a line in the stores pane; `age` as displayed."""
    name, points_text, *about = texts([line])[0]
    facts: Facts = {"name": name.removesuffix(" (default)"), "default": name.endswith(" (default)")}
    count_match, type_match = STORE.fullmatch(points_text), BY.fullmatch(about[0] if about else "")
    if count_match is None or type_match is None:
        return facts | {"restore_points": None}
    return facts | {"restore_points": number(count_match["number"]), "age": count_match["age"]} | type_match.groupdict()


def headline(lines: Iterable[Line]) -> Facts:
    """Return the facts of the headline: the newest usable restore point, and the total."""
    facts: Facts = {"name": None}
    for (text,) in texts(lines):
        if newest := HEADLINE.fullmatch(text):
            facts |= newest.groupdict()
        if counted := TOTAL.fullmatch(text):
            facts["total"] = number(counted["total"])
    return facts


def point(lines: Iterable[Line]) -> Facts:
    """Return the facts in the first column of the detail; texts that may be wrapped come without whitespace."""
    heads: list[str] = []
    reasons: list[str] = []
    labelled: dict[str, str] = {}
    label = ""
    for line in lines:
        (first, _), (text, _) = line.pieces
        if first.strip():
            label = first.strip()
            labelled[label] = text
        elif len(first) > 2:
            labelled[label] += text
        else:
            (reasons if first else heads).append(text)
    return {"name": squeezed(*heads[:-1]), "verdict": heads[-1].partition(" ")[2], "reasons": squeezed(*reasons)} | {
        name: squeezed(text) if name in {"store", "release"} else text for name, text in labelled.items()
    }


def parts(lines: Iterable[Line]) -> Iterator[Facts]:
    """Yield the facts of each part in the other columns of the detail."""
    facts: Facts = {}
    for line in lines:
        first, text = (*(text for text, _ in line.pieces), "")[:2]
        if isinstance(line.key, tuple):
            facts[KEYED[line.key[0]]].append(first.strip())
        elif not first.strip() and not first and text:
            if facts:
                yield facts
            facts = {"heading": text, "lines": [], **{name: [] for name in KEYED.values()}}
        elif text:
            facts["lines"].append(text)
    if facts:
        yield facts


def part_status(facts: Facts) -> str | None:
    """Return the status in the facts of a part; None if the record has none."""
    match = re.fullmatch(r"\S+ (.+), .+", facts["lines"][0])
    return printed_value(match[1]) if match is not None else None


def listed(lines: Iterable[Line], heading: str) -> list[tuple[str, str]]:
    """Return the names and values below a heading, until the next blank line."""
    rows = iter([pieces[0] for pieces in texts(lines)])
    for row in rows:
        if row == heading:
            break
    pairs = (row.partition(": ") for row in takewhile(bool, rows))
    return [(name, value) for name, _, value in pairs]
