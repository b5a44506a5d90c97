"""Where in a text stands what was looked for: for the one who looked to see why it is listed."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from rich.cells import split_graphemes

from drtui.core.formatting.text import ELLIPSIS

Span = tuple[int, int]
"""A piece of a text: its first character, and the one after its last."""

MAX_CHARACTERS = 4_096
"""Characters of a text that are looked at."""


class SearchPattern(NamedTuple):
    """What is looked for, and in the texts of which fields."""

    pattern: re.Pattern[str]
    fields: frozenset[str]
    limit: int = MAX_CHARACTERS
    """Characters of a text that it is looked for in."""


def literal_pattern(value: str, *fields: str) -> SearchPattern:
    """A value, in any case."""
    return SearchPattern(re.compile(re.escape(value), re.IGNORECASE), frozenset(fields))


def exact_pattern(value: str, *fields: str) -> SearchPattern:
    """A value that is the whole text, or one of several with commas between them."""
    return SearchPattern(re.compile(rf"(?:^|(?<=, )){re.escape(value)}(?=, |\Z)", re.IGNORECASE), frozenset(fields))


def id_pattern(identity: str, template: str = "{}") -> SearchPattern:
    """Digits of an id, wherever it has dashes; `form` is a pattern around them."""
    digits = "-?".join(map(re.escape, identity))
    return SearchPattern(re.compile(template.format(digits), re.IGNORECASE), frozenset({"id"}))


def find_spans(field: str, text: str, patterns: Iterable[SearchPattern]) -> tuple[Span, ...]:
    """Where in a text of that place stands any of it: in order, apart from each other, and no character in two."""
    spans = [
        each.span()
        for one in patterns
        if field in one.fields
        for each in one.pattern.finditer(text, 0, min(MAX_CHARACTERS, one.limit))
    ]
    return merge_spans(spans, text) if spans else ()


def merge_spans(spans: Iterable[Span], text: str) -> tuple[Span, ...]:
    """The same in order; what meets is one, and what is drawn as one character is whole."""
    graphemes = {} if text.isascii() else _grapheme_spans(text)
    merged: list[Span] = []
    for first, after in sorted(each for each in spans if each[0] < each[1]):
        start, end = graphemes.get(first, (first,))[0], graphemes.get(after, (after,))[-1]
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _grapheme_spans(text: str) -> dict[int, Span]:
    """By every place within such a character: from where to where that is."""
    spans = ((start, end) for start, end, _ in split_graphemes(text)[0] if end - start > 1)
    return {at: (start, end) for start, end in spans for at in range(start + 1, end)}


def clip_spans(spans: Iterable[Span], start: int, end: int, offset: int = 0) -> tuple[Span, ...]:
    """What of it lies between two places of the text, as places in that piece with so many characters `before` it."""
    shift = offset - start
    clipped = ((max(first, start) + shift, min(after, end) + shift) for first, after in spans)
    return tuple(each for each in clipped if each[0] < each[1])


def visible_spans(spans: Iterable[Span], text: str, visible: str) -> tuple[Span, ...]:
    """The same in `shown`: `text` without a piece for which an ellipsis stands, as it does for what was found there."""
    if visible == text:
        return tuple(spans)
    cut = next(
        (
            at
            for at, each in enumerate(visible)
            if each == ELLIPSIS and text.startswith(visible[:at]) and text.endswith(visible[at + 1 :])
        ),
        None,
    )
    if cut is None:
        return ()
    resumes = len(text) - (len(visible) - cut - 1)

    def place(at: int, *, within: int) -> int:
        return at if at <= cut else cut + within if at < resumes else at - resumes + cut + 1

    return merge_spans(((place(start, within=0), place(end, within=1)) for start, end in spans), visible)
