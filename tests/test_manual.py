"""The manual page matches the current options and keys, and man finds it."""

import os
from pathlib import Path

import pytest

from drtui.cli.parser import COMMANDS
from drtui.keybindings import key_table
from tests import processes
from tests.e2e.terminal import PROGRAM
from tests.manual import manual
from tests.programs import path_of, skip_without

PAGE = Path(__file__).parents[1] / "drtui" / "drtui.1"
MAN = path_of("man")


def test_manual_is_current_when_built_again(request: pytest.FixtureRequest) -> None:
    page = manual()
    if request.config.getoption("--draw"):
        PAGE.write_text(page, encoding="utf-8")
    assert page == PAGE.read_text(encoding="utf-8"), "write it anew with: pytest tests/test_manual.py --draw"


@skip_without("man")
def test_man_shows_every_command_when_it_formats_the_page() -> None:
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "200"}
    command = [MAN, "--warnings", "--pager=cat", "--local-file", str(PAGE)]
    ran = processes.run(command, check=True, environment=environment)
    assert ran.stderr == ""
    text = " ".join(ran.stdout.split())
    assert [name for name in sorted(COMMANDS) if f"drtui {name}" not in text] == []
    assert [meaning for _, _, meaning in key_table() if meaning not in text] == []


@skip_without("man")
def test_man_finds_the_page_when_it_is_beside_the_program() -> None:
    environment = {**os.environ, "PATH": f"{Path(PROGRAM).parent}:{os.environ['PATH']}"}
    ran = processes.run([MAN, "--where", "drtui"], check=True, environment=environment)
    assert Path(ran.stdout.strip()) == Path(PROGRAM).parents[1] / "share" / "man" / "man1" / "drtui.1"
