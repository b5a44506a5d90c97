"""Programs of the system that some tests need."""

import os
import shutil
from collections.abc import Iterable
from typing import NamedTuple

import pytest


class Program(NamedTuple):
    """A program that is not installed on every machine."""

    name: str
    proves: str
    """Subject of the tests that need the program."""
    package: str
    """Package of Debian that has the program."""


PROGRAMS = {
    "zsh": Program("zsh", "completion in zsh", "zsh"),
    "fish": Program("fish", "completion in fish", "fish"),
    "screen": Program("GNU screen", "the clipboard through GNU screen", "screen"),
    "tmux": Program("tmux", "the clipboard through tmux", "tmux"),
    "sshd": Program("OpenSSH's server", "use over SSH", "openssh-server"),
    "chromedriver": Program("ChromeDriver", "single sign-on in a browser", "chromium-driver"),
    "systemd-analyze": Program("systemd-analyze", "the units of drtui monitoring", "systemd"),
    "man": Program("man", "the manual page as man shows it", "man-db"),
}
MISSING = " is not installed"
"""End of the reason for which a test is skipped without its program."""


def path_of(program: str) -> str:
    """Return the path of a program, "" if it is not installed; servers are in /usr/sbin, which few users search."""
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""


def skip_without(program: str) -> pytest.MarkDecorator:
    """Return a mark that skips a test where a program is not installed."""
    return pytest.mark.skipif(not path_of(program), reason=PROGRAMS[program].name + MISSING)


def untested_message(reasons: Iterable[str]) -> str:
    """Return a sentence on what was not tested, from the reasons of all skipped tests; "" if no program is missing."""
    skipped = list(reasons)
    missing = [
        program for program in PROGRAMS.values() if any(reason.endswith(program.name + MISSING) for reason in skipped)
    ]
    if not missing:
        return ""
    subjects, packages = ", ".join(reason.proves for reason in missing), " ".join(reason.package for reason in missing)
    return f"Not tested: {subjects}. To test that too, install {packages}."
