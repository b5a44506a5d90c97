"""Commands that change a site: outcomes, exit codes, and what is sent."""

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from drtui.demo.faults import Faults
from drtui.demo.scenarios import PASSCODE as DEMO_PASSCODE
from drtui.demo.scenarios import PASSCODE as SITE_PASSCODE
from drtui.demo.scenarios import PASSWORD, TOKEN, USER
from tests import processes
from tests.cli.changing import World, changing
from tests.cli.running import Ran, run
from tests.planted import password_file
from tests.suites import rows_in_full

Capture = pytest.CaptureFixture[str]

PASSCODE = "Planted passcode 0815"
KEPT, POINT = "before-11-4-upgrade", "monthly"
LEAVE = "--allow-changes"
ALL_COMMANDS = (
    ("create", "pre-upgrade"),
    ("create", "--auto"),
    ("keep", KEPT, "--forever"),
    ("validate", "offsite-azure"),
    ("pause", "nightly"),
    ("resume", "nightly"),
    ("delete", KEPT),
    ("restore", KEPT),
)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The calm site, with a token and a passcode in the environment."""
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    monkeypatch.setenv("DRTUI_PASSCODE", PASSCODE)
    with changing(monkeypatch) as served:
        yield served


def newest(capsys: Capture, world: World, *options: str) -> str:
    """Return the name of the newest usable restore point."""
    ran = run(capsys, "list", world.url, *options, "--json", "--filter", "verdict:usable", "--limit", "1")
    return str(json.loads(ran.out)["restore_points"][0]["name"])


def with_newest(capsys: Capture, world: World, words: tuple[str, ...], *options: str) -> tuple[str, ...]:
    """Return the words with the name of the newest usable restore point in place of `NEWEST`."""
    name = newest(capsys, world, *options) if NEWEST in words else ""
    return tuple(word.replace(NEWEST, name) for word in words)


def change(capsys: Capture, world: World, *words: str) -> tuple[Ran, dict[str, object]]:
    """Run a command with leave and JSON; return the result and the document."""
    ran = run(capsys, *words, world.url, LEAVE, "--json")
    return ran, json.loads(ran.out) if ran.out else {}


def journal(capsys: Capture) -> list[dict[str, object]]:
    """Return the rows of the journal."""
    return list(json.loads(run(capsys, "journal", "--json").out)["changes"])


def test_commands_send_nothing_when_there_is_no_leave(capsys: Capture, world: World) -> None:
    for words in ALL_COMMANDS:
        ran = run(capsys, *words, world.url, "--yes", words[1].lstrip("-"))
        assert ran.code == 4, words
        assert "--allow-changes" in ran.err
        assert f'changes = ["{"pause" if words[0] == "resume" else words[0]}"]' in ran.err
        document = json.loads(run(capsys, *words, world.url, "--json").out)
        assert (document["outcome"], document["submitted"]) == ("not_allowed", None)
    for command in (("list",), ("show", KEPT), ("report",), ("runbook", KEPT), ("check",), ("schedules",)):
        run(capsys, *command, world.url)
    assert world.posts == []
    assert journal(capsys) == []


def test_dry_run_prints_the_plan_and_sends_nothing_when_there_is_no_leave(
    capsys: Capture, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DRTUI_PASSCODE")
    for words in ALL_COMMANDS:
        ran = run(capsys, *words, world.url, "--dry-run", "--json")
        document = json.loads(ran.out)
        assert document["outcome"] is None
        assert (ran.code == 1) is any(finding["level"] == "stop" for finding in document["preflight"])
    assert "\n  request    POST http://localhost" in run(capsys, *ALL_COMMANDS[0], world.url, "--dry-run").out
    assert world.posts == []


def test_commands_send_nothing_when_they_are_not_confirmed_in_a_pipe(capsys: Capture, world: World) -> None:
    point = newest(capsys, world)
    for words in (("create", "x1"), ("keep", KEPT, "--for", "40d"), ("pause", "nightly"), ("delete", point)):
        for confirmed in ((), ("--yes", words[1].upper())):
            ran, document = change(capsys, world, *words, *confirmed)
            assert (ran.code, document["outcome"]) == (2, "not_confirmed")
            assert f"--yes {words[1]}" in ran.err
    assert run(capsys, "restore", point, world.url, LEAVE, "--yes", point).code == 2, "the host has to be named"
    assert world.posts == []


def test_create_is_done_when_its_record_is_whole(capsys: Capture, world: World) -> None:
    ran, document = change(capsys, world, "create", "pre-upgrade", "--for", "30d", "--wait", "--yes", "pre-upgrade")
    assert (ran.code, document["outcome"], document["operation"]) == (0, "done", "create")
    assert [path.rpartition("/")[2] for path in world.posts] == ["create"]
    form = parse_qs(world.forms[0].decode())
    assert form["passcode"] == [PASSCODE]
    days = (int(form["retentionDate"][0]) - world.now) / 86_400_000
    assert days == pytest.approx(30, abs=0.1)
    assert "stage 2 of 5: Stage Relational store" in ran.err
    row = journal(capsys)[0]
    assert (row["id"], row["outcome"], row["name"]) == (document["id"], "done", "pre-upgrade")
    assert PASSCODE not in ran.out + ran.err + json.dumps(row)


def test_create_is_accepted_when_nobody_waits(capsys: Capture, world: World) -> None:
    ran, document = change(capsys, world, "create", "--auto", "--yes", "auto")
    assert (ran.code, document["outcome"]) == (0, "accepted")
    assert f"journal --follow {document['id']}" in ran.err
    followed = run(capsys, "journal", "--follow", str(document["id"]))
    assert (followed.code, followed.out[:5]) == (0, "done:")
    assert len(world.posts) == 1


def test_advice_names_no_journal_entry_when_the_simulated_site_ends_with_the_command(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRTUI_PASSCODE", PASSCODE)
    ran = run(capsys, "create", "--auto", "--demo", LEAVE, "--yes", "auto")
    assert (ran.code, ran.out[:9]) == (0, "accepted:")
    assert "use drtui demo serve" in ran.err
    assert "--follow" not in ran.err
    assert journal(capsys) == []


@pytest.mark.parametrize(
    ("words", "path"),
    [
        (("keep", KEPT, "--forever", "--yes", KEPT), "update"),
        (("validate", "offsite-azure"), "validate"),
        (("pause", "nightly", "--yes", "nightly"), "disable"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_short_change_is_done_when_the_record_shows_it(
    capsys: Capture, world: World, words: tuple[str, ...], path: str
) -> None:
    ran, document = change(capsys, world, *words)
    assert (ran.code, document["outcome"]) == (0, "done")
    assert [sent.rpartition("/")[2] for sent in world.posts] == [path]
    assert [row["operation"] for row in journal(capsys)] == [words[0]]


def test_resume_is_done_when_the_schedule_was_paused(capsys: Capture, world: World) -> None:
    assert change(capsys, world, "pause", "nightly", "--yes", "nightly")[0].code == 0
    assert change(capsys, world, "resume", "nightly", "--yes", "nightly")[0].code == 0


def test_delete_needs_the_second_phrase_when_the_backup_is_kept_for_ever(capsys: Capture, world: World) -> None:
    assert change(capsys, world, "delete", KEPT, "--yes", KEPT)[0].code == 2
    assert world.posts == []
    ran, document = change(capsys, world, "delete", KEPT, "--yes", KEPT, "--yes", "delete although kept forever")
    assert (ran.code, document["outcome"]) == (0, "done")
    assert len(world.posts) == 1


def test_restore_is_followed_when_the_site_goes_away_and_comes_back(
    capsys: Capture, world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DRTUI_TOKEN")
    options = ("--user", USER, "--password-file", str(password_file(tmp_path)))
    monkeypatch.setenv("DRTUI_PASSCODE", DEMO_PASSCODE)
    name = newest(capsys, world, *options)
    ran = run(capsys, "restore", name, world.url, LEAVE, "--wait", "--yes", f"localhost/{name}", *options)
    assert (ran.code, ran.out[:5]) == (0, "done:")
    assert "site unavailable" in ran.err
    assert len(world.posts) == 1
    assert PASSCODE not in ran.out + ran.err
    assert PASSWORD not in ran.out + ran.err


def test_change_is_found_without_sending_again_when_the_reply_is_lost(capsys: Capture, world: World) -> None:
    world.loses = "/create"
    ran, document = change(capsys, world, "create", "lost-1", "--wait", "--yes", "lost-1")
    assert (ran.code, document["outcome"]) == (0, "done")
    assert "reply lost; looking" in ran.err
    assert len(world.posts) == 1


def test_create_stops_when_an_operation_is_running(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    monkeypatch.setenv("DRTUI_PASSCODE", PASSCODE)
    with changing(monkeypatch, "running") as world:
        ran, document = change(capsys, world, "create", "busy-1", "--yes", "busy-1")
        assert (ran.code, document["outcome"], world.posts) == (1, "stopped", [])
        assert "operation-running" in {finding["code"] for finding in document["preflight"]}  # type: ignore[attr-defined]
        assert run(capsys, "create", "busy-1", world.url, "--dry-run").code == 1


def test_create_stops_when_name_or_passcode_is_not_allowed(
    capsys: Capture, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = newest(
        capsys, world, "--store", "nightly-pv"
    )  # the newest of all may be in a store that is not the default
    for name in (taken, "with space", "restore"):
        ran, document = change(capsys, world, "create", name, "--yes", name)
        assert (ran.code, document["outcome"]) == (1, "stopped")
    monkeypatch.setenv("DRTUI_PASSCODE", "short")
    ran, document = change(capsys, world, "create", "fine", "--yes", "fine")
    assert (ran.code, document["outcome"]) == (1, "stopped")
    assert "short" not in ran.out.replace("short-passcode", "").replace("too short", "")
    assert world.posts == []


def test_commands_stop_when_the_site_is_read_only(capsys: Capture, world: World) -> None:
    world.is_read_only = True
    for words in (("create", "fine"), ("keep", KEPT, "--forever"), ("pause", "nightly")):
        ran, document = change(capsys, world, *words, "--yes", words[1])
        assert (ran.code, document["outcome"]) == (1, "stopped")
        assert "read-only" in ran.err
    assert world.posts == []


def test_answer_is_that_of_the_site_when_it_refuses_the_change(capsys: Capture, world: World) -> None:
    world.app.state.faults = Faults(error_code=403, only=("create",))
    ran, document = change(capsys, world, "create", "fine", "--yes", "fine")
    assert (ran.code, document["outcome"], len(world.posts)) == (4, "refused", 1)
    assert [row["outcome"] for row in journal(capsys)] == ["refused"]
    world.app.state.faults = Faults(error_code=500, only=("validate",))
    ran, document = change(capsys, world, "validate", "offsite-azure")
    assert (ran.code, document["outcome"]) == (1, "ended_badly")


def test_name_is_ambiguous_when_several_stores_have_it(capsys: Capture, world: World) -> None:
    site = world.app.state.site
    point = next(record for record in site.backups["archive-s3"] if record["backupName"] == KEPT)
    site.backups["offsite-azure"].append({**point, "backupStore": "offsite-azure"})
    for words in (("keep", KEPT, "--forever"), ("delete", KEPT), ("restore", KEPT)):
        ran = run(capsys, *words, world.url, LEAVE, "--yes", KEPT)
        assert ran.code == 2
        assert "--store" in ran.err
    assert run(capsys, "keep", KEPT, world.url, "--forever", "--dry-run", "--store", "archive-s3").code == 0
    assert world.posts == []


@pytest.mark.parametrize(("error", "code", "outcome"), [(500, 3, "unknown"), (403, 4, "refused")])
def test_nothing_is_sent_when_the_site_cannot_be_read(
    capsys: Capture, world: World, error: int, code: int, outcome: str
) -> None:
    world.app.state.faults = Faults(error_code=error)
    for words in ALL_COMMANDS:
        ran, document = change(capsys, world, *words, "--yes", words[1].lstrip("-"))
        assert (ran.code, document["outcome"], document["submitted"]) == (code, outcome, None), words
    assert world.posts == []


def test_name_is_refused_when_a_list_that_may_contain_it_is_unread(capsys: Capture, world: World) -> None:
    world.app.state.faults = Faults(error_code=500, only=("offsite-azure",))
    assert run(capsys, "delete", KEPT, world.url, "--dry-run").code == 3
    assert run(capsys, "delete", KEPT, world.url, "--dry-run", "--store", "archive-s3").code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("create",),
        ("create", "a", "--for", "30d", "--forever"),
        ("create", "a", "--for", "soon"),
        ("create", "a", "--passcode", "x"),
        ("create", "a", "--passcode-file", "-", "--password-file", "-"),
        ("keep", "a"),
        ("delete", "a", "--offline"),
        ("delete", "a", "--now", "2026-01-01"),
        ("delete", "a", "--yes"),
        ("restore", "a", "backups.json"),
        ("journal", "backups.json"),
    ],
    ids=" ".join,
)
def test_usage_error_is_reported_when_the_arguments_do_not_fit(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(capsys, *words, *(() if words[-1].endswith(".json") else ("--demo",))).code == 2


def test_passcode_is_demanded_when_there_is_no_terminal(
    capsys: Capture, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DRTUI_PASSCODE")
    ran, document = change(capsys, world, "create", "fine", "--yes", "fine")
    assert (ran.code, document["outcome"], world.posts) == (2, "not_confirmed", [])
    assert "--passcode-file" in ran.err


def test_change_is_followed_later_when_watching_is_interrupted(capsys: Capture, world: World) -> None:
    world.is_interrupted = True
    ran, document = change(capsys, world, "create", "left-1", "--wait", "--yes", "left-1")
    world.is_interrupted = False
    assert (ran.code, document["outcome"]) == (130, None)
    assert f"continues at the site. Follow it with drtui journal --follow {document['id']}" in ran.err
    other = run(capsys, "validate", "offsite-azure", world.url, LEAVE)
    assert f"drtui journal --follow {document['id']}" in other.err
    assert run(capsys, "journal", "--follow", str(document["id"])).code == 0
    assert len([path for path in world.posts if path.endswith("/create")]) == 1


def test_change_is_found_when_drtui_was_killed_before_the_reply(capsys: Capture, world: World) -> None:
    world.holds = "/create"
    words = ("create", "killed-1", world.url, LEAVE, "--yes", "killed-1", "--wait", "--quiet")
    command = [sys.executable, "-m", "drtui", *words]
    with processes.started(command):
        assert world.is_held.wait(30)
    row = journal(capsys)[0]
    assert (row["outcome"], row["reply"]) == (None, None)
    assert PASSCODE not in json.dumps(row)
    ran = run(capsys, "pause", "nightly", world.url, "--dry-run")
    assert f"journal --follow {row['id']}" in ran.err
    again, document = change(capsys, world, "create", "killed-1", "--yes", "killed-1")
    assert (again.code, document["outcome"], document["ended"]) == (1, "stopped", None)
    followed = run(capsys, "journal", "--follow", str(row["id"]), "--json")
    assert followed.code == 0
    assert json.loads(followed.out)["changes"][0]["outcome"] == "done"
    assert len(world.posts) == 1


def test_keep_and_passcode_take_a_date_and_standard_input_when_given(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    ran, document = change(capsys, world, "keep", KEPT, "--until", "2031-12-31", "--yes", KEPT)
    assert (ran.code, document["outcome"]) == (0, "done")
    assert parse_qs(world.forms[-1].decode())["retentionDate"] == ["1956441600000"]
    monkeypatch.delenv("DRTUI_PASSCODE")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"{PASSCODE}\n".encode())))
    words = ("create", "by-stdin", "--passcode-file", "-", "--wait", "--yes", "by-stdin")
    ran, document = change(capsys, world, *words)
    assert (ran.code, document["outcome"]) == (0, "done")
    assert parse_qs(world.forms[-1].decode())["passcode"] == [PASSCODE]


def test_profile_allows_changes_when_it_lists_them(
    capsys: Capture, world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "config.toml"
    monkeypatch.setenv("DRTUI_CONFIG", str(path))
    lines = ["[site.prod]", f'address = "{world.url}"', 'changes = ["pause"]']
    path.write_text("\n".join(lines))
    assert run(capsys, "pause", "nightly", "prod", "--yes", "nightly").code == 0
    ran = run(capsys, "keep", KEPT, "prod", "--forever", "--yes", KEPT)
    assert ran.code == 4
    assert 'changes = ["keep"] under [site.prod]' in ran.err
    path.write_text("\n".join([*lines[:2], 'changes = ["pauze"]']))
    ran = run(capsys, "pause", "nightly", "prod")
    assert ran.code == 2
    assert "Did you mean pause?" in ran.err


def test_passcode_command_is_run_when_nothing_else_gives_the_passcode(
    capsys: Capture, world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DRTUI_PASSCODE")
    path = tmp_path / "config.toml"
    monkeypatch.setenv("DRTUI_CONFIG", str(path))
    program = json.dumps([sys.executable, "-c", f"print({PASSCODE!r})"])
    path.write_text(f'[site.prod]\naddress = "{world.url}"\nchanges = ["create"]\npasscode_command = {program}\n')
    ran = run(capsys, "create", "by-command", "prod", "--yes", "by-command")
    assert ran.code == 0
    assert parse_qs(world.forms[0].decode())["passcode"] == [PASSCODE]
    assert PASSCODE not in ran.out + ran.err


def test_journal_has_one_row_for_each_sent_change_when_listed(capsys: Capture, world: World) -> None:
    change(capsys, world, "pause", "nightly", "--yes", "nightly")
    change(capsys, world, "validate", "offsite-azure")
    rows = journal(capsys)
    recorded = [row["request"]["url"].partition("/arcgis/")[2] for row in rows]  # type: ignore[index]
    assert sorted(recorded) == sorted(path.partition("/arcgis/")[2] for path in world.posts)
    report = run(capsys, "report", world.url)
    assert "## Changes made with drtui\n\n* " in report.out
    assert ": pause `nightly` by `siteadmin`, done: nightly is paused\n" in report.out
    assert len(json.loads(run(capsys, "report", world.url, "--format", "json").out)["changes"]) == 2
    text = run(capsys, "journal", world.url).out
    assert len(text.splitlines()) == 3
    assert run(capsys, "journal", "https://gis.example.com/arcgis").out.count("\n") == 1
    assert run(capsys, "journal", "--format", "csv").out.startswith("time,site,user,operation,")
    assert run(capsys, "journal", "--follow", "none").code == 1


CREATE = ("create", "table-1", "--wait", "--yes", "table-1")
NEWEST = "NEWEST"
RESTORE = ("restore", NEWEST, "--wait", "--yes", f"localhost/{NEWEST}")
VALIDATE = ("validate", "archive-s3")

OUTCOMES = (
    (("lost-reply",), CREATE, 0, "done", 1),
    (("lost-request",), CREATE, 3, "unknown", 1),
    (("lost-reply",), RESTORE, 0, "done", 1),
    (("lost-reply",), ("delete", KEPT, "--yes", KEPT, "--yes", "delete although kept forever"), 0, "done", 1),
    (("lost-request",), ("keep", KEPT, "--for", "40d", "--yes", KEPT), 3, "unknown", 1),
    (("lost-reply",), ("pause", "nightly", "--yes", "nightly"), 0, "done", 1),
    (("backup-fails",), CREATE, 1, "ended_badly", 1),
    (("backup-cancelled",), CREATE, 1, "ended_badly", 1),
    (("restore-fails",), RESTORE, 1, "ended_badly", 1),
    (("restore-warns",), RESTORE, 1, "ended_badly", 1),
    (("not-ready",), VALIDATE, 1, "ended_badly", 1),
    (("job-follows",), CREATE, 0, "done", 1),
    (("read-only",), RESTORE, 1, "stopped", 0),
    (("no-staging",), CREATE, 1, "stopped", 0),
    (("release-12",), ("restore", KEPT, "--yes", f"localhost/{KEPT}"), 1, "stopped", 0),
    (("run-due",), CREATE, 0, "done", 1),
    (("short-token",), CREATE, 0, "done", 1),
    (("release-12",), CREATE, 0, "done", 1),
)
"""Faults, words of a command, exit code, outcome, and number of requests that were sent to change something."""


@pytest.mark.parametrize(
    ("faults", "words", "code", "outcome", "posts"),
    rows_in_full(OUTCOMES, but=[OUTCOMES[number] for number in (1, 9, 12)]),
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else str(value),
)
def test_outcome_is_what_the_site_proves_when_something_goes_wrong(
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    faults: tuple[str, ...],
    words: tuple[str, ...],
    code: int,
    outcome: str,
    posts: int,
) -> None:
    monkeypatch.setenv("DRTUI_PASSCODE", SITE_PASSCODE)
    options = ("--user", USER, "--password-file", str(password_file(tmp_path)))
    with changing(monkeypatch, faults=faults) as world:
        words = with_newest(capsys, world, words, *options)
        ran, document = change(capsys, world, *words, *options)
        assert (ran.code, document["outcome"], len(world.posts)) == (code, outcome, posts), document["statement"]
    assert len(journal(capsys)) == posts


def test_restore_ends_badly_when_the_passcode_is_wrong(capsys: Capture, world: World) -> None:
    ran, document = change(capsys, world, *with_newest(capsys, world, RESTORE))
    assert (ran.code, document["outcome"]) == (1, "ended_badly")
    assert "passcode" in str(document["statement"])
