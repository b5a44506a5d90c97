"""The rows of the list: restore points, runs that left none, and lines between them."""

import datetime as dt
from collections.abc import Callable, Hashable, Iterator

from drtui.model.cadence import Standing
from drtui.model.catalog import RestorePoint
from drtui.model.entries import Entry, MissedRun, change_text
from drtui.model.moment import age, clock, short_age, stamp, took
from drtui.model.outline import Item
from drtui.model.words import MISSED, expiry_of, kind_of, mark_of
from drtui.ui.widgets.table import Column


def identity(entry: Entry) -> Hashable:
    """What the cursor stays on; a line between two restore points cannot be chosen."""
    return entry.id if isinstance(entry, RestorePoint | MissedRun) else None


def between(entry: Entry, *, plain: bool) -> tuple[str, str] | None:
    """The text and tone of a row that has no columns."""
    if isinstance(entry, RestorePoint | MissedRun):
        return None
    return f"{'--' if plain else '──'} {change_text(entry)}", "muted"


def columns(now: int, zone: dt.tzinfo, *, plain: bool, one_store: bool) -> tuple[Column[Entry], ...]:
    """The columns of the list."""

    def verdict(entry: Entry) -> str:
        mark = mark_of(entry.verdict.level) if isinstance(entry, RestorePoint) else MISSED
        return mark.text(plain=plain)

    shown: list[Column[Entry]] = [
        Column(
            "name",
            "RESTORE POINT",
            30,
            _cell(lambda p: p.backup.name or "(no name)", lambda run: run.name),
            flexible=True,
        ),
        Column("verdict", "VERDICT", 13, verdict, _tone),
        Column("age", "AGE", 6, _cell(lambda p: _age(p.backup.start, now), lambda run: _age(run.at, now)), right=True),
        Column(
            "started",
            "STARTED",
            16,
            _cell(lambda p: clock(p.backup.start, zone), lambda run: clock(run.at, zone)),
            rank=1,
        ),
        Column("took", "TOOK", 9, _cell(lambda p: took(p.backup.took)), right=True, rank=4),
        Column("kind", "KIND", 9, _cell(lambda p: kind_of(p.backup), lambda _: "scheduled"), rank=5),
        Column("expires", "EXPIRES", 10, _cell(lambda p: expiry_of(p.backup, now)), right=True),
        Column("release", "RELEASE", 8, _cell(lambda p: p.backup.release or "-"), rank=6),
    ]
    if not one_store:
        shown.append(Column("store", "STORE", 14, _cell(lambda p: p.backup.store, lambda run: run.plan.store), rank=3))
    return tuple(shown)


def _cell(
    of_point: Callable[[RestorePoint], str], of_run: Callable[[MissedRun], str] = lambda _: "-"
) -> Callable[[Entry], str]:
    """What a column shows of either."""

    def text(entry: Entry) -> str:
        if isinstance(entry, RestorePoint):
            return of_point(entry)
        return of_run(entry) if isinstance(entry, MissedRun) else ""

    return text


def _age(moment: int | None, now: int) -> str:
    return "-" if moment is None else short_age(now - moment)


def _tone(entry: Entry) -> str:
    return mark_of(entry.verdict.level).tone if isinstance(entry, RestorePoint) else MISSED.tone


def missed(run: MissedRun, now: int, zone: dt.tzinfo, *, plain: bool) -> Iterator[Item]:
    """A run that left no backup, laid out for reading."""
    plan = run.plan
    yield Item(run.name)
    yield Item(MISSED.text(plain=plain), tone=MISSED.tone)
    yield Item(f"no scheduled backup of this name started within {age(plan.tolerance)}", depth=1, tone=MISSED.tone)
    yield Item(stamp(run.at, zone), "was due")
    yield Item(f"{age(now - run.at)} ago", "age")
    if plan.schedule is None:
        yield Item("learned from the names of its backups: the tasks could not be read", "known by", tone="warn")
    else:
        yield Item(f"{plan.schedule.cron or 'an interval'} (Quartz, UTC)", "schedule")
    tone = "" if plan.standing is Standing.ACTIVE else "warn"
    yield Item(plan.standing.value, "state", tone=tone)
    yield Item(stamp(plan.next, zone), "next run")
    yield Item(plan.store or "-", "store")
