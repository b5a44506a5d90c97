"""Values fit one another: within one answer in JSON, and between JSON, CSV and Markdown of the same moment."""

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


def machine(capsys: Capture, *arguments: str) -> Json:
    document: Json = json.loads(run(capsys, *arguments, *AT, "--json").out)
    return document


def table(capsys: Capture, *arguments: str) -> list[dict[str, str]]:
    out = run(capsys, *arguments, *AT, "--format", "csv").out
    return [{name: cell.removeprefix("'") for name, cell in row.items()} for row in csv.DictReader(io.StringIO(out))]


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


def moment_or_word(value: Json | str | None) -> int | str | None:
    return value if isinstance(value, str) else second_of(value)


def is_mark_of(cell: str, word: str) -> bool:
    """True if a cell has a mark and then this word."""
    return cell.partition(" ")[2] == word


def milliseconds_of(cell: str) -> int | None:
    """Return a span of a table in CSV, which has seconds; None for an empty cell."""
    return round(float(cell) * 1_000) if cell else None


def code_of(words: str) -> str:
    """Return the words of a state as CSV spells them."""
    return words.replace(" ", "_")


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
            assert each["took_ms"] is None
        for row in (each, *each["parts"]):
            assert row["took_ms"] in {None, lasting(row)}
    assert sum(each["took_ms"] is not None for each in points) > len(points) // 2


@pytest.mark.parametrize("scenario", ["half-failed", "hostile"])
def test_list_has_the_same_values_when_it_is_printed_as_csv(capsys: Capture, scenario: str) -> None:
    points = machine(capsys, "list", f"--demo={scenario}")["restore_points"]
    for row, each in zip(table(capsys, "list", f"--demo={scenario}"), points, strict=True):
        assert row["verdict"] == code_of(each["verdict"])
        assert [said(row[name]) for name in ("kind", "store", "release")] == [
            said(each[name]) for name in ("kind", "store", "release")
        ]
        assert seconds(row["started"]) == second_of(each["started"])
        assert milliseconds_of(row["took"]) == each["took_ms"]
        assert milliseconds_of(row["age"]) == each["age_ms"]


@pytest.mark.parametrize("scenario", ["calm", "empty"])
def test_stores_have_the_same_values_when_they_are_printed_as_csv(capsys: Capture, scenario: str) -> None:
    stores = machine(capsys, "stores", f"--demo={scenario}")["stores"]
    for row, each in zip(table(capsys, "stores", f"--demo={scenario}"), stores, strict=True):
        assert [row["store"], row["type"], said(row["place"])] == [each["name"], each["type"], each["place"] or None]
        assert (row["default"] == "true", row["made_by"]) == (each["default"], each["made_by"])
        assert int(row["restore_points"]) == each["restore_points"]
        assert seconds(row["newest_usable"]) == second_of(each["newest_usable"])


@pytest.mark.parametrize("scenario", ["paused", "calm"])
def test_schedules_have_the_same_values_when_they_are_printed_as_csv(capsys: Capture, scenario: str) -> None:
    schedules = machine(capsys, "schedules", f"--demo={scenario}")["schedules"]
    for row, each in zip(table(capsys, "schedules", f"--demo={scenario}"), schedules, strict=True):
        assert (row["title"], row["task"]) == (each["title"], each["task"])
        assert row["state"].partition(" (")[0] == each["state"]
        for column, name in (("cron_(quartz,_utc)", "cron"), ("store", "store"), ("prefix", "prefix")):
            assert (said(row[column]) or "") == (each[name] or "")
        plan = each["plan"]
        assert seconds(row["next_run"]) == (None if plan is None else second_of(plan["next"]))
        assert said(row["missed"]) == (None if plan is None else str(len(plan["missed"])))
        assert seconds(row["last_start"]) == second_of(each["last_start"])
        assert milliseconds_of(row["keeps"]) == each["retention_offset_ms"]
        if plan is not None:
            assert (plan["name"], plan["store"]) == (each["prefix"], each["store"])


