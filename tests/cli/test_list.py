"""`drtui list`: order, columns and groups, as in the interface."""

import asyncio
import csv
import io
import json
import re

import pytest
from starlette.applications import Starlette

from drtui.demo.app import make_app
from drtui.demo.scenarios import TOKEN
from drtui.demo.server import serving
from tests.cli.running import run
from tests.conftest import NOW
from tests.suites import in_full
from tests.ui.stories import open_demo

AT = ("--now", str(NOW))
Capture = pytest.CaptureFixture[str]


def test_list_sorts_by_any_column_in_either_direction(capsys: Capture) -> None:
    names = [
        run(capsys, "list", "--demo", *AT, "--sort", "took", *more).out.splitlines()[1:]
        for more in ((), ("--reverse",))
    ]
    assert names[0] == names[1][::-1]
    assert "40 m 31 s" in names[1][0]


def test_list_has_the_requested_columns_in_order(capsys: Capture) -> None:
    ran = run(capsys, "list", "--demo=seed", *AT, "--columns", "geodatabases,name,until,window")
    assert ran.out.splitlines()[:2] == [
        "GEODATABASES  NAME                           UNTIL                       WINDOW",
        "1             schedule1-2021-10-22-20-00-09  2021-11-05 20:00:09 +00:00  1 m 06 s",
    ]
    rows = list(csv.reader(io.StringIO(run(capsys, "list", "--demo", *AT, "--columns", "store", "--format=csv").out)))
    assert rows[0] == ["store"]
    assert len(rows) == 58


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--columns", "name,sise"), "Unknown column 'sise'. Did you mean site?"),
        (("--columns", "name", "--json"), "JSON has every field"),
        (("--limit", "0"), "--limit must be at least 1"),
        (("--limit", "-1"), "--limit must be at least 1"),
        (("--group", "month"), "Unknown value 'month' of --group"),
        (("--sort", "size"), "Unknown value 'size' of --sort. Did you mean site? See drtui list --help."),
        (("--sort", "strted"), "Did you mean started?"),
    ],
)
def test_list_names_valid_choices_when_an_option_is_invalid(
    capsys: Capture, arguments: tuple[str, ...], why: str
) -> None:
    ran = run(capsys, "list", "--demo", *AT, *arguments)
    assert (ran.code, ran.out == "") == (2, "--json" not in arguments)
    assert why in ran.err


def test_list_prints_a_heading_for_each_group(capsys: Capture) -> None:
    lines = run(capsys, "list", "--demo=paused", *AT, "--group", "schedule", "--columns", "name").out.splitlines()
    headings = [lines[number + 1] for number, line in enumerate(lines) if not line]
    assert headings == [
        "monthly: 10 restore points, worst: ✗ not usable, newest usable 91 d old",
        "nightly: 25 restore points, worst: ✗ not usable, newest usable 9 d 9 h old, 9 runs missed, 2 runs failed",
        "weekly: 10 restore points, all usable, newest 6 h 13 min old",
        "manual: 4 restore points, worst: ✗ not usable, newest usable 2 h old",
    ]
    assert lines[0] == "NAME"


def test_list_json_and_csv_have_groups(capsys: Capture) -> None:
    document = json.loads(run(capsys, "list", "--demo=paused", *AT, "--group", "schedule", "--json").out)
    groups = [
        (row["group"], row["restore_points"], row["missed_runs"], row["worst_verdict"]) for row in document["groups"]
    ]
    assert groups[1:3] == [("nightly", 25, 9, "not usable"), ("weekly", 10, 0, "usable")]
    assert [row["group"] for row in document["restore_points"][9:11]] == ["monthly", "nightly"]
    rows = run(capsys, "list", "--demo=paused", *AT, "--group", "schedule", "--format", "csv").out.splitlines()
    assert rows[0].startswith("group,name,verdict")
    assert rows[11].startswith("nightly,nightly-2026-09-12")


def test_list_json_has_no_groups_when_none_are_requested(capsys: Capture) -> None:
    document = json.loads(run(capsys, "list", "--demo=seed", *AT, "--json").out)
    assert document["groups"] == []
    assert {row["group"] for row in document["restore_points"]} == {None}


def test_list_applies_the_limit_before_grouping(capsys: Capture) -> None:
    out = run(capsys, "list", "--demo", *AT, "--limit", "3", "--group", "store", "--columns", "name").out
    assert "nightly-pv: 2 restore points" in out
    assert len(out.splitlines()) == 1 + 3 + 2 * 2


