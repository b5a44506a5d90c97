"""Every screen and every command has its twin, and both show the same facts, on every scenario.

Values parsed from the screen are compared with the JSON of the command; that texts are the same to the letter is tested
beside each screen.
"""

import asyncio
import importlib
import io
import json
import pkgutil
from collections.abc import Awaitable, Callable
from contextlib import redirect_stderr, redirect_stdout
from itertools import takewhile
from typing import Any

import pytest
from textual.screen import Screen

from drtui import ui
from drtui.__main__ import main
from drtui.cli.exit_codes import REFUSED
from drtui.cli.parser import COMMANDS
from drtui.core.contents.describe import ID_PREFIX_LENGTH
from drtui.core.listing.rows import MissedRun
from drtui.core.model.site_state import Fetched
from drtui.core.verdict.restore_points import RestorePoint
from drtui.demo.scenarios import SCENARIOS
from drtui.output.schedules import NO_SCHEDULE
from drtui.ui.screens.comparison import ComparisonScreen
from drtui.ui.screens.timeline import TimelineScreen
from drtui.ui.screens.where import WhereScreen
from drtui.ui.widgets.styled_lines import Line, Lines
from tests.conftest import NOW
from tests.ui import facts
from tests.ui.stories import Story, story
from tests.values import is_span_of, number, said, second_of, seconds

Json = dict[str, Any]
Command = Callable[..., Awaitable[Json]]
"""Prints what its arguments ask for, as JSON."""
Compared = Callable[[Story, Command], Awaitable[None]]


async def _list(ui: Story, command: Command) -> None:
    table = ui.app.main_screen.table
    shown = [
        {column.key: column.text(each) for column in table.columns}
        for each in table.records
        if isinstance(each, RestorePoint)
    ]
    printed = (await command("list"))["restore_points"]
    for cells, each in zip(shown, printed, strict=True):
        assert said(cells["name"]) == (each["name"] or None)
        assert cells["verdict"].partition(" ")[2] == each["verdict"]
        assert (cells["store"], cells["kind"]) == (each["store"], each["kind"])
        assert said(cells["release"]) == (each["release"] or None)
        started = seconds(said(cells["started"]) and f"{cells['started']}:00+00:00")
        assert started == _minute(second_of(each["started"]))
        if each["duration_ms"] is not None:
            assert is_span_of(cells["took"], each["duration_ms"])


def _minute(second: int | None) -> int | None:
    """The second at which the minute began."""
    return None if second is None else second // 60 * 60


async def _show(ui: Story, command: Command) -> None:
    point = ui.app.main_screen.point
    if point is None:
        return
    backup = point.backup
    (printed,) = (await command("show", f"{backup.store}/{backup.name}"))["restore_points"]
    columns = ui.app.main_screen.detail.columns
    shown = facts.point(columns["facts"].lines)
    for name in ("name", "store", "release"):
        assert shown[name] == facts.squeezed(printed[name])
    assert shown["verdict"] == printed["verdict"]
    assert shown["reasons"] == facts.squeezed(*(each["text"] for each in printed["reasons"]))
    assert seconds(shown["started"]) == second_of(printed["started"])
    assert seconds(shown["completed"]) == second_of(printed["completed"])
    parts = [each for name in ("relational", "objects") for each in facts.parts(columns[name].lines)]
    there = [each for each in parts if each["lines"] != ["not in the record"]]
    for seen, each in zip(there, printed["parts"], strict=True):
        assert seen["heading"].endswith(each["cluster"])
        assert facts.part_status(seen) == each["status"]
        assert (seen["system_databases"], seen["buckets"]) == (each["system_databases"], each["buckets"])
        assert seen["geodatabases"] == [f"{gdb['name']}  {gdb['id']}".strip() for gdb in each["geodatabases"]]


