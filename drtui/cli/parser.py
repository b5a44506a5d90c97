"""The table of commands, and the argument parsers of the commands and of the interface."""

import argparse
from collections.abc import Iterator
from importlib import import_module
from typing import NamedTuple

from drtui import __version__
from drtui.cli.arguments.common import (
    TABLE_FORMATS,
    add_color_option,
    add_common_options,
    add_everywhere_options,
    add_output_options,
    add_target,
)
from drtui.cli.arguments.interface import add_interface_options
from drtui.cli.arguments.parser import Parser


class Command(NamedTuple):
    """A command: where its function is, and what its parser takes."""

    module: str
    """Its module in `cli.commands`."""
    help: str
    positionals: str = ""
    """The arguments before TARGET, separated by blanks."""
    arguments: str = ""
    """The module in `cli.arguments` whose function `add_COMMAND` adds further arguments; empty if there are none."""
    formats: tuple[str, ...] = TABLE_FORMATS
    """The formats of its output, the default first; empty if it is not about one TARGET."""
    extras: tuple[str, ...] = ()
    """The `EXTRAS` of a site that it shows."""


COMMANDS = {
    "list": Command(
        "restore_points",
        "the restore points, newest first, with verdicts",
        arguments="site",
        formats=(*TABLE_FORMATS, "md"),
    ),
    "show": Command("restore_points", "all facts of one restore point", "BACKUP", "site", extras=("data",)),
    "stores": Command("site", "the backup stores"),
    "status": Command(
        "site", "the last disaster-recovery operation, and the account", "", "site", extras=("mode", "account", "about")
    ),
    "schedules": Command("site", "the backup schedules and the cleaner"),
    "gaps": Command("site", "gaps, missed runs and failed runs"),
    "before": Command(
        "restore_points", "the newest usable restore point before a moment, the data loss, and what was skipped", "TIME"
    ),
    "where": Command(
        "where", "the restore points that contain a geodatabase, database or bucket, by name or id", "NAME"
    ),
    "diff": Command("diff", "the differences between two restore points; exit code 1 if there are any", "A B", "site"),
    "timeline": Command(
        "timeline",
        "restore points, missed runs, upcoming runs and expiries over time",
        arguments="site",
    ),
    "coverage": Command("coverage", "the data stores of the site, and what its backups hold of them", extras=("data",)),
    "report": Command(
        "handover",
        "audit report of the last days",
        "",
        "site",
        ("md", "html", "csv", "json"),
        extras=("data",),
    ),
    "runbook": Command(
        "handover",
        "the runbook for restoring one restore point",
        "BACKUP",
        "site",
        formats=("md",),
        extras=("data",),
    ),
    "check": Command(
        "check",
        "health check in one line for monitoring, state first",
        arguments="site",
        formats=("nagios", "json", "prometheus"),
    ),
    "monitoring": Command(
        "monitoring",
        "ready files for monitoring systems: alert rules, dashboard, timer, check commands",
        "",
        "tools",
        formats=(),
    ),
    "sites": Command("sites", "all sites of the configuration side by side, worst first", "", "sites", formats=()),
    "history": Command("history", "saved data of sites: list, export, import, delete", "", "sites", formats=()),
    "create": Command("changes", "make a backup", "", "changes", formats=()),
    "keep": Command("changes", "change how long a backup is kept", "BACKUP", "changes", formats=()),
    "validate": Command("changes", "ask a store whether it is ready", "", "changes", formats=()),
    "pause": Command("changes", "stop a schedule until it is resumed", "SCHEDULE", "changes", formats=()),
    "resume": Command("changes", "let a paused schedule run again", "SCHEDULE", "changes", formats=()),
    "delete": Command("changes", "delete a backup for good", "BACKUP", "changes", formats=()),
    "restore": Command("changes", "replace the site by a backup", "BACKUP", "changes", formats=()),
    "journal": Command("journal", "the changes made with drtui", "", "changes", formats=()),
    "note": Command("note", "write a note about a backup, as of a restore drill", "BACKUP TEXT", "site", ()),
    "login": Command("login", "sign in in a browser, and print an access token to a pipe", "", "site", ()),
    "doctor": Command(
        "doctor",
        "the connection to a site step by step: what fails, why, and what to do",
        "",
        "site",
        formats=(),
    ),
    "help": Command("help", "help on a command, or a document on a topic", "", "tools", formats=()),
    "demo": Command("demo", "the simulated site", "", "tools", formats=()),
    "completion": Command("completion", "completion script for a shell", "", "tools", formats=()),
    "config": Command("config", "the configuration: check it, show its values", "", "sites", formats=()),
    "paths": Command("info", "the files and folders of drtui", formats=()),
    "keys": Command("info", "the keys of the interface", formats=()),
}
"""All commands; any other first word is a TARGET."""


class _TopParser(Parser):
    """The parser of the first word, whose help is the overview."""

    def format_help(self) -> str:
        """Return the overview of commands, options and topics."""
        from drtui.cli.overview import overview_text

        return overview_text({name: command.help for name, command in COMMANDS.items()})


def parser(only: str | None = None, *, with_interface: bool = False) -> Parser:
    """Return the argument parser of the commands.

    Args:
        only: the first argument. If it is a command, only its parser is made, else those of all commands without their
            arguments: parsers take long to make.
        with_interface: add the options of the interface, which has a parser of its own.
    """
    top = _TopParser("drtui")
    if with_interface:
        add_common_options(top)
        add_interface_options(top)
    top.add_argument("--version", action="version", version=f"drtui {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, prog="drtui", parser_class=Parser)
    for name, command in COMMANDS.items():
        if only in COMMANDS and name != only:
            continue
        subparser = commands.add_parser(name, help=command.help, description=command.help)
        if only in {None, name}:
            _add_arguments(subparser, name, command)
    return top


def _add_arguments(subparser: Parser, name: str, command: Command) -> None:
    """Add the arguments of a command."""
    if command.formats:
        add_common_options(subparser)
    for positional in command.positionals.split():
        subparser.add_argument(positional.lower(), metavar=positional)
    if command.formats:
        add_target(subparser)
        add_output_options(subparser, command.formats)
    if command.arguments:
        family = import_module(f"drtui.cli.arguments.{command.arguments}")
        getattr(family, f"add_{name}")(subparser)
    for leaf in _leaves(subparser):
        add_everywhere_options(leaf)


def _leaves(command: Parser) -> Iterator[Parser]:
    """Yield the parsers of the subcommands; the parser itself if it has none."""
    groups = [action for action in command._actions if isinstance(action, argparse._SubParsersAction)]  # noqa: SLF001 - argparse has no other way to ask
    if not groups:
        yield command
    for group in groups:
        yield from group.choices.values()


def interface_parser() -> Parser:
    """Return the argument parser of the interface."""
    interface = Parser("drtui")
    add_common_options(interface)
    add_target(interface)
    add_color_option(interface)
    add_interface_options(interface)
    return interface
