"""Named sites, for whoever asks for one: the configuration, and the way in."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from drtui.core.model.auth import Secret
from drtui.core.model.config import Profile, Settings, SettingsError
from drtui.core.summary.last_known import LastKnown
from drtui.session import DEMO, ConnectionOptions, Target
from drtui.storage import config_file as disk
from drtui.storage import last_known as glance

LARGEST_SECRET = disk.LARGEST_SECRET
"""Bytes of a line with a secret."""


class NamedSite(NamedTuple):
    """A site by its name, and how to get in."""

    target: Target
    way_in: Callable[[ConnectionOptions], ConnectionOptions]
    """What was given, with what is said of the site and its secret. May block; raises SettingsError."""


def load_config() -> Settings:
    """The configuration.

    Raises:
        SettingsError: it cannot be read or used.
    """
    return disk.load_config()


def profile_target(profile: Profile) -> Target:
    """What to look at."""
    return Target(profile.address, name=profile.name, accent=profile.accent, store=profile.store, rpo=profile.target)


def profile_options(profile: Profile, given: ConnectionOptions) -> ConnectionOptions:
    """The way in: what the profile says, where nothing was given in its stead. Fetches the secret: it may block.

    Raises:
        SettingsError: the secret is not to be had.
    """
    plain = ConnectionOptions()
    access = replace(
        given,
        user=given.user or profile.user,
        referer=given.referer if given.referer != plain.referer else profile.referer,
        ca_file=given.ca_file or profile.ca_file,
        timeout=profile.timeout if profile.timeout is not None and given.timeout == plain.timeout else given.timeout,
        remember=given.remember and profile.history,
    )
    if profile.secret is None or access.token is not None or access.password is not None or access.offline:
        return access
    found = disk.fetch_secret(profile.secret)
    return replace(access, token=found) if profile.secret.kind == "token" else replace(access, password=found)


def named_sites(profiles: Iterable[Profile]) -> tuple[NamedSite, ...]:
    """Each with its way in."""
    return tuple(NamedSite(profile_target(each), partial(profile_options, each)) for each in profiles)


def last_known_sites() -> tuple[tuple[NamedSite, LastKnown | None], ...]:
    """The sites that the configuration names, with what there is to say of each at a glance; none if it is no good."""
    try:
        sites = named_sites(disk.load_config().profiles)
    except SettingsError:
        return ()
    return tuple(
        (site, glance.last_known_of_site(site.target.address.url) if site.target.address else None) for site in sites
    )


def simulated_sites() -> tuple[NamedSite, ...]:
    """Scenarios of the simulated deployment, as if each were a site with a name."""
    scenarios = ("calm", "half-failed", "paused", "upgraded", "running", "restoring", "no-privilege", "empty")
    return tuple(NamedSite(Target(DEMO, scenario=each, name=each), lambda given: given) for each in scenarios)


def add_profile(name: str, target: Target, access: ConnectionOptions) -> Path:
    """Add a site to the configuration under a name, without any secret; where it was written.

    Raises:
        SettingsError: the name is taken or is none, or the file cannot be written.
    """
    if target.address is None:
        raise SettingsError("only a site can be kept under a name")
    return disk.add_profile(Profile(name, target.address, user=access.user, ca_file=access.ca_file))


def read_secret_file(path: Path, option: str) -> Secret:
    """The secret in the first line of a file that an option names.

    Raises:
        SettingsError: others may read it, or it cannot be read.
    """
    return disk.read_secret_line(path, option)


def secret_in_line(line: bytes, where: str) -> Secret:
    """The secret in a line of at most `LARGEST_SECRET` bytes that came from `where`.

    Raises:
        SettingsError: there is none.
    """
    return disk.secret_line(line, where)
