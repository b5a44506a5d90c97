"""`gaps`, `before`, `status`, `schedules` and `report`, and the RPO beside every list."""

import csv
import io
import json
from pathlib import Path

import pytest

from drtui.core.formatting.durations import DAY, HOUR
from drtui.demo.app import make_app
from drtui.demo.faults import Faults
from drtui.demo.scenarios import PLANTED_SECRETS, SCENARIOS, TOKEN
from drtui.demo.server import serving
from drtui.output.assessment import NO_COMPLETE_BACKUP
from tests.cli.running import run
from tests.conftest import NOW
from tests.suites import in_full

AT = ("--now", str(NOW))
Capture = pytest.CaptureFixture[str]
FAILED = {"backup": "a", "status": "failed", "startTime": NOW - 3 * DAY, "completeTime": NOW - 3 * DAY + HOUR}


@pytest.mark.parametrize(
    ("scenario", "faults", "words"),
    [("paused", Faults(), ""), ("paused", Faults(error_code=403, only=("/system/tasks",)), "inferred from the names")],
)
def test_nine_missed_nights_are_in_the_gaps_also_when_tasks_are_refused(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, scenario: str, faults: Faults, words: str
) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    with serving(make_app(scenario, now=NOW, faults=faults)) as where:
        ran = run(capsys, "gaps", where.url, *AT)
    assert ran.code == 1
    assert sum(line.startswith("missed run") for line in ran.out.splitlines()) == 9
    assert words in ran.err


def test_gaps_end_with_the_worst_gap_of_each_window(capsys: Capture) -> None:
    document = json.loads(run(capsys, "gaps", "--demo=paused", *AT, "--json").out)
    worst = [row for row in document["gaps"] if row["event"] == "worst"]
    assert [row["days"] for row in worst] == [7, 30, 90]
    assert worst[1]["duration_ms"] > 6 * 86_400_000
    assert document["rpo"]["newest_usable"] == "by-hand"


def test_before_recommends_a_restore_point_when_a_moment_is_given(capsys: Capture) -> None:
    ran = run(capsys, "before", "2026-09-21T11:00", "--demo=half-failed", "--tz", "Europe/Berlin", *AT)
    assert ran.code == 0
    assert ran.out.startswith("Before 2026-09-21 11:00:00 +02:00 (2026-09-21 09:00:00 UTC)\nRestore nightly-2026-09-20")
    assert "You lose 26 h 59 min" in ran.out
    assert "Skipped nightly-2026-09-21-06-00-46" in ran.out


def test_before_takes_the_latest_occurrence_when_only_a_time_of_day_is_given(capsys: Capture) -> None:
    ran = run(capsys, "before", "23:00", "--demo", "--tz", "Europe/Berlin", *AT)
    assert (ran.code, ran.out.splitlines()[0]) == (0, "Before 2026-09-20 23:00:00 +02:00 (2026-09-20 21:00:00 UTC)")


def test_before_finds_nothing_when_the_moment_is_older_than_all_backups(capsys: Capture) -> None:
    ran = run(capsys, "before", "2001-01-01", "--demo", *AT)
    assert (ran.code, "Nothing usable completed before this time." in ran.out) == (1, True)


def test_before_exits_with_1_when_the_moment_is_in_the_future(capsys: Capture) -> None:
    ran = run(capsys, "before", "2027-09-21", "--demo", *AT)
    assert (ran.code, "This time is in the future" in ran.out) == (1, True)


@pytest.mark.parametrize("scenario", ["empty", "failed"])
@pytest.mark.parametrize("command", ["gaps", "report"])
def test_gaps_are_unknown_when_no_backup_ever_completed(
    capsys: Capture, tmp_path: Path, command: str, scenario: str
) -> None:
    saved = tmp_path / "backups.json"
    saved.write_text('{"backups": []}' if scenario == "empty" else json.dumps({"backups": [FAILED]}))
    ran = run(capsys, command, str(saved), *AT)
    output = ran.out + ran.err
    assert ran.code == 1
    assert NO_COMPLETE_BACKUP[1:] in output
    assert "0 gaps" not in output
    assert ("still open" in output) is (scenario == "failed" and command == "gaps")
    assert ("to now" in output) is (scenario == "failed" and command == "report")


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-10-25T02:30", "comes twice"),
        ("2026-03-29T02:30", "does not exist"),
        ("soon", "Cannot read 'soon' as a time"),
    ],
)
def test_r56_before_rejects_a_local_time_with_both_offsets_when_it_is_ambiguous_or_missing(
    capsys: Capture, moment: str, words: str
) -> None:
    ran = run(capsys, "before", moment, "--demo", "--tz", "Europe/Berlin", *AT)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


def test_schedules_prints_a_message_when_the_site_has_no_schedule(capsys: Capture) -> None:
    ran = run(capsys, "schedules", "--demo=empty", *AT)
    assert (ran.code, "The site has no backup schedule" in ran.err) == (1, True)


def test_before_prints_the_choice_when_json_is_requested(capsys: Capture) -> None:
    (choice,) = json.loads(run(capsys, "before", "2026-09-21T09:00Z", "--demo=half-failed", *AT, "--json").out)[
        "choice"
    ]
    assert choice["restore_point"]["name"] == "nightly-2026-09-20-06-00-39"
    assert [point["name"] for point in choice["skipped"]] == ["nightly-2026-09-21-06-00-46"]
    assert choice["lists_are_complete"]
    assert (choice["older_usable_count"], choice["no_data_since"]) == (37, None)


