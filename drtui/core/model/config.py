"""Parse `config.toml`: the profiles of sites and the settings. Secrets are only referred to, never stored."""

import difflib
import re
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from drtui.core.formatting.input_error import InputError
from drtui.core.formatting.times import TimeError, parse_duration
from drtui.core.model.address import Address, AddressError

COLOURS = frozenset({"red", "green", "yellow", "blue", "magenta", "cyan", "white"})
"""Names of accent colours; any other colour is written as #rrggbb."""

CHANGE_KINDS = ("create", "keep", "validate", "pause", "delete", "restore", "schedules", "stores", "settings")
"""Kinds of changes that a site's key `changes` may allow."""

KEEP_DAYS = 400
"""Days for which history keeps deleted backups: a year and a month."""


class SettingsError(InputError):
    """Raised for a configuration that cannot be used; the message names the key and says what to write."""


class SecretReference(Struct, frozen=True):
    """The place to read a secret from when it is needed: a command, a file or an environment variable."""

    kind: str
    """`token` or `password`."""
    command: tuple[str, ...] = ()
    """A program and its arguments, run without a shell; the first line of its output is the secret."""
    file: Path | None = None
    variable: str = ""
    """Name of an environment variable."""


class Profile(Struct, frozen=True):
    """The entry of a site in `config.toml`."""

    name: str
    address: Address
    user: str = ""
    referer: str = "drtui"
    ca_file: Path | None = None
    store: str | None = None
    """Name of the store that is selected at the start."""
    target: int | None = None
    """The recovery point objective, milliseconds."""
    accent: str = ""
    """Accent colour, to tell production and staging apart; empty for none."""
    timeout: float | None = None
    """Seconds to wait for one resource."""
    history: bool = True
    secret: SecretReference | None = None
    changes: frozenset[str] = frozenset()
    """Kinds of changes that are allowed without asking for leave each time."""
    passcode: SecretReference | None = None
    """The place to read the passcode of backups from."""


class Settings(Struct, frozen=True):
    """The contents of `config.toml`."""

    profiles: tuple[Profile, ...] = ()
    default: str = ""
    """Name of the profile to use if the command line names no site."""
    history: bool = True
    history_days: int = KEEP_DAYS
    keys: dict[str, tuple[str, ...]] = {}
    """Changed key bindings: keys by the name of the action. Do not modify."""
    mouse: bool = True
    theme: str = ""

    def find_profile(self, name: str) -> Profile | None:
        """Return the profile with this name, or None."""
        return next((profile for profile in self.profiles if profile.name == name), None)


TOP_KEYS = {
    "default": str, "history": bool, "history_days": int, "keys": dict, "mouse": bool, "site": dict, "theme": str,
}  # fmt: skip
SECRET_KEYS = {
    f"{kind}_{source}": value_type
    for kind in ("token", "password")
    for source, value_type in (("command", object), ("file", str), ("env", str))
}
SITE_KEYS = {
    "address": str, "user": str, "referer": str, "ca_file": str, "store": str, "target": str, "accent": str,
    "timeout": float, "history": bool, "http": bool, "changes": list, "passcode_command": object,
    **SECRET_KEYS,
}  # fmt: skip
"""Keys of the configuration and of a site in it, with the types of their values."""

TYPE_NAMES = {
    str: "a text", bool: "true or false", int: "a whole number", float: "a number", dict: "a table", list: "a list",
}  # fmt: skip


def parse_settings(document: Mapping[str, Any], folder: Path) -> Settings:
    """Return the settings from a parsed TOML document; relative paths start at `folder`.

    Raises:
        SettingsError: a key is unknown or missing, or its value has the wrong type.
    """
    _check_table(document, TOP_KEYS, "")
    sites = document.get("site", {})
    default = document.get("default", "")
    if default and default not in sites:
        raise SettingsError(f'default = "{default}": there is no [site.{default}]{_suggestion(default, sites)}')
    days = document.get("history_days", KEEP_DAYS)
    if not 1 <= days <= 36_600:
        raise SettingsError(f"history_days = {days} is out of range. Write a number of days from 1 to 36600")
    plain = {key: document[key] for key in ("default", "history", "history_days", "mouse", "theme") if key in document}
    profiles = tuple(_profile(name, sites[name], folder) for name in sites)
    return Settings(profiles, keys=_keys(document.get("keys", {})), **plain)


def _keys(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the changed key bindings: lists of keys by the name of the action."""
    bindings = {name: [keys] if isinstance(keys, str) else keys for name, keys in table.items()}
    for name, keys in bindings.items():
        if not isinstance(keys, list) or not keys or not all(isinstance(key, str) for key in keys):
            raise SettingsError(f'keys.{name} must be a key or a list of keys. Example: {name} = ["R", "f5"]')
    return {name: tuple(keys) for name, keys in bindings.items()}


def check_name(name: str) -> str:
    """Return the name if it is allowed for a profile: it cannot be taken for a file or an address.

    Raises:
        SettingsError: the name is not allowed.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}", name):
        raise SettingsError(f"Site name {name!r} is not allowed. Use at most 32 letters, digits, - and _")
    return name


