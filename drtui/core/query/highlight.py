"""Positions of the matches of a filter in displayed texts, for highlighting."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from rich.cells import split_graphemes

from drtui.core.formatting.text import ELLIPSIS

Span = tuple[int, int]
"""Start and end of a piece of text, in characters; the end is exclusive."""

MAX_CHARACTERS = 4_096
"""The maximum number of characters of a text to search."""


class SearchPattern(NamedTuple):
    """A pattern to highlight, and the fields whose texts may contain it."""

    pattern: re.Pattern[str]
    fields: frozenset[str]
    limit: int = MAX_CHARACTERS
    """The maximum number of characters of a text to search for this pattern."""


def literal_pattern(value: str, *fields: str) -> SearchPattern:
    """Return a pattern for a value, ignoring case."""
    return SearchPattern(re.compile(re.escape(value), re.IGNORECASE), frozenset(fields))


def exact_pattern(value: str, *fields: str) -> SearchPattern:
    """Return a pattern for a value that is the whole text or one item of a comma-separated list, ignoring case."""
    return SearchPattern(re.compile(rf"(?:^|(?<=, )){re.escape(value)}(?=, |\Z)", re.IGNORECASE), frozenset(fields))


def id_pattern(identity: str, template: str = "{}") -> SearchPattern:
    """Return a pattern for the digits of an id with dashes anywhere; `template` is the pattern around the digits."""
    digits = "-?".join(map(re.escape, identity))
    return SearchPattern(re.compile(template.format(digits), re.IGNORECASE), frozenset({"id"}))


def find_spans(field: str, text: str, patterns: Iterable[SearchPattern]) -> tuple[Span, ...]:
    """Return the spans of all matches in a text of `field`, sorted and without overlaps."""
    spans = [
        match.span()
        for pattern in patterns
        if field in pattern.fields
        for match in pattern.pattern.finditer(text, 0, min(MAX_CHARACTERS, pattern.limit))
    ]
    return merge_spans(spans, text) if spans else ()


def merge_spans(spans: Iterable[Span], text: str) -> tuple[Span, ...]:
    """Return spans sorted, with adjacent spans joined and extended to whole graphemes."""
    graphemes = {} if text.isascii() else _grapheme_spans(text)
    merged: list[Span] = []
    for first, stop in sorted(span for span in spans if span[0] < span[1]):
        start, end = graphemes.get(first, (first,))[0], graphemes.get(stop, (stop,))[-1]
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _grapheme_spans(text: str) -> dict[int, Span]:
    """Return the span of each grapheme of several characters, by every position inside it."""
    spans = ((start, end) for start, end, _ in split_graphemes(text)[0] if end - start > 1)
    return {position: (start, end) for start, end in spans for position in range(start + 1, end)}


def clip_spans(spans: Iterable[Span], start: int, end: int, offset: int = 0) -> tuple[Span, ...]:
    """Return the parts of spans between `start` and `end`, relative to `start` and shifted by `offset` characters."""
    shift = offset - start
    clipped = ((max(first, start) + shift, min(stop, end) + shift) for first, stop in spans)
    return tuple(span for span in clipped if span[0] < span[1])


def visible_spans(spans: Iterable[Span], text: str, visible: str) -> tuple[Span, ...]:
    """Return spans of `text` as spans of `visible`, in which an ellipsis may replace a piece of `text`.

    Spans in the replaced piece become the span of the ellipsis.
    """
    if visible == text:
        return tuple(spans)
    cuts = (position for position, character in enumerate(visible) if character == ELLIPSIS)
    cut = next((p for p in cuts if text.startswith(visible[:p]) and text.endswith(visible[p + 1 :])), None)
    if cut is None:
        return ()
    removed = len(text) - len(visible)  # characters that the ellipsis replaces, less one

    def visible_position(position: int, ellipsis_offset: int) -> int:
        if position <= cut:
            return position
        return cut + ellipsis_offset if position <= cut + removed else position - removed

    return merge_spans(((visible_position(start, 0), visible_position(end, 1)) for start, end in spans), visible)
