"""Remove the secrets of this session from text that a site or proxy sends back, in any encoding."""

import re
from binascii import b2a_base64
from collections.abc import Callable, Iterable, Iterator
from typing import NoReturn, final
from urllib.parse import quote_plus, unquote_to_bytes

from drtui.core.formatting.text import sanitize
from drtui.core.model.auth import Secret

HIDDEN = "[hidden]"
"""Text that replaces a secret."""

MIN_LENGTH = 4
"""Minimum length of a secret to search for; a shorter one occurs in any text by chance."""

MIN_SPLIT_LENGTH = 8
"""Minimum length of a secret to search for in base64, or split by blanks or tags."""

MAX_ROUNDS = 4
"""Maximum number of nested encodings that are decoded."""

SMALL_BODY = 1 << 20
"""Maximum size in bytes of a body that is first searched as a whole."""

CACHE_SIZE, MAX_CACHED_LENGTH = 500, 1_000
"""Maximum number and length of cached texts: an answer repeats the same few texts."""

_ENCODED = re.compile(
    r"(?:%[0-9A-Fa-f]{2})+"
    r"|&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});"
    r"|(?:\\u[0-9A-Fa-f]{4})+|(?:\\x[0-9A-Fa-f]{2})+|\\[\"\\/'bfnrt]"
)
"""Pattern of encoded characters in URLs, HTML, JSON and Python."""

_SEPARATORS = re.compile(
    r"<[^<>]*>|[\s\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+"
)
"""Pattern of text that can split a secret invisibly: tags, blanks, control and invisible characters."""

_BLANKS = bytes((*range(0x21), 0x7F))
"""ASCII characters of `_SEPARATORS`, without tags."""

_ESCAPES = str.maketrans("bfnrt", "\b\f\n\r\t")
_BASE64 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=")

_Level = tuple[str, list[int], list[int]]
"""A decoded text, and for each of its characters the start and end in the original text."""


@final
class KnownSecrets:
    """The secrets of a site: token, password and proxy password. Like `Secret`, it cannot be printed or copied.

    All occurrences are replaced at once, overlapping ones as one, so that a secret may be part of another.
    """

    __slots__ = ("__base64", "__cache", "__compact", "__literal", "__shortest", "__split", "__values")

    def __init__(self, secrets: Iterable[Secret | None] = ()) -> None:
        self.__values: set[str] = set()
        self.__literal: tuple[str, ...] = ()
        """Spellings to search for as they are, shortest first."""
        self.__base64: frozenset[str] = frozenset()
        self.__split: tuple[str, ...] = ()
        """Spellings without separators, shortest first."""
        self.__compact: tuple[bytes, ...] = ()
        """Spellings without separators as bytes, also of short secrets."""
        self.__shortest = 0
        self.__cache: dict[str, str] = {}
        for secret in secrets:
            self.add(secret)

    def add(self, secret: Secret | None) -> None:
        """Add a secret, if it is long enough to search for."""
        value = secret.reveal() if secret else ""
        if len(value.strip()) < MIN_LENGTH or value in self.__values or value in HIDDEN:
            return
        self.__values.add(value)
        base64 = set(_base64_of(value)) if len(value) >= MIN_SPLIT_LENGTH else set()
        # A password may look encoded, and may be sent back decoded.
        decoded = {value, *(text for text in _rounds(value) if len(_compact(text)) >= MIN_LENGTH)}
        compact = {_compact(spelling) for spelling in (*decoded, *base64)}
        literal = {*self.__literal, *decoded, sanitize(value), quote_plus(value), *base64}
        self.__base64 |= base64
        self.__compact = (*self.__compact, *(spelling.encode("utf-8", "replace") for spelling in compact))
        split = {
            *self.__split,
            *(text for text in compact if len(value) >= MIN_SPLIT_LENGTH and len(text) >= MIN_LENGTH),
        }
        self.__split = tuple(sorted(split, key=len))
        self.__literal = tuple(sorted(literal, key=len))
        self.__shortest = len(self.__literal[0])
        self.__cache = {}

    def __bool__(self) -> bool:
        return bool(self.__literal)

    def __repr__(self) -> str:
        return "KnownSecrets(...)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("Secrets cannot be pickled or copied")

    def is_in(self, text: str) -> bool:
        """True if `text` contains one of the secrets, in any encoding."""
        if not self.__literal or len(text) < self.__shortest:
            return False
        if _contains_any(text, self.__literal):
            return True
        if "%" in text or "&" in text or "\\" in text or "<" in text or not text.isprintable():
            return self._is_encoded_in(text)
        return " " in text and _contains_any(text.replace(" ", ""), self.__split)

    def if_possibly_in(self, body: bytes) -> "KnownSecrets | None":
        """Return self if the JSON in `body` may contain a secret, else None; its texts then need no search."""
        if len(body) > SMALL_BODY:
            return self
        if body.isascii() and not (b"%" in body or b"&" in body or b"\\" in body or b"<" in body):
            compact = body.translate(None, _BLANKS)
            return self if any(spelling in compact for spelling in self.__compact) else None
        return self if self.is_in(body.decode("utf-8", "replace")) else None

    def hide(self, text: str) -> str:
        """Return `text` with the secrets replaced, in any encoding."""
        cache = self.__cache  # `add` replaces it by an empty one
        cached = cache.get(text)
        if cached is not None:
            return cached
        hidden = self._without(text, self._spans(text)) if self.is_in(text) else text
        if len(text) <= MAX_CACHED_LENGTH and len(cache) < CACHE_SIZE:
            cache[text] = hidden
        return hidden

    def hide_number(self, number: float) -> float | str:
        """Return the number, or `HIDDEN` if it is one of the secrets."""
        return HIDDEN if str(number) in self.__values else number

    def hide_bytes(self, body: bytes) -> bytes:
        """Return `body` with the secrets replaced that are in it unencoded; `hide` finds the others."""
        for spelling in reversed([literal for literal in self.__literal if literal not in self.__base64]):
            body = body.replace(spelling.encode("utf-8", "replace"), HIDDEN.encode())
        return body

    def _is_encoded_in(self, text: str) -> bool:
        """True if one of the secrets is in `text` after decoding and removing separators."""
        for decoded in _rounds(text):
            if _contains_any(decoded, self.__literal) or _contains_any(_compact(decoded), self.__split):
                return True
        return any(_contains_any(_compact(decoded), self.__split) for decoded in _rounds(_compact(text)))

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """Return the start and end of each secret in `text`."""
        sent: _Level = (text, list(range(len(text))), list(range(1, len(text) + 1)))
        spans: list[tuple[int, int]] = []
        compacts = set()
        for level in _levels(sent):
            for spelling in self.__literal:
                spans += _find(level, spelling, whole=spelling in self.__base64)
            compact = _compact(level[0])
            compacts.add(compact)
            if any(compact.count(spelling) > level[0].count(spelling) for spelling in self.__split):
                spans += self._split_in(level)
        if any(_contains_any(decoded, self.__split) for decoded in _rounds(_compact(text)) if decoded not in compacts):
            for level in _levels(
                _substitute(sent, _SEPARATORS, lambda _: "")
            ):  # a separator splits an encoded character
                spans += self._split_in(level)
        return sorted(spans)

    def _split_in(self, level: _Level) -> Iterator[tuple[int, int]]:
        """Yield the start and end of each secret that is split by separators."""
        compact = _substitute(level, _SEPARATORS, lambda _: "")
        for spelling in self.__split:
            yield from _find(compact, spelling)

    @staticmethod
    def _without(text: str, spans: list[tuple[int, int]]) -> str:
        """Return `text` with each span replaced; overlapping spans are replaced as one."""
        pieces, end = [], 0
        for start, stop in spans:
            if start >= end:
                pieces += [text[end:start], HIDDEN]
            end = max(end, stop)
        return "".join((*pieces, text[end:]))


