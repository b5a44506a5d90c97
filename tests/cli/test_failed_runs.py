"""Failed and missed runs over a pipe: every command says them, whatever is known of the tasks."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from drtui.demo.deployment import deployment
from drtui.demo.faults import Faults
from drtui.demo.scenarios import TOKEN
from drtui.demo.serve import serving
from drtui.demo.world import World
from drtui.model.moment import DAY
from tests.cli.running import run
from tests.conftest import NOW

AT = ("--now", str(NOW))
FAILING = ("--demo=failing", *AT)
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)


@contextmanager
def served(scenario: str, change: Callable[[World], None], *, refused: bool = False) -> Iterator[str]:
    """The address of a simulated site whose state was changed; its tasks may be refused."""
    faults = Faults(error_code=403, only=("/system/tasks",)) if refused else Faults()
    app = deployment(scenario, now=NOW, faults=faults)
    change(app.state.world)
    with serving(app) as where:
        yield where.url


def no_task(world: World) -> None:
    del world.tasks[0]


def test_check_warns_of_failed_runs_when_the_newest_usable_point_is_fresh(capsys: Capture) -> None:
    ran = run(capsys, "check", *FAILING, "--warn", "8d")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith("WARNING: last 3 runs of nightly failed (object store: failed); ")
    assert " failed=5;;;0 " in ran.out
    found = json.loads(run(capsys, "check", *FAILING, "--json").out)
    assert [each["code"] for each in found["findings"]] == ["failed-run", "fresh"]
    assert (found["missed_runs"], found["failed_runs"], found["runs_unknown"]) == (0, 5, None)
    assert '\ndrtui_failed_runs{site="failing"} 5\n' in run(capsys, "check", *FAILING, "--format", "prometheus").out


@pytest.mark.parametrize("refused", [False, True])
def test_check_warns_of_a_schedule_that_stopped_when_its_task_is_gone_or_refused(
    capsys: Capture, *, refused: bool
) -> None:
    with served("paused", no_task, refused=refused) as address:
        ran = run(capsys, "check", address, *AT)
    assert (ran.code, " missed=9;" in ran.out) == (1, True)
    why = (
        "learned from names: the schedules could not be read"
        if refused
        else "no schedule makes nightly any more: 9 runs"
    )
    assert why in ran.out


@pytest.mark.parametrize("command", ["list", "stores", "status", "schedules", "gaps"])
def test_json_counts_missed_and_failed_runs_beside_every_list(capsys: Capture, command: str) -> None:
    found = json.loads(run(capsys, command, *FAILING, "--json").out)
    assert (found["missed_runs"], found["failed_runs"], found["runs_unknown"]) == (0, 5, None)


def test_json_says_why_runs_are_not_known_when_a_task_cannot_be_read(capsys: Capture) -> None:
    def vague(world: World) -> None:
        world.tasks[0] |= {"cronExpression": "nightly", "runIntervalSeconds": 0}

    with served("calm", vague) as address:
        found = json.loads(run(capsys, "check", address, *AT, "--json").out)
    assert found["missed_runs"] is None
    assert found["runs_unknown"].startswith("runs of nightly: its cron expression cannot be read")


def test_check_says_that_a_schedule_has_ended_or_that_nobody_knows(capsys: Capture) -> None:
    def ended(world: World) -> None:
        world.tasks[0]["endDate"] = NOW - DAY

    def in_words(world: World) -> None:
        world.tasks[0]["endDate"] = "Apr 22, 2027, 2:00:00 AM"

    with served("calm", ended) as address:
        ran = run(capsys, "check", address, *AT)
        assert (ran.code, "schedule nightly ended 24 h ago: " in ran.out) == (1, True)
    with served("calm", in_words) as address:
        assert (
            'has ended: its endDate "Apr 22, 2027, 2:00:00 AM" cannot be read' in run(capsys, "check", address, *AT).out
        )
