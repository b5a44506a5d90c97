"""Completions of a filter: names of fields, and values that occur in restore points."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from drtui.core.query.fields import FIELDS, Field
from drtui.core.query.query import quote_value
from drtui.core.verdict.restore_points import RestorePoint

MAX_CANDIDATES = 20
"""The maximum number of completions."""
USUAL = ("name", "gdb", "verdict", "since", "expires", "store", "kind", "took")
"""The fields that are used most, which are completed first."""
FIELDLESS = ("verdict", "kind")
"""Fields whose values are also completed without the name of the field."""


class Candidate(NamedTuple):
    """One completion."""

    label: str
    text: str
    """The text up to the cursor, including the completion."""


class Vocabulary:
    """The values that occur in restore points; those of a field are collected at their first use."""

    def __init__(self, points: Sequence[RestorePoint] = ()) -> None:
        self._points = points
        self._values: dict[str, tuple[str, ...]] = {}

    def values_of(self, field: Field) -> tuple[str, ...]:
        """Return the values of a field, sorted without regard to case."""
        if field.name not in self._values:
            points: Iterable[RestorePoint] = self._points
            if field.is_contents:  # most restore points have equal contents
                points = {point.backup.content_text: point for point in points}.values()
            values = {value for point in points for value in field.values(point.backup, point.verdict) if value}
            self._values[field.name] = tuple(sorted(values, key=lambda value: (value.lower(), value)))
        return self._values[field.name]


_FIELD_START = re.compile(r"(?P<field>[A-Za-z]+)(?P<relation>[<>]=?|[:=])")


def complete(text: str, vocabulary: Vocabulary) -> tuple[Candidate, ...]:
    """Return the completions of `text`, which ends at the cursor; the most likely first."""
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
    return tuple(Candidate(value, text[:start] + quote_value(value)) for value in _rank_matches(text[start:], values))


def _last_piece_start(text: str, is_separator: Callable[[str], bool]) -> int:
    """Return the position after the last separator that is not within quotes; 0 if there is none."""
    start, is_quoted = 0, False
    for position, character in enumerate(text):
        is_quoted ^= character == '"'
        if not is_quoted and is_separator(character):
            start = position + 1
    return start


def _complete_field(preceding: str, word: str, vocabulary: Vocabulary) -> tuple[Candidate, ...]:
    """Return the fields whose names begin with `word`, then the values that are completed without a field."""
    fields = sorted(FIELDS.values(), key=lambda field: USUAL.index(field.name) if field.name in USUAL else len(USUAL))
    names = [field.example[: len(field.name) + 1] for field in fields if field.name.startswith(word)]
    values = [
        f"{name}:{quote_value(value)}"
        for name in FIELDLESS
        for value in vocabulary.values_of(FIELDS[name])
        if word and value.lower().startswith(word)
    ]
    return tuple(Candidate(label, preceding + label) for label in (*names, *values))


def _rank_matches(typed: str, values: Sequence[str]) -> list[str]:
    """Return the values that begin with the typed text, then those that contain it; none if one is equal to it."""
    prefix = typed.replace('""', '"').removeprefix('"').removesuffix('"').lower()
    if any(value.lower() == prefix for value in values):
        return []
    starting = [value for value in values if value.lower().startswith(prefix)]
    containing = [value for value in values if prefix in value.lower() and not value.lower().startswith(prefix)]
    return [*starting, *containing][:MAX_CANDIDATES]
