"""Build the context of a command from arguments, environment and configuration."""

import argparse
import datetime as dt
import getpass
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from drtui.cli.exit_codes import CommandError
from drtui.cli.parser import COMMANDS
from drtui.cli.timezone import local_zone
from drtui.core.analysis.rpo import DEFAULT_TARGET
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.input_error import InputError
from drtui.core.formatting.times import parse_duration, parse_time, zone_named
from drtui.core.model.address import Address, is_loopback
from drtui.core.model.auth import Secret
from drtui.core.model.config import Profile, Settings
from drtui.session import DEMO, ConnectionOptions, Target, now_ms
from drtui.session.profiles import (
    MAX_SECRET_BYTES,
    load_config,
    profile_options,
    profile_target,
    read_secret_line,
    secret_line,
)
from drtui.session.target import check_proxy, locked_key


class Context(Struct, frozen=True):
    """The target, sign-in and display settings of one command."""

    target: Target | None
    access: ConnectionOptions
    own_access: ConnectionOptions
    """The connection options of the command line and the environment, without those of a profile."""
    settings: Settings
    """The configuration file."""
    now: int
    """Epoch ms."""
    fixed_now: int | None
    """The moment given with `--now`, epoch ms; None for the present."""
    zone: dt.tzinfo
    rpo_option: int | None
    """The objective given with `--rpo`, milliseconds; None if the site's own or the default applies."""
    plain: bool
    reads_code: bool = False
    """True if the code of a single sign-on is read from standard input instead of the terminal."""

    @property
    def rpo(self) -> int:
        """The recovery point objective, milliseconds."""
        return self.rpo_option or (self.target is not None and self.target.rpo) or DEFAULT_TARGET

    @property
    def view(self) -> DisplayContext:
        """Time, zone and symbols for all text output."""
        return DisplayContext(self.now, self.zone, self.plain)


def resolve_context(arguments: argparse.Namespace) -> Context:
    """Return the context that the arguments describe: first the target, then its credentials, then the view.

    Raises:
        CommandError: an argument or the environment is invalid.
        InputError: an argument or the configuration cannot be read.
    """
    _begin_log(arguments)
    check_standard_input(arguments)
    settings = load_config()
    target, profile = _resolve_target(arguments, settings)
    own_access, access = _resolve_access(arguments, settings, target, profile)
    return _complete_context(arguments, settings, target, own_access, access)


def check_target(arguments: argparse.Namespace) -> None:
    """Check that TARGET is a site, a file or an address.

    Raises:
        CommandError: it is not; the message suggests what may have been meant.
        InputError: the configuration cannot be read.
    """
    _resolve_target(arguments, load_config())


def resolve_for_diagnosis(arguments: argparse.Namespace) -> tuple[Context, dict[str, str]]:
    """Return the context as far as it can be resolved, and what cannot, by the name of the step it belongs to.

    A broken configuration or an unreadable secret must not hide what else is wrong.

    Raises:
        CommandError: an option is invalid.
    """
    problems: dict[str, str] = {}
    options = argparse.Namespace(**vars(arguments))
    settings, target, profile = Settings(), None, None
    _begin_log(options)
    check_standard_input(options)
    try:
        settings = load_config()
    except InputError as error:
        problems["configuration"] = str(error)
    try:
        target, profile = _resolve_target(options, settings)
    except (CommandError, InputError) as error:
        problems["target"] = str(error)
    try:
        own_access, access = _resolve_access(options, settings, None, profile)
    except InputError as error:
        problems.setdefault("configuration", str(error))
        for name in ("token_file", "password_file", "key_password_file"):
            if hasattr(options, name):
                delattr(options, name)
        without_secrets = None if profile is None else replace(profile, secret=None, key_password=None)
        own_access, access = _resolve_access(options, settings, None, without_secrets)
    return _complete_context(options, settings, target, own_access, access), problems


