"""Check the files that a configuration is in and refers to: who can change or read them, and whether they exist."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from drtui.core.model.config import Profile, SettingsError
from drtui.core.model.config_check import Finding
from drtui.core.model.secret_reference import SecretReference
from drtui.storage.config_file import fetch_secret


def check_config_file(path: Path) -> Iterator[Finding]:
    """Yield the problems of the file itself: whoever can change it can make drtui run a command."""
    try:
        status = path.stat()
    except OSError:
        return  # reading it says why
    if not stat.S_ISREG(status.st_mode):
        return
    if status.st_mode & 0o022:
        yield Finding(f"other users can change '{path}', and let drtui run their commands. Run chmod go-w {path}")
    if status.st_uid not in {os.getuid(), 0}:
        yield Finding(
            f"'{path}' belongs to another user, who can let drtui run commands. Run chown {os.getuid()} {path}"
        )


def check_references(profile: Profile) -> Iterator[Finding]:
    """Yield the problems of the places that the secrets of a profile are read from. No command is run."""
    for reference in (profile.secret, profile.passcode, profile.key_password):
        if reference is not None:
            yield from _check_reference(profile.name, reference)


def _check_reference(site: str, reference: SecretReference) -> Iterator[Finding]:
    where = f"[site.{site}] "
    if reference.command:
        program = reference.command[0]
        if shutil.which(program) is None:
            text = f"{where}{reference.kind}_command: no program '{program}' on PATH"
            yield Finding(text, site, f"{reference.kind}_command")
        return
    key = f"{reference.kind}_{'file' if reference.file else 'env'}"
    try:
        fetch_secret(reference)
    except SettingsError as error:
        # A variable may be set where drtui runs otherwise, as by cron.
        yield Finding(f"{where}{key}: {error}", site, key, is_error=bool(reference.file))
