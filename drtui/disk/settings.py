"""The configuration file, and secrets where it says that they are."""

import os
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path

from drtui.disk.files import put
from drtui.disk.places import config_file
from drtui.model.profile import Profile, SecretReference, Settings, SettingsError, check_name, settings
from drtui.model.secret import Secret

COMMAND_TIME = 30.0
"""Seconds for a command that gives a secret: it may ask for a fingerprint."""

OURS = ("DRTUI_TOKEN", "DRTUI_PASSWORD")
"""Variables that a command is not to inherit."""


def load() -> Settings:
    """The configuration; an empty one if there is no file.

    Raises:
        SettingsError: it cannot be read or used.
    """
    path = config_file()
    try:
        written = path.read_bytes()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise SettingsError(f"{path} could not be read: {error.strerror}") from None
    import tomllib  # noqa: PLC0415 - most have no configuration

    try:
        return settings(tomllib.loads(written.decode()), path.parent)
    except (SettingsError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None


def add(profile: Profile) -> Path:
    """Add a site to the configuration, whose comments and order stay; never a secret. Where it was written.

    Raises:
        SettingsError: there is one of that name, or the file cannot be written.
    """
    import tomlkit  # noqa: PLC0415 - seldom needed
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415 - likewise

    path = config_file()
    if load().named(check_name(profile.name)) is not None:
        raise SettingsError(f"there is a site called {profile.name} already: choose another name, or edit {path}")
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
        table = tomlkit.table()
        table.add("address", profile.address.url)
        if profile.user:
            table.add("user", profile.user)
        if profile.address.scheme == "http":
            table.add("http", True)
        if profile.ca_file is not None:
            table.add("ca_file", str(profile.ca_file))
        if "site" not in document:
            document.add("site", tomlkit.table(is_super_table=True))
        document["site"][profile.name] = table
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        put(path, tomlkit.dumps(document).encode())
    except OSError as error:
        raise SettingsError(f"{path} could not be written: {error.strerror}") from None
    except TOMLKitError as error:
        raise SettingsError(f"{path}: {error}") from None
    return path


def fetch(reference: SecretReference) -> Secret:
    """The secret that is referred to.

    Raises:
        SettingsError: it is not to be had; the message never holds what a command or a file gave.
    """
    if reference.command:
        return _from_command(reference.command)
    if reference.file is not None:
        return from_file(reference.file)
    value = os.environ.get(reference.variable, "")
    if not value:
        raise SettingsError(f"the environment variable {reference.variable} holds no {reference.kind}")
    return Secret(value)


def from_file(path: Path) -> Secret:
    """The first line of a file that nobody else may read.

    Raises:
        SettingsError: others may read it, it cannot be read, or is empty.
    """
    try:
        with path.open("rb") as file:
            # Of a pipe (`<(command)`) the modes say nothing about who can read what comes through it.
            mode = os.fstat(file.fileno()).st_mode
            if stat.S_ISREG(mode) and stat.S_IMODE(mode) & 0o077:
                raise SettingsError(f"others may read the secret in {path}: run chmod 600 {path}")
            line = file.readline(1 << 20)
        value = line.decode().strip()
    except OSError as error:
        raise SettingsError(f"the secret in {path} could not be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"the secret in {path} could not be read: it is not text") from None
    if not value:
        raise SettingsError(f"{path} holds no secret in its first line")
    return Secret(value)


def _from_command(command: tuple[str, ...]) -> Secret:
    """The first line that a program prints; what it says besides is not shown, as it may be the secret."""
    try:
        ran = subprocess.run(  # noqa: S603 - the person's own choice, without a shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=COMMAND_TIME,
            check=False,
            env=_environment(os.environ),
        )
        value = ran.stdout.partition(b"\n")[0].decode().strip()
    except OSError as error:
        raise SettingsError(f"{command[0]} could not be run: {error.strerror}; is it installed, and on PATH?") from None
    except subprocess.TimeoutExpired:
        raise SettingsError(f"{command[0]} gave no secret within {COMMAND_TIME:g} s; run it by hand") from None
    except UnicodeDecodeError:
        raise SettingsError(f"what {command[0]} gave is not text") from None
    if ran.returncode or not value:
        how = f"ended with {ran.returncode}" if ran.returncode else "gave nothing"
        raise SettingsError(f"{command[0]} {how} instead of a secret; run it by hand to see why")
    return Secret(value)


def _environment(whole: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in whole.items() if name not in OURS}
