"""The headless commands: stdout is data, stderr is talk."""

import argparse
from collections.abc import Callable, Iterator
from typing import TypeVar

from drtui.cli.commands.restore_points import run_before, run_show
from drtui.cli.exit_codes import FINDINGS, FINE
from drtui.cli.loading import look, wanted
from drtui.cli.output import put, say, told_troubles
from drtui.core.analysis.assessment import Judgement
from drtui.core.formatting.display import View
from drtui.core.formatting.times import DAY
from drtui.core.model.site import State
from drtui.core.schedules.gaps import WINDOWS
from drtui.core.summary.labels import trouble_word
from drtui.output.assessment import NONE_WHOLE, of_gaps
from drtui.output.formats import Sheet
from drtui.output.schedules import NO_SCHEDULE, of_schedules, planned
from drtui.output.site_tables import of_status, of_stores

T = TypeVar("T")


def run(arguments: argparse.Namespace) -> int:
    """Carry out a command; its exit code.

    Raises:
        CommandError: it cannot be carried out.
    """
    return COMMANDS[arguments.command](arguments)


def _stores(arguments: argparse.Namespace) -> int:
    found, judged = look(arguments)
    sheet = stores(judged, found.view)
    put(sheet, found, judged, arguments.format)
    return told_troubles(judged.reading, "stores", "backups of") or (FINE if sheet.texts else FINDINGS)


def _status(arguments: argparse.Namespace) -> int:
    found, judged = look(arguments)
    put(status(judged, found.view), found, judged, arguments.format)
    went = judged.progress
    return told_troubles(judged.reading, "status") or (
        FINE if went is None or went.outcome in {State.GOOD, State.GOING} else FINDINGS
    )


def _schedules(arguments: argparse.Namespace) -> int:
    found, judged = look(arguments)
    sheet = schedules(judged, found.view)
    put(sheet, found, judged, arguments.format)
    exists = any(each.makes_backups for each in wanted(judged.reading.schedules))
    if not exists:
        say(NO_SCHEDULE)
    for each in unknown_runs(judged):
        say(each)
    return told_troubles(judged.reading, "schedules") or (FINE if exists else FINDINGS)


def _gaps(arguments: argparse.Namespace) -> int:
    context, judged = look(arguments)
    put(gaps(judged, context.view), context, judged, arguments.format)
    found = judged.cadence
    for each in untold(judged):
        say(each)
    return told_troubles(judged.reading, "stores", "backups of") or (
        FINDINGS if found.gaps or found.missed or found.failed or found.none_whole or _vanished(judged) else FINE
    )


def _vanished(judged: Judgement) -> bool:
    return bool(judged.reading.past.vanished(judged.now - WINDOWS[-1] * DAY))


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "show": run_show,
    "stores": _stores,
    "status": _status,
    "schedules": _schedules,
    "gaps": _gaps,
    "before": run_before,
}


def stores(judged: Judgement, view: View) -> Sheet:
    """The backup stores.

    Raises:
        CommandError: which there are is not known.
    """
    known, answers = wanted(judged.reading.stores), judged.reading.backups
    failed = {name: trouble_word(answer.trouble) for name, answer in answers.items() if answer.trouble}
    return of_stores(known, judged.points, failed, view)


def status(judged: Judgement, view: View) -> Sheet:
    """The last operation.

    Raises:
        CommandError: it is not known.
    """
    return of_status(wanted(judged.reading.status), judged.progress, view)


def schedules(judged: Judgement, view: View) -> Sheet:
    """The schedules that make backups, and the cleaner.

    Raises:
        CommandError: which there are is not known.
    """
    known = wanted(judged.reading.schedules)
    return of_schedules(planned(known), judged.cadence.plans, view)


def gaps(judged: Judgement, view: View) -> Sheet:
    """Gaps and missed runs.

    Raises:
        CommandError: no list is known that could have any.
    """
    wanted(judged.reading.stores)
    return of_gaps(judged, view)


def untold(judged: Judgement) -> Iterator[str]:
    """What cannot be told of gaps and missed runs, or of these only by their names."""
    if judged.cadence.none_whole:
        yield NONE_WHOLE
    yield from unknown_runs(judged)


def unknown_runs(judged: Judgement) -> Iterator[str]:
    """Yield what is not known of the runs of schedules, or known only by the names of their backups."""
    for plan in judged.cadence.plans:
        if plan.trouble:
            yield f"runs of {plan.title} cannot be told: {plan.trouble}"
        if plan.learned:
            yield f"runs of {plan.title} are learned from the names of its backups: {plan.learned}"
        if plan.doubt:
            yield f"not known if {plan.title} has ended: {plan.doubt}"
