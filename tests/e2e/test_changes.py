"""Changing a site at a terminal: the plan, the questions, the passcode without echo, and ctrl+c."""

from collections.abc import Iterator

import pytest

from drtui.demo.app import make_app
from drtui.demo.scenarios import TOKEN
from drtui.demo.server import serving
from drtui.session import now_ms
from tests.e2e.terminal import opened

PASSCODE = "Planted passcode 0815"
KEPT = "before-11-4-upgrade"


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the calm site, with its token in the environment."""
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    with serving(make_app("calm", now=now_ms(), clock=now_ms)) as where:
        yield where.url


def test_create_asks_twice_for_the_passcode_and_ends_with_130_when_interrupted(url: str) -> None:
    with opened("create", "typed-1", url, "--wait", "--allow-changes", width=120) as terminal:
        terminal.wait_for("Type yes to send it:")
        assert f"create typed-1 on {url.removeprefix('http://')}" in terminal.text
        terminal.press("yes\n")
        for question in ("Passcode:", "Passcode again:"):
            terminal.wait_for(question)
            terminal.settle()
            terminal.press(f"{PASSCODE}\n")
        terminal.wait_for("elapsed")
        terminal.press("\x03")
        assert terminal.wait_for_end() == 130
        assert "continues at the site" in terminal.text
        assert "journal --follow" in terminal.text
    assert PASSCODE.encode() not in terminal.written


def test_delete_sends_nothing_when_the_name_was_typed_ahead_and_the_answer_is_wrong(url: str) -> None:
    with opened("delete", KEPT, url, "--allow-changes", width=120) as terminal:
        terminal.press(f"{KEPT}\n")
        terminal.wait_for(f"type {KEPT}:")
        terminal.settle()
        terminal.press("y\n")
        assert terminal.wait_for_end() == 2
        assert "Nothing was sent" in terminal.text
