"""Tests of filter fields on texts, verdict and release of a restore point."""

import difflib
import operator
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

from drtui.core.formatting.display import DisplayContext
from drtui.core.model.backup import Backup, Geodatabase
from drtui.core.model.site import Release
from drtui.core.query.highlight import SearchPattern, exact_pattern, id_pattern, literal_pattern
from drtui.core.summary.labels import level_label
from drtui.core.verdict.rules import Level, Verdict

Test = Callable[[Backup, Verdict], bool | None]
"""True if a restore point matches; None if the value is unknown, so that neither a term nor its negation matches."""


class FieldError(ValueError):
    """Raised for a value that a field does not accept; the message says which values it accepts."""


class FieldTest(NamedTuple):
    """The test of a field for one value."""

    test: Test
    label: str
    """The value in words, as it was interpreted."""
    is_uncertain: bool = False
    """True if the result of the test may be unknown for some restore points."""
    patterns: tuple[SearchPattern, ...] = ()
    """Patterns of the matches to highlight."""


def suggest_word(typed: str, words: Iterable[str]) -> str:
    """Return a suggestion for a mistyped word: the most similar of `words`, or all of them."""
    matches = difflib.get_close_matches(typed.lower(), words := list(words), n=1)
    return f"Did you mean {matches[0]}?" if matches else f"Use {', '.join(words)}"


def once_per_contents(test: Test) -> Test:
    """Return a test on contents that runs once for consecutive backups that share them, as most of them do."""
    last: tuple[object, bool | None] = (None, None)  # one tuple, because several threads may call the test

    def test_once(backup: Backup, verdict: Verdict) -> bool | None:
        nonlocal last
        parts, result = backup.undated_parts, last
        if result[0] is not parts:
            result = last = parts, test(backup, verdict)
        return result[1]

    return test_once


# Tests on texts


def match_text(
    field: str, texts: Callable[[Backup], Iterable[str]], relation: str, value: str, _: DisplayContext
) -> FieldTest:
    """Return a test that one of the texts contains the value, or equals it for `=`; ignoring case."""
    lowered = value.lower()
    matches, make_pattern = (operator.eq, exact_pattern) if relation == "=" else (operator.contains, literal_pattern)
    return FieldTest(
        lambda backup, _: any(matches(text.lower(), lowered) for text in texts(backup)),
        repr(value),
        patterns=(make_pattern(value, field),),
    )


def match_contents(
    field: str, texts: Callable[[Backup], Iterable[str]], relation: str, value: str, view: DisplayContext
) -> FieldTest:
    """Return a test on the contents of a backup, as `match_text`."""
    field_test = match_text(field, texts, relation, value, view)
    return field_test._replace(test=once_per_contents(field_test.test))


MIN_ID_DIGITS = 6
"""The minimum number of digits that identify a geodatabase by the beginning of its id."""


def match_geodatabase(relation: str, value: str, view: DisplayContext) -> FieldTest:  # noqa: ARG001 - every field has this signature
    """Return a test on the name or id of a geodatabase; for `:` the beginning of the id, with or without dashes."""
    name, identity = value.lower(), value.replace("-", "").lower()
    is_exact, is_prefix = relation == "=", relation == ":" and len(identity) >= MIN_ID_DIGITS

    def matches(geodatabase: Geodatabase) -> bool:
        if geodatabase.name.lower() == name if is_exact else name in geodatabase.name.lower():
            return True
        return identity != "" and (
            geodatabase.identity.startswith(identity) if is_prefix else geodatabase.identity == identity
        )

    test = once_per_contents(lambda backup, _: any(map(matches, backup.geodatabases)))
    name_pattern = exact_pattern(value, "gdb") if is_exact else literal_pattern(value, "gdb")
    identity_pattern = id_pattern(identity, r"\A{}" if is_prefix else r"\A{}\Z")
    return FieldTest(test, repr(value), patterns=(name_pattern, identity_pattern))


def all_statuses(backup: Backup) -> Iterable[str]:
    """Return the statuses of a backup and of its parts, because any of them may have failed."""
    return (status or "no status" for status in (backup.status, *(part.status for part in backup.undated_parts)))


# Tests on verdicts and releases


def match_verdict(_: str, value: str, __: DisplayContext) -> FieldTest:
    """Return a test on the level of the verdict, by its word, the beginning of its word, or its symbol."""
    level = _find_level(value)
    if level is None:
        raise FieldError(
            f"Unknown verdict {value!r}. {suggest_word(value, [level_label(candidate).word for candidate in Level])}"
        )
    word = level_label(level).word
    return FieldTest(lambda _, verdict: verdict.level is level, word, patterns=(literal_pattern(word, "verdict"),))


def _find_level(text: str) -> Level | None:
    """Return the level with this symbol or beginning of its word; None if there is none."""
    word = text.lower().replace("-", " ").replace("_", " ").strip()
    for level in Level:
        label = level_label(level)
        if text in {label.symbol, label.ascii} or (word and label.word.startswith(word)):
            return level
    return None


def match_release(relation: str, value: str, view: DisplayContext) -> FieldTest:
    """Return a test on the release, by as many numbers as the value has: 11.4 matches 11.4.1, but not 11.40.

    A value that is not a release number is matched as text.
    """
    wanted_release = Release.parse(value.rstrip("."))
    if wanted_release is None:
        return match_text("release", lambda backup: (backup.release,), relation, value, view)
    numbers = tuple(int(number) for number in wanted_release.text.split("."))

    @cache  # the backups of a site are of few releases
    def matches(text: str) -> bool:
        release = Release.parse(text)
        if release is None or relation == "=":
            return release == wanted_release
        return (*release.numbers, *[0] * len(numbers))[: len(numbers)] == numbers

    pattern = SearchPattern(re.compile(rf"\A{re.escape(wanted_release.text)}(?![0-9])"), frozenset({"release"}))
    return FieldTest(lambda backup, _: matches(backup.release), wanted_release.text, patterns=(pattern,))
