"""Values agree within one JSON document, and between JSON, CSV, tables and Markdown of one moment."""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.running import run
from tests.conftest import NOW
from tests.values import is_span_of, printed_value, second_of, seconds

AT = ("--now", str(NOW), "--no-history")
Capture = pytest.CaptureFixture[str]
Json = dict[str, Any]
Texts = dict[str, str]


def json_document(capsys: Capture, *arguments: str) -> Json:
    document: Json = json.loads(run(capsys, *arguments, *AT, "--json").out)
    return document


def csv_rows(capsys: Capture, *arguments: str) -> list[Texts]:
    """Return the rows of CSV."""
    out = run(capsys, *arguments, *AT, "--format", "csv").out
    return [{name: cell.removeprefix("'") for name, cell in row.items()} for row in csv.DictReader(io.StringIO(out))]


def table_rows(capsys: Capture, *arguments: str) -> list[Texts]:
    """Return the rows of a text table, by the CSV names of its columns; not for tables with wide characters."""
    head, *lines = run(capsys, *arguments, *AT).out.splitlines()
    columns = [(heading[0], heading.start()) for heading in re.finditer(r"\S+(?: \S+)*", head)]
    ends = [*(start for _, start in columns[1:]), None]
    return [
        {
            name.lower().replace(" ", "_"): line[start:end].strip()
            for (name, start), end in zip(columns, ends, strict=True)
        }
        for line in lines
        if line
    ]


def cell(value: object) -> str:
    """Return a JSON value as CSV has it."""
    if isinstance(value, dict):
        return str(value["iso"])
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def duration(milliseconds: int | None) -> str:
    """Return a duration as CSV has it: in seconds."""
    if milliseconds is None:
        return ""
    return str(milliseconds // 1000 if milliseconds % 1000 == 0 else milliseconds / 1000)


def word(text: str) -> str:
    """Return a word as CSV has it."""
    return text.replace(" ", "_")


def sections(text: str) -> dict[str, list[str]]:
    """Return the lines of a Markdown document by heading, without blank lines."""
    by_heading: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("#"):
            lines = by_heading.setdefault(line.lstrip("# "), [])
        elif line:
            lines.append(line)
    return by_heading


def cells(lines: list[str]) -> list[list[str]]:
    """Return the rows of a Markdown table."""
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines if line.startswith("|")]
    return [[cell.replace("\\", "") for cell in row] for row in rows[2:]]


def is_mark_of(cell: str, word: str) -> bool:
    """True if a cell has a mark and then this word."""
    return cell.partition(" ")[2] == word


def is_duration(cell: str, milliseconds: int | None) -> bool:
    """True if a cell has this duration; `-` if it is unknown."""
    return cell == "-" if milliseconds is None else is_span_of(cell, milliseconds)


def elapsed_ms(row: Json) -> int | None:
    """Return the time between start and end of a restore point or part, milliseconds."""
    begin, end = row["started"], row.get("completed", row.get("ended"))
    return None if begin is None or end is None else int(end["epoch_ms"] - begin["epoch_ms"])


@pytest.mark.parametrize("scenario", ["half-failed", "running", "hostile"])
def test_list_has_spans_that_fit_its_moments_when_it_is_printed_as_json(capsys: Capture, scenario: str) -> None:
    points = json_document(capsys, "list", f"--demo={scenario}")["restore_points"]
    assert len(points) > 20
    for point in points:
        assert point["age_ms"] == (None if point["started"] is None else NOW - point["started"]["epoch_ms"])
        if elapsed_ms(point) is None:
            assert point["duration_ms"] is None
        for row in (point, *point["parts"]):
            assert row["duration_ms"] in {None, elapsed_ms(row)}
    assert sum(point["duration_ms"] is not None for point in points) > len(points) // 2


