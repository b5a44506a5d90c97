"""What TARGET stands for: a simulated site, one that is named, a file, or a site's address."""

import argparse
import re
from collections.abc import Iterable
from pathlib import Path

from drtui.cli.exit_codes import CommandError
from drtui.cli.parser import COMMANDS
from drtui.core.model.address import Address, is_loopback
from drtui.core.model.config import Profile, Settings
from drtui.session import DEMO, Target
from drtui.session.profiles import target_of


def named_by(arguments: argparse.Namespace, settings: Settings) -> tuple[Target | None, Profile | None]:
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
    profile = settings.named(given or settings.default)
    if profile is not None:
        return target_of(profile), profile
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
