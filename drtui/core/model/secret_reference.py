"""References to secrets in `config.toml`: the place to read a secret from, never the secret itself."""

import difflib
import shlex
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from drtui.core.formatting.input_error import InputError

SOURCES = (("command", object), ("file", str), ("env", str))
"""Ends of the keys that refer to a secret, with the types of their values."""


class SettingsError(InputError):
    """Raised for a configuration that cannot be used; the message names the key and says what to write."""


class SecretReference(Struct, frozen=True):
    """The place to read a secret from when it is needed: a command, a file or an environment variable."""

    kind: str
    """`token`, `password`, `passcode` or `key_password`."""
    command: tuple[str, ...] = ()
    """A program and its arguments, run without a shell; the first line of its output is the secret."""
    file: Path | None = None
    variable: str = ""
    """Name of an environment variable."""


def is_exposed(mode: int, owner: int, user: int) -> bool:
    """True if a file with a secret can be read or changed by others than its owner, `user` and root.

    A group may read a file of root that another user needs: credentials of systemd and secret volumes of Kubernetes
    have mode 0440. Their owner has chosen the group, or the bit is the mask of an access control list.
    """
    allowed = 0o740 if owner == 0 != user else 0o700
    return bool(stat.S_IMODE(mode) & 0o777 & ~allowed)


def secret_keys(*kinds: str) -> dict[str, type]:
    """Return the keys that refer to secrets of these kinds, with the types of their values."""
    return {f"{kind}_{source}": value_type for kind in kinds for source, value_type in SOURCES}


def parse_reference(table: Mapping[str, Any], kinds: Iterable[str], folder: Path, where: str) -> SecretReference | None:
    """Return the place to read a secret of one of these kinds from; None if the table names none.

    Raises:
        SettingsError: the table names several places, or one that cannot be used.
    """
    keys = [key for key in secret_keys(*kinds) if key in table]
    if not keys:
        return None
    if len(keys) > 1:
        raise SettingsError(f"{where}{' and '.join(keys)} exclude each other. Keep one of them")
    key, value = keys[0], table[keys[0]]
    kind, _, source = key.rpartition("_")
    if source == "command":
        return SecretReference(kind, command=parse_command(value, where + key))
    if not value:
        raise SettingsError(f"{where}{key} must be a text")
    if source == "file":
        return SecretReference(kind, file=parse_path(value, folder, where + key))
    return SecretReference(kind, variable=value)


def parse_command(value: Any, where: str) -> tuple[str, ...]:
    """Return a program and its arguments from a list of texts, or from one text that is quoted as in a shell.

    Raises:
        SettingsError: the value is neither.
    """
    try:
        words = shlex.split(value) if isinstance(value, str) else value
    except ValueError:
        words = None
    if not isinstance(words, list) or not words or not all(isinstance(w, str) and w and "\0" not in w for w in words):
        raise SettingsError(f'{where} must be a program with its arguments. Example: ["pass", "show", "gis/prod"]')
    return tuple(words)


def parse_path(text: str, folder: Path, where: str) -> Path:
    """Return the path that a text names; a relative path starts at `folder`.

    Raises:
        SettingsError: the path begins with `~user` of an unknown user, or contains a NUL character.
    """
    if "\0" in text:
        raise SettingsError(f"{where} contains a NUL character, which is not possible in a path")
    try:
        return folder / Path(text).expanduser()
    except RuntimeError:
        raise SettingsError(f"{where}: home folder of {text.partition('/')[0]!r} is unknown") from None


def suggestion(word: str, names: Iterable[str]) -> str:
    """Return the advice to use the most similar name; empty if none is similar."""
    similar = difflib.get_close_matches(word, list(names), n=1)
    return f". Did you mean {similar[0]}?" if similar else ""
