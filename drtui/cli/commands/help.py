"""`drtui help`: help of a command, or a document on a topic."""

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from drtui.cli.exit_codes import FINE, CommandError
from drtui.cli.help_topics import MANUAL, topics, topics_with
from drtui.cli.parser import COMMANDS, parser

MAX_COLUMNS = 100
"""The widest line of a document on a terminal, cells."""


def run_help(arguments: argparse.Namespace) -> int:
    """Print the help of a command, a document, or the list of topics.

    A command's name wins over a topic. A document is formatted for a terminal and printed as it is into a pipe.

    Raises:
        CommandError: there is no such command or topic.
    """
    words = arguments.words
    if not words:
        _print_topics()
    elif words[0] in COMMANDS:
        _print_command_help(words)
    elif len(words) > 1 or words[0] not in topics():
        raise CommandError(_unknown_text(words))
    elif words[0] == "man":
        _print_manual()
    else:
        _print_document(topics()[words[0]].path)
    return FINE


def _unknown_text(words: list[str]) -> str:
    from difflib import get_close_matches

    mentioning = " ".join(topics_with(" ".join(words)))
    near = get_close_matches(words[0].lower(), [*COMMANDS, *topics()], n=1)
    hint = f"It occurs in: {mentioning}. " if mentioning else f"Did you mean {near[0]}? " if near else ""
    return f"No help on {' '.join(words)!r}. {hint}drtui help lists the topics, drtui --help the commands."


def _print_topics() -> None:
    width = max(map(len, topics()))
    sys.stdout.write("drtui help TOPIC prints a document, drtui help COMMAND the options of a command.\n\ntopics:\n")
    sys.stdout.writelines(f"  {name:<{width}}  {topic.title}\n" for name, topic in topics().items())
    sys.stdout.write("\ndrtui --help lists the commands.\n")


def _print_command_help(words: list[str]) -> None:
    """Print what `drtui COMMAND --help` prints.

    Raises:
        CommandError: the command has no such subcommand.
    """
    try:
        parser(words[0]).parse_args([*words, "--help"])
    except SystemExit:
        return


def _print_document(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if sys.stdout.isatty():
        from drtui.cli.plain_documents import plain_markdown

        text = plain_markdown(text, _columns(), topics())
    _print_paged(text)


def _print_manual() -> None:
    """Show the manual page with `man` on a terminal that has it; else print it, into a pipe as its source."""
    if not sys.stdout.isatty():
        sys.stdout.write(MANUAL.read_text(encoding="utf-8"))
        return
    man = shutil.which("man")
    if man is None or subprocess.run([man, str(MANUAL)], check=False).returncode:  # noqa: S603 - no word of it is typed
        from drtui.cli.plain_documents import plain_manual

        _print_paged(plain_manual(MANUAL.read_text(encoding="utf-8"), _columns()))


def _columns() -> int:
    return min(MAX_COLUMNS, shutil.get_terminal_size().columns)


def _print_paged(text: str) -> None:
    """Print a text; on a terminal that it does not fit on, through a pager."""
    lines = shutil.get_terminal_size().lines
    if sys.stdout.isatty() and text.count("\n") >= lines and (pager := _pager()):
        environment = {"LESS": "-FRX", **os.environ}
        subprocess.run(pager, input=text.encode(), env=environment, check=False)  # noqa: S603 - the person's own pager
        return
    sys.stdout.write(text)


def _pager() -> list[str]:
    """Return the command of the pager; empty if there is none."""
    command = shlex.split(os.environ.get("PAGER", "")) or ["less"]
    return command if shutil.which(command[0]) else []
