"""`drtui --plain`: the line-by-line shell has the facts of the commands."""

import io
import json

import pytest
from starlette.applications import Starlette

from drtui.core.formatting.text import ELLIPSIS, width
from drtui.demo.faults import Faults
from drtui.demo.scenarios import PLANTED_SECRETS, SCENARIOS
from tests.cli.running import Ran, run
from tests.conftest import NOW
from tests.suites import in_full

AT = ("--now", str(NOW))
Capture = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch

EVERYTHING = (
    "", "list", "more", "show 1", "show 2", "where a", "before 2026-09-20T12:00", "diff 1 2", "timeline", "stores",
    "status", "schedules", "gaps", "filter !verdict:usable", "sort took", "filter", "error", "refresh", "help",
)  # fmt: skip


def run_shell(capsys: Capture, monkeypatch: Patch, *lines: str, of: tuple[str, ...] = ("--demo",)) -> Ran:
    """Run the shell with these lines on a pipe."""
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    return run(capsys, "--plain", *of, *AT)


def answer_lines(ran: Ran, *, after: str = "Stores registered by an older release") -> list[str]:
    """Return the output after the greeting, with folded lines joined."""
    unfolded = ran.out.replace("\n  ", " ")
    return unfolded.partition(after)[2].splitlines()[1:]


def test_shell_prints_the_summary_at_start_and_on_an_empty_line(capsys: Capture, monkeypatch: Patch) -> None:
    ran = run_shell(capsys, monkeypatch, "")
    asking, *output = ran.out.splitlines()
    assert (ran.code, ran.err, asking) == (0, "", "Asking demo: calm ...")
    assert output[: len(output) // 2] == output[len(output) // 2 :]
    assert output[:2] == [
        "demo: calm, live 14:13; times are UTC",
        "SAFE: Newest usable restore point is 6 h 13 min old; target 24 h (weekly-2026-09-21-08-00-16).",
    ]


def test_list_prints_a_numbered_sentence_for_each_restore_point(capsys: Capture, monkeypatch: Patch) -> None:
    output = run_shell(capsys, monkeypatch, "list", "more", "more", "more").out.replace("\n  ", " ").splitlines()
    assert "2. nightly-2026-09-21-06-00-46: usable, 8 h 13 min old, expires in 29 d, in nightly-pv" in output
    assert "37 more: type more for the next 20." in output
    assert "17 more: type more for the next 17." in output
    assert output[-2].startswith("57. ")
    assert output[-1] == "End of the list. list prints it again."


@pytest.mark.parametrize("scenario", ["calm", "half-failed", "hostile"])
def test_shell_list_has_the_facts_of_the_command(capsys: Capture, monkeypatch: Patch, scenario: str) -> None:
    demo = (f"--demo={scenario}",)
    rows = json.loads(run(capsys, "list", *demo, *AT, "--json").out)["restore_points"]
    output = run_shell(capsys, monkeypatch, "list", *["more"] * 4, of=demo).out.replace("\n  ", " ").splitlines()
    lines = [line for line in output if line.partition(". ")[0].isdecimal()]
    assert len(lines) == len(rows)
    for number, (line, row) in enumerate(zip(lines, rows, strict=True), 1):
        assert line.startswith(f"{number}. {row['name'][:25]}")
        assert f": {row['verdict']}, " in line
        assert f", in {row['store']}" in line
        if row["verdict"] != "usable":
            assert line.endswith(row["reasons"][0]["text"])


@pytest.mark.parametrize("scenario", ["calm", "half-failed", "paused"])
def test_shell_show_has_the_facts_of_the_command(capsys: Capture, monkeypatch: Patch, scenario: str) -> None:
    demo = (f"--demo={scenario}",)
    first = json.loads(run(capsys, "list", *demo, *AT, "--json").out)["restore_points"][0]["name"]
    printed = run(capsys, "show", first, *demo, *AT, "--ascii").out.partition("PART ")[0]
    words = " ".join(printed.split())
    by_number, by_name = (run_shell(capsys, monkeypatch, f"show {which}", of=demo).out for which in ("1", first))
    assert by_number == by_name
    output = " ".join(by_number.replace(": ", " ").split())
    assert words.replace(": ", " ") in output


@pytest.mark.parametrize("scenario", ["calm", "upgraded", "no-privilege"])
def test_shell_where_has_the_facts_of_the_command(capsys: Capture, monkeypatch: Patch, scenario: str) -> None:
    demo = (f"--demo={scenario}",)
    sentences = run(capsys, "where", "zoning", *demo, *AT).out.partition("\n\n")[0].splitlines()
    output = run_shell(capsys, monkeypatch, "where zoning", of=demo).out.replace("\n  ", " ").splitlines()
    assert [sentence for sentence in sentences if not any(line.startswith(sentence) for line in output)] == []


def test_filter_stays_until_it_is_cleared(capsys: Capture, monkeypatch: Patch) -> None:
    lines = ("filter verdict:usable zoning", "sort expires", "sort expires", "filter gdb:", "list", "filter")
    output = answer_lines(run_shell(capsys, monkeypatch, *lines))
    heads = [line for line in output if "sorted by" in line]
    assert [head.partition(" restore points")[0] for head in heads] == ["16 of 57"] * 4 + ["57"]
    assert [head.rpartition("sorted by ")[2] for head in heads] == [
        "started, descending", "expires, ascending", *["expires, descending"] * 3
    ]  # fmt: skip
    assert "Missing value for field 'gdb', as in gdb:parcels; the filter is unchanged" in output


def test_list_number_keeps_its_restore_point_when_the_list_changes(capsys: Capture, monkeypatch: Patch) -> None:
    output = answer_lines(
        run_shell(capsys, monkeypatch, "sort expires", "refresh", "show 5", "show 58", "show", "diff 1")
    )
    assert "nightly-2026-08-23-06-00-35" in output
    assert output[-3:] == [
        "No number 58 in the list: it ends at 57.",
        "No restore point given. Write its number in the list, or its name.",
        "diff needs two numbers or names. Write a name with blanks in quotes.",
    ]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("lsit", "Unknown command 'lsit'. Did you mean list?"),
        ("sort expire", "Unknown sort column 'expire'. Did you mean expires?"),
        ("show nightly-2026-09-21-06-00-4", "No restore point 'nightly-2026-09-21-06-00-4'. Did you mean"),
        ("before noon", "Cannot read 'noon' as a time. Use 2026-09-18T14:37"),
        ("where nowhere", "Nothing named 'nowhere' in 57 restore points"),
        ("error", "The last refresh had no failures."),
    ],
)
def test_shell_suggests_a_correction_when_a_line_is_invalid(
    capsys: Capture, monkeypatch: Patch, typed: str, answer: str
) -> None:
    ran = run_shell(capsys, monkeypatch, typed)
    assert ran.code == 0
    assert answer_lines(ran)[-1].startswith(answer)


