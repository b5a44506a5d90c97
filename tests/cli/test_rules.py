"""Rules of docs/rules.md about output, by number; rules about verdicts are tested in tests/core."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from drtui.demo.scenarios import SCENARIOS
from tests.cli.running import run
from tests.conftest import NOW
from tests.suites import in_full

AT = ("--now", str(NOW))
Capture = pytest.CaptureFixture[str]


def saved(folder: Path, *records: Mapping[str, object]) -> str:
    """Return the path of a saved answer with these records."""
    path = folder / "backups.json"
    path.write_text(json.dumps({"backups": records}))
    return str(path)


@pytest.mark.parametrize("scenario", in_full(SCENARIOS, but=["calm", "half-failed"]))
def test_r4_r8_list_has_no_sizes_and_never_says_verified(capsys: Capture, scenario: str) -> None:
    ran = run(capsys, "list", f"--demo={scenario}", *AT).out + run(capsys, "report", f"--demo={scenario}", *AT).out
    claims = ran.partition("## Not checked")[0].lower()
    assert not re.findall(r"\b(verified|checksum|size|growth|immutable)\b", claims)


@pytest.mark.parametrize("scenario", in_full(sorted(set(SCENARIOS) - {"empty"}), but=["calm"]))
def test_r8_show_has_no_size_and_never_says_verified(capsys: Capture, scenario: str) -> None:
    first = json.loads(run(capsys, "list", f"--demo={scenario}", *AT, "--json").out)["restore_points"][0]
    ran = run(capsys, "show", f"--demo={scenario}", *AT, "--store", first["store"], "--", first["name"])
    assert ran.out
    assert not re.findall(r"\b(verified|checksum|size|growth|immutable)\b", ran.out.lower())


@pytest.mark.parametrize(
    "line",
    [
        "started   2026-09-21 12:13:54 +00:00",  # R5
        "completed 2026-09-21 12:28:40 +00:00",  # R5
        "took      14 m 47 s",  # R8: how long it took is said to be that
        "kind      manual, FULL, SYSTEM",  # R9
        "expires   never",  # R41
    ],
)
def test_show_prints_the_documented_lines(capsys: Capture, line: str) -> None:
    assert line in run(capsys, "show", "by-hand", "--demo=paused", *AT).out.splitlines()


@pytest.mark.parametrize(
    ("kind", "displayed"), [("SCHEDULED", "scheduled"), ("MANUAL", "manual"), ("ON_DEMAND", "ON_DEMAND")]
)
def test_r10_kind_is_verbatim_when_it_is_undocumented(
    capsys: Capture, tmp_path: Path, kind: str, displayed: str
) -> None:
    ran = run(capsys, "list", saved(tmp_path, {"backupName": "one", "scheduleType": kind}), *AT, "--json")
    assert json.loads(ran.out)["restore_points"][0]["kind"] == displayed


@pytest.mark.parametrize(
    ("retention", "displayed"),
    [
        ({"retentionDate": -1}, "never"),
        ({}, "unknown"),
        ({"retentionDate": 0}, "unknown"),
        ({"retentionDate": NOW + 10}, "in 0 s"),
    ],
)
def test_r41_expiry_tells_never_unknown_and_zero_apart(
    capsys: Capture, tmp_path: Path, retention: dict[str, object], displayed: str
) -> None:
    ran = run(capsys, "list", saved(tmp_path, {"backupName": "one", **retention}), *AT)
    assert displayed in ran.out.splitlines()[1]


def test_r42_r43_schedules_prints_an_approximate_retention(capsys: Capture) -> None:
    assert "about 30 d" in run(capsys, "schedules", "--demo", *AT).out


def test_r16_r18_stores_lists_every_type_and_missing_fields(capsys: Capture) -> None:
    rows = json.loads(run(capsys, "stores", "--demo=seed", *AT, "--json").out)["stores"]
    assert [(row["name"], row["created_by"]) for row in rows] == [("default", None)]
    types = {row["type"] for row in json.loads(run(capsys, "stores", "--demo", *AT, "--json").out)["stores"]}
    assert types == {"HOSTED", "S3", "AZURE_BLOBSTORE"}


def test_r50_times_in_words_are_not_parsed(capsys: Capture, tmp_path: Path) -> None:
    words = {"backupName": "one", "startTime": "Apr 22, 2021, 2:00:00 AM", "completeTime": str(NOW)}
    (row,) = json.loads(run(capsys, "list", saved(tmp_path, words), *AT, "--json").out)["restore_points"]
    assert row["started"] is None
    assert row["completed"]["epoch_ms"] == NOW
    assert "no-start" in {reason["code"] for reason in row["reasons"]}


def test_r51_start_is_not_taken_from_the_name(capsys: Capture, tmp_path: Path) -> None:
    named = {"backupName": "nightly-2026-09-20-02-00-09", "scheduleType": "SCHEDULED", "status": "completed"}
    (row,) = json.loads(run(capsys, "list", saved(tmp_path, named), *AT, "--json").out)["restore_points"]
    assert (row["started"], row["age_ms"]) == (None, None)


def test_r40_expired_restore_points_are_listed_and_not_recommended(capsys: Capture) -> None:
    rows = json.loads(run(capsys, "list", "--demo=seed", *AT, "--json").out)["restore_points"]
    assert [row["verdict"] for row in rows] == ["expired", "expired"]
    assert "Nothing usable completed before" in run(capsys, "before", "2021-10-24", "--demo=seed", *AT).out


def test_r25_r26_r30_status_has_the_running_operation_with_its_stages(capsys: Capture) -> None:
    lines = [re.split(r"  +", line) for line in run(capsys, "status", "--demo=running", *AT).out.splitlines()]
    values = {line[0]: line[1] for line in lines}
    assert values["operation"] == "Backup"
    assert "running" in values["summary"]
    assert "cannot" not in str(lines)
    stages = [line for line in lines if line[0].startswith(("Validation", "Stage ", "Post "))]
    assert [name for name, *_ in stages] == [
        "Validation", "Stage Relational store", "Stage Object store", "Stage system configuration",
        "Post backup operation cleanup",
    ]  # fmt: skip
    assert stages[0][1:] == ["completed", "2 s"]


@pytest.mark.parametrize("word", ["delete", "restore", "create", "update", "unregister", "register"])
def test_r19_r38_r44_help_offers_nothing_that_changes_a_site(capsys: Capture, word: str) -> None:
    assert run(capsys, word, "--demo").code == 2
    assert word not in {line.split()[0] for line in run(capsys, "keys").out.splitlines() if line.strip()}


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York"])
def test_r56_show_prints_every_time_with_its_offset(capsys: Capture, zone: str) -> None:
    output = run(capsys, "show", "by-hand", "--demo=paused", "--tz", zone, *AT).out
    times = re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d( [+-]\d\d:\d\d)?", output)
    assert times
    assert all(times)
