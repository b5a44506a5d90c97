"""The manual page, made of the argument tree and the register of keys; `pytest tests/test_manual.py --draw` writes it.

argparse-manpage makes one, too, but repeats the options that all commands share under each of them, a thousand lines
of a page, and knows nothing of keys.
"""

import argparse
from collections.abc import Iterator
from itertools import groupby

from drtui import __version__
from drtui.cli.arguments.common import add_everywhere_options
from drtui.cli.overview import EXAMPLES, EXIT_CODES, QUESTION, SECRETS, TARGET
from drtui.cli.parser import parser
from drtui.keybindings import key_table

ENVIRONMENT = (
    ("DRTUI_TOKEN", "a token, where no option names one"),
    ("DRTUI_PASSWORD", "the password of --user, where no option names one"),
    ("DRTUI_PASSCODE", "the passcode of a backup, where no option names one"),
    ("DRTUI_CONFIG", "another file than config.toml"),
    ("NO_COLOR", "if set, use no colours"),
    ("TZ", "the zone of times, where --tz names none"),
    ("HTTPS_PROXY, ALL_PROXY, NO_PROXY", "proxies"),
    ("SSL_CERT_FILE, SSL_CERT_DIR", "certificates of authorities instead of the system's"),
)
FILES = (
    ("~/.config/drtui/config.toml", "named sites: where they are, and where their secrets are"),
    ("~/.local/state/drtui", "what is known of each site, what was exported, the log"),
)

Options = frozenset[tuple[str, str | None]]


def manual() -> str:
    """Return the page, in man(7)."""
    tree = parser(with_interface=True)
    add_everywhere_options(tree)
    sections = (
        _begin(), _commands(tree), _options(tree), _keys(), _pairs("ENVIRONMENT", ENVIRONMENT),
        _pairs("FILES", FILES), _paragraph("drtui paths prints where they are on this machine."), _notes(),
    )  # fmt: skip
    return "".join(f"{line}\n" for section in sections for line in section)


def _begin() -> Iterator[str]:
    yield '.\\" Made by tests/manual.py: change the arguments or the keys, not this file.'
    yield f'.TH DRTUI 1 "" "drtui {__version__}" "User Commands"'
    yield from (".SH NAME", "drtui \\- what could be restored of ArcGIS Enterprise on Kubernetes")
    yield ".SH SYNOPSIS"
    yield from ("\\fBdrtui\\fR [TARGET] [options]", ".br", "\\fBdrtui\\fR COMMAND [TARGET] [options]")
    yield ".SH DESCRIPTION"
    yield from _line(QUESTION)
    yield from _paragraph(
        "Without a command it opens the terminal interface. It changes nothing unless it is allowed to."
    )
    yield from _paragraph(TARGET)


def _commands(tree: argparse.ArgumentParser) -> Iterator[str]:
    yield ".SH COMMANDS"
    shared = frozenset(_option(action) for action in tree._actions)
    for name, command in _subcommands(tree):
        nested = list(_subcommands(command))
        for under, subparser in nested or [("", command)]:
            yield from _command(f"{name} {under}".strip(), subparser, shared)


def _subcommands(tree: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in tree._actions:
        if isinstance(action, argparse._SubParsersAction):
            for choice in action._get_subactions():
                command = action.choices[choice.dest]
                command.description = command.description or choice.help
                yield choice.dest, command


def _command(name: str, command: argparse.ArgumentParser, shared: Options) -> Iterator[str]:
    """Return the section of a command: its description and its own options."""
    positionals = " ".join(_metavar(action) for action in command._get_positional_actions())
    yield f".SS {_quoted(f'drtui {name} {positionals}'.strip())}"
    yield from _line(command.description or "")
    for action in command._get_optional_actions():
        if _option(action) not in shared and not isinstance(action, argparse._HelpAction):
            yield from _item(action)
    if command.epilog:
        yield from _verbatim(command.epilog)


def _metavar(action: argparse.Action) -> str:
    name = str(action.metavar or action.dest)
    return f"[{name}]" if action.nargs in {"?", "*"} else name


def _option(action: argparse.Action) -> tuple[str, str | None]:
    return " ".join(action.option_strings), action.help


def _options(tree: argparse.ArgumentParser) -> Iterator[str]:
    """Return the options of every command, and those of the interface."""
    yield ".SH OPTIONS"
    for group in tree._action_groups:
        options = [action for action in group._group_actions if action.option_strings]
        if options:
            yield f".SS {_quoted(group.title or '')}"
            for action in options:
                yield from _item(action)


def _item(action: argparse.Action) -> Iterator[str]:
    """Return an option with its value and its meaning."""
    name = _escaped(", ".join(action.option_strings))
    value = "" if action.nargs == 0 else _value(action)
    yield ".TP"
    yield f"\\fB{name}\\fR {_escaped(value)}".rstrip()
    choices = ", ".join(map(str, action.choices or ()))  # as argparse prints them
    yield from _line((action.help or "") % {**vars(action), "choices": choices, "prog": "drtui"})


def _value(action: argparse.Action) -> str:
    choices = "|".join(map(str, action.choices)) if action.choices else ""
    value = str(action.metavar or choices or action.dest.upper())
    return f"[{value}]" if action.nargs == "?" else value


def _keys() -> Iterator[str]:
    yield ".SH KEYS"
    for group, rows in groupby(key_table(), key=lambda row: row[0]):
        yield f".SS {_quoted(group)}"
        for _, keys, meaning in rows:
            yield from (".TP", f"\\fB{_escaped(keys)}\\fR", *_line(meaning))


def _pairs(heading: str, pairs: tuple[tuple[str, str], ...]) -> Iterator[str]:
    yield f".SH {heading}"
    for name, meaning in pairs:
        yield from (".TP", f"\\fB{_escaped(name)}\\fR", *_line(meaning))


def _notes() -> Iterator[str]:
    """Return the end of the help: examples, secrets, exit codes."""
    yield ".SH EXAMPLES"
    yield from _verbatim(EXAMPLES.partition("\n")[2])
    yield ".SH NOTES"
    yield from _paragraph(SECRETS)
    yield ".SH EXIT STATUS"
    yield from _verbatim(EXIT_CODES)


def _verbatim(text: str) -> Iterator[str]:
    yield from (".PP", ".nf")
    for line in text.rstrip().splitlines():
        yield from _line(line)
    yield ".fi"


def _paragraph(text: str) -> Iterator[str]:
    yield from (".PP", *_line(" ".join(text.split())))


def _line(text: str) -> Iterator[str]:
    """Return text that starts no troff request."""
    escaped = _escaped(text)
    yield f"\\&{escaped}" if escaped[:1] in {".", "'", ""} else escaped


def _escaped(text: str) -> str:
    return text.replace("\\", "\\e").replace("-", "\\-")


def _quoted(text: str) -> str:
    return '"{}"'.format(_escaped(text).replace('"', '""'))
