"""Effective values of the configuration: what applies, and where it comes from. Secrets only as references."""

import enum
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from drtui.core.formatting.durations import format_duration
from drtui.core.model.config import Profile, Settings
from drtui.core.model.secret_reference import SecretReference


class Source(enum.Enum):
    """The origin of a value."""

    DEFAULT = "default"
    FILE = "config.toml"
    ENVIRONMENT = "environment"
    OPTION = "option"


class EffectiveValue(Struct, frozen=True):
    """A value that applies, and its origin."""

    site: str
    """Name of the site; empty for a value of the whole program."""
    key: str
    text: str
    source: Source
    origin: str = ""
    """Name of the option or variable; empty for the others."""
    line: int | None = None
    """Line in the file, from 1; None if not known."""


DEFAULTS = {
    "referer": "drtui", "auth_header": "x-esri", "ca_file": "none: the system's authorities", "timeout": "30",
    "target": "24h", "history": "true", "http": "false", "changes": "none", "cert": "none", "key": "none",
    "key_password": "none", "passcode": "none: drtui asks for it", "store": "all stores", "accent": "none",
    "sign_in": "password or token", "client_id": "none", "user": "none",
    "secret": "none: drtui asks for it", "proxy": "none",
}  # fmt: skip
"""Texts of the values of a site that nothing sets."""

OPTIONS = {
    "user": "user", "referer": "referer", "auth_header": "auth_header", "ca_file": "ca_file", "cert": "cert",
    "key": "key", "timeout": "timeout", "target": "rpo", "http": "http", "client_id": "client_id", "sign_in": "sso",
}  # fmt: skip
"""Keys of a site that an option overrides, with the name of the option's value."""

SITE_ORDER = (
    "address", "http", "user", "sign_in", "client_id", "secret", "referer", "auth_header", "cert", "key",
    "key_password", "ca_file", "proxy", "timeout", "store", "target", "accent", "history", "changes", "passcode",
)  # fmt: skip


def describe_reference(reference: SecretReference) -> str:
    """Return where a secret comes from. Of a command only the program: its arguments may be secret."""
    kind = reference.kind.replace("_", " ")
    if reference.command:
        return f"{kind} from command '{reference.command[0]}'"
    return f"{kind} from file {reference.file}" if reference.file else f"{kind} from variable {reference.variable}"


def settings_values(
    settings: Settings, document: Mapping[str, Any], lines: Mapping[tuple[str, str], int]
) -> Iterator[EffectiveValue]:
    """Yield the values that are not of one site. `lines` are those of `key_lines`."""
    texts = {
        "default": settings.default or "none",
        "history": _boolean(settings.history),
        "history_days": str(settings.history_days),
        "mouse": _boolean(settings.mouse),
        "theme": settings.theme or "none",
    }
    for key, text in texts.items():
        is_set = key in document
        source = Source.FILE if is_set else Source.DEFAULT
        yield EffectiveValue("", key, text, source, line=lines.get(("", key)) if is_set else None)
    for action, keys in settings.keys.items():
        line = lines.get(("[keys]", action))
        yield EffectiveValue("", f"keys.{action}", " ".join(keys), Source.FILE, line=line)


class SiteInputs(Struct, frozen=True):
    """All that the values of a site are made from."""

    profile: Profile
    table: Mapping[str, Any]
    """The table of the site in the file."""
    lines: Mapping[tuple[str, str], int]
    """Lines of the keys, by site and key."""
    options: Mapping[str, Any]
    """Options of the command line."""
    variables: Mapping[str, str]
    """Variables of the environment that are set; of secrets only that they are."""
    proxy: str = ""
    """Host and port of the proxy; empty for none."""
    proxy_variable: str = ""
    has_history: bool = True
    """True if history is on for all sites."""


def site_values(inputs: SiteInputs) -> Iterator[EffectiveValue]:
    """Yield the values of a site in a fixed order."""
    special = {
        "secret": _secret_value,
        "key_password": _key_password_value,
        "passcode": _passcode_value,
        "proxy": _proxy_value,
        "history": _history_value,
    }
    for key in SITE_ORDER:
        make = special.get(key)
        yield make(inputs) if make is not None else _plain_value(inputs, key)


def _plain_value(inputs: SiteInputs, key: str) -> EffectiveValue:
    """Return a value that an option, else the file, else a default sets."""
    option = OPTIONS.get(key)
    if option is not None and option in inputs.options:
        text = "sso" if key == "sign_in" else _text(inputs.options[option])
        return _of_option(inputs, key, text, option)
    is_of_other_certificate = key == "key" and "cert" in inputs.options
    if key not in inputs.table or is_of_other_certificate:
        return EffectiveValue(inputs.profile.name, key, DEFAULTS[key], Source.DEFAULT)
    return _of_file(inputs, key, _profile_text(inputs, key))


