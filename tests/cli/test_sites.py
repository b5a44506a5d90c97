"""`drtui sites`: all sites side by side in every format, with the exit code of the worst."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from drtui.storage.history_db import History
from drtui.storage.paths import config_file, state_folder
from tests.cli.running import Ran, run
from tests.conftest import NOW
from tests.estate import Tables, configure, serve_sites
from tests.planted import secrets_in
from tests.suites import in_full, rows_in_full

Capture = pytest.CaptureFixture[str]
AT = ("--now", str(NOW))
FORMS = ("table", "json", "csv", "prometheus")
ORDER = ["upgraded", "strict", "locked", "refusing", "down", "odd", "prod"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tables]:
    with serve_sites(tmp_path_factory.mktemp("estate")) as tables:
        yield tables


@pytest.fixture
def sites(served: Tables) -> Tables:
    configure(served)
    return served


def names(ran: Ran) -> list[str]:
    return [line.split()[0] for line in ran.out.splitlines()[1:]]


@pytest.mark.usefixtures("sites")
def test_sites_are_listed_worst_first(capsys: Capture) -> None:
    ran = run(capsys, "sites", *AT)
    assert (ran.code, ran.err) == (1, "")
    assert names(ran) == ORDER
    rows = dict(zip(names(ran), ran.out.splitlines()[1:], strict=True))
    assert "✗ critical  none " in rows["upgraded"]
    assert "✗ critical  6 h 13 min  " in rows["strict"]
    assert "? unknown   unknown  " in rows["locked"]
    assert "'false' ended with exit code 1 instead of a secret" in rows["locked"]
    assert "? unknown   unknown  " in rows["down"]
    assert "✓ fine " in rows["prod"]


@pytest.mark.usefixtures("sites")
@pytest.mark.parametrize(
    ("selection", "code"),
    rows_in_full(
        [
            (["prod"], 0),
            (["prod", "odd"], 1),
            (["prod", "odd", "down"], 3),
            (["prod", "odd", "down", "refusing"], 4),
            (["locked", "down"], 4),
            (["down", "strict", "refusing"], 1),
            (["prod", "prod"], 0),
        ],
        but=[
            (["prod", "odd"], 1),
            (["prod", "odd", "down", "refusing"], 4),
            (["down", "strict", "refusing"], 1),
            (["prod", "prod"], 0),
        ],
    ),
)
def test_sites_exit_code_is_that_of_the_worst_site(capsys: Capture, selection: list[str], code: int) -> None:
    ran = run(capsys, "sites", *selection, *AT)
    assert ran.code == code
    assert names(ran) == [name for name in ORDER if name in selection]


@pytest.mark.usefixtures("sites")
def test_sites_json_has_rpo_and_time_of_refresh(capsys: Capture) -> None:
    document = json.loads(run(capsys, "sites", *AT, "--json").out)
    assert (document["schema"], document["state"], document["exit_code"]) == (1, "critical", 1)
    by_name = {site["name"]: site for site in document["sites"]}
    assert list(by_name) == ORDER
    assert by_name["prod"]["rpo"]["age_ms"] > 6 * 3_600_000
    assert by_name["prod"]["site"].startswith("prod (localhost:")
    assert by_name["strict"]["rpo"]["target_ms"] == 2 * 3_600_000
    assert (by_name["down"]["state"], by_name["down"]["rpo"], by_name["down"]["read_at"]) == ("unknown", None, None)
    assert by_name["refusing"]["failures"][0]["code"] == "403"
    assert by_name["locked"]["failures"][0]["code"] == "secret"


@pytest.mark.usefixtures("sites")
def test_sites_csv_has_a_row_for_each_site(capsys: Capture) -> None:
    rows = list(csv.DictReader(io.StringIO(run(capsys, "sites", *AT, "--format", "csv").out)))
    assert [row["site"] for row in rows] == ORDER
    assert (rows[-1]["state"], rows[-1]["target"]) == ("ok", "86400")


@pytest.mark.usefixtures("sites")
def test_sites_prometheus_is_valid_exposition_format(capsys: Capture) -> None:
    out = run(capsys, "sites", *AT, "--format", "prometheus").out
    samples = samples_of(out)
    assert samples['drtui_check_state{site="prod"}'] == 0
    assert samples['drtui_check_state{site="down"}'] == 3
    assert samples['drtui_restore_points{site="prod",verdict="usable"}'] > 0
    assert not [sample for sample in samples if 'site="down"' in sample and "age_seconds" in sample]
    of_one = run(capsys, "check", "prod", *AT, "--format", "prometheus").out
    assert {sample for sample in samples if 'site="prod"' in sample} == samples_of(of_one).keys()


def samples_of(text: str) -> dict[str, float]:
    """Return the samples of Prometheus text; check that each metric is in one piece under one HELP and TYPE."""
    samples: dict[str, float] = {}
    metrics: list[str] = []
    for line in text.splitlines():
        if line.startswith("# HELP "):
            metrics.append(line.split(" ", 3)[2])
            assert metrics.count(metrics[-1]) == 1
        elif line.startswith("# TYPE "):
            assert line == f"# TYPE {metrics[-1]} gauge"
        else:
            match = re.fullmatch(r'([a-z_]+)(\{[a-z]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z]+="[^"\\\n]*")*\})? (\S+)', line)
            assert match is not None
            assert match[1] == metrics[-1]
            assert line.rpartition(" ")[0] not in samples
            samples[line.rpartition(" ")[0]] = float(match[3])
    return samples


def test_sites_show_saved_data_as_unknown_when_a_site_is_down(capsys: Capture, tmp_path: Path) -> None:
    with serve_sites(tmp_path) as tables:
        configure(tables)
        run(capsys, "sites", *AT)
    for options in ((), ("--offline",)):
        ran = run(capsys, "sites", "prod", "strict", "down", *AT, *options)
        assert ran.code == 3
        assert names(ran) == ["down", "strict", "prod"]
        assert ran.out.count("? unknown ") == 3
        assert ran.out.count("  saved 20") == 2
        assert "as last known: newest usable restore point is 6 h 13 min old" in ran.out
    assert "usable restore point" not in run(capsys, "sites", "down", "--offline", *AT).out


@pytest.mark.usefixtures("sites")
def test_sites_send_no_request_when_offline(capsys: Capture) -> None:
    ran = run(capsys, "sites", *AT, "--offline", "--json")
    assert ran.code == 3
    assert {site["failures"][0]["code"] for site in json.loads(ran.out)["sites"]} == {"offline"}


def test_sites_explain_the_configuration_when_it_has_no_sites(capsys: Capture) -> None:
    ran = run(capsys, "sites")
    assert (ran.code, ran.out) == (2, "")
    assert str(config_file()) in ran.err
    assert "[site.prod]" in ran.err


@pytest.mark.usefixtures("sites")
def test_sites_exit_with_2_when_a_name_is_unknown(capsys: Capture) -> None:
    ran = run(capsys, "sites", "prod", "staging", *AT)
    assert (ran.code, ran.out) == (2, "")
    assert "'staging'" in ran.err
    assert "prod" in ran.err


def test_sites_send_each_secret_only_to_its_site(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, served: Tables
) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", "of-another-site")
    configure({"bare": {"address": served["prod"]["address"]}})
    ran = run(capsys, "sites", *AT)
    assert ran.code == 4
    assert "no secret is configured" in ran.out


@pytest.mark.usefixtures("sites")
@pytest.mark.parametrize("form", in_full(FORMS, but=["table", "json"]))
def test_sites_print_no_planted_secret(capsys: Capture, tmp_path: Path, form: str) -> None:
    log = ("--log-file", str(tmp_path / "log"), "--log-level", "debug")
    ran = run(capsys, "sites", *AT, *log, "--format", form)
    assert not secrets_in(ran.out + ran.err, tmp_path)


@pytest.mark.parametrize("form", in_full(FORMS, but=["table"]))
def test_sites_compare_simulated_sites_when_demo_is_given(capsys: Capture, form: str) -> None:
    ran = run(capsys, "sites", "--demo", "--now", str(NOW), "--ascii", "--format", form)
    assert (ran.code, ran.err) == (1, "")
    assert form == "json" or ran.out.isascii()


@pytest.mark.usefixtures("sites")
def test_sites_report_a_damaged_history_once_and_continue(capsys: Capture) -> None:
    path = History(state_folder(), 1).path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"no database")
    ran = run(capsys, "sites", "prod", "odd", *AT)
    assert ran.code == 1
    assert ran.err.count("It was moved to") == 1
