"""Arguments of the commands for the sites of the configuration and their saved data."""

import argparse

from drtui.cli.arguments.common import (
    TABLE_FORMATS,
    add_common_options,
    add_format_options,
    add_output_options,
    add_sign_in_options,
    set_epilog,
)
from drtui.cli.arguments.parser import Parser

SITES = """\
Each site has the state of check against its own target: warning above it, critical above twice the target. A site
that could not be fetched, or has only saved data, is unknown. The exit code is that of the worst site, in this order:
  1 critical, 4 refused or no secret, 3 not reachable, not readable or not asked (--offline), 1 warning, 0 fine.
Secrets come from config.toml; DRTUI_TOKEN and DRTUI_PASSWORD are for one site and are not sent to several.
"""


def add_sites(command: Parser) -> None:
    """Add the options of the command that compares all sites of the configuration."""
    set_epilog(command, SITES)
    add_common_options(command, one_site=False)
    command.add_argument("names", nargs="*", metavar="NAME", help="only these sites")
    command.add_argument("--demo", dest="simulated", action="store_true", default=False, help="simulated sites")
    add_output_options(command, ("table", "json", "csv", "prometheus"))


def add_history(command: Parser) -> None:
    """Add the commands for saved data."""
    commands = command.add_subparsers(dest="history_command", metavar="list|export|import|forget", required=True)
    for name, help_ in (
        ("list", "the sites with saved data"),
        ("export", "write the saved data of a site to a file"),
        ("import", "add exported data to the saved data"),
        ("forget", "delete the saved data of a site"),
    ):
        subparser = commands.add_parser(name, help=help_)
        add_common_options(subparser)
        if name == "list":
            add_format_options(subparser, TABLE_FORMATS)
        elif name == "import":
            subparser.add_argument("file", metavar="FILE")
        else:
            subparser.add_argument("target", metavar="TARGET", help="a named site, or an address")
        if name == "export":
            subparser.add_argument("--output", metavar="FILE", help="file to write (default: standard output)")


def add_config(command: Parser) -> None:
    """Add the commands of the configuration."""
    commands = command.add_subparsers(dest="config_command", metavar="path|show|validate|add", required=True)
    path = commands.add_parser("path", help="where the configuration is")
    add_format_options(path, ("text", "json"))
    show = commands.add_parser("show", help="the values that apply and where they come from; secrets as references")
    add_common_options(show)
    show.add_argument("site_name", nargs="?", metavar="NAME", help="only this site")
    add_format_options(show, TABLE_FORMATS)
    validate = commands.add_parser("validate", help="all that is wrong; exit code 2 if anything is. Runs no command")
    add_format_options(validate, ("text", "json"))
    _add_config_add(commands.add_parser("add", help="ask for a site, test it, and write it; never a secret"))


CONFIG_ADD = """\
At a terminal it asks for what the options leave out, and for a secret to test the connection with; the secret is not
written. In a pipe everything comes from options: ADDRESS, and a way to sign in or --no-test.
  drtui config add prod https://gis.example.com/arcgis --user backup-reader --password-command "pass show gis/prod"
--token-file FILE and --password-file FILE are written as references to the file.
"""


def _add_config_add(command: Parser) -> None:
    """Add the options of `config add`."""
    set_epilog(command, CONFIG_ADD)
    command.add_argument("name", metavar="NAME", help="name of the site")
    command.add_argument("address", nargs="?", metavar="ADDRESS", help="address of the site")
    site = command.add_argument_group("site", argument_default=argparse.SUPPRESS)
    add_sign_in_options(site, with_demo=False)
    site.add_argument("--timeout", type=float, metavar="S", help="timeout per request, in seconds")
    for kind, what in (("password", "password"), ("token", "token"), ("key-password", "password of the key")):
        site.add_argument(
            f"--{kind}-command", metavar="CMD", help=f"command that prints the {what}, run without a shell"
        )
        site.add_argument(f"--{kind}-env", metavar="VAR", help=f"environment variable with the {what}")
    command.add_argument("--no-test", action="store_true", help="write it without a test of the connection")
