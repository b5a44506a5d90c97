"""Commands on an incomplete list never say that something does not exist."""

import json
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.conftest import NOW
from tests.core.records import START, record

AT = ("--now", str(NOW))
MORE = "the list is incomplete: the site has more than it listed"
Capture = pytest.CaptureFixture[str]
BEFORE = "2026-09-19T12:00Z"


@pytest.fixture
def incomplete_answer(tmp_path: Path) -> str:
    """The path of a saved answer that says that its list is incomplete."""
    path = tmp_path / "backups.json"
    path.write_text(json.dumps({"backups": [record()], "exceededTransferLimit": True}))
    return str(path)


@pytest.fixture
def complete_answer(tmp_path: Path) -> str:
    """The path of the same saved answer without that mark."""
    path = tmp_path / "whole.json"
    path.write_text(json.dumps({"backups": [record()], "exceededTransferLimit": False, "total": 1}))
    return str(path)


@pytest.mark.parametrize(
    ("words", "denial"),
    [
        (("where", "old_zoning"), "Nothing named 'old_zoning' in 1 restore points"),
        (("show", "nightly-1"), "No restore point 'nightly-1'"),
        (("diff", "nightly-1", "nightly-2"), "No restore point 'nightly-1'"),
        (("runbook", "nightly-1"), "No restore point 'nightly-1'"),
    ],
)
def test_command_says_that_there_is_more_when_a_name_was_not_listed(
    capsys: Capture, incomplete_answer: str, complete_answer: str, words: tuple[str, ...], denial: str
) -> None:
    ran = run(capsys, *words, incomplete_answer, *AT)
    assert (ran.code, f"{denial}, but {MORE}" in ran.err) == (3, True)
    ran = run(capsys, *words, complete_answer, *AT)
    assert (denial in ran.err, MORE in ran.err) == (True, False)
    assert ran.code != 3


def test_before_says_that_it_cannot_tell_when_there_is_more(
    capsys: Capture, incomplete_answer: str, complete_answer: str
) -> None:
    ran = run(capsys, "before", BEFORE, incomplete_answer, *AT)
    assert (ran.code, f"Cannot tell: {MORE}, and the listed backups are not usable." in ran.out) == (3, True)
    ran = run(capsys, "before", BEFORE, complete_answer, *AT)
    assert (ran.code, "Nothing usable completed before this time." in ran.out) == (1, True)
    document = json.loads(run(capsys, "before", BEFORE, incomplete_answer, *AT, "--json").out)["choice"][0]
    assert (document["lists_are_complete"], document["lists_incomplete_reason"]) == (False, MORE)


def test_where_does_not_call_a_thing_gone_when_newer_restore_points_may_be_missing(
    capsys: Capture, tmp_path: Path
) -> None:
    without = record(backupName="newer", startTime=START + 86_400_000, completeTime=START + 87_000_000)
    without["objectStore"] = [{**without["objectStore"][0], "buckets": ["arcgis"]}]
    answer = {"backups": [record(), without]}
    states = {}
    for name, beside in (("whole", {}), ("part", {"hasMore": True})):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps({**answer, **beside}))
        (item,) = json.loads(run(capsys, "where", "uploads", str(path), *AT, "--json").out)["items"]
        states[name] = item["state"]
    assert states == {"whole": "gone", "part": "cannot tell"}


@pytest.mark.parametrize("command", ["list", "stores", "gaps", "report"])
def test_commands_exit_with_3_when_the_list_is_incomplete(
    capsys: Capture, incomplete_answer: str, command: str
) -> None:
    ran = run(capsys, command, incomplete_answer, *AT)
    assert (ran.code, MORE in ran.err) == (3, True)
    assert "incomplete-list" in run(capsys, command, incomplete_answer, *AT, "--format", "json").out
