"""The overview that `drtui --help` prints: commands by purpose, options once, topics and exit codes."""

import argparse
import shutil
from collections.abc import Iterator, Mapping

from drtui.cli.arguments.common import add_common_options, add_everywhere_options, add_output_options, add_watch_option
from drtui.cli.arguments.interface import add_interface_options
from drtui.cli.arguments.parser import Parser

GROUPS = {
    "look": "list show stores status schedules gaps timeline coverage sites",
    "find": "where before diff",
    "check and report": "check report runbook monitoring",
    "change the site": "create keep validate pause resume delete restore journal note",
    "sites and configuration": "config doctor login history",
    "tools": "help demo keys paths completion",
}
"""The commands by purpose, each once, in the order of the overview."""

FORMATS = ("table", "json", "csv", "md", "prometheus")
"""The formats that several commands have."""

QUESTION = "Could you restore ArcGIS Enterprise on Kubernetes, from what, and what is in it?"

USAGE = """\
usage: drtui [TARGET] [options]            the interface
       drtui COMMAND [TARGET] [options]    answers for pipes and monitoring
       drtui help [COMMAND | TOPIC]        options of a command, or a document
"""

TARGET = """\
TARGET is a site of config.toml, the address of a site as in a browser, or a
file: a saved answer or an export. Without it: the default site.
"""

EXAMPLES = """\
examples:
  drtui --demo                    the interface on a simulated site
  drtui https://gis.example.com/arcgis --user admin
                                  the interface; asks for the password
  drtui list https://gis.example.com/arcgis --token-file token.txt --json
  drtui show nightly-2026-09-20-02-00-09 backups.json
"""

SECRETS = """\
Secrets come from files, the environment (DRTUI_TOKEN, DRTUI_PASSWORD,
DRTUI_PASSCODE) or a prompt, never from an option's value.
"""

EXIT_CODES = """\
exit codes: 0 fine, 1 findings, 2 usage, 3 not reachable or not readable,
            4 refused, 130 interrupted
of check:   0 ok, 1 warning, 2 critical, 3 unknown
"""

MAX_COLUMNS = 100
"""The widest line, cells: longer ones are hard to read."""


def overview_text(helps: Mapping[str, str]) -> str:
    """Return the overview; `helps` has a line for each command."""
    from drtui.cli.help_topics import topics

    columns = min(MAX_COLUMNS, shutil.get_terminal_size().columns)
    formatter = argparse.HelpFormatter("drtui", max_help_position=25, width=max(40, columns - 1))
    for group, names in GROUPS.items():
        formatter.start_section(group)
        for name in names.split():
            formatter.add_argument(argparse.Action([], dest=name, metavar=name, help=_one_line(helps[name])))
        formatter.end_section()
    for title, actions in _options():
        formatter.start_section(title)
        formatter.add_arguments(actions)
        formatter.end_section()
    names = "\n".join(_wrapped(topics(), columns - 3))
    about = f"topics of drtui help:\n{names}\n"
    return "\n".join((f"{QUESTION}\n", USAGE, TARGET, formatter.format_help(), about, EXAMPLES, SECRETS, EXIT_CODES))


def _one_line(text: str) -> str:
    """Return a help that argparse does not take for a format."""
    return text.replace("%", "%%")


def _options() -> Iterator[tuple[str, list[argparse.Action]]]:
    """Yield the options of the interface and those that commands share, each group with its title."""
    interface, shared = Parser("drtui", add_help=False), Parser("drtui", add_help=False)
    add_interface_options(interface)
    add_common_options(shared)
    add_output_options(shared, FORMATS)
    add_watch_option(shared)
    add_everywhere_options(shared)
    yield "options of the interface only", _actions_of(interface)["interface"]
    titles = {
        "site": "options of the site: interface and commands",
        "view": "options of the view: interface and commands",
        "output": "options of the output: commands; each has its own formats",
    }
    by_title = _actions_of(shared)
    for action in by_title["options"]:
        if "--watch" in action.option_strings:
            action.help = f"list, status, check: {action.help}"
    yield from ((heading, by_title[title]) for title, heading in titles.items())
    yield "further options", [*by_title["options"], *_general_options()]


def _general_options() -> list[argparse.Action]:
    parser = Parser("drtui")
    parser.add_argument("--version", action="version", help="show the version and exit")
    return _actions_of(parser)["options"]


def _actions_of(parser: Parser) -> dict[str, list[argparse.Action]]:
    """Return the actions of each group by its title."""
    groups = parser._action_groups  # noqa: SLF001 - argparse has no other way to ask
    return {str(group.title): list(group._group_actions) for group in groups}  # noqa: SLF001 - likewise


def _wrapped(words: Mapping[str, object], columns: int) -> Iterator[str]:
    """Yield words in indented lines of at most `columns` cells."""
    import textwrap

    yield from textwrap.wrap(" ".join(words), columns, initial_indent="  ", subsequent_indent="  ")
