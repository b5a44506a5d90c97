"""Run commands in this process, with the result that a shell would see."""

from typing import NamedTuple

import pytest

from drtui.__main__ import main


class Ran(NamedTuple):
    """Exit code and output of a command."""

    code: int
    out: str
    err: str


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Ran:
    """Run a command and return its exit code and output."""
    try:
        code = main(list(arguments))
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    printed = capsys.readouterr()
    return Ran(code, printed.out, printed.err)
