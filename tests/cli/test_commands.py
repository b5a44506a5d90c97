"""All commands: data on stdout, messages on stderr, and exit codes."""

import csv
import io
import json
import sys
from pathlib import Path

import pytest

from drtui.core.formatting.text import width
from drtui.demo.app import make_app
from drtui.demo.faults import Faults, parse_fault
from drtui.demo.scenarios import PASSWORD, PLANTED_SECRETS, SCENARIOS, TOKEN, USER
from drtui.demo.server import serving
from tests.cli.running import run
from tests.conftest import NOW
from tests.suites import in_full

AT = ("--now", str(NOW))
Capture = pytest.CaptureFixture[str]


def test_list_is_newest_first_with_verdicts(capsys: Capture) -> None:
    ran = run(capsys, "list", "--demo", *AT)
    lines = ran.out.splitlines()
    assert ran.code == 0
    assert len(lines) == 58
    assert lines[0].split()[:3] == ["NAME", "VERDICT", "AGE"]
    assert "✓ usable" in lines[1]
    assert ran.err == ""


def test_list_aligns_columns_by_cells_when_names_are_hostile(capsys: Capture) -> None:
    lines = run(capsys, "list", "--demo=hostile", *AT).out.splitlines()
    column = width(lines[0][: lines[0].index("VERDICT")])
    marks = ("✓", "✗", "?", "!", "-", "~", "↻")
    for line in lines[1:]:
        cells, rest = 0, line
        while cells < column:
            cells += width(rest[0])
            rest = rest[1:]
        assert rest.startswith(marks), line
    assert "\x1b" not in "".join(lines)


def test_list_json_has_schema_times_and_reasons(capsys: Capture) -> None:
    document = json.loads(run(capsys, "list", "--demo=half-failed", *AT, "--json").out)
    assert document["schema"] == 1
    last_night = next(p for p in document["restore_points"] if p["verdict"] == "not usable")
    assert last_night["started"]["iso"].startswith("2026-09-21T06:")
    assert isinstance(last_night["started"]["epoch_ms"], int)
    assert {"part-status", "parts-disagree"} <= {reason["code"] for reason in last_night["reasons"]}


def test_list_csv_has_no_formulas(capsys: Capture) -> None:
    rows = list(csv.reader(io.StringIO(run(capsys, "list", "--demo=hostile", *AT, "--format", "csv").out)))
    assert rows[0][0] == "name"
    assert not [cell for row in rows for cell in row if cell.startswith("=")]


def test_list_says_that_nothing_matches_when_the_filter_excludes_all(capsys: Capture) -> None:
    ran = run(capsys, "list", "--demo", *AT, "--filter", "zoning !zoning")
    assert (ran.code, ran.out.count("\n")) == (1, 1)
    assert "No match among 57 restore points for the filter zoning !zoning: has 'zoning' somewhere in it" in ran.err


