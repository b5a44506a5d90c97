"""What a filter that is being typed could go on with: fields, then values that occur."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from drtui.core.query.fields import FIELDS, Field
from drtui.core.query.query import quote_value
from drtui.core.verdict.restore_points import RestorePoint

MAX_CANDIDATES = 20
"""So many are offered."""
FIELDLESS = ("verdict", "kind")
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
        self._values: dict[str, tuple[str, ...]] = {}

    def __len__(self) -> int:
        """Of how many restore points."""
        return len(self._points)

    def values_of(self, field: Field) -> tuple[str, ...]:
        """The values of a field, sorted."""
        if field.name not in self._values:
            self._values[field.name] = self._collect_values(field)
        return self._values[field.name]

    def _collect_values(self, field: Field) -> tuple[str, ...]:
        points: Sequence[RestorePoint] = self._points
        if field.is_contents:  # most hold what others hold, too
            points = list({point.backup.content_text: point for point in points}.values())
        values = {value for point in points for value in field.values(point.backup, point.verdict) if value}
        return tuple(sorted(values, key=lambda value: (value.lower(), value)))


_FIELD_START = re.compile(r"(?P<field>[A-Za-z]+)(?P<relation>[<>]=?|[:=])")


def complete(text: str, vocabulary: Vocabulary) -> tuple[Candidate, ...]:
    """How `text`, which ends where the cursor is, could go on; the likeliest first."""
    start = _last_piece_start(text, str.isspace)
    start += text.startswith("!", start)
    match = _FIELD_START.match(text, start)
    if match is None:
        return _complete_field(text[:start], text[start:].lower(), vocabulary)
    field = FIELDS.get(match["field"].lower())
    if field is None or match["relation"] not in field.descriptions:
        return ()
    start = match.end() + _last_piece_start(text[match.end() :], ",".__eq__)
    values = (*field.suggested.get(match["relation"], ()), *vocabulary.values_of(field))
    return tuple(Candidate(each, text[:start] + quote_value(each)) for each in _rank_matches(text[start:], values))


def _last_piece_start(text: str, is_separator: Callable[[str], bool]) -> int:
    """Where the last piece of `text` begins: after the last character that `ends` one and is not within quotes."""
    start, is_quoted = 0, False
    for position, each in enumerate(text):
        is_quoted ^= each == '"'
        if not is_quoted and is_separator(each):
            start = position + 1
    return start


def _complete_field(before: str, word: str, vocabulary: Vocabulary) -> tuple[Candidate, ...]:
    """The fields whose names begin so, then the values that go without one."""
    names = [each.example[: len(each.name) + 1] for each in FIELDS.values() if each.name.startswith(word)]
    values = [
        f"{name}:{quote_value(each)}"
        for name in FIELDLESS
        for each in vocabulary.values_of(FIELDS[name])
        if word and each.lower().startswith(word)
    ]
    return tuple(Candidate(each, before + each) for each in (*names, *values))


def _rank_matches(typed: str, values: Sequence[str]) -> list[str]:
    """Those that begin with what was typed, then those that hold it."""
    prefix = typed.replace('""', '"').removeprefix('"').removesuffix('"').lower()
    if any(each.lower() == prefix for each in values):
        return []
    starting = [each for each in values if each.lower().startswith(prefix)]
    containing = [each for each in values if prefix in each.lower() and not each.lower().startswith(prefix)]
    return [*starting, *containing][:MAX_CANDIDATES]
