"""Search items by name or id, best match first, for the interface and the command line.

The text is searched in names and ids literally; scattered letters count only if nothing matches literally. Textual's
fuzzy matcher is not used: it tries every combination of scattered letters, which never ends for a name of 4,000
characters, and a server may send such a name.
"""

import enum
from collections.abc import Sequence
from typing import NamedTuple

from drtui.core.contents.index import GEODATABASE, ContentIndex, Item
from drtui.core.query.highlight import Span, find_spans, literal_pattern, merge_spans

MIN_ID_LENGTH = 4
"""Minimum length of a word that is searched in ids: any two or three digits occur somewhere in 32."""

WORD_SEPARATORS = "_-. /:\\"
"""Characters after which a word in a name begins."""


class Match(enum.IntEnum):
    """The quality of a match; lower is better."""

    EXACT = 0
    BEGINNING = 1
    WORD = 2
    WITHIN = 3
    SCATTERED = 4
    NOT = 5


class SearchResult(NamedTuple):
    """The items that match a search text, best first."""

    exact: tuple[Item, ...] = ()
    """Items with exactly this name or id."""
    partial: tuple[Item, ...] = ()
    """Other items with the text in a name or in the id."""
    scattered: tuple[Item, ...] = ()
    """Items with the letters in the right order but not adjacent, for mistyped names."""

    @property
    def best(self) -> tuple[Item, ...]:
        """The items that a command reports: exact matches only, if there are any."""
        return self.exact or self.partial

    @property
    def suggestions(self) -> tuple[Item, ...]:
        """The items to list while a person is typing: the text may be the beginning of a longer name."""
        return self.exact + self.partial or self.scattered


def search(index: ContentIndex, text: str) -> SearchResult:
    """Return the items that match every word of `text`; an empty text matches all items exactly."""
    whole = text.strip().casefold()
    if not whole:
        return SearchResult(exact=index.items)
    ranked: dict[Match, list[Item]] = {match: [] for match in Match}
    words = whole.split()
    for item in index.items:
        ranked[_match_item(item, whole, words)].append(item)
    partial = ranked[Match.BEGINNING] + ranked[Match.WORD] + ranked[Match.WITHIN]
    return SearchResult(tuple(ranked[Match.EXACT]), tuple(partial), tuple(ranked[Match.SCATTERED]))


def find_highlights(text: str, query: str, *, include_scattered: bool) -> tuple[Span, ...]:
    """Return the spans of the words of `query` in a name; of scattered letters too if `include_scattered`."""
    spans: list[Span] = []
    for word in query.split():
        matches = find_spans("", text, (literal_pattern(word, ""),))
        spans += matches or (_scattered_spans(text, word) if include_scattered else ())
    return merge_spans(spans, text)


def _scattered_spans(text: str, word: str) -> list[Span]:
    """Return the span of each letter of a word, searched from left to right; [] if a letter is absent."""
    text, position, spans = text.casefold(), -1, list[Span]()
    for letter in word.casefold():
        position = text.find(letter, position + 1)
        if position < 0:
            return []
        spans.append((position, position + 1))
    return spans


def _match_item(item: Item, whole: str, words: Sequence[str]) -> Match:
    names = [name.casefold() for name in item.names]
    if whole in names or whole.replace("-", "") == item.identity.casefold():
        return Match.EXACT
    return max(min(_match_id(item, word), *(_match_name(name, word) for name in names), Match.NOT) for word in words)


def _match_id(item: Item, word: str) -> Match:
    """Match a word with the id of a geodatabase, with or without dashes; other items have no id but their name."""
    digits = word.replace("-", "")
    if item.kind != GEODATABASE or len(digits) < MIN_ID_LENGTH or digits not in item.identity:
        return Match.NOT
    return Match.BEGINNING if item.identity.startswith(digits) else Match.WITHIN


def _match_name(name: str, word: str) -> Match:
    position = name.find(word)
    if position < 0:
        return Match.SCATTERED if _scattered_spans(name, word) else Match.NOT
    if position == 0:
        return Match.BEGINNING
    return Match.WORD if any(separator + word in name for separator in WORD_SEPARATORS) else Match.WITHIN
