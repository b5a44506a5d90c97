"""The configuration file, and secrets where it says that they are."""

import contextlib
import errno
import os
import stat
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from drtui.core.model.auth import Secret
from drtui.core.model.config import Profile, SecretReference, Settings, SettingsError, check_name, parse_settings
from drtui.storage.file_io import decode_utf8, read_within, write_atomic
from drtui.storage.paths import config_file

COMMAND_TIME = 30.0
"""Seconds for a command that gives a secret: it may ask for a fingerprint. Also for a pipe to be written into."""

LARGEST_SECRET = 64 << 10
"""Bytes of what a command prints, or of the first line of a file."""

LARGEST = 1 << 20
"""Bytes of the configuration."""

OURS = ("DRTUI_TOKEN", "DRTUI_PASSWORD")
"""Variables that a command is not to inherit."""

NO_FILE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG})
"""Errors after which a name may well be the secret itself."""


def load_config() -> Settings:
    """The configuration; an empty one if there is no file.

    Raises:
        SettingsError: it cannot be read or used.
    """
    path = config_file()
    body = _body(path)
    return Settings() if body is None else parse_config(body, path)


def parse_config(body: bytes, path: Path) -> Settings:
    """The configuration that the file at `path` holds.

    Raises:
        SettingsError: it cannot be used.
    """
    import tomllib  # noqa: PLC0415 - most have no configuration

    try:
        return parse_settings(tomllib.loads(decode_utf8(body)), path.parent)
    except ValueError as error:  # also a number of thousands of digits
        raise SettingsError(f"{path}: {error}") from None
    except RecursionError:
        raise SettingsError(f"{path}: it is nested too deeply") from None


def _body(path: Path) -> bytes | None:
    """Return what the configuration holds; None if there is no file.

    Raises:
        SettingsError: it cannot be read, or does not end.
    """
    try:
        body = _read(path, LARGEST)
    except FileNotFoundError:
        return None
    except TimeoutError:
        raise SettingsError(f"{path} could not be read: nobody wrote into it within {COMMAND_TIME:g} s") from None
    except OSError as error:
        raise SettingsError(f"{path} could not be read: {error.strerror}") from None
    if len(body) > LARGEST:
        raise SettingsError(f"{path} could not be read: it is larger than {LARGEST >> 10} KiB")
    return body


def _read(path: Path, largest: int) -> bytes:
    """Read a file or a pipe within bounds; see `read_within`."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        return read_within(handle, largest, COMMAND_TIME)
    finally:
        os.close(handle)


def add_profile(profile: Profile) -> Path:
    """Add a site to the configuration, whose comments and order stay; never a secret. Where it was written.

    Raises:
        SettingsError: there is one of that name, or the file cannot be written.
    """
    import tomlkit  # noqa: PLC0415 - seldom needed
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415 - likewise

    path = config_file()
    if load_config().find_profile(check_name(profile.name)) is not None:
        raise SettingsError(f"there is a site called {profile.name} already: choose another name, or edit {path}")
    try:
        document = tomlkit.parse(decode_utf8(_body(path) or b""))
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
        write_atomic(path, tomlkit.dumps(document).encode())
    except OSError as error:
        raise SettingsError(f"{path} could not be written: {error.strerror}") from None
    except TOMLKitError as error:
        raise SettingsError(f"{path}: {error}") from None
    return path


def fetch_secret(reference: SecretReference) -> Secret:
    """The secret that is referred to.

    Raises:
        SettingsError: it is not to be had; the message never holds what a command or a file gave.
    """
    if reference.command:
        return _from_command(reference.command)
    if reference.file is not None:
        return read_secret_line(reference.file)
    value = os.environ.get(reference.variable, "")
    if not value:
        raise SettingsError(f"the environment variable {reference.variable} holds no {reference.kind}")
    return Secret(value)


def read_secret_line(path: Path, option: str = "") -> Secret:
    """The first line of a file that nobody else may read.

    Args:
        path: of the file.
        option: of the command line that named it; then a name that is none is not repeated: it may be the secret.

    Raises:
        SettingsError: others may read it, it cannot be read, or is empty.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
        try:
            # Of a pipe (`<(command)`) the modes say nothing about who can read what comes through it.
            mode = os.fstat(handle).st_mode
            if stat.S_ISREG(mode) and stat.S_IMODE(mode) & 0o077:
                raise SettingsError(f"others may read the secret in {path}: run chmod 600 {path}")
            line = read_within(handle, LARGEST_SECRET, COMMAND_TIME, line=True)
        finally:
            os.close(handle)
    except TimeoutError:
        raise SettingsError(f"nobody wrote a secret into {path} within {COMMAND_TIME:g} s") from None
    except OSError as error:
        if option and error.errno in NO_FILE:
            raise SettingsError(f"{option} names no file ({error.strerror}); it takes a file, not the secret") from None
        raise SettingsError(f"the secret in {path} could not be read: {error.strerror}") from None
    return secret_line(line, str(path))


def secret_line(body: bytes, where: str) -> Secret:
    """The secret in the first line of `body`, which came from `where`.

    Raises:
        SettingsError: there is none; the message never holds any of it.
    """
    line = body.partition(b"\n")[0]
    try:
        value = decode_utf8(line).strip()
    except ValueError as error:
        raise SettingsError(f"the secret in {where} could not be read: {error}") from None
    if len(line) > LARGEST_SECRET:
        raise SettingsError(f"{where} holds no secret: its first line is longer than {LARGEST_SECRET >> 10} KiB")
    if not value:
        raise SettingsError(f"{where} holds no secret in its first line")
    return Secret(value)


def _from_command(command: tuple[str, ...]) -> Secret:
    """The first line that a program prints; what it says besides is not shown, as it may be the secret."""
    try:
        code, printed = _run(command)
    except TimeoutError:
        raise SettingsError(f"{command[0]} gave no secret within {COMMAND_TIME:g} s; run it by hand") from None
    except OSError as error:
        raise SettingsError(f"{command[0]} could not be run: {error.strerror}; is it installed, and on PATH?") from None
    if len(printed) > LARGEST_SECRET:
        raise SettingsError(f"{command[0]} printed more than {LARGEST_SECRET >> 10} KiB instead of a secret")
    if code or not printed.strip():
        how = f"ended with {code}" if code else "gave nothing"
        raise SettingsError(f"{command[0]} {how} instead of a secret; run it by hand to see why")
    return secret_line(printed, f"the output of {command[0]}")


def _run(command: tuple[str, ...]) -> tuple[int, bytes]:
    """Run a program, at most until it has printed more than a secret can be; its exit code, and what it printed.

    Raises:
        OSError: it cannot be run.
        TimeoutError: it had not ended in time.
    """
    end = time.monotonic() + COMMAND_TIME
    quiet, env = subprocess.DEVNULL, _environment(os.environ)
    # The person's own choice, without a shell.
    process = subprocess.Popen(command, stdin=quiet, stdout=subprocess.PIPE, stderr=quiet, env=env)  # noqa: S603
    try:
        with process.stdout or contextlib.nullcontext() as output:
            printed = read_within(output.fileno(), LARGEST_SECRET, COMMAND_TIME) if output else b""
        if len(printed) > LARGEST_SECRET:
            return 0, printed
        return process.wait(max(0.0, end - time.monotonic())), printed
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    finally:
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):  # it may be another user's by now (sudo)
            process.kill()
            process.wait(1)


def _environment(whole: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in whole.items() if name not in OURS}
