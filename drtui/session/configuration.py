"""The configuration as a file: where it is, what is wrong with it, and which values apply."""

import os
import ssl
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from drtui.core.model.auth import ClientCertificate
from drtui.core.model.config import Profile, Settings, SettingsError
from drtui.core.model.config_check import Finding, check_document, key_lines
from drtui.core.model.effective_settings import EffectiveValue, SiteInputs, settings_values, site_values
from drtui.session.target import ConnectionOptions, locked_key
from drtui.storage.config_check import check_config_file, check_references
from drtui.storage.config_file import SECRET_VARIABLES, fetch_secret, parse_config, read_config
from drtui.storage.file_io import decode_utf8
from drtui.storage.paths import config_file


class ConfigPath(Struct, frozen=True):
    """The place of the configuration."""

    path: Path
    exists: bool
    is_override: bool
    """True if `DRTUI_CONFIG` names it."""


class ConfigReport(Struct, frozen=True):
    """The result of checking the configuration."""

    place: ConfigPath
    sites: tuple[str, ...]
    """Names of the sites that can be used."""
    findings: tuple[Finding, ...]
    keys: Mapping[str, tuple[str, ...]] = {}
    """Changed key bindings, if they can be read: keys by the name of the action."""


def config_path() -> ConfigPath:
    """Return the place of the configuration."""
    path = config_file()
    return ConfigPath(path, path.exists(), bool(os.environ.get("DRTUI_CONFIG")))


def check_config() -> ConfigReport:
    """Return everything that is wrong with the configuration and the files it names. Runs no command, asks no site."""
    place = config_path()
    findings = list(check_config_file(place.path))
    try:
        body = read_config(place.path)
        text = "" if body is None else decode_utf8(body)
        document = tomllib.loads(text)
    except SettingsError as error:
        return ConfigReport(place, (), (*findings, Finding(str(error))))
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, ValueError) else "nested too deeply"
        return ConfigReport(place, (), (*findings, Finding(f"{place.path}: {reason}")))
    if body is None and place.is_override:
        findings.append(Finding(f"DRTUI_CONFIG names '{place.path}', which does not exist"))
    checked = check_document(document, place.path.parent)
    findings += checked.findings
    for profile in checked.profiles:
        findings += check_references(profile)
        findings += _certificate_findings(profile)
    lines = key_lines(text)
    located = (replace(finding, line=lines.get((finding.site, finding.key))) for finding in findings)
    names = tuple(document["site"]) if isinstance(document.get("site"), dict) else ()
    broken = {finding.site for finding in findings if finding.is_error}
    usable = tuple(name for name in names if name not in broken)
    return ConfigReport(place, usable, tuple(sorted(located, key=lambda finding: finding.line or 0)), checked.keys)


def _certificate_findings(profile: Profile) -> Iterator[Finding]:
    """Yield the problems of the certificates that a profile names."""
    from drtui.api.client_certificate import check_files, load_client_certificate
    from drtui.api.errors import ApiError
    from drtui.api.tls import create_tls_context

    where = f"[site.{profile.name}] "
    if profile.ca_file is not None:
        try:
            create_tls_context(profile.ca_file, unused=True)
        except ApiError as error:
            yield Finding(
                f"{where}ca_file: {error.failure.summary}: {error.failure.server_message}", profile.name, "ca_file"
            )
    if profile.cert is None:
        return
    reference = profile.key_password
    certificate = ClientCertificate(profile.cert, profile.key)
    is_locked = reference is None and locked_key(ConnectionOptions(cert=profile.cert, key=profile.key)) is not None
    if is_locked:
        text = (
            f"{where}cert: its key is encrypted, and only a terminal can ask for the password. Add key_password_command"
        )
        yield Finding(text, profile.name, "cert", is_error=False)
    try:
        if is_locked or (reference is not None and reference.command):  # without the password, the key is not opened
            check_files(certificate)
        else:
            password = None if reference is None else fetch_secret(reference)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            load_client_certificate(context, replace(certificate, key_password=password))
    except SettingsError:
        pass  # `check_references` says it
    except ApiError as error:
        failure = error.failure
        yield Finding(f"{where}cert: {failure.summary}. {failure.advice}", profile.name, "cert")


def effective_values(options: Mapping[str, Any], name: str = "") -> tuple[ConfigPath, tuple[EffectiveValue, ...]]:
    """Return the values that apply with these options, of one site or of the program and all sites.

    Raises:
        SettingsError: the configuration cannot be used, or has no such site.
    """
    place = config_path()
    body = read_config(place.path) or b""
    settings = parse_config(body, place.path)
    if name and settings.find_profile(name) is None:
        from drtui.core.model.secret_reference import suggestion

        names = [profile.name for profile in settings.profiles]
        raise SettingsError(f"Unknown site {name!r} in {place.path}{suggestion(name, names)}")
    text = decode_utf8(body)
    document, lines = tomllib.loads(text), key_lines(text)
    values = [] if name else list(settings_values(settings, document, lines))
    for profile in settings.profiles:
        if name in {"", profile.name}:
            values += site_values(_site_inputs(profile, settings, document["site"][profile.name], lines, options))
    return place, tuple(values)


def _site_inputs(
    profile: Profile,
    settings: Settings,
    table: Mapping[str, Any],
    lines: Mapping[tuple[str, str], int],
    options: Mapping[str, Any],
) -> SiteInputs:
    from drtui.api.proxies import ProxyError, proxy_for

    variables = {key: "set" for key in SECRET_VARIABLES if os.environ.get(key)}
    try:
        proxy = proxy_for(profile.address.url)
        host, variable = ("", "") if proxy is None else (proxy.host, proxy.name)
    except ProxyError as error:
        host, variable = f"unusable: {error}", ""
    return SiteInputs(profile, table, lines, options, variables, host, variable, settings.history)
