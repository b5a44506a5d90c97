"""CSV has words without blanks, ISO 8601 times and seconds, in equal bytes for every locale."""

import csv
import datetime as dt
import io

import pytest

from drtui.__main__ import main
from tests.cli.running import run
from tests.conftest import NOW
from tests.suites import in_full

AT = ("--now", str(NOW), "--tz", "Europe/Berlin")
MOMENTS = {"started", "completed", "until", "next_run", "last_start", "from", "to", "time", "first", "last", "read_at"}
MOMENTS |= {"last_usable_expires", "newest_usable", "last_read"}
NUMBERS = {
    "age",
    "took",
    "window",
    "target",
    "retention",
    "duration",
    "restore_points",
    "missed",
    "failed",
    "geodatabases",
}
NUMBERS |= {
    "buckets",
    "restore_point_count",
    "restore_point_total",
    "usable",
    "missed_runs",
    "failed_runs",
    "refreshes",
    "deleted",
}
WORDS = {
    "verdict": {"usable", "doubtful", "not_usable", "running", "expired", "cannot_tell"},
    "state": {
        "active",
        "paused",
        "no_schedule",
        "ok",
        "warning",
        "critical",
        "unknown",
        "present",
        "gone",
        "cannot_tell",
    },
    "default": {"true", "false"},
    "kind": {"scheduled", "manual", "geodatabase"},
}
COMMANDS = (
    ("list", "--demo=half-failed"),
    ("list", "--demo=running", "--columns", "name,verdict,until,completed,window,geodatabases,buckets,expires"),
    ("list", "--demo=paused", "--group", "schedule"),
    ("report", "--demo=half-failed"),
    ("stores", "--demo"),
    ("schedules", "--demo=paused"),
    ("schedules", "--demo=failing"),
    ("gaps", "--demo=paused"),
    ("where", "zoning", "--demo"),
    ("timeline", "--demo=paused", "--days", "3"),
    ("sites", "--demo"),
)
Capture = pytest.CaptureFixture[str]


def rows_of(capsys: Capture, *arguments: str) -> list[dict[str, str]]:
    text = run(capsys, *arguments, *AT, "--format", "csv").out
    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n") > 1
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_csv_cells_are_numbers_moments_or_words(capsys: Capture, arguments: tuple[str, ...]) -> None:
    for row in rows_of(capsys, *arguments):
        for name, cell in row.items():
            if name in NUMBERS and cell not in {"", "unknown"}:
                assert float(cell) >= 0, name
            elif name in MOMENTS and cell not in {"", "never"}:
                assert dt.datetime.fromisoformat(cell).utcoffset() in {dt.timedelta(hours=1), dt.timedelta(hours=2)}
                assert "T" in cell
            elif cell and name in WORDS:
                assert cell in WORDS[name], name
            elif name == "expires" and arguments[0] != "timeline":
                assert cell in {"", "never"} or float(cell)


def test_csv_values_equal_those_of_the_record(capsys: Capture) -> None:
    (row,) = rows_of(capsys, "list", "--demo=half-failed", "--filter", "nightly-2026-09-21-06-00-46")
    assert row["verdict"] == "not_usable"
    assert row["started"] == "2026-09-21T08:01:19+02:00"
    assert dt.datetime.fromisoformat(row["started"]).timestamp() + float(row["age"]) == pytest.approx(NOW / 1000, abs=1)
    assert float(row["expires"]) > 29 * 86_400
    assert row["reason"] == "part-status"


def test_status_csv_has_moments_and_durations(capsys: Capture) -> None:
    facts = {row["property"]: row["value"] for row in rows_of(capsys, "status", "--demo=running")}
    assert (facts["finished"], facts["outcome"], facts["state"]) == ("false", "running", "in_progress")
    assert float(facts["elapsed"]) > 0
    assert dt.datetime.fromisoformat(facts["started"]).utcoffset() == dt.timedelta(hours=2)


def test_diff_csv_has_durations_in_seconds(capsys: Capture) -> None:
    rows = rows_of(capsys, "diff", "before-11-4-upgrade", "nightly-2026-09-21-06-00-46", "--demo")
    took = next(row for row in rows if row["property"] == "took")
    assert float(took["older"]) > float(took["newer"]) > 0
    assert float(took["note"]) == pytest.approx(float(took["newer"]) / float(took["older"]), abs=0.001)
    (verdict,) = (row for row in rows if row["property"] == "verdict")
    assert {verdict["older"], verdict["newer"]} <= WORDS["verdict"]


def test_history_csv_has_the_time_of_the_last_refresh(capsys: Capture, site: str) -> None:
    run(capsys, "list", site)
    (row,) = rows_of(capsys, "history", "list")
    assert dt.datetime.fromisoformat(row["last_read"]).tzinfo
    assert (row["refreshes"], row["restore_points"], row["deleted"]) == ("1", "57", "0")


@pytest.mark.parametrize(
    "command",
    in_full(
        [("list", "--demo=hostile"), ("sites", "--demo"), ("stores", "--demo")],
        but=[("list", "--demo=hostile"), ("stores", "--demo")],
    ),
    ids=" ".join,
)
def test_bytes_are_the_same_when_the_encoding_is_another(
    monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    outputs = set()
    for encoding, more in (("utf-8", ()), ("ascii", ("--ascii",)), ("latin-1", ())):
        written = io.BytesIO()
        monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, encoding=encoding))
        main([*command, *AT, *more, "--format", "csv", "--no-history"])
        outputs.add(written.getvalue())
    (body,) = outputs
    assert body.decode("utf-8").startswith(("name,", "site,", "store,"))
    assert command[0] != "list" or not body.isascii()
