"""Every fault at start, at refresh and while scrolling: the interface names the cause and keeps its content."""

import asyncio
import operator
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events

from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.core.summary.headline_sentences import capitalise
from drtui.demo.scenarios import TOKEN
from drtui.session import ConnectionOptions, Target
from tests.faults.gate import Gate
from tests.faults.matrix import DEFAULT_FAULTS, EMPTY_LIST_WORDS, FAULTS, HALF, Fault
from tests.suites import in_full
from tests.ui.stories import UiPilot, start_ui

GUARD = 60
"""The time limit of a test, seconds; nothing is measured."""

by_name = operator.attrgetter("name")
SOME_FAULTS = [fault for fault in DEFAULT_FAULTS if fault.name in {"refused", "403 by the site", HALF.name}]
"""Faults of the default suite: without an answer, with a refusal, and with some of the answers."""
STALL = next(fault for fault in DEFAULT_FAULTS if fault.stalls)


@asynccontextmanager
async def open_interface(gate: Gate, ca_file: Path, fault: Fault) -> AsyncIterator[UiPilot]:
    """Open the interface on the site behind the gate, with short time limits for stalling faults."""
    access = ConnectionOptions(token=Secret(TOKEN), ca_file=ca_file, timeout=2 if fault.stalls else 20)
    async with asyncio.timeout(GUARD), start_ui(Target(Address.parse(gate.url)), access, size=(180, 50)) as lines:
        yield lines


async def press_keys(ui: UiPilot, *keys: str) -> None:
    """Press keys without waiting in between."""
    for key in keys:
        ui.app.post_message(events.Key(key, key if len(key) == 1 else None))
    await ui.settle()
    while ui.app._is_key_pending:
        await ui.settle()


def window_text(ui: UiPilot) -> str:
    """Return the text of the window, with wrapped lines joined."""
    return " ".join(ui.text.split())


def never_empty(ui: UiPilot) -> bool:
    return not any(words in window_text(ui) for words in EMPTY_LIST_WORDS)


async def names_the_cause(ui: UiPilot, fault: Fault) -> bool:
    """True if the screen of the last error names the cause."""
    await ui.press("E")
    whole = window_text(ui)
    await ui.press("escape")
    return fault.cause_words in whole and "GET https://localhost" in whole


def visible_state(ui: UiPilot) -> tuple[object, ...]:
    """Return the state that a refresh must not change."""
    main_screen = ui.app.main_screen
    rows = [point.backup.id for point in main_screen.site.catalog.points]
    return (
        rows,
        ui.cursor,
        main_screen.panes.table.top,
        main_screen.site.catalog.filter,
        main_screen.site.catalog.store,
        main_screen.site.catalog.order,
    )


SIGNED_OUT = "Signed out: token expired or refused; o signs in again"
"""First sentence of the headline if the site asks for another token; the cause is in the list."""


@pytest.mark.parametrize("fault", in_full(FAULTS, but=SOME_FAULTS), ids=by_name)
async def test_start_names_the_cause_when_the_site_fails(gate: Gate, ca_file: Path, fault: Fault) -> None:
    gate.switch(fault)
    async with open_interface(gate, ca_file, fault) as lines:
        assert never_empty(lines)
        assert len(lines.app.main_screen.site.catalog.points) == (34 if fault is HALF else 0)
        if fault is not HALF:
            error = lines.app.main_screen.site.last_error
            assert error
            summary = SIGNED_OUT if error.code in {"498", "499"} else capitalise(error.summary)
            assert f"? CANNOT TELL {summary}" in window_text(lines)
            assert fault.cause_words in window_text(lines)
        assert await names_the_cause(lines, fault)


NARROWING_KEYS = ("2", "j", "enter", "slash", *"nightly", "enter", "s", "j", "j", "j")
"""Keys that select a store, filter and sort, and move the cursor to the middle."""


async def refresh(ui: UiPilot, gate: Gate, fault: Fault) -> None:
    """Refresh while the site fails, then after it is repaired, and compare the screens."""
    before = visible_state(ui)
    assert len(ui.app.main_screen.site.catalog.points) > 5
    gate.switch(fault)
    await ui.press("r")
    assert visible_state(ui) == before
    assert never_empty(ui)
    assert "? CANNOT TELL" in window_text(ui)
    assert await names_the_cause(ui, fault)
    gate.switch()
    await ui.press("r")
    assert visible_state(ui) == before
    assert "? CANNOT TELL" not in window_text(ui)


async def scroll(ui: UiPilot, gate: Gate, fault: Fault) -> None:
    """Move the cursor during a refresh of the failing site, and compare the screens."""
    rows = visible_state(ui)[0]
    await ui.press("g")
    gate.switch(fault)
    await ui.pilot.press("r")
    cursors = [ui.cursor]
    for key in ("j", "j", "k", "G", "k"):
        await ui.pilot.press(key)
        cursors.append(ui.cursor)
        assert visible_state(ui)[0] == rows
    if fault.stalls:
        assert any(worker.group == "refresh" and worker.is_running for worker in ui.app.workers)
    assert cursors[3] == cursors[1]
    assert len({*cursors}) == 5
    await ui.settle()
    assert (visible_state(ui)[0], ui.cursor) == (rows, cursors[-1])
    assert "? CANNOT TELL" in window_text(ui)
    assert ui.app.main_screen.site.last_error is not None


async def test_rows_cursor_and_filter_stay_when_one_fault_follows_another(gate: Gate, ca_file: Path) -> None:
    async with open_interface(gate, ca_file, HALF) as lines:
        await press_keys(lines, *NARROWING_KEYS)
        for fault in SOME_FAULTS:
            await refresh(lines, gate, fault)
            await scroll(lines, gate, fault)
            gate.switch()
            await lines.press("r")


@pytest.mark.full
@pytest.mark.parametrize("fault", FAULTS, ids=by_name)
async def test_refresh_keeps_the_list_when_the_site_fails(gate: Gate, ca_file: Path, fault: Fault) -> None:
    async with open_interface(gate, ca_file, fault) as lines:
        await press_keys(lines, *NARROWING_KEYS)
        await refresh(lines, gate, fault)


@pytest.mark.parametrize("fault", in_full(FAULTS, but=[STALL]), ids=by_name)
async def test_scrolling_continues_when_the_site_fails(gate: Gate, ca_file: Path, fault: Fault) -> None:
    async with open_interface(gate, ca_file, fault) as lines:
        await scroll(lines, gate, fault)