def _profile_text(inputs: SiteInputs, key: str) -> str:
    profile = inputs.profile
    if key == "address":
        return profile.address.url
    if key == "target" and profile.target is not None:
        return format_duration(profile.target)
    value = getattr(profile, key, inputs.table[key])
    return ", ".join(sorted(value)) or "none" if key == "changes" else _text(value)


def _secret_value(inputs: SiteInputs) -> EffectiveValue:
    """Return the secret of the sign-in, by the order in which a command looks for it."""
    options, variables = inputs.options, inputs.variables
    candidates = []
    for kind in ("token", "password"):
        if f"{kind}_file" in options:
            candidates.append((kind, _of_option(inputs, "secret", _file_text(options, kind), f"{kind}_file")))
        elif f"DRTUI_{kind.upper()}" in variables:
            candidates.append((kind, _of_variable(inputs, "secret", f"{kind} from variable", f"DRTUI_{kind.upper()}")))
    if len(candidates) == 2 and "user" in options:  # a user name makes the password win over a token
        return candidates[1][1]
    if candidates:
        return candidates[0][1]
    if "sso" in options or (inputs.profile.sso and inputs.profile.secret is None):
        return EffectiveValue(inputs.profile.name, "secret", "none: single sign-on in a browser", Source.DEFAULT)
    return _of_reference(inputs, "secret", inputs.profile.secret)


def _key_password_value(inputs: SiteInputs) -> EffectiveValue:
    if "key_password_file" in inputs.options:
        return _of_option(inputs, "key_password", _file_text(inputs.options, "key_password"), "key_password_file")
    has_other_key = {"cert", "key"} & inputs.options.keys()
    return _of_reference(inputs, "key_password", None if has_other_key else inputs.profile.key_password)


def _passcode_value(inputs: SiteInputs) -> EffectiveValue:
    if "DRTUI_PASSCODE" in inputs.variables:
        return _of_variable(inputs, "passcode", "passcode from variable", "DRTUI_PASSCODE")
    return _of_reference(inputs, "passcode", inputs.profile.passcode)


def _proxy_value(inputs: SiteInputs) -> EffectiveValue:
    if inputs.proxy:
        return EffectiveValue(inputs.profile.name, "proxy", inputs.proxy, Source.ENVIRONMENT, inputs.proxy_variable)
    return EffectiveValue(inputs.profile.name, "proxy", DEFAULTS["proxy"], Source.DEFAULT)


def _history_value(inputs: SiteInputs) -> EffectiveValue:
    if "no_history" in inputs.options:
        return _of_option(inputs, "history", "false", "no_history")
    if not inputs.has_history:
        return EffectiveValue(
            inputs.profile.name, "history", "false", Source.FILE, line=inputs.lines.get(("", "history"))
        )
    return _plain_value(inputs, "history")


def _of_reference(inputs: SiteInputs, key: str, reference: SecretReference | None) -> EffectiveValue:
    if reference is None:
        return EffectiveValue(inputs.profile.name, key, DEFAULTS[key], Source.DEFAULT)
    ends = {"command": reference.command, "file": reference.file, "env": reference.variable}
    written = next(f"{reference.kind}_{end}" for end, value in ends.items() if value)
    line = inputs.lines.get((inputs.profile.name, written))
    return EffectiveValue(inputs.profile.name, key, describe_reference(reference), Source.FILE, line=line)


def _of_option(inputs: SiteInputs, key: str, text: str, option: str) -> EffectiveValue:
    return EffectiveValue(inputs.profile.name, key, text, Source.OPTION, f"--{option.replace('_', '-')}")


def _of_variable(inputs: SiteInputs, key: str, text: str, name: str) -> EffectiveValue:
    return EffectiveValue(inputs.profile.name, key, f"{text} {name}", Source.ENVIRONMENT, name)


def _of_file(inputs: SiteInputs, key: str, text: str) -> EffectiveValue:
    return EffectiveValue(
        inputs.profile.name, key, text, Source.FILE, line=inputs.lines.get((inputs.profile.name, key))
    )


def _file_text(options: Mapping[str, Any], kind: str) -> str:
    """Return the origin of a secret that an option names. A file is not repeated: it may be the secret itself."""
    source = "standard input" if options[f"{kind}_file"] == "-" else "a file"
    return f"{kind.replace('_', ' ')} from {source}"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return _boolean(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _boolean(value: bool) -> str:
    return "true" if value else "false"
