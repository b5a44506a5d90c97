"""Parser of the filter language: text to terms, or an error with its position."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import width
from drtui.core.model.backup import Backup
from drtui.core.query.fields import FIELDS
from drtui.core.query.highlight import SearchPattern, id_pattern, literal_pattern
from drtui.core.query.safe_regex import MAX_LENGTH, PatternError, compile_pattern, pattern_matcher
from drtui.core.query.text_tests import FieldError, Test, once_per_contents, suggest_word
from drtui.core.verdict.rules import Verdict

WORD_FIELDS = ("name", "store", "description", "status", "kind", "release", "part", "cluster", "gdb", "db", "bucket")
"""Fields in which matches of a word are highlighted, besides ids."""


class QueryError(ValueError):
    """Raised for a text that is not a filter; the message says what to write instead."""

    def __init__(self, message: str, text: str, start: int, end: int, rest: str | None = None) -> None:
        self.text, self.start, self.end, self.rest = text, start, end, rest
        """`start` and `end` are positions of the error in `text`.

        `rest` is the text without an incomplete term; None if the error is a different one.
        """
        super().__init__(message)

    @property
    def column(self) -> int:
        """The column of the error, in cells from 0."""
        return width(self.text[: self.start])

    @property
    def caret(self) -> str:
        """The line to print under the text, with carets under the error."""
        return " " * self.column + "^" * max(1, width(self.text[self.start : self.end]))


class Term(Struct, frozen=True):
    """One condition of a filter."""

    text: str
    """The term as it was typed."""
    description: str
    """The condition in words, as the end of a sentence about a restore point."""
    test: Test
    is_uncertain: bool = False
    """True if the result of the test may be unknown for some restore points."""
    patterns: tuple[SearchPattern, ...] = ()
    """Patterns of the matches to highlight; empty for a negated term."""


_TERM = re.compile(r"(?P<negated>!?)(?:(?P<regex>/)|(?P<field>[A-Za-z]+)(?P<relation>[<>]=?|[:=]))?")
_REGEX = re.compile(r"/((?:[^/\\]|\\.|/(?!\s|$))*)/(?=\s|$)")
_PIECE = re.compile(r'"(?P<quoted>(?:[^"]|"")*)(?P<closed>"?)|(?P<comma>,)|[^\s",]+')


def parse_terms(text: str, view: DisplayContext) -> Iterator[Term]:
    """Yield the terms of a sanitised text.

    Raises:
        QueryError: the next term is invalid.
    """
    end = 0
    while match := re.compile(r"\S").search(text, end):
        term, end = _parse_term(text, match.start(), view)
        yield term


def _parse_term(text: str, start: int, view: DisplayContext) -> tuple[Term, int]:
    """Return the term at position `start`, and the position of its end."""
    match = _TERM.match(text, start)
    if match is None:
        raise AssertionError("_TERM also matches the empty string")
    if match["regex"]:
        term, end = _parse_pattern(text, match.start("regex"))
    elif match["field"]:
        term, end = _parse_field(text, match, view)
    else:
        term, end = _parse_word(text, match)
    term = replace(term, text=text[start:end])
    if match["negated"]:
        term = replace(term, description=f"not: {term.description}", test=_negate(term.test), patterns=())
    return term, end


def _parse_word(text: str, match: re.Match[str]) -> tuple[Term, int]:
    """Return a term that searches a word in all texts of a restore point, and the position of its end."""
    values, end = _split_values(text, match.end())
    if end == match.end():
        rest = text[: match.start()] + text[end:]
        raise QueryError("Missing term after '!'. Use ! to exclude, as in !verdict:usable", text, *match.span(), rest)
    # Commas separate the values of a field, but are part of a word.
    word = ",".join(value.text or "" for value in values)
    lowered = word.lower()
    in_contents = once_per_contents(lambda backup, _: lowered in backup.content_text)

    def test(backup: Backup, verdict: Verdict) -> bool | None:
        return lowered in backup.record_text or in_contents(backup, verdict)

    patterns = (literal_pattern(word, *WORD_FIELDS), id_pattern(lowered.replace("-", "")))
    return Term("", f"has {word!r} somewhere in it", test, patterns=patterns), end


def _parse_pattern(text: str, start: int) -> tuple[Term, int]:
    """Return a term that searches a regular expression in each line of a restore point, and the position of its end."""
    match = _REGEX.match(text, start)
    if match is None:
        raise QueryError(
            "Missing / at the end of the regular expression. To search for a text with /, quote it",
            text,
            start,
            len(text),
        )
    try:
        pattern = compile_pattern(match[1])
    except PatternError as error:
        raise QueryError(str(error), text, start + 1 + error.start, start + 1 + error.end) from error
    matches = pattern_matcher(pattern)

    in_contents = once_per_contents(lambda backup, _: matches(backup.content_text))

    def test(backup: Backup, verdict: Verdict) -> bool | None:
        return matches(backup.record_text) or in_contents(backup, verdict)

    patterns = (SearchPattern(pattern, frozenset({*WORD_FIELDS, "id"}), MAX_LENGTH),)
    return Term("", f"has {match[0]} somewhere in it", test, patterns=patterns), match.end()


def _parse_field(text: str, match: re.Match[str], view: DisplayContext) -> tuple[Term, int]:
    """Return the term of a field, and the position of its end."""
    name, relation = match["field"], match["relation"]
    field = FIELDS.get(name.lower())
    # An incomplete term, such as `gdb:`, is ignored while it is typed: searching for it as a word would empty the list.
    rest = text[: match.start()] + text[match.end() :] if not text[match.end() :][:1].strip() else None
    if field is None:
        raise QueryError(f"Unknown field {name!r}. {suggest_word(name, FIELDS)}", text, *match.span("field"), rest)
    if relation not in field.descriptions:
        advice = f"Use {' '.join(field.descriptions)}, as in {field.example}"
        message = f"Field {field.name!r} does not support {relation!r}. {advice}"
        raise QueryError(message, text, *match.span("relation"), rest)
    values, end = _split_values(text, match.end())
    field_tests = []
    for value in values:
        if value.text is None:
            raise QueryError(
                f"Missing value for field {field.name!r}, as in {field.example}", text, value.start, value.end, rest
            )
        try:
            field_tests.append(field.make_test(relation, value.text, view))
        except FieldError as error:
            raise QueryError(str(error), text, value.start, value.end) from error
    description = field.descriptions[relation].format(" or ".join(field_test.label for field_test in field_tests))
    test = _any_of([field_test.test for field_test in field_tests])
    is_uncertain = any(field_test.is_uncertain for field_test in field_tests)
    patterns = tuple(pattern for field_test in field_tests for pattern in field_test.patterns)
    return Term("", description, test, is_uncertain, patterns), end


class _Value(NamedTuple):
    """A value of a field, and its position in the text."""

    text: str | None
    """The value without quotes; None if it is missing, "" for empty quotes."""
    start: int
    end: int


def _split_values(text: str, position: int) -> tuple[list[_Value], int]:
    """Return the comma-separated values from `position` to the next unquoted blank, and the position of their end."""
    values: list[_Value] = []
    value, start = None, position
    while piece := _PIECE.match(text, position):
        position = piece.end()
        if piece["comma"]:
            values.append(_Value(value, start, piece.start()))
            value, start = None, position
        elif piece["quoted"] is None:
            value = (value or "") + piece[0]
        elif piece["closed"]:
            value = (value or "") + piece["quoted"].replace('""', '"')
        else:
            raise QueryError("Missing closing quote", text, *piece.span())
    return [*values, _Value(value, start, position)], position


def _any_of(tests: Sequence[Test]) -> Test:
    """Return a test that is True if any test is True, else None (unknown) if any is None, else False."""
    if len(tests) == 1:
        return tests[0]

    def test(backup: Backup, verdict: Verdict) -> bool | None:
        results = [single_test(backup, verdict) for single_test in tests]
        return True if any(results) else None if None in results else False

    return test


def _negate(test: Test) -> Test:
    """Return the opposite of a test; an unknown result stays unknown."""

    def negated(backup: Backup, verdict: Verdict) -> bool | None:
        result = test(backup, verdict)
        return None if result is None else not result

    return negated
