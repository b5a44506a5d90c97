"""`drtui where NAME`: the restore points that contain an item, and when the last of them expires."""

import csv
import io
import json
from pathlib import Path

import pytest

from drtui.demo.app import make_app
from drtui.demo.faults import Faults
from drtui.demo.scenarios import PLANTED_SECRETS, SCENARIOS, TOKEN
from drtui.demo.server import serving
from tests.cli.running import run
from tests.conftest import NOW
from tests.suites import in_full

AT = ("--now", str(NOW))
Capture = pytest.CaptureFixture[str]


def test_where_lists_the_restore_points_of_a_dropped_geodatabase(capsys: Capture) -> None:
    ran = run(capsys, "where", "zoning", "--demo", *AT)
    assert ran.code == 0
    sentences, _, table = ran.out.partition("\n\n")
    assert sentences.splitlines()[0] == "zoning: geodatabase 548f92fc610529c136421462e3e6f344, gone"
    assert "Last usable copy expires in 309 d, 2027-07-28 03:00:12 +00:00: monthly-2026-06-23-03-00-12" in sentences
    assert "In 32 restore points of 57 (16 usable)" in sentences
    assert len(table.splitlines()) == 1 + 32
    assert table.splitlines()[1].split()[:4] == ["weekly-2026-08-31-08-00-32", "offsite-azure", "✓", "usable"]


def test_where_json_has_the_facts_of_the_text(capsys: Capture) -> None:
    ran = run(capsys, "where", "zoning", "--demo", *AT, "--json")
    (item,) = json.loads(ran.out)["items"]
    assert (item["state"], item["restore_point_count"], item["restore_point_total"], item["usable"]) == (
        "gone",
        32,
        57,
        16,
    )
    assert item["last_usable"] == {"name": "monthly-2026-06-23-03-00-12", "store": "archive-s3"}
    assert item["last_usable_expires"]["iso"] == "2027-07-28T03:00:12+00:00"
    assert [point["verdict"] for point in item["restore_points"]].count("usable") == 16
    assert {point["expires"] for point in item["restore_points"] if isinstance(point["expires"], str)} == {"never"}
    assert item["deleted_restore_points"] == []


def test_where_csv_has_a_row_for_each_restore_point(capsys: Capture) -> None:
    rows = list(csv.DictReader(io.StringIO(run(capsys, "where", "zoning", "--demo", *AT, "--format", "csv").out)))
    assert len(rows) == 32
    assert {row["last_usable_expires"] for row in rows} == {"2027-07-28T03:00:12+00:00"}
    assert rows[0]["restore_point"] == "weekly-2026-08-31-08-00-32"
    assert rows[0]["state"] == "gone"


@pytest.mark.parametrize("spelled", ["548f92fc610529c136421462e3e6f344", "548F92FC-6105-29C1-3642-1462E3E6F344"])
def test_where_finds_an_id_in_either_spelling(capsys: Capture, spelled: str) -> None:
    assert run(capsys, "where", spelled, "--demo", *AT).out.startswith("zoning: geodatabase")


@pytest.mark.parametrize(
    ("name", "scenario", "words"),
    [
        ("roads_2025", "calm", "roads (was roads_2025): geodatabase"),
        ("uploads", "calm", "uploads: bucket, present"),
        ("gwdb", "calm", "gwdb: system database, present"),
        ("r4k2w", "calm", "r4k2w: store instance, present"),
        ("hgdb_wqlxr", "seed", "No usable restore point contains it"),
        ("zoning", "upgraded", "No usable restore point contains it"),
        ("content", "old", "Usable, retention date unknown"),
    ],
)
def test_where_finds_every_kind_of_item(capsys: Capture, name: str, scenario: str, words: str) -> None:
    ran = run(capsys, "where", name, f"--demo={scenario}", *AT)
    assert (ran.code, words in ran.out) == (0, True)


@pytest.mark.parametrize("name", ["zning", "zonnig", "old_zoning", "Zoning2"])
def test_where_exits_with_1_and_suggests_names_when_nothing_matches(capsys: Capture, name: str) -> None:
    ran = run(capsys, "where", name, "--demo", *AT)
    assert (ran.code, ran.out.count("\n")) == (1, 1)
    assert f"Nothing named {name!r} in 57 restore points" in ran.err
    assert "others like it: zoning" in ran.err


def test_where_finds_nothing_when_the_site_is_empty(capsys: Capture) -> None:
    ran = run(capsys, "where", "zoning", "--demo=empty", *AT, "--json")
    assert (ran.code, json.loads(ran.out)["items"]) == (1, [])


def test_where_prints_the_exact_match_and_mentions_similar_names(capsys: Capture, tmp_path: Path) -> None:
    listed = [{"gdbName": name, "egdbID": str(at) * 32} for at, name in enumerate(("roads", "railroads", "Roads_old"))]
    saved = tmp_path / "backups.json"
    saved.write_text(json.dumps({"backups": [{"backupName": "a", "relationalStore": [{"geodatabases": listed}]}]}))
    ran = run(capsys, "where", "ROADS", str(saved), *AT)
    assert ran.out.startswith(f"roads: geodatabase {'0' * 32}\nNo usable restore point contains it")
    assert "others like it: Roads_old, railroads" in ran.err


def test_where_prints_a_list_when_many_items_match(capsys: Capture) -> None:
    lines = run(capsys, "where", "", "--demo", *AT).out.splitlines()
    assert lines[0].split()[:3] == ["NAME", "KIND", "STATE"]
    assert lines[1].split()[:5] == ["zoning", "geodatabase", "-", "gone", "2026-08-31"]
    assert len(lines) == 1 + 37


def test_where_exits_with_3_when_a_store_cannot_be_fetched(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    with serving(make_app("upgraded", now=NOW, faults=Faults(error_code=500, only=("archive-s3",)))) as where:
        ran = run(capsys, "where", "zoning", where.url, *AT)
    assert ran.code == 3
    assert "Not every store could be read: other restore points may contain it" in ran.out
    assert "No usable restore point" not in ran.out


@pytest.mark.parametrize("scenario", in_full(SCENARIOS, but=["calm", "hostile"]))
@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_where_prints_no_secret_and_no_control_character(capsys: Capture, scenario: str, form: str) -> None:
    ran = run(capsys, "where", "", f"--demo={scenario}", *AT, "--format", form)
    assert not [secret for secret in PLANTED_SECRETS if secret in ran.out + ran.err]
    assert "\x1b" not in ran.out + ran.err
