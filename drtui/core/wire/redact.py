"""Remove secrets from an answer and sanitize its text, in one pass."""

import re
import unicodedata
from typing import Any

from drtui.core.formatting.text import escape, sanitize
from drtui.core.wire.known_secrets import HIDDEN, KnownSecrets
from drtui.core.wire.lenient import WireError

SECRET_WORDS = (
    "passcode", "password", "passwd", "passphrase", "pwd", "secret", "credential", "token", "authorization",
    "accesskey", "privatekey", "apikey", "accountkey", "sharedkey", "connectionstring", "connstr", "accesssignature",
)  # fmt: skip
"""Parts of the names of secret fields, in lower case and without separators."""

SECRET_ENDINGS = ("key", "keys")
SHORT_WORDS = frozenset({"pass", "creds", "sas", "sig"})
"""Short words that only count as the last word of a name: `adminPass`, but not `bypass`."""

ABOUT_TOKENS = ("url", "uri", "validity", "expiration", "expires", "lifetime", "type", "security", "timeout")
"""Endings of names of fields that describe a token and do not contain one."""

HARMLESS_NAMES = frozenset({"monkey", "turkey", "donkey", "hockey", "whiskey"})
"""Words that end with "key" and do not name a secret."""

CIPHER_PREFIX = "{crypt}"
"""Prefix of texts that the site itself has encrypted (rule R22)."""

_LEADING = frozenset({"{", *(chr(code) for code in range(0x3001) if chr(code).isspace())})
"""First characters that a text with `CIPHER_PREFIX` can have, including blanks."""

MAX_DEPTH = 64
"""Maximum number of nested levels. Documented answers have eight; Python's recursion limit is higher."""

POLICY = "metaData"
"""Field of a schedule with its retention; the encrypted `metadata` of the parts of a backup differs only in case."""

PAGE_TOKENS = frozenset({"nexttoken", "nextpagetoken", "continuationtoken"})
"""Names of fields that say where a list continues; only the presence of a value is kept."""

_name_cache: tuple[dict[str, str | None], dict[str, str | None]] = {}, {}
"""Sanitized names by name, None for names of secrets; one cache for answers and one for saved answers.

An answer repeats the same few names.
"""


_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

_ASSIGNED = re.compile(
    r"(\b(?:\w{0,40}token|pass(?:code|word|wd|phrase)|pwd|sig|(?:\w{0,40}[_-])?signature|\w{0,40}secret|\w{0,40}[_-]credential"
    r"|(?:shared)?access_?key|account_?key|api_?key|sharedaccesssignature)=)"
    r"(?:\"[^\"]*\"|'[^']*'|[^&;,\s\"'<>]+)",
    re.IGNORECASE,
)
"""Pattern of a secret after its name in a text, such as a connection string or the query of a URL."""

_USERINFO = re.compile(r"(://[^/\s:@]*:)[^/\s]+@")
"""Pattern of the password in a URL."""

_AUTHORIZATION = re.compile(r"\b(bearer|basic)\s+(?=\S*\d)[\w.~+/=-]{16,}", re.IGNORECASE)
"""Pattern of the value of an `Authorization` header."""


def is_secret_name(name: str) -> bool:
    """True if the value of a field with this name must be removed (rules R21, R22, R31, R32)."""
    plain = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name).lower())).rstrip("0123456789")
    if plain == "metadata":
        return name != POLICY
    if plain in HARMLESS_NAMES:
        return False
    if plain.endswith(SECRET_ENDINGS) or "".join(_WORDS.findall(name)[-1:]).lower() in SHORT_WORDS:
        return True
    words = [word for word in SECRET_WORDS if word in plain]
    return bool(words) and not (words == ["token"] and plain.endswith(ABOUT_TOKENS))


def is_harmless(text: str) -> bool:
    """True if `redact_and_sanitize` would not change a text."""
    return _sanitized_text(text, saved=False) == text and not _is_ciphered(text)


def redact_and_sanitize(value: Any, depth: int = 0, secrets: KnownSecrets | None = None, *, saved: bool = False) -> Any:
    """Return a decoded JSON value without secrets, and with all texts and names sanitized.

    Args:
        value: the decoded JSON value.
        depth: number of levels around the value.
        secrets: known secrets, which are removed wherever they occur.
        saved: True if the value was sanitized before it was saved; visible forms such as `<202E>` stay as they are.

    Raises:
        WireError: the value is nested too deeply.
    """
    # Comparing exact types and caching names is faster: this visits every value of every answer.
    kind = type(value)
    if kind is str:
        return _sanitized_text(secrets.hide(value) if secrets else value, saved)
    if depth > MAX_DEPTH:
        raise WireError("the answer is nested too deeply")
    if kind is dict:
        return _object(value, depth, secrets, saved)
    if kind is list:
        return [redact_and_sanitize(item, depth + 1, secrets, saved=saved) for item in value if not _is_ciphered(item)]
    return secrets.hide_number(value) if secrets and (kind is int or kind is float) else value


def _object(value: dict[str, Any], depth: int, secrets: KnownSecrets | None, saved: bool) -> dict[str, Any]:
    """Return the object without secret fields, and with the other fields sanitized."""
    fields: dict[str, Any] = {}
    cache = _name_cache[saved]
    for name, item in value.items():
        key = cache[name] if name in cache else _sanitized_name(name, saved)
        if key is None:
            if "".join(filter(str.isalnum, name.lower())) in PAGE_TOKENS:
                fields[sanitize(name)] = bool(item)
            continue
        if secrets:
            key = secrets.hide(key)
        if type(item) is not str:
            fields[key] = redact_and_sanitize(item, depth + 1, secrets, saved=saved)
        elif not _is_ciphered(item):
            fields[key] = _sanitized_text(secrets.hide(item) if secrets else item, saved)
    return fields


def _sanitized_name(name: str, saved: bool) -> str | None:
    """Return a sanitized name; None for the name of a secret."""
    key = None if is_secret_name(name) else _sanitized_text(name, saved)
    if len(_name_cache[saved]) < 1_000:  # a hostile answer may have any number of names
        _name_cache[saved][name] = key
    return key


def _sanitized_text(text: str, saved: bool) -> str:
    """Return a sanitized text, without the secrets that are marked by a name in it."""
    plain = "<" not in text and text.isascii() and text.isprintable()
    result = text if plain else sanitize(text) if saved else escape(text)
    if "=" in result or "@" in result or "asic " in result or "earer " in result:
        result = _AUTHORIZATION.sub(rf"\1 {HIDDEN}", result)
        result = _ASSIGNED.sub(rf"\1{HIDDEN}", result)
        result = _USERINFO.sub(rf"\1{HIDDEN}@", result)
    return result


def _is_ciphered(value: Any) -> bool:
    return (
        isinstance(value, str)
        and value[:1] in _LEADING
        and value.lstrip()[: len(CIPHER_PREFIX)].lower() == CIPHER_PREFIX
    )
