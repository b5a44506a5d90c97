"""Arguments that many commands have."""

import argparse

from drtui.cli.arguments.parser import Parser
from drtui.demo.scenarios import SCENARIOS

TABLE_FORMATS = ("table", "json", "csv")


def add_common_options(command: Parser, *, one_site: bool = True) -> None:
    """Add the options of every command, absent unless given; sign-in options only for commands about one site."""
    site = command.add_argument_group("site", argument_default=argparse.SUPPRESS)
    if one_site:
        add_sign_in_options(site)
    site.add_argument(
        "--timeout",
        type=float,
        metavar="S",
        help="timeout per request in seconds (default 30); twice as long for all together",
    )
    site.add_argument("--offline", action="store_true", help="use saved data only; send no requests")
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


def add_watch_option(command: Parser) -> None:
    """Add the option that repeats the command; a word after it that is no duration is not its value."""
    command.repeated_option = "--watch"
    command.add_argument(
        "--watch",
        nargs="?",
        metavar="DURATION",
        help="ask again every 60s, or as given: redraw on a terminal, print a line for each change in a pipe",
    )


def add_everywhere_options(command: Parser) -> None:
    """Add the options of every command, unless the command has one of its own."""
    if "--quiet" not in command._option_string_actions:  # noqa: SLF001 - argparse has no other way to ask
        help_ = "commands: print only errors to standard error"
        command.add_argument("--quiet", action="store_true", default=False, help=help_)
    add_color_option(command)


def add_color_option(command: Parser) -> None:
    """Add the option that turns colours off. It is applied before the arguments are parsed."""
    command.add_argument(
        "--no-color", action="store_true", default=argparse.SUPPRESS, help="use no colours, as with NO_COLOR=1"
    )


def add_sign_in_options(site: "argparse._ArgumentGroup", *, with_demo: bool = True) -> None:
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
    site.add_argument("--http", action="store_true", help="allow plain HTTP to a remote host")


def add_target(command: Parser) -> None:
    """Add TARGET."""
    command.add_argument("target", nargs="?", metavar="TARGET", help="a named site, an address, or a file")


def add_store_option(command: Parser) -> None:
    """Add the option that tells restore points of one name apart."""
    command.add_argument("--store", metavar="NAME", help="the store, if several stores have a backup of that name")


def set_epilog(command: Parser, text: str) -> None:
    """Set the text below the help, which is printed in its own lines."""
    command.epilog, command.formatter_class = text, argparse.RawDescriptionHelpFormatter


def add_format_options(command: "Parser | argparse._ArgumentGroup", formats: tuple[str, ...]) -> None:
    """Add the options for the format of the output."""
    command.add_argument(
        "-o",
        "--format",
        choices=formats,
        default=formats[0],
        metavar="FORMAT",
        help="%(choices)s (default %(default)s)" if len(formats) > 1 else "%(choices)s",
    )
    if "json" in formats:
        command.add_argument("--json", dest="format", action="store_const", const="json", help="same as -o json")


def add_output_options(command: Parser, formats: tuple[str, ...]) -> None:
    """Add the options for the format and the file of the output."""
    group = command.add_argument_group("output")
    add_format_options(group, formats)
    group.add_argument(
        "--output",
        dest="into",
        metavar="FILE",
        default="-",
        help="write a new file and rename it into place (default -: standard output)",
    )
