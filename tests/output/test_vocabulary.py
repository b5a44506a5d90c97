"""A state has the same word in text, JSON, CSV and metrics; CSV and metrics write _ for a blank."""

import csv
import io
import json
import re

import pytest

from drtui.core.model.site import State
from drtui.core.summary.health_check import Grade
from drtui.core.summary.labels import level_label
from drtui.core.verdict.rules import Level
from tests.cli.running import run
from tests.conftest import NOW

AT = ("--now", str(NOW), "--no-history")
VERDICTS = {level_label(level).word for level in Level}


@pytest.mark.parametrize("scenario", ["calm", "half-failed", "hostile", "running"])
def test_verdicts_are_the_same_words_when_printed_in_any_format(
    capsys: pytest.CaptureFixture[str], scenario: str
) -> None:
    options = (f"--demo={scenario}", *AT)
    rows = json.loads(run(capsys, "list", *options, "--json").out)["restore_points"]
    words = [row["verdict"] for row in rows]
    assert set(words) <= VERDICTS
    table = csv.DictReader(io.StringIO(run(capsys, "list", *options, "-o", "csv").out))
    assert [row["verdict"] for row in table] == [word.replace(" ", "_") for word in words]
    metrics = run(capsys, "check", *options, "-o", "prometheus").out
    labels = re.findall(r'drtui_restore_points\{.*?verdict="(\w+)"', metrics)
    assert set(labels) in ({word.replace(" ", "_") for word in VERDICTS}, set())
    text = run(capsys, "list", *options, "--columns", "verdict,name").out
    assert all(word in text for word in words)


def test_states_of_a_check_are_the_same_words_when_printed_in_any_format(capsys: pytest.CaptureFixture[str]) -> None:
    for scenario in ("calm", "half-failed", "empty", "no-privilege"):
        options = (f"--demo={scenario}", *AT)
        state = json.loads(run(capsys, "check", *options, "--json").out)["state"]
        assert state.upper() in {grade.name for grade in Grade}
        assert run(capsys, "check", *options).out.startswith(f"{state.upper()}: ")
        number = re.search(
            r"^drtui_check_state\{.*\} (\d)$", run(capsys, "check", *options, "-o", "prometheus").out, re.MULTILINE
        )
        assert number is not None
        assert Grade(int(number[1])).name == state.upper()


def test_operation_in_progress_is_running_when_its_state_is_printed() -> None:
    assert State.IN_PROGRESS.value == level_label(Level.RUNNING).word