def _rounds(text: str) -> Iterator[str]:
    """Yield a text, and the results of decoding it up to `MAX_ROUNDS` times."""
    yield text
    for _ in range(MAX_ROUNDS):
        decoded = _ENCODED.sub(_decode_match, text)
        if decoded == text:
            return
        yield decoded
        text = decoded


def _levels(level: _Level) -> Iterator[_Level]:
    """Yield a level, and the results of decoding it up to `MAX_ROUNDS` times."""
    yield level
    for _ in range(MAX_ROUNDS):
        decoded = _substitute(level, _ENCODED, _decode_match)
        if decoded[0] == level[0]:
            return
        yield decoded
        level = decoded


def _contains_any(text: str, spellings: tuple[str, ...]) -> bool:
    """True if one of the spellings, sorted by length, is in `text`."""
    for spelling in spellings:
        if len(spelling) > len(text):
            return False
        if spelling in text:
            return True
    return False


def _base64_of(value: str) -> Iterator[str]:
    """Yield the base64 of a value at each possible offset within a longer text, such as `user:password`."""
    body = value.encode("utf-8", "replace")
    for before in range(3):
        whole = b2a_base64(bytes(before) + body, newline=False).decode()
        inner = whole[-(-before * 8 // 6) : (before + len(body)) * 8 // 6]
        yield from (inner, inner.replace("+", "-").replace("/", "_"))


def _compact(text: str) -> str:
    """Return `text` without separators."""
    return text.replace(" ", "") if text.isprintable() and "<" not in text else _SEPARATORS.sub("", text)


def _decode_match(match: re.Match[str]) -> str:
    """Return the characters that an encoded match stands for."""
    spelled = match[0]
    if spelled[0] == "%":
        return unquote_to_bytes(spelled).decode("utf-8", "replace")
    if spelled[1] == "#" and spelled[2].isdecimal():
        return chr(min(int(spelled[2:-1]), 0xFFFD))
    if spelled[0] == "&":
        from html import unescape

        return unescape(spelled)
    if spelled[1] == "u":
        return bytes.fromhex(spelled.replace("\\u", "")).decode("utf-16-be", "replace")
    if spelled[1] == "x":
        return bytes.fromhex(spelled.replace("\\x", "")).decode("utf-8", "replace")
    return spelled[1].translate(_ESCAPES)


def _substitute(level: _Level, pattern: re.Pattern[str], change: Callable[[re.Match[str]], str]) -> _Level:
    """Return a level with each match replaced; the replacement has the position of the match."""
    text, starts, ends = level
    pieces: list[str] = []
    begins: list[int] = []
    stops: list[int] = []
    end = 0
    for match in pattern.finditer(text):
        replacement = change(match)
        pieces += [text[end : match.start()], replacement]
        begins += starts[end : match.start()] + [starts[match.start()]] * len(replacement)
        stops += ends[end : match.start()] + [ends[match.end() - 1]] * len(replacement)
        end = match.end()
    return "".join((*pieces, text[end:])), begins + starts[end:], stops + ends[end:]


def _find(level: _Level, spelling: str, *, whole: bool = False) -> Iterator[tuple[int, int]]:
    """Yield the start and end of a spelling in the original text; with `whole` including the base64 around it."""
    text, starts, ends = level
    at = text.find(spelling)
    while at >= 0:
        first, last = at, at + len(spelling) - 1
        while whole and first and text[first - 1] in _BASE64:
            first -= 1
        while whole and last + 1 < len(text) and text[last + 1] in _BASE64:
            last += 1
        yield starts[first], ends[last]
        at = text.find(spelling, last + 1 if whole else at + 1)
