"""`drtui timeline`: chart, sentences, CSV and JSON."""

import csv
import io
import json
from typing import Any

import pytest

from drtui.core.formatting.text import width
from drtui.demo.app import make_app
from drtui.demo.faults import Faults
from drtui.demo.scenarios import PLANTED_SECRETS, SCENARIOS, TOKEN
from drtui.demo.server import serving
from tests.cli.running import Ran, run
from tests.conftest import NOW
from tests.suites import in_full

AT = ("--now", str(NOW))
Capture = pytest.CaptureFixture[str]


def timeline(capsys: Capture, scenario: str, *options: str) -> Ran:
    return run(capsys, "timeline", f"--demo={scenario}", *AT, "--width", "100", *options)


def row(ran: Ran, name: str) -> str:
    """Return the cells of a lane."""
    return next(line for line in ran.out.splitlines() if line.startswith(f"  {name} "))[26:]


def machine(capsys: Capture, scenario: str, *options: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(timeline(capsys, scenario, "--json", *options).out)
    return document


@pytest.mark.parametrize(
    ("scenario", "code", "lane", "cells"),
    [
        ("calm", 1, "nightly-pv scheduled", "----✓✓✓✓✓✗✓✓✓✓✓✓✓✗✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓▹▹▹▹▹▹▹▹▹▹▹▹▹▹▹▹▹▹"),
        ("paused", 1, "nightly-pv scheduled", "----✓✓✓✓✓✗✓✓✓✓✓✓✓✗✓✓✓✓✓✓✓▫▫▫▫▫▫▫▫▫"),
        ("half-failed", 1, "nightly-pv scheduled", "----✓✓✓✓✓✗✓✓✓✓✓✓✓✗✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✗▹▹▹▹▹▹▹▹▹▹▹▹▹▹▹▹▹▹"),
        ("no-privilege", 1, "nightly-pv scheduled", "----✓✓✓✓✓✗✓✓✓✓✓✓✓✗✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓"),
        ("failing", 1, "nightly-pv scheduled", "----✓✓✓✓✓✗✓✓✓✓✓✓✓✗✓✓✓✓✓✓✓✓✓✓✓✓✓✗✗✗▹▹▹▹▹▹▹▹▹▹▹▹▹▹▹▹▹▹"),
        pytest.param("thousands", 0, "nightly-pv scheduled", "✓" * 55 + "▹" * 18, marks=pytest.mark.full),
        ("empty", 1, "nightly-pv, none", "╎"),
    ],
)
def test_timeline_has_a_line_for_each_lane_and_exits_with_1_after_missed_runs(
    capsys: Capture, scenario: str, code: int, lane: str, cells: str
) -> None:
    ran = timeline(capsys, scenario)
    assert (ran.code, row(ran, lane).strip()) == (code, cells)


def test_timeline_continues_below_when_the_slots_do_not_fit(capsys: Capture) -> None:
    month = timeline(capsys, "calm", "--days", "30")
    assert "a slot is one day, from 2026-08-22 00:00 to 2026-10-02 00:00, UTC" in month.out
    year = timeline(capsys, "calm", "--days", "365")
    assert "a slot is one week, from 2025-09-15 00:00 to 2027-01-25 00:00, UTC" in year.out
    hours = timeline(capsys, "calm", "--days", "4", "--zoom", "hour")
    rows = [line for line in hours.out.splitlines() if line.startswith("  nightly-pv scheduled")]
    assert len(rows) == 2
    assert "".join(rows).count("✓") == 4
    assert hours.out.count("╎ now") == 2  # axis and legend
    assert "a slot is one month" in timeline(capsys, "calm", "--days", "3000").out


def test_r56_timeline_names_the_zone_and_has_25_cells_for_a_day_of_25_hours(capsys: Capture) -> None:
    ran = run(
        capsys, "timeline", "--demo", "--tz", "Europe/Berlin", "--now", "2026-10-26T12:00", "--days", "2",
        "--zoom", "hour", "--width", "120",
    )  # fmt: skip
    assert "CET +01:00" in ran.out.splitlines()[0]
    dates = ran.out.splitlines()[3]
    assert dates.index("2026-10-26 Mon") - dates.index("2026-10-25 Sun") == 25


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--days", "0"), "--days must be a number from 1 to 3660"),
        (("--days", "4000"), "--days must be a number from 1 to 3660"),
        (("--width", "10"), "--width must be a number from 40 to 2000"),
        (("--zoom", "year"), "Unknown value 'year' of --zoom"),
    ],
)
def test_timeline_rejects_options_when_they_are_out_of_range(
    capsys: Capture, options: tuple[str, ...], words: str
) -> None:
    ran = run(capsys, "timeline", "--demo", *AT, *options)
    assert (ran.code, words in ran.err, ran.out) == (2, True, "")


