"""Take secrets out of what a server sent, and make its text harmless, in one walk."""

from typing import Any

from drtui.model.text import clean
from drtui.model.tolerant import WireError

SECRET_WORDS = ("passcode", "password", "passwd", "secret", "credential", "accesskey", "privatekey")
SECRET_ENDINGS = ("key", "token")
CIPHERED = "{crypt}"
"""What the server's own ciphered texts begin with (RULES R22)."""

_BEFORE = frozenset({"{", *(chr(code) for code in range(0x3001) if chr(code).isspace())})
"""What a ciphered text can begin with."""

DEEPEST = 64
"""Levels of nesting. The documented answers have eight; Python's own limit would strike somewhere further on."""

POLICY = "metaData"
"""A schedule's rhythm and retention: not the ciphered `metadata` of a backup's parts, which differs in case only."""

PAGE_TOKENS = frozenset({"nexttoken", "nextpagetoken", "continuationtoken"})
"""Names that say where a list goes on: what they hold is left out, that they hold something is not."""

_known: dict[str, str | None] = {}
"""Names already judged, and how they are shown; None for a secret's. An answer has the same few over and over."""


def is_secret_name(name: str) -> bool:
    """Whether what stands under this name has to be left out (RULES R21, R22, R31, R32)."""
    plain = "".join(filter(str.isalnum, name.lower()))
    if plain == "metadata":
        return name != POLICY
    return any(word in plain for word in SECRET_WORDS) or plain.endswith(SECRET_ENDINGS)


def is_harmless(text: str) -> bool:
    """Whether a text is neither ciphered nor harmful: what `harmless` would leave as it is."""
    return clean(text) == text and not _ciphered(text)


def harmless(value: Any, depth: int = 0) -> Any:
    """`value`, decoded from JSON, without its secrets and with all its text, names included, made harmless.

    Raises:
        WireError: it is nested too deeply.
    """
    # Exact types, names looked up once, texts told at a glance: this walks over every value of every answer.
    kind = type(value)
    if kind is str:
        return value if value.isascii() and value.isprintable() else clean(value)
    if depth > DEEPEST:
        raise WireError("the answer is nested too deeply")
    if kind is dict:
        return _object(value, depth)
    return [harmless(each, depth + 1) for each in value if not _ciphered(each)] if kind is list else value


def _object(value: dict[str, Any], depth: int) -> dict[str, Any]:
    """The entries of an object that are no secrets, by their name or by what they hold."""
    found: dict[str, Any] = {}
    for name, each in value.items():
        shown = _known[name] if name in _known else _judged(name)
        if shown is None:
            if "".join(filter(str.isalnum, name.lower())) in PAGE_TOKENS:
                found[clean(name)] = bool(each)
            continue
        if type(each) is not str:
            found[shown] = harmless(each, depth + 1)
        elif not _ciphered(each):
            found[shown] = each if each.isascii() and each.isprintable() else clean(each)
    return found


def _judged(name: str) -> str | None:
    """A name made harmless; None for that of a secret."""
    shown = None if is_secret_name(name) else clean(name)
    if len(_known) < 1_000:  # a hostile answer may hold any number of names
        _known[name] = shown
    return shown


def _ciphered(value: Any) -> bool:
    return isinstance(value, str) and value[:1] in _BEFORE and value.lstrip()[: len(CIPHERED)].lower() == CIPHERED