@pytest.mark.parametrize("scenario", ["half-failed", "hostile"])
def test_list_has_the_same_values_when_it_is_printed_as_csv(capsys: Capture, scenario: str) -> None:
    points = json_document(capsys, "list", f"--demo={scenario}")["restore_points"]
    for row, record in zip(csv_rows(capsys, "list", f"--demo={scenario}"), points, strict=True):
        assert row["verdict"] == word(record["verdict"])
        for name in ("store", "release", "started"):
            assert row[name] == cell(record[name])
        assert row["kind"] == (printed_value(record["kind"]) or "")
        assert (row["took"], row["age"]) == (duration(record["duration_ms"]), duration(record["age_ms"]))
        if isinstance(record["expires"], dict):
            assert row["expires"] == duration(record["expires"]["epoch_ms"] - NOW)
        elif record["expires"] is not None:
            assert row["expires"] == record["expires"]


@pytest.mark.parametrize(
    ("arguments", "key", "way", "number"),
    [
        ((), "started", "descending", 57),
        (("--reverse",), "started", "ascending", 57),
        (("--sort", "took", "--store", "archive-s3"), "took", "ascending", 13),
    ],
    ids=["usual", "reverse", "took"],
)
def test_list_has_the_same_order_when_it_is_printed_as_markdown(
    capsys: Capture, arguments: tuple[str, ...], key: str, way: str, number: int
) -> None:
    json_list = json_document(capsys, "list", "--demo", *arguments)
    markdown = sections(run(capsys, "list", "--demo", *arguments, *AT, "--format", "md").out)
    lines = markdown["Restore points"]
    assert [row[0] for row in cells(lines)] == [row["name"] for row in json_list["restore_points"]]
    (summary,) = (line for line in lines if line.startswith("* Shown: "))
    assert summary.startswith(f"* Shown: {number} of {number} restore points in ")
    assert summary.endswith(f", sorted by {key}, {way}")
    assert (json_list["selection"]["sorted_by"], json_list["selection"]["descending"]) == (key, way == "descending")
    assert (json_list["selection"]["total"], json_list["selection"]["store"]) == (
        number,
        "archive-s3" if number == 13 else None,
    )


def test_list_has_the_same_values_when_it_is_printed_as_a_table(capsys: Capture) -> None:
    points = json_document(capsys, "list", "--demo=half-failed")["restore_points"]
    for row, record in zip(table_rows(capsys, "list", "--demo=half-failed"), points, strict=True):
        assert is_mark_of(row["verdict"], record["verdict"])
        assert (row["name"], row["kind"], row["store"]) == (record["name"], record["kind"], record["store"])
        assert (printed_value(row["release"]) or "", seconds(row["started"])) == (
            record["release"],
            second_of(record["started"]),
        )
        assert is_duration(row["took"], record["duration_ms"])


@pytest.mark.parametrize("scenario", ["calm", "empty"])
def test_stores_have_the_same_values_when_they_are_printed_in_rows(capsys: Capture, scenario: str) -> None:
    arguments = ("stores", f"--demo={scenario}")
    stores = json_document(capsys, *arguments)["stores"]
    for row, line, record in zip(csv_rows(capsys, *arguments), table_rows(capsys, *arguments), stores, strict=True):
        assert row["store"] == line["store"] == record["name"]
        for name in ("default", "type", "created_by", "restore_points", "newest_usable", "location"):
            assert row[name] == cell(record[name])
        for name in ("type", "created_by", "location"):
            assert printed_value(line[name]) == (record[name] or None)
        assert (line["default"] == "yes", int(line["restore_points"])) == (record["default"], record["restore_points"])
        newest = record["newest_usable"]
        if newest is None:
            assert line["newest_usable"] == "none"
        else:
            assert is_span_of(line["newest_usable"].removesuffix(" ago"), NOW - newest["epoch_ms"])


