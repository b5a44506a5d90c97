"""Values as rows: what every format prints."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from drtui.core.analysis.operation import Progress
from drtui.core.formatting.display import View
from drtui.core.formatting.times import age_at, clock, iso, remaining, stamp
from drtui.core.listing.csv_values import Cell, seconds, when, word
from drtui.core.model.site import DrStatus, Schedule, Store
from drtui.core.schedules.failed_runs import Run
from drtui.core.schedules.schedule_runs import Plan, Standing
from drtui.core.summary.labels import age_of, kind_of, mark_of
from drtui.core.verdict.restore_points import RestorePoint

Row = dict[str, Any]

NO_SCHEDULE = "There is no schedule that makes backups: the site says so itself."

GONE = "no schedule"
"""The state of a schedule that the site no longer has, while the names of its backups tell of it."""


class Sheet(NamedTuple):
    """A table in two renderings: columns of text for people, and objects for machines."""

    name: str
    """Of the list in JSON."""
    columns: tuple[str, ...]
    texts: Sequence[tuple[str, ...]]
    objects: Iterable[Row]
    """Made when they are asked for, which is at most once."""
    headings: Sequence[tuple[int, str]] = ()
    """For people: before which row of texts something is to be said, in order."""
    marks: Sequence[str] = ()
    """For people: what stands before each row of texts; nothing before any of them takes no room."""
    cells: Iterable[tuple[Cell, ...]] | None = None
    """For CSV: values of the columns to compute with, made when asked for; None where texts are all there is."""
    besides: Row | None = None
    """For machines: what belongs to the whole list."""


def moment(value: int | None, zone: dt.tzinfo) -> Row | None:
    """A moment for machines: epoch ms, and ISO 8601 with its offset."""
    return None if value is None else {"epoch_ms": value, "iso": iso(value, zone)}


def point(each: RestorePoint, view: View) -> Row:
    """One restore point for machines."""
    backup, zone = each.backup, view.zone
    return {
        "name": backup.name,
        "label": each.label,
        "store": backup.store,
        "verdict": mark_of(each.verdict.level).word,
        "reasons": [
            {"code": r.code, "level": mark_of(r.level).word, "text": r.text, "evidence": r.evidence}
            for r in each.verdict.reasons
        ],
        "status": backup.status,
        "started": moment(backup.start, zone),
        "completed": moment(backup.complete, zone),
        "took_ms": backup.took,
        "age_ms": age_at(backup.start, view.now),
        "retention": "never" if backup.retention == -1 else moment(backup.retention, zone),
        "kind": kind_of(backup),
        "type": backup.backup_type,
        "release": backup.release,
        "site_name": backup.site_name,
        "namespace": backup.namespace,
        "description": backup.description,
        "parts": [
            {
                "part": part.kind,
                "cluster": part.cluster,
                "status": part.status,
                "started": moment(part.start, zone),
                "ended": moment(part.end, zone),
                "took_ms": part.took,
                "geodatabases": [{"name": g.name, "id": g.id} for g in part.geodatabases],
                "system_databases": list(part.system_databases),
                "buckets": list(part.buckets),
            }
            for part in backup.parts
        ],
    }


def of_stores(stores: Sequence[Store], points: Sequence[RestorePoint], troubles: dict[str, str], view: View) -> Sheet:
    """Backup stores, a row each; `troubles` says of which the backups could not be read, and why."""
    columns = ("STORE", "DEFAULT", "TYPE", "MADE BY", "RESTORE POINTS", "NEWEST USABLE", "PLACE")
    texts, objects, cells = [], [], list[tuple[Cell, ...]]()
    for store in stores:
        mine = [p for p in points if p.backup.store == store.name]
        newest = max((p.backup.start or 0 for p in mine if p.verdict.usable), default=None)
        failed = troubles.get(store.name)
        flag = "yes" if store.default else "-"
        texts.append(
            (
                store.name,
                flag,
                store.type or "-",
                str(store.created_by or "-"),
                failed or str(len(mine)),
                "unknown" if failed else "none" if newest is None else age_of(newest, view.now),
                store.place or "-",
            )
        )
        made_by = str(store.created_by) if store.created_by else None
        number = word(failed) if failed else len(mine)
        started = None if failed else when(newest, view.zone)
        cells.append((store.name, store.default, store.type or None, made_by, number, started, store.place or None))
        objects.append(
            {
                "name": store.name,
                "default": store.default,
                "type": store.type,
                "made_by": made_by,
                "restore_points": None if failed else len(mine),
                "newest_usable": moment(newest, view.zone),
                "place": store.place,
                "trouble": failed,
            }
        )
    return Sheet("stores", columns, texts, objects, cells=cells)


def planned(schedules: Sequence[Schedule]) -> list[Schedule]:
    """Of all that a site does regularly, what makes backups, and the cleaner."""
    return [each for each in schedules if each.makes_backups or each.cleans]


def of_schedules(schedules: Sequence[Schedule], plans: Sequence[Plan], view: View) -> Sheet:
    """Schedules, and the cleaner that retention relies on, a row each."""
    columns = (
        "TITLE", "TASK", "STATE", "CRON (QUARTZ, UTC)", "NEXT RUN", "MISSED", "FAILED", "STORE", "PREFIX", "KEEPS",
        "LAST START",
    )  # fmt: skip
    planned = {plan.schedule.id: plan for plan in plans if plan.schedule is not None}
    orphans = [each for each in plans if each.orphaned]
    texts = [
        (
            each.title or each.id,
            each.task_type,
            _standing(each, planned.get(each.id), view),
            each.cron or "-",
            *_runs(planned.get(each.id), view),
            each.store or "-",
            each.prefix or "-",
            "-" if each.retention_offset is None else f"about {remaining(each.retention_offset)}",
            stamp(each.last_start, view.zone),
        )
        for each in schedules
    ]
    texts += [
        (
            each.title,
            "-",
            f"{GONE}{_streak(each)}",
            "-",
            *_runs(each, view),
            each.store,
            each.prefix,
            "-",
            "-",
        )
        for each in orphans
    ]
    objects: list[Row] = [
        {
            "id": each.id,
            "title": each.title,
            "task": each.task_type,
            "state": each.state,
            "active": each.active,
            "cron": each.cron,
            "store": each.store,
            "prefix": each.prefix,
            "retention_offset_ms": each.retention_offset,
            "last_start": moment(each.last_start, view.zone),
            "plan": plan(planned[each.id], view) if each.id in planned else None,
        }
        for each in schedules
    ]
    objects += [
        {"id": None, "title": each.title, "task": None, "state": GONE, "store": each.store, "prefix": each.prefix}
        | {"active": False, "cron": None, "retention_offset_ms": None, "last_start": None, "plan": plan(each, view)}
        for each in orphans
    ]
    cells = [
        (
            each.title or each.id,
            each.task_type or None,
            _standing_value(each, planned.get(each.id)),
            each.cron or None,
            *_run_values(planned.get(each.id), view),
            each.store or None,
            each.prefix or None,
            seconds(each.retention_offset),
            when(each.last_start, view.zone),
        )
        for each in schedules
    ]
    cells += [
        (each.title, None, word(GONE), None, *_run_values(each, view), each.store, each.prefix, None, None)
        for each in orphans
    ]
    return Sheet("schedules", columns, texts, objects, cells=cells)


def _standing_value(schedule: Schedule, plan: Plan | None) -> str | None:
    """Return whether a schedule will run, in a word; for what is no schedule of backups the server's own."""
    return word(plan.standing.value) if plan is not None else schedule.state.lower() or None