@pytest.mark.parametrize("scenario", ["paused", "half-failed"])
def test_gaps_have_the_same_values_when_they_are_printed_as_csv(capsys: Capture, scenario: str) -> None:
    gaps = machine(capsys, "gaps", f"--demo={scenario}")["gaps"]
    for row, each in zip(table(capsys, "gaps", f"--demo={scenario}"), gaps, strict=True):
        kind = f"worst_in_{each['days']}_d" if each["what"] == "worst" else code_of(each["what"])
        assert row["what"].removeprefix("open_") == kind
        assert seconds(row["from"]) == second_of(each.get("from", each.get("due")))
        assert seconds(row["to"]) == second_of(each.get("to"))
        if "length_ms" in each:
            assert each["length_ms"] == each["to"]["epoch_ms"] - each["from"]["epoch_ms"]
            assert milliseconds_of(row["lasted"]) == each["length_ms"]
        if each["what"] == "missed run":
            assert row["note"] == each["schedule"]
    ends = [second_of(each.get("to", each.get("due"))) or 0 for each in gaps if each["what"] != "worst"]
    assert ends == sorted(ends, reverse=True)


def test_contents_have_the_same_values_when_they_are_printed_as_csv(capsys: Capture) -> None:
    found = machine(capsys, "where", "o", "--demo")["found"]
    held = [(each, point) for each in found for point in each["restore_points"]]
    rows = table(capsys, "where", "o", "--demo")
    assert len(found) > 5
    for row, (each, point) in zip(rows, held, strict=True):
        assert [row["name"], *filter(None, row["former_names"].split(", "))] == each["names"]
        for name in ("kind", "id", "standing", "in", "of", "usable", "note"):
            assert row[name] == str(each[name])
        assert (seconds(row["first"]), seconds(row["last"])) == (second_of(each["first"]), second_of(each["last"]))
        assert said(row["last_usable"]) == (each["last_usable"] and each["last_usable"]["name"])
        if each["last_usable"] is not None:
            end = row["last_usable_expires"]
            assert (end if end == "never" else seconds(end)) == moment_or_word(each["last_usable_expires"])
        assert (row["restore_point"], row["store"]) == (point["name"], point["store"])
        assert row["verdict"] == code_of(point["verdict"])
        assert seconds(row["started"]) == second_of(point["started"])
        assert (row["until"] if row["until"] == "never" else seconds(row["until"])) == moment_or_word(point["expires"])


@pytest.mark.parametrize("scenario", ["paused", "running"])
def test_timeline_has_the_same_values_when_it_is_printed_as_csv(capsys: Capture, scenario: str) -> None:
    options = ("timeline", f"--demo={scenario}", "--days", "12")
    found = machine(capsys, *options)
    lanes = {f"{lane['store']} {lane['kind']}".strip(): lane for lane in found["lanes"]}
    expected = [
        (name, second_of(slot["from"]), second_of(slot["to"]), *entry)
        for name, lane in lanes.items()
        for slot in lane["slots"]
        for entry in _entries(slot)
    ]
    shown = [
        (row["lane"], seconds(row["from"]), seconds(row["to"]), *_entry(row))
        for row in table(capsys, *options)
        if row["lane"] in lanes
    ]
    assert len(expected) > 10
    assert sorted(shown) == sorted(expected)


def _entry(row: dict[str, str]) -> tuple[str, str, int | None]:
    """What a row of CSV stands for: its kind, the name of a restore point, and its moment."""
    is_run = row["sign"] in {"missed", "expected"}
    return row["sign"] if is_run else "point", "" if is_run else row["name"], seconds(row["moment"])


def _entries(slot: Json) -> Iterator[tuple[str, str, int | None]]:
    """What is in a slot: its kind, the name of a restore point, and its moment."""
    yield from (("point", each["name"], second_of(each["started"])) for each in slot["restore_points"])
    for kind in ("missed", "expected"):
        yield from ((kind, "", second_of(each["due"])) for each in slot[kind])


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
        assert is_took(took, each["took_ms"])
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
        (each["schedule"], second_of(each["due"])) for each in found["missed"]
    ]
    failed = [re.match(r"\* `+ ?(.+?) ?`+,", line) for line in document["Failed"]]
    assert [match[1] for match in failed if match is not None] == found["failed"]
