"""A name as one types it -> the things that restore points hold which are called so, best first.

Plain text in names and ids, and letters in a row but scattered only where nothing else is found: the same for a command
and for the screen. Textual's fuzzy matcher tries every way in which letters can be scattered, which a name of 4,000
characters, as a server may well send one, makes endless.
"""

import enum
from collections.abc import Sequence
from typing import NamedTuple

from drtui.core.contents.index import GEODATABASE, ContentIndex, Item
from drtui.core.query.highlight import Span, find_spans, literal_pattern, merge_spans

MIN_ID_LENGTH = 4
"""Characters from which on a word may be a part of an id: in 32 digits any two or three are found somewhere."""

WORD_SEPARATORS = "_-. /:\\"
"""After these a word of a name begins."""


class Match(enum.IntEnum):
    """How well a name fits; the lower the better."""

    EXACT = 0
    BEGINNING = 1
    WORD = 2
    WITHIN = 3
    SCATTERED = 4
    NOT = 5


class SearchResult(NamedTuple):
    """What was found for a name, best first."""

    exact: tuple[Item, ...] = ()
    """Called just so, or of that id."""
    partial: tuple[Item, ...] = ()
    """Others with these letters in a row in a name or in the id."""
    scattered: tuple[Item, ...] = ()
    """With these letters in that order, but others in between: for what was mistyped."""

    @property
    def best(self) -> tuple[Item, ...]:
        """What a command answers with: a name that is whole means no other."""
        return self.exact or self.partial

    @property
    def suggestions(self) -> tuple[Item, ...]:
        """What is listed as one types: whoever is not through yet may mean any."""
        return self.exact + self.partial or self.scattered


def search(index: ContentIndex, text: str) -> SearchResult:
    """What `text` may mean; every word of it must fit. Without any text everything is exactly that."""
    whole = text.strip().casefold()
    if not whole:
        return SearchResult(exact=index.items)
    ranked: dict[Match, list[Item]] = {match: [] for match in Match}
    words = whole.split()
    for each in index.items:
        ranked[_match(each, whole, words)].append(each)
    holding = ranked[Match.BEGINNING] + ranked[Match.WORD] + ranked[Match.WITHIN]
    return SearchResult(tuple(ranked[Match.EXACT]), tuple(holding), tuple(ranked[Match.SCATTERED]))


def find_highlights(text: str, query: str, *, include_scattered: bool) -> tuple[Span, ...]:
    """Where in a name stand the words that were typed; `near`: their letters, where no word does."""
    found: list[Span] = []
    for word in query.split():
        found += find_spans("", text, (literal_pattern(word, ""),)) or (
            _letters(text, word) if include_scattered else ()
        )
    return merge_spans(found, text)


def _letters(text: str, word: str) -> list[Span]:
    """The letters of a word where they are scattered, the first time that each comes."""
    at, found = -1, list[Span]()
    for letter in word.casefold():
        at = text.casefold().find(letter, at + 1)
        if at < 0:
            return []
        found.append((at, at + 1))
    return found


def _match(content: Item, whole: str, words: Sequence[str]) -> Match:
    names = [name.casefold() for name in content.names]
    if whole in names or _undashed(whole) == content.identity.casefold():
        return Match.EXACT
    return max(min(_in_id(content, word), *(_in_name(name, word) for name in names), Match.NOT) for word in words)


def _in_id(content: Item, word: str) -> Match:
    """How a word fits the id of a geodatabase, in either spelling; all else is known by its name."""
    digits = _undashed(word)
    if content.kind != GEODATABASE or len(digits) < MIN_ID_LENGTH or digits not in content.identity:
        return Match.NOT
    return Match.BEGINNING if content.identity.startswith(digits) else Match.WITHIN


def _in_name(name: str, word: str) -> Match:
    at = name.find(word)
    if at < 0:
        return Match.SCATTERED if _scattered(name, word) else Match.NOT
    if at == 0:
        return Match.BEGINNING
    return Match.WORD if any(sign + word in name for sign in WORD_SEPARATORS) else Match.WITHIN


def _scattered(name: str, word: str) -> bool:
    """Whether a name has these letters in this order."""
    at = -1
    return all((at := name.find(letter, at + 1)) >= 0 for letter in word)


def _undashed(text: str) -> str:
    return text.replace("-", "")
