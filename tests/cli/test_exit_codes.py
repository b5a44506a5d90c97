"""The exit code of each command for each result; exit codes are part of the public interface."""

import json
from pathlib import Path

import pytest
from starlette.applications import Starlette

from drtui.demo.faults import Faults
from tests.cli.running import run
from tests.conftest import NOW

AT = ("--now", str(NOW), "--no-history")
NIGHTLY, OTHER_RELEASE = "nightly-2026-09-21-06-00-46", "before-11-4-upgrade"

FINE: tuple[tuple[str, ...], ...] = (
    ("list", "--demo"),
    ("list", "--demo", "--store", "archive-s3"),
    ("show", NIGHTLY, "--demo"),
    ("show", OTHER_RELEASE, "--demo"),
    ("stores", "--demo"),
    ("status", "--demo"),
    ("status", "--demo=running"),
    ("status", "--demo=empty"),
    ("schedules", "--demo"),
    ("gaps", "--demo=old"),
    ("gaps", "--demo=hostile", "--rpo", "9999d"),
    ("before", "2026-09-21T14:13", "--demo"),
    ("where", "roads", "--demo"),
    ("diff", NIGHTLY, NIGHTLY, "--demo"),
    ("timeline", "--demo=old"),
    ("coverage", "--demo"),
    ("report", "--demo=old"),
    ("runbook", NIGHTLY, "--demo"),
    ("check", "--demo"),
)
FINDINGS: tuple[tuple[str, ...], ...] = (
    ("list", "--demo=empty"),
    ("list", "--demo", "--filter", "nowhere"),
    ("list", "--demo", "--store", "nowhere"),
    ("show", "nothing", "--demo"),
    ("show", NIGHTLY, "--demo", "--store", "archive-s3"),
    ("status", "--demo=half-failed"),
    ("schedules", "--demo=empty"),
    ("gaps", "--demo"),
    ("gaps", "--demo=empty"),
    ("gaps", "--demo=paused"),
    ("gaps", "--demo=seed", "--rpo", "9999d"),  # missed runs alone
    ("gaps", "--demo", "--rpo", "9999d"),  # failed runs alone
    ("gaps", "--demo=old", "--rpo", "2h"),  # gaps alone
    ("before", "2001-01-01", "--demo"),
    ("before", "2027-01-01", "--demo"),
    ("where", "nothing", "--demo"),
    ("diff", OTHER_RELEASE, NIGHTLY, "--demo"),
    ("timeline", "--demo"),
    ("timeline", "--demo=paused"),
    ("timeline", "--demo=empty"),
    ("coverage", "--demo=failing"),
    ("report", "--demo=paused"),
    ("runbook", OTHER_RELEASE, "--demo"),
    ("runbook", "nothing", "--demo"),
    ("check", "--demo=half-failed"),
)
USAGE: tuple[tuple[str, ...], ...] = (
    ("list", "--demo", "--nothing"),
    ("list", "--demo", "--rpo", "soon"),
    ("list", "--demo", "--timeout", "0"),
    ("list", "--demo", "--tz", "No/Where"),
    ("list", "--demo=nothing"),
    ("before", "--demo"),
    ("diff", NIGHTLY, "--demo"),
)


@pytest.mark.parametrize(
    ("code", "arguments"),
    [(code, way) for code, ways in enumerate((FINE, FINDINGS, USAGE)) for way in ways],
    ids=lambda value: value if isinstance(value, int) else " ".join(value),
)
def test_code_is_the_promised_one_when_the_whole_site_was_read(
    capsys: pytest.CaptureFixture[str], code: int, arguments: tuple[str, ...]
) -> None:
    assert run(capsys, *arguments, *AT).code == code


LIST_COMMANDS: tuple[tuple[str, ...], ...] = (
    ("list",),
    ("show", NIGHTLY),
    ("show", "nothing"),
    ("stores",),
    ("gaps",),
    ("before", "2026-09-21T14:13"),
    ("before", "2001-01-01"),
    ("where", "roads"),
    ("where", "nothing"),
    ("diff", NIGHTLY, NIGHTLY),
    ("diff", NIGHTLY, "nothing"),
    ("timeline",),
    ("coverage",),
    ("report",),
    ("runbook", NIGHTLY),
)
"""Commands that need the lists of all stores: an unreadable list outweighs every finding."""


@pytest.mark.parametrize(("error", "code"), [(500, 3), (403, 4)])
def test_code_tells_failure_from_refusal_when_one_store_could_not_be_read(
    capsys: pytest.CaptureFixture[str], app: Starlette, site: str, error: int, code: int
) -> None:
    app.state.faults = Faults(error_code=error, only=("archive-s3",))
    codes = {arguments: run(capsys, *arguments, site, *AT).code for arguments in LIST_COMMANDS}
    assert codes == dict.fromkeys(LIST_COMMANDS, code)


@pytest.mark.parametrize(("error", "code"), [(500, 3), (403, 4)])
@pytest.mark.parametrize(("command", "path"), [("status", "status"), ("schedules", "tasks"), ("stores", "stores")])
def test_code_tells_failure_from_refusal_when_the_resource_could_not_be_read(
    capsys: pytest.CaptureFixture[str], app: Starlette, site: str, command: str, path: str, error: int, code: int
) -> None:
    app.state.faults = Faults(error_code=error, only=(path,))
    assert run(capsys, command, site, *AT).code == code


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("history", "list"), 1),
        (("history", "export", "https://gis.example.com/arcgis"), 1),
        (("history", "forget", "https://gis.example.com/arcgis"), 1),
        (("history", "import", "nowhere"), 3),
        (("list", "https://gis.example.com/arcgis", "--offline"), 3),
        (("list", "https://gis.example.com/arcgis", "--offline", "--no-history"), 2),
        (("list", "nowhere.json"), 3),
        (("paths",), 0),
        (("keys",), 0),
        (("demo", "list"), 0),
        (("completion", "bash"), 0),
    ],
    ids=lambda value: value if isinstance(value, int) else " ".join(value),
)
def test_code_is_the_promised_one_when_no_site_is_asked(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    arguments: tuple[str, ...],
    code: int,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(capsys, *arguments).code == code


def test_code_is_a_finding_when_a_saved_answer_does_not_say_that(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    saved = tmp_path / "backups.json"
    saved.write_text(json.dumps({"backups": []}))
    codes = {
        command: run(capsys, command, str(saved), *AT).code for command in ("list", "status", "schedules", "stores")
    }
    assert codes == dict.fromkeys(codes, 1)
