"""`drtui coverage` and `check --coverage`: what backups do not hold, and what cannot be told."""

import csv
import io
import json

import pytest
from starlette.applications import Starlette

from drtui.demo.faults import Faults, parse_fault
from drtui.demo.scenarios import PLANTED_SECRETS
from tests.cli.running import run
from tests.conftest import NOW

AT = ("--now", str(NOW), "--no-history")
NEWEST = "weekly-2026-09-21-08-00-16"
"""The newest usable restore point of the calm site."""
Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("scenario", "code", "sentences"),
    [
        (
            "calm",
            0,
            (
                "contains 1 (same count)",
                "Outside every backup: 1 registered database (assets), 1 registered file share",
            ),
        ),
        ("failing", 1, ("contains 1: 1 may be in no backup", "or not backed up", "(assets)")),
        ("upgraded", 1, ("1 system-managed relational store in no usable backup: no usable backup exists",)),
        ("empty", 1, ("1 system-managed relational store in no usable backup: no usable backup exists",)),
        ("old", 0, ("contains 1 (same count)",)),
        ("hostile", 3, ("Unknown if the site manages whose", "type queueStore: unknown if")),
    ],
)
def test_coverage_says_what_is_outside_and_exits_by_count(
    capsys: Capture, scenario: str, code: int, sentences: tuple[str, ...]
) -> None:
    ran = run(capsys, "coverage", f"--demo={scenario}", *AT)
    assert (ran.code, ran.err) == (code, "")
    assert [sentence for sentence in sentences if sentence not in ran.out] == []
    assert not any(secret in ran.out for secret in PLANTED_SECRETS)


def test_coverage_prints_stores_as_csv_and_statements_as_json(capsys: Capture) -> None:
    rows = list(csv.DictReader(io.StringIO(run(capsys, "coverage", "--demo", *AT, "--format", "csv").out)))
    outside = [(row["data_store"], row["path"]) for row in rows if row["backups"] == "outside"]
    assert outside == [
        ("assets", "/enterpriseDatabases/assets"),
        ("imagery", "/fileShares/imagery"),
        ("lidar", "/cloudStores/lidar"),
    ]
    document = json.loads(run(capsys, "coverage", "--demo=failing", *AT, "--json").out)
    assert document["schema"] == 1
    assert [(count["listed"], count["held"], count["missing"]) for count in document["counts"]] == [(2, 1, 1)]
    unknown = {statement["code"]: statement["unknown"] for statement in document["statements"]}
    assert unknown == {
        "not-in-backup": False,
        "other-instance": True,
        "outside-backups": False,
        "big-data-unknown": True,
    }
    owners = [store["system_managed"] for store in document["data_stores"]]
    assert owners == [True, True, True, False, False, False]


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        ("403-data", 4, "data stores could not be read: this account has no permission"),
        ("404-data", 3, "Coverage unknown, data stores could not be read: "),
        ("500-data", 3, "Coverage unknown, data stores could not be read: "),
        ("missing-key-data", 3, 'the answer has no "items"'),
        ("drop-data", 3, "Coverage unknown, data stores could not be read: "),
        ("aged-data", 3, "data stores: answer"),
    ],
)
def test_coverage_says_that_data_stores_were_not_read(
    capsys: Capture, app: Starlette, site: str, fault: str, code: int, words: str
) -> None:
    app.state.faults = parse_fault([fault])
    ran = run(capsys, "coverage", site, *AT)
    assert ran.code == code
    assert words in ran.err
    asked = run(capsys, "check", site, "--coverage", *AT)
    assert (asked.code, "coverage unknown: data stores" in asked.out) == (0, True)


def test_nothing_else_suffers_when_data_stores_are_refused(capsys: Capture, app: Starlette, site: str) -> None:
    app.state.faults = parse_fault(["403-data"])
    check = run(capsys, "check", site, *AT)
    assert (check.code, "coverage" in check.out) == (0, False)
    assert run(capsys, "check", site, "--coverage", "--strict", *AT).code == 3
    for command in (("report",), ("show", NEWEST)):
        refused, whole = (run(capsys, *command, target, *AT) for target in (site, "--demo"))
        assert (refused.code, refused.err) == (whole.code, whole.err)


@pytest.mark.parametrize(("error", "code"), [(500, 3), (403, 4)])
def test_unread_list_of_backups_outweighs_the_count(
    capsys: Capture, app: Starlette, site: str, error: int, code: int
) -> None:
    app.state.faults = Faults(error_code=error, only=("nightly-pv/backups",))
    ran = run(capsys, "coverage", site, *AT)
    assert (ran.code, "a newer backup may exist" in ran.out) == (code, True)


@pytest.mark.parametrize(
    ("scenario", "code", "texts"),
    [
        ("calm", 0, ("outside every backup: 1 registered database (assets)",)),
        ("failing", 1, ("the site has 2 system-managed relational stores", "cannot tell", "outside every backup")),
    ],
)
def test_check_tells_coverage_only_when_asked(
    capsys: Capture, scenario: str, code: int, texts: tuple[str, ...]
) -> None:
    asked = run(capsys, "check", f"--demo={scenario}", "--coverage", *AT)
    plain = run(capsys, "check", f"--demo={scenario}", *AT)
    assert (asked.code, plain.code) == (code, code)
    for text in texts:
        assert text in asked.out
        assert text not in plain.out


def test_check_requests_data_stores_only_when_coverage_is_asked(capsys: Capture, app: Starlette, site: str) -> None:
    paths: set[str] = set()
    whole = app.state.faults

    class Watching(Faults):
        def kind_of(self, path: str) -> str:
            paths.add(path)
            return super().kind_of(path)

    app.state.faults = Watching(**{name: getattr(whole, name) for name in whole.__dataclass_fields__})
    run(capsys, "check", site, *AT)
    assert "/arcgis/admin/data" not in paths
    run(capsys, "check", site, "--coverage", *AT)
    assert "/arcgis/admin/data" in paths


def test_saved_data_stores_are_dated_when_offline_or_not_read(capsys: Capture, app: Starlette, site: str) -> None:
    assert run(capsys, "list", site).code == 0
    unknown = run(capsys, "coverage", site, "--offline")
    assert (unknown.code, "no data stores are saved" in unknown.err) == (3, True)
    assert run(capsys, "coverage", site).code == 0
    saved = run(capsys, "coverage", site, "--offline")
    assert saved.code == 0
    assert "Data stores as of 2" in saved.out
    assert "1 registered database (assets)" in saved.out
    assert not any(secret in saved.out for secret in PLANTED_SECRETS)
    app.state.faults = parse_fault(["500-data"])
    failed = run(capsys, "coverage", site)
    assert failed.code == 3
    assert "Data stores as of 2" in failed.out
    assert "data stores: " in failed.err
    assert "coverage  as of 2" in run(capsys, "show", NEWEST, site, "--now", str(NOW)).out
