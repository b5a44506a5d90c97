"""`drtui runbook`: the restore runbook."""

import json

import pytest

from drtui.demo.scenarios import PLANTED_SECRETS, SCENARIOS
from tests.cli.running import run
from tests.conftest import NOW
from tests.suites import in_full

AT = ("--now", str(NOW))
Capture = pytest.CaptureFixture[str]


def points_by_name(capsys: Capture, scenario: str) -> dict[str, tuple[str, str]]:
    """Return store and verdict of every restore point of a scenario, by name."""
    document = json.loads(run(capsys, "list", f"--demo={scenario}", *AT, "--json").out)
    return {row["name"]: (row["store"], row["verdict"]) for row in document["restore_points"]}


def runbook_of(capsys: Capture, scenario: str, verdict: str) -> tuple[int, str, str]:
    """Return exit code, runbook and name of the newest restore point with that verdict."""
    name = next(name for name, (_, word) in points_by_name(capsys, scenario).items() if word == verdict)
    ran = run(capsys, "runbook", name, f"--demo={scenario}", *AT)
    return ran.code, ran.out, name


def test_runbook_has_loss_checklist_and_unsent_request(capsys: Capture) -> None:
    code, text, name = runbook_of(capsys, "calm", "usable")
    assert code == 0
    assert "Everything written after **2026-09-21 08:00:49 +00:00** may be missing: 6 h 13 min" in text
    assert f"/admin/system/disasterrecovery/stores/offsite-azure/backups/{name}/restore\n" in text
    assert "    passcode=PASSCODE&f=json\n" in text
    assert "This document sends nothing. `drtui restore` sends it, if changes are allowed." in text


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The runbook that several tests read, by scenario; the first of them makes it."""
    return {}


@pytest.mark.parametrize(
    "line",
    [
        "unavailable until the restore ends",  # R33
        "drtui tests no restores",  # R4
        "* [ ] Passcode available",  # R20
        "* [x] No other operation is running",  # R26
        "* [x] Same release: from 11.4.0, the site runs 11.4.0",  # R12
        "* [ ] Host name (FQDN): simulated.invalid; new site: ____",  # R34
        "* [ ] Version, all numbers: 11.4.0; new site: ____",  # R34
        "* [ ] Context path: arcgis; new site: ____",  # R34
        "* [ ] Registry host: ____",  # R34
        "* [ ] Registry repository: ____",  # R34
        "* [ ] Cluster domain: ____",  # R34
        "* [ ] DNS suffix: ____",  # R34
        "* [ ] Namespace: arcgis; new site: ____",  # R34
        "* [ ] FSGroup and supplemental group, if custom: ____",  # R34
        "* [ ] Same organisation: recorded as arcgis / arcgis; this site: ____",  # R34
        "Persistent volumes in state Released made Available",  # R35
        "at least 16 GiB and enough for each store: DYNAMIC default 64Gi",  # R36
        "Static staging volume made available again since the last operation",  # R36
        "have the reclaim policy Retain",  # R36
        "`completed_with_warnings` is not a success",  # R25
        "Refused connections and errors are normal",  # R37
        "time limit 2 h",  # R29
    ],
)
def test_runbook_fills_in_known_facts_and_leaves_blanks(capsys: Capture, texts: dict[str, str], line: str) -> None:
    if not texts:
        texts["calm"] = runbook_of(capsys, "calm", "usable")[1]
    assert line in texts["calm"]


def test_r12_runbook_has_no_tick_when_the_release_differs(capsys: Capture) -> None:
    code, text, _ = runbook_of(capsys, "upgraded", "not usable")
    assert code == 1
    assert "* [ ] Same release: from 11.4.0, the site runs 11.5.0" in text


def test_r26_runbook_has_no_tick_when_an_operation_is_running(capsys: Capture) -> None:
    assert "* [ ] No other operation is running" in runbook_of(capsys, "running", "usable")[1]


def test_runbook_says_since_when_the_restore_point_is_expired(capsys: Capture) -> None:
    text = runbook_of(capsys, "seed", "expired")[1]
    assert "expires" in text
    assert "ago (extend it first if less than a day)" in text


def test_runbook_has_the_flat_path_when_the_release_is_10_9(capsys: Capture) -> None:
    _, text, name = runbook_of(capsys, "old", "usable")
    assert f"/disasterrecovery/backuprestore/backups/{name}/restore\n" in text
    assert "&storeName=" in text


@pytest.mark.parametrize("scenario", in_full(sorted(set(SCENARIOS) - {"empty"}), but=["calm", "hostile"]))
def test_runbook_has_equal_bytes_and_no_secret_when_names_are_hostile(capsys: Capture, scenario: str) -> None:
    name, (store, _) = next(iter(points_by_name(capsys, scenario).items()))
    arguments = ("runbook", name, f"--demo={scenario}", "--store", store, *AT)
    first, second = run(capsys, *arguments), run(capsys, *arguments)
    assert first == second
    assert first.out.startswith("# Restore hand-over: `")
    assert "\x1b" not in first.out
    assert not [secret for secret in PLANTED_SECRETS if secret in first.out]


def test_runbook_escapes_markup_in_names(capsys: Capture) -> None:
    for name, (store, _) in points_by_name(capsys, "hostile").items():
        text = run(capsys, "runbook", "--store", store, "--demo=hostile", *AT, "--", name).out
        assert text.startswith("# Restore hand-over: ")
        assert "<script" not in text.replace("\\<script", "").replace(f"`{name}`", "")


def test_runbook_exits_with_1_when_the_name_is_unknown(capsys: Capture) -> None:
    ran = run(capsys, "runbook", "nowhere", "--demo", *AT)
    assert (ran.code, ran.out) == (1, "")
