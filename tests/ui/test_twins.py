"""Every screen and every command has its twin, and both show the same facts, on every scenario.

Facts are compared with the JSON of the command; that texts are the same to the letter is tested beside each screen.
"""

import asyncio
import importlib
import io
import json
import pkgutil
from collections.abc import Awaitable, Callable, Iterable
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import pytest
from textual.screen import Screen

from drtui.__main__ import main
from drtui.cli.arguments import COMMANDS
from drtui.cli.errors import REFUSED
from drtui.demo.scenarios import SCENARIOS
from drtui.model.catalog import RestorePoint
from drtui.model.entries import MissedRun
from drtui.model.moment import UTC, clock, stamp
from drtui.model.reading import Answer
from drtui.report.rows import NO_SCHEDULE
from drtui.ui import screens
from drtui.ui.screens.compare import Compare
from drtui.ui.screens.overtime import OverTime
from drtui.ui.screens.where import Where
from drtui.ui.widgets.lines import Line, Lines
from tests.conftest import NOW
from tests.ui.stories import Story, story

Json = dict[str, Any]
Command = Callable[..., Awaitable[Json]]
"""Prints what its arguments ask for, as JSON."""
Compared = Callable[[Story, Command], Awaitable[None]]


def flat(lines: Iterable[Line]) -> str:
    """What lines say, without blanks: how they are wrapped is no fact."""
    return "".join("".join(text for text, _ in each.pieces) for each in lines).replace(" ", "")


def says(text: str, *facts: str) -> None:
    """Each of the facts is in a text without blanks."""
    for each in facts:
        assert each.replace(" ", "") in text


def at(moment: Json | None) -> int | None:
    """A moment of JSON, epoch ms."""
    return None if moment is None else moment["epoch_ms"]


async def _list(told: Story, command: Command) -> None:
    table = told.app.browse.table
    shown = [
        {column.key: column.text(each) for column in table.columns}
        for each in table.records
        if isinstance(each, RestorePoint)
    ]
    printed = (await command("list"))["restore_points"]
    assert [(each["name"], each["verdict"].partition(" ")[2], each["started"], each["store"]) for each in shown] == [
        (each["name"] or "(no name)", each["verdict"], clock(at(each["started"]), UTC), each["store"])
        for each in printed
    ]


async def _show(told: Story, command: Command) -> None:
    point = told.app.browse.point
    if point is None:
        return
    backup = point.backup
    (printed,) = (await command("show", f"{backup.store}/{backup.name}"))["restore_points"]
    shown = flat(each for column in told.app.browse.detail.columns.values() for each in column.lines)
    says(shown, printed["name"], printed["verdict"], stamp(at(printed["started"]), UTC), printed["store"])
    says(shown, *(each["text"] for each in printed["reasons"]))
    for part in printed["parts"]:
        says(shown, part["cluster"], part["status"] or "", *part["system_databases"], *part["buckets"])
        says(shown, *(f"{each['name']}  {each['id']}" for each in part["geodatabases"]))


async def _stores(told: Story, command: Command) -> None:
    lines = [each for each in told.app.browse.stores.lines if each.key]
    printed = (await command("stores"))["stores"]
    assert [each.key for each in lines] == [each["name"] for each in printed]
    for line, each in zip(lines, printed, strict=True):
        number = each["restore_points"]
        says(flat([line]), "(default)" if each["default"] else "", each["type"] if number is not None else "")
        says(flat([line]), f"  {number}," if number is not None else "")


async def _gaps(told: Story, command: Command) -> None:
    shown = [each.at for each in told.app.browse.table.records if isinstance(each, MissedRun)]
    printed = (await command("gaps"))["gaps"]
    assert sorted(shown) == sorted(each["due"]["epoch_ms"] for each in printed if each["what"] == "missed run")


async def _check(told: Story, command: Command) -> None:
    exposure, shown = (await command("check"))["exposure"], flat(told.app.browse.headline.lines)
    newest = exposure["newest_usable"]
    says(shown, newest if newest is not None else "othing")
    if newest is not None and exposure["target_met"]:
        says(shown, "within the target")


async def _before(told: Story, command: Command) -> None:
    await told.press("b", "enter")
    shown = flat(told.app.screen.query_one(Lines).lines)
    await told.press("escape")
    (choice,) = (await command("before", "2026-09-21 14:13"))["choice"]
    says(shown, "2026-09-21 14:13")
    if choice["restore"] is not None:
        says(shown, choice["restore"]["name"], choice["restore"]["store"])


async def _where(told: Story, command: Command) -> None:
    await told.press("w")
    assert isinstance(told.app.screen, Where)
    table = told.app.screen.things
    shown = [{column.key: column.text(each) for column in table.columns} for each in table.records]
    await told.press("escape", "escape")
    printed = (await command("where", ""))["found"]
    assert [(each["in"], each["usable"]) for each in shown] == [(str(p["in"]), str(p["usable"])) for p in printed]
    for cells, each in zip(shown, printed, strict=True):
        says(cells["name"].replace(" ", ""), *each["names"])
        says(cells["state"].replace(" ", ""), each["standing"])


async def _diff(told: Story, command: Command) -> None:
    points = told.app.browse.catalog.points
    if len(points) < 2:
        return
    for point in (points[0], points[-1]):
        told.app.browse.table.go_to(point.id)
        await told.press("space")
    await told.press("d")
    assert isinstance(told.app.screen, Compare)
    ids = [each.id for each in (told.app.screen._found.older, told.app.screen._found.newer)]
    shown = flat(told.app.screen.query_one(Lines).lines)
    await told.press("escape")
    names = (f"{store}/{name}" for store, name in ids)
    (printed,) = (await command("diff", *names))["comparison"]
    says(shown, printed["older"]["name"], printed["newer"]["name"], *(each["text"] for each in printed["meaning"]))
    for what in ("added", "removed"):
        says(shown, *(each["name"] for each in printed["geodatabases"][what]))


