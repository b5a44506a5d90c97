"""Every screen and its command show the same facts, in every scenario.

Values parsed from the screen are compared with the JSON of the command; equality of the texts is tested beside each
screen.
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

from drtui import ui as ui_package
from drtui.__main__ import main
from drtui.cli.exit_codes import REFUSED
from drtui.cli.parser import COMMANDS
from drtui.core.analysis.point_in_time import Role
from drtui.core.contents.describe import ID_PREFIX_LENGTH
from drtui.core.listing.rows import MissedRun
from drtui.core.model.site_state import Fetched
from drtui.core.verdict.restore_points import RestorePoint
from drtui.demo.scenarios import SCENARIOS
from drtui.keybindings import key_table
from drtui.output.schedules import NO_SCHEDULE
from drtui.ui.screens.activity import ActivityScreen
from drtui.ui.screens.before import BeforeScreen
from drtui.ui.screens.comparison import ComparisonScreen
from drtui.ui.screens.help_screen import HelpScreen
from drtui.ui.screens.timeline import TimelineScreen
from drtui.ui.screens.where import WhereScreen
from drtui.ui.widgets.styled_lines import Lines
from tests.conftest import NOW
from tests.ui import facts
from tests.ui.stories import UiPilot, open_demo
from tests.values import is_span_of, number, printed_value, second_of, seconds

Json = dict[str, Any]
Command = Callable[..., Awaitable[Json]]
"""Runs a command, and returns its JSON."""
Compared = Callable[[UiPilot, Command], Awaitable[None]]


async def _list(ui: UiPilot, command: Command) -> None:
    table = ui.app.main_screen.panes.table
    rows = [
        {column.key: column.text(record) for column in table.columns}
        for record in table.records
        if isinstance(record, RestorePoint)
    ]
    printed = (await command("list"))["restore_points"]
    for cells, record in zip(rows, printed, strict=True):
        assert printed_value(cells["name"]) == (record["name"] or None)
        assert cells["verdict"].partition(" ")[2] == record["verdict"]
        assert (cells["store"], cells["kind"]) == (record["store"], record["kind"])
        assert printed_value(cells["release"]) == (record["release"] or None)
        started = seconds(printed_value(cells["started"]) and f"{cells['started']}:00+00:00")
        assert started == _minute(second_of(record["started"]))
        if record["duration_ms"] is not None:
            assert is_span_of(cells["took"], record["duration_ms"])


def _minute(second: int | None) -> int | None:
    """Return the second at which the minute of `second` began."""
    return None if second is None else second // 60 * 60


async def _show(ui: UiPilot, command: Command) -> None:
    point = ui.app.main_screen.panes.point
    if point is None:
        return
    backup = point.backup
    (printed,) = (await command("show", f"{backup.store}/{backup.name}"))["restore_points"]
    columns = ui.app.main_screen.panes.detail.columns
    point_facts = facts.point(columns["facts"])
    for name in ("name", "store", "release"):
        assert point_facts[name] == facts.squeezed(printed[name])
    assert point_facts["verdict"] == printed["verdict"]
    assert point_facts["reasons"] == facts.squeezed(*(part["text"] for part in printed["reasons"]))
    assert seconds(point_facts["started"]) == second_of(printed["started"])
    assert seconds(point_facts["completed"]) == second_of(printed["completed"])
    parts = [part for name in ("relational", "objects", "others") for part in facts.parts(columns[name])]
    recorded = [part for part in parts if part["lines"] != ["not in the record"]]
    for part_facts, part in zip(recorded, printed["parts"], strict=True):
        assert part_facts["heading"].endswith(part["cluster"])
        assert facts.part_status(part_facts) == part["status"]
        assert (part_facts["system_databases"], part_facts["buckets"]) == (part["system_databases"], part["buckets"])
        assert part_facts["geodatabases"] == [(gdb["name"], gdb["id"][:8]) for gdb in part["geodatabases"]]


async def _stores(ui: UiPilot, command: Command) -> None:
    rows = [row for row in ui.app.main_screen.panes.stores.records if row.key]
    printed = (await command("stores"))["stores"]
    for row, store in zip(rows, printed, strict=True):
        assert row.name == f"{store['name']} default" if store["default"] else store["name"]
        assert (printed_value(row.type), printed_value(row.registered.split()[0])) == (
            store["type"],
            store["created_by"],
        )
        if store["restore_points"] is None:
            assert row.points == "?"
            continue
        assert int(row.points.replace(",", "")) == store["restore_points"]
        newest = store["newest_usable"]
        assert (row.newest == "none") is (newest is None)
        if newest is not None:
            assert is_span_of(row.newest, NOW - newest["epoch_ms"])


async def _gaps(ui: UiPilot, command: Command) -> None:
    rows = [row for row in ui.app.main_screen.panes.table.records if isinstance(row, MissedRun)]
    due_times = [at for row in rows for at in (row.at, *row.others)]
    printed = (await command("gaps"))["gaps"]
    assert sorted(due_times) == sorted(event["due"]["epoch_ms"] for event in printed if event["event"] == "missed run")


async def _check(ui: UiPilot, command: Command) -> None:
    exposure, headline_facts = (await command("check"))["rpo"], facts.headline(ui.app.main_screen.panes.headline.lines)
    assert headline_facts["name"] == exposure["newest_usable"]
    if headline_facts["name"] is not None:
        assert (headline_facts["met"] == "within") is exposure["target_met"]
        assert is_span_of(headline_facts["age"], exposure["age_ms"])
        assert is_span_of(headline_facts["target"], exposure["target_ms"])


async def _before(ui: UiPilot, command: Command) -> None:
    await ui.press("b", "enter")
    texts = [row[-1] for row in facts.texts(ui.app.screen.query_one("#answer", Lines).lines)]
    assert isinstance(ui.app.screen, BeforeScreen)
    roles: dict[Role, list[str]] = {role: [] for role in Role}
    for candidate in ui.app.screen.table.records:
        roles[candidate.role].append(candidate.point.backup.name)
    await ui.press("escape")
    (choice,) = (await command("before", "2026-09-21 14:13"))["choice"]
    assert seconds(texts[0].removeprefix("Before ")) == second_of(choice["before"])
    restored = [match for text in texts if (match := facts.CHOICE.fullmatch(text))]
    completed = [seconds(match[1]) for text in texts if (match := facts.COMPLETE.fullmatch(text))]
    printed = [] if choice["restore_point"] is None else [choice["restore_point"]]
    assert [match.groups() for match in restored] == [(p["name"], p["store"], p["verdict"]) for p in printed]
    assert completed == [second_of(point["completed"]) for point in printed]
    assert roles[Role.RECOMMENDED] == [point["name"] for point in printed]
    assert roles[Role.SKIPPED] == [point["name"] for point in choice["skipped"]]
    assert roles[Role.RUNNING] == [point["name"] for point in choice["in_progress"]]


async def _where(ui: UiPilot, command: Command) -> None:
    await ui.press("w")
    assert isinstance(ui.app.screen, WhereScreen)
    table = ui.app.screen.items
    rows = [{column.key: column.text(item) for column in table.columns} for item in table.records]
    await ui.press("escape", "escape")
    printed = (await command("where", ""))["items"]
    for cells, item in zip(rows, printed, strict=True):
        name, *former_names = item["names"]
        id_suffix = f" [{item['id'][:ID_PREFIX_LENGTH]}]"
        assert cells["name"].removeprefix(name).removeprefix(id_suffix) == (
            f" (was {', '.join(former_names)})" if former_names else ""
        )
        assert (number(cells["in"]), number(cells["usable"])) == (item["restore_point_count"], item["usable"])
        assert cells["first"] == item["first"]["iso"][:10]
        _, _, state = cells["state"].partition(" ")
        since = f" {item['last']['iso'][:10]}" if item["state"] == "gone" else ""
        assert state == item["state"] + since


async def _diff(ui: UiPilot, command: Command) -> None:
    points = ui.app.main_screen.site.catalog.points
    if len(points) < 2:
        return
    for point in (points[0], points[-1]):
        ui.app.main_screen.panes.table.go_to(point.id)
        await ui.press("space")
    await ui.press("d")
    assert isinstance(ui.app.screen, ComparisonScreen)
    ids = [entry.id for entry in (ui.app.screen._comparison.older, ui.app.screen._comparison.newer)]
    older, newer, *rest = facts.texts(ui.app.screen.query_one("#rows", Lines).lines)
    await ui.press("escape")
    names = (f"{store}/{name}" for store, name in ids)
    (printed,) = (await command("diff", *names))["comparison"]
    for (text,), side in ((older, "older"), (newer, "newer")):
        match = facts.COMPARED.fullmatch(text)
        assert match is not None
        assert match["name"] == printed[side]["name"]
        assert seconds(match["started"]) == second_of(printed[side]["started"])
    meaning = takewhile(bool, (row[0] for row in rest))
    assert facts.squeezed(*meaning) == facts.squeezed(*(entry["text"] for entry in printed["impact"]))
    for change, column in (("added", 2), ("removed", 1)):
        geodatabases = [(row[column], row[3]) for row in rest if row[0].endswith(f" geodatabase {change}")]
        assert geodatabases == [(entry["name"], entry["id"]) for entry in printed["geodatabases"][change]]


async def _timeline(ui: UiPilot, command: Command) -> None:
    await ui.press("t")
    screen = ui.app.screen
    assert isinstance(screen, TimelineScreen)
    lane_keys = [screen.lanes.row_key(row) for row in range(screen.lanes.count)]
    await ui.press("escape")
    printed = (await command("timeline"))["lanes"]
    assert lane_keys == [*((lane["store"], lane["kind"]) for lane in printed), ("", "expires")]


async def _status(ui: UiPilot, command: Command) -> None:
    rows = facts.listed(await _activity_lines(ui), "Last operation")
    if not _is_known(ui.app.main_screen.site.site_state.status):
        assert rows[0][0].startswith("status: ")
        return
    (printed,) = (await command("status"))["status"]
    values = {name: "  ".join(value) for name, *value in rows}
    for name in ("operation", "state", "backup", "store"):
        assert printed_value(values[name]) == (printed[name] or None)
    for name in ("started", "completed"):
        assert seconds(values[name]) == second_of(printed[name])
    for stage in printed["stages"]:
        state, *took = values[stage["name"]].split("  ")
        assert state.strip() == stage["state"]
        assert not took or is_span_of(took[-1].strip(), int(stage["duration"].partition(" millis")[0]))
    progress = printed["progress"]
    assert values.get("summary") == (progress["text"] if progress is not None else None)
    if progress is not None:
        says = [value for name, value in values.items() if name.endswith(" says")]
        assert says == [entry["text"] for entry in progress["sources"]]
        agreement = ("sources agree", "yes") if progress["sources_agree"] else ("sources disagree", "trust the record")
        assert values[agreement[0]] == agreement[1]


async def _schedules(ui: UiPilot, command: Command) -> None:
    rows = facts.listed(await _activity_lines(ui), "Schedules")
    if not _is_known(ui.app.main_screen.site.site_state.schedules):
        assert rows[0][0].startswith("schedules: ")
        return
    printed = (await command("schedules"))["schedules"]
    if not printed:
        assert rows == [[NO_SCHEDULE]]
        return
    header, *schedules = rows
    for cells, schedule in zip(schedules, printed, strict=True):
        values = {name: printed_value(cell) for name, cell in zip(header, cells, strict=True)}
        state = (values["STATE"] or "").partition(" (")[0]
        assert (values["TITLE"], state) == (schedule["title"] or schedule["id"], schedule["state"])
        if schedule["task"] is None:  # backups of a deleted schedule, recognised by their names
            continue
        for name, key in (("TASK", "task"), ("CRON (QUARTZ, UTC)", "cron"), ("STORE", "store"), ("PREFIX", "prefix")):
            assert (values[name] or "") == (schedule[key] or "")
        assert seconds(values["LAST START"]) == second_of(schedule["last_start"])
        runs = schedule["runs"]
        assert seconds(values["NEXT RUN"]) == (None if runs is None else second_of(runs["next_run"]))
        if (values["MISSED"] or "").isdigit():
            assert (values["MISSED"], values["FAILED"]) == (str(len(runs["missed"])), str(len(runs["failed"])))


def _is_known(answer: Fetched[Any] | None) -> bool:
    return answer is not None and answer.value is not None


async def _activity_lines(ui: UiPilot) -> list[str]:
    """Return the lines of the screen of operations and schedules, as they are exported."""
    await ui.press("1", "enter")
    screen = ui.app.screen
    assert isinstance(screen, ActivityScreen)
    await ui.press("escape", "3")
    return screen.export_text.splitlines()


async def _keys(ui: UiPilot, command: Command) -> None:
    printed = [line.strip().partition("  ") for line in (await command("keys"))["printed"] if line.startswith(" ")]
    await ui.press("question_mark")
    screen = ui.app.screen
    assert isinstance(screen, HelpScreen)
    await ui.press("escape")
    assert printed
    groups = {group for group, _, _ in key_table()}
    rows = [(row.term, row.meaning) for section in screen.sections if section.heading in groups for row in section.rows]
    assert rows == [(keys, meaning.strip()) for keys, _, meaning in printed]


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
"""Functions that compare a command with its screen, by command."""

NOT_COMPARED = {
    "sites": "screen `sites`; compared in tests/ui/test_sites.py, for there are several sites",
    "coverage": "in short in the detail of the newest usable restore point, as in `show`; the list is for a shell",
    "runbook": "screen `B` and menu `C`: one text, compared in tests/ui/test_documents.py and test_export.py",
    "report": "screen `A`: one text, compared in tests/ui/test_documents.py",
    "history": "saved copies are opened as sites; to carry them away or forget them is no looking",
    **dict.fromkeys(
        ("create", "keep", "validate", "pause", "resume", "delete", "restore"),
        "they change the site; both plan and send through drtui.session.operations",
    ),
    "doctor": "screen `D`; both show the steps that drtui.session.doctor yields, with the labels of one table",
    "help": "documents and options; the interface has its own help",
    "login": "prints a token to a pipe; the interface signs in for itself",
    "config": "the file of the configuration: asked in a shell, where it is edited",
    "journal": "what was changed, for all sites",
    "note": "writes a note; `N` does so, and the detail shows it",
    "demo": "what starts it; a site that is simulated is a site",
    "completion": "for the shell",
    "monitoring": "prints files for monitoring systems; nothing of a site",
    "paths": "where files lie: asked in a shell, where they can be reached",
}
"""Commands that are not compared here, with the reason."""

SCREENS = {
    "MainScreen": "list, show, stores, gaps, check: the four panes and the headline",
    "ComparisonScreen": "diff",
    "TimelineScreen": "timeline",
    "GanttScreen": "show: the lines that it ends with",
    "WhereScreen": "where",
    "SitesScreen": "sites",
    "PointInTimeDialog": "before: its question",
    "BeforeScreen": "before",
    "DocumentScreen": "runbook",
    "ReportScreen": "report",
    "GapsScreen": "gaps, schedules",
    "HelpScreen": "keys",
    "ActivityScreen": "status, schedules",
    "TextScreen": "gaps: any text; the raw record is that of `show --json`",
    "NoteDialog": "a question: the text of note",
    "CreateForm": "a question: options of create",
    "KeepForm": "a question: options of keep",
    "ChangePlanScreen": "create, keep, validate, pause, resume, delete, restore: --dry-run prints the same plan",
    "RequestLogScreen": "--log-file: what is asked, and how it goes",
    "SignInDialog": "a question: options --user, --password-file, --token-file",
    "SingleSignOnDialog": "a question: option --sso, and login",
    "DoctorScreen": "doctor",
    "ColumnPicker": "a question: list --columns",
    "ChoiceMenu": "a question: what to take along; show --json, runbook",
    "SaveFileDialog": "a question: where to; > in a shell",
}
"""Screens with the command that prints the same."""


def screen_names() -> set[str]:
    """Return the names of all screens of drtui that are not base classes of others."""
    screens: set[type] = set()
    for module in pkgutil.walk_packages(ui_package.__path__, f"{ui_package.__name__}."):
        members = vars(importlib.import_module(module.name)).values()
        screens |= {screen for screen in members if isinstance(screen, type) and issubclass(screen, Screen)}
    packages = tuple(f"{ui_package.__name__}.{name}." for name in ("main", "screens", "dialogs"))
    own = {screen for screen in screens if screen.__module__.startswith(packages)}
    return {screen.__name__ for screen in own if not any(screen in subclass.__mro__[1:] for subclass in own)} | {
        "TextScreen",
        "DocumentScreen",
    }


def test_command_has_a_screen_or_a_reason_when_it_prints_facts() -> None:
    assert sorted([*COMPARED, *NOT_COMPARED]) == sorted(COMMANDS)


def test_screen_has_a_command_or_a_reason_when_it_shows_facts() -> None:
    assert screen_names() == SCREENS.keys()
    mentioned = " ".join(SCREENS.values())
    assert [name for name in COMPARED if name not in mentioned] == []


def run_command(*arguments: str) -> tuple[int, str]:
    """Return exit code and output of a command; runs beside an app, which redirects standard output."""
    with redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")) as out, redirect_stderr(io.StringIO()):
        code = main(list(arguments))
        out.seek(0)
        return code, out.read()


DEFAULT_SCENARIOS = {"half-failed", "hostile"}
"""Scenarios of the default suite: all verdicts, hostile texts."""


@pytest.mark.parametrize(
    "scenario", [pytest.param(name, marks=() if name in DEFAULT_SCENARIOS else pytest.mark.full) for name in SCENARIOS]
)
async def test_screen_and_command_agree_when_they_show_one_scenario(scenario: str) -> None:
    async def command(name: str, *arguments: str) -> Json:
        options = () if name == "keys" else (f"--demo={scenario}", "--now", str(NOW), "--no-history", "--json")
        code, out = await asyncio.to_thread(run_command, name, *arguments, *options)  # it has an event loop of its own
        assert code < REFUSED or name == "check"
        if name == "keys":
            return {"printed": out.splitlines()}
        document: Json = json.loads(out)
        return document

    async with open_demo(scenario, size=(250, 60)) as ui:
        for compared in COMPARED.values():
            await compared(ui, command)
