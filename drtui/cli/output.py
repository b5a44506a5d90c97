"""Print data to stdout and messages to stderr."""

import sys

from drtui.cli.context import Context
from drtui.cli.exit_codes import FINE, REFUSED, UNREACHABLE
from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.times import format_full
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site_state import SiteState
from drtui.core.summary.freshness import stale_data_warning
from drtui.core.summary.headline import headline
from drtui.output.assessment import json_header
from drtui.output.formats import Table, as_csv, as_json, as_table


def print_data(sheet: Table, found: Context, judged: Assessment, form: str) -> None:
    """The data, to stdout."""
    reading = judged.site_state
    if form == "json":
        sys.stdout.write(as_json(sheet, json_header(judged, found.view)))
    elif form == "csv":
        write_csv(as_csv(sheet))
    else:
        sys.stdout.write(stale_prefix(reading, found) + as_table(sheet))
    if form == "table" and sys.stdout.isatty():
        print_message(f"{reading.location}, read {format_full(reading.listed_at, found.zone)}")
        for each in headline(judged):
            print_message(each.text)


def stale_prefix(reading: SiteState, found: Context) -> str:
    """The line above a text for people that rests on what was saved: without standard error it would be missed."""
    mark = stale_data_warning(reading, found.now, found.zone)
    return f"{mark[:1].upper()}{mark[1:]}\n" if mark else ""


def report_failures(reading: SiteState, *names: str) -> int:
    """Say what could not be read of what was asked for; the exit code for it."""
    mine = [(name, trouble) for name, trouble in reading.failures if name.startswith(names)]
    for name, trouble in mine:
        print_message(f"{name}: {trouble.line}")
    return max((exit_code_of(trouble) for _, trouble in mine), default=FINE)


def exit_code_of(trouble: Failure) -> int:
    """The exit code for a failure."""
    return REFUSED if trouble.kind is FailureKind.REFUSED else UNREACHABLE


def print_message(text: str) -> None:
    """Talk, to stderr."""
    sys.stderr.write(f"drtui: {text}\n")


def write_csv(text: str) -> None:
    """Write CSV to stdout: the same bytes whatever the encoding of the locale."""
    binary = getattr(sys.stdout, "buffer", None)  # a test may have put something simpler in its place
    if binary is None:
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    binary.write(text.encode("utf-8", "replace"))
    binary.flush()