async def _timeline(told: Story, command: Command) -> None:
    await told.press("t")
    screen = told.app.screen
    assert isinstance(screen, OverTime)
    shown = [screen.lanes.stands_for(row) for row in range(screen.lanes.count)]
    text = told.text.replace(" ", "")
    await told.press("escape")
    printed = (await command("timeline"))["lanes"]
    assert shown == [*((each["store"], each["kind"]) for each in printed), ("", "expires")]
    says(text, *(each["kind"] for each in printed))


async def _status(told: Story, command: Command) -> None:
    shown = await _by_itself(told)
    if not _is_known(told.app.browse.reading.status):
        says(shown, "status:")
        return
    (printed,) = (await command("status"))["status"]
    says(shown, printed["operation"] or "", printed["state"] or "", printed["backup"] or "", *printed["messages"])
    says(shown, stamp(at(printed["started"]), UTC) if printed["started"] else "")
    says(shown, *(each["name"] for each in printed["stages"]))
    if printed["progress"] is not None:
        says(shown, printed["progress"]["text"], *(each["said"] for each in printed["progress"]["witnesses"]))


async def _schedules(told: Story, command: Command) -> None:
    shown = await _by_itself(told)
    if not _is_known(told.app.browse.reading.schedules):
        says(shown, "schedules:")
        return
    printed = (await command("schedules"))["schedules"]
    says(shown, *([] if printed else [NO_SCHEDULE]))
    for each in printed:
        says(shown, each["title"] or each["id"], each["cron"] or "", each["store"] or "", each["prefix"] or "")
        planned = each["plan"]
        if planned is not None and planned["next"] is not None:
            says(shown, stamp(at(planned["next"]), UTC))


def _is_known(answer: Answer[Any] | None) -> bool:
    return answer is not None and answer.value is not None


async def _by_itself(told: Story) -> str:
    """What the screen says that enter on the site opens."""
    await told.press("1", "enter")
    shown = flat(told.app.screen.query_one(Lines).lines)
    await told.press("escape", "3")
    return shown


async def _keys(told: Story, command: Command) -> None:
    printed = (await command("keys"))["printed"]
    await told.press("question_mark")
    shown = flat(told.app.screen.query_one(Lines).lines)
    await told.press("escape")
    assert printed
    says(shown, *(line.partition("  ")[2] for line in printed if line.startswith(" ")))


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
    "runbook": "menu `C`; compared to the letter in tests/ui/test_taking.py",
    "report": "for auditors: a document; what it counts is in the list, its gaps are the missed runs and lanes",
    "history": "saved copies are opened as sites; to carry them away or forget them is no looking",
    "demo": "what starts it; a site that is simulated is a site",
    "completion": "for the shell",
    "paths": "where files lie: asked in a shell, where they can be reached",
}
"""Commands that are not compared here, and why."""

SCREENS = {
    "Browse": "list, show, stores, gaps, check: the four panes and the headline",
    "Compare": "diff",
    "TimelineScreen": "timeline",
    "Parts": "show: the lines that it ends with",
    "Where": "where",
    "Sites": "sites",
    "Before": "before: its question",
    "TextScreen": "status and schedules, before, keys, runbook: any text; the raw record is that of `show --json`",
    "Requests": "--log-file: what is asked, and how it goes",
    "Ask": "a question: options --user, --password-file, --token-file",
    "Columns": "a question: list --columns",
    "Menu": "a question: what to take along; show --json, runbook",
    "Save": "a question: where to; > in a shell",
}
"""Screens that can be opened, and by which command the same is had."""


def opened() -> set[str]:
    """The screens of the house that are no part of another."""
    found: set[type] = set()
    for module in pkgutil.iter_modules(screens.__path__):
        held = vars(importlib.import_module(f"{screens.__name__}.{module.name}")).values()
        found |= {each for each in held if isinstance(each, type) and issubclass(each, Screen)}
    own = {each for each in found if each.__module__.startswith(screens.__name__)}
    return {each.__name__ for each in own if not any(each in other.__mro__[1:] for other in own)} | {"TextScreen"}


def test_every_command_has_its_screen_or_a_reason() -> None:
    assert sorted([*COMPARED, *ELSEWHERE]) == sorted(COMMANDS)


def test_every_screen_has_its_command_or_a_reason() -> None:
    assert opened() == SCREENS.keys()
    mentioned = " ".join(SCREENS.values())
    assert [each for each in COMPARED if each not in mentioned] == []


def printed(*arguments: str) -> tuple[int, str]:
    """The exit code of a command, and what it prints: beside an app, which takes the place of standard output."""
    with redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")) as out, redirect_stderr(io.StringIO()):
        code = main(list(arguments))
        out.seek(0)
        return code, out.read()


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_both_show_the_same_facts(scenario: str) -> None:
    async def command(name: str, *arguments: str) -> Json:
        options = () if name == "keys" else (f"--demo={scenario}", "--now", str(NOW), "--no-history", "--json")
        code, out = await asyncio.to_thread(printed, name, *arguments, *options)  # it has an event loop of its own
        assert code < REFUSED or name == "check"
        if name == "keys":
            return {"printed": out.splitlines()}
        document: Json = json.loads(out)
        return document

    async with story(scenario, size=(220, 60)) as told:
        for compared in COMPARED.values():
            await compared(told, command)
