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
from drtui.core.query.highlight import Needle, id_pattern, literal_pattern
from drtui.core.query.safe_regex import MOST, PatternError, compile_pattern, pattern_test
from drtui.core.query.text_tests import FieldError, Test, nearest_word
from drtui.core.verdict.verdict import Verdict

WORD_COST, PATTERN_COST = 2, 3
SAID = ("name", "store", "description", "status", "kind", "release", "part", "cluster", "gdb", "db", "bucket")
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
    says: str
    """What it asks of a restore point, as the end of a sentence about one."""
    test: Test
    uncertain: bool = False
    """Whether there may be restore points of which that is not known."""
    cost: int = 0
    sought: tuple[Needle, ...] = ()
    """What of it is a text that can be pointed at; nothing where that is not to be there."""


_TERM = re.compile(r"(?P<opposite>!?)(?:(?P<regex>/)|(?P<field>[A-Za-z]+)(?P<relation>[<>]=?|[:=]))?")
_REGEX = re.compile(r"/((?:[^/\\]|\\.|/(?!\s|$))*)/(?=\s|$)")
_PIECE = re.compile(r'"(?P<quoted>(?:[^"]|"")*)(?P<closed>"?)|(?P<comma>,)|[^\s",]+')


def parse_terms(text: str, view: DisplayContext) -> Iterator[Term]:
    """The terms of a text that is harmless; what is wrong is raised when it is come to, as a QueryError."""
    end = 0
    while begun := re.compile(r"\S").search(text, end):
        term, end = _term(text, begun.start(), view)
        yield term


def _term(text: str, start: int, view: DisplayContext) -> tuple[Term, int]:
    """The term that begins at `start`, and where it ends."""
    begun = _TERM.match(text, start)
    if begun is None:
        raise AssertionError("it matches nothing, too")
    if begun["regex"]:
        made, end = _pattern(text, begun.start("regex"))
    elif begun["field"]:
        made, end = _field(text, begun, view)
    else:
        made, end = _word(text, begun)
    made = replace(made, text=text[start:end])
    if begun["opposite"]:
        made = replace(made, says=f"not: {made.says}", test=_opposite(made.test), sought=())
    return made, end


def _word(text: str, begun: re.Match[str]) -> tuple[Term, int]:
    """A text, looked for in everything there is."""
    values, end = _values(text, begun.end())
    if end == begun.end():
        rest = text[: begun.start()] + text[end:]
        raise QueryError("! goes before what is not to be there, as in !verdict:usable", text, *begun.span(), rest)
    # Between commas are several values of a field, but a word has commas of its own.
    word = ",".join(value.text or "" for value in values)
    wanted = word.lower()

    known: tuple[object, bool] = (None, False)  # in one piece: there may be several threads that ask

    def test(backup: Backup, _: Verdict) -> bool:
        nonlocal known
        if wanted in backup.record_text:
            return True
        parts, found = backup.undated_parts, known
        if found[0] is not parts:  # neighbours mostly share them
            found = known = parts, wanted in backup.content_text
        return found[1]

    sought = (literal_pattern(word, *SAID), id_pattern(wanted.replace("-", "")))
    return Term("", f"has {word!r} somewhere in it", test, cost=WORD_COST, sought=sought), end


def _pattern(text: str, start: int) -> tuple[Term, int]:
    """A regular expression, looked for in every line of everything there is."""
    whole = _REGEX.match(text, start)
    if whole is None:
        raise QueryError("a regular expression ends with /; a text that begins so is quoted", text, start, len(text))
    try:
        pattern = compile_pattern(whole[1])
    except PatternError as error:
        raise QueryError(str(error), text, start + 1 + error.start, start + 1 + error.end) from error
    found = pattern_test(pattern)

    def test(backup: Backup, _: Verdict) -> bool:
        return found(backup.record_text) or found(backup.content_text)

    sought = (Needle(pattern, frozenset({*SAID, "id"}), MOST),)
    return Term("", f"has {whole[0]} somewhere in it", test, cost=PATTERN_COST, sought=sought), whole.end()


def _field(text: str, begun: re.Match[str], view: DisplayContext) -> tuple[Term, int]:
    """What a field asks."""
    name, relation = begun["field"], begun["relation"]
    field = FIELDS.get(name.lower())
    # Only begun: until just now it looked like a word, which it was never meant to be.
    rest = text[: begun.start()] + text[begun.end() :] if not text[begun.end() :][:1].strip() else None
    if field is None:
        raise QueryError(f"no field is called {name!r}; {nearest_word(name, FIELDS)}", text, *begun.span("field"), rest)
    if relation not in field.says:
        takes = f"{field.name} goes with {' '.join(field.says)}, as in {field.example}"
        raise QueryError(takes, text, *begun.span("relation"), rest)
    values, end = _values(text, begun.end())
    meanings = []
    for value in values:
        if value.text is None:
            raise QueryError(f"a value is missing, as in {field.example}", text, value.start, value.end, rest)
        try:
            meanings.append(field.read(relation, value.text, view))
        except FieldError as error:
            raise QueryError(str(error), text, value.start, value.end) from error
    says = field.says[relation].format(" or ".join(meaning.label for meaning in meanings))
    test = _either([meaning.test for meaning in meanings])
    uncertain = any(meaning.uncertain for meaning in meanings)
    sought = tuple(each for meaning in meanings for each in meaning.sought)
    return Term("", says, test, uncertain, int(field.inside), sought), end


class _Value(NamedTuple):
    text: str | None
    """Without its quotes; None if there is nothing, not even those."""
    start: int
    end: int


def _values(text: str, at: int) -> tuple[list[_Value], int]:
    """The values from `at` on, up to a blank that is not within quotes, and where they end."""
    values: list[_Value] = []
    found, start = None, at
    while piece := _PIECE.match(text, at):
        at = piece.end()
        if piece["comma"]:
            values.append(_Value(found, start, piece.start()))
            found, start = None, at
        elif piece["quoted"] is None:
            found = (found or "") + piece[0]
        elif piece["closed"]:
            found = (found or "") + piece["quoted"].replace('""', '"')
        else:
            raise QueryError("the quote is not closed", text, *piece.span())
    return [*values, _Value(found, start, at)], at


def _either(tests: Sequence[Test]) -> Test:
    """Whether one of them holds; where none does, it is not known if one of them is not."""
    if len(tests) == 1:
        return tests[0]

    def test(backup: Backup, verdict: Verdict) -> bool | None:
        found = [each(backup, verdict) for each in tests]
        return True if any(found) else None if None in found else False

    return test


def _opposite(test: Test) -> Test:
    def opposite(backup: Backup, verdict: Verdict) -> bool | None:
        found = test(backup, verdict)
        return None if found is None else not found

    return opposite
