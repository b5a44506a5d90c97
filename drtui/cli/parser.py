"""The argument parsers of the commands and of the interface."""

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from importlib import import_module
from typing import Any, NamedTuple, NoReturn

from drtui import __version__
from drtui.cli.exit_codes import CommandError
from drtui.demo.scenarios import PASSCODE, SCENARIOS

SHELLS = ("bash", "zsh", "fish")


class LazyChoices:
    """Choices of an option, a value of a module that is imported only when a word is checked or the help printed."""

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name

    def __iter__(self) -> Iterator[str]:
        words: Iterable[str | Enum] = getattr(import_module(self._module), self._name)
        return (word.value if isinstance(word, Enum) else word for word in words)

    def __contains__(self, word: object) -> bool:
        return word in tuple(self)


COLUMNS = LazyChoices("drtui.core.listing.catalog", "SORT_KEYS")
GROUPS = LazyChoices("drtui.core.listing.grouping", "Grouping")
SLOTS = LazyChoices("drtui.core.timeline.axis", "SlotLength")
FAULTS = LazyChoices("drtui.demo.faults", "NAMED")


def _filter_help() -> str:
    from drtui.core.query.query import EXAMPLES

    lines = (f"  {written:<20}{meaning}" for written, meaning in EXAMPLES)
    return "\n".join(("Conditions of --filter; a restore point must match all:", *lines))


FAULTS_HELP = """what is wrong with the site; repeat it for several. Of the whole site: html, 500, 503, status-error,
details-null, missing-key, drop, hang, job-result, expires-text, read-only, not-ready (every store), no-staging,
run-due (a nightly backup in three minutes), release-12, short-token (of a minute), short-refresh (of two),
no-privilege, web-tier-401, wrong-context, wrong-referer, clock-ahead (three hours), refuses-data. Of changes:
lost-reply (accepted, then the connection breaks off), lost-request, backup-fails, backup-cancelled, backup-hangs,
restore-fails, restore-warns, job-follows, slow (25 times as long). Of one resource: KIND-RESOURCE, such as 403-tasks;
kinds 403, 404, 500, drop, aged, missing-key; resources root, stores, backups, status, settings, tasks, data, mode,
about, account"""

SECRET_OPTIONS = {"--token": "token", "--tok": "token", "--passc": "passcode", "--pass": "password", "--pw": "password"}
"""Prefixes of options that people try with a secret as the value, and the kind of secret they mean."""

LONGEST_OPTION = 24
"""The longest name of an unknown option that an error repeats, characters."""


