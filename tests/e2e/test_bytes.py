"""What is sent over the line, in bytes, by the installed program: counted, not timed."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.e2e.terminal import Terminal, opened

AT = ("--now", "2026-09-21T14:13:20Z")
PAGE_DOWN, PAGE_UP = "\x1b[6~", "\x1b[5~"
LISTED = {"calm": "57 restore points in all stores", "thousands": "5,032 restore points in all stores"}

PLAIN_NAMES = {"calm": "g", "thousands": "/hourly\r"}
"""Keys to a list without the names of 300 characters that are there to try things."""


@contextmanager
def looked_at(scenario: str, theme: str = "ansi-dark") -> Iterator[Terminal]:
    """The first screen, everything read."""
    with opened(f"--demo={scenario}", *AT, "--theme", theme) as terminal:
        terminal.wait_for(LISTED[scenario])
        terminal.settle()
        yield terminal


@pytest.mark.parametrize(("theme", "most"), [("ansi-dark", 6_000), ("textual-dark", 8_000)])
def test_the_first_paint(theme: str, most: int) -> None:
    with looked_at("calm", theme) as terminal:
        assert len(terminal.written) <= most


@pytest.mark.parametrize("scenario", LISTED)
def test_the_cursor_with_the_detail_following(scenario: str) -> None:
    with looked_at(scenario) as terminal:
        terminal.sent_by(PLAIN_NAMES[scenario])
        assert max(terminal.sent_by(*"jjjjjjjj")) <= 500
        assert max(terminal.sent_by(*"jjjjjjjj")) <= 550  # it scrolls
        assert max(terminal.sent_by(PAGE_DOWN, PAGE_DOWN, PAGE_UP)) <= 3_000


@pytest.mark.parametrize("scenario", LISTED)
def test_the_cursor_alone(scenario: str) -> None:
    with looked_at(scenario) as terminal:
        terminal.sent_by("f")
        assert max(terminal.sent_by(*"jjjjjjjj")) <= 120
        page = terminal.sent_by(PAGE_DOWN, PAGE_DOWN, PAGE_UP)
        assert max(page) <= 3_000
        terminal.sent_by("G", PAGE_UP)
        scrolled = terminal.sent_by("k", "k", "k")
        assert max(scrolled) <= 200
        assert min(scrolled) > 120, "it did not scroll"


def test_nothing_for_nothing() -> None:
    with looked_at("calm") as terminal:
        assert terminal.sent_by("r", "r", "g", "k") == [0, 0, 0, 0]
        before = len(terminal.written)
        terminal.settle()
        assert len(terminal.written) == before


def test_what_textual_itself_would_send_is_there_to_compare_with() -> None:
    """The switch for diagnosis; were this not many times as much, the display would not be at work at all."""
    with opened("--demo", *AT, environment={"DRTUI_DISPLAY": "textual"}) as terminal:
        terminal.wait_for(LISTED["calm"])
        terminal.settle()
        assert len(terminal.written) > 30_000
        assert min(terminal.sent_by("j")) > 1_000


def test_the_terminal_is_asked_and_told_little_at_the_start() -> None:
    """Textual's driver: alternate screen, mouse, keys, focus, paste, no wrapping, two questions; twice the mouse."""
    with looked_at("calm") as terminal:
        start, painted, _ = terminal.written.partition(b"\x1b[2J")
    assert painted
    assert len(start) <= 200
