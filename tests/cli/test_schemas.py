"""Every JSON document fits the schema of its command, and has no field that the schema does not list."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

import drtui
from drtui.cli.parser import COMMANDS
from drtui.demo.faults import Faults
from drtui.demo.scenarios import SCENARIOS
from tests.cli.running import run
from tests.conftest import NOW
from tests.schemas import closed, make_schema

jsonschema: Any = pytest.importorskip("jsonschema", reason="the test extra is not installed whole: no jsonschema")

Capture = pytest.CaptureFixture[str]
FOLDER = Path(drtui.__file__).parent / "docs" / "schema"
AT = ("--now", str(NOW), "--no-history")

OF_SCENARIOS: dict[str, tuple[tuple[str, ...], ...]] = {
    "list": (("--limit", "60"), ("--limit", "5", "--group", "day", "--filter", "verdict:usable")),
    "show": ((),),
    "stores": ((),),
    "status": ((),),
    "schedules": ((),),
    "gaps": ((), ("--rpo", "2h")),
    "before": (("2026-09-21T14:13",), ("2026-09-01",), ("2001-01-01",), ("2027-01-01",)),
    "where": (("roads",), ("zoning",), ("nothing",)),
    "diff": ((),),
    "timeline": (("--days", "10"),),
    "coverage": ((),),
    "report": ((),),
    "check": ((), ("--coverage",)),
    "doctor": ((),),
}
"""For each command about one site: its arguments; names of restore points are taken from the list."""

CHANGES = {
    "create": ("backup-1",),
    "keep": ("NEWEST", "--for", "30d"),
    "validate": ("nightly-pv",),
    "pause": ("nightly",),
    "resume": ("nightly",),
    "delete": ("NEWEST",),
    "restore": ("NEWEST",),
}
WITHOUT_SITE: dict[str, tuple[tuple[str, ...], ...]] = {
    "sites": (("--demo",),),
    "history": (("list",),),
    "journal": ((),),
    "config": (("path",), ("show",), ("validate",)),
}
FAULTS = (
    Faults(error_code=500, only=("archive-s3",)),
    Faults(error_code=403),
    Faults(error_code=403, only=("tasks",)),
    Faults(error_code=500, only=("status",)),
    Faults(error_code=403, only=("data",)),
    Faults(error_code=500, only=("settings",)),
    Faults(drop=True),
)
"""What may be wrong with a site whose documents must fit, too."""

TYPING_ERROR = ("--jsno",)


def names_in(capsys: Capture, scenario: str) -> list[str]:
    """Return the names of restore points of a scenario: the newest, an old one and the oldest."""
    rows = json.loads(run(capsys, "list", f"--demo={scenario}", *AT, "--json").out)["restore_points"]
    labels = [row["label"] for row in rows if row.get("label")] or [row["name"] for row in rows]
    return [labels[0], labels[len(labels) // 2], labels[-1]] if labels else []


def documents(capsys: Capture, command: str, scenarios: Iterator[str] | tuple[str, ...]) -> Iterator[Any]:
    """Yield what a command prints: for each scenario, without a site, and for a typing error."""
    for scenario in scenarios:
        if command in OF_SCENARIOS:
            names = names_in(capsys, scenario)
            for words in OF_SCENARIOS[command]:
                for chosen in _with_names(command, words, names):
                    yield document(capsys, command, *chosen, f"--demo={scenario}", *AT)
        elif command in CHANGES:
            newest = (names_in(capsys, scenario) or ["nothing"])[0]
            words = tuple(newest if word == "NEWEST" else word for word in CHANGES[command])
            for mode in ((), ("--dry-run",), ("--allow-changes", "--yes", words[0])):
                yield document(capsys, command, *words, f"--demo={scenario}", "--no-history", *mode)
    for words in WITHOUT_SITE.get(command, ()):
        yield document(capsys, command, *words)
    yield document(capsys, command, *TYPING_ERROR)


def documents_of_failing_site(capsys: Capture, command: str, app: Starlette, site: str) -> Iterator[Any]:
    """Yield what a command about a site prints while something is wrong with the site."""
    names = names_in(capsys, "calm")
    for faults in FAULTS:
        app.state.faults = faults
        for words in _with_names(command, OF_SCENARIOS[command][0], names[:1]):
            yield document(capsys, command, *words, site, *AT)


def _with_names(command: str, words: tuple[str, ...], names: list[str]) -> list[tuple[str, ...]]:
    if command == "show":
        return [(name, *words) for name in names]
    if command == "diff":
        return [(name, names[0], *words) for name in names]
    return [words]


def document(capsys: Capture, *words: str) -> Any:
    """Return the JSON that a command prints."""
    return json.loads(run(capsys, *words, "--json").out)


def check(command: str, whole: Any) -> None:
    """Check a document against the schema of its command, closed."""
    schema = json.loads((FOLDER / f"{command}.json").read_text(encoding="utf-8"))
    errors = jsonschema.Draft202012Validator(closed(schema)).iter_errors(whole)
    best = jsonschema.exceptions.best_match(errors)
    assert best is None, f"{command}: {list(best.absolute_path)}: {best.message[:300]}"


ALL = (*OF_SCENARIOS, *CHANGES, *WITHOUT_SITE)


@pytest.fixture(autouse=True)
def passcode(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passcode for the commands that need one."""
    monkeypatch.setenv("DRTUI_PASSCODE", "planted-passcode")


