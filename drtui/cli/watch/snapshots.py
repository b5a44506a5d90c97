"""What `--watch` shows of a site after one refresh, for each command that has it."""

import argparse
from collections.abc import Callable, Mapping
from typing import NamedTuple

from drtui.cli.commands.check import assess_site
from drtui.cli.commands.restore_points import answer_list, catalog_of
from drtui.cli.commands.site import answer_status
from drtui.cli.context import Context
from drtui.cli.loading import LoadedSite, Site
from drtui.core.analysis.assessment import Assessment
from drtui.core.model.site_state import SiteState
from drtui.core.summary.headline import build_headline
from drtui.core.summary.labels import level_label
from drtui.output.formats import Table, as_table
from drtui.output.monitoring import as_plugin
from drtui.session import Session


class Fact(NamedTuple):
    """One thing that is watched."""

    state: str
    """The state whose change is printed; nothing in it ages."""
    text: str
    """The state and its reason."""


class Snapshot(NamedTuple):
    """The answer of a command after one refresh."""

    text: str
    """The answer as text for a terminal; empty if there is none."""
    facts: Mapping[str, Fact]
    """What is watched, by name."""
    summary: str = ""
    """The first line in a pipe."""
    failure: str = ""
    """Why the site could not be read; empty if it was."""


def take_snapshot(arguments: argparse.Namespace, context: Context, session: Session, state: SiteState) -> Snapshot:
    """Return the answer of a command for a state of the site.

    Raises:
        CommandError: an option is invalid, or nothing is known of the site.
    """
    return _SNAPSHOTS[arguments.command](arguments, context, session, state)


def _list(arguments: argparse.Namespace, context: Context, session: Session, state: SiteState) -> Snapshot:
    assessment = session.assess(state, context.now, context.rpo)
    site = Site(context, LoadedSite(context, assessment), sign_in=session.sign_in)
    text = _text(answer_list(site, arguments).output)
    facts = {
        f"{point.label} in {point.backup.store}": Fact(
            level_label(point.verdict.level).word, level_label(point.verdict.level).word
        )
        for point in catalog_of(site, arguments).points
    }
    return Snapshot(text, facts, build_headline(assessment)[0].text, _failure(assessment, ("stores", "backups of")))


def _status(arguments: argparse.Namespace, context: Context, session: Session, state: SiteState) -> Snapshot:
    assessment = session.assess(state, context.now, context.rpo)
    site = Site(context, LoadedSite(context, assessment), sign_in=session.sign_in)
    text = _text(answer_status(site, arguments).output)
    status = state.status.value if state.status is not None else None
    if status is None:
        raise AssertionError("the status is known if it has an answer")
    name = " ".join(filter(None, (status.operation or "operation", status.backup)))
    stage = assessment.operation.stage if assessment.operation is not None else ""
    fact = ", ".join(filter(None, (status.state or "no state", stage)))
    return Snapshot(text, {name: Fact(fact, fact)}, f"{name}: {fact}", _failure(assessment, ("status",)))


def _check(arguments: argparse.Namespace, context: Context, session: Session, state: SiteState) -> Snapshot:
    check = assess_site(arguments, context, state, session.history_failure)
    plugin = as_plugin(check)
    line = plugin.splitlines()[0].partition(" | ")[0]
    findings = "\n".join(f"{finding.grade.name}: {finding.text}" for finding in check.findings)
    codes = ", ".join(dict.fromkeys(finding.code for finding in check.findings))
    fact = Fact(f"{check.grade.name} ({codes})", line)
    failures = _failure(check.assessment, ("stores", "backups of")) if check.assessment is not None else ""
    return Snapshot(f"{check.grade.name}\n\n{findings}\n", {"check": fact}, line, failures)


_SNAPSHOTS: dict[str, Callable[[argparse.Namespace, Context, Session, SiteState], Snapshot]] = {
    "list": _list,
    "status": _status,
    "check": _check,
}


def _text(output: Table | str) -> str:
    return output if isinstance(output, str) else as_table(output)


def _failure(assessment: Assessment, names: tuple[str, ...]) -> str:
    """Return the first failure of the resources whose names begin with one of `names`; empty if there is none."""
    failures = assessment.site_state.failures
    return next((f"{name}: {failure.line}" for name, failure in failures if name.startswith(names)), "")
