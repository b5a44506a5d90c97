"""Take secrets out of what a server sent, and make its text harmless, in one walk."""

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
"""Parts of names under which secrets stand, in small letters, without what separates words."""

SECRET_ENDINGS = ("key", "keys")
SHORT_WORDS = frozenset({"pass", "creds", "sas", "sig"})
"""Words so short that they count only as the last of a name: `adminPass`, but not `bypass`."""

ABOUT_TOKENS = ("url", "uri", "validity", "expiration", "expires", "lifetime", "type", "security", "timeout")
"""Endings of names that say something of a token: what they hold is none."""

HARMLESS_NAMES = frozenset({"monkey", "turkey", "donkey", "hockey", "whiskey"})
"""Words that end like the name of a secret."""

CIPHER_PREFIX = "{crypt}"
"""What the server's own ciphered texts begin with (rule R22)."""

_LEADING = frozenset({"{", *(chr(code) for code in range(0x3001) if chr(code).isspace())})
"""What a ciphered text can begin with."""

MAX_DEPTH = 64
"""Levels of nesting. The documented answers have eight; Python's own limit would strike somewhere further on."""

POLICY = "metaData"
"""A schedule's rhythm and retention: not the ciphered `metadata` of a backup's parts, which differs in case only."""

PAGE_TOKENS = frozenset({"nexttoken", "nextpagetoken", "continuationtoken"})
"""Names that say where a list goes on: what they hold is left out, that they hold something is not."""

_name_cache: tuple[dict[str, str | None], dict[str, str | None]] = {}, {}
"""Names already judged, in answers and in what was saved, and how they are shown; None for a secret's.

An answer has the same few over and over.
"""


_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

_ASSIGNED = re.compile(
    r"(\b(?:\w{0,40}token|pass(?:code|word|wd|phrase)|pwd|sig|(?:\w{0,40}[_-])?signature|\w{0,40}secret|\w{0,40}[_-]credential"
    r"|(?:shared)?access_?key|account_?key|api_?key|sharedaccesssignature)=)"
    r"(?:\"[^\"]*\"|'[^']*'|[^&;,\s\"'<>]+)",
    re.IGNORECASE,
)
"""A secret under its name within a text: of a connection string, or of the query of an address."""

_USERINFO = re.compile(r"(://[^/\s:@]*:)[^/\s]+@")
"""The password in an address."""

_AUTHORIZATION = re.compile(r"\b(bearer|basic)\s+(?=\S*\d)[\w.~+/=-]{16,}", re.IGNORECASE)
"""Matches the value of an `Authorization` header."""


def is_secret_name(name: str) -> bool:
    """True if what stands under this name has to be left out (rules R21, R22, R31, R32)."""
    plain = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name).lower())).rstrip("0123456789")
    if plain == "metadata":
        return name != POLICY
    if plain in HARMLESS_NAMES:
        return False
    if plain.endswith(SECRET_ENDINGS) or "".join(_WORDS.findall(name)[-1:]).lower() in SHORT_WORDS:
        return True
    words = [word for word in SECRET_WORDS if word in plain]
    return bool(words) and not (words == ["token"] and plain.endswith(ABOUT_TOKENS))


def is_harmless(text: str, *, saved: bool = False) -> bool:
    """True if a text is neither ciphered nor harmful, and names no secret: `harmless` would leave it as it is."""
    return _sanitized_text(text, saved) == text and not _is_ciphered(text)


def redact_and_sanitize(value: Any, depth: int = 0, secrets: KnownSecrets | None = None, *, saved: bool = False) -> Any:
    """Return `value`, decoded from JSON, without its secrets and with all its text, names included, made harmless.

    Args:
        value: what JSON can write.
        depth: levels of nesting around it.
        secrets: known ones, which are hidden wherever they stand.
        saved: it was made harmless before it was saved, so that a text which looks as if it was made visible was.

    Raises:
        WireError: it is nested too deeply.
    """
    # Exact types, names looked up once, texts told at a glance: this walks over every value of every answer.
    kind = type(value)
    if kind is str:
        return _sanitized_text(secrets.hide(value) if secrets else value, saved)
    if depth > MAX_DEPTH:
        raise WireError("the answer is nested too deeply")
    if kind is dict:
        return _object(value, depth, secrets, saved)
    if kind is list:
        return [redact_and_sanitize(each, depth + 1, secrets, saved=saved) for each in value if not _is_ciphered(each)]
    return secrets.hide_number(value) if secrets and (kind is int or kind is float) else value


def _object(value: dict[str, Any], depth: int, secrets: KnownSecrets | None, saved: bool) -> dict[str, Any]:
    """Return the entries of an object that are no secrets, by their name or by what they hold."""
    found: dict[str, Any] = {}
    known = _name_cache[saved]
    for name, each in value.items():
        shown = known[name] if name in known else _sanitized_name(name, saved)
        if shown is None:
            if "".join(filter(str.isalnum, name.lower())) in PAGE_TOKENS:
                found[sanitize(name)] = bool(each)
            continue
        if secrets:
            shown = secrets.hide(shown)
        if type(each) is not str:
            found[shown] = redact_and_sanitize(each, depth + 1, secrets, saved=saved)
        elif not _is_ciphered(each):
            found[shown] = _sanitized_text(secrets.hide(each) if secrets else each, saved)
    return found


def _sanitized_name(name: str, saved: bool) -> str | None:
    """Return a name made harmless; None for that of a secret."""
    shown = None if is_secret_name(name) else _sanitized_text(name, saved)
    if len(_name_cache[saved]) < 1_000:  # a hostile answer may hold any number of names
        _name_cache[saved][name] = shown
    return shown


def _sanitized_text(text: str, saved: bool) -> str:
    """Return a text made harmless, and without the secrets that it names itself."""
    plain = "<" not in text and text.isascii() and text.isprintable()
    shown = text if plain else sanitize(text) if saved else escape(text)
    if "=" in shown or "@" in shown or "asic " in shown or "earer " in shown:
        shown = _AUTHORIZATION.sub(rf"\1 {HIDDEN}", shown)
        shown = _ASSIGNED.sub(rf"\1{HIDDEN}", shown)
        shown = _USERINFO.sub(rf"\1{HIDDEN}@", shown)
    return shown


def _is_ciphered(value: Any) -> bool:
    return (
        isinstance(value, str)
        and value[:1] in _LEADING
        and value.lstrip()[: len(CIPHER_PREFIX)].lower() == CIPHER_PREFIX
    )