async def _stores(ui: Story, command: Command) -> None:
    shown = [facts.store(each) for each in ui.app.main_screen.stores.lines if each.key]
    printed = (await command("stores"))["stores"]
    for seen, each in zip(shown, printed, strict=True):
        assert (seen["name"], seen["restore_points"]) == (each["name"], each["restore_points"])
        if each["restore_points"] is None:
            continue
        assert (seen["default"], seen["type"], seen["created_by"]) == (
            each["default"],
            each["type"],
            each["created_by"],
        )
        newest = each["newest_usable"]
        assert (seen["age"] is None) is (newest is None)
        if newest is not None:
            assert is_span_of(seen["age"], NOW - newest["epoch_ms"])


async def _gaps(ui: Story, command: Command) -> None:
    shown = [each.at for each in ui.app.main_screen.table.records if isinstance(each, MissedRun)]
    printed = (await command("gaps"))["gaps"]
    assert sorted(shown) == sorted(each["due"]["epoch_ms"] for each in printed if each["event"] == "missed run")


async def _check(ui: Story, command: Command) -> None:
    exposure, shown = (await command("check"))["rpo"], facts.headline(ui.app.main_screen.headline.lines)
    assert shown["name"] == exposure["newest_usable"]
    assert shown.get("total", exposure["total"]) == exposure["total"]
    if shown["name"] is not None:
        assert (shown["met"] == "within") is exposure["target_met"]
        assert is_span_of(shown["age"], exposure["age_ms"])
        assert is_span_of(shown["target"], exposure["target_ms"])


async def _before(ui: Story, command: Command) -> None:
    await ui.press("b", "enter")
    shown = [row[-1] for row in facts.texts(ui.app.screen.query_one(Lines).lines)]
    await ui.press("escape")
    (choice,) = (await command("before", "2026-09-21 14:13"))["choice"]
    assert seconds(shown[0].removeprefix("Before ")) == second_of(choice["before"])
    restored = [found for text in shown if (found := facts.CHOICE.fullmatch(text))]
    completed = [seconds(found[1]) for text in shown if (found := facts.COMPLETE.fullmatch(text))]
    printed = [] if choice["restore_point"] is None else [choice["restore_point"]]
    assert [found.groups() for found in restored] == [(p["name"], p["store"], p["verdict"]) for p in printed]
    assert completed == [second_of(each["completed"]) for each in printed]


async def _where(ui: Story, command: Command) -> None:
    await ui.press("w")
    assert isinstance(ui.app.screen, WhereScreen)
    table = ui.app.screen.items
    shown = [{column.key: column.text(each) for column in table.columns} for each in table.records]
    await ui.press("escape", "escape")
    printed = (await command("where", ""))["items"]
    for cells, each in zip(shown, printed, strict=True):
        name, *former = each["names"]
        apart = f" [{each['id'][:ID_PREFIX_LENGTH]}]"
        assert cells["name"].removeprefix(name).removeprefix(apart) == (f" (was {', '.join(former)})" if former else "")
        assert (number(cells["in"]), number(cells["usable"])) == (each["restore_point_count"], each["usable"])
        assert cells["first"] == each["first"]["iso"][:10]
        _, _, state = cells["state"].partition(" ")
        since = f" {each['last']['iso'][:10]}" if each["state"] == "gone" else ""
        assert state == each["state"] + since


async def _diff(ui: Story, command: Command) -> None:
    points = ui.app.main_screen.catalog.points
    if len(points) < 2:
        return
    for point in (points[0], points[-1]):
        ui.app.main_screen.table.go_to(point.id)
        await ui.press("space")
    await ui.press("d")
    assert isinstance(ui.app.screen, ComparisonScreen)
    ids = [each.id for each in (ui.app.screen._comparison.older, ui.app.screen._comparison.newer)]
    older, newer, *rest = facts.texts(ui.app.screen.query_one(Lines).lines)
    await ui.press("escape")
    names = (f"{store}/{name}" for store, name in ids)
    (printed,) = (await command("diff", *names))["comparison"]
    for (text,), side in ((older, "older"), (newer, "newer")):
        found = facts.COMPARED.fullmatch(text)
        assert found is not None
        assert found["name"] == printed[side]["name"]
        assert seconds(found["started"]) == second_of(printed[side]["started"])
    meaning = takewhile(bool, (row[0] for row in rest))
    assert facts.squeezed(*meaning) == facts.squeezed(*(each["text"] for each in printed["impact"]))
    for what, column in (("added", 2), ("removed", 1)):
        shown = [(row[column], row[3]) for row in rest if row[0].endswith(f" geodatabase {what}")]
        assert shown == [(each["name"], each["id"]) for each in printed["geodatabases"][what]]