def _profile(name: str, table: Any, folder: Path) -> Profile:
    """Return the profile from the table `[site.name]`."""
    where = f"[site.{check_name(name)}] "
    if not isinstance(table, Mapping):
        raise SettingsError(f"{where}must be a table of keys")
    for literal in {"token", "password", "passcode"} & table.keys():
        raise SettingsError(
            f"{where}{literal}: secrets are not stored in the configuration. Use "
            + ("passcode_command" if literal == "passcode" else f"{literal}_file, {literal}_env or {literal}_command")
        )
    _check_table(table, SITE_KEYS, where)
    try:
        address = Address.parse(table.get("address", ""), allow_http=table.get("http", False))
        target = parse_duration(table["target"]) if table.get("target") else None
    except (AddressError, TimeError) as error:
        raise SettingsError(f"{where}{error}") from None
    accent = table.get("accent", "")
    if accent and accent not in COLOURS and not re.fullmatch(r"#[0-9a-fA-F]{6}", accent):
        raise SettingsError(f"{where}accent = {accent!r}: unknown colour. Use {', '.join(sorted(COLOURS))} or #rrggbb")
    timeout = table.get("timeout")
    if timeout is not None and not 0 < timeout <= 3600:
        raise SettingsError(f"{where}timeout = {timeout} is out of range. Write seconds, more than 0 and at most 3600")
    ca_file = table.get("ca_file")
    plain = {key: table[key] for key in ("user", "referer", "store", "accent", "timeout", "history") if key in table}
    return Profile(
        name,
        address,
        ca_file=_path(ca_file, folder, where + "ca_file") if ca_file else None,
        target=target,
        secret=_reference(table, folder, where),
        changes=_changes(table.get("changes", []), where),
        passcode=_passcode(table, where),
        **plain,
    )


def _changes(kinds: list[Any], where: str) -> frozenset[str]:
    """Return the kinds of changes that a site allows."""
    for kind in kinds:
        if kind not in CHANGE_KINDS:
            advice = _suggestion(str(kind), CHANGE_KINDS) or f". Use {', '.join(CHANGE_KINDS)}"
            raise SettingsError(f"{where}changes: unknown kind {kind!r}{advice}")
    return frozenset(kinds)


def _passcode(table: Mapping[str, Any], where: str) -> SecretReference | None:
    """Return the command that prints the passcode of a site's backups; None if the table names none."""
    key = "passcode_command"
    return SecretReference("passcode", command=_command(table[key], where + key)) if key in table else None


def _reference(table: Mapping[str, Any], folder: Path, where: str) -> SecretReference | None:
    """Return the place to read the secret of a site from; None if the table names none."""
    keys = [key for key in SECRET_KEYS if key in table]
    if not keys:
        return None
    if len(keys) > 1:
        raise SettingsError(f"{where}{' and '.join(keys)} exclude each other. Keep one of them")
    key, value = keys[0], table[keys[0]]
    kind, _, source = key.partition("_")
    if source == "command":
        return SecretReference(kind, command=_command(value, where + key))
    if not value:
        raise SettingsError(f"{where}{key} must be a text")
    if source == "file":
        return SecretReference(kind, file=_path(value, folder, where + key))
    return SecretReference(kind, variable=value)


def _command(value: Any, where: str) -> tuple[str, ...]:
    """Return a program and its arguments from a list of texts, or from one text that is quoted as in a shell."""
    try:
        words = shlex.split(value) if isinstance(value, str) else value
    except ValueError:
        words = None
    if not isinstance(words, list) or not words or not all(isinstance(w, str) and w and "\0" not in w for w in words):
        raise SettingsError(f'{where} must be a program with its arguments. Example: ["pass", "show", "gis/prod"]')
    return tuple(words)


def _path(text: str, folder: Path, where: str) -> Path:
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


def _check_table(table: Mapping[str, Any], types: Mapping[str, type], where: str) -> None:
    """Raise a SettingsError for an unknown key, so that a typing error is noticed, or for a value of another type."""
    for key, value in table.items():
        if key not in types:
            raise SettingsError(f"{where}unknown key {key!r}{_suggestion(key, types)}")
        kind = types[key]
        accepted = isinstance(value, (int, float) if kind is float else kind)
        if not accepted or (isinstance(value, bool) and kind in {int, float}):
            raise SettingsError(f"{where}{key} must be {TYPE_NAMES[kind]}")


def _suggestion(word: str, names: Iterable[str]) -> str:
    """Return the advice to use the most similar name; empty if none is similar."""
    similar = difflib.get_close_matches(word, list(names), n=1)
    return f". Did you mean {similar[0]}?" if similar else ""
