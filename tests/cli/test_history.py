"""Saved data: used when the site is down, exported, imported and deleted."""

import json
import os
import re
import sys
from pathlib import Path

import pytest
from starlette.applications import Starlette

from drtui.core.formatting.durations import DAY
from drtui.demo.faults import Faults
from drtui.demo.scenarios import PLANTED_SECRETS
from drtui.session import now_ms
from drtui.storage.paths import config_file
from tests.cli.running import Ran, run
from tests.storage.test_history_db import damage_pages, pages_of
from tests.suites import in_full

AT = ("--now", "2026-09-21T14:13:20Z")


def down(app: Starlette) -> None:
    app.state.faults = Faults(status_code=503)


COMMANDS = (
    ("list",),
    ("list", "--json"),
    ("show", "nightly-2026-09-20-06-00-39"),
    ("stores",),
    ("status",),
    ("schedules",),
    ("gaps",),
    ("timeline",),
    ("before", "2026-09-20T12:00"),
    ("diff", "nightly-2026-09-20-06-00-39", "before-11-4-upgrade"),
    ("report",),
    ("runbook", "nightly-2026-09-20-06-00-39"),
)


NOT_SAVED = "user  ", "role  ", "changes  ", "site is read-only", "* [ ] Registered databases"
NOTHING_RUNS = "* [x] No other operation", "* [ ] No other operation"


def lines_without_warnings(ran: Ran) -> list[str]:
    """Return the output without warnings about saved data and without facts that only a live site has."""
    prefixes = (
        "Saved",
        "* **Saved",
        "Not reachable, saved",
        "* **Not reachable, saved",
        "* Saved",
        "* Newest",
        "* 57 restore",
        "* Could not",
        *NOTHING_RUNS,
        *NOT_SAVED,
    )
    return [line for line in ran.out.splitlines() if not line.startswith(prefixes)]


@pytest.mark.parametrize("command", in_full(COMMANDS, but=[("gaps",), ("report",), COMMANDS[0]]), ids=" ".join)
def test_commands_print_saved_data_with_a_warning_when_the_site_is_down(
    capsys: pytest.CaptureFixture[str], app: Starlette, site: str, command: tuple[str, ...]
) -> None:
    live = run(capsys, *command, site, *AT)
    assert live.code in {0, 1}
    down(app)
    saved = run(capsys, *command, site, *AT)
    assert saved.code == 3
    assert "not reachable, saved " in saved.err
    assert "the site answered 503" in saved.err
    if "--json" in command:
        document = json.loads(saved.out)
        assert document["saved"] is True
        assert document["restore_points"] == json.loads(live.out)["restore_points"]
    else:
        assert "ot reachable, saved " in saved.out
        if command[0] != "report":
            assert [*lines_without_warnings(saved)] == [*lines_without_warnings(live)]


def test_warning_about_saved_data_is_printed_once_when_both_outputs_are_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, site: str
) -> None:
    run(capsys, "list", site, *AT)
    for stream in (sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    saved = run(capsys, "list", site, *AT, "--offline")
    assert (saved.out + saved.err).lower().count("changes since then are unknown") == 1


def test_commands_send_no_request_when_offline(capsys: pytest.CaptureFixture[str], app: Starlette, site: str) -> None:
    live = run(capsys, "list", site, *AT)
    down(app)
    saved = run(capsys, "list", site, *AT, "--offline")
    assert saved.code == 0
    assert lines_without_warnings(saved) == lines_without_warnings(live)
    assert run(capsys, "check", site, *AT, "--offline").code == 3


def test_commands_neither_read_nor_write_history_when_it_is_disabled(
    capsys: pytest.CaptureFixture[str], app: Starlette, site: str
) -> None:
    run(capsys, "list", site, "--no-history")
    assert not Path(os.environ["XDG_STATE_HOME"]).exists()
    run(capsys, "list", site)
    down(app)
    assert run(capsys, "list", site, "--no-history") == (3, "", run(capsys, "list", site, "--no-history").err)
    assert run(capsys, "list", site, "--no-history", "--offline").code == 2


def test_demo_writes_no_history(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "list", "--demo").code == 0
    assert not Path(os.environ["XDG_STATE_HOME"]).exists()


def test_history_is_complete_when_imported_on_another_machine(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: str
) -> None:
    live = run(capsys, "list", site, *AT)
    exported = tmp_path / "site.history"
    assert run(capsys, "history", "export", site, "--output", str(exported)).code == 0
    assert exported.stat().st_mode & 0o777 == 0o600
    assert run(capsys, "history", "export", site).out.encode() == exported.read_bytes()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "elsewhere"))
    assert run(capsys, "list", str(exported), *AT).out == live.out
    assert run(capsys, "history", "list").code == 1
    assert run(capsys, "history", "import", str(exported)).code == 0
    ran = run(capsys, "history", "list", "--json")
    (only,) = json.loads(ran.out)["sites"]
    assert (only["site"], only["restore_points"], only["refreshes"]) == (site, 57, 1)
    assert lines_without_warnings(run(capsys, "list", site, *AT, "--offline")) == lines_without_warnings(live)
    assert run(capsys, "history", "forget", site).code == 0
    assert run(capsys, "history", "forget", site).code == 1
    assert run(capsys, "history", "export", site).code == 1


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("nothing of the kind", "not JSON"),
        ('{"backups": []}', "not an exported history"),
    ],
)
def test_history_import_rejects_other_files(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, body: str, why: str
) -> None:
    (tmp_path / "file").write_text(body)
    ran = run(capsys, "history", "import", str(tmp_path / "file"))
    assert ran.code == 3
    assert why in ran.err
    assert run(capsys, "history", "list").code == 1


