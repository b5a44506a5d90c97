"""Check a configuration as a whole: all of its problems, where parsing stops at the first."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from drtui.core.model.config import (
    LITERAL_SECRETS,
    SITE_KEYS,
    TOP_KEYS,
    Profile,
    SettingsError,
    parse_profile,
    parse_settings,
    table_problems,
)
from drtui.core.model.secret_reference import suggestion


class Finding(Struct, frozen=True):
    """A problem of the configuration, or a note about it."""

    text: str
    site: str = ""
    """Name of the site; empty for the configuration as a whole."""
    key: str = ""
    is_error: bool = True
    """False for a note: the configuration can be used."""
    line: int | None = None
    """Line of the key in the file, from 1; None if not known."""


class CheckedConfig(Struct, frozen=True):
    """The usable profiles of a configuration, and what was found in it."""

    profiles: tuple[Profile, ...]
    findings: tuple[Finding, ...]
    keys: dict[str, tuple[str, ...]] = {}
    """Changed key bindings, if they can be read: keys by the name of the action. Do not modify."""


def check_document(document: Mapping[str, Any], folder: Path) -> CheckedConfig:
    """Return the profiles of a parsed TOML document that can be used, and all of its problems."""
    findings = [Finding(text, key=key) for key, text in table_problems(document, TOP_KEYS, "")]
    bad_keys = {finding.key for finding in findings}
    sites = document["site"] if "site" in document and "site" not in bad_keys else {}
    default = document.get("default")
    if isinstance(default, str) and default and default not in sites:
        text = f'default = "{default}": there is no [site.{default}]{suggestion(default, sites)}'
        findings.append(Finding(text, key="default"))
    plain = {key: value for key, value in document.items() if key not in {"site", "default", *bad_keys}}
    keys: dict[str, tuple[str, ...]] = {}
    try:
        keys = parse_settings(plain, folder).keys
    except SettingsError as error:
        findings.append(Finding(str(error), key=str(error).partition(" ")[0].partition(".")[0]))
    profiles = []
    for name, table in sites.items():
        profile, problems = _check_site(name, table, folder)
        findings += problems
        profiles += [profile] if profile is not None else []
    return CheckedConfig(tuple(profiles), (*findings, *_shared_addresses(profiles)), keys)


def _check_site(name: str, table: Any, folder: Path) -> tuple[Profile | None, list[Finding]]:
    """Return a profile, None if it cannot be used, and the problems of its table."""
    findings = []
    if isinstance(table, Mapping):
        findings = [
            Finding(text, name, key)
            for key, text in table_problems(table, SITE_KEYS, f"[site.{name}] ")
            if key not in LITERAL_SECRETS
        ]
        table = {key: value for key, value in table.items() if key not in {finding.key for finding in findings}}
        if findings and "address" not in table:  # probably the key that is misspelled
            table["address"] = "https://address.invalid/unknown"
    try:
        profile = parse_profile(name, table, folder)
    except SettingsError as error:
        word = re.match(r"\[[^]]*\] (\w+)", str(error))
        key = word[1] if word and isinstance(table, Mapping) and word[1] in table else ""
        return None, [*findings, Finding(str(error), name, key)]
    return (None if findings else profile), findings


def _shared_addresses(profiles: list[Profile]) -> Iterator[Finding]:
    """Yield a note for every profile with the address of an earlier one."""
    first_by_url: dict[str, Profile] = {}
    for profile in profiles:
        first = first_by_url.setdefault(profile.address.url, profile)
        if first is not profile:
            account = " and the same account" if first.user == profile.user else ", for another account"
            text = f"[site.{profile.name}] has the same address as [site.{first.name}]{account}"
            yield Finding(text, profile.name, "address", is_error=False)


def key_lines(text: str) -> dict[tuple[str, str], int]:
    """Return the line, from 1, of each key in the text of a configuration, by site and key; "" stands for the top.

    Only keys in the usual spelling are found: below `[site.NAME]`, one on a line.
    """
    lines: dict[tuple[str, str], int] = {}
    site, quotes = "", ""
    for number, line in enumerate(text.splitlines(), 1):
        if quotes:  # within a text of several lines
            quotes = "" if quotes in line else quotes
            continue
        header = re.match(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(#.*)?$", line)
        key = re.match(r"""\s*["']?([\w-]+)["']?\s*=""", line)
        if header:
            named = re.fullmatch(r"""site\s*\.\s*["']?([^"']+?)["']?""", header[1])
            site = named[1] if named else f"[{header[1]}]"
            lines.setdefault((site, ""), number)
        elif key:
            lines.setdefault((site, key[1]), number)
        quotes = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")
    return lines
