"""Tables and details as sentences that can be read alone: for screen readers and simple terminals."""

from collections.abc import Iterator
from typing import TypeVar

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.changes import PreviousLists, describe_changes
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import age_at, format_age
from drtui.core.formatting.text import cut_middle
from drtui.core.formatting.times import format_full, zone_name
from drtui.core.listing.details import DetailLine, build_details
from drtui.core.listing.rows import Entry, MissedRun, change_text
from drtui.core.model.backup import NEVER, Backup
from drtui.core.model.failure import Failure
from drtui.core.model.note import Note
from drtui.core.model.site import DrSettings
from drtui.core.summary.freshness import freshness_text
from drtui.core.summary.headline import build_headline
from drtui.core.summary.labels import expiry_text, failure_word, level_label, started_ago_text
from drtui.core.timeline.gantt import build_bars
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.formats import Table

T = TypeVar("T")

MAX_NAME_CELLS = 60
"""The largest width of a name in a list, cells; the details of one restore point have the whole name."""


def summary_sentences(assessment: Assessment, since: PreviousLists, view: DisplayContext) -> Iterator[str]:
    """Yield the site and the age of its data, the headline, and the changes since the previous refresh."""
    site_state = assessment.site_state
    zone = zone_name(assessment.now, view.zone)
    yield f"{site_state.location}, {freshness_text(site_state, assessment.now, view.zone)}; times are {zone}"
    yield from (f"{line.text.rstrip('.')}." for line in build_headline(assessment))
    changes = describe_changes(assessment.points, since.fetched_only(site_state), view)
    if changes:
        yield f"{changes}."


def row_sentence(entry: Entry, number: int | None, since: PreviousLists, view: DisplayContext) -> str:
    """Return one entry of a list, with the number of a restore point."""
    if isinstance(entry, MissedRun):
        title, due = _short(entry.schedule.title), format_full(entry.at, view.zone)
        if entry.reason:
            return f"- failed: a run of {title} due {due}, no longer listed: {entry.reason}"
        return f"- missed: a run of {title} due {due} left no restore point"
    if not isinstance(entry, RestorePoint):
        return f"- {change_text(entry)}"
    change = since.classify(entry)
    label = "-" if number is None else f"{number}."
    return f"{label} {restore_point_sentence(entry, view)}{f' ({change.value})' if change else ''}"


def restore_point_sentence(point: RestorePoint, view: DisplayContext) -> str:
    """Return `nightly-2026-09-21: usable, 8 h 12 min old, expires in 29 d, in nightly-pv`, and why if not usable."""
    backup, verdict = point.backup, point.verdict
    facts = (level_label(verdict.level).word, _age(backup, view.now), _expiry(backup, view.now), f"in {_store(backup)}")
    why = "" if verdict.is_usable else f": {verdict.main.text}"
    return f"{_short(backup.name) or '(no name)'}: {', '.join(facts)}{why}"


def _store(backup: Backup) -> str:
    return _short(backup.store) or "no store"


def _short(name: str) -> str:
    return cut_middle(name, MAX_NAME_CELLS)


def _age(backup: Backup, now: int) -> str:
    old = age_at(backup.start, now)
    return f"started {started_ago_text(backup.start, now)}" if old is None else f"{format_age(old)} old"


def _expiry(backup: Backup, now: int) -> str:
    left = expiry_text(backup, now)
    if backup.retention == NEVER:
        return "never expires"
    return f"expired {left}" if left.endswith("ago") else f"expires {left}"


def details_sentences(
    point: RestorePoint,
    settings: DrSettings | None,
    view: DisplayContext,
    notes: tuple[Note, ...] = (),
    assessment: Assessment | None = None,
) -> Iterator[str]:
    """Yield all facts and notes of one restore point, then the durations of its parts, which are drawn elsewhere."""
    details = build_details(point, view.now, view.zone, plain=True, notes=notes, assessment=assessment)
    yield from map(_item, (*details.overview, *details.parts))
    texts = {item.text for item in details.overview}
    yield from (
        item.text for item in build_bars(point, settings, view, MAX_NAME_CELLS).sentences if item.text not in texts
    )


def _item(item: DetailLine) -> str:
    return f"{item.label}: {item.text}" if item.label else "  " * item.depth + item.text


def table_sentences(table: Table) -> Iterator[str]:
    """Yield each row of a table: the first cell, then each other cell after its heading."""
    headings = [column.lower() for column in table.columns[1:]]
    for first, *cells in table.texts:
        if headings == ["value"]:
            yield f"{first}: {cells[0]}"
        else:
            named = zip(headings, cells, strict=True)
            yield f"{first}: {', '.join(f'{heading} {cell}' for heading, cell in named if cell not in {'', '-'})}"


def failure_sentences(name: str, failure: Failure) -> Iterator[str]:
    """Yield all of a failure: what failed, what the server said, the cause, and advice."""
    yield f"{name}: {failure_word(failure)}: {failure.summary}"
    if failure.server_message:
        yield f"server message: {failure.server_message}"
    yield from filter(None, (failure.cause, failure.whole_advice, failure.request))
