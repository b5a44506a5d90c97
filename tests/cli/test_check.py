"""`check`: one line for monitoring. Every reason not to know is 3, whatever it is, and in bounded time."""

import io
import json
import re

import pytest

from drtui.demo.deployment import deployment
from drtui.demo.faults import Faults
from drtui.demo.scenarios import PLANTED_SECRETS, SCENARIOS, TOKEN
from drtui.demo.serve import serving
from tests.api.servers import nobody_listens
from tests.cli.running import run
from tests.conftest import NOW

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
        (("--demo=upgraded",), 2, "CRITICAL: nothing restorable here, made by release 11.4.0, this site runs 11.5.0"),
        (("--demo=empty",), 2, "CRITICAL: there are no restore points"),
    ],
)
def test_one_line_with_the_state_first(capsys: Capture, arguments: tuple[str, ...], code: int, state: str) -> None:
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
        Faults(missing_key=True),
        Faults(drop=True),
        Faults(hang=True),
        Faults(error_code=500, only=("archive-s3",)),
    ],
)
def test_a_site_that_cannot_be_read_is_unknown(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, faults: Faults
) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    with serving(deployment("calm", now=NOW, faults=faults)) as where:
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
def test_what_cannot_be_asked_is_unknown(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("planted-token\n"))
    ran = run(capsys, "check", *arguments)
    assert ran.code == 3
    assert ran.out.startswith("UNKNOWN: ")
    assert ran.out.count("\n") == 1


def test_nobody_at_home_is_unknown(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    with nobody_listens() as port:
        ran = run(capsys, "check", f"https://127.0.0.1:{port}/arcgis", "--timeout", "5")
    assert (ran.code, ran.out.partition(" ")[0]) == (3, "UNKNOWN:")


def test_a_certificate_nobody_vouches_for_is_unknown(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    with serving(deployment("calm", now=NOW), tls=True) as where:
        ran = run(capsys, "check", where.url, *AT, "--timeout", "5")
    assert ran.code == 3
    assert re.match(r"UNKNOWN: stores: the certificate of \S+, issued by drtui demo, is not trusted: ", ran.out)


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
    found = json.loads(run(capsys, "check", "--demo", *AT, *arguments, "--json").out)
    assert (found["warn_ms"], found["crit_ms"]) == (hours[0] * 3_600_000, hours[1] * 3_600_000)


@pytest.mark.parametrize(("rpo", "code"), [("7h", 0), ("4h", 1), ("3h", 2)])
def test_check_is_critical_when_the_newest_is_older_than_twice_the_target(capsys: Capture, rpo: str, code: int) -> None:
    assert run(capsys, "check", "--demo", *AT, "--rpo", rpo).code == code


def test_check_is_unknown_when_only_saved_answers_are_asked_for(capsys: Capture, site: str) -> None:
    assert run(capsys, "check", site, *AT).code == 0
    run(capsys, "list", site, *AT)
    found = json.loads(run(capsys, "check", site, *AT, "--offline", "--json").out)
    assert (found["exit_code"], {each["code"] for each in found["findings"]}) == (3, {"saved"})


def test_json_says_the_findings_and_the_exposure(capsys: Capture) -> None:
    found = json.loads(run(capsys, "check", "--demo=half-failed", *AT, "--json").out)
    assert (found["schema"], found["state"], found["exit_code"]) == (1, "WARNING", 1)
    assert {"too-old", "not-what-it-says", "failed-run"} == {finding["code"] for finding in found["findings"]}
    assert found["exposure"]["pipelines_would_take"] != found["exposure"]["newest_usable"]
    assert found["exposure"]["age_ms"] > 24 * 3_600_000


def test_prometheus_reads_as_its_text_format(capsys: Capture) -> None:
    lines = run(capsys, "check", "--demo", *AT, "--format", "prometheus").out.splitlines()
    samples = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert samples["drtui_check_state"] == "0"
    assert float(samples["drtui_newest_usable_age_seconds"]) > 0
    assert int(samples['drtui_restore_points{verdict="usable"}']) > 0
    for name in samples:
        assert f"# TYPE {name.partition('{')[0]} gauge" in lines


@pytest.mark.parametrize("form", ["json", "prometheus"])
def test_what_is_not_known_is_not_in_the_numbers(capsys: Capture, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    with serving(deployment("calm", now=NOW, faults=Faults(error_code=500, only=("archive-s3",)))) as where:
        ran = run(capsys, "check", where.url, *AT, "--format", form)
    assert ran.code == 3
    assert "age_seconds" not in ran.out
    assert '"age_ms"' not in ran.out


@pytest.mark.parametrize("minute", [0, 15, 25, 45, 59])
@pytest.mark.parametrize("scenario", ["calm", "running", "no-privilege", "thousands", "old"])
def test_a_site_where_all_is_well_is_well_at_every_minute_of_the_hour(
    capsys: Capture, scenario: str, minute: int
) -> None:
    at = NOW // 3_600_000 * 3_600_000 + minute * 60_000
    ran = run(capsys, "check", f"--demo={scenario}", "--now", str(at))
    assert (ran.code, ran.out[:4]) == (0, "OK: ")


def test_no_text_of_the_site_can_break_the_line(capsys: Capture) -> None:
    out = run(capsys, "check", "--demo=hostile", *AT, "--rpo", "9999d").out
    assert (out.count("\n"), out.count("|"), "\x1b" in out) == (1, 1, False)


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("form", FORMS)
def test_no_planted_secret_is_ever_printed(capsys: Capture, scenario: str, form: str) -> None:
    ran = run(capsys, "check", f"--demo={scenario}", *AT, "--format", form)
    assert not [secret for secret in PLANTED_SECRETS if secret in ran.out + ran.err]


def test_help_is_help(capsys: Capture) -> None:
    ran = run(capsys, "check", "--help")
    assert (ran.code, "--warn" in ran.out) == (0, True)
