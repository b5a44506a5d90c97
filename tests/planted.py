"""The one search for planted secrets: on screen, in output, in every file, and in what is told of processes."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess

from drtui.demo.scenarios import PASSWORD, PLANTED_SECRETS, USER
from tests import processes

HELD = "password"
"""The file that was written to hold one."""

_WITNESS = """
import os, pathlib, sys
folder = pathlib.Path(sys.argv[1])
asking, mine = pathlib.Path("/proc", str(os.getppid())), pathlib.Path("/proc/self")
told = [asking / "cmdline", mine / "cmdline", mine / "environ"]
(folder / "witnessed").write_bytes(b"|".join(each.read_bytes() for each in told))
print((folder / "password").read_text())
"""


def found_in(text: str, folder: Path) -> list[str]:
    """The planted secrets in a text, or in any file below a folder, but for the one that was written to hold one."""
    texts = [text.encode(), *(each.read_bytes() for each in _files(folder))]
    return [secret for secret in PLANTED_SECRETS if any(secret.encode() in each for each in texts)]


def _files(folder: Path) -> Iterator[Path]:
    return (each for each in folder.rglob("*") if each.is_file() and each.name != HELD)


def held(folder: Path) -> Path:
    """The password, in a file that only its owner may read."""
    path = folder / HELD
    path.write_text(PASSWORD)
    path.chmod(0o600)
    return path


def witness(folder: Path) -> list[str]:
    """A command that gives the password; what the system tells of it, and of who runs it, goes into the folder.

    That is both command lines, and the environment that it was given.
    """
    held(folder)
    return [sys.executable, "-c", _WITNESS, str(folder)]


def witnessed(folder: Path) -> str:
    """What a witness has written down."""
    return (folder / "witnessed").read_bytes().decode()


def configure(folder: Path, name: str, url: str, ca_file: Path | None = None) -> None:
    """Name a site in the configuration; its password comes from a witness."""
    lines = [f"[site.{name}]", f"address = {json.dumps(url)}", f"user = {json.dumps(USER)}"]
    lines += [f"password_command = {json.dumps(witness(folder))}"]
    lines += [f"ca_file = {json.dumps(str(ca_file))}"] if ca_file else []
    path = Path(os.environ["XDG_CONFIG_HOME"]) / "drtui" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


def started(*arguments: str) -> CompletedProcess[str]:
    """The program, run in a process of its own, whose command line is thus its own."""
    command = [sys.executable, "-m", "drtui", *arguments]
    return processes.run(command)
