"""Where JSON was asked for, stdout is one JSON document, also for errors; exit codes are the same as without."""

import json
from typing import Any

import pytest
from starlette.applications import Starlette

from drtui.cli.failures import is_json_requested
from drtui.cli.parser import COMMANDS, parser
from drtui.demo.faults import Faults
from drtui.output.failures import error_object
from tests.cli.running import run
from tests.conftest import NOW

Capture = pytest.CaptureFixture[str]
FIELDS = {"resource", "code", "text", "summary", "cause", "advice"}
AT = ("--now", str(NOW), "--no-history")


def document(capsys: Capture, *words: str) -> tuple[int, dict[str, Any]]:
    """Return exit code and JSON of a command, which has the same exit code without JSON."""
    ran = run(capsys, *words, "--json")
    whole: dict[str, Any] = json.loads(ran.out)
    assert whole["schema"] == 1
    assert [failure.keys() for failure in whole["failures"]] == [FIELDS] * len(whole["failures"])
    return ran.code, whole


ERRORS: tuple[tuple[tuple[str, ...], int, str], ...] = (
    (("list", "nosuch"), 2, "usage"),
    (("list", "--limt"), 2, "usage"),
    (("list", "--demo", "--rpo", "soon"), 2, "usage"),
    (("list", "--demo", "--tz", "No/Where"), 2, "usage"),
    (("lsit",), 2, "usage"),
    (("list", "nowhere.json"), 3, "file"),
    (("show", "nothing", "--demo"), 1, "not-found"),
    (("before", "--demo"), 2, "usage"),
    (("diff", "a", "b", "--demo"), 2, "usage"),
    (("keep", "x", "--demo"), 2, "usage"),
    (("keep", "nothing", "--demo", "--allow-changes", "--forever"), 1, "not-found"),
    (("delete", "x", "--demo"), 4, "not_allowed"),
    (("create", "x", "--demo", "--allow-changes"), 2, "not_confirmed"),
    (("create", "x", "backups.json"), 2, "usage"),
    (("journal", "--follow", "none"), 1, "not-found"),
    (("history", "list", "--limt"), 2, "usage"),
    (("sites", "prod"), 2, "usage"),
    (("config", "show", "prod"), 2, "usage"),
    (("check", "nosuch"), 3, "usage"),
    (("check", "--limt"), 3, "usage"),
    (("doctor", "--demo", "--offline"), 2, "usage"),
)


@pytest.mark.parametrize(
    ("words", "code", "kind"), ERRORS, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_error_is_a_json_document_when_json_is_asked_for(
    capsys: Capture, words: tuple[str, ...], code: int, kind: str
) -> None:
    ended, whole = document(capsys, *words)
    assert (ended, whole["failures"][0]["code"]) == (code, kind)
    without = run(capsys, *words)
    assert without.code == code
    assert without.out == "" or words[0] == "check"


def test_error_has_cause_advice_and_resource_when_the_site_failed(capsys: Capture, app: Starlette, site: str) -> None:
    app.state.faults = Faults(error_code=403, only=("stores",))
    code, whole = document(capsys, "list", site, *AT)
    failure = whole["failures"][0]
    assert (code, failure["resource"], failure["code"]) == (4, "stores", "403")
    assert failure["advice"]
    code, whole = document(capsys, "stores", site, *AT)
    assert (code, [failure["resource"] for failure in whole["failures"]]) == (4, ["stores"])


def test_error_has_the_failures_that_may_be_its_cause_when_a_list_failed(
    capsys: Capture, app: Starlette, site: str
) -> None:
    app.state.faults = Faults(error_code=500, only=("archive-s3",))
    code, whole = document(capsys, "show", "nothing", site, *AT)
    assert (code, [failure["resource"] for failure in whole["failures"]]) == (3, [None, "backups of archive-s3"])


def test_plan_has_the_failure_when_the_site_does_not_answer(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", "planted")
    code, whole = document(capsys, "validate", "s", "http://127.0.0.1:1/arcgis", "--allow-changes")
    assert code == 3
    assert whole["failures"][0]["code"] not in {"usage", "not-readable"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("list --json", True),
        ("list -o json", True),
        ("list --format json", True),
        ("list --format=json x", True),
        ("list -ojson", True),
        ("list -o csv", False),
        ("list json", False),
        ("list -- --json", False),
        ("list -o", False),
    ],
)
def test_json_is_requested_when_an_option_says_so(words: str, expected: bool) -> None:
    assert is_json_requested(words.split()) is expected


def test_json_is_recognised_as_the_parser_does_when_a_command_has_it() -> None:
    words = {"list": ["list"], "check": ["check"], "sites": ["sites"], "doctor": ["doctor"]}
    assert words.keys() <= COMMANDS.keys()
    for start in words.values():
        for option in (["--json"], ["-o", "json"], ["-ojson"], ["--format=json"], ["--format", "json"]):
            assert parser(start[0]).parse_args([*start, *option]).format == "json"
            assert is_json_requested([*start, *option])


@pytest.mark.parametrize(
    ("text", "summary", "advice"),
    [
        ("No password. Give --password-file FILE.", "No password", "Give --password-file FILE."),
        ("No store 'a. b'. See drtui stores.", "No store 'a. b'", "See drtui stores."),
        ("Unknown option --x. Did you mean --y? See z.", "Unknown option --x", "Did you mean --y? See z."),
        ("no full stop", "no full stop", None),
        ("it's not closed. Advice", "it's not closed. Advice", None),
    ],
)
def test_error_is_divided_after_its_first_sentence(text: str, summary: str, advice: str | None) -> None:
    row = error_object("usage", text)
    assert (row["text"], row["summary"], row["advice"]) == (text, summary, advice)
