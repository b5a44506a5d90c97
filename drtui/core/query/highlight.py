"""Where in a text stands what was looked for: for the one who looked to see why it is listed."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from rich.cells import split_graphemes

from drtui.core.formatting.text import ELLIPSIS

Span = tuple[int, int]
"""A piece of a text: its first character, and the one after its last."""

FAR = 4_096
"""Characters of a text that are looked at."""


class Needle(NamedTuple):
    """What is looked for, and in the texts of which fields."""

    pattern: re.Pattern[str]
    places: frozenset[str]
    far: int = FAR
    """Characters of a text that it is looked for in."""


def literal_pattern(value: str, *places: str) -> Needle:
    """A value, in any case."""
    return Needle(re.compile(re.escape(value), re.IGNORECASE), frozenset(places))


def exact_pattern(value: str, *places: str) -> Needle:
    """A value that is the whole text, or one of several with commas between them."""
    return Needle(re.compile(rf"(?:^|(?<=, )){re.escape(value)}(?=, |\Z)", re.IGNORECASE), frozenset(places))


def id_pattern(identity: str, form: str = "{}") -> Needle:
    """Digits of an id, wherever it has dashes; `form` is a pattern around them."""
    digits = "-?".join(map(re.escape, identity))
    return Needle(re.compile(form.format(digits), re.IGNORECASE), frozenset({"id"}))


def find_spans(place: str, text: str, sought: Iterable[Needle]) -> tuple[Span, ...]:
    """Where in a text of that place stands any of it: in order, apart from each other, and no character in two."""
    found = [
        each.span()
        for one in sought
        if place in one.places
        for each in one.pattern.finditer(text, 0, min(FAR, one.far))
    ]
    return merge_spans(found, text) if found else ()


def merge_spans(found: Iterable[Span], text: str) -> tuple[Span, ...]:
    """The same in order; what meets is one, and what is drawn as one character is whole."""
    drawn = {} if text.isascii() else _drawn_as_one(text)
    made: list[Span] = []
    for first, after in sorted(each for each in found if each[0] < each[1]):
        start, end = drawn.get(first, (first,))[0], drawn.get(after, (after,))[-1]
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        else:
            made.append((start, end))
    return tuple(made)


def _drawn_as_one(text: str) -> dict[int, Span]:
    """By every place within such a character: from where to where that is."""
    found = ((start, end) for start, end, _ in split_graphemes(text)[0] if end - start > 1)
    return {at: (start, end) for start, end in found for at in range(start + 1, end)}


def clip_span(found: Iterable[Span], start: int, end: int, before: int = 0) -> tuple[Span, ...]:
    """What of it lies between two places of the text, as places in that piece with so many characters `before` it."""
    shift = before - start
    clipped = ((max(first, start) + shift, min(after, end) + shift) for first, after in found)
    return tuple(each for each in clipped if each[0] < each[1])


def visible_spans(found: Iterable[Span], text: str, shown: str) -> tuple[Span, ...]:
    """The same in `shown`: `text` without a piece for which an ellipsis stands, as it does for what was found there."""
    if shown == text:
        return tuple(found)
    cut = next(
        (
            at
            for at, each in enumerate(shown)
            if each == ELLIPSIS and text.startswith(shown[:at]) and text.endswith(shown[at + 1 :])
        ),
        None,
    )
    if cut is None:
        return ()
    resumes = len(text) - (len(shown) - cut - 1)

    def place(at: int, *, within: int) -> int:
        return at if at <= cut else cut + within if at < resumes else at - resumes + cut + 1

    return merge_spans(((place(start, within=0), place(end, within=1)) for start, end in found), shown)
