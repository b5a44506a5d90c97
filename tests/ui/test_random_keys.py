"""No sequence of keys ends the interface, or leads to a screen without a way back."""

import socket
from pathlib import Path
from typing import Any

import pytest

from drtui.demo.scenarios import SCENARIOS
from drtui.ui.dialogs.base import Dialog
from tests.suites import in_full
from tests.ui.stories import open_demo
from tests.ui.walk import start_walk

STEPS = 40
"""Bunches of keys per walk in the default suite."""

WALKS = 16
"""Walks of 200 bunches per scenario in the full suite: about 100,000 keys in all."""


@pytest.fixture(autouse=True)
def _contained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Save files in a temporary folder, and resolve only this machine's name."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    look_up = socket.getaddrinfo

    def only_loopback(host: str | bytes | None, *others: Any, **named: Any) -> Any:
        if host not in {"localhost", "127.0.0.1", b"localhost", b"127.0.0.1"}:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(host, *others, **named)

    monkeypatch.setattr(socket, "getaddrinfo", only_loopback)


@pytest.mark.parametrize("scenario", ["half-failed", "hostile"])
async def test_interface_stays_consistent_when_random_keys_are_pressed(scenario: str) -> None:
    async with start_walk(scenario) as (ui, walk):
        await walk.go(1, STEPS)
        assert ui.app.is_running
        assert await walk.home()


async def test_dialog_closes_once_when_it_is_answered_twice() -> None:
    async with open_demo("calm") as ui:
        await ui.press("b")
        dialog = ui.app.screen
        assert isinstance(dialog, Dialog)
        dialog.dismiss(None)
        dialog.dismiss(None)
        await ui.settle()
        assert ui.app.screen_stack == [ui.app.main_screen]


@pytest.mark.parametrize("key", in_full(["w", "t", "at", "v", "question_mark"], but=["w", "question_mark"]))
async def test_screen_stays_when_it_is_closed_below_another(key: str) -> None:
    async with open_demo("calm") as ui:
        await ui.press(key)
        below = ui.app.screen
        await ui.press("ctrl+p")
        stack = list(ui.app.screen_stack)
        below.dismiss(None)
        await ui.settle()
        assert ui.app.screen_stack == stack
        await ui.press("escape")
        assert ui.app.screen is below


async def test_burst_of_keys_is_pasted_when_an_input_has_the_focus() -> None:
    async with open_demo("calm") as ui:
        await ui.press("slash")
        for character in "nightly " * 500:
            ui.send("space" if character == " " else character)
        await ui.settle()
        assert ui.app.main_screen.panes.filterbar.line.value == "nightly " * 500


async def test_burst_of_keys_does_nothing_when_no_input_has_the_focus() -> None:
    async with open_demo("calm") as ui:
        before = ui.text
        for _ in range(300):
            ui.send("q")
        await ui.settle()
        assert ui.app.is_running
        assert ui.text == before


@pytest.mark.long
@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_interface_stays_consistent_when_100_000_random_keys_are_pressed(scenario: str) -> None:
    for seed in range(WALKS // 4):
        async with start_walk(scenario) as (ui, walk):
            for part in range(4):
                await walk.go(100 * seed + part, 200)
                assert ui.app.is_running
                assert await walk.home()