async def _timeline(ui: Story, command: Command) -> None:
    await ui.press("t")
    screen = ui.app.screen
    assert isinstance(screen, TimelineScreen)
    shown = [screen.lanes.row_key(row) for row in range(screen.lanes.count)]
    await ui.press("escape")
    printed = (await command("timeline"))["lanes"]
    assert shown == [*((each["store"], each["kind"]) for each in printed), ("", "expires")]


async def _status(ui: Story, command: Command) -> None:
    shown = facts.listed(await _by_itself(ui), "Last operation")
    if not _is_known(ui.app.main_screen.site_state.status):
        assert shown[0][0] == "status"
        return
    (printed,) = (await command("status"))["status"]
    seen = dict(shown)
    for name in ("operation", "state", "backup", "store"):
        assert said(seen[name]) == (printed[name] or None)
    for name in ("started", "completed"):
        assert seconds(seen[name]) == second_of(printed[name])
    assert [pair for pair in shown if pair[0] in {each["name"] for each in printed["stages"]}] == [
        (each["name"], " ".join(filter(None, (each["state"], each["duration"])))) for each in printed["stages"]
    ]
    progress = printed["progress"]
    assert seen.get("summary") == (progress["text"] if progress is not None else None)
    if progress is not None:
        assert [value for name, value in shown if name.endswith(" says")] == [
            each["text"] for each in progress["sources"]
        ]
        assert seen["sources agree"] == ("yes" if progress["sources_agree"] else "no")


async def _schedules(ui: Story, command: Command) -> None:
    shown = facts.listed(await _by_itself(ui), "Schedules")
    if not _is_known(ui.app.main_screen.site_state.schedules):
        assert shown[0][0] == "schedules"
        return
    printed = (await command("schedules"))["schedules"]
    if not printed:
        assert [": ".join(each) for each in shown] == [NO_SCHEDULE]
        return
    for (title, rest), each in zip(shown, printed, strict=True):
        if each["task"] is None:  # no schedule makes these any more: the names of the backups tell of it
            assert (title, rest.partition(" (")[0].partition(",")[0]) == (each["title"], f"state {each['state']}")
            continue
        found = facts.SCHEDULE.fullmatch(f"{title}: {rest}")
        assert found is not None
        assert found["title"] == (each["title"] or each["id"])
        for name in ("task", "state", "cron", "store", "prefix"):
            assert (found[name] or "") == (each[name] or "")
        assert seconds(found["last_start"]) == second_of(each["last_start"])
        plan = each["runs"]
        assert seconds(found["next"]) == (None if plan is None else second_of(plan["next_run"]))
        if found["missed"] is not None:
            assert int(found["missed"]) == len(plan["missed"])
            assert int(found["failed"]) == len(plan["failed"])


def _is_known(answer: Fetched[Any] | None) -> bool:
    return answer is not None and answer.value is not None


async def _by_itself(ui: Story) -> list[Line]:
    """The lines of the screen that enter on the site opens."""
    await ui.press("1", "enter")
    shown = list(ui.app.screen.query_one(Lines).lines)
    await ui.press("escape", "3")
    return shown


async def _keys(ui: Story, command: Command) -> None:
    printed = [line.strip().partition("  ") for line in (await command("keys"))["printed"] if line.startswith(" ")]
    await ui.press("question_mark")
    shown = [tuple(row) for row in facts.texts(ui.app.screen.query_one(Lines).lines) if len(row) == 2]
    await ui.press("escape")
    assert printed
    assert shown[: len(printed)] == [(keys, meaning.strip()) for keys, _, meaning in printed]