def test_timeline_names_the_failure_when_a_store_is_refused(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    faults = Faults(error_code=403, only=("nightly-pv/backups",))
    with serving(make_app("calm", now=NOW, faults=faults)) as where:
        ran = run(capsys, "timeline", where.url, *AT, "--width", "100")
    assert ran.code == 4
    assert "nightly-pv scheduled, refused" in ran.out
    assert "list unknown: refused" in ran.out
    with serving(make_app("calm", now=NOW, faults=Faults(error_code=403, only=("/stores",)))) as where:
        assert run(capsys, "timeline", where.url, *AT).code == 4
    assert run(capsys, "timeline", "http://127.0.0.1:1/arcgis", *AT, "--no-history", "--timeout", "1").code == 3


def test_timeline_json_has_lanes_slots_and_runs(capsys: Capture) -> None:
    document = machine(capsys, "paused", "--days", "10")
    nightly, manual = document["lanes"][:2]
    assert (document["zoom"], document["slot_count"], nightly["store"], nightly["kind"]) == (
        "day",
        14,
        "nightly-pv",
        "scheduled",
    )
    missed = [slot for slot in nightly["slots"] if slot["missed"]]
    assert [slot["event"] for slot in missed] == ["missed"] * 9
    assert missed[-1]["missed"] == [
        {"schedule": "nightly", "due": {"epoch_ms": 1_789_970_400_000, "iso": "2026-09-21T06:00:00+00:00"}}
    ]
    assert nightly["schedules"][0]["state"] == "paused"
    assert manual["slots"][0]["restore_points"][0]["name"] == "by-hand"
    weekly = next(lane for lane in document["lanes"] if lane["store"] == "offsite-azure")
    assert weekly["durations"][0]["timeout_ms"] == 7_200_000
    weekly = next(lane for lane in machine(capsys, "calm", "--days", "30")["lanes"] if lane["store"] == "offsite-azure")
    assert [run_["due"]["iso"] for slot in weekly["slots"] for run_ in slot["expected"]] == [
        "2026-09-28T08:00:00+00:00"
    ]
    assert document["expires"]["slots"][0]["usable_remaining"] > 0


def test_timeline_csv_has_a_row_for_each_event(capsys: Capture) -> None:
    rows = list(csv.DictReader(io.StringIO(timeline(capsys, "paused", "--days", "10", "--format", "csv").out)))
    assert sum(row_["event"] == "missed" for row_ in rows) == 9
    assert {"lane", "from", "to", "event", "name", "time", "expires"} == set(rows[0])


@pytest.mark.parametrize("scenario", in_full(SCENARIOS, but=["hostile", "half-failed"]))
def test_timeline_words_and_chart_have_the_same_descriptions(capsys: Capture, scenario: str) -> None:
    options = ("--days", "20")
    picture, words = timeline(capsys, scenario, *options), timeline(capsys, scenario, "--plain", *options)
    document = machine(capsys, scenario, *options)
    assert picture.code == words.code
    assert [line for line in words.out.splitlines() if not line.isascii()] == [] or scenario in {"hostile", "thousands"}
    for lane in document["lanes"]:
        name = " ".join(filter(None, (lane["store"], lane["kind"])))
        assert name in words.out
        assert all(sentence in words.out and sentence in picture.out for sentence in lane["description"])
    events = [event for lane in document["lanes"] for slot in lane["slots"] for event in slot["restore_points"]]
    assert all(event["name"] in words.out for event in events)
    missed = sum(len(slot["missed"]) for lane in document["lanes"] for slot in lane["slots"])
    assert words.out.count("_ missed  ") == missed
    assert max(width(line) for line in picture.out.splitlines()[2:]) <= 100 or scenario == "hostile"
    for ran in (picture, words):
        assert not [secret for secret in PLANTED_SECRETS if secret in ran.out + ran.err]
        assert "\x1b" not in ran.out + ran.err
        assert "verified" not in ran.out.lower()


def test_show_ends_with_a_chart_of_the_parts(capsys: Capture) -> None:
    ran = run(capsys, "show", "nightly-2026-09-21-06-00-46", "--demo", *AT)
    assert "PART                             OFFSET          TOOK" in ran.out
    assert "relational store r4k2w and object store o9x3d do not overlap: 0.170 s between them" in ran.out
    assert "▬▬▬" in ran.out
    assert "###" in run(capsys, "show", "nightly-2026-09-21-06-00-46", "--demo", *AT, "--ascii").out
