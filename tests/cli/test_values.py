"""Values fit one another: within one answer in JSON, and between JSON, CSV, tables and Markdown of the same moment."""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.running import run
from tests.conftest import NOW
from tests.values import is_span_of, said, second_of, seconds

AT = ("--now", str(NOW), "--no-history")
Capture = pytest.CaptureFixture[str]
Json = dict[str, Any]
Texts = dict[str, str]


def machine(capsys: Capture, *arguments: str) -> Json:
    document: Json = json.loads(run(capsys, *arguments, *AT, "--json").out)
    return document


def sheet(capsys: Capture, *arguments: str) -> list[Texts]:
    """The rows of CSV."""
    out = run(capsys, *arguments, *AT, "--format", "csv").out
    return [{name: cell.removeprefix("'") for name, cell in row.items()} for row in csv.DictReader(io.StringIO(out))]


def table(capsys: Capture, *arguments: str) -> list[Texts]:
    """The rows of a table for people, by the names of its columns as CSV has them; not where texts are wide."""
    head, *lines = run(capsys, *arguments, *AT).out.splitlines()
    columns = [(found[0], found.start()) for found in re.finditer(r"\S+(?: \S+)*", head)]
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
    """A value of JSON as CSV has it."""
    if isinstance(value, dict):
        return str(value["iso"])
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def duration(milliseconds: int | None) -> str:
    """The same of a duration, which CSV has in seconds."""
    if milliseconds is None:
        return ""
    return str(milliseconds // 1000 if milliseconds % 1000 == 0 else milliseconds / 1000)


def word(text: str) -> str:
    """The same of a word."""
    return text.replace(" ", "_")


def sections(text: str) -> dict[str, list[str]]:
    """The lines of a document in Markdown by the headings above them, without blank lines."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("#"):
            lines = found.setdefault(line.lstrip("# "), [])
        elif line:
            lines.append(line)
    return found


def cells(lines: list[str]) -> list[list[str]]:
    """The rows of a table in Markdown."""
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines if line.startswith("|")]
    return [[cell.replace("\\", "") for cell in row] for row in rows[2:]]


def is_mark_of(cell: str, word: str) -> bool:
    """True if a cell has a mark and then this word."""
    return cell.partition(" ")[2] == word


def is_took(cell: str, milliseconds: int | None) -> bool:
    """True if a cell says how long something took; `-` where that is not known."""
    return cell == "-" if milliseconds is None else is_span_of(cell, milliseconds)


def lasting(row: Json) -> int | None:
    """Milliseconds between start and end of a restore point or a part."""
    begin, end = row["started"], row.get("completed", row.get("ended"))
    return None if begin is None or end is None else int(end["epoch_ms"] - begin["epoch_ms"])


@pytest.mark.parametrize("scenario", ["half-failed", "running", "hostile"])
def test_list_has_spans_that_fit_its_moments_when_it_is_printed_as_json(capsys: Capture, scenario: str) -> None:
    points = machine(capsys, "list", f"--demo={scenario}")["restore_points"]
    assert len(points) > 20
    for each in points:
        assert each["age_ms"] == (None if each["started"] is None else NOW - each["started"]["epoch_ms"])
        if lasting(each) is None:
            assert each["duration_ms"] is None
        for row in (each, *each["parts"]):
            assert row["duration_ms"] in {None, lasting(row)}
    assert sum(each["duration_ms"] is not None for each in points) > len(points) // 2


@pytest.mark.parametrize("scenario", ["half-failed", "hostile"])
def test_list_has_the_same_values_when_it_is_printed_as_csv(capsys: Capture, scenario: str) -> None:
    points = machine(capsys, "list", f"--demo={scenario}")["restore_points"]
    for row, each in zip(sheet(capsys, "list", f"--demo={scenario}"), points, strict=True):
        assert row["verdict"] == word(each["verdict"])
        for name in ("store", "release", "started"):
            assert row[name] == cell(each[name])
        assert row["kind"] == (said(each["kind"]) or "")
        assert (row["took"], row["age"]) == (duration(each["duration_ms"]), duration(each["age_ms"]))
        if isinstance(each["expires"], dict):
            assert row["expires"] == duration(each["expires"]["epoch_ms"] - NOW)
        elif each["expires"] is not None:
            assert row["expires"] == each["expires"]


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
    found = machine(capsys, "list", "--demo", *arguments)
    document = sections(run(capsys, "list", "--demo", *arguments, *AT, "--format", "md").out)
    lines = document["Restore points"]
    assert [row[0] for row in cells(lines)] == [each["name"] for each in found["restore_points"]]
    (shown,) = (line for line in lines if line.startswith("* Shown: "))
    assert shown.startswith(f"* Shown: {number} of {number} restore points in ")
    assert shown.endswith(f", sorted by {key}, {way}")
    assert (found["selection"]["sorted_by"], found["selection"]["descending"]) == (key, way == "descending")
    assert (found["selection"]["total"], found["selection"]["store"]) == (
        number,
        "archive-s3" if number == 13 else None,
    )


def test_list_has_the_same_values_when_it_is_printed_as_a_table(capsys: Capture) -> None:
    points = machine(capsys, "list", "--demo=half-failed")["restore_points"]
    for row, each in zip(table(capsys, "list", "--demo=half-failed"), points, strict=True):
        assert is_mark_of(row["verdict"], each["verdict"])
        assert (row["name"], row["kind"], row["store"]) == (each["name"], each["kind"], each["store"])
        assert (said(row["release"]) or "", seconds(row["started"])) == (each["release"], second_of(each["started"]))
        assert is_took(row["took"], each["duration_ms"])


@pytest.mark.parametrize("scenario", ["calm", "empty"])
def test_stores_have_the_same_values_when_they_are_printed_in_rows(capsys: Capture, scenario: str) -> None:
    arguments = ("stores", f"--demo={scenario}")
    stores = machine(capsys, *arguments)["stores"]
    for row, line, each in zip(sheet(capsys, *arguments), table(capsys, *arguments), stores, strict=True):
        assert row["store"] == line["store"] == each["name"]
        for name in ("default", "type", "created_by", "restore_points", "newest_usable", "location"):
            assert row[name] == cell(each[name])
        for name in ("type", "created_by", "location"):
            assert said(line[name]) == (each[name] or None)
        assert (line["default"] == "yes", int(line["restore_points"])) == (each["default"], each["restore_points"])
        newest = each["newest_usable"]
        if newest is None:
            assert line["newest_usable"] == "none"
        else:
            assert is_span_of(line["newest_usable"].removesuffix(" ago"), NOW - newest["epoch_ms"])


@pytest.mark.parametrize("scenario", ["paused", "calm"])
def test_schedules_have_the_same_values_when_they_are_printed_in_rows(capsys: Capture, scenario: str) -> None:
    arguments = ("schedules", f"--demo={scenario}")
    schedules = machine(capsys, *arguments)["schedules"]
    for row, line, each in zip(sheet(capsys, *arguments), table(capsys, *arguments), schedules, strict=True):
        plan = each["runs"] or {
            "next_run": None,
            "missed": None,
            "failed": None,
            "name": each["prefix"],
            "store": each["store"],
        }
        for name in ("title", "task", "state", "store", "prefix", "last_start"):
            assert row[name] == cell(each[name])
        assert row["cron"] == cell(each["cron"])
        assert row["next_run"] == cell(plan["next_run"])
        for name in ("missed", "failed"):
            number = None if plan[name] is None else str(len(plan[name]))
            assert (row[name] or None, said(line[name])) == (number, number)
        assert row["retention"] == duration(each["retention_ms"])
        assert (line["title"], line["task"]) == (each["title"], each["task"])
        assert line["state"].partition(" (")[0] == each["state"]
        for column, name in (("cron_(quartz,_utc)", "cron"), ("store", "store"), ("prefix", "prefix")):
            assert (said(line[column]) or "") == (each[name] or "")
        assert seconds(line["next_run"]) == second_of(plan["next_run"])
        assert seconds(line["last_start"]) == second_of(each["last_start"])
        kept = each["retention_ms"]
        assert line["retention"] == "-" if kept is None else is_span_of(line["retention"].removeprefix("about "), kept)
        assert (plan["name"], plan["store"]) == (each["prefix"], each["store"])


@pytest.mark.parametrize("scenario", ["paused", "half-failed"])
def test_gaps_have_the_same_values_when_they_are_printed_in_rows(capsys: Capture, scenario: str) -> None:
    arguments = ("gaps", f"--demo={scenario}")
    gaps = machine(capsys, *arguments)["gaps"]
    assert len(gaps) > 4
    for row, line, each in zip(sheet(capsys, *arguments), table(capsys, *arguments), gaps, strict=True):
        begin, end = each.get("from", each.get("due")), each.get("to")
        assert row["event"].removeprefix("open_").partition("_in_")[0] == word(each["event"])
        assert line["event"].partition(" in ")[0].partition(",")[0] == each["event"]
        assert (row["from"], row["to"]) == (cell(begin), cell(end))
        assert (seconds(line["from"]), seconds(line["to"])) == (second_of(begin), second_of(end))
        if "duration_ms" in each:
            assert each["duration_ms"] == end["epoch_ms"] - begin["epoch_ms"]
            assert row["duration"] == duration(each["duration_ms"])
            assert is_span_of(line["duration"], each["duration_ms"])
        if each["event"] == "missed run":
            assert row["note"] == line["note"] == each["schedule"]
    ends = [second_of(each.get("to", each.get("due"))) or 0 for each in gaps if each["event"] != "worst"]
    assert ends == sorted(ends, reverse=True)


def test_contents_have_the_same_values_when_they_are_printed_as_csv(capsys: Capture) -> None:
    found = machine(capsys, "where", "o", "--demo")["items"]
    held = [(each, point) for each in found for point in each["restore_points"]]
    rows = sheet(capsys, "where", "o", "--demo")
    assert len(found) > 5
    for row, (each, point) in zip(rows, held, strict=True):
        assert [row["name"], *filter(None, row["former_names"].split(", "))] == each["names"]
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
            assert row[name] == cell(each[name])
        assert row["state"] == word(each["state"])
        assert row["last_usable"] == cell(each["last_usable"] and each["last_usable"]["name"])
        assert (row["restore_point"], row["store"], row["verdict"]) == (
            point["name"], point["store"], word(point["verdict"])
        )  # fmt: skip
        assert (row["started"], row["until"]) == (cell(point["started"]), cell(point["expires"]))


@pytest.mark.parametrize("scenario", ["paused", "running"])
def test_timeline_has_the_same_values_when_it_is_printed_as_csv(capsys: Capture, scenario: str) -> None:
    arguments = ("timeline", f"--demo={scenario}", "--days", "12")
    found = machine(capsys, *arguments)
    lanes = {f"{lane['store']} {lane['kind']}".strip(): lane for lane in found["lanes"]}
    expected = [
        (name, slot["from"]["iso"], slot["to"]["iso"], *entry)
        for name, lane in lanes.items()
        for slot in lane["slots"]
        for entry in _entries(slot)
    ]
    rows = [row for row in sheet(capsys, *arguments) if row["lane"] in lanes]
    shown = [(row["lane"], row["from"], row["to"], *_entry(row)) for row in rows]
    assert len(expected) > 10
    assert sorted(shown) == sorted(expected)


RUNS = ("missed", "failed", "expected")


def _entries(slot: Json) -> Iterator[tuple[str, str, str, str]]:
    """Yield the entries of a slot: kind, name of a restore point, moment, and expiry."""
    for each in slot["restore_points"]:
        yield word(each["verdict"]), each["name"], cell(each["started"]), cell(each["expires"])
    for kind in RUNS:
        yield from ((kind, "", cell(each["due"]), "") for each in slot[kind])


def _entry(row: Texts) -> tuple[str, str, str, str]:
    """Return the entry that a row of CSV stands for."""
    return row["event"], "" if row["event"] in RUNS else row["name"], row["time"], row["expires"]


@pytest.mark.parametrize("scenario", ["paused", "half-failed"])
def test_report_has_the_same_values_when_it_is_printed_as_markdown(capsys: Capture, scenario: str) -> None:
    arguments = ("report", f"--demo={scenario}", "--days", "20")
    found = machine(capsys, *arguments)
    document = sections(run(capsys, *arguments, *AT).out)
    rows = cells(document["Every restore point"])
    for row, each in zip(rows, found["restore_points"], strict=True):
        name, store, verdict, started, took, kind, _, release = row
        assert (name, store, verdict, kind, release) == (
            each["name"], each["store"], each["verdict"], each["kind"], each["release"]
        )  # fmt: skip
        assert seconds(started) == second_of(each["started"])
        assert is_took(took, each["duration_ms"])
    begin = NOW - 20 * 86_400_000
    assert found["from"]["epoch_ms"] == begin
    starts = [each["started"]["epoch_ms"] for each in found["restore_points"]]
    assert starts == sorted(starts, reverse=True)
    assert min(starts) >= begin
    gaps = [line for line in document["Gaps longer than the target"] if not line.startswith(("* Worst", "None"))]
    for line, each in zip(gaps, found["gaps"], strict=True):
        length, _, span = line.removeprefix("* ").partition(": ")
        first, _, last = span.partition(" to ")
        assert is_span_of(length, each["to"]["epoch_ms"] - each["from"]["epoch_ms"])
        assert seconds(first) == second_of(each["from"])
        assert last == "now" if each["open"] else seconds(last) == second_of(each["to"])
    missed = [line.removeprefix("* ").split(", due ") for line in document["Missed runs"] if ", due " in line]
    assert [(title, seconds(due)) for title, due in missed] == [
        (each["schedule"], second_of(each["due"])) for each in found["missed_run_details"]
    ]
    failed = [re.match(r"\* `+ ?(.+?) ?`+,", line) for line in document["Failed"]]
    assert [match[1] for match in failed if match is not None] == found["failed_restore_points"]
