"""Fields of JSON and columns of CSV are those of fields.txt, so that none changes by accident."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.conftest import NOW
from tests.suites import in_full

LISTED = Path(__file__).with_name("fields.txt")

AT = ("--now", str(NOW), "--no-history")
LAST = "nightly-2026-09-21-06-00-46"
COMMANDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "list": (("--demo=no-privilege",), ("--demo=calm", "--group", "day")),
    "show": ((LAST, "--demo=half-failed"), ("before-11-4-upgrade", "--demo=calm")),
    "stores": (("--demo=calm",), ("--demo=empty",)),
    "gaps": (("--demo=paused",), ("--demo=half-failed",)),
    "before": (("2026-09-21T14:13", "--demo=half-failed"), ("2001-01-01", "--demo=calm")),
    "where": (("zoning", "--demo=calm"), ("roads", "--demo=upgraded")),
    "diff": (("before-11-4-upgrade", LAST, "--demo=calm"), ("monthly-2025-09-26-03-00-12", LAST, "--demo=calm")),
    "timeline": (("--demo=paused", "--days", "10"), ("--demo=running", "--days", "2")),
    "coverage": (("--demo=failing",), ("--demo=hostile",)),
    "status": (("--demo=running",), ("--demo=empty",), ("--demo=upgraded",)),
    "schedules": (("--demo=paused",), ("--demo=calm",)),
    "report": (("--demo=paused",), ("--demo=half-failed",), ("--demo=upgraded",)),
    "check": (("--demo=half-failed",), ("--demo=upgraded",)),
    "sites": (("--demo",),),
    "doctor": (("--demo=no-privilege",), ("missing.json",)),
}
"""For each command: arguments that together give each field every kind of value."""

OF_LIST = {"selection", "new_since", "groups", "restore_points"}
"""Top-level fields of `list` alone; the other top-level fields are listed once, under `list`."""

KINDS = {bool: "true or false", int: "number", float: "number", str: "text", type(None): "null"}


def fields(command: str, value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield path and kind of each value in a JSON document; objects of several commands are expanded once."""
    if isinstance(value, dict):
        if value.keys() == {"epoch_ms", "iso"}:
            yield path, "moment"
        elif {"parts", "reasons"} <= value.keys() and command != "show":
            yield path, "restore point"
        elif path.endswith("rpo") and command != "check":
            yield path, "rpo"
        else:
            for name, field in value.items():
                yield from fields(command, field, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        if not value:
            yield f"{path}[]", ""
        for field in value:
            yield from fields(command, field, f"{path}[]")
    else:
        yield path, KINDS[type(value)]


def printed(capsys: pytest.CaptureFixture[str], command: str) -> Iterator[str]:
    """Yield the lines of fields.txt for a command."""
    kinds: dict[str, set[str]] = defaultdict(set)
    columns: set[str] = set()
    common = json.loads(run(capsys, "list", "--demo", *AT, "--json").out).keys() - OF_LIST
    for arguments in COMMANDS[command]:
        whole = json.loads(run(capsys, command, *arguments, *AT, "--json").out)
        own = {name: field for name, field in whole.items() if command in {"list", "check"} or name not in common}
        for path, kind in fields(command, own):
            kinds[path] |= {kind} - {""}
        if command not in {"check", "doctor", "report"}:
            rows = csv.reader(io.StringIO(run(capsys, command, *arguments, *AT, "--format", "csv").out))
            columns.add(", ".join(next(rows)))
    yield from (f"{command} column {column}" for column in sorted(columns))
    for path in sorted(kinds):
        yield f"{command} {path}: {' or '.join(sorted(kinds[path]))}".rstrip(": ")


@pytest.mark.parametrize("command", in_full(COMMANDS, but=["list", "show", "check"]))
def test_fields_are_the_listed_ones_when_a_command_prints_json(
    capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest, command: str
) -> None:
    printed_lines = sorted(printed(capsys, command))
    if request.config.getoption("--draw"):
        other_lines = [line for line in LISTED.read_text().splitlines() if line.split()[0] != command]
        LISTED.write_text("\n".join(sorted([*other_lines, *printed_lines])) + "\n")
    listed = [line for line in LISTED.read_text().splitlines() if line.split()[0] == command]
    assert printed_lines == listed, "write them anew with: pytest tests/cli/test_fields.py --draw"
