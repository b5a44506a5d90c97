"""Every fault, at the start, at a refresh and while scrolling: the cause is said, and nothing on the screen is lost."""

import asyncio
import operator
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events

from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.demo.scenarios import TOKEN
from drtui.session import ConnectionOptions, Target
from tests.faults.gate import Gate
from tests.faults.matrix import EMPTY, FAULTS, HALF, SOME, Fault
from tests.suites import in_full
from tests.ui.stories import UiPilot, start_ui

GUARD = 60
"""Seconds after which something hangs; nothing is measured."""

by_name = operator.attrgetter("name")
STALL = next(fault for fault in SOME if fault.stalls)


@asynccontextmanager
async def watching(gate: Gate, ca_file: Path, fault: Fault) -> AsyncIterator[UiPilot]:
    """The interface on the site behind the gate; for what only time ends, there is little of it."""
    access = ConnectionOptions(token=Secret(TOKEN), ca_file=ca_file, timeout=2 if fault.stalls else 20)
    async with asyncio.timeout(GUARD), start_ui(Target(Address.parse(gate.url)), access, size=(180, 50)) as lines:
        yield lines


async def typed(told: UiPilot, *keys: str) -> None:
    """Type without looking in between: the interface takes one key after another."""
    for key in keys:
        told.app.post_message(events.Key(key, key if len(key) == 1 else None))
    await told.settle()
    while told.app._is_key_pending:
        await told.settle()


def said(told: UiPilot) -> str:
    """What the window shows, wherever lines end."""
    return " ".join(told.text.split())


def never_empty(told: UiPilot) -> bool:
    return not any(words in said(told) for words in EMPTY)


async def names_the_cause(told: UiPilot, fault: Fault) -> bool:
    """Whether the last error, whole, does."""
    await told.press("E")
    whole = said(told)
    await told.press("escape")
    return fault.says in whole and "GET https://localhost" in whole


def kept(told: UiPilot) -> tuple[object, ...]:
    """What a refresh must leave alone."""
    browse = told.app.main_screen
    rows = [point.backup.id for point in browse.catalog.points]
    return rows, told.cursor, browse.table.top, browse.catalog.filter, browse.catalog.store, browse.catalog.order


@pytest.mark.parametrize("fault", in_full(FAULTS, but=SOME), ids=by_name)
async def test_start_names_the_cause_when_the_site_fails(gate: Gate, ca_file: Path, fault: Fault) -> None:
    gate.switch(fault)
    async with watching(gate, ca_file, fault) as lines:
        assert never_empty(lines)
        assert len(lines.app.main_screen.catalog.points) == (34 if fault is HALF else 0)
        if fault is not HALF:
            assert f"Cannot tell: {lines.app.main_screen.last_error.summary}" in said(lines)  # type: ignore[union-attr]
            assert fault.says in said(lines)
        assert await names_the_cause(lines, fault)


NARROWED = ("2", "j", "enter", "slash", *"nightly", "enter", "s", "j", "j", "j")
"""Keys to one store, filtered and sorted, with the cursor in the middle."""


async def refresh(told: UiPilot, gate: Gate, fault: Fault) -> None:
    """Ask the failing site again, then the mended one, and compare what is shown."""
    before = kept(told)
    assert len(told.app.main_screen.catalog.points) > 5
    gate.switch(fault)
    await told.press("r")
    assert kept(told) == before
    assert never_empty(told)
    assert "Could not be read: " in said(told)
    assert await names_the_cause(told, fault)
    gate.switch()
    await told.press("r")
    assert kept(told) == before
    assert "Could not be read: " not in said(told)


async def scroll(told: UiPilot, gate: Gate, fault: Fault) -> None:
    """Move the cursor while the failing site is asked, and compare what is shown."""
    rows = kept(told)[0]
    await told.press("g")
    gate.switch(fault)
    await told.pilot.press("r")
    cursors = [told.cursor]
    for key in ("j", "j", "k", "G", "k"):
        await told.pilot.press(key)
        cursors.append(told.cursor)
        assert kept(told)[0] == rows
    if fault.stalls:
        assert any(worker.group == "refresh" and worker.is_running for worker in told.app.workers)
    assert cursors[3] == cursors[1]
    assert len({*cursors}) == 5
    await told.settle()
    assert (kept(told)[0], told.cursor) == (rows, cursors[-1])
    assert "Could not be read: " in said(told)
    assert told.app.main_screen.last_error is not None


async def test_rows_cursor_and_filter_stay_when_one_fault_follows_another(gate: Gate, ca_file: Path) -> None:
    async with watching(gate, ca_file, HALF) as lines:
        await typed(lines, *NARROWED)
        for fault in SOME:
            if not fault.stalls:
                await refresh(lines, gate, fault)
                await scroll(lines, gate, fault)
                gate.switch()
                await lines.press("r")


@pytest.mark.full
@pytest.mark.parametrize("fault", FAULTS, ids=by_name)
async def test_refresh_keeps_the_list_when_the_site_fails(gate: Gate, ca_file: Path, fault: Fault) -> None:
    async with watching(gate, ca_file, fault) as lines:
        await typed(lines, *NARROWED)
        await refresh(lines, gate, fault)


@pytest.mark.parametrize("fault", in_full(FAULTS, but=[STALL]), ids=by_name)
async def test_scrolling_continues_when_the_site_fails(gate: Gate, ca_file: Path, fault: Fault) -> None:
    async with watching(gate, ca_file, fault) as lines:
        await scroll(lines, gate, fault)