def test_before_warns_of_a_newer_point_when_a_store_cannot_be_fetched(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    with serving(make_app("calm", now=NOW, faults=Faults(error_code=500, only=("archive-s3",)))) as where:
        ran = run(capsys, "before", "2026-09-21T09:00Z", where.url, *AT)
    assert ran.code == 3
    assert "a newer backup may exist" in ran.out


@pytest.mark.parametrize("command", ["list", "stores", "status", "schedules", "gaps"])
def test_json_has_the_rpo_beside_every_list(capsys: Capture, command: str) -> None:
    document = json.loads(run(capsys, command, "--demo=half-failed", *AT, "--json").out)
    assert document["rpo"]["newest_usable"] == "nightly-2026-09-20-06-00-39"
    assert document["rpo"]["newest_completed"] == "nightly-2026-09-21-06-00-46"
    assert (document["rpo"]["target_met"], document["rpo_is_complete"]) == (False, True)


def test_schedules_prints_next_and_missed_runs(capsys: Capture) -> None:
    rows = list(csv.DictReader(io.StringIO(run(capsys, "schedules", "--demo=paused", *AT, "--format", "csv").out)))
    nightly = next(row for row in rows if row["title"].startswith("nightly"))
    assert (nightly["missed"], nightly["next_run"]) == ("9", "")
    weekly = next(row for row in rows if row["title"].startswith("weekly"))
    assert (weekly["missed"], weekly["next_run"]) == ("0", "2026-09-28T08:00:00+00:00")


@pytest.mark.parametrize(
    ("scenario", "code", "words"),
    [
        ("calm", 0, "completed after"),
        ("running", 0, "running for"),
        ("half-failed", 1, "FAILED: object store failed (backup is marked completed, status"),
        ("restoring", 0, "Restore of nightly"),
    ],
)
def test_status_says_if_the_operation_is_really_finished(capsys: Capture, scenario: str, code: int, words: str) -> None:
    ran = run(capsys, "status", f"--demo={scenario}", *AT)
    assert ran.code == code
    assert words in ran.out.splitlines()[1]


def test_status_json_has_every_source(capsys: Capture) -> None:
    (row,) = json.loads(run(capsys, "status", "--demo=running", *AT, "--json").out)["status"]
    sources = [(witness["source"], witness["text"].partition(" ")[0]) for witness in row["progress"]["sources"]]
    assert sources == [("record", "in_progress"), ("status", "in_progress"), ("job", "COMPLETED")]
    assert (row["progress"]["finished"], row["progress"]["sources_agree"]) == (False, False)
    assert row["progress"]["reported_at"]["epoch_ms"] == NOW


@pytest.mark.parametrize(
    "part",
    [
        "# Restore points of the last 30 days",
        "## Summary",
        (
            "* Without a new backup the last usable restore point never expires, or its expiry is unknown; "
            "the next to expire is `nightly-2026-08-23"
        ),
        "* Longest recent backup: 40 m 31 s, 34% of the limit of 2 h, ",
        "* 4 restore points never expire, the oldest is `before-11-3-upgrade` of 2026-06-22",
        "## Gaps longer than the target",
        "## Missed runs",
        "* nightly, due 2026-09-21 06:00:00 +00:00",
        "## Failed restore points",
        "## Restore points",
        "| by-hand | nightly-pv | usable |",
        "## Not checked",
        "* Target (RPO): 24 h",
        "with drtui ",
    ],
)
def test_report_has_every_section(capsys: Capture, part: str) -> None:
    ran = run(capsys, "report", "--demo=paused", *AT)
    assert ran.code == 1
    assert part in ran.out


def test_report_covers_the_requested_days(capsys: Capture) -> None:
    short = json.loads(run(capsys, "report", "--days", "3", "--demo", *AT, "--json").out)
    assert (short["days"], len(short["restore_points"])) == (3, 4)
    assert len(run(capsys, "report", "--days", "3", "--demo", *AT, "--format", "csv").out.splitlines()) == 5
    assert run(capsys, "report", "--days", "0", "--demo", *AT).code == 2


@pytest.mark.parametrize("form", ["md", "csv", "json"])
def test_report_has_equal_bytes_when_answers_and_moment_are_equal(capsys: Capture, form: str) -> None:
    arguments = ("report", "--demo=half-failed", *AT, "--format", form)
    assert run(capsys, *arguments) == run(capsys, *arguments)


@pytest.mark.parametrize("scenario", in_full(SCENARIOS, but=["calm", "hostile"]))
@pytest.mark.parametrize("command", [("gaps",), ("before", "2026-09-21"), ("report",)])
def test_assessment_commands_print_no_secret_and_no_control_character(
    capsys: Capture, scenario: str, command: tuple[str, ...]
) -> None:
    ran = run(capsys, *command, f"--demo={scenario}", *AT)
    assert not [secret for secret in PLANTED_SECRETS if secret in ran.out + ran.err]
    assert "\x1b" not in ran.out + ran.err
    assert "verified" not in ran.out.lower()