def test_list_marks_the_error_before_any_request_when_the_filter_is_invalid(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    words = ("list", "http://127.0.0.1:1/arcgis", "--no-history", "--filter", "parcels verdikt:usable")
    in_pipe = "drtui: --filter: Unknown field 'verdikt'. Did you mean verdict? In: parcels verdikt:usable\n"
    assert run(capsys, *words) == (2, "", in_pipe)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    ran = run(capsys, *words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines() == [
        "drtui: --filter: Unknown field 'verdikt'. Did you mean verdict?",
        "  parcels verdikt:usable",
        "          ^^^^^^^",
    ]


def test_list_applies_filter_store_sort_and_limit(capsys: Capture) -> None:
    ran = run(capsys, "list", "--demo", *AT, "--store", "archive-s3", "--filter", "upgrade", "--sort", "name")
    assert [line.split()[0] for line in ran.out.splitlines()[1:]] == ["before-11-3-upgrade", "before-11-4-upgrade"]
    assert len(run(capsys, "list", "--demo", *AT, "--limit", "3").out.splitlines()) == 4
    assert run(capsys, "list", "--demo", *AT, "--store", "none").code == 1


def test_show_prints_the_lines_of_the_detail_pane(capsys: Capture) -> None:
    out = run(capsys, "show", "backup_first", "--demo=seed", "--now", "2021-10-23T00:00Z").out
    for expected in (
        "✓ usable",
        "2021-10-20 13:22:24 +00:00",
        "hgdb_wqlxr  ed6980a1d5d34b56880836d4373b0051",
        "system databases (4)",
        "buckets (3)",
        "✓ completed, 4 m 31 s",
    ):
        assert expected in out


def test_list_prints_times_in_the_requested_zone(capsys: Capture) -> None:
    out = run(capsys, "show", "backup_first", "--demo=seed", *AT, "--tz", "Europe/Berlin").out
    assert "2021-10-20 15:22:24 +02:00" in out
    assert "2021-10-20 13:22:24 +00:00" in out


def test_show_exits_with_1_when_the_name_is_unknown(capsys: Capture) -> None:
    ran = run(capsys, "show", "none", "--demo", *AT)
    assert (ran.code, ran.out) == (1, "")
    assert "No restore point 'none'" in ran.err


def test_site_commands_print_their_tables(capsys: Capture) -> None:
    assert "archive-s3" in run(capsys, "stores", "--demo", *AT).out
    assert "success" in run(capsys, "status", "--demo", *AT).out
    schedules = run(capsys, "schedules", "--demo=paused", *AT).out
    assert "paused" in schedules
    assert "BackupRetentionCleaner" in schedules


def test_schedules_exits_with_4_when_tasks_are_refused(capsys: Capture) -> None:
    ran = run(capsys, "schedules", "--demo=no-privilege", *AT)
    assert (ran.code, ran.out) == (4, "")
    assert "default administrator role" in ran.err
    assert run(capsys, "list", "--demo=no-privilege", *AT).code == 0


def test_list_says_so_when_there_are_no_restore_points(capsys: Capture) -> None:
    ran = run(capsys, "list", "--demo=empty", *AT)
    assert ran.code == 1
    assert "has no restore points" in ran.err


@pytest.mark.parametrize(
    ("faults", "code", "words"),
    [
        (Faults(html=True, only=("/admin",)), 3, "page instead of JSON"),
        (Faults(error_code=500, only=("/admin",)), 3, "Something is wrong"),
        (Faults(error_code=500, error_form=3, only=("/admin",)), 3, "Something is wrong"),
        (parse_fault(["missing-key"]), 3, 'no "backupStores"'),
        (Faults(error_code=403, only=("/admin",)), 4, "no permission"),
        (Faults(hang=True, only=("/admin",)), 3, "did not answer in time"),
        (Faults(error_code=500, only=("archive-s3",)), 3, "backups of archive-s3"),
    ],
)
def test_list_prints_cause_and_exit_code_when_the_site_fails(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, faults: Faults, code: int, words: str
) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    with serving(make_app("calm", now=NOW, faults=faults)) as where:
        ran = run(capsys, "list", where.url, *AT, "--timeout", "2")
    assert ran.code == code
    assert words in ran.err
    assert TOKEN not in ran.err


def test_list_signs_in_when_a_password_file_is_given(capsys: Capture, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text(f"{PASSWORD}\n")
    assert "Run chmod 600" in run(capsys, "list", "https://h/c", "--user", USER, "--password-file", str(secret)).err
    secret.chmod(0o600)
    with serving(make_app("seed", now=NOW), tls=True) as where:
        options = ("--user", USER, "--password-file", str(secret), "--ca-file", str(where.ca_file), *AT)
        ran = run(capsys, "list", where.url, *options)
        assert (ran.code, len(ran.out.splitlines())) == (0, 3)
        secret.write_text("wrong-password\n")
        refused = run(capsys, "list", where.url, *options)
    assert refused.code == 4
    assert "rejected user name and password" in refused.err
    assert "wrong-password" not in refused.err


def test_list_reads_a_file_when_the_target_is_a_saved_answer(capsys: Capture, tmp_path: Path) -> None:
    saved = tmp_path / "backups.json"
    saved.write_text('{"backups": []}')
    assert "has no restore points" in run(capsys, "list", str(saved)).err
    saved.write_text('{"somethingElse": []}')
    ran = run(capsys, "list", str(saved))
    assert ran.code == 3
    assert 'no "backups"' in ran.err
    assert run(capsys, "list", str(tmp_path / "none.json")).code == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("list",),
        ("list", "http://gis.example.com/arcgis"),
        ("list", "--demo", "--tz", "Mars/Olympus"),
        ("list", "--demo", "--now", "yesterday"),
        ("list", "--demo", "--rpo", "soon"),
        ("list", "--demo", "--timeout", "0"),
        ("list", "--demo=nothing"),
        ("list", "https://gis.example.com/arcgis"),
        ("list", "https://gis.example.com/arcgis", "--token-file", "/nowhere"),
        ("--nonsense",),
        ("show",),
    ],
)
def test_commands_exit_with_2_in_one_line_when_usage_is_wrong(capsys: Capture, arguments: tuple[str, ...]) -> None:
    ran = run(capsys, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("drtui: ")
    assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize("scenario", in_full(SCENARIOS, but=["hostile"]))
@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_commands_print_no_planted_secret(capsys: Capture, scenario: str, form: str) -> None:
    for command in ("list", "stores", "status", "schedules"):
        ran = run(capsys, command, f"--demo={scenario}", *AT, "--format", form)
        assert not [secret for secret in PLANTED_SECRETS if secret in ran.out + ran.err]


def test_commands_print_only_ascii_when_ascii_is_requested(capsys: Capture) -> None:
    assert run(capsys, "list", "--demo", *AT, "--ascii").out.isascii()


def test_local_commands_run_without_a_site(capsys: Capture) -> None:
    assert run(capsys, "demo", "list").out.splitlines()[0].startswith("calm")
    assert "quit" not in run(capsys, "paths").out
    assert "leave" in run(capsys, "keys").out
    assert run(capsys, "--version").out.startswith("drtui ")
    assert "exit codes" in run(capsys, "--help").out
