"""Named sites as the configuration has them: everything but the secrets, which are only referred to."""

import difflib
import re
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from drtui.core.formatting.times import TimeError, parse_duration
from drtui.core.model.address import Address, AddressError

COLOURS = frozenset({"red", "green", "yellow", "blue", "magenta", "cyan", "white"})
"""Accents by name; every other is written as #rrggbb."""

KEEP_DAYS = 400
"""How long history keeps what is no longer seen: a year and its month."""


class SettingsError(ValueError):
    """A configuration that cannot be used; the message names the key and says what to write."""


class SecretReference(Struct, frozen=True):
    """Where a secret is to be had when it is needed; never the secret."""

    kind: str
    """`token` or `password`."""
    command: tuple[str, ...] = ()
    """A program and its arguments, run without a shell; the first line of what it prints is the secret."""
    file: Path | None = None
    variable: str = ""
    """The name of an environment variable."""


class Profile(Struct, frozen=True):
    """One named site."""

    name: str
    address: Address
    user: str = ""
    referer: str = "drtui"
    ca_file: Path | None = None
    store: str | None = None
    """The store to begin with."""
    target: int | None = None
    """The recovery point objective, milliseconds."""
    accent: str = ""
    """A colour, so that production does not look like staging."""
    timeout: float | None = None
    """Seconds for one resource."""
    history: bool = True
    secret: SecretReference | None = None


class Settings(Struct, frozen=True):
    """The whole configuration."""

    profiles: tuple[Profile, ...] = ()
    default: str = ""
    """The profile that is opened when nothing is named."""
    history: bool = True
    history_days: int = KEEP_DAYS
    keys: dict[str, tuple[str, ...]] = {}
    """Other keys than the usual ones, by the name of what they do. Not to be changed in place."""
    mouse: bool = True
    theme: str = ""

    def find_profile(self, name: str) -> Profile | None:
        """The profile of that name."""
        return next((each for each in self.profiles if each.name == name), None)


TOP = ("default", "history", "history_days", "keys", "mouse", "site", "theme")
REFERENCES = tuple(f"{kind}_{how}" for kind in ("token", "password") for how in ("command", "file", "env"))
SITE = (
    "address", "user", "referer", "ca_file", "store", "target", "accent", "timeout", "history", "http", *REFERENCES,
)  # fmt: skip


def parse_settings(document: Mapping[str, Any], folder: Path) -> Settings:
    """The configuration in a TOML document; relative paths in it are taken from `folder`.

    Raises:
        SettingsError: something in it is unknown, missing, or of the wrong kind.
    """
    _check_keys(document, TOP, "")
    sites = _typed(document, "site", dict, {}, "")
    profiles = tuple(_profile(name, sites[name], folder) for name in sites)
    default = _typed(document, "default", str, "", "")
    if default and default not in sites:
        raise SettingsError(f'default = "{default}" names no [site.{default}]{_nearest(default, sites)}')
    days = _typed(document, "history_days", int, KEEP_DAYS, "")
    if not 1 <= days <= 36_600:
        raise SettingsError("history_days is a number of days from 1 to 36600")
    history = _typed(document, "history", bool, default=True, where="")
    mouse = _typed(document, "mouse", bool, default=True, where="")
    return Settings(profiles, default, history, days, _keys(document), mouse, _typed(document, "theme", str, "", ""))


def _keys(document: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Which keys are to do what: a key, or a list of them, under the name of what it does."""
    found = _typed(document, "keys", dict, {}, "")
    given = {name: [keys] if isinstance(keys, str) else keys for name, keys in found.items()}
    for name, keys in given.items():
        if not isinstance(keys, list) or not keys or not all(isinstance(key, str) for key in keys):
            raise SettingsError(f'keys.{name} has to be a key, or a list of them: {name} = ["R", "f5"]')
    return {name: tuple(keys) for name, keys in given.items()}


def check_name(name: str) -> str:
    """A name that a profile may have: one that is no command, file or address.

    Raises:
        SettingsError: it may not.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}", name):
        raise SettingsError(f"{name!r} is no name for a site: letters, digits, - and _, at most 32 of them")
    return name


