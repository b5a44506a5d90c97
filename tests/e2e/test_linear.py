"""`drtui --plain` in a terminal that can only add lines."""

import pytest

from tests.conftest import NOW
from tests.e2e.terminal import Terminal, opened
from tests.suites import in_full

ARGUMENTS = ("--plain", "--demo", "--now", str(NOW))
DUMB = {"TERM": "dumb"}
CTRL_C, CTRL_D = "\x03", "\x04"


def is_added_only(terminal: Terminal) -> bool:
    """True if only text was written, without any control sequence."""
    return b"\x1b" not in terminal.written


def test_shell_session_only_adds_lines() -> None:
    with opened(*ARGUMENTS, environment=DUMB) as terminal:
        terminal.wait_for("drtui>")
        terminal.press("filter verdict:usable zoning\r")
        terminal.wait_for("drtui (filter verdict:usable zoning)>")
        assert "16. monthly-2026-06-23-03-00-12: usable, 91 d old, expires in 309 d, in archive-s3" in terminal.text
        terminal.press("show 16\r")
        terminal.wait_for("Infrastructure")
        terminal.press("quit\r")
        assert terminal.wait_for_end() == 0
        assert is_added_only(terminal)


@pytest.mark.parametrize(("key", "code"), [(CTRL_D, 0), (CTRL_C, 130)], ids=["end", "interrupt"])
@pytest.mark.parametrize("name", in_full(["dumb", "xterm-256color"], but=["dumb"]))
def test_shell_ends_on_either_key(key: str, code: int, name: str) -> None:
    with opened(*ARGUMENTS, environment={"TERM": name}) as terminal:
        terminal.wait_for("drtui>")
        terminal.press(key)
        assert terminal.wait_for_end() == code
        assert is_added_only(terminal)
        assert "Traceback" not in terminal.text


def test_shell_recalls_and_edits_earlier_lines() -> None:
    with opened(*ARGUMENTS) as terminal:
        terminal.wait_for("drtui>")
        terminal.press("sort tooj\r")
        terminal.wait_for("Did you mean took?")
        terminal.press("\x10\x7fk\r")  # ctrl+p, backspace
        terminal.wait_for("sorted by took")
        terminal.press(CTRL_D)
        assert terminal.wait_for_end() == 0
