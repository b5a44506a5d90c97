"""`drtui coverage`: the data stores of a site, and which of them its backups hold."""

import argparse

from drtui.cli.exit_codes import FINE, REFUSED, UNREACHABLE, CommandError
from drtui.cli.loading import Site
from drtui.cli.output import LISTS, Answer, exit_code_of
from drtui.core.analysis.assessment import Assessment
from drtui.output.coverage import coverage_table, coverage_text
from drtui.output.formats import Table


def answer_coverage(site: Site, arguments: argparse.Namespace) -> Answer:
    """Return what backups hold of the data stores; one in no usable backup, by count, is a finding.

    Raises:
        CommandError: the data stores are unknown.
    """
    context, assessment, _ = site.load()
    coverage = assessment.coverage
    if coverage is None:
        raise _unknown(assessment)
    answer = assessment.site_state.data
    problem = answer.problem if answer is not None else None
    problems = [f"data stores: {problem.line}"] if problem is not None else []
    code = FINE if coverage.is_known else UNREACHABLE
    code = max(code, exit_code_of(problem)) if problem is not None else code
    output: Table | str
    if arguments.format in {"table", "sentences"}:
        output = coverage_text(assessment, coverage, context.view, aligned=arguments.format == "table")
    else:
        output = coverage_table(assessment, coverage, context.view)
    return Answer(output, coverage.is_missing, (), LISTS, code, problems)


def _unknown(assessment: Assessment) -> CommandError:
    """Return the error that the data stores are unknown: refused, not read, or not saved."""
    answer = assessment.site_state.data
    failure = answer.failure if answer is not None else None
    if failure is None:
        return CommandError(
            "Coverage unknown: no data stores are saved. Leave out --offline, or give the address of the site.",
            UNREACHABLE,
        )
    code = exit_code_of(failure)
    advice = " Reading them needs the default administrator role, or privileges to publish." if code == REFUSED else ""
    text = f"Coverage unknown, data stores could not be read: {failure.line}{advice}"
    return CommandError(text, code, failures=[("data", failure)])
