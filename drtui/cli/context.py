"""From arguments and environment to what a command works with."""

import argparse
import datetime as dt
import getpass
import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from drtui.cli.exit_codes import CommandError
from drtui.cli.parser import COMMANDS
from drtui.cli.timezone import local_zone
from drtui.core.analysis.rpo import DEFAULT_TARGET
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import TimeError, parse_duration, parse_time, zone_named
from drtui.core.model.address import Address, AddressError, is_loopback
from drtui.core.model.auth import Secret
from drtui.core.model.config import Profile, Settings, SettingsError
from drtui.session import DEMO, ConnectionOptions, Target, now_ms
from drtui.session.local_files import begin_log
from drtui.session.profiles import (
    LARGEST_SECRET,
    load_config,
    profile_options,
    profile_target,
    read_secret_file,
    secret_in_line,
)
from drtui.session.target import check_proxy


class Context(Struct, frozen=True):
    """What to look at, how to get in, and from where to look."""

    target: Target | None
    access: ConnectionOptions
    now: int
    """Epoch ms."""
    fixed_now: int | None
    """The moment that was asked for; None for the present."""
    zone: dt.tzinfo
    rpo: int
    """Milliseconds."""
    asked_rpo: int | None
    """The same if it was asked for; None where it is the site's own, or the usual one."""
    plain: bool
    settings: Settings
    """The configuration."""
    given: ConnectionOptions
    """What was asked for, before a profile added to it."""

    @property
    def view(self) -> DisplayContext:
        """From where one looks, as every sheet wants to know it."""
        return DisplayContext(self.now, self.zone, self.plain)


def context(arguments: argparse.Namespace, *, ask: bool) -> Context:
    """What the arguments say; `ask` whether a missing password may be asked for.

    Raises:
        CommandError: something is not as it has to be.
    """
    _begin_log(arguments)
    try:
        settings = load_config()
        zone = zone_named(arguments.tz) if hasattr(arguments, "tz") else local_zone()
        fixed = parse_time(arguments.now, zone) if hasattr(arguments, "now") else None
        target, profile = resolve_target(arguments, settings)
        given = replace(_access(arguments), keep_days=settings.history_days)
        given = replace(given, remember=given.remember and settings.history)
        if target is not None and not given.offline:
            check_proxy(target)
        access = given if profile is None else profile_options(profile, given)
    except (TimeError, AddressError, SettingsError) as error:
        raise CommandError(str(error)) from error
    if access.offline and not access.remember:
        raise CommandError("--offline shows what history has saved, which --no-history leaves alone: give only one")
    if ask and target is not None and target.is_site and not access.can_sign_in and not access.offline:
        access = _asked(access)
    try:
        asked = parse_duration(arguments.rpo) if hasattr(arguments, "rpo") else None
    except TimeError as error:
        raise CommandError(str(error)) from error
    now = fixed if fixed is not None else now_ms()
    rpo = asked or (target.rpo if target is not None else None) or DEFAULT_TARGET
    plain = hasattr(arguments, "ascii") or not _can_unicode()
    return Context(target, access, now, fixed, zone, rpo, asked, plain, settings, given)


def _begin_log(arguments: argparse.Namespace) -> None:
    """Write a log if one is asked for, by its file or its level."""
    given = vars(arguments)
    if not {"log_file", "log_level"} & given.keys():
        return
    path = Path(given["log_file"]) if "log_file" in given else None
    try:
        begin_log(path, given.get("log_level", "info"))
    except OSError as error:
        raise CommandError(f"the log {path or ''} could not be written: {error.strerror}") from error


def _can_unicode() -> bool:
    """Whether the terminal's or pipe's encoding has the symbols."""
    return (sys.stdout.encoding or "ascii").lower().replace("-", "") in {"utf8", "utf16", "utf32"}


def _access(arguments: argparse.Namespace) -> ConnectionOptions:
    """Secrets from files first, then from the environment."""
    given = vars(arguments)
    token = _from_file(given, "token_file") or _from_environment("DRTUI_TOKEN")
    password = _from_file(given, "password_file") or _from_environment("DRTUI_PASSWORD")
    timeout = given.get("timeout", 30.0)
    if not 0 < timeout <= 3600:
        raise CommandError("--timeout is in seconds, more than 0 and at most 3600")
    return ConnectionOptions(
        user=given.get("user", ""),
        token=None if given.get("user") and password else token,
        password=password,
        referer=given.get("referer", "drtui"),
        ca_file=Path(given["ca_file"]) if "ca_file" in given else None,
        insecure="insecure" in given,
        timeout=timeout,
        offline="offline" in given,
        remember="no_history" not in given,
    )


def _from_environment(name: str) -> Secret | None:
    value = os.environ.get(name, "")
    return Secret(value) if value else None


def _from_file(given: Mapping[str, Any], name: str) -> Secret | None:
    """The first line of the file that an option names, or of standard input."""
    if name not in given:
        return None
    if given[name] != "-":
        return read_secret_file(Path(given[name]), f"--{name.replace('_', '-')}")
    binary = getattr(sys.stdin, "buffer", None)  # a test may have put something simpler in its place
    most = LARGEST_SECRET + 1
    line = binary.readline(most) if binary else sys.stdin.readline(most).encode("utf-8", "surrogateescape")
    return secret_in_line(line, "standard input")


def _asked(access: ConnectionOptions) -> ConnectionOptions:
    """The password from a person, if there is one; else how to give it."""
    if not access.user:
        raise CommandError("the site wants to know who asks: give --user NAME, --token-file FILE, or set DRTUI_TOKEN")
    if not sys.stdin.isatty():
        raise CommandError("no password: give --password-file FILE, or set DRTUI_PASSWORD")
    return replace(access, password=Secret(getpass.getpass(f"Password of {access.user}: ")))


def resolve_target(arguments: argparse.Namespace, settings: Settings) -> tuple[Target | None, Profile | None]:
    """What to look at, and the profile that names it; without any the site that is the default.

    Raises:
        CommandError: it is nothing that could be looked at, or more than one thing.
        AddressError: it is no address of a site.
    """
    given: str | None = getattr(arguments, "target", None)
    if hasattr(arguments, "demo"):
        if given is not None:
            raise CommandError(f"--demo shows a simulated site: leave out {given!r}, or --demo")
        return Target(DEMO, scenario=arguments.demo), None
    if not hasattr(arguments, "target"):  # a command that is not about one site
        return None, None
    profile = settings.find_profile(given or settings.default)
    if profile is not None:
        return profile_target(profile), profile
    if given is None:
        return None, None
    path = Path(given)
    if path.is_dir():
        raise CommandError(f"{given!r} is a folder: give a file, or the address of a site with https:// before it")
    if path.is_file() or given.endswith(".json") or given.startswith(("/", "./", "../")):
        return Target(file=path), None
    if re.fullmatch(r"[\w-]+", given) and not is_loopback(given):
        raise CommandError(_no_name(given, settings, () if hasattr(arguments, "command") else COMMANDS))
    return Target(Address.parse(given, allow_http=hasattr(arguments, "http"))), None


def _no_name(word: str, settings: Settings, commands: Iterable[str]) -> str:
    """What is said of a bare word that names nothing: as a host it would get the password meant for another."""
    from difflib import get_close_matches  # noqa: PLC0415 - seldom needed

    named = (each.name for each in settings.profiles)
    near = get_close_matches(word.lower(), [*named, *commands], n=1)
    meant = f"did you mean {near[0]}? A" if near else "a"
    return f"{word!r} is no command, no file, and no site that config.toml names; {meant} host is https://{word}"