@pytest.mark.parametrize("scenario", in_full(["calm", "paused", "half-failed", "hostile"], but=["half-failed"]))
async def test_list_has_the_groups_of_the_screen(capsys: Capture, scenario: str) -> None:
    printed = []
    for grouping in ("day", "store", "schedule"):
        ran = await asyncio.to_thread(run, capsys, "list", f"--demo={scenario}", *AT, "--group", grouping)
        lines = ran.out.splitlines()
        printed.append([lines[number + 1] for number, line in enumerate(lines) if not line])
    async with open_demo(scenario, size=(400, 400)) as ui:
        table, headings = ui.app.main_screen.panes.table, []
        for _ in printed:
            await ui.press("n")
            heads = [texts[0] for row in table.records if (texts := table.full_width_text(row))]
            headings.append([head for head in heads if not head.startswith("╌╌")])
    assert headings == printed


def test_list_markdown_has_site_age_and_filter(capsys: Capture) -> None:
    text = run(capsys, "list", "--demo=paused", *AT, "--format=md", "--limit=2", "--columns=name,store").out
    assert text.splitlines() == [
        "# Restore points",
        "",
        "* Site: `demo: paused`",
        "* Read: 2026-09-21 14:13:20 +00:00 (live 14:13)",
        "* Judged as of 2026-09-21 14:13:20 +00:00",
        "* Shown: 2 of 49 restore points in all stores, sorted by started, descending",
        "* Left no restore point: 9 scheduled runs; see `drtui gaps`",
        "* Failed: 2 scheduled runs; see `drtui gaps`",
        "",
        "| name | store |",
        "|---|---|",
        "| by-hand | nightly-pv |",
        "| weekly-2026-09-21-08-00-16 | offsite-azure |",
        "",
    ]


def test_list_markdown_has_a_table_for_each_group(capsys: Capture) -> None:
    text = run(capsys, "list", "--demo", *AT, "--format=md", "--group=store", "--filter=weekly", "--columns=name").out
    assert "filter: `weekly`" in text
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## offsite-azure: 10 restore points, all usable, newest 6 h 13 min old"
    ]


def test_markdown_has_each_group_s_rows_under_its_heading_when_there_are_several(capsys: Capture) -> None:
    text = run(capsys, "list", "--demo", *AT, "--format=md", "--group=store", "--limit=3", "--columns=name").out
    tables = [section.splitlines() for section in text.split("\n## ")[1:]]
    rows = {table[0].partition(":")[0]: [line for line in table if line.startswith("| ")] for table in tables}
    assert rows == {
        "nightly-pv": ["| name |", "| nightly-2026-09-21-06-00-46 |", "| nightly-2026-09-20-06-00-39 |"],
        "offsite-azure": ["| name |", "| weekly-2026-09-21-08-00-16 |"],
    }


def test_list_markdown_escapes_markup_in_names(capsys: Capture) -> None:
    text = run(capsys, "list", "--demo=hostile", *AT, "--format=md").out
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in tables} == {11}
    assert not re.search(r"(?<!\\)[<\[]", "".join(tables))


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Starlette:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    return make_app("calm", now=NOW)


def add_backup(app: Starlette) -> None:
    """Add a backup, and change the retention date of the previous one."""
    listed = app.state.site.backups["nightly-pv"]
    listed.append({**listed[-1], "backupName": "by-hand"})
    listed[-2]["retentionDate"] += 1


def test_list_marks_new_and_changed_restore_points(capsys: Capture, app: Starlette) -> None:
    with serving(app) as where:
        first = run(capsys, "list", where.url, *AT)
        add_backup(app)
        lines = run(capsys, "list", where.url, *AT, "--columns", "name,verdict").out.splitlines()
        again = run(capsys, "list", where.url, *AT)
    assert first.out.startswith("NAME")
    assert lines[0].startswith("  NAME")
    assert [line for line in lines if not line.startswith("  ")] == [
        "~ nightly-2026-09-21-06-00-46  ✓ usable",
        "+ by-hand                      ✓ usable",
    ]
    assert again.out.startswith("NAME")


def test_list_json_has_changes_and_their_start(capsys: Capture, app: Starlette) -> None:
    with serving(app) as where:
        first = json.loads(run(capsys, "list", where.url, *AT, "--json").out)
        add_backup(app)
        document = json.loads(run(capsys, "list", where.url, *AT, "--json").out)
        offline = json.loads(run(capsys, "list", where.url, *AT, "--json", "--offline").out)
        unknown = json.loads(run(capsys, "list", where.url, *AT, "--json", "--no-history").out)
    changes = {row["name"]: row["change"] for row in document["restore_points"] if row["change"]}
    assert changes == {"by-hand": "new", "nightly-2026-09-21-06-00-46": "changed"}
    assert isinstance(document["new_since"]["epoch_ms"], int)
    for nothing in (first, offline, unknown):
        assert nothing["new_since"] is None
        assert {point["change"] for point in nothing["restore_points"]} == {None}


def test_list_markdown_counts_new_restore_points(capsys: Capture, app: Starlette) -> None:
    with serving(app) as where:
        run(capsys, "list", where.url, *AT)
        add_backup(app)
        assert "1 new, 1 changed since" in run(capsys, "list", where.url, *AT, "--format", "md").out