class Parser(argparse.ArgumentParser):
    """A parser that raises an error of one line.

    Options are never abbreviated, and an error never repeats the value of an unknown option: `--token X`
    would otherwise be taken for `--token-file X`, and X printed.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "allow_abbrev": False})

    def parse_known_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> tuple[Any, list[str]]:  # type: ignore[override]
        """Parse the arguments; the first unknown option is an error."""
        words = list(sys.argv[1:] if args is None else args)
        groups = (action for action in self._actions if isinstance(action, argparse._SubParsersAction))  # noqa: SLF001
        commands = {name for group in groups for name in group.choices}
        for word in words:
            if word == "--" or word in commands:  # the parser of a command checks the options after it
                break
            if _is_option(word) and not self._has_option(word):
                self.error(self._unknown_option_error(word))
        return super().parse_known_args(words, namespace)

    def error(self, message: str) -> NoReturn:
        """Raise the error as one line, without the values that argparse repeats."""
        text = re.sub(r"ignored explicit argument .*", "it takes no value", message, flags=re.DOTALL)
        if text.startswith("unrecognized arguments:"):
            text = re.sub(r" -.*", " (options after --)", text, flags=re.DOTALL)
        raise CommandError(f"{text}; see {self.prog} --help")

    def _has_option(self, word: str) -> bool:
        """True if the word is an option of this parser, with or without `=VALUE`."""
        options = self._option_string_actions
        return word.partition("=")[0] in options or (not word.startswith("--") and word[:2] in options)

    def _unknown_option_error(self, word: str) -> str:
        """Return the error for an unknown option: its name, never its value."""
        from difflib import get_close_matches

        options = self._option_string_actions
        named = re.match(r"--[a-z][a-z-]*|-[A-Za-z]", word)
        name = named[0][:LONGEST_OPTION] if named else ""
        secret = next((option for option in SECRET_OPTIONS if name.startswith(option)), "")
        near = get_close_matches(name, options, n=1, cutoff=0.8)
        kind = SECRET_OPTIONS.get(secret, "")
        if near and name != f"--{kind}":
            return f"unknown option {name[: len(near[0]) + 2]}; did you mean {near[0]}?"
        if not secret:
            return f"unknown option {name}" if name else "unknown option, whose name is not repeated here"
        written = name if name == f"--{kind}" else secret
        advice = f"; give --{kind}-file FILE (- for standard input)" if f"--{kind}-file" in options else ""
        return f"unknown option {written}: no option takes a secret as its value{advice}"

    def _match_arguments_partial(self, actions: Sequence[argparse.Action], arg_strings_pattern: str) -> list[int]:
        """Return how many words each positional takes; an optional one waits if words follow after options.

        argparse before 3.12.7 gives TARGET nothing in `create NAME --for 30d TARGET`, and then does not know TARGET.
        """
        counts = super()._match_arguments_partial(actions, arg_strings_pattern)
        while counts and counts[-1] == 0 and "A" in arg_strings_pattern[sum(counts) :]:
            counts.pop()
        return list(counts)

    def _check_value(self, action: argparse.Action, value: object) -> None:
        """Check a choice; name only the most similar one, where argparse lists all."""
        try:
            super()._check_value(action, value)
        except argparse.ArgumentError:
            from difflib import get_close_matches

            near = get_close_matches(str(value), map(str, action.choices or ()), n=1)
            if not near:
                raise
            raise argparse.ArgumentError(action, f"invalid choice: {value!r}; did you mean {near[0]}?") from None


def _is_option(word: str) -> bool:
    """True if argparse takes the word for an option: not `-`, a negative number, or a text with a blank."""
    return word.startswith("-") and word != "-" and " " not in word and not re.fullmatch(r"-\d+|-\d*\.\d+", word)


def _add_common_options(command: Parser, *, one_site: bool = True) -> None:
    """Add the options of every command, absent unless given; sign-in options only for commands about one site."""
    site = command.add_argument_group("site", argument_default=argparse.SUPPRESS)
    if one_site:
        _add_sign_in_options(site)
    site.add_argument(
        "--timeout",
        type=float,
        metavar="S",
        help="time limit of one resource in seconds (default 30); twice as long for all together",
    )
    site.add_argument("--offline", action="store_true", help="send no request; show saved data of the site")
    site.add_argument("--no-history", action="store_true", help="neither read nor save history")
    site.add_argument("--log-file", metavar="FILE", help="write requests and their results to a file")
    site.add_argument("--log-level", choices=("debug", "info", "warning"), help="least level of the log (default info)")
    view = command.add_argument_group("view", argument_default=argparse.SUPPRESS)
    view.add_argument(
        "--rpo", metavar="DURATION", help="target for the age of the newest usable restore point (default 24h)"
    )
    view.add_argument("--tz", metavar="ZONE", help="time zone of all times (default: TZ, else the system's)")
    view.add_argument("--now", metavar="TIME", help="assess the site at that moment")
    view.add_argument("--ascii", action="store_true", help="use only ASCII symbols")


def _add_sign_in_options(site: "argparse._ArgumentGroup", *, with_demo: bool = True) -> None:
    """Add the options that select a site and sign in to it."""
    if with_demo:
        site.add_argument(
            "--demo", nargs="?", const="calm", choices=SCENARIOS, metavar="SCENARIO", help="a simulated site"
        )
    site.add_argument("--user", metavar="NAME", help="a built-in account")
    site.add_argument("--token-file", metavar="FILE", help="file with a token; - for standard input")
    site.add_argument("--password-file", metavar="FILE", help="file with the password; - for standard input")
    site.add_argument(
        "--sso", action="store_true", help="sign in in a browser, on any machine: SAML, OpenID, multifactor"
    )
    site.add_argument("--client-id", metavar="ID", help="application of the portal for --sso, such as pythonapi")
    site.add_argument(
        "--code-file", metavar="-", choices=("-",), help="read the code of --sso from standard input, after the address"
    )
    site.add_argument("--referer", metavar="R", help="referer of the token (default drtui)")
    site.add_argument("--ca-file", metavar="FILE", help="PEM file with additional CA certificates")
    site.add_argument("--cert", metavar="FILE", help="PEM file with a client certificate; it may contain the key")
    site.add_argument("--key", metavar="FILE", help="PEM file with the key of the client certificate")
    site.add_argument("--key-password-file", metavar="FILE", help="file with the key's password; - for standard input")
    site.add_argument(
        "--auth-header",
        choices=("x-esri", "authorization"),  # AUTH_HEADERS of core.model.auth, whose import --help does without
        help="the header of the token (default x-esri)",
    )
    site.add_argument(
        "--insecure", action="store_true", help="do not verify the certificate; a warning stays on the screen"
    )
    site.add_argument("--http", action="store_true", help="allow unencrypted HTTP to another machine")


def parser(only: str | None = None, *, with_interface: bool = False) -> Parser:
    """Return the argument parser of the commands.

    Args:
        only: the first argument. If it is a command, only its parser is made, else those of all commands without their
            arguments: parsers take long to make.
        with_interface: add the options of the interface, which has a parser of its own.
    """
    top = Parser(
        "drtui",
        usage="drtui [TARGET] [options]\n       drtui COMMAND [TARGET] [options]",
        description="Could you restore ArcGIS Enterprise on Kubernetes, from what, and what is in it?",
    )
    _set_epilog(top, EPILOG)
    if with_interface:
        _add_common_options(top)
        _add_interface_options(top)
    top.add_argument("--version", action="version", version=f"drtui {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, prog="drtui")
    for name, command in COMMANDS.items():
        if only in COMMANDS and name != only:
            continue
        subparser = commands.add_parser(name, help=command.help, description=command.help)
        if only in {None, name}:
            _add_arguments(subparser, command)
    return top


def _add_arguments(subparser: Parser, command: "Command") -> None:
    """Add the arguments of a command."""
    if command.formats:
        _add_common_options(subparser)
    for positional in command.positionals.split():
        subparser.add_argument(positional.lower(), metavar=positional)
    if command.formats:
        _add_target(subparser)
        _add_output_options(subparser, command.formats)
    if command.add_options is not None:
        command.add_options(subparser)


def _add_target(command: Parser) -> None:
    command.add_argument("target", nargs="?", metavar="TARGET", help="a named site, an address, or a file")


def _set_epilog(command: Parser, text: str) -> None:
    """Set the text below the help, which is printed in its own lines."""
    command.epilog, command.formatter_class = text, argparse.RawDescriptionHelpFormatter


def _add_format_options(command: "Parser | argparse._ArgumentGroup", formats: tuple[str, ...]) -> None:
    """Add the options for the format of the output."""
    command.add_argument("--format", choices=formats, default=formats[0])
    if "json" in formats:
        command.add_argument("--json", dest="format", action="store_const", const="json", help="same as --format json")


def _add_output_options(command: Parser, formats: tuple[str, ...]) -> None:
    """Add the options for the format and the file of the output."""
    group = command.add_argument_group("output")
    _add_format_options(group, formats)
    group.add_argument(
        "--output",
        dest="into",
        metavar="FILE",
        default="-",
        help="write a new file and rename it into place (default -: standard output)",
    )


def _add_check_options(command: Parser) -> None:
    """Add the thresholds of `check`."""
    _set_epilog(command, CHECK)
    command.add_argument("--warn", metavar="DURATION", help="age for a warning (default: the target)")
    command.add_argument("--crit", metavar="DURATION", help="age for critical (default: twice --warn)")
    command.add_argument("--strict", action="store_true", help="anything unknown makes the state UNKNOWN")
    command.add_argument(
        "--coverage", action="store_true", help="read the data stores too, and tell what backups do not hold"
    )


def _add_list_options(command: Parser) -> None:
    """Add the options that select, sort and group restore points."""
    command.add_argument("--store", metavar="NAME", help="only restore points in this store")
    command.add_argument(
        "--filter",
        metavar="QUERY",
        default="",
        help="words, gdb:NAME, verdict:usable, expires<7d, !not, /regex/",
    )
    command.add_argument(
        "--sort", choices=COLUMNS, default="started", metavar="COLUMN", help="sort by one of %(choices)s"
    )
    command.add_argument("--reverse", action="store_true", help="reverse the order")
    command.add_argument("--group", choices=GROUPS, default="none", metavar="BY", help="group by one of %(choices)s")
    command.add_argument("--columns", metavar="A,B,C", help="columns to print: those of --sort")
    command.add_argument("--limit", type=int, metavar="N", help="at most N restore points, without missed runs")
    _set_epilog(command, _filter_help())


def _add_demo_commands(command: Parser) -> None:
    """Add the commands of the simulated site."""
    commands = command.add_subparsers(dest="demo_command", metavar="list|serve", required=True)
    commands.add_parser("list", help="the scenarios", description=f"The passcode of their backups is {PASSCODE}.")
    serve = commands.add_parser(
        "serve", help="serve it over HTTP on this machine only", argument_default=argparse.SUPPRESS
    )
    serve.add_argument("scenario", nargs="?", choices=SCENARIOS, metavar="SCENARIO", default="calm")
    serve.add_argument("--port", type=int, default=0, metavar="N")
    serve.add_argument("--tls", action="store_true", default=False, help="use HTTPS with a temporary certificate")
    serve.add_argument(
        "--client-certificate",
        action="store_true",
        default=False,
        help="use HTTPS and require a temporary client certificate",
    )
    serve.add_argument("--now", metavar="TIME")
    serve.add_argument("--fault", action="append", choices=FAULTS, metavar="NAME", default=[], help=FAULTS_HELP)


def _add_sites_options(command: Parser) -> None:
    """Add the options of the command that compares all sites of the configuration."""
    _set_epilog(command, SITES)
    _add_common_options(command, one_site=False)
    command.add_argument("names", nargs="*", metavar="NAME", help="only these sites")
    command.add_argument("--demo", dest="simulated", action="store_true", default=False, help="simulated sites")
    _add_output_options(command, ("table", "json", "csv", "prometheus"))


def _add_report_options(command: Parser) -> None:
    command.add_argument("--days", type=int, default=30, metavar="N", help="days before now (default 30)")


def _add_shells(command: Parser) -> None:
    """Add the argument of `completion`."""
    _set_epilog(command, COMPLETION)
    command.add_argument("shell", choices=(*SHELLS, "targets"), metavar="SHELL", help=", ".join(SHELLS))


def _add_timeline_options(command: Parser) -> None:
    """Add the options that select the slots of a timeline and their drawing."""
    command.add_argument("--days", type=int, metavar="N", help="days before now (default: as many as fit the width)")
    command.add_argument("--zoom", choices=SLOTS, metavar="SLOT", help="length of a slot: %(choices)s")
    command.add_argument(
        "--width", type=int, metavar="CELLS", help="width of a line (default: the terminal's, else 80)"
    )
    command.add_argument(
        "--plain", action="store_true", default=False, help="print sentences in ASCII without alignment"
    )


def _add_store_option(command: Parser) -> None:
    """Add the option that tells restore points of one name apart."""
    command.add_argument("--store", metavar="NAME", help="the store, if several stores have a backup of that name")


def _add_change_options(command: Parser) -> None:
    """Add the options of every command that changes a site, and TARGET."""
    _set_epilog(command, CHANGES)
    _add_common_options(command)
    _add_target(command)
    change = command.add_argument_group("change")
    change.add_argument("--store", metavar="NAME", help="the store, if several could be meant")
    change.add_argument("--allow-changes", action="store_true", help="allow this command to change the site")
    change.add_argument("--dry-run", action="store_true", help="print the plan; send nothing but reading requests")
    change.add_argument(
        "--yes",
        action="append",
        default=[],
        metavar="X",
        help="confirm without a question: exactly what would be typed; repeat it where two texts are asked for",
    )
    output = command.add_argument_group("output")
    _add_format_options(output, ("text", "json"))
    output.add_argument("--quiet", action="store_true", help="print neither plan nor progress")


def _add_retention_options(command: Parser, *, required: bool) -> None:
    """Add the options for the end of retention."""
    group = command.add_mutually_exclusive_group(required=required)
    group.add_argument("--for", dest="keep_for", metavar="DURATION", help="keep it for this long from now, as 30d")
    group.add_argument("--until", metavar="DATE", help="keep it until this time, as 2026-12-31")
    group.add_argument("--forever", action="store_true", help="keep it until somebody deletes it")


def _add_passcode_options(command: Parser, verb: str) -> None:
    """Add the options of the long operations, which need a passcode."""
    command.add_argument(
        "--passcode-file",
        metavar="FILE",
        default=argparse.SUPPRESS,
        help="file with the passcode; - for standard input (else DRTUI_PASSCODE, passcode_command or a prompt)",
    )
    command.add_argument("--wait", action="store_true", help=f"follow the {verb} to its end")


def _add_create_options(command: Parser) -> None:
    """Add the options of `create`."""
    command.add_argument("name", nargs="?", metavar="NAME", help="name of the new backup")
    _add_change_options(command)
    command.add_argument("--auto", action="store_true", help="choose a name with date and time; --yes auto confirms it")
    _add_retention_options(command, required=False)
    command.add_argument("--description", default="", metavar="TEXT", help="a text that is kept with the backup")
    _add_passcode_options(command, "backup")


def _add_keep_options(command: Parser) -> None:
    """Add the options of `keep`."""
    _add_change_options(command)
    _add_retention_options(command, required=True)


def _add_validate_options(command: Parser) -> None:
    """Add the options of `validate`."""
    command.add_argument("store_name", metavar="STORE")
    _add_change_options(command)


def _add_restore_options(command: Parser) -> None:
    """Add the options of `restore`."""
    _add_change_options(command)
    _add_passcode_options(command, "restore")


def _add_note_options(command: Parser) -> None:
    """Add the options of `note`."""
    _set_epilog(command, NOTE)
    _add_common_options(command)
    _add_target(command)
    _add_store_option(command)


def _add_journal_options(command: Parser) -> None:
    """Add the options of `journal`."""
    _set_epilog(command, JOURNAL)
    _add_common_options(command)
    _add_target(command)
    command.add_argument("--follow", metavar="ID", help="follow this change until its end is known; sends no change")
    command.add_argument("--quiet", action="store_true", help="print no progress")
    _add_output_options(command, TABLE_FORMATS)


def _add_login_options(command: Parser) -> None:
    """Add the options of `login`."""
    _set_epilog(command, LOGIN)
    _add_common_options(command)
    _add_target(command)


def _add_doctor_options(command: Parser) -> None:
    """Add the options of `doctor`."""
    _set_epilog(command, DOCTOR)
    _add_common_options(command)
    _add_target(command)
    command.add_argument("--verbose", action="store_true", help="print the evidence of every step")
    _add_output_options(command, ("text", "json"))


def _add_history_commands(command: Parser) -> None:
    """Add the commands for saved data."""
    commands = command.add_subparsers(dest="history_command", metavar="list|export|import|forget", required=True)
    for name, help_ in (
        ("list", "the sites with saved data"),
        ("export", "write the saved data of a site to a file"),
        ("import", "add exported data to the saved data"),
        ("forget", "delete the saved data of a site"),
    ):
        subparser = commands.add_parser(name, help=help_)
        _add_common_options(subparser)
        if name == "list":
            _add_format_options(subparser, TABLE_FORMATS)
        elif name == "import":
            subparser.add_argument("file", metavar="FILE")
        else:
            subparser.add_argument("target", metavar="TARGET", help="a named site, or an address")
        if name == "export":
            subparser.add_argument("--output", metavar="FILE", help="file to write (default: standard output)")


def _add_config_commands(command: Parser) -> None:
    """Add the commands of the configuration."""
    commands = command.add_subparsers(dest="config_command", metavar="path|show|validate|add", required=True)
    path = commands.add_parser("path", help="where the configuration is")
    _add_format_options(path, ("text", "json"))
    show = commands.add_parser("show", help="the values that apply and where they come from; secrets as references")
    _add_common_options(show)
    show.add_argument("site_name", nargs="?", metavar="NAME", help="only this site")
    _add_format_options(show, TABLE_FORMATS)
    validate = commands.add_parser("validate", help="all that is wrong; exit code 2 if anything is. Runs no command")
    _add_format_options(validate, ("text", "json"))
    _add_config_add_options(commands.add_parser("add", help="ask for a site, test it, and write it; never a secret"))


def _add_config_add_options(command: Parser) -> None:
    """Add the options of `config add`."""
    _set_epilog(command, CONFIG_ADD)
    command.add_argument("name", metavar="NAME", help="name of the site")
    command.add_argument("address", nargs="?", metavar="ADDRESS", help="address of the site")
    site = command.add_argument_group("site", argument_default=argparse.SUPPRESS)
    _add_sign_in_options(site, with_demo=False)
    site.add_argument("--timeout", type=float, metavar="S", help="time limit of one resource in seconds")
    for kind, what in (("password", "password"), ("token", "token"), ("key-password", "password of the key")):
        site.add_argument(
            f"--{kind}-command", metavar="CMD", help=f"command that prints the {what}, run without a shell"
        )
        site.add_argument(f"--{kind}-env", metavar="VAR", help=f"environment variable with the {what}")
    command.add_argument("--no-test", action="store_true", help="write it without a test of the connection")


def interface_parser() -> Parser:
    """Return the argument parser of the interface."""
    interface = Parser("drtui", usage="drtui [TARGET] [options]")
    _add_common_options(interface)
    _add_target(interface)
    _add_interface_options(interface)
    return interface


def _add_interface_options(command: Parser) -> None:
    """Add the options that only the interface has."""
    interface = command.add_argument_group("interface")
    interface.add_argument(
        "--plain",
        action="store_true",
        default=False,
        help="line by line, for screen readers and simple terminals",
    )
    interface.add_argument(
        "--allow-changes",
        action="store_true",
        default=False,
        help="allow changes of sites, each after a confirmation; without it a profile's changes = [...] decides",
    )
    interface.add_argument("--no-mouse", action="store_true", default=False, help="do not use the mouse")
    interface.add_argument("--theme", default="", metavar="NAME", help="the colours: textual-dark, ansi-light, nord, …")


TABLE_FORMATS = ("table", "json", "csv")


class Command(NamedTuple):
    """A command: where its function is, and what its parser takes."""

    module: str
    """Its module in `cli.commands`."""
    help: str
    positionals: str = ""
    """The arguments before TARGET, separated by blanks."""
    add_options: Callable[[Parser], None] | None = None
    """A function that adds further arguments."""
    formats: tuple[str, ...] = TABLE_FORMATS
    """The formats of its output, the default first; empty if it is not about one TARGET."""
    extras: tuple[str, ...] = ()
    """The `EXTRAS` of a site that it shows."""


COMMANDS = {
    "list": Command(
        "restore_points",
        "the restore points, newest first, with verdicts",
        add_options=_add_list_options,
        formats=(*TABLE_FORMATS, "md"),
    ),
    "show": Command("restore_points", "all facts of one restore point", "BACKUP", _add_store_option, extras=("data",)),
    "stores": Command("site", "the backup stores"),
    "status": Command(
        "site", "the last disaster-recovery operation, and the account", extras=("mode", "account", "about")
    ),
    "schedules": Command("site", "the backup schedules and the cleaner"),
    "gaps": Command("site", "gaps, missed runs and failed runs"),
    "before": Command(
        "restore_points", "the newest usable restore point before a moment, the data loss, and what was skipped", "TIME"
    ),
    "where": Command(
        "where", "the restore points that contain a geodatabase, database or bucket, by name or id", "NAME"
    ),
    "diff": Command(
        "diff", "the differences between two restore points; exit code 1 if there are any", "A B", _add_store_option
    ),
    "timeline": Command(
        "timeline",
        "restore points, missed runs, upcoming runs and expiries over time",
        add_options=_add_timeline_options,
    ),
    "coverage": Command("coverage", "the data stores of the site, and what its backups hold of them", extras=("data",)),
    "report": Command(
        "handover", "audit report of the last days", "", _add_report_options, ("md", "csv", "json"), extras=("data",)
    ),
    "runbook": Command(
        "handover",
        "the runbook for restoring one restore point",
        "BACKUP",
        _add_store_option,
        formats=("md",),
        extras=("data",),
    ),
    "check": Command(
        "check",
        "health check in one line for monitoring, state first",
        add_options=_add_check_options,
        formats=("nagios", "json", "prometheus"),
    ),
    "sites": Command(
        "sites", "all sites of the configuration side by side, worst first", "", _add_sites_options, formats=()
    ),
    "history": Command(
        "history", "saved data of sites: list, export, import, delete", "", _add_history_commands, formats=()
    ),
    "create": Command("changes", "make a backup", "", _add_create_options, formats=()),
    "keep": Command("changes", "change how long a backup is kept", "BACKUP", _add_keep_options, formats=()),
    "validate": Command("changes", "ask a store whether it is ready", "", _add_validate_options, formats=()),
    "pause": Command("changes", "stop a schedule until it is resumed", "SCHEDULE", _add_change_options, formats=()),
    "resume": Command("changes", "let a paused schedule run again", "SCHEDULE", _add_change_options, formats=()),
    "delete": Command("changes", "delete a backup for good", "BACKUP", _add_change_options, formats=()),
    "restore": Command("changes", "replace the site by a backup", "BACKUP", _add_restore_options, formats=()),
    "journal": Command("journal", "the changes made with drtui", "", _add_journal_options, formats=()),
    "note": Command("note", "write a note about a backup, as of a restore drill", "BACKUP TEXT", _add_note_options, ()),
    "login": Command("login", "sign in in a browser, and print an access token to a pipe", "", _add_login_options, ()),
    "doctor": Command(
        "doctor",
        "the connection to a site step by step: what fails, why, and what to do",
        "",
        _add_doctor_options,
        formats=(),
    ),
    "demo": Command("demo", "the simulated site", "", _add_demo_commands, formats=()),
    "completion": Command("completion", "completion script for a shell", "", _add_shells, formats=()),
    "config": Command("config", "the configuration: check it, show its values", "", _add_config_commands, formats=()),
    "paths": Command("info", "the files and folders of drtui", formats=()),
    "keys": Command("info", "the keys of the interface", formats=()),
}
"""All commands; any other first word is a TARGET."""


EPILOG = """\
TARGET is a site of config.toml, the address of a site as in a browser, or a file: a saved answer or an export.

