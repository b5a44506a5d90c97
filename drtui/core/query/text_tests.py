"""What a filter can ask of the texts of a restore point, of its verdict and of its release."""

import difflib
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

from drtui.core.formatting.display import DisplayContext
from drtui.core.model.backup import Backup, Geodatabase
from drtui.core.model.site import Release
from drtui.core.query.highlight import Needle, exact_pattern, id_pattern, literal_pattern
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
    sought: tuple[Needle, ...] = ()
    """What of it is a text that can be pointed at."""


def nearest_word(typed: str, known: Iterable[str]) -> str:
    """Which of the known ones was probably meant, else all of them."""
    near = difflib.get_close_matches(typed.lower(), known := list(known), n=1)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"


# texts


def match_text(
    place: str, texts: Callable[[Backup], Iterable[str]], relation: str, value: str, _: DisplayContext
) -> FieldTest:
    """One of some texts holds the value, or with `=` is the value; in any case."""
    wanted = value.lower()
    if relation == "=":
        sought = (exact_pattern(value, place),)
        return FieldTest(
            lambda backup, _: any(wanted == each.lower() for each in texts(backup)), repr(value), sought=sought
        )
    sought = (literal_pattern(value, place),)
    return FieldTest(
        lambda backup, _: any(wanted in each.lower() for each in texts(backup)), repr(value), sought=sought
    )


def match_contents(
    place: str, texts: Callable[[Backup], Iterable[str]], relation: str, value: str, view: DisplayContext
) -> FieldTest:
    """The same of what is in a backup, which may be hundreds of texts: gone through only where one may be it."""
    wanted, meaning = value.lower(), match_text(place, texts, relation, value, view)
    return meaning._replace(
        test=lambda backup, verdict: wanted in backup.content_text and meaning.test(backup, verdict)
    )


SHORTEST = 6
"""Digits from which the beginning of a geodatabase's id stands for it."""


def match_geodatabase(relation: str, value: str, view: DisplayContext) -> FieldTest:  # noqa: ARG001 - as every field is read
    """By its name, or by its id, in either spelling of which the beginning will do."""
    name, identity = value.lower(), value.replace("-", "").lower()
    exact, begins = relation == "=", relation == ":" and len(identity) >= SHORTEST

    def named(each: Geodatabase) -> bool:
        if each.name.lower() == name if exact else name in each.name.lower():
            return True
        return identity != "" and (each.identity.startswith(identity) if begins else each.identity == identity)

    def test(backup: Backup, _: Verdict) -> bool:
        if name not in backup.content_text and (name == identity or identity not in backup.content_text):
            return False
        return any(named(each) for part in backup.undated_parts for each in part.geodatabases)

    sought = exact_pattern(value, "gdb") if exact else literal_pattern(value, "gdb")
    same = id_pattern(identity, r"\A{}" if begins else r"\A{}\Z")
    return FieldTest(test, repr(value), sought=(sought, same))


def all_statuses(backup: Backup) -> Iterable[str]:
    """Its own, and those of its parts: any of them may be the one that failed."""
    return (each or "no status" for each in (backup.status, *(part.status for part in backup.undated_parts)))


# values of a kind of their own


def match_verdict(_: str, value: str, __: DisplayContext) -> FieldTest:
    """By its word or the beginning of that, or by its symbol."""
    level = _level(value)
    if level is None:
        raise FieldError(
            f"no verdict is called {value!r}; {nearest_word(value, [level_label(each).word for each in Level])}"
        )
    word = level_label(level).word
    return FieldTest(lambda _, verdict: verdict.level is level, word, sought=(literal_pattern(word, "verdict"),))


def _level(text: str) -> Level | None:
    word = text.lower().replace("-", " ").replace("_", " ").strip()
    for level in Level:
        mark = level_label(level)
        if text in {mark.symbol, mark.ascii} or (word and mark.word.startswith(word)):
            return level
    return None


def match_release(relation: str, value: str, view: DisplayContext) -> FieldTest:
    """By as many of its numbers as were given: 11.4 has 11.4.0 and 11.4.1, not 11.40. What is no number is a text."""
    wanted = Release.parse(value.rstrip("."))
    if wanted is None:
        return match_text("release", lambda backup: (backup.release,), relation, value, view)
    numbers = tuple(int(each) for each in wanted.text.split("."))

    @cache  # a site knows few releases
    def meant(text: str) -> bool:
        release = Release.parse(text)
        if release is None or relation == "=":
            return release == wanted
        return (*release.numbers, *[0] * len(numbers))[: len(numbers)] == numbers

    sought = Needle(re.compile(rf"\A{re.escape(wanted.text)}(?![0-9])"), frozenset({"release"}))
    return FieldTest(lambda backup, _: meant(backup.release), wanted.text, sought=(sought,))