def test_shell_ends_and_refreshes_when_more_words_follow(capsys: Capture, monkeypatch: Patch) -> None:
    assert run_shell(capsys, monkeypatch, "refresh now") == run_shell(capsys, monkeypatch, "refresh")
    assert run_shell(capsys, monkeypatch, "quit now", "list") == run_shell(capsys, monkeypatch, "quit")


def test_shell_describes_the_timeline_when_the_terminal_is_narrow(capsys: Capture, monkeypatch: Patch) -> None:
    wide = run_shell(capsys, monkeypatch, "timeline week")
    monkeypatch.setenv("COLUMNS", "20")
    assert run_shell(capsys, monkeypatch, "timeline week") == wide
    assert "a slot is one week" in wide.out


@pytest.mark.parametrize("scenario", in_full(SCENARIOS, but=["calm", "hostile"]))
def test_shell_lines_are_short_printable_and_without_secrets(
    capsys: Capture, monkeypatch: Patch, scenario: str
) -> None:
    ran = run_shell(capsys, monkeypatch, *EVERYTHING, of=(f"--demo={scenario}",))
    assert (ran.code, ran.err) == (0, "")
    assert [line for line in ran.out.split("\n") if width(line) > 100] == []
    assert [line for line in ran.out.split("\n") if not line.isprintable()] == []
    assert ELLIPSIS not in ran.out
    assert not any(secret in ran.out for secret in PLANTED_SECRETS)


@pytest.mark.parametrize(
    ("fault", "words"),
    [(Faults(status_code=503), "the site answered 503"), (Faults(error_code=403), "this account has no permission")],
)
def test_shell_prints_the_failure_when_lists_cannot_be_fetched(
    capsys: Capture, monkeypatch: Patch, app: Starlette, site: str, fault: Faults, words: str
) -> None:
    app.state.faults = fault
    output = run_shell(capsys, monkeypatch, "list", "show 1", "where parcels", "stores", of=(site,)).out
    assert output.casefold().count(words) >= 5
    assert "no restore points" not in output
    assert "in 0 restore points" not in output


def test_shell_says_that_data_is_saved_when_the_site_is_down(
    capsys: Capture, monkeypatch: Patch, app: Starlette, site: str
) -> None:
    place = site.removeprefix("http://")
    run_shell(capsys, monkeypatch, "quit", of=(site,))
    app.state.faults = Faults(status_code=503)
    lines = ("list", "show 1", "where zoning", "error")
    output = run_shell(capsys, monkeypatch, *lines, of=(site,)).out.replace("\n  ", " ").splitlines()
    assert output[0].startswith(f"{place}: CANNOT TELL: Read 0 s ago: newest usable restore point is 6 h 13 min old")
    assert output[1].startswith(f"{place}, not reachable since ")
    marked = [line for line in output if line.startswith("Not reachable, saved ") and ": the site answered 503" in line]
    assert len(marked) == 3
    assert "2. nightly-2026-09-21-06-00-46: usable, 8 h 13 min old, expires in 29 d, in nightly-pv" in output
    assert any(line.startswith("stores: not readable: the site answered 503") for line in output)


def test_refresh_prints_live_data_when_the_site_is_back(
    capsys: Capture, monkeypatch: Patch, app: Starlette, site: str
) -> None:
    app.state.faults = Faults(status_code=503)

    class Typing:
        """Standard input with one line, which is read when the site is back."""

        def __init__(self) -> None:
            self._lines = ["refresh\n"]

        def isatty(self) -> bool:
            return False

        def readline(self) -> str:
            app.state.faults = Faults()
            return self._lines.pop() if self._lines else ""

    monkeypatch.setattr("sys.stdin", Typing())
    first, _, second = run(capsys, "--plain", site, *AT).out.partition("CANNOT TELL: ")
    assert "Newest usable" not in first
    assert "Newest usable restore point is 6 h 13 min old" in second


def test_shell_exits_with_2_when_no_target_is_given(capsys: Capture, monkeypatch: Patch) -> None:
    ran = run_shell(capsys, monkeypatch, of=())
    assert (ran.code, ran.out) == (2, "")
    assert "No TARGET" in ran.err
