"""Programs of Debian's packages, unpacked into a folder and not installed: nothing is started with them."""

import shlex
import shutil
from pathlib import Path

import pytest

from tests import processes

SECONDS = 300
"""Time limit of a download."""


def unpack(folder: Path, *names: str) -> Path:
    """Download the packages, unpack them into `folder`, and return it."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        pytest.skip("apt-get or dpkg-deb is missing: this is no Debian, whose packages are tried here")
    download = f"cd {shlex.quote(str(folder))} && apt-get download --quiet {shlex.join(names)}"
    if processes.run(["/bin/bash", "-c", download], timeout=SECONDS).returncode:  # an image without lists of packages
        processes.run(["apt-get", "update", "--quiet"], timeout=SECONDS)
        processes.run(["/bin/bash", "-c", download], timeout=SECONDS, check=True)
    for package in folder.glob("*.deb"):
        processes.run(["dpkg-deb", "-x", package, folder], timeout=SECONDS, check=True)
    return folder
