"""What stands in tables elsewhere, as sentences that are understood one by one: for ears, and for poor terminals."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from drtui.core.analysis.assessment import Judgement
from drtui.core.analysis.changes import Before, news
from drtui.core.formatting.display import View
from drtui.core.formatting.text import cut_middle
from drtui.core.formatting.times import age, age_at, stamp, zone_name
from drtui.core.listing.details import Item, outline
from drtui.core.listing.rows import Entry, MissedRun, change_text
from drtui.core.model.backup import NEVER, Backup
from drtui.core.model.failure import Trouble
from drtui.core.model.site import DrSettings
from drtui.core.model.site_state import Answer
from drtui.core.summary.freshness import freshness
from drtui.core.summary.headline import headline
from drtui.core.summary.labels import begun, expiry_of, mark_of, trouble_word
from drtui.core.timeline.gantt import bars
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.formats import Sheet
from drtui.output.schedules import NO_SCHEDULE, of_schedules, planned
from drtui.output.site_tables import of_status

T = TypeVar("T")

LONGEST = 60
"""Cells of a name in a list; one restore point by itself says its name whole."""


def safety(judged: Judgement, since: Before, view: View) -> Iterator[str]:
    """What is important now: which site, how old what is known of it is, could we restore, and what is new."""
    reading = judged.reading
    zone = zone_name(judged.now, view.zone)
    yield f"{reading.place}, {freshness(reading, judged.now, view.zone)}; times are {zone}"
    yield from (f"{each.text.rstrip('.')}." for each in headline(judged))
    told = news(judged.points, since.among(reading), view)
    if told:
        yield f"{told}."


def entry(each: Entry, number: int | None, since: Before, view: View) -> str:
    """One entry of a list; a restore point under a number by which it can be asked for."""
    if isinstance(each, MissedRun) and each.reason:
        due = stamp(each.at, view.zone)
        return f"- failed: a run of {_short(each.plan.title)} due {due}, no longer listed: {each.reason}"
    if isinstance(each, MissedRun):
        return f"- missed: a run of {_short(each.plan.title)} due {stamp(each.at, view.zone)} left no restore point"
    if not isinstance(each, RestorePoint):
        return f"- {change_text(each)}"
    change = since.change(each)
    return f"{'-' if number is None else f'{number}.'} {point(each, view)}{f' ({change.value})' if change else ''}"


def point(each: RestorePoint, view: View) -> str:
    """`nightly-2026-09-21-06-00-46: usable, 8 h 12 min old, expires in 29 d, in nightly-pv`, and why if not usable."""
    backup, verdict = each.backup, each.verdict
    facts = (mark_of(verdict.level).word, _age(backup, view.now), _expiry(backup, view.now), f"in {_store(backup)}")
    why = "" if verdict.usable else f": {verdict.main.text}"
    return f"{_short(backup.name) or '(no name)'}: {', '.join(facts)}{why}"


def _store(backup: Backup) -> str:
    return _short(backup.store) or "no store"


def _short(name: str) -> str:
    return cut_middle(name, LONGEST)


def _age(backup: Backup, now: int) -> str:
    old = age_at(backup.start, now)
    return f"started {begun(backup.start, now)}" if old is None else f"{age(old)} old"


def _expiry(backup: Backup, now: int) -> str:
    left = expiry_of(backup, now)
    if backup.retention == NEVER:
        return "never expires"
    return f"expired {left}" if left.endswith("ago") else f"expires {left}"


def whole(each: RestorePoint, settings: DrSettings | None, view: View) -> Iterator[str]:
    """All that is known of one restore point; at the end what its parts in time come to, which elsewhere are drawn."""
    laid = outline(each, view.now, view.zone, plain=True)
    yield from map(_item, (*laid.facts, *laid.parts))
    known = {item.text for item in laid.facts}
    yield from (item.text for item in bars(each, settings, view, LONGEST).said if item.text not in known)


def _item(item: Item) -> str:
    return f"{item.label}: {item.text}" if item.label else "  " * item.depth + item.text


def rows(sheet: Sheet) -> Iterator[str]:
    """A table, each row by itself: what it is about, then every cell that says something after its heading."""
    headings = [column.lower() for column in sheet.columns[1:]]
    for first, *cells in sheet.texts:
        if headings == ["value"]:
            yield f"{first}: {'not said' if cells[0] == '-' else cells[0]}"
        else:
            named = zip(headings, cells, strict=True)
            yield f"{first}: {', '.join(f'{heading} {cell}' for heading, cell in named if cell not in {'', '-'})}"


def doings(judged: Judgement, view: View) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a site does by itself, under headings: the last operation, and the schedules."""
    reading, progress, plans = judged.reading, judged.progress, judged.cadence.plans
    yield "Last operation", tuple(_read(reading.status, "status", lambda found: of_status(found, progress, view)))
    schedules = tuple(_read(reading.schedules, "schedules", lambda found: of_schedules(planned(found), plans, view)))
    yield "Schedules", schedules or (NO_SCHEDULE,)


def _read(answer: Answer[T] | None, name: str, made: Callable[[T], Sheet]) -> Iterator[str]:
    """What is known, and why it is no more than that."""
    if answer is None:
        yield "not asked yet"
        return
    if answer.trouble is not None:
        yield from failure(name, answer.trouble)
    if answer.value is not None:
        yield from rows(made(answer.value))


def failure(name: str, found: Trouble) -> Iterator[str]:
    """A failure whole: what, what the server said, why, what next."""
    yield f"{name}: {trouble_word(found)}: {found.what}"
    if found.said:
        yield f"the server said: {found.said}"
    yield from filter(None, (found.cause, found.advice, found.request))
