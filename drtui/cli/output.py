"""Print data to stdout and messages to stderr."""

import sys

from drtui.cli.context import Context
from drtui.cli.exit_codes import FINE, REFUSED, UNREACHABLE
from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.times import format_full
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site_state import SiteState
from drtui.core.summary.freshness import stale_data_warning
from drtui.core.summary.headline import build_headline
from drtui.output.assessment import json_header
from drtui.output.formats import Table, as_csv, as_json, as_table


def print_data(table: Table, context: Context, assessment: Assessment, output_format: str) -> None:
    """Print a table to stdout as text, CSV or JSON."""
    site_state = assessment.site_state
    if output_format == "json":
        sys.stdout.write(as_json(table, json_header(assessment, context.view)))
    elif output_format == "csv":
        write_csv(as_csv(table))
    else:
        sys.stdout.write(stale_prefix(site_state, context) + as_table(table))
    if output_format == "table" and sys.stdout.isatty():
        print_message(f"{site_state.location}, read {format_full(site_state.listed_at, context.zone)}")
        for line in build_headline(assessment):
            print_message(line.text)


def stale_prefix(site_state: SiteState, context: Context) -> str:
    """Return a warning line to print above text that rests on saved data; empty for live data.

    It goes to stdout, because a reader of a redirected file would miss it on stderr.
    """
    mark = stale_data_warning(site_state, context.now, context.zone)
    return f"{mark[:1].upper()}{mark[1:]}\n" if mark else ""


def report_failures(site_state: SiteState, *names: str) -> int:
    """Print the failures of the resources whose names begin with `names`; return the exit code for them."""
    mine = [(name, failure) for name, failure in site_state.failures if name.startswith(names)]
    for name, failure in mine:
        print_message(f"{name}: {failure.line}")
    return max((exit_code_of(failure) for _, failure in mine), default=FINE)


def exit_code_of(failure: Failure) -> int:
    """Return the exit code for a failure."""
    return REFUSED if failure.kind is FailureKind.REFUSED else UNREACHABLE


def print_message(text: str) -> None:
    """Print a message to stderr."""
    sys.stderr.write(f"drtui: {text}\n")


def write_csv(text: str) -> None:
    """Write CSV to stdout in UTF-8, whatever the encoding of the locale."""
    binary = getattr(sys.stdout, "buffer", None)  # tests replace the stream with one without buffer
    if binary is None:
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    binary.write(text.encode("utf-8", "replace"))
    binary.flush()
