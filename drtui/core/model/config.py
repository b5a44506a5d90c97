"""Parse `config.toml`: the profiles of sites and the settings. Secrets are only referred to, never stored."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from drtui.core.formatting.times import TimeError, parse_duration
from drtui.core.model.address import Address, AddressError
from drtui.core.model.auth import AUTH_HEADERS
from drtui.core.model.secret_reference import (
    SecretReference,
    SettingsError,
    parse_command,
    parse_path,
    parse_reference,
    secret_keys,
    suggestion,
)

COLOURS = frozenset({"red", "green", "yellow", "blue", "magenta", "cyan", "white"})
"""Names of accent colours; any other colour is written as #rrggbb."""

CHANGE_KINDS = ("create", "keep", "validate", "pause", "delete", "restore", "schedules", "stores", "settings")
"""Kinds of changes that a site's key `changes` may allow."""

KEEP_DAYS = 400
"""Days for which history keeps deleted backups: a year and a month."""


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
    cert: Path | None = None
    """PEM file with the client certificate; it may contain the key as well."""
    key: Path | None = None
    """PEM file with the key of the client certificate."""
    key_password: SecretReference | None = None
    """The place to read the password of an encrypted key from."""
    auth_header: str = ""
    """Name of the header that carries the token, of `AUTH_HEADERS`; empty for the default."""
    sso: bool = False
    """True if people sign in in a browser, by single sign-on."""
    client_id: str = ""
    """Application of the portal that a single sign-on asks for."""


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
SIGN_IN_SECRETS = ("token", "password")
LITERAL_SECRETS = frozenset({*SIGN_IN_SECRETS, "passcode", "key_password"})
"""Keys that would hold a secret itself, and are refused."""

SITE_KEYS = {
    "address": str, "user": str, "referer": str, "ca_file": str, "store": str, "target": str, "accent": str,
    "timeout": float, "history": bool, "http": bool, "changes": list, "passcode_command": object,
    "cert": str, "key": str, "auth_header": str, **secret_keys(*SIGN_IN_SECRETS, "key_password"),
    "sign_in": str, "client_id": str,
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
        raise SettingsError(f'default = "{default}": there is no [site.{default}]{suggestion(default, sites)}')
    days = document.get("history_days", KEEP_DAYS)
    if not 1 <= days <= 36_600:
        raise SettingsError(f"history_days = {days} is out of range. Write a number of days from 1 to 36600")
    plain = {key: document[key] for key in ("default", "history", "history_days", "mouse", "theme") if key in document}
    profiles = tuple(parse_profile(name, sites[name], folder) for name in sites)
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


def parse_profile(name: str, table: Any, folder: Path) -> Profile:
    """Return the profile from the table `[site.name]`.

    Raises:
        SettingsError: a key is unknown or missing, or its value cannot be used.
    """
    where = f"[site.{check_name(name)}] "
    if not isinstance(table, Mapping):
        raise SettingsError(f"{where}must be a table of keys")
    for literal in LITERAL_SECRETS & table.keys():
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
    paths: dict[str, Any] = {
        key: parse_path(table[key], folder, where + key) for key in ("ca_file", "cert", "key") if table.get(key)
    }
    if "cert" not in paths and {"key", *secret_keys("key_password")} & table.keys():
        raise SettingsError(f"{where}the key of a client certificate needs cert. Name the certificate's file with cert")
    keys = ("user", "referer", "store", "accent", "timeout", "history", "client_id")
    plain = {key: table[key] for key in keys if key in table}
    return Profile(
        name,
        address,
        target=target,
        secret=parse_reference(table, SIGN_IN_SECRETS, folder, where),
        changes=_changes(table.get("changes", []), where),
        passcode=_passcode(table, where),
        key_password=parse_reference(table, ("key_password",), folder, where),
        auth_header=_auth_header(table.get("auth_header", ""), where),
        **paths,
        sso=_signs_in_by_browser(table, where),
        **plain,
    )


def _changes(kinds: list[Any], where: str) -> frozenset[str]:
    """Return the kinds of changes that a site allows."""
    for kind in kinds:
        if kind not in CHANGE_KINDS:
            advice = suggestion(str(kind), CHANGE_KINDS) or f". Use {', '.join(CHANGE_KINDS)}"
            raise SettingsError(f"{where}changes: unknown kind {kind!r}{advice}")
    return frozenset(kinds)


def _signs_in_by_browser(table: Mapping[str, Any], where: str) -> bool:
    """Return whether people sign in to a site in a browser."""
    way = table.get("sign_in", "")
    if way not in {"", "sso"}:
        raise SettingsError(f'{where}sign_in = {way!r} is unknown. Write sign_in = "sso", or leave it out')
    secrets = [key for key in secret_keys(*SIGN_IN_SECRETS) if key in table]
    if way and secrets:
        raise SettingsError(f'{where}sign_in = "sso" and {secrets[0]} exclude each other. Keep one of them')
    return bool(way)


def _passcode(table: Mapping[str, Any], where: str) -> SecretReference | None:
    """Return the command that prints the passcode of a site's backups; None if the table names none."""
    key = "passcode_command"
    return SecretReference("passcode", command=parse_command(table[key], where + key)) if key in table else None


def _auth_header(name: str, where: str) -> str:
    """Return the name of the header that carries the token; empty for the default."""
    if name and name not in AUTH_HEADERS:
        raise SettingsError(f"{where}auth_header = {name!r}: unknown header. Use {' or '.join(AUTH_HEADERS)}")
    return name


def table_problems(table: Mapping[str, Any], types: Mapping[str, type], where: str) -> Iterator[tuple[str, str]]:
    """Yield each unknown key, so that a typing error is noticed, and each key with a value of another type.

    The second text says what is wrong.
    """
    for key, value in table.items():
        if key not in types:
            yield key, f"{where}unknown key {key!r}{suggestion(key, types)}"
            continue
        kind = types[key]
        accepted = isinstance(value, (int, float) if kind is float else kind)
        if not accepted or (isinstance(value, bool) and kind in {int, float}):
            yield key, f"{where}{key} must be {TYPE_NAMES[kind]}"


def _check_table(table: Mapping[str, Any], types: Mapping[str, type], where: str) -> None:
    """Raise a SettingsError for the first problem of a table."""
    for _, text in table_problems(table, types, where):
        raise SettingsError(text)


__all__ = [
    "CHANGE_KINDS",
    "COLOURS",
    "KEEP_DAYS",
    "LITERAL_SECRETS",
    "SITE_KEYS",
    "TOP_KEYS",
    "Profile",
    "SecretReference",
    "Settings",
    "SettingsError",
    "check_name",
    "parse_profile",
    "parse_settings",
    "table_problems",
]
