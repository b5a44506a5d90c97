"""Reading the filter language: a text -> its terms, or where it is wrong."""

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
from drtui.core.query.text_tests import FieldError, Test, suggest_word
from drtui.core.verdict.verdict import Verdict

WORD_COST, PATTERN_COST = 2, 3
WORD_FIELDS = ("name", "store", "description", "status", "kind", "release", "part", "cluster", "gdb", "db", "bucket")
"""Where a word is looked for, and in ids."""


class QueryError(ValueError):
    """A text that is no filter, and where in it: the message says what would be one."""

    def __init__(self, message: str, text: str, start: int, end: int, rest: str | None = None) -> None:
        self.text, self.start, self.end, self.rest = text, start, end, rest
        """`rest` is the text without a term that has only been begun; None where what is wrong is another."""
        super().__init__(message)

    @property
    def column(self) -> int:
        """Where it is wrong, in cells from the beginning."""
        return width(self.text[: self.start])

    @property
    def caret(self) -> str:
        """A line to stand under the text, that points at the place."""
        return " " * self.column + "^" * max(1, width(self.text[self.start : self.end]))


class Term(Struct, frozen=True):
    """One condition."""

    text: str
    """As it was typed."""
    description: str
    """What it asks of a restore point, as the end of a sentence about one."""
    test: Test
    uncertain: bool = False
    """Whether there may be restore points of which that is not known."""
    cost: int = 0
    patterns: tuple[SearchPattern, ...] = ()
    """What of it is a text that can be pointed at; nothing where that is not to be there."""


_TERM = re.compile(r"(?P<opposite>!?)(?:(?P<regex>/)|(?P<field>[A-Za-z]+)(?P<relation>[<>]=?|[:=]))?")
_REGEX = re.compile(r"/((?:[^/\\]|\\.|/(?!\s|$))*)/(?=\s|$)")
_PIECE = re.compile(r'"(?P<quoted>(?:[^"]|"")*)(?P<closed>"?)|(?P<comma>,)|[^\s",]+')


def parse_terms(text: str, view: DisplayContext) -> Iterator[Term]:
    """The terms of a text that is harmless; what is wrong is raised when it is come to, as a QueryError."""
    end = 0
    while begun := re.compile(r"\S").search(text, end):
        term, end = _parse_term(text, begun.start(), view)
        yield term


def _parse_term(text: str, start: int, view: DisplayContext) -> tuple[Term, int]:
    """The term that begins at `start`, and where it ends."""
    match = _TERM.match(text, start)
    if match is None:
        raise AssertionError("it matches nothing, too")
    if match["regex"]:
        term, end = _parse_pattern(text, match.start("regex"))
    elif match["field"]:
        term, end = _parse_field(text, match, view)
    else:
        term, end = _parse_word(text, match)
    term = replace(term, text=text[start:end])
    if match["opposite"]:
        term = replace(term, description=f"not: {term.description}", test=_negate(term.test), patterns=())
    return term, end


def _parse_word(text: str, match: re.Match[str]) -> tuple[Term, int]:
    """A text, looked for in everything there is."""
    values, end = _split_values(text, match.end())
    if end == match.end():
        rest = text[: match.start()] + text[end:]
        raise QueryError("! goes before what is not to be there, as in !verdict:usable", text, *match.span(), rest)
    # Between commas are several values of a field, but a word has commas of its own.
    word = ",".join(value.text or "" for value in values)
    lowered = word.lower()

    cached: tuple[object, bool] = (None, False)  # in one piece: there may be several threads that ask

    def test(backup: Backup, _: Verdict) -> bool:
        nonlocal cached
        if lowered in backup.record_text:
            return True
        parts, found = backup.undated_parts, cached
        if found[0] is not parts:  # neighbours mostly share them
            found = cached = parts, lowered in backup.content_text
        return found[1]

    patterns = (literal_pattern(word, *WORD_FIELDS), id_pattern(lowered.replace("-", "")))
    return Term("", f"has {word!r} somewhere in it", test, cost=WORD_COST, patterns=patterns), end


def _parse_pattern(text: str, start: int) -> tuple[Term, int]:
    """A regular expression, looked for in every line of everything there is."""
    match = _REGEX.match(text, start)
    if match is None:
        raise QueryError("a regular expression ends with /; a text that begins so is quoted", text, start, len(text))
    try:
        pattern = compile_pattern(match[1])
    except PatternError as error:
        raise QueryError(str(error), text, start + 1 + error.start, start + 1 + error.end) from error
    matches = pattern_matcher(pattern)

    def test(backup: Backup, _: Verdict) -> bool:
        return matches(backup.record_text) or matches(backup.content_text)

    patterns = (SearchPattern(pattern, frozenset({*WORD_FIELDS, "id"}), MAX_LENGTH),)
    return Term("", f"has {match[0]} somewhere in it", test, cost=PATTERN_COST, patterns=patterns), match.end()


def _parse_field(text: str, match: re.Match[str], view: DisplayContext) -> tuple[Term, int]:
    """What a field asks."""
    name, relation = match["field"], match["relation"]
    field = FIELDS.get(name.lower())
    # Only begun: until just now it looked like a word, which it was never meant to be.
    rest = text[: match.start()] + text[match.end() :] if not text[match.end() :][:1].strip() else None
    if field is None:
        raise QueryError(f"no field is called {name!r}; {suggest_word(name, FIELDS)}", text, *match.span("field"), rest)
    if relation not in field.descriptions:
        message = f"{field.name} goes with {' '.join(field.descriptions)}, as in {field.example}"
        raise QueryError(message, text, *match.span("relation"), rest)
    values, end = _split_values(text, match.end())
    field_tests = []
    for value in values:
        if value.text is None:
            raise QueryError(f"a value is missing, as in {field.example}", text, value.start, value.end, rest)
        try:
            field_tests.append(field.make_test(relation, value.text, view))
        except FieldError as error:
            raise QueryError(str(error), text, value.start, value.end) from error
    description = field.descriptions[relation].format(" or ".join(meaning.label for meaning in field_tests))
    test = _any_of([meaning.test for meaning in field_tests])
    uncertain = any(meaning.uncertain for meaning in field_tests)
    patterns = tuple(each for meaning in field_tests for each in meaning.patterns)
    return Term("", description, test, uncertain, int(field.is_contents), patterns), end


class _Value(NamedTuple):
    text: str | None
    """Without its quotes; None if there is nothing, not even those."""
    start: int
    end: int


def _split_values(text: str, at: int) -> tuple[list[_Value], int]:
    """The values from `at` on, up to a blank that is not within quotes, and where they end."""
    values: list[_Value] = []
    value, start = None, at
    while piece := _PIECE.match(text, at):
        at = piece.end()
        if piece["comma"]:
            values.append(_Value(value, start, piece.start()))
            value, start = None, at
        elif piece["quoted"] is None:
            value = (value or "") + piece[0]
        elif piece["closed"]:
            value = (value or "") + piece["quoted"].replace('""', '"')
        else:
            raise QueryError("the quote is not closed", text, *piece.span())
    return [*values, _Value(value, start, at)], at


def _any_of(tests: Sequence[Test]) -> Test:
    """Whether one of them holds; where none does, it is not known if one of them is not."""
    if len(tests) == 1:
        return tests[0]

    def test(backup: Backup, verdict: Verdict) -> bool | None:
        found = [each(backup, verdict) for each in tests]
        return True if any(found) else None if None in found else False

    return test


def _negate(test: Test) -> Test:
    def opposite(backup: Backup, verdict: Verdict) -> bool | None:
        found = test(backup, verdict)
        return None if found is None else not found

    return opposite
