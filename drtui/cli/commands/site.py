"""`drtui stores`, `status`, `schedules` and `gaps`: tables about one site."""

import argparse

from drtui.cli.exit_codes import CommandError
from drtui.cli.loading import Site, require
from drtui.cli.output import Answer
from drtui.core.formatting.durations import DAY
from drtui.core.model.site import State
from drtui.core.operations.permissions import READ_ONLY, Permissions
from drtui.core.schedules.gaps import WINDOWS
from drtui.core.summary.account_text import account_text, sign_in_text
from drtui.core.summary.labels import failure_word
from drtui.output.account import with_account
from drtui.output.assessment import gaps_notes, gaps_table, unknown_runs_notes
from drtui.output.schedules import NO_SCHEDULE, schedules_table
from drtui.output.site_tables import status_table, stores_table


def answer_stores(site: Site, _: argparse.Namespace) -> Answer:
    """Return the table of backup stores; none is a finding.

    Raises:
        CommandError: the stores are unknown.
    """
    context, assessment, _saved = site.load()
    stores, answers = require(assessment.site_state.stores), assessment.site_state.backups
    failed = {name: failure_word(answer.failure) for name, answer in answers.items() if answer.failure}
    return Answer(stores_table(stores, assessment.points, failed, context.view), not stores)


def answer_status(site: Site, _: argparse.Namespace) -> Answer:
    """Return the table of the last operation, of the account, and of what it can change.

    Raises:
        CommandError: the operation is unknown.
    """
    context, assessment, _saved = site.load()
    operation, state = assessment.operation, assessment.site_state
    permissions = Permissions(context.target.changes) if context.target is not None else READ_ONLY
    try:
        status = require(state.status, "status")
    except CommandError as error:
        # Who asks for the operation and is refused wants to know as whom.
        notes = filter(None, (account_text(state, site.sign_in), sign_in_text(site.sign_in, context.now)))
        about = ", ".join(notes)
        why_refused = (f"Signed in {about}",) if about else ()
        raise CommandError(str(error), error.code, why_refused, error.failures) from None
    table = status_table(status, operation, context.view)
    table = with_account(table, state, site.sign_in, permissions, context.view)
    is_fine = operation is None or operation.outcome in {State.GOOD, State.IN_PROGRESS}
    return Answer(table, not is_fine, resources=("status",))


def answer_schedules(site: Site, _: argparse.Namespace) -> Answer:
    """Return the table of the backup schedules and the cleaner; no backup schedule is a finding.

    Raises:
        CommandError: the schedules are unknown.
    """
    context, assessment, _saved = site.load()
    tasks = require(assessment.site_state.schedules, "schedules")
    table = schedules_table(tasks, assessment.schedules, context.view)
    is_missing = not any(task.makes_backups for task in tasks)
    notes = (*((NO_SCHEDULE,) if is_missing else ()), *unknown_runs_notes(assessment))
    return Answer(table, is_missing, notes, resources=("schedules",))


def answer_gaps(site: Site, _: argparse.Namespace) -> Answer:
    """Return the table of gaps, missed runs and failed runs.

    Raises:
        CommandError: the stores are unknown.
    """
    context, assessment, _saved = site.load()
    require(assessment.site_state.stores)
    gaps, history = assessment.gaps, assessment.site_state.history
    findings = (
        gaps.over_target,
        assessment.missed_runs,
        assessment.failed_runs,
        gaps.has_no_complete_backup,
        history.early_deletions(assessment.now - WINDOWS[-1] * DAY),
    )
    return Answer(gaps_table(assessment, context.view), any(findings), tuple(gaps_notes(assessment)))