def _profile(name: str, table: Any, folder: Path) -> Profile:
    where = f"[site.{check_name(name)}] "
    if not isinstance(table, Mapping):
        raise SettingsError(f"{where}has to be a table of keys")
    for literal in {"token", "password"} & table.keys():
        raise SettingsError(
            f"{where}{literal}: a secret is not written here; name where it is, with {literal}_file, {literal}_env or "
            f"{literal}_command"
        )
    _check_keys(table, SITE, where)
    try:
        http = _typed(table, "http", bool, default=False, where=where)
        address = Address.parse(_typed(table, "address", str, "", where), allow_http=http)
        target = _typed(table, "target", str, "", where)
        goal = parse_duration(target) if target else None
    except (AddressError, TimeError) as error:
        raise SettingsError(f"{where}{error}") from None
    accent = _typed(table, "accent", str, "", where)
    if accent and accent not in COLOURS and not re.fullmatch(r"#[0-9a-fA-F]{6}", accent):
        raise SettingsError(f"{where}accent = {accent!r}: write one of {', '.join(sorted(COLOURS))}, or #rrggbb")
    timeout = _typed(table, "timeout", (int, float), None, where)
    if timeout is not None and not 0 < timeout <= 3600:
        raise SettingsError(f"{where}timeout is in seconds, more than 0 and at most 3600")
    ca_file = _typed(table, "ca_file", str, "", where)
    return Profile(
        name=name,
        address=address,
        user=_typed(table, "user", str, "", where),
        referer=_typed(table, "referer", str, "drtui", where),
        ca_file=_path(ca_file, folder, where + "ca_file") if ca_file else None,
        store=_typed(table, "store", str, None, where),
        target=goal,
        accent=accent,
        timeout=timeout,
        history=_typed(table, "history", bool, default=True, where=where),
        secret=_reference(table, folder, where),
    )


def _reference(table: Mapping[str, Any], folder: Path, where: str) -> SecretReference | None:
    named = [key for key in REFERENCES if key in table]
    if not named:
        return None
    if len(named) > 1:
        raise SettingsError(f"{where}{' and '.join(named)}: name one of them only")
    kind, _, how = named[0].partition("_")
    value = table[named[0]]
    if how == "command":
        return SecretReference(kind, command=_command(value, where + named[0]))
    if not isinstance(value, str) or not value:
        raise SettingsError(f"{where}{named[0]} has to be a text")
    if how == "file":
        return SecretReference(kind, file=_path(value, folder, where + named[0]))
    return SecretReference(kind, variable=value)


def _command(value: Any, where: str) -> tuple[str, ...]:
    """A program and its arguments: a list of texts, or one text with the quoting of a shell."""
    try:
        words = shlex.split(value) if isinstance(value, str) else value
    except ValueError:
        words = None
    if not isinstance(words, list) or not words or not all(isinstance(w, str) and w and "\0" not in w for w in words):
        raise SettingsError(f'{where} has to be a program with its arguments: ["pass", "show", "gis/prod"]')
    return tuple(words)


def _path(text: str, folder: Path, where: str) -> Path:
    """Return the path that a text names, from `folder` on.

    Raises:
        SettingsError: it begins with the home of a user that does not exist, or holds what no path can.
    """
    if "\0" in text:
        raise SettingsError(f"{where} holds a NUL character, which no path can")
    try:
        return folder / Path(text).expanduser()
    except RuntimeError:
        raise SettingsError(f"{where}: no home folder is known for {text.partition('/')[0]}") from None


def _typed(table: Mapping[str, Any], key: str, kind: Any, default: Any, where: str) -> Any:
    """The value under a key, which has to be of that type."""
    if key not in table:
        return default
    value = table[key]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        names = {str: "a text", bool: "true or false", int: "a whole number", dict: "a table"}
        raise SettingsError(f"{where}{key} has to be {names.get(kind, 'a number')}")
    return value


def _check_keys(table: Mapping[str, Any], keys: Iterable[str], where: str) -> None:
    """Refuse a key that means nothing: a typing error must not go unnoticed."""
    for key in table:
        if key not in keys:
            raise SettingsError(f"{where}{key} means nothing here{_nearest(key, keys)}")


def _nearest(word: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(names), n=1)
    return f"; did you mean {near[0]}?" if near else ""