examples:
  drtui --demo                                       the interface on a simulated site
  drtui https://gis.example.com/arcgis --user admin  the interface; asks for the password
  drtui list https://gis.example.com/arcgis --token-file token.txt --json
  drtui show nightly-2026-09-20-02-00-09 backups.json

secrets come from files, the environment (DRTUI_TOKEN, DRTUI_PASSWORD, DRTUI_PASSCODE) or a prompt, never from an
option's value.
exit codes: 0 fine, 1 findings, 2 usage, 3 not reachable or not readable, 4 refused, 130 interrupted;
of check: 0 ok, 1 warning, 2 critical, 3 unknown.
"""


CHECK = """\
Exit codes: 0 ok, 1 warning, 2 critical, 3 unknown; also if the output could not be written.
The state is unknown if the stores, one of their lists or the release could not be fetched live and complete, or if no
verdict is possible. Failures of schedules, status and settings are reported; with --strict they make it unknown too.
--coverage also reads the data stores: fewer stores in the newest usable backup than the site lists are a warning, what
lies outside every backup is a note, and data stores that could not be read are reported as unknown.
The first line has at most 1,000 bytes; findings that do not fit follow, one per line.
A FILE is unknown, because no site was asked. --now TIME assesses it at that moment, --now saved at the moment of its
last refresh; the line then begins with the moment.
For node_exporter's textfile collector, one file per site (mode 0644; other formats 0600):
  drtui check prod --format prometheus --output /var/lib/node_exporter/drtui-prod.prom
