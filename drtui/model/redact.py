"""Take secrets out of what a server sent, and make its text harmless, in one walk."""

from typing import Any

from drtui.model.text import clean
from drtui.model.tolerant import WireError

SECRET_WORDS = ("passcode", "password", "passwd", "secret", "credential", "accesskey", "privatekey")
SECRET_ENDINGS = ("key", "token")
CIPHERED = "{crypt}"
"""What the server's own ciphered texts begin with (RULES R22)."""

DEEPEST = 64
"""Levels of nesting. The documented answers have eight; Python's own limit would strike somewhere further on."""

POLICY = "metaData"
"""A schedule's rhythm and retention: not the ciphered `metadata` of a backup's parts, which differs in case only."""

_known: dict[str, bool] = {}
"""Names already judged: an answer has the same few over and over."""


def is_secret_name(name: str) -> bool:
    """Whether what stands under this name has to be left out (RULES R21, R22, R31, R32)."""
    plain = "".join(filter(str.isalnum, name.lower()))
    if plain == "metadata":
        return name != POLICY
    return any(word in plain for word in SECRET_WORDS) or plain.endswith(SECRET_ENDINGS)


def harmless(value: Any, depth: int = 0) -> Any:
    """`value`, decoded from JSON, without its secrets and with all its text, names included, made harmless.

    Raises:
        WireError: it is nested too deeply.
    """
    if isinstance(value, str):
        return clean(value)
    if depth > DEEPEST:
        raise WireError("the answer is nested too deeply")
    if isinstance(value, dict):
        return {clean(name): harmless(each, depth + 1) for name, each in value.items() if not _withheld(name, each)}
    return [harmless(each, depth + 1) for each in value if not _ciphered(each)] if isinstance(value, list) else value


def _withheld(name: str, value: Any) -> bool:
    """Whether an entry of an object is a secret, by its name or by what it holds."""
    if _ciphered(value):
        return True
    known = _known.get(name)
    if known is None:
        known = is_secret_name(name)
        if len(_known) < 1_000:  # a hostile answer may hold any number of names
            _known[name] = known
    return known


def _ciphered(value: Any) -> bool:
    return isinstance(value, str) and value.lstrip()[: len(CIPHERED)].lower() == CIPHERED
