"""Failed and missed runs in every command, with and without access to the schedules."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from drtui.core.formatting.durations import DAY
from drtui.demo.app import make_app
from drtui.demo.faults import Faults
from drtui.demo.scenarios import TOKEN
from drtui.demo.server import serving
from drtui.demo.simulated_site import SimulatedSite
from tests.cli.running import run
from tests.conftest import NOW

AT = ("--now", str(NOW))
FAILING = ("--demo=failing", *AT)
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)


@contextmanager
def served(scenario: str, change: Callable[[SimulatedSite], None], *, refused: bool = False) -> Iterator[str]:
    """The address of a simulated site whose state was changed; its tasks may be refused."""
    faults = Faults(error_code=403, only=("/system/tasks",)) if refused else Faults()
    app = make_app(scenario, now=NOW, faults=faults)
    change(app.state.site)
    with serving(app) as where:
        yield where.url


def no_task(world: SimulatedSite) -> None:
    del world.tasks[0]


def test_check_warns_of_failed_runs_when_the_newest_usable_point_is_fresh(capsys: Capture) -> None:
    ran = run(capsys, "check", *FAILING, "--warn", "8d")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith("WARNING: last 3 runs of nightly failed (object store: failed); ")
    assert " failed=5;;;0 " in ran.out
    document = json.loads(run(capsys, "check", *FAILING, "--json").out)
    assert [row["code"] for row in document["findings"]] == ["failed-run", "fresh"]
    assert (document["missed_runs"], document["failed_runs"], document["runs_unknown_reason"]) == (0, 5, None)
    assert '\ndrtui_failed_runs{site="failing"} 5\n' in run(capsys, "check", *FAILING, "--format", "prometheus").out


@pytest.mark.parametrize("refused", [False, True])
def test_check_warns_of_a_schedule_that_stopped_when_its_task_is_gone_or_refused(
    capsys: Capture, *, refused: bool
) -> None:
    with served("paused", no_task, refused=refused) as address:
        ran = run(capsys, "check", address, *AT)
    assert (ran.code, " missed=9;" in ran.out) == (1, True)
    why = (
        "inferred from backup names: schedules not readable" if refused else "schedule nightly no longer exists: 9 runs"
    )
    assert why in ran.out


@pytest.mark.parametrize("command", ["list", "stores", "status", "schedules", "gaps"])
def test_json_has_missed_and_failed_runs_beside_every_list(capsys: Capture, command: str) -> None:
    document = json.loads(run(capsys, command, *FAILING, "--json").out)
    assert (document["missed_runs"], document["failed_runs"], document["runs_unknown_reason"]) == (0, 5, None)


def test_json_says_why_runs_are_not_known_when_a_task_cannot_be_read(capsys: Capture) -> None:
    def vague(world: SimulatedSite) -> None:
        world.tasks[0] |= {"cronExpression": "nightly", "runIntervalSeconds": 0}

    with served("calm", vague) as address:
        document = json.loads(run(capsys, "check", address, *AT, "--json").out)
    assert document["missed_runs"] is None
    assert document["runs_unknown_reason"].startswith("runs of nightly: unreadable cron expression")


def test_check_reports_an_ended_schedule_or_an_unknown_end(capsys: Capture) -> None:
    def ended(world: SimulatedSite) -> None:
        world.tasks[0]["endDate"] = NOW - DAY

    def in_words(world: SimulatedSite) -> None:
        world.tasks[0]["endDate"] = "Apr 22, 2027, 2:00:00 AM"

    with served("calm", ended) as address:
        ran = run(capsys, "check", address, *AT)
        assert (ran.code, "schedule nightly ended 24 h ago: " in ran.out) == (1, True)
    with served("calm", in_words) as address:
        assert 'has ended: unreadable endDate "Apr 22, 2027, 2:00:00 AM"' in run(capsys, "check", address, *AT).out


def test_gaps_lists_failed_runs_with_reasons(capsys: Capture) -> None:
    ran = run(capsys, "gaps", *FAILING)
    lines = [line for line in ran.out.splitlines() if line.startswith("failed run")]
    assert (ran.code, len(lines)) == (1, 5)
    assert lines[0].endswith("nightly (object store: failed)")
    rows = [
        row for row in json.loads(run(capsys, "gaps", *FAILING, "--json").out)["gaps"] if row["event"] == "failed run"
    ]
    assert (rows[0]["schedule"], rows[0]["backup"], rows[0]["reason"]) == (
        "nightly",
        "nightly-2026-09-21-06-00-46",
        "object store: failed",
    )


def test_schedules_prints_the_outcome_of_the_latest_runs(capsys: Capture) -> None:
    ran = run(capsys, "schedules", *FAILING)
    heading, nightly = ran.out.splitlines()[:2]
    assert ("active (last 3 failed)" in nightly, heading.split()[-7:-4]) == (True, ["MISSED", "FAILED", "STORE"])
    (plan, *_) = json.loads(run(capsys, "schedules", *FAILING, "--json").out)["schedules"]
    runs = plan["runs"]
    assert (runs["failing"], runs["overdue"], runs["consecutive_failures"], runs["missed"]) == (True, False, 3, [])
    assert [run["reason"] for run in runs["failed"]][-3:] == ["object store: failed"] * 3


def test_schedules_lists_cadences_without_a_task(capsys: Capture) -> None:
    with served("paused", no_task) as address:
        ran = run(capsys, "schedules", address, *AT)
        rows = json.loads(run(capsys, "schedules", address, *AT, "--json").out)["schedules"]
    row = next(line for line in ran.out.splitlines() if line.startswith("nightly"))
    assert ("no schedule (last 9 missed)" in row, ran.code) == (True, 0)
    assert "Runs of nightly are inferred from the names of its backups: no schedule creates these any more" in ran.err
    assert [(row["title"], row["task"], len(row["runs"]["missed"])) for row in rows if row["id"] is None] == [
        ("nightly", None, 9)
    ]

    def none_left(world: SimulatedSite) -> None:
        del world.tasks[:2]

    with served("paused", none_left) as address:
        ran = run(capsys, "schedules", address, *AT)
    assert (ran.code, "The site has no backup schedule" in ran.err) == (1, True)


@pytest.mark.parametrize(
    "part",
    [
        "* AT RISK: Last 3 runs of nightly FAILED (object store: failed)",
        "0 missed runs, 4 failed runs, 4 failed restore points",
        "## Failed runs",
        "* nightly, due 2026-09-21 06:00:00 +00:00, `nightly-2026-09-21-06-00-46`: object store: failed",
    ],
)
def test_report_has_the_failed_runs_of_its_period(capsys: Capture, part: str) -> None:
    ran = run(capsys, "report", *FAILING, "--days", "20")
    assert (ran.code, part in ran.out) == (1, True)


def test_report_says_that_no_schedule_makes_backups(capsys: Capture) -> None:
    with served("paused", no_task) as address:
        text = run(capsys, "report", address, *AT).out
    assert '* AT RISK: Schedule "nightly" no longer exists: 9 runs missed' in text
    assert "Runs of nightly are inferred from the names of its backups: no schedule creates these any more." in text


def test_sites_has_failed_runs_as_number_and_finding(capsys: Capture) -> None:
    def failing(world: SimulatedSite) -> None:
        for record in world.backups["nightly-pv"][-2:]:
            record["status"] = "failed"

    def other(_: SimulatedSite) -> None:
        """Leave the site as it is."""

    for change, code, count in ((failing, 1, "4"), (other, 0, "2")):
        with served("calm", change) as address:
            ran = run(capsys, "check", address, *AT, "--json")
            assert (ran.code, str(json.loads(ran.out)["failed_runs"])) == (code, count)
    sites = {site["name"]: site for site in json.loads(run(capsys, "sites", "--demo", *AT, "--json").out)["sites"]}
    assert {name: sites[name]["failed_runs"] for name in ("calm", "half-failed", "empty")} == {
        "calm": 2,
        "half-failed": 3,
        "empty": 0,
    }
    assert "last run of nightly failed (object store: failed)" in [
        site["text"] for site in sites["half-failed"]["findings"]
    ]


def test_list_json_marks_backups_of_failed_runs(capsys: Capture) -> None:
    document = json.loads(run(capsys, "list", *FAILING, "--json", "--group=schedule").out)
    failed = [row["name"] for row in document["restore_points"] if row["failed_run"]]
    assert (len(failed), failed[0]) == (5, "nightly-2026-09-21-06-00-46")
    assert {row["group"]: row["failed_runs"] for row in document["groups"]}["nightly"] == 5


def test_failed_run_is_counted_when_its_backup_was_deleted(capsys: Capture) -> None:
    """History has the failed record of last night, which is deleted an hour later."""
    after = str(NOW + 3_600_000)

    def failing(world: SimulatedSite) -> None:
        world.backups["nightly-pv"][-1]["status"] = "failed"

    def gone(world: SimulatedSite) -> None:
        del world.backups["nightly-pv"][-1]

    app = make_app("calm", now=NOW)
    failing(app.state.site)
    with serving(app) as where:
        run(capsys, "list", where.url, *AT)
        gone(app.state.site)
        ran = run(capsys, "gaps", where.url, "--now", after)
        words = run(capsys, "timeline", where.url, "--now", after, "--plain").out
        report = json.loads(run(capsys, "list", where.url, "--now", after, "--json", "--group=schedule").out)
    assert next(line.split("  ")[-1].strip() for line in ran.out.splitlines() if line.startswith("failed run")) == (
        "nightly (status: failed)"
    )
    assert "x failed  nightly, due 2026-09-21 06:00:00 +00:00" in words
    assert {group["group"]: group["failed_runs"] for group in report["groups"]}["nightly"] == 3