COMPARED: dict[str, Compared] = {
    "list": _list,
    "show": _show,
    "stores": _stores,
    "gaps": _gaps,
    "check": _check,
    "before": _before,
    "where": _where,
    "diff": _diff,
    "timeline": _timeline,
    "status": _status,
    "schedules": _schedules,
    "keys": _keys,
}
"""Commands whose screen is compared here; what each shows is said by its name."""

ELSEWHERE = {
    "sites": "screen `sites`; compared in tests/ui/test_sites.py, for there are several sites",
    "runbook": "menu `C`; compared to the letter in tests/ui/test_export.py",
    "report": "for auditors: a document; what it counts is in the list, its gaps are the missed runs and lanes",
    "history": "saved copies are opened as sites; to carry them away or forget them is no looking",
    "demo": "what starts it; a site that is simulated is a site",
    "completion": "for the shell",
    "paths": "where files lie: asked in a shell, where they can be reached",
}
"""Commands that are not compared here, and why."""

SCREENS = {
    "MainScreen": "list, show, stores, gaps, check: the four panes and the headline",
    "ComparisonScreen": "diff",
    "TimelineScreen": "timeline",
    "GanttScreen": "show: the lines that it ends with",
    "WhereScreen": "where",
    "SitesScreen": "sites",
    "PointInTimeDialog": "before: its question",
    "TextScreen": "status and schedules, before, keys, runbook: any text; the raw record is that of `show --json`",
    "RequestLogScreen": "--log-file: what is asked, and how it goes",
    "SignInDialog": "a question: options --user, --password-file, --token-file",
    "ColumnPicker": "a question: list --columns",
    "ChoiceMenu": "a question: what to take along; show --json, runbook",
    "SaveFileDialog": "a question: where to; > in a shell",
}
"""Screens that can be opened, and by which command the same is had."""


def opened() -> set[str]:
    """The screens of the house that are no part of another."""
    found: set[type] = set()
    for module in pkgutil.walk_packages(ui.__path__, f"{ui.__name__}."):
        held = vars(importlib.import_module(module.name)).values()
        found |= {each for each in held if isinstance(each, type) and issubclass(each, Screen)}
    packages = tuple(f"{ui.__name__}.{name}." for name in ("main", "screens", "dialogs"))
    own = {each for each in found if each.__module__.startswith(packages)}
    return {each.__name__ for each in own if not any(each in other.__mro__[1:] for other in own)} | {"TextScreen"}


def test_command_has_a_screen_or_a_reason_when_it_prints_facts() -> None:
    assert sorted([*COMPARED, *ELSEWHERE]) == sorted(COMMANDS)


def test_screen_has_a_command_or_a_reason_when_it_shows_facts() -> None:
    assert opened() == SCREENS.keys()
    mentioned = " ".join(SCREENS.values())
    assert [each for each in COMPARED if each not in mentioned] == []


def printed(*arguments: str) -> tuple[int, str]:
    """The exit code of a command, and what it prints: beside an app, which takes the place of standard output."""
    with redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")) as out, redirect_stderr(io.StringIO()):
        code = main(list(arguments))
        out.seek(0)
        return code, out.read()


EVERY_TIME = {"half-failed", "running", "empty", "hostile"}
"""Scenarios of the default suite: verdicts of every kind, an operation that goes on, nothing at all, odd texts."""


@pytest.mark.parametrize(
    "scenario", [pytest.param(each, marks=() if each in EVERY_TIME else pytest.mark.full) for each in SCENARIOS]
)
async def test_screen_and_command_agree_when_they_show_one_scenario(scenario: str) -> None:
    async def command(name: str, *arguments: str) -> Json:
        options = () if name == "keys" else (f"--demo={scenario}", "--now", str(NOW), "--no-history", "--json")
        code, out = await asyncio.to_thread(printed, name, *arguments, *options)  # it has an event loop of its own
        assert code < REFUSED or name == "check"
        if name == "keys":
            return {"printed": out.splitlines()}
        document: Json = json.loads(out)
        return document

    async with story(scenario, size=(250, 60)) as ui:
        for compared in COMPARED.values():
            await compared(ui, command)
