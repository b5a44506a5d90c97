"""Facts parsed from what the screen shows, to be compared with the values that a command prints as JSON."""

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import Any

from drtui.ui.widgets.styled_lines import Line
from tests.values import number, said

Facts = dict[str, Any]
"""Values by their name in JSON."""

KEYED = {"geodatabase": "geodatabases", "database": "system_databases", "bucket": "buckets"}
"""The list in JSON that a line of the detail belongs to, by the first half of the line's key."""

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
    """The pieces of each line, without the blanks around them."""
    return [[text.strip() for text, _ in each.pieces] for each in lines]


def squeezed(*pieces: str) -> str:
    """Texts without any blank: only to compare whole texts that the screen has wrapped."""
    return "".join("".join(pieces).split())


def store(line: Line) -> Facts:
    """The facts of a line in the pane of the stores; `age` as it is shown."""
    name, held, *about = texts([line])[0]
    facts: Facts = {"name": name.removesuffix(" (default)"), "default": name.endswith(" (default)")}
    counted, made = STORE.fullmatch(held), BY.fullmatch(about[0] if about else "")
    if counted is None or made is None:
        return facts | {"restore_points": None}
    return facts | {"restore_points": number(counted["number"]), "age": counted["age"]} | made.groupdict()


def headline(lines: Iterable[Line]) -> Facts:
    """The facts of the headline: those of the newest usable restore point, and how many there are."""
    facts: Facts = {"name": None}
    for (text,) in texts(lines):
        if newest := HEADLINE.fullmatch(text):
            facts |= newest.groupdict()
        if counted := TOTAL.fullmatch(text):
            facts["total"] = number(counted["total"])
    return facts


def point(lines: Iterable[Line]) -> Facts:
    """The facts in the first column of the detail; texts that may be wrapped without their blanks."""
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
    """The facts of each part in the other columns of the detail."""
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
    """The status in the facts of a part; None where the record has none."""
    found = re.fullmatch(r"\S+ (.+), .+", facts["lines"][0])
    return said(found[1]) if found is not None else None


def listed(lines: Iterable[Line], heading: str) -> list[tuple[str, str]]:
    """The names and values below a heading, until the next blank line."""
    rows = iter([pieces[0] for pieces in texts(lines)])
    for row in rows:
        if row == heading:
            break
    pairs = (row.partition(": ") for row in takewhile(bool, rows))
    return [(name, value) for name, _, value in pairs]
