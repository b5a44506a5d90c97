"""Planted secrets appear in no output and no file, in every scenario, and with every fault."""

import json
from pathlib import Path
from typing import Any

import pytest

from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.core.wire.known_secrets import HIDDEN
from drtui.demo.app import make_app
from drtui.demo.faults import NAMED, Faults, parse_fault
from drtui.demo.scenarios import IDENTITY_KEY, PASSWORD, SCENARIOS, TOKEN, USER
from drtui.demo.server import serving
from drtui.session import ConnectionOptions, Target
from tests import processes
from tests.cli.changing import changing
from tests.cli.running import run
from tests.conftest import NOW
from tests.planted import (
    SPELLINGS,
    Echoing,
    configure,
    password_file,
    run_program,
    secrets_in,
    witness_command,
    witness_record,
)
from tests.suites import in_full
from tests.ui.stories import start_ui

PASSCODE = "Planted passcode 0815"
COMMANDS = ("list", "stores", "status", "schedules", "gaps", "timeline", "coverage", "report", "check", "doctor")


@pytest.fixture
def password(tmp_path: Path) -> Path:
    return password_file(tmp_path)


def output_of_commands(capsys: pytest.CaptureFixture[str], url: str, password: Path) -> str:
    """Return everything that the commands print of a site, with a log and an export."""
    log = ("--log-file", str(password.parent / "log"), "--log-level", "debug")
    options = (url, "--user", USER, "--password-file", str(password), "--timeout", "1", *log)
    output = ""
    for command in COMMANDS:
        ran = run(capsys, command, *options)
        output += ran.out + ran.err
    ran = run(capsys, "history", "export", url, "--output", str(password.parent / "exported"))
    return output + ran.out + ran.err


def test_search_finds_a_secret_when_it_is_planted(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(f"x{TOKEN}y")
    assert secrets_in(f"a {PASSWORD} b", tmp_path) == [PASSWORD, TOKEN]


def test_witness_records_its_environment_when_it_runs(tmp_path: Path) -> None:
    environment = {"INHERITED": IDENTITY_KEY}
    ran = processes.run(witness_command(tmp_path), environment=environment, check=True)
    assert ran.stdout.strip() == PASSWORD
    assert secrets_in("", tmp_path) == [IDENTITY_KEY]


@pytest.mark.parametrize("scenario", in_full(sorted(SCENARIOS.keys() - {"thousands"}), but=["calm", "hostile"]))
def test_output_has_no_secret_when_any_scenario_is_shown(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, password: Path, scenario: str
) -> None:
    with serving(make_app(scenario, now=NOW)) as where:
        output = output_of_commands(capsys, where.url, password)
    assert "usable=" in output, "check has counted, so the site was read"
    assert not secrets_in(output, tmp_path)


def repeated(capsys: pytest.CaptureFixture[str], password: Path, spelling: str) -> None:
    """Return all output and files of a site that repeats token and password in every answer."""
    app = Echoing(make_app("calm", now=NOW), SPELLINGS[spelling])
    with serving(app) as where:
        output = output_of_commands(capsys, where.url, password)
        for form in ("json", "csv", "md"):
            columns = () if form == "json" else ("--columns", "name,description,site")
            options = ("--user", USER, "--password-file", str(password), *columns)
            ran = run(capsys, "list", where.url, *options, "--format", form)
            assert ran.code == 0
            output += ran.out
    assert f"{HIDDEN} and {HIDDEN}" in output
    assert (password.parent / "exported").read_text().count(HIDDEN) > 100
    assert app.tokens
    assert not secrets_in(output, password.parent, app.tokens)


def test_nothing_holds_a_secret_when_every_answer_repeats_it(
    capsys: pytest.CaptureFixture[str], password: Path
) -> None:
    repeated(capsys, password, "as it is")


@pytest.mark.full
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_nothing_holds_a_secret_when_every_answer_repeats_it_in_a_spelling(
    capsys: pytest.CaptureFixture[str], password: Path, spelling: str
) -> None:
    repeated(capsys, password, spelling)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_search_finds_a_secret_when_it_is_spelled_otherwise(tmp_path: Path, spelling: str) -> None:
    text = SPELLINGS[spelling](PASSWORD)
    (tmp_path / "file").write_text(json.dumps({"note": text}))
    assert secrets_in("", tmp_path) == secrets_in(f"a {text} b", tmp_path.parent / "nowhere") == [PASSWORD]


@pytest.mark.parametrize("command", in_full(COMMANDS, but=["list", "check"]))
def test_processes_have_no_secret_when_commands_run(tmp_path: Path, command: str) -> None:
    with serving(make_app("calm", now=NOW)) as where:
        configure(tmp_path, "prod", where.url)
        ran = run_program(command, "prod", "--now", str(NOW))
    assert ran.returncode in {0, 1}
    assert f"drtui\0{command}\0prod" in witness_record(tmp_path)
    assert not secrets_in(ran.stdout + ran.stderr, tmp_path)


@pytest.mark.parametrize("fault", in_full(sorted(NAMED), but=["500", "details-null", "html"]))
def test_output_has_no_secret_when_a_fault_is_set(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, password: Path, fault: str
) -> None:
    with serving(make_app("calm", now=NOW, faults=parse_fault([fault]))) as where:
        assert not secrets_in(output_of_commands(capsys, where.url, password), tmp_path)


@pytest.mark.parametrize("fault", in_full(["", "500", "html", "drop"], but=["", "500"]))
async def test_interface_shows_no_secret_when_it_runs(tmp_path: Path, fault: str) -> None:
    app = make_app("calm", now=NOW, faults=parse_fault([fault] if fault else []))
    access = ConnectionOptions(user=USER, password=Secret(PASSWORD), timeout=2)
    with serving(app) as where:
        async with start_ui(Target(Address.parse(where.url)), access) as screens:
            text = screens.text
            for key in ("y", "E", "at", "question_mark"):
                await screens.press(key)
                text += screens.text
                await screens.press("escape")
            for letter in "nroctb":
                await screens.press("C", letter)
                text += screens.app.clipboard
                await screens.press("escape")
    assert not secrets_in(text, tmp_path)


def test_nothing_holds_the_passcode_when_a_site_repeats_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tmp_path_factory: Any
) -> None:
    held = tmp_path_factory.mktemp("held") / "passcode"
    held.write_text(PASSCODE)
    held.chmod(0o600)
    with changing(monkeypatch) as world:
        monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
        inner = world.app
        world.app = echoing = Echoing(inner, str, PASSCODE)
        log = ("--log-file", str(tmp_path / "log"), "--log-level", "debug", "--allow-changes", "--json")
        output = ""
        for words in (
            ("create", "hidden-1", "--wait", "--yes", "hidden-1", "--passcode-file", str(held)),
            ("restore", "hidden-1", "--wait", "--yes", "localhost/hidden-1", "--passcode-file", str(held)),
            ("create", "hidden-2", "--yes", "hidden-2", "--passcode-file", PASSCODE),
            ("create", "hidden-3", "--yes", "hidden-3", "--passcode-file", str(held)),
        ):
            if "hidden-3" in words:
                inner.state.faults = Faults(error_code=500, only=("create",))
            ran = run(capsys, *words, world.url, *log)
            output += ran.out + ran.err
            echoing.is_repeating = False
        for form in ("table", "json", "csv"):
            ran = run(capsys, "journal", "--format", form)
            output += ran.out + ran.err
    assert len(world.posts) == 3
    assert HIDDEN in output, "the refusal of the last one repeats the passcode"
    assert not secrets_in(output, tmp_path, [PASSCODE, *echoing.tokens])
