"""What TARGET stands for: a simulated site, one that is named, a file, or a site's address."""

import argparse
import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from drtui.cli.arguments import COMMANDS
from drtui.cli.errors import CommandError
from drtui.model.address import Address
from drtui.model.profile import Profile, Settings
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
    if re.fullmatch(r"[\w-]+", given):
        _is_no_slip(given, settings, () if hasattr(arguments, "command") else COMMANDS)
    return Target(Address.parse(given, allow_http=hasattr(arguments, "http"))), None


def _is_no_slip(word: str, settings: Settings, commands: Iterable[str]) -> None:
    """A bare word may be a host, but a password must not go to what was meant as a name.

    Raises:
        CommandError: it is like something that has that name.
    """
    named = (each.name for each in settings.profiles)
    near = get_close_matches(word.lower(), [*named, *commands], n=1)
    if near:
        raise CommandError(
            f"{word!r} is no command and no named site; did you mean {near[0]}? A host is https://{word}"
        )
