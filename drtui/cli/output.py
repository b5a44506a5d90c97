"""Print the answers of commands to stdout."""

import sys
from collections.abc import Sequence
from typing import NamedTuple

from drtui.cli.context import Context
from drtui.cli.exit_codes import FINDINGS, FINE, REFUSED, UNREACHABLE
from drtui.cli.messages import print_hint, print_message
from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.times import format_full
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site_state import SiteState
from drtui.core.summary.freshness import stale_data_warning
from drtui.core.summary.headline import build_headline
from drtui.output.assessment import json_header
from drtui.output.formats import Row, Table, as_csv, json_pieces, table_lines

LISTS = ("stores", "backups of")
"""Beginnings of the names of the resources that lists of restore points come from."""


class Answer(NamedTuple):
    """The answer of a command about one site."""

    output: Table | str
    """A table to print in the requested format, or text that has it."""
    has_findings: bool
    """True for the exit code of findings."""
    notes: Sequence[str] = ()
    """Messages to print after the output."""
    resources: tuple[str, ...] = LISTS
    """Beginnings of the names of the resources whose failures make the answer incomplete."""
    unknown_code: int = FINE
    """Exit code for what the answer could not tell although these resources were read; `FINE` if it told all."""
    problems: Sequence[str] = ()
    """What else makes the answer incomplete: printed even with `--quiet`."""


def print_answer(answer: Answer, context: Context, assessment: Assessment, output_format: str) -> int:
    """Print an answer, its notes and the failures that make it incomplete; return the exit code."""
    site_state = assessment.site_state
    is_on_screen = sys.stdout.isatty() and sys.stderr.isatty()  # then the warning of the fetch stands there already
    if output_format == "table" and not is_on_screen:
        sys.stdout.write(stale_prefix(site_state, context))
    print_output(answer.output, output_format, json_header(assessment, context.view) if output_format == "json" else {})
    if isinstance(answer.output, Table) and output_format == "table" and sys.stdout.isatty():
        print_hint(f"{site_state.location}, read {format_full(site_state.listed_at, context.zone)}")
        for line in build_headline(assessment):
            print_hint(line.text)
    for note in answer.notes:
        print_hint(note)
    for message in (*answer.problems, *failure_lines(site_state, answer.resources)):
        print_message(message)
    unknown_code = max(failures_exit_code(site_state, answer.resources), answer.unknown_code)
    return unknown_code or (FINDINGS if answer.has_findings else FINE)


def print_output(output: Table | str, output_format: str, json_fields: Row) -> None:
    """Write text, or a table as text, CSV or JSON with further fields, to stdout."""
    if output_format == "csv":
        _write_csv(as_csv(output) if isinstance(output, Table) else output)
    elif isinstance(output, str):
        sys.stdout.write(output)
    elif output_format == "json":
        sys.stdout.writelines(json_pieces(output, json_fields))
    else:
        sys.stdout.writelines(table_lines(output))


def stale_prefix(site_state: SiteState, context: Context) -> str:
    """Return a warning line to print above text that rests on saved data; empty for live data.

    It goes to stdout, because a reader of a redirected file would miss it on stderr.
    """
    mark = stale_data_warning(site_state, context.now, context.zone)
    return f"{mark[:1].upper()}{mark[1:]}\n" if mark else ""


def failure_lines(site_state: SiteState, names: tuple[str, ...]) -> list[str]:
    """Return the failures of the resources whose names begin with one of `names`, a line each."""
    return [f"{name}: {failure.line}" for name, failure in site_state.failures if name.startswith(names)]


def failures_of(site_state: SiteState, names: tuple[str, ...]) -> list[tuple[str | None, Failure]]:
    """Return the failures of the resources whose names begin with one of `names`, each with its resource."""
    return [(name, failure) for name, failure in site_state.failures if name.startswith(names)]


def failures_exit_code(site_state: SiteState, names: tuple[str, ...]) -> int:
    """Return the exit code for the failures of the resources whose names begin with one of `names`."""
    mine = (failure for name, failure in site_state.failures if name.startswith(names))
    return max(map(exit_code_of, mine), default=FINE)


def exit_code_of(failure: Failure) -> int:
    """Return the exit code for a failure."""
    return REFUSED if failure.kind is FailureKind.REFUSED else UNREACHABLE


def _write_csv(text: str) -> None:
    """Write CSV to stdout in UTF-8, whatever the encoding of the locale."""
    binary = getattr(sys.stdout, "buffer", None)  # tests replace the stream with one without buffer
    if binary is None:
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    binary.write(text.encode("utf-8", "replace"))
    binary.flush()
