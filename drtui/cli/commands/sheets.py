"""What a command shows of a site as rows, for every way of showing it. What could not be read is raised, or named."""

from collections.abc import Iterator

from drtui.cli.loading import wanted
from drtui.core.analysis.assessment import Judgement
from drtui.core.formatting.display import View
from drtui.core.summary.labels import trouble_word
from drtui.output.assessment import NONE_WHOLE, of_gaps
from drtui.output.site_tables import Sheet, of_schedules, of_status, of_stores, planned


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
