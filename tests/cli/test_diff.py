"""`drtui diff`: the differences between two restore points."""

import csv
import io
import json
from itertools import pairwise
from pathlib import Path

import pytest

from drtui.demo.app import make_app
from drtui.demo.faults import Faults
from drtui.demo.scenarios import PLANTED_SECRETS, TOKEN
from drtui.demo.server import serving
from tests.cli.running import run
from tests.conftest import NOW
from tests.suites import in_full

AT = ("--now", str(NOW))
Capture = pytest.CaptureFixture[str]
UPGRADE, LAST_NIGHT = "before-11-4-upgrade", "nightly-2026-09-21-06-00-46"
NIGHT_BEFORE = "nightly-2026-09-20-06-00-39"


def test_diff_lists_differences_when_two_releases_are_compared(capsys: Capture) -> None:
    ran = run(capsys, "diff", UPGRADE, LAST_NIGHT, "--demo", *AT)
    assert (ran.code, ran.err) == (1, "")
    for expected in (
        f"Older: {UPGRADE} (store archive-s3), started 2026-07-22 15:07:33 +00:00",
        f"Newer: {LAST_NIGHT} (store nightly-pv), started 2026-09-21 06:01:19 +00:00, 61 d later",
        "Older restores on release 11.3.0 only, newer on 11.4.0 only.",
        "Restoring the older loses 2 geodatabases that only the newer contains: schools, clinics.",
        "Restoring the newer does not bring back 1 geodatabase that only the older contains: zoning.",
        "\n- geodatabase removed",
        "\n~ release",
        "1.2x faster",
    ):
        assert expected in ran.out
    assert not [line for line in ran.out.splitlines() if line != line.rstrip()]


def test_diff_is_equal_in_either_order_of_the_names(capsys: Capture) -> None:
    assert run(capsys, "diff", UPGRADE, LAST_NIGHT, "--demo", *AT) == run(
        capsys, "diff", LAST_NIGHT, UPGRADE, "--demo", *AT
    )


def test_diff_exits_with_0_when_nothing_differs(capsys: Capture) -> None:
    ran = run(capsys, "diff", LAST_NIGHT, NIGHT_BEFORE, "--demo", *AT)
    assert ran.code == 0
    assert "Same contents by name and ID. Data is not compared." in ran.out
    assert run(capsys, "diff", LAST_NIGHT, LAST_NIGHT, "--demo", *AT).code == 0


def test_diff_json_has_every_field(capsys: Capture) -> None:
    ran = run(capsys, "diff", UPGRADE, LAST_NIGHT, "--demo", *AT, "--json")
    whole = json.loads(ran.out)
    (comparison,) = whole["comparison"]
    assert (ran.code, whole["schema"], comparison["has_differences"], comparison["order_known"]) == (1, 1, True, True)
    assert (comparison["older"]["name"], comparison["newer"]["name"]) == (UPGRADE, LAST_NIGHT)
    assert (
        comparison["interval_ms"]
        == comparison["newer"]["started"]["epoch_ms"] - comparison["older"]["started"]["epoch_ms"]
    )
    assert [geodatabase["name"] for geodatabase in comparison["geodatabases"]["added"]] == ["schools", "clinics"]
    assert [geodatabase["name"] for geodatabase in comparison["geodatabases"]["removed"]] == ["zoning"]
    assert {"property": "release", "older": "11.3.0", "newer": "11.4.0", "same": False} in comparison["properties"]
    assert comparison["duration"]["ratio"] == round(
        comparison["duration"]["newer_ms"] / comparison["duration"]["older_ms"], 4
    )
    assert [part["part"] for part in comparison["parts"]] == ["relationalStore", "objectStore", "infrastructures"]
    assert {part["different_instance"] for part in comparison["parts"]} == {False}
    assert comparison["capture_window"]["older"]["spread_ms"] > 0
    assert comparison["impact"][1] == {"text": "Newer verdict: ✓ usable.", "level": "ok"}