@pytest.fixture
def saved(capsys: Capture, request: pytest.FixtureRequest, command: str) -> None:
    """History and a journal for the commands that print them."""
    if command in {"history", "journal"}:
        site = request.getfixturevalue("site")
        run(capsys, "list", site)
        run(capsys, "create", "backup-1", site, "--allow-changes", "--yes", "backup-1")


@pytest.mark.full
@pytest.mark.usefixtures("saved")
@pytest.mark.parametrize("command", ALL)
def test_documents_fit_their_schema_when_a_scenario_is_printed(
    capsys: Capture, request: pytest.FixtureRequest, command: str
) -> None:
    wholes = list(documents(capsys, command, tuple(SCENARIOS)))
    if command in OF_SCENARIOS:
        app, site = request.getfixturevalue("app"), request.getfixturevalue("site")
        wholes += documents_of_failing_site(capsys, command, app, site)
    if request.config.getoption("--draw"):
        answers = [whole for whole in wholes if whole.keys() != {"schema", "failures"}]
        schema = make_schema(command, COMMANDS[command].help, answers)
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{command}.json").write_text(json.dumps(schema, indent=1) + "\n", encoding="utf-8")
    assert len(wholes) > 1
    for whole in wholes:
        check(command, whole)


@pytest.mark.usefixtures("saved")
@pytest.mark.parametrize("command", ALL)
def test_documents_fit_their_schema_when_a_few_are_printed(capsys: Capture, command: str) -> None:
    scenarios = ("half-failed",) if command in OF_SCENARIOS else ("calm",)
    for whole in documents(capsys, command, scenarios):
        check(command, whole)


def test_schema_exists_for_every_command_that_prints_json() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == sorted(ALL)


@pytest.mark.parametrize("command", ["list", "stores", "check"])
def test_documents_fit_their_schema_when_the_site_fails(
    capsys: Capture, app: Starlette, site: str, command: str
) -> None:
    for whole in documents_of_failing_site(capsys, command, app, site):
        check(command, whole)


@pytest.mark.parametrize(
    "change",
    [{"state": "fine"}, {"schema": 2}, {"exit_code": "0"}, {"new": 1}, {"findings": [{"text": "only"}]}],
    ids=str,
)
def test_schema_rejects_a_document_when_a_field_differs(capsys: Capture, change: dict[str, Any]) -> None:
    whole = document(capsys, "check", "--demo", *AT)
    check("check", whole)
    with pytest.raises(AssertionError, match="check"):
        check("check", {**whole, **change})
