"""`drtui check`: one line for monitoring in bounded time; every failure exits with 3."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from drtui.demo.app import make_app
from drtui.demo.faults import Faults, parse_fault
from drtui.demo.scenarios import PLANTED_SECRETS, SCENARIOS, TOKEN
from drtui.demo.server import serving
from tests.api.servers import closed_port
from tests.cli.running import run
from tests.conftest import NOW
from tests.core.records import record
from tests.suites import in_full

AT = ("--now", str(NOW))
FORMS = ("nagios", "json", "prometheus")
Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("arguments", "code", "state"),
    [
        (("--demo",), 0, "OK: newest usable restore point is "),
        (("--demo", "--warn", "1h"), 2, "CRITICAL: "),
        (("--demo", "--warn", "1h", "--crit", "9d"), 1, "WARNING: "),
        (("--demo=half-failed", "--warn", "24h"), 1, "WARNING: "),
        (("--demo=upgraded",), 2, "CRITICAL: nothing restorable: from release 11.4.0, this site runs 11.5.0"),
        (("--demo=empty",), 2, "CRITICAL: no restore points"),
    ],
)
def test_check_prints_one_line_with_the_state_first(
    capsys: Capture, arguments: tuple[str, ...], code: int, state: str
) -> None:
    ran = run(capsys, "check", *arguments, *AT)
    assert (ran.code, ran.err) == (code, "")
    assert ran.out.startswith(state)
    assert ran.out.count("\n") == 1
    assert ran.out.count("|") == 1


@pytest.mark.parametrize(
    "faults",
    [
        Faults(html=True),
        Faults(status_code=503),
        Faults(error_code=500),
        Faults(error_code=500, error_form=3),
        Faults(error_code=403, only=("/admin",)),
        parse_fault(["missing-key"]),
        Faults(drop=True),
        Faults(hang=True),
        Faults(error_code=500, only=("archive-s3",)),
    ],
)
def test_check_is_unknown_when_the_site_cannot_be_fetched(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, faults: Faults
) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    with serving(make_app("calm", now=NOW, faults=faults)) as where:
        ran = run(capsys, "check", where.url, *AT, "--timeout", "1.5")
    assert ran.code == 3
    assert ran.out.startswith("UNKNOWN: ")
    assert ran.out.count("\n") == 1
    assert "usable=" not in ran.out
    assert TOKEN not in ran.out + ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--nonsense",),
        (),
        ("--demo=nothing",),
        ("--demo", "--warn", "soon"),
        ("--demo", "--warn", "9d", "--crit", "1d"),
        ("--demo", "--timeout", "0"),
        ("--demo", "--now", "yesterday"),
        ("https://gis.example.com/arcgis",),
        ("https://gis.example.com/arcgis", "--user", "siteadmin"),
        ("https://gis.example.com/arcgis", "--token-file", "/nowhere"),
        ("http://gis.example.com/arcgis",),
        ("/nowhere/backups.json",),
        ("https://name.invalid/arcgis", "--token-file", "-"),
    ],
)
def test_check_is_unknown_when_no_request_is_possible(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("planted-token\n"))
    ran = run(capsys, "check", *arguments)
    assert ran.code == 3
    assert ran.out.startswith("UNKNOWN: ")
    assert ran.out.count("\n") == 1


def test_check_is_unknown_when_the_site_does_not_answer(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    with closed_port() as port:
        ran = run(capsys, "check", f"https://127.0.0.1:{port}/arcgis", "--timeout", "5")
    assert (ran.code, ran.out.partition(" ")[0]) == (3, "UNKNOWN:")


def test_check_is_unknown_when_the_certificate_is_untrusted(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    with serving(make_app("calm", now=NOW), tls=True) as where:
        ran = run(capsys, "check", where.url, *AT, "--timeout", "5")
    assert ran.code == 3
    assert re.match(r"UNKNOWN: stores, site: certificate of \S+, issued by drtui demo, is not trusted: ", ran.out)


@pytest.mark.parametrize(
    ("arguments", "hours"),
    [
        ((), (24, 48)),
        (("--rpo", "2h"), (2, 4)),
        (("--warn", "3h"), (3, 6)),
        (("--rpo", "2h", "--warn", "3h"), (3, 6)),
        (("--crit", "30h"), (24, 30)),
        (("--rpo", "2h", "--crit", "2h"), (2, 2)),
        (("--warn", "5h", "--crit", "9h"), (5, 9)),
    ],
)
def test_check_grades_by_target_and_twice_the_target_when_nothing_else_is_asked(
    capsys: Capture, arguments: tuple[str, ...], hours: tuple[int, int]
) -> None:
    document = json.loads(run(capsys, "check", "--demo", *AT, *arguments, "--json").out)
    assert (document["warn_ms"], document["crit_ms"]) == (hours[0] * 3_600_000, hours[1] * 3_600_000)


@pytest.mark.parametrize(("rpo", "code"), [("7h", 0), ("4h", 1), ("3h", 2)])
def test_check_is_critical_when_the_newest_is_older_than_twice_the_target(capsys: Capture, rpo: str, code: int) -> None:
    assert run(capsys, "check", "--demo", *AT, "--rpo", rpo).code == code


def test_check_is_unknown_when_only_saved_answers_are_asked_for(capsys: Capture, site: str) -> None:
    assert run(capsys, "check", site, *AT).code == 0
    run(capsys, "list", site, *AT)
    document = json.loads(run(capsys, "check", site, *AT, "--offline", "--json").out)
    assert (document["exit_code"], {row["code"] for row in document["findings"]}) == (3, {"saved"})


def test_check_json_has_findings_and_rpo(capsys: Capture) -> None:
    document = json.loads(run(capsys, "check", "--demo=half-failed", *AT, "--json").out)
    assert (document["schema"], document["state"], document["exit_code"]) == (1, "warning", 1)
    assert {"too-old", "not-what-it-says", "failed-run"} == {finding["code"] for finding in document["findings"]}
    assert document["rpo"]["newest_completed"] != document["rpo"]["newest_usable"]
    assert document["rpo"]["age_ms"] > 24 * 3_600_000


def test_check_prometheus_is_valid_exposition_format(capsys: Capture) -> None:
    lines = run(capsys, "check", "--demo", *AT, "--format", "prometheus").out.splitlines()
    samples = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert samples['drtui_check_state{site="calm"}'] == "0"
    assert float(samples['drtui_newest_usable_age_seconds{site="calm"}']) > 0
    assert int(samples['drtui_restore_points{site="calm",verdict="usable"}']) > 0
    for name in samples:
        assert f"# TYPE {name.partition('{')[0]} gauge" in lines


@pytest.mark.parametrize("form", ["json", "prometheus"])
def test_check_omits_numbers_when_they_are_unknown(capsys: Capture, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    with serving(make_app("calm", now=NOW, faults=Faults(error_code=500, only=("archive-s3",)))) as where:
        ran = run(capsys, "check", where.url, *AT, "--format", form)
    assert ran.code == 3
    assert "age_seconds" not in ran.out
    assert '"age_ms"' not in ran.out


@pytest.mark.parametrize("minute", [0, 15, 25, 45, 59])
@pytest.mark.parametrize(
    "scenario", in_full(["calm", "running", "no-privilege", "thousands", "old"], but=["calm", "running"])
)
def test_check_is_ok_at_every_minute_of_the_hour_when_the_site_is_healthy(
    capsys: Capture, scenario: str, minute: int
) -> None:
    at = NOW // 3_600_000 * 3_600_000 + minute * 60_000
    ran = run(capsys, "check", f"--demo={scenario}", "--now", str(at))
    assert (ran.code, ran.out[:4]) == (0, "OK: ")


def test_check_prints_one_line_when_texts_of_the_site_are_hostile(capsys: Capture) -> None:
    out = run(capsys, "check", "--demo=hostile", *AT, "--rpo", "9999d").out
    assert (out.count("\n"), out.count("|"), "\x1b" in out) == (1, 1, False)


@pytest.mark.parametrize("scenario", in_full(SCENARIOS, but=["calm", "hostile"]))
@pytest.mark.parametrize("form", FORMS)
def test_check_prints_no_planted_secret(capsys: Capture, scenario: str, form: str) -> None:
    ran = run(capsys, "check", f"--demo={scenario}", *AT, "--format", form)
    assert not [secret for secret in PLANTED_SECRETS if secret in ran.out + ran.err]


def test_check_exits_with_0_when_help_is_requested(capsys: Capture) -> None:
    ran = run(capsys, "check", "--help")
    assert (ran.code, "--warn" in ran.out) == (0, True)


# A file: nobody was asked, so that it is unknown; unless it is judged as of a moment.


@pytest.fixture
def exported(capsys: Capture, site: str, tmp_path: Path) -> Path:
    """An exported history of the calm site."""
    assert run(capsys, "list", site, *AT).code == 0
    path = tmp_path / "site.history"
    assert run(capsys, "history", "export", site, "--output", str(path)).code == 0
    return path


def test_check_is_unknown_when_a_file_is_given(capsys: Capture, exported: Path) -> None:
    ran = run(capsys, "check", str(exported))
    assert (ran.code, ran.out.startswith("UNKNOWN: stores, site, ")) == (3, True)
    assert "not refreshed, saved data only" in ran.out
    assert "usable=" not in ran.out


def test_check_judges_a_file_as_of_a_moment_when_one_is_given(capsys: Capture, exported: Path) -> None:
    ran = run(capsys, "check", str(exported), *AT)
    assert ran.code == 0
    assert ran.out.startswith("OK: as of 2026-09-21 14:13:20 +00:00, by a file: newest usable restore point is ")
    document = json.loads(run(capsys, "check", str(exported), *AT, "--json").out)
    assert document["as_of"]["epoch_ms"] == NOW
    late = run(capsys, "check", str(exported), "--now", str(NOW + 10 * 86_400_000))
    assert (late.code, "more than 2 d" in late.out) == (2, True)


def test_check_judges_a_file_as_of_its_own_time_when_asked_to(capsys: Capture, exported: Path) -> None:
    document = json.loads(run(capsys, "check", str(exported), "--now", "saved", "--json").out)
    assert document["as_of"] == document["assessed_at"] == document["read_at"]
    at = str(document["read_at"]["epoch_ms"])
    ran = run(capsys, "check", str(exported), "--now", at)
    assert (ran.code, document["state"]) == (document["exit_code"], ran.out.partition(":")[0].lower())
    assert ran.code != 3


def test_check_is_unknown_when_a_file_lacks_the_release_even_as_of_its_own_time(
    capsys: Capture, tmp_path: Path
) -> None:
    path = tmp_path / "backups.json"
    path.write_text(json.dumps({"backups": [record()]}))
    for options in ((), AT, ("--now", "saved")):
        ran = run(capsys, "check", str(path), *options)
        assert ran.code == 3
    assert "site: not read" in ran.out
    path.write_text(json.dumps({"backups": [record()], "hasMore": True}))
    assert "more than it listed" in run(capsys, "check", str(path), "--now", "saved").out


def test_check_has_no_saved_moment_when_a_site_is_asked(capsys: Capture) -> None:
    ran = run(capsys, "check", "--demo", "--now", "saved")
    assert (ran.code, "--now saved is for a FILE, but the target is a site." in ran.out) == (3, True)
    assert run(capsys, "list", "--demo", "--now", "saved").code == 2


# Where the answer goes.


@pytest.mark.parametrize(("form", "mode"), [("prometheus", 0o644), ("json", 0o600), ("nagios", 0o600)])
def test_check_writes_a_new_file_of_the_right_mode_when_asked_to(
    capsys: Capture, tmp_path: Path, form: str, mode: int
) -> None:
    path = tmp_path / "calm.prom"
    path.write_text("before")
    path.chmod(0o666)
    before = path.stat().st_ino
    expected = run(capsys, "check", "--demo", *AT, "--format", form).out
    ran = run(capsys, "check", "--demo", *AT, "--format", form, "--output", str(path))
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert form == "prometheus" or path.read_text() == expected
    assert (path.stat().st_mode & 0o777, path.stat().st_ino == before) == (mode, False)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["calm.prom"]


def test_check_replaces_a_link_and_keeps_its_target(capsys: Capture, tmp_path: Path) -> None:
    path, elsewhere = tmp_path / "calm.prom", tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    path.symlink_to(elsewhere)
    assert run(capsys, "check", "--demo", *AT, "--output", str(path)).code == 0
    assert (path.is_symlink(), elsewhere.read_text()) == (False, "mine")


@pytest.mark.parametrize(("scenario", "code"), [("calm", 3), ("half-failed", 1), ("upgraded", 2)])
def test_check_keeps_its_grade_and_is_never_ok_when_the_file_cannot_be_written(
    capsys: Capture, tmp_path: Path, scenario: str, code: int
) -> None:
    ran = run(capsys, "check", f"--demo={scenario}", *AT, "--output", str(tmp_path / "no" / "such"))
    assert (ran.code, "Cannot write " in ran.err and "No such file or directory" in ran.err) == (code, True)


def test_check_writes_that_it_is_unknown_into_the_file_when_nobody_answers(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    path = tmp_path / "x.prom"
    with closed_port() as port:
        where = f"https://127.0.0.1:{port}/arcgis"
        ran = run(capsys, "check", where, "--timeout", "5", "--format", "prometheus", "--output", str(path))
    assert ran.code == 3
    assert f'drtui_check_state{{site="127.0.0.1:{port}/arcgis"}} 3\n' in path.read_text()


@pytest.mark.parametrize(
    ("target", "label"),
    [
        ("nosuchsite", "nosuchsite"),
        ("https://user:hush@gis.example.com/arcgis?token=hush", "unknown"),
        ("https://gis.example.com/arcgis/home?token=hush", "gis.example.com/arcgis"),
        ("/nowhere/x.json", "/nowhere/x.json"),
    ],
)
def test_metrics_have_a_site_and_no_secret_when_it_could_not_be_asked(capsys: Capture, target: str, label: str) -> None:
    ran = run(capsys, "check", target, "--format", "prometheus")
    assert ran.code == 3
    assert f'drtui_check_state{{site="{label}"}} 3\n' in ran.out
    assert "hush" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("command", "form"), [("list", "json"), ("stores", "csv"), ("report", "md"), ("sites", "prometheus")]
)
def test_every_command_with_formats_writes_into_a_file_when_asked_to(
    capsys: Capture, tmp_path: Path, command: str, form: str
) -> None:
    path = tmp_path / "answer"
    expected = run(capsys, command, "--demo", *AT, "--format", form)
    ran = run(capsys, command, "--demo", *AT, "--format", form, "--output", str(path))
    assert (ran.code, ran.out) == (expected.code, "")
    assert path.read_bytes().decode() == expected.out
    assert path.stat().st_mode & 0o777 == (0o644 if form == "prometheus" else 0o600)


# Each resource in turn, over a real socket.

RESOURCES = {
    "stores": "/disasterrecovery/stores",
    "backups": "archive-s3/backups",
    "root": "/admin",
    "status": "/disasterrecovery/status",
    "settings": "/disasterrecovery/settings",
    "tasks": "/system/tasks",
}


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param({"status_code": 500}, marks=pytest.mark.full),
        {"error_code": 403},
        pytest.param({"error_code": 404}, marks=pytest.mark.full),
        pytest.param({"drop": True}, marks=pytest.mark.full),
        {"html": True},
    ],
    ids=str,
)
@pytest.mark.parametrize("resource", RESOURCES)
def test_check_is_never_ok_without_a_word_when_a_resource_is_broken(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, resource: str, faults: dict[str, Any]
) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    broken = Faults(only=(RESOURCES[resource],), **faults)
    with serving(make_app("calm", now=NOW, faults=broken)) as where:
        document = json.loads(run(capsys, "check", where.url, *AT, "--timeout", "5", "--json").out)
        if faults == {"error_code": 403}:
            assert run(capsys, "check", where.url, *AT, "--timeout", "5", "--strict").code == 3
    name = {"root": "site", "tasks": "schedules", "backups": "backups of archive-s3"}.get(resource, resource)
    assert name in document["unread_resources"]
    assert document["state"] == ("ok" if resource in {"status", "settings", "tasks"} else "unknown")


@pytest.mark.parametrize(
    ("target", "message"),
    [("nosuchsite", "drtui: UNKNOWN: Unknown command, file or site 'nosuchsite'"), ("--demo", "")],
)
def test_check_says_why_on_standard_error_when_metrics_in_a_file_are_unknown(
    target: str, message: str, tmp_path: Path, capsys: Capture
) -> None:
    ran = run(capsys, "check", target, "--format", "prometheus", "--output", str(tmp_path / "site.prom"))
    assert (ran.out, ran.err[: len(message) or None]) == ("", message)
