"""`drtui config add`: ask for a site, test the connection, and write the profile. Never a secret."""

import argparse
import sys
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from drtui.cli.context import check_standard_input, secret_from_environment, secret_from_option, with_key_password
from drtui.cli.exit_codes import FINE, REFUSED, UNREACHABLE, CommandError
from drtui.cli.messages import print_hint, print_message
from drtui.cli.output import exit_code_of, failure_lines
from drtui.cli.prompts import ask, ask_hidden
from drtui.core.formatting.text import plural, sanitize
from drtui.core.model.address import Address, AddressError
from drtui.core.model.auth import Secret
from drtui.core.model.config import Profile, SettingsError, check_name
from drtui.core.model.secret_reference import parse_reference, secret_keys
from drtui.core.model.site_state import SiteState
from drtui.core.summary.account_text import role_text
from drtui.session import ConnectionOptions, Session, Target, runner
from drtui.session.profiles import load_config, profile_options, profile_target, write_profile

WAYS = {"p": "password", "s": "single sign-on", "t": "token"}
"""Ways to sign in, by the letter to type."""

UNHIDDEN = "The secret cannot be entered without echo here. Give --password-file or --token-file, or --no-test."

PATHS = ("ca_file", "cert", "key")
PLAIN = ("user", "referer", "auth_header", "client_id", "timeout")
"""Options whose values are keys of the profile."""


def run_add(arguments: argparse.Namespace) -> int:
    """Add a site to the configuration; return the exit code.

    Raises:
        CommandError: something is missing and cannot be asked for, or the site could not be read.
        SettingsError: the name is taken, a value cannot be used, or the file cannot be written.
    """
    check_standard_input(arguments)
    name, options = check_name(arguments.name), vars(arguments)
    if load_config().find_profile(name) is not None:
        raise CommandError(f"Site {name!r} already exists. Choose another name, or edit config.toml.")
    can_ask = sys.stdin.isatty() and sys.stderr.isatty()
    profile = _ask_profile(name, options) if can_ask else _profile_of_options(name, options)
    if not arguments.no_test:
        _test(profile, options, can_ask=can_ask)
    path = write_profile(profile)
    sys.stdout.write(f"added [site.{name}] to {path}\n")
    print_hint(f"drtui {name} opens it, drtui config show {name} shows its values.")
    return FINE


def _profile_of_options(name: str, options: dict[str, Any]) -> Profile:
    """Return the profile that the options describe.

    Raises:
        CommandError: the address or the way to sign in is missing.
    """
    missing = [] if options["address"] else ["ADDRESS"]
    profile = _make_profile(name, options, options["address"] or "https://missing.invalid/arcgis")
    can_test = profile.sso or profile.secret or _typed_secret(options) or options["no_test"]
    if not can_test:
        missing.append("a way to sign in (--user NAME and --password-command CMD, --token-command CMD, or --sso)")
    elif profile.sso and not profile.client_id:
        missing.append("--client-id ID")
    elif profile.secret is not None and profile.secret.kind == "password" and not profile.user:
        missing.append("--user NAME")
    if missing:
        raise CommandError(f"No terminal to ask questions. Give {', '.join(missing)}; --no-test writes without a test.")
    return profile


def _ask_profile(name: str, options: dict[str, Any]) -> Profile:
    """Return the profile that the options and the answers to questions describe."""
    options = dict(options)
    address = options["address"] or _ask_address(options)
    _make_profile(name, options, address)  # a wrong option is said before the questions
    has_reference = any(key in options for key in secret_keys("token", "password"))
    if not has_reference and "sso" not in options:
        way = _ask_way("user" in options)
        if way == "s":
            options["sso"] = True
        else:
            _ask_account(WAYS[way], options)
    if "sso" in options and "client_id" not in options:
        options["client_id"] = ask("Client id of the application in the portal: ")
    if "user" not in options and "password_command" in options:
        options["user"] = ask("User: ")
    if "ca_file" not in options and "insecure" not in options:
        answer = ask("PEM file of your certificate authority (empty: the system's authorities): ")
        options |= {"ca_file": answer} if answer else {}
    return _make_profile(name, options, address)


def _ask_address(options: dict[str, Any]) -> str:
    """Return an address that can be used; ask until it can."""
    while True:
        answer = ask("Address of the site, as in a browser: ")
        if not answer:
            raise CommandError("No address. Nothing was written.")
        try:
            Address.parse(answer, allow_http="http" in options)
        except AddressError as error:
            print_message(str(error))
        else:
            return answer


def _ask_way(has_user: bool) -> str:
    """Return the letter of the way to sign in."""
    if has_user:
        return "p"
    while True:
        answer = ask("Sign in by [p]assword, [s]ingle sign-on or [t]oken? ").lower()[:1] or "p"
        if answer in WAYS:
            return answer