def _run_values(found: Plan | None, view: View) -> tuple[Cell, Cell, Cell]:
    """Return the next run, how many were missed, and how many failed; `unknown` where that cannot be told."""
    if found is None:
        return None, None, None
    unknown = "unknown" if found.trouble else 0
    return when(found.next, view.zone), len(found.missed) or unknown, len(found.failed) or unknown


def _standing(schedule: Schedule, plan: Plan | None, view: View) -> str:
    """Return the state of a schedule, whether it has begun and not ended, and what its latest runs came to."""
    word = state(schedule)
    if plan is None:
        return word
    if plan.standing is Standing.ENDED:
        word = "ended" if plan.ended is None else f"ended {clock(plan.ended, view.zone)}"
    elif plan.standing is Standing.NOT_BEGUN:
        word = f"{word} (begins {clock(schedule.starts, view.zone)})"
    elif plan.doubt:
        word = f"{word} (end unknown)"
    return f"{word}{_streak(plan)}"


def _streak(plan: Plan) -> str:
    """Return what became of the latest runs of a schedule if they left no usable backup: ` (last 3 failed)`."""
    outcomes = sorted({run.outcome.value for run in plan.streak})
    number = f" {len(plan.streak):,}" if len(plan.streak) > 1 else ""
    return f" (last{number} {' or '.join(outcomes)})" if outcomes else ""


