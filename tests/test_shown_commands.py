"""Every command that README and documents show is one that drtui understands, and answers at a served site."""

import argparse
import contextlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from drtui.cli.parser import COMMANDS, interface_parser, parser
from drtui.demo.scenarios import PASSWORD, TOKEN, USER
from tests import processes
from tests.e2e.terminal import PROGRAM, opened, site
from tests.shown_commands import (
    DOCUMENTS,
    NOT_RUN,
    OPTIONS_OF_OTHERS,
    ROOT,
    Shown,
    drtui_arguments,
    runnable_commands,
    shown_commands,
)

IDS = [path.name for path in DOCUMENTS]
RUNNABLE = [path for path in DOCUMENTS if runnable_commands(path)]
CONFIGURATION = """\
default = "prod"

[site.prod]
address = "{url}"
user = "{user}"
password_file = "password"
ca_file = "{ca_file}"
passcode_command = ["cat", "{folder}/passcode"]

[site.staging]
address = "{url}"
user = "{user}"
password_file = "password"
ca_file = "{ca_file}"
"""


@pytest.mark.parametrize("document", DOCUMENTS, ids=IDS)
def test_arguments_are_understood_when_a_document_shows_them(document: Path) -> None:
    for arguments in drtui_arguments(document):
        tree = parser(arguments[0]) if arguments and arguments[0] in {*COMMANDS, "--version"} else interface_parser()
        with contextlib.suppress(SystemExit):  # --help and --version; an error is another exception
            tree.parse_args(arguments)


def test_documents_show_commands_when_they_are_read() -> None:
    assert len([shown for document in DOCUMENTS for shown in shown_commands(document)]) > 60


@pytest.fixture
def served(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a shell with a served site, named prod and staging in its configuration."""
    folder = tmp_path / "work"
    folder.mkdir()
    for name, text in (("password", PASSWORD), ("token.txt", TOKEN), ("passcode", "four-words-and-then-some")):
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)
    with site("calm") as (url, ca_file):
        (folder / "config.toml").write_text(
            CONFIGURATION.format(url=url, user=USER, ca_file=ca_file, folder=folder), encoding="utf-8"
        )
        yield {
            **os.environ,
            "PATH": f"{Path(PROGRAM).parent}:{os.environ['PATH']}",
            "DRTUI_CONFIG": str(folder / "config.toml"),
            "XDG_STATE_HOME": str(tmp_path / "state"),
            "PWD": str(folder),
            "URL": url,
            "CA": ca_file,
        }


@pytest.mark.full
@pytest.mark.parametrize(
    "document", [path for path in DOCUMENTS if runnable_commands(path)], ids=lambda path: path.name
)
def test_commands_answer_when_a_document_shows_them(document: Path, served: dict[str, str]) -> None:
    listed = processes.run(
        [PROGRAM, "list", "prod", "--filter", "nightly verdict:usable", "--json"], environment=served
    )
    names = [point["name"] for point in json.loads(listed.stdout)["restore_points"]]
    served |= {"NEWER": names[0], "OLDER": names[5]}
    assert run("drtui history export prod --output backups.json && cp backups.json prod.history", served)[0] == 0
    failed = {shown.line: outcome for shown in runnable_commands(document) if (outcome := outcome_of(shown, served))}
    assert failed == {}


def test_commands_have_a_reason_when_they_are_not_run() -> None:
    shown = [shown for document in DOCUMENTS for shown in shown_commands(document)]
    assert [start for start in NOT_RUN if not any(command.line.startswith(start) for command in shown)] == []
    assert [command.line for command in shown if not command.line.startswith(("drtui", "printf", *NOT_RUN))] == []


def test_options_exist_when_a_document_names_them() -> None:
    trees = [interface_parser(), parser("--version"), *map(parser, COMMANDS)]
    known = {option for tree in trees for option in option_strings(tree)} | OPTIONS_OF_OTHERS
    named = {
        option: path.name
        for path in DOCUMENTS
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", path.read_text("utf-8"))
    }
    assert {option: name for option, name in named.items() if option not in known} == {}
    assert len(named) > 60


def test_reason_names_a_test_when_another_one_runs_the_command() -> None:
    files = {file for reason in NOT_RUN.values() for file in re.findall(r"tests/\S+\.py", reason)}
    assert [file for file in files if not (ROOT / file).exists()] == []


def option_strings(tree: argparse.ArgumentParser) -> Iterator[str]:
    """Yield the options of a parser and of its subcommands."""
    for action in tree._actions:
        yield from action.option_strings
        if isinstance(action, argparse._SubParsersAction):
            for subparser in action.choices.values():
                yield from option_strings(subparser)


def outcome_of(shown: Shown, environment: dict[str, str]) -> str:
    """Run a command; return what is wrong with its outcome, empty if nothing is."""
    command = shown.command
    words = command.split()
    if words[0] == "drtui" and words[1:2] != ["--plain"] and (len(words) == 1 or words[1] not in COMMANDS):
        return _outcome_of_interface(command, environment)
    code, error = run(command, environment)
    return "" if code in shown.exit_codes else f"exit code {code}: {error}"


def _outcome_of_interface(command: str, environment: dict[str, str]) -> str:
    """Open the interface; return the screen if it is not that of the main screen or of the form."""
    line = f"cd {environment['PWD']} && exec {command}"
    with opened("-c", line, program="/bin/bash", environment=environment) as terminal:
        try:
            terminal.wait_for("Restore points")
        except AssertionError as error:
            return str(error)
    return ""


def run(command: str, environment: dict[str, str]) -> tuple[int, str]:
    """Run a line of a shell; return its exit code and what it wrote to standard error."""
    line = f"set -o pipefail; cd {environment['PWD']} && {command}"
    ran = processes.run(["/bin/bash", "-c", line], environment=environment)
    return ran.returncode, ran.stderr