"""


SITES = """\
Each site has the state of check against its own target: warning above it, critical above twice the target. A site
that could not be fetched, or has only saved data, is unknown. The exit code is that of the worst site, in this order:
  1 critical, 4 refused or no secret, 3 not reachable, not readable or not asked (--offline), 1 warning, 0 fine.
Secrets come from config.toml; DRTUI_TOKEN and DRTUI_PASSWORD are for one site and are not sent to several.
"""


CHANGES = """\
Nothing is changed unless config.toml allows it (changes = ["create", ...] under [site.NAME]) or --allow-changes is
given. The plan is shown, a person confirms it, the journal records it, and it is sent once and never again.
In a pipe, --yes confirms it; without --yes nothing is sent.
exit codes: 0 done, or accepted without --wait; 1 ended otherwise, or stopped by a check before; 2 usage, ambiguous or
not confirmed; 3 unknown or not reachable; 4 refused, or not allowed; 130 watching interrupted, the change goes on.
"""


NOTE = """\
TEXT is one line of at most 500 characters, kept with time and local user in the history of this machine and account.
drtui checks nothing in it. Nothing is changed at the site. show, report, runbook and the interface show the notes;
history export has them, history import adds them, and history forget deletes them.
  drtui note nightly-2026-09-20-02-00-09 "restored to staging, 42 min, all services up" prod
