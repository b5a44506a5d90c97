"""Read and extend the configuration file, and fetch the secrets that it refers to."""

import contextlib
import errno
import os
import stat
import subprocess
import time
from pathlib import Path

from drtui.core.model.auth import Secret
from drtui.core.model.config import Profile, SecretReference, Settings, SettingsError, check_name, parse_settings
from drtui.core.model.secret_reference import is_exposed
from drtui.storage.file_io import decode_utf8, read_within, write_atomic
from drtui.storage.paths import config_file

COMMAND_TIME = 30.0
"""Seconds for a command that prints a secret, which may ask for a fingerprint; also for a pipe to be written to."""

MAX_SECRET_BYTES = 64 << 10
"""Limit for the output of a command, or for the first line of a file, bytes."""

MAX_FILE_BYTES = 1 << 20
"""Limit for the configuration file, bytes."""

SECRET_VARIABLES = ("DRTUI_TOKEN", "DRTUI_PASSWORD", "DRTUI_PASSCODE")
"""Variables that a command does not inherit."""

NOT_A_FILE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG})
"""Errors of an option whose value is not a file: it may be the secret itself."""


def load_config() -> Settings:
    """Return the configuration; an empty one if there is no file.

    Raises:
        SettingsError: the file cannot be read or used.
    """
    path = config_file()
    body = read_config(path)
    return Settings() if body is None else parse_config(body, path)


def parse_config(body: bytes, path: Path) -> Settings:
    """Return the configuration in `body`, the content of the file at `path`.

    Raises:
        SettingsError: it cannot be used.
    """
    import tomllib

    try:
        return parse_settings(tomllib.loads(decode_utf8(body)), path.parent)
    except ValueError as error:  # raised also for a number of thousands of digits
        raise SettingsError(f"{path}: {error}") from None
    except RecursionError:
        raise SettingsError(f"{path}: nested too deeply") from None


def read_config(path: Path) -> bytes | None:
    """Return the content of the configuration file; None if there is no file.

    Raises:
        SettingsError: the file cannot be read, or is too large.
    """
    try:
        body = _read(path, MAX_FILE_BYTES)
    except FileNotFoundError:
        return None
    except TimeoutError:
        raise SettingsError(f"cannot read '{path}': nothing was written to it within {COMMAND_TIME:g} s") from None
    except OSError as error:
        raise SettingsError(f"cannot read '{path}': {error.strerror}") from None
    if len(body) > MAX_FILE_BYTES:
        raise SettingsError(f"cannot read '{path}': larger than {MAX_FILE_BYTES >> 10} KiB")
    return body


def _read(path: Path, largest: int, *, secret: bool = False) -> bytes:
    """Read a file or a pipe up to a size and a time limit; of a secret, its first line; see `read_within`.

    Raises:
        SettingsError: other users may read the secret.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        # The mode of a pipe (`<(command)`) does not tell who can read from it.
        status = os.fstat(handle)
        if secret and stat.S_ISREG(status.st_mode) and is_exposed(status.st_mode, status.st_uid, os.getuid()):
            raise SettingsError(f"other users can read the secret in '{path}'. Run chmod 600 {path}")
        return read_within(handle, largest, COMMAND_TIME, line=secret)
    finally:
        os.close(handle)


def add_profile(profile: Profile) -> Path:
    """Add a site to the configuration, without any secret; return the path. Comments and order are kept.

    Raises:
        SettingsError: the name is taken, or the file cannot be written.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    path = config_file()
    settings = load_config()
    if settings.find_profile(check_name(profile.name)) is not None:
        raise SettingsError(f"site {profile.name!r} already exists. Choose another name, or edit {path}.")
    try:
        document = tomlkit.parse(decode_utf8(read_config(path) or b""))
        values = _profile_values(profile)
        if "site" not in document:
            document.add("site", tomlkit.table(is_super_table=True))
        document["site"][profile.name] = values
        body = tomlkit.dumps(document).encode()
        others = tuple(other for other in parse_config(body, path).profiles if other.name != profile.name)
        if others != settings.profiles:
            raise SettingsError(
                f"cannot add a site to {path}, because its tables are in an unusual order. Edit it by hand."
            )
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomic(path.resolve(), body)  # the file may be a link into a folder that is kept elsewhere
    except OSError as error:
        raise SettingsError(f"cannot write '{path}': {error.strerror}") from None
    except TOMLKitError as error:
        raise SettingsError(f"{path}: {error}") from None
    return path


def _reference_keys(reference: SecretReference | None) -> dict[str, str | list[str]]:
    """Return the key that refers to a secret, if any."""
    if reference is None:
        return {}
    if reference.command:
        return {f"{reference.kind}_command": list(reference.command)}
    path = reference.file
    return {f"{reference.kind}_file": str(path)} if path else {f"{reference.kind}_env": reference.variable}


