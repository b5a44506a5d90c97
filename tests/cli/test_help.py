"""`drtui --help` shows everything at 80 columns; `drtui help` prints the help of a command, and documents."""

import re
import sys

import pytest

from drtui.cli.help_topics import MANUAL, topics
from drtui.cli.overview import GROUPS, overview_text
from drtui.cli.parser import COMMANDS, interface_parser
from drtui.cli.plain_documents import plain_manual, plain_markdown
from drtui.core.formatting.text import width
from tests.cli.running import run

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")


def test_overview_has_every_command_once_when_they_are_grouped() -> None:
    grouped = [name for names in GROUPS.values() for name in names.split()]
    assert sorted(grouped) == sorted(COMMANDS)


def test_overview_names_every_command_option_and_topic_when_asked_for(capsys: Capture) -> None:
    out = run(capsys, "--help").out
    words = set(re.findall(r"[\w-]+", out))
    options = [option for action in interface_parser()._actions for option in action.option_strings]
    assert [name for name in (*COMMANDS, *topics(), *options) if name not in words] == []
    assert [
        option for option in ("--format", "--output", "--quiet", "--no-color", "--plain") if option not in out
    ] == []
    assert [code for code in ("0 fine", "130 interrupted", "3 unknown") if code not in out] == []


def test_help_fits_into_80_columns_when_printed(capsys: Capture) -> None:
    outputs = {name: run(capsys, name, "--help").out for name in COMMANDS if name != "list"}  # a table of examples
    outputs["--help"] = overview_text({name: command.help for name, command in COMMANDS.items()})
    outputs["help"] = run(capsys, "help").out
    options = {name: out.partition("\n\n")[0] for name, out in outputs.items() if name in COMMANDS}
    assert {name: line for name, text in options.items() for line in text.splitlines() if width(line) > 80} == {}
    whole = (outputs["--help"], outputs["help"])
    assert [line for text in whole for line in text.splitlines() if width(line) > 80] == []


@pytest.mark.parametrize("words", [("show",), ("history", "export"), ("help",)], ids=" ".join)
def test_help_prints_the_help_of_a_command_when_it_is_named(capsys: Capture, words: tuple[str, ...]) -> None:
    own = run(capsys, *words, "--help")
    assert own.out.startswith(f"usage: drtui {' '.join(words)}")
    assert run(capsys, "help", *words) == own


def test_help_prints_a_document_unchanged_when_stdout_is_a_pipe(capsys: Capture) -> None:
    for name, topic in topics().items():
        assert run(capsys, "help", name).out == topic.path.read_text(encoding="utf-8")


def test_topics_can_all_be_printed_when_commands_win() -> None:
    assert sorted(topics().keys() & COMMANDS.keys()) == []


def test_help_formats_a_document_when_stdout_is_a_terminal(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("LINES", "9999")
    out = run(capsys, "help", "architecture").out
    assert out.startswith("How drtui is built\n==================\n")
    assert "`" not in out.partition("Odd mechanisms")[0]


def test_help_lists_the_topics_when_nothing_is_named(capsys: Capture) -> None:
    out = run(capsys, "help").out
    assert [name for name, topic in topics().items() if f"{name} " not in out or topic.title not in out] == []


@pytest.mark.parametrize(
    ("words", "suggestion"),
    [(("help", "glosary"), "glossary"), (("help", "lst"), "list"), (("help", "history", "exprot"), "export")],
)
def test_help_suggests_a_name_when_it_is_mistyped(capsys: Capture, words: tuple[str, ...], suggestion: str) -> None:
    ran = run(capsys, *words)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert f"id you mean {suggestion}?" in ran.err


@pytest.mark.parametrize(
    ("word", "first"), [("passcode", "operations"), ("Passcodes", "operations"), ("Buckets", "man")]
)
def test_help_names_documents_when_a_word_is_no_topic(capsys: Capture, word: str, first: str) -> None:
    ran = run(capsys, "help", word)
    assert (ran.code, ran.out) == (2, "")
    assert f"It occurs in: {first} " in ran.err


def test_command_wins_over_a_topic_when_both_have_the_name(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drtui.cli.commands.help.topics", lambda: {"list": topics()["man"]})
    assert run(capsys, "help", "list").out.startswith("usage: drtui list")


def test_markdown_fits_the_width_when_it_has_tables_and_links() -> None:
    text = "# T\n\nSee [docs/api.md](docs/api.md) or [rules](rules.md), [web](https://x.example).\n\n|a|b|\n|---|---|\n"
    plain = plain_markdown(text + f"|`c`|{'word ' * 30}|\n", 60, ("api", "rules"))
    assert "drtui help api or rules (drtui help rules)" in " ".join(plain.split())
    assert "https://x.example" in plain
    assert [line for line in plain.splitlines() if width(line) > 60] == []


def test_manual_is_plain_text_when_there_is_no_man() -> None:
    plain = plain_manual(MANUAL.read_text(encoding="utf-8"), 80)
    assert [name for name in COMMANDS if f"drtui {name}" not in plain] == []
    assert [line for line in plain.splitlines() if "\\" in line or line.startswith(".")] == []