exit codes: 0 written; 1 no such backup; 2 usage, ambiguous, or history is off; 3 not reachable, or not written
"""


LOGIN = """\
  export DRTUI_TOKEN=$(drtui login prod)
The address to open is printed to standard error, and the code is read from the terminal without echo; with
--code-file - it is the first line of standard input. A token is never printed on a terminal. drtui keeps no token of
this sign-in, and does not revoke the printed one: it is good until the time that is printed with it.
exit codes: 0 printed; 2 usage; 3 not reachable; 4 refused
"""


JOURNAL = """\
Without TARGET: the changes of all sites. The journal is kept when history is pruned or forgotten.
The exit code of --follow is that of the outcome: 0 done, 1 ended otherwise, 3 unknown, 4 refused, 130 interrupted.
"""


DOCTOR = """\
Each step is ok, ! (attention), x (failed), ? (unknown) or - (skipped because of an earlier one). Each resource is asked
once, and nothing is changed. The output has no secrets and can be sent to a support desk; JSON always has all evidence.
exit codes: that of the first failed step: 2 configuration, 3 not reachable or not readable, 4 refused; else 0.
"""


CONFIG_ADD = """\
At a terminal it asks for what the options leave out, and for a secret to test the connection with; the secret is not
written. In a pipe everything comes from options: ADDRESS, and a way to sign in or --no-test.
  drtui config add prod https://gis.example.com/arcgis --user backup-reader --password-command "pass show gis/prod"
--token-file FILE and --password-file FILE are written as references to the file.
"""


COMPLETION = """\
Run once, and again after an upgrade:
  drtui completion bash > ~/.local/share/bash-completion/completions/drtui
  drtui completion zsh  > ~/.zfunc/_drtui        with fpath+=(~/.zfunc) before compinit in ~/.zshrc
  drtui completion fish > ~/.config/fish/completions/drtui.fish
The script contains options, commands and scenarios; it gets the names of sites from: drtui completion targets
"""
