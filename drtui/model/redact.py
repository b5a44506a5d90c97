"""Take secrets out of what a server sent, and make its text harmless, in one walk."""

from typing import Any

from drtui.model.text import clean

SECRET_WORDS = ("passcode", "password", "passwd", "secret", "credential", "accesskey", "privatekey")
SECRET_ENDINGS = ("key", "token")
CIPHERED = "{crypt}"
"""What the server's own ciphered texts begin with (RULES R22)."""

_known: dict[str, bool] = {}
"""Names already judged: an answer has the same few over and over."""


def is_secret_name(name: str) -> bool:
    """Whether what stands under this name has to be left out (RULES R21, R22, R31, R32)."""
    plain = "".join(filter(str.isalnum, name.lower()))
    return any(word in plain for word in SECRET_WORDS) or plain.endswith(SECRET_ENDINGS)


def harmless(value: Any) -> Any:
    """`value`, decoded from JSON, without its secrets and with all its text, names included, made harmless."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(name): harmless(each) for name, each in value.items() if not _withheld(name, each)}
    return [harmless(each) for each in value if not _ciphered(each)] if isinstance(value, list) else value


def _withheld(name: str, value: Any) -> bool:
    """Whether an entry of an object is a secret, by its name or by what it holds."""
    if name == "metadata" or _ciphered(value):
        return True
    known = _known.get(name)
    if known is None:
        known = is_secret_name(name)
        if len(_known) < 1_000:  # a hostile answer may hold any number of names
            _known[name] = known
    return known


def _ciphered(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(CIPHERED)