def _runs(found: Plan | None, view: View) -> tuple[str, str, str]:
    """The next run, how many were missed, and how many failed."""
    if found is None:
        return "-", "-", "-"
    missed, failed = len(found.missed), len(found.failed)
    return (
        stamp(found.next, view.zone),
        str(missed) if missed or not found.trouble else found.trouble,
        str(failed) if failed or not found.trouble else "unknown",
    )


def plan(found: Plan, view: View) -> Row:
    """A schedule's runs for machines."""
    return {
        "name": found.prefix,
        "store": found.store,
        "known_by": "task" if found.schedule is not None else "names",
        "learned": found.learned or None,
        "standing": found.standing.value,
        "next": moment(found.next, view.zone),
        "tolerance_ms": found.tolerance,
        "runs": len(found.runs),
        "ended": moment(found.ended, view.zone),
        "end_unknown": found.doubt or None,
        "overdue": found.overdue,
        "failing": found.failing,
        "in_a_row": len(found.streak),
        "missed": [moment(run.at, view.zone) for run in found.missed],
        "failed": [failed_run(run, view) for run in found.failed],
        "trouble": found.trouble,
    }


def failed_run(run: Run, view: View) -> Row:
    """Return a run that failed, for machines: when it was due, its backup, and why."""
    backup = None if run.backup is None else run.backup.name
    return {"due": moment(run.at, view.zone), "backup": backup, "reason": run.reason}


def state(schedule: Schedule) -> str:
    """Whether it will run, with a word where its two states disagree (RULES R54)."""
    word = schedule.state or {True: "active", False: "paused"}.get(bool(schedule.active), "-")
    if schedule.active is None or not schedule.state:
        return word
    if (schedule.state.lower() == "active") != schedule.active:
        return f"{word}, but active is {str(schedule.active).lower()}"
    return word


def of_status(status: DrStatus, found: Progress | None, view: View) -> Sheet:
    """The last operation, a row each fact."""
    facts: list[tuple[str, ...]] = [
        ("operation", status.operation or "-"),
        ("state", status.state or "-"),
        ("backup", status.backup or "-"),
        ("store", status.store or "-"),
        ("started", stamp(status.start, view.zone)),
        ("completed", stamp(status.complete, view.zone)),
        ("message", "; ".join(filter(None, (status.message, *status.messages))) or "-"),
    ]
    facts += [(stage.name, " ".join(filter(None, (stage.state, stage.duration)))) for stage in status.stages]
    if found is not None:
        facts.insert(0, ("in short", found.text))
        facts += [(f"the {each.source} says", each.said) for each in found.witnesses]
        facts.append(("they agree", "yes" if found.agree else "no"))
    row: Row = {
        "operation": status.operation,
        "state": status.state,
        "code": status.code,
        "backup": status.backup,
        "store": status.store,
        "started": moment(status.start, view.zone),
        "completed": moment(status.complete, view.zone),
        "message": status.message,
        "messages": list(status.messages),
        "stages": [{"name": s.name, "state": s.state, "duration": s.duration} for s in status.stages],
    }
    row["progress"] = (
        None
        if found is None
        else {
            "finished": found.finished,
            "outcome": found.outcome.value,
            "agree": found.agree,
            "stage": found.stage,
            "elapsed_ms": found.elapsed,
            "heard": moment(found.heard, view.zone),
            "text": found.text,
            "witnesses": [{"source": w.source, "state": w.state.value, "said": w.said} for w in found.witnesses],
        }
    )
    return Sheet("status", ("WHAT", "VALUE"), facts, [row], cells=_status_values(status, found, view))


def _status_values(status: DrStatus, found: Progress | None, view: View) -> Iterator[tuple[Cell, Cell]]:
    """Return the last operation, a row each fact; stages as the server says them."""
    if found is not None:
        yield "finished", found.finished
        yield "outcome", word(found.outcome.value)
        yield "elapsed", seconds(found.elapsed)
    yield "operation", status.operation or None
    yield "state", status.state or None
    yield "backup", status.backup or None
    yield "store", status.store or None
    yield "started", when(status.start, view.zone)
    yield "completed", when(status.complete, view.zone)
    yield "message", "; ".join(filter(None, (status.message, *status.messages))) or None
    for stage in status.stages:
        yield stage.name, " ".join(filter(None, (stage.state, stage.duration))) or None
    if found is not None:
        for each in found.witnesses:
            yield f"the_{word(each.source)}_says", word(each.state.value)
        yield "they_agree", found.agree