def _ask_account(kind: str, options: dict[str, Any]) -> None:
    """Ask for the user of a password, and for the command that prints the secret."""
    if kind == "password" and "user" not in options:
        options["user"] = ask("User: ")
    command = ask(f"Command that prints the {kind}, as: pass show gis/prod (empty: ask for it each time): ")
    if command:
        options[f"{kind}_command"] = command


def _make_profile(name: str, options: dict[str, Any], address: str) -> Profile:
    """Return the profile of these values. Relative paths start at the working directory.

    Raises:
        AddressError: the address cannot be used.
        SettingsError: another value cannot.
    """
    here, where = Path.cwd(), "--"
    # Standard input is only for the test, and has no place in a file.
    given = {key: value for key, value in options.items() if not (key.endswith("_file") and value == "-")}
    paths: dict[str, Any] = {key: here / Path(given[key]).expanduser() for key in PATHS if given.get(key)}
    if "key" in paths and "cert" not in paths:
        raise SettingsError("--key belongs to a client certificate. Give --cert FILE as well.")
    references = {key: given[key] for key in secret_keys("token", "password", "key_password") if given.get(key)}
    return Profile(
        name,
        Address.parse(address, allow_http="http" in options),
        secret=parse_reference(references, ("token", "password"), here, where),
        key_password=parse_reference(references, ("key_password",), here, where),
        sso="sso" in options,
        **paths,
        **{key: given[key] for key in PLAIN if given.get(key)},
    )


def _typed_secret(options: dict[str, Any]) -> bool:
    """True if an option or the environment has a secret for the test."""
    names = {"token": "token_file", "password": "password_file"}
    return any(options.get(name) or secret_from_environment(f"DRTUI_{kind.upper()}") for kind, name in names.items())


def _test(profile: Profile, options: dict[str, Any], *, can_ask: bool) -> None:
    """Read the site with the profile and show what was found; at a terminal ask what to do if that fails.

    Raises:
        CommandError: the site could not be read, and the profile is not wanted.
    """
    target = profile_target(profile)
    print_hint(f"testing {target.location} …")
    access = _sign_in(target, profile, options, can_ask=can_ask)

    async def read() -> SiteState:
        async with Session(target, access, extras=("account", "about")) as session:
            return await session.fetch_all()

    state = runner.run(read())
    problems = failure_lines(state, ("site", "stores", "backups of"))
    for line in (*_found(state), *problems):
        print_message(line)
    if not problems:
        return
    if can_ask and ask("Write the profile anyway? [y/N] ").lower() in {"y", "yes"}:
        return
    failures = [failure for _, failure in state.failures]
    code = max((exit_code_of(failure) for failure in failures), default=UNREACHABLE)
    raise CommandError("Nothing was written. --no-test writes the profile without a test.", code)


def _sign_in(target: Target, profile: Profile, options: dict[str, Any], *, can_ask: bool) -> ConnectionOptions:
    """Return the options to connect for the test, with a secret that is typed now if none is referred to.

    Raises:
        CommandError: there is no secret.
    """
    typed = {kind: secret_from_option(options, f"{kind}_file") for kind in ("token", "password", "key_password")}
    for kind in ("token", "password"):
        typed[kind] = typed[kind] or secret_from_environment(f"DRTUI_{kind.upper()}")
    if profile.user and typed["password"]:
        typed["token"] = None
    own = ConnectionOptions(
        token=typed["token"],
        password=typed["password"],
        key_password=typed["key_password"],
        insecure="insecure" in options,
        remember=False,
    )
    access = with_key_password(profile_options(profile, own))
    if access.can_sign_in and not access.sso:
        return access
    if access.sso:
        from drtui.cli.single_sign_on import sign_in_in_browser

        return replace(access, grant=sign_in_in_browser(target, access, reads_code="code_file" in options))
    if not can_ask:
        raise CommandError("No secret for the test. Give --password-command, --token-command or --no-test.")
    kind = "password" if access.user else "token"
    secret = Secret(ask_hidden(f"{kind.capitalize()}, for this test only: ", UNHIDDEN))
    if not secret:
        raise CommandError("No secret was typed. Nothing was written.", REFUSED)
    return replace(access, password=secret) if kind == "password" else replace(access, token=secret)


def _found(state: SiteState) -> list[str]:
    """Return what the test found: release, account and backups; nothing of what could not be read."""
    lines = []
    if state.site is not None and state.site.value is not None and state.site.value.release is not None:
        lines.append(f"site: release {state.site.value.release}")
    account = state.account.value if state.account is not None else None
    if account is not None and account.user:
        lines.append(f"account: {account.user}, {role_text(account)}")
    if state.stores is not None and state.stores.value is not None:
        stores = plural(len(state.stores.value), "store", "stores")
        lines.append(f"backups: {plural(len(state.all_backups), 'restore point', 'restore points')} in {stores}")
    return [sanitize(line) for line in lines]
