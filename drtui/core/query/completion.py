"""What a filter that is being typed could go on with: fields, then values that occur."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from drtui.core.query.fields import FIELDS, Field
from drtui.core.query.query import quote_value
from drtui.core.verdict.restore_points import RestorePoint

MOST = 20
"""So many are offered."""
WORDED = ("verdict", "kind")
"""Fields whose values people type without the field."""


class Candidate(NamedTuple):
    """One way to go on."""

    label: str
    text: str
    """All up to the cursor, with it in place."""


class Vocabulary:
    """The values that occur in restore points, gathered field by field when they are first asked for."""

    def __init__(self, points: Sequence[RestorePoint] = ()) -> None:
        self._points = points
        self._known: dict[str, tuple[str, ...]] = {}

    def __len__(self) -> int:
        """Of how many restore points."""
        return len(self._points)

    def of(self, field: Field) -> tuple[str, ...]:
        """The values of a field, sorted."""
        if field.name not in self._known:
            self._known[field.name] = self._gathered(field)
        return self._known[field.name]

    def _gathered(self, field: Field) -> tuple[str, ...]:
        points: Sequence[RestorePoint] = self._points
        if field.inside:  # most hold what others hold, too
            points = list({point.backup.content_text: point for point in points}.values())
        found = {value for point in points for value in field.values(point.backup, point.verdict) if value}
        return tuple(sorted(found, key=lambda value: (value.lower(), value)))


_BEGUN = re.compile(r"(?P<field>[A-Za-z]+)(?P<relation>[<>]=?|[:=])")


def complete(text: str, vocabulary: Vocabulary) -> tuple[Candidate, ...]:
    """How `text`, which ends where the cursor is, could go on; the likeliest first."""
    start = _begin(text, str.isspace)
    start += text.startswith("!", start)
    begun = _BEGUN.match(text, start)
    if begun is None:
        return _fields(text[:start], text[start:].lower(), vocabulary)
    field = FIELDS.get(begun["field"].lower())
    if field is None or begun["relation"] not in field.says:
        return ()
    start = begun.end() + _begin(text[begun.end() :], ",".__eq__)
    known = (*field.suggested.get(begun["relation"], ()), *vocabulary.of(field))
    return tuple(Candidate(each, text[:start] + quote_value(each)) for each in _likely(text[start:], known))


def _begin(text: str, ends: Callable[[str], bool]) -> int:
    """Where the last piece of `text` begins: after the last character that `ends` one and is not within quotes."""
    begun, within = 0, False
    for position, each in enumerate(text):
        within ^= each == '"'
        if not within and ends(each):
            begun = position + 1
    return begun


def _fields(before: str, word: str, vocabulary: Vocabulary) -> tuple[Candidate, ...]:
    """The fields whose names begin so, then the values that go without one."""
    names = [each.example[: len(each.name) + 1] for each in FIELDS.values() if each.name.startswith(word)]
    values = [
        f"{name}:{quote_value(each)}"
        for name in WORDED
        for each in vocabulary.of(FIELDS[name])
        if word and each.lower().startswith(word)
    ]
    return tuple(Candidate(each, before + each) for each in (*names, *values))


def _likely(typed: str, known: Sequence[str]) -> list[str]:
    """Those that begin with what was typed, then those that hold it."""
    wanted = typed.replace('""', '"').removeprefix('"').removesuffix('"').lower()
    if any(each.lower() == wanted for each in known):
        return []
    begin = [each for each in known if each.lower().startswith(wanted)]
    hold = [each for each in known if wanted in each.lower() and not each.lower().startswith(wanted)]
    return [*begin, *hold][:MOST]
