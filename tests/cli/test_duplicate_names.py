"""Two records of one name in one store: every command answers or says how to choose."""

import json
from collections.abc import Iterator

import pytest

from drtui.demo.app import make_app
from drtui.demo.scenarios import TOKEN
from drtui.demo.server import serving
from tests.cli.running import run
from tests.cli.test_line_mode import run_shell
from tests.conftest import NOW

AT = ("--now", str(NOW))
Capture = pytest.CaptureFixture[str]
NAME = "nightly-2026-09-21-06-00-46"
WHOLE, FAILED = f"{NAME}@2026-09-21T06:01:19Z", f"{NAME}@2026-09-21T10:01:19Z"
NIGHT_BEFORE = "nightly-2026-09-20-06-00-39"


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of a calm site whose last nightly backup is listed twice, the second time as failed."""
    app = make_app("calm", now=NOW)
    records = app.state.site.backups["nightly-pv"]
    (last,) = (record for record in records if record["backupName"] == NAME)
    hours = 4 * 3_600_000
    again = {"startTime": last["startTime"] + hours, "completeTime": last["completeTime"] + hours, "status": "failed"}
    records.append({**last, **again})
    with serving(app) as where:
        yield where.url


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)


def test_show_prints_both_when_two_records_of_a_store_have_the_name(capsys: Capture, site: str) -> None:
    ran = run(capsys, "show", NAME, site, *AT)
    assert (ran.code, ran.err) == (0, "")
    assert "another backup with this name in this store is not usable" in ran.out
    assert "another backup with this name in this store is usable" in ran.out
    points = json.loads(run(capsys, "show", NAME, site, *AT, "--json").out)["restore_points"]
    assert [(point["label"], point["verdict"]) for point in points] == [(WHOLE, "doubtful"), (FAILED, "not usable")]


@pytest.mark.parametrize("store", ["", "nightly-pv/"])
@pytest.mark.parametrize(("label", "started"), [(WHOLE, "06:01:19"), (FAILED, "10:01:19")])
def test_show_prints_one_when_its_label_is_given(
    capsys: Capture, site: str, store: str, label: str, started: str
) -> None:
    ran = run(capsys, "show", f"{store}{label}", site, *AT)
    assert (ran.code, ran.err, ran.out.count("\nstarted ")) == (0, "", 1)
    assert f"started   2026-09-21 {started} +00:00" in ran.out


def test_shell_shows_one_record_when_its_number_is_given(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, site: str
) -> None:
    first, second = (run_shell(capsys, monkeypatch, f"show {number}", of=(site,)).out for number in (1, 3))
    starts = {"started: 2026-09-21 06:01:19 +00:00", "started: 2026-09-21 10:01:19 +00:00"}
    assert [sum(start in out for start in starts) for out in (first, second)] == [1, 1]
    assert {start for start in starts for out in (first, second) if start in out} == starts


@pytest.mark.parametrize(
    ("command", "code"),
    [(("runbook", NAME), 2), (("diff", NAME, NIGHT_BEFORE), 2), (("diff", NIGHT_BEFORE, NAME), 2)],
)
def test_commands_say_how_to_choose_when_a_name_stands_for_two(
    capsys: Capture, site: str, command: tuple[str, ...], code: int
) -> None:
    ran = run(capsys, *command, site, *AT)
    assert (ran.code, ran.out) == (code, "")
    choices = f"{WHOLE} (doubtful), {FAILED} (not usable)"
    expected = f"2 restore points in nightly-pv have the name '{NAME}'. Name one of them: {choices}"
    assert expected in ran.err


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (("runbook", WHOLE), "* another backup with this name in this store is not usable"),
        (("runbook", FAILED), "## Verdict: ✗ not usable"),
        (("diff", NIGHT_BEFORE, WHOLE), f"Newer: {NAME} (store nightly-pv), started 2026-09-21 06:01:19"),
        (("diff", WHOLE, FAILED), "another backup with this name"),
    ],
)
def test_commands_take_a_label_when_a_name_stands_for_two(
    capsys: Capture, site: str, command: tuple[str, ...], expected: str
) -> None:
    ran = run(capsys, *command, site, *AT)
    assert (ran.code, ran.err) == (1, "")
    assert expected in ran.out


def test_before_skips_both_records_of_one_name_and_says_so(capsys: Capture, site: str) -> None:
    ran = run(capsys, "before", "2026-09-21T07:00Z", site, *AT)
    assert f"Restore {NIGHT_BEFORE}" in ran.out
    assert f"Skipped {NAME}: doubtful (another backup with this name in this store" in ran.out