def test_diff_csv_has_a_row_for_each_difference(capsys: Capture) -> None:
    ran = run(capsys, "diff", UPGRADE, LAST_NIGHT, "--demo", *AT, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert [row["older"] for row in rows if row["property"] == "geodatabase removed"] == ["zoning"]
    assert {row["change"] for row in rows} == {"added", "removed", "changed", "info", "same"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("before-11-4-upgrad", "Did you mean before-11-4-upgrade?"),
        ("befor-11-4-upgrade", "Did you mean before-11-4-upgrade or before-11-3-upgrade"),
        ("nightly-2026-09-21", "Did you mean nightly-2026-09-21-06-00-46"),
        ("archive-s3/before-11-4-upgrad", "Did you mean archive-s3/before-11-4-upgrade"),
        ("qqqqqqqq", "See drtui list."),
    ],
)
def test_diff_suggests_similar_names_when_a_name_is_unknown(capsys: Capture, name: str, words: str) -> None:
    for pair in ((name, LAST_NIGHT), (LAST_NIGHT, name)):
        ran = run(capsys, "diff", *pair, "--demo", *AT)
        assert (ran.code, ran.out) == (2, "")
        assert words in ran.err


def test_diff_accepts_a_name_with_its_store(capsys: Capture) -> None:
    ran = run(capsys, "diff", f"archive-s3/{UPGRADE}", f"nightly-pv/{LAST_NIGHT}", "--demo", *AT)
    assert ran == run(capsys, "diff", UPGRADE, LAST_NIGHT, "--demo", *AT)


@pytest.fixture
def twice(tmp_path: Path) -> str:
    """The path of a saved answer in which two stores have a restore point of one name."""
    record = {"backupName": "night", "status": "completed", "startTime": NOW - 3_600_000, "release": "11.4.0"}
    records = [
        {**record, "backupStore": "one"},
        {**record, "backupStore": "two", "startTime": NOW - 7_200_000},
        {**record, "backupStore": "two", "backupName": "other", "startTime": NOW - 9_000_000},
    ]
    saved = tmp_path / "backups.json"
    saved.write_text(json.dumps({"backups": records}))
    return str(saved)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("night", "other"), 2, "Several stores have 'night'. Choose one with --store (one, two), or write STORE/NAME"),
        (("night", "other", "--store", "one"), 0, "Newer: night (store one)"),
        (("night", "other", "--store", "two"), 0, "Newer: night (store two)"),
        (("one/night", "two/night"), 0, "Older: night (store two)"),
        (("one/night", "two/night", "--store", "one"), 0, "Newer: night (store one)"),
        (("night", "other", "--store", "three"), 2, "Several stores have 'night'"),
    ],
)
def test_diff_asks_for_the_store_when_several_have_the_name(
    capsys: Capture, twice: str, arguments: tuple[str, ...], code: int, words: str
) -> None:
    ran = run(capsys, "diff", *arguments[:2], twice, *arguments[2:], *AT)
    assert ran.code == code
    assert words in ran.out + ran.err


def test_diff_says_that_the_list_is_incomplete_when_a_store_cannot_be_fetched(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    with serving(make_app("calm", now=NOW, faults=Faults(error_code=500, only=("archive-s3",)))) as where:
        ran = run(capsys, "diff", UPGRADE, LAST_NIGHT, where.url, *AT)
    assert ran.code == 3
    assert "backups of archive-s3" in ran.err
    assert "No restore point 'before-11-4-upgrade'" in ran.err


def test_show_and_runbook_suggest_similar_names_when_a_name_is_unknown(capsys: Capture) -> None:
    for command in ("show", "runbook"):
        ran = run(capsys, command, "before-11-4-upgrad", "--demo", *AT)
        assert ran.code == 1
        assert "Did you mean before-11-4-upgrade" in ran.err


@pytest.mark.parametrize("form", in_full(["table", "json", "csv"], but=["table"]))
def test_diff_prints_no_control_characters_when_names_are_hostile(capsys: Capture, form: str) -> None:
    listed = json.loads(run(capsys, "list", "--demo=hostile", *AT, "--json").out)["restore_points"]
    names = [row["name"] for row in listed if row["name"]]
    for first, second in pairwise(names):
        ran = run(capsys, "diff", first, second, "--demo=hostile", *AT, "--format", form)
        assert ran.code == 1
        assert "\x1b" not in ran.out + ran.err
        assert not [secret for secret in PLANTED_SECRETS if secret in ran.out]
