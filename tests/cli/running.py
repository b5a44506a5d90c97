"""Run commands as a shell would, in this process."""

from typing import NamedTuple

import pytest

from drtui.__main__ import main


class Ran(NamedTuple):
    """What came of a command."""

    code: int
    out: str
    err: str


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Ran:
    """Run a command; its exit code and what it printed."""
    try:
        code = main(list(arguments))
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    printed = capsys.readouterr()
    return Ran(code, printed.out, printed.err)
