"""Arguments of the commands that change a site, and of the journal."""

import argparse

from drtui.cli.arguments.common import (
    TABLE_FORMATS,
    add_common_options,
    add_format_options,
    add_output_options,
    add_target,
    set_epilog,
)
from drtui.cli.arguments.parser import Parser

CHANGES = """\
Nothing is changed unless config.toml allows it (changes = ["create", ...] under [site.NAME]) or --allow-changes is
given. The plan is shown, a person confirms it, the journal records it, and it is sent once and never again.
In a pipe, --yes confirms it; without --yes nothing is sent.
exit codes: 0 done, or accepted without --wait; 1 ended otherwise, or stopped by a check before; 2 usage, ambiguous or
not confirmed; 3 unknown or not reachable; 4 refused, or not allowed; 130 watching interrupted, the change continues.
"""


def add_change_options(command: Parser) -> None:
    """Add the options of every command that changes a site, and TARGET."""
    set_epilog(command, CHANGES)
    add_common_options(command)
    add_target(command)
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
    add_format_options(output, ("text", "json"))
    output.add_argument("--quiet", action="store_true", help="print neither plan nor progress, only errors")


add_pause = add_resume = add_delete = add_change_options


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


def add_create(command: Parser) -> None:
    """Add the options of `create`."""
    command.add_argument("name", nargs="?", metavar="NAME", help="name of the new backup")
    add_change_options(command)
    command.add_argument("--auto", action="store_true", help="choose a name with date and time; --yes auto confirms it")
    _add_retention_options(command, required=False)
    command.add_argument("--description", default="", metavar="TEXT", help="a text that is kept with the backup")
    _add_passcode_options(command, "backup")


def add_keep(command: Parser) -> None:
    """Add the options of `keep`."""
    add_change_options(command)
    _add_retention_options(command, required=True)


def add_validate(command: Parser) -> None:
    """Add the options of `validate`."""
    command.add_argument("store_name", metavar="STORE")
    add_change_options(command)


def add_restore(command: Parser) -> None:
    """Add the options of `restore`."""
    add_change_options(command)
    _add_passcode_options(command, "restore")


JOURNAL = """\
Without TARGET: the changes of all sites. The journal is kept when history is pruned or forgotten.
The exit code of --follow is that of the outcome: 0 done, 1 ended otherwise, 3 unknown, 4 refused, 130 interrupted.
"""


def add_journal(command: Parser) -> None:
    """Add the options of `journal`."""
    set_epilog(command, JOURNAL)
    add_common_options(command)
    add_target(command)
    command.add_argument("--follow", metavar="ID", help="follow this change until its end is known; sends no change")
    command.add_argument("--quiet", action="store_true", help="print no progress")
    add_output_options(command, TABLE_FORMATS)
