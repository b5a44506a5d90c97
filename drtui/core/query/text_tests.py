"""What a filter can ask of the texts of a restore point, of its verdict and of its release."""

import difflib
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

from drtui.core.formatting.display import DisplayContext
from drtui.core.model.backup import Backup, Geodatabase
from drtui.core.model.site import Release
from drtui.core.query.highlight import SearchPattern, exact_pattern, id_pattern, literal_pattern
from drtui.core.summary.labels import level_label
from drtui.core.verdict.verdict import Level, Verdict

Test = Callable[[Backup, Verdict], bool | None]
"""Whether a restore point is meant; None where what that takes is not known: then its opposite is not meant either."""


class FieldError(ValueError):
    """A value that a field does not take; the message says which it does."""


class FieldTest(NamedTuple):
    """What a field makes of one value."""

    test: Test
    label: str
    """The value as it was understood."""
    uncertain: bool = False
    """Whether there may be restore points of which what it takes is not known."""
    patterns: tuple[SearchPattern, ...] = ()
    """What of it is a text that can be pointed at."""


def suggest_word(typed: str, words: Iterable[str]) -> str:
    """Which of the known ones was probably meant, else all of them."""
    matches = difflib.get_close_matches(typed.lower(), words := list(words), n=1)
    return f"did you mean {matches[0]}?" if matches else f"there are {', '.join(words)}"


# texts


def match_text(
    field: str, texts: Callable[[Backup], Iterable[str]], relation: str, value: str, _: DisplayContext
) -> FieldTest:
    """One of some texts holds the value, or with `=` is the value; in any case."""
    lowered = value.lower()
    if relation == "=":
        patterns = (exact_pattern(value, field),)
        return FieldTest(
            lambda backup, _: any(lowered == each.lower() for each in texts(backup)), repr(value), patterns=patterns
        )
    patterns = (literal_pattern(value, field),)
    return FieldTest(
        lambda backup, _: any(lowered in each.lower() for each in texts(backup)), repr(value), patterns=patterns
    )


def match_contents(
    field: str, texts: Callable[[Backup], Iterable[str]], relation: str, value: str, view: DisplayContext
) -> FieldTest:
    """The same of what is in a backup, which may be hundreds of texts: gone through only where one may be it."""
    lowered, field_test = value.lower(), match_text(field, texts, relation, value, view)
    return field_test._replace(
        test=lambda backup, verdict: lowered in backup.content_text and field_test.test(backup, verdict)
    )


MIN_ID_DIGITS = 6
"""Digits from which the beginning of a geodatabase's id stands for it."""


def match_geodatabase(relation: str, value: str, view: DisplayContext) -> FieldTest:  # noqa: ARG001 - as every field is read
    """By its name, or by its id, in either spelling of which the beginning will do."""
    name, identity = value.lower(), value.replace("-", "").lower()
    is_exact, is_prefix = relation == "=", relation == ":" and len(identity) >= MIN_ID_DIGITS

    def named(each: Geodatabase) -> bool:
        if each.name.lower() == name if is_exact else name in each.name.lower():
            return True
        return identity != "" and (each.identity.startswith(identity) if is_prefix else each.identity == identity)

    def test(backup: Backup, _: Verdict) -> bool:
        if name not in backup.content_text and (name == identity or identity not in backup.content_text):
            return False
        return any(named(each) for part in backup.undated_parts for each in part.geodatabases)

    name_pattern = exact_pattern(value, "gdb") if is_exact else literal_pattern(value, "gdb")
    identity_pattern = id_pattern(identity, r"\A{}" if is_prefix else r"\A{}\Z")
    return FieldTest(test, repr(value), patterns=(name_pattern, identity_pattern))


def all_statuses(backup: Backup) -> Iterable[str]:
    """Its own, and those of its parts: any of them may be the one that failed."""
    return (each or "no status" for each in (backup.status, *(part.status for part in backup.undated_parts)))


# values of a kind of their own


def match_verdict(_: str, value: str, __: DisplayContext) -> FieldTest:
    """By its word or the beginning of that, or by its symbol."""
    level = _find_level(value)
    if level is None:
        raise FieldError(
            f"no verdict is called {value!r}; {suggest_word(value, [level_label(each).word for each in Level])}"
        )
    word = level_label(level).word
    return FieldTest(lambda _, verdict: verdict.level is level, word, patterns=(literal_pattern(word, "verdict"),))


def _find_level(text: str) -> Level | None:
    word = text.lower().replace("-", " ").replace("_", " ").strip()
    for level in Level:
        label = level_label(level)
        if text in {label.symbol, label.ascii} or (word and label.word.startswith(word)):
            return level
    return None


def match_release(relation: str, value: str, view: DisplayContext) -> FieldTest:
    """By as many of its numbers as were given: 11.4 has 11.4.0 and 11.4.1, not 11.40. What is no number is a text."""
    wanted_release = Release.parse(value.rstrip("."))
    if wanted_release is None:
        return match_text("release", lambda backup: (backup.release,), relation, value, view)
    numbers = tuple(int(number) for number in wanted_release.text.split("."))

    @cache  # a site knows few releases
    def matches(text: str) -> bool:
        release = Release.parse(text)
        if release is None or relation == "=":
            return release == wanted_release
        return (*release.numbers, *[0] * len(numbers))[: len(numbers)] == numbers

    pattern = SearchPattern(re.compile(rf"\A{re.escape(wanted_release.text)}(?![0-9])"), frozenset({"release"}))
    return FieldTest(lambda backup, _: matches(backup.release), wanted_release.text, patterns=(pattern,))