def _complete_context(
    arguments: argparse.Namespace,
    settings: Settings,
    target: Target | None,
    own_access: ConnectionOptions,
    access: ConnectionOptions,
) -> Context:
    """Return the context with the options of the view.

    Raises:
        CommandError: an option is invalid.
        InputError: an option cannot be read.
    """
    zone = zone_named(arguments.tz) if hasattr(arguments, "tz") else local_zone()
    fixed_now = parse_time(arguments.now, zone) if hasattr(arguments, "now") else None
    rpo_option = parse_duration(arguments.rpo) if hasattr(arguments, "rpo") else None
    now = now_ms() if fixed_now is None else fixed_now
    plain = hasattr(arguments, "ascii") or not _can_unicode()
    reads_code = hasattr(arguments, "code_file")
    if reads_code and not access.sso:
        raise CommandError("--code-file is for a sign-in in a browser. Add --sso.")
    return Context(target, access, own_access, settings, now, fixed_now, zone, rpo_option, plain, reads_code)


def sign_in_options(context: Context) -> tuple[Target, ConnectionOptions]:
    """Return the target and the options to connect to it; ask for a missing password or code at a prompt.

    Raises:
        CommandError: no target or user is given, standard input is no terminal, or a single sign-on failed.
    """
    target, access = context.target, context.access
    if target is None:
        raise CommandError("No TARGET. Give an address, a file with a saved answer, or --demo.")
    if not target.is_site or access.offline:
        return target, access
    access = with_key_password(access)
    if access.can_sign_in:
        return target, access
    if access.sso:
        from drtui.cli.single_sign_on import sign_in_in_browser

        return target, replace(access, grant=sign_in_in_browser(target, access, reads_code=context.reads_code))
    if not access.user:
        raise CommandError("No user for the site. Give --user NAME, --sso or --token-file FILE, or set DRTUI_TOKEN.")
    if not sys.stdin.isatty():
        raise CommandError("No password. Give --password-file FILE, or set DRTUI_PASSWORD.")
    return target, replace(access, password=Secret(getpass.getpass(f"Password of {access.user}: ")))


def with_key_password(access: ConnectionOptions, before: Callable[[], None] = lambda: None) -> ConnectionOptions:
    """Return the options with the password of an encrypted key, asked for at a terminal; else the site's error says it.

    Args:
        access: options that may name an encrypted key.
        before: called before the question, if there is one.

    Raises:
        CommandError: the terminal cannot hide what is typed.
    """
    key = locked_key(access) if sys.stdin.isatty() and sys.stderr.isatty() and not access.offline else None
    if key is None:
        return access
    before()
    from drtui.cli.prompts import ask_hidden

    advice = "The password of the key cannot be entered without echo here. Give --key-password-file FILE."
    return replace(access, key_password=Secret(ask_hidden(f"Password of the key '{key}': ", advice)))


def check_standard_input(arguments: argparse.Namespace) -> None:
    """Check that at most one option reads standard input, and that only one way to sign in is given.

    Raises:
        CommandError: several are.
    """
    names = ("token_file", "password_file", "passcode_file", "key_password_file", "code_file")
    reading = [f"--{name.replace('_', '-')}" for name in names if getattr(arguments, name, None) == "-"]
    if len(reading) > 1:
        raise CommandError(f"{' and '.join(reading)} both read standard input. Give a file to one of them.")
    secrets = [f"--{name.replace('_', '-')}" for name in names[:2] if hasattr(arguments, name)]
    if secrets and hasattr(arguments, "sso"):
        raise CommandError(f"--sso signs in in a browser. Leave out {secrets[0]} or --sso.")


def _begin_log(arguments: argparse.Namespace) -> None:
    """Start the log if `--log-file` or `--log-level` is given."""
    options = vars(arguments)
    if not {"log_file", "log_level"} & options.keys():
        return
    from drtui.session.local_files import begin_log

    path = Path(options["log_file"]) if "log_file" in options else None
    try:
        begin_log(path, options.get("log_level", "info"))
    except OSError as error:
        raise CommandError(f"Cannot write the log {path or ''}: {error.strerror}") from error


def _can_unicode() -> bool:
    """True if standard output has an encoding with the symbols."""
    return (sys.stdout.encoding or "ascii").lower().replace("-", "") in {"utf8", "utf16", "utf32"}