@pytest.mark.parametrize("scenario", ["paused", "calm"])
def test_schedules_have_the_same_values_when_they_are_printed_in_rows(capsys: Capture, scenario: str) -> None:
    arguments = ("schedules", f"--demo={scenario}")
    schedules = json_document(capsys, *arguments)["schedules"]
    for row, line, record in zip(csv_rows(capsys, *arguments), table_rows(capsys, *arguments), schedules, strict=True):
        plan = record["runs"] or {
            "next_run": None,
            "missed": None,
            "failed": None,
            "name": record["prefix"],
            "store": record["store"],
        }
        for name in ("title", "task", "state", "store", "prefix", "last_start"):
            assert row[name] == cell(record[name])
        assert row["cron"] == cell(record["cron"])
        assert row["next_run"] == cell(plan["next_run"])
        for name in ("missed", "failed"):
            number = None if plan[name] is None else str(len(plan[name]))
            assert (row[name] or None, printed_value(line[name])) == (number, number)
        assert row["retention"] == duration(record["retention_ms"])
        assert (line["title"], line["task"]) == (record["title"], record["task"])
        assert line["state"].partition(" (")[0] == record["state"]
        for column, name in (("cron_(quartz,_utc)", "cron"), ("store", "store"), ("prefix", "prefix")):
            assert (printed_value(line[column]) or "") == (record[name] or "")
        assert seconds(line["next_run"]) == second_of(plan["next_run"])
        assert seconds(line["last_start"]) == second_of(record["last_start"])
        retention = record["retention_ms"]
        assert (
            line["retention"] == "-"
            if retention is None
            else is_span_of(line["retention"].removeprefix("about "), retention)
        )
        assert (plan["name"], plan["store"]) == (record["prefix"], record["store"])


@pytest.mark.parametrize("scenario", ["paused", "half-failed"])
def test_gaps_have_the_same_values_when_they_are_printed_in_rows(capsys: Capture, scenario: str) -> None:
    arguments = ("gaps", f"--demo={scenario}")
    gaps = json_document(capsys, *arguments)["gaps"]
    assert len(gaps) > 4
    for row, line, record in zip(csv_rows(capsys, *arguments), table_rows(capsys, *arguments), gaps, strict=True):
        begin, end = record.get("from", record.get("due")), record.get("to")
        assert row["event"].removeprefix("open_").partition("_in_")[0] == word(record["event"])
        assert line["event"].partition(" in ")[0].partition(",")[0] == record["event"]
        assert (row["from"], row["to"]) == (cell(begin), cell(end))
        assert (seconds(line["from"]), seconds(line["to"])) == (second_of(begin), second_of(end))
        if "duration_ms" in record:
            assert record["duration_ms"] == end["epoch_ms"] - begin["epoch_ms"]
            assert row["duration"] == duration(record["duration_ms"])
            assert is_span_of(line["duration"], record["duration_ms"])
        if record["event"] == "missed run":
            assert row["note"] == line["note"] == record["schedule"]
    ends = [second_of(gap.get("to", gap.get("due"))) or 0 for gap in gaps if gap["event"] != "worst"]
    assert ends == sorted(ends, reverse=True)


def test_contents_have_the_same_values_when_they_are_printed_as_csv(capsys: Capture) -> None:
    items = json_document(capsys, "where", "o", "--demo")["items"]
    pairs = [(item, point) for item in items for point in item["restore_points"]]
    rows = csv_rows(capsys, "where", "o", "--demo")
    assert len(items) > 5
    for row, (record, point) in zip(rows, pairs, strict=True):
        assert [row["name"], *filter(None, row["former_names"].split(", "))] == record["names"]
        for name in (
            "kind",
            "id",
            "restore_point_count",
            "restore_point_total",
            "usable",
            "note",
            "first",
            "last",
            "last_usable_expires",
        ):
            assert row[name] == cell(record[name])
        assert row["state"] == word(record["state"])
        assert row["last_usable"] == cell(record["last_usable"] and record["last_usable"]["name"])
        assert (row["restore_point"], row["store"], row["verdict"]) == (
            point["name"], point["store"], word(point["verdict"])
        )  # fmt: skip
        assert (row["started"], row["until"]) == (cell(point["started"]), cell(point["expires"]))