def _profile_values(profile: Profile) -> dict[str, str | bool | float | list[str]]:
    """Return the keys to write for a profile, without defaults. Paths are absolute: the options start elsewhere."""
    paths = {"ca_file": profile.ca_file, "cert": profile.cert, "key": profile.key}
    values: dict[str, str | bool | float | list[str] | None] = {
        "address": profile.address.url,
        "user": profile.user,
        **_reference_keys(profile.secret),
        "http": profile.address.scheme == "http",
        **{key: str(path.absolute()) for key, path in paths.items() if path is not None},
        **_reference_keys(profile.key_password),
        "auth_header": profile.auth_header,
        "referer": "" if profile.referer == "drtui" else profile.referer,
        "sign_in": "sso" if profile.sso else "",
        "client_id": profile.client_id,
        "timeout": profile.timeout,
    }
    return {key: value for key, value in values.items() if value}


def fetch_secret(reference: SecretReference) -> Secret:
    """Return the secret that a profile refers to.

    Raises:
        SettingsError: it could not be fetched; the message never contains output of a command or content of a file.
    """
    if reference.command:
        return _from_command(reference.command)
    if reference.file is not None:
        return read_secret_line(reference.file)
    value = os.environ.get(reference.variable, "")
    if not value:
        raise SettingsError(f"no {reference.kind} in environment variable {reference.variable}: not set or empty")
    return Secret(value)


def read_secret_line(path: Path, option: str = "") -> Secret:
    """Return the first line of a file that only its owner may read.

    Args:
        path: the file.
        option: option that named the file. Then a name without a file is not quoted in errors: it may be the secret.

    Raises:
        SettingsError: other users may read the file, it cannot be read, or it is empty.
    """
    try:
        line = _read(path, MAX_SECRET_BYTES, secret=True)
    except TimeoutError:
        raise SettingsError(f"no secret was written to '{path}' within {COMMAND_TIME:g} s") from None
    except OSError as error:
        if option and error.errno in NOT_A_FILE:
            raise SettingsError(
                f"{option}: cannot open the file ({error.strerror}). Give a path, not the secret."
            ) from None
        raise SettingsError(f"cannot read the secret in '{path}': {error.strerror}") from None
    return secret_line(line, str(path))


def secret_line(body: bytes, source: str) -> Secret:
    """Return the secret in the first line of `body`; `source` names its origin in errors.

    Raises:
        SettingsError: there is none. The message never contains any of `body`.
    """
    line = body.partition(b"\n")[0]
    try:
        value = decode_utf8(line).strip()
    except ValueError as error:
        raise SettingsError(f"cannot read the secret in {source}: {error}") from None
    if len(line) > MAX_SECRET_BYTES:
        raise SettingsError(f"no secret in {source}: its first line is longer than {MAX_SECRET_BYTES >> 10} KiB")
    if not value:
        raise SettingsError(f"no secret in {source}: its first line is empty")
    return Secret(value)


def _from_command(command: tuple[str, ...]) -> Secret:
    """Return the first line that a program prints. Its error output is not shown, as it may contain the secret."""
    try:
        code, printed = _run(command)
    except TimeoutError:
        raise SettingsError(
            f"'{command[0]}' printed no secret within {COMMAND_TIME:g} s. Run it by hand to see why."
        ) from None
    except OSError as error:
        raise SettingsError(
            f"cannot run '{command[0]}': {error.strerror}. Check that it is installed and on PATH."
        ) from None
    if len(printed) > MAX_SECRET_BYTES:
        raise SettingsError(f"'{command[0]}' printed more than {MAX_SECRET_BYTES >> 10} KiB instead of a secret")
    if code or not printed.strip():
        outcome = f"ended with exit code {code}" if code else "printed nothing"
        raise SettingsError(f"'{command[0]}' {outcome} instead of a secret. Run it by hand to see why.")
    return secret_line(printed, f"the output of {command[0]}")


def _run(command: tuple[str, ...]) -> tuple[int, bytes]:
    """Run a program until it ends or prints more than the limit; return its exit code and its output.

    Raises:
        OSError: it cannot be run.
        TimeoutError: it did not end in time.
    """
    end = time.monotonic() + COMMAND_TIME
    quiet = subprocess.DEVNULL
    env = {name: value for name, value in os.environ.items() if name not in SECRET_VARIABLES}
    # The command is configured by the user and runs without a shell.
    process = subprocess.Popen(command, stdin=quiet, stdout=subprocess.PIPE, stderr=quiet, env=env)  # noqa: S603
    try:
        with process.stdout or contextlib.nullcontext() as output:
            printed = read_within(output.fileno(), MAX_SECRET_BYTES, COMMAND_TIME) if output else b""
        if len(printed) > MAX_SECRET_BYTES:
            return 0, printed
        return process.wait(max(0.0, end - time.monotonic())), printed
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    finally:
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):  # sudo changes its owner
            process.kill()
            process.wait(1)