def _resolve_access(
    arguments: argparse.Namespace, settings: Settings, target: Target | None, profile: Profile | None
) -> tuple[ConnectionOptions, ConnectionOptions]:
    """Return the options of the command line and the environment, and those completed by the profile.

    Raises:
        CommandError: an option is invalid.
        SettingsError: the proxy, or the secret of the profile, cannot be used.
    """
    options = vars(arguments)
    token, password = (None, None) if "sso" in options else _given_secrets(options)
    timeout = options.get("timeout", 30.0)
    if not 0 < timeout <= 3600:
        raise CommandError("--timeout must be a number of seconds, more than 0 and at most 3600.")
    own_access = ConnectionOptions(
        user=options.get("user", ""),
        token=None if options.get("user") and password else token,
        password=password,
        referer=options.get("referer", "drtui"),
        ca_file=Path(options["ca_file"]) if "ca_file" in options else None,
        insecure="insecure" in options,
        timeout=timeout,
        offline="offline" in options,
        remember="no_history" not in options and settings.history,
        keep_days=settings.history_days,
        cert=Path(options["cert"]) if "cert" in options else None,
        key=Path(options["key"]) if "key" in options else None,
        key_password=secret_from_option(options, "key_password_file"),
        auth_header=options.get("auth_header", ""),
        sso="sso" in options,
        client_id=options.get("client_id", ""),
    )
    if target is not None and not own_access.offline:
        check_proxy(target)
    access = own_access if profile is None else profile_options(profile, own_access)
    if access.cert is None and (access.key is not None or access.key_password is not None):
        raise CommandError("--key and --key-password-file belong to a client certificate. Give --cert FILE as well.")
    if access.offline and not access.remember:
        raise CommandError("--offline needs the saved history, and --no-history ignores it. Give only one of them.")
    return own_access, access


def _given_secrets(options: Mapping[str, Any]) -> tuple[Secret | None, Secret | None]:
    """Return token and password of the options, else of the environment."""
    token = secret_from_option(options, "token_file") or secret_from_environment("DRTUI_TOKEN")
    password = secret_from_option(options, "password_file") or secret_from_environment("DRTUI_PASSWORD")
    return token, password


def secret_from_environment(name: str) -> Secret | None:
    """Return the secret in a variable; None if it is not set."""
    value = os.environ.get(name, "")
    return Secret(value) if value else None


def secret_from_option(options: Mapping[str, Any], name: str) -> Secret | None:
    """Return the secret in the first line of the file that an option names, or of standard input."""
    if name not in options:
        return None
    if options[name] != "-":
        return read_secret_line(Path(options[name]), f"--{name.replace('_', '-')}")
    binary = getattr(sys.stdin, "buffer", None)  # tests replace the stream with one without buffer
    most = MAX_SECRET_BYTES + 1
    line = binary.readline(most) if binary else sys.stdin.readline(most).encode("utf-8", "surrogateescape")
    return secret_line(line, "standard input")


def _resolve_target(arguments: argparse.Namespace, settings: Settings) -> tuple[Target | None, Profile | None]:
    """Return the target and the profile that names it, if any; without an argument the default site.

    Raises:
        CommandError: the argument names no target, or `--demo` and a target are given.
        AddressError: the argument is not a valid address of a site.
    """
    target: str | None = getattr(arguments, "target", None)
    if hasattr(arguments, "demo"):
        if target is not None:
            raise CommandError(f"--demo shows a simulated site. Leave out {target!r} or --demo.")
        return Target(DEMO, scenario=arguments.demo), None
    if not hasattr(arguments, "target"):  # a command without a site
        return None, None
    profile = settings.find_profile(target or settings.default)
    if profile is not None:
        return profile_target(profile), profile
    if target is None:
        return None, None
    path = Path(target)
    if path.is_dir():
        raise CommandError(f"{target!r} is a folder. Give a file, or the address of a site as https://HOST.")
    if path.is_file() or target.endswith(".json") or target.startswith(("/", "./", "../")):
        return Target(file=path), None
    if re.fullmatch(r"[\w-]+", target) and not is_loopback(target):
        raise CommandError(_unknown_target_text(target, settings, () if hasattr(arguments, "command") else COMMANDS))
    return Target(Address.parse(target, allow_http=hasattr(arguments, "http"))), None


def _unknown_target_text(word: str, settings: Settings, commands: Iterable[str]) -> str:
    """Return the error for a bare word that is no command, file or site.

    A bare word is not used as a host: it could be a mistyped site name, and the host would
    receive the password of that site.
    """
    from difflib import get_close_matches

    named = (profile.name for profile in settings.profiles)
    near = get_close_matches(word.lower(), [*named, *commands], n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    return f"Unknown command, file or site {word!r}. {hint}For a host, write https://{word}."
