"""Arguments of the commands about one site."""

from drtui.cli.arguments.common import (
    add_common_options,
    add_output_options,
    add_store_option,
    add_target,
    add_watch_option,
    set_epilog,
)
from drtui.cli.arguments.parser import LazyChoices, Parser

COLUMNS = LazyChoices("drtui.core.listing.catalog", "SORT_KEYS")


GROUPS = LazyChoices("drtui.core.listing.grouping", "Grouping")


SLOTS = LazyChoices("drtui.core.timeline.axis", "SlotLength")


def _filter_help() -> str:
    from drtui.core.query.query import EXAMPLES

    lines = (f"  {written:<20}{meaning}" for written, meaning in EXAMPLES)
    return "\n".join(("Conditions of --filter; a restore point must match all:", *lines))


def add_status(command: Parser) -> None:
    """Add the option that repeats `status`."""
    add_watch_option(command)


add_show = add_diff = add_runbook = add_store_option


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


def add_check(command: Parser) -> None:
    """Add the thresholds of `check`."""
    set_epilog(command, CHECK)
    command.add_argument("--warn", metavar="DURATION", help="age for a warning (default: the target)")
    command.add_argument("--crit", metavar="DURATION", help="age for critical (default: twice --warn)")
    add_watch_option(command)
    command.add_argument("--strict", action="store_true", help="anything unknown makes the state UNKNOWN")
    command.add_argument(
        "--coverage", action="store_true", help="read the data stores too, and tell what backups do not hold"
    )


def add_list(command: Parser) -> None:
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
    add_watch_option(command)
    command.add_argument("--limit", type=int, metavar="N", help="at most N restore points, without missed runs")
    set_epilog(command, _filter_help())


def add_report(command: Parser) -> None:
    """Add the period of `report`."""
    command.add_argument("--days", type=int, default=30, metavar="N", help="days before now (default 30)")


def add_timeline(command: Parser) -> None:
    """Add the options that select the slots of a timeline and their drawing."""
    command.add_argument("--days", type=int, metavar="N", help="days before now (default: as many as fit the width)")
    command.add_argument("--zoom", choices=SLOTS, metavar="SLOT", help="length of a slot: %(choices)s")
    command.add_argument(
        "--width", type=int, metavar="CELLS", help="width of a line (default: the terminal's, else 80)"
    )
    command.add_argument(
        "--plain", action="store_true", default=False, help="print sentences in ASCII without alignment"
    )


NOTE = """\
TEXT is one line of at most 500 characters, kept with time and local user in the history of this machine and account.
drtui checks nothing in it. Nothing is changed at the site. show, report, runbook and the interface show the notes;
history export has them, history import adds them, and history forget deletes them.
  drtui note nightly-2026-09-20-02-00-09 "restored to staging, 42 min, all services up" prod
exit codes: 0 written; 1 no such backup; 2 usage, ambiguous, or history is off; 3 not reachable, or not written
"""


def add_note(command: Parser) -> None:
    """Add the options of `note`."""
    set_epilog(command, NOTE)
    add_common_options(command)
    add_target(command)
    add_store_option(command)


DOCTOR = """\
Each step is ok, ! (attention), x (failed), ? (unknown) or - (skipped because of an earlier one). Each resource is asked
once, and nothing is changed. The output has no secrets and can be sent to a support desk; JSON always has all evidence.
exit codes: that of the first failed step: 2 configuration, 3 not reachable or not readable, 4 refused; else 0.
"""


def add_doctor(command: Parser) -> None:
    """Add the options of `doctor`."""
    set_epilog(command, DOCTOR)
    add_common_options(command)
    add_target(command)
    command.add_argument("--verbose", action="store_true", help="print the evidence of every step")
    add_output_options(command, ("text", "json"))


LOGIN = """\
  export DRTUI_TOKEN=$(drtui login prod)
The address to open is printed to standard error, and the code is read from the terminal without echo; with
--code-file - it is the first line of standard input. A token is never printed on a terminal. drtui keeps no token of
this sign-in, and does not revoke the printed one: it is good until the time that is printed with it.
exit codes: 0 printed; 2 usage; 3 not reachable; 4 refused
"""


def add_login(command: Parser) -> None:
    """Add the options of `login`."""
    set_epilog(command, LOGIN)
    add_common_options(command)
    add_target(command)
