"""Sites by name: the configuration, and the connection options that it adds."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from drtui.core.model.auth import Secret
from drtui.core.model.config import Profile, SettingsError
from drtui.core.summary.last_known import LastKnown
from drtui.session import DEMO, ConnectionOptions, Target
from drtui.storage import config_file, last_known
from drtui.storage.config_file import MAX_SECRET_BYTES, fetch_secret, load_config, read_secret_line, secret_line


class NamedSite(NamedTuple):
    """A site by its name, and how to connect to it."""

    target: Target
    complete_options: Callable[[ConnectionOptions], ConnectionOptions]
    """Return the given options, completed by those of the site and its secret. May block; raises SettingsError."""


def profile_target(profile: Profile) -> Target:
    """Return the target of a profile."""
    return Target(
        profile.address,
        name=profile.name,
        accent=profile.accent,
        store=profile.store,
        changes=profile.changes,
        rpo=profile.target,
    )


def profile_options(profile: Profile, options: ConnectionOptions) -> ConnectionOptions:
    """Return `options`, completed by those of the profile where they are unset. Fetches the secret, which may block.

    Raises:
        SettingsError: the secret could not be fetched.
    """
    defaults = ConnectionOptions()
    completed = replace(
        options,
        user=options.user or profile.user,
        referer=options.referer if options.referer != defaults.referer else profile.referer,
        ca_file=options.ca_file or profile.ca_file,
        timeout=profile.timeout
        if profile.timeout is not None and options.timeout == defaults.timeout
        else options.timeout,
        remember=options.remember and profile.history,
        auth_header=options.auth_header or profile.auth_header,
        client_id=options.client_id or profile.client_id,
    )
    completed = _with_certificate(profile, completed)
    if completed.sso or (profile.sso and not completed.can_sign_in):
        return replace(completed, sso=True)
    if profile.secret is None or completed.token is not None or completed.password is not None or completed.offline:
        return completed
    secret = fetch_secret(profile.secret)
    return replace(completed, token=secret) if profile.secret.kind == "token" else replace(completed, password=secret)


def _with_certificate(profile: Profile, options: ConnectionOptions) -> ConnectionOptions:
    """Return `options`, completed by the client certificate of the profile unless an option names another one.

    Raises:
        SettingsError: the password of the key could not be fetched.
    """
    if profile.cert is None or options.cert is not None:
        return options
    options = replace(options, cert=profile.cert)
    if options.key is None:
        options = replace(options, key=profile.key)
        if options.key_password is None and profile.key_password is not None and not options.offline:
            options = replace(options, key_password=fetch_secret(profile.key_password))
    return options


def profile_passcode(profile: Profile) -> Secret | None:
    """Return the passcode of a site's backups; None if the profile names no command for it. May block.

    Raises:
        SettingsError: the command failed.
    """
    return None if profile.passcode is None else fetch_secret(profile.passcode)


def named_sites(profiles: Iterable[Profile]) -> tuple[NamedSite, ...]:
    """Return the sites of the profiles."""
    return tuple(NamedSite(profile_target(profile), partial(profile_options, profile)) for profile in profiles)


def last_known_sites() -> tuple[tuple[NamedSite, LastKnown | None], ...]:
    """Return the configured sites, each with its last known headline; none if the configuration is invalid."""
    try:
        sites = named_sites(load_config().profiles)
    except SettingsError:
        return ()
    return tuple(
        (site, last_known.last_known_of_site(site.target.address.url) if site.target.address else None)
        for site in sites
    )


def simulated_sites() -> tuple[NamedSite, ...]:
    """Return scenarios of the simulated site as named sites."""
    scenarios = ("calm", "half-failed", "paused", "upgraded", "running", "restoring", "no-privilege", "empty")
    return tuple(NamedSite(Target(DEMO, scenario=name, name=name), lambda options: options) for name in scenarios)


def write_profile(profile: Profile) -> Path:
    """Add a profile to the configuration, without any secret; return the path of the file.

    Raises:
        SettingsError: the name is taken, or the file cannot be written.
    """
    return config_file.add_profile(profile)


def add_profile(name: str, target: Target, options: ConnectionOptions) -> Path:
    """Add a site to the configuration under a name, without any secret; return the path of the file.

    Raises:
        SettingsError: the name is taken or invalid, or the file cannot be written.
    """
    if target.address is None:
        raise SettingsError("only a site can be saved under a name")
    return config_file.add_profile(
        Profile(
            name,
            target.address,
            user=options.user,
            referer=options.referer,
            ca_file=options.ca_file,
            cert=options.cert,
            key=options.key,
            auth_header=options.auth_header,
            sso=options.sso,
            client_id=options.client_id,
        )
    )


__all__ = [
    "MAX_SECRET_BYTES",
    "NamedSite",
    "add_profile",
    "last_known_sites",
    "load_config",
    "named_sites",
    "profile_options",
    "profile_target",
    "read_secret_line",
    "secret_line",
    "simulated_sites",
    "write_profile",
]