def test_history_import_sets_future_times_to_the_present_and_says_so(
    capsys: pytest.CaptureFixture[str], site: str, tmp_path: Path
) -> None:
    run(capsys, "list", site)
    exported = json.loads(run(capsys, "history", "export", site).out)
    run(capsys, "history", "forget", site)
    ahead = 40 * DAY
    for record in exported["records"]:
        record["first_seen"] += ahead
        record["last_seen"] += ahead
    for row in (*exported["looks"], *exported["lists"], *exported["answers"].values()):
        row["at"] += ahead
    (tmp_path / "ahead.json").write_text(json.dumps(exported))
    ran = run(capsys, "history", "import", str(tmp_path / "ahead.json"))
    assert ran.code == 0
    assert "added 57 restore points" in ran.err
    assert "in the future were set to the present: a clock is wrong" in ran.err
    (row,) = json.loads(run(capsys, "history", "list", "--json").out)["sites"]
    assert row["last_read"]["epoch_ms"] <= now_ms()
    listed = run(capsys, "list", site, "--offline")
    assert len(listed.out.splitlines()) > 57
    again = run(capsys, "list", site)
    assert again.code == 0
    gaps = json.loads(run(capsys, "gaps", site, "--json").out)["gaps"]
    assert "deleted early" not in {gap["event"] for gap in gaps}


def test_list_reports_a_damaged_history_and_continues(
    capsys: pytest.CaptureFixture[str], site: str, tmp_path: Path
) -> None:
    run(capsys, "list", site)
    (file,) = tmp_path.rglob("history.sqlite3")
    file.write_bytes(b"damaged" * 1_000)
    ran = run(capsys, "list", site)
    assert ran.code == 0
    assert "moved to history.sqlite3.damaged-1" in ran.err
    assert run(capsys, "list", site).err == ""


@pytest.mark.parametrize("command", [("list", "--offline"), ("history", "list")], ids=" ".join)
def test_command_goes_on_with_the_rest_when_one_page_of_the_history_is_damaged(
    capsys: pytest.CaptureFixture[str], site: str, tmp_path: Path, command: tuple[str, ...]
) -> None:
    run(capsys, "list", site)
    (file,) = tmp_path.rglob("history.sqlite3")
    damage_pages(file, pages_of(file, "body")[0])
    ran = run(capsys, *command, *([site] if command[0] == "list" else []))
    assert ran.code == 0
    assert "moved to history.sqlite3.damaged-1; the new history contains " in ran.err
    assert re.search(r" contains [1-9]\d* of 57 restore points and 1 of 1 refresh\n", ran.err)
    assert len(ran.out.splitlines()) > 1
    assert run(capsys, "history", "list").err == ""


def test_gaps_reports_a_restore_point_when_it_was_deleted_early(
    capsys: pytest.CaptureFixture[str], app: Starlette, site: str
) -> None:
    run(capsys, "list", site)
    lists = app.state.site.backups.values()
    backups, gone = next(
        (backups_of_store, record)
        for backups_of_store in lists
        for record in backups_of_store
        if record["retentionDate"] == -1
    )
    backups.remove(gone)
    ran = run(capsys, "gaps", site)
    assert ran.code == 1
    assert [line for line in ran.out.splitlines() if "deleted early" in line and gone["backupName"] in line]
    report = run(capsys, "report", site)
    assert "## Deleted before the retention date" in report.out


def test_history_files_contain_no_secret(capsys: pytest.CaptureFixture[str], site: str, tmp_path: Path) -> None:
    for command in COMMANDS:
        run(capsys, *command, site)
    run(capsys, "history", "export", site, "--output", str(tmp_path / "exported"))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"exported", "history.sqlite3", "glance.json"} <= {file.name for file in files}
    for file in files:
        assert not [secret for secret in PLANTED_SECRETS if secret.encode() in file.read_bytes()]


def test_history_list_fetches_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    config_file().parent.mkdir(parents=True)
    config_file().write_text(
        'default = "prod"\n[site.prod]\naddress = "https://gis.example.com/arcgis"\npassword_command = "false"\n'
    )
    assert run(capsys, "history", "list").err == ""


def test_history_list_has_unknown_counts_when_a_site_never_answered(
    capsys: pytest.CaptureFixture[str], app: Starlette, site: str
) -> None:
    down(app)
    assert run(capsys, "list", site, *AT).code == 3
    assert run(capsys, "history", "list").out.splitlines()[1].split()[1:] == ["unknown", "1", "unknown", "0"]
    assert json.loads(run(capsys, "history", "list", "--json").out)["sites"][0]["restore_points"] is None
