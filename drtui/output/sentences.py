"""What stands in tables elsewhere, as sentences that are understood one by one: for ears, and for poor terminals."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.changes import PreviousLists, describe_changes
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import cut_middle
from drtui.core.formatting.times import age_at, format_age, format_full, zone_name
from drtui.core.listing.details import DetailLine, build_details
from drtui.core.listing.rows import Entry, MissedRun, change_text
from drtui.core.model.backup import NEVER, Backup
from drtui.core.model.failure import Failure
from drtui.core.model.site import DrSettings
from drtui.core.model.site_state import Fetched
from drtui.core.summary.freshness import freshness_text
from drtui.core.summary.headline import headline
from drtui.core.summary.labels import expiry_text, failure_word, level_label, started_ago_text
from drtui.core.timeline.gantt import build_bars
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.formats import Table
from drtui.output.schedules import NO_SCHEDULE, relevant_schedules, schedules_table
from drtui.output.site_tables import status_table

T = TypeVar("T")

LONGEST = 60
"""Cells of a name in a list; one restore point by itself says its name whole."""


def safety_sentences(judged: Assessment, since: PreviousLists, view: DisplayContext) -> Iterator[str]:
    """What is important now: which site, how old what is known of it is, could we restore, and what is new."""
    reading = judged.site_state
    zone = zone_name(judged.now, view.zone)
    yield f"{reading.location}, {freshness_text(reading, judged.now, view.zone)}; times are {zone}"
    yield from (f"{each.text.rstrip('.')}." for each in headline(judged))
    told = describe_changes(judged.points, since.fetched_only(reading), view)
    if told:
        yield f"{told}."


def row_sentence(each: Entry, number: int | None, since: PreviousLists, view: DisplayContext) -> str:
    """One entry of a list; a restore point under a number by which it can be asked for."""
    if isinstance(each, MissedRun) and each.reason:
        due = format_full(each.at, view.zone)
        return f"- failed: a run of {_short(each.schedule.title)} due {due}, no longer listed: {each.reason}"
    if isinstance(each, MissedRun):
        title = _short(each.schedule.title)
        return f"- missed: a run of {title} due {format_full(each.at, view.zone)} left no restore point"
    if not isinstance(each, RestorePoint):
        return f"- {change_text(each)}"
    change = since.classify(each)
    label = "-" if number is None else f"{number}."
    return f"{label} {restore_point_sentence(each, view)}{f' ({change.value})' if change else ''}"


def restore_point_sentence(each: RestorePoint, view: DisplayContext) -> str:
    """`nightly-2026-09-21-06-00-46: usable, 8 h 12 min old, expires in 29 d, in nightly-pv`, and why if not usable."""
    backup, verdict = each.backup, each.verdict
    facts = (level_label(verdict.level).word, _age(backup, view.now), _expiry(backup, view.now), f"in {_store(backup)}")
    why = "" if verdict.is_usable else f": {verdict.main.text}"
    return f"{_short(backup.name) or '(no name)'}: {', '.join(facts)}{why}"


def _store(backup: Backup) -> str:
    return _short(backup.store) or "no store"


def _short(name: str) -> str:
    return cut_middle(name, LONGEST)


def _age(backup: Backup, now: int) -> str:
    old = age_at(backup.start, now)
    return f"started {started_ago_text(backup.start, now)}" if old is None else f"{format_age(old)} old"


def _expiry(backup: Backup, now: int) -> str:
    left = expiry_text(backup, now)
    if backup.retention == NEVER:
        return "never expires"
    return f"expired {left}" if left.endswith("ago") else f"expires {left}"


def details_sentences(each: RestorePoint, settings: DrSettings | None, view: DisplayContext) -> Iterator[str]:
    """All that is known of one restore point; at the end what its parts in time come to, which elsewhere are drawn."""
    laid = build_details(each, view.now, view.zone, plain=True)
    yield from map(_item, (*laid.overview, *laid.parts))
    known = {item.text for item in laid.overview}
    yield from (item.text for item in build_bars(each, settings, view, LONGEST).sentences if item.text not in known)


def _item(item: DetailLine) -> str:
    return f"{item.label}: {item.text}" if item.label else "  " * item.depth + item.text


def table_sentences(sheet: Table) -> Iterator[str]:
    """A table, each row by itself: what it is about, then every cell that says something after its heading."""
    headings = [column.lower() for column in sheet.columns[1:]]
    for first, *cells in sheet.texts:
        if headings == ["value"]:
            yield f"{first}: {'not said' if cells[0] == '-' else cells[0]}"
        else:
            named = zip(headings, cells, strict=True)
            yield f"{first}: {', '.join(f'{heading} {cell}' for heading, cell in named if cell not in {'', '-'})}"


def activity_sentences(judged: Assessment, view: DisplayContext) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a site does by itself, under headings: the last operation, and the schedules."""
    reading, progress, plans = judged.site_state, judged.operation, judged.schedules.schedules
    yield "Last operation", tuple(_read(reading.status, "status", lambda found: status_table(found, progress, view)))
    schedules = tuple(
        _read(reading.schedules, "schedules", lambda found: schedules_table(relevant_schedules(found), plans, view))
    )
    yield "Schedules", schedules or (NO_SCHEDULE,)


def _read(answer: Fetched[T] | None, name: str, made: Callable[[T], Table]) -> Iterator[str]:
    """What is known, and why it is no more than that."""
    if answer is None:
        yield "not asked yet"
        return
    if answer.failure is not None:
        yield from failure_sentences(name, answer.failure)
    if answer.value is not None:
        yield from table_sentences(made(answer.value))


def failure_sentences(name: str, found: Failure) -> Iterator[str]:
    """A failure whole: what, what the server said, why, what next."""
    yield f"{name}: {failure_word(found)}: {found.summary}"
    if found.server_message:
        yield f"the server said: {found.server_message}"
    yield from filter(None, (found.cause, found.advice, found.request))