@pytest.mark.parametrize("scenario", ["paused", "running"])
def test_timeline_has_the_same_values_when_it_is_printed_as_csv(capsys: Capture, scenario: str) -> None:
    arguments = ("timeline", f"--demo={scenario}", "--days", "12")
    document = json_document(capsys, *arguments)
    lanes = {f"{lane['store']} {lane['kind']}".strip(): lane for lane in document["lanes"]}
    expected = [
        (name, slot["from"]["iso"], slot["to"]["iso"], *entry)
        for name, lane in lanes.items()
        for slot in lane["slots"]
        for entry in _entries(slot)
    ]
    rows = [row for row in csv_rows(capsys, *arguments) if row["lane"] in lanes]
    entries = [(row["lane"], row["from"], row["to"], *_entry(row)) for row in rows]
    assert len(expected) > 10
    assert sorted(entries) == sorted(expected)


RUNS = ("missed", "failed", "expected")


def _entries(slot: Json) -> Iterator[tuple[str, str, str, str]]:
    """Yield the entries of a slot: kind, name of a restore point, moment, and expiry."""
    for record in slot["restore_points"]:
        yield word(record["verdict"]), record["name"], cell(record["started"]), cell(record["expires"])
    for kind in RUNS:
        yield from ((kind, "", cell(record["due"]), "") for record in slot[kind])


def _entry(row: Texts) -> tuple[str, str, str, str]:
    """Return the entry that a row of CSV stands for."""
    return row["event"], "" if row["event"] in RUNS else row["name"], row["time"], row["expires"]


@pytest.mark.parametrize("scenario", ["paused", "half-failed"])
def test_report_has_the_same_values_when_it_is_printed_as_markdown(capsys: Capture, scenario: str) -> None:
    arguments = ("report", f"--demo={scenario}", "--days", "20")
    report = json_document(capsys, *arguments)
    markdown = sections(run(capsys, *arguments, *AT).out)
    rows = cells(markdown["Restore points"])
    for row, record in zip(rows, report["restore_points"], strict=True):
        name, store, verdict, started, took, kind, _, release = row
        assert (name, store, verdict, kind, release) == (
            record["name"], record["store"], record["verdict"], record["kind"], record["release"]
        )  # fmt: skip
        assert seconds(started) == second_of(record["started"])
        assert is_duration(took, record["duration_ms"])
    begin = NOW - 20 * 86_400_000
    assert report["from"]["epoch_ms"] == begin
    starts = [row["started"]["epoch_ms"] for row in report["restore_points"]]
    assert starts == sorted(starts, reverse=True)
    assert min(starts) >= begin
    gaps = [line for line in markdown["Gaps longer than the target"] if not line.startswith(("* Worst", "None"))]
    for line, record in zip(gaps, report["gaps"], strict=True):
        length, _, span = line.removeprefix("* ").partition(": ")
        first, _, last = span.partition(" to ")
        assert is_span_of(length, record["to"]["epoch_ms"] - record["from"]["epoch_ms"])
        assert seconds(first) == second_of(record["from"])
        assert last == "now" if record["open"] else seconds(last) == second_of(record["to"])
    missed = [line.removeprefix("* ").split(", due ") for line in markdown["Missed runs"] if ", due " in line]
    assert [(title, seconds(due)) for title, due in missed] == [
        (row["schedule"], second_of(row["due"])) for row in report["missed_run_details"]
    ]
    failed = [re.match(r"\* `+ ?(.+?) ?`+,", line) for line in markdown["Failed restore points"]]
    assert [match[1] for match in failed if match is not None] == report["failed_restore_points"]
