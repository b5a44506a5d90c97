"""Bytes that the installed program sends to the terminal: counted, not timed."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.e2e.terminal import Terminal, opened
from tests.suites import rows_in_full

AT = ("--now", "2026-09-21T14:13:20Z")
LISTED = "57 in all stores"


@contextmanager
def open_first_screen(theme: str = "ansi-dark") -> Iterator[Terminal]:
    """Open the first screen and read it to the end."""
    with opened("--demo", *AT, "--theme", theme) as terminal:
        terminal.wait_for(LISTED)
        terminal.settle()
        yield terminal


@pytest.mark.parametrize(
    ("theme", "most"), rows_in_full([("ansi-dark", 6_000), ("textual-dark", 8_000)], but=[("ansi-dark", 6_000)])
)
def test_first_paint_sends_few_bytes(theme: str, most: int) -> None:
    with open_first_screen(theme) as terminal:
        assert len(terminal.written) <= most


def test_cursor_keys_send_the_bytes_counted_without_a_terminal() -> None:
    """Bytes of other keys are counted in `tests/counted`; this test shows that a real terminal gets as many."""
    with open_first_screen() as terminal:
        assert max(terminal.sent_by(*"jj")) <= 500
        terminal.sent_by("f")
        assert max(terminal.sent_by(*"jj")) <= 120


@pytest.mark.full
def test_interface_sends_no_bytes_when_nothing_changes() -> None:
    with open_first_screen() as terminal:
        assert terminal.sent_by("r", "r", "g", "k") == [0, 0, 0, 0]
        before = len(terminal.written)
        terminal.settle()
        assert len(terminal.written) == before


@pytest.mark.full
def test_textual_driver_sends_many_times_as_much() -> None:
    """The switch for diagnosis disables the renderer; if the bytes were few, the renderer would not be in use."""
    with opened("--demo", *AT, environment={"DRTUI_DISPLAY": "textual"}) as terminal:
        terminal.wait_for(LISTED)
        terminal.settle()
        assert len(terminal.written) > 30_000
        assert min(terminal.sent_by("j")) > 1_000


@pytest.mark.full
def test_start_sends_few_control_sequences() -> None:
    """Textual's driver: alternate screen, mouse (twice), keys, focus, paste, no wrapping, two queries."""
    with open_first_screen() as terminal:
        start, painted, _ = terminal.written.partition(b"\x1b[2J")
    assert painted
    assert len(start) <= 200
